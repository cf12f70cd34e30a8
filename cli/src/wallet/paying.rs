//! Paying, shielding and withdrawing.

use std::path::PathBuf;

use louver_chain::Account;
use louver_core::{address::Address, asset::AssetId, note::Memo, transaction::Payment};
use louver_wallet::{
    payment_list::PaymentList,
    payment_request::{PaymentRequest, RequestedPayment},
    plan::{Action, FeeChoice, Quantity},
};

use super::{Place, contacts::Book, sending::Sending, session::Session};
use crate::{exit::Failure, file, output::Output};

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
  louver wallet pay louver:lvr1..."
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
    /// Also pays rows that ask for the same payment as an earlier row
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
            let account = Account::from(secrets.transparent(&session.wallet())?.account());
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
            return self.sending.run(place, output, |session, _| {
                let (to, memo) = self.payee(session, &book)?;
                let (asset, _) = self.amount.read(session)?;
                Ok(Action::PayAll { to: Box::new(to), asset, memo, fee: self.sending.fee(session)? })
            });
        }
        self.sending.pay(place, output, |session| {
            let fee = self.sending.fee(session)?;
            if let Some(request) = request(&self.amount.amount)? {
                if self.to.is_some() {
                    return Err(Failure::usage("the payment request says whom it pays: leave --to out"));
                }
                return Ok((self.requested(session, &request)?, fee));
            }
            let (to, memo) = self.payee(session, &book)?;
            let (asset, Quantity::Exactly(value)) = self.amount.read(session)? else {
                return Err(Failure::usage("write an amount, as in \"25 LVR\""));
            };
            Ok((vec![Payment { to, asset, value, memo }], fee))
        })
    }
}

impl Pay {
    /// The payee and the memo.
    fn payee(&self, session: &Session, book: &Book) -> Result<(Address, Memo), Failure> {
        let to = self.to.as_deref().ok_or_else(|| Failure::usage("whom? Name the payee with --to"))?;
        let (to, asked) = payee(session, book, to)?;
        Ok((to, self.memo()?.or(asked).unwrap_or_else(Memo::empty)))
    }

    fn memo(&self) -> Result<Option<Memo>, Failure> {
        self.memo.as_deref().map(|text| Memo::new(text.as_bytes())).transpose().map_err(Failure::input)
    }

    /// The payments of a request that names all its amounts.
    fn requested(&self, session: &mut Session, request: &PaymentRequest) -> Result<Vec<Payment>, Failure> {
        let epoch = session.wallet().current_epoch()?;
        let payment = |asked: &RequestedPayment| {
            let (Some(asset), Some(value)) = (asked.asset, asked.value) else {
                return Err(Failure::usage(
                    "the payment request leaves the amount to you: write it, and the request after --to",
                ));
            };
            // The request names the asset by its id, which must be a known one.
            let named = format!("#{asset}");
            session.learn(&named)?.find(&named)?;
            let to = *asked.address_in(epoch).unwrap_or(&asked.address);
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
            // Rows may name assets by their ids.
            let assets = session.learn(&String::from_utf8_lossy(&list))?;
            let list = PaymentList::read(&list, assets).map_err(Failure::input)?;
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
            Ok((list.into_payments(), self.sending.fee(session)?))
        })
    }
}

impl Withdraw {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        self.sending.run(place, output, |session, secrets| {
            let (asset, value) = self.amount.read(session)?;
            let recipient = match &self.to {
                Some(account) => Account::from_typed(account).map_err(Failure::input)?,
                None => Account::from(secrets.transparent(&session.wallet())?.account()),
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

/// The payee's address, and the memo that the request asks for.
fn payee(session: &Session, book: &Book, to: &str) -> Result<(Address, Option<Memo>), Failure> {
    if let Some(name) = to.trim().strip_prefix('@') {
        return Ok((book.address(name, session)?, None));
    }
    match request(to)? {
        None => Ok((Address::from_typed(to)?, None)),
        Some(request) => match request.payments() {
            [asked] => {
                let to = asked.address_in(session.wallet().current_epoch()?).unwrap_or(&asked.address);
                Ok((*to, asked.memo.clone()))
            }
            _ => Err(Failure::usage("the payment request has several payments: pay it without --to")),
        },
    }
}
