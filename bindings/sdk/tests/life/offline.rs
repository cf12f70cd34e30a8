//! A package is checked by its proof, without a node.

use louver_sdk::ChainChoice;

use super::*;

#[test]
fn a_package_is_checked_without_a_node() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let sent = world.send(&alice, world.pay("25 LVR", &bob.address(), "Rent"));
    world.blocks(1);
    alice.sync();
    let request = |txid: &str| PackageRequest {
        choice: PackageChoice::Transaction { txid: txid.to_owned(), output: None },
        detail: Detail::Full,
        auditor: "The bank".to_owned(),
        recipient: None,
        nonce: None,
        purpose: String::new(),
        days: 7,
        challenge: None,
    };
    let disclose = |txid: &str| {
        let made =
            block_on(alice.wallet.disclose(0, request(txid), alice.keys.clone(), world.prover.clone(), None));
        Package::read(made.unwrap()).unwrap()
    };
    let package = disclose(&sent.txid);
    let prove = |package: &Package| block_on(package.prove(world.node.clone())).unwrap();
    let proof = prove(&package);
    let genesis = block_on(world.node.status()).unwrap().genesis_hash;
    let anything = Expectations::default();
    let with_node = block_on(package.verify(world.node.clone(), anything.clone())).unwrap();
    let head = world.node.head();
    // From here on no node is asked.
    let check = |package: &Package, proof: &[u8], trust: Trust, wanted: &Expectations| {
        block_on(package.verify_offline(proof.to_vec(), trust, wanted.clone()))
    };
    let chosen = Trust { genesis_hash: Some(genesis.clone()), ..Trust::default() };
    let report = check(&package, &proof, chosen.clone(), &anything).unwrap();
    assert_eq!((&report.payments, &report.assets), (&with_node.payments, &with_node.assets));
    assert_eq!((report.offline, with_node.offline, report.chosen), (true, false, ChainChoice::Genesis));
    assert_eq!((report.head.height, &report.head.hash), (head.height, &head.hash));
    assert!(report.chain.iter().any(|line| line.contains("from a proof file, without a node")));

    // [own-follower] A node is nobody's own until its reader says so, and a check without a node rests on none.
    let own = Trust { own_node: Some(true), ..chosen.clone() };
    let mine = block_on(Node::connect(Arc::new(Http(world.url())), own.clone())).unwrap();
    let told = block_on(package.verify(mine, anything.clone())).unwrap();
    assert_eq!((told.head.own_node, with_node.head.own_node), (true, false));
    assert!(!check(&package, &proof, own, &anything).unwrap().head.own_node);

    let first = check(&package, &proof, Trust::default(), &anything).unwrap();
    assert_eq!(
        (first.chosen, first.payments[0].assurance),
        (ChainChoice::Nothing, Assurance::ChainNotChosen)
    );
    let pinned = |hash: &str| Trust { pin: Some(format!("{}:{hash}", head.height)), ..chosen.clone() };
    assert_eq!(check(&package, &proof, pinned(&head.hash), &anything).unwrap().chosen, ChainChoice::Block);
    let other = check(&package, &proof, pinned(&"07".repeat(32)), &anything).unwrap_err();
    assert!(matches!(other, PackageError::ProofOfOtherChain { .. }), "{other}");
    let foreign = Trust { genesis_hash: Some("07".repeat(32)), ..Trust::default() };
    let other = check(&package, &proof, foreign, &anything).unwrap_err();
    assert!(matches!(other, PackageError::ProofOfOtherChain { .. }), "{other}");
    let short = Trust { genesis_hash: Some("07".into()), ..Trust::default() };
    let unread = check(&package, &proof, short, &anything);
    assert!(matches!(unread, Err(PackageError::Node { error: NodeError::Choice { .. } })), "{unread:?}");
    let press = Expectations { auditor: Some("The press".to_owned()), ..anything.clone() };
    let other = check(&package, &proof, chosen.clone(), &press).unwrap_err();
    assert!(matches!(other, PackageError::OtherReader { .. }), "{other}");

    // Attacker: whoever alters the proof, shows that of another package, or cuts it short.
    // A byte that nothing depends on, such as one of a seal that is not needed, may be anything.
    let mut codes = Vec::new();
    for at in (0..proof.len()).step_by(151) {
        let mut flipped = proof.clone();
        flipped[at] ^= 1;
        match check(&package, &flipped, chosen.clone(), &anything) {
            Ok(told) => {
                assert_eq!((told.payments, told.head.hash), (report.payments.clone(), head.hash.clone()));
            }
            Err(error) => codes.push(error),
        }
    }
    let is_false = |error: &&PackageError| matches!(error, PackageError::ProofFalse { .. });
    let is_none = |error: &&PackageError| matches!(error, PackageError::NotAProof { .. });
    let (lies, unread) = (codes.iter().filter(is_false).count(), codes.iter().filter(is_none).count());
    assert!(lies > proof.len() / 300 && unread > 0, "{lies} and {unread} of {}", codes.len());
    let torn = check(&package, &proof[..proof.len() - 1], chosen.clone(), &anything).unwrap_err();
    assert!(matches!(torn, PackageError::NotAProof { .. }), "{torn}");
    let history = block_on(alice.wallet.history(0)).unwrap();
    let deposit = disclose(&history.last().unwrap().txid);
    let lacks = check(&deposit, &proof, chosen.clone(), &anything).unwrap_err();
    assert!(matches!(lacks, PackageError::ProofLacks { .. }), "{lacks}");
    check(&deposit, &prove(&deposit), chosen.clone(), &anything).unwrap();

    // The owner makes it of the request, since a package that is sealed is not for him to read.
    let of_owner = block_on(alice.wallet.disclosure_proof(0, request(&sent.txid))).unwrap();
    assert_eq!(of_owner, proof);
    let unknown = block_on(alice.wallet.disclosure_proof(0, request(&"00".repeat(32))));
    assert_eq!(unknown, Err(DiscloseError::Unknown));

    // Renewed, it leads to a newer block; and a chain without the payment proves nothing.
    let grown = world.blocks(3);
    assert_eq!(check(&package, &prove(&package), chosen, &anything).unwrap().head.height, grown);
    let elsewhere = World::new(9);
    assert_eq!(block_on(package.prove(elsewhere.node.clone())), Err(PackageError::NotProvable));
}
