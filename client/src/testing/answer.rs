//! The answers of the API, and the fields of each, as the description has them.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{UNPROVEN, Walk, mark, parts};

/// An answer that the description has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// The method in capitals.
    pub method: String,
    /// The path, with its part in braces.
    pub path: String,
    /// The form.
    pub form: Form,
}

/// The form of an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// JSON of the type of this name.
    Json(String),
    /// Bytes.
    Bytes,
}

impl Answer {
    /// Whether a request's path, without what follows a question mark, is this answer's.
    pub fn is_at(&self, asked: &str) -> bool {
        let asked = asked.split('?').next().unwrap_or_default().split('/');
        let parts: Vec<&str> = self.path.split('/').collect();
        let asked: Vec<&str> = asked.collect();
        // A part that is filled in is a number, an id or a name without a dash, unlike the words of other paths.
        parts.len() == asked.len()
            && parts.iter().zip(asked).all(|(part, asked)| match part.starts_with('{') {
                true => !asked.contains('-'),
                false => *part == asked,
            })
    }

    /// The name of the type of JSON.
    pub fn schema(&self) -> Option<&str> {
        match &self.form {
            Form::Json(name) => Some(name),
            Form::Bytes => None,
        }
    }
}

/// Every answer that something vouches for, in whole or in part: lies about it have to be noticed. Answers that are nothing but
/// the node's word are left out.
pub fn answers(description: &Json) -> BTreeSet<Answer> {
    let mut found = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let given = operation["responses"].as_object().into_iter().flatten();
            let contents = given.filter_map(|(_, given)| given["content"].as_object()).flatten();
            for schema in contents.map(|(_, content)| &content["schema"]) {
                let name = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next());
                let (form, is_vouched) = match name {
                    Some(name) => {
                        (Form::Json(name.to_owned()), !vouched_fields(description, name).is_empty())
                    }
                    None => (Form::Bytes, mark(schema) != Some(UNPROVEN)),
                };
                if is_vouched {
                    found.insert(Answer { method: method.to_uppercase(), path: path.clone(), form });
                }
            }
        }
    }
    found
}

/// The fields of an answer's type, and of the types in it, that something vouches for, as in `Status.height`.
pub fn vouched_fields(description: &Json, schema: &str) -> BTreeSet<String> {
    let walk = Walk { schemas: &description["components"]["schemas"] };
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let told = &walk.schemas[schema];
    collect(&walk, schema, told, mark(told).unwrap_or_default(), &mut found, &mut seen);
    found
}

fn collect<'d>(
    walk: &Walk<'d>,
    name: &str,
    schema: &'d Json,
    around: &'d str,
    found: &mut BTreeSet<String>,
    seen: &mut BTreeSet<String>,
) {
    let forms = core::iter::once(schema).chain(parts(schema));
    for (field, part) in forms.filter_map(|form| form["properties"].as_object()).flatten() {
        let vouched = walk.mark(part, around);
        let name = format!("{name}.{field}");
        if vouched == UNPROVEN || !seen.insert(name.clone()) {
            continue;
        }
        for part in [part, &part["items"]] {
            match walk.named(part) {
                Some((name, schema)) => collect(walk, name, schema, vouched, found, seen),
                None if part["properties"].is_object() => collect(walk, &name, part, vouched, found, seen),
                None => {}
            }
        }
        found.insert(name);
    }
}

/// Lies about an answer in bytes: one bit of every `step`th byte and of the last, and the answer cut short.
pub fn byte_lies(length: usize, step: usize) -> impl Iterator<Item = impl Fn(&mut Vec<u8>) + Clone + Send> {
    let flips = (0..length).step_by(step).chain(length.checked_sub(1)).map(move |at| (Some(at), length));
    let cuts = [0, 1, length / 2, length.saturating_sub(1)].map(|cut| (None, cut));
    flips.chain(cuts).map(|(flip, cut)| {
        move |bytes: &mut Vec<u8>| {
            if let Some(byte) = flip.and_then(|at| bytes.get_mut(at)) {
                *byte ^= 1;
            }
            bytes.truncate(cut);
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_and_fields_are_those_of_the_description() {
        let answer = |schema: Json| json!({ "get": { "responses": { "200": { "content": { "a": { "schema": schema } } } } } });
        let description = json!({
            "paths": {
                "/v1/state": answer(json!({ "$ref": "#/components/schemas/State" })),
                "/v1/blocks/{height}": answer(json!({ "x-vouched": "head" })),
                "/v1/word": answer(json!({ "$ref": "#/components/schemas/Word" })),
                "/v1/words": answer(json!({ "x-vouched": "unproven" })),
            },
            "components": { "schemas": {
                "State": { "x-vouched": "head", "properties": {
                    "count": {}, "word": { "$ref": "#/components/schemas/Word" },
                    "entries": { "items": { "$ref": "#/components/schemas/Entry" } },
                } },
                "Entry": { "oneOf": [{ "properties": { "one": {} } }, { "properties": { "other": {} } }] },
                "Word": { "x-vouched": "unproven", "properties": { "text": {} } },
            } },
        });
        let found = answers(&description);
        let told: Vec<_> = found.iter().map(|answer| (answer.path.as_str(), answer.schema())).collect();
        assert_eq!(told, [("/v1/blocks/{height}", None), ("/v1/state", Some("State"))]);
        assert!(found.iter().next().unwrap().is_at("/v1/blocks/7?head=3"));
        assert!(!found.iter().next().unwrap().is_at("/v1/blocks"));
        let fields = vouched_fields(&description, "State").into_iter().collect::<Vec<_>>();
        assert_eq!(fields, ["Entry.one", "Entry.other", "State.count", "State.entries"]);
    }

    #[test]
    fn bytes_are_flipped_and_cut() {
        let told = byte_lies(5, 3).map(|lie| {
            let mut bytes = vec![0; 5];
            lie(&mut bytes);
            bytes
        });
        let (all, long): (Vec<_>, Vec<_>) = told.partition(|bytes| bytes.len() < 5);
        assert_eq!(all.iter().map(Vec::len).collect::<Vec<_>>(), [0, 1, 2, 4]);
        assert_eq!(long, [[1, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]]);
    }
}
