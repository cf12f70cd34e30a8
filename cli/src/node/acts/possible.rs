//! Whether a block could take an act, by the state that a node proves: nobody should sign one that no block takes.

use louver_chain::{ActError, Deed};
use louver_client::{
    api::{
        Refusal,
        view::{AuditorState, Quorum, RulesState, Status},
    },
    trust::Trust,
};
use louver_core::{
    ledger::{self, AddRulesError, RuleError},
    pool::{PoolKind, RulesVersion},
};

use crate::{
    client::Client,
    exit::{Failure, Kind},
};

/// The parts of the state that an act changes.
struct State {
    /// The block that would take the act.
    height: u32,
    kind: PoolKind,
    rules: Vec<RulesState>,
    auditors: Vec<AuditorState>,
    guardians: Quorum,
    authorities: Quorum,
}

/// Asks the node at `url`, and refuses an act that no block would take, whoever signs it. `nothing` says what was not done then.
pub(super) fn check(deed: &Deed, trust: Trust, url: &str, nothing: &str) -> Result<(), Failure> {
    let client = Client::new(url, trust)?;
    let kind = client.genesis().pool_kind();
    let Status { height, rules, auditors, guardians, authorities, .. } = client.status()?;
    let state = State { height: height.saturating_add(1), kind, rules, auditors, guardians, authorities };
    state.check(deed).map_err(|(refusal, error)| {
        Failure::new(
            Kind::Input,
            refusal.code(),
            format!("{error}. No block would take this act, whoever signs it: {nothing}"),
        )
    })
}

impl State {
    fn check(&self, deed: &Deed) -> Result<(), (Refusal, ActError)> {
        match deed {
            Deed::SwitchOff { rules: version } => {
                let known = self.rules.iter().find(|entry| entry.version == version.0);
                let known = known.ok_or_else(|| {
                    (Refusal::RulesUnknown, ActError::Rules(RuleError::RulesUnknown(*version)))
                })?;
                match known.switched_off {
                    Some(since) => {
                        let off = RuleError::RulesOff { version: *version, since };
                        Err((Refusal::RulesOff, ActError::Rules(off)))
                    }
                    None => Ok(()),
                }
            }
            Deed::AddRules(new) => {
                let newest = self.rules.iter().map(|entry| entry.version).max().unwrap_or(0);
                let expected = RulesVersion(newest.saturating_add(1));
                let found = new.from(0).pool_kind();
                if new.version != expected {
                    let error = AddRulesError::Number { expected, found: new.version };
                    return Err((Refusal::ActNumber, ActError::AddRules(error)));
                }
                if found != self.kind {
                    let error = AddRulesError::Kind { of_chain: self.kind, found };
                    return Err((Refusal::ActNumber, ActError::AddRules(error)));
                }
                Ok(())
            }
            Deed::EnterAuditor { number, .. } => {
                let last = self.auditors.iter().max_by_key(|auditor| auditor.number);
                let expected = last.map_or(0, |last| last.number).saturating_add(1);
                match *number == expected {
                    true => Ok(()),
                    false => Err((Refusal::ActNumber, ActError::AuditorNumber { expected, found: *number })),
                }
            }
            Deed::EndAuditor { number } => {
                let known = self.auditors.iter().find(|auditor| auditor.number == *number);
                let known = known.ok_or((Refusal::ActNumber, ActError::AuditorUnknown(*number)))?;
                match known.until {
                    Some(until) if until <= self.height => {
                        Err((Refusal::ActChangesNothing, ActError::AuditorEnded { number: *number, until }))
                    }
                    _ => Ok(()),
                }
            }
            Deed::RotateGuardians(next) => self.changes(deed, next, &self.guardians),
            Deed::RotateAuthorities(next) => self.changes(deed, next, &self.authorities),
        }
    }

    fn changes(
        &self,
        deed: &Deed,
        next: &ledger::Quorum,
        present: &Quorum,
    ) -> Result<(), (Refusal, ActError)> {
        let keys = next.keys().iter().map(|key| hex::encode(key.to_bytes()));
        match next.needed() == present.needed && keys.eq(present.keys.iter().cloned()) {
            true => Err((Refusal::ActChangesNothing, ActError::SameQuorum(deed.speakers()))),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use louver_chain::act::AuditorEntry;
    use louver_core::{encoding::Decode, ledger::NewRules};

    use super::*;
    use crate::node::development_chain;

    fn state() -> State {
        let rules = |version, switched_off| RulesState { version, from: 1, until: None, switched_off };
        let auditor = |number, until| AuditorState {
            number,
            key: hex::encode([9; 32]),
            transcript: hex::encode([0; 32]),
            threshold: 2,
            members: 3,
            from: 1,
            until,
        };
        let nobody = Quorum { sequence: 0, needed: 0, keys: Vec::new() };
        State {
            height: 20,
            kind: PoolKind::Plain,
            rules: vec![rules(1, Some(5)), rules(2, None)],
            auditors: vec![auditor(1, Some(20)), auditor(2, None)],
            guardians: nobody.clone(),
            authorities: nobody,
        }
    }

    fn new(version: u32) -> Deed {
        let terms = development_chain(None).unwrap().terms().rules[0].clone();
        let (version, shapes, disclosures) = (RulesVersion(version), terms.shapes, terms.disclosures);
        Deed::AddRules(NewRules { version, shapes, disclosures })
    }

    /// The key of a committee whose entry is not looked at here.
    fn entered(number: u32) -> Deed {
        Deed::EnterAuditor { number, entry: AuditorEntry::from_bytes(&[0; 34]).unwrap(), overlap: 0 }
    }

    /// Attacker: whoever has guardians meet and sign an act for nothing, on the day on which a real one is needed.
    #[test]
    fn an_act_that_changes_nothing_is_refused_before_it_is_signed() {
        let off = |version| Deed::SwitchOff { rules: RulesVersion(version) };
        for (deed, refusal) in [
            (off(3), Refusal::RulesUnknown),
            (off(1), Refusal::RulesOff),
            (new(2), Refusal::ActNumber),
            (new(4), Refusal::ActNumber),
            (entered(2), Refusal::ActNumber),
            (entered(4), Refusal::ActNumber),
            (Deed::EndAuditor { number: 1 }, Refusal::ActChangesNothing),
            (Deed::EndAuditor { number: 3 }, Refusal::ActNumber),
        ] {
            let (found, error) = state().check(&deed).unwrap_err();
            assert_eq!(found.code(), refusal.code(), "{deed:?}: {error}");
        }
        for deed in [off(2), new(3), entered(3), Deed::EndAuditor { number: 2 }] {
            assert!(state().check(&deed).is_ok(), "{deed:?}");
        }
        let audited = State { kind: PoolKind::Audited, ..state() };
        let (found, error) = audited.check(&new(3)).unwrap_err();
        assert_eq!((found.code(), error.to_string().contains("without auditors")), ("act_number", true));
    }

    #[test]
    fn a_rotation_to_the_same_keys_is_refused() {
        let keys = [1, 2].map(|seed| SigningKey::from_bytes(&[seed; 32]).verifying_key().to_bytes());
        let quorum = |needed| ledger::Quorum::new(needed, keys.to_vec()).unwrap();
        let mut state = state();
        state.guardians = Quorum::new(0, Some(&quorum(2)));
        let refused = state.check(&Deed::RotateGuardians(quorum(2))).unwrap_err();
        assert!(matches!(refused.1, ActError::SameQuorum(_)));
        assert!(state.check(&Deed::RotateGuardians(quorum(1))).is_ok());
        assert!(state.check(&Deed::RotateAuthorities(quorum(2))).is_ok());
    }
}
