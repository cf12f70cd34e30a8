//! The description of the API beside the node that serves it.

use louver_client::api::path;

use super::*;

/// Parts of paths that a new chain has something for.
fn filled(path: &str) -> String {
    let part = path.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    let part = part.map_or_else(String::new, |(name, _)| match name {
        "id" => "00".repeat(32),
        "height" => "1".to_owned(),
        "account" => Account::of(&person(1)).to_string(),
        "circuit" => "2x3".to_owned(),
        "index" => "0".to_owned(),
        other => panic!("a part that this test does not know: {other}"),
    });
    let query = match path {
        path::ANNOUNCEMENTS => format!("?kind=reserves&subject={}", "00".repeat(32)),
        _ => String::new(),
    };
    path::with(path, part) + &query
}

/// A path that is not answered, or that the description does not name, is of no use to a reader of the description.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_described_is_answered_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            client.produce(1);
            // A connection of its own for each request: a method that is refused may end the one that it came by.
            let alone = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0);
            let alone: ureq::Agent = alone.build().into();
            let (status, described) = client.get(path::OPENAPI);
            assert_eq!(status, 200);
            for (path, methods) in described["paths"].as_object().unwrap() {
                for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                    let url = format!("{}{}", client.url, filled(path));
                    let request = ureq::http::Request::builder().method(method).uri(url).body(()).unwrap();
                    let mut response = alone.run(request).unwrap();
                    let answer = response.body_mut().read_to_vec().unwrap();
                    let code = serde_json::from_slice::<Value>(&answer).unwrap_or_default();
                    let code = code["error"]["code"].as_str().unwrap_or_default().to_owned();
                    let named = methods.get(method.to_lowercase()).is_some();
                    assert_ne!(code, "no_such_path", "{method} {path}");
                    assert_eq!(code == "method_not_allowed", !named, "{method} {path}: {code}");
                }
            }
        })
        .await;
    node.shutdown().await.unwrap();
}

/// The JSON that a node answers is as its description says, field by field.
#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_they_are_described() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            endow(client);
            let described = client.get(path::OPENAPI).1;
            let fits = |schema: &Value, answer: &Value, what: &str| {
                let mut schema = schema.clone();
                schema["components"] = described["components"].clone();
                let validator = jsonschema::validator_for(&schema).unwrap();
                let faults: Vec<String> =
                    validator.iter_errors(answer).map(|fault| fault.to_string()).collect();
                assert!(faults.is_empty(), "{what}: {answer}: {faults:?}");
            };
            let named = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
            let mut asked = 0;
            for (path, methods) in described["paths"].as_object().unwrap() {
                let schema = &methods["get"]["responses"]["200"]["content"]["application/json"]["schema"];
                if schema.is_object() {
                    let (status, answer) = client.get(&filled(path));
                    assert_eq!(status, 200, "{path}: {answer}");
                    fits(schema, &answer, path);
                    asked += 1;
                }
            }
            assert!(asked >= 10, "{asked}");
            let waits = client.submit(&internal(&[5], 1));
            fits(&named("TransactionState"), &client.state(&waits), "a transaction that waits");
            fits(&named("Submitted"), &client.send(&internal(&[6], 1)).1, "a submitted transaction");
            fits(&named("Produced"), &client.post(path::BLOCKS, &json!({})).1, "blocks");
            fits(&named("TransactionState"), &client.state(&waits), "a transaction in a block");
            fits(&named("Refused"), &client.get("/v1/nowhere").1, "a refusal");
        })
        .await;
    node.shutdown().await.unwrap();
}
