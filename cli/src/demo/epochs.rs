//! The next month: things that expired with the last one, and things that the auditor does not see any more.

use louver_core::{
    calendar::day, encoding::Encode, epoch::Epoch, proof::Unwatched, transaction::Transaction,
};
use louver_viewkeys::{grant, report::Finding};
use louver_wallet::plan::PlanError;

use super::{
    cast::{pay, payment},
    play::Play,
    stage::Step,
};
use crate::exit::Failure;

impl Play {
    /// Lets time pass until the first month and its grace are over, and then makes one more payment. `late` spends a note that is
    /// spent already, and was valid in that month only.
    pub(super) fn next_epoch(&mut self, sealed: &[u8], late: &Transaction) -> Result<(), Failure> {
        let old = payment(self.bob.address()?, self.amount("1 LVR")?, "")?;
        let schedule = self.client.genesis().terms().schedule;
        let (this, next) = (schedule.name(Epoch(0)), schedule.name(Epoch(1)));
        let over = schedule.payable_until(Epoch(0)).unwrap_or_default();
        self.maker.pass(over.saturating_sub(self.client.status()?.time));
        self.mine()?;
        self.stage.tell(&Step {
            name: "epoch",
            title: format!(
                "It is {}: {this} and its grace are over, and its addresses have expired",
                day(over)
            ),
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
        let draft = self.alice.draft(&pay(vec![to_bob], self.lvr))?;
        self.stage.busy("proving a transaction");
        let proven = draft.prove(&self.prover, &mut Unwatched)?;
        self.stage.proofs += 1;
        let sent = self.alice.sign(proven, Vec::new())?;
        self.submit(&sent)?;
        self.mine()?;
        self.stage.tell(&Step {
            name: "later",
            title: format!("Alice pays Bob 3 LVR in {next}"),
            proves: "the same; the spent notes may be of any earlier month",
            public: "the month that the transaction declares",
        });

        let opened = grant::open(sealed, &self.auditor).map_err(Failure::input)?;
        let none = opened.incoming(Epoch(1)).is_none()
            && opened.change(Epoch(1)).is_none()
            && opened.outgoing(Epoch(1)).is_none()
            && opened.nullifier_key(Epoch(1)).is_none()
            && opened.detection_key(Epoch(1)).is_none();
        let report = self.ledger()?.audit(opened)?;
        let txid = sent.txid.to_string();
        let of_it: Vec<_> =
            report.findings.iter().filter(|found| found.finding.place().txid == txid).collect();
        let only_spends = of_it.iter().all(|found| matches!(found.finding, Finding::Spent { .. }));
        let outcome = match none && only_spends {
            true => Ok(format!("there is no key of {next} in it, and none can be derived")),
            false => Err("it shows more".to_owned()),
        };
        self.stage.attack("a grant used outside its month", "keys", outcome);
        self.stage.expect(
            "of the next month the auditor sees that notes of the granted one were spent, and no amount, payee or memo of it",
            only_spends && !of_it.is_empty(),
        );
        Ok(())
    }
}
