use secrecy::ExposeSecret;

use super::secrets;
use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::path::Path;
use crate::config::settings::StatePlace;
use crate::config::state::{EXPECTED, StateFile, is_postgres, login, postgres_problem};
use crate::connector::{Secret, SecretFile};

/// Where the state is kept. A relative path is in systemd's `$STATE_DIRECTORY`, else beside the configuration.
pub(super) fn place(file: Option<StateFile>, at: &mut Resolving<'_>) -> StatePlace {
    let path = Path::of(&["state"]);
    let text = match file {
        None => "sqlite:rollcall.db".to_owned(),
        Some(StateFile(SecretFile::Plain(text))) => text.expose_secret().to_owned(),
        Some(StateFile(secret)) => {
            let place = StatePlace::Postgres(secret.secret(at.folder));
            secrets::check_one(path, &secret, at);
            return place;
        }
    };
    if is_postgres(&text) {
        let written = |login: &str| at.origins.files.iter().any(|file| file.text.contains(login));
        if let Some(problem) = postgres_problem(&text) {
            let hint = "such as `postgres://rollcall@db.example.org/rollcall?sslmode=verify-full`";
            at.complaints.add(Complaint::at_value(path, problem).hinting(hint));
        } else if login(&text).is_some_and(written) {
            let warning = "the password stands in the configuration: whoever reads the file has it";
            let warning = Complaint::at_value(path, warning);
            at.complaints
                .warn(warning.hinting("write `{ env: NAME }` or `{ file: PATH }`, which holds the whole address"));
        }
        return StatePlace::Postgres(Secret::inline(text));
    }
    let file = text.strip_prefix("sqlite:").map(|file| file.strip_prefix("//").unwrap_or(file));
    if file.is_none_or(str::is_empty) {
        at.complaints.add(Complaint::at_value(path, EXPECTED).hinting("such as `sqlite:rollcall.db`"));
    }
    let directory = (at.environment)("STATE_DIRECTORY").filter(|directory| !directory.is_empty());
    let directory = directory.as_deref().and_then(|list| list.split(':').next());
    let folder = directory.map_or(at.folder, std::path::Path::new);
    StatePlace::Sqlite(folder.join(file.unwrap_or_default()))
}
