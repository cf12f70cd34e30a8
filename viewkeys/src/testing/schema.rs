//! `[json-schema]`: schemas in the book, compared with types and objects.

use std::{fs, path::Path};

use schemars::Schema;
use serde_json::Value as Json;

/// The schema of a name, which the book has: written anew with `LOUVER_WRITE=1`.
pub(crate) fn committed(name: &str, schema: &Schema) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../spec/schemas/{name}.json"));
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    if std::env::var_os("LOUVER_WRITE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "{} is not what the types say: LOUVER_WRITE=1 writes it anew", path.display());
    serde_json::from_str(&committed).unwrap()
}

/// Checks an object against a schema.
pub(crate) fn check(validator: &jsonschema::Validator, json: &Json) {
    let faults: Vec<_> = validator.iter_errors(json).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?}\n{json:#}");
}
