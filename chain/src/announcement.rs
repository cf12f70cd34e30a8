//! `[announcement]`: hashes that accounts publish, so that whoever publishes two for one thing can be found out.
//!
//! A member of a committee announces the heads of its log, and whoever owes money the root of what he owes. Anybody may pay
//! to announce anything about any subject, so an entry is the announcer's: the map is keyed by who announced. Which account
//! speaks for a subject is for the subject to say, in what it signs; an announcement by another account is noise.

use louver_core::{
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader},
    spec::b32,
    store::{KeyRange, Overlay, StoreError, Table, record::decoded},
};

use crate::{account::Account, holdings::Entry};

/// topic (65) -> [`Announced`].
pub(crate) const ANNOUNCED: Table = Table("chain.announced");
/// topic (65) || index (u64, big-endian) -> [`Announcement`].
pub(crate) const ANNOUNCEMENTS: Table = Table("chain.announcements");

/// The tables of announcements.
pub(crate) const TABLES: [Table; 2] = [ANNOUNCED, ANNOUNCEMENTS];

/// The meaning of an announced hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum AnnouncementKind {
    /// The head of a log of openings. The subject is the key of the member who keeps it.
    LogHead = 1,
    /// The root of what somebody owes. The subject is [`reserves_subject`].
    Reserves = 2,
}

impl AnnouncementKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::LogHead, Self::Reserves];

    /// The name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::LogHead => "head of a log",
            Self::Reserves => "root of reserves",
        }
    }

    /// The word, for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::LogHead => "log-head",
            Self::Reserves => "reserves",
        }
    }

    /// The kind that a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Encode for AnnouncementKind {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(*self as u8);
    }
}

impl Decode for AnnouncementKind {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tag = reader.u8()?;
        let found = Self::ALL.into_iter().find(|kind| *kind as u8 == tag);
        found.ok_or(DecodeError::UnknownTag { what: "kind of announcement", tag: tag.into() })
    }
}

/// The subject of a root of reserves: an account of the pool by its `aid`, an asset, and the index of a snapshot. So a
/// count of 1 shows that its announcer has announced one root for them and no other.
pub fn reserves_subject(aid: &[u8; 32], asset: AssetId, snapshot: u32) -> [u8; 32] {
    b32(b"LouverReserves", &[aid, &asset.to_le_bytes(), &snapshot.to_le_bytes()])
}

/// Announcements of one kind by one account about one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AnnouncementTopic {
    /// As what.
    pub kind: AnnouncementKind,
    /// By whom: the sender of the operations, and nobody else.
    pub announcer: Account,
    /// About what.
    pub subject: [u8; 32],
}

/// kind u8 || announcer 32 || subject 32
impl Encode for AnnouncementTopic {
    fn encode(&self, out: &mut Vec<u8>) {
        self.kind.encode(out);
        self.announcer.encode(out);
        out.extend_from_slice(&self.subject);
    }
}

impl Decode for AnnouncementTopic {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            kind: AnnouncementKind::decode(reader)?,
            announcer: Account::decode(reader)?,
            subject: reader.array()?,
        })
    }
}

/// All that was announced under a topic: the count, and the head of a chain of hashes over every announcement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Announced {
    /// How many.
    pub count: u64,
    /// The head; zeros before the first.
    pub head: [u8; 32],
}

/// count u64 || head 32
impl Encode for Announced {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.count.to_le_bytes());
        out.extend_from_slice(&self.head);
    }
}

impl Decode for Announced {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { count: reader.u64()?, head: reader.array()? })
    }
}

/// One announcement of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The block that it stands in.
    pub height: u32,
    /// The hash that was announced.
    pub hash: [u8; 32],
}

/// height u32 || hash 32
impl Encode for Announcement {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&self.hash);
    }
}

impl Decode for Announcement {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { height: reader.u32()?, hash: reader.array()? })
    }
}

impl Announced {
    /// The same with one more announcement. A reader who has all of them comes to the count and the head that the state
    /// shows; with one missing, altered or moved he does not. `None` after 2^64 - 1.
    pub fn and(&self, topic: &AnnouncementTopic, announcement: &Announcement) -> Option<Self> {
        let count = self.count.checked_add(1)?;
        let parts = [topic.to_bytes(), count.to_le_bytes().to_vec(), announcement.to_bytes()].concat();
        Some(Self { count, head: b32(b"LouverAnnounce", &[&self.head, &parts]) })
    }
}

/// The count and the head of a topic.
///
/// # Errors
/// Those of the store.
pub fn announced(state: &Overlay<'_>, topic: &AnnouncementTopic) -> Result<Announced, StoreError> {
    let found = state.get(ANNOUNCED, &topic.to_bytes())?;
    found.map_or(Ok(Announced::default()), |bytes| decoded(ANNOUNCED, &bytes))
}

/// The announcements of a topic from an index on, in their order, at most `limit`; the first has index 0.
///
/// # Errors
/// Those of the store.
pub fn announcements(
    state: &Overlay<'_>,
    topic: &AnnouncementTopic,
    from: u64,
    limit: usize,
) -> Result<Vec<Announcement>, StoreError> {
    let (from, until) = (place(topic, from), [topic.to_bytes(), vec![0xff; 9]].concat());
    let found = state.scan(ANNOUNCEMENTS, KeyRange { from: &from, until: Some(&until), limit })?;
    found.iter().map(|(_, bytes)| decoded(ANNOUNCEMENTS, bytes)).collect()
}

/// Adds an announcement to its topic; `false` if no number is left.
pub(crate) fn enter(
    state: &mut Overlay<'_>,
    topic: &AnnouncementTopic,
    announcement: &Announcement,
) -> Result<bool, StoreError> {
    let before = announced(state, topic)?;
    let Some(after) = before.and(topic, announcement) else { return Ok(false) };
    state.put(ANNOUNCEMENTS, &place(topic, before.count), &announcement.to_bytes());
    state.put(ANNOUNCED, &topic.to_bytes(), &after.to_bytes());
    Ok(true)
}

/// The topics, with what was announced under them, that differ between the last block and a block in the making: keys and
/// values as the map of the state has them.
pub(crate) fn changes(state: &Overlay<'_>) -> Result<Vec<Entry>, StoreError> {
    Ok(state.changed(ANNOUNCED)?.into_iter().map(|change| (change.key, change.after)).collect())
}

fn place(topic: &AnnouncementTopic, index: u64) -> Vec<u8> {
    [topic.to_bytes(), index.to_be_bytes().to_vec()].concat()
}

#[cfg(test)]
mod tests;
