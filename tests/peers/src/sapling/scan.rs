//! A wallet of Sapling that reads compact blocks.

// The type of the crate `zip32`, which both protocols name their keys' scopes by.
use orchard::keys::Scope;
use sapling_crypto::{
    SaplingIvk,
    keys::PreparedIncomingViewingKey,
    note_encryption::{CompactOutputDescription, SaplingDomain, Zip212Enforcement},
    zip32::ExtendedSpendingKey,
};
use zcash_note_encryption::batch::try_compact_note_decryption;

use super::unproven;
use crate::{
    measure::Failure,
    scan::{OUTPUTS, Scanner, Strangers},
};

/// The outputs of transactions of others, and the external key of one account.
pub(crate) struct SaplingScanner {
    outputs: Vec<(SaplingDomain, CompactOutputDescription)>,
    key: PreparedIncomingViewingKey,
    owner: PreparedIncomingViewingKey,
}

impl SaplingScanner {
    /// Tries one key on each output.
    pub(crate) fn one_key() -> Result<Strangers<Self>, Failure> {
        // All of one stranger, as `unproven` draws them from a seed.
        let (mut outputs, mut stranger) = (Vec::new(), None);
        while outputs.len() < OUTPUTS {
            let (bundle, account) = unproven(1)?;
            for output in bundle.shielded_outputs() {
                let compact = CompactOutputDescription::from(output.clone());
                outputs.push((SaplingDomain::new(Zip212Enforcement::On), compact));
            }
            stranger = Some(account);
        }
        outputs.truncate(OUTPUTS);
        let key = |account: &ExtendedSpendingKey| -> SaplingIvk {
            account.to_diversifiable_full_viewing_key().to_ivk(Scope::External)
        };
        let own = ExtendedSpendingKey::master(&[8; 32]).ok_or("not one seed in 2^252")?;
        let owner = PreparedIncomingViewingKey::new(&key(&stranger.ok_or("there are outputs")?));
        Strangers::new(Self { outputs, key: PreparedIncomingViewingKey::new(&key(&own)), owner })
    }

    fn found(&self, key: &PreparedIncomingViewingKey) -> usize {
        try_compact_note_decryption(std::slice::from_ref(key), &self.outputs).iter().flatten().count()
    }
}

impl Scanner for SaplingScanner {
    fn scan(&self) -> usize {
        self.found(&self.key)
    }

    fn scan_as_owner(&self) -> usize {
        self.found(&self.owner)
    }
}
