use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};

use super::mail::date;
use super::{Event, Notice};

/// A letter that no machine answers (RFC 3834, section 5).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

/// The notice as a letter of plain text. Its id is that of the event: a letter that comes twice is one and the same.
///
/// # Errors
/// A sentence: why there can be none.
pub(super) fn letter(event: &Event, notice: &Notice, from: &Mailbox, to: &[Mailbox]) -> Result<Vec<u8>, String> {
    let id = format!("<{}@{}>", event.id(), from.email.domain());
    let builder = Message::builder()
        .from(from.clone())
        .subject(notice.title.clone())
        .date(date(event.run.ended))
        .message_id(Some(id))
        .header(AutoSubmitted)
        .header(ContentType::TEXT_PLAIN);
    let builder = to.iter().fold(builder, |builder, to| builder.to(to.clone()));
    let letter = builder.body(notice.text()).map_err(|error| error.to_string())?;
    Ok(letter.formatted())
}
