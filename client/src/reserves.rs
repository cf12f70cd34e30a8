//! `[reserves-published]`: roots of what somebody owes, held against what was published on the ledger.

use louver_chain::{
    Account,
    announcement::{AnnouncementKind, AnnouncementTopic, reserves_subject},
};
use louver_viewkeys::reserves::{Publication, Subject};

use crate::{connection::Connection, error::ClientError};

/// The topic under which the roots about a subject are published by an account.
pub fn topic(subject: &Subject, announcer: Account) -> AnnouncementTopic {
    let aid = subject.account.to_scalar().to_bytes();
    let subject = reserves_subject(&aid, subject.asset, subject.snapshot);
    AnnouncementTopic { kind: AnnouncementKind::Reserves, announcer, subject }
}

/// The publication of a root, and its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Whether this root, and no other, was published.
    pub publication: Publication,
    /// The height of the block that the only root about the subject stands in; `None` if there are none or several.
    pub height: Option<u32>,
}

impl Connection {
    /// Whether a transparent account published a root, and no other about its subject, under the newest head. That the account is
    /// the debtor's own is for the reader to know.
    ///
    /// # Errors
    /// Those of [`Connection::announcements`].
    pub async fn published(
        &self,
        subject: &Subject,
        root: &[u8; 32],
        announcer: Account,
    ) -> Result<Published, ClientError> {
        let found = self.announcements(&topic(subject, announcer), 1).await?;
        let first = found.all.as_ref().and_then(|all| all.first());
        let publication = Publication::of(root, found.announced.count, first.map(|first| &first.hash));
        Ok(Published { publication, height: first.map(|first| first.height) })
    }

    /// How many roots about a subject a transparent account published, under the newest head.
    ///
    /// # Errors
    /// Those of [`Connection::announcements`].
    pub async fn roots_published(&self, subject: &Subject, announcer: Account) -> Result<u64, ClientError> {
        Ok(self.announcements(&topic(subject, announcer), 1).await?.announced.count)
    }
}
