use louver_core::poseidon::{Domain, hash, lanes, mds, permute, round_constants};

use crate::file::{Field, elements, open};

#[test]
fn constants() {
    let vectors = open("poseidon");
    assert_eq!(elements(vectors.list("first_round_constants")), round_constants()[0]);
    for (row, expected) in mds().iter().zip(vectors.list("mds")) {
        assert_eq!(elements(expected.as_array().unwrap()), row);
    }
}

#[test]
fn permutations() {
    for vector in open("poseidon").list("permutations") {
        let input = elements(vector.list("input")).try_into().unwrap();
        assert_eq!(elements(vector.list("output")), permute(input));
    }
}

#[test]
fn hashes_of_every_domain() {
    let vectors = open("poseidon");
    assert_eq!(vectors.list("hashes").len(), Domain::ALL.len());
    for vector in vectors.list("hashes") {
        let domain = Domain::ALL.into_iter().find(|domain| domain.name() == vector.text("domain")).unwrap();
        assert_eq!(domain.constant(), vector.fr("constant"));
        let inputs = elements(vector.list("inputs"));
        let expected = elements(vector.list("lanes_1_to_4"));
        assert_eq!(lanes(domain, &inputs).as_slice(), expected);
        assert_eq!(hash(domain, &inputs), expected[0]);
    }
}
