use super::*;

const GENESIS: GenesisHash = GenesisHash([1; 32]);

fn key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn asset() -> AssetId {
    AssetId::new(3).unwrap()
}

fn unsigned(action: Action) -> UnsignedOperation {
    let fee = Fee::new(asset(), Value(2)).unwrap();
    UnsignedOperation { sender: Account::of(&key()), nonce: 5, fee, action }
}

fn transfer() -> UnsignedOperation {
    unsigned(Action::Transfer { asset: asset(), amount: Value(10), to: Account([4; 32]) })
}

#[test]
fn every_action_round_trips() {
    let actions = [
        Action::Transfer { asset: asset(), amount: Value(u64::MAX), to: Account([4; 32]) },
        Action::Mint { asset: asset(), amount: Value(1), to: Account([4; 32]) },
        Action::RegisterAsset { symbol: "EURX".into(), decimals: 2, reference: b"isin".to_vec() },
        Action::Announce { kind: AnnouncementKind::Reserves, subject: [7; 32], hash: [8; 32] },
    ];
    for action in actions {
        let operation = unsigned(action).sign(&GENESIS, &key());
        let bytes = operation.to_bytes();
        assert_eq!(Operation::from_bytes(&bytes).as_ref(), Ok(&operation));
        assert!(operation.is_signed(&GENESIS));
        for cut in 0..bytes.len() {
            assert!(Operation::from_bytes(&bytes[..cut]).is_err());
        }
        let trailing = [bytes, vec![0]].concat();
        assert_eq!(Operation::from_bytes(&trailing), Err(DecodeError::TrailingBytes { count: 1 }));
    }
}

/// Attacker: a thief who bends an operation on its way, to another recipient, amount, fee or nonce.
#[test]
fn no_byte_of_an_operation_can_be_altered() {
    let bytes = transfer().sign(&GENESIS, &key()).to_bytes();
    for position in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[position] ^= 1;
        if let Ok(operation) = Operation::from_bytes(&altered) {
            assert!(!operation.is_signed(&GENESIS), "byte {position}");
        }
    }
}

/// Attacker: a payee who replays a payment of a test chain on the real one.
#[test]
fn an_operation_of_another_chain_is_not_signed() {
    assert!(!transfer().sign(&GenesisHash([2; 32]), &key()).is_signed(&GENESIS));
}

/// A relay gains by a second valid signature: it changes the bytes of a block under the same ids.
#[test]
fn a_signature_with_s_plus_the_group_order_is_refused() {
    let order: [u8; 32] = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        .unwrap()
        .try_into()
        .unwrap();
    let mut bytes = transfer().sign(&GENESIS, &key()).to_bytes();
    let start = bytes.len() - 32;
    let mut carry = 0u16;
    for (byte, add) in bytes[start..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert!(!Operation::from_bytes(&bytes).unwrap().is_signed(&GENESIS));
}

#[test]
fn each_fault_has_its_error() {
    let none = unsigned(Action::Transfer { asset: AssetId::NONE, amount: Value(1), to: Account([4; 32]) });
    assert_eq!(
        UnsignedOperation::from_bytes(&none.to_bytes()),
        Err(DecodeError::OutOfRange { what: "operation's asset" })
    );
    let zero = unsigned(Action::Mint { asset: asset(), amount: Value::ZERO, to: Account([4; 32]) });
    assert_eq!(
        UnsignedOperation::from_bytes(&zero.to_bytes()),
        Err(DecodeError::OutOfRange { what: "operation's amount" })
    );
    // The fee's asset stands after version, sender, nonce and the amount.
    let mut fee = transfer().to_bytes();
    fee[49..56].fill(0);
    assert!(matches!(UnsignedOperation::from_bytes(&fee), Err(DecodeError::NotCanonical { .. })));
    let mut version = transfer().to_bytes();
    version[0] = 2;
    assert_eq!(
        UnsignedOperation::from_bytes(&version),
        Err(DecodeError::UnknownTag { what: "operation version", tag: 2 })
    );
    let symbol = unsigned(Action::RegisterAsset { symbol: "eur".into(), decimals: 2, reference: vec![] });
    assert_eq!(
        UnsignedOperation::from_bytes(&symbol.to_bytes()),
        Err(DecodeError::OutOfRange { what: "asset symbol" })
    );
    let mut kind =
        unsigned(Action::Announce { kind: AnnouncementKind::LogHead, subject: [7; 32], hash: [8; 32] })
            .to_bytes();
    // The kind of the announcement stands before subject and hash.
    let place = kind.len() - 65;
    kind[place] = 3;
    assert_eq!(
        UnsignedOperation::from_bytes(&kind),
        Err(DecodeError::UnknownTag { what: "kind of announcement", tag: 3 })
    );
    let long = unsigned(Action::RegisterAsset { symbol: "A".repeat(300), decimals: 2, reference: vec![] });
    assert!(UnsignedOperation::from_bytes(&long.to_bytes()).is_err());
}

/// The cost of an operation.
mod fees {
    use louver_core::{
        ledger::{FeeTerms, Genesis, OperationFees},
        store::{MemoryStore, Overlay},
    };

    use super::*;
    use crate::{
        Chain,
        development::faucet_key,
        holdings,
        testing::{coin, person},
    };

    /// A development chain on which operations cost 10 of the coin, and a registration 1,000; asset 2 takes no fees.
    fn genesis() -> Genesis {
        let mut terms = crate::testing::genesis().terms().clone();
        let faucet = Account::of(&faucet_key());
        terms
            .assets
            .push(AssetDescriptor::new(worthless(), "NIL", 0, Account::of(&person(2)).0, b"").unwrap());
        let operations =
            OperationFees { any: Value(10), registration: Value(1_000), announcement: Value(50) };
        terms.fees = vec![FeeTerms { operations, ..FeeTerms::flat(coin(), Value::ZERO) }];
        terms.fee_account = Account([0xfe; 32]).into();
        assert_eq!(terms.assets[0].issuer(), &faucet.0);
        Genesis::new(terms).unwrap()
    }

    fn worthless() -> AssetId {
        AssetId::new(2).unwrap()
    }

    fn fee(asset: AssetId, amount: u64) -> Fee {
        Fee::new(asset, Value(amount)).unwrap()
    }

    fn apply_to(
        state: &mut Overlay<'_>,
        key: &SigningKey,
        fee: Fee,
        action: Action,
    ) -> Result<(), OperationError> {
        let genesis = genesis();
        let sender = Account::of(key);
        let nonce = holdings::nonce(state, &sender).unwrap();
        let operation = UnsignedOperation { sender, nonce, fee, action }.sign(&genesis.hash(), key);
        let savepoint = state.savepoint();
        let done = apply(state, &genesis, 1, &operation.verify(&genesis.hash()).unwrap());
        if done.is_err() {
            state.restore(savepoint);
        }
        done
    }

    fn announce() -> Action {
        Action::Announce { kind: AnnouncementKind::LogHead, subject: [7; 32], hash: [8; 32] }
    }

    fn register() -> Action {
        Action::RegisterAsset { symbol: "SPAM".into(), decimals: 0, reference: vec![] }
    }

    /// Attacker: a stranger who fills the registry that everybody reads, for nothing or for something worthless.
    #[test]
    fn every_operation_pays_the_least_fee_of_its_kind_in_an_asset_that_takes_fees() {
        let chain = Chain::open(MemoryStore::default(), genesis()).unwrap();
        let mut state = chain.ledger().state();
        let (rich, poor) = (person(1), person(3));
        holdings::issue(&mut state, &Account::of(&rich), coin(), Value(2_000)).unwrap();
        holdings::issue(&mut state, &Account::of(&rich), worthless(), Value(2_000)).unwrap();
        let pay = || Action::Transfer { asset: worthless(), amount: Value(1), to: Account::of(&poor) };
        let refused = |state: &mut Overlay<'_>, fee, action| match apply_to(state, &rich, fee, action) {
            Err(OperationError::Fee(error)) => error,
            other => panic!("{other:?}"),
        };
        let missing = |minimum| FeeError::Missing { asset: coin(), minimum: Value(minimum) };
        let low = |fee, minimum| FeeError::TooLow { asset: coin(), fee: Value(fee), minimum: Value(minimum) };
        assert_eq!(refused(&mut state, Fee::NONE, pay()), missing(10));
        assert_eq!(refused(&mut state, Fee::NONE, register()), missing(1_000));
        assert_eq!(refused(&mut state, fee(coin(), 49), announce()), low(49, 50));
        assert_eq!(refused(&mut state, fee(coin(), 9), pay()), low(9, 10));
        assert_eq!(refused(&mut state, fee(coin(), 10), register()), low(10, 1_000));
        assert_eq!(refused(&mut state, fee(worthless(), 1_000), register()), FeeError::Asset(worthless()));
        apply_to(&mut state, &rich, fee(coin(), 10), pay()).unwrap();
        apply_to(&mut state, &rich, fee(coin(), 1_000), register()).unwrap();
        apply_to(&mut state, &rich, fee(coin(), 50), announce()).unwrap();
        let earned = holdings::balance(&state, &Account([0xfe; 32]), coin()).unwrap();
        assert_eq!(earned, Value(1_060));
        // He has one of the worthless asset, and nothing to pay with.
        let unpaid = apply_to(&mut state, &poor, fee(coin(), 10), pay());
        assert!(matches!(unpaid, Err(OperationError::Holdings(_))), "{unpaid:?}");
    }

    /// Attacker: an issuer who makes the fee out of nothing, beside what he says that he mints.
    #[test]
    fn a_mint_of_a_fee_asset_pays_out_of_what_it_mints() {
        let chain = Chain::open(MemoryStore::default(), genesis()).unwrap();
        let mut state = chain.ledger().state();
        let (issuer, to) = (faucet_key(), Account::of(&person(1)));
        let mint = |amount| Action::Mint { asset: coin(), amount: Value(amount), to };
        apply_to(&mut state, &issuer, fee(coin(), 10), mint(1_000)).unwrap();
        let held = |state: &Overlay<'_>, account| holdings::balance(state, &account, coin()).unwrap().0;
        assert_eq!((held(&state, to), held(&state, Account([0xfe; 32]))), (990, 10));
        assert_eq!(holdings::issued(&state, coin()).unwrap(), Value(1_000));
        for amount in [9, 10] {
            let refused = apply_to(&mut state, &issuer, fee(coin(), 10), mint(amount));
            assert!(matches!(refused, Err(OperationError::MintBelowFee { .. })), "{refused:?}");
        }
        // All of a fee as large as there are numbers: nothing wraps around.
        let beyond = apply_to(&mut state, &issuer, fee(coin(), u64::MAX - 1), mint(u64::MAX));
        assert!(matches!(beyond, Err(OperationError::Holdings(holdings::HoldingsError::Overflow { .. }))));
        // Another's mint of another asset pays from a balance, and he who has none does not pay.
        let other = Action::Mint { asset: worthless(), amount: Value(5_000), to };
        let unpaid = apply_to(&mut state, &person(2), fee(coin(), 10), other);
        assert!(matches!(unpaid, Err(OperationError::Holdings(_))), "{unpaid:?}");
        // Somebody else than the issuer mints neither money nor a fee.
        let forged = apply_to(&mut state, &person(2), fee(coin(), 10), mint(1_000));
        assert!(matches!(forged, Err(OperationError::NotIssuer(_))), "{forged:?}");
        assert_eq!(held(&state, to), 990);
    }

    #[test]
    fn the_least_fee_is_in_an_asset_that_the_payer_has() {
        let genesis = genesis();
        let (key, to) = (person(1), Account::of(&person(4)));
        let paying = |genesis: &Genesis, action, held| {
            UnsignedOperation::paying(genesis, Account::of(&key), 0, action, |_| Value(held))
        };
        let pay = |asset| Action::Transfer { asset, amount: Value(5), to };
        assert_eq!(paying(&genesis, pay(worthless()), 10).unwrap().fee, fee(coin(), 10));
        assert_eq!(paying(&genesis, pay(coin()), 15).unwrap().fee, fee(coin(), 10));
        let missing = |minimum| Err(FeeError::Missing { asset: coin(), minimum: Value(minimum) });
        assert_eq!(paying(&genesis, pay(coin()), 14), missing(10));
        assert_eq!(paying(&genesis, register(), 999), missing(1_000));
        let free = crate::testing::genesis();
        assert_eq!(paying(&free, register(), 0).unwrap().fee, Fee::NONE);
        // The issuer of a fee asset mints the fee too, and needs no balance.
        let mint = |amount| Action::Mint { asset: coin(), amount: Value(amount), to };
        let minted = paying(&genesis, mint(5), 0).unwrap();
        assert_eq!((minted.fee, minted.action), (fee(coin(), 10), mint(15)));
        assert_eq!(paying(&genesis, mint(u64::MAX - 9), 0), Err(FeeError::Overflow(coin())));
    }
}
