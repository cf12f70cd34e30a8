//! Sending: a plan is shown and agreed to; its transaction is recorded, submitted, and seen in a block.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use louver_client::{ClientError, session::ProveDraft};
use louver_core::transaction::TxId;
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
    secret::{Passphrase, Secrets},
    session::Session,
};
use crate::{
    exit::Failure,
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
    /// Sends without asking
    #[arg(long, short = 'y')]
    yes: bool,
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
    /// Plans, shows, asks, proves, signs, records, submits and waits.
    pub(super) fn run(
        &self,
        place: &Place,
        output: Output,
        action: impl FnOnce(&mut Session, &Secrets<'_>) -> Result<Action, Failure>,
    ) -> Result<(), Failure> {
        interrupt::listen(output)?;
        let mut session = place.open_synced(output)?;
        let secrets = Secrets::new(&self.passphrase);
        let action = action(&mut session, &secrets)?;
        self.send_planned(session, &secrets, &action, place, output)
    }

    /// Sends one transaction, from its plan to its block.
    pub(super) fn send_planned(
        &self,
        session: Session,
        secrets: &Secrets<'_>,
        action: &Action,
        place: &Place,
        output: Output,
    ) -> Result<(), Failure> {
        let plan = session.wallet().plan(place.account(), action);
        let plan = plan.map_err(|error| no_plan(error, &session.assets))?;
        let preview = plan.preview();
        output.note(preview::told(&session, &preview, output.notes()));
        if self.dry_run {
            output.result(&preview::message(&session, &[preview]), || "nothing was sent".to_owned());
            return Ok(());
        }
        self.agreed()?;
        let sent = self.record(&session, secrets, plan, (1, 1), output)?;
        submit(&session, &sent)?;
        drop(session);
        let seen = self.waiting.watch(place, || status(place, sent.txid));
        let seen = seen.map_err(|failure| unseen(&sent, &failure.message))?;
        match seen {
            Some(Status::Mined { height, time }) => {
                let mined = message(&sent, State::Mined, (1, 1), Some((height, time)));
                output.result(&mined, || format!("{} in block {height}", output.paint(Style::Good, "mined")));
                Ok(())
            }
            Some(status) => Err(Failure::wallet("not_sent", not_sent(&sent, status))),
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

    /// Whether the money may move. Without a terminal to ask on, only `--yes` allows it.
    pub(super) fn agreed(&self) -> Result<(), Failure> {
        agreed(self.yes, "Send this?")
    }
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

/// Whether something may be done, according to an option or to an answer on the terminal.
pub(super) fn agreed(yes: bool, question: &str) -> Result<(), Failure> {
    let hint = "Add --yes to send without being asked, or --dry-run to see what would be sent";
    prompt::agreed(yes, question, "nothing was sent", hint)
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
        ClientError::Refused { refusal, reason: message, .. } if refusal.finality().is_some() => {
            Err(Failure::wallet(
                "refused",
                format!(
                    "the node refused {}: {message}. Nothing was sent: the money can be spent again, and \
                     `louver wallet history` lists it as refused",
                    sent.txid
                ),
            ))
        }
        ClientError::Refused { reason, .. } => {
            Err(unseen(sent, &format!("the node refused it for now: {reason}")))
        }
        error => Err(unseen(sent, &error.to_string())),
    }
}

/// The state of a transaction according to the wallet, once it has read the new blocks; nothing while it waits.
pub(super) fn status(place: &Place, txid: TxId) -> Result<Option<Status>, Failure> {
    let mut session = place.open()?;
    session.sync(None)?;
    let entry = session.wallet().history_entry(place.account(), txid)?;
    Ok(entry.filter(|entry| !entry.is_pending()).map(|entry| entry.status))
}

/// Why a transaction that was submitted moved nothing.
fn not_sent(sent: &Outgoing, status: Status) -> String {
    let why = match status {
        Status::Superseded { elsewhere: true, .. } => {
            "another device with the same recovery phrase spent these notes first"
        }
        Status::Superseded { .. } => "another transaction of this wallet spent these notes",
        Status::Abandoned { .. } => "it was given up while this command waited",
        Status::Refused { .. } => "the node refused it for good",
        _ => "no block took it in time",
    };
    format!("{}: {why}. Nothing was sent by it, and the money that is left can be spent", sent.txid)
}

/// A transaction is recorded, and it is not known whether it is in a block.
fn unseen(sent: &Outgoing, why: &str) -> Failure {
    Failure::unconfirmed(format!(
        "{} is sent, and not yet seen in a block: {why}. Do not pay again. The wallet keeps it, `louver wallet sync` submits \
         it again until block {}, and `louver wallet history` shows when a block has it",
        sent.txid, sent.expiry
    ))
}
