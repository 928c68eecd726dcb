use crate::connector::{DurationText, Target, TlsFile};

crate::connector_kinds! {
    /// A target as written: exactly one kind, and what every target takes.
    TargetFile builds Box<dyn Target> {
        common {
            /// Principals never changed or removed: `user:svc-*`, `group:Finance`.
            protect: Vec<String>,
            /// The sync that the daemon runs where a client of ThoughtSpot calls `user/sync` in front of this target. It
            /// writes to this target and reads one source that is pushed.
            gateway: Option<String>,
            /// Certificates besides the system's own.
            tls: Option<TlsFile>,
            /// The address of an HTTP proxy.
            proxy: Option<String>,
            /// How long one request may take.
            timeout: Option<DurationText>,
            /// Requests a second at the most.
            rate: Option<u32>,
            /// Requests under way at once.
            concurrency: Option<usize>,
            /// How long one request waits in all where the product asks for patience (429 or 503 with `Retry-After`).
            /// Default: `10m`. Then it has failed, and the next run goes on.
            patience: Option<DurationText>,
        }
        /// ThoughtSpot.
        thoughtspot => super::thoughtspot::ThoughtspotConfig;
        /// InterWorks Curator.
        curator => super::curator::CuratorConfig;
        /// B2CORE Back Office, API v2.
        b2core => super::b2core::B2coreConfig;
        /// Alteryx Server, API V3.
        alteryx => super::alteryx::AlteryxConfig;
        /// Any SCIM 2.0 service.
        scim => super::scim::ScimConfig;
        /// A JSON file of principals.
        file => super::file::FileConfig;
    }
}
