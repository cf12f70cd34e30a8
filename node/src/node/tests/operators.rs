//! An operator's view of a node: backups, questions and metrics.

use super::*;
use crate::{
    backup::{self, Since},
    opening,
    operator::{self, Answer, AskError, Question},
};

/// A backup is of one moment, whatever happens meanwhile, and the chain goes on from it.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_restores_to_a_chain_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let place = tempfile::tempdir().unwrap();
    let (out, again) = (place.path().join("backup"), place.path().join("again"));
    let config = NodeConfig { inclusion_delay: Some(Duration::from_millis(1)), ..config(folder.path()) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    let client = Client::of(&node);
    let load = client.ask(|client| {
        for nonce in 0..200 {
            client.submit(&transparent(mint(&genesis().hash(), nonce, &person(1), 5)));
        }
    });
    let mut tip = node.engine.watch_tip();
    let (data, into) = (folder.path().to_owned(), out.clone());
    let back_up = async {
        tip.wait_for(|tip| *tip >= 3).await.unwrap();
        tokio::task::spawn_blocking(move || {
            let question = Question::Backup { out: into };
            let first = operator::ask(&data, &question);
            // Nothing is written over a backup.
            assert!(matches!(operator::ask(&data, &question), Err(AskError::Refused(_))));
            let relative = Question::Backup { out: "backup".into() };
            assert!(matches!(operator::ask(&data, &relative), Err(AskError::Refused(_))));
            first
        })
        .await
        .unwrap()
    };
    let ((), answer) = tokio::join!(load, back_up);
    let Ok(Answer::BackedUp { height }) = answer else { panic!("{answer:?}") };
    assert!(height >= 3);
    let blocks = client.ask(move |client| client.bytes(&format!("/v1/blocks/{height}"))).await;
    node.shutdown().await.unwrap();

    assert_eq!(backup::restore(&out, &again, Since::Nothing).unwrap(), height);
    assert!(matches!(
        backup::restore(&out, &again, Since::Nothing),
        Err(NodeError::Folder(FolderError::NotEmpty(_)))
    ));
    let proofs = |_: &Genesis,
                  _: &[louver_core::ledger::RulesEntry]|
     -> Result<Box<dyn louver_core::proof::Verify>, NodeError> {
        Ok(Box::new(ZeroProofs::default()))
    };
    assert!(opening::check(&again, proofs, |_| {}).unwrap().faults.is_empty());
    let node = super::node(&again).await;
    Client::of(&node)
        .ask(move |client| {
            assert_eq!(client.bytes(&format!("/v1/blocks/{height}")), blocks);
            client.produce(1);
            assert_eq!(client.get("/v1/status").1["height"], height + 1);
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attack: whoever was paid after the backup is paid again, by blocks that the restored node seals in place of those that it
/// sealed before.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_which_more_may_be_sealed_makes_no_block() {
    let folder = tempfile::tempdir().unwrap();
    let place = tempfile::tempdir().unwrap();
    let (out, again) = (place.path().join("backup"), place.path().join("again"));
    let node = node(folder.path()).await;
    Client::of(&node).ask(endow).await;
    let (snapshot, genesis, _) = node.engine.snapshot().unwrap();
    backup::write(&snapshot, &genesis, &out).unwrap();
    drop(snapshot);
    node.shutdown().await.unwrap();
    backup::restore(&out, &again, Since::Perhaps).unwrap();
    // The folder of the backup itself, and what was restored of it.
    for data in [&again, &out] {
        let node = super::node(data).await;
        Client::of(&node)
            .ask(|client| {
                let (status, answer) = client.post("/v1/blocks", &json!({}));
                assert_eq!((status, &answer["error"]["code"]), (503, &json!("blocks_missing")));
                assert_eq!(client.get("/ready").0, 503);
                let status = client.get("/v1/status").1;
                assert!(status["troubles"][0].as_str().unwrap().contains("--follow"), "{status}");
                assert_eq!(status["height"], 2);
            })
            .await;
        node.shutdown().await.unwrap();
    }
}

/// A thief gains by cutting a backup, or by another chain's genesis beside it: nothing is restored, and nothing is left.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_not_whole_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node).ask(endow).await;
    let place = tempfile::tempdir().unwrap();
    let (out, again) = (place.path().join("backup"), place.path().join("again"));
    let (snapshot, genesis, _) = node.engine.snapshot().unwrap();
    backup::write(&snapshot, &genesis, &out).unwrap();
    drop(snapshot);
    node.shutdown().await.unwrap();
    let (store, named) = (out.join("ledger.redb"), out.join("genesis"));
    let good = (std::fs::read(&store).unwrap(), std::fs::read(&named).unwrap());
    let mut terms = genesis.terms().clone();
    terms.chain = "another".to_owned();
    let another = Genesis::new(terms).unwrap().to_bytes();
    for (store_bytes, genesis_bytes) in
        [(&good.0[..good.0.len() / 2], &good.1), (&good.0[..], &another), (&[], &good.1)]
    {
        std::fs::write(&store, store_bytes).unwrap();
        std::fs::write(&named, genesis_bytes).unwrap();
        blamed(&out, &again);
    }
    std::fs::write(&store, &good.0).unwrap();
    std::fs::write(&named, &good.1[1..]).unwrap();
    blamed(&out, &again);
    std::fs::remove_file(&named).unwrap();
    assert!(blamed(&out, &again).contains("no file `genesis`"));
}

/// Restores a backup in vain, into a folder of a folder that is not there either, and into an empty one. The backup is named
/// and not the folder, and nothing is left.
fn blamed(backup: &Path, into: &Path) -> String {
    let within = into.join("within");
    let refused = || backup::restore(backup, &within, Since::Nothing).unwrap_err();
    let error = refused();
    assert!(matches!(&error, NodeError::Backup { .. }), "{error}");
    let said = error.to_string();
    assert!(said.contains(&backup.display().to_string()), "{said}");
    assert!(!said.contains(&into.display().to_string()) && !into.exists(), "{said}");
    std::fs::create_dir_all(&within).unwrap();
    assert_eq!(refused().to_string(), said);
    assert_eq!(std::fs::read_dir(&within).unwrap().count(), 0);
    std::fs::remove_dir_all(into).unwrap();
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_running_node_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |folder: &Path| operator::ask(folder, &Question::AcceptTime);
    assert!(matches!(ask(folder.path()), Err(AskError::NotRunning(_))));
    let node = node(folder.path()).await;
    let path = folder.path().to_owned();
    let answered = async {
        loop {
            let path = path.clone();
            match tokio::task::spawn_blocking(move || ask(&path)).await.unwrap() {
                Err(AskError::NotRunning(_)) => tokio::time::sleep(Duration::from_millis(5)).await,
                answer => break answer,
            }
        }
    };
    let answer = tokio::time::timeout(Duration::from_secs(20), answered).await.unwrap();
    // Nothing has jumped.
    assert!(matches!(&answer, Err(AskError::Refused(said)) if said.contains("has not jumped")), "{answer:?}");
    // Nobody but the owner.
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(folder.path().join("operator.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    node.shutdown().await.unwrap();
    assert!(matches!(ask(folder.path()), Err(AskError::NotRunning(_))));
}

/// Metrics count, and name no account, transaction or client.
#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_and_name_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let metrics = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    let config = NodeConfig { metrics, ..config(folder.path()) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    let operators = format!("http://{}", node.metrics_address().unwrap());
    Client::of(&node)
        .ask(move |client| {
            endow(client);
            let account = Account::of(&person(1)).to_string();
            assert_eq!(client.get(&format!("/v1/accounts/{account}")).0, 200);
            let id = client.submit(&internal(&[5], 1));
            client.state(&id);
            assert_eq!(
                client.refused(&transparent(mint(&genesis().hash(), 9, &person(1), 5))),
                "nonce_wrong"
            );
            let path = |path: &str| {
                let mut answer = client.agent.get(format!("{operators}{path}")).call().unwrap();
                (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
            };
            assert_eq!(path("/health").0, 204);
            assert_eq!(path("/ready").0, 200);
            assert_eq!(path("/v1/status").0, 404);
            let (status, text) = path("/metrics");
            assert_eq!(status, 200);
            for line in [
                "louver_block_height 2",
                "louver_mempool_transactions 1",
                "louver_refusals_total{code=\"nonce_wrong\"} 1",
                "louver_works{part=\"storage\"} 1",
                "louver_works{part=\"clock\"} 1",
                "louver_verifications{outcome=\"computed\"} 2",
                "route=\"/v1/accounts/{account}\",method=\"GET\",status=\"200\"",
            ] {
                assert!(text.contains(line), "{line} is not in\n{text}");
            }
            assert!(!text.contains(&account) && !text.contains(&id) && !text.contains("127.0.0.1"));
            // Clients cannot read them.
            assert_eq!(client.get("/metrics").0, 404);
        })
        .await;
    node.shutdown().await.unwrap();
}
