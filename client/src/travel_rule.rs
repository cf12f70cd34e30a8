//! The payments of a wallet, as a record of the travel rule is compared with them.

use louver_viewkeys::travel_rule::{PaymentTerms, SeenPayment};
use louver_wallet::history::{HistoryEntry, OutputKind, Status};

/// The payments of a transaction that a block has, to the account or by it. Change is not a payment.
pub fn seen(entry: &HistoryEntry) -> Vec<SeenPayment> {
    let Status::Mined { height, time } = entry.status else { return Vec::new() };
    let payments = entry.outputs.iter().filter(|output| output.kind != OutputKind::Change);
    payments
        .map(|output| SeenPayment {
            txid: entry.txid.to_string(),
            output: output.index,
            height,
            time,
            terms: PaymentTerms { to: output.address, asset: output.asset, value: output.value },
            memo: output.memo.clone(),
        })
        .collect()
}
