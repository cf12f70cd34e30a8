//! Payments that were made before: nobody is paid twice by a slip.

use std::collections::HashMap;

use louver_core::{
    address::Address, asset::AssetId, encoding::Encode, text::visible, transaction::TxId, value::Value,
};
use louver_wallet::{
    history::{OutputKind, Status},
    payment_request::RequestedPayment,
    proposal::Progress,
};

use super::session::Session;
use crate::{clock, exit::Failure};

/// Facts about payments that somebody should know beside the plan.
#[derive(Default)]
pub(super) struct About {
    /// The words of a payment request.
    pub(super) says: Vec<String>,
    /// The earlier payment of the same request, if there is one.
    pub(super) paid: Option<String>,
}

impl About {
    /// The words of a request, and whether this wallet paid it before. `repeated` says that it is to be paid again.
    pub(super) fn of(
        requested: &[RequestedPayment],
        session: &Session,
        repeated: bool,
    ) -> Result<Self, Failure> {
        let place = |index: usize| match requested.len() {
            1 => String::new(),
            _ => format!(" (payment {})", index + 1),
        };
        let mut says = Vec::new();
        for (index, asked) in requested.iter().enumerate() {
            let texts = [("from", &asked.label), ("for", &asked.message)];
            let texts = texts.into_iter().filter_map(|(word, text)| Some((word, text.as_deref()?)));
            for (word, text) in texts {
                says.push(format!("the request says that it is {word}{}: {}", place(index), visible(text)));
            }
        }
        if repeated {
            return Ok(Self { says, paid: None });
        }
        let made = Made::of(session)?;
        let found = requested.iter().find_map(|asked| {
            let addresses = [Some(&asked.address), asked.next.as_ref()];
            addresses.into_iter().flatten().find_map(|to| made.find(to, asked.asset, asked.value))
        });
        Ok(Self { says, paid: found.map(|found| format!("this wallet paid this request before: {found}")) })
    }
}

/// The payments that a wallet made and that are in a block or wait for one, by address.
pub(super) struct Made(HashMap<Vec<u8>, Vec<Paid>>);

/// A payment that was made: its asset and amount, its transaction, and what the wallet knows of that.
type Paid = (AssetId, Value, TxId, Status);

impl Made {
    /// Those of all accounts.
    pub(super) fn of(session: &Session) -> Result<Self, Failure> {
        let wallet = session.wallet();
        let mut made = HashMap::<_, Vec<_>>::new();
        for account in wallet.accounts() {
            let entries = wallet.history(account.number())?;
            for entry in entries.iter().filter(|entry| entry.authorised && entry.moves_money()) {
                for output in entry.outputs.iter().filter(|output| output.kind != OutputKind::Change) {
                    let paid = (output.asset, output.value, entry.txid, entry.status);
                    made.entry(output.address.to_bytes()).or_default().push(paid);
                }
            }
        }
        Ok(Self(made))
    }

    /// The payment to an address, of an asset and an amount where these are given.
    pub(super) fn find(&self, to: &Address, asset: Option<AssetId>, value: Option<Value>) -> Option<String> {
        let paid = self.0.get(&to.to_bytes())?.iter().find(|(paid_asset, paid, ..)| {
            asset.is_none_or(|asset| asset == *paid_asset) && value.is_none_or(|value| value == *paid)
        });
        let (.., txid, status) = paid?;
        Some(match status {
            Status::Mined { height, time } => {
                format!("transaction {txid} in block {height} of {}", clock::show(*time))
            }
            _ => format!("transaction {txid}, which waits for a block"),
        })
    }
}

/// Refuses to begin a list while another one is not finished: it may be the same, and would be paid twice.
pub(super) fn none_unfinished(session: &Session) -> Result<(), Failure> {
    let (mut left, mut all) = (0, 0);
    let mut wallet = session.wallet();
    for schedule in wallet.schedules()? {
        let is_made = |(_, progress): &&(_, Progress)| matches!(progress, Progress::Mined(_));
        let made = schedule.payments.iter().filter(is_made).count();
        if made == schedule.payments.len() {
            wallet.stop(schedule.id)?;
            continue;
        }
        left += schedule.payments.len() - made;
        all += schedule.payments.len();
    }
    match left {
        0 => Ok(()),
        left => Err(Failure::wallet(
            "list_unfinished",
            format!(
                "{left} of {all} payments of a list that was begun before are not made yet. Nothing was sent now. `louver \
                 wallet resume` makes them, and pays nothing twice; `louver wallet resume --give-up` forgets those that \
                 were not sent, and then another list can be paid"
            ),
        )),
    }
}
