//! `[served-lies]`: each lie that a node can tell in one place of an answer, for tests of clients.
//!
//! The description of the API says what vouches for each field. A lie in a field that it does not mark `unproven` has to be
//! noticed. The [answers](answers()) and their [fields](vouched_fields()) come from the description too, so that a test that
//! goes through them fails at one that nobody lies about.

use std::collections::BTreeSet;

use serde_json::Value as Json;

mod answer;
#[cfg(all(feature = "native", not(target_family = "wasm")))]
mod liar;

pub use answer::{Answer, Form, answers, byte_lies, vouched_fields};
#[cfg(all(feature = "native", not(target_family = "wasm")))]
pub use liar::Liar;

/// The mark of what nothing but the node's word vouches for.
const UNPROVEN: &str = "unproven";

/// A lie: one alteration of an answer.
#[derive(Clone, Debug)]
pub struct Lie {
    /// The altered place, as a JSON pointer.
    pub place: String,
    /// The field in the description, as in `Status.height`; of an entry of a list that of the list.
    pub field: String,
    /// The mark of the place in the description: `head`, `genesis`, `hash` or `unproven`.
    pub vouched: String,
    change: Change,
}

/// The change in a place.
#[derive(Clone, Debug)]
enum Change {
    /// Another value stands there.
    Value(Json),
    /// A field is added that the honest answer does not have.
    Field(String, Json),
    /// An entry of the list is left out.
    LeaveOut(usize),
    /// An entry of the list stands there twice.
    Double(usize),
    /// An entry and the next one change places.
    Swap(usize),
}

impl Lie {
    /// Whether nothing vouches for the place, so that a reader may believe it.
    pub fn is_free(&self) -> bool {
        self.vouched == UNPROVEN
    }

    /// Whether it alters which entries a list has, or their order: a client that does not go by that is not deceived.
    pub fn is_of_list(&self) -> bool {
        matches!(self.change, Change::LeaveOut(_) | Change::Double(_) | Change::Swap(_))
    }

    /// Tells it in an answer, if that has the place.
    pub fn tell(&self, answer: &mut Json) {
        let Some(at) = answer.pointer_mut(&self.place) else { return };
        match (&self.change, at) {
            (Change::Value(value), at) => *at = value.clone(),
            (Change::Field(name, value), Json::Object(fields)) => {
                fields.insert(name.clone(), value.clone());
            }
            (Change::LeaveOut(index), Json::Array(entries)) if *index < entries.len() => {
                entries.remove(*index);
            }
            (Change::Double(index), Json::Array(entries)) if *index < entries.len() => {
                let entry = entries[*index].clone();
                entries.insert(*index, entry);
            }
            (Change::Swap(index), Json::Array(entries)) if index + 1 < entries.len() => {
                entries.swap(*index, index + 1);
            }
            _ => {}
        }
    }
}

/// Every lie about an honest answer, whose type the description of the API has under the name `schema`.
///
/// Each text and number becomes another, each flag its opposite; each value becomes null, and each null a value; a field that
/// may be absent and is gets a value; entries of lists are left out, doubled, and change places with the next one.
///
/// # Panics
/// If the description does not have a part of the answer.
pub fn lies(description: &Json, schema: &str, honest: &Json) -> Vec<Lie> {
    let walk = Walk { schemas: &description["components"]["schemas"] };
    let told = &walk.schemas[schema];
    let vouched = mark(told).unwrap_or_else(|| panic!("{schema} is not described"));
    let mut found = Vec::new();
    walk.of(honest, &At { place: "", field: schema, schema: told, vouched }, &mut found);
    // A change that alters nothing is not a lie, such as two equal entries that change places.
    found.retain(|lie| {
        let mut told = honest.clone();
        lie.tell(&mut told);
        told != *honest
    });
    found
}

/// One lie about each field that something vouches for, for readers each of whose looks costs much. A lie that makes up
/// another value goes before one that leaves it out.
pub fn one_of_each_field(lies: Vec<Lie>) -> Vec<Lie> {
    let mut fields = BTreeSet::new();
    let vouched = lies.into_iter().filter(|lie| !lie.is_free() && !lie.is_of_list());
    vouched.filter(|lie| fields.insert(lie.field.clone())).collect()
}

fn mark(schema: &Json) -> Option<&str> {
    schema["x-vouched"].as_str()
}

/// The parts of a schema that is one of several.
fn parts(schema: &Json) -> impl Iterator<Item = &Json> {
    ["anyOf", "oneOf", "allOf"].into_iter().flat_map(|part| schema[part].as_array()).flatten()
}

/// A walk over the schemas of a description.
struct Walk<'d> {
    schemas: &'d Json,
}

/// A place of an answer, and what the description says of it.
struct At<'d, 'p> {
    place: &'p str,
    field: &'p str,
    schema: &'d Json,
    vouched: &'d str,
}

impl<'d> Walk<'d> {
    /// The name and the schema to which this one refers.
    fn named(&self, schema: &'d Json) -> Option<(&'d str, &'d Json)> {
        let mut all = core::iter::once(schema).chain(parts(schema));
        let name = all.find_map(|part| part["$ref"].as_str()?.rsplit('/').next())?;
        Some((name, &self.schemas[name]))
    }

    /// The schema to which this one refers, or itself.
    fn resolved(&self, schema: &'d Json) -> &'d Json {
        self.named(schema).map_or(schema, |(_, schema)| schema)
    }

    /// The mark of a part: its own, its type's, or that of what it stands in.
    fn mark(&self, part: &'d Json, around: &'d str) -> &'d str {
        mark(part).or_else(|| mark(self.resolved(part))).unwrap_or(around)
    }

    /// The fields of an object, where there are several forms those of the one with just these fields.
    fn form(schema: &'d Json, fields: &serde_json::Map<String, Json>) -> &'d Json {
        let of = |schema: &'d Json| &schema["properties"];
        let fits = |form: &&'d Json| form.as_object().is_some_and(|all| all.keys().eq(fields.keys()));
        parts(schema).map(of).find(fits).unwrap_or_else(|| of(schema))
    }

    fn of(&self, json: &Json, at: &At<'d, '_>, found: &mut Vec<Lie>) {
        let At { place, vouched, .. } = *at;
        let (name, schema) = self.named(at.schema).unwrap_or((at.field, at.schema));
        let mut add = |field: &str, vouched: &str, change: Change| {
            let [place, field, vouched] = [place, field, vouched].map(str::to_owned);
            found.push(Lie { place, field, vouched, change });
        };
        match json {
            Json::Object(fields) => {
                let described = Self::form(schema, fields);
                for (field, part) in described.as_object().into_iter().flatten() {
                    let made_up = made_up(part).filter(|_| !fields.contains_key(field));
                    let change = made_up.map(|value| Change::Field(field.clone(), value));
                    change.into_iter().for_each(|change| {
                        add(&format!("{name}.{field}"), self.mark(part, vouched), change);
                    });
                }
                for (field, value) in fields {
                    let (place, schema) = (format!("{place}/{field}"), &described[field]);
                    assert!(!schema.is_null(), "{place} is not described");
                    let (field, vouched) = (format!("{name}.{field}"), self.mark(schema, vouched));
                    self.of(value, &At { place: &place, field: &field, schema, vouched }, found);
                }
            }
            Json::Array(entries) => {
                let schema = &schema["items"];
                for index in 0..entries.len() {
                    let changes = [Change::LeaveOut(index), Change::Double(index), Change::Swap(index)];
                    changes.into_iter().for_each(|change| add(at.field, vouched, change));
                }
                for (index, value) in entries.iter().enumerate() {
                    let place = format!("{place}/{index}");
                    let vouched = self.mark(schema, vouched);
                    self.of(value, &At { place: &place, field: at.field, schema, vouched }, found);
                }
            }
            Json::String(text) => {
                let mut other = text.clone();
                let last = other.pop();
                other.push(if last == Some('1') { '2' } else { '1' });
                add(at.field, vouched, Change::Value(other.into()));
            }
            Json::Number(number) => {
                let other = number.as_u64().map_or_else(|| 1.into(), |number| number.wrapping_add(1).into());
                add(at.field, vouched, Change::Value(other));
            }
            Json::Bool(flag) => add(at.field, vouched, Change::Value((!flag).into())),
            Json::Null => {
                let values = [1.into(), "1".into(), true.into(), Json::Array(Vec::new())];
                values.into_iter().for_each(|value| add(at.field, vouched, Change::Value(value)));
            }
        }
        if !json.is_null() && !place.is_empty() {
            let [place, field, vouched] = [place, at.field, vouched].map(str::to_owned);
            found.push(Lie { place, field, vouched, change: Change::Value(Json::Null) });
        }
    }
}

/// A value for a field that is absent, by its type.
fn made_up(schema: &Json) -> Option<Json> {
    let types = &schema["type"];
    let is = |name: &str| {
        types == name || types.as_array().is_some_and(|types| types.iter().any(|one| one == name))
    };
    match () {
        () if is("integer") => Some(1.into()),
        () if is("string") => Some("1".into()),
        () if is("boolean") => Some(true.into()),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_place_is_lied_about_in_every_way() {
        let description = json!({ "components": { "schemas": {
            "Answer": { "x-vouched": "head", "properties": {
                "count": { "type": "integer" },
                "until": { "type": ["integer", "null"] },
                "note": { "type": "string", "x-vouched": "unproven" },
                "entries": { "items": { "$ref": "#/components/schemas/Entry" } },
                "none": { "anyOf": [{ "$ref": "#/components/schemas/Entry" }, { "type": "null" }] },
            } },
            "Entry": { "x-vouched": "genesis", "properties": { "of": { "type": "boolean" } } },
        } } });
        let honest = json!({
            "count": 4, "note": "a", "entries": [{ "of": true }, { "of": false }], "none": null,
        });
        let lies = lies(&description, "Answer", &honest);
        let told = |lie: &Lie| {
            let mut answer = honest.clone();
            lie.tell(&mut answer);
            answer
        };
        let at = |place: &str| lies.iter().filter(|lie| lie.place == place).collect::<Vec<_>>();
        let all = |place: &str| {
            at(place).into_iter().map(|lie| told(lie).pointer(place).cloned().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(all("/count"), [json!(5), Json::Null]);
        assert_eq!(all("/note"), [json!("1"), Json::Null]);
        assert_eq!(all("/entries/1/of"), [json!(true), Json::Null]);
        assert_eq!(all("/none"), [json!(1), json!("1"), json!(true), json!([])]);
        let (yes, no) = (json!({ "of": true }), json!({ "of": false }));
        let lists =
            [json!([no]), json!([yes, yes, no]), json!([no, yes]), json!([yes]), json!([yes, no, no])];
        assert_eq!(all("/entries"), [&lists[..], &[Json::Null]].concat());
        assert_eq!(told(at("")[0])["until"], 1);
        let fields = |place: &str| at(place)[0].field.clone();
        let named = ["/count", "", "/entries", "/entries/0/of"].map(fields);
        assert_eq!(named, ["Answer.count", "Answer.until", "Answer.entries", "Entry.of"]);
        let vouched = |place: &str| at(place)[0].vouched.clone();
        let marks = ["/count", "/note", "/entries", "/entries/0/of", "/none"].map(vouched);
        assert_eq!(marks, ["head", "unproven", "head", "genesis", "genesis"]);
    }
}
