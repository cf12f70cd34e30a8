use age::x25519::{Identity, Recipient};
use louver_core::{encoding::Decode, secret::ExposeBytes};
use louver_frost::keygen::Deal;

use super::{Committee, CommitteeError};
use crate::signed::decrypt;

/// Seals a share that a member deals to the member that it is for.
///
/// # Errors
/// [`CommitteeError`] if there is no such member, or nothing can be sealed to it.
pub fn seal_deal(committee: &Committee, deal: &Deal) -> Result<Vec<u8>, CommitteeError> {
    let member = committee.member(deal.to()).ok_or(CommitteeError::OtherShare)?;
    seal(&member.recipient, &deal.expose_bytes())
}

/// Opens a share that is sealed to the holder of a key. Whether it is right is for the generation of the key to say.
///
/// # Errors
/// [`CommitteeError::Sealed`].
pub fn open_deal(sealed: &[u8], identity: &Identity) -> Result<Deal, CommitteeError> {
    let bytes = decrypt(sealed, identity).map_err(|_| CommitteeError::Sealed)?;
    Deal::from_bytes(&bytes).map_err(|_| CommitteeError::Sealed)
}

/// Seals bytes to a recipient.
pub(super) fn seal(recipient: &str, bytes: &[u8]) -> Result<Vec<u8>, CommitteeError> {
    let recipient: Recipient =
        recipient.parse().map_err(|_| CommitteeError::Recipient(recipient.to_owned()))?;
    age::encrypt(&recipient, bytes).map_err(|_| CommitteeError::Sealed)
}
