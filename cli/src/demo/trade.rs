//! Honest business: shielding, paying, salaries, withdrawing. Somebody tampers with some of it on the way.

use super::{
    cast::{Drafted, Person, pay, payment, prove_all},
    play::{Play, SALARIES},
    stage::Step,
};
use crate::{exit::Failure, file, inspect, wallet::session::FIRST};
use louver_core::{
    encoding::Decode,
    note::{Memo, MemoBucket},
    proof::Unwatched,
    shape::Shape,
    transaction::{Payment, PublicSide, Spend, Transaction, TransferPlan},
    value::Value,
};
use louver_wallet::{
    history::OutputKind,
    plan::{Action, FeeChoice},
    send::Outgoing,
};

/// The payment that Alice hides from her auditor, by opening up her wallet.
pub(super) struct Hidden {
    pub(super) txid: String,
}

impl Play {
    /// Proves in parallel and signs, each transaction in its own wallet.
    fn finish(&mut self, drafts: Vec<(Who, Drafted)>) -> Result<Vec<Outgoing>, Failure> {
        self.stage.busy(&format!("proving {} transactions", drafts.len()));
        let mut hosts = Vec::new();
        for (who, draft) in &drafts {
            hosts.push((*who, self.person(*who).authorization(draft)?));
        }
        let proven = prove_all(&self.prover, drafts.into_iter().map(|(_, draft)| draft).collect())?;
        self.stage.proofs += proven.len();
        proven
            .into_iter()
            .zip(hosts)
            .map(|(proven, (who, host))| self.person(who).sign(proven, host))
            .collect()
    }

    fn person(&mut self, who: Who) -> &mut Person {
        match who {
            Who::Alice => &mut self.alice,
            Who::Bob => &mut self.bob,
            Who::Company => &mut self.company,
        }
    }

    /// Moves money from transparent accounts into the pool. Returns Alice's deposit.
    pub(super) fn shield(&mut self) -> Result<Outgoing, Failure> {
        let mut drafts = Vec::new();
        for (who, text) in [(Who::Alice, "60 LVR"), (Who::Company, "25000 EURX"), (Who::Company, "20 LVR")] {
            let (asset, value) = self.amount(text)?;
            let person = self.person(who);
            let payer = person.account().into();
            let action = Action::Shield {
                payer,
                asset,
                value: value.into(),
                available: None,
                to: None,
                memo: Memo::empty(),
            };
            drafts.push((who, person.draft(&action)?));
        }
        let sent = self.finish(drafts)?;
        for outgoing in &sent {
            self.submit(outgoing)?;
        }
        self.mine()?;
        self.stage.tell(&Step {
            name: "shield",
            title: "Alice shields 60 LVR; the company 25,000 EURX and 20 LVR".to_owned(),
            proves: "the new notes are worth what left the accounts, asset by asset",
            public: "payer, asset and amount: the pool's border is in the open",
        });
        let alice = self.alice.spendable(self.lvr)?;
        let supply = self.client.supply(&[self.lvr, self.eurx])?;
        let pooled =
            |id: &str| supply.assets.iter().find(|asset| asset.id == id).map(|asset| asset.pool.clone());
        self.stage.expect("Alice can spend 60 LVR", alice == 60_000_000);
        self.stage.expect(
            "the pool holds 80 LVR and 25,000 EURX",
            pooled("1").as_deref() == Some("80000000")
                && pooled(&self.eurx.to_string()).as_deref() == Some("2500000"),
        );
        sent.into_iter().next().ok_or_else(|| Failure::expectation("no deposit"))
    }

    /// Alice pays Bob; the company pays seven salaries in one transaction. Returns a second transaction of Alice's that
    /// spends the same note.
    pub(super) fn pay_and_be_paid(&mut self) -> Result<Transaction, Failure> {
        let to_bob = payment(self.bob.address()?, self.amount("25 LVR")?, "Rent, with thanks")?;
        let to_outsider = payment(self.outsider.address()?, self.amount("30 LVR")?, "")?;
        let rent = self.alice.draft(&pay(vec![to_bob], self.lvr))?;
        let double = self.alice.draft(&pay(vec![to_outsider], self.lvr))?;
        let mut list = self.salaries()?;
        // A chain whose ceremony made no keys for 2x16 pays one after the other.
        let at_once = self.prover.keys().newest(Shape::TwoBySixteen).is_ok();
        let later = if at_once { Vec::new() } else { list.split_off(1) };
        let salaries = self.company.draft(&pay(list, self.lvr))?;
        self.stage.busy("proving 3 transactions");
        let mut proven = prove_all(&self.prover, vec![rent, salaries, double])?.into_iter();
        let (Some(rent), Some(salaries), Some(double)) = (proven.next(), proven.next(), proven.next()) else {
            return Err(Failure::expectation("three proofs"));
        };
        self.stage.proofs += 3;
        let rent = self.alice.sign(rent, Vec::new())?;
        let salaries = self.company.sign(salaries, Vec::new())?;
        // Her wallet refuses to sign for a note that is on its way. A wallet that is taken apart does not.
        let key = self.alice.authorizing_key()?;
        let double = double.stage().clone().sign(&key, &mut rand::rng()).map_err(Failure::input)?;

        self.stage.tell(&Step {
            name: "pay",
            title: format!(
                "Alice pays Bob 25 LVR; the company pays 7 salaries in EURX and bonuses in LVR, {}",
                if at_once { "in one transaction" } else { "one after the other" }
            ),
            proves: "the notes spent exist, are the payer's, were not spent, and the sums agree in both assets",
            public: "two nullifiers and 3 or 16 new commitments, a fee; no name, asset or amount",
        });
        self.public_view(&rent)?;
        self.tamper(&rent)?;
        self.submit(&rent)?;
        self.submit(&salaries)?;
        self.double_spend(&double, "double spend, while the first waits");
        self.mine()?;
        self.double_spend(&double, "double spend, after the first was mined");
        for payment in later {
            let draft = self.company.draft(&pay(vec![payment], self.lvr))?;
            for sent in self.finish(vec![(Who::Company, draft)])? {
                self.submit(&sent)?;
            }
            self.mine()?;
        }
        for (_, person) in &mut self.staff {
            person.sync()?;
        }
        self.outsider.sync()?;
        let eurx = self.eurx;
        let paid = self.staff.iter().all(|(_, person)| person.spendable(eurx).is_ok_and(|amount| amount > 0));
        let memo = self.bob.latest(OutputKind::Received, self.lvr).is_ok();
        let read = self
            .bob
            .history()?
            .iter()
            .flat_map(|entry| &entry.outputs)
            .any(|output| output.memo.as_ref().and_then(Memo::as_text) == Some("Rent, with thanks"));
        self.stage.expect("everybody on the list has a salary that can be spent", paid);
        self.stage.expect("Bob reads Alice's memo", memo && read);
        let stranger = self.outsider.history()?.is_empty();
        self.stage.expect("an outsider who reads every block finds nothing", stranger);
        Ok(double)
    }

    /// Everything that the chain, and so everybody, sees of a payment.
    fn public_view(&self, payment: &Outgoing) -> Result<(), Failure> {
        let transaction = Transaction::from_bytes(&payment.bytes).map_err(Failure::input)?;
        let facts =
            inspect::transaction(&transaction).with("period", self.name(transaction.effects().epoch()));
        let text = format!("What everybody sees of Alice's payment:\n\n{}\n", facts.text());
        self.stage.show(&text, "public_view", &facts);
        Ok(())
    }

    /// The list that ships with the project, with an address for every name; kept as a file for `wallet pay-many`.
    fn salaries(&mut self) -> Result<Vec<Payment>, Failure> {
        let mut payments = Vec::new();
        let mut list = csv::Writer::from_writer(Vec::new());
        list.write_record(["address", "amount", "memo"]).map_err(Failure::storage)?;
        for row in csv::Reader::from_reader(SALARIES.as_bytes()).records() {
            let row = row.map_err(Failure::input)?;
            let [Some(name), Some(salary), Some(bonus), Some(memo)] =
                [0, 1, 2, 3].map(|column| row.get(column))
            else {
                return Err(Failure::input("the list of salaries has four columns"));
            };
            for amount in [salary, bonus] {
                let person = match name {
                    "Alice" => Some(&mut self.alice),
                    "Bob" => Some(&mut self.bob),
                    _ => self.staff.iter_mut().find(|(other, _)| other == name).map(|(_, person)| person),
                };
                let person = person.ok_or_else(|| Failure::input(format!("nobody is called {name}")))?;
                let to = person.address()?;
                list.write_record([&to.to_string(), amount, memo]).map_err(Failure::storage)?;
                payments.push(payment(to, self.assets.parse_amount(amount)?, memo)?);
            }
        }
        let list = list.into_inner().map_err(Failure::storage)?;
        file::write_new(&self.folder.join("payments.csv"), &list, file::Readers::Others)?;
        Ok(payments)
    }

    /// Bob sends EURX with the fee in LVR; Alice withdraws, and makes a payment without an outgoing record.
    pub(super) fn trade_and_withdraw(&mut self) -> Result<Hidden, Failure> {
        // This comes first: it spends a small note, and a withdrawal takes small notes along.
        let secret = self.unrecorded_payment()?;
        let proven = secret.prove(&self.prover, &mut Unwatched).map_err(Failure::input)?;
        let key = self.alice.authorizing_key()?;
        let secret = proven.sign(&key, &mut rand::rng()).map_err(Failure::input)?;
        self.stage.proofs += 1;
        let hidden = self.client.submit(&louver_core::encoding::Encode::to_bytes(&secret))?;
        self.stage.transactions += 1;
        self.mine()?;
        let to_alice = payment(self.alice.address()?, self.amount("10 EURX")?, "Lunch")?;
        let swap = self.bob.draft(&pay(vec![to_alice], self.lvr))?;
        let (asset, value) = self.amount("10 LVR")?;
        let recipient = self.alice.account().into();
        let before = self.alice_in_the_open()?;
        let fee = FeeChoice::Least;
        let withdrawal =
            self.alice.draft(&Action::Withdraw { recipient, asset, value: value.into(), fee })?;
        let mut sent = self.finish(vec![(Who::Bob, swap), (Who::Alice, withdrawal)])?.into_iter();
        let (Some(swap), Some(withdrawal)) = (sent.next(), sent.next()) else {
            return Err(Failure::expectation("two transactions"));
        };
        self.stage.tell(&Step {
            name: "trade",
            title: "Bob sends Alice 10 EURX, with the fee in LVR; Alice withdraws 10 LVR".to_owned(),
            proves: "as before; and what leaves the pool was in it",
            public: "of Bob's payment the fee; of the withdrawal the recipient, the asset and the amount",
        });
        self.redirect(&withdrawal)?;
        self.submit(&swap)?;
        self.submit(&withdrawal)?;
        self.mine()?;
        let (after, eurx) = (self.alice_in_the_open()?, self.eurx);
        self.stage.expect("10 LVR stand on Alice's transparent account", after == before + 10_000_000);
        // Her salary, and Bob's share of the lunch.
        let lunch = self.alice.spendable(eurx)?;
        self.stage.expect("Alice can spend 3,210.00 EURX", lunch == 321_000);
        Ok(Hidden { txid: hidden.id })
    }

    fn alice_in_the_open(&self) -> Result<u64, Failure> {
        let account = self.client.holdings(self.alice.account())?;
        let held = account.balances.iter().find(|(asset, _)| *asset == self.lvr);
        Ok(held.map_or(0, |(_, value)| value.0))
    }

    /// A payment by Alice, made around her wallet: sealed to no outgoing key, so that her auditor cannot read it.
    fn unrecorded_payment(&mut self) -> Result<louver_core::transaction::Built, Failure> {
        let (entry, output) = self.alice.latest(OutputKind::Received, self.lvr)?;
        let opened = self.alice.session.wallet().open_note(FIRST, entry.txid, output.index)?;
        let genesis = self.client.genesis();
        let status = self.client.status()?;
        let epoch = louver_core::epoch::Epoch(status.epoch.number);
        let fee = genesis
            .minimum_fee(self.lvr, louver_core::shape::Shape::TwoByThree)
            .and_then(|amount| louver_core::transaction::Fee::new(self.lvr, amount))
            .ok_or_else(|| Failure::input("no fee is taken in LVR"))?;
        let value = Value(output.value.0.saturating_sub(fee.amount().0));
        let to = self.outsider.address()?;
        let plan = TransferPlan {
            context: self.client.connection().context(&PublicSide::Internal, fee),
            pool: genesis.terms().pool,
            rules: louver_core::pool::RulesVersion::V1,
            epoch,
            expiry_height: (status.height + 32).next_multiple_of(louver_core::ledger::rules::EXPIRY_BUCKET),
            shape: louver_core::shape::Shape::TwoByThree,
            memo_bucket: MemoBucket::default(),
            anchor: opened.anchor,
            spends: vec![Spend { note: opened.note, path: opened.path }],
            payments: vec![Payment { to, asset: self.lvr, value, memo: Memo::empty() }],
            public_side: PublicSide::Internal,
            fee,
            seal: None,
        };
        plan.build(&self.alice.viewing()?, &mut rand::rng()).map_err(Failure::input)
    }

    /// Submits a mined deposit again.
    pub(super) fn replay(&mut self, deposit: &Outgoing) -> Result<(), Failure> {
        let before = self.alice_in_the_open()?;
        let answer = self.client.submit(&deposit.bytes);
        self.mine()?;
        let same = self.alice_in_the_open()? == before;
        let word = match answer {
            Ok(known) if known.known => "it is known already, and nothing was debited again".to_owned(),
            Ok(_) => "taken again".to_owned(),
            Err(error) => error.to_string(),
        };
        self.stage.attack("replayed deposit", "node", if same { Ok(word) } else { Err(word) });
        Ok(())
    }
}

/// The wallet that makes a transaction.
#[derive(Clone, Copy)]
pub(super) enum Who {
    Alice,
    Bob,
    Company,
}
