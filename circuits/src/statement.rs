//! `[transfer-statement]`: the transfer statement as constraints, clause by clause as in `louver_core::statement`.

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use ff::Field;
use louver_core::{
    shape::Shape,
    spec::{Fj, Fr},
    statement::{InputWitness, OutputWitness, TransferPublic, TransferWitness},
};

use crate::{
    audit::AuditWires,
    jubjub::Point,
    keys::AccountWires,
    linear::{Linear, enforce, enforce_equal},
    note::{AmountWires, AssetWires, Limbs, Placed, commitment},
    range::{alloc_bit, enforce_range},
};

/// The transfer statement of a shape, with what is known of its witness.
#[derive(Clone, Copy)]
pub struct Transfer<'a> {
    shape: Shape,
    assignment: Option<(&'a TransferPublic, &'a TransferWitness)>,
}

impl Transfer<'static> {
    /// The statement without a witness: for parameters and figures.
    pub fn of_shape(shape: Shape) -> Self {
        Self { shape, assignment: None }
    }
}

impl<'a> Transfer<'a> {
    /// The statement with a witness, which may be broken: then some constraint fails. `None` unless there is as much of
    /// everything as the shape has.
    pub fn with_witness(
        shape: Shape,
        public: &'a TransferPublic,
        witness: &'a TransferWitness,
    ) -> Option<Self> {
        (public.fits(shape) && witness.fits(shape))
            .then_some(Self { shape, assignment: Some((public, witness)) })
    }
}

impl Circuit<Fr> for Transfer<'_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let witness = self.assignment.map(|(_, witness)| witness);
        let public = Public::alloc(cs, self.shape, self.assignment.map(|(public, _)| public))?;
        let account = AccountWires::alloc(
            &mut cs.namespace(|| "account"),
            witness.map(|witness| witness.ak),
            witness.map(|witness| witness.nk),
        )?;
        let assets = AssetWires::alloc(cs, witness.map(|witness| witness.main), &public.fee_asset)?;
        let transfer = Synthesis { public, account, assets };

        let mut inputs = Vec::new();
        for index in 0..self.shape.inputs() {
            let note = witness.and_then(|witness| witness.inputs.get(index));
            inputs.push(transfer.input(&mut cs.namespace(|| format!("input {index}")), index, note)?);
        }
        transfer.account(cs, witness)?;
        let mut outputs = Vec::new();
        for index in 0..self.shape.outputs() {
            let note = witness.and_then(|witness| witness.outputs.get(index));
            outputs.push(transfer.output(&mut cs.namespace(|| format!("output {index}")), index, note)?);
        }
        transfer.balance(&mut cs.namespace(|| "balance"), &inputs, &outputs, witness)?;
        transfer.spend_tag(&mut cs.namespace(|| "transaction"))?;
        let secret = witness.and_then(|witness| witness.audit_secret.as_ref());
        transfer.audit(&mut cs.namespace(|| "audit"), &inputs, &outputs, secret)
    }
}

/// The public inputs. Their ranges are the ledger's to see to: it builds them.
struct Public {
    anchor: Linear,
    nullifiers: Vec<Linear>,
    commitments: Vec<Linear>,
    spend_tag: Linear,
    epoch: Linear,
    pool: Linear,
    rk: Point,
    public_value: Linear,
    asset_pub: Linear,
    fee: Linear,
    fee_asset: Linear,
    audit: Option<AuditWires>,
}

/// An input as the rest of the statement needs it.
struct InputWires {
    amount: AmountWires,
    commitment: Linear,
}

/// An output as the rest of the statement needs it.
struct OutputWires {
    amount: AmountWires,
    tag: Linear,
    contents: Linear,
}

impl Public {
    fn alloc<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        shape: Shape,
        values: Option<&TransferPublic>,
    ) -> Result<Self, SynthesisError> {
        let values = values.map(TransferPublic::to_scalars);
        let names = TransferPublic::names(shape);
        let mut wires = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let value = values.as_ref().and_then(|values| values.get(index).copied());
            wires.push(Linear::alloc_input(cs, name, value)?);
        }
        let mut wires = wires.into_iter();
        let mut next = || wires.next().ok_or(SynthesisError::AssignmentMissing);
        let anchor = next()?;
        let nullifiers = (0..shape.inputs()).map(|_| next()).collect::<Result<_, _>>()?;
        let commitments = (0..shape.outputs()).map(|_| next()).collect::<Result<_, _>>()?;
        let mut public = Self {
            anchor,
            nullifiers,
            commitments,
            spend_tag: next()?,
            epoch: next()?,
            pool: next()?,
            rk: Point { u: next()?, v: next()? },
            public_value: next()?,
            asset_pub: next()?,
            fee: next()?,
            fee_asset: next()?,
            audit: None,
        };
        // ext is in no clause of version 1: the ledger supplies 0, and a proof holds for one value of every public input.
        next()?;
        if shape.is_audited() {
            let auditor = Point { u: next()?, v: next()? };
            let epk = Point { u: next()?, v: next()? };
            let body = (0..shape.audit_elements()).map(|_| next()).collect::<Result<_, _>>()?;
            public.audit = Some(AuditWires { auditor, epk, body });
        }
        Ok(public)
    }
}

struct Synthesis {
    public: Public,
    account: AccountWires,
    assets: AssetWires,
}

impl Synthesis {
    /// 1. `[transfer-input]`
    fn input<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        index: usize,
        note: Option<&InputWitness>,
    ) -> Result<InputWires, SynthesisError> {
        // Limbs are bounded here as well as where the note was made: else it could be opened with other limbs of the
        // same sum.
        let idx = Linear::alloc(cs, "index", note.map(|note| note.index))?;
        enforce_range(cs, "index", &idx, 8)?;
        let epoch = Linear::alloc(cs, "epoch", note.map(|note| note.epoch))?;
        enforce_range(cs, "epoch", &epoch, 16)?;
        // E - e in 16 bits: no note of a later epoch.
        enforce_range(cs, "epoch order", &(&self.public.epoch - &epoch), 16)?;
        let (value, is_fee_asset) = (note.map(|note| note.value), note.map(|note| note.is_fee_asset));
        let amount = self.assets.alloc_amount(cs, value, is_fee_asset)?;

        let keys = self.account.epoch_keys(cs, &self.public.pool, &epoch)?;
        // One of the account's two tag keys, and nothing between or beyond them: there lie the tag keys of others.
        let is_internal = alloc_bit(cs, "is internal", note.map(|note| note.is_internal))?;
        let pk_d_hash = Linear::alloc(cs, "pk_d_hash", note.map(|note| note.pk_d_hash))?;
        let tag = keys.owner_tag(cs, &is_internal, &pk_d_hash)?;
        let limbs = Limbs { index: &idx, epoch: &epoch, asset: &amount.asset, value: &amount.value };
        let placed = Placed::alloc(cs, &tag, &limbs, note.map(Into::into))?;

        // Dummies have value 0 and need not stand in the tree; notes that have a value must.
        enforce(cs, "root", &amount.value, &(&placed.root - &self.public.anchor), &Linear::zero());

        let nullifier = keys.nullifier(cs, &placed.commitment)?;
        enforce_equal(cs, "nullifier", &nullifier, &self.public.nullifiers[index]);
        Ok(InputWires { amount, commitment: placed.commitment })
    }

    /// 2. `[transfer-account]` That `ak` is on the curve and not of small order was enforced where it was made, and
    ///    that all inputs share the account is in the use of one `ak` and one `nk`.
    fn account<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        witness: Option<&TransferWitness>,
    ) -> Result<(), SynthesisError> {
        self.account.enforce_randomized(cs, witness.map(|witness| &witness.alpha), &self.public.rk)
    }

    /// 3. `[transfer-output]` The owner tag is the payer's word: a wrong one makes a note that nobody can spend.
    fn output<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        index: usize,
        note: Option<&OutputWitness>,
    ) -> Result<OutputWires, SynthesisError> {
        let (value, is_fee_asset) = (note.map(|note| note.value), note.map(|note| note.is_fee_asset));
        let amount = self.assets.alloc_amount(cs, value, is_fee_asset)?;
        let tag = Linear::alloc(cs, "tag", note.map(|note| note.tag))?;
        let rcm = Linear::alloc(cs, "rcm", note.map(|note| note.rcm))?;
        let idx = Linear::constant(Fr::from(index as u64));
        let limbs =
            Limbs { index: &idx, epoch: &self.public.epoch, asset: &amount.asset, value: &amount.value };
        let cm = commitment(cs, &tag, &self.public.nullifiers[0], &limbs, &rcm)?;
        enforce_equal(cs, "commitment", &cm, &self.public.commitments[index]);
        let contents = limbs.packed();
        Ok(OutputWires { amount, tag, contents })
    }

    /// 4. `[transfer-balance]` At most 17 terms of 64 bits and one `x` bounded by them: no sum comes near the field's
    ///    order.
    fn balance<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        inputs: &[InputWires],
        outputs: &[OutputWires],
        witness: Option<&TransferWitness>,
    ) -> Result<(), SynthesisError> {
        let public = &self.public;
        let exchange = Linear::alloc(cs, "exchange", witness.map(|witness| witness.exchange))?;
        let sides = inputs.iter().map(|input| (Fr::ONE, &input.amount));
        let sides = sides.chain(outputs.iter().map(|output| (-Fr::ONE, &output.amount)));
        let (mut main, mut fee) = (Linear::zero(), Linear::zero());
        for (sign, amount) in sides {
            main = main.add_scaled(sign, &amount.value).add_scaled(-sign, &amount.in_fee_asset);
            fee = fee.add_scaled(sign, &amount.in_fee_asset);
        }
        enforce_equal(cs, "main", &main, &(&public.public_value + &exchange));
        enforce_equal(cs, "fee asset", &(&fee + &exchange), &public.fee);
        enforce(cs, "exchange", &exchange, self.assets.step(), &Linear::zero());
        let difference = self.assets.main() - &public.asset_pub;
        enforce(cs, "public asset", &public.public_value, &difference, &Linear::zero());
        Ok(())
    }

    /// 5. `[transfer-spend-tag]`
    fn spend_tag<CS: ConstraintSystem<Fr>>(&self, cs: &mut CS) -> Result<(), SynthesisError> {
        let keys = self.account.epoch_keys(cs, &self.public.pool, &self.public.epoch)?;
        let spend_tag = keys.spend_tag(cs, &self.public.nullifiers[0])?;
        enforce_equal(cs, "spend tag", &spend_tag, &self.public.spend_tag);
        Ok(())
    }

    /// 6. `[audited-transfer]` In shapes of audited pools.
    fn audit<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        inputs: &[InputWires],
        outputs: &[OutputWires],
        secret: Option<&Fj>,
    ) -> Result<(), SynthesisError> {
        let Some(audit) = &self.public.audit else { return Ok(()) };
        let mut said = vec![self.account.account_id(cs, &self.public.pool)?];
        said.extend(outputs.iter().flat_map(|output| [output.tag.clone(), output.contents.clone()]));
        said.extend(inputs.iter().map(|input| input.commitment.clone()));
        audit.enforce(cs, secret, &self.public.nullifiers[0], &said)
    }
}

#[cfg(test)]
mod tests;
