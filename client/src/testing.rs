//! `[served-lies]`: each lie that a node can tell in one place of a JSON answer, for tests of clients.
//!
//! The description of the API says what vouches for each field. A lie in a field that it does not mark `unproven` has to be
//! noticed.

use serde_json::Value as Json;

/// A lie: one alteration of an answer.
#[derive(Clone, Debug)]
pub struct Lie {
    /// The altered place, as a JSON pointer.
    pub place: String,
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
    let schemas = &description["components"]["schemas"];
    let mut walk = Walk { schemas, found: Vec::new() };
    let told = &schemas[schema];
    let vouched = mark(told).unwrap_or_else(|| panic!("{schema} is not described"));
    walk.of(honest, "", told, vouched);
    // A change that alters nothing is not a lie, such as two equal entries that change places.
    walk.found.retain(|lie| {
        let mut told = honest.clone();
        lie.tell(&mut told);
        told != *honest
    });
    walk.found
}

struct Walk<'d> {
    schemas: &'d Json,
    found: Vec<Lie>,
}

fn mark(schema: &Json) -> Option<&str> {
    schema["x-vouched"].as_str()
}

impl<'d> Walk<'d> {
    /// The schema to which this one refers, or itself.
    fn resolved(&self, schema: &'d Json) -> &'d Json {
        let parts = ["anyOf", "oneOf", "allOf"].into_iter().flat_map(|part| schema[part].as_array());
        let mut parts = core::iter::once(schema).chain(parts.flatten());
        let named = parts.find_map(|part| part["$ref"].as_str()?.rsplit('/').next());
        named.map_or(schema, |name| &self.schemas[name])
    }

    /// The mark of a part: its own, its type's, or that of what it stands in.
    fn mark(&self, part: &'d Json, around: &'d str) -> &'d str {
        mark(part).or_else(|| mark(self.resolved(part))).unwrap_or(around)
    }

    fn of(&mut self, json: &Json, place: &str, schema: &'d Json, vouched: &'d str) {
        let schema = self.resolved(schema);
        match json {
            Json::Object(fields) => {
                for (name, value) in fields {
                    let part = &schema["properties"][name];
                    assert!(!part.is_null(), "{place}/{name} is not described");
                    self.of(value, &format!("{place}/{name}"), part, self.mark(part, vouched));
                }
                for (name, part) in schema["properties"].as_object().into_iter().flatten() {
                    if let Some(made_up) = made_up(part).filter(|_| !fields.contains_key(name)) {
                        self.add(place, self.mark(part, vouched), Change::Field(name.clone(), made_up));
                    }
                }
            }
            Json::Array(entries) => {
                let part = &schema["items"];
                for (index, value) in entries.iter().enumerate() {
                    self.of(value, &format!("{place}/{index}"), part, self.mark(part, vouched));
                    let changes = [Change::LeaveOut(index), Change::Double(index), Change::Swap(index)];
                    changes.into_iter().for_each(|change| self.add(place, vouched, change));
                }
            }
            Json::String(text) => {
                let mut other = text.clone();
                let last = other.pop();
                other.push(if last == Some('1') { '2' } else { '1' });
                self.add(place, vouched, Change::Value(other.into()));
            }
            Json::Number(number) => {
                let other = number.as_u64().map_or_else(|| 1.into(), |number| number.wrapping_add(1).into());
                self.add(place, vouched, Change::Value(other));
            }
            Json::Bool(flag) => self.add(place, vouched, Change::Value((!flag).into())),
            Json::Null => {
                let values = [1.into(), "1".into(), true.into(), Json::Array(Vec::new())];
                values.into_iter().for_each(|value| self.add(place, vouched, Change::Value(value)));
            }
        }
        if !json.is_null() && !place.is_empty() {
            self.add(place, vouched, Change::Value(Json::Null));
        }
    }

    fn add(&mut self, place: &str, vouched: &str, change: Change) {
        self.found.push(Lie { place: place.to_owned(), vouched: vouched.to_owned(), change });
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
        let vouched = |place: &str| at(place)[0].vouched.clone();
        let marks = ["/count", "/note", "/entries", "/entries/0/of", "/none"].map(vouched);
        assert_eq!(marks, ["head", "unproven", "head", "genesis", "genesis"]);
    }
}
