//! `[hedged-build]`: the randomness of a build, which differs from build to build even if the system's generator repeats
//! itself or can be foretold.
//!
//! It is drawn from fresh random bytes, a secret of the account and all that the plan says. So two builds share it only
//! if they are of one plan, with the same fresh bytes: then they are one transaction.

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::plan::{Payment, TransferPlan};
use crate::{
    encoding::{Encode, put_count},
    keys::FullViewingKey,
    note::NoteParts,
    secret::Secret,
    spec::b32,
};

/// The generator of all that is random in a build of the plan for the account.
pub(super) fn generator(
    plan: &TransferPlan,
    account: &FullViewingKey,
    fresh: &mut impl CryptoRng,
) -> ChaCha20Rng {
    let mut drawn = Zeroizing::new([0u8; 32]);
    fresh.fill_bytes(drawn.as_mut_slice());
    let said = Zeroizing::new(said(plan));
    let seed = b32(b"LouverBuild", &[drawn.as_slice(), account.dummy_root().expose(), &said]);
    ChaCha20Rng::from_seed(*Zeroizing::new(seed))
}

/// `[note-rseed]`: a fresh seed for a payment's note, whose own seed does not count.
pub(super) fn rseed(
    parts: &NoteParts,
    payment: &Payment,
    account: &FullViewingKey,
    rng: &mut impl CryptoRng,
) -> Secret<[u8; 32]> {
    let mut drawn = Zeroizing::new([0u8; 32]);
    rng.fill_bytes(drawn.as_mut_slice());
    let mut said = Zeroizing::new(Vec::with_capacity(256 + payment.memo.as_bytes().len()));
    parts.to.encode(&mut said);
    parts.asset.encode(&mut said);
    parts.value.encode(&mut said);
    said.push(parts.index);
    parts.rho.encode(&mut said);
    payment.memo.encode(&mut said);
    Secret::new(b32(b"LouverRseed", &[drawn.as_slice(), account.dummy_root().expose(), &said]))
}

/// Everything that distinguishes a plan from another.
fn said(plan: &TransferPlan) -> Vec<u8> {
    let mut out = Vec::new();
    plan.context.encode(&mut out);
    out.extend_from_slice(&plan.pool.0.to_le_bytes());
    out.extend_from_slice(&plan.rules.0.to_le_bytes());
    plan.epoch.encode(&mut out);
    out.extend_from_slice(&plan.expiry_height.to_le_bytes());
    plan.shape.encode(&mut out);
    plan.memo_bucket.encode(&mut out);
    plan.anchor.encode(&mut out);
    put_count(&mut out, plan.spends.len());
    plan.spends.iter().for_each(|spend| spend.note.commitment().encode(&mut out));
    put_count(&mut out, plan.payments.len());
    for Payment { to, asset, value, memo } in &plan.payments {
        to.encode(&mut out);
        asset.encode(&mut out);
        value.encode(&mut out);
        memo.encode(&mut out);
    }
    plan.public_side.encode(&mut out);
    plan.fee.encode(&mut out);
    out
}
