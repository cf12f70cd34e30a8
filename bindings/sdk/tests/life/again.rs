//! A chain that is read again.

use louver_sdk::{Birthday, Protection, Status, WalletError};
use pollster::block_on;

use crate::{alice_and_bob, world::World};

/// Otherwise an owner who picks a later block loses sight of his money, and finds his payments expired.
#[test]
fn a_chain_that_is_read_again_shows_the_same() {
    let world = World::new(64);
    world.blocks(3);
    let (alice, bob) = alice_and_bob(&world);
    world.send(&alice, world.pay("25 LVR", &bob.address(), "Rent"));
    world.blocks(40);
    alice.sync();
    let seen = || {
        let wallet = &alice.wallet;
        (block_on(wallet.balances(0)).unwrap(), block_on(wallet.history(0)).unwrap())
    };
    let before = seen();
    assert!(before.1.iter().all(|entry| matches!(entry.status, Status::Mined { .. })));
    assert_eq!(block_on(alice.wallet.birthday()), Ok(3));

    for later in [4, world.blocks(1), u32::MAX] {
        let refused =
            block_on(alice.wallet.rescan(Some(Birthday::Block { height: later }), None)).unwrap_err();
        assert_eq!(refused, WalletError::BirthdayTooLate { birthday: 3 });
    }
    alice.sync();
    assert_eq!(seen(), before);
    let height = block_on(world.node.status()).unwrap().height;
    assert_eq!(block_on(alice.wallet.rescan(None, None)).unwrap().blocks, height - 3);
    assert_eq!(seen(), before);
    block_on(alice.wallet.rescan(Some(Birthday::Block { height: 1 }), None)).unwrap();
    assert_eq!((seen(), block_on(alice.wallet.birthday())), (before, Ok(1)));

    let phrase = block_on(alice.wallet.recovery_phrase(Protection::unsealed())).unwrap();
    let restored = world.restore("restored", &phrase, Some(2));
    assert_eq!(block_on(restored.wallet.birthday()), Ok(2));
}
