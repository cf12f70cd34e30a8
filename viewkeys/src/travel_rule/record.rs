use core::fmt;

use louver_core::{
    address::Address,
    asset::AssetId,
    encoding::Encode,
    note::Memo,
    pool::{GenesisHash, PoolId, PoolTag},
    spec::b32,
    value::Value,
};
use rand_core::CryptoRng;
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{MemoMark, Payload, PayloadError, TravelRuleHash};

/// The terms of a payment that a record binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentTerms {
    /// The payee's address.
    pub to: Address,
    /// The asset.
    pub asset: AssetId,
    /// The amount, in base units.
    pub value: Value,
}

/// A payload with the terms of its payment and a salt. A reader of the record can find the payment. The payment alone does not
/// show the payload.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    pub(super) genesis: GenesisHash,
    pub(super) pool: PoolId,
    pub(super) terms: PaymentTerms,
    pub(super) salt: [u8; 32],
    pub(super) payload: Zeroizing<Vec<u8>>,
}

/// Why a record is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordError {
    /// The payload breaks the standard.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// It is about a payment on another chain.
    #[error("the record is about a payment on another chain: it says nothing of payments here")]
    OtherChain,
    /// It is about a payment in another pool.
    #[error("the record is about a payment in another pool: it says nothing of payments in this one")]
    OtherPool,
}

/// A payment that a record may belong to.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a, T> {
    /// Tells the payment from others.
    pub id: T,
    /// Its terms.
    pub terms: PaymentTerms,
    /// Its memo, as far as it could be read.
    pub memo: Option<&'a Memo>,
}

/// A term in which a payment differs from a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "TravelRuleDifference")]
pub enum Difference {
    /// The payee's address.
    Address,
    /// The asset.
    Asset,
    /// The amount.
    Amount,
}

/// The payments among those that were looked at that have to do with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<T> {
    /// Those whose memo carries its hash, on its terms. The record covers one of them.
    pub covered: Vec<T>,
    /// Those whose memo carries its hash, on other terms. The record does not cover them: the memo was copied.
    pub borrowed: Vec<(T, Vec<Difference>)>,
    /// Those whose memo carries its hash among others. The record does not cover them.
    pub several_marks: Vec<T>,
}

/// How far a record belongs to the payments that were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "TravelRuleCoverage")]
pub enum Coverage {
    /// It belongs to one payment.
    One,
    /// Several payments on the same terms carry its hash. It covers one of them, and nothing tells which.
    OneOfSeveral,
    /// No payment that was looked at is the one.
    None,
}

impl<T> Finding<T> {
    /// The meaning of the finding.
    pub fn coverage(&self) -> Coverage {
        match self.covered.len() {
            0 => Coverage::None,
            1 => Coverage::One,
            _ => Coverage::OneOfSeveral,
        }
    }
}

impl Record {
    /// A record of a payment that will be made, with a fresh salt. `now` is the present, in seconds since 1970.
    ///
    /// # Errors
    /// [`RecordError`] if the payload breaks the standard, or the address is of another pool.
    pub fn new<R: CryptoRng>(
        (genesis, pool): (GenesisHash, PoolId),
        terms: PaymentTerms,
        payload: &[u8],
        now: u64,
        rng: &mut R,
    ) -> Result<Self, RecordError> {
        if terms.to.pool() != PoolTag::new(&genesis, pool) {
            return Err(RecordError::OtherPool);
        }
        Payload::read(payload, now)?;
        let mut salt = [0; 32];
        rng.fill_bytes(&mut salt);
        Ok(Self { genesis, pool, terms, salt, payload: Zeroizing::new(payload.to_vec()) })
    }

    /// The chain and the pool of the payment.
    pub fn place(&self) -> (GenesisHash, PoolId) {
        (self.genesis, self.pool)
    }

    /// The terms of the payment.
    pub fn terms(&self) -> &PaymentTerms {
        &self.terms
    }

    /// The payload as its sender wrote it, in JSON.
    pub fn payload_json(&self) -> &[u8] {
        &self.payload
    }

    /// The payload, checked against the standard. `now` is the present, in seconds since 1970.
    ///
    /// # Errors
    /// [`PayloadError`].
    pub fn payload(&self, now: u64) -> Result<Payload, PayloadError> {
        Payload::read(&self.payload, now)
    }

    /// Refuses a record about another chain or pool.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn check_place(&self, genesis: &GenesisHash, pool: PoolId) -> Result<(), RecordError> {
        match (self.genesis == *genesis, self.pool == pool) {
            (false, _) => Err(RecordError::OtherChain),
            (true, false) => Err(RecordError::OtherPool),
            (true, true) => Ok(()),
        }
    }

    /// `[travel-rule-hash]`: the hash of all that the record says. Without the salt, whoever reads the memo could guess the
    /// payload; without the terms, another payment could borrow it.
    pub fn hash(&self) -> TravelRuleHash {
        let length = u64::try_from(self.payload.len()).unwrap_or(u64::MAX);
        TravelRuleHash(b32(
            b"LouverTravelRule",
            &[
                &self.genesis.0,
                &self.pool.0.to_le_bytes(),
                &self.terms.to.to_bytes(),
                &self.terms.asset.to_bytes(),
                &self.terms.value.to_bytes(),
                &self.salt,
                &length.to_le_bytes(),
                &self.payload,
            ],
        ))
    }

    /// `[travel-rule-match]`: finds the payment that the record belongs to among payments of its chain and pool.
    ///
    /// # Errors
    /// [`RecordError`] if the payments are of another chain or pool.
    pub fn find<'a, T>(
        &self,
        (genesis, pool): (&GenesisHash, PoolId),
        payments: impl IntoIterator<Item = Candidate<'a, T>>,
    ) -> Result<Finding<T>, RecordError> {
        self.check_place(genesis, pool)?;
        let hash = self.hash();
        let mut finding = Finding { covered: Vec::new(), borrowed: Vec::new(), several_marks: Vec::new() };
        for payment in payments {
            match payment.memo.map(MemoMark::of) {
                Some(MemoMark::One(mark)) if mark == hash => {
                    let differences = self.terms.differences(&payment.terms);
                    match differences.is_empty() {
                        true => finding.covered.push(payment.id),
                        false => finding.borrowed.push((payment.id, differences)),
                    }
                }
                Some(MemoMark::Several(marks)) if marks.contains(&hash) => {
                    finding.several_marks.push(payment.id);
                }
                _ => {}
            }
        }
        Ok(finding)
    }
}

impl PaymentTerms {
    fn differences(&self, other: &Self) -> Vec<Difference> {
        let terms = [
            (self.to != other.to, Difference::Address),
            (self.asset != other.asset, Difference::Asset),
            (self.value != other.value, Difference::Amount),
        ];
        terms.into_iter().filter_map(|(differs, term)| differs.then_some(term)).collect()
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("terms", &self.terms).finish_non_exhaustive()
    }
}
