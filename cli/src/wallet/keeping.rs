//! Making wallets, from nothing or from a recovery phrase.

use std::path::PathBuf;

use louver_wallet::phrase::RecoveryPhrase;
use serde_json::json;

use super::{
    Place,
    secret::Passphrase,
    session::{FIRST, Session},
};
use crate::{
    exit::Failure,
    file,
    output::{Output, Style},
    prover::Line,
};

/// Makes a new wallet and shows its recovery phrase, once
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver wallet create --wallet alice.wallet --no-passphrase
  louver wallet create --wallet alice.wallet --passphrase-file passphrase.txt")]
pub(super) struct Create {
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Makes a wallet again from its recovery phrase
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver wallet restore --wallet alice.wallet --no-passphrase --phrase-file phrase.txt
  louver wallet restore --wallet alice.wallet --passphrase-file p.txt --phrase-file - --birthday 120000")]
pub(super) struct Restore {
    #[command(flatten)]
    passphrase: Passphrase,
    /// A file with the words of the phrase, `-` for standard input
    #[arg(long, value_name = "FILE")]
    phrase_file: PathBuf,
    /// A block before which the wallet received nothing
    #[arg(long, value_name = "HEIGHT", default_value_t = 0)]
    birthday: u32,
}

impl Create {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let client = place.client()?;
        let protection = self.passphrase.protection()?;
        let birthday = client.status()?.height;
        let phrase = RecoveryPhrase::generate(&mut rand::rng());
        let words = phrase.words()?;
        absent(place)?;
        let session = Session::create(client, &place.wallet, &phrase, &protection, birthday)?;
        let id = session.wallet.account(FIRST)?.full_viewing_key().account_id().to_string();
        let made = json!({
            "wallet": place.wallet.display().to_string(),
            "account_id": id,
            "birthday": birthday,
            "phrase": words.as_str(),
        });
        output.result(&made, || {
            format!(
                "{} {}\n\n  {}\n\nWrite these words down: they are the funds, and are not shown again.\nThe wallet's birthday is block {birthday}.",
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
        let phrase = RecoveryPhrase::parse(&file::read_text(&self.phrase_file)?)?;
        absent(place)?;
        let protection = self.passphrase.protection()?;
        let mut session = Session::create(client, &place.wallet, &phrase, &protection, self.birthday)?;
        let synced = session.sync(&mut Line::new(output, "reading blocks"))?;
        let made = json!({
            "wallet": place.wallet.display().to_string(),
            "height": synced.height,
            "received": synced.received,
        });
        output.result(&made, || {
            format!(
                "restored {}: {} notes found up to block {}",
                place.wallet.display(),
                synced.received,
                synced.height
            )
        });
        Ok(())
    }
}

fn absent(place: &Place) -> Result<(), Failure> {
    match place.wallet.exists() {
        true => Err(Failure::storage(format!("{} is there already", place.wallet.display()))),
        false => Ok(()),
    }
}
