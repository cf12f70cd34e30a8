//! `[epoch-keys]`: the keys of one account in one pool and epoch. Each can be granted without the others.

use core::fmt;

use aes::{
    Aes256,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};
use jubjub::SubgroupPoint;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{account::Direction, ggm::GgmLeaf};
use crate::{
    address::{Address, Diversifier, OwnerTag},
    agreement::Element,
    encoding::{Decode, DecodeError, Reader, coordinates},
    epoch::Epoch,
    note::{
        commitment::NoteCommitment,
        nullifier::{Nullifier, SpendTag},
    },
    pool::PoolTag,
    poseidon::{self, Domain},
    secret::{ExposeBytes, Secret},
    spec::{Fl, Fr},
};

/// `tkx_e`, `nk_e`, `sd_e` and `tki_e` of an account in one pool and epoch.
#[derive(Clone)]
pub struct EpochKeys {
    /// `tkx_e`: binds the addresses that the account gives out to it.
    pub external_tag: TagKey,
    /// The key that the nullifiers of the epoch's notes are derived from.
    pub nullifier: NullifierKey,
    /// The key that marks the account's transactions of the epoch.
    pub detection: DetectionKey,
    /// `tki_e`: binds the addresses of the account's change to it.
    pub internal_tag: TagKey,
}

impl EpochKeys {
    /// The keys of an account in one pool and epoch.
    pub fn derive(ak: &SubgroupPoint, nk: &Secret<Fr>, pool: PoolTag, epoch: Epoch) -> Self {
        let keys = EpochScalars::derive(coordinates(ak), *nk.expose(), pool, epoch.to_scalar());
        Self {
            external_tag: TagKey { tk: Secret::new(keys.external_tag) },
            nullifier: NullifierKey { pool, epoch, nk: Secret::new(keys.nullifier) },
            detection: DetectionKey { pool, epoch, sd: Secret::new(keys.detection) },
            internal_tag: TagKey { tk: Secret::new(keys.internal_tag) },
        }
    }

    /// The tag key of the addresses of a direction.
    pub fn tag(&self, direction: Direction) -> &TagKey {
        match direction {
            Direction::External => &self.external_tag,
            Direction::Internal => &self.internal_tag,
        }
    }

    /// The direction of an address that bears a tag of the account's; `None` if it is another account's. The caller
    /// sees to it that the address is of the keys' pool and epoch.
    pub fn direction_of(&self, address: &Address) -> Option<Direction> {
        Direction::ALL
            .into_iter()
            .find(|direction| self.tag(*direction).owner_tag(address.pk_d()) == address.tag())
    }
}

/// `[epoch-keys]` as field elements, as statements have them. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct EpochScalars {
    pub(crate) external_tag: Fr,
    pub(crate) nullifier: Fr,
    pub(crate) detection: Fr,
    pub(crate) internal_tag: Fr,
}

impl EpochScalars {
    /// `P[acct; ak.u, ak.v, nk, pool * 2^16 + e]`, lanes 1 to 4. Takes any field elements, as broken witnesses have
    /// them.
    pub(crate) fn derive(ak: (Fr, Fr), nk: Fr, pool: PoolTag, epoch: Fr) -> Self {
        let scope = pool.to_scalar() * Fr::from(1 << 16) + epoch;
        let [external_tag, nullifier, detection, internal_tag] =
            poseidon::lanes(Domain::Account, &[ak.0, ak.1, nk, scope]);
        Self { external_tag, nullifier, detection, internal_tag }
    }

    /// The tag key of a direction: the external one at 0, the internal one at 1. Any other element gives a key between or
    /// beyond them, where those of other accounts lie.
    pub(crate) fn tag_key(&self, is_internal: Fr) -> Fr {
        self.external_tag + is_internal * (self.internal_tag - self.external_tag)
    }
}

impl fmt::Debug for EpochKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EpochKeys(..)")
    }
}

/// `tkx_e` or `tki_e`: makes the owner tags of the account's addresses of one direction. Its holder can see that they
/// belong to one account, and recognises none of the other direction.
#[derive(Clone)]
pub struct TagKey {
    tk: Secret<Fr>,
}

impl TagKey {
    /// The key with this value.
    pub fn from_scalar(tk: Secret<Fr>) -> Self {
        Self { tk }
    }

    /// The key as a field element, as circuits see it.
    pub fn to_scalar(&self) -> &Secret<Fr> {
        &self.tk
    }

    /// `[owner-tag]`: `H_tag(tk_e, h(pk_d))`.
    pub fn owner_tag(&self, pk_d: &Element) -> OwnerTag {
        self.owner_tag_at(pk_d.hash())
    }

    /// The owner tag of a hash that need not be that of an element, as dummies have it.
    pub fn owner_tag_at(&self, pk_d_hash: Fr) -> OwnerTag {
        OwnerTag::from_scalar(poseidon::hash(Domain::Tag, &[*self.tk.expose(), pk_d_hash]))
    }
}

impl fmt::Debug for TagKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TagKey(..)")
    }
}

/// `nk_e`: who holds it sees every spend, whenever made, of the account's notes of the epoch.
#[derive(Clone)]
pub struct NullifierKey {
    pool: PoolTag,
    epoch: Epoch,
    nk: Secret<Fr>,
}

impl NullifierKey {
    /// The key with this value, of notes of `epoch` in `pool`.
    pub fn new(pool: PoolTag, epoch: Epoch, nk: Secret<Fr>) -> Self {
        Self { pool, epoch, nk }
    }

    /// The pool it speaks of.
    pub fn pool(&self) -> PoolTag {
        self.pool
    }

    /// The epoch of the notes it speaks of.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The key as a field element, as circuits see it.
    pub fn to_scalar(&self) -> &Secret<Fr> {
        &self.nk
    }

    /// `[nullifier]`: `H_nf(nk_e, cm)`, of any leaf, whether or not its contents are known.
    pub fn nullifier(&self, cm: NoteCommitment) -> Nullifier {
        Nullifier::derive(&self.nk, cm)
    }
}

impl fmt::Debug for NullifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NullifierKey(..)")
    }
}

/// `sd_e`: who holds it sees which transactions declaring the epoch the account authorises.
#[derive(Clone)]
pub struct DetectionKey {
    pool: PoolTag,
    epoch: Epoch,
    sd: Secret<Fr>,
}

impl DetectionKey {
    /// The key with this value, of transactions declaring `epoch` in `pool`.
    pub fn new(pool: PoolTag, epoch: Epoch, sd: Secret<Fr>) -> Self {
        Self { pool, epoch, sd }
    }

    /// The pool it speaks of.
    pub fn pool(&self) -> PoolTag {
        self.pool
    }

    /// The epoch of the transactions it speaks of.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The key as a field element, as circuits see it.
    pub fn to_scalar(&self) -> &Secret<Fr> {
        &self.sd
    }

    /// `[spend-tag]`: `H_st(sd_E, nf_0)`.
    pub fn spend_tag(&self, first: Nullifier) -> SpendTag {
        SpendTag::from_scalar(poseidon::hash(Domain::SpendTag, &[*self.sd.expose(), first.to_scalar()]))
    }
}

impl fmt::Debug for DetectionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DetectionKey(..)")
    }
}

/// Which of the many unlinkable addresses of a direction, pool and epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressIndex(pub u64);

/// The key that receives in one direction, pool and epoch. It finds and reads the notes sent there, and derives its
/// addresses.
#[derive(Clone)]
pub struct IncomingViewingKey {
    pool: PoolTag,
    epoch: Epoch,
    ivk: Secret<Fl>,
    dk: Secret<[u8; 32]>,
    tag: TagKey,
}

impl IncomingViewingKey {
    /// The key of a leaf of the external or internal view, with the tag key of the same account, direction,
    /// pool and epoch.
    pub fn new(pool: PoolTag, epoch: Epoch, leaf: &GgmLeaf, tag: TagKey) -> Self {
        Self { pool, epoch, ivk: leaf.ivk(), dk: leaf.dk(), tag }
    }

    /// The pool it reads.
    pub fn pool(&self) -> PoolTag {
        self.pool
    }

    /// The epoch it reads.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The scalar of the key agreement.
    pub fn ivk(&self) -> &Secret<Fl> {
        &self.ivk
    }

    /// The address of an index.
    pub fn address(&self, index: AddressIndex) -> Address {
        self.address_of(self.diversifier(index))
    }

    /// The address of a diversifier, whichever its index.
    pub fn address_of(&self, diversifier: Diversifier) -> Address {
        let pk_d = diversifier.base().times(&self.ivk);
        let tag = self.tag.owner_tag(&pk_d);
        Address::from_parts(self.pool, self.epoch, diversifier, pk_d, tag)
    }

    /// The index of an address of this key; `None` for any other.
    pub fn index_of(&self, address: &Address) -> Option<AddressIndex> {
        let mut block = (*address.diversifier().as_bytes()).into();
        self.cipher().decrypt_block(&mut block);
        let index = AddressIndex(u64::try_from(u128::from_le_bytes(block.into())).ok()?);
        (self.address_of(*address.diversifier()) == *address).then_some(index)
    }

    /// The key that derives the owner tags of the account's addresses of the direction and epoch.
    pub fn tag_key(&self) -> &TagKey {
        &self.tag
    }

    fn diversifier(&self, index: AddressIndex) -> Diversifier {
        let mut block = u128::from(index.0).to_le_bytes().into();
        self.cipher().encrypt_block(&mut block);
        Diversifier::new(block.into())
    }

    fn cipher(&self) -> Aes256 {
        Aes256::new(self.dk.expose().into())
    }
}

impl fmt::Debug for IncomingViewingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IncomingViewingKey(..)")
    }
}

/// The key that reads the outputs that the account sends in one pool and epoch, if they are sealed to it.
#[derive(Clone)]
pub struct OutgoingViewingKey {
    pool: PoolTag,
    epoch: Epoch,
    ovk: Secret<[u8; 32]>,
}

impl OutgoingViewingKey {
    /// The key of a leaf of the outgoing view.
    pub fn new(pool: PoolTag, epoch: Epoch, leaf: &GgmLeaf) -> Self {
        Self { pool, epoch, ovk: leaf.ovk() }
    }

    /// The pool it reads.
    pub fn pool(&self) -> PoolTag {
        self.pool
    }

    /// The epoch it reads.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The key's bytes.
    pub fn ovk(&self) -> &Secret<[u8; 32]> {
        &self.ovk
    }
}

impl fmt::Debug for OutgoingViewingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OutgoingViewingKey(..)")
    }
}

/// `pool || e || parts...`: how each key of an epoch is written.
fn scoped(pool: PoolTag, epoch: Epoch, parts: &mut [[u8; 32]]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(18 + 32 * parts.len()));
    out.extend_from_slice(&pool.to_le_bytes());
    out.extend_from_slice(&epoch.0.to_le_bytes());
    for part in parts {
        out.extend_from_slice(part);
        part.zeroize();
    }
    out
}

impl ExposeBytes for IncomingViewingKey {
    /// `pool || e || ivk || dk || tk`, 114 bytes.
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let parts = &mut [self.ivk.expose().to_bytes(), *self.dk.expose(), self.tag.tk.expose().to_bytes()];
        scoped(self.pool, self.epoch, parts)
    }
}

impl Decode for IncomingViewingKey {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (pool, epoch) = (PoolTag::decode(reader)?, Epoch::decode(reader)?);
        let ivk = Secret::new(reader.fl()?);
        if ivk == Secret::new(Fl::ZERO) {
            return Err(DecodeError::OutOfRange { what: "incoming viewing key" });
        }
        let dk = Secret::new(reader.array()?);
        Ok(Self { pool, epoch, ivk, dk, tag: TagKey { tk: Secret::new(reader.fr()?) } })
    }
}

impl ExposeBytes for OutgoingViewingKey {
    /// `pool || e || ovk`, 50 bytes.
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        scoped(self.pool, self.epoch, &mut [*self.ovk.expose()])
    }
}

impl Decode for OutgoingViewingKey {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (pool, epoch) = (PoolTag::decode(reader)?, Epoch::decode(reader)?);
        Ok(Self { pool, epoch, ovk: Secret::new(reader.array()?) })
    }
}

impl ExposeBytes for NullifierKey {
    /// `pool || e || nk_e`, 50 bytes.
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        scoped(self.pool, self.epoch, &mut [self.nk.expose().to_bytes()])
    }
}

impl Decode for NullifierKey {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (pool, epoch) = (PoolTag::decode(reader)?, Epoch::decode(reader)?);
        Ok(Self { pool, epoch, nk: Secret::new(reader.fr()?) })
    }
}

impl ExposeBytes for DetectionKey {
    /// `pool || e || sd_e`, 50 bytes.
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        scoped(self.pool, self.epoch, &mut [self.sd.expose().to_bytes()])
    }
}

impl Decode for DetectionKey {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (pool, epoch) = (PoolTag::decode(reader)?, Epoch::decode(reader)?);
        Ok(Self { pool, epoch, sd: Secret::new(reader.fr()?) })
    }
}
