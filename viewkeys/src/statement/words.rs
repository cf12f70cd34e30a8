//! Sentences about verdicts on statements, in plain English.

use louver_core::{asset::KnownAssets, calendar::moment, epoch::EpochSchedule, text::visible};

use super::{Shows, SnapshotRead, Stated, StatedSum, StatementGap, VerifiedStatement};
use crate::{
    receipt::{self, Sentence},
    report::{Amount, Assurance, words},
};

/// A statement, as a sentence.
pub fn sentence(stated: &Stated, assets: &KnownAssets) -> String {
    match stated {
        Stated::Address { address, period, valid_until, .. } => {
            let until = valid_until.as_ref().map_or_else(
                || "which never expires".to_owned(),
                |until| format!("which is valid until {}", words::time(until)),
            );
            format!(
                "the account alone can spend what is paid to the address {address}, of {}, {until}",
                period.name
            )
        }
        Stated::Unspent { place, output, snapshot } => format!(
            "the note that output {output} of transaction {} in block {} made is the account's, and was not spent at {}",
            place.txid,
            place.height,
            self::snapshot(snapshot)
        ),
        Stated::Holdings { at_least, snapshot } => {
            format!("the account held at least {} at {}", amount(at_least, assets), self::snapshot(snapshot))
        }
        Stated::Total { amount: of, exactly: true, periods, time, .. } => format!(
            "notes of exactly {} came to this account in {}, counted up to {}: these notes, not all there are",
            amount(of, assets),
            periods.name,
            words::time(time)
        ),
        Stated::Total { amount: of, exactly: false, periods, time, .. } => format!(
            "notes of at least {} came to this account in {}, counted up to {}",
            amount(of, assets),
            periods.name,
            words::time(time)
        ),
    }
}

/// The time of a snapshot.
pub fn snapshot(snapshot: &SnapshotRead) -> String {
    format!(
        "{}, the time of the snapshot after {} (not at midnight)",
        words::time(&snapshot.time),
        snapshot.period.name
    )
}

/// A statement that was made, as a sentence for its owner.
pub fn shows(shows: &Shows, assets: &KnownAssets, schedule: &EpochSchedule) -> String {
    match shows {
        Shows::Address(address) => format!("the address {address} is this account's"),
        Shows::Unspent { txid, note, snapshot, .. } => format!(
            "output {} of transaction {txid} was not spent at {}",
            note.placed.note.index(),
            moment(snapshot.entry.time)
        ),
        Shows::Holdings { asset, at_least, snapshot, .. } => format!(
            "the account held at least {} at {}",
            assets.format_amount(*asset, at_least.0),
            moment(snapshot.entry.time)
        ),
        Shows::Total { asset, sum, epochs, .. } => {
            let bound = match sum {
                StatedSum::AtLeast(_) => "at least",
                StatedSum::Exactly(_) => "exactly",
            };
            let amount = assets.format_amount(*asset, sum.value().0);
            format!("notes of {bound} {amount} came to the account in {}", schedule.name_range(*epochs))
        }
    }
}

/// A gap, as a sentence.
pub fn gap(gap: StatementGap) -> &'static str {
    match gap {
        StatementGap::Owner => "Whose account it is: ask its owner to answer a request of yours.",
        StatementGap::AddressUse => "Whether anybody paid to the address.",
        StatementGap::NoteAmount => {
            "The note's asset and amount: a disclosure of the same payment shows them. The owner may have paid it to himself."
        }
        StatementGap::SinceSnapshot => {
            "What happened since the snapshot: all of it may be spent. Ask again after the next one."
        }
        StatementGap::Borrowed => {
            "Whether the money is the owner's own. It may have been borrowed for that moment, or be owed to others."
        }
        StatementGap::More => "How much more there was.",
        StatementGap::OwnMoney => "Who paid: it may be the account's own money, repeatedly.",
        StatementGap::OtherNotes => "Other notes that came in these months.",
        StatementGap::Spent => "Whether any of it is still there.",
        StatementGap::Validity => {
            "Whether every transaction was valid: the chain's authorities vouch for it, unless your own node verified every \
             proof."
        }
    }
}

/// The sentences of a verdict, for a receipt.
pub fn sentences(statement: &VerifiedStatement, assets: &KnownAssets) -> Vec<Sentence> {
    let ground = words::ground(&statement.chain).into_iter().map(|text| Sentence { label: None, text });
    let purpose = format!("for the purpose, in its owner's words: {:?}", visible(&statement.binding.purpose));
    let purpose = Sentence { label: None, text: purpose };
    let said = Sentence { label: Some(statement.assurance), text: sentence(&statement.stated, assets) };
    let asset = asset(&statement.stated, assets).map(|text| Sentence { label: None, text });
    let gap = |unverified: &StatementGap| Sentence {
        label: Some(Assurance::Unverified),
        text: gap(*unverified).to_owned(),
    };
    let gaps = statement.unverified.iter().map(gap);
    ground.chain(receipt::about(&statement.binding)).chain([purpose, said]).chain(asset).chain(gaps).collect()
}

/// The asset of a statement in full, so that nobody takes another one for it. Absent if none is named.
pub fn asset(stated: &Stated, assets: &KnownAssets) -> Option<String> {
    match stated {
        Stated::Address { .. } | Stated::Unspent { .. } => None,
        Stated::Holdings { at_least: of, .. } | Stated::Total { amount: of, .. } => {
            Some(words::asset_in_full(of.of.asset, assets))
        }
    }
}

fn amount(amount: &Amount, assets: &KnownAssets) -> String {
    assets.format_amount(amount.of.asset, amount.value.0)
}
