//! The wallet's account in the open, where money enters the pool from and leaves it to.

use louver_chain::{Account, Action, ChainTransaction, UnsignedOperation};
use louver_core::{encoding::Encode, transaction::Fee};
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
    /// How much of what, as in "100 LVR"
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
    /// How much of what, as in "50000 EURX"
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
            let asset = session.assets.find(&balance.asset)?;
            let amount: u64 =
                balance.amount.parse().map_err(|_| Failure::node("a balance that is no number"))?;
            let shown = session.assets.show(asset.id(), amount);
            table.row([asset.symbol().to_owned(), shown.clone()]);
            balances.push(shown);
        }
        output.result(&json!({ "account": account, "balances": balances }), || {
            format!(
                "{account}\n\n{}",
                if balances.is_empty() {
                    "  holds nothing".to_owned()
                } else {
                    table.render(output.results())
                }
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
        let (asset, amount) = session.assets.parse(&self.amount)?;
        let gift = session.client.faucet(&account, &asset.to_string(), amount.0)?;
        let state = self.waiting.wait(&session.client, &gift.id, output)?;
        output.result(&json!({ "id": gift.id, "account": account, "state": state.state }), || {
            format!("{} for {account}: {}", session.assets.show_value(asset, amount), state.state)
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
        let symbol =
            self.amount.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim().to_owned();
        let own = session.assets.iter().any(|asset| asset.symbol() == symbol && *asset.issuer() == account.0);
        if !own {
            let action = Action::RegisterAsset { symbol, decimals: self.decimals, reference: Vec::new() };
            let id = operate(&session, &key, action)?;
            self.waiting.wait(&session.client, &id, output)?;
            session.assets = session.client.registry()?;
        }
        let (asset, amount) = session.assets.parse(&self.amount)?;
        let id = operate(&session, &key, Action::Mint { asset, amount, to: account })?;
        let state = self.waiting.wait(&session.client, &id, output)?;
        let issued = json!({ "id": id, "asset": asset.to_string(), "account": account.to_string(), "state": state.state });
        output.result(&issued, || {
            format!(
                "issued {} (asset {asset}) to {account}: {}",
                session.assets.show_value(asset, amount),
                state.state
            )
        });
        Ok(())
    }
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
