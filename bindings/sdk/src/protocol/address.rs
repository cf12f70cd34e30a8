//! Addresses and the other texts of the protocol.

use louver_core::{
    address::{Address, Diversifier},
    agreement::Element,
    encoding::{Decode, Encode, subgroup_point_from_bytes},
    keys::AnyString,
    secret::ExposeBytes,
};

use super::{ProtocolError, array};

data! {
    /// An address, by its parts.
    pub struct ProtocolAddress {
        /// The pool's tag.
        pub pool_tag: String,
        /// The epoch.
        pub epoch: u16,
        /// The diversifier.
        pub diversifier: String,
        /// The element that the diversifier hashes to.
        pub base: String,
        /// The transmission key.
        pub pk_d: String,
        /// The owner tag.
        pub tau: String,
        /// The address's encoding.
        pub bytes: String,
        /// The address as people pass it on (`lvr1...`).
        pub text: String,
    }
}

data! {
    /// A text of the protocol, of any kind.
    pub struct ProtocolText {
        /// The kind of text, in words.
        pub kind: String,
        /// Whether the text gives its holder a power that others must not have.
        pub secret: bool,
        /// The bytes that it encodes.
        pub payload: String,
    }
}

/// `[address]`: an address from its text.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn read_protocol_address(text: String) -> Result<ProtocolAddress, ProtocolError> {
    Ok(ProtocolAddress::of(&text.parse::<Address>()?))
}

/// `[strings]`: any text of the protocol.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn read_protocol_text(text: String) -> Result<ProtocolText, ProtocolError> {
    let any = text.parse::<AnyString>()?;
    let payload = match &any {
        AnyString::Address(address) => hex::encode(address.to_bytes()),
        AnyString::AccountId(id) => hex::encode(id.to_bytes()),
        AnyString::TransparentAccount(bytes) | AnyString::TravelRule(bytes) => hex::encode(bytes),
        AnyString::Asset(asset) => hex::encode(asset.to_bytes()),
        AnyString::AccountSpendingKey(key) => hex::encode(key.expose_bytes()),
        AnyString::FullViewingKey(key) => hex::encode(key.expose_bytes()),
        AnyString::IncomingViewingKey(key) => hex::encode(key.expose_bytes()),
        AnyString::OutgoingViewingKey(key) => hex::encode(key.expose_bytes()),
        AnyString::NullifierKey(key) => hex::encode(key.expose_bytes()),
        AnyString::DetectionKey(key) => hex::encode(key.expose_bytes()),
    };
    Ok(ProtocolText { kind: any.kind().to_owned(), secret: any.is_secret(), payload })
}

/// `[group-hash]`: the element that a diversifier hashes to.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn diversifier_base(diversifier: String) -> Result<String, ProtocolError> {
    Ok(hex::encode(Diversifier::new(array("diversifier", &diversifier)?).base().to_array()))
}

/// `[agreement]`: whether 32 bytes are the encoding of an element of Ristretto255 other than the identity.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn check_element(bytes: String) -> Result<(), ProtocolError> {
    Element::from_bytes(&array::<32>("bytes", &bytes)?)?;
    Ok(())
}

/// `[points]`: whether 32 bytes are the encoding of a point of the subgroup other than the identity.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn check_subgroup_point(bytes: String) -> Result<(), ProtocolError> {
    subgroup_point_from_bytes(&array("bytes", &bytes)?)?;
    Ok(())
}
