//! Looking: addresses, balances and history.

use louver_chain::Account;
use louver_core::{
    asset::{AssetId, KnownAssets},
    epoch::Epoch,
    note::Memo,
    transaction::PublicSide,
    value::Balance as Net,
};
use louver_wallet::history::{HistoryEntry, OutputKind, Status};
use serde_json::{Value, json};

use super::{Place, session::FIRST};
use crate::{
    audit::table::short,
    exit::Failure,
    output::{Output, Style, Table},
    prover::Line,
};

/// Gives out a fresh address, which expires with its epoch
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver wallet address --wallet alice.wallet
  louver wallet address --epoch 7 --json")]
pub(super) struct Address {
    /// A later epoch to be paid in; without it the current one
    #[arg(long)]
    epoch: Option<u16>,
}

/// Reads the blocks that are new, and finds what was received and spent
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet sync --wallet alice.wallet")]
pub(super) struct Sync {}

/// Shows what the wallet holds
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet balance --wallet alice.wallet --json")]
pub(super) struct Balance {}

/// Shows what was received, paid, shielded and withdrawn, the latest first
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver wallet history --wallet alice.wallet
  louver wallet history --json | jq .txid")]
pub(super) struct History {}

impl Address {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open_synced(output)?;
        let receiving = match self.epoch {
            Some(epoch) => session.wallet.receive_in(FIRST, Epoch(epoch))?,
            None => session.wallet.receive(FIRST)?,
        };
        let given = json!({
            "address": receiving.address.to_string(),
            "epoch": receiving.address.epoch().0,
            "last_height": receiving.last_height,
        });
        output.note(match receiving.last_height {
            Some(last) => format!("of epoch {}; can be paid up to block {last}", receiving.address.epoch().0),
            None => "never expires".to_owned(),
        });
        output.result(&given, || receiving.address.to_string());
        Ok(())
    }
}

impl Sync {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut session = place.open()?;
        let synced = session.sync(&mut Line::new(output, "reading blocks"))?;
        let said = json!({
            "height": synced.height,
            "blocks": synced.blocks,
            "received": synced.received,
            "spent": synced.spent,
        });
        output.result(&said, || {
            format!(
                "at block {}: {} blocks read, {} notes received, {} spent",
                synced.height, synced.blocks, synced.received, synced.spent
            )
        });
        Ok(())
    }
}

impl Balance {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open_synced(output)?;
        let balances = session.wallet.balance(FIRST)?;
        let assets = &session.assets;
        let rows: Vec<Value> = balances
            .iter()
            .map(|(asset, balance)| {
                json!({
                    "asset": asset.to_string(),
                    "symbol": assets.name(*asset),
                    "spendable": assets.format_amount(*asset, balance.spendable),
                    "immature": assets.format_amount(*asset, balance.immature),
                    "pending": assets.format_amount(*asset, balance.pending),
                })
            })
            .collect();
        let height = session.wallet.position()?.height;
        output.result(&json!({ "height": height, "balances": rows }), || {
            if balances.is_empty() {
                return format!("nothing yet, at block {height}");
            }
            let mut table = Table::new(["asset", "spendable", "pending"]).right(1).right(2);
            for (asset, balance) in &balances {
                table.row([
                    assets.name(*asset),
                    assets.format_amount(*asset, balance.spendable),
                    assets.format_amount(*asset, balance.pending + balance.immature),
                ]);
            }
            format!("{}  at block {height}", table.render())
        });
        Ok(())
    }
}

impl History {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open_synced(output)?;
        let entries = session.wallet.history(FIRST)?;
        let assets = &session.assets;
        if output.is_json() {
            for entry in &entries {
                output.line(told(entry, assets));
            }
            return Ok(());
        }
        let mut table = Table::new(["block", "transaction", "what", "amount", "memo"]).right(0).right(3);
        for entry in &entries {
            for line in lines(entry, assets) {
                table.row([line.block, short(&entry.txid.to_string()), line.what, line.amount, line.memo]);
            }
        }
        output.line(if entries.is_empty() { "nothing yet".to_owned() } else { table.render() });
        output.note(output.paint(Style::Dim, "whole ids with --json"));
        Ok(())
    }
}

/// A line of the history: one payment of a transaction.
struct Row {
    block: String,
    what: String,
    amount: String,
    memo: String,
}

fn block(status: Status) -> String {
    match status {
        Status::Pending { .. } => "waiting".to_owned(),
        Status::Mined { height, .. } => height.to_string(),
        Status::Expired { .. } => "expired".to_owned(),
        Status::Superseded { elsewhere: true, .. } => "not sent: another device".to_owned(),
        Status::Superseded { .. } => "not sent".to_owned(),
        Status::Abandoned { .. } => "given up".to_owned(),
        Status::Refused { .. } => "refused".to_owned(),
    }
}

fn side(side: &PublicSide, assets: &KnownAssets) -> Option<(String, String)> {
    match side {
        PublicSide::Internal => None,
        PublicSide::Deposit { asset, amount, payer } => Some((
            format!("shielded from {}", short(&Account::from(*payer).to_string())),
            assets.format_amount(*asset, amount.0),
        )),
        PublicSide::Withdrawal { asset, amount, recipient } => Some((
            format!("withdrawn to {}", short(&Account::from(*recipient).to_string())),
            assets.format_amount(*asset, amount.0),
        )),
    }
}

fn lines(entry: &HistoryEntry, assets: &KnownAssets) -> Vec<Row> {
    let of =
        |what: String, amount: String, memo: String| Row { block: block(entry.status), what, amount, memo };
    let mut lines = Vec::new();
    let public = side(&entry.side, assets);
    let deposit = entry.side.is_deposit();
    lines.extend(public.map(|(what, amount)| of(what, amount, String::new())));
    for output in &entry.outputs {
        let what = match output.kind {
            OutputKind::Received if deposit && entry.authorised => continue,
            OutputKind::Received => "received".to_owned(),
            OutputKind::Change => continue,
            OutputKind::Sent => format!("paid to {}", short(&output.address.to_string())),
        };
        let memo = output.memo.as_ref().map(Memo::shown).unwrap_or_default();
        lines.push(of(what, assets.format_amount(output.asset, output.value.0), memo));
    }
    if lines.is_empty() {
        lines.push(of("moved within the account".to_owned(), String::new(), String::new()));
    }
    lines
}

fn told(entry: &HistoryEntry, assets: &KnownAssets) -> Value {
    let mut moved: Vec<AssetId> = entry.outputs.iter().map(|output| output.asset).collect();
    moved.extend(entry.spent.iter().map(|spent| spent.asset));
    moved.sort_unstable();
    moved.dedup();
    let net = moved.into_iter().map(|asset| {
        let Net(net) = entry.net(asset);
        let sign = if net < 0 { "-" } else { "" };
        format!("{sign}{}", assets.format_amount(asset, net.unsigned_abs()))
    });
    let outputs = entry.outputs.iter().map(|output| {
        json!({
            "index": output.index,
            "kind": match output.kind {
                OutputKind::Received => "received",
                OutputKind::Change => "change",
                OutputKind::Sent => "sent",
            },
            "address": output.address.to_string(),
            "amount": assets.format_amount(output.asset, output.value.0),
            "memo": output.memo.as_ref().and_then(Memo::as_text),
            "memo_hex": output.memo.as_ref().filter(|memo| memo.as_text().is_none()).map(|memo| hex::encode(memo.as_bytes())),
        })
    });
    json!({
        "txid": entry.txid.to_string(),
        "epoch": entry.epoch.0,
        "block": block(entry.status),
        "authorised": entry.authorised,
        "public": side(&entry.side, assets).map(|(what, amount)| format!("{what}: {amount}")),
        "fee": assets.format_amount(entry.fee.asset(), entry.fee.amount().0),
        "net": net.collect::<Vec<_>>(),
        "outputs": outputs.collect::<Vec<_>>(),
    })
}
