//! Disclosures to others: grants and packages.

use std::path::PathBuf;

use louver_client::package::choose;
use louver_core::{text::visible, transaction::TxId};
use louver_viewkeys::{
    grant::GrantRequest,
    package::{MakeError, PackageRequest, Show},
    period::Period,
    scope::{Directions, Scope},
    signed::{ReaderId, Terms},
};

use super::{
    Place,
    secret::{Passphrase, Secrets},
};
use crate::{
    audit::offline,
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

A transaction belongs to the month that it declares. Blocks of a month's first days may still hold transactions of the \
month before: to show every block of a period, grant the month before as well."
)]
pub(super) struct Grant {
    /// The reader's name: the grant says that it is for him
    #[arg(long, value_name = "NAME")]
    to: String,
    /// The reader's age key (age1...): nobody else can open the grant
    #[arg(long, value_name = "RECIPIENT")]
    recipient: String,
    #[command(flatten)]
    period: PeriodArguments,
    /// The directions to show
    #[arg(long, value_name = "DIRECTIONS", default_value = "all")]
    show: String,
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
  louver wallet disclose TXID --to Smith --recipient age1... --out sealed.disclosure")]
pub(super) struct Disclose {
    /// The transaction's id, as `wallet history --json` shows it
    txid: String,
    /// The index of one of its outputs; by default all payments that the account can open
    #[arg(long)]
    output: Option<u8>,
    /// Opens the asset and the amount, but not the recipient or the memo
    #[arg(long)]
    amount_only: bool,
    /// The reader's name
    #[arg(long, value_name = "NAME")]
    to: String,
    /// The reader's age key (age1...), so that nobody else can open the package [default: it is open]
    #[arg(long, value_name = "RECIPIENT")]
    recipient: Option<String>,
    /// The reader's challenge: 64 hexadecimal digits
    #[arg(long, value_name = "HEX", default_value_t = "00".repeat(32))]
    nonce: String,
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

impl Grant {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open()?;
        let (genesis, wallet) = (session.client.genesis(), session.wallet());
        let schedule = genesis.terms().schedule;
        let epochs = Period::from(self.period).epochs(&schedule, wallet.time()?).map_err(Failure::usage)?;
        let scope = Scope::new(Directions::parse(&self.show).map_err(Failure::input)?, epochs)
            .map_err(Failure::input)?;
        let now = clock::now();
        let terms = Terms {
            genesis: genesis.hash(),
            pool: genesis.terms().pool,
            reader: ReaderId { name: self.to, recipient: Some(self.recipient) },
            nonce: [0; 32],
            purpose: self.purpose,
            issued: now,
            expires: now + u64::from(self.days) * 86_400,
        };
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
        if schedule.is_endless() {
            output.note("this chain does not cut time into months: the grant covers all time");
        }
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
        let txid = TxId(bytes32("transaction's id", &self.txid)?);
        let show = if self.amount_only { Show::Amount } else { Show::Full };
        let (genesis, wallet) = (session.client.genesis(), session.wallet());
        let chosen = choose(&wallet, place.account(), txid, self.output, show)?;
        let payments = chosen.len();
        let now = clock::now();
        let terms = Terms {
            genesis: genesis.hash(),
            pool: genesis.terms().pool,
            reader: ReaderId { name: self.to, recipient: self.recipient },
            nonce: bytes32("nonce", &self.nonce)?,
            purpose: self.purpose,
            issued: now,
            expires: now + u64::from(self.days) * 86_400,
        };
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
