use super::*;

fn asset(id: u64) -> AssetId {
    AssetId::new(id).unwrap()
}

fn terms() -> GenesisTerms {
    let keys = |code: u8| KeyHashes { verifying: [code; 32], proving: [code | 0x80; 32] };
    let shapes = Shape::ALL.map(|shape| ShapeTerms { shape, keys: keys(shape.code()) }).to_vec();
    let disclosures = DisclosureTerms { account_keys: keys(0x21), account_link: keys(0x22) };
    GenesisTerms {
        chain: "test chain".to_owned(),
        schedule: EpochSchedule::new(100, 10).unwrap(),
        anchor_window: 20,
        pool: PoolId(3),
        fee_account: TransparentAccount([9; 32]),
        development: true,
        assets: vec![
            AssetDescriptor::new(asset(1), "EUR", 2, [1; 32], b"").unwrap(),
            AssetDescriptor::new(asset(2), "LVR", 6, [2; 32], b"native").unwrap(),
            AssetDescriptor::new(asset(3), "ART", 0, [2; 32], b"").unwrap(),
        ],
        fees: vec![FeeTerms::flat(asset(1), Value(5)), FeeTerms::flat(asset(2), Value(1))],
        rules: vec![
            RulesTerms {
                version: RulesVersion(1),
                from: 1,
                until: Some(50),
                shapes: shapes.clone(),
                disclosures,
            },
            RulesTerms { version: RulesVersion(2), from: 40, until: None, shapes, disclosures },
        ],
    }
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
}

#[test]
fn every_term_is_hashed() {
    let changes: [Breakage; 12] = [
        |terms| terms.chain.push('!'),
        |terms| terms.schedule = EpochSchedule::new(100, 11).unwrap(),
        |terms| terms.anchor_window += 1,
        |terms| terms.pool.0 += 1,
        |terms| terms.fee_account.0[0] ^= 1,
        |terms| terms.development = false,
        |terms| terms.fees[1].minimum[3] = Value(2),
        |terms| terms.rules[1].shapes[2].keys.verifying[0] ^= 1,
        |terms| terms.rules[0].shapes[3].keys.proving[31] ^= 1,
        |terms| terms.rules[1].disclosures.account_keys.verifying[0] ^= 1,
        |terms| terms.rules[0].disclosures.account_link.verifying[31] ^= 1,
        |terms| terms.rules[1].disclosures.account_link.proving[0] ^= 1,
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
    let breakages: [(Breakage, GenesisError); 11] = [
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
fn deposits_pay_in_their_own_asset_or_in_the_first() {
    let genesis = Genesis::new(terms()).unwrap();
    let shape = Shape::TwoByThree;
    assert_eq!(genesis.deposit_fee(asset(2), shape), Some((asset(2), Value(1))));
    assert_eq!(genesis.deposit_fee(asset(3), shape), Some((asset(1), Value(5))));
    let free = Genesis::new(GenesisTerms { fees: Vec::new(), ..terms() }).unwrap();
    assert!(free.is_free(shape));
    assert_eq!(free.deposit_fee(asset(2), shape), None);
}
