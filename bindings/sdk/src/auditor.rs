//! The key that an auditor opens grants with.

use core::fmt;
use std::sync::Arc;

use age::x25519::Identity;
use louver_viewkeys::auditor;
use zeroize::Zeroizing;

use crate::AuditError;

/// An auditor's secret key. It opens the grants that were sealed to it.
#[derive(Clone)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct AuditorKey(pub(crate) Identity);

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl AuditorKey {
    /// A new key.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn generate() -> Arc<Self> {
        Arc::new(Self(Identity::generate()))
    }

    /// Reads a key file of `age`, or a key by itself: the first line that is not a comment.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn parse(text: String) -> Result<Arc<Self>, AuditError> {
        let text = Zeroizing::new(text);
        let identity = auditor::read(&text).map_err(|_| AuditError::Key)?;
        Ok(Arc::new(Self(identity)))
    }

    /// The public half (`age1...`), to give to whoever makes a grant.
    pub fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }

    /// The key file. Its owner keeps it and shows it to nobody. The returned text cannot be wiped.
    pub fn to_text(&self) -> String {
        auditor::write(&self.0).to_string()
    }
}

impl fmt::Debug for AuditorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditorKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_file_and_shows_nothing() {
        let key = AuditorKey::generate();
        assert_eq!(AuditorKey::parse(key.to_text()).unwrap().recipient(), key.recipient());
        assert_eq!(format!("{key:?}"), "AuditorKey(..)");
        for text in ["", "# nothing", "age1qqqq", "AGE-SECRET-KEY-1QQQQ"] {
            assert_eq!(AuditorKey::parse(text.to_owned()).unwrap_err(), AuditError::Key);
        }
    }
}
