use age::x25519::Identity;
use louver_circuits::disclosure::DisclosureProveError;
use louver_core::{
    asset::KnownAssets,
    disclosure::{DisclosureViolation, NoteFault, Randomized},
    encoding::Decode,
    epoch::{Epoch, EpochSchedule},
    keys::{AccountSpendingKey, Direction},
    ledger::SnapshotEntry,
    nullifier_tree::NullifierTree,
    proof::{Progress, Unwatched},
    secret::ExposeBytes,
    spec::Fr,
    store::{MemoryStore, Store},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::{claims::Grounded, *};
use crate::{
    auditor::ReaderKeys,
    challenge::{Challenge, Demand, Shortfall},
    report::{Ground, Names},
    signed::{Asked, EnvelopeError, OpenError, Reading, Terms, TermsError},
    testing::{
        NOW, account, ground,
        ledger::{GENESIS, Held, Ledger, POOL, Pay},
        prover, reading,
        schema::{check, committed},
        terms, verifier,
    },
};

fn asset() -> AssetId {
    AssetId::new(1).unwrap()
}

/// Epochs of four seconds without grace: blocks 1 to 4 are of epoch 0.
fn schedule() -> EpochSchedule {
    EpochSchedule::seconds(1_700_000_001, 4, 0).unwrap()
}

/// A ledger, and its snapshot after the last block.
struct World {
    ledger: Ledger,
    store: MemoryStore,
    snapshot: NumberedSnapshot,
}

impl World {
    fn new(ledger: Ledger) -> Self {
        let mut nullifiers = Vec::new();
        for (_, verified) in &ledger.blocks {
            nullifiers.extend_from_slice(verified.transaction().effects().nullifiers());
        }
        let mut store = MemoryStore::default();
        let grown = NullifierTree::new(&store).grow(&nullifiers).unwrap();
        store.write(&grown.batch).unwrap();
        let frontier = ledger.frontier(ledger.height());
        let entry = SnapshotEntry {
            epoch: Epoch(0),
            height: ledger.height(),
            time: 1_700_000_000 + u64::from(ledger.height()),
            tree_root: frontier.root(),
            tree_size: frontier.size(),
            nullifier_root: grown.root,
            nullifiers: grown.count,
        };
        Self { ledger, store, snapshot: NumberedSnapshot { index: 3, entry } }
    }

    /// Alice with notes of these values, which Bob brought in, and a note of 100 that she spent.
    fn with(values: &[u64]) -> (Self, Vec<Held>, Held) {
        let mut ledger = Ledger::new();
        let (alice, bob) = (account(1), account(2));
        let to = Ledger::address(&alice, Direction::External, 0);
        let mut pay = |value| ledger.deposit(&bob, 0, &Pay { to, value, memo: "" }).remove(0);
        let held: Vec<_> = values.iter().map(|value| pay(*value)).collect();
        let spent = pay(100);
        ledger.withdraw(&alice, 0, &spent);
        (Self::new(ledger), held, spent)
    }

    fn placed(&self, held: &Held) -> PlacedNote {
        PlacedNote { note: held.note.clone(), path: self.ledger.spend(held).path }
    }

    fn unspent(&self, held: &Held) -> UnspentNote {
        let keys = account(1).full_viewing_key().epoch_keys(Ledger::pool(), Epoch(0));
        let edition = NullifierTree::new(&self.store).open().unwrap();
        let absence = edition.absence(held.note.nullifier(&keys.nullifier)).unwrap();
        // Of a note that was spent there is none: another leaf has to do.
        let absence = absence.unwrap_or_else(|| {
            let other = louver_core::note::Nullifier::from_scalar(Fr::from(2)).unwrap();
            edition.absence(other).unwrap().unwrap()
        });
        UnspentNote { placed: self.placed(held), absence }
    }

    fn tree(&self) -> TreeAt {
        let entry = self.snapshot.entry;
        TreeAt { height: entry.height, time: entry.time, root: entry.tree_root }
    }

    fn says_unspent(&self, held: &Held) -> Shows {
        let note = Box::new(self.unspent(held));
        Shows::Unspent { height: held.height, txid: held.txid, note, snapshot: self.snapshot }
    }

    fn says_held(&self, held: &[Held], least: u64) -> Shows {
        let notes = held.iter().map(|held| self.unspent(held)).collect();
        Shows::Holdings { asset: asset(), at_least: Value(least), snapshot: self.snapshot, notes }
    }

    fn says_came(&self, held: &[Held], sum: StatedSum) -> Shows {
        let notes = held.iter().map(|held| self.placed(held)).collect();
        let epochs = EpochRange::new(Epoch(0), Epoch(2)).unwrap();
        Shows::Total { asset: asset(), sum, epochs, tree: self.tree(), notes }
    }

    /// Everything that a reader may look up.
    fn facts(&self, held: Option<&Held>) -> LedgerFacts {
        LedgerFacts {
            snapshot: Some(self.snapshot),
            tree: Some(self.tree()),
            transaction: held.and_then(|held| self.ledger.find(held.height, &held.txid)),
        }
    }
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(5)
}

fn make_as(
    owner: &AccountSpendingKey,
    terms: Terms,
    shows: Shows,
) -> Result<StatementFile, MakeStatementError> {
    let (viewing, signer) = (owner.full_viewing_key(), owner.spend_authorizing_key());
    let request = StatementRequest { terms, shows };
    request.make(&viewing, &signer, prover(), &mut Unwatched, &mut rng())
}

fn make(shows: Shows) -> Result<StatementFile, MakeStatementError> {
    make_as(&account(1), terms(), shows)
}

/// A file of an owner who proves one thing and signs another.
fn altered(shows: Shows, change: impl FnOnce(&mut Assertion)) -> StatementFile {
    let request = StatementRequest { terms: terms(), shows };
    let mut draft = request.draft(&account(1).full_viewing_key(), &mut rng()).unwrap();
    let prove = |one: &StatementProof| one.prove(prover(), draft.opening(), &mut Unwatched).unwrap();
    let proofs: Vec<Proof> = draft.statements().iter().map(prove).collect();
    draft.body_mut().proofs = proofs;
    change(draft.body_mut());
    let proofs = draft.body_mut().proofs.clone();
    draft.sign_as_it_is(proofs, &account(1).spend_authorizing_key(), &mut rng()).unwrap()
}

fn read_as(
    statement: &StatementFile,
    facts: &LedgerFacts,
    reading: &Reading,
) -> Result<VerifiedStatement, StatementError> {
    let assets = KnownAssets::new(&[]);
    let names = Names { assets: &assets, account: &|_| String::new() };
    statement.verify(StatementReading { reading, names: &names, schedule: schedule(), facts }, verifier())
}

fn read(statement: &StatementFile, facts: &LedgerFacts) -> Result<VerifiedStatement, StatementError> {
    read_as(statement, facts, &reading())
}

fn sentence(verified: &VerifiedStatement) -> String {
    words::sentence(&verified.stated, &KnownAssets::new(&[]))
}

const UNPROVEN: StatementError = StatementError::Unproven { place: 1, count: 1 };

/// Attacker: an owner who calls another's address his own, before or after he has proven one of his.
#[test]
fn an_address_is_the_accounts_own() {
    let own = Ledger::address(&account(1), Direction::External, 1);
    let bobs = Ledger::address(&account(2), Direction::External, 1);
    let made = make(Shows::Address(own)).unwrap();
    let verified = read(&made, &LedgerFacts::default()).unwrap();
    assert!(sentence(&verified).contains(&own.to_string()));
    for other in [bobs, Ledger::address(&account(1), Direction::Internal, 1)] {
        assert!(matches!(make(Shows::Address(other)), Err(MakeStatementError::NotOwnAddress)));
    }
    let lie = altered(Shows::Address(own), |body| body.says = Says::Address(bobs));
    assert_eq!(read(&lie, &LedgerFacts::default()), Err(UNPROVEN));
    // The proof of another statement of the account.
    let proof = made.body.proofs[0];
    let later = Ledger::address(&account(1), Direction::External, 2);
    let borrowed = altered(Shows::Address(later), |body| body.proofs = vec![proof]);
    assert_eq!(read(&borrowed, &LedgerFacts::default()), Err(UNPROVEN));
}

/// Attacker: an owner who says of a note that it was not spent, which was; of another note than the one he proves it of; or at
/// another snapshot. And a node that gives him the ways of another tree.
#[test]
fn a_note_was_not_spent_at_the_snapshot() {
    let (world, held, spent) = World::with(&[30, 40]);
    let made = make(world.says_unspent(&held[0])).unwrap();
    let facts = world.facts(Some(&held[0]));
    let said = sentence(&read(&made, &facts).unwrap());
    assert!(said.contains("was not spent at") && said.contains("(not at midnight)"), "{said}");
    // The note is not there for a reader who does not find its transaction.
    let none = LedgerFacts { transaction: None, ..facts.clone() };
    assert_eq!(read(&made, &none), Err(StatementError::NotOnLedger { height: held[0].height }));
    let none = LedgerFacts { snapshot: None, ..facts.clone() };
    assert_eq!(read(&made, &none), Err(StatementError::NoSnapshot { index: 3 }));
    let violated = |made: Result<_, _>| match made {
        Err(MakeStatementError::Prove(DisclosureProveError::Violation(violation))) => violation,
        other => panic!("{other:?}"),
    };
    let broken = violated(make(world.says_unspent(&spent)));
    assert!(matches!(broken, DisclosureViolation::Note(NoteFault::AbsenceValue | NoteFault::AbsenceNext)));
    // Another note, in words or on the ledger.
    let other = altered(world.says_unspent(&held[0]), |body| {
        body.says = Says::Unspent { height: held[1].height, txid: held[1].txid, output: 0, snapshot: 3 };
    });
    assert_eq!(read(&other, &world.facts(Some(&held[1]))), Err(UNPROVEN));
    // Another snapshot.
    let other = altered(world.says_unspent(&held[0]), |body| {
        if let Says::Unspent { snapshot, .. } = &mut body.says {
            *snapshot = 4;
        }
    });
    let mut later = facts.clone();
    let entry = SnapshotEntry { nullifier_root: Fr::from(7), ..world.snapshot.entry };
    later.snapshot = Some(NumberedSnapshot { index: 4, entry });
    assert_eq!(read(&other, &later), Err(UNPROVEN));
    // A node that lies is found out before anything is signed.
    let Shows::Unspent { height, txid, mut note, snapshot } = world.says_unspent(&held[0]) else { panic!() };
    note.placed.path = world.placed(&held[1]).path;
    let broken = violated(make(Shows::Unspent { height, txid, note, snapshot }));
    assert_eq!(broken, DisclosureViolation::Note(NoteFault::Root));
    // Another's note.
    let bobs = make_as(&account(2), terms(), world.says_unspent(&held[0]));
    assert!(matches!(bobs, Err(MakeStatementError::NotOwn)));
}

/// The claims that a reader builds from a file.
fn claims_of(world: &World, statement: &Assertion, account: Randomized) -> Vec<Vec<Fr>> {
    let grounded = match statement.says {
        Says::Holdings { asset, at_least, .. } => {
            Grounded::Holdings { asset, at_least, snapshot: world.snapshot.entry }
        }
        Says::Total { asset, sum, epochs, .. } => {
            Grounded::Total { asset, sum, epochs, root: world.tree().root }
        }
        Says::Address(_) | Says::Unspent { .. } => panic!("it is about no sum"),
    };
    let claims = grounded.claims(account, Ledger::pool(), statement.run.as_ref());
    claims.iter().map(|claim| claim.as_claim().to_scalars().to_vec()).collect()
}

/// The claims that an owner proves, each checked against what she knows.
fn proven(draft: &StatementDraft) -> Result<Vec<Vec<Fr>>, DisclosureViolation> {
    let each = |one: &StatementProof| match one {
        StatementProof::Holdings(one) => one.0.holds(draft.opening(), &one.1).map(|()| one.0.to_scalars()),
        StatementProof::Total(one) => one.0.holds(draft.opening(), &one.1).map(|()| one.0.to_scalars()),
        StatementProof::Address(_) | StatementProof::Unspent(_) => panic!("it is about no sum"),
    };
    draft.statements().iter().map(each).collect()
}

fn draft(shows: Shows) -> Result<StatementDraft, MakeStatementError> {
    let request = StatementRequest { terms: terms(), shows };
    request.draft(&account(1).full_viewing_key(), &mut rng())
}

/// Attacker: an owner who puts a greater amount, another asset, other months or another order of proofs into the file than he
/// has proofs for, or leaves proofs out. Each changes what the reader checks proofs against.
#[test]
fn a_reader_checks_the_sum_that_he_reads() {
    let values: Vec<u64> = (1..=17).collect();
    let (world, held, _) = World::with(&values);
    let drafts = [
        draft(world.says_held(&held, 150)).unwrap(),
        draft(world.says_came(&held, StatedSum::Exactly(Value(153)))).unwrap(),
    ];
    for mut made in drafts {
        // 17 notes take three proofs, and are shown by four.
        let honest = proven(&made).unwrap();
        assert_eq!(honest.len(), 4);
        let account = {
            let [aid, u, v] = [honest[0][0], honest[0][1], honest[0][2]];
            Randomized { aid, rk: (u, v) }
        };
        let body = made.body_mut().clone();
        assert_eq!(claims_of(&world, &body, account), honest);
        let differs = |change: &dyn Fn(&mut Assertion), which: &[usize]| {
            let mut lie = body.clone();
            change(&mut lie);
            let read = claims_of(&world, &lie, account);
            let other: Vec<_> = (0..4).filter(|at| read.get(*at) != Some(&honest[*at])).collect();
            assert_eq!(other, which);
        };
        differs(
            &|lie| match &mut lie.says {
                Says::Holdings { at_least, .. } => *at_least = Value(151),
                Says::Total { sum, .. } => *sum = StatedSum::Exactly(Value(154)),
                _ => {}
            },
            &[3],
        );
        differs(
            &|lie| match &mut lie.says {
                Says::Holdings { asset, .. } | Says::Total { asset, .. } => *asset = AssetId::new(2).unwrap(),
                _ => {}
            },
            &[0, 1, 2, 3],
        );
        if let Says::Total { .. } = body.says {
            differs(
                &|lie| {
                    if let Says::Total { sum, .. } = &mut lie.says {
                        *sum = StatedSum::AtLeast(Value(153));
                    }
                },
                &[3],
            );
            differs(
                &|lie| {
                    if let Says::Total { epochs, .. } = &mut lie.says {
                        *epochs = EpochRange::new(Epoch(1), Epoch(2)).unwrap();
                    }
                },
                &[0, 1, 2, 3],
            );
        }
        let ends = body.run.as_ref().unwrap().ends().to_vec();
        let reordered = vec![ends[1], ends[0], ends[2], ends[3]];
        differs(&|lie| lie.run = Run::new(reordered.clone()), &[0, 1, 2]);
        // The last two proofs as a run of their own begin with another count than the empty one.
        differs(&|lie| lie.run = Run::new(ends[2..].to_vec()), &[0, 1, 2, 3]);
    }
}

/// Attacker: an owner who counts a note twice, in one proof or in two; who states what 64 bits leave of a sum; who counts spent
/// notes, change or empty notes.
#[test]
fn nothing_counts_twice_and_no_sum_wraps_around() {
    let (world, held, spent) = World::with(&[5, 6, 7, 8, 9, 10, 11, 12, u64::MAX, u64::MAX]);
    let mut twice = held[..8].to_vec();
    twice.push(held[0].clone());
    let faults = |shows| proven(&draft(shows).unwrap()).unwrap_err();
    let is_order = |violation| matches!(violation, DisclosureViolation::NoteOf(_, NoteFault::Order));
    assert!(is_order(faults(world.says_held(&[held[0].clone(), held[0].clone()], 10))));
    assert!(is_order(faults(world.says_held(&twice, 70))));
    assert!(is_order(faults(world.says_came(&twice, StatedSum::Exactly(Value(73))))));
    let gone = faults(world.says_held(core::slice::from_ref(&spent), 100));
    assert!(matches!(gone, DisclosureViolation::NoteOf(0, NoteFault::AbsenceValue | NoteFault::AbsenceNext)));
    // The sum of 2^65 - 2 is known as such, and 64 bits of it are not.
    let great = &held[8..];
    assert!(proven(&draft(world.says_held(great, u64::MAX)).unwrap()).is_ok());
    let wrapped = draft(world.says_came(great, StatedSum::Exactly(Value(u64::MAX - 1))));
    let have = 2 * u128::from(u64::MAX);
    let is_refused = |made: Result<_, _>, stated: u64, sum: u128| matches!(made, Err(MakeStatementError::Sum { have, stated: found }) if (have, found) == (sum, stated));
    assert!(is_refused(wrapped, u64::MAX - 1, have));
    assert!(is_refused(draft(world.says_held(&held[..1], 6)), 6, 5));
    assert!(matches!(draft(world.says_held(&held[..1], 0)), Err(MakeStatementError::NoAmount)));
    // Change is not money that came in.
    let mut ledger = Ledger::new();
    let (alice, bob) = (account(1), account(2));
    let to = Ledger::address(&alice, Direction::External, 0);
    let first = ledger.deposit(&bob, 0, &Pay { to, value: 10, memo: "" }).remove(0);
    let to = Ledger::address(&bob, Direction::External, 0);
    let made = ledger.pay(&alice, 0, &[&first], &[&Pay { to, value: 4, memo: "" }]);
    let change = made.iter().find(|held| held.note.value() == Value(6)).unwrap().clone();
    let world = World::new(ledger);
    let refused = draft(world.says_came(core::slice::from_ref(&change), StatedSum::AtLeast(Value(6))));
    assert!(matches!(refused, Err(MakeStatementError::Change)));
    assert!(proven(&draft(world.says_held(&[change], 6)).unwrap()).is_ok());
}

/// Attacker: a reader who hands a statement on as if it had been made for the next one, and an owner who shows an old one.
#[test]
fn a_statement_is_for_one_reader_and_one_question() {
    let own = Ledger::address(&account(1), Direction::External, 1);
    let bank = Identity::generate();
    let recipient = bank.to_public().to_string();
    let mut sealed = terms();
    sealed.reader.recipient = Some(recipient);
    let made = make_as(&account(1), sealed, Shows::Address(own)).unwrap();
    let file = made.to_file().unwrap();
    let opened = StatementFile::open(&file, Some(&bank)).unwrap();
    assert_eq!(opened, made);
    // The bank opens it and gives the contents to another.
    let passed = StatementFile::open(&made.expose_bytes(), Some(&Identity::generate()));
    assert!(matches!(passed, Err(OpenError::OtherReader(_))));
    let facts = LedgerFacts::default();
    let refused = |reading: Reading| match read_as(&opened, &facts, &reading) {
        Err(StatementError::Envelope(error)) => error,
        other => panic!("{other:?}"),
    };
    let other = Reading { reader: Some("Other Bank".to_owned()), ..reading() };
    assert!(matches!(refused(other), EnvelopeError::OtherReader { .. }));
    assert_eq!(refused(Reading { asked: Asked::Nonce([4; 32]), ..reading() }), EnvelopeError::Nonce);
    let expired = Reading { now: NOW + 100, ..reading() };
    assert_eq!(refused(expired), EnvelopeError::Expired(NOW + 99));
    let other =
        Reading { account: Some(account(2).full_viewing_key().account_id(Ledger::pool())), ..reading() };
    assert_eq!(refused(other), EnvelopeError::OtherAccount);
    let chosen = Ground { chosen: crate::report::ChainChoice::Nothing, ..ground() };
    let doubtful = read_as(&opened, &facts, &Reading { chain: chosen, ..reading() }).unwrap();
    assert_eq!(doubtful.assurance, crate::report::Assurance::ChainNotChosen);
    // One byte of the words, and the signature does not fit.
    let mut bytes = made.expose_bytes().to_vec();
    let at = bytes.len() - 64 - 192 - 1;
    bytes[at] ^= 1;
    if let Ok(forged) = StatementFile::from_bytes(&bytes) {
        assert_eq!(read(&forged, &facts), Err(StatementError::Envelope(EnvelopeError::Signature)));
    }
}

fn ask(key: &Identity, demand: Demand) -> Challenge {
    Challenge::new((GENESIS, POOL), "The bank", key, demand, NOW - 9, &mut rng()).unwrap()
}

/// Attacker: an owner who answers with less, with another asset of the same symbol, with an older snapshot, or about another
/// address or note than he was asked.
#[test]
fn a_statement_answers_what_was_asked() {
    let (world, held, _) = World::with(&[30, 40]);
    let bank = Identity::generate();
    let time = world.snapshot.entry.time;
    let own = Ledger::address(&account(1), Direction::External, 1);
    let other = Ledger::address(&account(1), Direction::External, 2);
    let (first, two) = (asset(), AssetId::new(2).unwrap());
    let months = |first, last| EpochRange::new(Epoch(first), Epoch(last)).unwrap();
    let holdings = |asset, least, since| Demand::Holdings { asset, at_least: Value(least), since };
    let total = |asset, least, epochs| Demand::Total { asset, at_least: Value(least), epochs };
    let unspent = |output, since| Demand::Unspent { txid: held[0].txid, output, since };
    let says_held = || world.says_held(&held, 60);
    let says_came = || world.says_came(&held, StatedSum::AtLeast(Value(60)));
    let says_there = || world.says_unspent(&held[0]);
    for (demand, shows) in [
        (Demand::Address(own), Shows::Address(own)),
        (holdings(first, 60, time), says_held()),
        (total(first, 50, months(0, 3)), says_came()),
        (unspent(0, time), says_there()),
    ] {
        let terms = Terms::answering(ask(&bank, demand), String::new(), NOW - 1, NOW + 9);
        let made = StatementRequest { terms, shows }.draft(&account(1).full_viewing_key(), &mut rng());
        assert!(made.is_ok(), "{demand:?}: {:?}", made.err());
    }
    let stated = |asked| Shortfall::Stated { asked, stated: 60 };
    for (demand, shows, fault) in [
        (Demand::Address(other), Shows::Address(own), Shortfall::Address),
        (Demand::Address(own), says_held(), Shortfall::Kind),
        (holdings(first, 61, 0), says_held(), stated(61)),
        (holdings(two, 60, 0), says_held(), Shortfall::Asset { asked: two }),
        (holdings(first, 60, time + 1), says_held(), Shortfall::Older { since: time + 1 }),
        (holdings(first, 60, 0), says_came(), Shortfall::Kind),
        (total(first, 61, months(0, 3)), says_came(), stated(61)),
        (total(two, 60, months(0, 3)), says_came(), Shortfall::Asset { asked: two }),
        (total(first, 60, months(0, 1)), says_came(), Shortfall::Epochs),
        (unspent(1, 0), says_there(), Shortfall::Note),
        (unspent(0, time + 1), says_there(), Shortfall::Older { since: time + 1 }),
    ] {
        let terms = Terms::answering(ask(&bank, demand), String::new(), NOW - 1, NOW + 9);
        let made = StatementRequest { terms, shows }.draft(&account(1).full_viewing_key(), &mut rng());
        let found = match made {
            Err(MakeStatementError::Terms(TermsError::Less(found))) => found,
            other => panic!("{demand:?}: {other:?}"),
        };
        assert_eq!(found, fault, "{demand:?}");
    }
    // A program that answers all the same is refused by the reader.
    let challenge = ask(&bank, Demand::Address(other));
    let terms = Terms::answering(challenge.clone(), String::new(), NOW - 1, NOW + 9);
    let terms = Terms { asked: Asked::Nonce(challenge.hash()), ..terms };
    let made = make_as(&account(1), terms, Shows::Address(own)).unwrap();
    let keys = Some(ReaderKeys::of(&bank));
    let asked = Asked::Challenge(Box::new(challenge));
    let refused =
        read_as(&made, &LedgerFacts::default(), &Reading { asked, keys, reader: None, ..reading() });
    assert_eq!(refused, Err(StatementError::Envelope(EnvelopeError::Less(Shortfall::Address))));
    // Challenges are written in one way.
    for demand in [Demand::Address(own), holdings(first, 1, 7), total(two, 9, months(1, 2)), unspent(3, 0)] {
        let challenge = ask(&bank, demand);
        let bytes = louver_core::encoding::Encode::to_bytes(&challenge);
        assert!(bytes.len() <= Challenge::MAX_BYTES);
        assert_eq!(Challenge::from_bytes(&bytes), Ok(challenge));
    }
    for nothing in [holdings(first, 0, 0), total(AssetId::NONE, 1, months(0, 0))] {
        let bytes = louver_core::encoding::Encode::to_bytes(&ask(&bank, nothing));
        assert!(Challenge::from_bytes(&bytes).is_err());
    }
}

/// Attacker: a file that makes its reader allocate, or that reads as two.
#[test]
fn statements_are_written_in_one_way() {
    let (world, held, _) = World::with(&[30, 40]);
    let address = Ledger::address(&account(1), Direction::External, 1);
    let proofs = |count: usize| vec![Proof::from_array([1; 192]); count];
    let written = |shows: Shows, change: &dyn Fn(&mut Assertion)| {
        let mut made = draft(shows).unwrap();
        made.body_mut().proofs = proofs(made.statements().len());
        change(made.body_mut());
        let proofs = made.body_mut().proofs.clone();
        made.sign_as_it_is(proofs, &account(1).spend_authorizing_key(), &mut rng()).unwrap().expose_bytes()
    };
    for shows in [
        Shows::Address(address),
        world.says_unspent(&held[0]),
        world.says_held(&held, 70),
        world.says_came(&held, StatedSum::Exactly(Value(70))),
        world.says_came(&held, StatedSum::AtLeast(Value(7))),
    ] {
        let bytes = written(shows, &|_| {});
        let read = StatementFile::from_bytes(&bytes).unwrap();
        assert_eq!(read.expose_bytes(), bytes);
        for length in 0..bytes.len() {
            assert!(StatementFile::from_bytes(&bytes[..length]).is_err());
        }
        assert!(StatementFile::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    }
    // A sum of nothing, an asset that is none, an address of another pool, and three proofs.
    let zero = Says::Holdings { asset: asset(), at_least: Value::ZERO, snapshot: 3 };
    let none = Says::Holdings { asset: AssetId::NONE, at_least: Value(1), snapshot: 3 };
    for says in [zero, none] {
        let bytes = written(world.says_held(&held, 70), &|body| body.says = says);
        assert!(StatementFile::from_bytes(&bytes).is_err());
    }
    let pool = louver_core::pool::PoolTag::new(&GENESIS, louver_core::pool::PoolId(9));
    let foreign = account(1).full_viewing_key().address(
        pool,
        Epoch(1),
        Direction::External,
        louver_core::keys::AddressIndex(5),
    );
    let bytes = written(Shows::Address(address), &|body| body.says = Says::Address(foreign));
    assert!(StatementFile::from_bytes(&bytes).is_err());
    let bytes = written(world.says_held(&held, 70), &|_| {});
    let mut three = bytes.to_vec();
    let count = three.len() - 64 - 224 - 4;
    three[count] = 3;
    assert!(StatementFile::from_bytes(&three).is_err());
}

#[test]
fn verdicts_on_statements_are_as_the_book_says() {
    let schema = committed("statement-report-1", &schemars::schema_for!(VerifiedStatement));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (world, held, _) = World::with(&[30]);
    let address = Ledger::address(&account(1), Direction::External, 1);
    let verified = read(&make(Shows::Address(address)).unwrap(), &LedgerFacts::default()).unwrap();
    let snapshot = &world.snapshot;
    let assets = KnownAssets::new(&[]);
    let months = EpochRange::new(Epoch(0), Epoch(2)).unwrap();
    let found = world.ledger.find(held[0].height, &held[0].txid).unwrap();
    let each = [
        verified.stated.clone(),
        verdict::unspent(&found, 0, snapshot, &schedule()),
        verdict::holdings((asset(), Value(7)), snapshot, &assets, &schedule()),
        verdict::total((asset(), StatedSum::Exactly(Value(7))), months, &world.tree(), &assets, &schedule()),
    ];
    for stated in each {
        let unverified = StatementGap::of(&stated);
        let verdict = VerifiedStatement { stated, unverified, ..verified.clone() };
        check(&validator, &serde_json::to_value(&verdict).unwrap());
        assert!(words::sentences(&verdict, &assets).len() > 6);
    }
    let mut json = serde_json::to_value(&verified).unwrap();
    assert_eq!(
        (&json["schema"], &json["stated"]["kind"]),
        (&"louver.statement-report/1".into(), &"address".into())
    );
    json["stated"]["kind"] = "guessed".into();
    assert!(!validator.is_valid(&json));
    let least =
        verdict::total((asset(), StatedSum::AtLeast(Value(7))), months, &world.tree(), &assets, &schedule());
    assert!(words::gap(StatementGap::of(&least)[0]).contains("the account's own money, repeatedly"));
}

/// Attacker: an owner whose file has the proofs of a run in another order, or a greater amount, or the run of another file.
#[test]
#[ignore = "slow: two proofs of the largest statement"]
fn holdings_are_proven_from_the_notes_to_the_verdict() {
    let values: Vec<u64> = (1..=9).collect();
    let (world, held, _) = World::with(&values);
    let facts = world.facts(None);
    let shows = || world.says_held(&held, 45);
    let mut steps = Steps(Vec::new());
    let request = StatementRequest { terms: terms(), shows: shows() };
    let owner = account(1);
    let (viewing, signer) = (owner.full_viewing_key(), owner.spend_authorizing_key());
    let made = request.make(&viewing, &signer, prover(), &mut steps, &mut rng()).unwrap();
    assert!(steps.0.is_sorted() && steps.0.len() > 10);
    let verified = read(&made, &facts).unwrap();
    let said = sentence(&verified);
    assert!(said.starts_with("the account held at least 45"), "{said}");
    let held = verified.holding().unwrap();
    assert_eq!((held.account(), held.at_least()), (made.account(), Value(45)));
    let proofs = made.body.proofs.clone();
    // The same randomness gives the same key and the same run, so only what is changed differs.
    let lies: [&dyn Fn(&mut Assertion); 3] = [
        &|body| body.proofs.reverse(),
        &|body| body.says = Says::Holdings { asset: asset(), at_least: Value(46), snapshot: 3 },
        &|body| {
            let last = body.run.as_ref().unwrap().ends()[1];
            body.run = Run::new(vec![last]);
            body.proofs.remove(0);
        },
    ];
    for lie in lies {
        let mut draft = draft(shows()).unwrap();
        draft.body_mut().proofs = proofs.clone();
        lie(draft.body_mut());
        let proofs = draft.body_mut().proofs.clone();
        let signed = draft.sign_as_it_is(proofs, &signer, &mut rng()).unwrap();
        assert!(matches!(read(&signed, &facts), Err(StatementError::Unproven { .. })));
    }
}

/// The shares of some work that were done, in thousandths.
struct Steps(Vec<u32>);

impl Progress for Steps {
    fn report(&mut self, done: u32, total: u32) -> core::ops::ControlFlow<()> {
        self.0.push(u32::try_from(u64::from(done) * 1000 / u64::from(total.max(1))).unwrap_or(u32::MAX));
        core::ops::ControlFlow::Continue(())
    }
}
