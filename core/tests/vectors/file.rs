//! Reading the vector files.

use louver_core::{encoding::fr_from_bytes, epoch::Epoch, pool::PoolTag, spec::Fr};
use serde_json::Value;

pub(crate) fn open(name: &str) -> Value {
    let path = format!("{}/../spec/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).expect("vectors are JSON")
}

/// A value in a vector, under a name.
pub(crate) trait Field {
    fn list(&self, name: &str) -> &[Value];
    fn text(&self, name: &str) -> &str;
    fn number(&self, name: &str) -> u64;
    fn small<T: TryFrom<u64>>(&self, name: &str) -> T;
    fn bytes(&self, name: &str) -> Vec<u8>;
    fn array<const N: usize>(&self, name: &str) -> [u8; N];
    fn fr(&self, name: &str) -> Fr;
    fn pool(&self) -> PoolTag;
    fn epoch(&self) -> Epoch;
}

impl Field for Value {
    fn list(&self, name: &str) -> &[Value] {
        self[name].as_array().unwrap_or_else(|| panic!("{name} is a list"))
    }

    fn text(&self, name: &str) -> &str {
        self[name].as_str().unwrap_or_else(|| panic!("{name} is text"))
    }

    fn number(&self, name: &str) -> u64 {
        self[name].as_u64().unwrap_or_else(|| panic!("{name} is a number"))
    }

    fn small<T: TryFrom<u64>>(&self, name: &str) -> T {
        T::try_from(self.number(name)).unwrap_or_else(|_| panic!("{name} is small"))
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        hex::decode(self.text(name)).expect("hex")
    }

    fn array<const N: usize>(&self, name: &str) -> [u8; N] {
        self.bytes(name).try_into().unwrap_or_else(|_| panic!("{name} has {N} bytes"))
    }

    fn fr(&self, name: &str) -> Fr {
        fr_from_bytes(&self.array(name)).expect("canonical")
    }

    fn pool(&self) -> PoolTag {
        PoolTag::from_le_bytes(self.array("pool"))
    }

    fn epoch(&self) -> Epoch {
        Epoch(self.small("epoch"))
    }
}

/// A list of field elements.
pub(crate) fn elements(list: &[Value]) -> Vec<Fr> {
    list.iter()
        .map(|x| Fr::from_bytes(&hex::decode(x.as_str().unwrap()).unwrap().try_into().unwrap()).unwrap())
        .collect()
}
