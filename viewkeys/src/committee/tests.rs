use age::x25519::Identity;
use ed25519_dalek::SigningKey;
use louver_chain::{
    act::{Auditor, Deed},
    announcement::AnnouncementKind,
};
use louver_core::{
    asset::AssetId,
    audit::{AuditCiphertext, AuditPlaintext, AuditedOutput, AuditedTransaction, draw_secret},
    encoding::{Encode, point_bytes},
    epoch::Epoch,
    note::{commitment::NoteCommitment, nullifier::Nullifier, packed},
    secret::ExposeBytes,
    spec::{Fj, Fr, spend_base},
    transaction::WtxId,
    value::Value,
};
use louver_frost::{
    KeyShare,
    keygen::{Commitment, KeygenError, Participant, TermsError},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::auditor::signing_key;

mod vectors;

const GENESIS: GenesisHash = GenesisHash([1; 32]);
const POOL: PoolId = PoolId(3);
const NOW: u64 = 1_800_000_000;

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

/// A committee of three of whom two open, with the key that they generated.
struct Scene {
    /// In the order of the members' numbers.
    identities: Vec<Identity>,
    signers: Vec<SigningKey>,
    key: CommitteeKey,
    entry: CommitteeEntry,
    shares: Vec<KeyShare>,
    reader: Identity,
}

fn member(identity: &Identity) -> Member {
    let (key, recipient) = (signing_key(identity).verifying_key(), identity.to_public().to_string());
    Member { name: format!("Auditor {}", &recipient[..9]), key, recipient }
}

fn scene(number: u32) -> Scene {
    let mut identities: Vec<_> = (0..3).map(|_| Identity::generate()).collect();
    identities.sort_by_key(|identity| signing_key(identity).verifying_key().to_bytes());
    let signers: Vec<_> = identities.iter().map(signing_key).collect();
    let members = identities.iter().rev().map(member).collect();
    let committee = Committee::new(GENESIS, POOL, number, 2, members).unwrap();
    let terms = committee.terms();
    let begin =
        |(at, signer): (u8, &SigningKey)| Participant::new(terms.clone(), signer, &mut rng(at)).unwrap();
    let participants: Vec<_> = (0..).zip(&signers).map(begin).collect();
    let commit = |(own, signer): (&Participant, _)| own.commit(signer).unwrap();
    let commitments: Vec<Commitment> = participants.iter().zip(&signers).map(commit).collect();
    // Shares travel sealed.
    let deals: Vec<_> = participants
        .iter()
        .zip(&signers)
        .flat_map(|(own, signer)| own.deal(signer, &commitments).unwrap())
        .map(|deal| (deal.to(), seal_deal(&committee, &deal).unwrap()))
        .collect();
    let finish = |((own, signer), identity): ((&Participant, _), _)| {
        let mine = deals.iter().filter(|(to, _)| *to == own.member());
        let mine: Vec<_> = mine.map(|(_, sealed)| open_deal(sealed, identity).unwrap()).collect();
        own.finish(signer, &commitments, &mine).unwrap()
    };
    let ends = participants.iter().zip(&signers).zip(&identities).map(finish);
    let (shares, confirmations): (Vec<_>, Vec<_>) = ends.unzip();
    let entry = CommitteeEntry::new(committee, &commitments, &confirmations).unwrap();
    let key = entry.verify().unwrap();
    Scene { identities, signers, key, entry, shares, reader: Identity::generate() }
}

/// A transaction of the pool, and what it says.
fn transaction(scene: &Scene, wtxid: u8) -> (Subject, AuditCiphertext, Nullifier, AuditPlaintext) {
    let nf_0 = Nullifier::from_scalar(Fr::from(u64::from(wtxid))).unwrap();
    let m = packed(0, Epoch(7), AssetId::new(2).unwrap(), Value(12_50));
    let said = AuditPlaintext {
        aid: Fr::from(9),
        outputs: vec![AuditedOutput { tau: Fr::from(8), m }; 3],
        inputs: vec![NoteCommitment::from_scalar(Fr::from(7)); 2],
    };
    let (key, of) = (scene.key.auditor_key(), AuditedTransaction { rk: [wtxid; 32], nf_0 });
    let s = draw_secret(&key, &of, &said, &mut rng(wtxid));
    let ciphertext = AuditCiphertext::encrypt(&key, &of, &said, &s).unwrap();
    let subject = Subject { wtxid: WtxId([wtxid; 32]), height: 40, epk: *ciphertext.epk() };
    (subject, ciphertext, nf_0, said)
}

fn request(scene: &Scene, subject: &Subject) -> MandateRequest {
    MandateRequest {
        wtxid: subject.wtxid,
        height: subject.height,
        reader: ReaderId {
            name: "District Court".to_owned(),
            recipient: Some(scene.reader.to_public().to_string()),
        },
        authority: "District Court, case 12/2026".to_owned(),
        reason: "seizure order".to_owned(),
        issued: NOW,
        until: NOW + 86_400,
    }
}

fn mandate(scene: &Scene, subject: &Subject) -> SignedMandate {
    let mandate = Mandate::new(&scene.key, request(scene, subject)).unwrap();
    let signatures: Vec<_> =
        scene.signers[1..].iter().map(|signer| mandate.sign(&scene.key, signer).unwrap()).collect();
    SignedMandate::new(&scene.key, mandate, &signatures).unwrap()
}

fn part(
    scene: &Scene,
    at: usize,
    mandate: &SignedMandate,
    subject: &Subject,
    now: u64,
) -> Result<Partial, CommitteeError> {
    Partial::make(&scene.key, &scene.shares[at], mandate, subject, now, &mut rng(7))
}

#[test]
fn enough_members_open_one_transaction_to_the_mandates_reader() {
    let scene = scene(1);
    let (subject, ciphertext, nf_0, said) = transaction(&scene, 5);
    let mandate = mandate(&scene, &subject);
    let mandate = SignedMandate::from_bytes(&mandate.to_bytes()).unwrap();
    let sealed: Vec<_> =
        [0, 2].map(|at| part(&scene, at, &mandate, &subject, NOW).unwrap().seal(&mandate).unwrap()).to_vec();
    // Nobody else opens them: another member neither.
    assert_eq!(Partial::open(&sealed[0], &scene.identities[1]), Err(CommitteeError::Sealed));
    let parts: Vec<_> = sealed.iter().map(|sealed| Partial::open(sealed, &scene.reader).unwrap()).collect();
    let opening = Opening::new(&scene.key, mandate, subject, &parts).unwrap();
    // The reader shows it to others, who check it by the entry alone.
    let shown = Opening::from_bytes(&opening.expose_bytes()).unwrap();
    let entry = CommitteeEntry::from_bytes(&scene.entry.to_bytes()).unwrap();
    let read = shown.read(&entry.verify().unwrap(), &ciphertext, nf_0, 2).unwrap();
    assert!(read == said);
    assert_eq!(shown.members().collect::<Vec<_>>(), [1, 3]);
    assert_eq!(
        format!("{opening:?} {:?}", parts[0]),
        "Opening { members: [1, 3], .. } Partial { member: 1, .. }"
    );
    // An opening says nothing of the next transaction.
    let (_, other, nf, _) = transaction(&scene, 6);
    assert_eq!(shown.read(&scene.key, &other, nf, 2).err(), Some(CommitteeError::OtherTransaction));
    assert_eq!(shown.read(&scene.key, &ciphertext, nf_0, 3).err(), Some(CommitteeError::OtherTransaction));
}

/// Attacker: fewer members than needed, one who counts twice, or one who opens without a mandate that enough signed.
#[test]
fn fewer_members_than_needed_open_nothing() {
    let scene = scene(1);
    let (subject, ..) = transaction(&scene, 5);
    let signed = mandate(&scene, &subject);
    let one = part(&scene, 0, &signed, &subject, NOW).unwrap();
    let open = |parts: &[Partial]| Opening::new(&scene.key, signed.clone(), subject, parts).err();
    assert_eq!(open(core::slice::from_ref(&one)), Some(CommitteeError::TooFewParts { given: 1, needed: 2 }));
    assert_eq!(open(&[one.clone(), one]), Some(CommitteeError::Twice(1)));

    let unsigned = signed.mandate().clone();
    let by_one = unsigned.sign(&scene.key, &scene.signers[0]).unwrap();
    let few =
        |signatures: &[MandateSignature]| SignedMandate::new(&scene.key, unsigned.clone(), signatures).err();
    assert_eq!(few(&[by_one]), Some(CommitteeError::TooFewSignatures { signed: 1, needed: 2 }));
    assert_eq!(few(&[by_one, by_one]), Some(CommitteeError::Twice(1)));
    let renamed =
        |member: u8| MandateSignature::from_bytes(&[&[member], &by_one.to_bytes()[1..]].concat()).unwrap();
    let as_other = renamed(2);
    assert_eq!(few(&[by_one, as_other]), Some(CommitteeError::Signature(2)));
    let of_nobody = renamed(4);
    assert_eq!(few(&[by_one, of_nobody]), Some(CommitteeError::Signature(4)));
    let stranger = unsigned.sign(&scene.key, &SigningKey::from_bytes(&[9; 32])).err();
    assert_eq!(stranger, Some(CommitteeError::Keygen(KeygenError::NotAMember)));
    // A member who reads a mandate from a file makes no part before all of that holds.
    let mut bytes = signed.mandate().to_bytes();
    bytes.push(1);
    bytes.extend(by_one.to_bytes());
    let few = SignedMandate::from_bytes(&bytes).unwrap();
    let made = part(&scene, 0, &few, &subject, NOW).err();
    assert_eq!(made, Some(CommitteeError::TooFewSignatures { signed: 1, needed: 2 }));
}

/// Attacker: a member who gives a false part, so that the reader reads noise and accuses the payer, or nobody finds out who did.
#[test]
fn a_false_part_is_found_and_names_its_member() {
    let scene = scene(1);
    let (subject, ..) = transaction(&scene, 5);
    let mandate = mandate(&scene, &subject);
    let right = part(&scene, 0, &mandate, &subject, NOW).unwrap();
    assert_eq!(right.verify(&scene.key, &mandate, &subject), Ok(()));
    let bytes = right.to_bytes();
    // Another point, another proof, in another member's name.
    let other_point = point_bytes(&(spend_base() * Fj::from(5)));
    for (at, with) in [(41, other_point), (73, Fj::from(3).to_bytes()), (105, Fj::from(3).to_bytes())] {
        let mut changed = bytes.clone();
        changed[at..at + 32].copy_from_slice(&with);
        let changed = Partial::from_bytes(&changed).unwrap();
        let verdict = changed.verify(&scene.key, &mandate, &subject);
        assert_eq!(verdict, Err(CommitteeError::FalsePart(1)));
        let second = part(&scene, 1, &mandate, &subject, NOW).unwrap();
        let opened = Opening::new(&scene.key, mandate.clone(), subject, &[changed, second]);
        assert_eq!(opened.err(), Some(CommitteeError::FalsePart(1)));
    }
    for member in [0, 2, 4] {
        let mut changed = bytes.clone();
        changed[40] = member;
        let changed = Partial::from_bytes(&changed).unwrap();
        let verdict = changed.verify(&scene.key, &mandate, &subject);
        assert_eq!(verdict, Err(CommitteeError::FalsePart(member)));
    }
    // A part of another key's share.
    let elsewhere = self::scene(2);
    let made = Partial::make(&scene.key, &elsewhere.shares[0], &mandate, &subject, NOW, &mut rng(1));
    assert_eq!(made.err(), Some(CommitteeError::OtherShare));
}

/// Attacker: a reader with a mandate for one transaction who wants to read another; or who shows a part that was given by one
/// mandate as given by another.
#[test]
fn a_part_counts_for_one_transaction_and_one_mandate() {
    let scene = scene(1);
    let (subject, ..) = transaction(&scene, 5);
    let (other, ..) = transaction(&scene, 6);
    let signed = mandate(&scene, &subject);
    let right = part(&scene, 0, &signed, &subject, NOW).unwrap();
    assert_eq!(part(&scene, 0, &signed, &other, NOW).err(), Some(CommitteeError::OtherTransaction));
    let moved = Subject { height: 41, ..subject };
    assert_eq!(part(&scene, 0, &signed, &moved, NOW).err(), Some(CommitteeError::OtherTransaction));
    // The other transaction's `epk` under this one's name: the proof is for this one's.
    let swapped = Subject { epk: other.epk, ..subject };
    assert_eq!(right.verify(&scene.key, &signed, &swapped), Err(CommitteeError::FalsePart(1)));

    let again = MandateRequest { reason: "curiosity".to_owned(), ..request(&scene, &subject) };
    let again = Mandate::new(&scene.key, again).unwrap();
    let signatures: Vec<_> =
        scene.signers.iter().map(|signer| again.sign(&scene.key, signer).unwrap()).collect();
    let again = SignedMandate::new(&scene.key, again, &signatures).unwrap();
    assert_eq!(right.verify(&scene.key, &again, &subject), Err(CommitteeError::FalsePart(1)));
    let mut renamed = right.to_bytes();
    renamed[8..40].copy_from_slice(&again.mandate().hash());
    let renamed = Partial::from_bytes(&renamed).unwrap();
    assert_eq!(renamed.verify(&scene.key, &again, &subject), Err(CommitteeError::FalsePart(1)));
}

/// Attacker: a reader who comes back years later with an old mandate, or has one dated ahead.
#[test]
fn nothing_is_opened_by_a_mandate_that_is_not_in_force() {
    let scene = scene(1);
    let (subject, ..) = transaction(&scene, 5);
    let signed = mandate(&scene, &subject);
    for now in [NOW - 1, NOW + 86_400, u64::MAX] {
        assert_eq!(part(&scene, 0, &signed, &subject, now).err(), Some(CommitteeError::NotInForce));
    }
    let ends = MandateRequest { until: NOW, ..request(&scene, &subject) };
    assert_eq!(Mandate::new(&scene.key, ends), Err(CommitteeError::Period));
    let open = ReaderId { name: "X".to_owned(), recipient: None };
    let open = MandateRequest { reader: open, ..request(&scene, &subject) };
    assert_eq!(Mandate::new(&scene.key, open), Err(CommitteeError::NoReader));
    let silent = MandateRequest { reason: String::new(), ..request(&scene, &subject) };
    assert_eq!(Mandate::new(&scene.key, silent), Err(CommitteeError::Text("reason")));
}

/// Attacker: whoever takes a mandate, an opening or a key of one chain, pool or number to another.
#[test]
fn a_mandate_is_for_one_committee() {
    let [one, other] = [scene(1), scene(2)];
    let (subject, ..) = transaction(&one, 5);
    let signed = mandate(&one, &subject);
    assert_eq!(signed.verify(&other.key), Err(CommitteeError::OtherCommittee));
    let sign = signed.mandate().sign(&other.key, &other.signers[0]);
    assert_eq!(sign.err(), Some(CommitteeError::OtherCommittee));
    let made = part(&other, 0, &signed, &subject, NOW).err();
    assert_eq!(made, Some(CommitteeError::OtherCommittee));
}

/// Attacker: a payer whose `epk` is of small order, or a member whose part is: then everybody knows `S`, or a part fits every share.
#[test]
fn points_of_small_order_are_refused() {
    let scene = scene(1);
    let (subject, ..) = transaction(&scene, 5);
    let mandate = mandate(&scene, &subject);
    let mut one = [0; 32];
    one[0] = 1;
    for point in [one, [0; 32]] {
        let mut bytes = subject.to_bytes();
        bytes[36..].copy_from_slice(&point);
        assert_eq!(Subject::from_bytes(&bytes), Err(DecodeError::SmallOrder));
        let mut bytes = part(&scene, 0, &mandate, &subject, NOW).unwrap().to_bytes();
        bytes[41..73].copy_from_slice(&point);
        assert_eq!(Partial::from_bytes(&bytes), Err(DecodeError::SmallOrder));
    }
    let identity = Subject { epk: group::Group::identity(), ..subject };
    assert_eq!(part(&scene, 0, &mandate, &identity, NOW).err(), Some(CommitteeError::OtherTransaction));
}

/// Attacker: whoever foretells a member's random numbers, or has it prove two statements with one nonce, to learn its share.
#[test]
fn a_generator_that_repeats_itself_gives_no_share_away() {
    let scene = scene(1);
    let (subject, ..) = transaction(&scene, 5);
    let (other, ..) = transaction(&scene, 6);
    let nonce = |part: &Partial, at: usize| {
        let number = |at: usize| Fj::from_bytes(part.to_bytes()[at..at + 32].try_into().unwrap()).unwrap();
        number(105) - number(73) * scene.shares[at].secret().expose()
    };
    let mandates = [mandate(&scene, &subject), mandate(&scene, &other)];
    let nonces = [
        nonce(&part(&scene, 0, &mandates[0], &subject, NOW).unwrap(), 0),
        nonce(&part(&scene, 1, &mandates[0], &subject, NOW).unwrap(), 1),
        nonce(&part(&scene, 0, &mandates[1], &other, NOW).unwrap(), 0),
    ];
    assert!(nonces[0] != nonces[1] && nonces[0] != nonces[2] && nonces[1] != nonces[2]);
}

/// Attacker: guardians or members who say that another key, or one with another threshold, is the committee's.
#[test]
fn the_chain_has_this_key_under_its_number() {
    let scene = scene(4);
    let key = &scene.key;
    let Ok(Deed::EnterAuditor { number, entry, overlap }) = scene.entry.deed(100) else { panic!("a deed") };
    assert_eq!((number, overlap), (4, 100));
    // The chain reads the same out of the act, and only as key 4 of this chain and pool.
    let group = entry.verify(&GENESIS, POOL, 4).unwrap();
    assert_eq!(&group, key.group());
    assert!(entry.verify(&GENESIS, POOL, 5).is_err());
    let entered = Auditor { until: Some(50), ..Auditor::entered(number, &group, 30) };
    assert_eq!(key.check(&entered, 30), Ok(()));
    assert_eq!(key.check(&entered, 29), Err(CommitteeError::NotServing(29)));
    assert_eq!(key.check(&entered, 50), Err(CommitteeError::NotServing(50)));
    for other in [
        Auditor { number: 5, ..entered },
        Auditor { key: point_bytes(&spend_base()), ..entered },
        Auditor { transcript: [0; 32], ..entered },
        Auditor { threshold: 3, ..entered },
        Auditor { members: 5, ..entered },
    ] {
        assert_eq!(key.check(&other, 30), Err(CommitteeError::OtherKey));
    }
    // An entry that gives a member another name than the members agreed on.
    let bytes = scene.entry.to_bytes();
    let at = bytes.windows(7).position(|bytes| bytes == b"Auditor").unwrap();
    let mut renamed = bytes.clone();
    renamed[at] = b'B';
    let renamed = CommitteeEntry::from_bytes(&renamed).unwrap();
    assert_eq!(renamed.verify().err(), Some(CommitteeError::Keygen(KeygenError::OtherTerms)));
    assert_eq!(renamed.deed(100).err(), Some(CommitteeError::Keygen(KeygenError::OtherTerms)));
    for length in (0..bytes.len()).step_by(7) {
        assert!(CommitteeEntry::from_bytes(&bytes[..length]).is_err());
    }
}

/// Attacker: one member who wants to open alone, is there twice, or has shares sealed to nobody.
#[test]
fn a_committee_is_of_different_members_who_can_be_sealed_to() {
    let members = || -> Vec<_> { (0..3).map(|_| member(&Identity::generate())).collect() };
    let new = |number, threshold, members| Committee::new(GENESIS, POOL, number, threshold, members).err();
    assert_eq!(new(0, 2, members()), Some(CommitteeError::Number));
    assert_eq!(new(1, 1, members()), Some(CommitteeError::Terms(TermsError::Threshold(1))));
    assert!(matches!(new(1, 4, members()), Some(CommitteeError::Quorum(_))));
    let mut twice = members();
    twice[2].key = twice[0].key;
    assert!(matches!(new(1, 2, twice), Some(CommitteeError::Quorum(_))));
    let mut sealed = members();
    sealed[1].recipient = "age1nobody".to_owned();
    assert!(matches!(new(1, 2, sealed), Some(CommitteeError::Recipient(_))));
    let mut unnamed = members();
    unnamed[1].name = " ".to_owned();
    assert_eq!(new(1, 2, unnamed), Some(CommitteeError::Name));
    let committee = Committee::new(GENESIS, POOL, 1, 2, members()).unwrap();
    assert_eq!(Committee::from_bytes(&committee.to_bytes()), Ok(committee));
}

#[test]
fn a_log_holds_hashes_and_stands_on_all_before() {
    let scene = scene(1);
    let (subject, ..) = transaction(&scene, 5);
    let mandate = mandate(&scene, &subject);
    let part = part(&scene, 0, &mandate, &subject, NOW).unwrap();
    let mut log = Log::new(GENESIS, POOL, &scene.signers[0]);
    let empty = log.head().clone();
    log.append(part.record(), &scene.signers[0]).unwrap();
    log.append(LogRecord { mandate: [7; 32], ..part.record() }, &scene.signers[0]).unwrap();
    let log = Log::from_bytes(&log.to_bytes()).unwrap();
    assert_eq!(log.verify(), Ok(()));
    assert_eq!(log.goes_on_from(&empty), Ok(()));
    assert_eq!(log.records()[0].mandate, mandate.mandate().hash());
    let (kind, subject, hash) = log.head().announcement();
    assert_eq!((kind, subject), (AnnouncementKind::LogHead, scene.signers[0].verifying_key().to_bytes()));
    assert_eq!(log.has_announced(&[empty.hash(), hash]), Ok(()));
    // The share itself is not in it.
    let (log, share) = (log.to_bytes(), &part.to_bytes()[41..73]);
    assert!(!log.windows(32).any(|bytes| bytes == share));
}

/// Attacker: a member who takes an opening out of its log, alters one, or shows two logs.
#[test]
fn a_log_that_was_altered_is_found() {
    let signer = SigningKey::from_bytes(&[3; 32]);
    let record = |number: u8| LogRecord { mandate: [number; 32], share: [1; 32], proof: [2; 32] };
    let log_of = |numbers: &[u8]| {
        let mut log = Log::new(GENESIS, POOL, &signer);
        numbers.iter().for_each(|number| log.append(record(*number), &signer).unwrap());
        log
    };
    let (log, other) = (log_of(&[1, 2, 3]), log_of(&[1, 4, 3, 5]));
    let announced = [log_of(&[1]).head().hash(), log.head().hash()];
    assert_eq!(log.has_announced(&announced), Ok(()));
    assert_eq!(other.has_announced(&announced), Err(CommitteeError::NotInLog));
    assert_eq!(log_of(&[1, 2]).has_announced(&announced), Err(CommitteeError::NotInLog));
    assert_eq!(other.goes_on_from(log.head()), Err(CommitteeError::OtherLog { length: 3 }));
    assert_eq!(log_of(&[1]).goes_on_from(log.head()), Err(CommitteeError::OtherLog { length: 3 }));

    let bytes = log.to_bytes();
    for at in 8..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(!Log::from_bytes(&changed).is_ok_and(|log| log.verify().is_ok()), "{at}");
    }
    let mut mine = log.clone();
    let stranger = SigningKey::from_bytes(&[4; 32]);
    assert_eq!(mine.append(record(9), &stranger), Err(CommitteeError::LogSignature));

    let head = |numbers: &[u8]| log_of(numbers).head().clone();
    let two = TwoHeads(head(&[1, 2, 3]), head(&[1, 4, 3]));
    let two = TwoHeads::from_bytes(&two.to_bytes()).unwrap();
    assert_eq!(two.verify(), Ok(&signer.verifying_key()));
    // A log that grew is not evidence, nor are those of two pools or members.
    let innocent = [
        (head(&[1, 2]), head(&[1, 2, 3])),
        (head(&[1]), head(&[1])),
        (head(&[]), Log::new(GENESIS, PoolId(4), &signer).head().clone()),
        (head(&[]), Log::new(GENESIS, POOL, &stranger).head().clone()),
    ];
    for (one, other) in innocent {
        assert_eq!(TwoHeads(one, other).verify(), Err(CommitteeError::NoEvidence));
    }
}
