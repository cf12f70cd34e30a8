//! The committed schemas, beside the types that are printed.

use std::path::Path;

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{Message, schemas};

/// The schema of a message, with the field that names it.
pub(super) fn named<M: Message>(generator: &mut SchemaGenerator) -> Value {
    let mut schema = M::json_schema(generator).to_value();
    let object = schema.as_object_mut().unwrap();
    let name = json!({ "const": M::SCHEMA, "description": "The schema of this object." });
    let fields = object.entry("properties").or_insert_with(|| json!({}));
    fields.as_object_mut().unwrap().insert("schema".to_owned(), name);
    let required = object.entry("required").or_insert_with(|| json!([]));
    required.as_array_mut().unwrap().insert(0, "schema".into());
    schema
}

/// All schemas as one document: any object that a command prints is one of them.
pub(super) fn document(named: Map<String, Value>, definitions: Map<String, Value>) -> Value {
    let any: Vec<Value> =
        named.keys().map(|name| json!({ "$ref": format!("#/$defs/{}", name.replace('/', "~1")) })).collect();
    let mut all = definitions;
    all.extend(named);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Messages of the louver command with --json",
        "oneOf": any,
        "$defs": all,
    })
}

/// `UPDATE_SCHEMAS=1` writes the file anew.
#[test]
fn the_schemas_in_the_book_are_those_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/schemas/command.json");
    let now = format!("{:#}\n", schemas());
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        kept,
        now,
        "UPDATE_SCHEMAS=1 writes {} anew; a field that goes makes a new version",
        path.display()
    );
}

#[test]
fn every_field_says_what_it_means() {
    fn check(name: &str, schema: &Value) {
        for (field, of) in schema["properties"].as_object().into_iter().flatten() {
            let told = of["description"].is_string() || of.get("const").is_some() || of.get("$ref").is_some();
            assert!(told, "{name}: {field}");
        }
        let kinds = schema["oneOf"].as_array().into_iter().flatten();
        kinds.for_each(|kind| check(name, kind));
    }
    for (name, schema) in schemas()["$defs"].as_object().unwrap() {
        check(name, schema);
    }
}
