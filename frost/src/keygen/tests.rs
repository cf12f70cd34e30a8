use ed25519_dalek::{Signer, SigningKey};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, point_bytes},
    ledger::Quorum,
    secret::{ExposeBytes, Secret},
    spec::{Fj, spend_base},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;

const PURPOSE: [u8; 32] = [1; 32];

/// Signing keys in the order in which members are numbered.
fn signers(size: u8) -> Vec<SigningKey> {
    let mut signers: Vec<_> = (0..size).map(|seed| SigningKey::from_bytes(&[seed + 1; 32])).collect();
    signers.sort_by_key(|signer| signer.verifying_key().to_bytes());
    signers
}

fn terms(purpose: [u8; 32], threshold: u8, signers: &[SigningKey]) -> Terms {
    let keys = signers.iter().map(|signer| signer.verifying_key().to_bytes()).collect();
    Terms::new(purpose, Quorum::new(threshold, keys).unwrap()).unwrap()
}

/// A generation after round 1.
struct Run {
    signers: Vec<SigningKey>,
    participants: Vec<Participant>,
    commitments: Vec<Commitment>,
}

fn begin(purpose: [u8; 32], threshold: u8, size: u8) -> Run {
    let signers = signers(size);
    let terms = terms(purpose, threshold, &signers);
    let rng = &mut ChaCha20Rng::from_seed([size; 32]);
    let begin = |signer| Participant::new(terms.clone(), signer, &mut *rng).unwrap();
    let participants: Vec<_> = signers.iter().map(begin).collect();
    let commitments =
        participants.iter().zip(&signers).map(|(member, signer)| member.commit(signer).unwrap()).collect();
    Run { signers, participants, commitments }
}

impl Run {
    fn terms(&self) -> &Terms {
        self.participants[0].terms()
    }

    fn deals_of(&self, member: u8) -> Vec<Deal> {
        let at = usize::from(member) - 1;
        self.participants[at].deal(&self.signers[at], &self.commitments).unwrap()
    }

    /// The deals for a member.
    fn deals_for(&self, member: u8) -> Vec<Deal> {
        let deals =
            self.terms().members().filter(|from| *from != member).flat_map(|from| self.deals_of(from));
        deals.filter(|deal| deal.to() == member).collect()
    }

    fn finish(&self, member: u8, deals: &[Deal]) -> Result<(KeyShare, Confirmation), KeygenError> {
        let at = usize::from(member) - 1;
        self.participants[at].finish(&self.signers[at], &self.commitments, deals)
    }

    fn end(&self) -> (Entry, Vec<KeyShare>) {
        let ends = self.terms().members().map(|member| self.finish(member, &self.deals_for(member)).unwrap());
        let (shares, confirmations): (Vec<_>, Vec<_>) = ends.unzip();
        (Entry::new(self.terms().clone(), &self.commitments, &confirmations).unwrap(), shares)
    }
}

#[test]
fn members_make_a_key_that_any_threshold_of_them_has() {
    for (threshold, size) in [(2, 2), (2, 3), (3, 5)] {
        let (entry, shares) = begin(PURPOSE, threshold, size).end();
        let key = Entry::from_bytes(&entry.to_bytes()).unwrap().verify().unwrap();
        assert_eq!(key.terms().threshold(), threshold);
        assert!(shares.iter().all(|share| share.fits(&key)));
        let whole = |members: &[u8]| {
            let secret = |member: &u8| *shares[usize::from(*member) - 1].secret().expose();
            let factors = key.factors(members).unwrap();
            factors.iter().zip(members).map(|(factor, member)| factor * secret(member)).sum::<Fj>()
        };
        let all: Vec<u8> = key.terms().members().collect();
        let least = usize::from(threshold);
        let [first, last] = [&all[..least], &all[all.len() - least..]].map(whole);
        assert_eq!(first, last);
        assert_eq!(whole(&all), first);
        assert_eq!(spend_base() * first, *key.key());
    }
}

/// A signature that members make together is one of the key.
#[test]
fn members_sign_by_their_shares() {
    use frost_core::{SigningPackage, aggregate, round1, round2};
    let (entry, shares) = begin(PURPOSE, 2, 3).end();
    let key = entry.verify().unwrap();
    let packages: Vec<_> = shares[1..].iter().map(|share| share.for_signing(&key).unwrap()).collect();
    let mut rng = crate::random::Seeded::new(&zeroize::Zeroizing::new([5; 32]));
    let drawn: Vec<_> = packages.iter().map(|own| round1::commit(own.signing_share(), &mut rng)).collect();
    let commitments = packages.iter().zip(&drawn).map(|(own, (_, c))| (*own.identifier(), *c)).collect();
    let package = SigningPackage::new(commitments, &[3; 32]);
    let signed = packages.iter().zip(&drawn);
    let signed =
        signed.map(|(own, (nonces, _))| (*own.identifier(), round2::sign(&package, nonces, own).unwrap()));
    let signature = aggregate(&package, &signed.collect(), key.for_signing()).unwrap().serialize().unwrap();
    let rk = louver_core::keys::RandomizedKey::from_bytes(&point_bytes(key.key())).unwrap();
    let signature = louver_core::keys::SpendSignature::from_array(signature.try_into().unwrap());
    assert_eq!(rk.verify(&[3; 32], &signature), Ok(()));
}

#[test]
fn a_member_goes_on_from_its_file() {
    let run = begin(PURPOSE, 2, 3);
    let file = run.participants[0].expose_bytes();
    let back = Participant::from_bytes(&file).unwrap();
    assert_eq!(back.commit(&run.signers[0]).unwrap(), run.commitments[0]);
    assert_eq!(back.deal(&run.signers[0], &run.commitments).unwrap(), run.deals_of(1));
    let (_, shares) = run.end();
    let share = KeyShare::from_bytes(&shares[2].expose_bytes()).unwrap();
    assert!(share == shares[2]);
}

#[test]
fn secrets_are_not_printed() {
    let run = begin(PURPOSE, 2, 3);
    let deal = run.deals_of(1).remove(0);
    let (share, _) = run.finish(2, &run.deals_for(2)).unwrap();
    let printed = format!("{:?} {:?} {:?}", run.participants[0], deal, share);
    assert_eq!(
        printed,
        "Participant { member: 1, .. } Deal { from: 1, to: 2, .. } KeyShare { member: 2, .. }"
    );
}

/// Attacker: whoever foretells a member's random numbers, or gives it the same twice, to learn its share.
#[test]
fn a_seed_depends_on_the_members_secret_and_the_terms() {
    let signers = signers(2);
    let rng = || ChaCha20Rng::from_seed([0; 32]);
    let begin = |purpose, signer| Participant::new(terms([purpose; 32], 2, &signers), signer, &mut rng());
    let files = [begin(1, &signers[0]), begin(1, &signers[1]), begin(2, &signers[0])];
    let seeds = files.map(|file| file.unwrap().expose_bytes()[1..33].to_vec());
    assert!(seeds[0] != seeds[1] && seeds[0] != seeds[2] && seeds[1] != seeds[2]);
}

/// Attacker: one member who wants the key alone, so it proposes terms in which one suffices.
#[test]
fn one_member_is_never_enough() {
    let keys: Vec<_> = signers(3).iter().map(|signer| signer.verifying_key().to_bytes()).collect();
    assert_eq!(Terms::new(PURPOSE, Quorum::new(1, keys).unwrap()), Err(TermsError::Threshold(1)));
}

/// Attacker: the last member to speak, who commits to its own point less those of all others, so that the key is its own. It
/// cannot prove that it knows the secret of such a point.
#[test]
fn a_rogue_key_is_refused() {
    let run = begin(PURPOSE, 2, 3);
    let own = Fj::from(77);
    let mut rogue = run.commitments[2].clone();
    rogue.coefficients[0] =
        spend_base() * own - run.commitments[0].coefficients[0] - run.commitments[1].coefficients[0];
    rogue.signature = run.signers[2].sign(&rogue.message()).to_bytes();
    assert_eq!(rogue.verify(run.terms()), Err(KeygenError::Possession(3)));
    let commitments = [run.commitments[0].clone(), run.commitments[1].clone(), rogue];
    let dealt = run.participants[0].deal(&run.signers[0], &commitments);
    assert_eq!(dealt, Err(KeygenError::Possession(3)));
    // With another's whole commitment it gets no further: the proof is that member's, at its place.
    let mut copied = run.commitments[0].clone();
    copied.member = 3;
    copied.signature = run.signers[2].sign(&copied.message()).to_bytes();
    assert_eq!(copied.verify(run.terms()), Err(KeygenError::Possession(3)));
}

/// Attacker: a member who shows two commitments, one to each other member, so that they hold shares of different keys, or it
/// alone knows what the key is.
#[test]
fn a_member_who_shows_two_commitments_gets_no_entry_and_leaves_evidence() {
    let run = begin(PURPOSE, 2, 3);
    let again = Participant::new(run.terms().clone(), &run.signers[2], &mut ChaCha20Rng::from_seed([99; 32]));
    let other = again.unwrap().commit(&run.signers[2]).unwrap();
    let shown = [run.commitments[0].clone(), run.commitments[1].clone(), other.clone()];
    // Member 2 sees the other one, and deals by it; member 1 finds that out at once.
    let dealt = run.participants[1].deal(&run.signers[1], &shown).unwrap();
    let mut deals = run.deals_for(1);
    deals.retain(|deal| deal.from() != 2);
    deals.extend(dealt.into_iter().filter(|deal| deal.to() == 1));
    assert_eq!(run.finish(1, &deals).err(), Some(KeygenError::OtherTranscript(2)));
    // Its signature under the one transcript is none under the other.
    let confirmed = |commitments: &[Commitment], member: u8| {
        let parts = super::participant::Commitments::of(run.terms(), commitments).unwrap();
        Confirmation::sign(member, &parts.transcript, &run.signers[usize::from(member) - 1])
    };
    let confirmations =
        [confirmed(&run.commitments, 1), confirmed(&shown, 2), confirmed(&run.commitments, 3)];
    let entry = Entry::new(run.terms().clone(), &run.commitments, &confirmations);
    assert_eq!(entry, Err(KeygenError::Signature(2)));

    let evidence = Evidence::TwoCommitments(Box::new([run.commitments[2].clone(), other]));
    let evidence = Evidence::from_bytes(&evidence.to_bytes()).unwrap();
    assert_eq!(evidence.verify(run.terms()), Ok(3));
}

/// Attacker: one who makes evidence against a member who followed the protocol.
#[test]
fn there_is_no_evidence_against_an_honest_member() {
    let run = begin(PURPOSE, 2, 3);
    let same = Evidence::TwoCommitments(Box::new([run.commitments[0].clone(), run.commitments[0].clone()]));
    assert!(same.verify(run.terms()).is_err());
    // Commitments of one member for two keys.
    let elsewhere = begin([2; 32], 2, 3);
    let two = [run.commitments[0].clone(), elsewhere.commitments[0].clone()];
    assert_eq!(Evidence::TwoCommitments(Box::new(two)).verify(run.terms()), Err(KeygenError::OtherTerms));
    let mut forged = run.commitments[0].clone();
    forged.proof.z += Fj::one();
    let forged = Evidence::TwoCommitments(Box::new([run.commitments[0].clone(), forged]));
    assert_eq!(forged.verify(run.terms()), Err(KeygenError::Signature(1)));

    let deal = run.deals_of(1).remove(0);
    let commitments = run.commitments.clone();
    let right = Evidence::FalseShare { commitments: commitments.clone(), deal: deal.clone() };
    assert_eq!(right.verify(run.terms()), Err(KeygenError::Inconsistent));
    let mut changed = deal;
    changed.share = Secret::new(Fj::from(5));
    let changed = Evidence::FalseShare { commitments, deal: changed };
    assert_eq!(changed.verify(run.terms()), Err(KeygenError::Signature(1)));
}

/// Attacker: a member who deals a false share, so that the other has a share of nothing and can never help to open.
#[test]
fn a_false_share_is_found_and_is_evidence() {
    let run = begin(PURPOSE, 2, 3);
    let mut deals = run.deals_for(1);
    let right = deals[1].clone();
    let share = Secret::new(right.share.expose() + Fj::one());
    deals[1] = Deal::sign(right.transcript, right.from, right.to, share, &run.signers[2]);
    assert_eq!(run.finish(1, &deals).err(), Some(KeygenError::FalseShare(3)));
    let evidence = Evidence::FalseShare { commitments: run.commitments.clone(), deal: deals[1].clone() };
    let evidence = Evidence::from_bytes(&evidence.to_bytes()).unwrap();
    assert_eq!(evidence.verify(run.terms()), Ok(3));
    // Only its dealer signs for it.
    deals[1] = Deal::sign(right.transcript, right.from, right.to, right.share, &run.signers[1]);
    assert_eq!(run.finish(1, &deals).err(), Some(KeygenError::Signature(3)));
}

/// Attacker: a member who plays a round of another generation again, to have an old key, whose shares it has collected, entered
/// as a new one; or to lower the threshold that others see.
#[test]
fn a_round_for_other_terms_counts_nowhere_else() {
    let run = begin(PURPOSE, 2, 3);
    for (purpose, threshold) in [([2; 32], 2), (PURPOSE, 3)] {
        let other = begin(purpose, threshold, 3);
        let mut commitments = run.commitments.clone();
        commitments[2] = other.commitments[2].clone();
        let dealt = run.participants[0].deal(&run.signers[0], &commitments);
        assert_eq!(dealt, Err(KeygenError::OtherTerms));
        // It can sign it anew for these terms, and then has nothing to prove possession by.
        commitments[2].terms = run.terms().hash();
        commitments[2].signature = run.signers[2].sign(&commitments[2].message()).to_bytes();
        let fault = if threshold == 2 { KeygenError::Possession(3) } else { KeygenError::Threshold(3) };
        assert_eq!(run.participants[0].deal(&run.signers[0], &commitments), Err(fault));
        let mut deals = run.deals_for(1);
        deals[1] = other.deals_for(1).remove(1);
        assert_eq!(run.finish(1, &deals).err(), Some(KeygenError::OtherTranscript(3)));
    }
}

/// Attacker: whoever keeps a message back, sends two, or sends one in another's name.
#[test]
fn each_member_is_heard_once() {
    let run = begin(PURPOSE, 2, 3);
    let deal = |commitments: &[Commitment]| run.participants[0].deal(&run.signers[0], commitments).err();
    assert_eq!(deal(&run.commitments[..2]), Some(KeygenError::Missing(3)));
    assert_eq!(deal(&[&run.commitments[..], &run.commitments[1..2]].concat()), Some(KeygenError::Twice(2)));
    let deals = run.deals_for(1);
    assert_eq!(run.finish(1, &deals[..1]).err(), Some(KeygenError::Missing(3)));
    assert_eq!(run.finish(1, &[&deals[..], &deals[..1]].concat()).err(), Some(KeygenError::Twice(2)));
    assert_eq!(run.finish(2, &deals).err(), Some(KeygenError::NotForThisMember(2)));
    assert_eq!(run.participants[0].commit(&run.signers[1]).err(), Some(KeygenError::NotAMember));
    let stranger = SigningKey::from_bytes(&[200; 32]);
    assert_eq!(run.participants[0].commit(&stranger).err(), Some(KeygenError::NotAMember));
}

/// Attacker: whoever enters a key whose members, threshold or commitments are not those that were signed.
#[test]
fn an_entry_stands_as_all_members_signed_it() {
    let (entry, _) = begin(PURPOSE, 2, 3).end();
    let bytes = entry.to_bytes();
    let mut sound = 0;
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        sound += usize::from(Entry::from_bytes(&changed).is_ok_and(|entry| entry.verify().is_ok()));
        assert!(Entry::from_bytes(&bytes[..at]).is_err());
    }
    assert_eq!(sound, 0);
    assert!(Entry::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    // Fewer members than there are, all of whom sign.
    assert_eq!(begin(PURPOSE, 2, 2).end().0.verify().unwrap().terms().size(), 2);
}

/// Attacker: a member who commits to the identity, so that its part of the key is known to all, or the threshold is one less.
#[test]
fn commitments_of_small_order_are_refused() {
    let run = begin(PURPOSE, 2, 3);
    let bytes = run.commitments[0].to_bytes();
    let identity = {
        let mut bytes = [0; 32];
        bytes[0] = 1;
        bytes
    };
    for (at, point) in [(34, identity), (66, identity), (34, [0; 32]), (66, [0; 32])] {
        let mut changed = bytes.clone();
        changed[at..at + 32].copy_from_slice(&point);
        assert_eq!(Commitment::from_bytes(&changed), Err(DecodeError::SmallOrder));
    }
    let count = [&bytes[..33], &[33], &bytes[34..]].concat();
    assert!(matches!(Commitment::from_bytes(&count), Err(DecodeError::OutOfRange { .. })));
}

/// Attacker: members who choose their last coefficients so that they cancel: the key would have a lower threshold than its
/// entry says.
#[test]
fn last_coefficients_that_cancel_are_refused() {
    let run = begin(PURPOSE, 2, 2);
    let mut parts: Vec<_> = run.commitments.clone();
    parts[1].coefficients[1] = -run.commitments[0].coefficients[1];
    let parts: Vec<_> = parts.iter().map(super::entry::Part::of).collect();
    assert_eq!(GroupKey::of(run.terms(), &parts, [0; 32]), Err(KeygenError::Cancelled));
}

/// Attacker: too few members, or one who counts twice.
#[test]
fn fewer_than_the_threshold_have_no_factors() {
    let key = begin(PURPOSE, 3, 4).end().0.verify().unwrap();
    assert_eq!(key.factors(&[1, 2]), Err(KeygenError::TooFew(2)));
    assert_eq!(key.factors(&[1, 2, 2]), Err(KeygenError::Twice(2)));
    assert_eq!(key.factors(&[0, 1, 2]), Err(KeygenError::NoSuchMember(0)));
    assert_eq!(key.factors(&[1, 2, 5]), Err(KeygenError::NoSuchMember(5)));
}
