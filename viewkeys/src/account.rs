//! The account as the one that discloses: its opening under a fresh re-randomised key.

use group::ff::Field;
use louver_core::{
    disclosure::AccountOpening,
    encoding::coordinates,
    keys::{FullViewingKey, RandomizedKey},
    secret::Secret,
    spec::{Fj, b64, to_fj},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// A fresh `alpha` and the key it makes: what one grant or package is signed under, linked to no other. A secret of the
/// account is in it, so whoever foretells random numbers cannot take it off the key.
pub(crate) fn random_alpha<R: CryptoRng>(
    viewing: &FullViewingKey,
    rng: &mut R,
) -> (AccountOpening, RandomizedKey) {
    loop {
        let mut seed = Zeroizing::new([0u8; 64]);
        rng.fill_bytes(seed.as_mut_slice());
        let secret = viewing.dummy_root().expose();
        let alpha = to_fj(&Zeroizing::new(b64(b"LouverAlpha", &[seed.as_slice(), secret])));
        if let Some(rk) = viewing.randomized_key(&alpha).filter(|_| alpha != Fj::ZERO) {
            let nk = viewing.nk().clone();
            return (AccountOpening { ak: coordinates(viewing.ak()), nk, alpha: Secret::new(alpha) }, rk);
        }
    }
}
