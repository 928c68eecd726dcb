use std::time::Duration;

use chrono_tz::{TZ_VARIANTS, Tz};

use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::cron::{CronText, EXAMPLE};
use crate::config::fault::choice;
use crate::config::nearest::nearby;
use crate::config::path::Path;
use crate::config::schedule::{Schedule, ScheduleFile};
use crate::principal::shown;

/// How many names are offered for an unknown one.
const OFFERED: usize = 3;

/// A schedule from what is written at `path`; none where something is wrong with it.
pub(super) fn of(file: Option<ScheduleFile>, path: &Path, at: &mut Resolving<'_>) -> Option<Schedule> {
    let ScheduleFile { cron, timezone, jitter, missed } = file?;
    let cron = cron_of(cron, path, at);
    let zone = timezone.map_or(Some(Tz::UTC), |name| zone_of(&name, path.key("timezone"), at));
    // The timer knows whole seconds.
    let jitter = jitter.map_or(Duration::ZERO, |jitter| Duration::from_secs(jitter.0.as_secs()));
    Some(Schedule { cron: cron?, zone: zone?, jitter, missed: missed.unwrap_or_default() })
}

fn cron_of(text: Option<String>, path: &Path, at: &mut Resolving<'_>) -> Option<CronText> {
    let Some(text) = text else {
        at.missing(path, "cron", EXAMPLE);
        return None;
    };
    CronText::parse(&text)
        .map_err(|fault| {
            let complaint = Complaint::at_value(path.key("cron"), fault.message).inside(fault.at);
            at.complaints.add(complaint.hinting(fault.hint));
        })
        .ok()
}

fn zone_of(name: &str, path: Path, at: &mut Resolving<'_>) -> Option<Tz> {
    if let Ok(zone) = name.parse() {
        return Some(zone);
    }
    let hint = match &meant(name)[..] {
        [] => "write a name of the IANA list, such as `Europe/Berlin`, or `UTC`".to_owned(),
        names => format!("did you mean {}?", choice(names)),
    };
    let complaint = Complaint::at_value(path, format!("there is no time zone `{}`", shown(name, 40)));
    at.complaints.add(complaint.hinting(hint));
    None
}

/// The zones that `name` may be meant for: of a city that is called so, else of about this name.
fn meant(name: &str) -> Vec<&'static str> {
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let city = |zone: &&'static str| {
        let city = zone.rsplit('/').next().unwrap_or_default();
        city.eq_ignore_ascii_case(&name.trim().replace(' ', "_"))
    };
    let cities: Vec<_> = names().filter(city).take(OFFERED).collect();
    if cities.is_empty() { nearby(name, names(), OFFERED) } else { cities }
}
