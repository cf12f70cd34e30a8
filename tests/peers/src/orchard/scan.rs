//! A wallet of Orchard that reads compact blocks.

use orchard::{
    keys::{FullViewingKey, PreparedIncomingViewingKey, Scope, SpendingKey},
    note_encryption::{CompactAction, OrchardDomain},
};
use zcash_note_encryption::batch::try_compact_note_decryption;

use super::unproven;
use crate::{
    measure::Failure,
    scan::{OUTPUTS, Scanner, Strangers},
};

/// The outputs of transactions of others, and the keys of one account.
pub(crate) struct OrchardScanner {
    outputs: Vec<(OrchardDomain, CompactAction)>,
    keys: Vec<PreparedIncomingViewingKey>,
    owner: PreparedIncomingViewingKey,
}

impl OrchardScanner {
    /// Tries one key on each output.
    pub(crate) fn one_key() -> Result<Strangers<Self>, Failure> {
        Self::new(&[Scope::External])
    }

    /// Does what a wallet does: the external and the internal key on each output.
    pub(crate) fn wallet() -> Result<Strangers<Self>, Failure> {
        Self::new(&[Scope::External, Scope::Internal])
    }

    fn new(scopes: &[Scope]) -> Result<Strangers<Self>, Failure> {
        // All of one stranger, as `unproven` draws them from a seed.
        let mut outputs = Vec::new();
        while outputs.len() < OUTPUTS {
            let (bundle, _) = unproven(1)?;
            for action in bundle.actions() {
                let compact = CompactAction::from(action);
                outputs.push((OrchardDomain::for_compact_action(&compact), compact));
            }
        }
        outputs.truncate(OUTPUTS);
        let mut stranger = [7; 32];
        stranger[..8].copy_from_slice(&1u64.to_le_bytes());
        let own = viewer([8; 32])?;
        let keys = scopes.iter().map(|scope| own.to_ivk(*scope).prepare()).collect();
        let owner = viewer(stranger)?.to_ivk(Scope::External).prepare();
        Strangers::new(Self { outputs, keys, owner })
    }

    fn found(&self, keys: &[PreparedIncomingViewingKey]) -> usize {
        try_compact_note_decryption(keys, &self.outputs).iter().flatten().count()
    }
}

impl Scanner for OrchardScanner {
    fn scan(&self) -> usize {
        self.found(&self.keys)
    }

    fn scan_as_owner(&self) -> usize {
        self.found(std::slice::from_ref(&self.owner))
    }
}

fn viewer(bytes: [u8; 32]) -> Result<FullViewingKey, Failure> {
    let account = Option::<SpendingKey>::from(SpendingKey::from_bytes(bytes)).ok_or("not a spending key")?;
    Ok(FullViewingKey::from(&account))
}
