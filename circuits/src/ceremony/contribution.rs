//! `[ceremony-contribution]`: what one contributor did, with the proof that she knew her secrets.

use louver_core::{
    encoding::{DecodeError, Encode, Reader, put_short},
    spec::b32,
    text::is_hidden,
};
use thiserror::Error;

use super::{
    beacon::Beacon,
    point::{self, Element, Place, ReadError},
    secret::{Factors, bytes},
};
use crate::curve::{Affine, G1, G1Affine, G2, G2Affine, Group, hash_to_g2, miller_loop};

/// The longest name, in bytes of UTF-8.
pub const MAX_NAME: usize = 128;
/// Sets hashes to the curve in proofs of knowledge apart from others.
const TAG: &[u8] = b"Louver-ceremony-1-BLS12381G2_XMD:SHA-256_SSWU_RO_";

/// Why a text cannot be a contributor's name.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Empty.
    #[error("a contributor's name is not empty")]
    Empty,
    /// Too long.
    #[error("a contributor's name has at most {MAX_NAME} bytes, this one {0}")]
    TooLong(usize),
    /// A hidden character, as `louver_core::text` tells them, or space at an end.
    #[error("a contributor's name must not hold hidden characters or begin or end with a space")]
    Unprintable,
}

/// The name that a contributor chooses: a name, an attestation, a key's fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// A name that can be shown as it is.
    pub fn new(name: &str) -> Result<Self, NameError> {
        match name.len() {
            0 => Err(NameError::Empty),
            length if length > MAX_NAME => Err(NameError::TooLong(length)),
            _ if name.trim() != name => Err(NameError::Unprintable),
            _ if name.chars().any(is_hidden) => Err(NameError::Unprintable),
            _ => Ok(Self(name.to_owned())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The effect of a contribution on one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The secret times the generator.
    pub(super) factor: G1Affine,
    /// The element after it: the secret times what it was.
    pub(super) after: G1Affine,
    /// The secret times a point that depends on all else.
    pub(super) knowledge: G2Affine,
}

/// The maker of an entry, and how it can be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Author {
    /// Somebody with secrets.
    Contributor { name: Name, steps: Vec<Step> },
    /// A public value.
    Beacon { beacon: Beacon, after: Vec<G1Affine> },
}

/// One entry of a transcript, and the hash of what it follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) previous: [u8; 32],
    pub(super) author: Author,
}

impl Entry {
    /// The least number of bytes that an entry has.
    pub(super) const LEAST: usize = 32 + 1 + 1 + 48;

    /// A contribution by somebody who knows `factors`, to elements that were `before`.
    pub(super) fn contribute(previous: [u8; 32], name: Name, before: &[G1Affine], factors: &Factors) -> Self {
        let mut steps: Vec<Step> = before
            .iter()
            .zip(factors.iter())
            .map(|(before, factor)| {
                let scalar = bytes(factor.expose());
                let times = |point: G1Affine| G1::from(point).mul(scalar.as_ref()).to_affine();
                let (factor, after) = (times(G1Affine::generator()), times(*before));
                Step { factor, after, knowledge: G2Affine::default() }
            })
            .collect();
        let challenges = challenges(&previous, &name, &steps);
        for ((step, challenge), factor) in steps.iter_mut().zip(challenges).zip(factors.iter()) {
            step.knowledge = G2::from(challenge).mul(bytes(factor.expose()).as_ref()).to_affine();
        }
        Self { previous, author: Author::Contributor { name, steps } }
    }

    /// The hash by which the next entry, and the contributor herself, names this one.
    pub(super) fn hash(&self) -> [u8; 32] {
        b32(b"LouverContribute", &[&self.to_bytes()])
    }

    /// The elements after it.
    pub(super) fn after(&self) -> Vec<G1Affine> {
        match &self.author {
            Author::Contributor { steps, .. } => steps.iter().map(|step| step.after).collect(),
            Author::Beacon { after, .. } => after.clone(),
        }
    }

    /// The secrets, each times the generator; none of a beacon.
    pub(super) fn factors(&self) -> impl Iterator<Item = G1Affine> {
        let steps = match &self.author {
            Author::Contributor { steps, .. } => steps.as_slice(),
            Author::Beacon { .. } => &[],
        };
        steps.iter().map(|step| step.factor)
    }

    /// Reads entry `number`, counted from 1, of a phase with these elements.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        number: usize,
        elements: &[Element],
    ) -> Result<Self, ReadError> {
        let previous = reader.array()?;
        let author = match reader.u8()? {
            1 => {
                let length = reader.u8()?;
                let name = core::str::from_utf8(reader.take(length.into())?).ok();
                let name = name.and_then(|name| Name::new(name).ok());
                let name = name.ok_or(DecodeError::NotCanonical { what: "a contributor's name" })?;
                let step = |element: &Element| {
                    Ok(Step {
                        factor: point::read(reader, Place::Factor(number, *element))?,
                        after: point::read(reader, Place::After(number, *element))?,
                        knowledge: point::read(reader, Place::Knowledge(number, *element))?,
                    })
                };
                Author::Contributor {
                    name,
                    steps: elements.iter().map(step).collect::<Result<_, ReadError>>()?,
                }
            }
            2 => {
                let beacon = Beacon::decode(reader)?;
                let after =
                    elements.iter().map(|element| point::read(reader, Place::After(number, *element)));
                Author::Beacon { beacon, after: after.collect::<Result<_, _>>()? }
            }
            tag => {
                return Err(DecodeError::UnknownTag { what: "kind of contribution", tag: tag.into() }.into());
            }
        };
        Ok(Self { previous, author })
    }
}

impl Encode for Entry {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.previous);
        match &self.author {
            Author::Contributor { name, steps } => {
                out.push(1);
                put_short(out, name.as_str().as_bytes());
                for step in steps {
                    step.factor.write(out);
                    step.after.write(out);
                    step.knowledge.write(out);
                }
            }
            Author::Beacon { beacon, after } => {
                out.push(2);
                beacon.encode(out);
                after.iter().for_each(|point| point.write(out));
            }
        }
    }
}

/// The points that a proof of knowledge multiplies by its secrets, one for each element. They are hashed from what comes
/// before, the name and all that the contribution changes: so a proof serves in one place, for one name.
fn challenges(previous: &[u8; 32], name: &Name, steps: &[Step]) -> Vec<G2Affine> {
    let mut message = previous.to_vec();
    put_short(&mut message, name.as_str().as_bytes());
    for step in steps {
        step.factor.write(&mut message);
        step.after.write(&mut message);
    }
    let challenge = |index: usize| {
        let mut message = message.clone();
        message.push(u8::try_from(index).unwrap_or(u8::MAX));
        hash_to_g2(&message, TAG)
    };
    (0..steps.len()).map(challenge).collect()
}

/// The place among `steps` of the first whose author does not show that he knows the secret between `before` and after.
pub(super) fn unproven(
    previous: &[u8; 32],
    name: &Name,
    steps: &[Step],
    before: &[G1Affine],
) -> Option<usize> {
    let challenges = challenges(previous, name, steps);
    steps.iter().zip(challenges).zip(before).position(|((step, challenge), before)| {
        // x of the generator, and x of the challenge; x of what was before.
        !same_ratio((G1Affine::generator(), step.factor), (challenge, step.knowledge))
            || !same_ratio((*before, step.after), (challenge, step.knowledge))
    })
}

/// Whether both pairs have one ratio: `e(a.0, b.1) = e(a.1, b.0)`.
pub(super) fn same_ratio(a: (G1Affine, G1Affine), b: (G2Affine, G2Affine)) -> bool {
    miller_loop(&[a.0, a.1.neg()], &[b.1, b.0]).is_one()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_shown() {
        assert!(Name::new("Ada Lovelace, key 3F2A").is_ok());
        assert_eq!(Name::new(""), Err(NameError::Empty));
        assert_eq!(Name::new(&"é".repeat(65)), Err(NameError::TooLong(130)));
        for name in ["a\nb", "a\u{1b}[2J", "\u{202e}eve", " eve", "eve\u{2029}", "e\u{61c}ve"] {
            assert_eq!(Name::new(name), Err(NameError::Unprintable), "{name:?}");
        }
    }
}
