//! Ledgers to try things on: a small genesis, a host that keeps balances, and transactions that nobody proved.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

use core::convert::Infallible;

use super::{
    DisclosureTerms, EnteredKey, FeeTerms, Finality, Genesis, GenesisTerms, Guardians, Host, HostError,
    HostRefusal, KeyHashes, Ledger, OperationFees, Quorum, RulesTerms, ShapeTerms, SnapshotTerms, registry,
};
use crate::{
    agreement::Element,
    asset::{AssetDescriptor, AssetId},
    audit::{AuditorKey, NumberedKey},
    disclosure::Statement,
    encoding::{Decode, Encode, point_bytes},
    epoch::{Epoch, EpochSchedule},
    keys::SpendSignature,
    note::{
        EncryptedNote, MemoBucket, NoteCommitment, Nullifier,
        encryption::{COMPACT_LENGTH, OUTGOING_LENGTH},
    },
    pool::{PoolId, RulesVersion},
    proof::Proof,
    secret::Secret,
    shape::Shape,
    spec::{Fj, Fl, Fr, b32, spend_base},
    store::{Overlay, Store, StoreError, Table, record},
    transaction::{
        Authorization, Effects, Fee, PublicSide, Transaction, TransparentAccount, TxContext, Verified,
    },
    tree::Anchor,
    value::Value,
};

const BALANCES: Table = Table("testing.balances");

/// The account that fees go to.
pub const FEE_ACCOUNT: TransparentAccount = TransparentAccount([0xfe; 32]);

/// A host that keeps a balance for each account and asset, and takes [`TestHost::authorization`] for an authorisation.
#[derive(Clone, Copy, Debug, Default)]
pub struct TestHost;

impl TestHost {
    /// The signature of `account` under a message.
    pub fn authorization(account: &TransparentAccount, message: &[u8; 32]) -> [u8; 32] {
        b32(b"TestHost", &[&account.0, message])
    }

    /// The auditor keys, from the first block on: number 1 ends with block 3, number 2 does not, and there are no others.
    pub fn auditor_key(number: u32) -> Option<EnteredKey> {
        let until = match number {
            1 => Some(3),
            2 => None,
            _ => return None,
        };
        let key = point_bytes(&(spend_base() * Fj::from(u64::from(number))));
        Some(EnteredKey { key: AuditorKey::from_bytes(&key).unwrap(), until })
    }

    /// The balance of an account.
    pub fn balance(
        state: &Overlay<'_>,
        account: &TransparentAccount,
        asset: AssetId,
    ) -> Result<Value, StoreError> {
        record::amount(state, BALANCES, &key(account, asset))
    }
}

fn key(account: &TransparentAccount, asset: AssetId) -> Vec<u8> {
    [account.0.as_slice(), &asset.to_le_bytes()].concat()
}

impl Host for TestHost {
    fn auditor(&self, _: &Overlay<'_>, number: u32) -> Result<Option<EnteredKey>, StoreError> {
        Ok(Self::auditor_key(number))
    }

    fn debit(
        &self,
        state: &mut Overlay<'_>,
        account: &TransparentAccount,
        asset: AssetId,
        amount: Value,
    ) -> Result<(), HostError> {
        let balance = Self::balance(state, account, asset)?;
        let rest = balance
            .checked_sub(amount)
            .ok_or(HostRefusal::InsufficientBalance { balance, needed: amount })?;
        state.put(BALANCES, &key(account, asset), &rest.0.to_le_bytes());
        Ok(())
    }

    fn credit(
        &self,
        state: &mut Overlay<'_>,
        account: &TransparentAccount,
        asset: AssetId,
        amount: Value,
    ) -> Result<(), HostError> {
        let sum = Self::balance(state, account, asset)?.checked_add(amount).ok_or(HostRefusal::Overflow)?;
        state.put(BALANCES, &key(account, asset), &sum.0.to_le_bytes());
        Ok(())
    }

    fn authorize(
        &self,
        _: &Overlay<'_>,
        account: &TransparentAccount,
        message: &[u8; 32],
        authorization: &[u8],
    ) -> Result<(), HostError> {
        match authorization == Self::authorization(account, message) {
            true => Ok(()),
            false => Err(HostRefusal::Unauthorized.into()),
        }
    }
}

/// Asset `id`, of those that [`genesis`] registers: 1 and 2 take fees, 3 does not.
pub fn asset(id: u8) -> AssetId {
    AssetId::new(id.into()).unwrap()
}

/// A rules version that allows some shapes, with keys that nobody has: hashes made of the circuits' codes.
pub fn rules(version: u32, from: u32, until: Option<u32>, allowed: &[Shape]) -> RulesTerms {
    let keys = |code: u8| KeyHashes { verifying: [code; 32], proving: [code; 32] };
    RulesTerms {
        version: RulesVersion(version),
        from,
        until,
        shapes: allowed.iter().map(|shape| ShapeTerms { shape: *shape, keys: keys(shape.code()) }).collect(),
        disclosures: DisclosureTerms::new(
            Statement::NEEDED.map(|statement| (statement, keys(statement.code()))),
        )
        .expect("those that are needed"),
    }
}

/// A chain whose blocks one authority seals; its signing key is 32 bytes of 7.
pub fn solo() -> Finality {
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
    Finality::Solo { authorities: Quorum::new(1, vec![key]).unwrap(), trusting_period: 1_000_000 }
}

/// A genesis with epochs of 40 seconds and 8 of grace, anchors for 10 blocks, three assets, fees of at least 1 to 4 by
/// shape, rules version 1 until block 70 and version 2, without 2x16, from block 5.
pub fn genesis() -> Genesis {
    let assets = [(1, "EUR"), (2, "LVR"), (3, "ART")];
    let minimum = [1, 2, 3, 4].map(Value);
    Genesis::new(GenesisTerms {
        chain: "testing".to_owned(),
        time: 0,
        schedule: EpochSchedule::seconds(0, 40, 8).unwrap(),
        anchor_window: 10,
        pool: PoolId(1),
        fee_account: FEE_ACCOUNT,
        development: true,
        block_interval: 60,
        snapshots: SnapshotTerms::EACH_EPOCH,
        finality: solo(),
        guardians: Guardians::NONE,
        assets: assets
            .iter()
            .map(|(id, symbol)| AssetDescriptor::new(asset(*id), symbol, 2, [*id; 32], b"").unwrap())
            .collect(),
        balances: Vec::new(),
        fees: [1, 2]
            .map(|id| FeeTerms { asset: asset(id), minimum, operations: OperationFees::default() })
            .to_vec(),
        rules: vec![rules(1, 1, Some(70), &Shape::PLAIN), rules(2, 5, None, &Shape::PLAIN[..3])],
    })
    .unwrap()
}

/// A ledger of [`genesis`] on whose host accounts `[1; 32]` to `[4; 32]` hold a million of each asset.
pub fn ledger<S: Store>(store: S, genesis: Genesis) -> Ledger<S> {
    Ledger::open_with(store, genesis, |state| {
        for account in 1..=4 {
            for id in 1..=3 {
                state.put(
                    BALANCES,
                    &key(&TransparentAccount([account; 32]), asset(id)),
                    &1_000_000u64.to_le_bytes(),
                );
            }
        }
        Ok(())
    })
    .unwrap()
}

/// A transaction to be made for tests: its nullifiers and commitments come from numbers.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The pool it names.
    pub pool: PoolId,
    /// The rules version it names.
    pub rules: RulesVersion,
    /// The epoch it declares.
    pub epoch: Epoch,
    /// Its expiry height.
    pub expiry: u32,
    /// Its shape.
    pub shape: Shape,
    /// A number for each of the first inputs; the others get numbers that follow from the first.
    pub spends: Vec<u64>,
    /// Its movement across the pool's border.
    pub public_side: PublicSide,
    /// Its fee.
    pub fee: Fee,
    /// The root it is proven under.
    pub anchor: Anchor,
    /// The account that signs for the host.
    pub signer: Option<TransparentAccount>,
    /// The number of the auditor key that it names, in shapes of audited pools.
    pub auditor: u32,
}

impl Draft {
    /// A 2x3 of epoch 0 under rules version 1 that moves nothing over the border, pays 1 of asset 1 and expires with
    /// the epoch.
    pub fn internal(spend: u64, anchor: Anchor) -> Self {
        Self {
            pool: PoolId(1),
            rules: RulesVersion(1),
            epoch: Epoch(0),
            expiry: 48,
            shape: Shape::TwoByThree,
            spends: vec![spend],
            public_side: PublicSide::Internal,
            fee: Fee::new(asset(1), Value(1)).unwrap(),
            anchor,
            signer: None,
            auditor: 1,
        }
    }

    /// A deposit by an account that authorises it, without a declared fee.
    pub fn deposit(
        spend: u64,
        anchor: Anchor,
        payer: TransparentAccount,
        asset: AssetId,
        amount: u64,
    ) -> Self {
        Self {
            public_side: PublicSide::Deposit { asset, amount: Value(amount), payer },
            fee: Fee::NONE,
            signer: Some(payer),
            ..Self::internal(spend, anchor)
        }
    }

    /// A withdrawal to an account, that pays 1 of asset 1.
    pub fn withdrawal(
        spend: u64,
        anchor: Anchor,
        to: TransparentAccount,
        asset: AssetId,
        amount: u64,
    ) -> Self {
        Self {
            public_side: PublicSide::Withdrawal { asset, amount: Value(amount), recipient: to },
            ..Self::internal(spend, anchor)
        }
    }

    fn nullifier(&self, input: usize) -> Nullifier {
        let first = self.spends.first().copied().unwrap_or_default();
        let wide = match self.spends.get(input) {
            Some(spend) => Fr::from(*spend) * Fr::from(1 << 32) + Fr::one(),
            None => Fr::from(first) * Fr::from(1 << 32) + Fr::from(100 + input as u64),
        };
        Nullifier::from_scalar(wide).unwrap()
    }

    fn commitment(&self, output: usize) -> NoteCommitment {
        NoteCommitment::from_scalar(self.nullifier(0).to_scalar().square() + Fr::from(output as u64))
    }
}

impl Draft {
    /// The effects, with a key, ciphertexts and a spend tag that mean nothing.
    pub fn effects(&self) -> Effects {
        let point = point_bytes(&spend_base());
        let element = Element::generator_times(&Secret::new(Fl::ONE));
        let mut bytes = vec![1];
        for number in [self.pool.0, self.rules.0, self.expiry] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        self.shape.encode(&mut bytes);
        self.epoch.encode(&mut bytes);
        MemoBucket::Small.encode(&mut bytes);
        (0..self.shape.inputs()).for_each(|input| self.nullifier(input).encode(&mut bytes));
        for output in 0..self.shape.outputs() {
            self.commitment(output).encode(&mut bytes);
            element.encode(&mut bytes);
            bytes.extend([0; COMPACT_LENGTH]);
            bytes.resize(bytes.len() + EncryptedNote::rest_length(MemoBucket::Small) + OUTGOING_LENGTH, 0);
        }
        bytes.extend_from_slice(&Fr::one().to_bytes());
        self.public_side.encode(&mut bytes);
        self.fee.encode(&mut bytes);
        bytes.push(self.shape.is_audited().into());
        if self.shape.is_audited() {
            bytes.extend_from_slice(&self.auditor.to_le_bytes());
            bytes.extend_from_slice(&point);
            bytes.extend(u8::try_from(self.shape.audit_elements()));
            bytes.resize(bytes.len() + 32 * self.shape.audit_elements(), 0);
        }
        bytes.extend_from_slice(&point);
        Effects::from_bytes(&bytes).unwrap()
    }

    /// The transaction, unproven, authorised for the host in a context.
    pub fn transaction(&self, context: &TxContext) -> Transaction {
        let effects = self.effects();
        let message = effects.sighash(context).host_message();
        let host = self.signer.map(|signer| TestHost::authorization(&signer, &message).to_vec());
        let (proof, signature) = (Proof::from_array([0; 192]), SpendSignature::from_array([0; 64]));
        let authorization = Authorization::new(self.anchor, proof, signature, host.unwrap_or_default());
        Transaction::new(effects, authorization.unwrap()).unwrap()
    }

    /// The transaction as if its proof and signature had been verified.
    pub fn verified(&self, context: TxContext) -> Verified {
        Verified::unchecked(self.transaction(&context), context)
    }

    /// The context that a ledger binds to the transaction: the descriptors of known assets.
    pub fn context<S: Store>(&self, ledger: &Ledger<S>) -> TxContext {
        let hash = |asset| {
            let known = registry::descriptor(&ledger.state(), asset).unwrap();
            Ok::<_, Infallible>(known.map(|known| known.hash()).unwrap_or_default())
        };
        let Ok(context) = TxContext::of(ledger.genesis().hash(), &self.public_side, self.fee, hash);
        let auditor = self.shape.is_audited().then(|| TestHost::auditor_key(self.auditor)).flatten();
        context.with_auditor(auditor.map(|entered| NumberedKey { number: self.auditor, key: entered.key }))
    }
}
