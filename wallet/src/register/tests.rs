use super::*;

fn disclosure() -> Disclosure {
    Disclosure {
        account: AccountNumber(3),
        kind: DisclosureKind::Package,
        label: "Flat".to_owned(),
        reader: "Smith".to_owned(),
        recipient: None,
        purpose: "Rent".to_owned(),
        directions: None,
        epochs: EpochRange::new(Epoch(4), Epoch(9)),
        transactions: vec![TxId([7; 32]), TxId([8; 32])],
        issued: 100,
        expires: 200,
        hash: [5; 32],
    }
}

#[test]
fn records_are_read_as_they_were_written() {
    for kind in DisclosureKind::ALL {
        let grant = Disclosure {
            kind,
            recipient: Some("age1smith".to_owned()),
            directions: Some("incoming,change".to_owned()),
            transactions: Vec::new(),
            ..disclosure()
        };
        for record in [grant, Disclosure { kind, epochs: None, ..disclosure() }] {
            let bytes = record.to_bytes();
            assert_eq!(Disclosure::from_bytes(&bytes).unwrap(), record);
            for cut in 0..bytes.len() {
                assert!(Disclosure::from_bytes(&bytes[..cut]).is_err(), "{cut} bytes");
            }
            assert!(Disclosure::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
        }
    }
}

#[test]
fn records_of_no_epochs_and_unknown_kinds_are_refused() {
    let mut bytes = disclosure().to_bytes();
    bytes[4] = 5;
    let refused = DecodeError::UnknownTag { what: "kind of a disclosure", tag: 5 };
    assert_eq!(Disclosure::from_bytes(&bytes), Err(refused));
    let mut bytes = disclosure().to_bytes();
    let place = bytes.windows(5).position(|bytes| bytes == [1, 4, 0, 9, 0]).unwrap();
    bytes[place + 3] = 3;
    assert_eq!(
        Disclosure::from_bytes(&bytes),
        Err(DecodeError::NotCanonical { what: "epochs of a disclosure" })
    );
}
