//! The wallet's account in the open, where money enters the pool from and leaves it to.

use louver_chain::{Account, Action, ChainTransaction, UnsignedOperation};
use louver_core::{
    amount::AmountError,
    asset::{AssetDescriptor, AssetId, AssetNameError, KnownAssets},
    encoding::Encode,
    transaction::Fee,
    value::Value,
};
use serde_json::json;

use super::{
    Place,
    secret::{Passphrase, transparent_key},
    session::Session,
};
use crate::{
    client::wait::Waiting,
    exit::Failure,
    output::{Output, Table},
};

/// Shows the transparent account: its address and what it holds
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet account --wallet alice.wallet --no-passphrase")]
pub(super) struct Transparent {
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Asks a development chain's faucet for money
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet faucet \"100 LVR\" --wallet alice.wallet --no-passphrase")]
pub(super) struct Faucet {
    /// How much of what, as in \"100 LVR\"
    amount: String,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    waiting: Waiting,
}

/// Issues an asset of the account's own: registers it if need be, and mints to the account
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet issue \"50000 EURX\" --decimals 2 --wallet company.wallet --no-passphrase")]
pub(super) struct Issue {
    /// How much of what, as in \"50000 EURX\"
    amount: String,
    /// The decimals of an asset that is not registered yet
    #[arg(long, default_value_t = 2)]
    decimals: u8,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    waiting: Waiting,
}

impl Transparent {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open()?;
        let phrase = session.wallet.recovery_phrase(&self.passphrase.protection()?)?;
        let account = Account::of(&transparent_key(&phrase)).to_string();
        let held = session.client.account(&account)?;
        let mut table = Table::new(["asset", "amount"]).right(1);
        let mut balances = Vec::new();
        for balance in &held.balances {
            let asset = balance.asset.parse().ok().and_then(AssetId::new);
            let asset = asset.ok_or_else(|| Failure::node("a balance of an asset without an id"))?;
            let amount: u64 =
                balance.amount.parse().map_err(|_| Failure::node("a balance that is no number"))?;
            let shown = session.assets.format_amount(asset, amount);
            table.row([session.assets.name(asset), shown.clone()]);
            balances.push(shown);
        }
        output.result(&json!({ "account": account, "balances": balances }), || {
            format!(
                "{account}\n\n{}",
                if balances.is_empty() { "  holds nothing".to_owned() } else { table.render() }
            )
        });
        Ok(())
    }
}

impl Faucet {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open()?;
        let phrase = session.wallet.recovery_phrase(&self.passphrase.protection()?)?;
        let account = Account::of(&transparent_key(&phrase)).to_string();
        let (asset, amount) = session.assets.parse_amount(&self.amount)?;
        let gift = session.client.faucet(&account, &asset.to_string(), amount.0)?;
        let state = self.waiting.wait(&session.client, &gift.id, output)?;
        output.result(&json!({ "id": gift.id, "account": account, "state": state.state }), || {
            format!("{} for {account}: {}", session.assets.format_amount(asset, amount.0), state.state)
        });
        Ok(())
    }
}

impl Issue {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut session = place.open()?;
        let phrase = session.wallet.recovery_phrase(&self.passphrase.protection()?)?;
        let key = transparent_key(&phrase);
        let account = Account::of(&key);
        let (asset, amount) = match issued(&self.amount, self.decimals, account, &session.assets)? {
            Issued::Own(asset, amount) => (asset, amount),
            Issued::New(symbol, amount) => {
                let action = Action::RegisterAsset {
                    symbol: symbol.clone(),
                    decimals: self.decimals,
                    reference: Vec::new(),
                };
                let id = operate(&session, &key, action)?;
                self.waiting.wait(&session.client, &id, output)?;
                session.client.learn_assets(&mut session.assets)?;
                let own = session.assets.iter().filter(|asset| *asset.issuer() == account.0);
                let own = own.filter(|asset| asset.symbol() == symbol).max_by_key(|asset| asset.id());
                let own = own.ok_or_else(|| {
                    Failure::node(format!(
                        "{symbol} is not registered yet: issue it again when a block took {id}"
                    ))
                })?;
                (own.id(), amount)
            }
        };
        let id = operate(&session, &key, Action::Mint { asset, amount, to: account })?;
        let state = self.waiting.wait(&session.client, &id, output)?;
        let issued = json!({ "id": id, "asset": asset.to_string(), "account": account.to_string(), "state": state.state });
        output.result(&issued, || {
            format!(
                "issued {} (asset #{asset}) to {account}: {}",
                session.assets.format_amount(asset, amount.0),
                state.state
            )
        });
        Ok(())
    }
}

/// What is to be issued.
#[derive(Debug, PartialEq, Eq)]
enum Issued {
    /// So much of an asset that the account issues already.
    Own(AssetId, Value),
    /// So much of an asset of this symbol, which has to be registered first.
    New(String, Value),
}

/// Reads what is to be issued. Everything is checked before anything is registered, as an asset is registered for good.
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

/// Signs an operation with the account's next number, and hands it in.
fn operate(session: &Session, key: &ed25519_dalek::SigningKey, action: Action) -> Result<String, Failure> {
    let sender = Account::of(key);
    let nonce = session.client.account(&sender.to_string())?.nonce;
    let nonce = nonce.parse().map_err(|_| Failure::node("a nonce that is no number"))?;
    let genesis = session.wallet.chain().genesis.hash();
    let operation = UnsignedOperation { sender, nonce, fee: Fee::NONE, action }.sign(&genesis, key);
    Ok(session.client.submit(&ChainTransaction::Transparent(operation).to_bytes())?.id)
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

    /// Who gains: somebody who registers the issuer's symbol before a new wallet of his has seen it.
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
