//! The cost of audits: of empty blocks, and of a year beside the least that its reading takes.

use std::{cell::RefCell, error::Error, hint::black_box};

use louver_chain::{
    BlockHash,
    compact::CompactBlock,
    testing::{compact_block, header},
};
use louver_circuits::{disclosure::DisclosureProver, keyset::KeySet, parameters::ParameterStore};
use louver_core::{
    compact::CompactTransaction,
    epoch::{Epoch, EpochRange, EpochSchedule},
    keys::{AccountSpendingKey, AddressIndex, Direction},
    ledger::testing,
    note::{Memo, MemoBucket, Note, NoteParts, Nullifier, OutputContext, SpendTag, encryption},
    pool::PoolTag,
    proof::Unwatched,
    secret::Secret,
    shape::Shape,
    spec::Fr,
    transaction::{Fee, PublicSide, TxId},
    tree::Frontier,
    value::Value,
};
use louver_viewkeys::{
    audit::{Ask, Audit},
    grant::{Grant, GrantRequest},
    scope::{Directions, Scope},
    signed::{Asked, ReaderId, Terms},
};

use crate::{
    blocks::{EMPTY, row},
    measure::{LIMIT, ratio, within},
};

/// The outputs of others that a year has here. An account of 1,000 transactions among 1,000,000 outputs costs as much an
/// output.
const OUTPUTS: u32 = 30_000;
/// One transaction among so many is the account's.
const ONE_OF: u32 = 333;
const A_BLOCK: u32 = 100;

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let genesis = testing::genesis();
    let keys = KeySet::development()?.with_store(ParameterStore::open_default()?);
    let prover = keys.disclosure_prover(&mut Unwatched)?;
    // One epoch that is longer than the row.
    let mut audit = Audit::new(grant(&prover)?, EpochSchedule::ENDLESS);
    audit.learn_tip(EMPTY)?;
    let blocks = row(&Frontier::empty(), BlockHash(genesis.hash().0));
    within(LIMIT, &format!("audit of {EMPTY} empty blocks"), || {
        blocks.iter().try_for_each(|block| audit.read(block)).map_err(Into::into)
    })?;
    match audit.next() {
        Ask::Nothing => year(&prover),
        ask => Err(format!("the audit is not over: {ask:?}").into()),
    }
}

fn account(number: u8) -> Result<AccountSpendingKey, Box<dyn Error>> {
    Ok(AccountSpendingKey::from_seed(&[number; 64], 0)?)
}

/// A grant of all directions of the first epoch.
fn grant(prover: &DisclosureProver) -> Result<Grant, Box<dyn Error>> {
    let (genesis, account) = (testing::genesis(), account(1)?);
    let recipient = Some(age::x25519::Identity::generate().to_public().to_string());
    let terms = Terms {
        genesis: genesis.hash(),
        pool: genesis.terms().pool,
        reader: ReaderId { name: "Auditors".to_owned(), recipient },
        asked: Asked::Nothing,
        purpose: String::new(),
        issued: 1,
        expires: 2,
    };
    let request = GrantRequest {
        terms,
        scope: Scope::new(Directions::ALL, EpochRange::new(Epoch(0), Epoch(0)).ok_or("no epochs")?)?,
    };
    let (viewing, signer) = (account.full_viewing_key(), account.spend_authorizing_key());
    Ok(request.issue(&viewing, &signer, prover, &mut rand::rng())?)
}

/// An audit of an account's payments among those of others, beside one nullifier and one trial decryption for each
/// granted direction of each output.
fn year(prover: &DisclosureProver) -> Result<(), Box<dyn Error>> {
    let genesis = testing::genesis();
    let pool = PoolTag::new(&genesis.hash(), genesis.terms().pool);
    let viewing = account(1)?.full_viewing_key();
    let blocks = blocks(pool)?;
    let tip = u32::try_from(blocks.len())?;
    let granted = grant(prover)?;
    let key = granted.nullifier_key(Epoch(0)).ok_or("spends are not granted")?;
    let readers = Direction::ALL.map(|direction| viewing.incoming(pool, direction, Epoch(0)));
    let least = || {
        let mut found = 0;
        for (_, transaction) in blocks.iter().flat_map(CompactBlock::transactions) {
            let rho = *transaction.nullifiers.first().ok_or("a transaction without a nullifier")?;
            for (index, output) in (0u8..).zip(&transaction.outputs) {
                let context = OutputContext { epoch: Epoch(0), rho, index };
                for reader in &readers {
                    found += usize::from(encryption::decrypt_compact(reader, output, &context).is_some());
                }
                black_box(key.nullifier(output.cm));
            }
        }
        if found > 0 { Ok(()) } else { Err("nothing is found".into()) }
    };
    // Grants are taken apart when an audit ends, so each turn has its own.
    let grants = RefCell::new((0..4).map(|_| grant(prover)).collect::<Result<Vec<_>, _>>()?);
    ratio(3, 1.3, "a year audited, of a nullifier and the trials of each output", least, || {
        let mut audit = Audit::new(grants.borrow_mut().pop().ok_or("no grant")?, EpochSchedule::ENDLESS);
        audit.learn_tip(tip)?;
        blocks.iter().try_for_each(|block| audit.read(block)).map_err(Into::into)
    })
}

/// Blocks of transactions of three outputs, some of which pay the account.
fn blocks(pool: PoolTag) -> Result<Vec<CompactBlock>, Box<dyn Error>> {
    let [own, other] = [1, 2].map(|number| {
        account(number).map(|account| {
            account.full_viewing_key().address(pool, Epoch(0), Direction::External, AddressIndex(5))
        })
    });
    let (own, other) = (own?, other?);
    let (genesis, mut frontier) = (testing::genesis(), Frontier::empty());
    let mut blocks: Vec<CompactBlock> = Vec::new();
    let mut number = 0u32;
    while number < OUTPUTS / 3 {
        let mut transactions = Vec::new();
        for _ in 0..A_BLOCK {
            number += 1;
            let rho = Nullifier::from_scalar(Fr::from(1_000_000 + u64::from(number)))
                .ok_or("a reserved nullifier")?;
            let outputs = (0..3u8).map(|index| {
                let to = if index == 0 && number.is_multiple_of(ONE_OF) { own } else { other };
                let rseed = Secret::new(rand::random());
                let (asset, value) = (testing::asset(1), Value(1));
                let note = Note::from_parts(NoteParts { to, asset, value, index, rho, rseed })?;
                let (memo, bucket) = (Memo::empty(), MemoBucket::default());
                let output = encryption::encrypt(&note, &memo, bucket, None, &mut rand::rng())?;
                frontier.append(output.cm)?;
                Ok(output.compact())
            });
            let outputs = outputs.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
            let mut txid = [0; 32];
            txid[..4].copy_from_slice(&number.to_le_bytes());
            transactions.push(CompactTransaction {
                txid: TxId(txid),
                epoch: Epoch(0),
                pool: genesis.terms().pool,
                shape: Shape::TwoByThree,
                spend_tag: SpendTag::from_scalar(Fr::from(u64::from(number))),
                nullifiers: vec![rho],
                outputs,
                public_side: PublicSide::Internal,
                fee: Fee::NONE,
            });
        }
        let previous = blocks.last().map_or(BlockHash(genesis.hash().0), CompactBlock::hash);
        let height = u32::try_from(blocks.len())? + 1;
        blocks.push(compact_block(header(height, previous, &frontier), transactions));
    }
    Ok(blocks)
}
