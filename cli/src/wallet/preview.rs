//! Plans for people: each amount, and the people who see it.

use louver_chain::Account;
use louver_core::{
    asset::{AssetId, KnownAssets},
    note::Memo,
    transaction::{Payment, PublicSide},
    value::Value,
};
use louver_viewkeys::report::words::short;
use louver_wallet::plan::Preview;

use super::session::Session;
use crate::{
    json::{
        quantity,
        transaction::{self, Crossing, Plan, PlannedTransaction},
    },
    output::{Stream, Style, Table},
};

/// A plan for people.
pub(super) fn told(session: &Session, preview: &Preview, stream: Stream) -> String {
    let show = |asset: AssetId, value: Value| session.show_value(asset, value);
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
        stream.paint(Style::Title, "The transaction"),
        table.render(stream),
        preview.shape,
        preview.epoch.0,
        preview.expiry
    );
    if preview.declares_previous_epoch {
        lines.push_str("\n  It declares the previous epoch: the public sees that an old address is paid.");
    }
    if preview.shows_asset && preview.side == PublicSide::Internal {
        lines.push_str("\n  The fee is paid in what is sent: the public sees which asset moves.");
    }
    lines
}

/// A plan for programs.
pub(super) fn message(session: &Session, previews: &[Preview]) -> Plan {
    let assets = &session.assets;
    let planned = |preview: &Preview| PlannedTransaction {
        payments: preview.payments.iter().map(|payment| self::payment(payment, assets)).collect(),
        change: preview
            .change
            .iter()
            .map(|(asset, value)| quantity::amount(assets, *asset, *value))
            .collect(),
        fee: (preview.fee.amount() != Value::ZERO)
            .then(|| quantity::amount(assets, preview.fee.asset(), preview.fee.amount())),
        host_fee: preview.host_fee.map(|(asset, value)| quantity::amount(assets, asset, value)),
        crossing: crossing(&preview.side, assets),
        shape: preview.shape.name().to_owned(),
        epoch: preview.epoch.0,
        expiry_height: preview.expiry,
        declares_previous_epoch: preview.declares_previous_epoch,
        shows_asset: preview.shows_asset,
    };
    Plan { transactions: previews.iter().map(planned).collect() }
}

/// A payment for programs.
pub(super) fn payment(payment: &Payment, assets: &KnownAssets) -> transaction::Payment {
    let (memo, memo_hex) = written(&payment.memo);
    transaction::Payment {
        address: payment.to.to_string(),
        amount: quantity::amount(assets, payment.asset, payment.value),
        memo,
        memo_hex,
    }
}

/// A memo as text, or in hexadecimal if it is not text; neither if there is none.
pub(super) fn written(memo: &Memo) -> (Option<String>, Option<String>) {
    match memo.as_text() {
        Some("") => (None, None),
        Some(text) => (Some(text.to_owned()), None),
        None => (None, Some(hex::encode(memo.as_bytes()))),
    }
}

/// The amount that a transaction moves across the border of the pool.
pub(super) fn crossing(side: &PublicSide, assets: &KnownAssets) -> Option<Crossing> {
    match side {
        PublicSide::Internal => None,
        PublicSide::Deposit { asset, amount, payer } => Some(Crossing::Deposit {
            amount: quantity::amount(assets, *asset, *amount),
            account: Account::from(*payer).to_string(),
        }),
        PublicSide::Withdrawal { asset, amount, recipient } => Some(Crossing::Withdrawal {
            amount: quantity::amount(assets, *asset, *amount),
            account: Account::from(*recipient).to_string(),
        }),
    }
}
