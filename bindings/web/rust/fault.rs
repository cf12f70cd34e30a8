//! Errors, as they are thrown: `{ fault: { concept, code, ... }, messages: [...] }`, the sentences of an error and of
//! those below it.

use core::{error::Error, iter::successors};

use js_sys::{Array, Object, Reflect};
use louver_sdk::{
    AddressError, AmountError, AuditError, BookError, ChallengeError, DiscloseError, NodeError, PackageError,
    PaymentListError, PaymentRequestError, PeriodError, PhraseError, PlanError, ProverError, ReceiptError,
    SendError, StatementError, StatementOfAccountError, TravelRuleError, WalletError,
    protocol::ProtocolError,
};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::data::write;

/// An error of the SDK.
pub(crate) trait Fault: Error + Serialize + 'static {
    /// The name of the fault in TypeScript.
    const CONCEPT: &'static str;
}

macro_rules! faults {
    ($($error:ident = $concept:literal),* $(,)?) => {
        $(impl Fault for $error { const CONCEPT: &'static str = $concept; })*
    };
}

faults! {
    AddressError = "address", AmountError = "amount", AuditError = "audit", BookError = "book",
    ChallengeError = "challenge", DiscloseError = "disclose",
    NodeError = "node", PackageError = "package", PaymentListError = "paymentList",
    PaymentRequestError = "paymentRequest", PeriodError = "period", PhraseError = "phrase", PlanError = "plan", ProtocolError = "protocol", ProverError = "prover",
    ReceiptError = "receipt", SendError = "send", StatementError = "statement", StatementOfAccountError = "statementOfAccount",
    TravelRuleError = "travelRule", WalletError = "wallet",
}

/// An error, ready to be thrown.
pub(crate) fn thrown<E: Fault>(error: E) -> JsValue {
    let outer: &(dyn Error + 'static) = &error;
    let sentences = successors(Some(outer), |error| (*error).source());
    throw(write(&error), E::CONCEPT, sentences.map(ToString::to_string))
}

/// An argument is not what the method takes.
pub(crate) fn argument(reason: &str) -> JsValue {
    let fault = Object::new();
    set(&fault, "code", &"Argument".into());
    set(&fault, "reason", &reason.into());
    throw(fault.into(), "misuse", [format!("an argument cannot be read: {reason}")])
}

fn throw(fault: JsValue, concept: &str, messages: impl IntoIterator<Item = String>) -> JsValue {
    set(&fault, "concept", &concept.into());
    let thrown = Object::new();
    set(&thrown, "fault", &fault);
    set(&thrown, "messages", &messages.into_iter().map(JsValue::from).collect::<Array>());
    thrown.into()
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // An object of ours takes any property.
    let _ = Reflect::set(object, &name.into(), value);
}
