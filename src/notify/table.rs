use super::{EventKind, Sink};
use crate::connector::{DurationText, TlsFile};

crate::connector_kinds! {
    /// An entry of `notify` as written: exactly one kind, and of what it is told.
    SinkFile builds Sink {
        common {
            /// Of what it is told. Default: everything.
            events: Option<Vec<EventKind>>,
            /// Of which syncs, such as `corp-*`. Default: all.
            syncs: Option<Vec<String>>,
            /// Certificates besides the system's own.
            tls: Option<TlsFile>,
            /// The address of an HTTP proxy; mail goes through none.
            proxy: Option<String>,
            /// How long one request (default 10s), or one step of sending mail (default 30s), may take.
            timeout: Option<DurationText>,
        }
        /// Events as JSON, signed as Standard Webhooks says.
        webhook => super::webhook::WebhookConfig;
        /// A message in a chat: Slack, Mattermost, Teams and their like.
        chat => super::chat::ChatConfig;
        /// Mail by SMTP.
        mail => super::mail::MailConfig;
    }
}
