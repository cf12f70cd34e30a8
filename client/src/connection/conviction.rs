//! `[sealed-lies]`: what a trusted head stands on and must not. It is made into evidence, and nothing goes on.
//!
//! A node that sends something false which nobody sealed gains a refusal, and accuses nobody.

use std::collections::BTreeSet;

use louver_chain::{
    ChainTransaction, Header,
    inclusion::{Leaf, TRANSACTIONS, compact_hash},
};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    compact::CompactTransaction,
    encoding::Encode,
    transaction::{Transaction, TxContext},
};
use louver_light::{ChainProof, chain_proof::Shown, evidence::Fault};

use super::{Connection, assets};
use crate::{
    api::{path, view},
    error::ClientError,
};

impl Connection {
    /// Whether a block binds the compact form that follows from a transaction of the pool: wallets and auditors scan that
    /// form. A transaction with an asset that is not registered has none.
    pub(super) fn is_of(&self, leaf: &Leaf, transaction: &Transaction) -> bool {
        let (effects, known) = (transaction.effects(), self.known());
        let described = |id| known.get(id).map(AssetDescriptor::hash).ok_or(());
        let context = TxContext::of(self.genesis.hash(), effects.public_side(), effects.fee(), described);
        context.is_ok_and(|context| {
            let right = CompactTransaction::of(effects, transaction.txid(&context));
            compact_hash(&right.to_bytes()) == leaf.compact
        })
    }

    /// Accuses the authorities of a compact form that is not the transaction's own. If the trusted head does not stand on
    /// the block, or nobody sealed that head, nobody is accused, and the block is refused.
    pub(super) async fn accuse_form(
        &self,
        block: &Header,
        leaves: &[Leaf],
        index: u32,
        transaction: Transaction,
    ) -> ClientError {
        let fault = match self.false_form(block, leaves, index, transaction).await {
            Ok(fault) => fault,
            Err(error) => return error,
        };
        // The evidence of another question stops this one, too.
        let accused = self.reader().accuse(fault);
        let refused = ClientError::contradicted(format_args!("block {}", block.height));
        accused.ok().and_then(|()| self.sound().err()).unwrap_or(refused)
    }

    async fn false_form(
        &self,
        block: &Header,
        leaves: &[Leaf],
        index: u32,
        transaction: Transaction,
    ) -> Result<Fault, ClientError> {
        let refused = || ClientError::contradicted(format_args!("block {}", block.height));
        let effects = transaction.effects();
        let named = BTreeSet::from([effects.public_side().asset(), effects.fee().asset()]);
        let named: Vec<AssetId> = named.into_iter().filter(|id| *id != AssetId::NONE).collect();
        let (head, assets) = match named.is_empty() {
            true => (self.reader().head().clone(), Vec::new()),
            false => {
                let path = format!("{}?ids={}", path::ASSETS, assets::list(&named));
                let (_, facts) = self.proven::<view::Assets>(&path, "an asset").await?;
                facts.into_openings()
            }
        };
        let (header, history) = self.header_under(block.height, &head).await?;
        let leaf = usize::try_from(index).ok().and_then(|index| leaves.get(index));
        let (Some(sealed), Some(leaf)) = (head.sealed().cloned(), leaf.filter(|_| header == *block)) else {
            return Err(refused());
        };
        let hashes: Vec<_> = leaves.iter().map(Leaf::hash).collect();
        let place = TRANSACTIONS.path(&hashes, index.into()).map_err(ClientError::answer)?;
        let transaction = Box::new(ChainTransaction::Shielded(Box::new(transaction)));
        let shown = Shown::Whole { transaction, compact: leaf.compact };
        let proof = Box::new(ChainProof { shown, place, block: header, history, head: sealed });
        Ok(Fault::CompactForm { proof, assets })
    }
}
