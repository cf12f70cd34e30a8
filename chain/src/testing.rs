//! A chain, transactions and a verifier to try nodes on, without the minutes that proofs take.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

use std::sync::atomic::{AtomicUsize, Ordering};

use ed25519_dalek::{Signer, SigningKey};
use louver_core::{
    asset::AssetId,
    compact::CompactTransaction,
    epoch::EpochSchedule,
    keys::SpendSignature,
    ledger::{
        FeeTerms, Genesis, Quorum,
        testing::{Draft, rules},
    },
    pool::GenesisHash,
    proof::{Proof, ProofItem, Verify, VerifyError},
    shape::Shape,
    transaction::{Authorization, Fee, Transaction, TxContext},
    tree::Frontier,
    value::Value,
};
use louver_frost::keygen::{Entry, Participant, Terms};
use redjubjub::SpendAuth;

use crate::{
    Account, Action, Block, BlockHash, ChainTransaction, Header, Operation, UnsignedOperation,
    act::{AuditorEntry, purpose},
    compact::{CompactBlock, CompactEntry, CompactForm},
    development,
    inclusion::{Kind, Leaf, transactions_root},
};

/// Takes every proof whose first byte is 0 for valid, and counts how often it is asked.
#[derive(Debug, Default)]
pub struct ZeroProofs {
    asked: AtomicUsize,
}

impl ZeroProofs {
    /// How many batches it was asked about.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Verify for ZeroProofs {
    fn verify(&self, items: &[ProofItem<'_>]) -> Result<(), VerifyError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match items.iter().position(|item| item.proof.as_bytes()[0] != 0) {
            None => Ok(()),
            Some(index) => Err(VerifyError::Invalid { index }),
        }
    }
}

/// A development chain as [`Draft`]s fit it: epochs of 40 seconds with 8 of grace from 1970 on, anchors for 10 blocks, fees from 1 to
/// 4 of asset 1, which the faucet issues.
pub fn genesis() -> Genesis {
    let mut terms = development::terms(rules(1, 1, None, &Shape::PLAIN)).unwrap();
    terms.schedule = EpochSchedule::seconds(0, 40, 8).unwrap();
    terms.time = 0;
    terms.anchor_window = 10;
    terms.fees = vec![FeeTerms { minimum: [1, 2, 3, 4].map(Value), ..FeeTerms::flat(coin(), Value::ZERO) }];
    Genesis::new(terms).unwrap()
}

/// The chain's own coin.
pub fn coin() -> AssetId {
    AssetId::new(1).unwrap()
}

/// The key of a person, by number.
pub fn person(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

/// The context that a transaction of this chain is hashed with, if its public side and fee are of the coin or of nothing.
pub fn context(genesis: &Genesis, draft: &Draft) -> TxContext {
    let hash = |asset| {
        let known = genesis.terms().assets.iter().find(|descriptor| descriptor.id() == asset);
        known.map(louver_core::asset::AssetDescriptor::hash).ok_or(())
    };
    TxContext::of(genesis.hash(), &draft.public_side, draft.fee, hash).unwrap()
}

/// The transaction of a draft: signed for real, authorised by `payer` if it is a deposit, with a proof that only
/// [`ZeroProofs`] takes.
pub fn signed(genesis: &Genesis, draft: &Draft, payer: Option<&SigningKey>) -> Transaction {
    with_proof(genesis, draft, payer, [0; 192])
}

/// As [`signed`], with a proof of these bytes.
pub fn with_proof(
    genesis: &Genesis,
    draft: &Draft,
    payer: Option<&SigningKey>,
    proof: [u8; 192],
) -> Transaction {
    let effects = draft.effects();
    let sighash = effects.sighash(&context(genesis, draft));
    // The drafts' re-randomised key is the base point: the public key of 1.
    let mut one = [0u8; 32];
    one[0] = 1;
    let key = redjubjub::SigningKey::<SpendAuth>::from_bytes(&one).unwrap();
    let signature = SpendSignature::from_array(key.sign(rand::rng(), &sighash.0).into());
    let host = payer.map(|payer| payer.sign(&sighash.host_message()).to_bytes().to_vec());
    let proof = Proof::from_array(proof);
    let authorization = Authorization::new(draft.anchor, proof, signature, host.unwrap_or_default()).unwrap();
    Transaction::new(effects, authorization).unwrap()
}

/// The header of a block after another over a tree, a second later for each height; the roots of transactions, state and
/// history are zero.
pub fn header(height: u32, previous: BlockHash, tree: &Frontier) -> Header {
    Header {
        height,
        previous,
        time: 1_700_000_000 + u64::from(height),
        anchor: tree.root(),
        tree_size: tree.size(),
        transactions_root: [0; 32],
        state_root: [0; 32],
        history_root: [0; 32],
    }
}

/// The block of a header and transactions, with the header's root made to fit. The hashes of compact forms are made up.
pub fn block(mut header: Header, transactions: Vec<ChainTransaction>) -> Block {
    let made_up = |transaction: &ChainTransaction| match transaction.kind() {
        Kind::Shielded => [0; 32],
        Kind::Transparent => CompactForm::Transparent.hash(),
        Kind::Act => CompactForm::Act.hash(),
    };
    let leaves: Vec<_> = transactions.iter().map(|of| Leaf::new(of, made_up(of))).collect();
    header.transactions_root = transactions_root(&leaves);
    let compact = leaves.into_iter().map(|leaf| leaf.compact);
    Block::new(header, transactions.into_iter().zip(compact)).unwrap()
}

/// The compact block of a header and transactions of the pool, with the header's root made to fit. The transactions'
/// full hashes are made up.
pub fn compact_block(mut header: Header, transactions: Vec<CompactTransaction>) -> CompactBlock {
    let entries: Vec<_> = transactions
        .into_iter()
        .map(|transaction| CompactEntry {
            full: transaction.txid.0,
            form: CompactForm::Shielded(Box::new(transaction)),
        })
        .collect();
    let leaves: Vec<_> = entries.iter().map(CompactEntry::leaf).collect();
    header.transactions_root = transactions_root(&leaves);
    CompactBlock::new(header, entries).unwrap()
}

/// A compact block with other transactions of the pool, as a node would show it that alters them and the header's root.
pub fn altered(block: &CompactBlock, alter: impl FnOnce(&mut Vec<CompactTransaction>)) -> CompactBlock {
    let mut transactions = block.transactions().map(|(_, transaction)| transaction.clone()).collect();
    alter(&mut transactions);
    compact_block(block.header().clone(), transactions)
}

/// A signed operation without a fee.
pub fn operation(genesis: &GenesisHash, key: &SigningKey, nonce: u64, action: Action) -> Operation {
    UnsignedOperation { sender: Account::of(key), nonce, fee: Fee::NONE, action }.sign(genesis, key)
}

/// A mint of the coin by the faucet.
pub fn mint(genesis: &GenesisHash, nonce: u64, to: &SigningKey, amount: u64) -> Operation {
    let action = Action::Mint { asset: coin(), amount: Value(amount), to: Account::of(to) };
    operation(genesis, &development::faucet_key(), nonce, action)
}

/// The entry of a key that some people generate as the auditors of a chain. The people are given by their numbers, and any
/// `threshold` of them open. Their names are made up.
pub fn auditor_entry(genesis: &Genesis, number: u32, threshold: u8, people: &[u8]) -> AuditorEntry {
    let mut signers: Vec<_> = people.iter().copied().map(person).collect();
    signers.sort_by_key(|signer| signer.verifying_key().to_bytes());
    let keys = signers.iter().map(|signer| signer.verifying_key().to_bytes()).collect();
    let roster = [3; 32];
    let purpose = purpose(&genesis.hash(), genesis.terms().pool, number, &roster);
    let terms = Terms::new(purpose, Quorum::new(threshold, keys).unwrap()).unwrap();
    let begin = |signer| (signer, Participant::new(terms.clone(), signer, &mut rand::rng()).unwrap());
    let members: Vec<_> = signers.iter().map(begin).collect();
    let commitments: Vec<_> = members.iter().map(|(signer, own)| own.commit(signer).unwrap()).collect();
    let dealt: Vec<_> =
        members.iter().flat_map(|(signer, own)| own.deal(signer, &commitments).unwrap()).collect();
    let confirmed = members.iter().map(|(signer, own)| {
        let mine: Vec<_> = dealt.iter().filter(|deal| deal.to() == own.member()).cloned().collect();
        own.finish(signer, &commitments, &mine).unwrap().1
    });
    let confirmations: Vec<_> = confirmed.collect();
    AuditorEntry::new(roster, &Entry::new(terms, &commitments, &confirmations).unwrap())
}
