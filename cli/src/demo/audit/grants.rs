//! Grants and the challenges that they answer.

use age::x25519::Identity;
use louver_core::{
    encoding::Encode,
    epoch::{Epoch, EpochRange},
    pool::{PoolId, PoolTag},
    secret::ExposeBytes,
};
use louver_viewkeys::{
    auditor::ReaderKeys,
    challenge::{Challenge, Demand},
    grant::{Grant, GrantRequest},
    scope::{Directions, Scope},
    signed::{Asked, Reading, Terms},
};

use super::{FORK, answer, judged};
use crate::{
    audit::table,
    clock,
    demo::{
        months::FIRST_MONTH,
        oversight::{AUDITOR, first_month},
        play::Play,
        stage::{Forgery, Step},
        theft::swap,
    },
    exit::Failure,
};

/// Forgeries of grants.
pub(super) const FORGERIES: [Forgery; 16] = [
    Forgery { rule: "envelope-chain", by: "reader", name: "a grant shown on a fork with another genesis" },
    Forgery { rule: "envelope-pool", by: "reader", name: "a grant shown for another pool" },
    Forgery {
        rule: "envelope-account",
        by: "reader",
        name: "a grant of another account than the reader means",
    },
    Forgery {
        rule: "envelope-reader",
        by: "reader",
        name: "a grant shown to somebody for whom it was not made",
    },
    Forgery { rule: "envelope-nonce", by: "reader", name: "an old grant as the answer to a new challenge" },
    Forgery { rule: "envelope-expired", by: "reader", name: "a grant shown after it expired" },
    Forgery { rule: "envelope-date", by: "reader", name: "a grant dated ahead, to be shown for longer" },
    Forgery {
        rule: "envelope-signature",
        by: "reader",
        name: "a grant whose purpose was altered on its way",
    },
    Forgery { rule: "envelope-form", by: "reader", name: "a grant with a byte more than it has" },
    Forgery { rule: "envelope-terms", by: "wallet", name: "a grant for a reader without a name" },
    Forgery {
        rule: "grant-proof",
        by: "reader",
        name: "another account's nullifier key, signed again by the owner",
    },
    Forgery { rule: "signing-account", by: "wallet", name: "Alice's grant, signed by Bob" },
    Forgery { rule: "seal-key", by: "age", name: "a thief opens a sealed grant with a key of his own" },
    Forgery { rule: "seal-closed", by: "reader", name: "a sealed grant without any key" },
    Forgery {
        rule: "seal-reader",
        by: "reader",
        name: "a reader seals what he was granted to somebody else",
    },
    Forgery {
        rule: "answer-directions",
        by: "reader",
        name: "receipts alone, where everything was asked for",
    },
];

/// Forgeries of challenges, and of answers to them.
pub(super) const CHALLENGES: [Forgery; 6] = [
    Forgery {
        rule: "challenge-signature",
        by: "wallet",
        name: "a challenge whose reader was renamed on its way",
    },
    Forgery { rule: "challenge-chain", by: "wallet", name: "a challenge from another chain" },
    Forgery { rule: "challenge-pool", by: "wallet", name: "a challenge from another pool" },
    Forgery { rule: "challenge-name", by: "reader's tool", name: "a challenge by nobody in particular" },
    Forgery {
        rule: "challenge-own",
        by: "reader",
        name: "a grant that came with a challenge of the owner's own",
    },
    Forgery { rule: "answer-epochs", by: "reader", name: "one month, where two were asked for" },
];

impl Play {
    /// The auditor asks for a month by a challenge, gets a grant, and reads the ledger with it.
    pub(super) fn show_by_grant(&mut self) -> Result<(), Failure> {
        let ledger = self.ledger()?;
        let (genesis, pool) = self.place();
        let now = clock::now();
        let auditor = self.auditor.clone();
        let ask = |demand| Challenge::new((genesis, pool), AUDITOR, &auditor, demand, now, &mut rand::rng());
        let month = first_month()?;
        let demand = Demand::Grant { directions: Directions::ALL, epochs: month };
        let challenge = ask(demand).map_err(Failure::input)?;
        let terms = Terms::answering(challenge.clone(), "Books of the month".to_owned(), now, now + 86_400);
        let scope = Scope::new(Directions::ALL, month).map_err(Failure::input)?;
        let (viewing, key) = (self.alice.viewing()?, self.alice.authorizing_key()?);
        let request = GrantRequest { terms, scope };
        let draft = request.draft(&viewing, &mut rand::rng()).map_err(Failure::input)?;
        let alice = self.alice_with(&draft.opening().alpha)?;
        self.stage.busy("proving the keys of a grant");
        let statements = draft.statements().iter();
        let proofs: Result<Vec<_>, _> =
            statements.map(|statement| self.disclosures.prove_keys(statement, draft.opening())).collect();
        let grant =
            draft.sign(proofs.map_err(Failure::input)?, &key, &mut rand::rng()).map_err(Failure::input)?;
        self.stage.proofs += 1;
        let sealed = grant.seal().map_err(Failure::input)?;

        let reading = Reading {
            reader: None,
            asked: Asked::Challenge(Box::new(challenge.clone())),
            keys: Some(ReaderKeys::of(&self.auditor)),
            ..self.expects(&ledger, AUDITOR)
        };
        let opened = Grant::open(&sealed, Some(&self.auditor)).map_err(Failure::input)?;
        opened.verify(&reading, &self.verifier).map_err(Failure::expectation)?;
        self.stage.verified += 1;
        let report = ledger.audit(opened)?;
        self.stage.tell(&Step {
            name: "grant",
            title: format!("An auditor asks Alice for {}, and she grants it", self.name(FIRST_MONTH)),
            proves: "the keys in the grant are those of her account, and of this month",
            public: "nothing: challenge and grant are files between the two",
        });
        self.stage.show(&table::report(self.stage.output, &report, &self.assets), "report", &report);
        self.stage.expect("the auditor finds the deposit and the payment", report.findings.len() >= 2);

        let bytes = grant.expose_bytes();
        let verify = |grant: &Grant, reading: &Reading| answer(grant.verify(reading, &self.verifier));
        let read = |change: &dyn Fn(&mut Reading)| {
            let mut changed = reading.clone();
            change(&mut changed);
            verify(&grant, &changed)
        };
        let tag = PoolTag::new(&genesis, pool);
        let bob = self.bob.viewing()?;
        let other_account = bob.account_id(tag);
        let asked_later = ask(demand).map_err(Failure::input)?;
        let [own, others] = [&viewing, &bob].map(|viewing| viewing.epoch_keys(tag, FIRST_MONTH).nullifier);
        let [own, others] = [own, others].map(|key| key.to_scalar().expose().to_bytes());
        let false_key = alice.alters(&bytes, &own, &others)?;
        let renamed = swap(&bytes, b"Books of the month", b"Books of the year.")?;
        let thief = Identity::generate();
        let open = |sealed: &[u8], key: Option<&Identity>| answer(Grant::open(sealed, key));
        let seal_to =
            |key: &Identity, bytes: &[u8]| age::encrypt(&key.to_public(), bytes).map_err(Failure::input);
        let longer = seal_to(&self.auditor, &[&bytes[..], &[0]].concat())?;
        let passed_on = seal_to(&thief, &bytes)?;
        // The owner's own wallet would refuse: she names the challenge as a nonce, and leaves the proofs out, which come last.
        let short = |asked: &Challenge, directions: Directions| {
            let scope = Scope::new(directions, month).map_err(Failure::input)?;
            let reader = asked.reader().clone();
            let terms = Terms { reader, asked: Asked::Nonce(asked.hash()), ..request.terms.clone() };
            let draft =
                GrantRequest { terms, scope }.draft(&viewing, &mut rand::rng()).map_err(Failure::input)?;
            let none = draft.statements().iter().map(|_| super::no_proof()).collect();
            let grant = draft.sign(none, &key, &mut rand::rng()).map_err(Failure::input)?;
            let asked = Asked::Challenge(Box::new(asked.clone()));
            Ok::<_, Failure>(verify(&grant, &Reading { asked, ..reading.clone() }))
        };
        let nobody = Terms { asked: Asked::Nothing, ..self.unasked(" ", Some(&self.auditor)) };
        let nobody = GrantRequest { terms: nobody, scope };
        let by_bob = request.draft(&viewing, &mut rand::rng()).map_err(Failure::input)?;
        let unproven = by_bob.statements().iter().map(|_| super::no_proof()).collect();
        let answers = vec![
            ("envelope-chain", read(&|reading| reading.genesis = FORK)),
            ("envelope-pool", read(&|reading| reading.pool = PoolId(pool.0 + 1))),
            ("envelope-account", read(&|reading| reading.account = Some(other_account))),
            (
                "envelope-reader",
                read(&|reading| {
                    reading.asked = Asked::Nothing;
                    reading.reader = Some("The tax office".to_owned());
                }),
            ),
            (
                "envelope-nonce",
                read(&|reading| reading.asked = Asked::Challenge(Box::new(asked_later.clone()))),
            ),
            ("envelope-expired", read(&|reading| reading.now = grant.expires() + 1)),
            ("envelope-date", read(&|reading| reading.now = grant.issued() - 2 * 3600)),
            ("envelope-signature", judged(&renamed, |grant: Grant| verify(&grant, &reading))),
            ("envelope-form", open(&longer, Some(&self.auditor))),
            ("envelope-terms", answer(nobody.draft(&viewing, &mut rand::rng()))),
            ("grant-proof", judged(&false_key, |grant: Grant| verify(&grant, &reading))),
            (
                "signing-account",
                answer(by_bob.sign(unproven, &self.bob.authorizing_key()?, &mut rand::rng())),
            ),
            ("seal-key", open(&sealed, Some(&thief))),
            ("seal-closed", open(&sealed, None)),
            ("seal-reader", open(&passed_on, Some(&thief))),
            ("answer-directions", short(&challenge, Directions::INCOMING)?),
        ];

        let two_months = EpochRange::new(FIRST_MONTH, Epoch(FIRST_MONTH.0 + 1));
        let two_months = two_months.ok_or_else(|| Failure::input("months"))?;
        let both = Demand::Grant { directions: Directions::ALL, epochs: two_months };
        let both = ask(both).map_err(Failure::input)?;
        let renamed = swap(&challenge.to_bytes(), b"Alice's auditor", b"Alice's nephew.")?;
        let of_nobody = Challenge::new((genesis, pool), " ", &self.auditor, demand, now, &mut rand::rng());
        let challenges = vec![
            (
                "challenge-signature",
                judged(&renamed, |altered: Challenge| answer(altered.verify(&genesis, pool))),
            ),
            ("challenge-chain", answer(challenge.verify(&FORK, pool))),
            ("challenge-pool", answer(challenge.verify(&genesis, PoolId(pool.0 + 1)))),
            ("challenge-name", answer(of_nobody)),
            ("challenge-own", read(&|reading| reading.keys = Some(ReaderKeys::of(&thief)))),
            ("answer-epochs", short(&both, Directions::ALL)?),
        ];
        let again = Grant::open(&sealed, Some(&self.auditor)).map_err(Failure::input)?;
        let nodes = self.ask_a_lying_node(&ledger, again)?;
        self.stage.forgeries(&FORGERIES, answers);
        self.stage.forgeries(&CHALLENGES, challenges);
        self.stage.forgeries(&super::lying_node::FORGERIES, nodes);
        Ok(())
    }
}
