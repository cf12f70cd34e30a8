//! The auditors of an audited pool, who open one transaction together, by a mandate.

use age::x25519::Identity;
use ed25519_dalek::SigningKey;
use louver_chain::act::{Auditor, Deed};
use louver_core::{
    asset::AssetId,
    audit::{AuditCiphertext, AuditPlaintext, AuditedOutput, AuditedTransaction, draw_secret},
    encoding::{Decode, Encode, point_bytes},
    epoch::Epoch,
    note::{NoteCommitment, Nullifier, packed},
    pool::GenesisHash,
    spec::Fr,
    transaction::WtxId,
    value::Value,
};
use louver_frost::{
    KeyShare,
    keygen::{Commitment, Participant},
};
use louver_viewkeys::{
    auditor::signing_key,
    committee::{
        Committee, CommitteeEntry, CommitteeError, CommitteeKey, Log, LogRecord, Mandate, MandateRequest,
        MandateSignature, Member, Opening, Partial, SignedMandate, Subject, TwoHeads, open_deal, seal_deal,
    },
    signed::ReaderId,
};

use super::{answer, judged};
use crate::{
    clock,
    demo::{
        play::Play,
        stage::{Answer, Forgery, Step},
        theft::swap,
    },
    exit::Failure,
};

/// Forgeries of mandates, openings and logs.
pub(super) const FORGERIES: [Forgery; 22] = [
    Forgery { rule: "committee-members", by: "member", name: "a committee of which one member opens alone" },
    Forgery { rule: "auditor-entry", by: "chain", name: "a committee's key, entered on another chain" },
    Forgery { rule: "committee-keygen", by: "guardian", name: "a committee with a renamed member" },
    Forgery { rule: "committee-key", by: "member", name: "another key under the committee's number" },
    Forgery { rule: "committee-serving", by: "member", name: "a transaction from before the key's time" },
    Forgery { rule: "mandate-words", by: "member", name: "a mandate that gives no reason" },
    Forgery { rule: "mandate-reader", by: "member", name: "a mandate for a reader without a key" },
    Forgery { rule: "mandate-period", by: "member", name: "a mandate that ends before it begins" },
    Forgery { rule: "mandate-committee", by: "member", name: "a mandate for another committee" },
    Forgery { rule: "mandate-quorum", by: "member", name: "a mandate that one of two signed" },
    Forgery { rule: "mandate-twice", by: "member", name: "a mandate that one member signed twice" },
    Forgery { rule: "mandate-signature", by: "member", name: "a mandate signed in another member's name" },
    Forgery { rule: "mandate-force", by: "member", name: "an old mandate, years later" },
    Forgery {
        rule: "mandate-transaction",
        by: "member",
        name: "a mandate for one transaction, to open another",
    },
    Forgery { rule: "partial-share", by: "member", name: "a part by the share of another key" },
    Forgery { rule: "partial-proof", by: "reader", name: "a false part, so that the reader reads noise" },
    Forgery { rule: "partial-seal", by: "age", name: "a member opens a part that is sealed to the reader" },
    Forgery { rule: "opening-quorum", by: "reader", name: "an opening by one member" },
    Forgery { rule: "log-signature", by: "everybody", name: "an entry taken out of a member's log" },
    Forgery {
        rule: "log-fork",
        by: "everybody",
        name: "a log that does not go on from what was shown before",
    },
    Forgery { rule: "log-announced", by: "everybody", name: "a log without a head that was announced" },
    Forgery { rule: "log-evidence", by: "everybody", name: "an honest member accused by a log that grew" },
];

/// Three auditors and the key that they generated. Any two of them can open a transaction.
struct Auditors {
    identities: Vec<Identity>,
    signers: Vec<SigningKey>,
    key: CommitteeKey,
    entry: CommitteeEntry,
    shares: Vec<KeyShare>,
    reader: Identity,
}

/// A transaction of an audited pool.
struct Audited {
    subject: Subject,
    ciphertext: AuditCiphertext,
    first: Nullifier,
    contents: AuditPlaintext,
}

fn member(identity: &Identity) -> Member {
    let (key, recipient) = (signing_key(identity).verifying_key(), identity.to_public().to_string());
    Member { name: format!("Auditor {}", recipient.get(..9).unwrap_or_default()), key, recipient }
}

impl Auditors {
    /// They meet, and generate the key of this number.
    fn meet(play: &Play, number: u32) -> Result<Self, Failure> {
        let (genesis, pool) = play.place();
        let mut identities: Vec<_> = (0..3).map(|_| Identity::generate()).collect();
        identities.sort_by_key(|identity| signing_key(identity).verifying_key().to_bytes());
        let signers: Vec<_> = identities.iter().map(signing_key).collect();
        let committee = Committee::new(genesis, pool, number, 2, identities.iter().map(member).collect());
        let committee = committee.map_err(Failure::input)?;
        let terms = committee.terms();
        let all = |signer| Participant::new(terms.clone(), signer, &mut rand::rng()).map_err(Failure::input);
        let own = signers.iter().map(all).collect::<Result<Vec<_>, _>>()?;
        let both = || own.iter().zip(&signers);
        let commitments = both().map(|(own, signer)| own.commit(signer).map_err(Failure::input));
        let commitments = commitments.collect::<Result<Vec<Commitment>, _>>()?;
        let mut deals = Vec::new();
        for (own, signer) in both() {
            for deal in own.deal(signer, &commitments).map_err(Failure::input)? {
                deals.push((deal.to(), seal_deal(&committee, &deal).map_err(Failure::input)?));
            }
        }
        let (mut shares, mut confirmations) = (Vec::new(), Vec::new());
        for ((own, signer), identity) in both().zip(&identities) {
            let mine = deals.iter().filter(|(to, _)| *to == own.member());
            let mine = mine.map(|(_, sealed)| open_deal(sealed, identity).map_err(Failure::input));
            let mine = mine.collect::<Result<Vec<_>, _>>()?;
            let (share, confirmation) = own.finish(signer, &commitments, &mine).map_err(Failure::input)?;
            shares.push(share);
            confirmations.push(confirmation);
        }
        let entry = CommitteeEntry::new(committee, &commitments, &confirmations).map_err(Failure::input)?;
        let key = entry.verify().map_err(Failure::expectation)?;
        Ok(Self { identities, signers, key, entry, shares, reader: Identity::generate() })
    }

    /// A payment in the audited pool, as the ledger has it.
    fn transaction(&self, wtxid: u8) -> Result<Audited, Failure> {
        let lacks = || Failure::input("a transaction");
        let first = Nullifier::from_scalar(Fr::from(u64::from(wtxid))).ok_or_else(lacks)?;
        let asset = AssetId::new(2).ok_or_else(lacks)?;
        let output = AuditedOutput { tau: Fr::from(8), m: packed(0, Epoch(0), asset, Value(12_50)) };
        let inputs = vec![NoteCommitment::from_scalar(Fr::from(7)); 2];
        let contents = AuditPlaintext { aid: Fr::from(9), outputs: vec![output; 3], inputs };
        let (key, of) = (self.key.auditor_key(), AuditedTransaction { rk: [wtxid; 32], nf_0: first });
        let secret = draw_secret(&key, &of, &contents, &mut rand::rng());
        let ciphertext = AuditCiphertext::encrypt(&key, &of, &contents, &secret).ok_or_else(lacks)?;
        let subject = Subject { wtxid: WtxId([wtxid; 32]), height: 40, epk: *ciphertext.epk() };
        Ok(Audited { subject, ciphertext, first, contents })
    }

    fn request(&self, subject: &Subject, now: u64) -> MandateRequest {
        let recipient = Some(self.reader.to_public().to_string());
        MandateRequest {
            wtxid: subject.wtxid,
            height: subject.height,
            reader: ReaderId { name: "District Court".to_owned(), recipient },
            authority: "District Court, case 12/2026".to_owned(),
            reason: "seizure order".to_owned(),
            issued: now,
            until: now + 86_400,
        }
    }

    /// A mandate that the last two members signed.
    fn mandate(&self, subject: &Subject, now: u64) -> Result<SignedMandate, Failure> {
        let mandate = Mandate::new(&self.key, self.request(subject, now)).map_err(Failure::input)?;
        let signed = self.signers.iter().skip(1).map(|signer| mandate.sign(&self.key, signer));
        let signed = signed.collect::<Result<Vec<_>, _>>().map_err(Failure::input)?;
        SignedMandate::new(&self.key, mandate, &signed).map_err(Failure::input)
    }

    fn part(
        &self,
        at: usize,
        mandate: &SignedMandate,
        subject: &Subject,
        now: u64,
    ) -> Result<Partial, CommitteeError> {
        let share = self.shares.get(at).ok_or(CommitteeError::OtherShare)?;
        Partial::make(&self.key, share, mandate, subject, now, &mut rand::rng())
    }
}

impl Play {
    /// Three auditors open one transaction of an audited pool to a court.
    pub(super) fn open_by_committee(&mut self) -> Result<(), Failure> {
        let now = clock::now();
        let [auditors, others] = [Auditors::meet(self, 1)?, Auditors::meet(self, 2)?];
        let audited = auditors.transaction(5)?;
        let mandate = auditors.mandate(&audited.subject, now)?;
        let mut parts = Vec::new();
        for at in [0, 2] {
            let part = auditors.part(at, &mandate, &audited.subject, now).map_err(Failure::expectation)?;
            let sealed = part.seal(&mandate).map_err(Failure::input)?;
            parts.push(Partial::open(&sealed, &auditors.reader).map_err(Failure::expectation)?);
        }
        let opening = Opening::new(&auditors.key, mandate.clone(), audited.subject, &parts);
        let opening = opening.map_err(Failure::expectation)?;
        let read = opening.read(&auditors.key, &audited.ciphertext, audited.first, 2);
        let same = read.map_err(Failure::expectation)? == audited.contents;
        self.stage.tell(&Step {
            name: "committee",
            title: "Two of three auditors open one transaction of an audited pool to a court".to_owned(),
            proves: "each part is of the member's share, for this transaction and this mandate",
            public: "nothing but hashes in the members' logs",
        });
        let members: Vec<u8> = opening.members().collect();
        let text = format!("members {members:?} opened it for {}", mandate.mandate().reader().name);
        self.stage.show(&text, "opening", &members);
        self.stage.expect("the court reads what was paid", same);
        self.stage.verified += usize::from(same);

        let mut answers = self.false_committees(&auditors, &others)?;
        answers.extend(false_mandates(&auditors, &others, &audited, now)?);
        answers.extend(false_parts(&auditors, &others, &audited, &mandate, now)?);
        answers.extend(self.false_logs(&auditors)?);
        self.stage.forgeries(&FORGERIES, answers);
        Ok(())
    }

    fn false_committees(
        &self,
        auditors: &Auditors,
        others: &Auditors,
    ) -> Result<Vec<(&'static str, Answer)>, Failure> {
        let (genesis, pool) = self.place();
        let key = &auditors.key;
        let alone = Committee::new(genesis, pool, 1, 1, auditors.identities.iter().map(member).collect());
        let Deed::EnterAuditor { number, entry, .. } = auditors.entry.deed(100)? else {
            return Err(Failure::expectation("the deed that enters a key"));
        };
        // The chain reads this out of the act that the guardians sign.
        let group = entry.verify(&genesis, pool, number).map_err(Failure::expectation)?;
        let entered = Auditor {
            number,
            key: point_bytes(group.key()),
            transcript: *group.transcript(),
            threshold: group.terms().threshold(),
            members: group.terms().size(),
            from: 30,
            until: Some(50),
        };
        let swapped = Auditor { key: point_bytes(others.key.group().key()), ..entered };
        let renamed = swap(&auditors.entry.to_bytes(), b"Auditor", b"Agitator".get(..7).unwrap_or_default())?;
        Ok(vec![
            ("committee-members", answer(alone)),
            ("auditor-entry", answer(entry.verify(&GenesisHash([7; 32]), pool, number))),
            ("committee-keygen", judged(&renamed, |entry: CommitteeEntry| answer(entry.verify()))),
            ("committee-key", answer(key.check(&swapped, 40))),
            ("committee-serving", answer(key.check(&entered, 20))),
        ])
    }

    fn false_logs(&self, auditors: &Auditors) -> Result<Vec<(&'static str, Answer)>, Failure> {
        let (genesis, pool) = self.place();
        let signer = auditors.signers.first().ok_or_else(|| Failure::expectation("a member"))?;
        let log = |numbers: &[u8]| {
            let mut log = Log::new(genesis, pool, signer);
            for number in numbers {
                let record = LogRecord { mandate: [*number; 32], share: [1; 32], proof: [2; 32] };
                log.append(record, signer).map_err(Failure::input)?;
            }
            Ok::<_, Failure>(log)
        };
        let (honest, other, shorter) = (log(&[1, 2, 3])?, log(&[1, 4, 3, 5])?, log(&[1, 2])?);
        let altered = swap(&honest.to_bytes(), &[2; 32], &[4; 32])?;
        let grew = TwoHeads(shorter.head().clone(), honest.head().clone());
        Ok(vec![
            ("log-signature", judged(&altered, |log: Log| answer(log.verify()))),
            ("log-fork", answer(other.goes_on_from(honest.head()))),
            ("log-announced", answer(shorter.has_announced(&[honest.head().hash()]))),
            ("log-evidence", answer(grew.verify())),
        ])
    }
}

fn false_mandates(
    auditors: &Auditors,
    others: &Auditors,
    audited: &Audited,
    now: u64,
) -> Result<Vec<(&'static str, Answer)>, Failure> {
    let (key, subject) = (&auditors.key, &audited.subject);
    let request = || auditors.request(subject, now);
    let silent = MandateRequest { reason: String::new(), ..request() };
    let open = ReaderId { name: "X".to_owned(), recipient: None };
    let open = MandateRequest { reader: open, ..request() };
    let ended = MandateRequest { until: now, ..request() };
    let ask = |request| answer(Mandate::new(key, request));
    let signed = auditors.mandate(subject, now)?;
    let first = auditors.signers.first().ok_or_else(|| Failure::expectation("a member"))?;
    let by_one = signed.mandate().sign(key, first).map_err(Failure::input)?;
    let sign = |signatures: &[MandateSignature]| {
        answer(SignedMandate::new(key, signed.mandate().clone(), signatures))
    };
    let renamed = [&[2], by_one.to_bytes().get(1..).unwrap_or_default()].concat();
    let renamed = MandateSignature::from_bytes(&renamed).map_err(Failure::input)?;
    let next = auditors.transaction(6)?.subject;
    Ok(vec![
        ("mandate-words", ask(silent)),
        ("mandate-reader", ask(open)),
        ("mandate-period", ask(ended)),
        ("mandate-committee", answer(signed.verify(&others.key))),
        ("mandate-quorum", sign(&[by_one])),
        ("mandate-twice", sign(&[by_one, by_one])),
        ("mandate-signature", sign(&[by_one, renamed])),
        ("mandate-force", answer(auditors.part(0, &signed, subject, now + 10 * 365 * 86_400))),
        ("mandate-transaction", answer(auditors.part(0, &signed, &next, now))),
    ])
}

fn false_parts(
    auditors: &Auditors,
    others: &Auditors,
    audited: &Audited,
    mandate: &SignedMandate,
    now: u64,
) -> Result<Vec<(&'static str, Answer)>, Failure> {
    let (key, subject) = (&auditors.key, &audited.subject);
    let [right, second] = [0, 1].map(|at| auditors.part(at, mandate, subject, now));
    let (right, second) = (right.map_err(Failure::input)?, second.map_err(Failure::input)?);
    let lacks = || Failure::expectation("a member");
    let of_another = others.shares.first().ok_or_else(lacks)?;
    let of_another = Partial::make(key, of_another, mandate, subject, now, &mut rand::rng());
    // The second member's point, in the first one's name.
    let point = |part: &Partial| part.to_bytes().get(41..73).unwrap_or_default().to_vec();
    let noise = swap(&right.to_bytes(), &point(&right), &point(&second))?;
    let sealed = right.seal(mandate).map_err(Failure::input)?;
    let member = auditors.identities.get(1).ok_or_else(lacks)?;
    Ok(vec![
        ("partial-share", answer(of_another)),
        ("partial-proof", judged(&noise, |part: Partial| answer(part.verify(key, mandate, subject)))),
        ("partial-seal", answer(Partial::open(&sealed, member))),
        ("opening-quorum", answer(Opening::new(key, mandate.clone(), *subject, &[right]))),
    ])
}
