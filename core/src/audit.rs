//! `[audit-ciphertext]`: what a transaction of an audited pool shows to the pool's auditors: its account, what its outputs
//! are, and which notes it spent.
//!
//! It is natively what the circuits of audited pools prove: they hold a transaction to a ciphertext that opens so.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader, coordinates, point_bytes},
    epoch::Epoch,
    note::{commitment::NoteCommitment, nullifier::Nullifier},
    poseidon::{Domain, lanes},
    secret::Secret,
    spec::{Fj, Fr, b64, spend_base, to_fj},
    statement::{TransferPublic, TransferWitness, audited},
    value::Value,
};

/// `A`, the key that transactions are encrypted to: a point of the prime-order subgroup that is not the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditorKey(jubjub::SubgroupPoint);

impl AuditorKey {
    /// The key as a point.
    pub fn to_point(self) -> jubjub::SubgroupPoint {
        self.0
    }
}

impl Encode for AuditorKey {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&point_bytes(&self.0));
    }
}

impl Decode for AuditorKey {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.subgroup_point().map(Self)
    }
}

/// The auditor key that a transaction names by its number, as the chain has it (`[auditor-key]`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberedKey {
    /// The number on the chain.
    pub number: u32,
    /// The key.
    pub key: AuditorKey,
}

/// `S = [s] A = [a] epk`: what opens one ciphertext. Not the identity.
#[derive(Clone)]
pub struct SharedSecret(Secret<[u8; 32]>);

impl SharedSecret {
    /// The secret with this point; `None` for the identity, which everybody knows.
    pub fn new(point: &jubjub::SubgroupPoint) -> Option<Self> {
        let is_identity = bool::from(group::Group::is_identity(point));
        (!is_identity).then(|| Self(Secret::new(point_bytes(point))))
    }

    fn keystream(&self, nf_0: Nullifier, length: usize) -> Zeroizing<Vec<Fr>> {
        let point = Reader::new(self.0.expose()).subgroup_point().expect("it was made of a point");
        keystream(coordinates(&point), nf_0, length)
    }
}

/// `P[ks; S.u, S.v, nf_0, counter]`, four elements for each counter.
pub(crate) fn keystream((u, v): (Fr, Fr), nf_0: Nullifier, length: usize) -> Zeroizing<Vec<Fr>> {
    let mut stream = Zeroizing::new(Vec::with_capacity(length.next_multiple_of(4)));
    for counter in 0..length.div_ceil(4) as u64 {
        stream.extend(lanes(Domain::Audit, &[u, v, nf_0.to_scalar(), Fr::from(counter)]));
    }
    stream.truncate(length);
    stream
}

/// An output as auditors see it: whose it is (a tag, not an account), and its packed contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditedOutput {
    /// The owner tag.
    pub tau: Fr,
    /// `[note-m]`: index, epoch, asset and value.
    pub m: Fr,
}

impl AuditedOutput {
    /// The limbs of `m`; `None` if it is not one, which no proven transaction has.
    pub fn contents(&self) -> Option<(u8, Epoch, AssetId, Value)> {
        crate::note::unpacked(&self.m)
    }
}

/// The contents of a transaction, as its auditors see them.
#[derive(Clone, PartialEq, Eq)]
pub struct AuditPlaintext {
    /// The account's id as a field element.
    pub aid: Fr,
    /// The outputs, in order.
    pub outputs: Vec<AuditedOutput>,
    /// The commitments of the notes that it spent, in the order of its nullifiers.
    pub inputs: Vec<NoteCommitment>,
}

impl AuditPlaintext {
    /// The contents of the transfer with these public inputs and this witness.
    pub(crate) fn of(public: &TransferPublic, witness: &TransferWitness) -> Self {
        Self::from_elements(&Zeroizing::new(audited(public, witness)), witness.inputs.len())
    }

    /// From an element for the account, two for each output, and one for each input.
    fn from_elements(elements: &[Fr], inputs: usize) -> Self {
        let (outputs, spent) = elements[1..].split_at(elements.len() - 1 - inputs);
        Self {
            aid: elements[0],
            outputs: outputs.chunks_exact(2).map(|pair| AuditedOutput { tau: pair[0], m: pair[1] }).collect(),
            inputs: spent.iter().map(|cm| NoteCommitment::from_scalar(*cm)).collect(),
        }
    }

    fn elements(&self) -> Zeroizing<Vec<Fr>> {
        let mut elements = Zeroizing::new(Vec::with_capacity(length(self.inputs.len(), self.outputs.len())));
        elements.push(self.aid);
        elements.extend(self.outputs.iter().flat_map(|output| [output.tau, output.m]));
        elements.extend(self.inputs.iter().map(|cm| cm.to_scalar()));
        elements
    }
}

impl core::fmt::Debug for AuditPlaintext {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("AuditPlaintext(..)")
    }
}

fn length(inputs: usize, outputs: usize) -> usize {
    1 + 2 * outputs + inputs
}

/// `epk` and the encrypted elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditCiphertext {
    epk: jubjub::SubgroupPoint,
    body: Vec<Fr>,
}

/// The parts of a transaction that a ciphertext is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditedTransaction {
    /// `rk`, compressed.
    pub rk: [u8; 32],
    /// The first nullifier.
    pub nf_0: Nullifier,
}

/// `s`, the secret of one ciphertext, which the prover needs too.
pub type AuditSecret = Secret<Fj>;

/// `[audit-secret]`: whether the circuit can multiply by a scalar: it or its negative is, modulo the group's order, an odd
/// integer between 2^251 and 2^252. Nearly half of all scalars are.
pub(crate) fn is_wide(s: &Fj) -> bool {
    let is_odd = |s: &Fj| s.to_bytes()[0] & 1 == 1;
    // Of a scalar that is not zero, and its negative, one is odd; zero is 0 less than the order, which is odd.
    let odd = if is_odd(s) { s.to_bytes() } else { (-(*s + Fj::one())).to_bytes() };
    odd[31] >= 1 << 3
}

/// `[audit-secret]`: `s`, drawn from fresh randomness and everything that is encrypted, until it is one that the circuit can
/// multiply by. A generator that repeats itself gives one `s` only to one and the same transaction, whose ciphertext is then
/// the same too.
pub fn draw_secret(
    key: &AuditorKey,
    of: &AuditedTransaction,
    plaintext: &AuditPlaintext,
    fresh: &mut impl CryptoRng,
) -> AuditSecret {
    let mut drawn = Zeroizing::new([0u8; 32]);
    fresh.fill_bytes(drawn.as_mut_slice());
    let elements = plaintext.elements();
    let mut said = Zeroizing::new(Vec::with_capacity(32 * elements.len()));
    elements.iter().for_each(|element| said.extend_from_slice(&element.to_bytes()));
    let key = key.to_bytes();
    let nf_0 = of.nf_0.to_array();
    let mut counter = 0u32;
    loop {
        let parts = [drawn.as_slice(), &key, &of.rk, &nf_0, &said, &counter.to_le_bytes()];
        let wide = Zeroizing::new(b64(b"LouverAuditS", &parts));
        let s = to_fj(&wide);
        if is_wide(&s) {
            return Secret::new(s);
        }
        counter += 1;
    }
}

/// The part of a transaction that is for the auditors of its pool: the number of the key (`[auditor-key]`) and the
/// ciphertext under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditField {
    /// The number of the auditor key on the chain.
    pub number: u32,
    /// The contents of the transaction, under the key.
    pub ciphertext: AuditCiphertext,
}

/// number u32 || ciphertext
impl Encode for AuditField {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.number.to_le_bytes());
        self.ciphertext.encode(out);
    }
}

impl Decode for AuditField {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { number: reader.u32()?, ciphertext: AuditCiphertext::decode(reader)? })
    }
}

impl AuditCiphertext {
    /// The ciphertext of a transaction by `s`; `None` if `s` is zero.
    pub fn encrypt(
        key: &AuditorKey,
        of: &AuditedTransaction,
        plaintext: &AuditPlaintext,
        s: &AuditSecret,
    ) -> Option<Self> {
        let shared = SharedSecret::new(&(key.0 * s.expose()))?;
        let elements = plaintext.elements();
        let stream = shared.keystream(of.nf_0, elements.len());
        let body = elements.iter().zip(stream.iter()).map(|(element, key)| element + key).collect();
        Some(Self { epk: spend_base() * s.expose(), body })
    }

    /// `epk = [s] G`.
    pub fn epk(&self) -> &jubjub::SubgroupPoint {
        &self.epk
    }

    /// The encrypted elements.
    pub fn body(&self) -> &[Fr] {
        &self.body
    }

    /// Opens the ciphertext of a transaction with so many inputs. With another secret, or of another transaction, what comes
    /// out is random: that the secret is the right one is shown by the proofs with which it was made.
    ///
    /// # Errors
    /// [`DecodeError::OutOfRange`] if its length is not one that a transaction with so many inputs has.
    pub fn decrypt(
        &self,
        shared: &SharedSecret,
        nf_0: Nullifier,
        inputs: usize,
    ) -> Result<AuditPlaintext, DecodeError> {
        let wrong = || DecodeError::OutOfRange { what: "length of an audit ciphertext" };
        let of_outputs = self.body.len().checked_sub(length(inputs, 0)).ok_or_else(wrong)?;
        if of_outputs % 2 != 0 {
            return Err(wrong());
        }
        let stream = shared.keystream(nf_0, self.body.len());
        let elements: Zeroizing<Vec<Fr>> =
            Zeroizing::new(self.body.iter().zip(stream.iter()).map(|(element, key)| element - key).collect());
        Ok(AuditPlaintext::from_elements(&elements, inputs))
    }
}

/// epk 32 || count u8 of elements || elements, 32 each
impl Encode for AuditCiphertext {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&point_bytes(&self.epk));
        out.extend(u8::try_from(self.body.len()));
        self.body.iter().for_each(|element| out.extend_from_slice(&element.to_bytes()));
    }
}

impl Decode for AuditCiphertext {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let epk = reader.subgroup_point()?;
        let count = reader.u8()?;
        let body = (0..count).map(|_| reader.fr()).collect::<Result<_, _>>()?;
        Ok(Self { epk, body })
    }
}

#[cfg(test)]
mod tests;
