//! Carries out an approved plan: reads the target once more, sets aside what has moved, lets the target do the rest.
//!
//! May import `principal`, `plan`, `guard`, `connector` and `http`. Read [`execute`](execute()) first.
//!
//! Promises: nothing but an [`ApprovedPlan`](crate::guard::ApprovedPlan) is carried out; a change whose precondition no
//! longer holds is named and left; each change has one outcome.

mod execute;
mod password;
#[cfg(test)]
mod tests;

pub use execute::{Executed, execute};
pub use password::{PasswordRule, generate};
