//! A statement to prove, with its witness: as a value, and as bytes for a prover in another place.

use core::fmt;

use louver_core::{
    address::OwnerTag,
    asset::AssetId,
    disclosure::{
        AccountKeys, AccountOpening, EPOCHS_PER_PROOF, EpochClaim, InputCount, LedgerOutput, NoteClaim,
        NoteWitness, OpenedInput, OpenedInputs, Randomized, Receipt, ShownAmount, TransactionClaim,
        TransactionWitness,
    },
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    note::{NoteCommitment, Nullifier, SpendTag},
    pool::{PoolTag, RulesVersion},
    secret::Secret,
    shape::Shape,
    spec::{Fj, Fr},
    statement::{AuditPublic, InputWitness, OutputWitness, PublicValue, TransferPublic, TransferWitness},
    tree::{Anchor, LEVELS},
    value::Value,
};
use louver_viewkeys::statement::StatementProof;
use zeroize::Zeroizing;

use crate::{Circuit, ProverError};

mod statement;

const VERSION: u8 = 2;

/// More bytes than any request has, so that no copy of the witness is left behind while it is written.
const ROOM: usize = 64 << 10;

/// A statement to prove, with its witness, which is secret: whoever reads it learns what the statement hides.
#[derive(Clone)]
pub struct ProofRequest(pub(crate) Asked);

/// The statements.
#[derive(Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "one lives for each proof, and a box would leave copies of the witness"
)]
pub(crate) enum Asked {
    Transfer { rules: RulesVersion, shape: Shape, public: TransferPublic, witness: TransferWitness },
    AccountKeys { public: AccountKeys, opening: AccountOpening },
    NoteOpening { claim: NoteClaim, opening: AccountOpening, witness: NoteWitness },
    TransactionOpening { claim: TransactionClaim, opening: AccountOpening, witness: TransactionWitness },
    Statement { one: StatementProof, opening: AccountOpening },
}

impl Asked {
    pub(crate) fn circuit(&self) -> Circuit {
        match self {
            Self::Transfer { shape, .. } => (*shape).into(),
            Self::AccountKeys { .. } => Circuit::AccountKeys,
            Self::NoteOpening { .. } => Circuit::NoteOpening,
            Self::TransactionOpening { claim, .. } => match claim.inputs.count() {
                InputCount::Two => Circuit::TransactionOpening2,
                InputCount::Four => Circuit::TransactionOpening4,
                InputCount::Eight => Circuit::TransactionOpening8,
            },
            Self::Statement { one, .. } => match one {
                StatementProof::Address(_) => Circuit::Address,
                StatementProof::Unspent(_) => Circuit::Unspent,
                StatementProof::Holdings(_) => Circuit::Holdings,
                StatementProof::Total(_) => Circuit::Total,
            },
        }
    }
}

impl ProofRequest {
    /// The circuit whose key the proof takes.
    pub fn circuit(&self) -> Circuit {
        self.0.circuit()
    }

    /// The request as bytes, which hold the witness. Only a prover of the host's own may have them.
    pub fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(ROOM));
        out.push(VERSION);
        match &self.0 {
            Asked::Transfer { rules, shape, public, witness } => {
                out.push(0);
                out.extend_from_slice(&rules.0.to_le_bytes());
                shape.encode(&mut out);
                put_public(&mut out, public);
                put_witness(&mut out, witness);
            }
            Asked::AccountKeys { public, opening } => {
                out.push(1);
                put_account(&mut out, &public.account);
                public.pool.encode(&mut out);
                for claim in &public.claims {
                    let EpochClaim { epoch, external_tag, internal_tag, nullifier, detection } = claim;
                    put_epoch(&mut out, *epoch);
                    for key in [external_tag, internal_tag, nullifier, detection] {
                        put_shown(&mut out, *key);
                    }
                }
                put_opening(&mut out, opening);
            }
            Asked::NoteOpening { claim, opening, witness } => {
                out.push(2);
                put_note_claim(&mut out, claim);
                put_opening(&mut out, opening);
                let NoteWitness { paid, received, is_internal, pk_d_hash, tag, asset, value, rcm } = witness;
                put(&mut out, &[*paid, *received, *is_internal, *pk_d_hash, *tag, *asset, *value, *rcm]);
            }
            Asked::TransactionOpening { claim, opening, witness } => {
                out.push(3);
                put_transaction_claim(&mut out, claim);
                put_opening(&mut out, opening);
                put(&mut out, &witness.epochs);
            }
            Asked::Statement { one, opening } => {
                out.push(4);
                put_opening(&mut out, opening);
                statement::put_statement(&mut out, one);
            }
        }
        out
    }

    /// Reads a request.
    ///
    /// # Errors
    /// [`ProverError::Other`] if the bytes are not a request. Whether the witness shows the statement is checked by whoever
    /// proves it.
    pub fn read(bytes: &[u8]) -> Result<Self, ProverError> {
        let read = || {
            let mut reader = Reader::new(bytes);
            let asked = asked(&mut reader)?;
            reader.finish()?;
            Ok(Self(asked))
        };
        read().map_err(|error: DecodeError| ProverError::Other { reason: error.to_string() })
    }
}

impl fmt::Debug for ProofRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProofRequest({:?}, ..)", self.circuit())
    }
}

fn asked(reader: &mut Reader<'_>) -> Result<Asked, DecodeError> {
    let unknown = |what, tag: u8| DecodeError::UnknownTag { what, tag: tag.into() };
    match reader.u8()? {
        VERSION => {}
        other => return Err(unknown("version of a proof request", other)),
    }
    match reader.u8()? {
        0 => {
            let rules = RulesVersion(reader.u32()?);
            let shape = Shape::decode(reader)?;
            Ok(Asked::Transfer {
                rules,
                shape,
                public: public(reader, shape)?,
                witness: witness(reader, shape)?,
            })
        }
        1 => Ok(Asked::AccountKeys {
            public: AccountKeys {
                account: account(reader)?,
                pool: PoolTag::decode(reader)?,
                claims: claims(reader)?,
            },
            opening: opening(reader)?,
        }),
        2 => Ok(Asked::NoteOpening {
            claim: note_claim(reader)?,
            opening: opening(reader)?,
            witness: NoteWitness {
                paid: reader.fr()?,
                received: reader.fr()?,
                is_internal: reader.fr()?,
                pk_d_hash: reader.fr()?,
                tag: reader.fr()?,
                asset: reader.fr()?,
                value: reader.fr()?,
                rcm: reader.fr()?,
            },
        }),
        3 => {
            let claim = transaction_claim(reader)?;
            let opening = opening(reader)?;
            let epochs = several(claim.inputs.as_slice().len(), || reader.fr())?;
            Ok(Asked::TransactionOpening { claim, opening, witness: TransactionWitness { epochs } })
        }
        4 => {
            let opening = opening(reader)?;
            Ok(Asked::Statement { one: statement::statement(reader)?, opening })
        }
        other => Err(unknown("statement", other)),
    }
}

fn put(out: &mut Vec<u8>, scalars: &[Fr]) {
    for scalar in scalars {
        out.extend_from_slice(&scalar.to_bytes());
    }
}

/// A value, or that it is hidden.
fn put_shown(out: &mut Vec<u8>, shown: Option<Fr>) {
    out.push(shown.is_some().into());
    put(out, shown.as_slice());
}

fn put_epoch(out: &mut Vec<u8>, epoch: Epoch) {
    out.extend_from_slice(&epoch.0.to_le_bytes());
}

fn put_public(out: &mut Vec<u8>, public: &TransferPublic) {
    public.anchor.encode(out);
    public.nullifiers.iter().for_each(|nullifier| nullifier.encode(out));
    public.commitments.iter().for_each(|commitment| commitment.encode(out));
    public.spend_tag.encode(out);
    put_epoch(out, public.epoch);
    public.pool.encode(out);
    put(out, &[public.rk.0, public.rk.1]);
    let (direction, value) = match public.public_value {
        PublicValue::In(value) => (0, value),
        PublicValue::Out(value) => (1, value),
    };
    out.push(direction);
    value.encode(out);
    public.asset_pub.encode(out);
    public.fee.encode(out);
    public.fee_asset.encode(out);
    if let Some(AuditPublic { auditor, epk, body }) = &public.audit {
        put(out, &[auditor.0, auditor.1, epk.0, epk.1]);
        put(out, body);
    }
}

fn public(reader: &mut Reader<'_>, shape: Shape) -> Result<TransferPublic, DecodeError> {
    Ok(TransferPublic {
        anchor: Anchor::decode(reader)?,
        nullifiers: several(shape.inputs(), || Nullifier::decode(reader))?,
        commitments: several(shape.outputs(), || NoteCommitment::decode(reader))?,
        spend_tag: SpendTag::decode(reader)?,
        epoch: Epoch(reader.u16()?),
        pool: PoolTag::decode(reader)?,
        rk: (reader.fr()?, reader.fr()?),
        public_value: match flag(reader)? {
            false => PublicValue::In(Value::decode(reader)?),
            true => PublicValue::Out(Value::decode(reader)?),
        },
        asset_pub: AssetId::decode(reader)?,
        fee: Value::decode(reader)?,
        fee_asset: AssetId::decode(reader)?,
        audit: match shape.is_audited() {
            true => Some(AuditPublic {
                auditor: (reader.fr()?, reader.fr()?),
                epk: (reader.fr()?, reader.fr()?),
                body: several(shape.audit_elements(), || reader.fr())?,
            }),
            false => None,
        },
    })
}

fn put_witness(out: &mut Vec<u8>, witness: &TransferWitness) {
    let TransferWitness { ak, alpha, nk, main, exchange, inputs, outputs, audit_secret } = witness;
    put(out, &[ak.0, ak.1]);
    out.extend_from_slice(&alpha.to_bytes());
    put(out, &[*nk, *main, *exchange]);
    for input in inputs {
        let InputWitness { index, epoch, is_fee_asset, value, is_internal, pk_d_hash, rho, rcm, path } =
            input;
        put(out, &[*index, *epoch, *is_fee_asset, *value, *is_internal, *pk_d_hash, *rho, *rcm]);
        path.iter().for_each(|children| put(out, children));
    }
    for output in outputs {
        put(out, &[output.tag, output.rcm, output.is_fee_asset, output.value]);
    }
    if let Some(secret) = audit_secret {
        out.extend_from_slice(&secret.to_bytes());
    }
}

fn witness(reader: &mut Reader<'_>, shape: Shape) -> Result<TransferWitness, DecodeError> {
    Ok(TransferWitness {
        ak: (reader.fr()?, reader.fr()?),
        alpha: reader.fj()?,
        nk: reader.fr()?,
        main: reader.fr()?,
        exchange: reader.fr()?,
        inputs: several(shape.inputs(), || input(reader))?,
        outputs: several(shape.outputs(), || {
            Ok(OutputWitness {
                tag: reader.fr()?,
                rcm: reader.fr()?,
                is_fee_asset: reader.fr()?,
                value: reader.fr()?,
            })
        })?,
        audit_secret: if shape.is_audited() { Some(reader.fj()?) } else { None },
    })
}

fn input(reader: &mut Reader<'_>) -> Result<InputWitness, DecodeError> {
    let mut input = InputWitness {
        index: reader.fr()?,
        epoch: reader.fr()?,
        is_fee_asset: reader.fr()?,
        value: reader.fr()?,
        is_internal: reader.fr()?,
        pk_d_hash: reader.fr()?,
        rho: reader.fr()?,
        rcm: reader.fr()?,
        path: [[Fr::zero(); 4]; LEVELS],
    };
    for child in input.path.iter_mut().flatten() {
        *child = reader.fr()?;
    }
    Ok(input)
}

fn put_account(out: &mut Vec<u8>, account: &Randomized) {
    put(out, &[account.aid, account.rk.0, account.rk.1]);
}

fn account(reader: &mut Reader<'_>) -> Result<Randomized, DecodeError> {
    Ok(Randomized { aid: reader.fr()?, rk: (reader.fr()?, reader.fr()?) })
}

fn put_opening(out: &mut Vec<u8>, opening: &AccountOpening) {
    put(out, &[opening.ak.0, opening.ak.1, *opening.nk.expose()]);
    let alpha: &Fj = opening.alpha.expose();
    out.extend_from_slice(&alpha.to_bytes());
}

fn opening(reader: &mut Reader<'_>) -> Result<AccountOpening, DecodeError> {
    Ok(AccountOpening {
        ak: (reader.fr()?, reader.fr()?),
        nk: Secret::new(reader.fr()?),
        alpha: Secret::new(reader.fj()?),
    })
}

fn claim(reader: &mut Reader<'_>) -> Result<EpochClaim, DecodeError> {
    Ok(EpochClaim {
        epoch: Epoch(reader.u16()?),
        external_tag: shown(reader)?,
        internal_tag: shown(reader)?,
        nullifier: shown(reader)?,
        detection: shown(reader)?,
    })
}

fn put_note_claim(out: &mut Vec<u8>, claim: &NoteClaim) {
    put_account(out, &claim.account);
    let LedgerOutput { pool, epoch, nullifier, spend_tag, commitment, index } = claim.output;
    pool.encode(out);
    put_epoch(out, epoch);
    nullifier.encode(out);
    spend_tag.encode(out);
    commitment.encode(out);
    out.extend([index, claim.paid.into(), claim.received.is_some().into()]);
    if let Some(Receipt { own, pk_d_hash }) = claim.received {
        out.push(own.into());
        put_shown(out, pk_d_hash);
    }
    put_shown(out, claim.tag.map(OwnerTag::to_scalar));
    let (kind, asset, value) = match claim.amount {
        ShownAmount::Hidden => (0, None, None),
        ShownAmount::Asset(asset) => (1, Some(asset), None),
        ShownAmount::AtLeast(asset, value) => (2, Some(asset), Some(value)),
        ShownAmount::Exactly(asset, value) => (3, Some(asset), Some(value)),
    };
    out.push(kind);
    asset.iter().for_each(|asset| asset.encode(out));
    value.iter().for_each(|value| value.encode(out));
}

fn note_claim(reader: &mut Reader<'_>) -> Result<NoteClaim, DecodeError> {
    Ok(NoteClaim {
        account: account(reader)?,
        output: LedgerOutput {
            pool: PoolTag::decode(reader)?,
            epoch: Epoch(reader.u16()?),
            nullifier: Nullifier::decode(reader)?,
            spend_tag: SpendTag::decode(reader)?,
            commitment: NoteCommitment::decode(reader)?,
            index: reader.u8()?,
        },
        paid: flag(reader)?,
        received: match flag(reader)? {
            true => Some(Receipt { own: flag(reader)?, pk_d_hash: shown(reader)? }),
            false => None,
        },
        tag: shown(reader)?.map(OwnerTag::from_scalar),
        amount: match reader.u8()? {
            0 => ShownAmount::Hidden,
            1 => ShownAmount::Asset(AssetId::decode(reader)?),
            2 => ShownAmount::AtLeast(AssetId::decode(reader)?, Value::decode(reader)?),
            3 => ShownAmount::Exactly(AssetId::decode(reader)?, Value::decode(reader)?),
            tag => return Err(DecodeError::UnknownTag { what: "shown amount", tag: tag.into() }),
        },
    })
}

fn put_transaction_claim(out: &mut Vec<u8>, claim: &TransactionClaim) {
    let TransactionClaim { account, pool, epoch, spend_tag, inputs } = claim;
    put_account(out, account);
    pool.encode(out);
    put_epoch(out, *epoch);
    spend_tag.encode(out);
    // No shape has more than eight.
    out.push(u8::try_from(inputs.as_slice().len()).unwrap_or(u8::MAX));
    for OpenedInput { nullifier, commitment } in inputs.as_slice() {
        nullifier.encode(out);
        commitment.encode(out);
    }
}

fn transaction_claim(reader: &mut Reader<'_>) -> Result<TransactionClaim, DecodeError> {
    Ok(TransactionClaim {
        account: account(reader)?,
        pool: PoolTag::decode(reader)?,
        epoch: Epoch(reader.u16()?),
        spend_tag: SpendTag::decode(reader)?,
        inputs: {
            let count = reader.u8()?;
            let inputs = several(count.into(), || {
                Ok(OpenedInput {
                    nullifier: Nullifier::decode(reader)?,
                    commitment: NoteCommitment::decode(reader)?,
                })
            })?;
            OpenedInputs::new(inputs).ok_or(DecodeError::OutOfRange { what: "the number of inputs" })?
        },
    })
}

fn claims(reader: &mut Reader<'_>) -> Result<[EpochClaim; EPOCHS_PER_PROOF], DecodeError> {
    let mut claims: [EpochClaim; EPOCHS_PER_PROOF] = core::array::from_fn(|_| EpochClaim::hidden(Epoch(0)));
    for one in &mut claims {
        *one = claim(reader)?;
    }
    Ok(claims)
}

fn shown(reader: &mut Reader<'_>) -> Result<Option<Fr>, DecodeError> {
    flag(reader)?.then(|| reader.fr()).transpose()
}

fn flag(reader: &mut Reader<'_>) -> Result<bool, DecodeError> {
    match reader.u8()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(DecodeError::OutOfRange { what: "a flag" }),
    }
}

fn several<T>(count: usize, mut read: impl FnMut() -> Result<T, DecodeError>) -> Result<Vec<T>, DecodeError> {
    (0..count).map(|_| read()).collect()
}

#[cfg(test)]
mod tests {
    use louver_core::{
        disclosure::{
            HeldNote, NOTES_PER_PROOF, ReceivedNote, ShownSum,
            examples::{
                NoteCase, NoteStory, RunCase, RunStory, TransactionCase, UnspentCase, address_case,
                note_case, run_case, transaction_case, unspent_case,
            },
        },
        statement::{
            examples::{Story, example},
            holds,
        },
    };

    use super::*;

    fn requests() -> Vec<ProofRequest> {
        let mut rng = rand::rng();
        let transfers = Shape::ALL.into_iter().flat_map(|shape| Story::ALL.map(|story| (shape, story)));
        let mut requests: Vec<_> = transfers
            .map(|(shape, story)| {
                let (public, witness) = example(shape, story, &mut rng);
                ProofRequest(Asked::Transfer { rules: RulesVersion::V1, shape, public, witness })
            })
            .collect();
        let account = Randomized { aid: Fr::from(3), rk: (Fr::from(4), -Fr::one()) };
        let opening = AccountOpening {
            ak: (Fr::from(5), Fr::from(6)),
            nk: Secret::new(Fr::from(7)),
            alpha: Secret::new(Fj::from(8)),
        };
        let pool = PoolTag::from_le_bytes([9; 16]);
        let claim = |epoch| EpochClaim {
            epoch: Epoch(epoch),
            external_tag: Some(Fr::from(10)),
            internal_tag: None,
            nullifier: Some(Fr::zero()),
            detection: Some(Fr::from(11)),
        };
        let claims = AccountKeys::filled(&[claim(0), claim(1), claim(2), claim(u16::MAX)]).unwrap();
        requests.push(ProofRequest(Asked::AccountKeys {
            public: AccountKeys { account, pool, claims },
            opening,
        }));
        for story in NoteStory::ALL {
            let NoteCase { claim, opening, witness } = note_case(story, &mut rng);
            for amount in [
                claim.amount,
                ShownAmount::Hidden,
                ShownAmount::Asset(AssetId::NONE),
                ShownAmount::AtLeast(AssetId::NONE, Value(1)),
            ] {
                let claim = NoteClaim { amount, ..claim.clone() };
                let (opening, witness) = (opening.clone(), witness.clone());
                requests.push(ProofRequest(Asked::NoteOpening { claim, opening, witness }));
            }
        }
        for count in InputCount::ALL {
            let TransactionCase { claim, opening, witness } = transaction_case(count, &mut rng);
            requests.push(ProofRequest(Asked::TransactionOpening { claim, opening, witness }));
        }
        let mut state = |one, opening| requests.push(ProofRequest(Asked::Statement { one, opening }));
        let (claim, opening) = address_case(&mut rng);
        state(StatementProof::Address(Box::new(claim)), opening);
        let UnspentCase { claim, opening, witness } = unspent_case(true, &mut rng);
        state(StatementProof::Unspent(Box::new((claim, witness))), opening);
        let story = RunStory { entries: NOTES_PER_PROOF, notes: 5, is_first: false };
        let RunCase { claim, opening, witness } = run_case::<HeldNote>(story, &mut rng);
        state(StatementProof::Holdings(Box::new((claim, witness))), opening);
        let RunCase { mut claim, opening, witness } = run_case::<ReceivedNote>(story, &mut rng);
        claim.run.shown = ShownSum::Exactly(Value(7));
        state(StatementProof::Total(Box::new((claim, witness))), opening);
        requests
    }

    #[test]
    fn requests_come_back_as_they_were() {
        for request in requests() {
            let bytes = request.expose_bytes();
            assert!(bytes.len() <= ROOM && bytes.capacity() == ROOM, "no copy of the witness is left behind");
            let back = ProofRequest::read(&bytes).unwrap();
            assert_eq!(back.expose_bytes(), bytes);
            assert_eq!(back.circuit(), request.circuit());
            match (&request.0, &back.0) {
                (
                    Asked::Transfer { rules, shape, public, .. },
                    Asked::Transfer { rules: rules_back, shape: shape_back, public: public_back, witness },
                ) => {
                    assert_eq!((rules, shape, public), (rules_back, shape_back, public_back));
                    holds(*shape, public_back, witness).unwrap();
                }
                (Asked::AccountKeys { public, .. }, Asked::AccountKeys { public: back, .. }) => {
                    assert_eq!(public, back);
                }
                (Asked::NoteOpening { claim, .. }, Asked::NoteOpening { claim: back, .. }) => {
                    assert_eq!(claim, back);
                }
                (
                    Asked::TransactionOpening { claim, .. },
                    Asked::TransactionOpening { claim: back, opening, witness },
                ) => {
                    assert_eq!(claim, back);
                    back.holds(opening, witness).unwrap();
                }
                (Asked::Statement { one, .. }, Asked::Statement { one: back, opening }) => {
                    assert_eq!(format!("{one:?}"), format!("{back:?}"));
                    if let StatementProof::Holdings(back) = back {
                        back.0.holds(opening, &back.1).unwrap();
                    }
                }
                _ => panic!("another statement came back"),
            }
        }
    }

    #[test]
    fn what_is_not_a_request_is_refused_with_a_reason() {
        for request in requests() {
            let bytes = request.expose_bytes();
            let refused = |bytes: &[u8]| match ProofRequest::read(bytes) {
                Err(ProverError::Other { reason }) => reason,
                other => panic!("{other:?}"),
            };
            for length in [0, 1, 2, 7, bytes.len() / 2, bytes.len() - 1] {
                assert!(refused(&bytes[..length]).contains("ends"), "{length}");
            }
            assert!(refused(&[&bytes[..], &[0]].concat()).contains("follow"));
            let with = |at: usize, byte: u8| {
                let mut altered = bytes.to_vec();
                altered[at] = byte;
                altered
            };
            assert!(refused(&with(0, 1)).contains("version"));
            assert!(refused(&with(1, 9)).contains("statement"));
            // The last scalar is above its modulus.
            assert!(refused(&with(bytes.len() - 1, 0xff)).contains("canonical"));
        }
    }

    #[test]
    fn debug_shows_no_witness() {
        let request = &requests()[0];
        assert_eq!(format!("{request:?}"), "ProofRequest(Transfer2x3, ..)");
    }
}
