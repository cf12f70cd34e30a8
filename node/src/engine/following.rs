//! Blocks that another node made.

use std::path::Path;

use louver_chain::{Block, ChainError, ProposedBlock};
use louver_core::{encoding::Encode, ledger::LedgerError, proof::Verify};
use louver_light::Step;

use super::{BlockOrigin, Engine, SubmitError, Submitted};
use crate::{
    follow::Source,
    sealing::{SealingError, is_sealed},
};

impl Engine {
    /// The node that this one follows.
    pub(crate) fn source(&self) -> Option<&Source> {
        match &self.origin {
            BlockOrigin::Made(_) => None,
            BlockOrigin::Followed { source, .. } => Some(source),
        }
    }

    /// Takes a block whose header is sealed: makes it again by every rule, and writes it together with its seals. A block
    /// that was made again to be sealed here is not made once more, if the chain is as it was then.
    ///
    /// # Errors
    /// Why it is none; nothing has changed then.
    pub(crate) fn take_block(
        &self,
        step: &Step,
        block: Block,
        verifier: &dyn Verify,
    ) -> Result<(), ChainError> {
        let (seals, rotation) = (step.sealed.seals.to_bytes(), step.rotation.as_ref().map(Encode::to_bytes));
        if let Some(checked) = self.cosigning.take_checked(block.header().hash()) {
            match self.write_sealed(checked.sealed(&seals, rotation.as_deref())) {
                Err(ChainError::Ledger(LedgerError::Stale)) => {}
                written => return written,
            }
        }
        // Proofs are checked while requests go on.
        let proposal = self.chain().replay(block, verifier)?;
        self.write_sealed(proposal.sealed(&seals, rotation.as_deref()))
    }

    fn write_sealed(&self, proposal: ProposedBlock) -> Result<(), ChainError> {
        let mut chain = self.chain_mut();
        let block = chain.commit(proposal)?;
        self.settle(&block);
        self.learn_rules(&chain, &block);
        self.look_for_pause(&chain);
        self.tip.send_replace(block.header().height);
        drop(chain);
        self.grow_nullifier_tree()
    }

    /// Takes back a last block that was never sealed: nobody has heard of it. A node that seals sets it aside.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) fn drop_unsealed(&self) -> Result<(), ChainError> {
        let mut chain = self.chain_mut();
        if is_sealed(&chain)? {
            return Ok(());
        }
        if let BlockOrigin::Followed { cosigner: Some(sealer), .. } = &self.origin {
            match sealer.set_last_aside(&mut chain) {
                Ok(()) => {
                    self.tip.send_replace(chain.height());
                    return Ok(());
                }
                Err(SealingError::Chain(error)) => return Err(error),
                Err(error) => tracing::warn!(%error, "the last block cannot be set aside"),
            }
        }
        let height = chain.height().saturating_sub(1);
        tracing::warn!(height, "the last block was never sealed; it is taken back");
        chain.roll_back(height)?;
        self.tip.send_replace(height);
        Ok(())
    }

    /// Takes note of what keeps the node from following.
    pub(crate) fn following_is(&self, trouble: Option<String>) {
        self.health.following_is(trouble);
    }

    /// Goes no further: the chain's authorities sealed what they must not.
    pub(crate) fn convict(&self, file: &Path, sealed: &str) {
        let file = file.display();
        self.health.convicted(format!(
            "the chain's authorities sealed {sealed}: nothing after this node's last block can be trusted, and it goes no \
             further. The evidence is in {file}; anybody checks it with `louver node evidence`. Ask those who run the chain"
        ));
    }

    /// Hands a transaction that was taken in here on to the source. If that refuses it, it does not wait here either.
    ///
    /// # Errors
    /// [`SubmitError::Source`].
    pub(crate) async fn hand_on(
        &self,
        submitted: &Submitted,
        transaction: Vec<u8>,
    ) -> Result<(), SubmitError> {
        let Some(source) = self.source() else { return Ok(()) };
        match source.submit(transaction).await {
            Ok(_) => Ok(()),
            Err(error) => {
                self.mempool().remove(&submitted.id);
                Err(SubmitError::Source(error))
            }
        }
    }
}
