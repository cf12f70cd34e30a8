use std::cell::Cell;

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    address::Address,
    asset::DescriptorHash,
    audit::{AuditorKey, NumberedKey, SharedSecret},
    encoding::{Decode, Encode, point_bytes},
    epoch::Epoch,
    keys::{AccountSpendingKey, AddressIndex, Direction, SigningError},
    note::{Memo, MemoBucket, OutputContext, encryption},
    pool::{GenesisHash, PoolId, PoolTag, RulesVersion},
    proof::{Progress, Proof, Prove, ProveError, Unwatched},
    shape::Shape,
    spec::spend_base,
    statement::TransferPublic,
    stuck::Stuck,
    transaction::{Fee, PublicSide, Transaction, TransparentAccount, TxContext},
    tree::Anchor,
    value::Value,
};

const E: Epoch = Epoch(7);

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn asset(id: u64) -> AssetId {
    AssetId::new(id).unwrap()
}

fn account(byte: u8) -> AccountSpendingKey {
    AccountSpendingKey::from_parts(0, Secret::new([byte; 32])).unwrap()
}

fn viewer(byte: u8) -> FullViewingKey {
    account(byte).full_viewing_key()
}

fn context() -> TxContext {
    TxContext {
        genesis: GenesisHash([9; 32]),
        public_asset: DescriptorHash::default(),
        fee_asset: DescriptorHash([2; 32]),
        auditor: None,
    }
}

fn pool() -> PoolTag {
    context().pool_tag(PoolId(0))
}

fn address(of: u8, epoch: Epoch) -> Address {
    viewer(of).address(pool(), epoch, Direction::External, AddressIndex(0))
}

fn note(of: u8, epoch: Epoch, asset: AssetId, value: u64, rng: &mut ChaCha8Rng) -> Note {
    let rho = Nullifier::from_scalar(Fr::random(&mut *rng)).unwrap();
    let mut rseed = [0u8; 32];
    rand_core::Rng::fill_bytes(rng, &mut rseed);
    let to = address(of, epoch);
    Note::from_parts(NoteParts { to, asset, value: Value(value), index: 1, rho, rseed: Secret::new(rseed) })
        .unwrap()
}

/// The first notes of a tree, and their paths.
fn plant(notes: Vec<Note>) -> (Anchor, Vec<Spend>) {
    let mut leaves = [Fr::ZERO; 4];
    leaves.iter_mut().zip(&notes).for_each(|(leaf, note)| *leaf = note.commitment().to_scalar());
    let spends: Vec<Spend> = (0..)
        .zip(notes)
        .map(|(position, note)| {
            let mut siblings = [[Fr::from(3); 3]; LEVELS];
            let others = (0..).zip(leaves).filter(|(place, _)| *place != position).map(|(_, leaf)| leaf);
            siblings[0].iter_mut().zip(others).for_each(|(sibling, leaf)| *sibling = leaf);
            Spend { note, path: MerklePath::from_parts(position, siblings) }
        })
        .collect();
    let anchor = spends.first().map(|spend| spend.path.root(spend.note.commitment()));
    (anchor.unwrap_or(Anchor::empty_tree()), spends)
}

fn pay(to: Address, asset: AssetId, value: u64) -> Payment {
    Payment { to, asset, value: Value(value), memo: Memo::new(b"thanks").unwrap() }
}

/// Alice (1) pays Bob (2) 60 of asset 5 and keeps 40. The fee is 1 of asset 6; she keeps 9 of it.
fn plan(rng: &mut ChaCha8Rng) -> TransferPlan {
    let notes = vec![note(1, Epoch(3), asset(5), 100, rng), note(1, E, asset(6), 10, rng)];
    let (anchor, spends) = plant(notes);
    let payments = vec![
        pay(address(2, E), asset(5), 60),
        pay(address(1, E), asset(5), 40),
        pay(address(1, E), asset(6), 9),
    ];
    TransferPlan {
        context: context(),
        pool: PoolId(0),
        rules: RulesVersion::V1,
        epoch: E,
        expiry_height: 1600,
        shape: Shape::TwoByThree,
        memo_bucket: MemoBucket::Small,
        anchor,
        spends,
        payments,
        public_side: PublicSide::Internal,
        fee: Fee::new(asset(6), Value(1)).unwrap(),
        seal: Some(viewer(1).outgoing(pool(), E)),
    }
}

fn refused(change: impl FnOnce(&mut TransferPlan, &mut ChaCha8Rng)) -> BuildError {
    let mut rng = rng(1);
    let mut plan = plan(&mut rng);
    change(&mut plan, &mut rng);
    plan.build(&viewer(1), &mut rng).unwrap_err()
}

/// Checks the witness in the place of a proving system.
struct Checker;

impl Prove for Checker {
    fn prove(
        &self,
        _: RulesVersion,
        shape: Shape,
        public: &TransferPublic,
        witness: &TransferWitness,
        progress: &mut dyn Progress,
    ) -> Result<Proof, ProveError> {
        if progress.report(0, 1).is_break() {
            return Err(ProveError::Cancelled);
        }
        holds(shape, public, witness)?;
        Ok(Proof::from_array([7; 192]))
    }
}

#[test]
fn a_payment_reaches_its_receiver_and_stays_readable_to_its_sender() {
    let mut rng = rng(2);
    let built = plan(&mut rng).build(&viewer(1), &mut rng).unwrap();
    let effects = built.effects().clone();
    let incoming = viewer(2).incoming(pool(), Direction::External, E);
    let outgoing = viewer(1).outgoing(pool(), E);
    let contexts = (0..).map(|index| OutputContext { epoch: E, rho: effects.rho(), index });
    let outputs: Vec<_> = contexts.zip(effects.outputs()).collect();
    let received: Vec<_> = outputs
        .iter()
        .filter_map(|(context, output)| encryption::decrypt(&incoming, output, context))
        .collect();
    assert_eq!(received.len(), 1);
    assert_eq!((received[0].0.asset(), received[0].0.value()), (asset(5), Value(60)));
    assert_eq!(received[0].1.as_bytes(), b"thanks");
    // Attacker by more: a reader who was granted only the payments, and would learn the balance from the change.
    let recovered: Vec<_> = outputs
        .iter()
        .filter_map(|(context, output)| encryption::recover(&outgoing, output, context))
        .map(|(note, _)| note.value())
        .collect();
    assert_eq!(recovered, [Value(60)]);
    let detection = viewer(1).epoch_keys(pool(), E).detection;
    assert_eq!(detection.spend_tag(effects.rho()), effects.spend_tag());
}

#[test]
fn proving_and_signing_come_in_either_order() {
    let mut rng = rng(3);
    let built = plan(&mut rng).build(&viewer(1), &mut rng).unwrap();
    let key = account(1).spend_authorizing_key();
    let early = built.signing_request().sign(&key, &mut rng).unwrap();
    let proven = built.prove(&Checker, &mut Unwatched).unwrap();
    let signed = proven.clone().with_signature(early).unwrap();
    let later = proven.clone().sign(&key, &mut rng).unwrap();
    assert_eq!(signed.txid(&context()), later.txid(&context()));
    assert_ne!(signed.wtxid(&context()), later.wtxid(&context()));
    assert_eq!(Transaction::from_bytes(&signed.to_bytes()), Ok(signed.clone()));
    assert_eq!(&signed.public_inputs(pool(), None), built.public());

    // A signature of something else, or of someone else, is refused.
    let thief = account(2).spend_authorizing_key();
    assert_eq!(built.signing_request().sign(&thief, &mut rng), Err(SigningError::WrongKey));
    let other = plan(&mut rng).build(&viewer(1), &mut rng).unwrap();
    let foreign = other.signing_request().sign(&key, &mut rng).unwrap();
    assert_eq!(proven.with_signature(foreign), Err(SigningError::InvalidSignature));
}

#[test]
fn proving_can_be_cancelled_and_done_again() {
    struct Impatient(Cell<u32>);
    impl Progress for Impatient {
        fn report(&mut self, _: u32, _: u32) -> core::ops::ControlFlow<()> {
            self.0.set(self.0.get() + 1);
            core::ops::ControlFlow::Break(())
        }
    }
    let mut rng = rng(4);
    let built = plan(&mut rng).build(&viewer(1), &mut rng).unwrap();
    let mut impatient = Impatient(Cell::new(0));
    assert!(matches!(built.prove(&Checker, &mut impatient), Err(ProveError::Cancelled)));
    assert_eq!(impatient.0.get(), 1);
    assert!(built.prove(&Checker, &mut Unwatched).is_ok());
}

/// The tree has grown: the proof is made again, the signature stays.
#[test]
fn another_anchor_keeps_the_signature() {
    let mut rng = rng(5);
    let plan = plan(&mut rng);
    let (old, spends) = (plan.anchor, plan.spends.clone());
    let built = plan.build(&viewer(1), &mut rng).unwrap();
    let signature = built.signing_request().sign(&account(1).spend_authorizing_key(), &mut rng).unwrap();
    let later = |cm: NoteCommitment| {
        let spend = spends.iter().find(|spend| spend.note.commitment() == cm)?;
        let mut siblings = *spend.path.siblings();
        siblings[LEVELS - 1] = [Fr::from(4); 3];
        Some(MerklePath::from_parts(spend.path.position(), siblings))
    };
    let anchor = later(spends[0].note.commitment()).unwrap().root(spends[0].note.commitment());
    assert_ne!(anchor, old);
    assert!(matches!(built.clone().under(old, later), Err(BuildError::Path { .. })));
    let moved = built.under(anchor, later).unwrap();
    let signed = moved.prove(&Checker, &mut Unwatched).unwrap().with_signature(signature).unwrap();
    assert_eq!(signed.authorization().anchor(), anchor);
}

/// Two builds of a plan must share nothing but the nullifiers of the notes, or they could be linked further.
#[test]
fn builds_share_nothing_but_nullifiers() {
    let mut rng = rng(6);
    let plan = plan(&mut rng);
    let first = plan.clone().build(&viewer(1), &mut rng).unwrap();
    let second = plan.build(&viewer(1), &mut rng).unwrap();
    let sorted = |built: &Built| {
        let mut all: Vec<_> =
            built.effects().nullifiers().iter().map(|nullifier| nullifier.to_array()).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(sorted(&first), sorted(&second));
    assert_ne!(first.effects().rk(), second.effects().rk());
    for output in first.effects().outputs() {
        for other in second.effects().outputs() {
            assert_ne!(output.cm, other.cm);
            assert_ne!(output.epk, other.epk);
            assert_ne!(output.outgoing, other.outgoing);
        }
    }
}

/// A reader of the chain gains, and a payee who knows his own note's seed, if a machine's generator repeats itself:
/// keys that come twice link transactions, and a key stream used twice shows the difference of two notes.
#[test]
fn a_generator_that_repeats_itself_repeats_no_key() {
    let plan = plan(&mut rng(11));
    let memo = |plan: &mut TransferPlan| plan.payments[1].memo = Memo::new(b"no thanks").unwrap();
    let expiry = |plan: &mut TransferPlan| plan.expiry_height += 16;
    let to = |plan: &mut TransferPlan| plan.payments[0].to = address(3, E);
    let value = |plan: &mut TransferPlan| {
        plan.payments[0].value = Value(59);
        plan.payments[1].value = Value(41);
    };
    let changes: [&dyn Fn(&mut TransferPlan); 5] = [&|_| (), &memo, &expiry, &to, &value];
    let built: Vec<_> = changes
        .into_iter()
        .map(|change| {
            let mut plan = plan.clone();
            change(&mut plan);
            plan.build(&viewer(1), &mut Stuck).unwrap()
        })
        .collect();
    // One plan and the same bytes: one transaction.
    assert_eq!(plan.clone().build(&viewer(1), &mut Stuck).unwrap().effects(), built[0].effects());
    for (at, one) in built.iter().enumerate() {
        for other in &built[at + 1..] {
            assert_ne!(one.signing_request().alpha(), other.signing_request().alpha());
            assert_ne!(one.effects().rk(), other.effects().rk());
            for output in one.effects().outputs() {
                for second in other.effects().outputs() {
                    assert_ne!((output.cm, output.epk), (second.cm, second.epk));
                    assert_ne!(output.epk, second.epk);
                    assert_ne!(output.compact, second.compact);
                    assert_ne!(output.outgoing, second.outgoing);
                }
            }
        }
    }
    // Within one transaction nothing repeats either.
    let outputs = built[0].effects().outputs();
    assert!(outputs.iter().enumerate().all(|(at, output)| {
        outputs[at + 1..].iter().all(|other| other.epk != output.epk && other.outgoing != output.outgoing)
    }));
}

/// Attacker: somebody who knows what the machine drew. Without a secret of the account he cannot follow.
#[test]
fn a_generator_that_is_foretold_gives_no_seed_away() {
    let plan = plan(&mut rng(12));
    let parts = |payment: &Payment| NoteParts {
        to: payment.to,
        asset: payment.asset,
        value: payment.value,
        index: 0,
        rho: Nullifier::from_scalar(Fr::from(5)).unwrap(),
        rseed: Secret::new([0; 32]),
    };
    let [first, second] = [&plan.payments[0], &plan.payments[1]];
    let seed =
        |payment, account| *hedge::rseed(&parts(payment), payment, &viewer(account), &mut Stuck).expose();
    assert_eq!(seed(first, 1), seed(first, 1));
    assert_ne!(seed(first, 1), seed(first, 2));
    assert_ne!(seed(first, 1), seed(second, 1));
    let reworded = Payment { memo: Memo::new(b"thankt").unwrap(), ..first.clone() };
    assert_ne!(seed(first, 1), seed(&reworded, 1));
}

#[test]
fn slots_are_shuffled() {
    let mut rng = rng(7);
    let places: std::collections::HashSet<_> =
        (0..200).map(|_| slots(1, 3, &mut rng).iter().position(Option::is_some)).collect();
    assert_eq!(places.len(), 3);
    let full = slots(3, 3, &mut rng);
    let mut items: Vec<_> = full.into_iter().flatten().collect();
    items.sort_unstable();
    assert_eq!(items, [0, 1, 2]);
}

#[test]
fn deposits_and_withdrawals_are_built() {
    let mut rng = rng(8);
    let party = TransparentAccount([4; 32]);
    let context = TxContext { public_asset: DescriptorHash([1; 32]), ..context() };
    let mut deposit = plan(&mut rng);
    deposit.context = TxContext { fee_asset: DescriptorHash::default(), ..context };
    deposit.spends.clear();
    deposit.payments = vec![pay(address(1, E), asset(5), 100)];
    deposit.fee = Fee::NONE;
    deposit.public_side = PublicSide::Deposit { asset: asset(5), amount: Value(100), payer: party };
    let built = deposit.build(&viewer(1), &mut rng).unwrap();
    assert_eq!(built.effects().dummy_inputs(&viewer(1), pool(), asset(5)), [0, 1]);
    assert_eq!(built.effects().dummy_outputs(&viewer(1)).len(), 2);
    let key = account(1).spend_authorizing_key();
    let transaction = built.prove(&Checker, &mut Unwatched).unwrap().sign(&key, &mut rng).unwrap();
    assert_eq!(
        transaction.clone().with_host_authorization(vec![1; 64]).unwrap().authorization().host(),
        [1; 64]
    );
    assert!(transaction.with_host_authorization(vec![1; 257]).is_err());

    let mut withdrawal = plan(&mut rng);
    withdrawal.context = context;
    withdrawal.payments.remove(0);
    withdrawal.public_side = PublicSide::Withdrawal { asset: asset(5), amount: Value(60), recipient: party };
    let built = withdrawal.build(&viewer(1), &mut rng).unwrap();
    assert_eq!(built.effects().dummy_inputs(&viewer(1), pool(), asset(5)), [0u8; 0]);
    assert_eq!(built.effects().dummy_outputs(&viewer(1)).len(), 1);
    let transaction = built.prove(&Checker, &mut Unwatched).unwrap().sign(&key, &mut rng).unwrap();
    assert!(transaction.with_host_authorization(vec![1]).is_err());
}

/// `[audited-transfer]`: in an audited pool the auditors read what the payer did, dummies included; and a plan that forgets them,
/// or shows them what nobody asked for, is not built.
#[test]
fn a_build_in_an_audited_pool_shows_the_auditors_what_it_does() {
    let mut rng = rng(10);
    let secret = Fj::from(5);
    let key = AuditorKey::from_bytes(&point_bytes(&(spend_base() * secret))).unwrap();
    let mut plan = plan(&mut rng);
    plan.shape = Shape::AuditedTwoByThree;
    assert!(matches!(plan.clone().build(&viewer(1), &mut rng), Err(BuildError::Auditor)));
    plan.context = plan.context.with_auditor(Some(NumberedKey { number: 3, key }));
    let plain = TransferPlan { shape: Shape::TwoByThree, ..plan.clone() };
    assert!(matches!(plain.build(&viewer(1), &mut rng), Err(BuildError::Auditor)));
    let built = plan.build(&viewer(1), &mut rng).unwrap();
    let effects = built.effects();
    let shown = effects.audit().unwrap();
    assert_eq!(shown.number, 3);
    let shared = SharedSecret::new(&(shown.ciphertext.epk() * secret)).unwrap();
    let opened = shown.ciphertext.decrypt(&shared, effects.rho(), 2).unwrap();
    assert_eq!(opened.aid, viewer(1).account_id(pool()).to_scalar());
    let contents: Vec<_> = opened.outputs.iter().map(|output| output.contents().unwrap()).collect();
    let mut made: Vec<_> = contents.iter().map(|(_, _, asset, value)| (asset.to_u64(), value.0)).collect();
    made.sort_unstable();
    assert_eq!(made, [(5, 40), (5, 60), (6, 9)]);
    let spent = (0..2).map(|input| built.leaf(input).unwrap());
    assert!(opened.inputs.iter().copied().eq(spent));
    assert_eq!(Effects::from_bytes(&effects.to_bytes()).as_ref(), Ok(effects));
}

#[test]
fn the_fee_may_be_of_the_asset_that_is_moved() {
    let mut rng = rng(9);
    for shape in Shape::PLAIN {
        let mut plan = plan(&mut rng);
        plan.shape = shape;
        let (anchor, spends) = plant(vec![note(1, E, asset(6), 10, &mut rng)]);
        (plan.anchor, plan.spends) = (anchor, spends);
        plan.payments = vec![pay(address(2, E), asset(6), 9)];
        let built = plan.build(&viewer(1), &mut rng).unwrap();
        assert_eq!(built.effects().dummy_outputs(&viewer(1)).len(), shape.outputs() - 1);
        assert_eq!(built.effects().dummy_inputs(&viewer(1), pool(), asset(6)).len(), shape.inputs() - 1);
        // Nobody else sees which they are.
        assert!(built.effects().dummy_outputs(&viewer(2)).is_empty());
        assert!(built.effects().dummy_inputs(&viewer(2), pool(), asset(6)).is_empty());
    }
}

#[test]
fn addresses_must_be_of_the_pool_and_epoch() {
    let other = PoolTag::new(&GenesisHash([8; 32]), PoolId(0));
    let foreign = viewer(2).address(other, E, Direction::External, AddressIndex(0));
    assert_eq!(refused(|plan, _| plan.payments[0].to = foreign), BuildError::AddressPool { payment: 0 });
    let expired = BuildError::AddressEpoch { payment: 0, address: Epoch(6), epoch: E };
    assert_eq!(refused(|plan, _| plan.payments[0].to = address(2, Epoch(6))), expired);
}

#[test]
fn plans_must_balance() {
    let missing = BuildError::Missing { asset: asset(5), amount: 1 };
    assert_eq!(refused(|plan, _| plan.payments[0].value = Value(61)), missing);
    let leftover = BuildError::Leftover { asset: asset(6), amount: 9 };
    assert_eq!(refused(|plan, _| drop(plan.payments.pop())), leftover);
    let most = BuildError::Missing { asset: asset(5), amount: 2 * u128::from(u64::MAX) - 100 };
    assert_eq!(
        refused(|plan, _| {
            plan.payments[0].value = Value(u64::MAX);
            plan.payments[1].value = Value(u64::MAX);
        }),
        most
    );
}

#[test]
fn sizes_values_and_memos_are_checked() {
    let shape = Shape::TwoByThree;
    let spends = |plan: &mut TransferPlan, _: &mut ChaCha8Rng| plan.spends.push(plan.spends[0].clone());
    assert_eq!(refused(spends), BuildError::TooManySpends { shape, given: 3 });
    let payments = |plan: &mut TransferPlan, _: &mut ChaCha8Rng| plan.payments.push(plan.payments[0].clone());
    assert_eq!(refused(payments), BuildError::TooManyPayments { shape, given: 4 });
    assert_eq!(
        refused(|plan, _| plan.payments[1].value = Value::ZERO),
        BuildError::EmptyPayment { payment: 1 }
    );
    assert_eq!(
        refused(|plan, _| plan.payments[1].asset = AssetId::NONE),
        BuildError::EmptyPayment { payment: 1 }
    );
    let memo = refused(|plan, _| plan.payments[2].memo = Memo::new(&[1; 63]).unwrap());
    assert!(matches!(memo, BuildError::Memo { payment: 2, .. }));
    let nothing =
        PublicSide::Deposit { asset: asset(5), amount: Value::ZERO, payer: TransparentAccount([4; 32]) };
    assert_eq!(refused(|plan, _| plan.public_side = nothing), BuildError::EmptyPublicSide);
    let undescribed =
        PublicSide::Deposit { asset: asset(5), amount: Value(1), payer: TransparentAccount([4; 32]) };
    assert_eq!(refused(|plan, _| plan.public_side = undescribed), BuildError::Context);
    assert_eq!(refused(|plan, _| plan.seal = Some(viewer(1).outgoing(pool(), Epoch(6)))), BuildError::Seal);
}

#[test]
fn assets_are_two_at_most() {
    let third = |plan: &mut TransferPlan, _: &mut ChaCha8Rng| plan.payments[0].asset = asset(8);
    assert_eq!(refused(third), BuildError::TooManyAssets);
    let crossing = |plan: &mut TransferPlan, _: &mut ChaCha8Rng| {
        plan.context.public_asset = DescriptorHash([1; 32]);
        let recipient = TransparentAccount([4; 32]);
        plan.public_side = PublicSide::Withdrawal { asset: asset(6), amount: Value(1), recipient };
    };
    assert_eq!(refused(crossing), BuildError::PublicAsset);
}

#[test]
fn spends_must_be_ones_own_under_the_anchor_and_of_no_later_epoch() {
    let replace = |of: u8, epoch: Epoch, value: u64| {
        move |plan: &mut TransferPlan, rng: &mut ChaCha8Rng| {
            let notes = vec![note(of, epoch, asset(5), value, rng), plan.spends[1].note.clone()];
            (plan.anchor, plan.spends) = plant(notes);
        }
    };
    assert_eq!(refused(replace(2, E, 100)), BuildError::NotOwned { spend: 0 });
    assert_eq!(refused(replace(1, Epoch(8), 100)), BuildError::LaterEpoch { spend: 0 });
    assert_eq!(refused(replace(1, E, 0)), BuildError::EmptySpend { spend: 0 });
    assert_eq!(refused(|plan, _| plan.anchor = Anchor::empty_tree()), BuildError::Path { spend: 0 });
    let twice = refused(|plan, _| plan.spends[1] = plan.spends[0].clone());
    assert_eq!(twice, BuildError::SpentTwice { spend: 1 });
}

#[test]
fn stages_print_no_secrets() {
    let mut rng = rng(10);
    let built = plan(&mut rng).build(&viewer(1), &mut rng).unwrap();
    let txid = built.txid();
    let proven = built.prove(&Checker, &mut Unwatched).unwrap();
    let shown = format!("{built:?} {proven:?} {:?}", built.signing_request());
    assert_eq!(shown, format!("Built({txid}, ..) Proven({txid}, ..) SigningRequest({txid}, ..)"));
}
