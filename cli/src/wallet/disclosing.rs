//! Disclosures to others: grants and packages.

use std::path::PathBuf;

use louver_client::package::choose;
use louver_core::{text::visible, transaction::TxId};
use louver_viewkeys::{
    challenge::Demand,
    grant::GrantRequest,
    package::{MakeError, PackageRequest, Show},
    period::{FarReach, Period},
    report::words,
    scope::{Directions, Scope},
    signed::{Asked, ReaderId, Terms},
};
use pollster::block_on;

use super::{
    Place, Session,
    secret::{Passphrase, Secrets},
};
use crate::{
    audit::{asking, offline},
    clock,
    exit::Failure,
    file,
    json::{
        audit::{Disclosed, Granted},
        quantity::Moment,
    },
    keys,
    output::Output,
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

/// Shows one payment, deposit or withdrawal to somebody, with a proof that the account made or received it
#[derive(Debug, clap::Args)]
#[command(after_help = "Beside the package, a proof is written with which it can be checked without a node.

Example:
  louver wallet disclose TXID --to \"The landlord's bank\" --out rent.disclosure
  louver wallet disclose TXID --to Smith --recipient age1... --out sealed.disclosure
  louver wallet disclose TXID --request pay.request --yes --out pay.disclosure")]
pub(super) struct Disclose {
    /// The transactions' ids, as `wallet history --json` shows them
    #[arg(required = true)]
    txid: Vec<String>,
    /// The index of one of a transaction's outputs; by default all payments that the account can open
    #[arg(long)]
    output: Option<u8>,
    /// Opens the asset and the amount, but not the recipient or the memo
    #[arg(long)]
    amount_only: bool,
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
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
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
}

impl Answer {
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
        let (genesis, wallet) = (session.client.genesis(), session.wallet());
        let schedule = genesis.terms().schedule;
        let yes = self.answer.yes;
        let terms = self.answer.terms(&session, None, self.purpose, self.days, output)?;
        let asked = match &terms.asked {
            Asked::Challenge(challenge) => match challenge.demand() {
                Demand::Grant { directions, epochs } => Some((*directions, *epochs)),
                Demand::Payments { .. } => {
                    return Err(Failure::input(
                        "payments are asked for: `louver wallet disclose` shows them",
                    ));
                }
                _ => {
                    return Err(Failure::input("a statement is asked for: `louver wallet prove` makes it"));
                }
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
        let key = Secrets::new(&self.passphrase).spending(&wallet)?.authorizing_key(account)?;
        let prover = keys::disclosures(&keys::of(&session.client)?, &session.client, output)?;
        let grant = request
            .issue(account.full_viewing_key(), &key, &prover, &mut rand::rng())
            .map_err(Failure::input)?;
        file::write_new(&self.out, &grant.to_file().map_err(Failure::input)?, file::Readers::Owner)?;
        let ReaderId { name, recipient } = grant.reader().clone();
        let written = Granted {
            file: self.out.display().to_string(),
            account_id: wallet.account_id(account).to_string(),
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

/// 32 bytes in hexadecimal.
pub(crate) fn bytes32(what: &str, text: &str) -> Result<[u8; 32], Failure> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| Failure::input(format!("the {what} is 64 hexadecimal digits")))?;
    Ok(bytes)
}

impl Disclose {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open_synced(output)?;
        if self.output.is_some() && self.txid.len() > 1 {
            return Err(Failure::usage("--output is about one transaction: name one"));
        }
        let show = if self.amount_only { Show::Amount } else { Show::Full };
        let wallet = session.wallet();
        let mut chosen = Vec::new();
        for txid in &self.txid {
            let txid = TxId(bytes32("transaction's id", txid)?);
            chosen.extend(choose(&wallet, place.account(), txid, self.output, show)?);
        }
        let payments = chosen.len();
        let nonce = self.nonce.as_deref().map(|nonce| bytes32("nonce", nonce)).transpose()?;
        let terms = self.answer.terms(&session, nonce, self.purpose, self.days, output)?;
        let request = PackageRequest { terms, chosen };
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
        file::write_new(&self.out, &package.to_file().map_err(Failure::input)?, file::Readers::Owner)?;
        let beside = offline::beside(&self.out);
        let proof = match offline::write(&session.client, &package, &beside) {
            Ok(proof) => proof,
            Err(failure) => {
                output.note(format!(
                    "the package is complete, but not its proof for readers without a node: {}. `louver audit prove` makes it",
                    failure.message
                ));
                None
            }
        };
        let written = Disclosed {
            file: self.out.display().to_string(),
            payments: payments as u64,
            auditor: package.reader().name.clone(),
            recipient: package.reader().recipient.clone(),
            expires: Moment::new(package.expires()),
            proof,
        };
        output.result(&written, || {
            let noun = if payments == 1 { "payment" } else { "payments" };
            let to = visible(&written.auditor);
            let opens = format!("{} opens {payments} {noun} to {to}", self.out.display());
            match &written.proof {
                Some(proof) => format!("{opens}. With {} it is checked without a node", proof.file),
                None => opens,
            }
        });
        Ok(())
    }
}
