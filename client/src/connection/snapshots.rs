//! Snapshots of notes and nullifiers, under the trusted head.

use louver_core::{
    encoding::Decode,
    ledger::SnapshotEntry,
    note::Nullifier,
    nullifier_tree::{Bucket, NullifierPrefix},
};

use super::{Connection, state::same};
use crate::{
    api::{Refusal, path, view},
    error::ClientError,
};

impl Connection {
    /// The snapshots that the state has taken in, from an index on, with their indexes: at most as many as the node gives at
    /// once. A node can hide the last ones, but not make one up or leave one out in between.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] or [`ClientError::Unproven`] if the node's answer is not the state's; those of
    /// [`Connection::advance`].
    pub async fn snapshots(&self, from: u32) -> Result<Vec<(u32, SnapshotEntry)>, ClientError> {
        let path = format!("{}?from={from}", path::SNAPSHOTS);
        let (said, facts) = self.proven::<view::Snapshots>(&path, "a snapshot").await?;
        let proven: Vec<_> = facts.snapshots().collect();
        if said.snapshots.len() > proven.len() {
            return Err(ClientError::unproven("a snapshot"));
        }
        let entries = proven.iter().map(|(index, entry)| view::Snapshot::of(*index, entry)).collect();
        let proof = said.proof.clone();
        same("snapshots", &said, &view::Snapshots { snapshots: entries, proof })?;
        let in_order = (from..).zip(&proven).all(|(expected, (index, _))| expected == *index);
        match in_order {
            true => Ok(proven),
            false => Err(ClientError::contradicted("the snapshots")),
        }
    }

    /// The part of a snapshot's nullifiers that a nullifier would be in, if it was spent before. It is asked for by so few
    /// bits that at least 1,024 others begin so, or all there are.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] if the bucket is not that of the snapshot's tree, or is not whole; the node's refusal,
    /// such as [`Refusal::SnapshotUnknown`].
    pub async fn bucket(
        &self,
        index: u32,
        entry: &SnapshotEntry,
        nullifier: Nullifier,
    ) -> Result<Bucket, ClientError> {
        let mut length = NullifierPrefix::for_set(nullifier, entry.nullifiers).length();
        loop {
            let asked = NullifierPrefix::of(nullifier, length);
            let path = format!("{}?prefix={asked}", path::with(path::BUCKET, index));
            let body = match self.requests.bytes(&path).await {
                // Somebody made many nullifiers begin alike.
                Err(error)
                    if error.refusal() == Some(&Refusal::PrefixTooShort)
                        && length < NullifierPrefix::MOST =>
                {
                    length += 1;
                    continue;
                }
                answer => answer?,
            };
            let bucket = Bucket::from_bytes(&body)?;
            return match bucket.verify(&asked, entry.nullifier_root) {
                Ok(()) => Ok(bucket),
                Err(fault) => Err(ClientError::contradicted(format_args!(
                    "the nullifiers of snapshot {index} ({fault})"
                ))),
            };
        }
    }
}
