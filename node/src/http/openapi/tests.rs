use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use super::*;

fn described() -> Value {
    description(&routes())
}

/// `UPDATE_SCHEMAS=1` writes the file anew.
#[test]
fn the_description_in_the_book_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/schemas/node.json");
    let now = format!("{:#}\n", described());
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "UPDATE_SCHEMAS=1 writes {} anew", path.display());
}

#[test]
fn references_lead_somewhere_and_every_schema_is_used() {
    let described = described();
    let mut used = BTreeSet::new();
    let mut left = vec![&described];
    while let Some(value) = left.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(target)) = fields.get("$ref") {
                    let pointer = target.strip_prefix('#').unwrap();
                    assert!(described.pointer(pointer).is_some(), "{target}");
                    used.insert(pointer.to_owned());
                }
                left.extend(fields.values());
            }
            Value::Array(items) => left.extend(items),
            _ => {}
        }
    }
    for name in described["components"]["schemas"].as_object().unwrap().keys() {
        assert!(used.contains(&format!("{SCHEMAS}/{name}")), "{name}");
    }
}

#[test]
fn everything_says_what_it_means() {
    let described = described();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(!operation["responses"].as_object().unwrap().is_empty(), "{method} {path}");
            let parts = operation["parameters"].as_array().into_iter().flatten();
            let mut named = 0;
            for parameter in parts {
                let told = parameter["schema"]["description"].is_string();
                assert!(told, "{method} {path}: {}", parameter["name"]);
                named += usize::from(parameter["in"] == "path");
            }
            assert_eq!(named, path.matches('{').count(), "{method} {path}");
        }
    }
    for (name, schema) in described["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name}");
        for (field, of) in schema["properties"].as_object().into_iter().flatten() {
            assert!(of["description"].is_string(), "{name}: {field}");
        }
    }
}

#[test]
fn every_refusal_is_described() {
    let described = described();
    let codes = described["components"]["schemas"]["Refusal"]["anyOf"].as_array().unwrap();
    for refusal in louver_client::api::Refusal::ALL {
        let told = codes.iter().find(|told| told["const"] == refusal.code()).unwrap();
        assert_eq!(told["description"], refusal.meaning());
    }
}

/// Attacker: a node that lies in a field of which nobody said that it can.
#[test]
fn every_field_of_every_answer_says_what_vouches_for_it() {
    const WORDS: [&str; 4] = ["head", "genesis", "hash", "unproven"];
    fn check(described: &Value, schema: &Value, place: &str, seen: &mut BTreeSet<String>) -> usize {
        if let Some(target) = schema["$ref"].as_str() {
            if !seen.insert(target.to_owned()) {
                return 0;
            }
            let named = described.pointer(target.trim_start_matches('#')).unwrap();
            let word = named[VOUCHED].as_str();
            // A code or a name is vouched for where it stands.
            assert!(
                word.is_some_and(|word| WORDS.contains(&word)) || named["properties"].is_null(),
                "{target}"
            );
            return check(described, named, target, seen);
        }
        let mut fields = 0;
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let word = field[VOUCHED].as_str();
            assert!(word.is_some_and(|word| WORDS.contains(&word)), "{place}: {name} says nothing");
            fields += 1 + check(described, field, &format!("{place}: {name}"), seen);
        }
        for part in ["oneOf", "anyOf"] {
            let parts = schema[part].as_array().into_iter().flatten();
            fields += parts.map(|part| check(described, part, place, seen)).sum::<usize>();
        }
        match schema.get("items") {
            Some(items) => fields + check(described, items, place, seen),
            None => fields,
        }
    }
    let described = described();
    let (mut seen, mut fields) = (BTreeSet::new(), 0);
    for (path, methods) in described["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            for answer in operation["responses"].as_object().unwrap().values() {
                let answer = match answer["$ref"].as_str() {
                    Some(target) => described.pointer(target.trim_start_matches('#')).unwrap(),
                    None => answer,
                };
                for (kind, content) in answer["content"].as_object().into_iter().flatten() {
                    let schema = &content["schema"];
                    let whole = schema[VOUCHED].is_string() || schema["$ref"].is_string();
                    assert!(whole, "{path}: {kind} says nothing");
                    fields += check(&described, schema, path, &mut seen);
                }
            }
        }
    }
    assert!(fields > 100, "{fields}");
}
