//! The way from a head to the newest one, of headers and seals that a chain keeps.

use louver_chain::{Chain, ChainError};
use louver_core::store::Store;
use louver_light::{Proven, SealedHeader, Step};
use thiserror::Error;

use crate::sealing::{is_sealed, rotation_at, sealed_header};

/// Why there is no way.
#[derive(Debug, Error)]
pub(crate) enum WayError {
    /// The head is after the last block.
    #[error("this node's last block is {height}: it is behind, or of another chain")]
    HeadUnknown {
        /// The last block's height.
        height: u32,
    },
    /// The last block is not sealed.
    #[error("the last block is not sealed yet; try again later")]
    Unsealed,
    /// The chain cannot be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

impl From<louver_core::store::StoreError> for WayError {
    fn from(error: louver_core::store::StoreError) -> Self {
        Self::Chain(error.into())
    }
}

/// Checks that the chain has a head.
pub(crate) fn check_head<S: Store>(chain: &Chain<S>, head: u32) -> Result<(), WayError> {
    match head <= chain.height() {
        true => Ok(()),
        false => Err(WayError::HeadUnknown { height: chain.height() }),
    }
}

/// The steps from a head to the newest one, or the first of them.
pub(crate) fn steps<S: Store>(chain: &Chain<S>, head: u32) -> Result<Vec<Step>, WayError> {
    check_head(chain, head)?;
    let tip = chain.height();
    if !is_sealed(chain)? {
        return Err(WayError::Unsealed);
    }
    if head == tip {
        return Ok(known_head(chain, head)?.into_iter().collect());
    }
    let mut stops = chain.rotations_after(head, Proven::MOST_STEPS)?;
    if stops.len() < Proven::MOST_STEPS && stops.last() != Some(&tip) {
        stops.push(tip);
    }
    let mut from = head;
    let mut steps = Vec::new();
    for height in stops {
        let mut step = step(chain, height)?.ok_or(WayError::Unsealed)?;
        if height - from > 1 {
            step.history = chain.history_path(from, height)?;
        }
        steps.push(step);
        from = height;
    }
    Ok(steps)
}

/// The head of a reader that is up to date, sealed by the authorities that it knows: where the block changed them, by the
/// new ones. `None` at genesis.
fn known_head<S: Store>(chain: &Chain<S>, head: u32) -> Result<Option<Step>, WayError> {
    let Some(Step { sealed, rotation, .. }) = step(chain, head)? else { return Ok(None) };
    let seals = rotation.map_or(sealed.seals, |rotation| rotation.seals);
    let sealed = SealedHeader { header: sealed.header, seals };
    Ok(Some(Step { sealed, history: None, rotation: None }))
}

/// The step to a block from the one before it; `None` if it is not sealed.
pub(crate) fn step<S: Store>(chain: &Chain<S>, height: u32) -> Result<Option<Step>, WayError> {
    let Some(sealed) = sealed_header(chain, height)? else { return Ok(None) };
    Ok(Some(Step { sealed, history: None, rotation: rotation_at(chain, height)? }))
}
