//! The history: money received, paid, shielded and withdrawn.

use louver_chain::Account;
use louver_client::audit::names;
use louver_core::{
    asset::{AssetId, KnownAssets},
    calendar::moment,
    ledger::Genesis,
    shape::Shape,
    text::visible,
    transaction::PublicSide,
    value::{Balance, Value},
};
use louver_viewkeys::report::words::{self, short};
use louver_wallet::history::{
    EntryKind, HistoryEntry, HistoryFilter, MemoState, OutputEntry, OutputKind, Status,
};

use super::Place;
use crate::{
    clock,
    exit::Failure,
    json::{
        quantity::{Amount, Crossing, Denomination, Moment, NetAmount, SignedUnits, Written},
        transaction::{self, Direction, Payment, State, Transaction},
    },
    output::{Output, Table},
};

/// The number of transactions that are shown by default.
const SHOWN: usize = 50;

/// Shows what was received, paid, shielded and withdrawn, the latest first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The column net says by how much each transaction changed what the account holds in the pool, fee \
included. It is empty where nothing moved. The fee of a deposit is paid by the transparent account, beside the deposit. Times are those of the blocks, in UTC.

Examples:
  louver wallet history --wallet alice.wallet
  louver wallet history --direction received --asset EURX --from 2026-11-01 --to 2026-11-30
  louver wallet history --json | jq .txid"
)]
pub(super) struct History {
    /// The most transactions to show; 0 for all. Without it 50, and with --json all
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
    /// Only transactions since this date, as in 2026-11-01; UTC
    #[arg(long, value_name = "DATE", value_parser = clock::parse)]
    from: Option<u64>,
    /// Only transactions up to the end of this date, in UTC
    #[arg(long, value_name = "DATE", value_parser = clock::parse_end)]
    to: Option<u64>,
    /// Only transactions that move this asset
    #[arg(long, value_name = "ASSET")]
    asset: Option<String>,
    /// Only transactions of this direction
    #[arg(long)]
    direction: Option<Direction>,
}

impl History {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from > to
        {
            return Err(Failure::usage(format!(
                "the period ends on {}, before it begins on {}: nothing was looked for",
                moment(to),
                moment(from)
            )));
        }
        let mut session = place.open_synced(output)?;
        session.wallet().account(place.account())?;
        session.learn(self.asset.as_deref().unwrap_or_default())?;
        let assets = &session.assets;
        let asset = self.asset.as_deref().map(|name| assets.find(name)).transpose()?.map(|asset| asset.id());
        let mut entries = session.wallet().history(place.account())?;
        entries.retain(|entry| self.wants(entry, asset));
        let found = entries.len();
        let limit = self.limit.unwrap_or(if output.is_json() { 0 } else { SHOWN });
        if limit != 0 {
            entries.truncate(limit);
        }
        if output.is_json() {
            for entry in &entries {
                output.result(&message(entry, assets, session.client.genesis()), String::new);
            }
            return Ok(());
        }
        output.line(match entries.is_empty() {
            true => "nothing found".to_owned(),
            false => table(&entries, assets, session.client.genesis()).render(output.results()),
        });
        if entries.len() < found {
            output.note(format!(
                "the latest {} of {found}; --limit 0 shows all, --json whole ids",
                entries.len()
            ));
        }
        Ok(())
    }

    fn wants(&self, entry: &HistoryEntry, asset: Option<AssetId>) -> bool {
        let filter = HistoryFilter { since: self.from, until: self.to, asset, kind: None };
        filter.takes(entry) && self.direction.is_none_or(|wanted| Direction::from(entry.kind()) == wanted)
    }
}

fn table(entries: &[HistoryEntry], assets: &KnownAssets, genesis: &Genesis) -> Table {
    let mut table =
        Table::new(["date", "block", "transaction", "what", "amount", "fee", "net", "memo"]).right(1);
    for column in [4, 5, 6] {
        table = table.right(column);
    }
    for entry in entries {
        let lines = lines(entry, assets);
        let net: Vec<String> =
            entry.nets().into_iter().map(|(asset, net)| signed(assets, asset, net.0)).collect();
        for index in 0..lines.len().max(net.len()) {
            let first = |text: String| if index == 0 { text } else { String::new() };
            let line = lines.get(index);
            let of = |part: fn(&Line) -> &String| line.map(part).cloned().unwrap_or_default();
            let (date, block) = when(entry.status);
            table.row([
                first(date),
                first(block),
                first(short(&entry.txid.to_string())),
                of(|line| &line.what),
                of(|line| &line.amount),
                first(
                    fee(entry)
                        .or_else(|| deposit_fee(entry, genesis))
                        .map_or_else(String::new, |(asset, value)| assets.format_amount(asset, value.0)),
                ),
                net.get(index).cloned().unwrap_or_default(),
                of(|line| &line.memo),
            ]);
        }
    }
    table
}

/// A payment of a transaction, for people.
struct Line {
    what: String,
    amount: String,
    memo: String,
}

fn when(status: Status) -> (String, String) {
    match status {
        Status::Mined { height, time } => (moment(time), height.to_string()),
        Status::Pending { .. } => ("waiting".to_owned(), String::new()),
        Status::Expired { .. } => ("expired".to_owned(), String::new()),
        Status::Superseded { elsewhere: true, .. } => ("not sent: another device".to_owned(), String::new()),
        Status::Superseded { .. } => ("not sent".to_owned(), String::new()),
        Status::Abandoned { .. } => ("given up".to_owned(), String::new()),
        Status::Refused { .. } => ("refused".to_owned(), String::new()),
    }
}

fn signed(assets: &KnownAssets, asset: AssetId, net: i128) -> String {
    let sign = match net {
        0 => "",
        net if net < 0 => "-",
        _ => "+",
    };
    format!("{sign}{}", assets.format_amount(asset, net.unsigned_abs()))
}

/// The fee that the account paid, if it paid one.
fn fee(entry: &HistoryEntry) -> Option<(AssetId, Value)> {
    let fee = entry.fee_paid();
    (fee.amount() != Value::ZERO).then(|| (fee.asset(), fee.amount()))
}

/// The fee that the account's transparent account paid beside a deposit. The chain's genesis says how much: a deposit is made in
/// one shape.
fn deposit_fee(entry: &HistoryEntry, genesis: &Genesis) -> Option<(AssetId, Value)> {
    match entry.side {
        PublicSide::Deposit { asset, .. } if entry.authorised && entry.moves_money() => {
            genesis.deposit_fee(asset, Shape::TwoByThree).filter(|(_, fee)| *fee != Value::ZERO)
        }
        _ => None,
    }
}

impl From<EntryKind> for Direction {
    fn from(kind: EntryKind) -> Self {
        match kind {
            EntryKind::Received => Self::Received,
            EntryKind::Paid => Self::Sent,
            EntryKind::ToSelf | EntryKind::Joined => Self::ToSelf,
            EntryKind::Deposited => Self::Shielded,
            EntryKind::Withdrawn => Self::Withdrawn,
        }
    }
}

fn lines(entry: &HistoryEntry, assets: &KnownAssets) -> Vec<Line> {
    let deposit = entry.side.is_deposit();
    let mut lines = Vec::new();
    let account = |account| short(&Account::from(account).to_string());
    match entry.side {
        PublicSide::Internal => {}
        PublicSide::Deposit { asset, amount, payer } => lines.push(Line {
            what: format!("shielded from {}", account(payer)),
            amount: assets.format_amount(asset, amount.0),
            memo: String::new(),
        }),
        PublicSide::Withdrawal { asset, amount, recipient } => lines.push(Line {
            what: format!("withdrawn to {}", account(recipient)),
            amount: assets.format_amount(asset, amount.0),
            memo: String::new(),
        }),
    }
    for output in &entry.outputs {
        let what = match output.kind {
            OutputKind::Received if deposit && entry.authorised => continue,
            OutputKind::Received if entry.authorised => "to yourself".to_owned(),
            OutputKind::Received => "received".to_owned(),
            OutputKind::Change => continue,
            OutputKind::Sent => format!("paid to {}", short(&output.address.to_string())),
        };
        lines.push(Line {
            what,
            amount: assets.format_amount(output.asset, output.value.0),
            memo: memo(entry, output),
        });
    }
    if lines.is_empty() {
        let joined = entry.outputs.iter().filter(|output| output.kind == OutputKind::Change);
        lines.extend(joined.map(|output| Line {
            what: "joined notes".to_owned(),
            amount: assets.format_amount(output.asset, output.value.0),
            memo: String::new(),
        }));
    }
    lines
}

/// The payer's memo, in a form that cannot be mistaken for a line of the command.
fn memo(entry: &HistoryEntry, output: &OutputEntry) -> String {
    match entry.memo_state(output) {
        MemoState::Known => words::written(&memo_of(output)).map_or_else(String::new, |text| visible(&text)),
        MemoState::NotRead => "(not read yet)".to_owned(),
        MemoState::Unreadable => "(made unreadable by the payer)".to_owned(),
    }
}

fn memo_of(output: &OutputEntry) -> Written {
    output.memo.as_ref().map(Written::new).unwrap_or_default()
}

/// A transaction for programs.
fn message(entry: &HistoryEntry, assets: &KnownAssets, genesis: &Genesis) -> Transaction {
    let (state, height, time, expiry_height) = match entry.status {
        Status::Mined { height, time } => (State::Mined, Some(height), Some(time), None),
        Status::Pending { expiry } => (State::Pending, None, None, Some(expiry)),
        Status::Expired { expiry, .. } => (State::Expired, None, None, Some(expiry)),
        Status::Superseded { expiry, .. } => (State::Superseded, None, None, Some(expiry)),
        Status::Abandoned { expiry } => (State::Abandoned, None, None, Some(expiry)),
        Status::Refused { expiry, .. } => (State::Refused, None, None, Some(expiry)),
    };
    let output = |output: &OutputEntry| transaction::Output {
        index: output.index,
        kind: match output.kind {
            OutputKind::Received => transaction::OutputKind::Received,
            OutputKind::Change => transaction::OutputKind::Change,
            OutputKind::Sent => transaction::OutputKind::Sent,
        },
        payment: Payment {
            address: output.address.to_string(),
            amount: Amount::new(output.asset, output.value, assets),
            written: memo_of(output),
        },
        memo_unreadable: entry.memo_state(output) == MemoState::Unreadable,
    };
    let net =
        |(asset, Balance(net))| NetAmount { value: SignedUnits(net), of: Denomination::new(asset, assets) };
    Transaction {
        txid: entry.txid.to_string(),
        account: entry.account.0,
        state,
        height,
        time: time.map(Moment::new),
        expiry_height,
        epoch: entry.epoch.0,
        direction: entry.kind().into(),
        own: entry.authorised,
        fee: fee(entry).map(|(asset, value)| Amount::new(asset, value, assets)),
        host_fee: deposit_fee(entry, genesis).map(|(asset, value)| Amount::new(asset, value, assets)),
        net: entry.nets().into_iter().map(net).collect(),
        crossing: Crossing::new(&entry.side, &names(assets)),
        outputs: entry.outputs.iter().map(output).collect(),
    }
}

#[cfg(test)]
mod tests {
    use louver_core::{
        epoch::Epoch,
        keys::{AccountSpendingKey, AddressIndex, Direction as KeyDirection},
        note::{Memo, NoteCommitment, SpendTag},
        pool::{GenesisHash, PoolId, PoolTag},
        spec::Fr,
        transaction::{Fee, TxId},
    };
    use louver_wallet::account::AccountNumber;

    use super::*;

    /// Attacker: a payer who makes the memo unreadable, so that it looks as if there were none.
    #[test]
    fn a_memo_that_cannot_be_read_is_not_an_empty_one() {
        let key = AccountSpendingKey::from_seed(&[7; 64], 0).unwrap().full_viewing_key();
        let pool = PoolTag::new(&GenesisHash([1; 32]), PoolId(0));
        let output = |memo: Option<&[u8]>| OutputEntry {
            index: 0,
            kind: OutputKind::Received,
            address: key.address(pool, Epoch(0), KeyDirection::External, AddressIndex(0)),
            asset: AssetId::new(1).unwrap(),
            value: Value(5),
            commitment: NoteCommitment::from_scalar(Fr::from(3)),
            memo: memo.map(|memo| Memo::new(memo).unwrap()),
        };
        let entry = |memo, complete| HistoryEntry {
            number: 1,
            account: AccountNumber(0),
            txid: TxId([1; 32]),
            epoch: Epoch(0),
            spend_tag: SpendTag::from_scalar(Fr::from(4)),
            status: Status::Mined { height: 9, time: 1_700_000_000 },
            authorised: false,
            side: PublicSide::Internal,
            fee: Fee::NONE,
            spent: Vec::new(),
            outputs: vec![output(memo)],
            complete,
            first_position: Some(0),
            signed: None,
        };
        let said = |entry: &HistoryEntry| memo(entry, &entry.outputs[0]);
        assert_eq!(said(&entry(Some(b"rent"), true)), "rent");
        assert_eq!(said(&entry(Some(b""), true)), "");
        assert_eq!(said(&entry(None, true)), "(made unreadable by the payer)");
        assert_eq!(said(&entry(None, false)), "(not read yet)");
        let genesis = louver_node::development::genesis().unwrap();
        let assets = KnownAssets::new(&genesis.terms().assets);
        let told = |entry: &HistoryEntry| {
            let told = serde_json::to_value(message(entry, &assets, &genesis)).unwrap();
            told["outputs"][0].get("memo_unreadable").cloned()
        };
        assert_eq!(told(&entry(None, true)), Some(true.into()));
        assert_eq!((told(&entry(Some(b""), true)), told(&entry(None, false))), (None, None));
    }
}
