use louver_core::{
    address::{Diversifier, OwnerTag},
    agreement::Element,
    asset::AssetId,
    disclosure::InputCount,
    encoding::{Decode, DecodeError, Encode, Reader, put_count, put_option},
    proof::Proof,
    secret::Secret,
    transaction::TxId,
    value::Value,
};
use zeroize::Zeroizing;

use super::{
    BookOutput, BookReceipt, BookStatement, BookTransaction, OpeningNote, Openings, OutputOpening, Recipient,
};
use crate::{
    grant::ScopeKeys,
    scope::Directions,
    signed::{About, Body},
};

/// The only direction whose keys a book has.
pub(super) const DETECTION: Directions =
    Directions { incoming: false, change: false, outgoing: false, spends: false, detection: true };

const PROOF: usize = 192;
/// No output is shorter, in bytes: an empty one.
const LEAST_OUTPUT: usize = 1 + 32 + 7 + 32;
/// None is longer: a proof that hides the recipient.
const LARGEST_OUTPUT: usize = 1 + 7 + 8 + 1 + PROOF;
/// No transaction is shorter: of two inputs, and no output.
const LEAST_TRANSACTION: usize = 32 + 1 + 2 * OutputOpening::LENGTH + 1 + PROOF;
const RECEIPT: usize = 32 + 1 + 7 + 8 + PROOF;
const LEAST_OPENING: usize = OutputOpening::LENGTH + 1;

impl Body for Openings {
    const MAGIC: &'static [u8; 8] = b"LVBOOKS\x01";
    // Its keys mark every transaction of the account in its epochs.
    const IS_SECRET: bool = true;
    // Some 50,000 transactions.
    const MAX_BYTES: usize = 1 << 26;
    type Statement = BookStatement;

    fn size_bound(&self) -> usize {
        let transactions: usize = self
            .transactions
            .iter()
            .map(|transaction| {
                let (inputs, outputs) = (transaction.inputs.len(), transaction.outputs.len());
                34 + inputs * OutputOpening::LENGTH + outputs * LARGEST_OUTPUT + PROOF
            })
            .sum();
        let opening = self.opening.len() * (LEAST_OPENING + PROOF);
        self.keys.size_bound() + 12 + transactions + self.receipts.len() * RECEIPT + opening
    }

    fn put(&self, out: &mut Vec<u8>) {
        self.keys.put(out);
        put_count(out, self.transactions.len());
        self.transactions.iter().for_each(|transaction| transaction.put(out));
        put_count(out, self.receipts.len());
        self.receipts.iter().for_each(|receipt| receipt.put(out));
        put_count(out, self.opening.len());
        for held in &self.opening {
            held.note.put(out);
            put_option(out, held.proof.as_ref());
        }
    }

    fn read(reader: &mut Reader<'_>, about: &About) -> Result<Self, DecodeError> {
        let keys = ScopeKeys::read(reader, about)?;
        if keys.scope().directions() != DETECTION {
            return Err(DecodeError::NotCanonical { what: "keys of a book" });
        }
        let count = reader.count(LEAST_TRANSACTION)?;
        let transactions = (0..count).map(|_| BookTransaction::read(reader)).collect::<Result<_, _>>()?;
        let count = reader.count(RECEIPT)?;
        let receipts = (0..count).map(|_| BookReceipt::read(reader)).collect::<Result<_, _>>()?;
        let count = reader.count(LEAST_OPENING)?;
        let held = |reader: &mut Reader<'_>| {
            Ok(OpeningNote { note: OutputOpening::decode(reader)?, proof: reader.option()? })
        };
        let opening = (0..count).map(|_| held(reader)).collect::<Result<_, DecodeError>>()?;
        Ok(Self { keys, transactions, receipts, opening })
    }

    fn set_proofs(&mut self, proofs: Vec<Proof>) {
        let mut proofs = proofs.into_iter();
        let keys = self.keys.spans().count();
        self.keys.set_proofs(proofs.by_ref().take(keys).collect());
        for (own, proof) in self.proofs_mut().zip(proofs) {
            *own = proof;
        }
    }
}

impl Openings {
    /// Every proof but those of the keys, in the order of their statements.
    fn proofs_mut(&mut self) -> impl Iterator<Item = &mut Proof> {
        let transactions = self.transactions.iter_mut().flat_map(|transaction| {
            let outputs = transaction.outputs.iter_mut().filter_map(|output| match output {
                BookOutput::Own { proof, .. } => Some(proof),
                BookOutput::Paid { recipient: Recipient::Hidden(proof), .. } => Some(proof),
                BookOutput::Paid { recipient: Recipient::Shown { .. }, .. } | BookOutput::Empty { .. } => {
                    None
                }
            });
            core::iter::once(&mut transaction.proof).chain(outputs)
        });
        let receipts = self.receipts.iter_mut().map(|receipt| &mut receipt.proof);
        transactions.chain(receipts).chain(self.opening.iter_mut().filter_map(|held| held.proof.as_mut()))
    }
}

impl BookTransaction {
    fn put(&self, out: &mut Vec<u8>) {
        self.txid.encode(out);
        // A shape has few of either.
        out.push(u8::try_from(self.inputs.len()).unwrap_or(u8::MAX));
        self.inputs.iter().for_each(|input| input.put(out));
        out.push(u8::try_from(self.outputs.len()).unwrap_or(u8::MAX));
        self.outputs.iter().for_each(|output| output.put(out));
        self.proof.encode(out);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let txid = TxId::decode(reader)?;
        let inputs = InputCount::new(reader.u8()?.into());
        let inputs = inputs.ok_or(DecodeError::OutOfRange { what: "number of inputs" })?.get();
        let inputs = (0..inputs).map(|_| OutputOpening::decode(reader)).collect::<Result<_, _>>()?;
        let outputs = usize::from(reader.u8()?);
        if outputs * LEAST_OUTPUT > reader.remaining() {
            return Err(DecodeError::OutOfRange { what: "number of outputs" });
        }
        let outputs = (0..outputs).map(|_| BookOutput::read(reader)).collect::<Result<_, _>>()?;
        Ok(Self { txid, inputs, outputs, proof: Proof::decode(reader)? })
    }
}

impl BookOutput {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Empty { tag, asset, rcm } => {
                out.push(0);
                tag.encode(out);
                asset.encode(out);
                out.extend_from_slice(&*Zeroizing::new(rcm.expose().to_bytes()));
            }
            Self::Own { asset, value, proof } => {
                out.push(1);
                asset.encode(out);
                value.encode(out);
                proof.encode(out);
            }
            Self::Paid { asset, value, recipient } => {
                out.push(if matches!(recipient, Recipient::Hidden(_)) { 2 } else { 3 });
                asset.encode(out);
                value.encode(out);
                match recipient {
                    Recipient::Hidden(proof) => proof.encode(out),
                    Recipient::Shown { diversifier, pk_d, tag, rseed } => {
                        out.extend_from_slice(diversifier.as_bytes());
                        pk_d.encode(out);
                        tag.encode(out);
                        out.extend_from_slice(rseed.expose());
                    }
                }
            }
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let kind = reader.u8()?;
        if kind == 0 {
            let (tag, asset) = (OwnerTag::decode(reader)?, AssetId::decode(reader)?);
            return Ok(Self::Empty { tag, asset, rcm: Secret::new(reader.fr()?) });
        }
        let unknown = DecodeError::UnknownTag { what: "kind of an output", tag: kind.into() };
        let (asset, value) = (AssetId::decode(reader)?, Value::decode(reader)?);
        let recipient = match kind {
            1 => return Ok(Self::Own { asset, value, proof: Proof::decode(reader)? }),
            2 => Recipient::Hidden(Proof::decode(reader)?),
            3 => Recipient::Shown {
                diversifier: Diversifier::new(reader.array()?),
                pk_d: Element::decode(reader)?,
                tag: OwnerTag::decode(reader)?,
                rseed: Secret::new(reader.array()?),
            },
            _ => return Err(unknown),
        };
        Ok(Self::Paid { asset, value, recipient })
    }
}

impl BookReceipt {
    fn put(&self, out: &mut Vec<u8>) {
        self.txid.encode(out);
        out.push(self.output);
        self.asset.encode(out);
        self.value.encode(out);
        self.proof.encode(out);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            txid: TxId::decode(reader)?,
            output: reader.u8()?,
            asset: AssetId::decode(reader)?,
            value: Value::decode(reader)?,
            proof: Proof::decode(reader)?,
        })
    }
}
