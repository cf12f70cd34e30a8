use group::Curve;
use jubjub::ExtendedPoint;

use super::*;
use crate::{
    epoch::Epoch,
    pool::{GenesisHash, PoolId, PoolTag},
    poseidon::{Domain, hash},
    secret::Secret,
    spec::{Fj, Fr, spend_base},
};

fn coordinates(point: ExtendedPoint) -> (Fr, Fr) {
    let point = point.to_affine();
    (point.get_u(), point.get_v())
}

fn pool() -> PoolTag {
    PoolTag::new(&GenesisHash([1; 32]), PoolId(0))
}

fn account() -> (AccountOpening, Randomized) {
    let (ask, alpha, nk) = (Fj::from(77), Fj::from(5), Fr::from(99));
    let ak = coordinates((spend_base() * ask).into());
    let rk = coordinates((spend_base() * (ask + alpha)).into());
    let aid = hash(Domain::AccountId, &[ak.0, ak.1, nk, pool().to_scalar()]);
    (AccountOpening { ak, nk: Secret::new(nk), alpha: Secret::new(alpha) }, Randomized { aid, rk })
}

#[test]
fn keys_of_the_account_hold_and_others_do_not() {
    let (opening, account) = account();
    let flags = KeyFlags { external_tag: true, internal_tag: false, nullifier: true, detection: false };
    let claims: Vec<_> = (1..14).map(|e| AccountKeys::claim(&opening, pool(), flags, Epoch(e))).collect();
    let public = AccountKeys { account, pool: pool(), claims: AccountKeys::filled(&claims).unwrap() };
    assert_eq!(public.holds(&opening), Ok(()));
    assert_eq!(public.to_scalars().len(), AccountKeys::names().len());
    // A hidden claim is 0, with a flag of 0: the last claims of all, and of each the keys that are not shown.
    let scalars = public.to_scalars();
    let named: Vec<_> = AccountKeys::names().into_iter().zip(scalars).collect();
    let value = |name: &str| named.iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(
        [value("f_tkx_0"), value("f_tki_0"), value("f_nk_12"), value("f_sd_12")],
        [1, 0, 1, 0].map(Fr::from)
    );
    assert_eq!([value("tki_0"), value("sd_12"), value("nk_13"), value("f_nk_13")], [Fr::zero(); 4]);
    assert_eq!([value("e_12"), value("e_15")], [Fr::from(13); 2]);
    assert!(AccountKeys::filled(&[]).is_none());
    assert!(AccountKeys::filled(&[claims[0]; EPOCHS_PER_PROOF + 1]).is_none());

    // An owner who wants to hide a spend shows another nullifier key.
    let mut hiding = public.clone();
    hiding.claims[2].nullifier = Some(Fr::one());
    assert_eq!(hiding.holds(&opening), Err(DisclosureViolation::NullifierKey(2)));
    // Keys of the same account in another pool say nothing here.
    let elsewhere = PoolTag::new(&GenesisHash([1; 32]), PoolId(1));
    let mut foreign = AccountKeys { pool: elsewhere, ..public.clone() };
    assert_eq!(foreign.holds(&opening), Err(DisclosureViolation::AccountId));
    foreign.account.aid =
        crate::keys::AccountId::derive(opening.ak, *opening.nk.expose(), elsewhere).to_scalar();
    assert_eq!(foreign.holds(&opening), Err(DisclosureViolation::ExternalTagKey(0)));
}

#[test]
fn links_of_the_account_hold_and_others_do_not() {
    let (opening, account) = account();
    let public = AccountLink::new(account, &opening, pool(), Epoch(3), Fr::from(11), Fr::from(12));
    assert_eq!(public.holds(&opening), Ok(()));
    assert_eq!(public.to_scalars().len(), AccountLink::NAMES.len());
    let other_tag = AccountLink { spend_tag: Fr::one(), ..public.clone() };
    assert_eq!(other_tag.holds(&opening), Err(DisclosureViolation::SpendTag));
    let other_note = AccountLink { transmission_u: Fr::one(), ..public };
    assert_eq!(other_note.holds(&opening), Err(DisclosureViolation::OwnerTag));
}

#[test]
fn an_opening_shows_nothing() {
    assert_eq!(format!("{:?}", account().0), "AccountOpening(..)");
    let claim = AccountKeys::claim(
        &account().0,
        pool(),
        KeyFlags { external_tag: true, internal_tag: true, nullifier: true, detection: true },
        Epoch(3),
    );
    assert_eq!(format!("{claim:?}"), "EpochClaim(3, ..)");
}
