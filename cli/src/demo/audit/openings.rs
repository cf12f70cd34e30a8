//! Statements that are not true of an account. No proof of them exists, and a prover says why.

use louver_core::{
    disclosure::{AddressClaim, Randomized, Receipt, ShownAmount},
    pool::PoolTag,
    value::Value,
};
use louver_viewkeys::{
    grant::GrantRequest,
    package::{Chosen, PackageRequest, Show, Side, What},
    scope::{Directions, Scope},
};
use louver_wallet::history::OutputKind;

use super::{Paid, answer, packages::BANK};
use crate::{
    demo::{
        months::FIRST_MONTH,
        oversight::first_month,
        play::Play,
        stage::{Forgery, Step},
    },
    exit::Failure,
    wallet::session::FIRST,
};

/// False statements.
pub(super) const FORGERIES: [Forgery; 9] = [
    Forgery { rule: "statement-value", by: "prover", name: "another amount than the note has" },
    Forgery { rule: "statement-asset", by: "prover", name: "another asset than the note has" },
    Forgery { rule: "statement-threshold", by: "prover", name: "at least more than the note has" },
    Forgery { rule: "statement-commitment", by: "prover", name: "a note that is not on the ledger" },
    Forgery { rule: "statement-payer", by: "prover", name: "a payee says that he made the transaction" },
    Forgery {
        rule: "statement-own",
        by: "prover",
        name: "an owner's own change as income from somebody else",
    },
    Forgery { rule: "statement-account", by: "prover", name: "a payment under another account's id" },
    Forgery {
        rule: "statement-nullifier-key",
        by: "prover",
        name: "a false nullifier key, to hide what is spent",
    },
    Forgery { rule: "statement-owner", by: "prover", name: "an address of Bob's as Alice's" },
];

impl Play {
    /// Owners ask a prover for proofs of what is not so.
    pub(super) fn open_falsely(&mut self, paid: &Paid) -> Result<(), Failure> {
        self.stage.tell(&Step {
            name: "openings",
            title: "Owners want proofs of statements that are not true".to_owned(),
            proves: "there is no proof of a false statement",
            public: "nothing: none of it leaves their machines",
        });
        let (genesis, pool) = self.place();
        let tag = PoolTag::new(&genesis, pool);
        let (alice, bob) = (self.alice.viewing()?, self.bob.viewing()?);
        let chosen = |note: &louver_core::note::Note, side| {
            let what = What::Note { side, show: Show::Amount, note: Box::new(note.clone()) };
            Chosen { height: paid.height, txid: paid.txid, spend_tag: paid.spend_tag, what }
        };
        let draft = |note, side, viewing| {
            let request =
                PackageRequest { terms: self.unasked(BANK, None), chosen: vec![chosen(note, side)] };
            request.draft(viewing, &mut rand::rng()).map_err(Failure::input)
        };
        let lacks = || Failure::expectation("a statement");
        let rent = draft(&paid.note, Side::Sent, &alice)?;
        let (claim, witness) = rent.statements().first().ok_or_else(lacks)?;
        let (value, asset) = (paid.note.value(), paid.note.asset());
        let amount = |amount| {
            let claim = louver_core::disclosure::NoteClaim { amount, ..claim.clone() };
            answer(self.disclosures.prove_note(&claim, rent.opening(), witness))
        };
        let mut more = witness.clone();
        more.value = Value(value.0 + 1).to_scalar();
        let mut of_bob = claim.clone();
        of_bob.account.aid = bob.account_id(tag).to_scalar();

        let income = draft(&paid.note, Side::Received, &bob)?;
        let (came, seen) = income.statements().first().ok_or_else(lacks)?;
        let (mut made, mut maker) = (came.clone(), seen.clone());
        made.paid = true;
        maker.paid = louver_core::spec::Fr::one();

        let (entry, output) = self.alice.latest(OutputKind::Change, self.lvr)?;
        let change = self.alice.session.wallet().open_note(FIRST, entry.txid, output.index)?;
        let change = draft(&change.note, Side::Received, &alice)?;
        let (own, known) = change.statements().first().ok_or_else(lacks)?;
        let mut from_another = own.clone();
        from_another.received = own.received.map(|receipt| Receipt { own: false, ..receipt });

        let scope = Scope::new(Directions::ALL, first_month()?).map_err(Failure::input)?;
        let terms = self.unasked(BANK, Some(&self.auditor));
        let keys = GrantRequest { terms, scope }.draft(&alice, &mut rand::rng()).map_err(Failure::input)?;
        let mut false_keys = keys.statements().first().ok_or_else(lacks)?.clone();
        let others = *bob.epoch_keys(tag, FIRST_MONTH).nullifier.to_scalar().expose();
        false_keys.claims.iter_mut().for_each(|claim| claim.nullifier = Some(others));

        let to = paid.note.to();
        let rk = alice.randomized_key(keys.opening().alpha.expose()).ok_or_else(lacks)?;
        let address = AddressClaim {
            account: Randomized { aid: alice.account_id(tag).to_scalar(), rk: rk.coordinates() },
            pool: tag,
            epoch: FIRST_MONTH,
            tag: to.tag(),
            pk_d_hash: to.pk_d().hash(),
        };
        let prover = &self.disclosures;
        let answers = vec![
            ("statement-value", amount(ShownAmount::Exactly(asset, Value(95_000_000)))),
            ("statement-asset", amount(ShownAmount::Exactly(self.eurx, value))),
            ("statement-threshold", amount(ShownAmount::AtLeast(asset, Value(30_000_000)))),
            ("statement-commitment", answer(prover.prove_note(claim, rent.opening(), &more))),
            ("statement-payer", answer(prover.prove_note(&made, income.opening(), &maker))),
            ("statement-own", answer(prover.prove_note(&from_another, change.opening(), known))),
            ("statement-account", answer(prover.prove_note(&of_bob, rent.opening(), witness))),
            ("statement-nullifier-key", answer(prover.prove_keys(&false_keys, keys.opening()))),
            ("statement-owner", answer(prover.prove_address(&address, keys.opening()))),
        ];
        self.stage.forgeries(&FORGERIES, answers);
        Ok(())
    }
}
