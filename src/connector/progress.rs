/// Where long work says how far it is.
pub trait Progress: Send + Sync {
    /// A new step, such as `reading people.csv`; `total` where it is known.
    fn step(&self, what: &str, total: Option<u64>);

    /// So much of the step is done.
    fn at(&self, done: u64);

    /// The step is over.
    fn done(&self);

    /// Progress of something that goes on at the same time.
    fn beside(&self) -> Box<dyn Progress + '_>;
}

/// Says nothing: for pipes and tests.
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _what: &str, _total: Option<u64>) {}

    fn at(&self, _done: u64) {}

    fn done(&self) {}

    fn beside(&self) -> Box<dyn Progress + '_> {
        Box::new(Self)
    }
}
