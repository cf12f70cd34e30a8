//! `[vectors]`: what the independent generator made, against this code: it reads all of it, and makes the same bytes.

use core::convert::Infallible;

use louver_core::encoding::fr_from_bytes;
use rand_core::{TryCryptoRng, TryRng};
use serde_json::Value as Json;

use super::*;

/// A generator that repeats itself, as that of the vectors.
struct Sevens;

impl TryRng for Sevens {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes([7; 4]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes([7; 8]))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.fill(7);
        Ok(())
    }
}

impl TryCryptoRng for Sevens {}

fn bytes(value: &Json) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn array(value: &Json) -> [u8; 32] {
    bytes(value).try_into().unwrap()
}

fn read<T: Decode>(value: &Json) -> T {
    T::from_bytes(&bytes(value)).unwrap()
}

#[test]
fn committees_agree_with_the_vectors() {
    let file: Json = serde_json::from_str(include_str!("../../../../spec/vectors/committee.json")).unwrap();
    let identities: Vec<Identity> = file["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key.as_str().unwrap().parse().unwrap())
        .collect();
    let signers: Vec<SigningKey> = identities.iter().map(signing_key).collect();

    let committee: Committee = read(&file["committee"]);
    assert_eq!(committee.to_bytes(), bytes(&file["committee"]));
    let terms = committee.terms();
    assert_eq!(committee.roster(), array(&file["roster"]));
    assert_eq!(terms.to_bytes(), bytes(&file["terms"]));
    assert_eq!(terms.hash(), array(&file["terms_hash"]));
    for commitment in file["commitments"].as_array().unwrap() {
        let read: Commitment = read(commitment);
        assert_eq!(read.verify(terms), Ok(()));
        assert_eq!(read.to_bytes(), bytes(commitment));
    }
    let entry: CommitteeEntry = read(&file["entry"]);
    assert_eq!(entry.to_bytes(), bytes(&file["entry"]));
    let key = entry.verify().unwrap();
    assert_eq!(key.group().transcript(), &array(&file["transcript"]));
    assert_eq!(point_bytes(key.group().key()), array(&file["key"]));
    for (member, share) in (1..).zip(file["verifying_shares"].as_array().unwrap()) {
        assert_eq!(point_bytes(key.group().verifying_share(member).unwrap()), array(share));
    }
    let factors = key.group().factors(&[1, 3]).unwrap();
    let factors: Vec<_> = factors.iter().map(Fj::to_bytes).collect();
    assert_eq!(Json::from(factors.iter().map(hex::encode).collect::<Vec<_>>()), file["factors_1_3"]);

    let of = AuditedTransaction { rk: array(&file["rk"]), nf_0: read(&file["nf_0"]) };
    let said = file["plaintext"].as_array().unwrap().iter();
    let said: Vec<Fr> = said.map(|element| fr_from_bytes(&array(element)).unwrap()).collect();
    let said = AuditPlaintext {
        aid: said[0],
        outputs: said[1..7].chunks(2).map(|pair| AuditedOutput { tau: pair[0], m: pair[1] }).collect(),
        inputs: said[7..].iter().map(|cm| NoteCommitment::from_scalar(*cm)).collect(),
    };
    let s = draw_secret(&key.auditor_key(), &of, &said, &mut Sevens);
    assert_eq!(s.expose().to_bytes(), array(&file["s"]));
    let ciphertext = AuditCiphertext::encrypt(&key.auditor_key(), &of, &said, &s).unwrap();
    assert_eq!(ciphertext.to_bytes(), bytes(&file["ciphertext"]));

    let mandate: SignedMandate = read(&file["mandate"]);
    assert_eq!(mandate.to_bytes(), bytes(&file["mandate"]));
    assert_eq!(mandate.mandate().hash(), array(&file["mandate_hash"]));
    let subject: Subject = read(&file["subject"]);
    let mut parts = Vec::new();
    for (member, (share, part)) in
        (1u8..).zip(file["shares"].as_array().unwrap().iter().zip(file["parts"].as_array().unwrap()))
    {
        let share = [&[member][..], &bytes(share), key.group().transcript()].concat();
        let share = KeyShare::from_bytes(&share).unwrap();
        let made = Partial::make(&key, &share, &mandate, &subject, NOW, &mut Sevens).unwrap();
        assert_eq!(made.to_bytes(), bytes(part));
        parts.push(made);
    }
    let opening: Opening = read(&file["opening"]);
    assert_eq!(opening.expose_bytes().to_vec(), bytes(&file["opening"]));
    assert!(opening.read(&key, &ciphertext, of.nf_0, 2).unwrap() == said);

    let mut log = Log::new(committee.place().0, committee.place().1, &signers[0]);
    parts[..2].iter().for_each(|part| log.append(part.record(), &signers[0]).unwrap());
    assert_eq!(log.to_bytes(), bytes(&file["log"]));
    assert_eq!(log.head().hash(), array(&file["announced"]));
}
