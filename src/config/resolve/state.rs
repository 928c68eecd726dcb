use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::path::Path;
use crate::config::settings::StatePlace;

/// Where the state is kept. A relative path is in systemd's `$STATE_DIRECTORY`, else beside the configuration.
pub(super) fn place(text: Option<&str>, at: &mut Resolving<'_>) -> StatePlace {
    let text = text.unwrap_or("sqlite:rollcall.db");
    let path = Path::of(&["state"]);
    let file = text.strip_prefix("sqlite:").map(|file| file.strip_prefix("//").unwrap_or(file));
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        let complaint = Complaint::at_value(path, "").unbuilt("`postgres://`");
        at.complaints.add(complaint.hinting("write `sqlite:rollcall.db` for now"));
    } else if file.is_none_or(str::is_empty) {
        let complaint = Complaint::at_value(path, "expected `sqlite:PATH`");
        at.complaints.add(complaint.hinting("such as `sqlite:rollcall.db`"));
    }
    let directory = (at.environment)("STATE_DIRECTORY").filter(|directory| !directory.is_empty());
    let directory = directory.as_deref().and_then(|list| list.split(':').next());
    let folder = directory.map_or(at.folder, std::path::Path::new);
    StatePlace::Sqlite(folder.join(file.unwrap_or_default()))
}
