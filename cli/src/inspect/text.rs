use louver_core::{address::Address, keys::string::AnyString, text::without_space};
use louver_wallet::payment_request::PaymentRequest;

use super::Facts;
use crate::exit::Failure;

/// The meaning of a string. A secret is never repeated.
pub(super) fn facts(text: &str) -> Result<Facts, Failure> {
    let text = &*without_space(text);
    if text.to_ascii_lowercase().starts_with("louver:") {
        return text
            .parse::<PaymentRequest>()
            .map(|request| payment_request(&request))
            .map_err(Failure::input);
    }
    if text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-1") {
        let key: age::x25519::Identity = text.to_ascii_uppercase().parse().map_err(Failure::input)?;
        return Ok(Facts::of("age secret key")
            .with("secret", true)
            .with("recipient", key.to_public().to_string()));
    }
    if let Ok(recipient) = text.parse::<age::x25519::Recipient>() {
        return Ok(Facts::of("age recipient").with("secret", false).with("recipient", recipient.to_string()));
    }
    let string: AnyString = text.parse().map_err(Failure::input)?;
    let mut facts = Facts::of(string.kind()).with("secret", string.is_secret());
    for (name, value) in string.describe() {
        facts = facts.with(name, value);
    }
    Ok(facts)
}

/// The payments that a request asks for. Months and symbols are the chain's, which a request only names by its addresses.
fn payment_request(request: &PaymentRequest) -> Facts {
    let address = |address: &Address| {
        Facts::default()
            .with("address", address.to_string())
            .with("period_number", address.epoch().0)
            .with("pool_tag", hex::encode(address.pool().to_le_bytes()))
            .into_value()
    };
    let payments = request.payments().iter().map(|payment| {
        let amount = match (payment.value, payment.asset) {
            (Some(value), Some(asset)) => format!("{value} units of #{asset}"),
            (None, Some(asset)) => format!("the payer chooses, in #{asset}"),
            _ => "the payer chooses".to_owned(),
        };
        let addresses: Vec<_> =
            [Some(&payment.address), payment.next.as_ref()].into_iter().flatten().map(address).collect();
        let memo = payment.memo.as_ref().map(|memo| String::from_utf8_lossy(memo.as_bytes()).into_owned());
        Facts::default()
            .with("pay_to", addresses)
            .with("amount", amount)
            .with("memo", memo)
            .with("label", payment.label.as_deref())
            .with("message", payment.message.as_deref())
            .into_value()
    });
    Facts::of("payment request")
        .with("secret", false)
        .with("payments", payments.collect::<Vec<_>>())
        .with("hint", "louver wallet pay shows it with dates and symbols before anything is sent")
}
