use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    secret::ExposeBytes,
    spec::spend_base,
};

use super::{Commitment, Deal, KeygenError, Terms};

/// `[frost-evidence]`: what shows others, by a member's own signature, that it did not follow the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// Two commitments of one member for the same terms.
    TwoCommitments(Box<[Commitment; 2]>),
    /// The commitments of all, and a share that its dealer does not commit to in them. Shown in the clear: a false share says
    /// nothing of the key, which is given up.
    FalseShare {
        /// The commitments of all members.
        commitments: Vec<Commitment>,
        /// The share.
        deal: Deal,
    },
}

impl Evidence {
    /// The number of the member against whom it is.
    ///
    /// # Errors
    /// [`KeygenError`] if it shows nothing against anybody.
    pub fn verify(&self, terms: &Terms) -> Result<u8, KeygenError> {
        match self {
            Self::TwoCommitments(two) => {
                let [one, other] = two.as_ref();
                one.verify_signature(terms)?;
                other.verify_signature(terms)?;
                let differ = one.member == other.member && one.message() != other.message();
                if differ { Ok(one.member) } else { Err(KeygenError::Inconsistent) }
            }
            Self::FalseShare { commitments, deal } => {
                let all = super::participant::Commitments::of(terms, commitments)?;
                deal.verify_signature(terms)?;
                if deal.transcript != all.transcript {
                    return Err(KeygenError::OtherTranscript(deal.from));
                }
                terms.key(deal.to).ok_or(KeygenError::NoSuchMember(deal.to))?;
                match all.promised(deal.from, deal.to)? == spend_base() * deal.share.expose() {
                    true => Err(KeygenError::Inconsistent),
                    false => Ok(deal.from),
                }
            }
        }
    }
}

/// kind u8 (1) || two commitments; or kind u8 (2) || commitments || deal
impl Encode for Evidence {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::TwoCommitments(two) => {
                out.push(1);
                two.iter().for_each(|commitment| commitment.encode(out));
            }
            Self::FalseShare { commitments, deal } => {
                out.push(2);
                louver_core::encoding::put_list(out, commitments);
                out.extend_from_slice(&deal.expose_bytes());
            }
        }
    }
}

impl Decode for Evidence {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            1 => {
                Ok(Self::TwoCommitments(Box::new([Commitment::decode(reader)?, Commitment::decode(reader)?])))
            }
            2 => Ok(Self::FalseShare {
                commitments: reader.list(Commitment::LEAST)?,
                deal: Deal::decode(reader)?,
            }),
            tag => Err(DecodeError::UnknownTag { what: "evidence", tag: tag.into() }),
        }
    }
}
