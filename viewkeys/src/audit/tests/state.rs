//! Audits that are kept and gone on with.

use std::sync::LazyLock;

use louver_chain::testing::altered;
use louver_core::{encoding::Decode, secret::ExposeBytes};

use super::*;

fn restored(kept: &[u8]) -> Result<Audit, StateError> {
    let mut audit = Audit::new(alices(), short_epochs());
    audit.resume(kept)?;
    Ok(audit)
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(11)
}

/// Alice's grant, always the same: proofs differ each time they are made.
fn alices() -> Grant {
    static GRANT: LazyLock<Vec<u8>> =
        LazyLock::new(|| grant(&account(1), Directions::ALL, 0, 1).expose_bytes().to_vec());
    Grant::from_bytes(&GRANT).unwrap()
}

/// The audit kept after every answer, and gone on with.
#[test]
fn an_audit_that_was_kept_goes_on_as_if_it_had_not_been() {
    let ledger = story();
    let whole = report(&ledger, alices(), short_epochs());
    for stop in 0..=ledger.blocks.len() {
        let mut early = Audit::new(alices(), short_epochs());
        early.learn_tip(u32::try_from(stop).unwrap()).unwrap();
        ledger.blocks[..stop].iter().for_each(|(block, _)| early.read(block).unwrap());
        let kept = early.store(&mut rng());
        let mut late = restored(&kept).unwrap();
        assert_eq!(late.next(), Ask::Tip);
        late.learn_tip(4).unwrap();
        let expected = match stop {
            0 => Ask::Blocks { first: 1, last: 4 },
            height => Ask::Last { height: u32::try_from(height).unwrap() },
        };
        assert_eq!(late.next(), expected);
        drive(&mut late, &ledger).unwrap();
        assert_eq!(told(&late), whole);
        // At its end, too, and then there is nothing to read.
        let mut again = restored(&late.store(&mut rng())).unwrap();
        drive(&mut again, &ledger).unwrap();
        assert_eq!(told(&again), whole);
    }
}

/// Attacker: a node that changes the chain under what an auditor has read.
#[test]
fn what_was_kept_of_another_branch_is_found_out() {
    let ledger = story();
    let kept = audit_of(&ledger, alices(), short_epochs()).store(&mut rng());
    let mut audit = restored(&kept).unwrap();
    assert_eq!(audit.learn_tip(3), Err(AuditError::Behind { tip: 3, read: 4 }));
    audit.learn_tip(4).unwrap();
    assert_eq!(audit.read(&ledger.blocks[3].0), Err(AuditError::NotAsked));
    let other = altered(&ledger.blocks[3].0, |transactions| transactions[0].txid = TxId([0xee; 32]));
    assert_eq!(audit.confirm(&other), Err(AuditError::Broken { height: 4 }));
    assert_eq!(audit.confirm(&ledger.blocks[2].0), Err(AuditError::Height { expected: 4, found: 3 }));
    audit.confirm(&ledger.blocks[3].0).unwrap();
    assert_eq!(audit.next(), Ask::Nothing);
    let mut anew = audit.restarted();
    drive(&mut anew, &ledger).unwrap();
    assert_eq!(told(&anew), report(&ledger, alices(), short_epochs()));
}

/// An owner gains by writing into the auditor's folder, and altering what he found.
#[test]
fn damage_is_found_and_nothing_is_shown() {
    let kept = audit_of(&story(), alices(), short_epochs()).store(&mut rng());
    let restore = |bytes: &[u8]| restored(bytes).map(drop);
    restore(&kept).unwrap();
    for at in 0..kept.len() {
        let mut altered = kept.clone();
        altered[at] ^= 0x10;
        let expected = match at {
            0..7 => StateError::NotAnAudit,
            7 => StateError::Version { version: 0x14 },
            8..40 => StateError::OtherGrant,
            _ => StateError::Damaged,
        };
        assert_eq!(restore(&altered), Err(expected), "{at}");
    }
    assert_eq!(restore(b""), Err(StateError::NotAnAudit));
    assert_eq!(restore(&kept[..60]), Err(StateError::Damaged));
    let mut other = Audit::new(grant(&account(1), Directions::ALL, 0, 0), short_epochs());
    assert_eq!(other.resume(&kept), Err(StateError::OtherGrant));
    // The memo stands in it, for nobody without the grant.
    assert!(!kept.windows(4).any(|window| window == b"rent"));
}
