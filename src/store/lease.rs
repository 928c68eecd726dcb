use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::Instrument;

use super::StoreError;
use super::database::{Database, Work};
use super::value::{Value, values};

/// How long a lease holds that nobody renews: so long a target waits after its holder was killed. As the statements say.
const TERM: Duration = Duration::from_secs(30);
/// How often it is renewed, and how soon again where that failed.
const RENEWAL: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_secs(1);
/// A write that begins with less left may end in the time of another.
const SPARE: Duration = Duration::from_secs(5);

/// Only the clock of the database decides. A new holder is a new epoch.
const TAKE: &str = "INSERT INTO lease (name, holder, epoch, expires) \
                    VALUES ($1, $2, 1, clock_timestamp() + interval '30 seconds') \
                    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = lease.epoch + 1, \
                    expires = excluded.expires WHERE lease.expires <= clock_timestamp() RETURNING epoch";

/// Late is not too late where nobody else has had it since.
const RENEW: &str = "UPDATE lease SET expires = clock_timestamp() + interval '30 seconds' \
                     WHERE name = $1 AND holder = $2 AND epoch = $3";

const RELEASE: &str = "UPDATE lease SET expires = clock_timestamp() WHERE name = $1 AND holder = $2 AND epoch = $3";

/// Whoever wants to take it over waits until what stands beside this in a transaction has ended.
const GUARD: &str = "SELECT epoch FROM lease WHERE name = $1 AND holder = $2 AND epoch = $3 FOR SHARE";

/// The right to apply to a target, kept in PostgreSQL and renewed as long as this lives.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) standing: Arc<Standing>,
    /// Ends the renewals when it is dropped.
    _end: oneshot::Sender<()>,
}

/// How a lease stands.
#[derive(Debug)]
pub(super) struct Standing {
    /// The place of the target.
    pub(super) name: String,
    holder: String,
    epoch: i64,
    until: Mutex<Instant>,
    lost: AtomicBool,
}

impl Lease {
    /// Takes the lease of `name`; nothing where another has it. The task gives it back when the lease is dropped.
    pub(super) async fn take(database: &Database, name: &str) -> Result<Option<(Self, JoinHandle<()>)>, StoreError> {
        let holder = uuid::Uuid::now_v7().to_string();
        let asked = Instant::now();
        let row: Option<(i64,)> = database.one(TAKE, values![name, holder.as_str()]).await?;
        let Some((epoch,)) = row else { return Ok(None) };
        let standing = Arc::new(Standing {
            name: name.to_owned(),
            holder,
            epoch,
            until: Mutex::new(asked + TERM),
            lost: AtomicBool::new(false),
        });
        let (end, ended) = oneshot::channel();
        let renewing = renew(database.clone(), Arc::clone(&standing), ended);
        let task = tokio::spawn(renewing.in_current_span());
        Ok(Some((Self { standing, _end: end }, task)))
    }
}

impl Standing {
    /// Whether there is time to begin a write. Asks the clock of this machine alone, which a machine that slept may get
    /// wrong; [`Standing::guard`] does not.
    pub(super) fn is_held(&self) -> bool {
        let until = self.until.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        !self.lost.load(Ordering::Relaxed) && Instant::now() + SPARE < *until
    }

    /// Whether nobody else has had it since, until `work` ends.
    pub(super) async fn guard(&self, work: &mut Work) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = work.one(GUARD, self.values()).await?;
        Ok(row.is_some())
    }

    fn values(&self) -> [Value; 3] {
        values![self.name.as_str(), self.holder.as_str(), self.epoch]
    }
}

/// Renews a lease until its end is told, and gives it back then.
async fn renew(database: Database, standing: Arc<Standing>, mut ended: oneshot::Receiver<()>) {
    let mut pause = RENEWAL;
    loop {
        tokio::select! {
            _ = &mut ended => break,
            () = tokio::time::sleep(pause) => {}
        }
        let asked = Instant::now();
        pause = match database.run(RENEW, standing.values()).await {
            Ok(0) => {
                standing.lost.store(true, Ordering::Relaxed);
                return;
            }
            Ok(_) => {
                *standing.until.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = asked + TERM;
                RENEWAL
            }
            Err(error) => {
                tracing::warn!(%error, "the lease of a target was not renewed; trying again");
                AGAIN
            }
        };
    }
    if let Err(error) = database.run(RELEASE, standing.values()).await {
        tracing::warn!(%error, "the lease of a target was not given back; it ends by itself");
    }
}
