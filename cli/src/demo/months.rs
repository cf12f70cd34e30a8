//! The months that follow: what expired with the first one, what its auditor does not see any more, and three months
//! shown as one.

use std::collections::BTreeSet;

use louver_core::{
    calendar::day,
    encoding::Encode,
    epoch::{Epoch, EpochRange},
    proof::Unwatched,
    transaction::{Payment, Transaction},
};
use louver_viewkeys::{grant::Grant, report::Finding};
use louver_wallet::{payment_request::RequestedPayment, plan::PlanError};

use super::{
    cast::{pay, payment},
    play::Play,
    stage::Step,
};
use crate::{audit::table, exit::Failure, file, wallet::session::FIRST};

/// The months of the story.
pub(super) const FIRST_MONTH: Epoch = Epoch(0);
const SECOND_MONTH: Epoch = Epoch(1);
const THIRD_MONTH: Epoch = Epoch(2);

impl Play {
    /// The name of a month.
    pub(super) fn name(&self, month: Epoch) -> String {
        self.client.genesis().terms().schedule.name(month)
    }

    /// Lets time pass until a month and its grace are over. Gives the day.
    pub(super) fn outlive(&mut self, month: Epoch) -> Result<String, Failure> {
        let over = self.client.genesis().terms().schedule.payable_until(month).unwrap_or_default();
        self.maker.pass(over.saturating_sub(self.client.status()?.time));
        self.mine()?;
        Ok(day(over))
    }

    /// Alice pays Bob. Gives the transaction's id.
    fn pay_bob(&mut self, payment: Payment) -> Result<String, Failure> {
        let draft = self.alice.draft(&pay(vec![payment], self.lvr))?;
        self.stage.busy("proving a transaction");
        let proven = draft.prove(&self.prover, &mut Unwatched)?;
        self.stage.proofs += 1;
        let sent = self.alice.sign(proven, Vec::new())?;
        self.submit(&sent)?;
        self.mine()?;
        Ok(sent.txid.to_string())
    }

    /// The second month: the first one's addresses and transactions have expired, and its grant opens nothing of this
    /// one. `late` spends a note that is spent already, and was valid in the first month only.
    pub(super) fn second_month(&mut self, sealed: &[u8], late: &Transaction) -> Result<(), Failure> {
        let old = payment(self.bob.address()?, self.amount("1 LVR")?, "")?;
        let (first, second) = (self.name(FIRST_MONTH), self.name(SECOND_MONTH));
        let today = self.outlive(FIRST_MONTH)?;
        self.stage.tell(&Step {
            name: "expired",
            title: format!("It is {today}: {first} and its grace are over, and its addresses have expired"),
            proves: "nothing: time goes by",
            public: "empty blocks",
        });
        let outcome = match self.alice.try_plan(&pay(vec![old], self.lvr)) {
            Err(error @ PlanError::AddressExpired { .. }) => Ok(error.to_string()),
            Err(error) => Err(error.to_string()),
            Ok(_) => Err("it was planned".to_owned()),
        };
        self.stage.attack("a payment to an address of a month that is over", "wallet", outcome);
        let outcome = self.try_bytes(&late.to_bytes());
        self.stage.attack("a transaction that was kept back until it expired", "node", outcome);

        let to_bob = payment(self.bob.address()?, self.amount("3 LVR")?, "After the audit")?;
        let txid = self.pay_bob(to_bob)?;
        self.stage.tell(&Step {
            name: "later",
            title: format!("Alice pays Bob 3 LVR in {second}"),
            proves: "the same; the spent notes may be of any earlier month",
            public: "the month that the transaction declares",
        });

        let opened = Grant::open(sealed, Some(&self.auditor)).map_err(Failure::input)?;
        let none = opened.incoming(SECOND_MONTH).is_none()
            && opened.change(SECOND_MONTH).is_none()
            && opened.outgoing(SECOND_MONTH).is_none()
            && opened.nullifier_key(SECOND_MONTH).is_none()
            && opened.detection_key(SECOND_MONTH).is_none();
        let report = self.ledger()?.audit(opened)?;
        let of_it: Vec<_> =
            report.findings.iter().filter(|found| found.finding.place().txid == txid).collect();
        let only_spends = of_it.iter().all(|found| matches!(found.finding, Finding::Spent { .. }));
        let outcome = match none && only_spends {
            true => Ok(format!("there is no key of {second} in it, and none can be derived")),
            false => Err("it shows more".to_owned()),
        };
        self.stage.attack("a grant used outside its month", "keys", outcome);
        self.stage.expect(
            "of the second month the auditor sees that notes of the granted one were spent, and no amount, payee or memo of it",
            only_spends && !of_it.is_empty(),
        );
        Ok(())
    }

    /// The third month: a request from the second one is paid, and one grant shows all three.
    pub(super) fn third_month(&mut self) -> Result<(), Failure> {
        let pair = self.bob.session.wallet().receive_pair(FIRST)?;
        let next = pair.next.map(|receiving| receiving.address);
        let request = RequestedPayment { next, ..RequestedPayment::to(pair.now.address) };
        let today = self.outlive(SECOND_MONTH)?;
        let Some(to) = request.address_in(THIRD_MONTH) else {
            return Err(Failure::expectation("the request has no address of the next month"));
        };
        let invoice = payment(*to, self.amount("2 LVR")?, "Invoice 12")?;
        self.pay_bob(invoice)?;
        self.stage.tell(&Step {
            name: "request",
            title: format!(
                "It is {today}: Alice pays 2 LVR on a request that Bob made in {}, by its second address",
                self.name(SECOND_MONTH)
            ),
            proves: "the same",
            public: "the month that the transaction declares",
        });

        let months = EpochRange::new(FIRST_MONTH, THIRD_MONTH).ok_or_else(|| Failure::input("months"))?;
        let genesis = self.client.genesis().clone();
        let pool = genesis.terms().pool;
        let span = genesis.terms().schedule.name_range(months);
        let request = self.request(pool, months, format!("Books of {span}"))?;
        let sealed = self.sign_grant(&request)?.seal().map_err(Failure::input)?;
        file::write_new(&self.folder.join("alice-three-months.grant"), &sealed, file::Readers::Owner)?;
        let opened = Grant::open(&sealed, Some(&self.auditor)).map_err(Failure::input)?;
        let ledger = self.ledger()?;
        opened.verify(&self.reading(&ledger), &self.verifier).map_err(Failure::expectation)?;
        let report = ledger.audit(opened)?;
        self.stage.tell(&Step {
            name: "quarter",
            title: format!("Alice grants {span} to her auditor, who reads them in one go"),
            proves: "one proof covers the keys of all three months, as it would those of a year",
            public: "nothing",
        });
        self.stage.show(&table::report(self.stage.output, &report, &self.assets), "report", &report);
        let declared = |found: &louver_viewkeys::report::Labelled| match &found.finding {
            Finding::Authorised { place, .. } => Some(place.declared.period.clone()),
            _ => None,
        };
        let found: BTreeSet<String> = report.findings.iter().filter_map(declared).collect();
        let expected = [FIRST_MONTH, SECOND_MONTH, THIRD_MONTH].map(|month| self.name(month));
        self.stage.expect(
            "he finds transactions of each month, with the month that they declare",
            found == BTreeSet::from(expected),
        );
        Ok(())
    }
}
