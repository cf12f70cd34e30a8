use louver_core::encoding::{Decode, Encode};
use serde_json::Value;

use crate::reserves::{Inclusion, Liabilities, Owed};

/// The generator wrote them from the text of the book alone.
#[test]
fn trees_and_files_are_those_of_the_book() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../../spec/vectors/reserves.json")).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let trees = vectors["trees"].as_array().unwrap();
    assert_eq!(trees.len(), 2);
    for tree in trees {
        let bytes = hex::decode(text(&tree["bytes"])).unwrap();
        let made = Liabilities::from_bytes(&bytes).unwrap();
        assert_eq!(made.to_bytes(), bytes);
        assert_eq!(hex::encode(made.subject().genesis.0), text(&vectors["genesis_hash"]));
        assert_eq!(made.total().to_string(), text(&tree["total"]));
        assert_eq!(hex::encode(made.root()), text(&tree["root"]));
        let owed = hex::decode(text(&tree["owed"])).unwrap();
        assert_eq!(made.owed().to_bytes(), owed);
        assert_eq!(Owed::from_bytes(&owed), Ok(made.owed()));
        let customers = tree["customers"].as_array().unwrap();
        assert_eq!(made.customers().len(), customers.len());
        for customer in customers {
            let (name, bytes) = (text(&customer["name"]), hex::decode(text(&customer["bytes"])).unwrap());
            assert_eq!(made.inclusion(&name).unwrap().to_bytes(), bytes);
            let included = Inclusion::from_bytes(&bytes).unwrap().check(&name).unwrap();
            assert_eq!(included.amount.to_string(), text(&customer["amount"]));
            assert_eq!((included.total, included.root), (made.total(), made.root()));
        }
    }
}
