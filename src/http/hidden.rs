//! Secrets that a product wants in the address of a request: an answer may repeat the address, and must not be told so.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::{ExposeSecret, SecretString};

/// Put in the place of a secret.
const MASK: &str = "***";

/// Every form in which a secret of one client may come back: as it is, as part of an address, and as part of an
/// address that is part of an address (a redirect to a sign-in page that leads back).
#[derive(Clone, Default)]
pub(super) struct Hidden(Arc<Mutex<Vec<SecretString>>>);

impl Hidden {
    pub(super) fn add(&self, secret: &SecretString) {
        let mut forms = self.forms();
        let mut form = secret.expose_secret().to_owned();
        for _ in 0..3 {
            if !form.is_empty() && !forms.iter().any(|known| known.expose_secret() == form) {
                forms.push(form.clone().into());
            }
            form = encoded(&form);
        }
        // The longest first: a shorter one may be its beginning.
        forms.sort_by_key(|known| std::cmp::Reverse(known.expose_secret().len()));
    }

    /// The text without them.
    pub(super) fn mask(&self, text: &str) -> String {
        let forms = self.forms();
        forms.iter().fold(text.to_owned(), |text, form| {
            let form = form.expose_secret();
            if text.contains(form) { text.replace(form, MASK) } else { text }
        })
    }

    /// The beginning of a text without them, of so many bytes at the most: nothing of one that is cut through is left.
    pub(super) fn mask_beginning(&self, bytes: &[u8], most: usize) -> String {
        if bytes.len() <= most {
            return self.mask(&String::from_utf8_lossy(bytes));
        }
        let longest = self.forms().iter().map(|form| form.expose_secret().len()).max().unwrap_or(0);
        let mut text = self.mask(&String::from_utf8_lossy(&bytes[..most]));
        let end = text.char_indices().rev().map(|(at, _)| at).find(|at| at + longest <= text.len()).unwrap_or(0);
        text.truncate(end);
        text
    }

    fn forms(&self) -> std::sync::MutexGuard<'_, Vec<SecretString>> {
        // A list of texts is never left half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Hidden(***)")
    }
}

fn encoded(text: &str) -> String {
    let whole = reqwest::Url::parse_with_params("http://x/", [("s", text)]).ok();
    let query = whole.and_then(|url| url.query().and_then(|query| query.strip_prefix("s=")).map(str::to_owned));
    query.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Hidden;

    #[test]
    fn a_secret_is_masked_in_every_form() {
        let hidden = Hidden::default();
        hidden.add(&"ab c/1".to_owned().into());
        assert_eq!(hidden.mask("ab c/1, ab+c%2F1 and ab%2Bc%252F1"), "***, *** and ***");
    }

    #[test]
    fn nothing_of_a_secret_that_is_cut_through_is_left() {
        let hidden = Hidden::default();
        hidden.add(&"0123456789".to_owned().into());
        assert_eq!(hidden.mask_beginning(b"key 0123456789 ends here", 12), "ke");
        assert_eq!(hidden.mask_beginning(b"the long key is 0123456789", 20), "the long k");
        assert_eq!(hidden.mask_beginning(b"key 0123456789", 14), "key ***");
    }
}
