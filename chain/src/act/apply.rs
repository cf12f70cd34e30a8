//! The rules of acts.

use louver_core::{
    ledger::{AddRulesError, Genesis, Quorum, RuleError, SwitchOffError, rulebook},
    store::{Overlay, StoreError},
};
use thiserror::Error;

use super::{
    Auditor, AuditorEntry, AuditorEntryError, Deed, SignedAct, Speakers, Standing,
    auditor::{self, auditor},
    standing::{self, standing},
};
use crate::{Account, development};

/// Why an act is refused.
#[derive(Debug, Error)]
pub enum ActError {
    /// The chain has none who could sign it.
    #[error("the chain has no {}", _0.all())]
    Nobody(Speakers),
    /// It was signed before or after another change of those who sign it.
    #[error(
        "the act is for the {} after change {found}, and they stand after change {expected}: make and sign it anew",
        speakers.all()
    )]
    Sequence {
        /// The quorum that has to sign it.
        speakers: Speakers,
        /// The number that would be right.
        expected: u32,
        /// The number it has.
        found: u32,
    },
    /// Fewer signatures than the quorum needs, or more.
    #[error("the act needs the signatures of exactly {needed} {}, and has {found}", speakers.all())]
    Signatures {
        /// The quorum that has to sign it.
        speakers: Speakers,
        /// How many signatures are needed.
        needed: u8,
        /// How many there are.
        found: usize,
    },
    /// A signature by somebody else.
    #[error("{} is not the key of a present {}", Account(*signer), speakers.one())]
    Signer {
        /// The quorum that has to sign it.
        speakers: Speakers,
        /// The key.
        signer: [u8; 32],
    },
    /// A signature that does not hold.
    #[error("the signature of {} does not hold for this act on this chain", Account(*signer))]
    Signature {
        /// The key.
        signer: [u8; 32],
    },
    /// A rules version that is not known, or that is off already.
    #[error(transparent)]
    Rules(RuleError),
    /// A rules version that cannot be added.
    #[error(transparent)]
    AddRules(AddRulesError),
    /// An auditor's key under another number than the next.
    #[error("the next auditor key has number {expected}, this one has {found}")]
    AuditorNumber {
        /// The number that would be right.
        expected: u32,
        /// The number it has.
        found: u32,
    },
    /// An auditor's key that its committee did not generate for this chain, pool and number.
    #[error(transparent)]
    AuditorEntry(#[from] AuditorEntryError),
    /// An auditor's key that was never entered.
    #[error("the guardians never entered an auditor key {0}: check the number")]
    AuditorUnknown(u32),
    /// An auditor's key that has ended.
    #[error("auditor key {number} ended with block {until}: the act would change nothing")]
    AuditorEnded {
        /// The key's number.
        number: u32,
        /// The first block that it does not serve in.
        until: u32,
    },
    /// A rotation to the same keys.
    #[error("the {} are those already: the act would change nothing", _0.all())]
    SameQuorum(Speakers),
    /// A key that everybody has, on a chain that is not for development.
    #[error("{} is a key of development chains, which everybody has", Account(*_0))]
    PublicKey([u8; 32]),
    /// The numbers are used up.
    #[error("the chain has used up all numbers of this kind, so it cannot take the act")]
    Exhausted,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ActError {
    /// Whether the store failed, rather than the act.
    pub fn is_internal(&self) -> bool {
        matches!(self, Self::Store(_))
    }
}

/// Writes what genesis says of guardians and authorities.
pub(crate) fn begin(state: &mut Overlay<'_>, genesis: &Genesis) {
    standing::begin(state, genesis.terms());
}

/// Applies an act in the block at `height`. The checks come in the order of their cost: signatures, then what a committee
/// shows. On an error
/// the state may be half changed: the caller restores it.
pub(crate) fn apply(
    state: &mut Overlay<'_>,
    genesis: &Genesis,
    height: u32,
    signed: &SignedAct,
) -> Result<(), ActError> {
    let act = signed.act();
    let speakers = act.deed.speakers();
    let Standing { sequence, quorum } = standing(state, speakers)?;
    let quorum = quorum.ok_or(ActError::Nobody(speakers))?;
    if act.sequence != sequence {
        return Err(ActError::Sequence { speakers, expected: sequence, found: act.sequence });
    }
    if signed.signatures().len() != usize::from(quorum.needed()) {
        let (needed, found) = (quorum.needed(), signed.signatures().len());
        return Err(ActError::Signatures { speakers, needed, found });
    }
    let keys: Vec<_> = signed.signatures().iter().map(|signature| signature.signer).collect();
    // Each once: the decoder and the constructor hold them to ascend.
    if let Some(signer) = keys.into_iter().find(|signer| !holds(&quorum, signer)) {
        return Err(ActError::Signer { speakers, signer });
    }
    change(state, genesis, height, &quorum, signed)?;
    let message = signed.id(&genesis.hash()).0;
    for signature in signed.signatures() {
        if !Account(signature.signer).verifies(&message, &signature.signature) {
            return Err(ActError::Signature { signer: signature.signer });
        }
    }
    if let Deed::EnterAuditor { number, entry, overlap } = &act.deed {
        enter(state, genesis, height, *number, entry, *overlap)?;
    }
    Ok(())
}

/// Enters a key whose number is the next, if its committee generated it for this chain: the dearest check, after signatures.
fn enter(
    state: &mut Overlay<'_>,
    genesis: &Genesis,
    height: u32,
    number: u32,
    entry: &AuditorEntry,
    overlap: u32,
) -> Result<(), ActError> {
    let group = entry.verify(&genesis.hash(), genesis.terms().pool, number)?;
    let last = auditor::last(state)?;
    if let Some(former) = auditor(state, last)? {
        let until = height.checked_add(overlap).ok_or(ActError::Exhausted)?;
        let until = former.until.map_or(until, |ended| ended.min(until));
        auditor::put(state, &Auditor { until: Some(until), ..former });
    }
    auditor::enter(state, &Auditor::entered(number, &group, height));
    Ok(())
}

fn holds(quorum: &Quorum, signer: &[u8; 32]) -> bool {
    quorum.keys().binary_search_by(|key| key.as_bytes().cmp(signer)).is_ok()
}

fn change(
    state: &mut Overlay<'_>,
    genesis: &Genesis,
    height: u32,
    present: &Quorum,
    signed: &SignedAct,
) -> Result<(), ActError> {
    let act = signed.act();
    match &act.deed {
        // The rest of it follows when the signatures hold.
        Deed::EnterAuditor { number, .. } => {
            let expected = auditor::last(state)?.checked_add(1).ok_or(ActError::Exhausted)?;
            if *number != expected {
                return Err(ActError::AuditorNumber { expected, found: *number });
            }
        }
        Deed::EndAuditor { number } => {
            let known = auditor(state, *number)?.ok_or(ActError::AuditorUnknown(*number))?;
            match known.until {
                Some(until) if until <= height => {
                    return Err(ActError::AuditorEnded { number: *number, until });
                }
                _ => auditor::put(state, &Auditor { until: Some(height), ..known }),
            }
        }
        Deed::SwitchOff { rules } => {
            rulebook::switch_off(state, *rules, height).map_err(|error| match error {
                SwitchOffError::Store(error) => error.into(),
                SwitchOffError::Rule(error) => ActError::Rules(error),
            })?;
        }
        Deed::AddRules(new) => {
            let delay = genesis.terms().guardians.delay;
            rulebook::add(state, new, height, delay).map_err(|error| match error {
                AddRulesError::Store(error) => error.into(),
                error => ActError::AddRules(error),
            })?;
        }
        Deed::RotateGuardians(next) | Deed::RotateAuthorities(next) => {
            let speakers = act.deed.speakers();
            if next == present {
                return Err(ActError::SameQuorum(speakers));
            }
            if let Some(key) = development::public_key_in(next).filter(|_| !genesis.terms().development) {
                return Err(ActError::PublicKey(key));
            }
            let sequence = act.sequence.checked_add(1).ok_or(ActError::Exhausted)?;
            standing::put(state, speakers, &Standing { sequence, quorum: Some(next.clone()) });
        }
    }
    Ok(())
}
