//! A chain with transactions, its authorities, and states that no honest chain has.

use ed25519_dalek::SigningKey;
use louver_chain::{
    Account, Action, BlockLimits, Candidate, Chain, Header,
    commitment::list::ListUse,
    state::{Section, opening::Opening},
    testing::{ZeroProofs, coin, context, genesis, mint, operation, person, signed},
};
use louver_core::{
    encoding::{Decode, Encode},
    epoch::EpochSchedule,
    ledger::{Finality, Genesis, GenesisTerms, Quorum, testing::Draft},
    pool::GenesisHash,
    spec::b32,
    store::MemoryStore,
    tree::Anchor,
    value::Value,
};

use crate::{SealedHeader, Step, rotation::Rotation, seal::Seals};

pub(crate) const PERIOD: u32 = 1_000_000;

/// Blocks in which there is an operation and, while the drafts' anchor counts, a deposit.
pub(crate) const BLOCKS: u32 = 20;

pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

pub(crate) fn quorum(needed: u8, numbers: &[u8]) -> Quorum {
    Quorum::new(needed, numbers.iter().map(|number| key(*number).verifying_key().to_bytes()).collect())
        .unwrap()
}

/// A chain whose authorities are 2 of 3: keys 1, 2 and 3.
pub(crate) struct World {
    pub(crate) chain: Chain<MemoryStore>,
    pub(crate) authorities: Quorum,
}

impl World {
    pub(crate) fn new() -> Self {
        let authorities = quorum(2, &[1, 2, 3]);
        let finality = Finality::Solo { authorities: authorities.clone(), trusting_period: PERIOD };
        // All of it happens in the drafts' epoch, the first.
        let schedule = EpochSchedule::seconds(0, 1 << 20, 8).unwrap();
        let terms = GenesisTerms { finality, schedule, ..genesis().terms().clone() };
        let chain = Chain::open(MemoryStore::default(), Genesis::new(terms).unwrap()).unwrap();
        let mut world = Self { chain, authorities };
        (1..=BLOCKS).for_each(|height| world.extend(height));
        world
    }

    fn extend(&mut self, height: u32) {
        let (genesis, alice) = (self.genesis().clone(), person(1));
        let hash = genesis.hash();
        let nonce = u64::from(height) - 1;
        let pay = Action::Transfer { asset: coin(), amount: Value(1), to: Account([9; 32]) };
        let transparent = |operation: louver_chain::Operation| {
            Candidate::Transparent(Box::new(operation.verify(&hash).unwrap()))
        };
        let mut candidates = vec![
            transparent(mint(&hash, nonce, &alice, 1_000)),
            transparent(operation(&hash, &alice, nonce, pay)),
        ];
        if height < 8 {
            let draft = Draft::deposit(
                u64::from(height) * 8,
                Anchor::empty_tree(),
                Account::of(&alice).into(),
                coin(),
                5,
            );
            let deposit = signed(&genesis, &draft, Some(&alice));
            let verified = deposit.verify(context(&genesis, &draft), &ZeroProofs::default()).unwrap();
            candidates.push(Candidate::Shielded(Box::new(verified)));
        }
        let time = self.genesis().terms().time.max(1_000) + u64::from(height) * 60;
        let proposal = self.chain.propose(time, BlockLimits::default(), &candidates).unwrap();
        assert!(proposal.refused().is_empty(), "{:?}", proposal.refused());
        self.chain.commit(proposal).unwrap();
    }

    pub(crate) fn genesis(&self) -> &Genesis {
        self.chain.ledger().genesis()
    }

    pub(crate) fn hash(&self) -> GenesisHash {
        self.genesis().hash()
    }

    pub(crate) fn header(&self, height: u32) -> Header {
        self.chain.block(height).unwrap().unwrap().header().clone()
    }

    /// A header, sealed by keys 1 and 3.
    pub(crate) fn seal(&self, header: Header) -> SealedHeader {
        SealedHeader::sign(&self.hash(), header, &self.authorities, &[key(1), key(3)])
    }

    pub(crate) fn sealed(&self, height: u32) -> SealedHeader {
        self.seal(self.header(height))
    }

    /// A step from one height to another.
    pub(crate) fn step(&self, from: u32, to: u32) -> Step {
        let history = if to == from + 1 { None } else { self.chain.history_path(from, to).unwrap() };
        Step { sealed: self.sealed(to), history, rotation: None }
    }

    /// The time of the last block.
    pub(crate) fn now(&self) -> u64 {
        self.header(BLOCKS).time
    }

    /// A header after another that hands over to new authorities, sealed by both.
    pub(crate) fn rotation(&self, after: &Header, by: &Quorum, new: &Quorum, keys: &[SigningKey]) -> Step {
        let finality = Finality::Solo { authorities: new.clone(), trusting_period: PERIOD };
        let changed = [&1u32.to_le_bytes()[..], &finality.to_bytes()].concat();
        let value = b32(b"LouverAuthorStat", &[&changed]);
        let fact = [&[6][..], &changed].concat();
        let (state_root, authorities) = state(Section::Authorities, value, &fact);
        let header = Header {
            height: after.height + 1,
            previous: after.hash(),
            time: after.time + 1,
            state_root,
            ..after.clone()
        };
        let seals = Seals::sign(&self.hash(), header.hash(), new, keys);
        let sealed = SealedHeader::sign(&self.hash(), header, by, keys);
        Step { sealed, history: None, rotation: Some(Rotation { authorities, seals }) }
    }
}

/// A state in which 6 of the coin are in the pool, of 5 that were issued, and its opening.
pub(crate) fn inflated() -> ([u8; 32], Opening) {
    let (asset, issued, in_pool) = (coin(), 5u64, 6u64);
    let value = [issued.to_le_bytes(), in_pool.to_le_bytes()].concat();
    let key_hash = b32(b"LouverSupplyKey", &[&asset.to_le_bytes()]);
    let leaf = b32(b"LouverSupplyLeaf", &[&key_hash, &b32(b"LouverSupplyVal", &[&value])]);
    let root = b32(b"LouverSupplyRoot", &[&leaf]);
    // Kind, asset and amounts; the map's root; a proof of the only key: it ends at the value, without hashes.
    let fact = [&[2][..], &asset.to_le_bytes(), &value, &root, &[1, 0, 0]].concat();
    state(Section::Supply, root, &fact)
}

/// A state whose section has a value, and the opening of a fact: as the book says, and with the other sections made up.
pub(crate) fn state(section: Section, value: [u8; 32], fact: &[u8]) -> ([u8; 32], Opening) {
    let list = ListUse { node: b"LouverStateNode", root: b"LouverStateRoot" };
    let leaves: Vec<_> = Section::ALL
        .iter()
        .map(|other| {
            let value = if *other == section { value } else { [0x55; 32] };
            let label = other.label().as_bytes();
            b32(b"LouverStateLeaf", &[&[u8::try_from(label.len()).unwrap()], label, &value])
        })
        .collect();
    let path = list.path(&leaves, section as u64).unwrap();
    let opening = Opening::from_bytes(&[fact, &path.to_bytes()].concat()).unwrap();
    let root = list.root(&leaves);
    opening.verify(&root).unwrap();
    (root, opening)
}
