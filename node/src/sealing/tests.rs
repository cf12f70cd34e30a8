use louver_chain::{
    Act, Block, BlockHash, BlockLimits, Candidate, Deed, SignedAct, development,
    testing::{genesis, person},
};
use louver_core::{
    ledger::{Genesis, GenesisTerms},
    store::MemoryStore,
};
use louver_light::{Reader, Step, reader::Advance};

use super::*;

fn quorum(needed: u8, numbers: &[u8]) -> Quorum {
    let keys = numbers.iter().map(|number| person(*number).verifying_key().to_bytes()).collect();
    Quorum::new(needed, keys).unwrap()
}

/// A chain of which two of the authorities 1, 2 and 3 seal each block.
fn of_two() -> Genesis {
    let finality = Finality::Solo { authorities: quorum(2, &[1, 2, 3]), trusting_period: 1_000_000 };
    Genesis::new(GenesisTerms { finality, ..genesis().terms().clone() }).unwrap()
}

fn opened(store: MemoryStore, genesis: Genesis) -> Chain<MemoryStore> {
    Chain::open(store, genesis).unwrap()
}

fn sealer(folder: &tempfile::TempDir, keys: &[u8]) -> Sealer {
    let keys = keys.iter().map(|number| person(*number)).collect();
    Sealer::new(keys, Arc::new(Folder::open(folder.path()).unwrap()))
}

/// Makes a block; `spare` tells blocks of the same height apart.
fn make(chain: &mut Chain<MemoryStore>, spare: u64, acts: &[SignedAct]) -> Block {
    let candidates: Vec<_> = acts.iter().map(|act| Candidate::Act(Box::new(act.clone()))).collect();
    let time = chain.ledger().tip().time.max(chain.terms().time) + spare;
    let proposal = chain.propose(time, BlockLimits::default(), &candidates).unwrap();
    assert!(proposal.refused().is_empty(), "{:?}", proposal.refused());
    chain.commit(proposal).unwrap()
}

/// The store as a killed process leaves it: whatever was written, and nothing that was in memory.
fn killed(chain: &Chain<MemoryStore>) -> MemoryStore {
    chain.ledger().store().clone()
}

/// Everything of a height that was sealed and left the process, by its hash.
fn published(chains: &[&Chain<MemoryStore>], height: u32) -> Vec<BlockHash> {
    let mut hashes: Vec<_> = chains
        .iter()
        .filter_map(|chain| sealed_header(chain, height).unwrap())
        .map(|sealed| sealed.header.hash())
        .collect();
    hashes.sort_by_key(|hash| hash.0);
    hashes.dedup();
    hashes
}

/// Attack: whoever can kill a node at any moment makes it seal two blocks of one height, and two payees are paid with the
/// same money.
#[test]
fn a_kill_at_any_moment_never_makes_two_seals_of_a_height() {
    let folder = tempfile::tempdir().unwrap();
    let seal = |chain: &mut Chain<MemoryStore>| sealer(&folder, &[1, 2]).seal_last(chain);
    let mut chain = opened(MemoryStore::default(), of_two());
    seal(&mut chain).unwrap();
    make(&mut chain, 1, &[]);
    seal(&mut chain).unwrap();
    let file = Folder::open(folder.path()).unwrap().last_sealed().unwrap();
    assert_eq!(file, Some(LastSealed::Block { height: 1, hash: chain.tip_hash() }));

    // Before the block is durable: another one takes its place, and is the only one that is sealed.
    let before = killed(&chain);
    let mut lost = opened(before.clone(), of_two());
    make(&mut lost, 5, &[]);
    let mut again = opened(before, of_two());
    make(&mut again, 6, &[]);
    // Between the block and the file.
    let mut again = opened(killed(&again), of_two());
    assert!(!is_sealed(&again).unwrap());
    let unsealed = killed(&again);
    seal(&mut again).unwrap();
    assert_eq!(published(&[&lost, &again], 2), [again.tip_hash()]);
    // Between the file and the seal: the very same block is sealed, with the same bytes.
    let mut after_file = opened(unsealed, of_two());
    seal(&mut after_file).unwrap();
    assert_eq!(after_file.seals(2).unwrap(), again.seals(2).unwrap());
    // The first block of a height comes back from a copy of the disk: it is not sealed any more.
    let refused = seal(&mut lost);
    assert!(matches!(refused, Err(SealingError::OtherBlock { height: 2 })), "{refused:?}");
    assert_eq!(published(&[&lost, &again, &after_file], 2).len(), 1);
}

/// Attack: whoever puts an older copy of the disk in place of the newer one makes the node seal other blocks.
#[test]
fn an_older_copy_seals_nothing_and_goes_on_when_it_has_caught_up() {
    let folder = tempfile::tempdir().unwrap();
    let seal = |chain: &mut Chain<MemoryStore>| sealer(&folder, &[1, 2]).seal_last(chain);
    let mut chain = opened(MemoryStore::default(), of_two());
    make(&mut chain, 1, &[]);
    seal(&mut chain).unwrap();
    let older = killed(&chain);
    let blocks: Vec<_> = (0..3)
        .map(|_| {
            let block = make(&mut chain, 1, &[]);
            seal(&mut chain).unwrap();
            block
        })
        .collect();
    let mut older = opened(older, of_two());
    let refused = seal(&mut older);
    assert!(matches!(refused, Err(SealingError::Behind { sealed: 4, height: 1 })), "{refused:?}");
    assert!(refused.unwrap_err().to_string().contains("louver node --follow"));
    // A block is made all the same, as by a node that does not look: it is not sealed.
    let mut careless = opened(killed(&older), of_two());
    make(&mut careless, 9, &[]);
    assert!(seal(&mut careless).is_err());
    assert!(!is_sealed(&careless).unwrap());
    // The missing blocks come from elsewhere.
    for block in blocks {
        let height = block.header().height;
        let proposal = older.replay(block, &louver_chain::testing::ZeroProofs::default()).unwrap();
        older.commit(proposal).unwrap();
        older.keep_seals(height, &chain.seals(height).unwrap().unwrap(), None).unwrap();
    }
    seal(&mut older).unwrap();
    // Another branch that is longer is none to go on with.
    for _ in 0..6 {
        make(&mut careless, 9, &[]);
        let height = careless.height();
        careless.keep_seals(height, &chain.seals(1).unwrap().unwrap(), None).unwrap();
    }
    assert!(matches!(seal(&mut careless), Err(SealingError::OtherBlock { height: 4 })));
    make(&mut older, 1, &[]);
    seal(&mut older).unwrap();
    assert!(is_sealed(&older).unwrap());
}

/// Attack: as above, with a folder that lost what it knew, or that is a backup.
#[test]
fn a_copy_and_a_folder_without_the_file_seal_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut chain = opened(MemoryStore::default(), of_two());
    let sealer = sealer(&folder, &[1, 2]);
    for _ in 0..2 {
        make(&mut chain, 1, &[]);
        sealer.seal_last(&mut chain).unwrap();
    }
    // It is missed before another block is made, which could not be sealed and would stop every reader.
    std::fs::remove_file(folder.path().join("sealed")).unwrap();
    assert!(matches!(sealer.seal_last(&mut chain), Err(SealingError::FileMissing { height: 2 })));
    let wrong = take_word(&sealer.folder, &chain, (1, chain.tip_hash()));
    assert!(matches!(wrong, Err(SealingError::OtherLast { height: 2, .. })));
    take_word(&sealer.folder, &chain, (2, chain.tip_hash())).unwrap();
    sealer.seal_last(&mut chain).unwrap();
    sealer.folder.put_last_sealed(LastSealed::Unknown).unwrap();
    make(&mut chain, 1, &[]);
    assert!(matches!(sealer.seal_last(&mut chain), Err(SealingError::Copy { height: 3 })));
    std::fs::remove_file(folder.path().join("sealed")).unwrap();
    assert!(matches!(sealer.seal_last(&mut chain), Err(SealingError::FileMissing { height: 3 })));
    std::fs::write(folder.path().join("sealed"), b"LVRSEAL1 and something else").unwrap();
    let refused = sealer.seal_last(&mut chain);
    assert!(matches!(refused, Err(SealingError::Folder(FolderError::SealedDamaged { .. }))), "{refused:?}");
    assert!(!is_sealed(&chain).unwrap());
}

#[test]
fn a_disk_that_is_full_for_the_file_leaves_the_block_unsealed() {
    let folder = tempfile::tempdir().unwrap();
    let mut chain = opened(MemoryStore::default(), of_two());
    let sealer = sealer(&folder, &[1, 2]);
    make(&mut chain, 1, &[]);
    // A folder in the place of the new file: writing it fails.
    std::fs::create_dir(folder.path().join("sealed.new")).unwrap();
    let refused = sealer.seal_last(&mut chain);
    assert!(refused.is_err_and(|error| error.is_storage()));
    assert!(!is_sealed(&chain).unwrap());
    std::fs::remove_dir(folder.path().join("sealed.new")).unwrap();
    sealer.seal_last(&mut chain).unwrap();
    assert!(is_sealed(&chain).unwrap());
}

#[test]
fn keys_are_counted_once_and_only_those_of_authorities() {
    let folder = tempfile::tempdir().unwrap();
    let mut chain = opened(MemoryStore::default(), of_two());
    make(&mut chain, 1, &[]);
    for keys in [&[][..], &[1], &[1, 1], &[2, 4, 5]] {
        let sealer = sealer(&folder, keys);
        assert!(matches!(
            sealer.check_keys(&chain),
            Err(SealingError::Keys(SealError::TooFew { needed: 2, .. }))
        ));
        assert!(matches!(sealer.seal_last(&mut chain), Err(SealingError::Keys(_))));
        assert_eq!(sealer.folder.last_sealed().unwrap(), None);
    }
    sealer(&folder, &[3, 1]).check_keys(&chain).unwrap();
}

/// Attack: whoever stole the old keys alone hands the chain over to himself. The block is sealed by the new ones too, so
/// that nobody hands it over to keys that nobody has.
#[test]
fn a_change_of_authorities_is_sealed_by_both_and_led_across() {
    let folder = tempfile::tempdir().unwrap();
    let mut chain = opened(MemoryStore::default(), of_two());
    let deed = Deed::RotateAuthorities(quorum(1, &[7]));
    let act = Act { sequence: 0, deed };
    let hash = of_two().hash();
    let signatures = [1, 2].map(|number| act.sign(&hash, &person(number)));
    let act = SignedAct::new(act, signatures.to_vec());
    make(&mut chain, 1, &[]);
    sealer(&folder, &[1, 2]).seal_last(&mut chain).unwrap();
    make(&mut chain, 1, &[act]);
    let alone = sealer(&folder, &[1, 2]).seal_last(&mut chain);
    assert!(matches!(alone, Err(SealingError::Keys(_))), "{alone:?}");
    sealer(&folder, &[1, 2, 7]).seal_last(&mut chain).unwrap();
    for _ in 0..2 {
        make(&mut chain, 1, &[]);
        assert!(sealer(&folder, &[1, 2]).seal_last(&mut chain).is_err());
        sealer(&folder, &[7]).seal_last(&mut chain).unwrap();
    }
    assert_eq!(chain.rotations_after(0, 9).unwrap(), [2]);
    assert_eq!(chain.rotations_after(2, 9).unwrap(), Vec::<u32>::new());
    assert_eq!(authorities_before(&chain, 2).unwrap(), quorum(2, &[1, 2, 3]));
    assert_eq!(authorities_before(&chain, 3).unwrap(), quorum(1, &[7]));
    let mut reader = Reader::of_keys(&of_two(), 1_000);
    for height in 1..=4 {
        let sealed = sealed_header(&chain, height).unwrap().unwrap();
        let rotation = rotation_at(&chain, height).unwrap();
        assert_eq!(rotation.is_some(), height == 2);
        let step = Step { sealed, history: None, rotation };
        assert_eq!(reader.advance(step, 1_000), Ok(Advance::Moved), "{height}");
    }
}

/// A development chain has the key of its authority by itself.
#[test]
fn a_development_chain_is_sealed_with_its_public_key() {
    let folder = tempfile::tempdir().unwrap();
    let mut chain = opened(MemoryStore::default(), genesis());
    let sealer =
        Sealer::new(vec![development::authority_key()], Arc::new(Folder::open(folder.path()).unwrap()));
    make(&mut chain, 1, &[]);
    sealer.seal_last(&mut chain).unwrap();
    let sealed = sealed_header(&chain, 1).unwrap().unwrap();
    sealed.verify(&genesis().hash(), &authorities_before(&chain, 1).unwrap()).unwrap();
}

/// A block that goes on the chain's last one; `spare` tells blocks of the same height apart.
fn proposed(chain: &Chain<MemoryStore>, spare: u64) -> Block {
    let time = chain.ledger().tip().time.max(chain.terms().time) + spare;
    chain.propose(time, BlockLimits::default(), &[]).unwrap().block().clone()
}

/// Attack: whoever can kill a cosigner at any moment makes it seal two blocks of one height.
#[test]
fn a_cosigner_that_is_killed_at_any_moment_seals_one_block_of_a_height() {
    let folder = tempfile::tempdir().unwrap();
    let mut chain = opened(MemoryStore::default(), of_two());
    make(&mut chain, 1, &[]);
    sealer(&folder, &[1, 2]).seal_last(&mut chain).unwrap();
    let seal = |chain: &Chain<MemoryStore>, block: &Block| sealer(&folder, &[2]).seal_aside(chain, block);
    let [lost, first, other] = [3, 4, 5].map(|spare| proposed(&chain, spare));
    let hash = |block: &Block| block.header().hash();

    // Before the block is durable: nothing is sealed, and another one may be.
    std::fs::create_dir(folder.path().join("proposal.new")).unwrap();
    assert!(seal(&chain, &lost).is_err_and(|error| error.is_storage()));
    std::fs::remove_dir(folder.path().join("proposal.new")).unwrap();
    // Between the block and the file that names it.
    std::fs::create_dir(folder.path().join("sealed.new")).unwrap();
    assert!(seal(&chain, &lost).is_err_and(|error| error.is_storage()));
    std::fs::remove_dir(folder.path().join("sealed.new")).unwrap();
    assert_eq!(sealer(&folder, &[2]).sealed_at(2).unwrap(), None);
    let given = seal(&chain, &first).unwrap();
    assert_eq!(given, [AuthoritySeal::sign(&of_two().hash(), hash(&first), &person(2))]);
    // After it: the very same seal again, and no other.
    assert_eq!(seal(&chain, &first).unwrap(), given);
    for block in [&lost, &other] {
        assert!(matches!(seal(&chain, block), Err(SealingError::OtherBlock { height: 2 })));
    }
    assert_eq!(sealer(&folder, &[2]).pending(&chain).unwrap().map(|block| hash(&block)), Some(hash(&first)));
    // Another block is final: this one is past, and the next height is free.
    make(&mut chain, 5, &[]);
    assert_eq!(chain.tip_hash(), hash(&other));
    assert_eq!(sealer(&folder, &[2]).pending(&chain).unwrap(), None);
    chain.keep_seals(2, &chain.seals(1).unwrap().unwrap(), None).unwrap();
    let next = proposed(&chain, 1);
    seal(&chain, &next).unwrap();
    // An older copy of the chain gets no seal at or below what was sealed.
    chain.roll_back(1).unwrap();
    assert!(matches!(seal(&chain, &other), Err(SealingError::Behind { sealed: 3, height: 1 })));
    assert!(matches!(seal(&chain, &first), Err(SealingError::Behind { .. })));
}

/// Attack: as above, with a folder whose files are lost, damaged, or a copy.
#[test]
fn a_cosigner_without_its_files_seals_no_second_block() {
    let folder = tempfile::tempdir().unwrap();
    let chain = opened(MemoryStore::default(), of_two());
    let seal = |block: &Block| sealer(&folder, &[2]).seal_aside(&chain, block);
    let [first, other] = [1, 2].map(|spare| proposed(&chain, spare));
    seal(&first).unwrap();
    std::fs::remove_file(folder.path().join("sealed")).unwrap();
    assert!(matches!(seal(&other), Err(SealingError::FileMissing { height: 1 })));
    seal(&first).unwrap();
    std::fs::remove_file(folder.path().join("proposal")).unwrap();
    assert!(matches!(seal(&other), Err(SealingError::OtherBlock { height: 1 })));
    seal(&first).unwrap();
    let file = folder.path().join("proposal");
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let refused = seal(&first);
    assert!(matches!(refused, Err(SealingError::Folder(FolderError::ProposalDamaged { .. }))), "{refused:?}");
    std::fs::remove_file(file).unwrap();
    Folder::open(folder.path()).unwrap().put_last_sealed(LastSealed::Unknown).unwrap();
    assert!(matches!(seal(&first), Err(SealingError::Copy { .. })));
}

/// A node that sealed alone is started again with fewer keys, after it was killed between a block and its seal.
#[test]
fn a_block_that_was_not_sealed_is_set_aside_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut chain = opened(MemoryStore::default(), of_two());
    let block = make(&mut chain, 1, &[]);
    let few = sealer(&folder, &[2]);
    few.set_last_aside(&mut chain).unwrap();
    assert_eq!((chain.height(), few.pending(&chain).unwrap()), (0, Some(block.clone())));
    few.seal_aside(&chain, &block).unwrap();
    few.check_folder(&chain).unwrap();
    few.set_last_aside(&mut chain).unwrap();
}
