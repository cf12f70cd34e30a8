//! Every decoder of ours, as a function that takes any bytes.
//!
//! Each checks that what decodes encodes to the very same bytes, and tells whether the bytes were accepted. An ordinary
//! test runs them over [seeds](Decoder::seeds) and mutations; `tests/fuzz` runs them under libFuzzer.

use age::x25519::Identity;
use louver_chain::{
    Account, Block, ChainTransaction, Header, Operation, SignedAct,
    commitment::{MapProof, Path, SetDigest},
    compact::{CompactBlock, CompactEntry, CompactForm},
    inclusion::{Kind, Leaf, transactions_root},
    state::opening::Opening,
};
use louver_circuits::{
    ceremony::{phase1::Phase1, phase2::Phase2},
    key_file::ParameterPolicy,
    proving_key::UnpinnedKey,
    verifier::read_proof,
    verifying_key::{self, VerifyingKey},
};
use louver_core::{
    address::{Address, OwnerTag},
    agreement::Element,
    asset::{AssetDescriptor, AssetId},
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    keys::{
        AccountId, AccountSpendingKey, AnyString, DetectionKey, FullViewingKey, GgmCover, IncomingViewingKey,
        NullifierKey, OutgoingViewingKey, RandomizedKey, SpendSignature, string,
    },
    ledger::Genesis,
    note::{
        commitment::NoteCommitment,
        encryption::{CompactNote, EphemeralKey},
        memo::{Memo, MemoBucket},
        nullifier::{Nullifier, SpendTag},
    },
    nullifier_tree::{Absence, Bucket},
    pool::PoolTag,
    proof::{Proof, Unwatched},
    secret::ExposeBytes,
    shape::Shape,
    store::Batch,
    transaction::{Effects, PublicSide, Transaction},
    tree::{Anchor, Frontier, MerklePath},
    value::Value,
};
use louver_light::{ChainProof, Evidence, Proven, Reader as LightReader, SealedHeader, Step};
use louver_viewkeys::{
    book::Book,
    challenge::Challenge,
    grant::Grant,
    package::Package,
    receipt::Receipt,
    reserves::{Inclusion, Liabilities},
    statement::StatementFile,
};
use louver_wallet::{
    account::AccountNumber, chain::ChainParameters, history::HistoryEntry, note::OwnedNote,
    payment_request::PaymentRequest,
};

mod seeds;

/// A decoder under test.
pub struct Decoder {
    /// Its name.
    pub name: &'static str,
    /// Decodes, checks, and tells if the bytes were accepted.
    pub run: fn(&[u8]) -> bool,
    /// Bytes that it accepts, to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const ALL: &[Decoder] = &[
    Decoder { name: "act", run: act, seeds: seeds::act },
    Decoder { name: "address", run: address, seeds: seeds::address },
    Decoder { name: "batch", run: batch, seeds: seeds::batch },
    Decoder { name: "block", run: block, seeds: seeds::block },
    Decoder { name: "book", run: book, seeds: seeds::book },
    Decoder { name: "challenge", run: challenge, seeds: seeds::challenge },
    Decoder { name: "commitment", run: commitment, seeds: seeds::commitment },
    Decoder { name: "compact_block", run: compact_block, seeds: seeds::compact_block },
    Decoder { name: "compressed_key", run: compressed_key, seeds: seeds::compressed_key },
    Decoder { name: "descriptor", run: descriptor, seeds: seeds::descriptor },
    Decoder { name: "effects", run: effects, seeds: seeds::effects },
    Decoder { name: "element", run: element, seeds: seeds::element },
    Decoder { name: "frontier", run: frontier, seeds: seeds::frontier },
    Decoder { name: "genesis", run: genesis, seeds: seeds::genesis },
    Decoder { name: "ggm_cover", run: ggm_cover, seeds: seeds::ggm_cover },
    Decoder { name: "grant", run: grant, seeds: seeds::grant },
    Decoder { name: "key", run: key, seeds: seeds::key },
    Decoder { name: "light", run: light, seeds: seeds::light },
    Decoder { name: "memo", run: memo, seeds: seeds::memo },
    Decoder { name: "merkle_path", run: merkle_path, seeds: seeds::merkle_path },
    Decoder { name: "nullifier_absence", run: nullifier_absence, seeds: seeds::nullifier_absence },
    Decoder { name: "nullifier_bucket", run: nullifier_bucket, seeds: seeds::nullifier_bucket },
    Decoder { name: "operation", run: operation, seeds: seeds::operation },
    Decoder { name: "package", run: package, seeds: seeds::package },
    Decoder { name: "payment_request", run: payment_request, seeds: seeds::payment_request },
    Decoder { name: "phase1", run: phase1, seeds: seeds::phase1 },
    Decoder { name: "phase2", run: phase2, seeds: seeds::phase2 },
    Decoder { name: "proof", run: proof, seeds: seeds::proof },
    Decoder { name: "proving_key", run: proving_key, seeds: seeds::proving_key },
    Decoder { name: "receipt", run: receipt, seeds: seeds::receipt },
    Decoder { name: "record", run: record, seeds: seeds::record },
    Decoder { name: "reserves", run: reserves, seeds: seeds::reserves },
    Decoder { name: "sealed_grant", run: sealed_grant, seeds: seeds::sealed_grant },
    Decoder { name: "statement", run: statement, seeds: seeds::statement },
    Decoder { name: "text", run: text, seeds: seeds::text },
    Decoder { name: "transaction", run: transaction, seeds: seeds::transaction },
    Decoder { name: "verifying_key", run: verifying_key, seeds: seeds::verifying_key },
];

/// One value, public or secret, that is the whole input.
fn round_trip<T: Encode + Decode>(bytes: &[u8]) -> bool {
    let Ok(value) = T::from_bytes(bytes) else { return false };
    assert_eq!(value.to_bytes(), bytes, "what decodes encodes to the same bytes");
    true
}

fn secret_round_trip<T: ExposeBytes + Decode>(bytes: &[u8]) -> bool {
    let Ok(value) = T::from_bytes(bytes) else { return false };
    assert_eq!(value.expose_bytes().as_slice(), bytes, "what decodes encodes to the same bytes");
    true
}

/// The first byte says which of several decoders reads the rest.
fn one_of(decoders: &[fn(&[u8]) -> bool], bytes: &[u8]) -> bool {
    let Some((choice, rest)) = bytes.split_first() else { return false };
    decoders.get(usize::from(*choice)).is_some_and(|decoder| decoder(rest))
}

/// A shielded address.
pub fn address(bytes: &[u8]) -> bool {
    round_trip::<Address>(bytes)
}

/// A write to a store.
pub fn batch(bytes: &[u8]) -> bool {
    round_trip::<Batch>(bytes)
}

/// A block of the node's chain. Its header is made to fit the body, so that the body is what is tried.
pub fn block(bytes: &[u8]) -> bool {
    let whole = |reader: &mut Reader<'_>| {
        let transaction = ChainTransaction::decode(reader)?;
        let compact = match transaction.kind() {
            Kind::Shielded => reader.array()?,
            Kind::Transparent => CompactForm::Transparent.hash(),
            Kind::Act => CompactForm::Act.hash(),
        };
        Ok(Leaf::new(&transaction, compact))
    };
    round_trip::<Block>(bytes) | fitting(bytes, whole).is_some_and(|bytes| round_trip::<Block>(&bytes))
}

/// Values that a light reader takes and keeps; the first byte says which.
pub fn light(bytes: &[u8]) -> bool {
    one_of(
        &[
            round_trip::<SealedHeader>,
            round_trip::<Step>,
            round_trip::<LightReader>,
            round_trip::<ChainProof>,
            round_trip::<Evidence>,
            round_trip::<Proven>,
        ],
        bytes,
    )
}

/// The part of a block that light wallets read, its header made to fit likewise.
pub fn compact_block(bytes: &[u8]) -> bool {
    let entry = |reader: &mut Reader<'_>| CompactEntry::decode(reader).map(|entry| entry.leaf());
    round_trip::<CompactBlock>(bytes)
        | fitting(bytes, entry).is_some_and(|bytes| round_trip::<CompactBlock>(&bytes))
}

/// A block with the root that its transactions have, if they and its header decode.
fn fitting(bytes: &[u8], leaf: impl Fn(&mut Reader<'_>) -> Result<Leaf, DecodeError>) -> Option<Vec<u8>> {
    let mut reader = Reader::new(bytes);
    let mut header = Header::decode(&mut reader).ok()?;
    let leaves = (0..reader.count(1).ok()?).map(|_| leaf(&mut reader).ok()).collect::<Option<Vec<_>>>()?;
    header.transactions_root = transactions_root(&leaves);
    Some([&header.to_bytes(), &bytes[Header::BYTES..]].concat())
}

/// Headers, and proofs under them; the first byte says which.
pub fn commitment(bytes: &[u8]) -> bool {
    one_of(
        &[
            round_trip::<Header>,
            round_trip::<Path>,
            round_trip::<MapProof>,
            round_trip::<SetDigest>,
            round_trip::<Opening>,
        ],
        bytes,
    )
}

/// A proving key in the form for downloads.
pub fn compressed_key(bytes: &[u8]) -> bool {
    let Ok(key) = UnpinnedKey::expand(bytes, &mut Unwatched) else { return false };
    assert_eq!(key.compress(), bytes, "what decodes encodes to the same bytes");
    true
}

/// An asset's descriptor.
pub fn descriptor(bytes: &[u8]) -> bool {
    round_trip::<AssetDescriptor>(bytes)
}

/// The effects of a transaction.
pub fn effects(bytes: &[u8]) -> bool {
    round_trip::<Effects>(bytes)
}

/// A value of fixed length; the first byte says which.
pub fn element(bytes: &[u8]) -> bool {
    one_of(
        &[
            round_trip::<AccountId>,
            round_trip::<Anchor>,
            round_trip::<AssetId>,
            round_trip::<Epoch>,
            round_trip::<MemoBucket>,
            round_trip::<NoteCommitment>,
            round_trip::<Nullifier>,
            round_trip::<OwnerTag>,
            round_trip::<PoolTag>,
            round_trip::<Proof>,
            round_trip::<RandomizedKey>,
            round_trip::<Shape>,
            round_trip::<SpendSignature>,
            round_trip::<SpendTag>,
            round_trip::<Value>,
            round_trip::<PublicSide>,
            round_trip::<EphemeralKey>,
            round_trip::<CompactNote>,
            round_trip::<Element>,
        ],
        bytes,
    )
}

/// The growing edge of the tree.
pub fn frontier(bytes: &[u8]) -> bool {
    round_trip::<Frontier>(bytes)
}

/// A chain's terms before its first block.
pub fn genesis(bytes: &[u8]) -> bool {
    round_trip::<Genesis>(bytes)
}

/// The nodes that open a range of epochs.
pub fn ggm_cover(bytes: &[u8]) -> bool {
    secret_round_trip::<GgmCover>(bytes)
}

/// A viewing grant, unsealed. Whatever decodes holds the keys of its scope, and of no other epoch or direction.
pub fn grant(bytes: &[u8]) -> bool {
    let Ok(grant) = Grant::from_bytes(bytes) else { return false };
    assert_eq!(grant.expose_bytes().as_slice(), bytes, "what decodes encodes to the same bytes");
    let (epochs, directions) = (grant.scope().epochs(), grant.scope().directions());
    let outside = epochs.last().0.checked_add(1).unwrap_or_else(|| epochs.first().0.wrapping_sub(1));
    for (epoch, inside) in [(epochs.first(), true), (epochs.last(), true), (Epoch(outside), false)] {
        assert_eq!(grant.incoming(epoch).is_some(), directions.incoming && inside);
        assert_eq!(grant.change(epoch).is_some(), directions.change && inside);
        assert_eq!(grant.outgoing(epoch).is_some(), directions.outgoing && inside);
        assert_eq!(grant.nullifier_key(epoch).is_some(), directions.spends && inside);
        assert_eq!(grant.detection_key(epoch).is_some(), directions.detection && inside);
    }
    true
}

/// A secret key; the first byte says which.
pub fn key(bytes: &[u8]) -> bool {
    one_of(
        &[
            secret_round_trip::<AccountSpendingKey>,
            secret_round_trip::<DetectionKey>,
            secret_round_trip::<FullViewingKey>,
            secret_round_trip::<IncomingViewingKey>,
            secret_round_trip::<NullifierKey>,
            secret_round_trip::<OutgoingViewingKey>,
        ],
        bytes,
    )
}

/// A memo in its padded field, as it stands in a note's plaintext; the first byte is the bucket's code.
pub fn memo(bytes: &[u8]) -> bool {
    let Some((code, field)) = bytes.split_first() else { return false };
    let Ok(bucket) = MemoBucket::from_bytes(&[*code]) else { return false };
    let Some(memo) = Memo::read_field(field).filter(|_| field.len() == bucket.field_length()) else {
        return false;
    };
    let (length, padded) = field.split_at(2);
    assert_eq!(length, &memo.as_bytes().len().to_le_bytes()[..2]);
    assert!(padded.strip_prefix(memo.as_bytes()).is_some_and(|rest| rest.iter().all(|byte| *byte == 0)));
    true
}

/// The way from a leaf to the root.
pub fn merkle_path(bytes: &[u8]) -> bool {
    round_trip::<MerklePath>(bytes)
}

/// `[nullifier-absence]`: that a nullifier is not in the set.
pub fn nullifier_absence(bytes: &[u8]) -> bool {
    round_trip::<Absence>(bytes)
}

/// The leaves of a tree of nullifiers that begin alike, with their ways to the root.
pub fn nullifier_bucket(bytes: &[u8]) -> bool {
    round_trip::<Bucket>(bytes)
}

/// An act of guardians or authorities, with its signatures.
pub fn act(bytes: &[u8]) -> bool {
    round_trip::<SignedAct>(bytes)
}

/// A signed operation of a transparent account.
pub fn operation(bytes: &[u8]) -> bool {
    round_trip::<Operation>(bytes)
}

/// A book.
pub fn book(bytes: &[u8]) -> bool {
    secret_round_trip::<Book>(bytes)
}

/// Somebody's debts, or a customer's file of them. It checks the claims of a customer's file too.
pub fn reserves(bytes: &[u8]) -> bool {
    if let Ok(inclusion) = Inclusion::from_bytes(bytes) {
        let _ = inclusion.check(inclusion.name());
    }
    round_trip::<Liabilities>(bytes) || round_trip::<Inclusion>(bytes)
}

/// A disclosure package.
pub fn package(bytes: &[u8]) -> bool {
    round_trip::<Package>(bytes)
}

/// A statement about an account.
pub fn statement(bytes: &[u8]) -> bool {
    secret_round_trip::<StatementFile>(bytes)
}

/// A reader's request.
pub fn challenge(bytes: &[u8]) -> bool {
    round_trip::<Challenge>(bytes)
}

/// A reader's receipt.
pub fn receipt(bytes: &[u8]) -> bool {
    round_trip::<Receipt>(bytes)
}

/// A ceremony's phase 1.
pub fn phase1(bytes: &[u8]) -> bool {
    let Ok(phase1) = Phase1::read(bytes, &mut Unwatched) else { return false };
    assert_eq!(phase1.to_bytes(), bytes, "what decodes encodes to the same bytes");
    true
}

/// A ceremony's phase 2.
pub fn phase2(bytes: &[u8]) -> bool {
    let Ok(phase2) = Phase2::read(bytes, &mut Unwatched) else { return false };
    assert_eq!(phase2.to_bytes(), bytes, "what decodes encodes to the same bytes");
    true
}

/// The points of a proof.
pub fn proof(bytes: &[u8]) -> bool {
    let Ok(points) = Proof::from_bytes(bytes).map(|proof| read_proof(&proof)) else { return false };
    let Ok(points) = points else { return false };
    let again =
        [&points.a.to_compressed()[..], &points.b.to_compressed(), &points.c.to_compressed()].concat();
    assert_eq!(again, bytes, "what decodes encodes to the same bytes");
    true
}

/// A proving key. One whose points are sound survives the way through the form for downloads.
pub fn proving_key(bytes: &[u8]) -> bool {
    let Ok(key) = UnpinnedKey::read(bytes.to_vec()) else { return false };
    if key.check().is_ok() {
        let again = UnpinnedKey::expand(&key.compress(), &mut Unwatched).expect("sound points");
        assert_eq!(again.as_bytes(), bytes, "what decodes encodes to the same bytes");
    }
    true
}

/// A record in a wallet's store; the first byte gives its kind.
pub fn record(bytes: &[u8]) -> bool {
    one_of(
        &[
            round_trip::<AccountNumber>,
            round_trip::<ChainParameters>,
            round_trip::<HistoryEntry>,
            round_trip::<OwnedNote>,
        ],
        bytes,
    )
}

/// A sealed grant, in the file that is handed over. It is opened with a key that is not a secret: the one of `age`'s own tests.
pub fn sealed_grant(bytes: &[u8]) -> bool {
    let Ok(grant) = Grant::open(bytes, Some(&reader())) else { return false };
    assert_eq!(grant.reader().recipient, Some(reader().to_public().to_string()));
    true
}

fn reader() -> Identity {
    const KEY: &str = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
    KEY.parse().expect("a well-known key")
}

/// A string for people, of any kind. Upper case throughout is read too, and written back in lower case.
pub fn text(bytes: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(bytes) else { return false };
    if let Ok(account) = text.parse::<Account>() {
        assert_eq!(account.to_string(), text.to_ascii_lowercase());
    }
    let Ok(read) = text.parse::<AnyString>() else { return false };
    let written = match &read {
        AnyString::Address(address) => address.to_string(),
        AnyString::AccountId(id) => id.to_string(),
        AnyString::TransparentAccount(account) => {
            string::write_string(string::TRANSPARENT_ACCOUNT, account).to_string()
        }
        AnyString::Asset(asset) => string::write_string(string::ASSET, &asset.to_bytes()).to_string(),
        AnyString::TravelRule(hash) => string::write_string(string::TRAVEL_RULE, hash).to_string(),
        AnyString::AccountSpendingKey(key) => key.to_secret_string().to_string(),
        AnyString::FullViewingKey(key) => key.to_secret_string().to_string(),
        AnyString::IncomingViewingKey(key) => key.to_secret_string().to_string(),
        AnyString::OutgoingViewingKey(key) => key.to_secret_string().to_string(),
        AnyString::NullifierKey(key) => key.to_secret_string().to_string(),
        AnyString::DetectionKey(key) => key.to_secret_string().to_string(),
    };
    assert_eq!(written, text.to_ascii_lowercase(), "what is read is written in the same way");
    let described = format!("{read:?} {:?}", read.describe());
    assert!(!read.is_secret() || !described.contains(&written), "no secret is shown");
    true
}

/// A payment request. Its parameters may stand in another order, and others beside them, so it is written again as a
/// request that means the same.
pub fn payment_request(bytes: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(bytes) else { return false };
    let Ok(request) = text.parse::<PaymentRequest>() else { return false };
    assert_eq!(request.to_string().parse(), Ok(request), "what is read is written so that it means the same");
    true
}

/// Effects with their authorisation: what goes over the wire.
pub fn transaction(bytes: &[u8]) -> bool {
    round_trip::<Transaction>(bytes)
}

/// A verifying key of the default shape, and the gate that it has to pass.
pub fn verifying_key(bytes: &[u8]) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(bytes, Shape::TwoByThree, ParameterPolicy::Development) else {
        return false;
    };
    assert_eq!(*key.hash(), verifying_key::hash(bytes), "what decodes encodes to the same bytes");
    true
}
