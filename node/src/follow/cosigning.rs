//! `[cosign]` Sealing the blocks of the node that is followed, with an authority's key on this machine.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use louver_client::api::{Refusal, path, view};
use louver_core::encoding::Encode;
use louver_light::seal::SealError;
use tokio::sync::{Notify, watch};

use super::{Source, SourceError, source::nonsense};
use crate::{
    cosigning::ProposalRequest,
    engine::Engine,
    http::serve::stopped,
    sealing::{Sealer, SealingError},
    tending::RETRY,
};

/// The most bytes of a block that is offered.
const MOST_BYTES: usize = 16 << 20;
/// The longest time that a question waits for an answer.
const LONGEST: Duration = Duration::from_secs(15);

/// The parts of a node that seals another one's blocks.
pub(crate) struct Cosigner {
    pub(crate) engine: Arc<Engine>,
    pub(crate) source: Source,
    pub(crate) sealer: Arc<Sealer>,
    /// How soon a source that had nothing to seal is asked again.
    pub(crate) poll: Duration,
    /// Told when a block has become final.
    pub(crate) wake: Arc<Notify>,
    /// How often a key has asked. Each has its turn, so that the source knows which of them are there.
    pub(crate) turn: AtomicUsize,
}

/// The reason for which nothing is sealed.
enum Hindrance {
    /// The source does not answer, which the follower says.
    Source,
    /// Another one, for people.
    Other(String),
}

impl From<SourceError> for Hindrance {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Unreachable(_) => Self::Source,
            error => Self::Other(format!("it gives no block to seal: {error}")),
        }
    }
}

/// Seals what the source offers, until the node stops.
pub(crate) async fn cosign(cosigner: Cosigner, mut stop: watch::Receiver<bool>) {
    let mut wait = Duration::ZERO;
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = tokio::time::sleep(wait) => {}
        }
        let troubles = cosigner.engine.troubles();
        if troubles.evidence.is_some() || troubles.storage.is_some() {
            wait = RETRY.0;
            continue;
        }
        // A seal that is being written is written to its end, whatever becomes of this.
        let asked = tokio::select! {
            () = stopped(&mut stop) => return,
            asked = cosigner.ask() => asked,
        };
        wait = match asked {
            Ok(()) => {
                cosigner.engine.cosigning_is(None);
                cosigner.poll
            }
            Err(Hindrance::Source) => (2 * wait).clamp(cosigner.poll, RETRY.1),
            Err(Hindrance::Other(reason)) => {
                let name = cosigner.source.name();
                let trouble = format!("this node seals no block of {name} now: {reason}");
                cosigner.engine.cosigning_is(Some(trouble));
                (2 * wait).clamp(cosigner.poll, RETRY.1)
            }
        };
    }
}

impl Cosigner {
    /// Asks for a block, and seals it.
    async fn ask(&self) -> Result<(), Hindrance> {
        let Some(offered) = self.offered().await? else { return Ok(()) };
        if offered.len() > MOST_BYTES {
            return Err(nonsense("a block without end").into());
        }
        let sealer = self.sealer.clone();
        let sealed = self.engine.blocking(move |engine| engine.cosign(&sealer, &offered)).await;
        let sealed = sealed.ok_or_else(|| Hindrance::Other("checking its block failed here".to_owned()))?;
        let Some(given) = sealed.map_err(|error| Hindrance::Other(error.to_string()))? else { return Ok(()) };
        let taken = match self.source.post(path::SEALS, given.to_bytes()).await {
            Ok(taken) => taken,
            // Others sealed it meanwhile.
            Err(SourceError::Refused { refusal: Refusal::NoProposal, .. }) => {
                self.wake.notify_one();
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let taken: view::SealsTaken = serde_json::from_slice(&taken).map_err(nonsense)?;
        if taken.is_final {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// The block that the source offers to one of the keys; `None` if there is none now.
    async fn offered(&self) -> Result<Option<Vec<u8>>, Hindrance> {
        let patience = LONGEST.min(self.source.patience() / 2);
        let patience = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX);
        for _ in self.sealer.keys() {
            let (sealer, turn) = (self.sealer.clone(), self.turn.fetch_add(1, Ordering::SeqCst));
            let asked = self.engine.blocking(move |engine| question(engine, &sealer, turn, patience)).await;
            let asked = asked.ok_or_else(|| Hindrance::Other("asking failed here".to_owned()))?;
            let asked = asked.map_err(|error| Hindrance::Other(error.to_string()))?;
            match self.source.post(path::PROPOSAL, asked).await {
                Ok(offered) => return Ok(Some(offered)),
                Err(SourceError::Refused { refusal: Refusal::NoProposal, .. }) => return Ok(None),
                Err(SourceError::Refused { refusal: Refusal::NotAuthority, .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Hindrance::Other("none of this node's keys is that of an authority in office".to_owned()))
    }
}

/// The question for the block after the last one, by the key whose turn it is.
fn question(engine: &Engine, sealer: &Sealer, turn: usize, patience: u32) -> Result<Vec<u8>, SealingError> {
    let chain = engine.chain();
    let height = chain.height().saturating_add(1);
    let key = turn.checked_rem(sealer.keys().len()).and_then(|turn| sealer.keys().get(turn));
    let key = key.ok_or(SealError::Stranger)?;
    let sealed = sealer.sealed_at(height)?;
    let asked = ProposalRequest::sign(&chain.genesis_hash(), key, height, chain.tip_hash(), sealed, patience);
    Ok(asked.to_bytes())
}
