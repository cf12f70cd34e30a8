use louver_core::{
    asset::AssetDescriptor,
    epoch::Epoch,
    keys::{AccountSpendingKey, AddressIndex, Direction},
    pool::{GenesisHash, PoolId, PoolTag},
};

use super::*;

fn address(number: u8) -> Address {
    let key = AccountSpendingKey::from_seed(&[number; 64], 0).unwrap();
    let pool = PoolTag::new(&GenesisHash([1; 32]), PoolId(0));
    key.full_viewing_key().address(pool, Epoch(7), Direction::External, AddressIndex(0))
}

fn assets() -> KnownAssets {
    let asset = |id, symbol, decimals| {
        AssetDescriptor::new(AssetId::new(id).unwrap(), symbol, decimals, [0; 32], b"").unwrap()
    };
    KnownAssets::new(&[asset(1, "LVR", 6), asset(2, "EURX", 2)])
}

fn read(text: &str) -> Result<PaymentList, PaymentListError> {
    PaymentList::read(text.as_bytes(), &assets())
}

/// Each row as its line, its value and its memo.
fn rows(text: &str) -> Vec<(u64, u64, String)> {
    let list = read(text).unwrap_or_else(|error| panic!("{error} in {text:?}"));
    let row =
        |row: &ListedPayment| (row.line, row.payment.value.0, row.payment.memo.as_text().unwrap().to_owned());
    list.rows().iter().map(row).collect()
}

#[test]
fn lists_are_read_as_spreadsheets_write_them() {
    let (a, b) = (address(1), address(2));
    let expected = vec![(2, 1250, "Salary".to_owned()), (3, 300, String::new())];
    for text in [
        format!("address,amount,memo\n{a},12.50 EURX,Salary\n{b},3 EURX,\n"),
        format!("\u{feff}Address;AMOUNT;Memo\r\n{a};12,50 EURX;Salary\r\n{b};3 EURX;\r\n"),
        format!("memo\tamount\taddress\nSalary\t12.50 EURX\t{a}\n\t3 EURX\t{b}"),
        format!("address, amount , memo\n\"{a}\",\"12,50 EURX\",\"Salary\"\n {b} , 3 EURX \n"),
        format!("address,amount,memo\r{a},12.50 EURX,Salary\r{b},3 EURX,"),
    ] {
        assert_eq!(rows(&text), expected, "{text:?}");
    }
    let spread = format!(
        "\n\naddress,amount,memo\n\n{a},1 EURX,\"two\nlines, and a \"\"mark\"\"\"\r\n\r\n,,\n  \n{b},2 EURX,last\n\n"
    );
    assert_eq!(
        rows(&spread),
        [(5, 100, "two\nlines, and a \"mark\"".to_owned()), (10, 200, "last".to_owned())]
    );
}

/// Attacker: the payee of a row that its writer did not mean to be paid, or not so.
#[test]
fn what_is_not_plain_is_refused_with_its_line() {
    use PaymentListError as Fault;
    let a = address(1);
    let row = |line, error: RowError| Fault::Row { line, error };
    for (text, fault) in [
        ("", Fault::Empty),
        ("\n \n", Fault::Empty),
        ("address,amount\n\n", Fault::Empty),
        ("address,sum", Fault::UnknownColumn { name: "sum".to_owned() }),
        ("address;amount;e\u{202e}mail", Fault::UnknownColumn { name: "e\\u{202e}mail".to_owned() }),
        ("address,Amount,amount", Fault::RepeatedColumn { name: "amount" }),
        ("address,memo", Fault::MissingColumn { name: "amount" }),
        ("amount", Fault::MissingColumn { name: "address" }),
        ("address,amount\n{a},12,50 EURX", Fault::Cells { line: 2, cells: 3, columns: 2 }),
        ("address,amount,memo\n\n{a},1 EURX,5\" pipe\n{a},2 EURX,", Fault::OpenQuote { line: 3 }),
        ("address,amount,memo\n{a},1 EURX,\"open\n{a},2 EURX,x\n", Fault::OpenQuote { line: 2 }),
        ("address,amount\n\n{a},0 EURX", row(3, RowError::Zero)),
    ] {
        assert_eq!(read(&text.replace("{a}", &a.to_string())).unwrap_err(), fault, "{text:?}");
    }
    let wrong = |text: &str| match read(&text.replace("{a}", &a.to_string())).unwrap_err() {
        Fault::Row { line, error } => (line, error),
        other => panic!("{other}"),
    };
    assert!(matches!(
        wrong("amount,address\n1 EURX,bc1qxyz"),
        (2, RowError::Address(TypedError::OtherThing { .. }))
    ));
    assert!(matches!(wrong("amount,address\n\n1 EURX,"), (3, RowError::Address(TypedError::Empty { .. }))));
    assert!(matches!(
        wrong("amount;address\n1,001 EURX;{a}"),
        (2, RowError::Amount(AmountError::TwoReadings { .. }))
    ));
    assert!(matches!(wrong("amount,address\n1,{a}"), (2, RowError::Amount(AmountError::NoAsset { .. }))));
    let long = format!("memo,amount,address\n{},1 EURX,{{a}}", "x".repeat(1023));
    assert!(matches!(wrong(&long), (2, RowError::Memo(_))));
    for bytes in [&b"address,amount\n\xff"[..], &b"\xff\xfea\0d\0"[..], &b"a\0d\0"[..]] {
        assert_eq!(PaymentList::read(bytes, &assets()).unwrap_err(), Fault::NotText);
    }
    let many = format!("address,amount\n{}", format!("{a},1 EURX\n").repeat(PaymentList::MOST + 1));
    assert_eq!(read(&many).unwrap_err(), Fault::TooLong);
}

/// Attacker: somebody whose salary stands on the list twice.
#[test]
fn rows_that_repeat_another_are_told() {
    let (a, b) = (address(1), address(2));
    let text = format!(
        "address,amount,memo\n{a},1 EURX,x\n{b},1 EURX,x\n{a},1.00 EURX,x\n{a},1 EURX,y\n\n{},1 EURX,x\n",
        a.to_string().to_uppercase()
    );
    assert_eq!(read(&text).unwrap().repeated(), [(4, 2), (7, 2)]);
}
