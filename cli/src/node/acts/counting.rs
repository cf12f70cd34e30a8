//! Whether a signature under an act would count: by the state that a node proves, or else by genesis.

use louver_chain::{Account, Act, ActError, act::Speakers};
use louver_client::{
    api::{Refusal, view},
    trust::Trust,
};
use louver_core::{
    encoding::DecodeError,
    ledger::{Finality, Genesis},
};

use crate::{
    client::Client,
    exit::{Failure, Kind},
};

/// The keys that may sign an act, and how often they have changed.
struct InOffice {
    speakers: Speakers,
    sequence: u32,
    keys: Vec<[u8; 32]>,
}

/// The certainty that a signature counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// The key is in office, as far as can be known here.
    Yes,
    /// The signers have changed since genesis, and genesis does not name their successors.
    NotKnown,
}

/// Refuses a key whose signature under the act would not count. `nothing` says what was not done then.
pub(super) fn check(
    act: &Act,
    signer: Account,
    genesis: &Genesis,
    node: Option<&str>,
    nothing: &str,
) -> Result<Counts, Failure> {
    let speakers = act.deed.speakers();
    let in_office = match node {
        Some(url) => InOffice::of_state(speakers, genesis, url)?,
        // Genesis names the first of them, and nobody after a change.
        None if act.sequence > 0 => return Ok(Counts::NotKnown),
        None => InOffice::of_genesis(speakers, genesis),
    };
    in_office.check(act, signer).map(|()| Counts::Yes).map_err(|(refusal, error)| {
        Failure::new(
            Kind::Input,
            refusal.code(),
            format!("{error}. A signature of it counts for nothing: {nothing}"),
        )
    })
}

impl InOffice {
    fn of_genesis(speakers: Speakers, genesis: &Genesis) -> Self {
        let terms = genesis.terms();
        let Finality::Solo { authorities, .. } = &terms.finality;
        let quorum = match speakers {
            Speakers::Authorities => Some(authorities),
            Speakers::Guardians => terms.guardians.quorum.as_ref(),
        };
        let keys = quorum.into_iter().flat_map(|quorum| quorum.keys()).map(|key| key.to_bytes());
        Self { speakers, sequence: 0, keys: keys.collect() }
    }

    /// Those of the state, which the node has to prove on the chain of this genesis.
    fn of_state(speakers: Speakers, genesis: &Genesis, url: &str) -> Result<Self, Failure> {
        let status = Client::new(url, Trust::Genesis(genesis.hash()))?.status()?;
        let view::Quorum { sequence, keys, .. } = match speakers {
            Speakers::Authorities => status.authorities,
            Speakers::Guardians => status.guardians,
        };
        let key = |text: &String| {
            let mut key = [0; 32];
            hex::decode_to_slice(text, &mut key).map(|()| key)
        };
        let keys = keys.iter().map(key).collect::<Result<_, _>>();
        let keys = keys.map_err(|_| Failure::node(DecodeError::NotCanonical { what: "key of the node" }))?;
        Ok(Self { speakers, sequence, keys })
    }

    fn check(&self, act: &Act, signer: Account) -> Result<(), (Refusal, ActError)> {
        let Self { speakers, sequence: expected, ref keys } = *self;
        if keys.is_empty() {
            return Err((Refusal::ActSigners, ActError::Nobody(speakers)));
        }
        if act.sequence != expected {
            let error = ActError::Sequence { speakers, expected, found: act.sequence };
            return Err((Refusal::ActOutdated, error));
        }
        match keys.contains(&signer.0) {
            true => Ok(()),
            false => Err((Refusal::ActSigners, ActError::Signer { speakers, signer: signer.0 })),
        }
    }
}
