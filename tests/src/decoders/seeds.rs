//! Bytes that each decoder accepts.

use bls12_381::{G1Affine, G2Affine};
use louver_chain::{
    Account, Act, Action, BlockHash, BlockLimits, Chain, ChainTransaction, Deed, Header, Operation,
    SignedAct, UnsignedOperation,
    announcement::{AnnouncementKind, AnnouncementTopic},
    commitment::{ListUse, SetDigest},
    compact::{CompactBlock, CompactEntry, CompactForm},
    development,
    inclusion::transactions_root,
    state::opening::Question,
    testing,
};
use louver_circuits::proving_key::UnpinnedKey;
use louver_core::{
    address::Address,
    asset::{AssetDescriptor, AssetId},
    compact::CompactTransaction,
    encoding::{Decode, Encode},
    epoch::{Epoch, EpochRange, EpochSchedule},
    keys::{AccountSpendingKey, AddressIndex, Direction, FullViewingKey, View, string},
    ledger::{
        FeeTerms, Finality, Genesis, GenesisBalance, GenesisTerms, Guardians, NewRules, RulesTerms,
        SnapshotTerms,
        testing::{rules, solo},
    },
    note::{Memo, MemoBucket, Note, NoteCommitment, NoteParts, Nullifier, SpendTag},
    nullifier_tree::NullifierTree,
    pool::{GenesisHash, PoolId, PoolTag, RulesVersion},
    proof::Unwatched,
    secret::{ExposeBytes, Secret},
    shape::Shape,
    spec::Fr,
    store::{Batch, MemoryStore, Table},
    transaction::{Effects, Fee, PublicSide, Transaction, TransparentAccount, TxId},
    tree::{Frontier, LEVELS, MerklePath},
    value::Value,
};
use louver_light::{
    ChainProof, Evidence, Proven, Reader as LightReader, SealedHeader, Step,
    chain_proof::Shown,
    evidence::{Fault, Link},
    rotation::{Handover, Rotation},
};
use louver_wallet::{
    account::AccountNumber,
    chain::ChainParameters,
    history::{HistoryEntry, OutputEntry, OutputKind, SignedEntry, SpentEntry, Status},
    note::{OwnedNote, SpendState},
    plan::PlanId,
};

mod ceremony;
mod disclosure;

pub(super) use ceremony::{phase1, phase2};
pub(super) use disclosure::{book, challenge, grant, package, receipt, reserves, sealed_grant, statement};

const GENESIS: GenesisHash = GenesisHash([5; 32]);
const EPOCH: Epoch = Epoch(3);

fn pool() -> PoolTag {
    PoolTag::new(&GENESIS, PoolId(0))
}

fn spending_key() -> AccountSpendingKey {
    AccountSpendingKey::from_seed(&[7; 64], 0).expect("a good seed")
}

fn viewing_key() -> FullViewingKey {
    spending_key().full_viewing_key()
}

fn shielded_address() -> Address {
    viewing_key().address(pool(), EPOCH, Direction::External, AddressIndex(0))
}

/// One of each kind, with a signature.
pub(super) fn act() -> Vec<Vec<u8>> {
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let Finality::Solo { authorities, .. } = solo();
    let RulesTerms { version, shapes, disclosures, .. } = rules(3, 0, None, &Shape::PLAIN);
    [
        Deed::EnterAuditor {
            number: 1,
            entry: testing::auditor_entry(&testing::genesis(), 1, 2, &[41, 42]),
            overlap: 10,
        },
        Deed::EndAuditor { number: 1 },
        Deed::SwitchOff { rules: RulesVersion(1) },
        Deed::AddRules(NewRules { version, shapes, disclosures }),
        Deed::RotateGuardians(authorities.clone()),
        Deed::RotateAuthorities(authorities),
    ]
    .into_iter()
    .map(|deed| {
        let act = Act { sequence: 2, deed };
        let signature = act.sign(&GENESIS, &key);
        SignedAct::new(act, vec![signature]).to_bytes()
    })
    .collect()
}

pub(super) fn address() -> Vec<Vec<u8>> {
    vec![shielded_address().to_bytes()]
}

pub(super) fn batch() -> Vec<Vec<u8>> {
    let mut batch = Batch::default();
    batch.put(Table("leaves"), &[0; 4], &[9; 32]);
    batch.put(Table("leaves"), &[1; 4], b"");
    batch.delete(Table("nullifiers"), &[2; 32]);
    vec![batch.to_bytes(), Batch::default().to_bytes()]
}

pub(super) fn block() -> Vec<Vec<u8>> {
    let shielded = transaction().into_iter().filter_map(|bytes| {
        Some(ChainTransaction::Shielded(Box::new(Transaction::from_bytes(&bytes).ok()?)))
    });
    let transparent = operation()
        .into_iter()
        .filter_map(|bytes| Operation::from_bytes(&bytes).ok().map(ChainTransaction::Transparent));
    let acts = act().into_iter().filter_map(|bytes| {
        SignedAct::from_bytes(&bytes).ok().map(|act| ChainTransaction::Act(Box::new(act)))
    });
    [Vec::new(), transparent.clone().chain(acts).collect(), shielded.take(2).chain(transparent).collect()]
        .map(|transactions: Vec<ChainTransaction>| testing::block(header(), transactions).to_bytes())
        .to_vec()
}

fn header() -> Header {
    testing::header(7, BlockHash([1; 32]), &small_tree())
}

/// A tree that is large enough for the outputs of any block here.
fn small_tree() -> Frontier {
    let mut tree = Frontier::empty();
    for leaf in 1..200 {
        tree.append(NoteCommitment::from_scalar(Fr::from(leaf))).expect("room");
    }
    tree
}

pub(super) fn compact_block() -> Vec<Vec<u8>> {
    let transactions: Vec<CompactTransaction> = effects()
        .iter()
        .filter_map(|bytes| Some(CompactTransaction::of(&Effects::from_bytes(bytes).ok()?, TxId([4; 32]))))
        .collect();
    let mut mixed = testing::compact_block(header(), transactions.clone()).entries().to_vec();
    mixed.insert(1, CompactEntry { form: CompactForm::Transparent, full: [9; 32] });
    let leaves: Vec<_> = mixed.iter().map(CompactEntry::leaf).collect();
    let bound = Header { transactions_root: transactions_root(&leaves), ..header() };
    let mixed = CompactBlock::new(bound, mixed).expect("the header's own");
    let mut seeds = [Vec::new(), transactions]
        .map(|transactions| testing::compact_block(header(), transactions).to_bytes())
        .to_vec();
    seeds.push(mixed.to_bytes());
    seeds
}

/// In the order of the decoders of [`super::commitment`].
pub(super) fn commitment() -> Vec<Vec<u8>> {
    let list = ListUse { node: b"SeedNode", root: b"SeedRoot" };
    let leaves: Vec<[u8; 32]> = (0..11).map(|leaf| [leaf; 32]).collect();
    let mut terms = testing::genesis().terms().clone();
    terms.snapshots.delay = 0;
    let genesis = Genesis::new(terms).expect("good terms");
    let mut chain = Chain::open(MemoryStore::default(), genesis).expect("a new chain");
    // The first block after the first epoch and its grace takes in a snapshot.
    let block = chain.propose(48, BlockLimits::default(), &[]).expect("an empty block");
    chain.commit(block).expect("a store in memory");
    let open = |question| chain.open_state(question).expect("a store in memory").expect("it is there");
    let account = Account([7; 32]);
    let openings = [
        Question::Asset(testing::coin()),
        Question::Supply(testing::coin()),
        Question::Balance(account, testing::coin()),
        Question::Operations(account),
        Question::Rules,
        Question::Authorities,
        Question::Guardians,
        Question::Snapshot(0),
        Question::Announced(AnnouncementTopic {
            kind: AnnouncementKind::LogHead,
            announcer: account,
            subject: [5; 32],
        }),
    ];
    let mut digest = SetDigest::empty();
    digest.add(b"entry");
    // How it ends, one hash on the way, and of another leaf its key and value.
    let proof = |end: u8, rest: usize| [&[end, 1, 0][..], &[5; 32], &vec![6; rest]].concat();
    [(0, header().to_bytes()), (3, digest.to_bytes())]
        .into_iter()
        .chain([0, 5, 10].map(|index| (1, list.path(&leaves, index).expect("an entry").to_bytes())))
        .chain([(2, proof(0, 0)), (2, proof(1, 0)), (2, proof(2, 64))])
        .chain(openings.map(|question| (4, open(question).to_bytes())))
        .map(|(number, bytes)| [&[number], &bytes[..]].concat())
        .collect()
}

/// In the order of the decoders of [`super::light`].
pub(super) fn light() -> Vec<Vec<u8>> {
    let genesis = testing::genesis();
    let Finality::Solo { authorities, .. } = genesis.terms().finality.clone();
    let key = development::authority_key();
    let seal = |header: Header| SealedHeader::sign(&genesis.hash(), header, &authorities, [&key]);
    let mut chain = Chain::open(MemoryStore::default(), genesis.clone()).expect("a new chain");
    for _ in 0..3 {
        let time = genesis.terms().time;
        let proposal = chain.propose(time, BlockLimits::default(), &[]).expect("an empty block");
        chain.commit(proposal).expect("a store in memory");
    }
    let sealed = |height| seal(chain.block(height).ok().flatten().expect("a block").header().clone());
    let history = chain.history_path(1, 3).expect("a store in memory");
    let authorities = chain.open_state(Question::Authorities).ok().flatten().expect("it is there");
    let supply = chain.open_state(Question::Supply(testing::coin())).ok().flatten().expect("it is there");
    let openings = vec![authorities.clone(), supply.clone()];
    let rotation = Some(Rotation { authorities, seals: sealed(3).seals });
    let steps = [
        Step { sealed: sealed(1), history: None, rotation: None },
        Step { sealed: sealed(3), history: history.clone(), rotation },
    ];
    let mut reader = LightReader::of_keys(&genesis, genesis.terms().time);
    let new = reader.clone();
    reader.advance(steps[0].clone(), genesis.terms().time).expect("the first block");
    let place =
        || ListUse { node: b"SeedNode", root: b"SeedRoot" }.path(&[[1; 32], [2; 32]], 1).expect("an entry");
    let proof = |shown, history| {
        let (block, head) = (sealed(1).header, sealed(if Option::is_some(&history) { 3 } else { 1 }));
        ChainProof { shown, place: place(), block, history, head }
    };
    let operation = Operation::from_bytes(&operation()[0]).expect("a good seed");
    let moved = Box::new(ChainTransaction::Transparent(operation));
    let compact = CompactEntry { form: CompactForm::Transparent, full: [9; 32] };
    let proofs = [
        proof(Shown::Whole { transaction: moved, compact: [3; 32] }, history.clone()),
        proof(Shown::Compact(compact), None),
    ];
    let (blocks, hash) = (Box::new([sealed(1), sealed(3)]), BlockHash([5; 32]));
    let shielded = Transaction::from_bytes(&transaction()[0]).expect("a good seed");
    let rotation = steps[1].rotation.clone().expect("a rotation");
    let handover = Handover { sealed: sealed(1), rotation };
    let whole = Box::new(ChainTransaction::Shielded(Box::new(shielded)));
    let compact = proof(Shown::Whole { transaction: whole, compact: [6; 32] }, None);
    let faults = [
        Fault::TwoHeads(blocks.clone()),
        Fault::Broken { blocks: blocks.clone(), link: Link::Previous },
        Fault::Broken { blocks, link: Link::History { hash, path: history.expect("a later head") } },
        Fault::CompactForm { proof: Box::new(compact), assets: vec![supply.clone()] },
        Fault::Supply { block: Box::new(sealed(2)), supply: Box::new(supply) },
    ];
    let handovers = [vec![], vec![handover; 2]].into_iter().cycle();
    let evidence = handovers.zip(faults).map(|(handovers, fault)| Evidence { handovers, fault });
    let mut seeds = vec![[&[0][..], &sealed(2).to_bytes()].concat()];
    seeds.extend(steps.iter().map(|step| [&[1][..], &step.to_bytes()].concat()));
    seeds.extend([new, reader].map(|reader| [&[2][..], &reader.to_bytes()].concat()));
    seeds.extend(proofs.iter().map(|proof| [&[3][..], &proof.to_bytes()].concat()));
    seeds.extend(evidence.map(|evidence| [&[4][..], &evidence.to_bytes()].concat()));
    let proven = Proven { steps: steps.to_vec(), openings };
    seeds.extend([Proven::default(), proven].map(|proven| [&[5][..], &proven.to_bytes()].concat()));
    seeds
}

pub(super) fn descriptor() -> Vec<Vec<u8>> {
    [("EURX", 2, &b"0xfeed"[..]), ("0123456789ABCDEF", 18, &[7; 64]), ("A", 0, b"")]
        .into_iter()
        .filter_map(|(symbol, decimals, host)| {
            AssetDescriptor::new(AssetId::new(1)?, symbol, decimals, [3; 32], host).ok()
        })
        .map(|descriptor| descriptor.to_bytes())
        .collect()
}

pub(super) fn effects() -> Vec<Vec<u8>> {
    codec("effects")
}

/// In the order of the decoders of [`super::element`].
pub(super) fn element() -> Vec<Vec<u8>> {
    let viewing_key = viewing_key();
    let field = Fr::from(77).to_bytes().to_vec();
    let point = louver_core::encoding::point_bytes(viewing_key.ak()).to_vec();
    let element = shielded_address().pk_d().to_array().to_vec();
    // cm || epk || compact ciphertext
    let compact_output = [&field[..], &element, &[6; 64]].concat();
    numbered(&[
        viewing_key.account_id(pool()).to_bytes(),
        field.clone(),
        vec![1, 2, 3, 4, 5, 6, 7],
        vec![3, 0],
        vec![2],
        field.clone(),
        field.clone(),
        field.clone(),
        pool().to_bytes(),
        vec![4; 192],
        point,
        Shape::TwoBySixteen.to_bytes(),
        vec![8; 64],
        field,
        Value(u64::MAX).to_bytes(),
        PublicSide::Internal.to_bytes(),
        element.clone(),
        compact_output,
        element,
    ])
}

pub(super) fn frontier() -> Vec<Vec<u8>> {
    let mut frontier = Frontier::empty();
    let mut seeds = vec![frontier.to_bytes()];
    for leaf in 1..30 {
        if frontier.append(NoteCommitment::from_scalar(Fr::from(leaf))).is_ok() {
            seeds.push(frontier.to_bytes());
        }
    }
    seeds
}

pub(super) fn genesis() -> Vec<Vec<u8>> {
    vec![chain().to_bytes()]
}

fn chain() -> Genesis {
    let asset = AssetId::new(1).expect("a small id");
    let Finality::Solo { authorities, .. } = solo();
    let account = TransparentAccount([9; 32]);
    let terms = GenesisTerms {
        chain: "test chain".to_owned(),
        time: 1_767_225_600,
        schedule: EpochSchedule::seconds(1_767_225_600, 100, 10).expect("a grace below an epoch"),
        anchor_window: 20,
        pool: PoolId(0),
        fee_account: account,
        development: true,
        block_interval: 60,
        snapshots: SnapshotTerms::EACH_EPOCH,
        finality: solo(),
        guardians: Guardians { quorum: Some(authorities), delay: 10 },
        assets: vec![AssetDescriptor::new(asset, "EURX", 2, [1; 32], b"ref").expect("a good descriptor")],
        balances: vec![GenesisBalance { account, asset, amount: Value(7) }],
        fees: vec![FeeTerms::flat(asset, Value(5))],
        rules: vec![rules(1, 1, Some(50), &Shape::PLAIN), rules(2, 40, None, &Shape::PLAIN)],
    };
    Genesis::new(terms).expect("terms that hold together")
}

pub(super) fn ggm_cover() -> Vec<Vec<u8>> {
    [(0, u16::MAX), (3, 3), (1, 40), (u16::MAX - 5, u16::MAX)]
        .into_iter()
        .filter_map(|(first, last)| EpochRange::new(Epoch(first), Epoch(last)))
        .zip(View::ALL.into_iter().cycle())
        .map(|(range, view)| viewing_key().cover(view, pool(), range).expose_bytes().to_vec())
        .collect()
}

/// In the order of the decoders of [`super::key`].
pub(super) fn key() -> Vec<Vec<u8>> {
    let viewing_key = viewing_key();
    let epoch_keys = viewing_key.epoch_keys(pool(), EPOCH);
    numbered(&[
        spending_key().expose_bytes().to_vec(),
        epoch_keys.detection.expose_bytes().to_vec(),
        viewing_key.expose_bytes().to_vec(),
        viewing_key.incoming(pool(), Direction::Internal, EPOCH).expose_bytes().to_vec(),
        epoch_keys.nullifier.expose_bytes().to_vec(),
        viewing_key.outgoing(pool(), EPOCH).expose_bytes().to_vec(),
    ])
}

pub(super) fn memo() -> Vec<Vec<u8>> {
    MemoBucket::ALL
        .into_iter()
        .flat_map(|bucket| [0, 5, bucket.capacity()].map(|length| (bucket, length)))
        .map(|(bucket, length)| {
            let mut field = vec![b'x'; 2 + length];
            field[..2].copy_from_slice(&length.to_le_bytes()[..2]);
            field.resize(bucket.field_length(), 0);
            [&[bucket.code()], &field[..]].concat()
        })
        .collect()
}

pub(super) fn merkle_path() -> Vec<Vec<u8>> {
    let siblings = [[Fr::from(1), Fr::from(2), -Fr::from(1)]; LEVELS];
    [0, u32::MAX].map(|position| MerklePath::from_parts(position, siblings).to_bytes()).to_vec()
}

pub(super) fn nullifier_absence() -> Vec<Vec<u8>> {
    let store = MemoryStore::default();
    let nullifier = Nullifier::from_scalar(Fr::from(9)).expect("9 is a nullifier");
    let tree = NullifierTree::new(&store).open().expect("a store in memory reads");
    let absence = tree.absence(nullifier).expect("a store in memory reads");
    vec![absence.expect("no nullifier is in the set").to_bytes()]
}

pub(super) fn nullifier_bucket() -> Vec<Vec<u8>> {
    let store = MemoryStore::default();
    let tree = NullifierTree::new(&store).open().expect("a store in memory reads");
    let bucket = tree.bucket("0110".parse().expect("a prefix")).expect("a store in memory reads");
    vec![bucket.to_bytes()]
}

pub(super) fn operation() -> Vec<Vec<u8>> {
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let to = Account::of(&ed25519_dalek::SigningKey::from_bytes(&[1; 32]));
    let asset = AssetId::new(1).expect("a small id");
    [
        Action::Transfer { asset, amount: Value(5), to },
        Action::Mint { asset, amount: Value(u64::MAX), to },
        Action::RegisterAsset { symbol: "EURX".into(), decimals: 2, reference: b"ref".to_vec() },
        Action::Announce { kind: AnnouncementKind::Reserves, subject: [3; 32], hash: [4; 32] },
    ]
    .into_iter()
    .zip([Fee::NONE, Fee::new(asset, Value(2)).expect("a fee of an asset")].into_iter().cycle())
    .map(|(action, fee)| {
        UnsignedOperation { sender: Account::of(&key), nonce: 4, fee, action }.sign(&GENESIS, &key).to_bytes()
    })
    .collect()
}

pub(super) fn proof() -> Vec<Vec<u8>> {
    let (one, two) = (G1Affine::generator().to_compressed(), G2Affine::generator().to_compressed());
    vec![[&one[..], &two, &one].concat()]
}

/// In the order of the decoders of [`super::record`].
pub(super) fn record() -> Vec<Vec<u8>> {
    let asset = AssetId::new(1).expect("a small id");
    let address = shielded_address();
    let rho = Nullifier::from_scalar(Fr::from(99)).expect("not zero");
    let rseed = Secret::new([6; 32]);
    let parts = NoteParts { to: address, asset, value: Value(250), index: 2, rho, rseed };
    let note = Note::from_parts(parts).expect("a good note");
    let commitment = note.commitment();
    let output = OutputEntry {
        index: 2,
        kind: OutputKind::Received,
        address,
        asset,
        value: Value(250),
        commitment,
        memo: Memo::new(b"invoice 17").ok(),
    };
    let entry = HistoryEntry {
        number: 3,
        account: AccountNumber(0),
        txid: TxId([4; 32]),
        epoch: EPOCH,
        spend_tag: SpendTag::from_bytes(&[3; 32]).expect("below the modulus"),
        status: Status::Mined { height: 7, time: 1_800_000_000 },
        authorised: true,
        side: PublicSide::Internal,
        fee: Fee::new(asset, Value(2)).expect("a fee of an asset"),
        spent: vec![SpentEntry { commitment, asset, value: Value(250) }],
        outputs: vec![output],
        complete: true,
        first_position: Some(40),
        signed: Some(SignedEntry { plan: Some(PlanId([9; 16])), expiry: 64, bytes: vec![1, 2, 3] }),
    };
    let owned = OwnedNote {
        account: AccountNumber(0),
        direction: Direction::External,
        note,
        commitment,
        position: 42,
        height: 7,
        state: SpendState::Spent { entry: 3, height: 9 },
    };
    numbered(&[
        AccountNumber(0).to_bytes(),
        ChainParameters::new(chain()).to_bytes(),
        entry.to_bytes(),
        owned.to_bytes(),
    ])
}

pub(super) fn payment_request() -> Vec<Vec<u8>> {
    let to = shielded_address();
    // The address is last, so that no part of the text is a request.
    let whole = "louver:?asset=2&amount=1250&memo=T3JkZXIgNw&label=Caf%C3%A9&message=2+cups&later=1";
    [format!("louver:{to}"), format!("{whole}&address={to}"), format!("louver:?label.3=x&address.3={to}")]
        .into_iter()
        .map(String::into_bytes)
        .collect()
}

pub(super) fn text() -> Vec<Vec<u8>> {
    let viewing_key = viewing_key();
    let epoch_keys = viewing_key.epoch_keys(pool(), EPOCH);
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let strings = [
        shielded_address().to_string(),
        shielded_address().to_string().to_ascii_uppercase(),
        viewing_key.account_id(pool()).to_string(),
        Account::of(&key).to_string(),
        string::write_string(string::ASSET, &[1; 7]).to_string(),
        spending_key().to_secret_string().to_string(),
        viewing_key.to_secret_string().to_string(),
        viewing_key.incoming(pool(), Direction::External, EPOCH).to_secret_string().to_string(),
        viewing_key.outgoing(pool(), EPOCH).to_secret_string().to_string(),
        epoch_keys.nullifier.to_secret_string().to_string(),
        epoch_keys.detection.to_secret_string().to_string(),
    ];
    strings.map(String::into_bytes).to_vec()
}

pub(super) fn transaction() -> Vec<Vec<u8>> {
    codec("transaction")
}

/// The smallest key that is sound: of 3 variables, two of them public, and 2 rows; every point is a generator.
pub(super) fn compressed_key() -> Vec<Vec<u8>> {
    let counts = [2u32, 1, 1, 2, 1].map(u32::to_le_bytes).concat();
    let (g1, g2) = (G1Affine::generator().to_compressed(), G2Affine::generator().to_compressed());
    let head = [b"LouverPC", &[1, 1, Shape::TwoByThree.code(), 0][..], &[7; 32], &counts].concat();
    let (verifying, queries) = ([g1.repeat(3), g2.repeat(3), g1.repeat(2)], [g1.repeat(2), g1.to_vec()]);
    let variables = [0b011u8, 0b100];
    let key = [&head[..], &variables, &verifying.concat(), &queries.concat(), &g2, &g1, &g1].concat();
    vec![key]
}

pub(super) fn proving_key() -> Vec<Vec<u8>> {
    let expanded = |bytes: Vec<u8>| UnpinnedKey::expand(&bytes, &mut Unwatched).expect("a good seed");
    compressed_key().into_iter().map(|bytes| expanded(bytes).as_bytes().to_vec()).collect()
}

pub(super) fn verifying_key() -> Vec<Vec<u8>> {
    vec![include_bytes!("../../../circuits/keys/development-2x3.vk").to_vec()]
}

/// Encodings that the specification's vectors call valid.
fn codec(part: &str) -> Vec<Vec<u8>> {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../spec/vectors/codec.json")).expect("the vectors are JSON");
    let valid = vectors["valid"].as_array().expect("valid transactions");
    valid.iter().map(|case| hex::decode(case[part].as_str().unwrap_or("?")).expect("hexadecimal")).collect()
}

/// Each encoding after its number.
fn numbered(encodings: &[Vec<u8>]) -> Vec<Vec<u8>> {
    (0u8..).zip(encodings).map(|(number, bytes)| [&[number], &bytes[..]].concat()).collect()
}
