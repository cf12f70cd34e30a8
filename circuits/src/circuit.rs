//! The circuits that there are keys for, by name.

use core::fmt;

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use louver_core::{
    disclosure::{
        AccountKeys, AddressClaim, HoldingsClaim, NoteClaim, Statement, TotalClaim, TransactionClaim,
        UnspentClaim,
    },
    encoding::{Decode, DecodeError, Encode, Reader},
    shape::Shape,
    spec::Fr,
    statement::TransferPublic,
};

use crate::{
    disclosure::{
        AccountKeysCircuit, AddressCircuit, HoldingsCircuit, NoteOpeningCircuit, TotalCircuit,
        TransactionOpeningCircuit, UnspentCircuit,
    },
    statement::Transfer,
};

/// A circuit with keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CircuitId {
    /// The transfer statement of a shape.
    Transfer(Shape),
    /// A statement of disclosure.
    Disclosure(Statement),
}

impl CircuitId {
    /// Every circuit, those of transfers first.
    pub fn all() -> impl Iterator<Item = Self> {
        let transfers = Shape::ALL.into_iter().map(Self::Transfer);
        transfers.chain(Statement::ALL.into_iter().map(Self::Disclosure))
    }

    /// The name people use: a transfer's is its shape.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transfer(shape) => shape.name(),
            Self::Disclosure(statement) => statement.name(),
        }
    }

    /// The circuit with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|circuit| circuit.name() == name)
    }

    /// The byte that stands for the circuit in key files: its shape's or its statement's.
    pub const fn code(self) -> u8 {
        match self {
            Self::Transfer(shape) => shape.code(),
            Self::Disclosure(statement) => statement.code(),
        }
    }

    /// How many public inputs it has, without the constant one.
    pub fn public_inputs(self) -> usize {
        match self {
            Self::Transfer(shape) => TransferPublic::count(shape),
            Self::Disclosure(_) => self.public_input_names().len(),
        }
    }

    /// The names of its public inputs, in their pinned order.
    pub fn public_input_names(self) -> Vec<String> {
        match self {
            Self::Transfer(shape) => TransferPublic::names(shape),
            Self::Disclosure(statement) => match statement {
                Statement::AccountKeys => AccountKeys::names(),
                Statement::NoteOpening => NoteClaim::NAMES.map(str::to_owned).to_vec(),
                Statement::TransactionOpening(inputs) => TransactionClaim::names(inputs),
                Statement::Address => AddressClaim::NAMES.map(str::to_owned).to_vec(),
                Statement::Unspent => UnspentClaim::NAMES.map(str::to_owned).to_vec(),
                Statement::Holdings => HoldingsClaim::NAMES.map(str::to_owned).to_vec(),
                Statement::Total => TotalClaim::NAMES.map(str::to_owned).to_vec(),
            },
        }
    }
}

impl From<Shape> for CircuitId {
    fn from(shape: Shape) -> Self {
        Self::Transfer(shape)
    }
}

impl From<Statement> for CircuitId {
    fn from(statement: Statement) -> Self {
        Self::Disclosure(statement)
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
        Self::all()
            .find(|circuit| circuit.code() == code)
            .ok_or(DecodeError::UnknownTag { what: "circuit", tag: code.into() })
    }
}

/// The statement without a witness: for parameters and figures.
impl Circuit<Fr> for CircuitId {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        match self {
            Self::Transfer(shape) => Transfer::of_shape(shape).synthesize(cs),
            Self::Disclosure(statement) => match statement {
                Statement::AccountKeys => AccountKeysCircuit::default().synthesize(cs),
                Statement::NoteOpening => NoteOpeningCircuit::default().synthesize(cs),
                Statement::TransactionOpening(inputs) => {
                    TransactionOpeningCircuit::of_inputs(inputs).synthesize(cs)
                }
                Statement::Address => AddressCircuit::default().synthesize(cs),
                Statement::Unspent => UnspentCircuit::default().synthesize(cs),
                Statement::Holdings => HoldingsCircuit::default().synthesize(cs),
                Statement::Total => TotalCircuit::default().synthesize(cs),
            },
        }
    }
}
