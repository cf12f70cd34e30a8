use group::Group;
use jubjub::SubgroupPoint;
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

use super::{
    arbitrary::{arb_account, arb_address, arb_epochs, arb_pool, arb_view},
    ggm::DEPTH,
    *,
};
use crate::{
    address::Address,
    encoding::{Decode, DecodeError, Encode},
    epoch::{Epoch, EpochRange},
    pool::{GenesisHash, PoolId, PoolTag},
    secret::{ExposeBytes, Secret},
    spec::{Fj, Fr, spend_base},
};

fn account(number: u32) -> AccountSpendingKey {
    AccountSpendingKey::from_seed(&[7; 64], number).unwrap()
}

fn pool(id: u32) -> PoolTag {
    PoolTag::new(&GenesisHash([1; 32]), PoolId(id))
}

fn range(first: u16, last: u16) -> EpochRange {
    EpochRange::new(Epoch(first), Epoch(last)).unwrap()
}

#[test]
fn no_secret_shows_in_debug() {
    let key = account(0);
    let full = key.full_viewing_key();
    let epoch_keys = full.epoch_keys(pool(0), Epoch(1));
    let incoming = full.incoming(pool(0), Direction::External, Epoch(1));
    let outgoing = full.outgoing(pool(0), Epoch(1));
    let cover = full.cover(View::External, pool(0), range(1, 2));
    let shown = format!(
        "{key:?} {:?} {full:?} {epoch_keys:?} {:?} {:?} {:?} {:?} {incoming:?} {outgoing:?} {cover:?} {:?}",
        key.spend_authorizing_key(),
        epoch_keys.external_tag,
        epoch_keys.internal_tag,
        epoch_keys.nullifier,
        epoch_keys.detection,
        cover.leaf(Epoch(1)).unwrap(),
    );
    assert_eq!(
        shown,
        "AccountSpendingKey(..) SpendAuthorizingKey(..) FullViewingKey(..) EpochKeys(..) TagKey(..) TagKey(..) \
         NullifierKey(..) DetectionKey(..) IncomingViewingKey(..) OutgoingViewingKey(..) GgmCover(..) GgmLeaf(..)"
    );
    let any: AnyString = key.to_secret_string().parse().unwrap();
    assert_eq!(format!("{any:?}"), "AccountSpendingKey(AccountSpendingKey(..))");
}

#[test]
fn descriptions_give_no_secret_away() {
    let full = account(0).full_viewing_key();
    let keys = full.epoch_keys(pool(0), Epoch(3));
    let strings = [
        (account(0).to_secret_string(), account(0).expose_bytes()),
        (full.to_secret_string(), full.expose_bytes()),
        (keys.nullifier.to_secret_string(), keys.nullifier.expose_bytes()),
        (keys.detection.to_secret_string(), keys.detection.expose_bytes()),
        (
            full.outgoing(pool(0), Epoch(3)).to_secret_string(),
            full.outgoing(pool(0), Epoch(3)).expose_bytes(),
        ),
    ];
    for (string, bytes) in strings {
        let any: AnyString = string.parse().unwrap();
        assert!(any.is_secret());
        let shown = format!("{:?} {} {:?}", any.describe(), any.kind(), any);
        for part in hex::encode(&bytes[bytes.len() % 32..]).as_bytes().chunks(16) {
            assert!(!shown.contains(core::str::from_utf8(part).unwrap()), "{shown}");
        }
    }
}

#[test]
fn account_numbers_have_31_bits() {
    assert_eq!(
        AccountSpendingKey::from_seed(&[7; 64], 1 << 31).unwrap_err(),
        KeyError::AccountNumberTooLarge
    );
    assert!(AccountSpendingKey::from_seed(&[7; 64], (1 << 31) - 1).is_ok());
    let mut bytes = account(0).expose_bytes();
    bytes[3] = 0x80;
    let refused = AccountSpendingKey::from_bytes(&bytes).unwrap_err();
    assert_eq!(refused, DecodeError::OutOfRange { what: "account number" });
}

#[test]
fn the_base_point_is_saplings() {
    // The Zcash protocol specification, section 5.4.7.1, as reddsa has it.
    assert_eq!(
        hex::encode(crate::encoding::point_bytes(&spend_base())),
        "30b5f2aaad325630bcdddbce4d67656d05fd1cc2d037bb5375b6e96d9e01a1d7"
    );
}

#[test]
fn keys_of_one_scope_say_nothing_in_another() {
    let full = account(0).full_viewing_key();
    let scopes = [(0, 5), (1, 6), (2, 5), (3, 6)];
    let mut seen = Vec::new();
    for (id, e) in scopes {
        let (pool, epoch) = (pool(id), Epoch(e));
        let keys = full.epoch_keys(pool, epoch);
        for direction in Direction::ALL {
            let incoming = full.incoming(pool, direction, epoch);
            seen.push(incoming.expose_bytes()[18..82].to_vec());
        }
        seen.push(full.outgoing(pool, epoch).expose_bytes()[18..].to_vec());
        seen.push(keys.nullifier.expose_bytes()[18..].to_vec());
        seen.push(keys.detection.expose_bytes()[18..].to_vec());
        seen.push(keys.external_tag.to_scalar().expose().to_bytes().to_vec());
        seen.push(keys.internal_tag.to_scalar().expose().to_bytes().to_vec());
        seen.push(full.account_id(pool).to_bytes());
    }
    let total = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), total);
}

#[test]
fn the_owner_knows_his_addresses_and_no_other() {
    let full = account(0).full_viewing_key();
    let incoming = full.incoming(pool(0), Direction::External, Epoch(1));
    for index in [AddressIndex(0), AddressIndex(1), AddressIndex(u64::MAX)] {
        let address = incoming.address(index);
        assert_eq!(incoming.index_of(&address), Some(index));
        assert_eq!(address.to_string().parse(), Ok(address));
        let change = full.incoming(pool(0), Direction::Internal, Epoch(1));
        assert_eq!(change.index_of(&address), None);
    }
    // A stranger's tag on my transmission key is not my address.
    let mine = incoming.address(AddressIndex(0));
    let stranger = account(1).full_viewing_key().epoch_keys(pool(0), Epoch(1));
    let tag = stranger.external_tag.owner_tag(mine.pk_d());
    let forged = Address::from_parts(mine.pool(), mine.epoch(), *mine.diversifier(), *mine.pk_d(), tag);
    assert_eq!(incoming.index_of(&forged), None);
}

/// Attacker: a reader of the change of one month, who would like to know which receipts are the account's too.
#[test]
fn the_keys_of_one_direction_recognise_nothing_of_the_other() {
    let full = account(0).full_viewing_key();
    let (pool, epoch) = (pool(0), Epoch(1));
    let keys = full.epoch_keys(pool, epoch);
    let incoming = Direction::ALL.map(|direction| full.incoming(pool, direction, epoch));
    for (direction, own) in Direction::ALL.into_iter().zip(&incoming) {
        let address = own.address(AddressIndex(3));
        assert_eq!(keys.direction_of(&address), Some(direction));
        assert_eq!(own.tag_key().owner_tag(address.pk_d()), address.tag());
        for other in incoming.iter().filter(|other| !core::ptr::eq(*other, own)) {
            assert_eq!(other.index_of(&address), None);
            assert_ne!(other.tag_key().owner_tag(address.pk_d()), address.tag());
        }
    }
    let stranger = account(1).full_viewing_key().address(pool, epoch, Direction::External, AddressIndex(3));
    assert_eq!(keys.direction_of(&stranger), None);
}

/// Attacker: readers of two pools who compare what they hold, to find that two grants are of one account.
#[test]
fn readers_of_two_pools_cannot_link_an_account() {
    let full = account(0).full_viewing_key();
    let ids = [pool(0), pool(1)].map(|pool| full.account_id(pool));
    assert_ne!(ids[0], ids[1]);
    // The same in one pool, of course; and the id of neither pool follows from that of the other, as it is a hash of
    // keys that no reader has.
    assert_eq!(ids[0], full.account_id(pool(0)));
    assert_ne!(ids[0], account(1).full_viewing_key().account_id(pool(0)));
}

/// The longest run of characters that two texts share anywhere.
fn longest_shared_run(one: &str, two: &str) -> usize {
    let (one, two) = (one.as_bytes(), two.as_bytes());
    let runs = (0..one.len()).flat_map(|i| (0..two.len()).map(move |j| (i, j)));
    runs.map(|(i, j)| one[i..].iter().zip(&two[j..]).take_while(|(a, b)| a == b).count()).max().unwrap_or(0)
}

/// Attacker: a payer who shows a proof of a payment to an address that looks like Bob's, made of Bob's `(d, pk_d)` and of
/// another account's tag, which Bob can never spend from.
#[test]
fn an_address_with_another_tag_looks_different_everywhere() {
    let full = account(0).full_viewing_key();
    let bob = full.address(pool(0), Epoch(1), Direction::External, AddressIndex(7));
    let tag = account(1).full_viewing_key().epoch_keys(pool(0), Epoch(1)).external_tag.owner_tag(bob.pk_d());
    let forged = Address::from_parts(bob.pool(), bob.epoch(), *bob.diversifier(), *bob.pk_d(), tag);
    let next = Address::from_parts(bob.pool(), Epoch(2), *bob.diversifier(), *bob.pk_d(), bob.tag());
    let (bob, prefix) = (bob.to_string(), "lvr1".len());
    for other in [forged.to_string(), next.to_string()] {
        assert_eq!(other.len(), bob.len());
        // Two strings of 163 characters at random, of an alphabet of 32, share a run of five in one case of 1,200.
        assert!(longest_shared_run(&bob[prefix..], &other[prefix..]) < 5, "{bob} {other}");
        let same = bob[prefix..].bytes().zip(other[prefix..].bytes()).filter(|(a, b)| a == b).count();
        assert!(same < 20, "{same} characters stand where they stand in Bob's");
    }
}

/// A payload is refused by its length before it is unjumbled. Attacker: somebody whose text stops a wallet.
#[test]
fn payloads_of_another_length_are_refused() {
    let bytes =
        account(0).full_viewing_key().address(pool(0), Epoch(1), Direction::External, AddressIndex(7));
    let bytes = bytes.to_bytes();
    for length in [0, 1, 47, 48, 97] {
        let text = string::write_string(Address::PREFIX, &bytes[..length]);
        let short = DecodeError::UnexpectedEnd { missing: 98 - length };
        assert_eq!(text.parse::<Address>(), Err(StringError::Contents(short)));
    }
    let long = string::write_string(Address::PREFIX, &[&bytes[..], &[0; 3]].concat());
    let refused = StringError::Contents(DecodeError::TrailingBytes { count: 3 });
    assert_eq!(long.parse::<Address>(), Err(refused));
    // The bytes of an address that nobody jumbled.
    let plain = string::write_string(Address::PREFIX, &bytes);
    assert!(matches!(plain.parse::<Address>(), Err(StringError::Contents(_))));
}

#[test]
fn covers_open_their_range_alone() {
    let full = account(0).full_viewing_key();
    for (first, last) in
        [(0, 0), (0, u16::MAX), (1, 65534), (5, 12), (65535, 65535), (0, 32767), (32767, 32768)]
    {
        let range = range(first, last);
        for view in View::ALL {
            let cover = full.cover(view, pool(0), range);
            let again = GgmCover::from_bytes(&cover.expose_bytes()).unwrap();
            assert_eq!((again.range(), again.view(), again.pool()), (range, view, pool(0)));
            for e in [0, 1, 4, 5, 6, 12, 13, 32766, 32767, 32768, 65534, 65535] {
                let whole = full.cover(view, pool(0), EpochRange::ALL).leaf(Epoch(e)).unwrap();
                let leaf = again.leaf(Epoch(e));
                assert_eq!(leaf.is_some(), range.contains(Epoch(e)));
                assert!(leaf.is_none_or(|leaf| leaf.ovk().expose() == whole.ovk().expose()));
            }
        }
    }
}

/// A cover with nodes at these places, whatever their secrets.
fn cover_of(places: &[(u8, u16)]) -> Result<GgmCover, DecodeError> {
    let mut bytes = vec![b'E'];
    bytes.extend_from_slice(&[0; 16]);
    bytes.extend_from_slice(&u32::try_from(places.len()).unwrap().to_le_bytes());
    for (depth, index) in places {
        bytes.push(*depth);
        bytes.extend_from_slice(&index.to_le_bytes());
        bytes.extend_from_slice(&[0; 32]);
    }
    GgmCover::from_bytes(&bytes)
}

#[test]
fn odd_covers_are_refused() {
    let why = |places: &[(u8, u16)]| match cover_of(places).unwrap_err() {
        DecodeError::NotCanonical { what } => what,
        other => panic!("{other}"),
    };
    assert!(cover_of(&[(16, 1), (15, 1)]).is_ok());
    assert_eq!(why(&[]), "a cover has no nodes");
    assert_eq!(why(&[(16, 1), (16, 1)]), "the nodes of a cover overlap");
    assert_eq!(why(&[(15, 0), (16, 1)]), "the nodes of a cover overlap");
    assert_eq!(why(&[(16, 1), (15, 0)]), "the nodes of a cover overlap");
    assert_eq!(why(&[(15, 1), (16, 1)]), "the nodes of a cover are out of order");
    assert_eq!(why(&[(16, 1), (16, 3)]), "the nodes of a cover leave a gap");
    assert_eq!(why(&[(16, 0), (16, 1)]), "a cover has more nodes than it needs");
    assert_eq!(cover_of(&[(17, 0)]).unwrap_err(), DecodeError::OutOfRange { what: "place of a node" });
    assert_eq!(cover_of(&[(0, 1)]).unwrap_err(), DecodeError::OutOfRange { what: "place of a node" });
    assert_eq!(cover_of(&[(15, 1 << 15)]).unwrap_err(), DecodeError::OutOfRange { what: "place of a node" });
}

#[test]
fn unknown_views_and_impossible_counts_are_refused() {
    let bytes = account(0).full_viewing_key().cover(View::Outgoing, pool(0), range(3, 9)).expose_bytes();
    let mut view = bytes.clone();
    view[0] = b'X';
    assert_eq!(GgmCover::from_bytes(&view).unwrap_err(), DecodeError::UnknownTag { what: "view", tag: 88 });
    let mut count = bytes.clone();
    count[17..21].fill(0xff);
    assert_eq!(
        GgmCover::from_bytes(&count).unwrap_err(),
        DecodeError::CountTooLarge { count: u32::MAX.into() }
    );
}

#[test]
fn signatures_hold_for_their_message_and_key() {
    let mut rng = StdRng::seed_from_u64(1);
    let (signer, full) = (account(0).spend_authorizing_key(), account(0).full_viewing_key());
    let alpha = Fj::from(99);
    let rk = full.randomized_key(&alpha).unwrap();
    let signature = signer.sign(&alpha, &rk, &[5; 32], &mut rng).unwrap();
    assert_eq!(rk.verify(&[5; 32], &signature), Ok(()));
    assert_eq!(rk.verify(&[6; 32], &signature), Err(SigningError::InvalidSignature));
    let other = full.randomized_key(&Fj::from(98)).unwrap();
    assert_eq!(other.verify(&[5; 32], &signature), Err(SigningError::InvalidSignature));
    let mut bent = signature.to_array();
    bent[40] ^= 1;
    assert_eq!(rk.verify(&[5; 32], &SpendSignature::from_array(bent)), Err(SigningError::InvalidSignature));
    assert_eq!(RandomizedKey::from_bytes(&rk.to_bytes()), Ok(rk));
}

/// A prover who asks for a signature under a key of his own choice gets none.
#[test]
fn the_signer_trusts_no_one_for_the_key() {
    let mut rng = StdRng::seed_from_u64(1);
    let signer = account(0).spend_authorizing_key();
    let alpha = Fj::from(99);
    let stranger = account(1).full_viewing_key().randomized_key(&alpha).unwrap();
    let refused = signer.sign(&alpha, &stranger, &[5; 32], &mut rng);
    assert_eq!(refused, Err(SigningError::WrongKey));
    let own = account(0).full_viewing_key().randomized_key(&alpha).unwrap();
    assert_eq!(signer.sign(&Fj::from(98), &own, &[5; 32], &mut rng), Err(SigningError::WrongKey));
}

#[test]
fn a_full_viewing_key_of_no_authority_is_refused() {
    let mut bytes = account(0).full_viewing_key().expose_bytes();
    bytes[..32].copy_from_slice(&crate::encoding::point_bytes(&SubgroupPoint::identity()));
    assert_eq!(FullViewingKey::from_bytes(&bytes).unwrap_err(), DecodeError::SmallOrder);
}

#[test]
fn an_incoming_key_of_zero_is_refused() {
    let full = account(0).full_viewing_key();
    let mut bytes = full.incoming(pool(0), Direction::External, Epoch(0)).expose_bytes();
    bytes[18..50].fill(0);
    let refused = IncomingViewingKey::from_bytes(&bytes).unwrap_err();
    assert_eq!(refused, DecodeError::OutOfRange { what: "incoming viewing key" });
    // The order of the group, which is zero too.
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    bytes[18..50].copy_from_slice(&order);
    assert_eq!(IncomingViewingKey::from_bytes(&bytes).unwrap_err(), DecodeError::NonCanonicalField);
}

#[test]
fn strings_of_another_kind_are_told_so() {
    let id = account(0).full_viewing_key().account_id(pool(0)).to_string();
    let refused = id.parse::<Address>().unwrap_err();
    assert_eq!(refused.to_string(), "this is a \"lvraid\" string, not a \"lvr\" one");
    assert_eq!(id.to_uppercase().parse::<AccountId>().unwrap().to_string(), id);
    assert_eq!(
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4".parse::<AnyString>().unwrap_err(),
        StringError::Checksum
    );
    let stranger = bech32::encode::<bech32::Bech32m>(bech32::Hrp::parse("abc").unwrap(), &[1; 32]).unwrap();
    assert_eq!(stranger.parse::<AnyString>().unwrap_err(), StringError::UnknownKind);
    assert_eq!("".parse::<AnyString>().unwrap_err(), StringError::Malformed);
    let long = format!("lvr1{}", "q".repeat(5000));
    assert!(long.parse::<AnyString>().is_err());
}

/// Spare bits that are not zero, or a spare character, would give one key many strings.
#[test]
fn padding_is_exact() {
    use bech32::{
        Bech32m, Fe32, Hrp,
        primitives::iter::{ByteIterExt, Fe32IterExt},
    };
    let write = |prefix, bytes: &[u8], change: &dyn Fn(&mut Vec<Fe32>)| {
        let mut digits: Vec<Fe32> = bytes.iter().copied().bytes_to_fes().collect();
        change(&mut digits);
        let hrp = Hrp::parse(prefix).unwrap();
        digits.into_iter().with_checksum::<Bech32m>(&hrp).chars().collect::<String>()
    };
    let id = |change| write(AccountId::PREFIX, &[1; 32], change);
    assert!(id(&|_| ()).parse::<AccountId>().is_ok());
    let bent = id(&|digits| {
        *digits.last_mut().unwrap() = Fe32::try_from(digits.last().unwrap().to_u8() | 1).unwrap();
    });
    assert_eq!(bent.parse::<AccountId>(), Err(StringError::Padding));
    // 98 bytes fill 157 digits with one bit to spare, so a further digit makes no byte.
    let longer = write(Address::PREFIX, &[1; 98], &|digits| digits.push(Fe32::Q));
    assert_eq!(longer.parse::<Address>(), Err(StringError::Padding));
}

#[test]
fn nullifier_keys_speak_of_every_leaf() {
    let keys = account(0).full_viewing_key().epoch_keys(pool(0), Epoch(1));
    let cm = |x: u64| crate::note::commitment::NoteCommitment::from_scalar(Fr::from(x));
    assert_ne!(keys.nullifier.nullifier(cm(1)), keys.nullifier.nullifier(cm(2)));
    let first = keys.nullifier.nullifier(cm(1));
    let stranger = DetectionKey::new(pool(0), Epoch(1), Secret::new(Fr::from(3)));
    assert_ne!(keys.detection.spend_tag(first), stranger.spend_tag(first));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn covers_are_small_and_round_trip(
        account in arb_account(),
        pool in arb_pool(),
        range in arb_epochs(),
        view in arb_view(),
        e in any::<u16>(),
    ) {
        let cover = account.full_viewing_key().cover(view, pool, range);
        let bytes = cover.expose_bytes();
        prop_assert!(bytes.len() <= 21 + 35 * 2 * usize::from(DEPTH - 1));
        let again = GgmCover::from_bytes(&bytes).unwrap();
        prop_assert_eq!(again.expose_bytes(), bytes);
        prop_assert_eq!(again.leaf(Epoch(e)).is_some(), range.contains(Epoch(e)));
    }

    #[test]
    fn addresses_round_trip(address in arb_address()) {
        prop_assert_eq!(Address::from_bytes(&address.to_bytes()), Ok(address));
        prop_assert_eq!(address.to_string().parse(), Ok(address));
        let typed = address.to_string().to_uppercase().replace('7', " 7\n");
        prop_assert_eq!(Address::from_typed(&typed), Ok(address));
    }

    #[test]
    fn whatever_parses_is_written_the_same(text in "lvr1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{0,200}") {
        if let Ok(address) = text.parse::<Address>() {
            prop_assert_eq!(address.to_string(), text);
        }
    }
}
