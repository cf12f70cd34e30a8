//! Thefts that stay within one epoch. Each is tried for real, and has to fail.

use bls12_381::{G1Projective, G2Projective};
use group::Curve;
use louver_core::{
    address::OwnerTag,
    encoding::{Decode, Encode},
    note::{NoteCommitment, packed},
    pool::{GenesisHash, RulesVersion},
    proof::{Prove, ProveError, Unwatched},
    shape::Shape,
    spec::{Fr, to_fr},
    transaction::{PublicSide, Refused, Transaction},
    value::Value,
};
use louver_wallet::{history::OutputKind, plan::Action, send::Outgoing};
use rand::Rng;

use super::{
    cast::{pay, payment},
    play::Play,
    stage::Step,
};
use crate::{exit::Failure, wallet::session::FIRST};

impl Play {
    /// Somebody changes Alice's payment on its way to the node.
    pub(super) fn tamper(&mut self, honest: &Outgoing) -> Result<(), Failure> {
        let transaction = Transaction::from_bytes(&honest.bytes).map_err(Failure::input)?;
        let forged = swap(&honest.bytes, transaction.authorization().proof().as_bytes(), &random_proof())?;
        let outcome = self.try_bytes(&forged);
        self.stage.attack("forged proof: points of the groups, at random", "node", outcome);

        // The new note goes to somebody else: another commitment replaces Bob's.
        let mine = to_fr(&random()).to_bytes();
        let theirs = transaction.effects().outputs()[0].cm.to_bytes();
        let outcome = self.try_bytes(&swap(&honest.bytes, &theirs, &mine)?);
        self.stage.attack("altered recipient of a payment", "node", outcome);

        let effects = transaction.effects();
        let elsewhere = louver_core::transaction::TxContext {
            genesis: GenesisHash(random::<32>()),
            ..self.client.connection().context(effects.public_side(), effects.fee())
        };
        let verifier = self.prover.keys().verifier()?;
        let outcome = match transaction.verify(elsewhere, &verifier) {
            Err(Refused::Signature { .. }) => Ok("the signature is of this chain and of no other".to_owned()),
            Err(error) => Ok(error.to_string()),
            Ok(_) => Err("it verifies there".to_owned()),
        };
        self.stage.attack("a payment replayed on a fork", "verification", outcome);
        Ok(())
    }

    /// Alice tries to spend her note twice.
    pub(super) fn double_spend(&mut self, second: &Transaction, name: &'static str) {
        let outcome = self.try_bytes(&second.to_bytes());
        self.stage.attack(name, "node", outcome);
    }

    /// Somebody changes Alice's withdrawal on its way to the node.
    pub(super) fn redirect(&mut self, honest: &Outgoing) -> Result<(), Failure> {
        let transaction = Transaction::from_bytes(&honest.bytes).map_err(Failure::input)?;
        let PublicSide::Withdrawal { amount, recipient, .. } = transaction.effects().public_side() else {
            return Err(Failure::expectation("a withdrawal"));
        };
        let thief = self.outsider.account();
        let outcome = self.try_bytes(&swap(&honest.bytes, &recipient.0, &thief.0)?);
        self.stage.attack("altered recipient of a withdrawal", "node", outcome);
        let public = [&amount.0.to_le_bytes()[..], &recipient.0].concat();
        let more = [&(amount.0 * 3).to_le_bytes()[..], &recipient.0].concat();
        let outcome = self.try_bytes(&swap(&honest.bytes, &public, &more)?);
        self.stage.attack("altered amount of a withdrawal", "node", outcome);
        Ok(())
    }

    /// Alice knows everything about the note that she paid to Bob, except Bob's keys. She tries to spend it.
    pub(super) fn steal(&mut self) -> Result<(), Failure> {
        self.stage.tell(&Step {
            name: "theft",
            title: "A payer tries to spend what she paid; Bob, what nobody has".to_owned(),
            proves: "there is no proof of a false statement",
            public: "nothing: none of it reaches the ledger",
        });
        let (entry, output) = self.alice.latest(OutputKind::Sent, self.lvr)?;
        let stolen = self.alice.session.wallet().open_note(FIRST, entry.txid, output.index)?;
        let honest = payment(self.outsider.address()?, self.amount("1 LVR")?, "")?;
        let built = self.alice.draft(&pay(vec![honest], self.lvr))?;
        let stage = built.stage();
        let mut witness = stage.witness().clone();
        let public = stage.public();
        let input = (0..witness.inputs.len())
            .find(|input| stage.leaf(*input).is_some())
            .ok_or_else(|| Failure::expectation("a note to spend"))?;
        let note = &stolen.note;
        let slot = &mut witness.inputs[input];
        slot.index = Fr::from(u64::from(note.index()));
        slot.epoch = Fr::from(u64::from(note.epoch().0));
        slot.value = Fr::from(note.value().0);
        slot.is_internal = Fr::zero();
        slot.pk_d_hash = note.to().pk_d().hash();
        slot.rho = note.rho().to_scalar();
        slot.rcm = *note.rcm().expose();
        slot.path = stolen.path.children(note.commitment());
        let outcome = impossible(self.prover.prove(
            RulesVersion::V1,
            Shape::TwoByThree,
            public,
            &witness,
            &mut Unwatched,
        ));
        self.stage.attack("someone else's note, with all that its payer knows", "prover", outcome);

        // An honest payment, changed so that its payee gets twice as much as was paid.
        let mut witness = stage.witness().clone();
        let mut public = stage.public().clone();
        let paid = Fr::from(1_000_000);
        let slot = witness.outputs.iter().position(|output| output.value == paid);
        let slot = slot.ok_or_else(|| Failure::expectation("a payment"))?;
        let output = &mut witness.outputs[slot];
        output.value = paid + paid;
        let index = u8::try_from(slot).map_err(Failure::input)?;
        let m = packed(index, public.epoch, self.lvr, Value(2_000_000));
        let tag = OwnerTag::from_scalar(output.tag);
        public.commitments[slot] = NoteCommitment::commit(tag, public.nullifiers[0], m, &output.rcm);
        let outcome = impossible(self.prover.prove(
            RulesVersion::V1,
            Shape::TwoByThree,
            &public,
            &witness,
            &mut Unwatched,
        ));
        self.stage.attack("money from nothing: an output worth twice what was paid", "prover", outcome);

        let (asset, _) = self.amount("1 EURX")?;
        let pool =
            self.client.supply(&[asset])?.assets.into_iter().find(|entry| entry.id == asset.to_string());
        let held: u64 = pool.and_then(|entry| entry.pool.parse().ok()).unwrap_or_default();
        let beyond = Action::Withdraw {
            recipient: self.outsider.account().into(),
            asset,
            value: Value(held + 1).into(),
            fee: louver_wallet::plan::FeeChoice::LeastIn(self.lvr),
        };
        let outcome = match self.bob.try_plan(&beyond) {
            Err(error) => Ok(crate::wallet::failure::no_plan(error, &self.assets).message),
            Ok(_) => Err("it was planned".to_owned()),
        };
        self.stage.attack("a withdrawal of more than the pool holds", "wallet", outcome);
        Ok(())
    }
}

fn impossible<T>(proof: Result<T, ProveError>) -> Result<String, String> {
    match proof {
        Err(ProveError::Violation(violation)) => Ok(format!("no proof exists: {violation}")),
        Err(error) => Ok(error.to_string()),
        Ok(_) => Err("there is a proof".to_owned()),
    }
}

/// A well-formed proof of nothing: points of the right groups.
fn random_proof() -> [u8; 192] {
    let scalar = || to_fr(&random());
    let mut proof = [0u8; 192];
    proof[..48].copy_from_slice(&(G1Projective::generator() * scalar()).to_affine().to_compressed());
    proof[48..144].copy_from_slice(&(G2Projective::generator() * scalar()).to_affine().to_compressed());
    proof[144..].copy_from_slice(&(G1Projective::generator() * scalar()).to_affine().to_compressed());
    proof
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0u8; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// The same bytes with one part replaced.
pub(super) fn swap(bytes: &[u8], part: &[u8], other: &[u8]) -> Result<Vec<u8>, Failure> {
    let place = bytes.windows(part.len()).position(|window| window == part);
    let place = place.ok_or_else(|| Failure::expectation("there is nothing to alter"))?;
    let mut altered = bytes.to_vec();
    altered[place..place + part.len()].copy_from_slice(other);
    Ok(altered)
}
