//! Reading the vector files.

use louver_sdk::protocol::{ProtocolError, ProtocolView};
use serde_json::Value;

pub(crate) fn open(name: &str) -> Value {
    let path = format!("{}/../../spec/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A value in a vector, under a name.
pub(crate) trait Vector {
    /// Objects, at least one.
    fn objects(&self, name: &str) -> &[Value];
    fn text(&self, name: &str) -> String;
    fn optional(&self, name: &str) -> Option<String>;
    fn texts(&self, name: &str) -> Vec<String>;
    fn lists(&self, name: &str) -> Vec<Vec<String>>;
    fn number<T: TryFrom<u64>>(&self, name: &str) -> T;
    fn view(&self) -> ProtocolView;
}

impl Vector for Value {
    fn objects(&self, name: &str) -> &[Value] {
        let found = self[name].as_array().unwrap();
        assert!(!found.is_empty(), "{name}");
        found
    }

    fn text(&self, name: &str) -> String {
        self.optional(name).unwrap_or_else(|| panic!("{name} is text"))
    }

    fn optional(&self, name: &str) -> Option<String> {
        self[name].as_str().map(str::to_owned)
    }

    fn texts(&self, name: &str) -> Vec<String> {
        serde_json::from_value(self[name].clone()).unwrap()
    }

    fn lists(&self, name: &str) -> Vec<Vec<String>> {
        serde_json::from_value(self[name].clone()).unwrap()
    }

    fn number<T: TryFrom<u64>>(&self, name: &str) -> T {
        let number = self[name].as_u64().and_then(|number| T::try_from(number).ok());
        number.unwrap_or_else(|| panic!("{name} is such a number"))
    }

    fn view(&self) -> ProtocolView {
        match self.text("direction").as_str() {
            "external" => ProtocolView::External,
            "internal" => ProtocolView::Internal,
            "out" => ProtocolView::Outgoing,
            other => panic!("{other}"),
        }
    }
}

/// The name of the fault that something is refused with.
pub(crate) fn fault<T: std::fmt::Debug>(refused: Result<T, ProtocolError>) -> String {
    let name = format!("{:?}", refused.unwrap_err());
    name.split(' ').next().unwrap().to_owned()
}
