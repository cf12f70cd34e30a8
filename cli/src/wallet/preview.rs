//! Plans for people: each amount, and the people who see it.

use louver_chain::{Account, act::Auditor};
use louver_client::audit::names;
use louver_core::{
    asset::{AssetId, KnownAssets},
    calendar::moment,
    epoch::EpochSchedule,
    text::visible,
    transaction::{Payment, PublicSide},
    value::Value,
};
use louver_viewkeys::report::words::{self, short};
use louver_wallet::plan::Preview;

use super::session::Session;
use crate::{
    json::{
        quantity::{Amount, Crossing, Moment, Written},
        transaction::{self, Auditors, Plan, PlannedTransaction},
    },
    output::{Stream, Style, Table},
};

/// A plan for people.
pub(super) fn told(session: &Session, preview: &Preview, stream: Stream) -> String {
    let show = |asset: AssetId, value: Value| session.show_value(asset, value);
    let auditor = auditor_key(session);
    let (payee, nobody) = match auditor {
        Some(_) => ("the payee, auditors", "auditors"),
        None => ("the payee", "nobody"),
    };
    let mut table = Table::new(["", "amount", "who sees it"]).right(1);
    for payment in &preview.payments {
        let (to, who) = match preview.side.is_deposit() {
            true => ("into the pool".to_owned(), "everybody"),
            false => (format!("pay {}", short(&payment.to.to_string())), payee),
        };
        table.row([to, show(payment.asset, payment.value), who.to_owned()]);
    }
    for (asset, value) in &preview.change {
        table.row(["change".to_owned(), show(*asset, *value), nobody.to_owned()]);
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
    let mut beside = String::new();
    for payment in &preview.payments {
        if let Some(memo) = words::written(&Written::new(&payment.memo)) {
            beside += &format!("  memo to {}: {}\n", short(&payment.to.to_string()), visible(&memo));
        }
    }
    match preview.side {
        PublicSide::Internal => {}
        PublicSide::Deposit { payer, .. } => {
            beside += &format!("  from the transparent account {}\n", Account::from(payer));
        }
        PublicSide::Withdrawal { recipient, .. } => {
            beside += &format!("  to the transparent account {}\n", Account::from(recipient));
        }
    }
    let mut lines = format!(
        "{}\n{}{beside}  shape {}, declared for {}, valid up to block {}",
        stream.paint(Style::Title, "The transaction"),
        table.render(stream),
        preview.shape,
        session.wallet().chain().schedule().name(preview.epoch),
        preview.expiry
    );
    lines.push_str(&times(preview, &session.wallet().chain().schedule()));
    if let Some(auditor) = auditor {
        lines.push_str(&audited(&auditor));
    }
    if preview.declares_previous_epoch {
        lines.push_str(
            "\n  That period is over, and in its grace: the public sees that an old address is paid.",
        );
    }
    if preview.shows_asset && preview.side == PublicSide::Internal {
        lines.push_str("\n  The fee is paid in what is sent: the public sees which asset moves.");
    }
    lines
}

/// `[wallet-expiry]`: when a transaction can be sent whose signers are to have time.
fn times(preview: &Preview, schedule: &EpochSchedule) -> String {
    let mut lines = String::new();
    if let Some(by) = preview.ready_by {
        lines +=
            &format!("\n  It can be signed and sent until {}, however many blocks come before.", moment(by));
        if let Some(ends) = schedule.ends(preview.epoch).filter(|ends| *ends <= by) {
            lines += &format!("\n  Sent after {}, it shows that it was planned before.", moment(ends));
        }
    }
    if let Some(from) = preview.not_before {
        lines +=
            &format!("\n  No block takes it before {}, when the period begins that it is for.", moment(from));
    }
    lines
}

/// The auditor key that the next transaction shows its contents to.
fn auditor_key(session: &Session) -> Option<Auditor> {
    let wallet = session.wallet();
    let chain = wallet.chain();
    chain.auditor(chain.height.saturating_add(1)).copied()
}

/// `[wallet-audited]`: what auditors of a pool can see.
fn audited(auditor: &Auditor) -> String {
    let Auditor { number, threshold, members, .. } = auditor;
    format!(
        "\n  This pool has auditors. Any {threshold} of the {members} members of the committee that holds auditor key {number} can open \
         this transaction together: they read your account's id, each amount and asset, and which notes are spent, but not the memos. \
         They see payees as tags, not by name."
    )
}

/// A plan for programs.
pub(super) fn message(session: &Session, previews: &[Preview]) -> Plan {
    let (assets, auditor) = (&session.assets, auditor_key(session));
    let auditors = auditor.map(|key| Auditors {
        key: key.number,
        threshold: key.threshold,
        members: key.members,
        transcript: hex::encode(key.transcript),
    });
    let planned = |preview: &Preview| PlannedTransaction {
        payments: preview.payments.iter().map(|payment| self::payment(payment, assets)).collect(),
        change: preview.change.iter().map(|(asset, value)| Amount::new(*asset, *value, assets)).collect(),
        fee: (preview.fee.amount() != Value::ZERO)
            .then(|| Amount::new(preview.fee.asset(), preview.fee.amount(), assets)),
        host_fee: preview.host_fee.map(|(asset, value)| Amount::new(asset, value, assets)),
        crossing: Crossing::new(&preview.side, &names(assets)),
        shape: preview.shape.name().to_owned(),
        epoch: preview.epoch.0,
        expiry_height: preview.expiry,
        not_before: preview.not_before.map(Moment::new),
        ready_by: preview.ready_by.map(Moment::new),
        declares_previous_epoch: preview.declares_previous_epoch,
        shows_asset: preview.shows_asset,
        auditors: auditors.clone(),
    };
    Plan { transactions: previews.iter().map(planned).collect() }
}

/// A payment for programs.
pub(super) fn payment(payment: &Payment, assets: &KnownAssets) -> transaction::Payment {
    transaction::Payment {
        address: payment.to.to_string(),
        amount: Amount::new(payment.asset, payment.value, assets),
        written: Written::new(&payment.memo),
    }
}
