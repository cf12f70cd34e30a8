//! The cost of an audit that reads empty blocks.

use std::error::Error;

use louver_chain::BlockHash;
use louver_circuits::{keyset::KeySet, parameters::ParameterStore};
use louver_core::{
    epoch::{Epoch, EpochRange, EpochSchedule},
    keys::AccountSpendingKey,
    ledger::testing,
    proof::Unwatched,
    tree::Frontier,
};
use louver_viewkeys::{
    audit::{Ask, Audit},
    grant::GrantRequest,
    scope::{Directions, Scope},
    signed::{Asked, ReaderId, Terms},
};

use crate::{
    blocks::{EMPTY, row},
    measure::{LIMIT, within},
};

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let genesis = testing::genesis();
    let account = AccountSpendingKey::from_seed(&[1; 64], 0)?;
    let keys = KeySet::development()?.with_store(ParameterStore::open_default()?);
    let recipient = Some(age::x25519::Identity::generate().to_public().to_string());
    let terms = Terms {
        genesis: genesis.hash(),
        pool: genesis.terms().pool,
        reader: ReaderId { name: "Auditors".to_owned(), recipient },
        asked: Asked::Nothing,
        purpose: String::new(),
        issued: 1,
        expires: 2,
    };
    let request = GrantRequest {
        terms,
        scope: Scope::new(Directions::ALL, EpochRange::new(Epoch(0), Epoch(0)).ok_or("no epochs")?)?,
    };
    let prover = keys.disclosure_prover(&mut Unwatched)?;
    let (viewing, signer) = (account.full_viewing_key(), account.spend_authorizing_key());
    let grant = request.issue(&viewing, &signer, &prover, &mut rand::rng())?;
    // One epoch that is longer than the row.
    let mut audit = Audit::new(grant, EpochSchedule::ENDLESS);
    audit.learn_tip(EMPTY)?;
    let blocks = row(&Frontier::empty(), BlockHash(genesis.hash().0));
    within(LIMIT, &format!("audit of {EMPTY} empty blocks"), || {
        blocks.iter().try_for_each(|block| audit.read(block)).map_err(Into::into)
    })?;
    match audit.next() {
        Ask::Nothing => Ok(()),
        ask => Err(format!("the audit is not over: {ask:?}").into()),
    }
}
