use rollcall::audit::{
    Actor, Bundle, Checkpoint, Context, Entry, Event, Exporter, Personal, SigningKey, checkpoint_file,
};

use super::App;

/// The name of the log, and of its keys.
pub(crate) const LOG: &str = "recon.example.com/audit/prod";

/// An export of an audit trail, as `audit export` writes it, in the folder of an app: `trail.jsonl` and what belongs to
/// it.
pub(crate) struct Trail<'a> {
    app: &'a App,
    pub(crate) lines: Vec<String>,
}

impl<'a> Trail<'a> {
    /// One of so many records, with a checkpoint over the first half and one over all.
    pub(crate) fn export(app: &'a App, records: u64) -> Self {
        let lines: Vec<_> = (0..records).map(line).collect();
        let trail = Self { app, lines };
        trail.write();
        let half = trail.lines.len() / 2;
        let notes = [trail.note(half, &key()), trail.note(trail.lines.len(), &key())];
        app.write("trail.jsonl.checkpoint", checkpoint_file(notes.iter().map(String::as_str)));
        app.write("trail.jsonl.vkey", format!("# the key of {LOG}\n{}\n", key().public()));
        trail
    }

    /// Writes the records and their hashes.
    pub(crate) fn write(&self) {
        let (mut lines, mut leaves) = (Vec::new(), Vec::new());
        let mut exporter = Exporter::new(&mut lines, &mut leaves);
        for line in &self.lines {
            exporter.record(line).unwrap();
        }
        exporter.finish().unwrap();
        self.app.write("trail.jsonl", lines);
        let leaves_file = Bundle::of(&self.app.path("trail.jsonl")).leaves();
        std::fs::write(leaves_file, leaves).unwrap();
    }

    /// A checkpoint of the first records.
    pub(crate) fn note(&self, records: usize, key: &SigningKey) -> String {
        let mut exporter = Exporter::new(Vec::new(), Vec::new());
        for line in &self.lines[..records] {
            exporter.record(line).unwrap();
        }
        Checkpoint::of(LOG, &exporter.finish().unwrap()).sign(&[key])
    }
}

/// The key that signs them.
pub(crate) fn key() -> SigningKey {
    SigningKey::new(LOG, &[42; 32]).unwrap()
}

fn line(seq: u64) -> String {
    let run = format!("0190-{}", seq / 10);
    let context = Context {
        run: Some(&run),
        sync: Some("corp-to-bi"),
        target: Some("bi"),
        actor: Some(Actor { via: "schedule", who: "rollcall", host: "h1" }),
        ..Context::default()
    };
    let event = match seq % 10 {
        0 => Event::RunStarted { command: "apply", version: "0.1.0" },
        9 => Event::RunFinished { exit_code: 0, summary: None, failure: None },
        // Text that is told in more than one byte, escaped, and beyond what UTF-16 has in one unit.
        other => Event::Override { guard: "removals", reason: &format!("n° {other} \"größer\"\t😀") },
    };
    let time = chrono::DateTime::from_timestamp(1_780_000_000 + i64::try_from(seq).unwrap(), 0).unwrap();
    Entry { time, context, event }.to_line(seq, &Personal::Keep).unwrap()
}
