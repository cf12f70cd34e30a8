//! `[dummy]`: how an owner tells the dummies of a transaction of his own from the rest, and nobody else can.

use super::Effects;
use crate::{asset::AssetId, keys::FullViewingKey, note::Dummies, pool::PoolTag};

impl Effects {
    /// The slots of the outputs that are dummies of this account's.
    pub fn dummy_outputs(&self, account: &FullViewingKey) -> Vec<u8> {
        let dummies = Dummies::new(account.dummy_root(), &self.rk);
        let slots = (0..).zip(&self.outputs);
        slots
            .filter(|(slot, output)| dummies.output(*slot).epk() == output.epk)
            .map(|(slot, _)| slot)
            .collect()
    }

    /// The slots of the inputs that are dummies of this account's, in a transaction of its that moves `main`.
    pub fn dummy_inputs(&self, account: &FullViewingKey, pool: PoolTag, main: AssetId) -> Vec<u8> {
        let dummies = Dummies::new(account.dummy_root(), &self.rk);
        let keys = account.epoch_keys(pool, self.epoch);
        let nullifier = |slot| {
            let cm = dummies.input(slot).commitment(&keys, self.epoch, main);
            keys.nullifier.nullifier(cm)
        };
        let slots = (0..).zip(&self.nullifiers);
        slots.filter(|(slot, shown)| nullifier(*slot) == **shown).map(|(slot, _)| slot).collect()
    }
}
