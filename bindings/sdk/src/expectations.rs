//! A reader's demands on a file that was made for him.

use louver_client::clock;
use louver_core::{keys::AccountId, ledger::Genesis};
use louver_viewkeys::{
    auditor::ReaderKeys,
    report::Ground,
    signed::{Asked, Reading},
};

use crate::{challenge, disclosure::bytes32};

data! {
    /// A reader's demands on a grant, a package or a book. A demand that is absent is not checked, and the verdict then says so
    /// in its first line.
    #[derive(Default)]
    pub struct Expectations {
        /// The account that must have made it (`lvraid1...`).
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub account: Option<String>,
        /// The name of the reader that it must be for.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub auditor: Option<String>,
        /// The number, given in place of a challenge, that it must answer: 64 hexadecimal digits.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub nonce: Option<String>,
        /// The file of the reader's challenge (`AuditorKey::challenge`), which it must answer in full. The file under check has
        /// to be opened with the key that made the challenge. Use the reader's own copy, and not one that came back with the
        /// answer.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        #[cfg_attr(feature = "web", serde(default, with = "serde_bytes"))]
        #[cfg_attr(feature = "web", tsify(type = "Uint8Array | undefined"))]
        pub challenge: Option<Vec<u8>>,
    }
}

/// An expectation that is not written as it should be, by its name.
pub(crate) struct Unreadable(pub(crate) &'static str);

impl Expectations {
    /// The demands, with the chain that the reader means and the keys that open his files.
    pub(crate) fn reading(
        self,
        genesis: &Genesis,
        chain: Ground,
        keys: Option<ReaderKeys>,
    ) -> Result<Reading, Unreadable> {
        let account = self.account.map(|id| AccountId::from_typed(&id).map_err(|_| Unreadable("account")));
        if self.auditor.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return Err(Unreadable("reader's name"));
        }
        let asked = match (self.challenge, self.nonce) {
            (Some(_), Some(_)) => return Err(Unreadable("nonce beside a challenge")),
            (Some(file), None) => {
                Asked::Challenge(Box::new(challenge::read(&file).map_err(|_| Unreadable("challenge"))?))
            }
            (None, Some(nonce)) => Asked::Nonce(bytes32(&nonce).ok_or(Unreadable("nonce"))?),
            (None, None) => Asked::Nothing,
        };
        Ok(Reading {
            genesis: genesis.hash(),
            chain,
            pool: genesis.terms().pool,
            account: account.transpose()?,
            reader: self.auditor,
            asked,
            keys,
            now: clock::now(),
        })
    }
}
