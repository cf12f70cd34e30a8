//! Statements about an account, with their witnesses, as bytes.

use louver_core::{
    address::OwnerTag,
    asset::AssetId,
    disclosure::{
        AbsenceWitness, AddressClaim, HeldNote, HoldingsClaim, NOTES_PER_PROOF, OwnedNote, ReceivedNote,
        RunCommitment, RunState, RunStep, RunWitness, ShownSum, TotalClaim, UnspentClaim, UnspentWitness,
    },
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::{Epoch, EpochRange},
    ledger::SnapshotEntry,
    note::NoteCommitment,
    pool::PoolTag,
    spec::Fr,
    tree::Anchor,
    value::Value,
};
use louver_viewkeys::statement::StatementProof;
use zeroize::Zeroize;

use super::{account, put, put_account, put_epoch, several};

pub(super) fn put_statement(out: &mut Vec<u8>, one: &StatementProof) {
    match one {
        StatementProof::Address(claim) => {
            out.push(0);
            put_account(out, &claim.account);
            claim.pool.encode(out);
            put_epoch(out, claim.epoch);
            put(out, &[claim.tag.to_scalar(), claim.pk_d_hash]);
        }
        StatementProof::Unspent(one) => {
            let (claim, UnspentWitness { note, asset, is_internal, absence }) = (&one.0, &one.1);
            out.push(1);
            put_account(out, &claim.account);
            claim.pool.encode(out);
            claim.snapshot.encode(out);
            claim.commitment.encode(out);
            put_epoch(out, claim.epoch);
            put_note(out, note);
            put(out, &[*asset, *is_internal]);
            put_absence(out, absence);
        }
        StatementProof::Holdings(one) => {
            let (claim, witness) = (&one.0, &one.1);
            out.push(2);
            put_account(out, &claim.account);
            claim.pool.encode(out);
            claim.snapshot.encode(out);
            claim.asset.encode(out);
            put_step(out, &claim.run);
            put_run(out, witness, |out, HeldNote { note, epoch, is_internal, absence }| {
                put_note(out, note);
                put(out, &[*epoch, *is_internal]);
                put_absence(out, absence);
            });
        }
        StatementProof::Total(one) => {
            let (claim, witness) = (&one.0, &one.1);
            out.push(3);
            put_account(out, &claim.account);
            claim.pool.encode(out);
            claim.tree_root.encode(out);
            claim.asset.encode(out);
            put_epoch(out, claim.epochs.first());
            put_epoch(out, claim.epochs.last());
            put_step(out, &claim.run);
            put_run(out, witness, |out, ReceivedNote { note, epoch }| {
                put_note(out, note);
                put(out, &[*epoch]);
            });
        }
    }
}

pub(super) fn statement(reader: &mut Reader<'_>) -> Result<StatementProof, DecodeError> {
    let kind = reader.u8()?;
    let (account, pool) = (account(reader)?, PoolTag::decode(reader)?);
    Ok(match kind {
        0 => StatementProof::Address(Box::new(AddressClaim {
            account,
            pool,
            epoch: Epoch(reader.u16()?),
            tag: OwnerTag::from_scalar(reader.fr()?),
            pk_d_hash: reader.fr()?,
        })),
        1 => {
            let claim = UnspentClaim {
                account,
                pool,
                snapshot: SnapshotEntry::decode(reader)?,
                commitment: NoteCommitment::decode(reader)?,
                epoch: Epoch(reader.u16()?),
            };
            let witness = UnspentWitness {
                note: note(reader)?,
                asset: reader.fr()?,
                is_internal: reader.fr()?,
                absence: absence(reader)?,
            };
            StatementProof::Unspent(Box::new((claim, witness)))
        }
        2 => {
            let claim = HoldingsClaim {
                account,
                pool,
                snapshot: SnapshotEntry::decode(reader)?,
                asset: AssetId::decode(reader)?,
                run: step(reader)?,
            };
            let held = |reader: &mut Reader<'_>| {
                Ok(HeldNote {
                    note: note(reader)?,
                    epoch: reader.fr()?,
                    is_internal: reader.fr()?,
                    absence: absence(reader)?,
                })
            };
            StatementProof::Holdings(Box::new((claim, run(reader, held)?)))
        }
        3 => {
            let tree_root = Anchor::decode(reader)?;
            let asset = AssetId::decode(reader)?;
            let epochs = EpochRange::new(Epoch(reader.u16()?), Epoch(reader.u16()?));
            let epochs = epochs.ok_or(DecodeError::OutOfRange { what: "epoch range" })?;
            let claim = TotalClaim { account, pool, tree_root, asset, epochs, run: step(reader)? };
            let received =
                |reader: &mut Reader<'_>| Ok(ReceivedNote { note: note(reader)?, epoch: reader.fr()? });
            StatementProof::Total(Box::new((claim, run(reader, received)?)))
        }
        tag => return Err(DecodeError::UnknownTag { what: "statement about an account", tag: tag.into() }),
    })
}

fn put_note(out: &mut Vec<u8>, note: &OwnedNote) {
    let OwnedNote { index, value, pk_d_hash, rho, rcm, path } = note;
    put(out, &[*index, *value, *pk_d_hash, *rho, *rcm]);
    put(out, path.as_flattened());
}

fn note(reader: &mut Reader<'_>) -> Result<OwnedNote, DecodeError> {
    Ok(OwnedNote {
        index: reader.fr()?,
        value: reader.fr()?,
        pk_d_hash: reader.fr()?,
        rho: reader.fr()?,
        rcm: reader.fr()?,
        path: path(reader)?,
    })
}

fn put_absence(out: &mut Vec<u8>, AbsenceWitness { value, next, path }: &AbsenceWitness) {
    put(out, value);
    put(out, next);
    put(out, path.as_flattened());
}

fn absence(reader: &mut Reader<'_>) -> Result<AbsenceWitness, DecodeError> {
    Ok(AbsenceWitness {
        value: [reader.fr()?, reader.fr()?],
        next: [reader.fr()?, reader.fr()?],
        path: path(reader)?,
    })
}

fn path<const LEVELS: usize>(reader: &mut Reader<'_>) -> Result<[[Fr; 4]; LEVELS], DecodeError> {
    let mut path = [[Fr::zero(); 4]; LEVELS];
    for child in path.as_flattened_mut() {
        *child = reader.fr()?;
    }
    Ok(path)
}

fn put_step(out: &mut Vec<u8>, step: &RunStep) {
    put(out, &[step.before.to_scalar(), step.after.to_scalar()]);
    let (kind, value) = match step.shown {
        ShownSum::Nothing => (0, Value::ZERO),
        ShownSum::AtLeast(value) => (1, value),
        ShownSum::Exactly(value) => (2, value),
    };
    out.push(kind);
    value.encode(out);
}

fn step(reader: &mut Reader<'_>) -> Result<RunStep, DecodeError> {
    let commitment = |reader: &mut Reader<'_>| Ok::<_, DecodeError>(RunCommitment::from_scalar(reader.fr()?));
    let (before, after) = (commitment(reader)?, commitment(reader)?);
    let (kind, value) = (reader.u8()?, Value::decode(reader)?);
    let shown = match (kind, value) {
        (0, Value::ZERO) => ShownSum::Nothing,
        (1, value) => ShownSum::AtLeast(value),
        (2, value) => ShownSum::Exactly(value),
        (tag, _) => return Err(DecodeError::UnknownTag { what: "shown sum", tag: tag.into() }),
    };
    Ok(RunStep { before, after, shown })
}

fn put_run<N: Zeroize>(out: &mut Vec<u8>, witness: &RunWitness<N>, mut each: impl FnMut(&mut Vec<u8>, &N)) {
    let RunState { sum, last, count, blind } = &witness.before;
    put(out, &[*sum, *last, *count, *blind, witness.blind]);
    witness.notes.iter().for_each(|note| each(out, note));
}

fn run<N: Zeroize>(
    reader: &mut Reader<'_>,
    mut each: impl FnMut(&mut Reader<'_>) -> Result<N, DecodeError>,
) -> Result<RunWitness<N>, DecodeError> {
    let before = RunState { sum: reader.fr()?, last: reader.fr()?, count: reader.fr()?, blind: reader.fr()? };
    let blind = reader.fr()?;
    Ok(RunWitness { before, notes: several(NOTES_PER_PROOF, || each(reader))?, blind })
}
