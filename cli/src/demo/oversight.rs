//! Being audited: a grant, what it shows, what it hides, and lies that do not work.

use louver_client::{audit::names, offline::OfflineProof, trust::Trust};
use louver_core::{
    calendar::moment,
    disclosure::{AccountKeys, AccountOpening, EPOCHS_PER_PROOF, EpochClaim, Randomized},
    encoding::{Decode, Encode, coordinates},
    epoch::EpochRange,
    pool::{GenesisHash, PoolId},
    secret::{ExposeBytes, Secret},
    spec::{Fj, Fr},
};
use louver_viewkeys::{
    grant::{Grant, GrantRequest},
    package::{Chosen, Package, PackageRequest, Show, Side, What},
    report::{Assurance, Finding},
    scope::{Directions, Scope},
    signed::{Asked, ReaderId, Reading, Terms},
};
use louver_wallet::history::OutputKind;

use super::{months::FIRST_MONTH, play::Play, resign::sign_again, stage::Step, trade::Hidden};
use crate::{
    audit::{
        ledger::Ledger,
        offline::{self, Proven},
        table,
    },
    clock,
    exit::Failure,
    file,
    wallet::session::FIRST,
};

/// The package of the rent.
const RENT: &str = "rent.disclosure";
/// The name of Alice's auditor.
pub(super) const AUDITOR: &str = "Alice's auditor";

impl Play {
    /// A grant of everything in these months.
    pub(super) fn request(
        &self,
        pool: PoolId,
        months: EpochRange,
        purpose: String,
    ) -> Result<GrantRequest, Failure> {
        let now = clock::now();
        let recipient = Some(self.auditor.to_public().to_string());
        let terms = Terms {
            genesis: self.client.genesis().hash(),
            pool,
            reader: ReaderId { name: AUDITOR.to_owned(), recipient },
            asked: Asked::Nothing,
            purpose,
            issued: now,
            expires: now + 365 * 86_400,
        };
        let scope = Scope::new(Directions::ALL, months).map_err(Failure::input)?;
        Ok(GrantRequest { terms, scope })
    }

    /// The auditor's expectations of a grant.
    pub(super) fn reading(&self, ledger: &Ledger) -> Reading {
        Reading {
            genesis: ledger.genesis.hash(),
            chain: ledger.ground(),
            pool: ledger.genesis.terms().pool,
            account: None,
            reader: Some(AUDITOR.to_owned()),
            asked: Asked::Nothing,
            keys: None,
            now: clock::now(),
        }
    }

    /// Alice signs a grant.
    pub(super) fn sign_grant(&mut self, request: &GrantRequest) -> Result<Grant, Failure> {
        let (viewing, key) = (self.alice.viewing()?, self.alice.authorizing_key()?);
        self.stage.proofs += 1;
        request.issue(&viewing, &key, &self.disclosures, &mut rand::rng()).map_err(Failure::input)
    }

    fn issue_first_month(&mut self, pool: PoolId) -> Result<Grant, Failure> {
        let purpose = format!("Books of {}", self.name(FIRST_MONTH));
        let request = self.request(pool, first_month()?, purpose)?;
        self.sign_grant(&request)
    }

    /// Alice grants the first month to her auditor, who reads the ledger with it. Returns the sealed grant.
    pub(super) fn grant(&mut self, hidden: &Hidden) -> Result<Vec<u8>, Failure> {
        let pool = self.client.genesis().terms().pool;
        let sealed = self.issue_first_month(pool)?.seal().map_err(Failure::input)?;
        file::write_new(&self.folder.join("alice-first-month.grant"), &sealed, file::Readers::Owner)?;
        self.stage.tell(&Step {
            name: "grant",
            title: format!("Alice grants {} to her auditor, sealed to his age key", self.name(FIRST_MONTH)),
            proves: "the keys in the grant are those of her account, and of this month",
            public: "nothing: a grant is a file between the two",
        });
        let opened = Grant::open(&sealed, Some(&self.auditor)).map_err(Failure::input)?;
        let ledger = self.ledger()?;
        opened.verify(&self.reading(&ledger), &self.verifier).map_err(Failure::expectation)?;
        self.stage.expect(
            "a thief's key does not open the grant",
            Grant::open(&sealed, Some(&age::x25519::Identity::generate())).is_err(),
        );

        let report = ledger.audit(opened)?;
        self.stage.tell(&Step {
            name: "audit",
            title: "The auditor reads every block by himself".to_owned(),
            proves: "each note shown opens its commitment; no spend and no transaction of the month is missing",
            public: "nothing: reading is reading",
        });
        self.stage.show(&table::report(self.stage.output, &report, &self.assets), "report", &report);
        let findings = || report.findings.iter();
        let authorised =
            findings().filter(|labelled| matches!(labelled.finding, Finding::Authorised { .. })).count();
        self.stage.expect(
            "he finds the deposit, the payment, the withdrawal, and one payment more",
            authorised == 4,
        );
        let rent = findings().any(|labelled| {
            let Finding::Paid { amount, written, .. } = &labelled.finding else { return false };
            amount.value.0 == 25_000_000
                && written.memo.as_deref() == Some("Rent, with thanks")
                && labelled.assurance == Assurance::Unverified
        });
        self.stage.expect("he reads that 25 LVR went to Bob, by her record, and for what", rent);
        let shown = findings().any(|labelled| {
            matches!(&labelled.finding, Finding::Authorised { place, .. } if place.txid == hidden.txid)
                && labelled.assurance == Assurance::Unexplained
        });
        let word = "its spend tag gives it away: the audit shows it as UNEXPLAINED".to_owned();
        let outcome = if shown { Ok(word) } else { Err("the audit does not show it".to_owned()) };
        self.stage.attack("an owner hides a payment by sealing no outgoing record", "auditor", outcome);
        self.receipts_only(&ledger)?;
        self.false_grants(&ledger)?;
        Ok(sealed)
    }

    /// Bob grants his receipts and nothing else.
    fn receipts_only(&mut self, ledger: &Ledger) -> Result<(), Failure> {
        let pool = ledger.genesis.terms().pool;
        let scope = Scope::new(Directions::INCOMING, first_month()?).map_err(Failure::input)?;
        let request = self.request(pool, first_month()?, "Income".to_owned())?;
        let request = GrantRequest { scope, ..request };
        let (viewing, key) = (self.bob.viewing()?, self.bob.authorizing_key()?);
        let grant =
            request.issue(&viewing, &key, &self.disclosures, &mut rand::rng()).map_err(Failure::input)?;
        self.stage.proofs += 1;
        let sealed = grant.seal().map_err(Failure::input)?;
        file::write_new(&self.folder.join("bob-income.grant"), &sealed, file::Readers::Owner)?;
        let opened = Grant::open(&sealed, Some(&self.auditor)).map_err(Failure::input)?;
        opened.verify(&self.reading(ledger), &self.verifier).map_err(Failure::expectation)?;
        let report = ledger.audit(opened)?;
        self.stage.tell(&Step {
            name: "income",
            title: format!("Bob grants what he receives in {}, and nothing else", self.name(FIRST_MONTH)),
            proves: "the same, for one direction",
            public: "nothing",
        });
        self.stage.show(&table::report(self.stage.output, &report, &self.assets), "report", &report);
        let receipts = report.findings.iter().all(|found| matches!(found.finding, Finding::Received { .. }));
        self.stage.expect(
            "the auditor sees Bob's rent, salary and bonus, and nothing that Bob did",
            receipts && report.findings.len() == 3,
        );
        Ok(())
    }

    /// Grants with false contents.
    fn false_grants(&mut self, ledger: &Ledger) -> Result<(), Failure> {
        let (genesis, pool) = (ledger.genesis.hash(), ledger.genesis.terms().pool);
        let viewing = self.alice.viewing()?;
        let alpha = Secret::new(Fj::from(7_777));
        let rk = viewing.randomized_key(alpha.expose()).ok_or_else(|| Failure::input("rk"))?;
        let tag = louver_core::pool::PoolTag::new(&genesis, pool);
        let keys = viewing.epoch_keys(tag, FIRST_MONTH);
        let others = self.bob.viewing()?.epoch_keys(tag, FIRST_MONTH);
        let claim = EpochClaim {
            epoch: FIRST_MONTH,
            external_tag: Some(*keys.external_tag.to_scalar().expose()),
            internal_tag: Some(*keys.internal_tag.to_scalar().expose()),
            nullifier: Some(*others.nullifier.to_scalar().expose()),
            detection: Some(*keys.detection.to_scalar().expose()),
        };
        let statement = AccountKeys {
            account: Randomized { aid: viewing.account_id(tag).to_scalar(), rk: rk.coordinates() },
            pool: tag,
            claims: [(); EPOCHS_PER_PROOF].map(|()| claim.clone()),
        };
        let opening =
            AccountOpening { ak: coordinates(viewing.ak()), nk: viewing.nk().clone(), alpha: alpha.clone() };
        let outcome = match self.disclosures.prove_keys(&statement, &opening) {
            Err(error) => Ok(format!("no proof exists: {error}")),
            Ok(_) => Err("there is a proof".to_owned()),
        };
        self.stage.attack(
            "an owner grants a false nullifier key, to hide what she spends",
            "prover",
            outcome,
        );

        // The same, with the honest grant's proof, and a signature over the altered contents.
        let honest = self.issue_first_month(pool)?;
        let bytes = honest.expose_bytes();
        let own: [u8; 32] = keys.nullifier.to_scalar().expose().to_bytes();
        let other: Fr = *others.nullifier.to_scalar().expose();
        let mut altered = super::theft::swap(&bytes, &own, &other.to_bytes())?;
        sign_again(&mut altered, &viewing, &self.alice.authorizing_key()?, &alpha)?;
        let outcome = match Grant::from_bytes(&altered) {
            Err(error) => Ok(error.to_string()),
            Ok(lie) => refused(lie.verify(&self.reading(ledger), &self.verifier)),
        };
        self.stage.attack(
            "the same false key, signed, with the proof of an honest grant",
            "auditor",
            outcome,
        );

        let other_pool = self.issue_first_month(PoolId(pool.0 + 1))?;
        let outcome = refused(other_pool.verify(&self.reading(ledger), &self.verifier));
        let blind = other_pool
            .nullifier_key(FIRST_MONTH)
            .is_some_and(|key| key.to_scalar().expose() != &Fr::from_bytes(&own).unwrap_or(Fr::zero()));
        self.stage.expect("the keys of another pool are other keys", blind);
        self.stage.attack("a grant of another pool", "auditor", outcome);
        let fork = Reading { genesis: GenesisHash([7; 32]), ..self.reading(ledger) };
        let outcome = refused(honest.verify(&fork, &self.verifier));
        self.stage.attack("a grant of a fork with another genesis", "auditor", outcome);
        Ok(())
    }

    /// Alice opens one payment to the auditor, and nothing else.
    pub(super) fn disclose(&mut self) -> Result<(), Failure> {
        let ledger = self.ledger()?;
        let (entry, output) = self.alice.latest(OutputKind::Sent, self.lvr)?;
        let opened = self.alice.session.wallet().open_note(FIRST, entry.txid, output.index)?;
        let (viewing, key) = (self.alice.viewing()?, self.alice.authorizing_key()?);
        let now = clock::now();
        let (genesis, pool) = (ledger.genesis.hash(), ledger.genesis.terms().pool);
        let terms = Terms {
            genesis,
            pool,
            reader: ReaderId { name: "The landlord's bank".to_owned(), recipient: None },
            asked: Asked::Nonce([42; 32]),
            purpose: "Proof of rent".to_owned(),
            issued: now,
            expires: now + 3600,
        };
        let chosen = Chosen {
            height: opened.height,
            txid: opened.txid,
            spend_tag: opened.spend_tag,
            what: What::Note { side: Side::Sent, show: Show::Full, note: Box::new(opened.note) },
        };
        let package = PackageRequest { terms, chosen: vec![chosen] }
            .make(&viewing, &key, &self.disclosures, &mut rand::rng())
            .map_err(Failure::input)?;
        self.stage.proofs += 1;
        let bytes = package.to_bytes();
        file::write_new(&self.folder.join(RENT), &bytes, file::Readers::Others)?;
        let reading = Reading {
            genesis,
            chain: ledger.ground(),
            pool,
            account: None,
            reader: Some(package.reader().name.clone()),
            asked: Asked::Nonce([42; 32]),
            keys: None,
            now,
        };
        let found = ledger.find(&package)?;
        let find = |height, txid: &_| found.get(height, txid);
        let verified = package
            .verify(&reading, &names(&self.assets), &self.verifier, find)
            .map_err(Failure::expectation)?;
        self.stage.tell(&Step {
            name: "disclose",
            title: "Alice opens one payment, and no other, to a bank that asked with a nonce".to_owned(),
            proves: "the note opens its commitment on the ledger, and her account made the transaction",
            public: "nothing",
        });
        self.stage.show(&table::package(self.stage.output, &verified, &self.assets), "package", &verified);
        self.stage.expect(
            "the bank sees 25 LVR, the memo, and that Alice paid",
            verified.payments.first().is_some_and(|payment| {
                payment.amount.value.0 == 25_000_000
                    && payment.written.memo.as_deref() == Some("Rent, with thanks")
            }),
        );
        let more = super::theft::swap(&bytes, &25_000_000u64.to_le_bytes(), &95_000_000u64.to_le_bytes())?;
        let outcome = match Package::from_bytes(&more) {
            Err(error) => Ok(error.to_string()),
            Ok(lie) => refused(lie.verify(&reading, &names(&self.assets), &self.verifier, find)),
        };
        self.stage.attack("a disclosure with another amount", "reader", outcome);
        let stale = Reading { asked: Asked::Nonce([43; 32]), ..reading };
        let outcome = refused(package.verify(&stale, &names(&self.assets), &self.verifier, find));
        self.stage.attack("a disclosure shown to someone else who asked", "reader", outcome);
        Ok(())
    }
}

impl Play {
    /// Two months later the bank checks the rent by files alone.
    pub(super) fn rent_offline(&mut self) -> Result<(), Failure> {
        let package = Package::from_bytes(&file::read(&self.folder.join(RENT))?).map_err(Failure::input)?;
        let proof = self.folder.join("rent.disclosure.proof");
        let written = offline::write(&self.client, &Proven::Package(&package), &proof)?
            .ok_or_else(|| Failure::expectation("the chain does not have the rent"))?;
        // From here on no node is asked.
        let bytes = file::read(&proof)?;
        let genesis = self.client.genesis().hash();
        let trust = Trust::Genesis(genesis);
        // The story's blocks are ahead of this machine's clock; the package's dates are by the latter.
        let today = clock::now().max(written.time.unix);
        let proof = OfflineProof::from_bytes(&bytes).map_err(Failure::input)?;
        let shown = offline::check(&proof, &package, &trust, today)?;
        let reading = Reading {
            genesis,
            chain: shown.ground.clone(),
            pool: shown.genesis.terms().pool,
            account: None,
            reader: Some("The landlord's bank".to_owned()),
            asked: Asked::Nonce([42; 32]),
            keys: None,
            now: clock::now(),
        };
        let find = |height, txid: &_| shown.found.get(height, txid);
        let verified = package
            .verify(&reading, &names(&shown.assets), &shown.verifier()?, find)
            .map_err(Failure::expectation)?;
        self.stage.tell(&Step {
            name: "offline",
            title: format!(
                "The bank checks the rent of {} by two files, under block {} of {}, without a node",
                self.name(FIRST_MONTH),
                written.height,
                moment(written.time.unix),
            ),
            proves: "the payment stands under a block that the chain's authorities sealed",
            public: "nothing: no node is asked",
        });
        self.stage.show(&table::package(self.stage.output, &verified, &shown.assets), "package", &verified);
        let guaranteed = verified.payments.iter().all(|payment| payment.assurance == Assurance::Guaranteed);
        self.stage.expect(
            "the rent is GUARANTEED without a node",
            guaranteed && verified.chain.offline && !verified.payments.is_empty(),
        );
        let paid = package.items().first().and_then(|item| find(item.height, &item.txid));
        let paid = paid.ok_or_else(|| Failure::expectation("the rent"))?.transaction.to_bytes();
        let mut other = paid.clone();
        let middle = other.len() / 2;
        other.iter_mut().skip(middle).take(1).for_each(|byte| *byte ^= 1);
        let lie = super::theft::swap(&bytes, &paid, &other)?;
        let outcome = match OfflineProof::from_bytes(&lie) {
            Err(error) => Ok(error.to_string()),
            Ok(lie) => match offline::check(&lie, &package, &trust, today) {
                Err(failure) => Ok(failure.message),
                Ok(_) => Err("it was taken".to_owned()),
            },
        };
        self.stage.attack("an offline proof with one bit flipped", "reader", outcome);
        let fork = Trust::Genesis(GenesisHash([7; 32]));
        let outcome = match offline::check(&proof, &package, &fork, today) {
            Err(failure) => Ok(failure.message),
            Ok(_) => Err("it was taken".to_owned()),
        };
        self.stage.attack("an offline proof of another chain than the bank's", "reader", outcome);
        Ok(())
    }
}

/// The first month alone.
pub(super) fn first_month() -> Result<EpochRange, Failure> {
    EpochRange::new(FIRST_MONTH, FIRST_MONTH).ok_or_else(|| Failure::input("months"))
}

/// An auditor's reason for refusing something.
pub(super) fn refused<T, E: core::fmt::Display>(answer: Result<T, E>) -> Result<String, String> {
    match answer {
        Err(error) => Ok(error.to_string()),
        Ok(_) => Err("it was taken".to_owned()),
    }
}
