//! `[payments-paused]`: what the node says after guardians have switched off the rules.

use std::sync::PoisonError;

use louver_chain::Chain;
use louver_circuits::keyset::NamedKeys;
use louver_core::ledger::{Pause, RulesEntry};

use super::Engine;
use crate::store::AnyStore;

impl Engine {
    /// Whether payments stand still after the last block; with what is to be expected.
    pub(crate) fn pause(&self) -> Option<Pause> {
        *self.pause.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of whether payments stand still after the last block, and logs it when that changes.
    pub(crate) fn look_for_pause(&self, chain: &Chain<AnyStore>) {
        let tip = chain.ledger().tip();
        // A store that fails is told of by whatever writes to it.
        let Ok(rules) = chain.ledger().rules() else { return };
        self.look_for_keys(&rules, tip.height.saturating_add(1));
        let mut pause = Pause::of(&rules, (tip.height, tip.time), chain.terms().block_interval);
        if let Some(pause) = &mut pause {
            pause.since_time = chain.header(pause.since).ok().flatten().map(|header| header.time);
        }
        let before =
            core::mem::replace(&mut *self.pause.lock().unwrap_or_else(PoisonError::into_inner), pause);
        let told =
            |pause: Option<Pause>| pause.map(|pause| (pause.since, pause.next.map(|next| next.version)));
        match pause {
            _ if told(before) == told(pause) => {}
            Some(pause) => tracing::warn!("{pause}"),
            None if self.troubles().keys.is_some() => {}
            None => tracing::info!("payments go on under another rules version"),
        }
    }

    /// Takes note of a rules version in force for the next block whose verifying keys are not at hand: wallets use it, and
    /// this node can check nothing that they send.
    fn look_for_keys(&self, rules: &[RulesEntry], next: u32) {
        let Some(keys) = &self.keys else { return };
        let in_force = |entry: &&RulesEntry| entry.switched_off.is_none() && entry.is_in_force(next);
        let lacks = |entry: &RulesEntry| {
            let lacking = NamedKeys::of_rules(&entry.terms).find(|key| keys.verifying_key_file(key).is_err());
            lacking.map(|key| (entry.terms.version, key.circuit))
        };
        let found = rules.iter().rev().filter(in_force).find_map(lacks);
        self.health.keys_are(found.map(|(version, circuit)| {
            format!(
                "rules version {} is in force, and this node does not have its keys (that of {circuit} is missing), so it \
                 refuses every payment that is made under it. Put the files that `louver ceremony export` wrote into the \
                 folder of keys (--keys), and start the node again. Wallets lose nothing: another node may take their payments",
                version.0
            )
        }));
    }
}
