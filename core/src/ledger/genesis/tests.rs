use ed25519_dalek::SigningKey;

use super::*;
use crate::{
    disclosure::Statement,
    encoding::{Decode, DecodeError, Encode, Reader},
};

fn asset(id: u64) -> AssetId {
    AssetId::new(id).unwrap()
}

fn quorum(needed: u8, numbers: &[u8]) -> Quorum {
    let key = |number: &u8| SigningKey::from_bytes(&[*number; 32]).verifying_key().to_bytes();
    Quorum::new(needed, numbers.iter().map(key).collect()).unwrap()
}

fn balance(account: u8, asset: AssetId, amount: u64) -> GenesisBalance {
    GenesisBalance { account: TransparentAccount([account; 32]), asset, amount: Value(amount) }
}

fn terms() -> GenesisTerms {
    let keys = |code: u8| KeyHashes { verifying: [code; 32], proving: [code | 0x80; 32] };
    let shapes = Shape::PLAIN.map(|shape| ShapeTerms { shape, keys: keys(shape.code()) }).to_vec();
    let disclosures = Statement::ALL.map(|statement| (statement, keys(statement.code())));
    let disclosures = DisclosureTerms::new(disclosures).unwrap();
    GenesisTerms {
        chain: "test chain".to_owned(),
        time: 1_767_225_600,
        schedule: EpochSchedule::seconds(1_767_225_600, 100, 10).unwrap(),
        anchor_window: 20,
        pool: PoolId(3),
        fee_account: TransparentAccount([9; 32]),
        development: true,
        block_interval: 60,
        snapshots: SnapshotTerms::EACH_EPOCH,
        finality: Finality::Solo { authorities: quorum(2, &[1, 2, 3]), trusting_period: 86_400 },
        guardians: Guardians { quorum: Some(quorum(1, &[4, 5])), delay: 100 },
        assets: vec![
            AssetDescriptor::new(asset(1), "EUR", 2, [1; 32], b"").unwrap(),
            AssetDescriptor::new(asset(2), "LVR", 6, [2; 32], b"native").unwrap(),
            AssetDescriptor::new(asset(3), "ART", 0, [2; 32], b"").unwrap(),
        ],
        balances: vec![balance(1, asset(1), 5), balance(1, asset(2), 7), balance(2, asset(1), 6)],
        fees: vec![FeeTerms::flat(asset(1), Value(5)), FeeTerms::flat(asset(2), Value(1))],
        rules: vec![
            RulesTerms {
                version: RulesVersion(1),
                from: 1,
                until: Some(50),
                shapes: shapes.clone(),
                disclosures: disclosures.clone(),
            },
            RulesTerms { version: RulesVersion(2), from: 40, until: None, shapes, disclosures },
        ],
    }
}

/// Changes the keys of a statement under one of the rules versions.
fn change_keys(terms: &mut GenesisTerms, rules: usize, statement: Statement, change: fn(&mut KeyHashes)) {
    let disclosures = &mut terms.rules[rules].disclosures;
    let mut keys = disclosures.get(statement).unwrap();
    change(&mut keys);
    disclosures.insert(statement, keys);
}

type Breakage = fn(&mut GenesisTerms);

#[test]
fn a_genesis_round_trips() {
    let genesis = Genesis::new(terms()).unwrap();
    let bytes = genesis.to_bytes();
    let again = Genesis::from_bytes(&bytes).unwrap();
    assert_eq!(again.hash(), genesis.hash());
    assert_eq!(again, genesis);
    for length in 0..bytes.len() {
        assert!(Genesis::from_bytes(&bytes[..length]).is_err());
    }
    let bare = GenesisTerms { guardians: Guardians::NONE, balances: Vec::new(), ..terms() };
    let bare = Genesis::new(bare).unwrap();
    assert_eq!(Genesis::from_bytes(&bare.to_bytes()), Ok(bare));
}

#[test]
fn every_term_is_hashed() {
    let changes: [Breakage; 28] = [
        |terms| terms.chain.push('!'),
        |terms| terms.time += 1,
        |terms| terms.block_interval += 1,
        |terms| terms.snapshots.delay += 1,
        |terms| {
            terms.finality = Finality::Solo { authorities: quorum(1, &[1, 2, 3]), trusting_period: 86_400 }
        },
        |terms| terms.finality = Finality::Solo { authorities: quorum(2, &[1, 2]), trusting_period: 86_400 },
        |terms| terms.finality = Finality::Solo { authorities: quorum(2, &[1, 2, 3]), trusting_period: 1 },
        |terms| terms.guardians.delay += 1,
        |terms| terms.guardians.quorum = None,
        |terms| terms.guardians.quorum = Some(quorum(2, &[4, 5])),
        |terms| terms.balances[0].account.0[0] = 0,
        |terms| terms.balances[1].asset = asset(3),
        |terms| terms.balances[2].amount = Value(5),
        |terms| terms.fees[0].operations.any = Value(1),
        |terms| terms.fees[0].operations.registration = Value(1),
        |terms| terms.fees[0].operations.announcement = Value(1),
        |terms| terms.schedule = EpochSchedule::seconds(1_767_225_600, 100, 11).unwrap(),
        |terms| terms.anchor_window += 1,
        |terms| terms.pool.0 += 1,
        |terms| terms.fee_account.0[0] ^= 1,
        |terms| terms.development = false,
        |terms| terms.fees[1].minimum[3] = Value(2),
        |terms| terms.rules[1].shapes[2].keys.verifying[0] ^= 1,
        |terms| terms.rules[0].shapes[3].keys.proving[31] ^= 1,
        |terms| change_keys(terms, 1, Statement::AccountKeys, |keys| keys.verifying[0] ^= 1),
        |terms| change_keys(terms, 0, Statement::NoteOpening, |keys| keys.verifying[31] ^= 1),
        |terms| change_keys(terms, 1, Statement::NoteOpening, |keys| keys.proving[0] ^= 1),
        |terms| change_keys(terms, 1, Statement::ALL[4], |keys| keys.proving[31] ^= 1),
    ];
    let hash = Genesis::new(terms()).unwrap().hash();
    for change in changes {
        let mut other = terms();
        change(&mut other);
        assert_ne!(Genesis::new(other).unwrap().hash(), hash);
    }
}

#[test]
fn terms_hold_together() {
    let breakages: [(Breakage, GenesisError); 21] = [
        (|terms| terms.block_interval = 0, GenesisError::BlockInterval),
        (|terms| terms.snapshots.every = 1, GenesisError::Snapshots),
        (
            |terms| terms.finality = Finality::Solo { authorities: quorum(1, &[1]), trusting_period: 0 },
            GenesisError::TrustingPeriod,
        ),
        (|terms| terms.schedule = EpochSchedule::ENDLESS, GenesisError::Snapshots),
        (
            |terms| terms.time -= 1,
            GenesisError::BeforeFirstEpoch { time: 1_767_225_599, origin: 1_767_225_600 },
        ),
        (|terms| terms.balances.swap(1, 2), GenesisError::BalanceOrder),
        (|terms| terms.balances[1] = terms.balances[0], GenesisError::BalanceOrder),
        (|terms| terms.balances[0].amount = Value::ZERO, GenesisError::BalanceZero(asset(1))),
        (|terms| terms.balances[1].asset = asset(7), GenesisError::BalanceAsset(asset(7))),
        (|terms| terms.balances[2].amount = Value(u64::MAX), GenesisError::BalanceSum(asset(1))),
        (|terms| terms.chain.clear(), GenesisError::ChainName),
        (|terms| terms.chain = "é".to_owned(), GenesisError::ChainName),
        (|terms| terms.anchor_window = 0, GenesisError::AnchorWindow),
        (|terms| terms.assets.swap(0, 1), GenesisError::AssetOrder),
        (|terms| terms.fees.swap(0, 1), GenesisError::FeeOrder),
        (|terms| terms.fees[1].asset = asset(7), GenesisError::FeeAsset(asset(7))),
        (|terms| terms.rules.clear(), GenesisError::NoRules),
        (|terms| terms.rules.swap(0, 1), GenesisError::RulesOrder),
        (|terms| terms.rules[1].until = Some(39), GenesisError::RulesEnd(RulesVersion(2))),
        (|terms| terms.rules[0].shapes.clear(), GenesisError::RulesShapes(RulesVersion(1))),
        (|terms| terms.rules[0].shapes.swap(0, 1), GenesisError::RulesShapes(RulesVersion(1))),
    ];
    for (breakage, error) in breakages {
        let mut broken = terms();
        breakage(&mut broken);
        assert_eq!(Genesis::new(broken), Err(error));
    }
}

#[test]
fn balances_count_as_issued() {
    let genesis = Genesis::new(terms()).unwrap();
    assert_eq!([1, 2, 3].map(|id| genesis.issued(asset(id))), [Value(11), Value(7), Value::ZERO]);
}

#[test]
fn deposits_pay_in_their_own_asset_or_in_the_first() {
    let genesis = Genesis::new(terms()).unwrap();
    let shape = Shape::TwoByThree;
    assert_eq!(genesis.deposit_fee(asset(2), shape), Some((asset(2), Value(1))));
    assert_eq!(genesis.deposit_fee(asset(3), shape), Some((asset(1), Value(5))));
    let free = Genesis::new(GenesisTerms { fees: Vec::new(), ..terms() }).unwrap();
    assert!(free.is_free(shape));
    assert_eq!(free.deposit_fee(asset(2), shape), None);
}

/// Attacker: whoever leaves out the keys of grants, so that nobody shows an auditor anything, or gives one statement two
/// keys, so that two readers of the same genesis take different ones.
#[test]
fn statements_are_in_order_and_none_that_is_needed_is_left_out() {
    let keys = |code: u8| [&[code][..], &[code; 64]].concat();
    let decode = |codes: &[u8]| {
        let count = u32::try_from(codes.len()).unwrap().to_le_bytes();
        let entries = codes.iter().flat_map(|code| keys(*code));
        let bytes: Vec<u8> = count.into_iter().chain(entries).collect();
        let mut reader = Reader::new(&bytes);
        let terms = DisclosureTerms::decode(&mut reader)?;
        assert_eq!(terms.to_bytes(), bytes);
        Ok::<_, DecodeError>(terms)
    };
    let terms = decode(&[0x21, 0x22, 0x25]).unwrap();
    assert_eq!(terms.iter().map(|(statement, _)| statement.code()).collect::<Vec<_>>(), [0x21, 0x22, 0x25]);
    assert_eq!(terms.get(Statement::ALL[2]), None);
    for codes in [&[0x22, 0x21][..], &[0x21, 0x21, 0x22], &[0x21, 0x22, 0x22], &[0x21, 0x23], &[0x22], &[]] {
        assert!(matches!(decode(codes), Err(DecodeError::NotCanonical { .. })), "{codes:x?}");
    }
    assert!(matches!(decode(&[0x21, 0x22, 0x01]), Err(DecodeError::UnknownTag { .. })));
}
