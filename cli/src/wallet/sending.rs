//! Sending: a plan is shown and agreed to; its transaction is recorded, submitted, and seen in a block.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use louver_client::{ClientError, session::ProveDraft};
use louver_core::{calendar::moment, transaction::TxId};
use louver_viewkeys::period::Period;
use louver_wallet::{
    history::Status,
    plan::{Action, Plan},
    send::Outgoing,
};
use pollster::block_on;

use super::{
    Place,
    failure::no_plan,
    preview,
    repeating::About,
    secret::{Passphrase, Secrets},
    session::Session,
};
use crate::{
    exit::{Failure, Kind},
    interrupt,
    json::{
        quantity::Moment,
        transaction::{self, State},
    },
    keys,
    output::{Output, Style, progress::Line},
    prompt,
};

/// The time between questions for the height of the node's chain.
const PAUSE: Duration = Duration::from_millis(300);

/// How a transaction is made and sent
#[derive(Debug, clap::Args)]
pub(super) struct Sending {
    /// The asset to pay the fee in. By default the pool's first fee asset, so that the fee does not show what is sent
    #[arg(long, value_name = "ASSET")]
    pub(super) fee_asset: Option<String>,
    /// Shows the transaction without sending it
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Until when the transaction is to be signed and sent, as in 2026-12-03 (UTC), for signers who take their time. It is
    /// planned for the month in which that leaves it valid, and has to be one transaction
    #[arg(long, value_name = "DATE")]
    pub(super) ready_by: Option<String>,
    /// Sends without asking
    #[arg(long, short = 'y')]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) passphrase: Passphrase,
    #[command(flatten)]
    pub(super) waiting: Waiting,
}

/// How long to wait for a block
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Waiting {
    /// For how many seconds to wait until the transaction is in a block; 0 does not wait
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(super) wait: u64,
}

impl Waiting {
    /// Calls `seen` whenever the node's chain has grown, until it finds something or the time is over.
    pub(super) fn watch<T>(
        self,
        place: &Place,
        mut seen: impl FnMut() -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        let until = Instant::now() + Duration::from_secs(self.wait);
        let client = place.client()?;
        let mut height = None;
        while Instant::now() < until {
            let now = client.advance()?.height;
            if height.replace(now) != Some(now)
                && let Some(found) = seen()?
            {
                return Ok(Some(found));
            }
            std::thread::sleep(PAUSE);
        }
        Ok(None)
    }
}

impl Sending {
    /// The last second of `--ready-by`, since 1970.
    pub(super) fn ready_by(&self) -> Result<Option<u64>, Failure> {
        let Some(date) = &self.ready_by else { return Ok(None) };
        let until = Period { to: Some(date.clone()), ..Period::default() }.span(0);
        until.map(|(_, until)| Some(until)).map_err(Failure::usage)
    }

    /// The plan of an action, with the time that its signers are to have.
    fn plan(&self, session: &Session, place: &Place, action: &Action) -> Result<Plan, Failure> {
        let (wallet, account) = (session.wallet(), place.account());
        let no_plan = |error| no_plan(error, &session.assets);
        let Some(by) = self.ready_by()? else { return wallet.plan(account, action).map_err(no_plan) };
        let plan = wallet.plan_ready_by(account, action, by).map_err(no_plan)?;
        match plan.preview().ready_by {
            Some(from) if from > by => Err(Failure::usage(format!(
                "{} has passed: name a later time with --ready-by, or leave it out",
                moment(by)
            ))),
            _ => Ok(plan),
        }
    }

    /// Plans, shows, asks, proves, signs, records, submits and waits.
    pub(super) fn run(
        &self,
        place: &Place,
        output: Output,
        action: impl FnOnce(&mut Session, &Secrets<'_>) -> Result<Action, Failure>,
    ) -> Result<(), Failure> {
        self.run_about(place, output, |session, secrets| Ok((action(session, secrets)?, About::default())))
    }

    /// The same, for an action of which there is something to say.
    pub(super) fn run_about(
        &self,
        place: &Place,
        output: Output,
        action: impl FnOnce(&mut Session, &Secrets<'_>) -> Result<(Action, About), Failure>,
    ) -> Result<(), Failure> {
        interrupt::listen(output)?;
        let mut session = place.open_synced(output).map_err(unsent)?;
        let secrets = Secrets::new(&self.passphrase);
        let (action, about) = action(&mut session, &secrets).map_err(unsent)?;
        self.send_planned(session, &secrets, (&action, &about), place, output)
    }

    /// Sends one transaction, from its plan to its block.
    pub(super) fn send_planned(
        &self,
        session: Session,
        secrets: &Secrets<'_>,
        (action, about): (&Action, &About),
        place: &Place,
        output: Output,
    ) -> Result<(), Failure> {
        let plan = self.plan(&session, place, action)?;
        let preview = plan.preview();
        output.note(preview::told(&session, &preview, output.notes()));
        self.tell(about, output)?;
        if self.dry_run {
            output.result(&preview::message(&session, &[preview]), || "nothing was sent".to_owned());
            return Ok(());
        }
        self.agreed_to(about)?;
        write_record(about, &session, secrets)?;
        let sent = self.record(&session, secrets, plan, (1, 1), output).map_err(unsent)?;
        if let Some(from) = preview.not_before {
            output.result(&message(&sent, State::Pending, (1, 1), None), || {
                format!(
                    "signed and recorded, and not sent: no block takes it before {}. `louver wallet sync` sends it then; it can \
                     be mined up to block {}. Do not pay again",
                    moment(from),
                    sent.expiry
                )
            });
            return Ok(());
        }
        submit(&session, &sent)?;
        drop(session);
        let seen = self.waiting.watch(place, || {
            let mut session = place.open()?;
            session.sync(None)?;
            let height = session.wallet().position()?.height;
            Ok(status_in(&session, place, sent.txid)?.map(|status| (status, height)))
        });
        let seen = seen.map_err(|failure| unseen(&sent, &failure.message))?;
        match seen {
            Some((Status::Mined { height, time }, _)) => {
                let mined = message(&sent, State::Mined, (1, 1), Some((height, time)));
                output.result(&mined, || format!("{} in block {height}", output.paint(Style::Good, "mined")));
                Ok(())
            }
            Some((status, height)) => Err(not_sent(&sent, status, height)),
            None if self.waiting.wait == 0 => {
                output.result(&message(&sent, State::Pending, (1, 1), None), || {
                    format!("sent, and not yet seen in a block; it can be mined up to block {}", sent.expiry)
                });
                Ok(())
            }
            None => Err(unseen(&sent, &format!("no block came within {} seconds", self.waiting.wait))),
        }
    }

    /// Proves, signs and records the transaction of a plan, and prints its id. From then on the wallet has it. `place`
    /// is its number among several transactions.
    pub(super) fn record(
        &self,
        session: &Session,
        secrets: &Secrets<'_>,
        plan: Plan,
        place: (u32, u32),
        output: Output,
    ) -> Result<Outgoing, Failure> {
        let preview = plan.preview();
        let keys = Arc::new(secrets.spending(&session.wallet())?);
        let chain = keys::of(&session.client)?;
        let prover = keys::transfers(&chain, (preview.rules, preview.shape), &session.client, output)?;
        let (draft, host) = block_on(session.build(plan, keys.clone()))?;
        let proven = block_on(prover.prove_draft(draft, Line::watch(output, "proving")))?;
        let record = || block_on(session.sign(proven, keys, host));
        let sent = interrupt::recording(|sent: &Outgoing| sent.txid, record)?;
        output.result(&message(&sent, State::Recorded, place, None), || sent.txid.to_string());
        Ok(sent)
    }

    /// Tells what there is to know beside the plan. `--yes` does not agree to pay a request twice.
    pub(super) fn tell(&self, about: &About, output: Output) -> Result<(), Failure> {
        for line in &about.says {
            output.note(format!("  {line}"));
        }
        match &about.paid {
            Some(paid) if self.yes && !self.dry_run => Err(Failure::wallet(
                "paid_before",
                format!("{paid}. Nothing was sent now. To pay it once more, add --repeated"),
            )),
            Some(paid) => {
                output.note(output.notes().paint(Style::Warning, paid));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Whether the money may move. Without a terminal to ask on, only `--yes` allows it.
    pub(super) fn agreed_to(&self, about: &About) -> Result<(), Failure> {
        let question = if about.paid.is_some() { "Pay it once more?" } else { "Send this?" };
        let hint = "Add --yes to send without being asked, or --dry-run to see what would be sent";
        prompt::agreed(self.yes, question, "nothing was sent", hint)
    }
}

/// Writes the record of a payment, if it has one. A wrong passphrase is reported before.
pub(super) fn write_record(about: &About, session: &Session, secrets: &Secrets<'_>) -> Result<(), Failure> {
    let Some(record) = &about.record else { return Ok(()) };
    secrets.phrase(&session.wallet())?;
    record.write()
}

/// The progress of a transaction, for programs.
fn message(
    sent: &Outgoing,
    state: State,
    (number, of): (u32, u32),
    mined: Option<(u32, u64)>,
) -> transaction::Submission {
    transaction::Submission {
        txid: sent.txid.to_string(),
        state,
        height: mined.map(|(height, _)| height),
        time: mined.map(|(_, time)| Moment::new(time)),
        expiry_height: sent.expiry,
        number,
        of,
    }
}

/// A failure before anything was recorded: where the node is at fault, the message says what it means for the money.
pub(super) fn unsent(failure: Failure) -> Failure {
    let is_said = failure.message.to_lowercase().contains("nothing was sent");
    match failure.kind {
        Kind::Node if !is_said => Failure {
            message: format!("{}. Nothing was sent", failure.message.trim_end_matches('.')),
            ..failure
        },
        _ => failure,
    }
}

/// Submits a recorded transaction to the node. If the node cannot be reached or refuses, the transaction stays
/// recorded.
pub(super) fn submit(session: &Session, sent: &Outgoing) -> Result<(), Failure> {
    taken(sent, block_on(session.submit(sent.clone())).err())
}

/// Fails if the node did not take a recorded transaction.
pub(super) fn taken(sent: &Outgoing, not_taken: Option<ClientError>) -> Result<(), Failure> {
    let Some(error) = not_taken else { return Ok(()) };
    match &error {
        ClientError::Refused { refusal, reason, .. } if refusal.finality().is_some() => {
            Err(refused(sent, reason))
        }
        ClientError::Refused { reason, .. } => {
            Err(untaken(sent, &format!("the node did not take it: {reason}")))
        }
        error => Err(untaken(sent, &format!("it is not known whether the node has it: {error}"))),
    }
}

/// A node refused a transaction for good. That is its word: it may keep the transaction and have it mined.
fn refused(sent: &Outgoing, reason: &str) -> Failure {
    let message = format!(
        "this node says that no block will take {}: {reason}. Until block {} another node may still have it mined: do not \
         pay by other means before then. `louver wallet history` shows what became of it",
        sent.txid, sent.expiry
    );
    Failure { code: "refused".to_owned(), ..Failure::unconfirmed(message) }
}

/// The state of a transaction according to the wallet, once it has read the new blocks; nothing while it waits.
pub(super) fn status(place: &Place, txid: TxId) -> Result<Option<Status>, Failure> {
    let mut session = place.open()?;
    session.sync(None)?;
    status_in(&session, place, txid)
}

fn status_in(session: &Session, place: &Place, txid: TxId) -> Result<Option<Status>, Failure> {
    let entry = session.wallet().history_entry(place.account(), txid)?;
    Ok(entry.filter(|entry| !entry.is_pending()).map(|entry| entry.status))
}

/// A transaction that was submitted moved nothing. While a block may still take it, that is not certain.
fn not_sent(sent: &Outgoing, status: Status, height: u32) -> Failure {
    let is_over = height >= sent.expiry;
    let why = match status {
        Status::Superseded { elsewhere: true, .. } => {
            "another device with the same recovery phrase spent these notes first"
        }
        Status::Superseded { .. } => "another transaction of this wallet spent these notes",
        Status::Refused { .. } if !is_over => return refused(sent, "it refused it for good"),
        Status::Abandoned { .. } if !is_over => {
            return Failure::unconfirmed(format!(
                "{} was given up while this command waited. A block up to {} may still take it: look at `louver wallet \
                 history` before you pay again",
                sent.txid, sent.expiry
            ));
        }
        Status::Abandoned { .. } => "it was given up while this command waited, and no block took it",
        Status::Refused { .. } => "the node refused it for good, and no block took it",
        _ => "no block took it in time",
    };
    Failure::wallet(
        "not_sent",
        format!("{}: {why}. Nothing was sent by it, and the money that is left can be spent", sent.txid),
    )
}

/// A transaction is recorded, and the node did not take it.
fn untaken(sent: &Outgoing, why: &str) -> Failure {
    Failure::unconfirmed(format!(
        "{} is signed and recorded in the wallet, and {}. Do not pay again: the next `louver wallet sync` submits it once \
         more, until block {}, and `louver wallet history` shows when a block has it",
        sent.txid,
        why.trim_end_matches('.'),
        sent.expiry
    ))
}

/// A transaction was submitted, and it is not known whether it is in a block.
fn unseen(sent: &Outgoing, why: &str) -> Failure {
    Failure::unconfirmed(format!(
        "{} is sent, and not yet seen in a block: {why}. Do not pay again. The wallet keeps it, `louver wallet sync` submits \
         it again if no block takes it for some time, until block {}, and `louver wallet history` shows when a block has it",
        sent.txid, sent.expiry
    ))
}

#[cfg(test)]
mod tests {
    use louver_client::api::Refusal;
    use louver_wallet::abandonment::Final;

    use super::*;

    fn sent() -> Outgoing {
        Outgoing { txid: TxId([7; 32]), expiry: 400, bytes: vec![1] }
    }

    fn refusal(refusal: Refusal) -> ClientError {
        ClientError::Refused { status: 422, refusal, reason: "a rule is against it".to_owned() }
    }

    /// Attacker: a node that says that nothing was sent, and has the payment mined beside the second one.
    #[test]
    fn one_nodes_word_does_not_say_that_nothing_was_sent() {
        let final_one = taken(&sent(), Some(refusal(Refusal::RulesOff))).unwrap_err();
        assert_eq!((final_one.kind, final_one.code.as_str()), (Kind::Unconfirmed, "refused"));
        let status = Status::Refused { expiry: 400, reason: Final::Rules };
        let later = not_sent(&sent(), status, 399);
        assert_eq!(later.kind, Kind::Unconfirmed);
        for said in [&final_one.message, &later.message] {
            assert!(said.contains("Until block 400 another node may still have it mined"), "{said}");
            assert!(
                said.contains("do not pay by other means") && !said.contains("othing was sent"),
                "{said}"
            );
        }
        // A block above the expiry says that it was not mined.
        let over = not_sent(&sent(), status, 400);
        assert_eq!((over.kind, over.message.contains("Nothing was sent")), (Kind::Wallet, true));
        assert_eq!(not_sent(&sent(), Status::Abandoned { expiry: 400 }, 10).kind, Kind::Unconfirmed);
    }

    #[test]
    fn what_the_node_did_not_take_is_not_called_sent() {
        let busy = taken(&sent(), Some(refusal(Refusal::MempoolFull))).unwrap_err();
        assert_eq!(busy.kind, Kind::Unconfirmed);
        assert!(!busy.message.contains("is sent"), "{}", busy.message);
        assert!(busy.message.contains("the next `louver wallet sync` submits it"), "{}", busy.message);
        assert!(taken(&sent(), None).is_ok());
    }

    #[test]
    fn a_failure_before_anything_is_sent_says_so_once() {
        let gone = unsent(Failure::node("the node is away."));
        assert_eq!(gone.message, "the node is away. Nothing was sent");
        assert_eq!(unsent(gone.clone()), gone);
        assert_eq!(unsent(Failure::input("no")).message, "no");
    }
}
