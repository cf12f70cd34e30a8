//! Payments that take several transactions. They are shown as a whole, begun once, and continued wherever they were
//! stopped.

use std::collections::BTreeMap;

use louver_core::{
    asset::AssetId,
    transaction::{Payment, TxId},
};
use louver_wallet::{
    plan::{Action, FeeChoice},
    proposal::{NextTransaction, Progress, Proposal, ScheduleId},
};

use super::{
    Place,
    failure::no_plan,
    preview,
    repeating::{About, none_unfinished},
    secret::Secrets,
    sending::{Sending, status, submit, unsent, write_record},
    session::Session,
};
use crate::{
    exit::Failure,
    interrupt,
    json::{
        quantity::{Amount, Denomination, Units},
        transaction::{Denominated, ProposedTransaction, Rounds},
    },
    output::{Output, Stream, Style, Table},
    prompt,
};

/// Continues payments of several transactions that were stopped
#[derive(Debug, clap::Args)]
#[command(after_help = "The chain says which payments are made: none is made twice.

Example:
  louver wallet resume --wallet company.wallet")]
pub(super) struct Resume {
    /// Forgets the payments that were not sent. Those that were sent stay sent
    #[arg(long, conflicts_with = "dry_run")]
    give_up: bool,
    #[command(flatten)]
    sending: Sending,
}

/// Payments that somebody wants to make.
pub(super) struct Wanted {
    pub(super) payments: Vec<Payment>,
    pub(super) fee: FeeChoice,
    /// Facts about them.
    pub(super) about: About,
}

impl Resume {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        if self.sending.ready_by.is_some() {
            return Err(Failure::usage(
                "payments of several transactions are signed one after the other, each at once: leave --ready-by out",
            ));
        }
        interrupt::listen(output)?;
        let session = place.open_synced(output)?;
        let schedules = session.wallet().schedules()?;
        if schedules.is_empty() {
            return Err(Failure::wallet(
                "nothing_to_resume",
                "no payments were stopped: there is nothing to resume",
            ));
        }
        for schedule in &schedules {
            let left =
                schedule.payments.iter().filter(|(_, progress)| !matches!(progress, Progress::Mined(_)));
            output.note(format!("{} of {} payments are not made yet", left.count(), schedule.payments.len()));
        }
        if self.sending.dry_run {
            return Ok(());
        }
        if self.give_up {
            let question = "Forget the payments that were not sent?";
            let hint = "Add --yes to forget them without being asked";
            prompt::agreed(self.sending.yes, question, "nothing was forgotten", hint)?;
            for schedule in schedules {
                session.wallet().stop(schedule.id)?;
            }
            output.note(
                "given up. Payments that were sent stay sent: `louver wallet history` shows which, before you pay the others",
            );
            return Ok(());
        }
        self.sending.agreed_to(&About::default())?;
        let mut session = Some(session);
        for schedule in schedules {
            let opened = session.take().map_or_else(|| place.open_synced(output), Ok)?;
            self.sending.go_on(opened, schedule.id, None, place, output)?;
        }
        Ok(())
    }
}

impl Sending {
    /// Makes payments: with one transaction if that is enough, or else with as many as it takes.
    pub(super) fn pay(
        &self,
        place: &Place,
        output: Output,
        wanted: impl FnOnce(&mut Session) -> Result<Wanted, Failure>,
    ) -> Result<(), Failure> {
        interrupt::listen(output)?;
        let mut session = place.open_synced(output).map_err(unsent)?;
        let Wanted { payments, fee, about } = wanted(&mut session).map_err(unsent)?;
        if self.ready_by.is_some() {
            // Several would be signed one after the other, when nobody can say.
            let secrets = Secrets::new(&self.passphrase);
            return self.send_planned(
                session,
                &secrets,
                (&Action::Pay { payments, fee }, &about),
                place,
                output,
            );
        }
        let proposal = session.wallet().propose(place.account(), payments.clone(), fee);
        let proposal = proposal.map_err(|error| no_plan(error, &session.assets))?;
        let transactions = proposal.rounds().iter().map(Vec::len).sum::<usize>();
        if transactions == 1 {
            return self.send_planned(
                session,
                &Secrets::new(&self.passphrase),
                (&Action::Pay { payments, fee }, &about),
                place,
                output,
            );
        }
        none_unfinished(&session)?;
        output.note(told(&session, &proposal, output.notes()));
        self.tell(&about, output)?;
        if self.dry_run {
            output.result(&message(&session, &proposal), || "nothing was sent".to_owned());
            return Ok(());
        }
        self.agreed_to(&about)?;
        // A wrong passphrase is reported before anything is begun.
        let secrets = Secrets::new(&self.passphrase);
        secrets.phrase(&session.wallet())?;
        write_record(&about, &session, &secrets)?;
        let id = session.wallet().begin(&proposal)?;
        let of = u32::try_from(transactions).unwrap_or(u32::MAX);
        self.go_on_with(&secrets, session, id, Some(of), place, output)
    }

    fn go_on(
        &self,
        session: Session,
        id: ScheduleId,
        of: Option<u32>,
        place: &Place,
        output: Output,
    ) -> Result<(), Failure> {
        self.go_on_with(&Secrets::new(&self.passphrase), session, id, of, place, output)
    }

    fn go_on_with(
        &self,
        secrets: &Secrets<'_>,
        mut session: Session,
        id: ScheduleId,
        of: Option<u32>,
        place: &Place,
        output: Output,
    ) -> Result<(), Failure> {
        let mut number = 0;
        let stopped = |failure: Failure| Failure {
            message: format!(
                "{}. `louver wallet resume` goes on where this stopped, and pays nothing twice",
                failure.message
            ),
            ..failure
        };
        loop {
            let next = session.wallet().next_transaction(id);
            match next.map_err(|error| stopped(no_plan(error, &session.assets)))? {
                NextTransaction::Send(plan) => {
                    number += 1;
                    let place_of = (number, of.unwrap_or(number).max(number));
                    let sent = self.record(&session, secrets, *plan, place_of, output).map_err(stopped)?;
                    submit(&session, &sent).map_err(stopped)?;
                }
                NextTransaction::Wait(waiting) => {
                    drop(session);
                    self.wait_for_any(&waiting, place).map_err(stopped)?;
                    session = place.open_synced(output)?;
                }
                NextTransaction::Done => {
                    output.note(output.notes().paint(Style::Good, "every payment is made"));
                    return Ok(());
                }
            }
        }
    }

    /// Waits until one of these transactions no longer waits for a block.
    fn wait_for_any(&self, waiting: &[TxId], place: &Place) -> Result<(), Failure> {
        let ids = || waiting.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let seen = self.waiting.watch(place, || {
            for txid in waiting {
                if status(place, *txid)?.is_some() {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        });
        match seen {
            Ok(Some(())) => Ok(()),
            Ok(None) => Err(Failure::unconfirmed(format!("{} are sent, and not yet seen in a block", ids()))),
            Err(failure) => Err(Failure::unconfirmed(format!(
                "{} are sent, and not yet seen in a block: {}",
                ids(),
                failure.message
            ))),
        }
    }
}

/// A proposal for people: its rounds, and all fees.
fn told(session: &Session, proposal: &Proposal, stream: Stream) -> String {
    let mut table = Table::new(["round", "transaction", "payments", "notes spent", "fee"]).right(3).right(4);
    let mut number = 0;
    for (round, steps) in (1..).zip(proposal.rounds()) {
        for step in steps {
            number += 1;
            let payments = match step.payments.as_slice() {
                [] => "joins notes".to_owned(),
                payments => payments.len().to_string(),
            };
            table.row([
                round.to_string(),
                number.to_string(),
                payments,
                step.notes_spent.to_string(),
                session.show_value(step.fee.asset(), step.fee.amount()),
            ]);
        }
    }
    let fees = proposal.fees();
    let sums = |sums: &BTreeMap<AssetId, u128>| {
        let sums: Vec<String> =
            sums.iter().map(|(asset, sum)| session.assets.format_amount(*asset, *sum)).collect();
        if sums.is_empty() { "none".to_owned() } else { sums.join(", ") }
    };
    format!(
        "{}\n{}  {} payments by {number} transactions in {} rounds, each of which takes a block\n  paid in all: {}; fees: {}",
        stream.paint(Style::Title, "The payments"),
        table.render(stream),
        proposal.payments().len(),
        proposal.rounds().len(),
        sums(&proposal.totals()),
        sums(&fees),
    )
}

/// A proposal for programs.
fn message(session: &Session, proposal: &Proposal) -> Rounds {
    let assets = &session.assets;
    let step = |step: &louver_wallet::proposal::Step| ProposedTransaction {
        payments: step.payments.iter().map(|place| *place as u64).collect(),
        notes_spent: step.notes_spent as u64,
        shape: step.shape.name().to_owned(),
        fee: (step.fee.amount().0 != 0).then(|| Amount::new(step.fee.asset(), step.fee.amount(), assets)),
        shows_asset: step.shows_asset,
    };
    Rounds {
        payments: proposal.payments().iter().map(|payment| preview::payment(payment, assets)).collect(),
        rounds: proposal.rounds().iter().map(|round| round.iter().map(step).collect()).collect(),
        fees: proposal
            .fees()
            .into_iter()
            .map(|(asset, fee)| Denominated { value: Units(fee), of: Denomination::new(asset, assets) })
            .collect(),
    }
}
