//! Paying, shielding and withdrawing.

use std::path::PathBuf;

use louver_chain::Account;
use louver_core::{address::Address, asset::AssetId, note::Memo, transaction::Payment, value::Value};
use louver_wallet::{
    payment_list::PaymentList,
    payment_request::{PaymentRequest, RequestedPayment},
    plan::{Action, FeeChoice, Quantity},
};

use super::{
    Place,
    contacts::Book,
    repeating::{About, none_unfinished},
    scheduling::Wanted,
    sending::Sending,
    session::Session,
    travel_rule::WithRecord,
};
use crate::{exit::Failure, file, inspect::seeming, output::Output};

/// Moves money from the transparent account into the pool
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet shield \"60 LVR\" --wallet alice.wallet")]
pub(super) struct Shield {
    #[command(flatten)]
    amount: HowMuch,
    #[command(flatten)]
    sending: Sending,
}

/// Pays an address or a payment request; only the payee sees it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A payment request (louver:...) says where to pay, and how much if it does not leave that to you.

Examples:
  louver wallet pay \"25 LVR\" --to lvr1... --memo \"Rent, with thanks\"
  louver wallet pay \"10 EURX\" --to @bob --fee-asset LVR --yes
  louver wallet pay all --asset EURX --to @bob
  louver wallet pay louver:lvr1...
  louver wallet pay louver:lvr1... --ready-by 2026-12-03 --dry-run
  louver wallet pay \"6 LVR\" --to @bob --travel-rule p.json --counterparty age1... --record p.age"
)]
pub(super) struct Pay {
    #[command(flatten)]
    amount: HowMuch,
    /// The payee's address, a contact as in @bob, or a payment request that leaves the amount to you
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
    /// A text for the payee, at most 1022 bytes
    #[arg(long)]
    memo: Option<String>,
    /// Also pays a payment request that this wallet paid before
    #[arg(long)]
    repeated: bool,
    #[command(flatten)]
    record: WithRecord,
    #[command(flatten)]
    sending: Sending,
}

/// Pays everybody on a list, with as many transactions as it takes
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Several transactions are shown first, as a whole. If they are stopped, louver wallet resume goes on. The list has the columns address, amount and memo, with a heading:

  address,amount,memo
  lvr1...,3200.00 EURX,Salary November

Example:
  louver wallet pay-many salaries.csv --fee-asset LVR --wallet company.wallet"
)]
pub(super) struct PayMany {
    /// The list: CSV in UTF-8, with cells separated by commas, semicolons or tabs
    list: PathBuf,
    /// Also pays rows that ask for the same payment as an earlier row, or that this wallet paid before
    #[arg(long)]
    repeated: bool,
    #[command(flatten)]
    sending: Sending,
}

/// Moves money out of the pool, to a transparent account
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver wallet withdraw \"10 LVR\" --wallet alice.wallet
  louver wallet withdraw \"10 LVR\" --to lvrt1...")]
pub(super) struct Withdraw {
    #[command(flatten)]
    amount: HowMuch,
    /// The transparent account; by default the wallet's own
    #[arg(long, value_name = "ACCOUNT")]
    to: Option<String>,
    #[command(flatten)]
    sending: Sending,
}

/// Joins the smallest notes of an asset into one
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet consolidate LVR --wallet alice.wallet")]
pub(super) struct Consolidate {
    /// The asset
    asset: String,
    #[command(flatten)]
    sending: Sending,
}

impl Shield {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        self.sending.run(place, output, |session, secrets| {
            let account = Account::from(secrets.transparent(&session.wallet(), place.account())?.account());
            // A deposit that the account cannot pay is refused before it is proven.
            let available = Some(session.transparent_funds(account)?);
            let (asset, value) = self.amount.read(session)?;
            Ok(Action::Shield {
                payer: account.into(),
                asset,
                value,
                available,
                to: None,
                memo: Memo::empty(),
            })
        })
    }
}

impl Pay {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let book = Book::of(place)?;
        if self.amount.amount.trim() == "all" {
            self.record.none_for("everything that there is")?;
            return self.sending.run_about(place, output, |session, _| {
                let payee = self.payee(session, &book)?;
                let (asset, _) = self.amount.read(session)?;
                payee.as_asked(session, asset, None)?;
                let about = payee.about(session, self.repeated)?;
                let fee = self.sending.fee(session)?;
                Ok((Action::PayAll { to: Box::new(payee.to), asset, memo: payee.memo, fee }, about))
            });
        }
        self.sending.pay(place, output, |session| {
            let fee = self.sending.fee(session)?;
            if let Some(request) = request(&self.amount.amount)? {
                self.record.none_for("a payment request as a whole")?;
                if self.to.is_some() {
                    return Err(Failure::usage("the payment request says whom it pays: leave --to out"));
                }
                let payments = self.requested(session, &request)?;
                let about = About::of(request.payments(), session, self.repeated)?;
                return Ok(Wanted { payments, fee, about });
            }
            let payee = self.payee(session, &book)?;
            let (asset, Quantity::Exactly(value)) = self.amount.read(session)? else {
                return Err(Failure::usage("write an amount, as in \"25 LVR\""));
            };
            payee.as_asked(session, asset, Some(value))?;
            let mut about = payee.about(session, self.repeated)?;
            let mut payment = Payment { to: payee.to, asset, value, memo: payee.memo };
            self.record.bind(session, &mut payment, &mut about)?;
            Ok(Wanted { payments: vec![payment], fee, about })
        })
    }
}

impl Pay {
    fn payee(&self, session: &Session, book: &Book) -> Result<Payee, Failure> {
        let to = self.to.as_deref().ok_or_else(|| Failure::usage("whom? Name the payee with --to"))?;
        let (to, asked) = match to.trim().strip_prefix('@') {
            Some(name) => (book.address(name, session)?, None),
            None => match request(to)? {
                None => (Address::from_typed(to)?, None),
                Some(request) => match request.payments() {
                    [asked] => (address_of(asked, session, &self.sending)?, Some(asked.clone())),
                    _ => {
                        return Err(Failure::usage(
                            "the payment request has several payments: pay it without --to",
                        ));
                    }
                },
            },
        };
        let memo = self.memo()?.or_else(|| asked.as_ref()?.memo.clone()).unwrap_or_else(Memo::empty);
        Ok(Payee { to, memo, asked })
    }

    fn memo(&self) -> Result<Option<Memo>, Failure> {
        self.memo.as_deref().map(|text| Memo::new(text.as_bytes())).transpose().map_err(Failure::input)
    }

    /// The payments of a request that names all its amounts.
    fn requested(&self, session: &mut Session, request: &PaymentRequest) -> Result<Vec<Payment>, Failure> {
        let payment = |asked: &RequestedPayment| {
            let (Some(asset), Some(value)) = (asked.asset, asked.value) else {
                return Err(Failure::usage(
                    "the payment request leaves the amount to you: write it, and the request after --to",
                ));
            };
            // The request names the asset by its id, which must be a known one.
            let named = format!("#{asset}");
            session.learn(&named)?.find(&named)?;
            let to = address_of(asked, session, &self.sending)?;
            let memo = self.memo()?.or_else(|| asked.memo.clone()).unwrap_or_else(Memo::empty);
            Ok(Payment { to, asset, value, memo })
        };
        request.payments().iter().map(payment).collect()
    }
}

/// A text as a payment request, if it says that it is one.
fn request(text: &str) -> Result<Option<PaymentRequest>, Failure> {
    let text = text.trim();
    let says = text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("louver:"));
    says.then(|| text.parse()).transpose().map_err(Failure::input)
}

impl PayMany {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let list = file::read(&self.list)?;
        self.sending.pay(place, output, |session| {
            none_unfinished(session)?;
            // Rows may name assets by their ids.
            let assets = session.learn(&String::from_utf8_lossy(&list))?;
            let list = PaymentList::read(&list, assets).map_err(|error| match seeming::seems(&list) {
                Some(kind) if kind != seeming::PAYMENTS => {
                    seeming::not_one(&self.list, &list, seeming::PAYMENTS, error)
                }
                _ => Failure::input(error),
            })?;
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
            if !self.repeated {
                unpaid(&list, session)?;
            }
            let fee = self.sending.fee(session)?;
            Ok(Wanted { payments: list.into_payments(), fee, about: About::default() })
        })
    }
}

/// Refuses a list with rows that this wallet paid before.
fn unpaid(list: &PaymentList, session: &Session) -> Result<(), Failure> {
    let made = session.wallet().made_payments()?;
    let paid: Vec<String> = list
        .rows()
        .iter()
        .filter_map(|row| {
            let Payment { to, asset, value, .. } = &row.payment;
            Some(format!("line {} by {}", row.line, made.find(to, Some(*asset), Some(*value))?))
        })
        .collect();
    let Some(first) = paid.first() else { return Ok(()) };
    let others = match paid.len() {
        1 => String::new(),
        count => format!(", and {} other lines", count - 1),
    };
    Err(Failure::wallet(
        "paid_before",
        format!(
            "this wallet paid a part of the list before: {first}{others}. Nothing was sent now. Take out what is paid, or \
             pay it once more with --repeated"
        ),
    ))
}

impl Withdraw {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        self.sending.run(place, output, |session, secrets| {
            let (asset, value) = self.amount.read(session)?;
            let recipient = match &self.to {
                Some(account) => Account::from_typed(account).map_err(Failure::input)?,
                None => Account::from(secrets.transparent(&session.wallet(), place.account())?.account()),
            };
            let fee = self.sending.fee(session)?;
            Ok(Action::Withdraw { recipient: recipient.into(), asset, value, fee })
        })
    }
}

impl Consolidate {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        self.sending.run(place, output, |session, _| {
            let asset = session.learn(&self.asset)?.find(&self.asset)?.id();
            Ok(Action::Consolidate { asset, fee: self.sending.fee(session)? })
        })
    }
}

impl Sending {
    /// The fee that the engine chooses, unless an asset was named.
    fn fee(&self, session: &mut Session) -> Result<FeeChoice, Failure> {
        match &self.fee_asset {
            Some(name) => Ok(FeeChoice::LeastIn(session.learn(name)?.find(name)?.id())),
            None => Ok(FeeChoice::Least),
        }
    }
}

/// An amount
#[derive(Debug, clap::Args)]
struct HowMuch {
    /// The amount, as in "25 LVR"; or all, with --asset
    amount: String,
    /// The asset, if the amount does not name one
    #[arg(long, value_name = "ASSET")]
    asset: Option<String>,
}

impl HowMuch {
    fn read(&self, session: &mut Session) -> Result<(AssetId, Quantity), Failure> {
        let named = [self.amount.as_str(), self.asset.as_deref().unwrap_or_default()].join(" ");
        let assets = session.learn(&named)?;
        let chosen = self.asset.as_deref().map(|name| assets.find(name)).transpose()?;
        let (asset, value) = match (self.amount.trim(), chosen) {
            ("all", Some(asset)) => return Ok((asset.id(), Quantity::All)),
            ("all", None) => {
                return Err(Failure::usage("all of what? Name it with --asset, as in --asset EURX"));
            }
            (amount, Some(asset)) => assets.parse_amount_of(asset.id(), amount)?,
            (amount, None) => assets.parse_amount(amount)?,
        };
        Ok((asset, Quantity::Exactly(value)))
    }
}

/// Somebody who is paid.
struct Payee {
    to: Address,
    memo: Memo,
    /// The request that named him.
    asked: Option<RequestedPayment>,
}

impl Payee {
    /// Refuses another amount than the one that was asked for. `value` is nothing if everything is paid.
    fn as_asked(&self, session: &mut Session, asset: AssetId, value: Option<Value>) -> Result<(), Failure> {
        let Some(RequestedPayment { asset: Some(asked), value: wanted, .. }) = self.asked else {
            return Ok(());
        };
        if asked == asset && wanted.is_none_or(|wanted| Some(wanted) == value) {
            return Ok(());
        }
        let assets = session.learn(&format!("#{asked}"))?;
        let show = |asset: AssetId, value: Option<Value>, none: &str| match value {
            Some(value) => assets.format_amount(asset, value.0),
            None => format!("{none} {}", assets.name(asset)),
        };
        Err(Failure::input(format!(
            "the payment request asks for {}, and you named {}. Nothing was sent: pay what it asks for, or ask the payee for \
             another request",
            show(asked, wanted, "an amount of"),
            show(asset, value, "all")
        )))
    }

    fn about(&self, session: &Session, repeated: bool) -> Result<About, Failure> {
        About::of(self.asked.as_slice(), session, repeated)
    }
}

/// The address of a request that can be paid when the transaction is sent; if none can, the one that could be paid last.
fn address_of(asked: &RequestedPayment, session: &Session, sending: &Sending) -> Result<Address, Failure> {
    let wallet = session.wallet();
    let epoch = match sending.ready_by()? {
        Some(by) => wallet.epoch_ready_by(by)?,
        None => wallet.current_epoch()?,
    };
    Ok(*asked.address_for(epoch))
}
