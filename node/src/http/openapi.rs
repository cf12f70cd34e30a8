//! The description of the API, OpenAPI 3.1: made from the [routes](super::routes()) and from the types that are written and
//! read.

use std::sync::LazyLock;

use axum::{http::header::CONTENT_TYPE, response::IntoResponse};
use louver_client::api::view::Refused;
use schemars::{
    JsonSchema, SchemaGenerator,
    generate::{Contract, SchemaSettings},
};
use serde_json::{Map, Value, json};

use super::routes::{Answer, Content, Route, Vouched, routes};

/// Where the types stand.
const SCHEMAS: &str = "/components/schemas";
/// The mark that says by what a field, or a whole answer, is vouched for.
const VOUCHED: &str = "x-vouched";
/// The answer of every route that may refuse.
const REFUSED: &str = "#/components/responses/Refused";

/// The description, as it is served.
static SERVED: LazyLock<String> = LazyLock::new(|| description(&routes()).to_string());

/// Serves the description.
pub(crate) async fn answer() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], SERVED.as_str())
}

/// The schema of a type, or a reference to it.
pub(crate) fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

/// The types that are met, each described once: what a node writes, and what it reads.
struct Types {
    written: SchemaGenerator,
    read: SchemaGenerator,
}

impl Types {
    fn new() -> Self {
        let generator = |contract: Contract| {
            let mut settings = SchemaSettings::draft2020_12();
            settings.contract = contract;
            settings.definitions_path = SCHEMAS.into();
            // Within OpenAPI each schema is of its dialect.
            settings.meta_schema = None;
            settings.into_generator()
        };
        Self { written: generator(Contract::Serialize), read: generator(Contract::Deserialize) }
    }

    fn into_schemas(mut self) -> Map<String, Value> {
        let mut schemas = self.written.take_definitions(true);
        schemas.values_mut().for_each(|schema| spread(schema, None));
        schemas.extend(self.read.take_definitions(true));
        schemas
    }
}

/// Says of each field what vouches for it: its own mark, or else that of what it stands in.
fn spread(schema: &mut Value, around: Option<&str>) {
    let own = schema[VOUCHED].as_str().map(str::to_owned);
    let vouched = own.as_deref().or(around);
    let Some(fields) = schema.as_object_mut() else { return };
    for part in ["oneOf", "anyOf"] {
        let parts = fields.get_mut(part).and_then(Value::as_array_mut);
        parts.into_iter().flatten().for_each(|part| spread(part, vouched));
    }
    let properties = fields.get_mut("properties").and_then(Value::as_object_mut);
    for (_, field) in properties.into_iter().flatten() {
        if let (Some(vouched), Some(field)) = (vouched, field.as_object_mut()) {
            field.entry(VOUCHED).or_insert_with(|| vouched.into());
        }
    }
}

/// The whole description.
pub(crate) fn description(routes: &[Route]) -> Value {
    let mut types = Types::new();
    let mut paths = Map::new();
    for route in routes {
        let operation = operation(route, &mut types);
        let methods = paths.entry(route.path).or_insert_with(|| json!({}));
        methods[route.method] = operation;
    }
    let refused = content(Content::Json(schema::<Refused>), &mut types.written);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Louver node",
            "version": "1",
            "description": "A Louver ledger. Integers of 64 bits and asset ids are decimal strings, hashes lower-case hex. \
                            Binary bodies are the protocol's canonical encodings. x-vouched says what vouches for an \
                            answer or a field: head (a proof under a head that the reader trusts), genesis (the genesis \
                            hash), hash (a hash that these name), or unproven (nothing but the node's word: no decision \
                            about money rests on it).",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "responses": { "Refused": { "description": "The request was refused", "content": refused } },
            "schemas": types.into_schemas(),
        },
    })
}

fn operation(route: &Route, types: &mut Types) -> Value {
    let mut described = json!({ "summary": route.summary });
    let parameters = parameters(route, &mut types.read);
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    if let Some(body) = route.body {
        described["requestBody"] = json!({ "required": true, "content": content(body, &mut types.read) });
    }
    let answers = route.answers.iter().map(|given| (given.status.to_string(), answered(given, types)));
    let mut responses: Map<String, Value> = answers.collect();
    if route.may_refuse {
        responses.insert("default".to_owned(), json!({ "$ref": REFUSED }));
    }
    described["responses"] = responses.into();
    described
}

fn answered(given: &Answer, types: &mut Types) -> Value {
    let mut described = json!({ "description": given.meaning });
    if let Some(tag) = given.tag {
        let text = |meaning: &str| json!({ "description": meaning, "schema": { "type": "string" } });
        described["headers"] =
            json!({ "ETag": text(tag), "Cache-Control": text("For how long the answer may be kept") });
    }
    if let Some(kind) = given.content {
        described["content"] = content(kind, &mut types.written);
    }
    described
}

/// The part of the path in braces, and the fields of the query.
fn parameters(route: &Route, generator: &mut SchemaGenerator) -> Vec<Value> {
    let name = route.path.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    let part = name
        .zip(route.part.as_ref())
        .map(|((name, _), schema)| json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    let query = route.query.map_or(Value::Null, |schema| schema(generator));
    let fields = query["properties"].as_object().into_iter().flatten();
    let required =
        |name: &str| query["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let fields = fields.map(|(name, schema)| {
        let mut schema = schema.clone();
        // A query parameter that may be left out is never written as null.
        if let Some(kind) = schema["type"].get(0).cloned() {
            schema["type"] = kind;
        }
        json!({ "name": name, "in": "query", "required": required(name), "schema": schema })
    });
    part.into_iter().chain(fields).collect()
}

fn content(content: Content, generator: &mut SchemaGenerator) -> Value {
    let (kind, schema) = match content {
        Content::Binary(vouched) => (
            "application/octet-stream",
            json!({ "type": "string", "format": "binary", VOUCHED: vouched.name() }),
        ),
        Content::Json(schema) => ("application/json", schema(generator)),
        Content::Object => {
            ("application/json", json!({ "type": "object", VOUCHED: Vouched::Unproven.name() }))
        }
    };
    json!({ kind: { "schema": schema } })
}

#[cfg(test)]
mod tests;
