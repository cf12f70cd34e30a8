//! Reading payment requests.

use std::collections::{BTreeMap, HashSet};

use super::{
    Address, AssetId, BASE64_URL_SAFE_NO_PAD, Engine, Memo, PaymentRequest, PaymentRequestError,
    RequestedPayment, Value, is_plain, parameter, typed, visible,
};

/// The most characters of a foreign name that an error repeats.
const SHOWN: usize = 40;

/// The parameters of one payment, by name.
type Parameters = BTreeMap<&'static str, String>;

pub(super) fn request(text: &str) -> Result<PaymentRequest, PaymentRequestError> {
    if text.len() > PaymentRequest::MAX_LENGTH {
        return Err(PaymentRequestError::TooLong);
    }
    let (scheme, rest) =
        text.split_at_checked(typed::PAYMENT_REQUEST.len()).ok_or(PaymentRequestError::Scheme)?;
    if !scheme.eq_ignore_ascii_case(typed::PAYMENT_REQUEST) {
        return Err(PaymentRequestError::Scheme);
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut payments = BTreeMap::<usize, Parameters>::new();
    let mut seen = HashSet::new();
    if !path.is_empty() {
        seen.insert("address");
        payments.entry(0).or_default().insert("address", decoded("address", path)?);
    }
    for part in query.split('&').filter(|_| !query.is_empty()) {
        let (name, value) = part.split_once('=').map_or((part, None), |(name, value)| (name, Some(value)));
        let (base, index) = indexed(name)?;
        if !seen.insert(name) {
            return Err(PaymentRequestError::Repeated { name: name.to_owned() });
        }
        let value = decoded(name, value.unwrap_or_default())?;
        match KNOWN.into_iter().find(|known| *known == base) {
            Some(known) => drop(payments.entry(index).or_default().insert(known, value)),
            None if base.starts_with("req-") => {
                return Err(PaymentRequestError::Required { name: name.to_owned() });
            }
            // Later versions may add parameters that do not change the payment.
            None => {}
        }
    }
    let count = payments.len();
    let read = payments.into_iter().map(|(index, parameters)| payment(index, parameters));
    if count > PaymentRequest::MAX_PAYMENTS {
        return Err(PaymentRequestError::Count { count });
    }
    PaymentRequest::new(read.collect::<Result<_, _>>()?)
}

const KNOWN: [&str; 7] = ["address", "next", "asset", "amount", "memo", "label", "message"];

/// A parameter's name without its number, and the number.
fn indexed(name: &str) -> Result<(&str, usize), PaymentRequestError> {
    let wrong = || PaymentRequestError::Encoding { name: shown(name) };
    let (base, index) = match name.split_once('.') {
        None => (name, 0),
        Some((base, digits)) => {
            let is_number = (1..=4).contains(&digits.len())
                && digits.bytes().all(|c| c.is_ascii_digit())
                && !digits.starts_with('0');
            (base, digits.parse().ok().filter(|_| is_number).ok_or_else(wrong)?)
        }
    };
    let mut letters = base.bytes();
    let is_name = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'+'));
    if is_name { Ok((base, index)) } else { Err(wrong()) }
}

/// A value with its percent escapes undone. Every byte has to be allowed there, and the whole has to be UTF-8.
fn decoded(name: &str, value: &str) -> Result<String, PaymentRequestError> {
    let wrong = || PaymentRequestError::Encoding { name: shown(name) };
    let digit = |c: Option<u8>| c.and_then(|c| char::from(c).to_digit(16)).ok_or_else(wrong);
    let mut bytes = value.bytes();
    let mut out = Vec::with_capacity(value.len());
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                out.push(u8::try_from(high << 4 | low).map_err(|_| wrong())?);
            }
            byte if is_plain(byte) => out.push(byte),
            _ => return Err(wrong()),
        }
    }
    String::from_utf8(out).map_err(|_| wrong())
}

fn payment(index: usize, mut parameters: Parameters) -> Result<RequestedPayment, PaymentRequestError> {
    let mut take = |name: &'static str| parameters.remove(name);
    let address = |name: &str, text: String| {
        let wrong = |error| PaymentRequestError::Address { name: parameter(name, index), error };
        text.parse::<Address>().map_err(wrong)
    };
    let number = |name: &str, digits: String| {
        let is_number = digits.bytes().all(|c| c.is_ascii_digit()) && !digits.starts_with('0');
        let number = digits.parse::<u64>().ok().filter(|_| is_number);
        number.ok_or_else(|| PaymentRequestError::Number { name: parameter(name, index) })
    };
    let memo = |text: String| {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        let memo = bytes.and_then(|bytes| Memo::new(&bytes).ok());
        memo.ok_or_else(|| PaymentRequestError::Memo { name: parameter("memo", index) })
    };
    let to = take("address").ok_or(PaymentRequestError::NoAddress { index })?;
    let asset = take("asset").map(|digits| {
        let wrong = || PaymentRequestError::Number { name: parameter("asset", index) };
        AssetId::new(number("asset", digits)?).ok_or_else(wrong)
    });
    Ok(RequestedPayment {
        address: address("address", to)?,
        next: take("next").map(|text| address("next", text)).transpose()?,
        asset: asset.transpose()?,
        value: take("amount").map(|digits| number("amount", digits)).transpose()?.map(Value),
        memo: take("memo").map(memo).transpose()?,
        label: take("label"),
        message: take("message"),
    })
}

/// A name from somebody else's text, for an error.
fn shown(name: &str) -> String {
    visible(&name.chars().take(SHOWN).collect::<String>())
}
