//! Packages, which open chosen payments and nothing else.

use age::x25519::Identity;
use louver_client::audit::names;
use louver_core::{encoding::Encode, pool::PoolId, secret::Secret, spec::Fj, value::Value};
use louver_viewkeys::{
    auditor::ReaderKeys,
    challenge::{Challenge, Demand},
    package::{Chosen, OutputOpening, Package, PackageRequest, Show, Side, What},
    scope::Directions,
    signed::{Asked, Reading, Terms},
};
use louver_wallet::history::OutputKind;

use super::{Owner, Paid, Taken, answer, judged, no_proof, payment::RENT};
use crate::{
    audit::table,
    clock,
    demo::{
        oversight::first_month,
        play::Play,
        stage::{Answer, Forgery, Step},
    },
    exit::Failure,
    wallet::session::FIRST,
};

/// The reader of the package.
pub(super) const BANK: &str = "The landlord's bank";

/// Forgeries of packages.
pub(super) const FORGERIES: [Forgery; 16] = [
    Forgery {
        rule: "package-place",
        by: "reader",
        name: "a payment that stands in another block, signed again",
    },
    Forgery { rule: "package-twice", by: "wallet", name: "one payment shown as two" },
    Forgery {
        rule: "package-output",
        by: "reader",
        name: "an output that the transaction does not have, signed again",
    },
    Forgery { rule: "package-opening", by: "reader", name: "95 LVR where 25 were paid, signed again" },
    Forgery { rule: "package-crossing", by: "reader", name: "a payment in the pool as a deposit" },
    Forgery {
        rule: "package-proof",
        by: "reader",
        name: "more than was proven of a hidden amount, signed again",
    },
    Forgery { rule: "package-empty", by: "wallet", name: "a package that shows nothing" },
    Forgery { rule: "package-pool", by: "wallet", name: "a payment of another pool" },
    Forgery { rule: "package-change", by: "wallet", name: "Alice's change as a payment" },
    Forgery { rule: "package-payer", by: "wallet", name: "Bob says that he paid what he received" },
    Forgery { rule: "package-receipt", by: "wallet", name: "Alice says that she received what she paid" },
    Forgery { rule: "package-threshold", by: "wallet", name: "at least 30 LVR, of a payment of 25" },
    Forgery { rule: "answer-kind", by: "wallet", name: "a package where a grant was asked for" },
    Forgery { rule: "answer-payments", by: "wallet", name: "LVR where a payment in EURX was asked for" },
    Forgery { rule: "answer-amount", by: "wallet", name: "25 LVR where 40 were asked for" },
    Forgery {
        rule: "envelope-zeros",
        by: "reader",
        name: "a package for nobody, to a reader whose nonce is zeros",
    },
];

impl Paid {
    /// Shows the payment.
    fn chosen(&self, side: Side, show: Show) -> Chosen {
        let what = What::Note { side, show, note: Box::new(self.note.clone()) };
        self.part(what)
    }

    fn part(&self, what: What) -> Chosen {
        Chosen { height: self.height, txid: self.txid, spend_tag: self.spend_tag, what }
    }
}

impl Play {
    /// A package with its proofs, and the number by which it can be signed again. Proofs of the same statement are made once.
    fn make_package(&mut self, request: &PackageRequest) -> Result<(Package, Secret<Fj>), Failure> {
        let (viewing, key) = (self.alice.viewing()?, self.alice.authorizing_key()?);
        let draft = request.draft(&viewing, &mut rand::rng()).map_err(Failure::input)?;
        let alpha = draft.opening().alpha.clone();
        self.stage.busy("proving a payment");
        let first = draft.statements().first().ok_or_else(|| Failure::expectation("a payment"))?;
        let proof =
            self.disclosures.prove_note(&first.0, draft.opening(), &first.1).map_err(Failure::input)?;
        self.stage.proofs += 1;
        let proofs = draft.statements().iter().map(|_| proof).collect();
        let package = draft.sign(proofs, &key, &mut rand::rng()).map_err(Failure::input)?;
        Ok((package, alpha))
    }

    /// A bank asks for a payment of 20 LVR at least, and Alice opens one.
    pub(super) fn show_by_package(&mut self, paid: &Paid) -> Result<Taken, Failure> {
        let ledger = self.ledger()?;
        let (bank, now) = (Identity::generate(), clock::now());
        let month = first_month()?;
        let place = self.place();
        let ask = |demand| Challenge::new(place, BANK, &bank, demand, now, &mut rand::rng());
        let payments = |asset, at_least| Demand::Payments {
            epochs: Some(month),
            side: Some(Side::Sent),
            asset: Some(asset),
            at_least: Some(Value(at_least)),
        };
        let challenge = ask(payments(self.lvr, 20_000_000)).map_err(Failure::input)?;
        let answering =
            |challenge| Terms::answering(challenge, "Proof of rent".to_owned(), now, now + 86_400);
        let full = || vec![paid.chosen(Side::Sent, Show::Full)];
        let request = PackageRequest { terms: answering(challenge.clone()), chosen: full() };
        let (package, alpha) = self.make_package(&request)?;
        let alice = self.alice_with(&alpha)?;
        let sealed = package.seal().map_err(Failure::input)?;

        let reading = Reading {
            reader: None,
            asked: Asked::Challenge(Box::new(challenge.clone())),
            keys: Some(ReaderKeys::of(&bank)),
            ..self.expects(&ledger, BANK)
        };
        let found = ledger.find(&package)?;
        let opened = Package::open(&sealed, Some(&bank)).map_err(Failure::input)?;
        let verified = opened
            .verify(&reading, &names(&self.assets), &self.verifier, |height, txid| found.get(height, txid))
            .map_err(Failure::expectation)?;
        self.stage.verified += 1;
        self.stage.tell(&Step {
            name: "package",
            title: "A bank asks for the rent by a challenge; Alice opens one payment, and no other"
                .to_owned(),
            proves: "the note opens its commitment on the ledger, and her account made the transaction",
            public: "nothing",
        });
        self.stage.show(&table::package(self.stage.output, &verified, &self.assets), "package", &verified);
        let is_rent = verified.payments.first().is_some_and(|payment| payment.amount.value.0 == RENT.0);
        self.stage.expect("the bank sees 25 LVR, to whom, and the memo", is_rent);

        // The same payment, of which another reader learns that it is one LVR at least.
        let least = Show::AtLeast(self.lvr, Value(1_000_000));
        let chosen = vec![paid.chosen(Side::Sent, least)];
        let request = PackageRequest { terms: self.unasked(BANK, None), chosen };
        let (other, alpha) = self.make_package(&request)?;
        let unasked = self.expects(&ledger, BANK);
        let check = |package: &Package, reading: &Reading| {
            let find = |height, txid: &_| found.get(height, txid);
            package.verify(reading, &names(&self.assets), &self.verifier, find)
        };
        let hidden = check(&other, &unasked).map_err(Failure::expectation)?;
        let shows_least = hidden.payments.iter().all(|payment| payment.recipient.is_none());
        self.stage.expect("another reader sees that it is 1 LVR at least, and not to whom", shows_least);
        self.stage.verified += 1;

        let taken = Taken { package, verified, reading, bank: bank.clone(), challenge, other };
        let judge = |package: &Package, reading: &Reading| {
            let find = |height, txid: &_| found.get(height, txid);
            answer(package.verify(reading, &names(&self.assets), &self.verifier, find))
        };
        let mut answers = self.altered(paid, &taken, &alice, &judge)?;
        let hides = self.alice_with(&alpha)?;
        let more = hides.alters(
            &taken.other.to_bytes(),
            &1_000_000u64.to_le_bytes(),
            &50_000_000u64.to_le_bytes(),
        )?;
        answers.push(("package-proof", judged(&more, |package| judge(&package, &unasked))));
        let zeros = Reading { asked: Asked::Nonce([0; 32]), ..unasked.clone() };
        answers.push(("envelope-zeros", judge(&taken.other, &zeros)));
        let opening = What::Crossing(OutputOpening::of(&paid.note));
        let request = PackageRequest { terms: self.unasked(BANK, None), chosen: vec![paid.part(opening)] };
        let draft = request.draft(&alice.viewing, &mut rand::rng()).map_err(Failure::input)?;
        let deposit = draft.sign(vec![no_proof()], &alice.key, &mut rand::rng()).map_err(Failure::input)?;
        answers.push(("package-crossing", judge(&deposit, &unasked)));

        let grant = Demand::Grant { directions: Directions::ALL, epochs: month };
        for (rule, demand) in [
            ("answer-kind", grant),
            ("answer-payments", payments(self.eurx, 1)),
            ("answer-amount", payments(self.lvr, 40_000_000)),
        ] {
            let terms = answering(ask(demand).map_err(Failure::input)?);
            let request = PackageRequest { terms, chosen: full() };
            answers.push((rule, answer(request.draft(&alice.viewing, &mut rand::rng()))));
        }
        answers.extend(self.not_made(paid)?);
        let twice = PackageRequest { terms: taken_terms(&taken), chosen: [full(), full()].concat() };
        answers.push(("package-twice", answer(twice.draft(&alice.viewing, &mut rand::rng()))));
        self.stage.forgeries(&FORGERIES, answers);
        Ok(taken)
    }

    /// The package, altered and signed again.
    fn altered(
        &self,
        paid: &Paid,
        taken: &Taken,
        alice: &Owner,
        judge: &dyn Fn(&Package, &Reading) -> Answer,
    ) -> Result<Vec<(&'static str, Answer)>, Failure> {
        let bytes = taken.package.to_bytes();
        let txid = paid.txid.to_bytes();
        let index = paid.note.index();
        let at = |height: u32| [&height.to_le_bytes()[..], &txid].concat();
        let output = |index: u8| [&txid[..], &[index]].concat();
        let alterations = [
            ("package-place", at(paid.height), at(paid.height - 1)),
            ("package-output", output(index), output(9)),
            ("package-opening", RENT.0.to_le_bytes().to_vec(), 95_000_000u64.to_le_bytes().to_vec()),
        ];
        let alter = |(rule, part, other): (_, Vec<u8>, Vec<u8>)| {
            let altered = alice.alters(&bytes, &part, &other)?;
            Ok((rule, judged(&altered, |package| judge(&package, &taken.reading))))
        };
        alterations.into_iter().map(alter).collect()
    }

    /// Packages that no wallet makes.
    fn not_made(&self, paid: &Paid) -> Result<Vec<(&'static str, Answer)>, Failure> {
        let (alice, bob) = (self.alice.viewing()?, self.bob.viewing()?);
        let terms = || self.unasked(BANK, None);
        let (entry, output) = self.alice.latest(OutputKind::Change, self.lvr)?;
        let change = self.alice.session.wallet().open_note(FIRST, entry.txid, output.index)?;
        let change = Paid { note: change.note, ..paid.part_of() };
        let elsewhere = Terms { pool: PoolId(self.place().1.0 + 1), ..terms() };
        let sent = |show| vec![paid.chosen(Side::Sent, show)];
        let received = vec![paid.chosen(Side::Received, Show::Full)];
        let wrong = [
            ("package-empty", &alice, terms(), Vec::new()),
            ("package-pool", &alice, elsewhere, sent(Show::Full)),
            ("package-change", &alice, terms(), vec![change.chosen(Side::Sent, Show::Full)]),
            ("package-payer", &bob, terms(), sent(Show::Full)),
            ("package-receipt", &alice, terms(), received),
            ("package-threshold", &alice, terms(), sent(Show::AtLeast(self.lvr, Value(30_000_000)))),
        ];
        let make = |(rule, viewing, terms, chosen)| {
            let request = PackageRequest { terms, chosen };
            (rule, answer(request.draft(viewing, &mut rand::rng())))
        };
        Ok(wrong.into_iter().map(make).collect())
    }
}

impl Paid {
    /// The same place in the ledger, for another note of the transaction.
    fn part_of(&self) -> Self {
        let Self { height, txid, spend_tag, .. } = *self;
        Self { height, txid, spend_tag, note: self.note.clone() }
    }
}

/// The terms of the package that was taken, for another answer to the same challenge.
fn taken_terms(taken: &Taken) -> Terms {
    let (issued, expires) = (taken.package.issued(), taken.package.expires());
    Terms::answering(taken.challenge.clone(), "Proof of rent".to_owned(), issued, expires)
}
