//! The circuits that there are keys for, by name.

use core::fmt;

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use louver_core::{
    disclosure::{AccountKeys, NoteClaim},
    encoding::{Decode, DecodeError, Encode, Reader},
    shape::Shape,
    spec::Fr,
    statement::TransferPublic,
};

use crate::{
    disclosure::{AccountKeysCircuit, NoteOpeningCircuit},
    statement::Transfer,
};

/// A circuit with keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CircuitId {
    /// The transfer statement of a shape.
    Transfer(Shape),
    /// `[grant-keys]`
    AccountKeys,
    /// `[note-opening]`
    NoteOpening,
}

impl CircuitId {
    /// Every circuit.
    pub const ALL: [Self; 6] = [
        Self::Transfer(Shape::TwoByThree),
        Self::Transfer(Shape::FourByFour),
        Self::Transfer(Shape::EightByThree),
        Self::Transfer(Shape::TwoBySixteen),
        Self::AccountKeys,
        Self::NoteOpening,
    ];

    /// The name people use: a transfer's is its shape.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transfer(shape) => shape.name(),
            Self::AccountKeys => "account-keys",
            Self::NoteOpening => "note-opening",
        }
    }

    /// The circuit with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|circuit| circuit.name() == name)
    }

    /// The byte that stands for the circuit in key files: a transfer's is its shape's.
    pub const fn code(self) -> u8 {
        match self {
            Self::Transfer(shape) => shape.code(),
            Self::AccountKeys => 0x21,
            Self::NoteOpening => 0x22,
        }
    }

    /// How many public inputs it has, without the constant one.
    pub fn public_inputs(self) -> usize {
        match self {
            Self::Transfer(shape) => TransferPublic::count(shape),
            Self::AccountKeys => AccountKeys::names().len(),
            Self::NoteOpening => NoteClaim::NAMES.len(),
        }
    }

    /// The names of its public inputs, in their pinned order.
    pub fn public_input_names(self) -> Vec<String> {
        match self {
            Self::Transfer(shape) => TransferPublic::names(shape),
            Self::AccountKeys => AccountKeys::names(),
            Self::NoteOpening => NoteClaim::NAMES.map(str::to_owned).to_vec(),
        }
    }
}

impl From<Shape> for CircuitId {
    fn from(shape: Shape) -> Self {
        Self::Transfer(shape)
    }
}

impl fmt::Display for CircuitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Encode for CircuitId {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.code());
    }
}

impl Decode for CircuitId {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let code = reader.u8()?;
        Self::ALL
            .into_iter()
            .find(|circuit| circuit.code() == code)
            .ok_or(DecodeError::UnknownTag { what: "circuit", tag: code.into() })
    }
}

/// The statement without a witness: for parameters and figures.
impl Circuit<Fr> for CircuitId {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        match self {
            Self::Transfer(shape) => Transfer::of_shape(shape).synthesize(cs),
            Self::AccountKeys => AccountKeysCircuit::default().synthesize(cs),
            Self::NoteOpening => NoteOpeningCircuit::default().synthesize(cs),
        }
    }
}
