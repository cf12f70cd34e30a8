//! The light reader of a connection: the way to the newest head, and what is proven under it.

use std::{
    sync::{MutexGuard, PoisonError},
    time::Duration,
};

use louver_chain::{
    Header,
    commitment::Path,
    history::verify_ancestor,
    state::opening::{Fact, Opening},
};
use louver_core::{
    encoding::{Decode, Reader as Bytes},
    ledger::Genesis,
};
use louver_light::{
    Choice, Evidence, Proven, Reader, Step,
    reader::{Head, ReadError},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    Connection,
    requests::{self, Requests},
    state::Facts,
};
use crate::{
    apart::pause,
    api::{Refusal, path},
    error::ClientError,
    trust::{Pin, TrustedHead, clock_of},
};

/// How often a question is asked anew because another one moved the reader meanwhile.
pub(super) const TRIES: usize = 16;

/// For how long a node that does not know the head yet is asked again, and how often.
const CATCH_UP: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(200);

/// The proof in an answer.
#[derive(Deserialize)]
pub(super) struct Proof {
    pub(super) proof: Option<String>,
}

impl Connection {
    pub(super) fn reader(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The head that the reader trusts now, without asking the node.
    pub fn head(&self) -> TrustedHead {
        TrustedHead::of(&self.reader(), &self.genesis, self.clock.now())
    }

    /// The light reader as it stands, to be kept.
    pub fn kept(&self) -> Reader {
        self.reader().clone()
    }

    /// Refuses to go on once the reader has evidence.
    pub(super) fn sound(&self) -> Result<(), ClientError> {
        match self.evidence() {
            Some(evidence) => Err(ClientError::Convicted(Box::new(evidence))),
            None => Ok(()),
        }
    }

    /// The evidence against the chain's authorities, if the reader has any.
    pub fn evidence(&self) -> Option<Evidence> {
        self.reader().evidence().cloned()
    }

    /// Follows the node to its newest head.
    ///
    /// # Errors
    /// [`ClientError::Untrusted`] if the head is not taken, [`ClientError::Behind`] if the node shows less than was final
    /// before, [`ClientError::Convicted`] if the authorities sealed what they must not; those of the transport.
    pub async fn advance(&self) -> Result<TrustedHead, ClientError> {
        loop {
            let before = self.reader().head().clone();
            let proven = Proven::from_bytes(&self.under(path::HEAD, before.height).await?)?;
            let taken = self.take_after(&before, proven);
            match taken {
                Ok(_) if self.reader().head() == &before => return Ok(self.head()),
                Ok(_) => {}
                Err(error) => return Err(self.accuse(&before, error).await),
            }
        }
    }

    /// The bytes at a path, with what shows them under a head. Another node may be some blocks behind the one that told of
    /// the head, as those that follow it are for a moment: it is given time to catch up.
    pub(super) async fn under(&self, path: &str, head: u32) -> Result<Vec<u8>, ClientError> {
        let mut waited = Duration::ZERO;
        loop {
            match self.requests.bytes(&with_head(path, head)).await {
                Err(error) if error.refusal() == Some(&Refusal::HeadUnknown) => {}
                answered => return answered,
            }
            if waited >= CATCH_UP {
                return Err(ClientError::Behind { trusted: head });
            }
            pause(PAUSE).await;
            waited += PAUSE;
        }
    }

    /// Takes what a node proves to a reader at a head; `None` if another question has moved the reader since.
    fn take_after(&self, before: &Head, proven: Proven) -> Result<Option<Facts>, ClientError> {
        let mut reader = self.reader();
        if reader.head() != before {
            return Ok(None);
        }
        let openings = proven.openings.clone();
        let facts = self.take(&mut reader, proven)?;
        Ok(Some(Facts::new(reader.head().clone(), facts, openings)))
    }

    /// A newer head that does not stand on the trusted one belongs to another chain of blocks. If the authorities sealed
    /// that chain's block of the trusted height too, both together are evidence.
    async fn accuse(&self, trusted: &Head, error: ClientError) -> ClientError {
        if !matches!(error, ClientError::Untrusted(ReadError::NotOnHead { .. })) || trusted.height == 0 {
            return error;
        }
        let height = trusted.height;
        let Ok(body) = self.requests.bytes(&format!("{}?from={height}&to={height}", path::HEADERS)).await
        else {
            return error;
        };
        let Some(step) = requests::frame(&body).and_then(|(frame, _)| Step::from_bytes(frame).ok()) else {
            return error;
        };
        let other = Proven { steps: vec![step], openings: Vec::new() };
        match self.take_after(trusted, other) {
            Err(convicted @ ClientError::Convicted(_)) => convicted,
            _ => error,
        }
    }

    /// Goes on with a reader that was kept, in place of this connection's own: the node has to show a head that stands on
    /// the kept one. The choice that was made with the connection counts on: a chain whose genesis was chosen since is
    /// chosen.
    ///
    /// # Errors
    /// As [`Connection::advance`], and [`ClientError::OtherChain`] if it is of another chain.
    pub async fn resume(&self, mut kept: Reader) -> Result<(), ClientError> {
        if kept.genesis() != self.genesis.hash() {
            return Err(ClientError::OtherChain);
        }
        let is_chosen = self.reader().choice() != Choice::Nothing;
        if is_chosen && kept.evidence().is_none() && kept.is_expired(self.clock.now()) {
            return self.replace(&kept).await;
        }
        let shown = {
            let mut reader = self.reader();
            if reader.choice() != Choice::Nothing {
                kept.choose(reader.choice());
            }
            core::mem::replace(&mut *reader, kept).head().clone()
        };
        self.advance().await?;
        // The head that this connection was led to belongs to the same chain of blocks.
        if shown.height > 0 && self.header(shown.height).await?.hash() != shown.hash {
            return Err(ClientError::contradicted(format_args!("block {}", shown.height)));
        }
        Ok(())
    }

    /// Goes on with this connection's own reader, which a fresh choice led here, in place of one that was kept for longer
    /// than its keys are trusted: the head has to stand on the kept one.
    async fn replace(&self, kept: &Reader) -> Result<(), ClientError> {
        let (old, head) = (kept.head(), self.reader().head().clone());
        if old.height > head.height {
            return Err(ClientError::Behind { trusted: old.height });
        }
        if old.height > 0 && self.header_under(old.height, &head).await?.0.hash() != old.hash {
            return Err(ClientError::contradicted(format_args!("block {}", old.height)));
        }
        self.reader().remember(kept);
        self.sound()
    }

    /// The JSON at a path, with the facts that are proven beside it under the newest head.
    pub(super) async fn proven<T: DeserializeOwned>(
        &self,
        path: &str,
        what: &str,
    ) -> Result<(T, Facts), ClientError> {
        for _ in 0..TRIES {
            let before = self.reader().head().clone();
            let body = match self.under(path, before.height).await {
                Err(error) if error.refusal() == Some(&Refusal::HeadOutdated) => {
                    self.advance().await?;
                    continue;
                }
                asked => asked?,
            };
            let (answer, Proof { proof }) = (requests::from_json(&body)?, requests::from_json(&body)?);
            let proof = proof.ok_or_else(|| ClientError::unproven(what))?;
            // The steps begin at the head that was named.
            match self.take_after(&before, requests::from_hex(&proof)?) {
                Ok(Some(facts)) => return Ok((answer, facts)),
                Ok(None) => {}
                Err(error) => return Err(self.accuse(&before, error).await),
            }
        }
        Err(ClientError::answer("the chain goes on faster than answers come"))
    }

    /// Takes what a node proves.
    pub(super) fn take(&self, reader: &mut Reader, proven: Proven) -> Result<Vec<Fact>, ClientError> {
        let trusted = reader.head().height;
        let now = clock_of(&self.genesis, &proven, self.clock.now());
        if self.genesis.terms().development {
            reader.confirm(now);
        }
        reader.take(proven, now).map_err(|error| match error {
            ReadError::Convicted => match reader.evidence() {
                Some(evidence) => ClientError::Convicted(Box::new(evidence.clone())),
                None => ClientError::Untrusted(error),
            },
            ReadError::NotUnderHead { .. } => ClientError::Behind { trusted },
            error => ClientError::Untrusted(error),
        })
    }

    /// The header of a block that the trusted head stands on, or is. If the head is before it, the node is followed first.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] if the node shows another header, and those of [`Connection::advance`]. Height 0 has no
    /// header.
    pub async fn header(&self, height: u32) -> Result<Header, ClientError> {
        let head = self.head_from(height).await?;
        Ok(self.header_under(height, &head).await?.0)
    }

    /// The header of a block that a head stands on, with the path that shows it, or of the head itself, without.
    pub(super) async fn header_under(
        &self,
        height: u32,
        head: &Head,
    ) -> Result<(Header, Option<Path>), ClientError> {
        if let Some(header) = head.header().filter(|header| header.height == height) {
            return Ok((header.clone(), None));
        }
        let body = self.under(&path::with(path::HISTORY, height), head.height).await?;
        let mut bytes = Bytes::new(&body);
        let header = Header::decode(&mut bytes)?;
        let path = ancestry(&mut bytes)?;
        bytes.finish()?;
        match header.height == height && stands_under(&header, path.as_ref(), head) {
            true => Ok((header, path)),
            false => Err(ClientError::contradicted(format_args!("block {height}"))),
        }
    }

    /// The trusted head, which is not before a height.
    pub(super) async fn head_from(&self, height: u32) -> Result<Head, ClientError> {
        if self.reader().head().height < height {
            self.advance().await?;
        }
        let head = self.reader().head().clone();
        match head.height >= height {
            true => Ok(head),
            false => Err(ClientError::answer(format!("the chain has no final block {height} yet"))),
        }
    }
}

/// A reader that begins at a chosen block: its header has the chosen hash, and the authorities stand in the state after it.
/// The keys of genesis count for nothing then: they may have been replaced, and stolen since.
pub(super) async fn pinned(
    requests: &Requests,
    genesis: &Genesis,
    Pin(pin): Pin,
    now: u64,
) -> Result<Reader, ClientError> {
    let other = || ClientError::OtherBlock { height: pin.height };
    if pin.height == 0 {
        let mut reader = Reader::of_keys(genesis, now);
        reader.choose(Choice::Pin);
        return if reader.head().hash == pin.hash { Ok(reader) } else { Err(other()) };
    }
    // A node that has not got the block may be behind, or of another chain.
    let absent = |error: ClientError| match error.refusal() {
        Some(Refusal::HeadUnknown | Refusal::HeightUnknown) => other(),
        _ => error,
    };
    let path = with_head(&path::with(path::HISTORY, pin.height), pin.height);
    let body = requests.bytes(&path).await.map_err(absent)?;
    let mut bytes = Bytes::new(&body);
    let header = Header::decode(&mut bytes)?;
    if (header.height, header.hash()) != (pin.height, pin.hash) {
        return Err(other());
    }
    if ancestry(&mut bytes)?.is_some() {
        return Err(ClientError::contradicted(format_args!("block {}", pin.height)));
    }
    bytes.finish()?;
    let body = requests.bytes(&path::with(path::AUTHORITIES, pin.height)).await.map_err(absent)?;
    let authorities = Opening::from_bytes(&body)?;
    Reader::of_pin(genesis.hash(), pin, header, &authorities, now).map_err(ClientError::Untrusted)
}

/// A path with the head that the reader trusts.
fn with_head(path: &str, head: u32) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}head={head}")
}

/// 0, or 1 and a path.
pub(super) fn ancestry(bytes: &mut Bytes<'_>) -> Result<Option<Path>, ClientError> {
    Ok(bytes.flag()?.then(|| Path::decode(bytes)).transpose()?)
}

/// Whether a head is a header, or shown to stand on it.
pub(crate) fn stands_under(header: &Header, path: Option<&Path>, head: &Head) -> bool {
    let hash = header.hash();
    match path.zip(head.header()) {
        Some((path, head)) => verify_ancestor(path, header.height, hash, head).is_ok(),
        None => (header.height, hash) == (head.height, head.hash),
    }
}
