//! The questions of an audit ([`louver_viewkeys::audit`]), asked over a connection.

use std::sync::Arc;

use louver_chain::Account;
use louver_core::{
    asset::KnownAssets,
    encoding::{Decode as _, Encode as _},
    ledger::Genesis,
    proof::Progress as _,
};
use louver_light::{Choice, Reader};
use louver_viewkeys::{
    audit::{Ask, Audit, AuditError, WholeBlock},
    report::{ChainChoice, Ground, HeadRead, Moment, Names, Paused},
};
use louver_wallet::follow::MOST_BLOCKS;
use thiserror::Error;

use crate::{
    apart::apart,
    api::Refusal,
    connection::Connection,
    error::ClientError,
    trust::TrustedHead,
    watch::{Stage, StopOnDrop, Watch},
};

/// Why an audit ended before its report.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditFailure {
    /// The node's blocks do not fit together.
    #[error(transparent)]
    Blocks(#[from] AuditError),
    /// The node did not do what it was asked.
    #[error(transparent)]
    Node(#[from] ClientError),
    /// The node keeps a block no longer that the report needs whole.
    #[error(
        "the node keeps block {0} no longer whole, and the report would lack the memos in it and the payments that the \
         account made in it. So there is no report: ask a node that keeps all blocks (--node)"
    )]
    Pruned(u32),
    /// The work was stopped.
    #[error("the audit was stopped before it had read the whole ledger, so there is no report")]
    Cancelled,
}

/// The names that a chain gives, for reports.
pub fn names(assets: &KnownAssets) -> Names<'_> {
    Names { assets, account: &|account| Account(account.0).to_string() }
}

/// The chain under a head, as a node showed it.
pub(crate) fn ground(head: &TrustedHead, genesis: &Genesis) -> Ground {
    Ground {
        genesis_hash: hex::encode(head.genesis.0),
        chosen: match head.choice {
            Choice::Keys => ChainChoice::Genesis,
            Choice::Pin => ChainChoice::Block,
            Choice::Nothing => ChainChoice::Nothing,
        },
        head: HeadRead {
            height: head.height,
            hash: hex::encode(head.hash.0),
            time: Moment::new(head.time),
            is_old: head.is_old,
        },
        offline: false,
        paused: None,
        development: genesis.terms().development,
        own_node: false,
    }
}

impl Connection {
    /// The chain that verdicts stand on: what was chosen of it, and the newest head.
    pub fn ground(&self) -> Ground {
        let (paused, own_node) = (self.pause().map(Paused::from), self.is_own_node());
        Ground { paused, own_node, ..ground(&self.head(), self.genesis()) }
    }

    /// Goes on with an audit that was kept ([`Audit::store`]), so that only new blocks are read. Where that cannot be gone
    /// on with, since it is damaged, of another grant, or of a chain that went another way, it reads from the start.
    /// `audit` and `anew` are new audits with the same verified grant. Returns the audit, and why it was read from the
    /// start if it was.
    ///
    /// # Errors
    ///
    /// As [`Connection::audit`]. A node that is behind the kept audit is an error: another one may not be.
    pub async fn continue_audit(
        &self,
        mut audit: Audit,
        anew: Audit,
        kept: &[u8],
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(Audit, Option<String>), AuditFailure> {
        let why = match audit.resume(kept) {
            Err(error) => error.to_string(),
            Ok(()) => match self.audit(audit, watch.clone()).await {
                Err(AuditFailure::Blocks(error @ AuditError::Broken { .. })) => error.to_string(),
                read => return Ok((read?, None)),
            },
        };
        Ok((self.audit(anew, watch).await?, Some(why)))
    }

    /// Reads the ledger with a verified grant, from the audit's position to the chain's last block. The audit decides
    /// the order of questions. A stored audit goes on from the head that was trusted then.
    ///
    /// # Errors
    ///
    /// [`AuditFailure::Node`] with [`ClientError::Convicted`] if the node shows another chain than a stored audit trusted, and
    /// the authorities sealed both.
    /// [`AuditFailure::Blocks`] if the node's blocks do not fit together, or end before the last one that was read.
    /// [`AuditFailure::Cancelled`] if `watch` stopped the work.
    pub async fn audit(
        &self,
        mut audit: Audit,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Audit, AuditFailure> {
        let stop = StopOnDrop::default();
        let mut progress = stop.watched(watch.as_ref(), Stage::Auditing);
        if !audit.light_reader().is_empty() {
            let kept = Reader::from_bytes(audit.light_reader()).map_err(ClientError::from)?;
            self.resume(kept).await?;
        }
        self.refresh_assets().await?;
        if self.is_own_node() {
            audit = audit.without_decoys();
        }
        let mut lacks = None;
        loop {
            match audit.next() {
                Ask::Tip => audit.learn_tip(self.advance().await?.height)?,
                Ask::Time { height } => audit.learn_time(self.header(height).await?.time)?,
                Ask::Start { height } => {
                    let block = self.compact_block(height).await?;
                    audit.start(&block, self.tree(height).await?)?;
                }
                Ask::Last { height } => match audit.confirm(&self.compact_block(height).await?) {
                    // The chain was reorganised since: the stored audit is worth nothing.
                    Err(AuditError::Broken { .. }) => audit = audit.restarted(),
                    confirmed => confirmed?,
                },
                Ask::Blocks { first, last: tip } => {
                    if progress.report(first.saturating_sub(1), tip).is_break() {
                        return Err(AuditFailure::Cancelled);
                    }
                    let last = first.saturating_add(MOST_BLOCKS - 1).min(tip);
                    let blocks = self.compact_blocks(first..=last).await?;
                    audit = apart(move || {
                        blocks.iter().try_for_each(|block| audit.read(block))?;
                        Ok::<_, AuditError>(audit)
                    })
                    .await?;
                    // Whole blocks may follow, but the end is in sight.
                    if last == tip && progress.report(tip, tip).is_break() {
                        return Err(AuditFailure::Cancelled);
                    }
                }
                Ask::Whole { height } => {
                    let block = match self.block(height).await {
                        // The rest is asked for all the same: the node shall not learn from the end which block mattered.
                        Err(error) if error.refusal() == Some(&Refusal::BlockPruned) => {
                            if audit.pass_over()? {
                                lacks.get_or_insert(height);
                            }
                            continue;
                        }
                        block => block?,
                    };
                    let (hash, time) = (block.header().hash().0, block.header().time);
                    let transactions = self.shielded(block).await?;
                    audit.read_whole(&WholeBlock { height, hash, time, transactions: &transactions })?;
                }
                _ => {
                    if let Some(height) = lacks {
                        return Err(AuditFailure::Pruned(height));
                    }
                    self.learn_assets(audit.assets()).await?;
                    audit.keep_light_reader(self.kept().to_bytes());
                    return Ok(audit);
                }
            }
        }
    }
}
