//! Paying, shielding and withdrawing.

use std::path::PathBuf;

use louver_chain::Account;
use louver_core::{
    address::Address,
    asset::AssetId,
    note::Memo,
    transaction::{Payment, PublicSide},
    value::Value,
};
use louver_wallet::{
    payment_list::PaymentList,
    plan::{Action, FeeChoice, Preview},
    send::Sender,
};
use serde_json::json;

use super::{
    Place,
    failure::no_plan,
    secret::{Passphrase, authorize, transparent_key},
    session::{FIRST, Session},
};
use crate::{
    audit::table::short,
    client::wait::Waiting,
    exit::Failure,
    file, keys,
    output::{Output, Style, Table},
    prover::Line,
};

/// How a transaction is made and sent
#[derive(Debug, clap::Args)]
pub(super) struct Sending {
    /// The asset to pay the fee in, if not the one that the pool names first
    #[arg(long, value_name = "SYMBOL")]
    fee_asset: Option<String>,
    /// Shows what would be done, and does not do it
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    waiting: Waiting,
}

/// Moves money from the transparent account into the pool
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet shield \"60 LVR\" --wallet alice.wallet --no-passphrase")]
pub(super) struct Shield {
    /// How much of what, as in \"60 LVR\"
    amount: String,
    #[command(flatten)]
    sending: Sending,
}

/// Pays an address, unseen by anybody but its owner
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver wallet pay \"25 LVR\" --to lvr1... --memo \"Rent, with thanks\" --no-passphrase
  louver wallet pay \"10 EURX\" --to lvr1... --fee-asset LVR --passphrase-file p.txt")]
pub(super) struct Pay {
    /// How much of what, as in \"25 LVR\"
    amount: String,
    /// The payee's address
    #[arg(long, value_name = "ADDRESS")]
    to: String,
    /// A text for the payee, at most 1022 bytes
    #[arg(long, default_value = "")]
    memo: String,
    #[command(flatten)]
    sending: Sending,
}

/// Pays everybody on a list in one transaction, up to 16 payments and change
#[derive(Debug, clap::Args)]
#[command(after_help = "The list has the columns address, amount and memo, with a heading:

  address,amount,memo
  lvr1...,3200.00 EURX,Salary November

Example:
  louver wallet pay-many salaries.csv --fee-asset LVR --wallet company.wallet --no-passphrase")]
pub(super) struct PayMany {
    /// The list: CSV in UTF-8, its cells parted by commas, semicolons or tabs
    list: PathBuf,
    /// Pays rows that ask for the same payment as a row before them, too
    #[arg(long)]
    repeated: bool,
    #[command(flatten)]
    sending: Sending,
}

/// Moves money out of the pool, to a transparent account
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver wallet withdraw \"10 LVR\" --wallet alice.wallet --no-passphrase
  louver wallet withdraw \"10 LVR\" --to lvrt1... --no-passphrase")]
pub(super) struct Withdraw {
    /// How much of what, as in \"10 LVR\"
    amount: String,
    /// The transparent account; without it the wallet's own
    #[arg(long, value_name = "ACCOUNT")]
    to: Option<String>,
    #[command(flatten)]
    sending: Sending,
}

/// Joins the smallest notes of an asset into one
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet consolidate LVR --wallet alice.wallet --no-passphrase")]
pub(super) struct Consolidate {
    /// The asset
    asset: String,
    #[command(flatten)]
    sending: Sending,
}

impl Shield {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        self.sending.run(place, output, |session, sending| {
            let (asset, value) = session.assets.parse_amount(&self.amount)?;
            let phrase = session.wallet.recovery_phrase(&sending.passphrase.protection()?)?;
            let account = Account::of(&transparent_key(&phrase));
            let available = Some(session.transparent_funds(&account)?);
            let (payer, value) = (account.into(), value.into());
            Ok(Action::Shield { payer, asset, value, available, to: None, memo: Memo::empty() })
        })
    }
}

impl Pay {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        self.sending.run(place, output, |session, sending| {
            let payment = payment(session, &self.to, &self.amount, &self.memo)?;
            let fee = sending.fee(session)?;
            Ok(Action::Pay { payments: vec![payment], fee })
        })
    }
}

impl PayMany {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let list = file::read(&self.list)?;
        self.sending.run(place, output, |session, sending| {
            let list = PaymentList::read(&list, &session.assets).map_err(Failure::input)?;
            let repeated = list.repeated();
            if !self.repeated && !repeated.is_empty() {
                let lines = repeated
                    .iter()
                    .map(|(line, first)| format!("line {line} is the same payment as line {first}"));
                return Err(Failure::input(format!(
                    "{}: nothing was sent. Take out what is there by mistake, or pay all with --repeated",
                    lines.collect::<Vec<_>>().join("; ")
                )));
            }
            Ok(Action::Pay { fee: sending.fee(session)?, payments: list.into_payments() })
        })
    }
}

impl Withdraw {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        self.sending.run(place, output, |session, sending| {
            let (asset, value) = session.assets.parse_amount(&self.amount)?;
            let recipient = match &self.to {
                Some(account) => Account::from_typed(account).map_err(Failure::input)?,
                None => {
                    let phrase = session.wallet.recovery_phrase(&sending.passphrase.protection()?)?;
                    Account::of(&transparent_key(&phrase))
                }
            };
            Ok(Action::Withdraw {
                recipient: recipient.into(),
                asset,
                value: value.into(),
                fee: sending.fee(session)?,
            })
        })
    }
}

impl Consolidate {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        self.sending.run(place, output, |session, sending| {
            let asset = session.assets.find(&self.asset)?.id();
            Ok(Action::Consolidate { asset, fee: sending.fee(session)? })
        })
    }
}

fn payment(session: &Session, to: &str, amount: &str, memo: &str) -> Result<Payment, Failure> {
    let to = Address::from_typed(to)?;
    let (asset, value) = session.assets.parse_amount(amount)?;
    Ok(Payment { to, asset, value, memo: Memo::new(memo.as_bytes()).map_err(Failure::input)? })
}

impl Sending {
    /// The least fee, in the asset that was asked for if one was.
    fn fee(&self, session: &Session) -> Result<FeeChoice, Failure> {
        match &self.fee_asset {
            Some(name) => Ok(FeeChoice::LeastIn(session.assets.find(name)?.id())),
            None => Ok(FeeChoice::Least),
        }
    }

    /// Plans, shows, proves, signs, sends and waits.
    fn run(
        &self,
        place: &Place,
        output: Output,
        action: impl FnOnce(&Session, &Self) -> Result<Action, Failure>,
    ) -> Result<(), Failure> {
        let mut session = place.open_synced(output)?;
        let action = action(&session, self)?;
        let plan = session.wallet.plan(FIRST, &action).map_err(|error| no_plan(error, &session.assets))?;
        let preview = plan.preview();
        output.note(told(&session, &plan.preview(), output));
        let fee = session.assets.format_amount(preview.fee.asset(), preview.fee.amount().0);
        if self.dry_run {
            let planned =
                json!({ "sent": false, "shape": preview.shape.name(), "fee": fee, "epoch": preview.epoch.0 });
            output.result(&planned, || "nothing was sent".to_owned());
            return Ok(());
        }
        let protection = self.passphrase.protection()?;
        let spending = session.wallet.unlock(&protection)?;
        let transparent = transparent_key(&session.wallet.recovery_phrase(&protection)?);
        let prover = keys::transfers(
            &keys::of(&session.wallet.chain().genesis)?,
            (preview.rules, preview.shape),
            &session.client,
            output,
        )?;
        let mut authorize = |message: &_| authorize(&transparent, message);
        let sender = Sender {
            keys: &spending,
            prover: &prover,
            progress: &mut Line::new(output, "proving"),
            authorize: Some(&mut authorize),
        };
        let sent = session.wallet.send(&plan, sender, &mut rand::rng())?;
        // It is recorded: to pay once more because the node did not answer would be to pay twice.
        session.client.submit_shielded(&sent.bytes).map_err(|error| {
            Failure::from(error).during(format!(
                "{} is recorded in the wallet and `louver wallet sync` hands it in again until block {}; do not pay again \
                 before then",
                sent.txid, sent.expiry
            ))
        })?;
        session.wallet.handed_in(sent.txid)?;
        let id = sent.txid.to_string();
        let state = self.waiting.wait(&session.client, &id, output)?;
        let told = json!({
            "sent": true,
            "txid": id,
            "state": state.state,
            "height": state.height,
            "shape": preview.shape.name(),
            "fee": fee,
            "expiry": sent.expiry,
        });
        output.result(&told, || match state.height {
            Some(height) => format!("{id}\n{} in block {height}", output.paint(Style::Good, "mined")),
            None => format!("{id}\n{}, up to block {}", state.state, sent.expiry),
        });
        Ok(())
    }
}

/// What a plan does, and what of it the public will see.
fn told(session: &Session, preview: &Preview, output: Output) -> String {
    let show = |asset: AssetId, value: Value| session.assets.format_amount(asset, value.0);
    let mut table = Table::new(["", "amount", "who sees it"]).right(1);
    for payment in &preview.payments {
        let (to, who) = match preview.side.is_deposit() {
            true => ("into the pool".to_owned(), "everybody"),
            false => (format!("pay {}", short(&payment.to.to_string())), "the payee"),
        };
        table.row([to, show(payment.asset, payment.value), who.to_owned()]);
    }
    for (asset, value) in &preview.change {
        table.row(["change".to_owned(), show(*asset, *value), "nobody".to_owned()]);
    }
    match preview.side {
        PublicSide::Internal => {}
        PublicSide::Deposit { asset, amount, .. } => {
            table.row([
                "from the transparent account".to_owned(),
                show(asset, amount),
                "everybody".to_owned(),
            ]);
        }
        PublicSide::Withdrawal { asset, amount, .. } => {
            table.row(["to a transparent account".to_owned(), show(asset, amount), "everybody".to_owned()]);
        }
    }
    if preview.fee.amount() != Value::ZERO {
        table.row([
            "fee".to_owned(),
            show(preview.fee.asset(), preview.fee.amount()),
            "everybody".to_owned(),
        ]);
    }
    if let Some((asset, value)) = preview.host_fee {
        table.row([
            "fee, from the transparent account".to_owned(),
            show(asset, value),
            "everybody".to_owned(),
        ]);
    }
    let mut lines = format!(
        "{}\n{}  shape {}, epoch {}, valid up to block {}",
        output.paint(Style::Title, "The transaction"),
        table.render(),
        preview.shape,
        preview.epoch.0,
        preview.expiry
    );
    if preview.declares_previous_epoch {
        lines.push_str("\n  It declares the epoch before: the public sees that an old address is paid.");
    }
    if preview.shows_asset && preview.side == PublicSide::Internal {
        lines.push_str("\n  The fee is paid in what is sent: the public sees which asset moves.");
    }
    lines
}
