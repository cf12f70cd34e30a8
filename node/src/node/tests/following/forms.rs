//! Compact forms that are not those of their transactions: under a seal, and in a body that nobody sealed.

use louver_chain::testing::context;
use louver_core::compact::CompactTransaction;

use super::*;

/// A payment of Alice's into the pool, as a block takes it, and the compact form of it.
fn paid(amount: u64) -> (Candidate, CompactForm) {
    let (genesis, alice) = (genesis(), person(1));
    let draft = Draft::deposit(7, Anchor::empty_tree(), Account::of(&alice).into(), coin(), amount);
    let transaction = signed(&genesis, &draft, Some(&alice));
    let verified = transaction.verify(context(&genesis, &draft), &ZeroProofs::default()).unwrap();
    let form = CompactForm::Shielded(Box::new(CompactTransaction::new(&verified)));
    (Candidate::Shielded(Box::new(verified)), form)
}

/// The same transactions under a header that binds other compact forms of them.
fn bent(block: &Block, forms: &[CompactForm]) -> Block {
    let parts: Vec<_> =
        block.transactions().iter().cloned().zip(forms.iter().map(CompactForm::hash)).collect();
    let leaves: Vec<_> = parts.iter().map(|(of, compact)| Leaf::new(of, *compact)).collect();
    let header = Header { transactions_root: transactions_root(&leaves), ..block.header().clone() };
    Block::new(header, parts).unwrap()
}

/// The bytes of a block's transactions, under the header of another.
fn under(header: &Header, body: &Block) -> Vec<u8> {
    let (header, own) = (header.to_bytes(), body.header().to_bytes());
    [&header, &body.to_bytes()[own.len()..]].concat()
}

/// Attacker: authorities who show wallets and auditors another payment than the block makes. Everything else in the block is
/// right, and the form is that of a payment which could have been made. The follower stops, and its file shows it.
#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_compact_form_that_is_not_the_transactions_own_stops_the_follower() {
    let mut before = chain();
    extend(&mut before, 1, &[0]);
    let mut honest = Chain::open(before.ledger().store().clone(), genesis()).unwrap();
    let block = extend_by(&mut honest, 2, &[paid(500).0]);
    let bent = bent(&block, &[paid(5).1]);
    let mut forger = Forger::of(&before);
    forger.seal(&bent);
    let folder = tempfile::tempdir().unwrap();
    let node = follower(folder.path(), Served(Arc::new(Mutex::new(forger)))).await;
    let sentence = holds(&node).await;
    assert!(sentence.contains("block 2") && sentence.contains("transactions root"), "{sentence}");
    assert_eq!(node.height(), 1);
    node.shutdown().await.unwrap();
    let file = EvidenceFile::read(&std::fs::read(folder.path().join("evidence")).unwrap()).unwrap();
    let shown = file.verify_on(&before, &ZeroProofs::default()).unwrap().unwrap();
    assert!(shown.to_string().contains("transactions root"), "{shown}");
    // The honest block, sealed and in the same kind of file, shows nothing.
    let step = Step { sealed: sealed(block.header().clone()), history: None, rotation: None };
    let file = EvidenceFile::Block(Box::new(RefusedBlock { step, body: block.to_bytes() }));
    let shown = file.verify_on(&before, &ZeroProofs::default());
    assert!(matches!(shown, Err(FileError::NothingWrong)), "{shown:?}");
}

/// Attacker: a server that alters the form in a block which honest authorities sealed, so that a follower accuses them; and
/// authorities who seal a form of an operation, of which no block can be written down. Neither is taken, and neither is held
/// against anybody: the follower waits, and goes on when it is given the block that was sealed.
#[tokio::test(flavor = "multi_thread")]
async fn a_compact_form_that_is_not_under_the_seal_is_refused_and_accuses_nobody() {
    let mut before = chain();
    extend(&mut before, 1, &[0]);
    let mut honest = Chain::open(before.ledger().store().clone(), genesis()).unwrap();
    let (deposit, form) = paid(500);
    let block = extend_by(&mut honest, 2, &[deposit]);
    let of_operation = {
        let first = before.block(1).unwrap().unwrap();
        let bent = bent(&first, &[form]);
        (bent.header().clone(), under(bent.header(), &first))
    };
    let of_payment = (block.header().clone(), under(block.header(), &bent(&block, &[paid(5).1])));
    for (chain, (header, body)) in [(&chain(), of_operation), (&before, of_payment)] {
        let mut forger = Forger::of(chain);
        forger.steps.push(Step { sealed: sealed(header), history: None, rotation: None });
        forger.bodies.push(body);
        let (folder, served) = (tempfile::tempdir().unwrap(), Served(Arc::new(Mutex::new(forger))));
        let node = follower(folder.path(), served.clone()).await;
        let sentence = complains(&node).await;
        assert!(sentence.contains("the header's root of the transactions"), "{sentence}");
        assert_eq!(node.height(), chain.height());
        assert!(node.engine.troubles().evidence.is_none() && !folder.path().join("evidence").exists());
        *served.0.lock().unwrap() = Forger::of(&honest);
        reaches(&node, 2).await;
        // The form that it shows is the one that it made itself.
        let shown = Client::of(&node).ask(|client| client.bytes("/v1/compact-blocks?from=2&to=2")).await;
        let own = honest.compact_block(2).unwrap().unwrap().to_bytes();
        assert!(shown.windows(own.len()).any(|window| window == own));
        node.shutdown().await.unwrap();
    }
}
