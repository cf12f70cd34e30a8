//! The facts that a fee shows.

use louver_core::{
    asset::{AssetDescriptor, AssetId},
    ledger::FeeTerms,
    value::Value,
};
use louver_sdk::PublicSide;

use super::*;

/// Attacker: an onlooker who wants to know which asset moves.
#[test]
fn the_fee_does_not_name_the_asset() {
    let world = World::with(64, |terms| {
        let issuer = *terms.assets[0].issuer();
        let second = AssetId::new(2).unwrap();
        terms.assets.push(AssetDescriptor::new(second, "EURX", 2, issuer, b"").unwrap());
        terms
            .fees
            .push(FeeTerms { minimum: [10, 20, 30, 50].map(Value), ..FeeTerms::flat(second, Value::ZERO) });
    });
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    world.endow(&alice, "50 EURX");
    let pay = |person: &Person, memo: &str| {
        let action = world.pay("5 EURX", &bob.address(), memo);
        block_on(person.wallet.plan(0, action)).unwrap().preview()
    };
    // She holds nothing of the first asset: the fee is paid in what is sent, and the preview says that it shows.
    let preview = pay(&alice, "");
    assert_eq!((preview.fee.asset, preview.side, preview.shows_asset), (2, PublicSide::Internal, true));
    world.endow(&alice, "1 LVR");
    let preview = pay(&alice, &"m".repeat(63));
    assert_eq!((preview.fee.asset, preview.side, preview.shows_asset), (1, PublicSide::Internal, false));
    assert_eq!((preview.circuit, preview.memo_size), (Circuit::Transfer2x3, 256));
    assert_eq!(pay(&alice, &"m".repeat(62)).memo_size, 64);
    // The coin itself moves as every other asset does.
    let coin = block_on(alice.wallet.plan(0, world.pay("0.5 LVR", &bob.address(), ""))).unwrap().preview();
    assert_eq!((coin.fee.asset, coin.shows_asset), (1, false));
    // Money that leaves the pool is seen.
    let to = bob.keys.transparent_account(0);
    let out = Action::Withdraw { to, amount: world.amount("5 EURX"), fee: Fee::Least };
    assert!(block_on(alice.wallet.plan(0, out)).unwrap().preview().shows_asset);
}
