use louver_core::{keys::string::AnyString, text::without_space};

use super::Facts;
use crate::exit::Failure;

/// The meaning of a string. A secret is never repeated.
pub(super) fn facts(text: &str) -> Result<Facts, Failure> {
    let text = &*without_space(text);
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
