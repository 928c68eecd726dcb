use std::collections::BTreeSet;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

/// Where a secret is kept.
#[derive(Clone)]
pub enum SecretPlace {
    /// An environment variable.
    Env(String),
    /// A file; its last line break does not count.
    File(PathBuf),
    /// A program and its arguments; its standard output is the secret.
    Command(Vec<String>),
    /// Written in the configuration itself.
    Inline(SecretString),
}

/// A secret that is read when it is needed and cannot be printed.
#[derive(Clone)]
pub struct Secret {
    place: SecretPlace,
}

/// Why a secret could not be read. Never holds the secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct SecretError {
    why: String,
}

impl SecretError {
    /// `why` must not hold the secret.
    #[must_use]
    pub fn new(why: String) -> Self {
        Self { why }
    }
}

impl Secret {
    #[must_use]
    pub fn new(place: SecretPlace) -> Self {
        Self { place }
    }

    #[must_use]
    pub fn inline(text: String) -> Self {
        Self::new(SecretPlace::Inline(text.into()))
    }

    /// Whether both are kept in one place; of two that are written in the configuration, whether they are the same.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        match (&self.place, &other.place) {
            (SecretPlace::Env(one), SecretPlace::Env(other)) => one == other,
            (SecretPlace::File(one), SecretPlace::File(other)) => one == other,
            (SecretPlace::Command(one), SecretPlace::Command(other)) => one == other,
            (SecretPlace::Inline(one), SecretPlace::Inline(other)) => one.expose_secret() == other.expose_secret(),
            _ => false,
        }
    }

    #[must_use]
    pub fn place(&self) -> &SecretPlace {
        &self.place
    }

    /// Reads the secret from where it is kept.
    ///
    /// # Errors
    /// When it is not there, is empty, or the command fails.
    pub fn read(&self) -> Result<SecretString, SecretError> {
        let text = match &self.place {
            SecretPlace::Inline(text) => return Ok(text.clone()),
            SecretPlace::Env(name) => {
                environment(name).ok_or_else(|| fail(format!("environment variable {name} is not set")))?
            }
            SecretPlace::File(path) => read_file(path)?,
            SecretPlace::Command(words) => run(words)?,
        };
        let text = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
        if text.is_empty() {
            return Err(fail(format!("{} is empty", self.describe())));
        }
        Ok(text.to_owned().into())
    }

    /// Where it is kept, in words; never the secret.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.place {
            SecretPlace::Env(name) => format!("environment variable {name}"),
            SecretPlace::File(path) => format!("file {}", path.display()),
            SecretPlace::Command(words) => format!("the output of `{}`", words.first().map_or("", String::as_str)),
            SecretPlace::Inline(_) => "the value in the configuration".into(),
        }
    }

    /// The file of a secret: `path` itself, else beside the configuration, else in `$CREDENTIALS_DIRECTORY`
    /// (systemd's `LoadCredential=`).
    #[must_use]
    pub fn locate(path: &Path, beside: &Path) -> PathBuf {
        if path.is_absolute() {
            return path.to_owned();
        }
        let near = beside.join(path);
        if near.exists() {
            return near;
        }
        match environment("CREDENTIALS_DIRECTORY").map(|folder| Path::new(&folder).join(path)) {
            Some(credential) if credential.exists() => credential,
            _ => near,
        }
    }
}

/// How long a file or a command may take.
const LONGEST: Duration = Duration::from_secs(20);

/// The value of an environment variable. The only place that reads the environment.
#[must_use]
pub fn environment_text(name: &str) -> Option<String> {
    environment(name)
}

#[expect(clippy::disallowed_methods, reason = "this file is the one place that reads the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn read_file(path: &Path) -> Result<String, SecretError> {
    let (told, of) = (path.display(), path.to_owned());
    // A pipe may be meant, and one that nobody writes to is waited for without end.
    let read = within(told.to_string(), LONGEST, move || std::fs::read_to_string(of));
    let read =
        read.ok_or_else(|| fail(format!("cannot read {told}: it is no file, and nothing came out of it in 20 s")))?;
    read.map_err(|error| fail(format!("cannot read {told}: {error}")))
}

/// What is still waited for, by name: whoever asks again meanwhile is not waited for as well.
static STUCK: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn stuck() -> MutexGuard<'static, BTreeSet<String>> {
    STUCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What `work` gives, if it does in time. Else it is left to itself, and asked for again once it has ended.
fn within<T: Send + 'static>(name: String, longest: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    if stuck().contains(&name) {
        return None;
    }
    let (sender, receiver) = mpsc::channel();
    let of = name.clone();
    // A machine that has no thread left gives none of its secrets.
    let working = std::thread::Builder::new().spawn(move || {
        // Nobody may listen any more.
        let _ = sender.send(work());
        stuck().remove(&of);
    });
    working.ok()?;
    if let Ok(done) = receiver.recv_timeout(longest) {
        return Some(done);
    }
    let mut stuck = stuck();
    // It may have ended just now, and then takes nothing out any more.
    receiver.try_recv().ok().or_else(|| {
        stuck.insert(name);
        None
    })
}

fn run(words: &[String]) -> Result<String, SecretError> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(fail("the command is empty".into()));
    };
    let cannot = |error: std::io::Error| fail(format!("cannot run `{program}`: {error}"));
    let too_long = || fail(format!("`{program}` was ended: it took longer than 20 s"));
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(cannot)?;
    let mut pipe = child.stdout.take();
    // Its end is that of what it prints, unless what it left behind holds that open.
    let printed = within(format!("`{}`", words.join(" ")), LONGEST, move || {
        let mut text = Vec::new();
        pipe.as_mut().map_or(Ok(0), |pipe| pipe.read_to_end(&mut text)).map(|_| text)
    });
    let status = match &printed {
        Some(_) => ended(&mut child, LONGEST).map_err(cannot)?,
        None => None,
    };
    let (Some(printed), Some(status)) = (printed, status) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(too_long());
    };
    if !status.success() {
        return Err(fail(format!("`{program}` ended with {status}")));
    }
    String::from_utf8(printed.map_err(cannot)?).map_err(|_| fail(format!("`{program}` did not print text")))
}

/// How `child` ended, if it did in time.
fn ended(child: &mut Child, longest: Duration) -> std::io::Result<Option<ExitStatus>> {
    let step = Duration::from_millis(10);
    for _ in 0..longest.as_millis() / step.as_millis() {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(step);
    }
    child.try_wait()
}

fn fail(why: String) -> SecretError {
    SecretError::new(why)
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Secret({})", self.describe())
    }
}

impl fmt::Debug for SecretPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretPlace(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_answer_is_waited_for_once() {
        let (begin, begun) = mpsc::channel::<()>();
        let (name, short) = ("a pipe that nobody writes to", Duration::from_millis(50));
        let wait = move || begun.recv().is_ok();
        assert_eq!(within(name.into(), short, wait), None);
        assert_eq!(within(name.into(), LONGEST, || true), None, "at once, and by no other thread");
        assert_eq!(within("another".into(), LONGEST, || true), Some(true));
        begin.send(()).unwrap();
        let again = || within(name.into(), LONGEST, || true).is_some();
        assert!(
            (0..500).any(|_| again() || {
                std::thread::sleep(Duration::from_millis(10));
                false
            }),
            "once it has ended"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_closes_what_it_prints_and_stays_is_ended() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        assert_eq!(ended(&mut child, Duration::from_millis(50)).unwrap(), None);
        child.kill().unwrap();
        assert!(ended(&mut child, LONGEST).unwrap().is_some());
    }
}
