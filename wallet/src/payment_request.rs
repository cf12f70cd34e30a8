//! `[payment-request]`: `louver:` URIs, by which a payee says where to pay and how much, as a link or as a QR code.
//! Their form is modelled on ZIP 321.

use core::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use louver_core::{
    address::Address,
    asset::AssetId,
    epoch::Epoch,
    keys::{StringError, typed},
    note::Memo,
    text::visible,
    value::Value,
};
use thiserror::Error;

mod read;
#[cfg(test)]
mod tests;

/// Why a text is not a payment request, or why payments cannot be requested.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaymentRequestError {
    /// It is not a `louver:` URI.
    #[error("not a payment request: it does not begin with louver:")]
    Scheme,
    /// It is longer than a request may be.
    #[error("the payment request is longer than {} bytes", PaymentRequest::MAX_LENGTH)]
    TooLong,
    /// A character that is not allowed there, or a percent sign that two hexadecimal digits of UTF-8 text do not
    /// follow.
    #[error("the payment request is damaged: ask for it again ({name} is not encoded as it must be)")]
    Encoding {
        /// The parameter, or a part of the request.
        name: String,
    },
    /// A parameter occurs twice.
    #[error("the payment request says {name} twice")]
    Repeated {
        /// The parameter.
        name: String,
    },
    /// A required parameter that this version does not know. A later version of the wallet may know it.
    #[error(
        "the payment request needs {name}, which this wallet does not know: it cannot be paid with this version"
    )]
    Required {
        /// The parameter.
        name: String,
    },
    /// An address is wrong.
    #[error("{name} of the payment request is wrong: {error}")]
    Address {
        /// The parameter.
        name: String,
        /// The fault.
        error: StringError,
    },
    /// A number is malformed, is zero or too large, or begins with a zero.
    #[error("{name} of the payment request is not a whole number as it must be written")]
    Number {
        /// The parameter.
        name: String,
    },
    /// An amount without its asset.
    #[error("payment {} of the request has an amount without an asset", index + 1)]
    AmountWithoutAsset {
        /// The payment, counted from 0.
        index: usize,
    },
    /// A memo is not base64url, or longer than a memo may be.
    #[error("{name} of the payment request is not a memo: at most {} bytes as base64url", Memo::MAX)]
    Memo {
        /// The parameter.
        name: String,
    },
    /// A label or message is longer than it may be.
    #[error("{name} of the payment request is longer than {most} bytes")]
    TextTooLong {
        /// The parameter.
        name: String,
        /// The most bytes.
        most: usize,
    },
    /// A payment without an address.
    #[error("payment {} of the request has no address", index + 1)]
    NoAddress {
        /// The payment, counted from 0.
        index: usize,
    },
    /// The second address is not of the same pool and a later epoch.
    #[error("the second address of payment {} is not of a later epoch of the same pool", index + 1)]
    Next {
        /// The payment, counted from 0.
        index: usize,
    },
    /// No payment, or more than a request may have.
    #[error("a payment request has 1 to {} payments, this has {count}", PaymentRequest::MAX_PAYMENTS)]
    Count {
        /// How many there are.
        count: usize,
    },
    /// The payments go to two pools. No transaction can make both.
    #[error("the payments of the request go to two pools")]
    TwoPools,
}

/// A requested payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedPayment {
    /// The address to pay.
    pub address: Address,
    /// An address of a later epoch, to be paid once the epoch of `address` is over.
    pub next: Option<Address>,
    /// The asset, by its id. The payer chooses if it is not named.
    pub asset: Option<AssetId>,
    /// The amount, in the asset's smallest unit. The payer chooses if it is not given.
    pub value: Option<Value>,
    /// The memo to the payee.
    pub memo: Option<Memo>,
    /// The payee's name, in the words of whoever made the request. Show it with [`visible`]: it proves nothing.
    pub label: Option<String>,
    /// The purpose of the payment, in the words of whoever made the request. Show it with [`visible`].
    pub message: Option<String>,
}

impl RequestedPayment {
    /// A payment to an address, with everything else left to the payer.
    pub fn to(address: Address) -> Self {
        Self { address, next: None, asset: None, value: None, memo: None, label: None, message: None }
    }

    /// The address to pay by a transaction that declares `epoch`. If none is of that epoch, the one that could be paid last:
    /// a plan says then what is wrong with it.
    pub fn address_for(&self, epoch: Epoch) -> &Address {
        let last = self.next.as_ref().filter(|_| self.address.epoch() < epoch);
        self.address_in(epoch).or(last).unwrap_or(&self.address)
    }

    /// The address that can be paid by a transaction that declares `epoch`.
    pub fn address_in(&self, epoch: Epoch) -> Option<&Address> {
        [Some(&self.address), self.next.as_ref()]
            .into_iter()
            .flatten()
            .find(|address| address.epoch() == epoch)
    }
}

/// A payment request: one payment or several, which belong together. `to_string` writes it as a URI, and `parse` reads
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRequest {
    payments: Vec<RequestedPayment>,
}

impl PaymentRequest {
    /// The most payments of a request.
    pub const MAX_PAYMENTS: usize = 100;
    /// The longest request, in bytes.
    pub const MAX_LENGTH: usize = 1 << 16;
    /// The longest label, in bytes of UTF-8.
    pub const MAX_LABEL: usize = 256;
    /// The longest message, in bytes of UTF-8.
    pub const MAX_MESSAGE: usize = 1024;

    /// A request for these payments.
    ///
    /// # Errors
    /// [`PaymentRequestError`] if a URI cannot ask for these payments.
    pub fn new(payments: Vec<RequestedPayment>) -> Result<Self, PaymentRequestError> {
        if !(1..=Self::MAX_PAYMENTS).contains(&payments.len()) {
            return Err(PaymentRequestError::Count { count: payments.len() });
        }
        for (index, payment) in payments.iter().enumerate() {
            let RequestedPayment { address, next, asset, value, label, message, .. } = payment;
            if address.pool() != payments[0].address.pool() {
                return Err(PaymentRequestError::TwoPools);
            }
            let follows = |next: &Address| next.pool() == address.pool() && next.epoch() > address.epoch();
            if !next.as_ref().is_none_or(follows) {
                return Err(PaymentRequestError::Next { index });
            }
            if value.is_some() && asset.is_none() {
                return Err(PaymentRequestError::AmountWithoutAsset { index });
            }
            let number = |name| PaymentRequestError::Number { name: parameter(name, index) };
            if *asset == Some(AssetId::NONE) {
                return Err(number("asset"));
            }
            if *value == Some(Value::ZERO) {
                return Err(number("amount"));
            }
            for (name, text, most) in
                [("label", label, Self::MAX_LABEL), ("message", message, Self::MAX_MESSAGE)]
            {
                if text.as_ref().is_some_and(|text| text.len() > most) {
                    return Err(PaymentRequestError::TextTooLong { name: parameter(name, index), most });
                }
            }
        }
        let request = Self { payments };
        match request.to_string().len() {
            0..=Self::MAX_LENGTH => Ok(request),
            _ => Err(PaymentRequestError::TooLong),
        }
    }

    /// The payments, in their order.
    pub fn payments(&self) -> &[RequestedPayment] {
        &self.payments
    }
}

impl FromStr for PaymentRequest {
    type Err = PaymentRequestError;

    fn from_str(text: &str) -> Result<Self, PaymentRequestError> {
        read::request(text.trim())
    }
}

/// `louver:ADDRESS?...` for one payment, else `louver:?address=...&address.1=...`, with the parameters of each payment in
/// one order.
impl fmt::Display for PaymentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(typed::PAYMENT_REQUEST)?;
        let mut mark = '?';
        let mut write = |f: &mut fmt::Formatter<'_>, name: &str, index: usize, value: &str| {
            write!(f, "{mark}{}={value}", parameter(name, index))?;
            mark = '&';
            Ok::<_, fmt::Error>(())
        };
        for (index, payment) in self.payments.iter().enumerate() {
            let RequestedPayment { address, next, asset, value, memo, label, message } = payment;
            match self.payments.len() {
                1 => write!(f, "{address}")?,
                _ => write(f, "address", index, &address.to_string())?,
            }
            let parameters = [
                ("next", next.map(|next| next.to_string())),
                ("asset", asset.map(|asset| asset.to_string())),
                ("amount", value.map(|value| value.to_string())),
                ("memo", memo.as_ref().map(|memo| BASE64_URL_SAFE_NO_PAD.encode(memo.as_bytes()))),
                ("label", label.as_deref().map(percent_encoded)),
                ("message", message.as_deref().map(percent_encoded)),
            ];
            for (name, value) in parameters {
                if let Some(value) = value {
                    write(f, name, index, &value)?;
                }
            }
        }
        Ok(())
    }
}

/// A parameter's name. The first payment's parameters have no number.
fn parameter(name: &str, index: usize) -> String {
    match index {
        0 => name.to_owned(),
        index => format!("{name}.{index}"),
    }
}

/// Whether a character may occur unescaped in a value.
fn is_plain(c: u8) -> bool {
    c.is_ascii_alphanumeric() || b"-._~!$'()*+,;:@".contains(&c)
}

fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match is_plain(byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
