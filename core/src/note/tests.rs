use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;
use crate::{
    keys::{AccountSpendingKey, AddressIndex, Direction, FullViewingKey},
    pool::{GenesisHash, PoolId, PoolTag},
    spec::Fj,
};

fn full() -> FullViewingKey {
    AccountSpendingKey::from_seed(&[9; 64], 0).unwrap().full_viewing_key()
}

fn parts() -> NoteParts {
    let pool = PoolTag::new(&GenesisHash([1; 32]), PoolId(0));
    NoteParts {
        to: full().address(pool, Epoch(4), Direction::External, AddressIndex(3)),
        asset: AssetId::new(5).unwrap(),
        value: Value(1000),
        index: 2,
        rho: Nullifier::from_scalar(Fr::from(77)).unwrap(),
        rseed: Secret::new([8; 32]),
    }
}

#[test]
fn no_secret_shows_in_debug() {
    let note = Note::from_parts(parts()).unwrap();
    let rk = full().randomized_key(&Fj::from(3)).unwrap();
    let full = full();
    let dummies = Dummies::new(full.dummy_root(), &rk);
    let memo = Memo::new(b"for rent").unwrap();
    assert_eq!(
        format!("{note:?} {dummies:?} {:?} {:?} {memo:?}", dummies.input(0), dummies.output(0)),
        "Note(..) Dummies(..) DummyInput(..) DummyOutput(..) Memo(..)"
    );
}

#[test]
fn a_note_needs_an_asset() {
    let refused = Note::from_parts(NoteParts { asset: AssetId::NONE, ..parts() });
    assert_eq!(refused, Err(NoteError::NoAsset));
}

/// An attacker who could change a field under the same commitment would make money, or a note of another epoch.
#[test]
fn the_commitment_binds_every_field() {
    let original = Note::from_parts(parts()).unwrap();
    let other_pool = PoolTag::new(&GenesisHash([2; 32]), PoolId(0));
    let address = |pool, epoch, index| full().address(pool, epoch, Direction::External, AddressIndex(index));
    let pool = parts().to.pool();
    let changed = [
        NoteParts { value: Value(1001), ..parts() },
        NoteParts { asset: AssetId::new(6).unwrap(), ..parts() },
        NoteParts { index: 3, ..parts() },
        NoteParts { rho: Nullifier::from_scalar(Fr::from(78)).unwrap(), ..parts() },
        NoteParts { rseed: Secret::new([7; 32]), ..parts() },
        NoteParts { to: address(pool, Epoch(5), 3), ..parts() },
        NoteParts { to: address(pool, Epoch(4), 4), ..parts() },
        NoteParts { to: address(other_pool, Epoch(4), 3), ..parts() },
    ];
    for parts in changed {
        let note = Note::from_parts(parts).unwrap();
        assert_ne!(note.commitment(), original.commitment());
        assert_ne!(note.rcm().expose(), original.rcm().expose());
        assert_ne!(note.esk().expose(), original.esk().expose());
    }
    assert_eq!(Note::from_parts(parts()).unwrap(), original);
}

#[test]
fn limbs_do_not_run_into_each_other() {
    let asset = |x| AssetId::new(x).unwrap();
    let top = packed(u8::MAX, Epoch(u16::MAX), asset((1 << 56) - 1), Value(u64::MAX));
    // All ones but the class byte.
    let mut expected = [0u8; 32];
    expected[..19].fill(0xff);
    expected[15] = 0;
    assert_eq!(top.to_bytes(), expected);
    assert_ne!(packed(0, Epoch(0), asset(1), Value(0)), packed(0, Epoch(0), asset(0), Value(u64::MAX)));
}

#[test]
fn dummies_differ_by_slot_transaction_and_account() {
    let (one, two) = (full(), AccountSpendingKey::from_seed(&[9; 64], 1).unwrap().full_viewing_key());
    let mut seen = Vec::new();
    for account in [&one, &two] {
        for alpha in [1, 2] {
            // The same rk for both accounts: it is the root that tells them apart.
            let rk = one.randomized_key(&Fj::from(alpha)).unwrap();
            let dummies = Dummies::new(account.dummy_root(), &rk);
            for slot in 0..3 {
                let (input, output) = (dummies.input(slot), dummies.output(slot));
                let scalars = [input.pk_d_hash(), input.rho().to_scalar(), *input.rcm().expose()];
                seen.extend(scalars.map(|x| x.to_bytes()));
                seen.extend([output.tau().to_scalar(), *output.rcm().expose()].map(|x| x.to_bytes()));
                seen.push(output.epk().to_array());
            }
        }
    }
    let total = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), total);
}

#[test]
fn dummy_outputs_look_like_any_other() {
    let mut rng = StdRng::seed_from_u64(3);
    let rk = full().randomized_key(&Fj::from(3)).unwrap();
    let full = full();
    let output = Dummies::new(full.dummy_root(), &rk).output(1);
    let rho = parts().rho;
    let cm = output.commitment(rho, Epoch(4), parts().asset);
    let mut sent = Vec::new();
    for bucket in MemoBucket::ALL {
        let wire = output.encrypted(cm, bucket, &mut rng);
        assert_eq!(crate::encoding::Encode::to_bytes(&wire).len(), EncryptedNote::length(bucket));
        sent.push(wire.compact);
    }
    assert_ne!(sent[0], sent[1]);
    assert_ne!(cm, output.commitment(rho, Epoch(5), parts().asset));
}

#[test]
fn memos_have_sizes() {
    let mut rng = StdRng::seed_from_u64(4);
    let mut content = vec![0u8; Memo::MAX + 1];
    rng.fill_bytes(&mut content);
    let refused = Memo::new(&content);
    assert_eq!(refused, Err(MemoError::TooLong { length: 1023, capacity: 1022 }));
    for (length, bucket) in [
        (0, MemoBucket::Small),
        (62, MemoBucket::Small),
        (63, MemoBucket::Medium),
        (254, MemoBucket::Medium),
        (255, MemoBucket::Large),
        (1022, MemoBucket::Large),
    ] {
        let memo = Memo::new(&content[..length]).unwrap();
        assert_eq!(memo.bucket(), bucket);
        let mut field = vec![0xaa; bucket.field_length()];
        memo.write_field(&mut field);
        assert_eq!(Memo::read_field(&field), Some(memo.clone()));
        if length + 2 < field.len() {
            *field.last_mut().unwrap() = 1;
            assert_eq!(Memo::read_field(&field), None);
        }
    }
    assert_eq!(Memo::read_field(&[63; 64]), None);
    assert_eq!(Memo::read_field(&[0]), None);
    assert_eq!(Memo::new(&[0xff]).unwrap().as_text(), None);
}
