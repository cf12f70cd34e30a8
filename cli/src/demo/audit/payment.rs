//! The payment that the story is about, and the record of the travel rule that it is made under.

use age::x25519::Identity;
use louver_client::travel_rule::seen;
use louver_core::{note::Memo, pool::PoolId, proof::Unwatched, value::Value};
use louver_viewkeys::{
    package::VerifiedPackage,
    travel_rule::{PaymentTerms, Record, SeenPayment, Standing},
};
use louver_wallet::{
    history::{HistoryEntry, OutputKind},
    plan::Action,
};

use super::{FORK, Paid, Taken, answer};
use crate::{
    clock,
    demo::{
        cast::{pay, payment},
        play::Play,
        stage::{Answer, Forgery, Step},
    },
    exit::Failure,
    wallet::session::FIRST,
};

/// The persons of the payment, in IVMS101.
const PERSONS: &str = include_str!("../../../demo/travel-rule.json");
/// The payment to Bob, in base units.
pub(super) const RENT: Value = Value(25_000_000);

/// Forgeries of records of the travel rule.
pub(super) const FORGERIES: [Forgery; 7] = [
    Forgery { rule: "travel-rule-chain", by: "payee", name: "a record of a payment on a test chain" },
    Forgery { rule: "travel-rule-pool", by: "payee", name: "a record of a payment in another pool" },
    Forgery { rule: "travel-rule-payload", by: "wallet", name: "a record that leaves out the payer" },
    Forgery { rule: "travel-rule-marked", by: "wallet", name: "a memo with two hashes, for two readers" },
    Forgery { rule: "travel-rule-terms", by: "payee", name: "a second payment under a copied hash" },
    Forgery {
        rule: "travel-rule-unpaid",
        by: "payee",
        name: "a record with another salt, made after the payment",
    },
    Forgery { rule: "travel-rule-twice", by: "payee", name: "one record for a payment that is listed twice" },
];

/// The payment with its record.
pub(super) struct Recorded {
    pub(super) paid: Paid,
    record: Record,
    exchange: Identity,
    sealed: Vec<u8>,
}

impl Play {
    /// Alice shields, and pays Bob under a record. A second payment in the transaction copies the record's hash.
    pub(super) fn pay_under_a_record(&mut self) -> Result<Recorded, Failure> {
        let (asset, value) = self.amount("60 LVR")?;
        let payer = self.alice.account().into();
        let memo = Memo::empty();
        let shield = Action::Shield { payer, asset, value: value.into(), available: None, to: None, memo };
        self.send(&shield)?;

        let to = self.bob.address()?;
        let terms = PaymentTerms { to, asset: self.lvr, value: RENT };
        let now = clock::now();
        let record = Record::new(self.place(), terms, PERSONS.as_bytes(), now, &mut rand::rng());
        let record = record.map_err(Failure::input)?;
        let exchange = Identity::generate();
        let sealed = record.seal(&[exchange.to_public()]).map_err(Failure::input)?;
        let memo = record.hash().memo("Rent, with thanks").map_err(Failure::input)?;
        let text = memo.as_text().unwrap_or_default();
        let rent = payment(to, (self.lvr, RENT), text)?;
        let copied = payment(to, self.amount("5 LVR")?, text)?;
        self.send(&pay(vec![rent, copied], self.lvr))?;
        self.stage.tell(&Step {
            name: "payment",
            title: "Alice shields 60 LVR, and pays Bob 25 LVR under a record of the travel rule".to_owned(),
            proves: "the notes spent exist, are the payer's, were not spent, and the sums agree",
            public: "of the deposit payer, asset and amount; of the payment a fee",
        });
        let history = self.alice.history()?;
        let is_rent = |entry: &&HistoryEntry| entry.outputs.iter().any(|output| output.value == RENT);
        let entry = history.iter().find(is_rent).ok_or_else(|| Failure::expectation("the rent"))?;
        let output =
            entry.outputs.iter().find(|output| output.kind == OutputKind::Sent && output.value == RENT);
        let output = output.ok_or_else(|| Failure::expectation("the rent"))?;
        let opened = self.alice.session.wallet().open_note(FIRST, entry.txid, output.index)?;
        let (height, txid, spend_tag) = (opened.height, opened.txid, opened.spend_tag);
        let paid = Paid { height, txid, spend_tag, note: opened.note };
        Ok(Recorded { paid, record, exchange, sealed })
    }

    /// Alice plans, proves and sends; a block takes it.
    fn send(&mut self, action: &Action) -> Result<(), Failure> {
        let draft = self.alice.draft(action)?;
        let host = self.alice.authorization(&draft)?;
        self.stage.busy("proving a transaction");
        let proven = draft.prove(&self.prover, &mut Unwatched)?;
        self.stage.proofs += 1;
        let sent = self.alice.sign(proven, host)?;
        self.submit(&sent)?;
        self.mine()?;
        Ok(())
    }

    /// Bob's exchange opens the record, finds its payment, and learns who paid.
    pub(super) fn show_payer(&mut self, recorded: &Recorded, taken: &Taken) -> Result<(), Failure> {
        let Recorded { record, exchange, sealed, .. } = recorded;
        let (genesis, pool) = self.place();
        let now = clock::now();
        let opened = Record::open(sealed, exchange).map_err(Failure::input)?;
        let history = self.bob.history()?;
        let all: Vec<SeenPayment> = history.iter().flat_map(seen).collect();
        let report =
            |record: &Record, seen: &[SeenPayment]| record.report((&genesis, pool), seen, now, &self.assets);
        let found = report(&opened, &all).map_err(Failure::expectation)?;
        self.stage.tell(&Step {
            name: "travel-rule",
            title: "Bob's exchange opens the record, and finds the payment that it is about".to_owned(),
            proves: "the payer fixed these persons when he paid; whether they are the right ones nothing proves",
            public: "nothing: the memo has a hash with a salt, and is sealed",
        });
        let persons = found.persons().into_iter();
        let persons: String =
            persons.map(|[part, name, more]| format!("  {part}: {name}, {more}\n")).collect();
        let text = format!("{}\n{persons}", found.verdict().join("\n"));
        self.stage.show(&text, "travel_rule", &found);
        self.stage.expect("the record belongs to the rent", found.is_good());
        self.stage.verified += usize::from(found.is_good());
        let same = covers(&opened, taken, now, self);
        self.stage.expect("a package shows the same to a reader without a wallet", same);

        let copies: Vec<_> = all.iter().filter(|payment| payment.terms.value != RENT).cloned().collect();
        let copied = report(record, &copies).map_err(Failure::expectation)?;
        let standing = copied.payments.first().map_or(Standing::Covered, |payment| payment.standing);
        let late = Record::new((genesis, pool), *record.terms(), PERSONS.as_bytes(), now, &mut rand::rng());
        let late = report(&late.map_err(Failure::input)?, &all).map_err(Failure::expectation)?;
        let twice = [&all[..], &all[..]].concat();
        let twice = report(record, &twice).map_err(Failure::expectation)?;
        let nameless = PERSONS.replace("originatorPersons", "originatorsPersons");
        let nameless =
            Record::new((genesis, pool), *record.terms(), nameless.as_bytes(), now, &mut rand::rng());
        let answers = vec![
            ("travel-rule-chain", answer(record.report((&FORK, pool), &all, now, &self.assets))),
            (
                "travel-rule-pool",
                answer(record.report((&genesis, PoolId(pool.0 + 1)), &all, now, &self.assets)),
            ),
            ("travel-rule-payload", answer(nameless)),
            ("travel-rule-marked", answer(record.hash().memo(&record.hash().to_string()))),
            ("travel-rule-terms", said(&standing, &copied.verdict())),
            ("travel-rule-unpaid", said(&late.coverage, &late.verdict())),
            ("travel-rule-twice", said(&twice.coverage, &twice.verdict())),
        ];
        self.stage.forgeries(&FORGERIES, answers);
        Ok(())
    }
}

/// Whether a record belongs to a payment that a package shows.
fn covers(record: &Record, taken: &Taken, now: u64, play: &Play) -> bool {
    let (genesis, pool) = play.place();
    let seen = VerifiedPackage::seen(&taken.verified);
    record.report((&genesis, pool), &seen, now, &play.assets).is_ok_and(|report| report.is_good())
}

/// A verdict that says no.
fn said(verdict: &impl louver_viewkeys::refusal::Refusal, words: &[String]) -> Answer {
    Answer { rule: verdict.rule(), word: words.last().cloned().unwrap_or_default() }
}
