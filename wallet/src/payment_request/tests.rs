use louver_core::{
    keys::{AccountSpendingKey, AddressIndex, Direction},
    pool::{GenesisHash, PoolId, PoolTag},
};
use proptest::prelude::*;

use super::*;

fn address(pool: u32, epoch: u16, number: u8) -> Address {
    let key = AccountSpendingKey::from_seed(&[number; 64], 0).unwrap();
    let pool = PoolTag::new(&GenesisHash([1; 32]), PoolId(pool));
    let incoming = key.full_viewing_key().incoming(pool, Direction::External, Epoch(epoch));
    incoming.address(AddressIndex::default())
}

fn parse(text: &str) -> Result<PaymentRequest, PaymentRequestError> {
    text.parse()
}

#[test]
fn a_request_is_written_as_its_book_says() {
    let to = address(0, 7, 1);
    let whole = RequestedPayment {
        next: Some(address(0, 8, 1)),
        asset: AssetId::new(2),
        value: Some(Value(1250)),
        memo: Some(Memo::new(b"Order 7").unwrap()),
        label: Some("Café".to_owned()),
        message: Some("2 cups & a cake".to_owned()),
        ..RequestedPayment::to(to)
    };
    let one = PaymentRequest::new(vec![whole.clone()]).unwrap();
    let next = address(0, 8, 1);
    let text = format!(
        "louver:{to}?next={next}&asset=2&amount=1250&memo=T3JkZXIgNw&label=Caf%C3%A9&message=2%20cups%20%26%20a%20cake"
    );
    assert_eq!(one.to_string(), text);
    assert_eq!(parse(&text), Ok(one.clone()));
    let two = PaymentRequest::new(vec![RequestedPayment::to(address(0, 7, 2)), whole]).unwrap();
    assert!(
        two.to_string().starts_with(&format!("louver:?address={}&address.1={to}&next.1=", address(0, 7, 2)))
    );
    assert_eq!(parse(&two.to_string()), Ok(two));
    assert_eq!(one.payments()[0].address_in(Epoch(8)), Some(&next));
    assert_eq!(one.payments()[0].address_in(Epoch(9)), None);
}

#[test]
fn what_means_the_same_is_read_alike() {
    let to = address(0, 7, 1);
    let expected = Ok(PaymentRequest::new(vec![RequestedPayment {
        asset: AssetId::new(2),
        value: Some(Value(5)),
        ..RequestedPayment::to(to)
    }])
    .unwrap());
    for text in [
        format!("louver:{to}?asset=2&amount=5"),
        format!(" LOUVER:{}?amount=5&asset=2\n", to.to_string().to_uppercase()),
        format!("louver:?amount=5&address={to}&asset=2"),
        format!("louver:?amount.3=5&address.3={to}&asset.3=2"),
        format!("louver:{to}?asset=%32&amount=5&colour=blue&later.7&x-1=%C3%A9"),
    ] {
        assert_eq!(parse(&text), expected, "{text}");
    }
}

/// Attacker: somebody who has two wallets read one request in two ways, or one wallet pay what its owner did not see.
#[test]
fn what_is_not_plain_is_refused() {
    use PaymentRequestError as Fault;
    let to = address(0, 7, 1).to_string();
    let name = |name: &str| name.to_owned();
    let number = |n: &str| Fault::Number { name: name(n) };
    let encoding = |n: &str| Fault::Encoding { name: name(n) };
    for (text, fault) in [
        (format!("zcash:{to}"), Fault::Scheme),
        (to.clone(), Fault::Scheme),
        ("louver:".to_owned(), Fault::Count { count: 0 }),
        ("louver:?colour=blue".to_owned(), Fault::Count { count: 0 }),
        (format!("louver:{to}?address={to}"), Fault::Repeated { name: name("address") }),
        (format!("louver:{to}?asset=1&asset=2"), Fault::Repeated { name: name("asset") }),
        (format!("louver:{to}?colour=1&colour=2"), Fault::Repeated { name: name("colour") }),
        (format!("louver:{to}?req-fee=1"), Fault::Required { name: name("req-fee") }),
        (format!("louver:{to}?req-fee.2"), Fault::Required { name: name("req-fee.2") }),
        (format!("louver:{to}?amount=5"), Fault::AmountWithoutAsset { index: 0 }),
        (format!("louver:{to}?asset=1&amount=05"), number("amount")),
        (format!("louver:{to}?asset=1&amount=0"), number("amount")),
        (format!("louver:{to}?asset=1&amount="), number("amount")),
        (format!("louver:{to}?asset=1&amount=1.5"), number("amount")),
        (format!("louver:{to}?asset=1&amount=%2B5"), number("amount")),
        (format!("louver:{to}?asset=1&amount=18446744073709551616"), number("amount")),
        (format!("louver:{to}?asset=EURX&amount=5"), number("asset")),
        (format!("louver:{to}?asset=0"), number("asset")),
        (format!("louver:{to}?asset=72057594037927936"), number("asset")),
        (format!("louver:{to}?memo=TQ=="), encoding("memo")),
        (format!("louver:{to}?memo=T"), Fault::Memo { name: name("memo") }),
        (format!("louver:{to}?memo=TR"), Fault::Memo { name: name("memo") }),
        (format!("louver:{to}?memo={}", "A".repeat(1364)), Fault::Memo { name: name("memo") }),
        (format!("louver:{to}?label=%C3"), encoding("label")),
        (format!("louver:{to}?label=%+1"), encoding("label")),
        (format!("louver:{to}?label=a b"), encoding("label")),
        (format!("louver:{to}?label=a#b"), encoding("label")),
        (format!("louver:{to}?label=a?b"), encoding("label")),
        (format!("louver:{to}?label=é"), encoding("label")),
        (
            format!("louver:{to}?label={}", "x".repeat(257)),
            Fault::TextTooLong { name: name("label"), most: 256 },
        ),
        (format!("louver:{to}?&"), encoding("")),
        (format!("louver:{to}?label.0=x"), encoding("label.0")),
        (format!("louver:{to}?label.01=x"), encoding("label.01")),
        (format!("louver:{to}?label.10000=x"), encoding("label.10000")),
        (format!("louver:{to}?label.1.1=x"), encoding("label.1.1")),
        (format!("louver:{to}?a\u{202e}=x"), encoding("a\\u{202e}")),
        (format!("louver:{to}?label.1=x"), Fault::NoAddress { index: 1 }),
        (format!("louver:{to}?next={to}"), Fault::Next { index: 0 }),
        (format!("louver:{to}?next={}", address(1, 8, 1)), Fault::Next { index: 0 }),
        (format!("louver:{to}?address.1={}", address(1, 7, 1)), Fault::TwoPools),
        (format!("louver:{to}?label={}", "x".repeat(1 << 16)), Fault::TooLong),
    ] {
        assert_eq!(parse(&text), Err(fault), "{text}");
    }
    let cut = &to[..to.len() - 1];
    assert!(matches!(parse(&format!("louver:{cut}")), Err(Fault::Address { .. })));
    let many: String = (1..=101).map(|index| format!("&label.{index}=x")).collect();
    assert_eq!(parse(&format!("louver:?{}", &many[1..])), Err(Fault::Count { count: 101 }));
}

prop_compose! {
    fn arb_payment()(
        number in 0u8..4,
        epoch in 0u16..400,
        next in proptest::option::of(1u16..3),
        asset in proptest::option::of(1u64..1 << 56),
        value in proptest::option::of(1u64..),
        memo in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..80)),
        label in proptest::option::of(".{0,20}"),
        message in proptest::option::of("\\PC{0,40}|[%&=?#+ ]{0,8}"),
    ) -> RequestedPayment {
        RequestedPayment {
            address: address(0, epoch, number),
            next: next.map(|later| address(0, epoch + later, number)),
            asset: asset.and_then(AssetId::new),
            value: value.filter(|_| asset.is_some()).map(Value),
            memo: memo.map(|memo| Memo::new(&memo).unwrap()),
            label,
            message,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_again(payments in proptest::collection::vec(arb_payment(), 1..5)) {
        let request = PaymentRequest::new(payments).unwrap();
        let text = request.to_string();
        prop_assert!(text.is_ascii());
        prop_assert_eq!(parse(&text), Ok(request));
    }
}
