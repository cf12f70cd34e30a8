//! The chain's records as a status has them. The node that writes a status and the client that compares it make them by
//! the same code.

use louver_chain::act::Auditor;
use louver_core::{
    epoch::{self, EpochSchedule},
    ledger::{self, RulesEntry},
};

use super::view::{AuditorState, Epoch, Quorum, RulesState};

impl From<&RulesEntry> for RulesState {
    fn from(entry: &RulesEntry) -> Self {
        let RulesEntry { terms, switched_off } = entry;
        Self { version: terms.version.0, from: terms.from, until: terms.until, switched_off: *switched_off }
    }
}

impl From<&Auditor> for AuditorState {
    fn from(auditor: &Auditor) -> Self {
        Self {
            number: auditor.number,
            key: hex::encode(auditor.key),
            transcript: hex::encode(auditor.transcript),
            threshold: auditor.threshold,
            members: auditor.members,
            from: auditor.from,
            until: auditor.until,
        }
    }
}

impl Quorum {
    /// The keys in office, after `sequence` changes; `None` if there are none.
    pub fn new(sequence: u32, quorum: Option<&ledger::Quorum>) -> Self {
        let keys = quorum.into_iter().flat_map(ledger::Quorum::keys);
        Self {
            sequence,
            needed: quorum.map_or(0, ledger::Quorum::needed),
            keys: keys.map(|key| hex::encode(key.as_bytes())).collect(),
        }
    }
}

impl Epoch {
    /// An epoch of a schedule.
    pub fn of(schedule: &EpochSchedule, epoch: epoch::Epoch) -> Self {
        Self {
            number: epoch.0,
            name: schedule.name(epoch),
            begins: schedule.begins(epoch).unwrap_or_default(),
            ends: schedule.ends(epoch),
            payable_until: schedule.payable_until(epoch),
        }
    }
}
