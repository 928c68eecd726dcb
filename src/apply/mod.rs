//! Carries out an approved plan: reads the target once more, sets aside what has moved, and does the rest: at once, or
//! step by step where the product takes it so ([`stepwise`]).
//!
//! May import `principal`, `plan`, `guard`, `connector` and `http`. Read [`execute`](execute()) first.
//!
//! Promises: nothing but an [`ApprovedPlan`](crate::guard::ApprovedPlan) is carried out; a change whose precondition no
//! longer holds is named and left; each change has one outcome; a step that may have been done is never sent again.

mod budget;
mod execute;
mod password;
mod settle;
mod stepwise;
#[cfg(test)]
mod tests;

pub use execute::{Executed, execute};
pub use password::{PasswordRule, generate};
pub use stepwise::Remark;
