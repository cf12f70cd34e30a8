//! Strategies for property tests.

use proptest::prelude::*;

use super::{AccountSpendingKey, AddressIndex, Direction, View};
use crate::{
    address::Address,
    epoch::{Epoch, EpochRange},
    pool::PoolTag,
    secret::Secret,
};

/// Any account.
pub fn arb_account() -> impl Strategy<Value = AccountSpendingKey> {
    (0..1u32 << 31, any::<[u8; 32]>()).prop_filter_map("an account has a spend authority", |(account, sk)| {
        AccountSpendingKey::from_parts(account, Secret::new(sk)).ok()
    })
}

/// Any pool.
pub fn arb_pool() -> impl Strategy<Value = PoolTag> {
    any::<[u8; 16]>().prop_map(PoolTag::from_le_bytes)
}

/// Any epoch.
pub fn arb_epoch() -> impl Strategy<Value = Epoch> {
    any::<u16>().prop_map(Epoch)
}

/// Any range of epochs.
pub fn arb_epochs() -> impl Strategy<Value = EpochRange> {
    (any::<u16>(), any::<u16>())
        .prop_filter_map("never empty", |(a, b)| EpochRange::new(Epoch(a.min(b)), Epoch(a.max(b))))
}

/// Either direction.
pub fn arb_direction() -> impl Strategy<Value = Direction> {
    prop::sample::select(Direction::ALL.as_slice())
}

/// Any view.
pub fn arb_view() -> impl Strategy<Value = View> {
    prop::sample::select(View::ALL.as_slice())
}

/// An address of any account.
pub fn arb_address() -> impl Strategy<Value = Address> {
    (arb_account(), arb_pool(), arb_epoch(), arb_direction(), any::<u64>()).prop_map(
        |(account, pool, epoch, direction, index)| {
            account.full_viewing_key().address(pool, epoch, direction, AddressIndex(index))
        },
    )
}
