//! Disclosures to others: grants and packages.

use std::path::PathBuf;

use louver_client::{
    package::choose,
    register::Owner,
    selection::{Preview, Selection, preview},
};
use louver_core::{
    address::Address,
    asset::{AssetId, KnownAssets},
    calendar::moment,
    text::visible,
    transaction::TxId,
    value::Value,
};
use louver_viewkeys::{
    challenge::Demand,
    grant::GrantRequest,
    package::{Chosen, Detail, MakeError, PackageRequest, Show},
    period::{FarReach, Period},
    report::words::{self, short},
    scope::{Directions, Scope},
    signed::{Asked, ReaderId, Terms},
};
use louver_wallet::history::EntryKind;
use pollster::block_on;

use super::{
    Place, Session,
    contacts::Book,
    disclosures::{self, hand_over},
    secret::{Passphrase, Secrets},
};
use crate::{
    audit::{
        asking,
        offline::{self, Proven},
    },
    clock,
    exit::Failure,
    file,
    json::{
        audit::{Disclosed, DisclosurePreview, Granted, PreviewedPayment},
        quantity::{Amount, Moment, Written},
        transaction::Direction,
    },
    keys,
    output::{Output, Table},
    period::PeriodArguments,
    prompt,
};

/// Lets somebody see what the account did in a period, and nothing beyond
#[derive(Debug, clap::Args)]
#[command(
    after_help = "What may be shown: incoming, change, outgoing, spends, detection, or all of it. Nobody can take back what \
was seen.

Examples:
  louver wallet grant --to Smith --recipient age1... --year 2026 --out alice.grant
  louver wallet grant --to Smith --recipient age1... --month 2026-11 --show incoming --out m.grant
  louver wallet grant --to Smith --recipient age1... --from 2026-11-03 --out winter.grant
  louver wallet grant --request ask.request --yes --out answer.grant

A transaction belongs to the month that it declares. Blocks of a month's first days may still hold transactions of the \
month before: to show every block of a period, grant the month before as well."
)]
pub(super) struct Grant {
    #[command(flatten)]
    answer: Answer,
    #[command(flatten)]
    period: PeriodArguments,
    /// The directions to show [default: all, or what is asked for]
    #[arg(long, value_name = "DIRECTIONS")]
    show: Option<String>,
    /// The purpose of the grant
    #[arg(long, default_value = "")]
    purpose: String,
    /// For how many days it may be presented. Nobody can take back what was seen by then
    #[arg(long, value_name = "DAYS", default_value_t = 365)]
    days: u32,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Shows payments, deposits and withdrawals to somebody, with proofs that the account made or received them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Name transactions, or choose payments by what they are. What the reader will see is shown first; \
--dry-run makes nothing. Beside the package, a proof is written with which it can be checked without a node.

Examples:
  louver wallet disclose --direction sent --asset LVR --to Smith --dry-run
  louver wallet disclose --with @bob --to Smith --yes --out bob.disclosure
  louver wallet disclose --over \"5 LVR\" --show-at-least \"5 LVR\" --to Smith --yes --out five
  louver wallet disclose TXID --to \"The landlord's bank\" --out rent.disclosure
  louver wallet disclose TXID --to Smith --recipient age1... --out sealed.disclosure
  louver wallet disclose TXID --request pay.request --yes --out pay.disclosure"
)]
pub(super) struct Disclose {
    /// The transactions' ids, as `wallet history --json` shows them
    txid: Vec<String>,
    #[command(flatten)]
    chosen: Choice,
    /// The index of one of a transaction's outputs; by default all payments that the account can open
    #[arg(long)]
    output: Option<u8>,
    /// Opens the asset and the amount, but not the recipient or the memo
    #[arg(long)]
    amount_only: bool,
    /// Opens the asset, and that each payment has at least this much; no exact amount, no recipient and no memo
    #[arg(long, value_name = "AMOUNT", conflicts_with = "amount_only")]
    show_at_least: Option<String>,
    /// Shows what the reader would see, and makes nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    answer: Answer,
    /// A number that the reader gave you in place of a request: 64 hexadecimal digits
    #[arg(long, value_name = "HEX", conflicts_with = "request")]
    nonce: Option<String>,
    /// The purpose of the disclosure
    #[arg(long, default_value = "")]
    purpose: String,
    /// For how many days it may be presented
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    days: u32,
    /// The file to write
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Payments by what they are, in place of their transactions' ids
#[derive(Debug, clap::Args)]
struct Choice {
    #[command(flatten)]
    period: PeriodArguments,
    /// Only this asset
    #[arg(long, value_name = "ASSET")]
    asset: Option<String>,
    /// Only this direction; to_self, shielded and withdrawn are there too
    #[arg(long)]
    direction: Option<Direction>,
    /// Only payments to this address or contact; of receipts, those at this address of your own. May be given several times
    #[arg(long = "with", value_name = "ADDRESS")]
    with: Vec<String>,
    /// Only amounts of at least this
    #[arg(long, value_name = "AMOUNT")]
    over: Option<String>,
    /// Only amounts of at most this
    #[arg(long, value_name = "AMOUNT")]
    under: Option<String>,
}

impl Choice {
    fn is_silent(&self) -> bool {
        Period::from(self.period.clone()) == Period::default()
            && self.asset.is_none()
            && self.direction.is_none()
            && self.with.is_empty()
            && self.over.is_none()
            && self.under.is_none()
    }

    /// The selection; `None` if nothing is said.
    fn selection(&self, session: &mut Session, place: &Place) -> Result<Option<Selection>, Failure> {
        if self.is_silent() {
            return Ok(None);
        }
        let period = Period::from(self.period.clone());
        let mut selection = Selection::default();
        if period != Period::default() {
            let now = session.wallet().time()?;
            let (since, until) = period.span(now).map_err(Failure::usage)?;
            (selection.filter.since, selection.filter.until) = (Some(since), Some(until));
        }
        if let Some(name) = &self.asset {
            selection.filter.asset = Some(session.learn(name)?.find(name)?.id());
        }
        for (bound, place) in [(&self.over, &mut selection.at_least), (&self.under, &mut selection.at_most)] {
            if let Some(text) = bound {
                let (asset, value) = amount(session, text)?;
                if *selection.filter.asset.get_or_insert(asset) != asset {
                    return Err(Failure::usage("the amounts and --asset name different assets: name one"));
                }
                *place = Some(value);
            }
        }
        selection.filter.kind = match self.direction {
            // A joining of notes shows no payment.
            None => None,
            Some(Direction::Received) => Some(EntryKind::Received),
            Some(Direction::Sent) => Some(EntryKind::Paid),
            Some(Direction::ToSelf) => Some(EntryKind::ToSelf),
            Some(Direction::Shielded) => Some(EntryKind::Deposited),
            Some(Direction::Withdrawn) => Some(EntryKind::Withdrawn),
        };
        for with in &self.with {
            selection.addresses.push(match with.strip_prefix('@') {
                // An address that has expired was paid all the same.
                Some(name) => Book::of(place)?.known_address(name)?,
                None => Address::from_typed(with)?,
            });
        }
        Ok(Some(selection))
    }
}

/// An amount as it is typed, with its asset.
fn amount(session: &mut Session, text: &str) -> Result<(AssetId, Value), Failure> {
    Ok(session.learn(text)?.parse_amount(text)?)
}

/// The reader
#[derive(Debug, clap::Args)]
pub(super) struct Answer {
    /// The reader's name
    #[arg(long, value_name = "NAME", required_unless_present = "request")]
    to: Option<String>,
    /// The reader's age key (age1...), so that nobody else can open the file
    #[arg(long, value_name = "RECIPIENT")]
    recipient: Option<String>,
    /// The reader's request, in place of his name and his key: it says what he asks for
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "recipient"])]
    request: Option<PathBuf>,
    /// Shows what is asked for, and grants far into the future, without asking
    #[arg(long, short = 'y')]
    yes: bool,
    /// Your own words for it in the register, which the reader does not see
    #[arg(long, value_name = "TEXT", default_value = "", value_parser = disclosures::label)]
    pub(super) label: String,
}

impl Answer {
    /// The owner's side of it, for the register.
    pub(super) fn owner(&self, place: &Place) -> Owner {
        Owner { account: place.account(), label: self.label.clone() }
    }

    /// The terms; after what is asked for was shown, if there is a request, and agreed to.
    pub(super) fn terms(
        self,
        session: &Session,
        nonce: Option<[u8; 32]>,
        purpose: String,
        days: u32,
        output: Output,
    ) -> Result<Terms, Failure> {
        let genesis = session.client.genesis();
        let issued = clock::now();
        let expires = issued + u64::from(days) * 86_400;
        let Some(request) = self.request else {
            return Ok(Terms {
                genesis: genesis.hash(),
                pool: genesis.terms().pool,
                reader: ReaderId { name: self.to.unwrap_or_default(), recipient: self.recipient },
                asked: nonce.map_or(Asked::Nothing, Asked::Nonce),
                purpose,
                issued,
                expires,
            });
        };
        let challenge = asking::read(&request, genesis)?;
        block_on(session.client.connection().learn_assets(challenge.demand().asset()))?;
        let assets = session.client.connection().assets();
        for line in words::challenge(&challenge, &assets, &genesis.terms().schedule) {
            output.note(visible(&line));
        }
        let hint = "Add --yes to answer without being asked";
        prompt::agreed(self.yes, "Show what is asked for?", "Nothing was shown to anybody", hint)?;
        Ok(Terms::answering(challenge, purpose, issued, expires))
    }
}

impl Grant {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open()?;
        let (genesis, mut wallet) = (session.client.genesis(), session.wallet());
        let schedule = genesis.terms().schedule;
        let yes = self.answer.yes;
        file::is_free(&self.out)?;
        let owner = self.answer.owner(place);
        let terms = self.answer.terms(&session, None, self.purpose, self.days, output)?;
        let asked = match &terms.asked {
            Asked::Challenge(challenge) => match challenge.demand() {
                Demand::Grant { directions, epochs } => Some((*directions, *epochs)),
                other => return Err(asked_for(other)),
            },
            _ => None,
        };
        let period = Period::from(self.period);
        let epochs = match asked {
            Some((_, epochs)) if period == Period::default() => epochs,
            _ => period.epochs(&schedule, wallet.time()?).map_err(Failure::usage)?,
        };
        let directions = match (&self.show, asked) {
            (Some(show), _) => Directions::parse(show).map_err(Failure::input)?,
            (None, Some((directions, _))) => directions,
            (None, None) => Directions::ALL,
        };
        let scope = Scope::new(directions, epochs).map_err(Failure::input)?;
        if let Some(reach) = FarReach::of(&schedule, epochs, wallet.time()?) {
            output.note(reach);
            let hint = format!("{reach}. Name a shorter period, or add --yes if it is meant");
            prompt::agreed(yes, "Grant it?", "no grant was made", &hint)?;
        }
        let request = GrantRequest { terms, scope };
        let account = wallet.account(place.account())?;
        let account_id = wallet.account_id(account).to_string();
        let key = Secrets::new(&self.passphrase).spending(&wallet)?.authorizing_key(account)?;
        let prover = keys::disclosures(&keys::of(&session.client)?, &session.client, output)?;
        let grant = request
            .issue(account.full_viewing_key(), &key, &prover, &mut rand::rng())
            .map_err(Failure::input)?;
        let sealed = grant.to_file().map_err(Failure::input)?;
        hand_over(&mut wallet, &owner.granted(&grant), &self.out, &sealed)?;
        let ReaderId { name, recipient } = grant.reader().clone();
        let written = Granted {
            file: self.out.display().to_string(),
            account_id,
            auditor: name,
            recipient: recipient.unwrap_or_default(),
            expires: Moment::new(grant.expires()),
            shows: scope.directions().to_string(),
            first_epoch: epochs.first().0,
            last_epoch: epochs.last().0,
            period: schedule.name_range(epochs),
        };
        output.result(&written, || {
            format!(
                "{} shows {} of {}, to {} alone, who holds the key {}",
                self.out.display(),
                scope.directions(),
                written.period,
                visible(&written.auditor),
                written.recipient,
            )
        });
        Ok(())
    }
}

/// A request that another command answers.
pub(super) fn asked_for(demand: &Demand) -> Failure {
    Failure::input(match demand {
        Demand::Grant { .. } => "a grant is asked for: `louver wallet grant` makes it",
        Demand::Payments { .. } => "payments are asked for: `louver wallet disclose` shows them",
        Demand::Book { .. } => "a book is asked for: `louver wallet book` makes it",
        _ => "a statement is asked for: `louver wallet prove` makes it",
    })
}

/// 32 bytes in hexadecimal.
pub(crate) fn bytes32(what: &str, text: &str) -> Result<[u8; 32], Failure> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| Failure::input(format!("the {what} is 64 hexadecimal digits")))?;
    Ok(bytes)
}

impl Disclose {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        match (self.txid.is_empty(), self.chosen.is_silent()) {
            (true, true) => {
                return Err(Failure::usage(
                    "name transactions by their ids, or choose payments: --month, --asset, --direction, --with, --over, --under",
                ));
            }
            (false, false) => {
                return Err(Failure::usage(
                    "name transactions, or choose payments by what they are: not both",
                ));
            }
            _ => {}
        }
        let mut session = place.open_synced(output)?;
        if self.output.is_some() && self.txid.len() != 1 {
            return Err(Failure::usage("--output is about one transaction: name one"));
        }
        if let Some(out) = &self.out {
            file::is_free(out)?;
        }
        let show = match &self.show_at_least {
            Some(least) => {
                let (asset, least) = amount(&mut session, least)?;
                Show::AtLeast(asset, least)
            }
            None if self.amount_only => Show::Amount,
            None => Show::Full,
        };
        let selection = self.chosen.selection(&mut session, place)?;
        let chosen = self.choose(&session, place, selection.as_ref(), show)?;
        let seen = preview(&session.wallet(), place.account(), &chosen)?;
        let Some(out) = self.out.filter(|_| !self.dry_run) else {
            let told = DisclosurePreview {
                payments: seen.iter().map(|seen| previewed(seen, &session.assets)).collect(),
            };
            output.result(&told, || table(&seen, &session.assets).render(output.results()));
            return Ok(());
        };
        if selection.is_some() {
            output.note(format!(
                "the reader will see:\n{}",
                table(&seen, &session.assets).render(output.results())
            ));
            if self.answer.request.is_none() {
                let hint = "Add --yes to show it without being asked";
                prompt::agreed(self.answer.yes, "Show this?", "nothing was shown to anybody", hint)?;
            }
        }
        let owner = self.answer.owner(place);
        let payments = chosen.len();
        let nonce = self.nonce.as_deref().map(|nonce| bytes32("nonce", nonce)).transpose()?;
        let terms = self.answer.terms(&session, nonce, self.purpose, self.days, output)?;
        let request = PackageRequest { terms, chosen };
        let mut wallet = session.wallet();
        let account = wallet.account(place.account())?;
        let key = Secrets::new(&self.passphrase).spending(&wallet)?.authorizing_key(account)?;
        let prover = keys::disclosures(&keys::of(&session.client)?, &session.client, output)?;
        let package =
            request.make(account.full_viewing_key(), &key, &prover, &mut rand::rng()).map_err(|error| {
                match error {
                    MakeError::Terms(error) => Failure::input(error),
                    error => Failure::wallet("not_opened", error),
                }
            })?;
        let bytes = package.to_file().map_err(Failure::input)?;
        hand_over(&mut wallet, &owner.packed(&package), &out, &bytes)?;
        let proof = offline::hand_out(&session.client, &Proven::Package(&package), &out, output);
        let written = Disclosed {
            file: out.display().to_string(),
            payments: payments as u64,
            auditor: package.reader().name.clone(),
            recipient: package.reader().recipient.clone(),
            expires: Moment::new(package.expires()),
            proof,
        };
        output.result(&written, || {
            let noun = if payments == 1 { "payment" } else { "payments" };
            let to = visible(&written.auditor);
            let opens = format!("{} opens {payments} {noun} to {to}", out.display());
            match &written.proof {
                Some(proof) => format!("{opens}. With {} it is checked without a node", proof.file),
                None => opens,
            }
        });
        Ok(())
    }

    /// The things to show.
    fn choose(
        &self,
        session: &Session,
        place: &Place,
        selection: Option<&Selection>,
        show: Show,
    ) -> Result<Vec<Chosen>, Failure> {
        let wallet = session.wallet();
        let chosen = match selection {
            Some(selection) => selection.choose(&wallet, place.account(), show)?,
            None => {
                let mut chosen = Vec::new();
                for txid in &self.txid {
                    let txid = TxId(bytes32("transaction's id", txid)?);
                    chosen.extend(choose(&wallet, place.account(), txid, self.output, show)?);
                }
                chosen
            }
        };
        match chosen.is_empty() {
            true => Err(Failure::wallet("not_opened", MakeError::Empty)),
            false => Ok(chosen),
        }
    }
}

fn previewed(seen: &Preview, assets: &KnownAssets) -> PreviewedPayment {
    PreviewedPayment {
        direction: seen.kind.into(),
        txid: seen.txid.to_string(),
        height: seen.height,
        time: Moment::new(seen.time),
        shows: seen.detail,
        amount: Amount::new(seen.asset, seen.value, assets),
        recipient: seen.recipient.as_ref().map(ToString::to_string),
        written: seen.memo.as_ref().map(Written::new).unwrap_or_default(),
    }
}

/// The preview, for people.
fn table(seen: &[Preview], assets: &KnownAssets) -> Table {
    let mut table = Table::new(["date", "transaction", "what", "amount", "to", "memo"]).right(3);
    for seen in seen {
        let amount = assets.format_amount(seen.asset, seen.value.0);
        let (amount, hidden) = match seen.detail {
            Detail::AtLeast => (format!("at least {amount}"), "hidden"),
            Detail::Amount => (amount, "hidden"),
            Detail::Crossing => (amount, ""),
            Detail::Full => (amount, ""),
        };
        let what = match seen.kind {
            EntryKind::Received => "received",
            EntryKind::Paid => "paid",
            EntryKind::ToSelf => "paid to itself",
            EntryKind::Joined => "joined",
            EntryKind::Deposited => "shielded",
            EntryKind::Withdrawn => "withdrawn",
        };
        let recipient = seen.recipient.as_ref().map(|to| short(&to.to_string()));
        let memo =
            seen.memo.as_ref().map(|memo| visible(&words::written(&Written::new(memo)).unwrap_or_default()));
        table.row([
            moment(seen.time),
            short(&seen.txid.to_string()),
            what.to_owned(),
            amount,
            recipient.unwrap_or_else(|| hidden.to_owned()),
            memo.unwrap_or_else(|| hidden.to_owned()),
        ]);
    }
    table
}
