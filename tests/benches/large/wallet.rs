//! The cost of commands for a wallet with 5,000 transactions and 10,000 notes, and for one that reads empty blocks.

use std::{error::Error, num::NonZeroU32};

use louver_chain::{
    BlockHash,
    compact::CompactBlock,
    testing::{compact_block, header},
};
use louver_core::{
    address::Address,
    compact::CompactTransaction,
    epoch::Epoch,
    ledger::testing,
    note::{Memo, MemoBucket, Note, NoteParts, Nullifier, SpendTag, encryption},
    proof::Unwatched,
    secret::Secret,
    shape::Shape,
    spec::Fr,
    store::MemoryStore,
    transaction::{Fee, Payment, PublicSide, TxId},
    tree::Frontier,
    value::Value,
};
use louver_wallet::{
    account::AccountNumber,
    chain::ChainParameters,
    history::Page,
    phrase::RecoveryPhrase,
    plan::{Action, FeeChoice},
    register::Origin,
    store::SqliteStore,
    vault::Protection,
    wallet::{Birthday, NewWallet, Wallet},
};

use crate::{
    blocks::{EMPTY, empty, row},
    measure::{LIMIT, measured, within},
};

const FIRST: AccountNumber = AccountNumber(0);
const TRANSACTIONS: u32 = 5_000;
/// All within the first epoch of the chain below.
const BLOCKS: u32 = 30;

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let genesis = testing::genesis();
    let chain = ChainParameters::new(genesis);
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let birthday = Birthday { height: 0, hash: [0; 32], time: 0, frontier: Frontier::empty() };
    let new = NewWallet {
        phrase: Some((&phrase, &Protection::Unsealed)),
        chain: &chain,
        birthday: &birthday,
        reader: None,
        origin: Origin::Restored,
    };
    let path = folder.path().join("large");
    let mut wallet = Wallet::create(SqliteStore::open(&path)?, new)?;
    let own = wallet.receive(FIRST)?.address;
    let blocks = paid(&chain, own)?;
    measured("scan 5,000 transactions, 10,000 notes of one's own", || {
        wallet.scan(&blocks, &mut Unwatched)?;
        Ok(())
    })?;
    wallet.update_chain(&ChainParameters { height: BLOCKS, ..chain.clone() })?;
    drop(wallet);
    let open = || -> Result<Wallet, Box<dyn Error>> { Ok(Wallet::open(SqliteStore::open(&path)?)?) };
    measured("open", || open().map(drop))?;
    measured("open, balance", || open()?.balance(FIRST).map(drop).map_err(Into::into))?;
    measured("open, history of 50", || {
        open()?.history_page(FIRST, Page { skip: 0, most: 50 }).map(drop).map_err(Into::into)
    })?;
    let pay = Action::Pay {
        payments: vec![Payment { to: own, asset: testing::asset(1), value: Value(500), memo: Memo::empty() }],
        fee: FeeChoice::Least,
    };
    measured("open, plan a payment", || open()?.plan(FIRST, &pay).map(drop).map_err(Into::into))?;
    measured("open, plan and build a payment", || {
        let wallet = open()?;
        let plan = wallet.plan(FIRST, &pay)?;
        wallet.build(&plan, &mut rand::rng()).map(drop).map_err(Into::into)
    })?;
    measured("open, read one block more", || {
        let mut wallet = open()?;
        let position = wallet.position()?;
        wallet.scan(
            &[empty(&position.frontier, position.height + 1, BlockHash(position.hash))],
            &mut Unwatched,
        )?;
        Ok(())
    })?;
    measured("open, go back a block", || Ok(open()?.roll_back(BLOCKS)?))?;
    for (name, leaves) in [("a new chain", 0), ("a tree of 10,000 leaves", 10_000u64)] {
        let mut frontier = Frontier::empty();
        for leaf in 0..leaves {
            frontier.append(louver_core::note::NoteCommitment::from_scalar(Fr::from(leaf)))?;
        }
        let birthday = Birthday { height: 0, hash: [0; 32], time: 0, frontier: frontier.clone() };
        let new = NewWallet {
            phrase: Some((&phrase, &Protection::Unsealed)),
            chain: &chain,
            birthday: &birthday,
            reader: None,
            origin: Origin::Restored,
        };
        let mut wallet = Wallet::create(MemoryStore::default(), new)?;
        let blocks = row(&frontier, BlockHash([0; 32]));
        within(LIMIT, &format!("scan {EMPTY} empty blocks of {name}"), || {
            for part in blocks.chunks(256) {
                wallet.scan(part, &mut Unwatched)?;
            }
            Ok(())
        })?;
    }
    wallet_confirms(open()?)
}

/// The figures are of a wallet that holds what they say.
fn wallet_confirms(mut wallet: Wallet) -> Result<(), Box<dyn Error>> {
    wallet.set_confirmations(NonZeroU32::MIN);
    let held = wallet.balance(FIRST)?;
    let total: u128 = held.values().map(louver_wallet::balance::AssetBalance::total).sum();
    let expected = (1..=u128::from(TRANSACTIONS) * 2).sum::<u128>();
    match (total == expected, wallet.history(FIRST)?.len()) {
        (true, 5_000) => Ok(()),
        (_, entries) => Err(format!("it holds {total} in {entries} transactions").into()),
    }
}

/// Blocks in which somebody else pays an address twice in each transaction.
fn paid(chain: &ChainParameters, to: Address) -> Result<Vec<CompactBlock>, Box<dyn Error>> {
    let mut blocks: Vec<CompactBlock> = Vec::new();
    let mut frontier = Frontier::empty();
    let mut made = 0u64;
    for height in 1..=BLOCKS {
        let previous = blocks.last().map_or(BlockHash([0; 32]), CompactBlock::hash);
        let mut transactions = Vec::new();
        for _ in 0..TRANSACTIONS.div_ceil(BLOCKS).min(TRANSACTIONS - u32::try_from(made / 2)?) {
            let rho = Nullifier::from_scalar(Fr::from(1_000_000 + made)).ok_or("a reserved nullifier")?;
            let mut outputs = Vec::new();
            for place in 0..2u8 {
                made += 1;
                let parts = NoteParts {
                    to,
                    asset: testing::asset(1),
                    value: Value(made),
                    index: place,
                    rho,
                    rseed: Secret::new(rand::random()),
                };
                let note = Note::from_parts(parts)?;
                let output = encryption::encrypt(
                    &note,
                    &Memo::empty(),
                    MemoBucket::default(),
                    None,
                    &mut rand::rng(),
                )?;
                frontier.append(output.cm)?;
                outputs.push(output.compact());
            }
            let mut txid = [0; 32];
            txid[..8].copy_from_slice(&made.to_le_bytes());
            transactions.push(CompactTransaction {
                txid: TxId(txid),
                epoch: Epoch(0),
                pool: chain.genesis.terms().pool,
                shape: Shape::TwoByThree,
                spend_tag: SpendTag::from_scalar(Fr::from(made)),
                nullifiers: vec![rho],
                outputs,
                public_side: PublicSide::Internal,
                fee: Fee::NONE,
            });
        }
        blocks.push(compact_block(header(height, previous, &frontier), transactions));
    }
    Ok(blocks)
}
