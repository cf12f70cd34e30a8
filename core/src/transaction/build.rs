//! `[shuffle]`: from a plan to effects and a witness: dummies, shuffling, fresh randomness, encryption.

use ff::Field;
use rand_core::CryptoRng;

use super::{
    Effects, hedge,
    plan::{BuildError, Payment, Spend, TransferPlan},
    stage::{Built, SigningRequest},
};
use crate::{
    address::Address,
    asset::AssetId,
    audit::{AuditCiphertext, AuditField, AuditPlaintext, AuditedTransaction, draw_secret},
    encoding::coordinates,
    keys::{Direction, EpochKeys, FullViewingKey, OutgoingViewingKey, RandomizedKey},
    note::{
        Dummies, EncryptedNote, Note, NoteCommitment, NoteError, NoteParts, Nullifier, encryption::encrypt,
    },
    secret::Secret,
    spec::{Fj, Fr},
    statement::{InputWitness, OutputWitness, TransferWitness, Violation, holds},
    tree::{LEVELS, MerklePath},
};

impl TransferPlan {
    /// Builds the transaction for the account whose notes are spent: checks the plan, pads it with dummies, shuffles
    /// inputs and outputs, and encrypts.
    ///
    /// In an audited pool, the contents are encrypted to the context's auditor key.
    ///
    /// `[hedged-build]`: `alpha` and the seed of every note are drawn anew, so two builds of a plan share nullifiers, and
    /// nothing else. Two builds of different plans share nothing even if `rng` repeats itself.
    pub fn build(self, account: &FullViewingKey, rng: &mut impl CryptoRng) -> Result<Built, BuildError> {
        self.check(account)?;
        let main = self.main_asset()?;
        let rng = &mut hedge::generator(&self, account, rng);
        let (alpha, rk) = randomize(account, rng);
        let pool = self.pool_tag();
        let build = Build {
            plan: &self,
            account,
            main,
            keys: account.epoch_keys(pool, self.epoch),
            dummies: Dummies::new(account.dummy_root(), &rk),
        };

        let mut inputs = Vec::new();
        let mut leaves = Vec::new();
        let mut nullifiers = Vec::new();
        for (slot, spend) in (0..).zip(slots(self.spends.len(), self.shape.inputs(), rng)) {
            let spend = spend.map(|spend| &self.spends[spend]);
            let (nullifier, witness) = match spend {
                Some(spend) => build.spend(spend),
                None => build.dummy_input(slot),
            };
            leaves.push(spend.map(|spend| spend.note.commitment()));
            nullifiers.push(nullifier);
            inputs.push(witness);
        }
        // Every shape has inputs.
        let rho = nullifiers[0];

        let mut outputs = Vec::new();
        let mut notes = Vec::new();
        for (slot, payment) in (0..).zip(slots(self.payments.len(), self.shape.outputs(), rng)) {
            let (note, witness) = match payment {
                Some(payment) => build.payment(payment, slot, rho, rng)?,
                None => build.dummy_output(slot, rho, rng),
            };
            notes.push(note);
            outputs.push(witness);
        }

        let exchange = if main == self.fee.asset() { self.fee.amount().to_scalar() } else { Fr::ZERO };
        let mut witness = TransferWitness {
            ak: coordinates(account.ak()),
            alpha: *alpha.expose(),
            nk: *account.nk().expose(),
            main: main.to_scalar(),
            exchange,
            inputs,
            outputs,
            audit_secret: None,
        };
        let mut effects = Effects {
            pool: self.pool,
            rules: self.rules,
            expiry_height: self.expiry_height,
            shape: self.shape,
            epoch: self.epoch,
            memo_bucket: self.memo_bucket,
            spend_tag: build.keys.detection.spend_tag(rho),
            nullifiers,
            outputs: notes,
            public_side: self.public_side,
            fee: self.fee,
            audit: None,
            rk,
        };
        if let Some(auditor) = self.context.auditor {
            let shown = effects.public_inputs(pool, self.context.auditor, self.anchor);
            let plaintext = AuditPlaintext::of(&shown, &witness);
            let of = AuditedTransaction { rk: effects.rk.to_array(), nf_0: rho };
            let s = draw_secret(&auditor.key, &of, &plaintext, rng);
            let ciphertext = AuditCiphertext::encrypt(&auditor.key, &of, &plaintext, &s);
            let ciphertext = ciphertext.ok_or(Violation::AuditSharedIdentity)?;
            effects.audit = Some(AuditField { number: auditor.number, ciphertext });
            witness.audit_secret = Some(*s.expose());
        }
        let public = effects.public_inputs(pool, self.context.auditor, self.anchor);
        holds(self.shape, &public, &witness)?;
        let request = SigningRequest::new(effects, self.context, alpha);
        Ok(Built::new(request, public, witness, leaves))
    }
}

struct Build<'a> {
    plan: &'a TransferPlan,
    account: &'a FullViewingKey,
    main: AssetId,
    keys: EpochKeys,
    dummies: Dummies<'a>,
}

impl Build<'_> {
    fn is_fee_asset(&self, asset: AssetId) -> Fr {
        Fr::from(u64::from(asset != self.main))
    }

    fn spend(&self, spend: &Spend) -> (Nullifier, InputWitness) {
        let Spend { note, path } = spend;
        let keys = self.account.epoch_keys(self.plan.pool_tag(), note.epoch());
        let witness = InputWitness {
            index: Fr::from(u64::from(note.index())),
            epoch: Fr::from(u64::from(note.epoch().0)),
            is_fee_asset: self.is_fee_asset(note.asset()),
            value: note.value().to_scalar(),
            is_internal: Fr::from(u64::from(keys.direction_of(note.to()) == Some(Direction::Internal))),
            pk_d_hash: note.to().pk_d().hash(),
            rho: note.rho().to_scalar(),
            rcm: *note.rcm().expose(),
            path: path.children(note.commitment()),
        };
        (note.nullifier(&keys.nullifier), witness)
    }

    fn dummy_input(&self, slot: u8) -> (Nullifier, InputWitness) {
        let dummy = self.dummies.input(slot);
        let cm = dummy.commitment(&self.keys, self.plan.epoch, self.main);
        let witness = InputWitness {
            index: Fr::ZERO,
            epoch: Fr::from(u64::from(self.plan.epoch.0)),
            is_fee_asset: Fr::ZERO,
            value: Fr::ZERO,
            is_internal: Fr::ONE,
            pk_d_hash: dummy.pk_d_hash(),
            rho: dummy.rho().to_scalar(),
            rcm: *dummy.rcm().expose(),
            // A dummy stands under no anchor: any path will do.
            path: MerklePath::from_parts(0, [[Fr::ZERO; 3]; LEVELS]).children(cm),
        };
        (self.keys.nullifier.nullifier(cm), witness)
    }

    fn payment(
        &self,
        number: usize,
        slot: u8,
        rho: Nullifier,
        rng: &mut impl CryptoRng,
    ) -> Result<(EncryptedNote, OutputWitness), BuildError> {
        let payment = &self.plan.payments[number];
        let Payment { to, asset, value, .. } = *payment;
        let mut parts = NoteParts { to, asset, value, index: slot, rho, rseed: Secret::new([0; 32]) };
        parts.rseed = hedge::rseed(&parts, payment, self.account, rng);
        let note = Note::from_parts(parts).map_err(|fault| match fault {
            NoteError::NoAsset => BuildError::EmptyPayment { payment: number },
        })?;
        let bucket = self.plan.memo_bucket;
        let encrypted = encrypt(&note, &payment.memo, bucket, self.seal(&payment.to), rng)
            .map_err(|fault| BuildError::Memo { payment: number, fault })?;
        let witness = OutputWitness {
            tag: payment.to.tag().to_scalar(),
            rcm: *note.rcm().expose(),
            is_fee_asset: self.is_fee_asset(payment.asset),
            value: payment.value.to_scalar(),
        };
        Ok((encrypted, witness))
    }

    /// The key that a note to this address is sealed to. The account's own notes are not sealed, as its incoming keys
    /// read them: sealed, they would show its change to a reader who was granted only its payments.
    fn seal(&self, to: &Address) -> Option<&OutgoingViewingKey> {
        self.plan.seal.as_ref().filter(|_| self.keys.direction_of(to).is_none())
    }

    fn dummy_output(
        &self,
        slot: u8,
        rho: Nullifier,
        rng: &mut impl CryptoRng,
    ) -> (EncryptedNote, OutputWitness) {
        let dummy = self.dummies.output(slot);
        let cm: NoteCommitment = dummy.commitment(rho, self.plan.epoch, self.main);
        let encrypted = dummy.encrypted(cm, self.plan.memo_bucket, rng);
        let witness = OutputWitness {
            tag: dummy.tau().to_scalar(),
            rcm: *dummy.rcm().expose(),
            is_fee_asset: Fr::ZERO,
            value: Fr::ZERO,
        };
        (encrypted, witness)
    }
}

/// A fresh `alpha`, and the account's key that it re-randomises.
fn randomize(account: &FullViewingKey, rng: &mut impl CryptoRng) -> (Secret<Fj>, RandomizedKey) {
    loop {
        let alpha = Secret::new(Fj::random(&mut *rng));
        // One alpha in 2^252 makes the identity.
        if let Some(rk) = account.randomized_key(alpha.expose()) {
            return (alpha, rk);
        }
    }
}

/// The items on `count` slots in random order; the rest is for dummies.
fn slots(items: usize, count: usize, rng: &mut impl CryptoRng) -> Vec<Option<usize>> {
    let mut slots: Vec<Option<usize>> = (0..items).map(Some).collect();
    slots.resize(count, None);
    for last in (1..slots.len()).rev() {
        // At most 16 slots: the bias is below 2^-59.
        let chosen = rng.next_u64() % (last as u64 + 1);
        slots.swap(last, usize::try_from(chosen).unwrap_or(last));
    }
    slots
}

#[cfg(test)]
mod tests;
