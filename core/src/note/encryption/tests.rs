use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

use super::*;
use crate::{
    asset::AssetId,
    keys::{AccountSpendingKey, AddressIndex, Direction, FullViewingKey, arbitrary::arb_account},
    note::{
        NoteParts,
        arbitrary::{arb_memo, arb_note},
    },
    pool::{GenesisHash, PoolId, PoolTag},
    secret::Secret,
    spec::{Fl, Fr},
    value::Value,
};

fn account(number: u32) -> FullViewingKey {
    AccountSpendingKey::from_seed(&[3; 64], number).unwrap().full_viewing_key()
}

fn pool(id: u32) -> PoolTag {
    PoolTag::new(&GenesisHash([1; 32]), PoolId(id))
}

fn ivk(number: u32, id: u32, epoch: u16) -> IncomingViewingKey {
    account(number).incoming(pool(id), Direction::External, Epoch(epoch))
}

fn context(rho: u64, index: u8, epoch: u16) -> OutputContext {
    OutputContext { epoch: Epoch(epoch), rho: Nullifier::from_scalar(Fr::from(rho)).unwrap(), index }
}

fn note(context: &OutputContext, value: u64, seed: u8) -> Note {
    Note::from_parts(NoteParts {
        to: ivk(0, 0, context.epoch.0).address(AddressIndex(1)),
        asset: AssetId::new(1).unwrap(),
        value: Value(value),
        index: context.index,
        rho: context.rho,
        rseed: Secret::new([seed; 32]),
    })
    .unwrap()
}

struct Sent {
    note: Note,
    memo: Memo,
    context: OutputContext,
    output: EncryptedNote,
}

fn send() -> Sent {
    let context = context(70, 1, 2);
    let (note, memo) = (note(&context, 500, 6), Memo::new(b"rent").unwrap());
    let output = seal(&note, &memo, MemoBucket::Small);
    Sent { note, memo, context, output }
}

fn seal(note: &Note, memo: &Memo, bucket: MemoBucket) -> EncryptedNote {
    let ovk = account(9).outgoing(pool(0), note.epoch());
    encrypt(note, memo, bucket, Some(&ovk), &mut StdRng::seed_from_u64(1)).unwrap()
}

fn ovk(number: u32, id: u32, epoch: u16) -> OutgoingViewingKey {
    account(number).outgoing(pool(id), Epoch(epoch))
}

/// The owner's reading of an output. It must be the same when scanning one by one, in a batch, or in full.
fn read(ivk: &IncomingViewingKey, output: &EncryptedNote, context: &OutputContext) -> Option<Note> {
    let compact = output.compact();
    let one = decrypt_compact(ivk, &compact, context);
    let batch = decrypt_compact_batch(core::slice::from_ref(ivk), [(context, &compact)]);
    assert_eq!(batch.into_iter().next().unwrap().map(|(note, _)| note), one);
    assert_eq!(decrypt(ivk, output, context).map(|(note, _)| note), one);
    one
}

#[test]
fn owner_and_sender_read_the_note_and_nobody_else() {
    let Sent { note, memo, context, output } = send();
    assert_eq!(read(&ivk(0, 0, 2), &output, &context), Some(note.clone()));
    assert_eq!(decrypt(&ivk(0, 0, 2), &output, &context), Some((note.clone(), memo.clone())));
    assert_eq!(recover(&ovk(9, 0, 2), &output, &context), Some((note, memo)));

    assert_eq!(read(&ivk(1, 0, 2), &output, &context), None);
    assert_eq!(recover(&ovk(0, 0, 2), &output, &context), None);
    let change = account(0).incoming(pool(0), Direction::Internal, Epoch(2));
    assert_eq!(read(&change, &output, &context), None);
}

#[test]
fn keys_of_another_pool_or_epoch_read_nothing() {
    let Sent { context, output, .. } = send();
    assert_eq!(read(&ivk(0, 1, 2), &output, &context), None);
    assert_eq!(read(&ivk(0, 0, 3), &output, &context), None);
    assert_eq!(recover(&ovk(9, 1, 2), &output, &context), None);
    assert_eq!(recover(&ovk(9, 0, 3), &output, &context), None);
}

/// A note that claims another epoch, transaction or place than it has: its nullifier would be computed wrongly.
#[test]
fn a_ciphertext_counts_only_where_it_was_made_for() {
    let Sent { context: own, output, .. } = send();
    let (ivk, ovk) = (ivk(0, 0, 2), ovk(9, 0, 2));
    for other in [context(70, 0, 2), context(71, 1, 2), context(70, 1, 3)] {
        assert_eq!(read(&ivk, &output, &other), None);
        assert_eq!(recover(&ovk, &output, &other), None);
    }
    assert!(read(&ivk, &output, &own).is_some());
}

#[test]
fn ciphertexts_swapped_between_outputs_are_refused() {
    let places = [context(70, 0, 2), context(70, 1, 2)];
    let outputs = places.map(|context| seal(&note(&context, 5, 6), &Memo::empty(), MemoBucket::Small));
    let ivk = ivk(0, 0, 2);
    // The whole of one output in the place of the other, then all but the commitment.
    assert_eq!(read(&ivk, &outputs[0], &places[1]), None);
    let swapped = EncryptedNote { cm: outputs[1].cm, ..outputs[0].clone() };
    assert_eq!(read(&ivk, &swapped, &places[1]), None);
    assert_eq!(recover(&ovk(9, 0, 2), &swapped, &places[1]), None);
}

/// A payer who encrypts more than he commits to would be believed to have paid it.
#[test]
fn what_is_read_is_what_was_committed_to() {
    let Sent { context, output, note: true_note, .. } = send();
    let ivk = ivk(0, 0, 2);
    let lies = [note(&context, 501, 6), note(&context, 500, 7)];
    for lie in lies {
        let lying = EncryptedNote { cm: output.cm, ..seal(&lie, &Memo::empty(), MemoBucket::Small) };
        assert_eq!(read(&ivk, &lying, &context), None);
        assert_eq!(recover(&ovk(9, 0, 2), &lying, &context), None);
    }
    let asset = Note::from_parts(NoteParts {
        to: *true_note.to(),
        asset: AssetId::new(2).unwrap(),
        value: true_note.value(),
        index: true_note.index(),
        rho: true_note.rho(),
        rseed: true_note.rseed().clone(),
    });
    let lying = EncryptedNote { cm: output.cm, ..seal(&asset.unwrap(), &Memo::empty(), MemoBucket::Small) };
    assert_eq!(read(&ivk, &lying, &context), None);
}

/// ZIP 212. A payer who chooses esk freely could use one agreement for two diversifiers of his payee, and learn from
/// what the payee accepts that both are his.
#[test]
fn an_agreement_that_does_not_follow_from_the_note_is_refused() {
    let Sent { note, context, .. } = send();
    let chosen = Secret::new(Fl::from(12345u32));
    let epk = EphemeralKey::of(note.to().diversifier().base().times(&chosen));
    let shared = note.to().pk_d().times(&chosen);
    let key = crate::spec::b32(b"LouverKdf", &[&shared.to_array(), &epk.to_array()]);
    let mut plaintext =
        LouverDomain::note_plaintext_bytes(&note, &(Memo::empty(), MemoBucket::Small)).as_ref().to_vec();
    let tag = ChaCha20Poly1305::new(&key.into())
        .encrypt_inout_detached(&Nonce::default(), &[], plaintext.as_mut_slice().into())
        .unwrap();
    let mut rest = plaintext.split_off(COMPACT_LENGTH);
    rest.extend_from_slice(&tag);
    let compact: [u8; COMPACT_LENGTH] = plaintext.try_into().unwrap();

    // The outgoing plaintext as the payer's own key would open it, esk and all.
    let mut outgoing = [0; OUTGOING_LENGTH];
    outgoing[..32].copy_from_slice(&note.to().pk_d().to_array());
    outgoing[32..64].copy_from_slice(&chosen.expose().to_bytes());
    outgoing[64..96].copy_from_slice(&note.to().tag().to_scalar().to_bytes());
    let ock = outgoing_key(&ovk(9, 0, 2), note.commitment(), &epk.to_array());
    let (text, end) = outgoing.split_at_mut(96);
    let tag = ChaCha20Poly1305::new(&(*ock).into())
        .encrypt_inout_detached(&Nonce::default(), &[], text.into())
        .unwrap();
    end.copy_from_slice(&tag);

    let output = EncryptedNote { cm: note.commitment(), epk, compact, rest, outgoing };
    assert_eq!(read(&ivk(0, 0, 2), &output, &context), None);
    assert_eq!(recover(&ovk(9, 0, 2), &output, &context), None);
}

#[test]
fn every_bit_counts() {
    let Sent { context, output, .. } = send();
    let (ivk, ovk) = (ivk(0, 0, 2), ovk(9, 0, 2));
    for place in [0, 1, 16, 17, 24, 32, 63] {
        let mut bent = output.clone();
        bent.compact[place] ^= 1;
        assert_eq!(read(&ivk, &bent, &context), None, "{place}");
        assert_eq!(recover(&ovk, &bent, &context), None, "{place}");
    }
    for place in [0, 2, output.rest.len() - 1] {
        let mut bent = output.clone();
        bent.rest[place] ^= 1;
        assert_eq!(decrypt(&ivk, &bent, &context), None, "{place}");
        assert_eq!(recover(&ovk, &bent, &context), None, "{place}");
    }
    for place in [0, 40, 70, 111] {
        let mut bent = output.clone();
        bent.outgoing[place] ^= 1;
        assert_eq!(recover(&ovk, &bent, &context), None, "{place}");
    }
    let mut short = output.clone();
    short.rest.pop();
    assert_eq!(decrypt(&ivk, &short, &context), None);
}

/// A compact output whose `epk` agrees with every key on the identity, encrypted so that everybody could read it.
fn sent_to_everybody(output: &EncryptedNote, note: &Note) -> CompactNote {
    let epk = [0; 32];
    let key = crate::spec::b32(b"LouverKdf", &[&[0; 32], &epk]);
    let mut plaintext =
        LouverDomain::note_plaintext_bytes(note, &(Memo::empty(), MemoBucket::Small)).as_ref().to_vec();
    ChaCha20Poly1305::new(&key.into())
        .encrypt_inout_detached(&Nonce::default(), &[], plaintext.as_mut_slice().into())
        .unwrap();
    CompactNote { cm: output.cm, epk, compact: plaintext[..COMPACT_LENGTH].try_into().unwrap() }
}

/// Encodings that are not those of an element other than the identity.
fn bad_elements() -> Vec<([u8; 32], DecodeError)> {
    let mut minus_one = [0xff; 32];
    (minus_one[0], minus_one[31]) = (0xec, 0x7f);
    let mut one = [0; 32];
    one[0] = 1;
    vec![
        ([0; 32], DecodeError::Identity),
        ([0xff; 32], DecodeError::NotAnElement),
        (minus_one, DecodeError::NotAnElement),
        (one, DecodeError::NotAnElement),
    ]
}

/// Attacker: a payer whose output every wallet takes for its own and everybody can read.
#[test]
fn the_identity_and_what_is_not_an_element_are_refused_on_every_path() {
    let Sent { note, context, output, .. } = send();
    let everybody = sent_to_everybody(&output, &note);
    for reader in [ivk(0, 0, 2), ivk(1, 0, 2)] {
        assert_eq!(decrypt_compact(&reader, &everybody, &context), None);
        assert_eq!(decrypt_compact_batch(&[reader], [(&context, &everybody)]), [None]);
    }
    for (epk, fault) in bad_elements() {
        assert_eq!(EphemeralKey::from_bytes(&epk), Err(fault.clone()));
        let mut bytes = output.to_bytes();
        bytes[32..64].copy_from_slice(&epk);
        let refused = EncryptedNote::decode(&mut Reader::new(&bytes), MemoBucket::Small);
        assert_eq!(refused.unwrap_err(), fault);
        let compact = CompactNote { epk, ..output.compact() };
        assert_eq!(decrypt_compact(&ivk(0, 0, 2), &compact, &context), None);
    }
    // Attacker: the owner of an address without a key, whose payers tell everybody what they pay.
    for (pk_d, fault) in bad_elements() {
        let mut bytes = note.to().to_bytes();
        bytes[34..66].copy_from_slice(&pk_d);
        assert_eq!(crate::address::Address::from_bytes(&bytes), Err(fault));
    }
}

/// Attacker: a node that slips an `epk` into a compact block which upsets the reading of its neighbours.
#[test]
fn bad_elements_leave_their_neighbours_in_place() {
    let places: Vec<_> = (0..6).map(|index| context(70, index, 2)).collect();
    let mut outputs: Vec<_> = places
        .iter()
        .map(|context| {
            let value = u64::from(context.index);
            seal(&note(context, value, 6), &Memo::empty(), MemoBucket::Small).compact()
        })
        .collect();
    for (at, (epk, _)) in [0, 2, 3, 5].into_iter().zip(bad_elements()) {
        outputs[at].epk = epk;
    }
    let keys = [ivk(1, 0, 2), ivk(0, 0, 2)];
    let found = decrypt_compact_batch(&keys, places.iter().zip(&outputs));
    let values: Vec<_> =
        found.iter().map(|found| found.as_ref().map(|(note, key)| (note.value().0, *key))).collect();
    assert_eq!(values, [None, Some((1, 1)), None, None, Some((4, 1)), None]);
}

/// Attacker: a sender whose wallet shows its owner a payment that was never made to that address.
#[test]
fn an_outgoing_plaintext_without_a_recipient_or_a_secret_opens_nothing() {
    let Sent { note, context, output, .. } = send();
    let ovk = ovk(9, 0, 2);
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    for (place, part) in [(0, [0; 32]), (32, [0; 32]), (32, order.try_into().unwrap())] {
        let mut outgoing = [0; OUTGOING_LENGTH];
        outgoing[..32].copy_from_slice(&note.to().pk_d().to_array());
        outgoing[32..64].copy_from_slice(&note.esk().expose().to_bytes());
        outgoing[64..96].copy_from_slice(&note.to().tag().to_scalar().to_bytes());
        outgoing[place..place + 32].copy_from_slice(&part);
        let ock = outgoing_key(&ovk, note.commitment(), &output.epk.to_array());
        let (text, end) = outgoing.split_at_mut(96);
        let tag = ChaCha20Poly1305::new(&(*ock).into())
            .encrypt_inout_detached(&Nonce::default(), &[], text.into())
            .unwrap();
        end.copy_from_slice(&tag);
        assert_eq!(recover(&ovk, &EncryptedNote { outgoing, ..output.clone() }, &context), None);
    }
}

#[test]
fn batches_find_the_key_and_keep_the_order() {
    let places: Vec<_> = (0..6).map(|index| context(70, index, 2)).collect();
    let outputs: Vec<_> = places
        .iter()
        .map(|context| {
            let owner = u32::from(context.index % 3);
            let note = Note::from_parts(NoteParts {
                to: ivk(owner, 0, 2).address(AddressIndex(0)),
                asset: AssetId::new(1).unwrap(),
                value: Value(u64::from(context.index)),
                index: context.index,
                rho: context.rho,
                rseed: Secret::new([context.index; 32]),
            });
            seal(&note.unwrap(), &Memo::empty(), MemoBucket::Small).compact()
        })
        .collect();
    let found = decrypt_compact_batch(&[ivk(0, 0, 2), ivk(2, 0, 2)], places.iter().zip(&outputs));
    let keys: Vec<_> = found.iter().map(|found| found.as_ref().map(|(_, key)| *key)).collect();
    assert_eq!(keys, [Some(0), None, Some(1), Some(0), None, Some(1)]);
    assert!(found.iter().flatten().all(|(note, _)| u64::from(note.index()) == note.value().0));
    assert!(decrypt_compact_batch(&[], places.iter().zip(&outputs)).iter().all(Option::is_none));
}

#[test]
fn a_memo_that_does_not_fit_the_transaction_is_refused() {
    let Sent { note, .. } = send();
    let memo = Memo::new(&[b'x'; 63]).unwrap();
    let refused = encrypt(&note, &memo, MemoBucket::Small, None, &mut StdRng::seed_from_u64(1));
    assert_eq!(refused, Err(MemoError::TooLong { length: 63, capacity: 62 }));
}

#[test]
fn sealed_to_nobody_looks_the_same_and_opens_to_nobody() {
    let Sent { note, memo, context, output } = send();
    let unsealed = encrypt(&note, &memo, MemoBucket::Small, None, &mut StdRng::seed_from_u64(2)).unwrap();
    assert_eq!((unsealed.cm, unsealed.epk, unsealed.compact), (output.cm, output.epk, output.compact));
    assert_eq!(recover(&ovk(9, 0, 2), &unsealed, &context), None);
    assert!(read(&ivk(0, 0, 2), &unsealed, &context).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_sent_is_read(
        (bucket, memo) in prop::sample::select(MemoBucket::ALL.as_slice())
            .prop_flat_map(|bucket| (Just(bucket), arb_memo(bucket))),
        account in arb_account(),
        (sender, any_note) in (arb_account(), arb_note()),
    ) {
        // Any note's contents, to an address of an account that we have.
        let (pool, epoch) = (any_note.to().pool(), any_note.epoch());
        let owner = account.full_viewing_key().incoming(pool, Direction::Internal, epoch);
        let note = Note::from_parts(NoteParts {
            to: owner.address(AddressIndex(any_note.value().0)),
            asset: any_note.asset(),
            value: any_note.value(),
            index: any_note.index(),
            rho: any_note.rho(),
            rseed: any_note.rseed().clone(),
        }).unwrap();
        let ovk = sender.full_viewing_key().outgoing(pool, epoch);
        let context = OutputContext { epoch, rho: note.rho(), index: note.index() };
        let output = encrypt(&note, &memo, bucket, Some(&ovk), &mut StdRng::seed_from_u64(1)).unwrap();
        let bytes = output.to_bytes();
        prop_assert_eq!(EncryptedNote::decode(&mut Reader::new(&bytes), bucket).unwrap(), output.clone());
        prop_assert_eq!(CompactNote::from_bytes(&output.compact().to_bytes()).unwrap(), output.compact());
        prop_assert_eq!(decrypt(&owner, &output, &context), Some((note.clone(), memo.clone())));
        prop_assert_eq!(recover(&ovk, &output, &context), Some((note, memo)));
    }
}
