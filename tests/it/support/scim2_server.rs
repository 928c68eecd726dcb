use std::net::TcpListener;
use std::ops::Deref;

use serde_json::{Value, json};

use super::peers::peers;
use super::scim_account::ScimAccount;
use super::scim_process::ScimProcess;

const TOKEN: &str = "scim2-secret";

/// What a [`Scim2Server`] can do, and says that it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// What the program does by itself: patch, filter, sort, bulk, `ETag`s; all in one page of at most 1,000.
    Full,
    /// Pages by cursor where nothing else is asked for: 10 a page, 20 at most. No bulk.
    Cursor,
    /// Neither patch, filter, sort, bulk nor `ETag`s; pages of at most 5.
    Minimal,
}

impl Profile {
    /// The `ServiceProviderConfig` to serve by (RFC 7643, section 5; pages by cursor: RFC 9865).
    fn configuration(self) -> Option<Value> {
        let rest = |supported: bool, max_results: usize| {
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
                "patch": { "supported": supported }, "sort": { "supported": supported },
                "etag": { "supported": supported }, "changePassword": { "supported": false },
                "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
                "filter": { "supported": supported, "maxResults": max_results },
            })
        };
        match self {
            Self::Full => None,
            Self::Minimal => Some(rest(false, 5)),
            Self::Cursor => {
                let mut configuration = rest(true, 1000);
                configuration["pagination"] = json!({
                    "cursor": true, "index": true, "defaultPaginationMethod": "cursor", "defaultPageSize": 10,
                    "maxPageSize": 20, "cursorTimeout": 3600,
                });
                Some(configuration)
            }
        }
    }
}

/// A real SCIM service, the Python program `scim2-server`, on a port of its own. It closes every connection after an
/// answer, compares user names without case, and lets two groups have one name.
pub(crate) struct Scim2Server {
    process: ScimProcess,
    account: ScimAccount,
}

impl Scim2Server {
    /// An empty one; none where the machine is told to go without.
    #[track_caller]
    pub(crate) fn start(profile: Profile) -> Option<Self> {
        Self::start_at(free_port(), profile)
    }

    /// The same, which tries this port before others.
    #[track_caller]
    pub(crate) fn start_at(mut port: u16, profile: Profile) -> Option<Self> {
        let program = peers()?.join("python/bin/scim2-server");
        let mut process = ScimProcess::new();
        let configuration = process.path("configuration.json");
        loop {
            let mut command = process.command(program.clone());
            command.args(["--bearer-token", TOKEN, "--port", &port.to_string(), "--dump-resources"]);
            command.arg(process.dump());
            if let Some(value) = profile.configuration() {
                std::fs::write(&configuration, value.to_string()).unwrap();
                command.arg("--service-provider-config").arg(&configuration);
            }
            if let Some(url) = process.begin(command) {
                return Some(Self { account: ScimAccount::new(&url, TOKEN), process });
            }
            // It takes a second to come to its port, and another may have come first.
            let log = process.log();
            assert!(log.contains("Address already in use"), "scim2-server ended: {log}");
            port = free_port();
        }
    }

    /// Ends it; the users and groups that it had, with the passwords that it never tells over the wire.
    #[track_caller]
    pub(crate) fn end(mut self) -> Vec<Value> {
        self.process.end()
    }
}

impl Deref for Scim2Server {
    type Target = ScimAccount;

    fn deref(&self) -> &ScimAccount {
        &self.account
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
