use std::ops::Deref;

use serde_json::Value;

use super::peers::{peers, script};
use super::scim_account::ScimAccount;
use super::scim_process::ScimProcess;

const TOKEN: &str = "scimmy-secret";

/// A real SCIM service on a port of its own: the Node packages `scimmy` and `scimmy-routers` with the storage of
/// `tests/peers/scimmy.cjs`. It keeps connections open, gives pages of 20, and its filter compares user names with case.
pub(crate) struct Scimmy {
    process: ScimProcess,
    account: ScimAccount,
}

impl Scimmy {
    /// An empty one; none where the machine is told to go without.
    #[track_caller]
    pub(crate) fn start() -> Option<Self> {
        let modules = peers()?.join("node/node_modules");
        let mut process = ScimProcess::new();
        let mut command = process.command("node".into());
        command.env("NODE_PATH", modules).arg(script("scimmy.cjs")).arg(TOKEN).arg(process.dump());
        let url = process.begin(command).unwrap_or_else(|| panic!("scimmy ended: {}", process.log()));
        Some(Self { account: ScimAccount::new(&url, TOKEN), process })
    }

    /// Ends it; the users and groups that it had, with the passwords that it never tells over the wire.
    #[track_caller]
    pub(crate) fn end(mut self) -> Vec<Value> {
        self.process.end()
    }
}

impl Deref for Scimmy {
    type Target = ScimAccount;

    fn deref(&self) -> &ScimAccount {
        &self.account
    }
}
