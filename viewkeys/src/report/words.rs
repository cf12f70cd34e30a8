//! Sentences about reports, in plain English: the one place where they are written. The command, the SDKs and the pages
//! show these.

use louver_chain::Account;
use louver_core::{
    asset::{AssetId, KnownAssets},
    calendar::{moment, second},
    epoch::{EpochRange, EpochSchedule},
    text::visible,
};

use super::{
    Amount, Assurance, Bound, ChainChoice, Crossing, Declared, Finding, Gap, Ground, Guarantee, Moment,
    Party, Place, Reconciliation, Remark, Report, Sum, Totals, Units, Written,
};
use crate::{
    challenge::{Challenge, Demand},
    package::{Detail, DisclosedPayment, PackageGap, Side, VerifiedPackage},
    receipt::{self, Conclusion, Receipt, Sentence},
    signed::{AskedFor, Binding},
};

/// The label of a finding.
pub fn label(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Guaranteed => "GUARANTEED",
        Assurance::ChainNotChosen => "CHAIN NOT CHOSEN",
        Assurance::Unverified => "UNVERIFIED",
        Assurance::Unexplained => "UNEXPLAINED",
    }
}

/// The meaning of a label, in a verdict on a chain.
pub fn meaning(assurance: Assurance, chain: &Ground) -> &'static str {
    match assurance {
        Assurance::Guaranteed if chain.is_checked_by_reader() => {
            "Follows from proofs and the ledger, whoever colludes: your own node has checked every proof."
        }
        Assurance::Guaranteed => {
            "Follows from proofs and the ledger, even if owner and payer collude, under this chain's finality: its \
             authorities are believed to have checked every proof."
        }
        Assurance::ChainNotChosen => {
            "Follows from proofs and a chain that you have not chosen: whoever runs the node may have made it up."
        }
        Assurance::Unverified => "True of what is shown. That nothing else exists is not shown.",
        Assurance::Unexplained => "On the ledger and of this account, but its contents are not shown.",
    }
}

/// The name of a finding, in a word or two.
pub fn title(finding: &Finding) -> &'static str {
    match finding {
        Finding::Received { payer: Party::Itself, crossing: Some(Crossing::Deposit { .. }), .. } => {
            "brought in by itself"
        }
        Finding::Received { payer: Party::Itself, .. } => "from itself",
        Finding::Received { crossing: Some(Crossing::Deposit { .. }), .. } => "deposit",
        Finding::Received { .. } => "received",
        Finding::Change { .. } => "change",
        Finding::Spent { .. } => "spent a note",
        Finding::Authorised { .. } => "authorised",
        Finding::Paid { payee: Party::Itself, .. } => "to itself",
        Finding::Paid { .. } => "paid",
    }
}

/// The rest of a finding's description, without its amount and memo. It may be empty.
pub fn detail(finding: &Finding, assets: &KnownAssets) -> String {
    let detail = Some(contents(finding, assets)).filter(|contents| !contents.is_empty());
    joined(detail.into_iter().chain(declared(finding.place())))
}

/// The mark of a transaction whose block is of the first days after the period that it declares.
fn declared(place: &Place) -> Option<String> {
    let Declared { period, in_grace } = &place.declared;
    in_grace.then(|| format!("declared for {period}, in a block of its days of grace"))
}

fn contents(finding: &Finding, assets: &KnownAssets) -> String {
    match finding {
        Finding::Received { payer, crossing, .. } => payer_of(*payer, crossing.as_ref()),
        Finding::Change { .. } => String::new(),
        Finding::Spent { note, amount, .. } => {
            let hidden = if amount.is_none() { "; its contents are not shown" } else { "" };
            format!("output {} of {}, {}{hidden}", note.output, short(&note.txid), note.period)
        }
        Finding::Authorised { crossing, hidden_outputs, .. } => {
            let hidden = match hidden_outputs {
                0 => None,
                1 => Some("1 output whose contents are not shown".to_owned()),
                more => Some(format!("{more} outputs whose contents are not shown")),
            };
            let crossing = crossing.as_ref().map(|crossing| crosses(crossing, assets));
            joined(hidden.into_iter().chain(crossing))
        }
        Finding::Paid { recipient, payee, authorised, .. } => {
            let whose = match payee {
                Party::Itself => ", an address of the account itself",
                Party::Another | Party::NotShown => "; it may be an address of the account itself",
            };
            let by = if *authorised { "" } else { "; by the outgoing record alone" };
            // Whole: whoever knows the address compares all of it, as a payer chooses one that ends alike.
            format!("to {recipient}{whose}{by}")
        }
    }
}

/// The payer of a receipt, as a clause.
fn payer_of(payer: Party, crossing: Option<&Crossing>) -> String {
    let deposit = match crossing {
        Some(Crossing::Deposit { account, .. }) => {
            Some(format!("from the transparent account {}", short(account)))
        }
        _ => None,
    };
    match (payer, deposit) {
        (Party::Itself, Some(deposit)) => format!(
            "brought into the pool by the account itself, {deposit}; whose that account is, is not shown"
        ),
        (Party::Itself, None) => "paid by the account itself".to_owned(),
        (Party::Another, Some(deposit)) => {
            format!("{deposit}, not deposited by this account; who paid is not shown")
        }
        (Party::Another, None) => "not paid by this account; who paid is not shown".to_owned(),
        (Party::NotShown, Some(deposit)) => {
            format!("{deposit}; who paid is not shown: it may be the account itself")
        }
        (Party::NotShown, None) => "who paid is not shown: it may be the account itself".to_owned(),
    }
}

fn crosses(crossing: &Crossing, assets: &KnownAssets) -> String {
    let (amount, account, way, fee) = match crossing {
        Crossing::Deposit { amount, account } => (
            amount,
            account,
            "into the pool, from",
            ", which pays the deposit's fee beside it: that fee counts in no sum here",
        ),
        Crossing::Withdrawal { amount, account } => (amount, account, "out of the pool, to", ""),
    };
    let amount = assets.format_amount(amount.of.asset, amount.value.0);
    format!("{amount} {way} the transparent account {}{fee}", short(account))
}

/// The fee of a transaction that the account made, in a few words.
pub fn fee(fee: Option<&Amount>, crossing: Option<&Crossing>, assets: &KnownAssets) -> String {
    match (fee, crossing) {
        (Some(fee), _) => format!("fee {}", assets.format_amount(fee.of.asset, fee.value.0)),
        (None, Some(Crossing::Deposit { .. })) => "fee paid outside the pool".to_owned(),
        (None, _) => "no fee".to_owned(),
    }
}

/// The sender's memo. It says so if the memo is not text.
pub fn written(written: &Written) -> Option<String> {
    let text = written.memo.clone();
    text.or_else(|| written.memo_hex.as_ref().map(|hex| format!("(not text, in hexadecimal: {hex})")))
}

/// A sum in words: `at least 12.50 LVR`, or `not shown` if the grant does not show it. If the grant shows parts of a sum
/// alone, no more is claimed than these.
pub fn sum(sum: Option<&Sum>, asset: AssetId, assets: &KnownAssets) -> String {
    let Some(Sum { value, bound, .. }) = sum else { return "not shown".to_owned() };
    let amount = assets.format_amount(asset, value.0);
    match bound {
        Bound::Exact => amount,
        Bound::AtLeast => format!("at least {amount}"),
        Bound::Shown => format!("{amount} in what is shown, and not shown in all"),
    }
}

/// Whether the sums of an asset agree, and the difference if they do not.
pub fn reconciliation(totals: &Totals, assets: &KnownAssets) -> String {
    match totals.reconciliation {
        Reconciliation::NotShown => {
            "The grant does not show every direction, so what came in and what went out cannot be compared.".to_owned()
        }
        Reconciliation::Closed => {
            "What came in is what went out and what is left: received + deposits = paid + withdrawn + fees + unspent."
                .to_owned()
        }
        Reconciliation::IfPaid => {
            "The sums meet if what is called paid went to others: it may be the account's own until it is spent."
                .to_owned()
        }
        Reconciliation::Open { spent_outside, went_unseen, came_unseen } => {
            let part = |units: Units, says: &str| {
                (units.0 > 0).then(|| format!("{} {says}", assets.format_amount(totals.of.asset, units.0)))
            };
            let parts = [
                part(spent_outside, "was spent by transactions outside the granted time"),
                part(went_unseen, "went to outputs that the grant does not show"),
                part(came_unseen, "came from notes that the grant does not show: from before the granted time, or kept back"),
            ];
            match joined(parts.into_iter().flatten()) {
                empty if empty.is_empty() => {
                    "The sums meet, but some transactions of the account hide part of their contents.".to_owned()
                }
                parts => format!("The sums do not meet: {parts}."),
            }
        }
    }
}

/// The first lines of a verdict: the chain that it stands on, and how far it was read.
pub fn ground(ground: &Ground) -> Vec<String> {
    let genesis = &ground.genesis_hash;
    let chain = match ground.chosen {
        ChainChoice::Genesis => format!("on the chain that you chose by its genesis hash, {genesis}"),
        ChainChoice::Block => {
            format!("on the chain that you chose by one of its blocks, with genesis hash {genesis}")
        }
        ChainChoice::Nothing => format!(
            "on a chain that you have not chosen, with genesis hash {genesis}: nothing is guaranteed. Ask somebody you trust \
             for the genesis hash of the chain that you mean, and check once more with it"
        ),
    };
    let head = &ground.head;
    let old = match head.is_old && !ground.offline {
        true => ", an old block: newer ones may be withheld",
        false => "",
    };
    let read = match head.height {
        0 => "before its first block".to_owned(),
        height => {
            let rests = match ground.is_checked_by_reader() {
                true => {
                    "as you say, the node is your own and has checked every proof, so all else holds whoever colludes, the \
                     authorities too"
                }
                false => "all else holds under this chain's finality",
            };
            format!(
                "up to block {height} of {}, which its authorities sealed{old}: {rests}",
                time(&head.time)
            )
        }
    };
    let after = match head.is_old {
        false => "",
        true => ". The block is old: anybody can renew the proof through a node",
    };
    let after = ground.offline.then(|| {
        format!("from a proof file, without a node: whether anything happened after that block is not known{after}")
    });
    let paused = ground.paused.as_ref().map(|paused| format!("on this chain {}", paused.says));
    let development = ground.development.then(|| {
        "on a chain for trying things out: anybody can make up proofs on it, so nothing that it shows is evidence of anything"
            .to_owned()
    });
    [chain, read].into_iter().chain(after).chain(development).chain(paused).collect()
}

/// The guarantees of a report. They hold whatever the owner did.
pub fn guarantees(report: &Report) -> Vec<String> {
    said(&report.guaranteed, report)
}

/// The guarantees that would hold if the reader had chosen the chain.
pub fn if_chosen(report: &Report) -> Vec<String> {
    said(&report.if_chosen, report)
}

fn said(guarantees: &[Guarantee], report: &Report) -> Vec<String> {
    let last = report.blocks.map_or(0, |blocks| blocks.last);
    let time = &report.epochs.all.name;
    let (under, chain) = (report.chain.whoever_lies(), &report.chain);
    let say = |guarantee: &Guarantee| match guarantee {
        Guarantee::Spends => format!(
            "no spend of a note that a transaction of {time} made is missing, up to block {last}, {under}; notes of no \
             value do not count"
        ),
        Guarantee::Transactions => format!(
            "no transaction that this account made and declared in {time} is missing, up to block {last}, hence none \
             that spends its notes then, {}{under}",
            if chain.is_checked_by_reader() { "" } else { "even if owner and payer collude, " }
        ),
        Guarantee::Openings => format!(
            "each note shown opens its commitment on the ledger: asset, amount and owner tag are exact, {under}"
        ),
    };
    guarantees.iter().map(say).collect()
}

/// A gap of an audit, in words.
pub fn gap(gap: Gap) -> &'static str {
    match gap {
        Gap::UnseenReceipts => {
            "money that came in and was not spent, if it came to addresses that the grant does not show, or if its payer \
             withheld its contents"
        }
        Gap::OtherDeposits => "deposits made under another account",
        Gap::UnsealedPayments => "payments whose contents the account did not record for itself",
        Gap::Directions => "whether an address was given to payers or kept for the account's own change",
        Gap::OtherAccounts => "other accounts of the same person",
    }
}

/// A remark in words.
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::LowerBounds => "balances are lower bounds".to_owned(),
        Remark::Unfinished(span) => format!("{}: not over, so more may come", span.name),
        Remark::ToCome(span) => format!("{}: not begun, so nothing is said of it", span.name),
        Remark::EndlessEpoch => "this chain does not cut time into months: the grant covers all time".to_owned(),
        Remark::DeclaredPeriods => {
            "the period is the one that transactions declare, in UTC: those made at its end may stand in blocks of the \
             first days after it, and are marked; to see every block of a period, ask for the one before as well"
                .to_owned()
        }
        Remark::SpendsNotShown => "spends are not shown: what came in may be spent".to_owned(),
        Remark::OwnTransactionsNotShown => {
            "transactions of the account are not shown: what it paid to itself counts as received".to_owned()
        }
        Remark::EarlierNotesNotShown { first } => format!(
            "notes from before {} are not shown: their spends are shown only as transactions of the \
             account, not as spends",
            first.name
        ),
    }
}

/// The first lines of a verdict: the reader that the file is for, the challenge that it answers, the time it was made and
/// the time until which it is valid.
pub fn heading(binding: &Binding) -> Vec<String> {
    let checked = &binding.checked;
    let name = named(&binding.made_for);
    let made_for = match (checked.asked, checked.reader) {
        (AskedFor::Challenge, _) => format!("made for {name}, as you demanded"),
        (AskedFor::Nonce, _) => {
            format!("made for {name}, with your nonce: no challenge says what you asked for")
        }
        (AskedFor::Nothing, true) => {
            format!("made for {name}, the name that you gave, but not asked for by you")
        }
        (AskedFor::Nothing, false) => {
            format!("made for {name}, not asked for by you: anybody who holds the file can show it")
        }
    };
    let nonce = match (&binding.nonce, checked.asked) {
        (None, _) => "answers no challenge".to_owned(),
        (Some(nonce), AskedFor::Challenge) => format!("answers your challenge {nonce}"),
        (Some(nonce), AskedFor::Nonce) => format!("answers your nonce {nonce}"),
        (Some(nonce), AskedFor::Nothing) => {
            format!("answers the challenge {nonce}, not checked against yours")
        }
    };
    let valid = format!(
        "made {}, valid until {}, by its owner's clock",
        time(&binding.issued),
        time(&binding.expires)
    );
    let account = match checked.account {
        true => format!("of the account {}, as you demanded", binding.account),
        false => format!("of the account {}, which you did not name", binding.account),
    };
    vec![made_for, nonce, valid, account]
}

/// The demand of a challenge, in lines, to be read before anything is answered. An asset is named by its number too, as
/// anybody can issue another with the same symbol.
pub fn challenge(challenge: &Challenge, assets: &KnownAssets, schedule: &EpochSchedule) -> Vec<String> {
    let reader = challenge.reader();
    let months = |epochs: EpochRange| schedule.name_range(epochs);
    let mut lines = vec![
        format!("asked by {}, made {}", named(&reader.name), moment(challenge.made())),
        format!("to be sealed to {}", reader.recipient.as_deref().unwrap_or("nobody")),
        format!("signed by the key {}", hex::encode(challenge.key().as_bytes())),
    ];
    lines.push(match challenge.demand() {
        Demand::Grant { directions, epochs } => {
            format!("asks for a grant of {directions} in {}", months(*epochs))
        }
        Demand::Payments { epochs, side, asset, at_least } => {
            let side = match side {
                None => "payments made or received",
                Some(Side::Sent) => "payments that the account made",
                Some(Side::Received) => "payments that the account received from others",
            };
            let when = epochs.map(|epochs| format!(" in {}", months(epochs))).unwrap_or_default();
            let what = match (asset, at_least) {
                (Some(asset), Some(least)) => format!(
                    ", which come to at least {}, in {}",
                    assets.format_amount(*asset, least.0),
                    asset_in_full(*asset, assets)
                ),
                (Some(asset), None) => format!(", in {}", asset_in_full(*asset, assets)),
                (None, _) => String::new(),
            };
            format!("asks for {side}{when}{what}")
        }
        Demand::Address(address) => {
            format!("asks for a statement that the address {address} is the account's")
        }
        Demand::Unspent { txid, output, since } => format!(
            "asks for a statement that output {output} of transaction {txid} was not spent, at {}",
            snapshot_since(*since)
        ),
        Demand::Holdings { asset, at_least, since } => format!(
            "asks for a statement that the account held at least {}, in {}, at {}",
            assets.format_amount(*asset, at_least.0),
            asset_in_full(*asset, assets),
            snapshot_since(*since)
        ),
        Demand::Total { asset, at_least, epochs } => format!(
            "asks for a statement that at least {} came to the account in {}, in {}",
            assets.format_amount(*asset, at_least.0),
            months(*epochs),
            asset_in_full(*asset, assets)
        ),
        Demand::Book { epochs } => format!(
            "asks for a book of {}: everything that the account made and received, with proofs",
            months(*epochs)
        ),
    });
    if matches!(challenge.demand(), Demand::Payments { side: None | Some(Side::Sent), .. }) {
        lines.push(
            "a note that is shown as paid may be its own change: only an address shown whole, which the reader knows, shows \
             whom it paid"
                .to_owned(),
        );
    }
    lines
}

fn snapshot_since(since: u64) -> String {
    match since {
        0 => "any snapshot".to_owned(),
        since => format!("a snapshot of {} or later", moment(since)),
    }
}

/// An asset by its symbol, its number, its issuer and its decimals, so that nobody takes one for another.
pub fn asset_in_full(asset: AssetId, assets: &KnownAssets) -> String {
    match assets.get(asset) {
        None => format!("asset #{asset}, which is not known"),
        Some(known) => format!(
            "{}#{asset}, of {} decimals, issued by {}",
            known.symbol(),
            known.decimals(),
            Account(*known.issuer())
        ),
    }
}

/// The sentences of a verdict on a package, for a receipt.
pub fn package_sentences(package: &VerifiedPackage, assets: &KnownAssets) -> Vec<Sentence> {
    let ground = ground(&package.chain).into_iter().map(|text| Sentence { label: None, text });
    let payments = package.payments.iter().map(|shown| {
        let amount = assets.format_amount(shown.amount.of.asset, shown.amount.value.0);
        let place = format!("block {}, transaction {}", shown.place.height, shown.place.txid);
        let text = joined(
            [
                format!("{} {amount}", payment_title(shown)),
                asset_in_full(shown.amount.of.asset, assets),
                payment(shown),
                place,
            ]
            .into_iter()
            .chain(written(&shown.written).map(|memo| format!("memo: {:?}", visible(&memo)))),
        );
        Sentence { label: Some(shown.assurance), text }
    });
    let gaps = package
        .unverified
        .iter()
        .map(|gap| Sentence { label: Some(Assurance::Unverified), text: package_gap(*gap).to_owned() });
    let purpose = format!("for the purpose, in its owner's words: {:?}", visible(&package.binding.purpose));
    let purpose = Sentence { label: None, text: purpose };
    ground.chain(receipt::about(&package.binding)).chain([purpose]).chain(payments).chain(gaps).collect()
}

/// A receipt's conclusion.
pub fn conclusion(receipt: &Receipt) -> &'static str {
    match receipt.conclusion() {
        Conclusion::Refused => "the reader refused the file",
        Conclusion::ChainNotChosen => "the file is true on a chain that the reader had not chosen",
        Conclusion::Guaranteed => "the file is true on the chain that the reader had chosen",
    }
}

/// The account's part in the payment, in a few words. An amount follows.
pub fn payment_title(payment: &DisclosedPayment) -> &'static str {
    let is_deposit = matches!(payment.crossing, Some(Crossing::Deposit { .. }));
    let at_least = payment.shows == Detail::AtLeast;
    match (payment.shows, payment.side, payment.payer) {
        (Detail::Crossing, ..) if is_deposit => "deposited",
        (Detail::Crossing, ..) => "withdrew",
        (_, Side::Received, Party::Itself) if is_deposit && at_least => "brought into the pool at least",
        (_, Side::Received, Party::Itself) if is_deposit => "brought into the pool",
        (_, Side::Received, Party::Itself) if at_least => "paid itself at least",
        (_, Side::Received, Party::Itself) => "paid itself",
        (_, Side::Received, _) if at_least => "was paid at least",
        (_, Side::Received, _) => "was paid",
        (_, Side::Sent, _) if at_least => "paid at least",
        (_, Side::Sent, _) => "paid",
    }
}

/// The rest of a disclosed payment's description, without its amount and memo: its parties, and what is hidden.
pub fn payment(payment: &DisclosedPayment) -> String {
    // Whole: whoever knows the address compares all of it, as a payer chooses one that ends alike.
    let to = payment.recipient.as_ref().map(|recipient| format!("to {recipient}"));
    let crossing = payment.crossing.as_ref().map(|crossing| match crossing {
        Crossing::Deposit { account, .. } => format!("from the transparent account {}", short(account)),
        Crossing::Withdrawal { account, .. } => format!("to the transparent account {}", short(account)),
    });
    let crossing = crossing.filter(|_| payment.side == Side::Received || payment.shows == Detail::Crossing);
    let is_deposit = matches!(payment.crossing, Some(Crossing::Deposit { .. }));
    let parties = match (payment.shows, payment.side, payment.payer) {
        (Detail::Crossing, ..) if is_deposit => {
            "by the account; whose the transparent account is, is not shown"
        }
        (Detail::Crossing, ..) => "by the account",
        (_, Side::Received, Party::Itself) if is_deposit => {
            "to itself; whose the transparent account is, is not shown"
        }
        (_, Side::Received, Party::Itself) => "from itself",
        (_, Side::Received, _) => "not from this account; perhaps from another of the same person",
        (_, Side::Sent, _) => {
            "to a recipient who is not shown to be the account's; it may be the same person's"
        }
    };
    let hidden = match payment.shows {
        Detail::Full => None,
        Detail::Amount => Some("address and memo are hidden"),
        Detail::AtLeast => Some("the exact amount, address and memo are hidden"),
        Detail::Crossing => Some("whatever else the transaction does is hidden"),
    };
    let rest = [parties].into_iter().chain(hidden).map(str::to_owned);
    joined(to.into_iter().chain(crossing).chain(rest).chain(declared(&payment.place)))
}

/// The gaps of a package.
pub fn package_gap(gap: PackageGap) -> &'static str {
    match gap {
        PackageGap::OtherPayments => "that there are no other payments",
        PackageGap::Recipients => "whose the recipient's address is: it may be the account's own",
        PackageGap::Payers => {
            "who paid what was received, where a line does not say that it came from the account itself"
        }
    }
}

/// A name in a stranger's words, in marks, so that it does not speak as a part of the sentence: with what is hidden in it made
/// visible, and white space folded.
fn named(name: &str) -> String {
    format!("{:?}", visible(name).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A time for people: `2026-12-02 00:00:00 UTC`.
pub fn time(moment: &Moment) -> String {
    second(moment.unix)
}

/// A long id, shortened to its beginning. A Louver id, which has the same beginning as all others of its pool, is
/// shortened to its kind and its end.
pub fn short(id: &str) -> String {
    if let Some((kind, _)) = id.split_once('1').filter(|(kind, _)| kind.starts_with("lvr"))
        && let Some(end) = id.len().checked_sub(10).and_then(|start| id.get(start..))
    {
        return format!("{kind}1..{end}");
    }
    match id.char_indices().nth(14) {
        Some((end, _)) => format!("{}..", &id[..end]),
        None => id.to_owned(),
    }
}

fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().collect::<Vec<_>>().join("; ")
}
