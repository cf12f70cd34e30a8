//! The transfer statement.

use louver_core::{
    asset::AssetId,
    encoding::Decode,
    epoch::Epoch,
    note::{NoteCommitment, Nullifier, nullifier::SpendTag},
    shape::Shape,
    spec::Fr,
    statement::{self, InputWitness, OutputWitness, PublicValue, TransferPublic, TransferWitness},
    tree::{Anchor, LEVELS},
    value::Value,
};

use super::{ProtocolError, argument, exponent, keys::asset, pool, scalar, scalars};

data! {
    /// The public side of the statement that a transaction's proof proves.
    pub struct StatementPublic {
        /// Inputs by outputs, such as `2x3`.
        pub shape: String,
        /// The pool's tag.
        pub pool_tag: String,
        /// The epoch that the transaction declares.
        pub epoch: u16,
        /// Whether the public value goes into the pool.
        pub deposit: bool,
        /// The public value.
        pub public_value: u64,
        /// Every public input, in order.
        pub scalars: Vec<String>,
    }
}

secret_data! {
    /// A note to be spent.
    pub struct StatementInput {
        /// Its index.
        pub index: String,
        /// Its epoch.
        pub epoch: String,
        /// Whether it is of the fee's asset.
        pub is_fee_asset: String,
        /// Its value.
        pub value: String,
        /// Whether it came to an address of change.
        pub is_internal: String,
        /// The hash of its address's transmission key.
        pub pk_d_hash: String,
        /// The first nullifier of the transaction that made it.
        pub rho: String,
        /// The commitment's randomness.
        pub rcm: String,
        /// For each level, from the leaf up, the four children, one of which is on the path to the root.
        pub path: Vec<Vec<String>>,
    }
}

secret_data! {
    /// A note to be made.
    pub struct StatementOutput {
        /// Its owner tag.
        pub tau: String,
        /// The commitment's randomness.
        pub rcm: String,
        /// Whether it is of the fee's asset.
        pub is_fee_asset: String,
        /// Its value.
        pub value: String,
    }
}

secret_data! {
    /// The prover's secret knowledge.
    pub struct StatementWitness {
        /// The `u` coordinate of the spend validating key.
        pub ak_u: String,
        /// The `v` coordinate of the spend validating key.
        pub ak_v: String,
        /// The randomizer that `rk` adds to it.
        pub alpha: String,
        /// The nullifier root.
        pub nk: String,
        /// The asset that the transaction moves.
        pub main: String,
        /// The value that passes between the two balances.
        pub exchange: String,
        /// The notes to be spent.
        pub inputs: Vec<StatementInput>,
        /// The notes to be made.
        pub outputs: Vec<StatementOutput>,
    }
}

/// `[transfer-statement]`: checks that a witness satisfies the statement; otherwise names the first clause that fails.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn check_statement(public: StatementPublic, witness: StatementWitness) -> Result<(), ProtocolError> {
    let shape: Shape = public.shape.parse().map_err(|_| argument("shape"))?;
    let public = public.read(shape)?;
    statement::holds(shape, &public, &witness.read()?)
        .map_err(|violation| ProtocolError::Untrue { clause: format!("{violation:?}") })
}

impl StatementPublic {
    fn read(&self, shape: Shape) -> Result<TransferPublic, ProtocolError> {
        let wrong = || argument("scalars");
        let all = scalars("scalars", &self.scalars)?;
        if all.len() != TransferPublic::names(shape).len() {
            return Err(wrong());
        }
        let (anchor, rest) = all.split_first().ok_or_else(wrong)?;
        let (nullifiers, rest) = rest.split_at_checked(shape.inputs()).ok_or_else(wrong)?;
        let (commitments, rest) = rest.split_at_checked(shape.outputs()).ok_or_else(wrong)?;
        let [tag, _, _, rk_u, rk_v, _, asset_pub, fee, fee_asset, ..] = rest else { return Err(wrong()) };
        let nullifier = |scalar: &Fr| Nullifier::from_bytes(&scalar.to_bytes());
        let public_value = match self.deposit {
            true => PublicValue::In(Value(self.public_value)),
            false => PublicValue::Out(Value(self.public_value)),
        };
        let public = TransferPublic {
            anchor: Anchor::from_scalar(*anchor),
            nullifiers: nullifiers.iter().map(nullifier).collect::<Result<_, _>>()?,
            commitments: commitments.iter().map(|cm| NoteCommitment::from_scalar(*cm)).collect(),
            spend_tag: SpendTag::from_scalar(*tag),
            epoch: Epoch(self.epoch),
            pool: pool(&self.pool_tag)?,
            rk: (*rk_u, *rk_v),
            public_value,
            asset_pub: id(asset_pub)?,
            fee: Value(integer(fee)?),
            fee_asset: id(fee_asset)?,
            audit: None,
        };
        // The result must have exactly the given inputs.
        if public.to_scalars() == all { Ok(public) } else { Err(wrong()) }
    }
}

impl StatementWitness {
    fn read(&self) -> Result<TransferWitness, ProtocolError> {
        Ok(TransferWitness {
            ak: (scalar("ak_u", &self.ak_u)?, scalar("ak_v", &self.ak_v)?),
            alpha: exponent("alpha", &self.alpha)?,
            nk: scalar("nk", &self.nk)?,
            main: scalar("main", &self.main)?,
            exchange: scalar("exchange", &self.exchange)?,
            inputs: self.inputs.iter().map(StatementInput::read).collect::<Result<_, _>>()?,
            outputs: self.outputs.iter().map(StatementOutput::read).collect::<Result<_, _>>()?,
            audit_secret: None,
        })
    }
}

impl StatementInput {
    fn read(&self) -> Result<InputWitness, ProtocolError> {
        let level = |level: &Vec<String>| -> Result<[Fr; 4], ProtocolError> {
            scalars("path", level)?.try_into().map_err(|_| argument("path"))
        };
        let path: Vec<_> = self.path.iter().map(level).collect::<Result<_, _>>()?;
        let path: [[Fr; 4]; LEVELS] = path.try_into().map_err(|_| argument("path"))?;
        Ok(InputWitness {
            index: scalar("index", &self.index)?,
            epoch: scalar("epoch", &self.epoch)?,
            is_fee_asset: scalar("is_fee_asset", &self.is_fee_asset)?,
            value: scalar("value", &self.value)?,
            is_internal: scalar("is_internal", &self.is_internal)?,
            pk_d_hash: scalar("pk_d_hash", &self.pk_d_hash)?,
            rho: scalar("rho", &self.rho)?,
            rcm: scalar("rcm", &self.rcm)?,
            path,
        })
    }
}

impl StatementOutput {
    fn read(&self) -> Result<OutputWitness, ProtocolError> {
        Ok(OutputWitness {
            tag: scalar("tau", &self.tau)?,
            rcm: scalar("rcm", &self.rcm)?,
            is_fee_asset: scalar("is_fee_asset", &self.is_fee_asset)?,
            value: scalar("value", &self.value)?,
        })
    }
}

fn integer(scalar: &Fr) -> Result<u64, ProtocolError> {
    let bytes = scalar.to_bytes();
    let (low, high) = bytes.split_first_chunk().ok_or_else(|| argument("scalars"))?;
    match high.iter().all(|byte| *byte == 0) {
        true => Ok(u64::from_le_bytes(*low)),
        false => Err(argument("scalars")),
    }
}

fn id(scalar: &Fr) -> Result<AssetId, ProtocolError> {
    asset(integer(scalar)?)
}
