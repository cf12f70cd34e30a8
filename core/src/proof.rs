//! Proofs, and the traits of provers and verifiers. This crate does neither: `louver-circuits` does.

use core::{error::Error, fmt, ops::ControlFlow};

use thiserror::Error;

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    pool::RulesVersion,
    shape::Shape,
    statement::{TransferPublic, TransferWitness, Violation},
};

/// A Groth16 proof over BLS12-381: `A` (48 bytes), `B` (96), `C` (48), compressed. Its points are read by verifiers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Proof([u8; 192]);

impl Proof {
    /// The proof with these bytes.
    pub fn from_array(bytes: [u8; 192]) -> Self {
        Self(bytes)
    }

    /// The proof's bytes.
    pub fn as_bytes(&self) -> &[u8; 192] {
        &self.0
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proof(")?;
        self.0[..8].iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("..)")
    }
}

impl Encode for Proof {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}

impl Decode for Proof {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array().map(Self)
    }
}

/// Watches a long computation.
pub trait Progress {
    /// `done` of `total` steps are over. `Break` asks to stop: the computation ends with an error that says so.
    fn report(&mut self, done: u32, total: u32) -> ControlFlow<()>;
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn report(&mut self, _: u32, _: u32) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Why there is no proof.
#[derive(Debug, Error)]
pub enum ProveError {
    /// The watching caller asked to stop.
    #[error("proving was cancelled")]
    Cancelled,
    /// The witness does not show the statement.
    #[error("the witness does not show the statement: {0}")]
    Violation(#[from] Violation),
    /// There are no parameters for the shape.
    #[error("there are no proving parameters for {0}")]
    NoParameters(Shape),
    /// The proving system failed.
    #[error("the proving system failed")]
    System(#[source] Box<dyn Error + Send + Sync>),
}

/// Makes proofs of the transfer statement.
pub trait Prove {
    /// A proof that `witness` shows the statement for `public`, with the key of a shape under a rules version.
    fn prove(
        &self,
        rules: RulesVersion,
        shape: Shape,
        public: &TransferPublic,
        witness: &TransferWitness,
        progress: &mut dyn Progress,
    ) -> Result<Proof, ProveError>;
}

/// A proof and what it should show.
#[derive(Clone, Copy, Debug)]
pub struct ProofItem<'a> {
    /// The rules, which with pool and shape choose the verifying key.
    pub rules: RulesVersion,
    /// The shape.
    pub shape: Shape,
    /// The public inputs, as the ledger built them.
    pub public: &'a TransferPublic,
    /// The proof.
    pub proof: &'a Proof,
}

/// Why proofs were refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VerifyError {
    /// Not a proof of what it should show.
    #[error("proof {index} is not valid")]
    Invalid {
        /// Its place in the batch.
        index: usize,
    },
    /// No verifying key is known for its pool, rules and shape.
    #[error("no verifying key for the pool, rules and shape of proof {index}")]
    NoKey {
        /// Its place in the batch.
        index: usize,
    },
}

impl VerifyError {
    /// The same, said of another place.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        match self {
            Self::Invalid { .. } => Self::Invalid { index },
            Self::NoKey { .. } => Self::NoKey { index },
        }
    }

    /// The place in the batch of the proof that was refused.
    pub fn index(&self) -> usize {
        match self {
            Self::Invalid { index } | Self::NoKey { index } => *index,
        }
    }
}

/// Checks proofs of the transfer statement.
pub trait Verify {
    /// Checks all of them, at much less than the cost of checking each by itself. The error names the first invalid
    /// one.
    fn verify(&self, items: &[ProofItem<'_>]) -> Result<(), VerifyError>;

    /// Checks all of them: what is wrong with each that is, in order.
    fn faults(&self, items: &[ProofItem<'_>]) -> Vec<VerifyError> {
        // Whatever one is named goes out, until what is left holds together.
        let (mut faults, mut left) = (Vec::new(), items.to_vec());
        let mut places: Vec<usize> = (0..items.len()).collect();
        while let Err(error) = self.verify(&left) {
            let Some(last) = left.len().checked_sub(1) else { break };
            let at = error.index().min(last);
            left.remove(at);
            faults.push(error.at(places.remove(at)));
        }
        faults.sort_by_key(VerifyError::index);
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_are_dyn_compatible() {
        fn _assert(_: &dyn Prove, _: &dyn Verify, _: &mut dyn Progress) {}
        assert!(Unwatched.report(0, 1).is_continue());
    }

    #[test]
    fn proofs_have_192_bytes() {
        let proof = Proof::from_array([7; 192]);
        assert_eq!(Proof::from_bytes(&proof.to_bytes()), Ok(proof));
        assert_eq!(Proof::from_bytes(&[7; 191]), Err(DecodeError::UnexpectedEnd { missing: 1 }));
        assert_eq!(Proof::from_bytes(&[7; 193]), Err(DecodeError::TrailingBytes { count: 1 }));
    }
}
