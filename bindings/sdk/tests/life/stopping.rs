//! The remains of a transaction whose future is dropped on its way.

use std::{
    future::Future,
    pin::pin,
    sync::atomic::AtomicBool,
    task::{Context, Poll, Waker},
};

use async_trait::async_trait;
use louver_sdk::{HttpMethod, HttpRequest, HttpResponse, Plan, Transport, TransportError, Trust};

use super::*;

/// A node that takes transactions, and never answers as long as it is `stuck`.
struct Stuck {
    http: Http,
    stuck: AtomicBool,
    taken: AtomicU32,
}

#[async_trait]
impl Transport for Stuck {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let is_submission = matches!(request.method, HttpMethod::Post) && request.path == "/v1/transactions";
        if is_submission && self.stuck.load(Ordering::Relaxed) {
            self.taken.fetch_add(1, Ordering::Relaxed);
            std::future::pending::<()>().await;
        }
        self.http.send(request).await
    }
}

/// Alice, through a node that is stuck, and a plan of hers.
fn alice(world: &World) -> (Arc<Stuck>, Person, Arc<Plan>) {
    let (stuck, taken) = (AtomicBool::new(true), AtomicU32::new(0));
    let transport = Arc::new(Stuck { http: Http(world.url()), stuck, taken });
    let funded = world.person("alice");
    world.endow(&funded, "60 LVR");
    let keys = funded.keys.clone();
    drop(funded);
    let node = block_on(Node::connect(transport.clone(), Trust::default())).unwrap();
    let wallet = block_on(Wallet::open(world.path("alice"), node)).unwrap();
    let to = world.person("bob").address();
    let plan = block_on(wallet.plan(0, world.pay("1 LVR", &to, ""))).unwrap();
    (transport, Person { wallet, keys }, plan)
}

/// Polls until a moment has come, and lets go.
fn poll_until<T>(future: impl Future<Output = T>, mut come: impl FnMut() -> bool) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        assert!(future.as_mut().poll(&mut context).is_pending(), "it was not stopped in time");
        if come() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

#[test]
fn a_transaction_is_not_paid_twice_though_its_sending_was_cancelled() {
    let world = World::new(64);
    let (transport, alice, plan) = alice(&world);
    let send = || alice.wallet.send(plan.clone(), alice.keys.clone(), world.prover.clone(), None);
    poll_until(send(), || transport.taken.load(Ordering::Relaxed) > 0);
    // It is recorded, as the wallet says, and its plan is not sent again.
    let waiting = block_on(alice.wallet.waiting()).unwrap();
    assert_eq!(waiting.len(), 1);
    let history = block_on(alice.wallet.history(0)).unwrap();
    assert_eq!(history[0].txid, waiting[0].txid);
    assert!(matches!(history[0].status, Status::Pending { .. }));
    assert_eq!(block_on(send()).unwrap_err(), SendError::PlanVoid);
    // Synchronising submits it.
    transport.stuck.store(false, Ordering::Relaxed);
    alice.sync();
    world.blocks(1);
    alice.sync();
    assert_eq!(alice.spendable(), 58_999_000);
    assert_eq!(block_on(alice.wallet.waiting()), Ok(Vec::new()));
}

/// Signing is recorded whole or not begun.
#[test]
fn signing_that_was_cancelled_is_done_or_undone() {
    let world = World::new(64);
    let (_, alice, plan) = alice(&world);
    let build = || block_on(alice.wallet.build(plan.clone(), alice.keys.clone()));
    for round in 0..3 {
        let Ok(draft) = build() else { break };
        let proven = block_on(draft.prove(world.prover.clone(), None)).unwrap();
        let mut signing = Box::pin(alice.wallet.sign(proven.clone(), alice.keys.clone()));
        let polled = signing.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(round > 0 || matches!(polled, Poll::Pending | Poll::Ready(Ok(_))));
        drop(signing);
        assert_eq!(proven.txid(), Err(SendError::Used));
        // Work that had begun ends by itself.
        std::thread::sleep(std::time::Duration::from_millis(200));
        let waiting = block_on(alice.wallet.waiting()).unwrap();
        let history = block_on(alice.wallet.history(0)).unwrap();
        let pending = history.iter().filter(|entry| matches!(entry.status, Status::Pending { .. })).count();
        assert_eq!(waiting.len(), pending);
        match waiting.len() {
            0 => assert_eq!(alice.spendable(), 60_000_000),
            _ => assert_eq!((build().unwrap_err(), alice.spendable()), (SendError::PlanVoid, 0)),
        }
    }
}
