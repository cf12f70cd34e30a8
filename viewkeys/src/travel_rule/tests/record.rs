use age::x25519::Identity;
use louver_core::{
    asset::AssetId,
    encoding::{Decode, DecodeError},
    keys::Direction,
    note::{Memo, MemoBucket, MemoError},
    pool::{GenesisHash, PoolId},
    value::Value,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    signed::{OpenError, SealError},
    testing::{
        account,
        ledger::{GENESIS, Ledger, POOL},
    },
};

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn terms() -> PaymentTerms {
    PaymentTerms {
        to: Ledger::address(&account(2), Direction::External, 0),
        asset: AssetId::new(1).unwrap(),
        value: Value(10_000),
    }
}

fn record() -> Record {
    Record::new((GENESIS, POOL), terms(), &bytes(&customer()), NOW, &mut rng(5)).unwrap()
}

fn find(record: &Record, payments: &[(PaymentTerms, Memo)]) -> Finding<usize> {
    let candidate = |(id, (terms, memo)): (usize, &'_ (PaymentTerms, Memo))| (id, *terms, memo.clone());
    let payments: Vec<_> = payments.iter().enumerate().map(candidate).collect();
    let candidates =
        payments.iter().map(|(id, terms, memo)| Candidate { id: *id, terms: *terms, memo: Some(memo) });
    record.find((&GENESIS, POOL), candidates).unwrap()
}

fn plain(text: &str) -> Memo {
    Memo::new(text.as_bytes()).unwrap()
}

#[test]
fn a_record_finds_its_payment() {
    let record = record();
    let memo = record.hash().memo("").unwrap();
    assert_eq!((memo.as_bytes().len(), memo.bucket()), (61, MemoBucket::Small));
    assert_eq!(memo.as_text().unwrap().parse(), Ok(record.hash()));
    let below = record.hash().memo("Invoice 7\nwith thanks\n").unwrap();
    assert_eq!(below.as_text().unwrap(), format!("Invoice 7\nwith thanks\n{}", record.hash()));
    for memo in [memo, below] {
        let found = find(&record, &[(terms(), plain("rent")), (terms(), memo), (terms(), Memo::empty())]);
        assert_eq!((found.coverage(), found.covered), (Coverage::One, vec![1]));
    }
    assert_eq!(find(&record, &[(terms(), plain("rent"))]).coverage(), Coverage::None);
}

/// Attacker: another payer, who copies the hash into a memo of his own, to pass off his payment as an identified one.
#[test]
fn a_copied_hash_is_named_and_covers_nothing() {
    let record = record();
    let memo = record.hash().memo("").unwrap();
    let other = |change: fn(&mut PaymentTerms)| {
        let mut terms = terms();
        change(&mut terms);
        (terms, memo.clone())
    };
    let changes = [
        (other(|terms| terms.value = Value(9_999)), Difference::Amount),
        (other(|terms| terms.asset = AssetId::new(2).unwrap()), Difference::Asset),
        (other(|terms| terms.to = Ledger::address(&account(3), Direction::External, 0)), Difference::Address),
        // Another address of the same payee.
        (other(|terms| terms.to = Ledger::address(&account(2), Direction::External, 1)), Difference::Address),
    ];
    for (payment, difference) in changes {
        let found = find(&record, core::slice::from_ref(&payment));
        assert_eq!((found.coverage(), found.borrowed), (Coverage::None, vec![(0, vec![difference])]));
        // The right one is found beside it.
        let found = find(&record, &[payment, (terms(), memo.clone())]);
        assert_eq!((found.coverage(), found.covered, found.borrowed.len()), (Coverage::One, vec![1], 1));
    }
}

/// Attacker: a payer who pays twice, and shows one record for both.
#[test]
fn one_record_covers_one_payment() {
    let record = record();
    let memo = record.hash().memo("").unwrap();
    let found = find(&record, &[(terms(), memo.clone()), (terms(), memo)]);
    assert_eq!((found.coverage(), found.covered), (Coverage::OneOfSeveral, vec![0, 1]));
    // A second payment on the same terms with a record of its own.
    let second = Record::new((GENESIS, POOL), terms(), &bytes(&customer()), NOW, &mut rng(6)).unwrap();
    assert_ne!(second.hash(), record.hash());
    let both = [(terms(), record.hash().memo("").unwrap()), (terms(), second.hash().memo("").unwrap())];
    assert_eq!(find(&record, &both).covered, [0]);
    assert_eq!(find(&second, &both).covered, [1]);
}

/// Attacker: a payer who puts two hashes into one memo, and shows each reader another person.
#[test]
fn a_memo_with_two_hashes_stands_for_neither() {
    let record = record();
    let straw_man = Record::new((GENESIS, POOL), terms(), &bytes(&customer()), NOW, &mut rng(6)).unwrap();
    let memo = plain(&format!("{}\n{}", straw_man.hash(), record.hash()));
    for record in [&record, &straw_man] {
        let found = find(record, &[(terms(), memo.clone())]);
        assert_eq!((found.coverage(), found.several_marks), (Coverage::None, vec![0]));
    }
    // Nor does a wallet make one.
    assert_eq!(record.hash().memo(&format!(" {} ", straw_man.hash())), Err(MarkError::Marked));
    let long = "a".repeat(Memo::MAX - 61);
    let error = MemoError::TooLong { length: Memo::MAX + 1, capacity: Memo::MAX };
    assert_eq!(record.hash().memo(&long), Err(MarkError::Memo(error)));
}

#[test]
fn a_hash_counts_as_the_last_line_alone() {
    let hash = record().hash();
    let upper = hash.to_string().to_uppercase();
    for memo in [
        format!("{hash}\nthanks"),
        format!("see {hash}"),
        format!("{hash}."),
        upper,
        hash.to_string()[1..].to_owned(),
    ] {
        assert_eq!(MemoMark::of(&plain(&memo)), MemoMark::None, "{memo}");
    }
    for memo in [format!("{hash}"), format!("a\r\n {hash} \r\n"), format!("a\n\n{hash}\n\n")] {
        assert_eq!(MemoMark::of(&plain(&memo)), MemoMark::One(hash), "{memo}");
    }
    assert_eq!(MemoMark::of(&Memo::new(&[0xff; 61]).unwrap()), MemoMark::None);
    let long = louver_core::keys::string::write_string("tr", &[1; 33]);
    assert!(long.parse::<TravelRuleHash>().is_err());
    assert!(terms().to.to_string().parse::<TravelRuleHash>().is_err());
}

/// Attacker: a payer who alters the payload afterwards, by as little as a space; whoever alters any other byte of the record.
#[test]
fn every_byte_is_bound() {
    let (record, key) = (record(), Identity::generate());
    let sealed = record.seal(&[key.to_public()]).unwrap();
    let whole = crate::signed::decrypt(&sealed, &key).unwrap();
    assert_eq!(Record::from_bytes(&whole), Ok(record.clone()));
    let memo = record.hash().memo("").unwrap();
    for place in 0..whole.len() {
        let mut altered = whole.to_vec();
        altered[place] ^= 1;
        let Ok(altered) = Record::from_bytes(&altered) else { continue };
        assert_ne!(altered.hash(), record.hash(), "{place}");
        let candidate = Candidate { id: (), terms: altered.terms, memo: Some(&memo) };
        // A record of another place is refused, and any other finds nothing.
        if let Ok(found) = altered.find((&GENESIS, POOL), [candidate]) {
            assert_eq!((found.coverage(), found.borrowed.len()), (Coverage::None, 0), "{place}");
        }
    }
    // Bytes that move between two fields.
    let mut longer = record.clone();
    longer.payload.insert(0, longer.salt[31]);
    assert_ne!(longer.hash(), record.hash());
}

/// Attacker: a payer who shows a record of a payment on a test chain, or in another pool.
#[test]
fn a_record_speaks_of_one_chain_and_pool() {
    let record = record();
    let memo = record.hash().memo("").unwrap();
    let look = |genesis, pool| {
        let candidate = Candidate { id: (), terms: terms(), memo: Some(&memo) };
        record.find((genesis, pool), [candidate]).map(|found| found.coverage())
    };
    assert_eq!(look(&GENESIS, POOL), Ok(Coverage::One));
    assert_eq!(look(&GenesisHash([8; 32]), POOL), Err(RecordError::OtherChain));
    assert_eq!(look(&GENESIS, PoolId(2)), Err(RecordError::OtherPool));
    let elsewhere = Record::new((GENESIS, PoolId(2)), terms(), &bytes(&customer()), NOW, &mut rng(5));
    assert_eq!(elsewhere, Err(RecordError::OtherPool));
}

/// Attacker: a reader of the memo, such as the holder of a grant, who tries out customers.
#[test]
fn the_hash_says_nothing_without_the_salt() {
    let record = record();
    let guess = |salt| Record { salt, ..record.clone() }.hash();
    assert_eq!(guess(record.salt), record.hash());
    assert_ne!(guess([0; 32]), record.hash());
    // Each record has a salt of its own.
    let again = Record::new((GENESIS, POOL), terms(), record.payload_json(), NOW, &mut rng(9)).unwrap();
    assert_ne!(again.salt, record.salt);
    assert!(!format!("{record:?}").contains(&format!("{:?}", record.salt)));
}

/// Attacker: a sender who seals what is not a payload.
#[test]
fn a_record_is_made_of_a_valid_payload_and_read_with_its_faults() {
    let mut wrong = customer();
    wrong["originator"]["originatorPersons"] = json!([]);
    let made = Record::new((GENESIS, POOL), terms(), &bytes(&wrong), NOW, &mut rng(5));
    assert!(matches!(made, Err(RecordError::Payload(PayloadError::Invalid(_)))));
    // Somebody else's program writes it all the same.
    let forged = Record { payload: bytes(&wrong).into(), ..record() };
    let key = Identity::generate();
    let read = Record::open(&forged.seal(&[key.to_public()]).unwrap(), &key).unwrap();
    assert!(matches!(read.payload(NOW), Err(PayloadError::Invalid(_))));
    let memo = read.hash().memo("").unwrap();
    assert_eq!(find(&read, &[(terms(), memo)]).coverage(), Coverage::One);
}

#[test]
fn a_sealed_record_opens_with_the_readers_keys_alone() {
    let (exchange, archive, other) = (Identity::generate(), Identity::generate(), Identity::generate());
    let record = record();
    assert!(matches!(record.seal(&[]), Err(SealError::Recipient)));
    let sealed = record.seal(&[exchange.to_public(), archive.to_public()]).unwrap();
    for key in [&exchange, &archive] {
        assert_eq!(Record::open(&sealed, key).unwrap(), record);
    }
    let refused = |bytes: &[u8]| matches!(Record::open(bytes, &exchange), Err(OpenError::Decrypt));
    assert!(matches!(Record::open(&sealed, &other), Err(OpenError::Decrypt)));
    for length in (0..sealed.len()).step_by(7) {
        assert!(refused(&sealed[..length]), "{length}");
    }
    for place in (0..sealed.len()).step_by(11) {
        let mut altered = sealed.clone();
        altered[place] ^= 4;
        assert!(refused(&altered), "{place}");
    }
    // An open file is not a record, and neither is a file without an end.
    assert!(refused(&crate::signed::decrypt(&sealed, &exchange).unwrap()));
    assert!(matches!(Record::open(&vec![0; Record::MAX_BYTES + 1], &exchange), Err(OpenError::TooLarge)));
    // The largest payload fits, for several readers.
    let large = Record { payload: vec![b' '; MAX_PAYLOAD].into(), ..record };
    let readers: Vec<_> = (0..16).map(|_| exchange.to_public()).collect();
    assert!(Record::open(&large.seal(&readers).unwrap(), &exchange).is_ok());
}

/// Attacker: whoever seals a file to an exchange, to have its program read beyond what is there.
#[test]
fn the_decoder_takes_one_form() {
    let key = Identity::generate();
    let whole = crate::signed::decrypt(&record().seal(&[key.to_public()]).unwrap(), &key).unwrap();
    for length in 0..whole.len() {
        assert!(Record::from_bytes(&whole[..length]).is_err(), "{length}");
    }
    let longer = [&whole[..], &[0]].concat();
    assert_eq!(Record::from_bytes(&longer), Err(DecodeError::TrailingBytes { count: 1 }));
    let with = |place: usize, bytes: &[u8]| {
        let mut altered = whole.to_vec();
        altered[place..place + bytes.len()].copy_from_slice(bytes);
        Record::from_bytes(&altered)
    };
    assert!(matches!(with(7, &[2]), Err(DecodeError::UnknownTag { what: "travel-rule record", .. })));
    assert_eq!(with(8, &[9]), Err(DecodeError::NotCanonical { what: "an address of another pool" }));
    let count = 8 + 32 + 4 + 98 + 7 + 8 + 32;
    assert_eq!(with(count, &[0xff; 4]), Err(DecodeError::CountTooLarge { count: u32::MAX.into() }));
    let huge = [
        &whole[..count],
        &(u32::try_from(MAX_PAYLOAD).unwrap() + 1).to_le_bytes(),
        &vec![b' '; MAX_PAYLOAD + 1],
    ]
    .concat();
    assert_eq!(Record::from_bytes(&huge), Err(DecodeError::OutOfRange { what: "payload" }));
}
