//! The pinned figures and development keys of every circuit. Written by `cargo run -p louver-circuits --example pin`.

use louver_core::{
    disclosure::{InputCount, Statement},
    shape::Shape,
};

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
            constraints: 14_621,
            domain: 16_384,
            aux: 14_699,
            circuit: "73a4426ad162d491756ba0349c3c945336e61d9ec149bf795ecb27322f19f5a6",
            parameters: "a945ef684b4ab6223a1b854ecbcc5c77b78778cba2030bcc87e5bd617065f04f",
            verifying_key: "093e790783cda2bc0154073da8903536c831ae07c29420dd4b2fe754e1ee120b",
        },
        CircuitId::Transfer(Shape::FourByFour) => &Pin {
            constraints: 27_163,
            domain: 32_768,
            aux: 27_335,
            circuit: "c50056c166da5baf99c46b0780a2784db61fef97159a7db4d2a75e83e891ece7",
            parameters: "4ef21f5f78ef5fb832b51374368f8f02d4452a2526b5b41eabcaa0717b52311a",
            verifying_key: "d5067e74558d72e637f79a3054e4bbef7f1fb54775bc8d0ee943522344174a10",
        },
        CircuitId::Transfer(Shape::EightByThree) => &Pin {
            constraints: 51_149,
            domain: 65_536,
            aux: 51_509,
            circuit: "7579610ad6739d9412374a436ba9580d84bff662c068c6be8a5a33586f05bb70",
            parameters: "e040d6be4be900c314112ed3c1db5123e117a590e868c79184e58118098cfc74",
            verifying_key: "537f2d18cc6e7f908559be836fc3f2eb4761bd55ac366c41358f1b0c8dc1ce1c",
        },
        CircuitId::Transfer(Shape::TwoBySixteen) => &Pin {
            constraints: 19_379,
            domain: 32_768,
            aux: 19_457,
            circuit: "9fb59845f0a2124211a8aa2c2d8315ed8e6a9a4ded94e4ef938c6d954da05f18",
            parameters: "4b07d0024fde8e56d6e793c1d377f8f9e09a91d31b3243bd29c2bbe22ddc98c9",
            verifying_key: "b72aea39cbfade0d91bc386fbdefdc8e141175d40aa4c80d7a0ea2f1573461be",
        },
        CircuitId::Transfer(Shape::AuditedTwoByThree) => &Pin {
            constraints: 18_009,
            domain: 32_768,
            aux: 18_063,
            circuit: "837aeb00f4d84a722405ff0012bcfc07afac55dc93661889a8ec27346aa552a7",
            parameters: "8dd3bebd001e7f7b67db17c44a8d62d429a325d3826ab038fce139ddf2f14d11",
            verifying_key: "b00a3a0e885db2375178c85471ee5fb298d1f9bdd37ec74ad8d96efc16bd6866",
        },
        CircuitId::Transfer(Shape::AuditedTwoBySixteen) => &Pin {
            constraints: 24_583,
            domain: 32_768,
            aux: 24_585,
            circuit: "0ac6be06e27f749a4d443f2ac2d697e0a87983b50c68ccc42715d4a1a4ee76ce",
            parameters: "832efd40255056a46789dca28ab737731de3775189351bd1ee012c1755f0f48d",
            verifying_key: "5562922f3fd26dd1c4bb20ddbf6a9c1f53d5c7ee498b7259d1d6d5138eb1d503",
        },
        CircuitId::Disclosure(Statement::AccountKeys) => &Pin {
            constraints: 5_949,
            domain: 8_192,
            aux: 5_735,
            circuit: "97dbe10eee4df414644bec6a4c65adf2f57d930b275836b91ee9c0d2f770d0d5",
            parameters: "a2727d7192f03ccf021953bf00d89613ec912468cf19b4ce382fb48060add07a",
            verifying_key: "63ba154d4f05b40c15a74dc5a6f1d37fcdafdeb37e9c8f1b122ed35ae746e157",
        },
        CircuitId::Disclosure(Statement::NoteOpening) => &Pin {
            constraints: 2_384,
            domain: 4_096,
            aux: 2_352,
            circuit: "3f07ffa9bca2deba61cf31bab845df3458918dc3a8bacc94cc3b750612fd7664",
            parameters: "fd8ebef3f5b533ebab106a9fc883c7b4bdae80a4898a1038f5bde8a4a398b838",
            verifying_key: "aa2049b8c2342f5a9fa9f5c12523c75bae9930cf25b2659300a464c425f680b0",
        },
        CircuitId::Disclosure(Statement::TransactionOpening(InputCount::Two)) => &Pin {
            constraints: 2_794,
            domain: 4_096,
            aux: 2_779,
            circuit: "30ca9cc6fb270138f9c2d45c5718f9a99a7da2e7a207a5174be10fe1cbfcffad",
            parameters: "387e951568dcaac16103e915cd3e5f220ff154c744bcddb42bbe7bed329cda52",
            verifying_key: "d0978a5b5d7182781781dd9264a5f98c369e1ea68fa2b535be379e4f714d2005",
        },
        CircuitId::Disclosure(Statement::TransactionOpening(InputCount::Four)) => &Pin {
            constraints: 4_008,
            domain: 4_096,
            aux: 3_987,
            circuit: "27aa4a5358b49d2b9c1eb013db015c9d50c997c847985ab216e9fcb3437e49f5",
            parameters: "9e438bb31aab06602750ebf7c227dd2bfff09852cda183cf792950e5e5b48bb1",
            verifying_key: "728ec5a928375b6a12a81c785ada82fd3fe09280704dac16d338d01164f9c2fc",
        },
        CircuitId::Disclosure(Statement::TransactionOpening(InputCount::Eight)) => &Pin {
            constraints: 6_436,
            domain: 8_192,
            aux: 6_403,
            circuit: "dd378c49d24e393d5f8445c1479e0a781853a0f81a419801a6d0ce712c8d24df",
            parameters: "336bd241aabb1157864d932932289aea92ec19e34fe548540bbc2dd1b19ad4e5",
            verifying_key: "d8128867c1b397026d3b59136aeb0867916577c9d08eea13db216ab089fda45d",
        },
        CircuitId::Disclosure(Statement::Address) => &Pin {
            constraints: 1_581,
            domain: 2_048,
            aux: 1_571,
            circuit: "519c3015a218de1edd610a7da8b473862bbd0c599d969a3fe63044f9ffb0ebe5",
            parameters: "9738bde2a479230d48f0a8ada3f4681acac692dc19e39aa5dd49e7f4584f86db",
            verifying_key: "db98d7b06d7e38c5b722dd2973b85c20c4ae479e4378112a0a4229a3f19c21f0",
        },
        CircuitId::Disclosure(Statement::Unspent) => &Pin {
            constraints: 13_017,
            domain: 16_384,
            aux: 13_105,
            circuit: "4e068910f1600bfc4e6d2eb9025fe55980dd79b12d281af35088e9f8a4fe4354",
            parameters: "1684d912b845b6a897690a70e6b2d115ec62ba5422907088b7fcf55203f45a04",
            verifying_key: "8f358384f6c532c269dbda4a8317106c3adfd984648986b8ab82a24f8ee880dd",
        },
        CircuitId::Disclosure(Statement::Holdings) => &Pin {
            constraints: 98_882,
            domain: 131_072,
            aux: 99_637,
            circuit: "ab1a1adfe8e72c16abfafebcb9c194833a03dcc1b738bbf83ab2d1558e4e3d13",
            parameters: "eaf8a69f5bc8fd14b83473e713d9e426e8a971661dc56f9381a9fe05ae4456ed",
            verifying_key: "4872d749b48e7843492f55e9449bd829fd1d4033d306d2b1e73d26a9e5972f79",
        },
        CircuitId::Disclosure(Statement::Total) => &Pin {
            constraints: 53_846,
            domain: 65_536,
            aux: 54_190,
            circuit: "c00a12043fcfe36ad3a67c30053414e8b5be7cecd1af25c1277803953cdd26fb",
            parameters: "a245524bd05434cd0f84fcb6bfa81e54330573971fa68a5d9150667578428c83",
            verifying_key: "8cd989572e4fcf34587a3cf4aa5735a8b6ced622d17faa81bf1223fb3b509df9",
        },
    }
}
