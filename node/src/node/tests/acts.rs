//! Floods of acts, which pay nothing.

use std::sync::LazyLock;

use louver_chain::{act::AuditorEntry, development::guardian_key, mempool::Capacity, testing::auditor_entry};
use louver_core::{
    disclosure::Statement,
    ledger::{NewRules, Quorum, testing::rules},
    shape::Shape,
};

use super::*;

/// The act that enters the key of a committee for number 1, whatever number it says.
fn enter(number: u32, overlap: u32) -> Deed {
    static ENTRY: LazyLock<AuditorEntry> = LazyLock::new(|| auditor_entry(&genesis(), 1, 2, &[41, 42, 43]));
    Deed::EnterAuditor { number, entry: ENTRY.clone(), overlap }
}

fn add(version: u32, seed: u8) -> Deed {
    let mut terms = rules(version, 0, None, &Shape::PLAIN);
    let mut keys = terms.disclosures.get(Statement::AccountKeys).unwrap();
    keys.verifying = [seed; 32];
    terms.disclosures.insert(Statement::AccountKeys, keys);
    let (shapes, disclosures) = (terms.shapes, terms.disclosures);
    Deed::AddRules(NewRules { version: RulesVersion(version), shapes, disclosures })
}

/// A node that does not mind how often one peer is refused.
async fn patient(folder: &Path) -> RunningNode {
    let mut config = config(folder);
    config.limits.peer.refusals = u32::MAX;
    start_with(config, Arc::new(ZeroProofs::default())).await.unwrap()
}

/// An act in the guardian's name that somebody else signed.
fn forged(deed: Deed) -> ChainTransaction {
    let act = Act { sequence: 0, deed };
    let mut signature = act.sign(&genesis().hash(), &person(9));
    signature.signer = guardian_key().verifying_key().to_bytes();
    ChainTransaction::Act(Box::new(SignedAct::new(act, vec![signature])))
}

fn waiting(client: &Client) -> u64 {
    client.get("/v1/status").1["pending"]["count"].as_u64().unwrap()
}

/// Attacker: a stranger who fills the mempool with acts in the guardians' names, or keeps an honest act out by them.
#[tokio::test(flavor = "multi_thread")]
async fn forged_acts_take_no_place_and_keep_none_out() {
    let folder = tempfile::tempdir().unwrap();
    let node = patient(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            for number in 0..200 {
                let code = match number % 4 {
                    // The checks that cost least come first: only the last kind costs a signature.
                    0 => ("act_signers", act(&person(9), enter(1, 7 + number))),
                    1 => ("act_number", forged(enter(number + 2, 7))),
                    2 => ("rules_unknown", forged(Deed::SwitchOff { rules: RulesVersion(9) })),
                    _ => ("signature_invalid", forged(enter(1, 7 + number))),
                };
                assert_eq!(client.refused(&code.1), code.0);
                if number % 4 == 3 {
                    // The same bytes again are known to be forged.
                    assert_eq!(client.refused(&code.1), "signature_invalid");
                }
            }
            assert_eq!(waiting(client), 0);
            let honest = client.submit(&act(&guardian_key(), enter(1, 7)));
            client.produce(1);
            assert_eq!(client.state(&honest)["state"], "included");
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: a guardian who fills blocks and disks with acts that cost nothing: one waits for each thing that can be
/// decided, and what is decided cannot be decided again.
#[tokio::test(flavor = "multi_thread")]
async fn what_guardians_can_have_waiting_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let node = patient(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            let guardian = guardian_key();
            let next = |seed| Quorum::new(1, vec![person(seed).verifying_key().to_bytes()]).unwrap();
            let mut taken = 0;
            for round in 0..40u8 {
                let seed = u32::from(round);
                for deed in [
                    enter(1, 7 + seed),
                    enter(2, 7 + seed),
                    Deed::EndAuditor { number: 1 },
                    add(2, round),
                    add(3, round),
                    Deed::SwitchOff { rules: RulesVersion(1) },
                    Deed::SwitchOff { rules: RulesVersion(2) },
                    Deed::RotateGuardians(next(round + 1)),
                ] {
                    let (status, answer) = client.send(&act(&guardian, deed));
                    let is_new = status == 202 && answer["known"] == json!(false);
                    taken += u32::from(is_new);
                    assert!(round == 0 || !is_new, "round {round}: {answer}");
                }
            }
            assert_eq!((taken, waiting(client)), (4, 4), "a key, a version, a switch, other guardians");
            client.produce(1);
            assert_eq!(waiting(client), 0);
            assert_eq!(client.get("/v1/status").1["acts"], 4, "{}", client.get("/v1/acts").1);
            // The former guardian decides nothing any more.
            let (status, answer) = client.send(&act(&guardian, Deed::EndAuditor { number: 1 }));
            assert_eq!((status, &answer["error"]["code"]), (422, &json!("act_outdated")));
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: whoever exploits a fault, and fills the mempool so that the switch finds no room.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_mempool_keeps_no_act_out() {
    let folder = tempfile::tempdir().unwrap();
    let capacity = Capacity { count: 3, ..Capacity::default() };
    let config = NodeConfig { capacity, ..config(folder.path()) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    Client::of(&node)
        .ask(|client| {
            endow(client);
            for nonce in 0..3 {
                let pay = Action::Transfer { asset: coin(), amount: Amount(1), to: Account([7; 32]) };
                client.submit(&transparent(operation(&genesis().hash(), &person(1), nonce, pay)));
            }
            assert_eq!(waiting(client), 3);
            let switch = client.submit(&act(&guardian_key(), Deed::SwitchOff { rules: RulesVersion(1) }));
            assert_eq!(waiting(client), 3, "one that pays less made room");
            client.produce(1);
            assert_eq!(client.state(&switch)["state"], "included");
        })
        .await;
    node.shutdown().await.unwrap();
}
