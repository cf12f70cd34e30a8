use zeroize::Zeroizing;

use super::{
    AccountKeys, AddressClaim, HoldingsClaim, NoteClaim, Statement, TotalClaim, TransactionClaim,
    UnspentClaim,
};
use crate::spec::Fr;

/// A sentence of a file of disclosure that is to be proven. It gives the public inputs: a reader makes them from what he
/// understood, and never takes them from the file.
#[derive(Clone, Copy, Debug)]
pub enum Claim<'a> {
    /// `[grant-keys]`
    Keys(&'a AccountKeys),
    /// `[note-opening]`
    Note(&'a NoteClaim),
    /// `[transaction-opening]`
    Transaction(&'a TransactionClaim),
    /// `[address-control]`
    Address(&'a AddressClaim),
    /// `[unspent]`
    Unspent(&'a UnspentClaim),
    /// `[holdings]`
    Holdings(&'a HoldingsClaim),
    /// `[total]`
    Total(&'a TotalClaim),
}

impl Claim<'_> {
    /// The statement that the claim is an instance of.
    pub fn statement(&self) -> Statement {
        match self {
            Self::Keys(_) => Statement::AccountKeys,
            Self::Note(_) => Statement::NoteOpening,
            Self::Transaction(claim) => Statement::TransactionOpening(claim.inputs.count()),
            Self::Address(_) => Statement::Address,
            Self::Unspent(_) => Statement::Unspent,
            Self::Holdings(_) => Statement::Holdings,
            Self::Total(_) => Statement::Total,
        }
    }

    /// The public inputs, in their pinned order. Some are keys that are shown to one reader.
    pub fn to_scalars(&self) -> Zeroizing<Vec<Fr>> {
        let scalars = match self {
            Self::Keys(claim) => return claim.to_scalars(),
            Self::Note(claim) => claim.to_scalars(),
            Self::Transaction(claim) => claim.to_scalars(),
            Self::Address(claim) => claim.to_scalars(),
            Self::Unspent(claim) => claim.to_scalars(),
            Self::Holdings(claim) => claim.to_scalars(),
            Self::Total(claim) => claim.to_scalars(),
        };
        Zeroizing::new(scalars)
    }
}

impl<'a> From<&'a AccountKeys> for Claim<'a> {
    fn from(claim: &'a AccountKeys) -> Self {
        Self::Keys(claim)
    }
}

impl<'a> From<&'a NoteClaim> for Claim<'a> {
    fn from(claim: &'a NoteClaim) -> Self {
        Self::Note(claim)
    }
}

impl<'a> From<&'a TransactionClaim> for Claim<'a> {
    fn from(claim: &'a TransactionClaim) -> Self {
        Self::Transaction(claim)
    }
}

impl<'a> From<&'a AddressClaim> for Claim<'a> {
    fn from(claim: &'a AddressClaim) -> Self {
        Self::Address(claim)
    }
}

impl<'a> From<&'a UnspentClaim> for Claim<'a> {
    fn from(claim: &'a UnspentClaim) -> Self {
        Self::Unspent(claim)
    }
}

impl<'a> From<&'a HoldingsClaim> for Claim<'a> {
    fn from(claim: &'a HoldingsClaim) -> Self {
        Self::Holdings(claim)
    }
}

impl<'a> From<&'a TotalClaim> for Claim<'a> {
    fn from(claim: &'a TotalClaim) -> Self {
        Self::Total(claim)
    }
}
