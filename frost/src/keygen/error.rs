use thiserror::Error;

/// Why a key cannot be generated on such terms.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TermsError {
    /// One member alone could use the key.
    #[error(
        "{0} of the members could use the key: at least 2 have to be needed, so that no member can alone"
    )]
    Threshold(u8),
}

/// Why the generation of a key went no further. Nothing was made, and no secret of an earlier key is touched: the members
/// begin again, without the member who is named.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeygenError {
    /// The signing key is not a member's.
    #[error("this signing key is not one of the members' keys, so it cannot take part")]
    NotAMember,
    /// A message is for other terms: another chain, pool or key number, other members, another threshold.
    #[error("a message is for the generation of another key, or for other members or another threshold")]
    OtherTerms,
    /// A message names a member who does not exist.
    #[error("there is no member {0}")]
    NoSuchMember(u8),
    /// A member's message is missing.
    #[error("the message of member {0} is missing")]
    Missing(u8),
    /// There are two messages of a member.
    #[error("there are two messages of member {0}: use one, and if they differ, keep both as evidence")]
    Twice(u8),
    /// A member did not sign its message.
    #[error("the message of member {0} is not signed by that member")]
    Signature(u8),
    /// A member commits to a polynomial for another threshold.
    #[error("member {0} commits to another threshold than the one agreed on")]
    Threshold(u8),
    /// A member does not prove that it knows the secret of its commitment.
    #[error("member {0} does not prove that it knows the secret that it commits to")]
    Possession(u8),
    /// A member dealt after other commitments: somebody shows different ones to different members.
    #[error(
        "member {0} was shown other commitments: compare all commitments, two different ones of one member are evidence"
    )]
    OtherTranscript(u8),
    /// A share is for another member.
    #[error("a share of member {0} is for another member")]
    NotForThisMember(u8),
    /// A share is not the one that its member commits to.
    #[error("the share of member {0} is not the one that it commits to: show it to the others as evidence")]
    FalseShare(u8),
    /// Fewer members than the threshold.
    #[error("{0} members are too few to use the key")]
    TooFew(u8),
    /// The commitments of all together cancel out.
    #[error("the commitments of all members together are not sound: they cancel out")]
    Cancelled,
    /// The parts of the protocol do not fit together in another way.
    #[error("the messages do not fit together")]
    Inconsistent,
}
