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
        Action::SwitchOff { rules: RulesVersion(1) },
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

/// Who gains: a thief who bends an operation on its way, to another recipient, amount, fee or nonce.
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

/// Who gains: a payee who replays a payment of a test chain on the real one.
#[test]
fn an_operation_of_another_chain_is_not_signed() {
    assert!(!transfer().sign(&GenesisHash([2; 32]), &key()).is_signed(&GENESIS));
}

/// Who gains: anyone who can make a second valid signature changes the bytes of a block under the same ids.
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
    let long = unsigned(Action::RegisterAsset { symbol: "A".repeat(300), decimals: 2, reference: vec![] });
    assert!(UnsignedOperation::from_bytes(&long.to_bytes()).is_err());
}
