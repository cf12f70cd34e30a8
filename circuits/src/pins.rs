//! The pinned figures and development keys of every circuit. Written by `cargo run -p louver-circuits --example pin`.

use louver_core::shape::Shape;

use crate::circuit::CircuitId;

/// The pinned figures of a circuit. Hashes are BLAKE2b-256 in hexadecimal.
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
            parameters: "0ecc4e73be6a153fa636ff9ac826c49ca66fbda80184c503507f73b6d6f95338",
            verifying_key: "3ae3d9d4f43d2589e00083532628e1b2ea720c79714d047ad82a1dc2c38d1163",
        },
        CircuitId::Transfer(Shape::FourByFour) => &Pin {
            constraints: 27_155,
            domain: 32_768,
            aux: 27_327,
            circuit: "9cb79b27a594525ac990ed8d02f2246d3f11e526bdc2864cf9690daa966f1d0d",
            parameters: "6623a1727d38432bb4b50adb56c782f5b17cb3f058b805b8da0b5992eb45e8d6",
            verifying_key: "0dc19f0da2ab1c9add222de860418bf20f4c21208c355a46d5103dbcb09d4644",
        },
        CircuitId::Transfer(Shape::EightByThree) => &Pin {
            constraints: 51_133,
            domain: 65_536,
            aux: 51_493,
            circuit: "5e2906e461738819e989b30c923ca25a003590304839082a86896b604b440cd0",
            parameters: "b71d8b5450179164b42b8c55ce0b87bacf64060082b334364e06afe7b088b087",
            verifying_key: "6ff4c953c892f9e54cfd7dfaa3f7e685f766352b9406f91ff9251c63575e0a23",
        },
        CircuitId::Transfer(Shape::TwoBySixteen) => &Pin {
            constraints: 19_375,
            domain: 32_768,
            aux: 19_453,
            circuit: "4671ad395921fa8a3dc3d63e836a8c973f93c1d473a016b49b19f37a5f2f35f9",
            parameters: "4314cf5b666d9213f6829fc9b4c335192bc48541dc3281e907ab6e3e1ad1b637",
            verifying_key: "474c6fcb90174f51630c2f5a389f59d815eb7d6ccb2adaec41481bcbb934158f",
        },
        CircuitId::AccountKeys => &Pin {
            constraints: 2_205,
            domain: 4_096,
            aux: 2_168,
            circuit: "43b7d795a1a5a74c2b19f89f776e928e707fddd3e67a944f033fcf87726b2a77",
            parameters: "c46d01295bcc4272b69c9b1e08562c6e367bd57795ac8a65581ea2bfaf75407f",
            verifying_key: "20ea50a76d49c4c94b3ac22b21a8fe22cf6b8670ad3c1edc571406fe1bf370f3",
        },
        CircuitId::AccountLink => &Pin {
            constraints: 1_872,
            domain: 2_048,
            aux: 1_859,
            circuit: "118db7f0d7696d88f17989909f94bc484f6fbefa44152cb5e09c1c16b3c17169",
            parameters: "cac90a99f6f0f9da64c71d159aa261294b407c77138c56f9737069d1bb206f51",
            verifying_key: "4d66a140a91e76245e8db0fd21e5cac73c6adced3c30c9c40babbc8aaf8f99cc",
        },
    }
}
