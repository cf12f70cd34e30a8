//! `[announcement]` The announcements of an account, under the trusted head.

use louver_chain::announcement::{Announced, Announcement, AnnouncementTopic};

use super::{Connection, requests::number};
use crate::{
    api::{path, view},
    error::ClientError,
};

/// All that an account announced of a kind about a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcements {
    /// How many there are, and the head of the chain of hashes over them.
    pub announced: Announced,
    /// Each, in their order; `None` if there are more than were asked for.
    pub all: Option<Vec<Announcement>>,
}

impl Connection {
    /// The announcements of an account of a kind about a subject, under the newest head: how many, and, if that is at most
    /// `most`, each announcement. A count of 1 shows that it announced one hash and no other.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] or [`ClientError::Unproven`] if the node's answer is not the state's; those of
    /// [`Connection::advance`].
    pub async fn announcements(
        &self,
        topic: &AnnouncementTopic,
        most: u64,
    ) -> Result<Announcements, ClientError> {
        let contradicted =
            || ClientError::contradicted(format_args!("the announcements of {}", topic.announcer));
        let (mut all, mut reached) = (Vec::new(), Announced::default());
        loop {
            let path = path::with(path::ANNOUNCEMENTS, topic.announcer);
            let (kind, subject) = (topic.kind.word(), hex::encode(topic.subject));
            let path = format!("{path}?kind={kind}&subject={subject}&from={}", reached.count);
            let (said, facts) = self.proven::<view::Announcements>(&path, "an announcement").await?;
            let announced = facts.announced(topic)?;
            let is_same = said.account == topic.announcer.to_string()
                && (said.kind.as_str(), &said.subject) == (kind, &subject)
                && number(&said.count)? == announced.count
                && said.chained == hex::encode(announced.head);
            if !is_same {
                return Err(contradicted());
            }
            if announced.count > most {
                return Ok(Announcements { announced, all: None });
            }
            let before = reached.count;
            for entry in &said.announcements {
                let mut hash = [0; 32];
                hex::decode_to_slice(&entry.hash, &mut hash).map_err(ClientError::answer)?;
                let announcement = Announcement { height: entry.height, hash };
                reached = reached.and(topic, &announcement).ok_or_else(contradicted)?;
                if reached.count > announced.count {
                    return Err(contradicted());
                }
                all.push(announcement);
            }
            if reached == announced {
                return Ok(Announcements { announced, all: Some(all) });
            }
            if reached.count == announced.count || reached.count == before {
                return Err(contradicted());
            }
        }
    }
}
