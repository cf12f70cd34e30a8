//! Payments that take several transactions, and transactions that are submitted again.

use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    ledger::FeeTerms,
    value::Value,
};
use louver_sdk::{
    HttpMethod, HttpRequest, HttpResponse, PaymentProgress, Proposal, Schedule, Transport, TransportError,
    Trust,
};

use super::*;

/// A chain with a second asset. Alice has 10 LVR in one note, and 50 EURX in another.
fn two_assets() -> (World, Person, Person) {
    let world = World::with(64, |terms| {
        let issuer = *terms.assets[0].issuer();
        let second = AssetId::new(2).unwrap();
        terms.assets.push(AssetDescriptor::new(second, "EURX", 2, issuer, b"").unwrap());
        terms
            .fees
            .push(FeeTerms { minimum: [10, 20, 30, 50].map(Value), ..FeeTerms::flat(second, Value::ZERO) });
    });
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    world.endow(&alice, "10 LVR");
    world.endow(&alice, "50 EURX");
    (world, alice, bob)
}

fn payments(world: &World, to: &Person, amounts: &[&str]) -> Vec<Payment> {
    let to = to.address();
    let payment =
        |text: &&str| Payment { to: to.clone(), amount: world.amount(text), memo: "salary".to_owned() };
    amounts.iter().map(payment).collect()
}

fn propose(world: &World, from: &Person, to: &Person) -> Arc<Proposal> {
    let payments = payments(world, to, &["5 EURX", "1 LVR"]);
    block_on(from.wallet.propose(0, payments, Fee::Least)).unwrap()
}

/// Has a block made whenever somebody waits for one, and notes how far the payments were then.
struct Miner {
    node: Arc<Node>,
    seen: std::sync::Mutex<Vec<(u32, u32)>>,
}

impl Miner {
    fn new(world: &World) -> Arc<Self> {
        Arc::new(Self { node: world.node.clone(), seen: std::sync::Mutex::default() })
    }
}

impl Watch for Miner {
    fn report(&self, stage: Stage, done: u32, total: u32) -> bool {
        if stage == Stage::Waiting {
            self.seen.lock().unwrap().push((done, total));
            block_on(self.node.produce_blocks(1)).unwrap();
        }
        true
    }
}

fn carry_out(
    world: &World,
    person: &Person,
    id: u64,
    watch: Arc<dyn Watch>,
) -> Result<Vec<String>, SendError> {
    block_on(person.wallet.carry_out(id, person.keys.clone(), world.prover.clone(), Some(watch)))
}

fn schedule(person: &Person) -> Schedule {
    let schedules = block_on(person.wallet.schedules()).unwrap();
    let [schedule] = schedules.as_slice() else { panic!("one schedule: {schedules:?}") };
    schedule.clone()
}

/// Somebody's holdings, by asset.
fn holds(person: &Person) -> Vec<(u64, u64)> {
    let balances = block_on(person.wallet.balances(0)).unwrap();
    balances.iter().map(|balance| (balance.asset, balance.spendable)).collect()
}

#[test]
fn a_proposal_says_what_payments_take() {
    let (world, alice, bob) = two_assets();
    let listed = payments(&world, &bob, &["5 EURX", "1 LVR", "5 EURX"]);
    let preview = block_on(alice.wallet.propose(0, listed.clone(), Fee::Least)).unwrap().preview();
    assert_eq!(preview.payments, listed);
    // The fee of the first comes back before the second can be made.
    let made: Vec<Vec<Vec<u32>>> = preview
        .rounds
        .iter()
        .map(|round| round.iter().map(|transaction| transaction.payments.clone()).collect())
        .collect();
    assert_eq!(made, [vec![vec![0, 2]], vec![vec![1]]]);
    let fees: u64 = preview.rounds.iter().flatten().map(|transaction| transaction.fee.value).sum();
    assert_eq!(preview.fees, [Amount { asset: 1, value: fees }]);
    assert!(preview.rounds.iter().flatten().all(|transaction| !transaction.shows_asset));
    let [doubled] = preview.doubled.as_slice() else { panic!("{:?}", preview.doubled) };
    assert_eq!((&doubled.amount, &doubled.places), (&world.amount("5 EURX"), &vec![0, 2]));
    let propose = |payments| block_on(alice.wallet.propose(0, payments, Fee::Least)).unwrap_err();
    assert_eq!(propose(Vec::new()), PlanError::Nothing);
    assert!(matches!(
        propose(payments(&world, &bob, &["5 EURX", "11 LVR"])),
        PlanError::InsufficientFunds { asset: 1, .. }
    ));
    assert_eq!(block_on(alice.wallet.schedules()), Ok(Vec::new()));
}

/// Somebody is stopped while he waits for a block, and goes on after a restart: everybody is paid once.
#[test]
fn a_schedule_goes_on_after_a_restart() {
    let (world, alice, bob) = two_assets();
    let proposal = propose(&world, &alice, &bob);
    let id = block_on(alice.wallet.begin(proposal.clone())).unwrap();
    // A second tap begins nothing; nor does somebody else's wallet.
    assert_eq!(block_on(alice.wallet.begin(proposal.clone())).unwrap_err(), SendError::Used);
    assert_eq!(block_on(bob.wallet.begin(proposal)).unwrap_err(), SendError::OtherWallet);
    let stopped = carry_out(&world, &alice, id, stop_at(Stage::Waiting, 0)).unwrap_err();
    assert_eq!(stopped, SendError::Wallet { error: WalletError::Cancelled });

    let keys = alice.keys.clone();
    drop(alice);
    let wallet = block_on(Wallet::open(world.path("alice"), world.node.clone())).unwrap();
    let alice = Person { wallet, keys };
    let kept = schedule(&alice);
    assert_eq!((kept.id, kept.account), (id, 0));
    let [first, second] = kept.payments.as_slice() else { panic!("{kept:?}") };
    assert_eq!(
        (&first.payment.amount, &second.payment.amount),
        (&world.amount("5 EURX"), &world.amount("1 LVR"))
    );
    let PaymentProgress::Waiting { txid } = &first.progress else { panic!("{first:?}") };
    assert_eq!(second.progress, PaymentProgress::Planned);
    let entry = block_on(alice.wallet.history(0)).unwrap().remove(0);
    assert_eq!((&entry.txid, entry.can_retry, entry.can_abandon), (txid, true, true));

    let miner = Miner::new(&world);
    let sent = carry_out(&world, &alice, id, miner.clone()).unwrap();
    assert_eq!(sent.len(), 1);
    assert_eq!(*miner.seen.lock().unwrap(), [(0, 2), (1, 2)]);
    bob.sync();
    assert_eq!(holds(&bob), [(1, 1_000_000), (2, 500)]);
    assert_eq!(block_on(alice.wallet.schedules()), Ok(Vec::new()));
    assert_eq!(carry_out(&world, &alice, id, miner), Ok(Vec::new()));
    let history = block_on(alice.wallet.history(0)).unwrap();
    assert!(history.iter().all(|entry| !entry.can_retry && !entry.can_abandon));
}

/// Attacker: a payee, whose payer taps twice.
#[test]
fn a_schedule_that_is_carried_out_twice_at_once_pays_once() {
    let (world, alice, bob) = two_assets();
    let id = block_on(alice.wallet.begin(propose(&world, &alice, &bob))).unwrap();
    let sent: usize = std::thread::scope(|scope| {
        let carry = || carry_out(&world, &alice, id, Miner::new(&world)).unwrap().len();
        let both = [scope.spawn(carry), scope.spawn(carry)];
        both.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    bob.sync();
    assert_eq!((sent, holds(&bob)), (2, vec![(1, 1_000_000), (2, 500)]));
}

#[test]
fn a_schedule_that_is_stopped_pays_no_more() {
    let (world, alice, bob) = two_assets();
    let id = block_on(alice.wallet.begin(propose(&world, &alice, &bob))).unwrap();
    carry_out(&world, &alice, id, stop_at(Stage::Waiting, 0)).unwrap_err();
    block_on(alice.wallet.stop_schedule(id)).unwrap();
    assert_eq!(block_on(alice.wallet.schedules()), Ok(Vec::new()));
    assert_eq!(carry_out(&world, &alice, id, Miner::new(&world)), Ok(Vec::new()));
    world.blocks(1);
    bob.sync();
    assert_eq!(holds(&bob), [(2, 500)]);
}

/// A node that takes no transaction as long as it is `closed`.
struct Closed {
    http: Http,
    closed: AtomicBool,
}

#[async_trait]
impl Transport for Closed {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let is_submission = matches!(request.method, HttpMethod::Post) && request.path == "/v1/transactions";
        if is_submission && self.closed.load(Ordering::Relaxed) {
            return Err(TransportError::Unreachable { reason: "it is closed".to_owned() });
        }
        self.http.send(request).await
    }
}

/// A node that takes nothing ends the call; what was signed is not signed again, and is submitted when asked.
#[test]
fn a_transaction_that_was_not_taken_is_tried_again() {
    let (world, alice, bob) = two_assets();
    let keys = alice.keys.clone();
    drop(alice);
    let transport = Arc::new(Closed { http: Http(world.url()), closed: AtomicBool::new(true) });
    let node = block_on(Node::connect(transport.clone(), Trust::default())).unwrap();
    let wallet = block_on(Wallet::open(world.path("alice"), node)).unwrap();
    let alice = Person { wallet, keys };
    let id = block_on(alice.wallet.begin(propose(&world, &alice, &bob))).unwrap();
    let refused = carry_out(&world, &alice, id, Miner::new(&world)).unwrap_err();
    let SendError::NotTaken { txid, error: NodeError::Unreachable { .. } } = refused else {
        panic!("{refused}")
    };
    let waiting = block_on(alice.wallet.waiting()).unwrap();
    assert_eq!(waiting.iter().map(|outgoing| &outgoing.txid).collect::<Vec<_>>(), [&txid]);

    transport.closed.store(false, Ordering::Relaxed);
    let tried = block_on(alice.wallet.retry(txid.clone(), None)).unwrap();
    assert_eq!((&tried.txid, tried.expiry, tried.not_taken), (&txid, waiting[0].expiry, None));
    assert_eq!(block_on(world.node.transaction(txid.clone())), Ok(TransactionState::Pending));
    let sent = carry_out(&world, &alice, id, Miner::new(&world)).unwrap();
    assert_eq!(sent.len(), 1);
    bob.sync();
    assert_eq!(holds(&bob), [(1, 1_000_000), (2, 500)]);
    for gone in [txid, "00".repeat(32), "no id".to_owned()] {
        let refused = block_on(alice.wallet.retry(gone.clone(), None)).unwrap_err();
        assert_eq!(refused, WalletError::NotWaiting { txid: gone });
    }
}

/// A payment that was given up is not tried again, and says so.
#[test]
fn a_transaction_that_was_given_up_is_not_tried_again() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let sent = world.send(&alice, world.pay("1 LVR", &bob.address(), ""));
    let entry = || block_on(alice.wallet.history(0)).unwrap().remove(0);
    assert_eq!((entry().can_retry, entry().can_abandon), (true, true));
    assert_eq!(block_on(alice.wallet.abandon(sent.txid.clone())), Ok(vec![sent.txid.clone()]));
    let entry = entry();
    assert_eq!((entry.can_retry, entry.can_abandon), (false, false));
    assert_eq!(entry.status, Status::Abandoned { expiry: sent.expiry });
    let refused = block_on(alice.wallet.retry(sent.txid.clone(), None)).unwrap_err();
    assert_eq!(refused, WalletError::NotWaiting { txid: sent.txid });
}
