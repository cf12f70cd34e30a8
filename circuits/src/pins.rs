//! The pinned figures and development keys of every circuit. Written by `cargo run -p louver-circuits --example pin`.

use louver_core::shape::Shape;

use crate::circuit::CircuitId;

/// What is pinned of a circuit. Hashes are BLAKE2b-256 in hexadecimal.
pub struct Pin {
    /// Constraints, with a row for each public input and the constant one.
    pub constraints: usize,
    /// The evaluation domain.
    pub domain: usize,
    /// Variables that are not public.
    pub aux: usize,
    /// `[circuit-pins]`
    pub circuit: &'static str,
    /// Of the file of development parameters.
    pub parameters: &'static str,
    /// Of the file of the development verifying key.
    pub verifying_key: &'static str,
}

/// The pins of a circuit.
pub const fn of(circuit: CircuitId) -> &'static Pin {
    match circuit {
        CircuitId::Transfer(Shape::TwoByThree) => &Pin {
            constraints: 14_617,
            domain: 16_384,
            aux: 14_695,
            circuit: "e73a041d11a91aa9363aefda445bdc76ebad9dd34dc2d38c6ac1482f0fd8bb24",
            parameters: "f6b3b6086f011543656f7e9fb0c2e5c669ca49a71d6f6e948cf76c5691db593a",
            verifying_key: "a27b9a5a3a6bd5d6ee1c29db0b397b7d10dfd92473d818d7a4009e3c03d61969",
        },
        CircuitId::Transfer(Shape::FourByFour) => &Pin {
            constraints: 27_155,
            domain: 32_768,
            aux: 27_327,
            circuit: "9cb79b27a594525ac990ed8d02f2246d3f11e526bdc2864cf9690daa966f1d0d",
            parameters: "f294f7ff5463844f63febb04b480f52a4eb7ff49ecdc64696c15798d18e9fe40",
            verifying_key: "3926449811642bdf6aff69c149dd62406f40b83644c47a85e45298f6e8edb61a",
        },
        CircuitId::Transfer(Shape::EightByThree) => &Pin {
            constraints: 51_133,
            domain: 65_536,
            aux: 51_493,
            circuit: "5e2906e461738819e989b30c923ca25a003590304839082a86896b604b440cd0",
            parameters: "9fbf5da3ef2a6eaf8b3c4cf774c47445cb252438d2677ddded4604e1244640a8",
            verifying_key: "0355fb4caa0e86a1548bdc8686116d7554308b851ba7fdc70326c8341bb357b5",
        },
        CircuitId::Transfer(Shape::TwoBySixteen) => &Pin {
            constraints: 19_375,
            domain: 32_768,
            aux: 19_453,
            circuit: "4671ad395921fa8a3dc3d63e836a8c973f93c1d473a016b49b19f37a5f2f35f9",
            parameters: "253d1872f0b4e47a94b9704c730b6318dfac03525989bd120771d888dbb8a225",
            verifying_key: "33ced6e8c3f4ba46c1e2ee2c29d26a0c54c8716c17e31e5d2123d8eeeb568cb2",
        },
        CircuitId::AccountKeys => &Pin {
            constraints: 2_205,
            domain: 4_096,
            aux: 2_168,
            circuit: "43b7d795a1a5a74c2b19f89f776e928e707fddd3e67a944f033fcf87726b2a77",
            parameters: "c670b62068d65899a925457af13a76e5ae407978fe42df2950a965b6167ccd40",
            verifying_key: "a05ea11de4414a91c482bfcf83a44287623b1cefe181898498103bfb180a95bf",
        },
        CircuitId::AccountLink => &Pin {
            constraints: 1_872,
            domain: 2_048,
            aux: 1_859,
            circuit: "118db7f0d7696d88f17989909f94bc484f6fbefa44152cb5e09c1c16b3c17169",
            parameters: "9c08ee755402af48b07131931ed51341ff4e09e494c0d55aaa950dc9f09ddf2d",
            verifying_key: "3a8fcb077b8247db255731da5950c4605b073cbf6daa6b0928a8e8f70a2febe8",
        },
    }
}
