//! Payment requests (`louver:` URIs) and lists of payments, as data.

use louver_core::{
    asset::{AssetId, KnownAssets},
    note::Memo,
    value::Value,
};
use louver_viewkeys::report::Written;
use louver_wallet::{payment_list, payment_request as engine};

use crate::{Amount, Payment, PaymentListError, PaymentRequestError, node::parse_address};

data! {
    /// A payment request: one payment or several.
    pub struct PaymentRequest {
        /// The payments, 1 to 100.
        pub payments: Vec<RequestedPayment>,
    }
}

data! {
    /// A requested payment. The payer chooses whatever is absent.
    pub struct RequestedPayment {
        /// Where to pay (`lvr1...`).
        pub to: String,
        /// An address of a later epoch, to be paid once the epoch of the first one is over.
        pub next: Option<String>,
        /// The asset's id.
        pub asset: Option<u64>,
        /// The amount, in the asset's smallest unit. It requires the asset.
        pub value: Option<u64>,
        /// The memo to the payee, if it is text.
        pub memo: Option<String>,
        /// The memo to the payee in hexadecimal, if it is not text.
        pub memo_hex: Option<String>,
        /// The payee's name, in the words of whoever made the request. It proves nothing: show it as plain text, as
        /// `visible_text` returns it.
        pub label: Option<String>,
        /// The purpose of the payment, in the words of whoever made the request.
        pub message: Option<String>,
    }
}

data! {
    /// A list of payments.
    pub struct PaymentList {
        /// Its rows.
        pub rows: Vec<ListedPayment>,
        /// Rows that ask for the same payment as an earlier row. Ask the user before paying them.
        pub repeated: Vec<RepeatedRow>,
    }
}

data! {
    /// A row of a list of payments.
    pub struct ListedPayment {
        /// The line on which it begins, counted from 1.
        pub line: u64,
        /// The payment.
        pub payment: Payment,
    }
}

data! {
    /// A row that asks for the same payment as an earlier row.
    pub struct RepeatedRow {
        /// Its line.
        pub line: u64,
        /// The line of the first such row.
        pub first: u64,
    }
}

data! {
    /// An earlier payment by the same wallet of what is asked for once more.
    pub struct EarlierPayment {
        /// The place of what is asked for, counted from 0.
        pub index: u32,
        /// The id of the transaction that paid it.
        pub txid: String,
        /// The block of that transaction; absent while it waits for one.
        pub height: Option<u32>,
        /// The time of that block, in seconds since 1970.
        pub time: Option<u64>,
    }
}

/// Makes text that somebody else wrote safe to show: hidden characters become escapes, such as those that reverse the
/// direction of writing or have no width.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn visible_text(text: String) -> String {
    louver_core::text::visible(&text)
}

/// A memo as text, or else in hexadecimal.
pub(crate) fn memo(memo: Option<&Memo>) -> (Option<String>, Option<String>) {
    let Written { memo, memo_hex } = memo.map(Written::new).unwrap_or_default();
    (memo, memo_hex)
}

impl PaymentRequest {
    pub(crate) fn parse(uri: &str) -> Result<Self, PaymentRequestError> {
        let request: engine::PaymentRequest = uri.parse()?;
        Ok(Self { payments: request.payments().iter().map(RequestedPayment::of).collect() })
    }

    pub(crate) fn format(&self) -> Result<String, PaymentRequestError> {
        let payments = self.payments.iter().map(RequestedPayment::read).collect::<Result<_, _>>()?;
        Ok(engine::PaymentRequest::new(payments)?.to_string())
    }
}

impl RequestedPayment {
    fn of(payment: &engine::RequestedPayment) -> Self {
        let engine::RequestedPayment { address, next, asset, value, memo: bytes, label, message } = payment;
        let (memo, memo_hex) = memo(bytes.as_ref());
        Self {
            to: address.to_string(),
            next: next.map(|next| next.to_string()),
            asset: asset.map(AssetId::to_u64),
            value: value.map(|Value(value)| value),
            memo,
            memo_hex,
            label: label.clone(),
            message: message.clone(),
        }
    }

    pub(crate) fn read(&self) -> Result<engine::RequestedPayment, PaymentRequestError> {
        let wrong = |reason: String| PaymentRequestError::Invalid { reason };
        let address = |text: &str| parse_address(text).map_err(|error| wrong(error.to_string()));
        let asset = |id| AssetId::new(id).ok_or_else(|| wrong(format!("there is no asset #{id}")));
        let memo = match (&self.memo, &self.memo_hex) {
            (Some(_), Some(_)) => return Err(wrong("a memo is text or hexadecimal, not both".to_owned())),
            (Some(text), None) => Some(text.as_bytes().to_vec()),
            (None, Some(text)) => Some(hex::decode(text).map_err(|error| wrong(error.to_string()))?),
            (None, None) => None,
        };
        let memo = memo.map(|bytes| Memo::new(&bytes).map_err(|error| wrong(error.to_string())));
        Ok(engine::RequestedPayment {
            address: address(&self.to)?,
            next: self.next.as_deref().map(address).transpose()?,
            asset: self.asset.map(asset).transpose()?,
            value: self.value.map(Value),
            memo: memo.transpose()?,
            label: self.label.clone(),
            message: self.message.clone(),
        })
    }
}

impl PaymentList {
    pub(crate) fn read(bytes: &[u8], assets: &KnownAssets) -> Result<Self, PaymentListError> {
        let list = payment_list::PaymentList::read(bytes, assets)?;
        let row = |row: &payment_list::ListedPayment| ListedPayment {
            line: row.line,
            payment: Payment {
                to: row.payment.to.to_string(),
                amount: Amount::new(row.payment.asset, row.payment.value),
                memo: row.payment.memo.as_text().unwrap_or_default().to_owned(),
            },
        };
        let repeated = list.repeated().into_iter().map(|(line, first)| RepeatedRow { line, first });
        Ok(Self { rows: list.rows().iter().map(row).collect(), repeated: repeated.collect() })
    }
}

#[cfg(test)]
mod tests {
    use louver_core::{
        epoch::Epoch,
        keys::{AccountSpendingKey, AddressIndex, Direction},
        pool::{GenesisHash, PoolId, PoolTag},
    };

    use super::*;

    fn address(epoch: u16) -> String {
        let key = AccountSpendingKey::from_seed(&[7; 64], 0).unwrap().full_viewing_key();
        let pool = PoolTag::new(&GenesisHash([1; 32]), PoolId(0));
        key.address(pool, Epoch(epoch), Direction::External, AddressIndex(0)).to_string()
    }

    #[test]
    fn requests_cross_the_border_whole() {
        let payment = |memo: Option<&str>, memo_hex: Option<&str>| RequestedPayment {
            to: address(7),
            next: Some(address(8)),
            asset: Some(2),
            value: Some(1250),
            memo: memo.map(str::to_owned),
            memo_hex: memo_hex.map(str::to_owned),
            label: Some("Café".to_owned()),
            message: None,
        };
        let request = |payments| PaymentRequest { payments };
        let whole =
            request(vec![payment(Some("Order 7"), None), payment(None, Some("ff00")), payment(None, None)]);
        let uri = whole.format().unwrap();
        assert_eq!(PaymentRequest::parse(&uri), Ok(whole));
        for wrong in [
            request(vec![]),
            request(vec![payment(Some("both"), Some("ff"))]),
            request(vec![payment(None, Some("f"))]),
            request(vec![RequestedPayment { asset: None, ..payment(None, None) }]),
            request(vec![RequestedPayment { to: address(8), ..payment(None, None) }]),
        ] {
            assert!(matches!(wrong.format(), Err(PaymentRequestError::Invalid { .. })), "{wrong:?}");
        }
        let later = format!("louver:{}?req-fee=1", address(7));
        let unsupported = PaymentRequestError::Unsupported { parameter: "req-fee".to_owned() };
        assert_eq!(PaymentRequest::parse(&later), Err(unsupported));
    }

    #[test]
    fn memos_are_text_or_hexadecimal() {
        let told = |bytes: &[u8]| memo(Some(&Memo::new(bytes).unwrap()));
        assert_eq!(told("Zoë".as_bytes()), (Some("Zoë".to_owned()), None));
        assert_eq!(told(&[0xff, 0]), (None, Some("ff00".to_owned())));
        assert_eq!((told(b""), memo(None)), ((None, None), (None, None)));
    }
}
