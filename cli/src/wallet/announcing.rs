//! `[announcement]`: hashes that the wallet's transparent account publishes, and those of others, with their proof.

use louver_chain::{
    Account, Action,
    announcement::{Announcement, AnnouncementKind, AnnouncementTopic, reserves_subject},
};
use louver_core::{calendar::moment, keys::AccountId};
use pollster::block_on;

use super::{
    Place, bytes32,
    secret::{Passphrase, Secrets},
    sending::{Waiting, unsent},
    session::Session,
    transparent::{Submitted, with_fee},
};
use crate::{
    exit::Failure,
    json::{
        transaction::OperationKind,
        wallet::{Announced, Announcements},
    },
    output::{Output, Table, progress::Line},
    prompt,
};

/// The most announcements that are fetched and shown.
const MOST: u64 = 4096;

/// Publishes a hash in the name of the transparent account, so that a second, other one would be noticed
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An announcement cannot be taken back, and everybody sees it. It is of the kind reserves, the root of what \
somebody owes, or log-head, the head of a committee member's log.

Examples:
  louver wallet announce reserves HASH --asset LVR --snapshot 3 --wallet alice.wallet
  louver wallet announce log-head HASH --subject HASH --wallet alice.wallet"
)]
pub(super) struct Announce {
    #[command(flatten)]
    about: About,
    /// The hash, as 64 hexadecimal digits
    #[arg(value_name = "HASH")]
    hash: String,
    /// Announces without asking
    #[arg(long, short = 'y')]
    yes: bool,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    waiting: Waiting,
}

/// Lists what a transparent account announced, as the chain proves it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The chain shows how many announcements an account made of a kind about a subject. So one that is alone \
is shown to be alone.

Examples:
  louver wallet announcements reserves --asset LVR --snapshot 3 --wallet alice.wallet
  louver wallet announcements reserves --by lvrt1... --account-id lvraid1... --asset 0 --snapshot 3
  louver wallet announcements log-head --by lvrt1... --subject HASH --json"
)]
pub(super) struct AnnouncementsCommand {
    #[command(flatten)]
    about: About,
    /// The transparent account that announced (lvrt1...); by default the wallet's own
    #[arg(long, value_name = "ACCOUNT")]
    by: Option<String>,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// The kind and the subject of announcements
#[derive(Debug, clap::Args)]
struct About {
    /// The kind: reserves or log-head
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: AnnouncementKind,
    /// The subject, as 64 hexadecimal digits: of a log-head, the key of the member who keeps the log
    #[arg(long, value_name = "HEX", conflicts_with_all = ["account_id", "asset", "snapshot"])]
    subject: Option<String>,
    /// The account of the pool that the reserves are of (lvraid1...); by default the wallet's own
    #[arg(long, value_name = "ACCOUNT_ID", requires = "asset")]
    account_id: Option<String>,
    /// The asset that is owed
    #[arg(long, value_name = "ASSET", requires = "snapshot")]
    asset: Option<String>,
    /// The index of the snapshot that the reserves are of
    #[arg(long, value_name = "NUMBER", requires = "asset")]
    snapshot: Option<u32>,
}

fn kind(text: &str) -> Result<AnnouncementKind, String> {
    AnnouncementKind::from_word(text).ok_or_else(|| "it is reserves or log-head".to_owned())
}

impl About {
    /// The subject, and its words for people.
    fn subject(&self, session: &mut Session, place: &Place) -> Result<([u8; 32], String), Failure> {
        match (&self.subject, self.kind, &self.asset, self.snapshot) {
            (Some(subject), ..) => Ok((bytes32("subject", subject)?, format!("about {subject}"))),
            (None, AnnouncementKind::Reserves, Some(asset), Some(snapshot)) => {
                let asset = session.learn(asset)?.find(asset)?.id();
                let aid = match &self.account_id {
                    Some(text) => text.parse::<AccountId>().map_err(|error| {
                        Failure::input(format!("{text} is not the id of an account (lvraid1...): {error}"))
                    })?,
                    None => own_id(session, place)?,
                };
                let about = format!(
                    "about the reserves of {aid} in {} at snapshot {snapshot}",
                    session.assets.name(asset)
                );
                Ok((reserves_subject(&aid.to_scalar().to_bytes(), asset, snapshot), about))
            }
            (None, AnnouncementKind::Reserves, ..) => Err(Failure::usage(
                "say what the reserves are of: --asset and --snapshot, and --account-id for another account; or --subject",
            )),
            (None, AnnouncementKind::LogHead, ..) => {
                Err(Failure::usage("say whose log it is: --subject, the key of the member who keeps it"))
            }
        }
    }
}

fn own_id(session: &Session, place: &Place) -> Result<AccountId, Failure> {
    let wallet = session.wallet();
    Ok(wallet.account_id(wallet.account(place.account())?))
}

impl Announce {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let hash = bytes32("hash", &self.hash)?;
        let mut session = place.open_synced(output).map_err(unsent)?;
        let (subject, about) = self.about.subject(&mut session, place)?;
        let kind = self.about.kind;
        let key = Secrets::new(&self.passphrase).transparent(&session.wallet(), place.account())?;
        let account = Account::of(key.signing_key());
        let topic = AnnouncementTopic { kind, announcer: account, subject };
        let before = block_on(session.client.connection().announcements(&topic, 0))?.announced.count;
        let action = Action::Announce { kind, subject, hash };
        let fee = with_fee(session.client.fee_of(account, action.clone())?);
        output.note(format!("announces the {} {} {about}, as {account}{fee}", kind.name(), self.hash));
        if before > 0 {
            output.note(format!(
                "this account announced {before} of this kind about this before: readers see that there are several, and may \
                 take it for a contradiction"
            ));
        }
        let hint = "Add --yes to announce without being asked";
        prompt::agreed(self.yes, "Publish this, for good?", "nothing was announced", hint)?;
        let signed = session.client.sign_operation(key.signing_key(), action)?;
        let submitted = Submitted {
            id: signed.id.clone(),
            signed: Some(signed),
            kind: OperationKind::Announcement,
            account,
            amount: None,
            told: format!("announced the {} {}", kind.name(), self.hash),
        };
        drop(session);
        submitted.wait(self.waiting, place, output)
    }
}

impl AnnouncementsCommand {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut session = place.open()?;
        session.sync(Line::watch(output, "reading blocks"))?;
        let (subject, about) = self.about.subject(&mut session, place)?;
        let announcer = match &self.by {
            Some(account) => Account::from_typed(account).map_err(Failure::input)?,
            None => {
                let secrets = Secrets::new(&self.passphrase);
                Account::from(secrets.transparent(&session.wallet(), place.account())?.account())
            }
        };
        let kind = self.about.kind;
        let topic = AnnouncementTopic { kind, announcer, subject };
        let connection = session.client.connection();
        let found = block_on(connection.announcements(&topic, MOST))?;
        let head = connection.ground().head;
        let entry = |found: &Announcement| Announced { height: found.height, hash: hex::encode(found.hash) };
        let told = Announcements {
            account: announcer.to_string(),
            kind: kind.word().to_owned(),
            subject: hex::encode(subject),
            count: found.announced.count,
            chained: hex::encode(found.announced.head),
            announcements: found.all.as_ref().map(|all| all.iter().map(entry).collect()),
            head,
        };
        output.result(&told, || {
            let mut lines = vec![format!(
                "{announcer} announced {} {about}, by block {} of {}",
                counted(told.count, kind),
                told.head.height,
                moment(told.head.time.unix)
            )];
            match &told.announcements {
                Some(all) if !all.is_empty() => {
                    let mut table = Table::new(["block", "hash"]).right(0);
                    for announced in all {
                        table.row([announced.height.to_string(), announced.hash.clone()]);
                    }
                    lines.push(table.render(output.results()));
                }
                Some(_) => {}
                None => lines.push(format!(
                    "more than {MOST} are not listed: {} is the head of their chain",
                    told.chained
                )),
            }
            lines.join("\n")
        });
        Ok(())
    }
}

fn counted(count: u64, kind: AnnouncementKind) -> String {
    match (count, kind) {
        (0, _) => "nothing of this kind".to_owned(),
        (1, kind) => format!("1 {}, and no other,", kind.name()),
        (count, AnnouncementKind::LogHead) => format!("{count} heads of a log"),
        (count, AnnouncementKind::Reserves) => format!("{count} roots of reserves"),
    }
}
