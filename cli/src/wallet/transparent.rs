//! The wallet's transparent account, from which money enters the pool and to which it returns.

use louver_chain::{Account, Action};
use louver_client::{
    ClientError,
    connection::{OperationFate, OperationState, SignedOperation},
};
use louver_core::{
    amount::{AmountError, decimal},
    asset::{AssetDescriptor, AssetId, AssetNameError, KnownAssets},
    value::Value,
};

use super::{
    Place,
    secret::{Passphrase, Secrets},
    sending::{Waiting, unsent},
};
use crate::{
    exit::Failure,
    json::{
        quantity::Amount,
        transaction::{Operation, OperationKind, State},
        wallet,
    },
    output::{Output, Style, Table},
    prompt,
};

/// Shows the transparent account: its address and its balances
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet account --wallet alice.wallet")]
pub(super) struct Transparent {
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Asks a development chain's faucet for money
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet faucet \"100 LVR\" --wallet alice.wallet")]
pub(super) struct Faucet {
    /// The amount, as in "100 LVR"
    amount: String,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    waiting: Waiting,
}

/// Issues an asset of the account: registers it if needed, and mints to the account
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A registration cannot be undone, so all is checked before it. A symbol begins with a letter.

Example:
  louver wallet issue \"50000 EURX\" --decimals 2 --wallet company.wallet"
)]
pub(super) struct Issue {
    /// The amount, as in "50000 EURX"
    amount: String,
    /// The decimals of an asset that is not registered yet; 2 if they are not given
    #[arg(long)]
    decimals: Option<u8>,
    /// Issues without asking
    #[arg(long, short = 'y')]
    yes: bool,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    waiting: Waiting,
}

impl Transparent {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut session = place.open_synced(output)?;
        let account = Account::from(
            Secrets::new(&self.passphrase).transparent(&session.wallet(), place.account())?.account(),
        );
        let funds = session.transparent_funds(account)?;
        let mut table = Table::new(["asset", "amount"]).right(1);
        let mut balances = Vec::new();
        for (asset, amount) in funds {
            table.row([session.assets.name(asset), session.show_value(asset, amount)]);
            balances.push(Amount::new(asset, amount, &session.assets));
        }
        let account = account.to_string();
        let told = wallet::TransparentAccount { account, balances };
        output.result(&told, || match told.balances.is_empty() {
            true => format!("{}\n\n  holds nothing", told.account),
            false => format!("{}\n\n{}", told.account, table.render(output.results())),
        });
        Ok(())
    }
}

impl Faucet {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut session = place.open_synced(output).map_err(unsent)?;
        let account = Account::from(
            Secrets::new(&self.passphrase).transparent(&session.wallet(), place.account())?.account(),
        );
        let (asset, amount) = session.learn(&self.amount)?.parse_amount(&self.amount)?;
        let id = session.client.faucet(account, asset, amount)?;
        let submitted = Submitted {
            id,
            signed: None,
            kind: OperationKind::Faucet,
            account,
            amount: Some(Amount::new(asset, amount, &session.assets)),
            told: session.show_value(asset, amount),
        };
        drop(session);
        submitted.wait(self.waiting, place, output)
    }
}

/// An operation that is submitted: its id is printed, and then it is waited for.
pub(super) struct Submitted {
    pub(super) id: String,
    /// The operation, if it was signed here: what became of it is proven. For money from the faucet there is the node's word.
    pub(super) signed: Option<SignedOperation>,
    pub(super) kind: OperationKind,
    pub(super) account: Account,
    pub(super) amount: Option<Amount>,
    pub(super) told: String,
}

impl Submitted {
    fn message(&self, state: State, height: Option<u32>) -> Operation {
        Operation {
            id: self.id.clone(),
            kind: self.kind,
            account: self.account.to_string(),
            amount: self.amount.clone(),
            state,
            height,
        }
    }

    /// Submits it, if it was signed here, and waits for a block.
    pub(super) fn wait(&self, waiting: Waiting, place: &Place, output: Output) -> Result<(), Failure> {
        output.result(&self.message(State::Pending, None), || self.id.clone());
        let client = place.client()?;
        let shows = match self.kind {
            OperationKind::Announcement => "louver wallet announcements",
            OperationKind::Faucet | OperationKind::Registration | OperationKind::Issue => {
                "louver wallet account"
            }
        };
        let unseen = |why: &str| {
            Failure::unconfirmed(format!(
                "{} is submitted, and not yet seen in a block: {why}. Do not do it again: `{shows}` shows whether it was done",
                self.id
            ))
        };
        if let Some(signed) = &self.signed
            && let Err(error) = client.submit_operation(signed)
        {
            return Err(match &error {
                ClientError::Refused { reason, .. } => Failure {
                    message: format!(
                        "the node refused {}: {reason}. Nothing was done by this node's word. Another node could still take \
                         it until the account does something else, which takes its number",
                        self.id
                    ),
                    ..error.into()
                },
                _ => unseen(&error.to_string()),
            });
        }
        let seen = waiting.watch(place, || match &self.signed {
            Some(signed) => Ok(match client.fate(signed)? {
                OperationFate::Open => None,
                OperationFate::Included(height) => Some(Ok(height)),
                OperationFate::Displaced => Some(Err(Failure::wallet(
                    "displaced",
                    format!(
                        "another operation of the account took the number of {}: nothing was done by it, and no block will \
                         ever take it. Look at `{shows}`, and then do it again",
                        self.id
                    ),
                ))),
            }),
            None => Ok(match client.operation_state(&self.id)? {
                OperationState::Pending => None,
                OperationState::Included(height) => Some(Ok(height)),
                OperationState::Unknown => Some(Err(Failure::node(format!(
                    "the node does not know {} any more: by its word, nothing was done",
                    self.id
                )))),
            }),
        });
        match seen.map_err(|failure| unseen(&failure.message))? {
            Some(height) => {
                let height = height?;
                output.result(&self.message(State::Mined, Some(height)), || {
                    format!("{}: {} in block {height}", self.told, output.paint(Style::Good, "mined"))
                });
                Ok(())
            }
            None if waiting.wait == 0 => {
                output.note(format!("{}: waits for a block", self.told));
                Ok(())
            }
            None => Err(unseen(&format!("no block came within {} seconds", waiting.wait))),
        }
    }
}

impl Issue {
    /// Asks before anything is done that cannot be undone.
    fn agreed(&self) -> Result<(), Failure> {
        let hint = "Add --yes to issue without being asked";
        prompt::agreed(self.yes, "Do this?", "nothing was done", hint)
    }

    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut session = place.open_synced(output).map_err(unsent)?;
        let key = Secrets::new(&self.passphrase).transparent(&session.wallet(), place.account())?;
        let account = Account::of(key.signing_key());
        // An asset of its own that the account holds is known afterwards, and not registered once more.
        session.transparent_funds(account)?;
        session.learn(&self.amount)?;
        let decimals = self.decimals.unwrap_or(2);
        // Everything is checked before anything is done: a registration cannot be undone.
        let (asset, amount) = match issued(&self.amount, decimals, account, &session.assets)? {
            Issued::Own(asset, amount) => {
                let registered = session.assets.get(asset).map(AssetDescriptor::decimals);
                if let (Some(given), Some(registered)) = (self.decimals, registered)
                    && given != registered
                {
                    return Err(Failure::input(format!(
                        "{} is registered with {registered} decimals, for good, and --decimals says {given}. Nothing was done: \
                         leave the option out",
                        session.assets.name(asset)
                    )));
                }
                let told = session.assets.format_amount(asset, amount.0);
                let mint = Action::Mint { asset, amount, to: account };
                let fee = with_fee(session.client.fee_of(account, mint)?);
                output.note(format!("issues {told}, asset #{asset}{fee}"));
                self.agreed()?;
                (asset, amount)
            }
            Issued::New(symbol, amount) => {
                let told = format!("{} {symbol}", decimal(amount.0.into(), decimals));
                let action =
                    Action::RegisterAsset { symbol: symbol.clone(), decimals, reference: Vec::new() };
                let fee = with_fee(session.client.fee_of(account, action.clone())?);
                // The fee of the issue does not depend on the new asset's id.
                let mint = Action::Mint { asset: AssetId::NONE, amount, to: account };
                let then = with_fee(session.client.fee_of(account, mint)?);
                output.note(format!(
                    "registers {symbol} with {decimals} decimals, for good{fee}, and issues {told}{then}"
                ));
                self.agreed()?;
                let signed = session
                    .client
                    .sign_operation(key.signing_key(), action.clone())
                    .map_err(|error| unsent(error.into()))?;
                let id = signed.id.clone();
                let registered = Submitted {
                    id: id.clone(),
                    signed: Some(signed),
                    kind: OperationKind::Registration,
                    account,
                    amount: None,
                    told: format!("{symbol} is registered"),
                };
                drop(session);
                registered.wait(Waiting { wait: self.waiting.wait.max(1) }, place, output)?;
                session = place.open_synced(output)?;
                let own = session.client.registered(account, &action)?.ok_or_else(|| {
                    Failure::node(format!(
                        "{symbol} is not registered yet: issue it again when a block took {id}"
                    ))
                })?;
                session.learn(&format!("#{}", own.id()))?;
                (own.id(), amount)
            }
        };
        let mint = Action::Mint { asset, amount, to: account };
        let signed = session.client.sign_operation(key.signing_key(), mint)?;
        let issued = Submitted {
            id: signed.id.clone(),
            signed: Some(signed),
            kind: OperationKind::Issue,
            account,
            amount: Some(Amount::new(asset, amount, &session.assets)),
            told: format!("issued {}, asset #{asset}", session.assets.format_amount(asset, amount.0)),
        };
        drop(session);
        issued.wait(self.waiting, place, output)
    }
}

/// The fee of an operation, behind what it does.
pub(super) fn with_fee(fee: Option<String>) -> String {
    fee.map_or(String::new(), |fee| format!(" (fee {fee})"))
}

/// The amount to issue.
#[derive(Debug, PartialEq, Eq)]
enum Issued {
    /// An amount of an asset that the account issues already.
    Own(AssetId, Value),
    /// An amount of an asset of this symbol, which has to be registered first.
    New(String, Value),
}

/// Reads the amount to issue. Everything is checked before anything is registered, as an asset is registered for good.
fn issued(text: &str, decimals: u8, issuer: Account, assets: &KnownAssets) -> Result<Issued, Failure> {
    let own: Vec<_> = assets.iter().filter(|asset| *asset.issuer() == issuer.0).cloned().collect();
    let positive = |value: Value| match value {
        Value::ZERO => Err(Failure::input("the amount is zero: write how much is issued")),
        value => Ok(value),
    };
    let name = match KnownAssets::new(&own).parse_amount(text) {
        Ok((asset, value)) => return Ok(Issued::Own(asset, positive(value)?)),
        Err(AmountError::Asset(AssetNameError::UnknownSymbol { name, .. })) => name,
        Err(AmountError::Asset(AssetNameError::UnknownId { id })) => {
            return Err(Failure::input(format!("asset #{id} is not one that this account issues")));
        }
        Err(error) => return Err(error.into()),
    };
    if let Ok(other) = assets.find(&name) {
        let (symbol, id) = (other.symbol(), other.id());
        return Err(Failure::input(format!(
            "{symbol} is the symbol of asset #{id}, which another account issues: choose another symbol"
        )));
    }
    let symbol = name.to_ascii_uppercase();
    let any = AssetId::new(1).unwrap_or(AssetId::NONE);
    let new = AssetDescriptor::new(any, &symbol, decimals, issuer.0, b"").map_err(|_| {
        Failure::input(format!(
            "{name} with {decimals} decimals cannot be registered: a symbol is a letter and up to 15 letters and digits, and \
             an asset has at most {} decimals",
            AssetDescriptor::MAX_DECIMALS
        ))
    })?;
    let (_, value) = KnownAssets::new(&[new]).parse_amount(text)?;
    Ok(Issued::New(symbol, positive(value)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets(issuer: Account) -> KnownAssets {
        let asset = |id, symbol, decimals, issuer| {
            AssetDescriptor::new(AssetId::new(id).unwrap(), symbol, decimals, issuer, b"").unwrap()
        };
        let mut assets = KnownAssets::new(&[asset(1, "LVR", 6, [9; 32])]);
        let told =
            [asset(2, "EURX", 2, [8; 32]), asset(3, "EURX", 4, issuer.0), asset(4, "NEWT", 2, issuer.0)];
        assets.learn(told).unwrap();
        assets
    }

    /// Attacker: somebody who registers the issuer's symbol before the issuer's new wallet has seen it.
    #[test]
    fn an_issuer_means_the_asset_of_his_own() {
        let issuer = Account([7; 32]);
        let read = |text: &str| issued(text, 2, issuer, &assets(issuer));
        let own = |id, value| Ok(Issued::Own(AssetId::new(id).unwrap(), Value(value)));
        assert_eq!(read("12.5 EURX"), own(3, 125_000));
        assert_eq!(read("1 NEWT#4"), own(4, 100));
        assert_eq!(read("1.5 zero"), Ok(Issued::New("ZERO".to_owned(), Value(150))));
    }

    #[test]
    fn everything_is_checked_before_anything_is_registered() {
        let issuer = Account([7; 32]);
        for text in [
            "1.005 FRESH",
            "0 FRESH",
            "0 NEWT",
            "100 LVR",
            "100 3",
            "1 EURX#2",
            "1 #99",
            "1 3D",
            "1",
            "FRESH",
            "1 TOOLONGFORASYMBOL",
        ] {
            assert!(issued(text, 2, issuer, &assets(issuer)).is_err(), "{text}");
        }
        assert!(issued("1 FRESH", 19, issuer, &assets(issuer)).is_err());
    }
}
