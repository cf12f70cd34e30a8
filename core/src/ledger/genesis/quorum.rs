//! `[quorum]`: Ed25519 keys, of which some number together speak.

use ed25519_dalek::VerifyingKey;
use thiserror::Error;

use crate::encoding::{Decode, DecodeError, Encode, Reader};

/// Why keys make no quorum.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum QuorumError {
    /// Nobody could ever speak, or nobody's word would be needed.
    #[error(
        "{needed} of {keys} keys is not a quorum: at least 1 and at most all keys are needed, of at most 32"
    )]
    Size {
        /// How many signatures are needed.
        needed: u8,
        /// How many keys there are.
        keys: usize,
    },
    /// A key that does not ascend: it would count twice.
    #[error("a key is named twice, or the keys are not in ascending order: name each key once")]
    Order,
    /// Bytes that are not a key, or a key under which anybody can sign.
    #[error("key {0} of a quorum is not a sound Ed25519 public key")]
    Key(usize),
}

/// Ed25519 keys in ascending order of their bytes, and how many of them have to sign.
///
/// Every key is canonical and of large order, so that a signature under it is some holder's. Signatures are verified
/// strictly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum {
    needed: u8,
    keys: Vec<VerifyingKey>,
}

impl Quorum {
    /// The most keys that there can be.
    pub const MAX_KEYS: usize = 32;

    /// `needed` of `keys`, which may come in any order.
    ///
    /// # Errors
    /// [`QuorumError`].
    pub fn new(needed: u8, mut keys: Vec<[u8; 32]>) -> Result<Self, QuorumError> {
        keys.sort_unstable();
        Self::of_ascending(needed, &keys)
    }

    /// How many signatures are needed.
    pub fn needed(&self) -> u8 {
        self.needed
    }

    /// The keys, in ascending order of their bytes.
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }

    fn of_ascending(needed: u8, keys: &[[u8; 32]]) -> Result<Self, QuorumError> {
        if needed == 0 || usize::from(needed) > keys.len() || keys.len() > Self::MAX_KEYS {
            return Err(QuorumError::Size { needed, keys: keys.len() });
        }
        if !keys.is_sorted_by(|a, b| a < b) {
            return Err(QuorumError::Order);
        }
        let keys = keys.iter().enumerate().map(|(place, bytes)| sound(bytes).ok_or(QuorumError::Key(place)));
        Ok(Self { needed, keys: keys.collect::<Result<_, _>>()? })
    }

    /// The encoding of the absence of a quorum: 0 of 0.
    pub(super) fn encode_none(out: &mut Vec<u8>) {
        out.extend_from_slice(&[0, 0]);
    }

    /// A quorum, or none: 0 of 0.
    pub(super) fn decode_optional(reader: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        let (needed, count) = (reader.u8()?, reader.u8()?);
        if (needed, count) == (0, 0) {
            return Ok(None);
        }
        if usize::from(count) > Self::MAX_KEYS {
            return Err(DecodeError::OutOfRange { what: "number of keys in a quorum" });
        }
        let keys = (0..count).map(|_| reader.array()).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(Self::of_ascending(needed, &keys)?))
    }
}

fn sound(bytes: &[u8; 32]) -> Option<VerifyingKey> {
    let key = VerifyingKey::from_bytes(bytes).ok()?;
    let canonical = key.to_edwards().compress().to_bytes() == *bytes;
    (canonical && !key.is_weak()).then_some(key)
}

impl From<QuorumError> for DecodeError {
    fn from(error: QuorumError) -> Self {
        match error {
            QuorumError::Size { .. } => Self::OutOfRange { what: "size of a quorum" },
            QuorumError::Order => Self::NotCanonical { what: "order of a quorum's keys" },
            QuorumError::Key(_) => Self::NotCanonical { what: "key of a quorum" },
        }
    }
}

/// needed u8 || count u8 || keys, 32 each
impl Encode for Quorum {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.needed);
        out.extend(u8::try_from(self.keys.len()));
        self.keys.iter().for_each(|key| out.extend_from_slice(key.as_bytes()));
    }
}

impl Decode for Quorum {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let none = DecodeError::OutOfRange { what: "size of a quorum" };
        Self::decode_optional(reader)?.ok_or(none)
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::*;

    fn key(number: u8) -> [u8; 32] {
        SigningKey::from_bytes(&[number; 32]).verifying_key().to_bytes()
    }

    #[test]
    fn a_quorum_round_trips_whatever_the_order_of_its_keys() {
        let keys: Vec<_> = (0..5).map(key).collect();
        let quorum = Quorum::new(3, keys.clone()).unwrap();
        let backwards = Quorum::new(3, keys.into_iter().rev().collect()).unwrap();
        assert_eq!(quorum, backwards);
        assert_eq!(Quorum::from_bytes(&quorum.to_bytes()), Ok(quorum));
    }

    /// Attacker: one holder who counts for several, or anybody at all where nobody's word is needed.
    #[test]
    fn a_quorum_takes_the_word_of_enough_different_holders() {
        let keys = |count: u8| (0..count).map(key).collect::<Vec<_>>();
        for (needed, count) in [(0, 0), (0, 1), (2, 1), (1, 33)] {
            let size = QuorumError::Size { needed, keys: count.into() };
            assert_eq!(Quorum::new(needed, keys(count)), Err(size));
        }
        assert!(Quorum::new(32, keys(32)).is_ok());
        assert_eq!(Quorum::new(2, vec![key(1), key(1)]), Err(QuorumError::Order));
    }

    /// Anybody would gain, as everybody can sign under a key of small order.
    #[test]
    fn weak_keys_and_other_spellings_of_a_key_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let order_eight = hex::decode("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
        // The identity again, with y = p + 1.
        let mut spelled_otherwise = [0xff; 32];
        (spelled_otherwise[0], spelled_otherwise[31]) = (0xee, 0x7f);
        for bad in [identity, order_eight.unwrap().try_into().unwrap(), spelled_otherwise, [2; 32]] {
            assert_eq!(Quorum::new(1, vec![bad]), Err(QuorumError::Key(0)), "{bad:?}");
        }
    }

    #[test]
    fn keys_in_another_order_do_not_decode() {
        let bytes = Quorum::new(1, vec![key(1), key(2)]).unwrap().to_bytes();
        let swapped = [&bytes[..2], &bytes[34..], &bytes[2..34]].concat();
        assert!(Quorum::from_bytes(&swapped).is_err());
        for length in 0..bytes.len() {
            assert!(Quorum::from_bytes(&bytes[..length]).is_err());
        }
    }
}
