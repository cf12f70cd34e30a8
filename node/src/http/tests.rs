use std::collections::BTreeSet;

use serde_json::Value;

use super::{OPENAPI, routes};

fn description() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

#[test]
fn every_path_is_described_and_every_description_is_answered() {
    let described = description();
    let described: BTreeSet<&str> =
        described["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let answered: BTreeSet<&str> = routes().into_iter().map(|(path, _)| path).collect();
    assert_eq!(described, answered);
}

#[test]
fn references_lead_somewhere() {
    let described = description();
    let mut left = vec![&described];
    while let Some(value) = left.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(target)) = fields.get("$ref") {
                    let pointer = target.strip_prefix('#').unwrap();
                    assert!(described.pointer(pointer).is_some(), "{target}");
                }
                left.extend(fields.values());
            }
            Value::Array(items) => left.extend(items),
            _ => {}
        }
    }
}
