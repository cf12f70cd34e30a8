//! Making wallets, new or from a recovery phrase, and reading the chain again.

use std::path::PathBuf;

use louver_core::store::StoreError;
use louver_wallet::{
    follow::FollowSummary,
    phrase::RecoveryPhrase,
    store::SqliteStore,
    wallet::{OpenError, Wallet},
};

use super::{
    Place,
    secret::Passphrase,
    session::{FIRST, Session, no_wallet},
};
use crate::{
    clock,
    exit::Failure,
    file,
    inspect::seeming,
    json::wallet::{self, Protection},
    output::{Output, Style, progress::Line},
    prompt,
    trust::introduce,
};

/// Makes a new wallet and shows its recovery phrase
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without --passphrase-file or --no-passphrase it asks for a passphrase, which seals the wallet's file.

Examples:
  louver wallet create --wallet alice.wallet
  louver wallet create --wallet alice.wallet --passphrase-file passphrase.txt"
)]
pub(super) struct Create {
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Restores a wallet from its recovery phrase
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without --phrase-file it asks for the words. Reading the chain from the start finds everything, and \
takes longest. --date and --birthday save time: what was received before is not found.

Examples:
  louver wallet restore --wallet alice.wallet --phrase-file phrase.txt
  louver wallet restore --wallet alice.wallet --phrase-file phrase.txt --date 2026-11-01
  louver wallet restore --wallet alice.wallet --no-passphrase --phrase-file - --birthday 0"
)]
pub(super) struct Restore {
    #[command(flatten)]
    passphrase: Passphrase,
    /// A file with the words of the phrase, `-` for standard input. Without it, they are asked for on the terminal
    #[arg(long, value_name = "FILE")]
    phrase_file: Option<PathBuf>,
    #[command(flatten)]
    since: Since,
}

/// Reads the chain again, from the wallet's birthday or from earlier, and finds missed payments
#[derive(Debug, clap::Args)]
#[command(after_help = "Accounts and the wallet's own transactions stay.

Examples:
  louver wallet rescan
  louver wallet rescan --birthday 0
  louver wallet rescan --from 2026-11-01")]
pub(super) struct Rescan {
    /// Reads the blocks after this one; it must be the wallet's birthday or earlier
    #[arg(long, value_name = "HEIGHT", conflicts_with = "from")]
    birthday: Option<u32>,
    /// Reads the blocks since this date
    #[arg(long, value_name = "DATE", value_parser = clock::parse)]
    from: Option<u64>,
}

/// Where to begin to read
#[derive(Debug, clap::Args)]
struct Since {
    /// The block after which the wallet begins to read: it received nothing up to and including this block
    #[arg(long, value_name = "HEIGHT", conflicts_with = "date")]
    birthday: Option<u32>,
    /// A date before which the wallet received nothing, as in 2026-11-01
    #[arg(long, value_name = "DATE", value_parser = clock::parse)]
    date: Option<u64>,
}

impl Create {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let client = place.client()?;
        file_is_ours(place)?;
        let protection = self.passphrase.for_new()?;
        let phrase = RecoveryPhrase::generate(&mut rand::rng());
        let words = phrase.words()?;
        let session = Session::create(client, &place.wallet, &phrase, &protection, None)?;
        introduce(&session.client, output);
        let wallet = session.wallet();
        let birthday = wallet.birthday()?;
        let made = wallet::Created {
            wallet: place.wallet.display().to_string(),
            chain: session.client.connection().ground(),
            account_id: account_id(&wallet)?,
            birthday,
            protection: kept(&wallet)?,
            phrase: words.as_str().to_owned(),
        };
        output.result(&made, || {
            format!(
                "{} {}\n\n  {}\n\nWrite these words down, on paper: whoever has them has the money, and without them it is \
                 lost with this file.\n`louver wallet phrase` shows them again. The wallet's birthday is block {birthday}.",
                output.paint(Style::Good, "made"),
                place.wallet.display(),
                words.as_str()
            )
        });
        Ok(())
    }
}

impl Restore {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let client = place.client()?;
        let words = match &self.phrase_file {
            Some(path) => file::read_text(path)?,
            None if prompt::can_ask() => prompt::passphrase("The 24 words of the recovery phrase")?,
            None => {
                return Err(Failure::usage(
                    "write --phrase-file FILE, or run this on a terminal, which asks for the words",
                ));
            }
        };
        let phrase = RecoveryPhrase::parse(&words).map_err(|error| match &self.phrase_file {
            Some(path) if seeming::seems(words.as_bytes()).is_some() => {
                seeming::not_one(path, words.as_bytes(), seeming::PHRASE, error)
            }
            _ => Failure::from(error),
        })?;
        file_is_ours(place)?;
        let birthday = match (self.since.birthday, self.since.date) {
            (Some(height), _) => height,
            (None, Some(date)) => client.height_since(date)?,
            (None, None) => 0,
        };
        let protection = self.passphrase.for_new()?;
        let mut session = Session::create(client, &place.wallet, &phrase, &protection, Some(birthday))?;
        introduce(&session.client, output);
        let synced = session.sync(Line::watch(output, "reading blocks"))?;
        warn_of_memos(synced, output);
        let wallet = session.wallet();
        let made = wallet::Restored {
            wallet: place.wallet.display().to_string(),
            chain: session.client.connection().ground(),
            account_id: account_id(&wallet)?,
            birthday,
            protection: kept(&wallet)?,
            height: synced.height,
            received: synced.received.into(),
        };
        output.result(&made, || {
            format!(
                "restored {}: {} notes found in blocks {} to {}",
                place.wallet.display(),
                synced.received,
                birthday.saturating_add(1).min(synced.height),
                synced.height
            )
        });
        Ok(())
    }
}

impl Rescan {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open()?;
        let birthday = match (self.birthday, self.from) {
            (Some(height), _) => Some(height),
            (None, Some(date)) => Some(session.client.height_since(date)?.min(session.wallet().birthday()?)),
            (None, None) => None,
        };
        let read = session.rescan(birthday, output)?;
        warn_of_memos(read, output);
        output.result(&synced(read, &session), || words(read));
        Ok(())
    }
}

/// The result of following the chain, for programs.
pub(super) fn synced(read: FollowSummary, session: &Session) -> wallet::Synced {
    wallet::Synced {
        height: read.height,
        blocks: read.blocks.into(),
        received: read.received.into(),
        spent: read.spent.into(),
        incomplete: read.incomplete.into(),
        paused: session.paused(),
    }
}

/// Says that memos are not at hand, where the node keeps their blocks no longer.
pub(super) fn warn_of_memos(read: FollowSummary, output: Output) {
    if read.incomplete != 0 {
        output.note(format!(
            "the memos of {} transactions, and what they paid, are not at hand: this node does not keep whole blocks that old. \
             The money is counted. A node that keeps all blocks shows the rest: name one with --node, once",
            read.incomplete
        ));
    }
}

/// The same for people.
pub(super) fn words(read: FollowSummary) -> String {
    format!(
        "at block {}: {} blocks read, {} notes received, {} spent",
        read.height, read.blocks, read.received, read.spent
    )
}

fn account_id(wallet: &Wallet) -> Result<String, Failure> {
    Ok(wallet.account_id(wallet.account(FIRST)?).to_string())
}

/// The protection of a wallet's recovery phrase.
pub(super) fn kept(wallet: &Wallet) -> Result<Protection, Failure> {
    Ok(match wallet.is_sealed()? {
        Some(true) => Protection::Passphrase,
        Some(false) => Protection::None,
        None => Protection::ViewOnly,
    })
}

/// Refuses the path of an existing wallet, or of anything else, before any question is asked. A file left behind by a
/// command that was stopped early is taken over.
fn file_is_ours(place: &Place) -> Result<(), Failure> {
    if !place.wallet.exists() {
        return Ok(());
    }
    let store = SqliteStore::open(&place.wallet);
    let store = store.map_err(|error| match error {
        StoreError::Foreign => no_wallet(&place.wallet),
        error => Failure::storage(format!("{}: {error}", place.wallet.display())),
    })?;
    match Wallet::open(store) {
        Err(OpenError::Absent) => Ok(()),
        _ => Err(Failure::storage(format!(
            "there is a wallet at {} already, which is left as it is: choose another file with --wallet",
            place.wallet.display()
        ))),
    }
}
