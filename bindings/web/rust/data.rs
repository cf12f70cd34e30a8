//! Data, from JavaScript and back. Arguments come as they are and are read here: wasm-bindgen would bend what does not
//! fit, and make 0 of a text.

use js_sys::Uint8Array;
use serde::{Serialize, de::DeserializeOwned};
use tsify::serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::{JsCast, JsValue};

use crate::fault::argument;

/// The data from JavaScript, or the fault that says why it cannot be read.
pub(crate) fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    from_value(value).map_err(|error| argument(&error.to_string()))
}

/// A text.
pub(crate) fn text(value: &JsValue) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| argument("a string is expected"))
}

/// Bytes.
pub(crate) fn bytes(value: JsValue) -> Result<Vec<u8>, JsValue> {
    let bytes = value.dyn_into::<Uint8Array>().map_err(|_| argument("a Uint8Array is expected"))?;
    Ok(bytes.to_vec())
}

/// Data for JavaScript.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> JsValue {
    let serializer = Serializer::new().serialize_large_number_types_as_bigints(true);
    // Nothing in the SDK's data can fail to be written.
    value.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}
