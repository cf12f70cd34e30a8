//! `[payments-paused]`: what the node says after guardians have switched off the rules.

use std::sync::PoisonError;

use louver_chain::Chain;
use louver_core::ledger::Pause;

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
            None => tracing::info!("payments go on under another rules version"),
        }
    }
}
