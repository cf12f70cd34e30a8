//! The way from a head to the newest one, of headers and seals that a chain keeps.

use louver_chain::{Chain, ChainError};
use louver_core::store::Store;
use louver_light::{Proven, Step};
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
        return Ok(step(chain, head)?.into_iter().collect());
    }
    // Another server may have left out the change of authorities in the reader's own head.
    let mut steps: Vec<Step> =
        step(chain, head)?.filter(|step| step.rotation.is_some()).into_iter().collect();
    let most = Proven::MOST_STEPS - steps.len();
    let mut stops = chain.rotations_after(head, most)?;
    if stops.len() < most && stops.last() != Some(&tip) {
        stops.push(tip);
    }
    let mut from = head;
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

/// The step to a block from the one before it; `None` if it is not sealed.
pub(crate) fn step<S: Store>(chain: &Chain<S>, height: u32) -> Result<Option<Step>, WayError> {
    let Some(sealed) = sealed_header(chain, height)? else { return Ok(None) };
    Ok(Some(Step { sealed, history: None, rotation: rotation_at(chain, height)? }))
}
