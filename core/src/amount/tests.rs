use proptest::prelude::*;

use super::*;

fn asset(id: u64, symbol: &str, decimals: u8) -> AssetDescriptor {
    AssetDescriptor::new(AssetId::new(id).unwrap(), symbol, decimals, [0; 32], b"").unwrap()
}

fn assets() -> KnownAssets {
    let mut assets = KnownAssets::new(&[asset(1, "LVR", 6), asset(2, "EURX", 2)]);
    assets
        .learn([asset(3, "ONE", 0), asset(4, "ONE", 0), asset(5, "EURX", 4), asset(6, "UNITS", 1)])
        .unwrap();
    assets
}

fn read(text: &str) -> Result<(u64, u64), AmountError> {
    assets().parse_amount(text).map(|(asset, value)| (asset.to_u64(), value.0))
}

#[test]
fn amounts_are_exact() {
    for (text, id, value) in [
        ("12.50 EURX", 2, 1250),
        ("0.000001LVR", 1, 1),
        (" 7 lvr ", 1, 7_000_000),
        ("5 #2", 2, 500),
        ("5#2", 2, 500),
        (".5 EURX", 2, 50),
        ("5. EURX", 2, 500),
        ("007 EURX", 2, 700),
        ("12.50 EURX#5", 5, 125_000),
        ("12.50 EURX (asset 5)", 5, 125_000),
        ("7 ONE", 3, 7),
        ("7 ONE#4", 4, 7),
        ("1.5 units", 6, 15),
        ("15 units of #6", 6, 15),
        ("15 Units of UNITS", 6, 15),
    ] {
        assert_eq!(read(text), Ok((id, value)), "{text}");
    }
}

/// The pages write digits in groups, separated by non-breaking spaces.
#[test]
fn digits_may_stand_in_groups() {
    for space in [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\u{2007}'] {
        let text = |text: &str| text.replace(' ', &space.to_string());
        assert_eq!(read(&text("10 000.00 EURX")), Ok((2, 1_000_000)));
        assert_eq!(read(&text("1 001 EURX")), Ok((2, 100_100)));
        assert_eq!(read(&text("1 234 567,5 EURX")), Ok((2, 123_456_750)));
        assert_eq!(read(&text("1 001,500 LVR")), Ok((1, 1_001_500_000)));
        for wrong in [
            "10 00 EURX",
            "1 0000 EURX",
            "12 50 EURX",
            "0 001 EURX",
            "1  001 EURX",
            "1.00 000 LVR",
            "1000 000 LVR",
        ] {
            assert!(matches!(read(&text(wrong)), Err(AmountError::Form { .. })), "{wrong}");
        }
    }
    assert!(matches!(read("1 234\u{202f}567 ONE"), Err(AmountError::Form { .. })));
}

#[test]
fn a_decimal_comma_is_read_where_it_can_be_nothing_else() {
    for (text, value) in [
        ("12,5 LVR", 12_500_000),
        ("12,50 LVR", 12_500_000),
        ("0,125 LVR", 125_000),
        (",125 LVR", 125_000),
        ("1,0015 LVR", 1_001_500),
        ("1234,567 LVR", 1_234_567_000),
    ] {
        assert_eq!(read(text), Ok((1, value)), "{text}");
    }
}

/// Attacker: the payee of a thousand times what was meant.
#[test]
fn what_has_two_readings_is_refused_with_both() {
    for (text, one, other) in [
        ("1,001 EURX", "1001 EURX", "1.001 EURX"),
        ("12,500 ONE#4", "12500 ONE#4", "12.500 ONE#4"),
        ("1.001,5 LVR", "1001.5 LVR", "1.0015 LVR"),
        ("1,001.50 LVR", "1001.50 LVR", "1.00150 LVR"),
        ("1,001,000 LVR", "1001000 LVR", "1.001000 LVR"),
        ("1.001.000 LVR", "1001000 LVR", "1.001000 LVR"),
        ("1 001", "the number 1001", "1 LVR"),
        ("1\u{202f}001", "the number 1001", "1 LVR"),
        ("1\u{a0}001", "the number 1001", "1 LVR"),
        ("5 2", "the number 52", "5 EURX"),
    ] {
        let written =
            text.strip_suffix(" EURX").or(text.strip_suffix(" LVR")).or(text.strip_suffix(" ONE#4"));
        let two = AmountError::TwoReadings {
            written: written.unwrap_or(text).to_owned(),
            first: one.to_owned(),
            second: other.to_owned(),
        };
        assert_eq!(read(text), Err(two), "{text}");
    }
}

#[test]
fn an_asset_that_was_chosen_is_that_of_a_number_alone() {
    let of = |chosen, text| {
        let read = assets().parse_amount_of(AssetId::new(chosen).unwrap(), text);
        read.map(|(asset, value)| (asset.to_u64(), value.0))
    };
    assert_eq!(of(1, "1\u{202f}001"), Ok((1, 1_001_000_000)));
    assert_eq!(of(2, "0,5"), Ok((2, 50)));
    assert_eq!(of(2, "1 LVR"), Ok((1, 1_000_000)));
    assert!(matches!(of(2, "1,001"), Err(AmountError::TwoReadings { .. })));
    assert!(matches!(of(2, "5 2"), Err(AmountError::Form { .. })));
    assert_eq!(of(9, "1"), Err(AssetNameError::UnknownId { id: 9 }.into()));
}

#[test]
fn faults_are_told_apart() {
    for text in [
        "",
        " ",
        "EURX",
        "-1 EURX",
        "+1 EURX",
        "1.2.3 EURX",
        ". EURX",
        ", EURX",
        "1,2.3 EURX",
        "1..5 LVR",
        "1\n001 LVR",
        "1\t001 LVR",
        "1'000 LVR",
        "1 %",
        "\u{661} LVR",
        "\u{202e}05.21 LVR",
        "12\u{200f} LVR",
        "1.5 units of #6",
    ] {
        assert!(matches!(read(text), Err(AmountError::Form { .. })), "{text}");
    }
    assert_eq!(read("1"), Err(AmountError::NoAsset { written: "1".to_owned() }));
    assert_eq!(read("1 77"), Err(AmountError::NoAsset { written: "1 77".to_owned() }));
    let too_precise = |written: &str, name: &str, decimals| AmountError::TooPrecise {
        written: written.to_owned(),
        name: name.to_owned(),
        decimals,
    };
    assert_eq!(read("12.505 EURX"), Err(too_precise("12.505", "EURX", 2)));
    assert_eq!(read("1.0 ONE#4"), Err(too_precise("1.0", "ONE#4", 0)));
    let too_large = |written: &str, most: &str| AmountError::TooLarge {
        written: written.to_owned(),
        most: most.to_owned(),
    };
    assert_eq!(
        read("18446744073709551616 ONE"),
        Err(too_large("18446744073709551616", "18446744073709551615 ONE"))
    );
    assert_eq!(
        read("18446744073709.551616 LVR"),
        Err(too_large("18446744073709.551616", "18446744073709.551615 LVR"))
    );
    assert!(matches!(read("1 XYZ"), Err(AmountError::Asset(AssetNameError::UnknownSymbol { .. }))));
    assert!(matches!(read("1 ONE#2"), Err(AmountError::Asset(AssetNameError::OtherSymbol { .. }))));
}

#[test]
fn what_copying_left_is_not_read() {
    assert_eq!(read("\u{feff}12\u{200b}.50\u{2060} EU\u{ad}RX\r\n"), Ok((2, 1250)));
}

#[test]
fn amounts_are_written_as_they_are_read() {
    for (id, value, text) in [
        (2, 1250, "12.50 EURX"),
        (5, 1250, "0.125 EURX#5"),
        (1, 1, "0.000001 LVR"),
        (1, 7_000_000, "7.00 LVR"),
        (3, 9, "9 ONE"),
        (4, 9, "9 ONE#4"),
        (9, 4, "4 units of #9"),
    ] {
        assert_eq!(assets().format_amount(AssetId::new(id).unwrap(), value as u64), text);
    }
    assert_eq!(
        assets().format_amount(AssetId::new(1).unwrap(), u128::from(u64::MAX) * 2),
        "36893488147419.10323 LVR"
    );
    assert_eq!(read("4 units of #9"), Err(AssetNameError::UnknownId { id: 9 }.into()));
}

prop_compose! {
    /// Registries whose symbols collide with each other, with other assets' ids and with words of ours.
    fn arb_registry()(
        assets in proptest::collection::btree_map(
            1u64..40,
            ("[A-C][0-3]{0,2}|UNITS|ASSET[0-9]?|E[0-9]{1,15}|[A-Z][A-Z0-9]{0,15}", 0u8..=18),
            1..12,
        ),
        genesis in 0usize..6,
        order in any::<u64>(),
    ) -> KnownAssets {
        let all: Vec<_> = assets.iter().map(|(id, (symbol, decimals))| asset(*id, symbol, *decimals)).collect();
        let (first, rest) = all.split_at(genesis.min(all.len()));
        let mut known = KnownAssets::new(first);
        let (now, later): (Vec<_>, Vec<_>) = rest.iter().cloned().partition(|asset| order >> asset.id().to_u64() & 1 == 1);
        known.learn(now).unwrap();
        known.learn(later).unwrap();
        known
    }
}

proptest! {
    #[test]
    fn what_is_shown_can_be_written(registry in arb_registry(), value in prop_oneof![any::<u64>(), 0u64..2000], spaces in any::<bool>()) {
        for asset in registry.iter() {
            let shown = registry.format_amount(asset.id(), value);
            prop_assert_eq!(registry.parse_amount(&shown), Ok((asset.id(), Value(value))), "{}", shown);
            // As the pages write it, and in lower case.
            let (number, name) = shown.split_once(' ').unwrap();
            let (whole, fraction) = number.split_at(number.find('.').unwrap_or(number.len()));
            let space = if spaces { '\u{202f}' } else { ' ' };
            let mut grouped = String::new();
            for (place, digit) in whole.chars().enumerate() {
                if place > 0 && (whole.len() - place) % 3 == 0 {
                    grouped.push(space);
                }
                grouped.push(digit);
            }
            let paged = format!("{grouped}{fraction} {}", name.to_lowercase());
            prop_assert_eq!(registry.parse_amount(&paged), Ok((asset.id(), Value(value))), "{}", paged);
            prop_assert_eq!(registry.parse_amount_of(asset.id(), number), Ok((asset.id(), Value(value))));
            prop_assert_eq!(registry.find(&registry.name(asset.id())).unwrap().id(), asset.id());
        }
    }

    #[test]
    fn whatever_is_typed_is_read_or_refused(registry in arb_registry(), text in "[-0-9., \u{a0}\u{202f}\u{200b}#()A-Ca-c\u{202e}]{0,24}|.{0,24}") {
        if let Ok((asset, value)) = registry.parse_amount(&text) {
            let shown = registry.format_amount(asset, value.0);
            prop_assert_eq!(registry.parse_amount(&shown), Ok((asset, value)), "{} of {}", shown, text);
        }
    }
}
