use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{DisclosureViolation, InputCount, account, account::AccountOpening, account::Randomized};
use crate::{
    epoch::Epoch,
    keys::EpochScalars,
    note::{
        commitment::NoteCommitment,
        nullifier::{Nullifier, SpendTag},
    },
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
    statement::fits,
};

/// `[transaction-opening]`: the account made a transaction, and these are the notes that its nullifiers stand for.
///
/// A nullifier key of an older epoch would say the same, and would show every spend of that epoch's notes with it. Here
/// no key is handed over, and not even a note's epoch is shown: whoever opens `cm_i` shows that.
///
/// The statement does not check that `e_i` is at most the transaction's `E`. The transfer's own proof checks it for the
/// note that it spent. `H_nf` and `P` have no known collisions, so the `(nk, cm)` behind this nullifier are that note's, and
/// so are account and epoch. For the same reason a dummy needs no clause of its own: it was opened in the transfer like any
/// input, of value 0 and of an epoch that the payer chose. Louver's wallets take `E`, and its owner opens it as a dummy by
/// the dummy root, `rk` and the slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionClaim {
    /// The account and the key that signs.
    pub account: Randomized,
    /// The pool.
    pub pool: PoolTag,
    /// `E`, the epoch that the transaction declares.
    pub epoch: Epoch,
    /// The transaction's spend tag.
    pub spend_tag: SpendTag,
    /// The transaction's inputs, in their order on the ledger.
    pub inputs: OpenedInputs,
}

/// An input of a transaction, dummy or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenedInput {
    /// The nullifier, as the ledger has it.
    pub nullifier: Nullifier,
    /// The commitment of what was spent, as the file says.
    pub commitment: NoteCommitment,
}

/// All inputs of a transaction: as many as some shape has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedInputs(Vec<OpenedInput>);

impl OpenedInputs {
    /// These inputs; `None` if no shape has as many.
    pub fn new(inputs: Vec<OpenedInput>) -> Option<Self> {
        InputCount::new(inputs.len()).map(|_| Self(inputs))
    }

    /// How many there are.
    pub fn count(&self) -> InputCount {
        InputCount::new(self.0.len()).expect("checked when they were made")
    }

    /// The inputs, in their order.
    pub fn as_slice(&self) -> &[OpenedInput] {
        &self.0
    }

    /// The inputs, to be changed one by one.
    pub fn as_mut_slice(&mut self) -> &mut [OpenedInput] {
        &mut self.0
    }
}

/// The account's knowledge of a transaction's inputs. Wiped on drop; its `Debug` shows nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct TransactionWitness {
    /// For each input the epoch of the note: 16 bits. Field elements, so that a broken witness can be written down.
    pub epochs: Vec<Fr>,
}

impl TransactionWitness {
    /// The witness for notes of these epochs, one for each input. A dummy of Louver's wallets has the transaction's own.
    pub fn new(epochs: impl IntoIterator<Item = Epoch>) -> Self {
        Self { epochs: epochs.into_iter().map(|epoch| epoch.to_scalar()).collect() }
    }
}

impl fmt::Debug for TransactionWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransactionWitness(..)")
    }
}

impl TransactionClaim {
    /// The names of the public inputs, in the order of [`Self::to_scalars`].
    pub fn names(inputs: InputCount) -> Vec<String> {
        let head = ["aid", "rk_u", "rk_v", "pool", "e", "st"].map(str::to_owned);
        let inputs = (0..inputs.get()).flat_map(|input| [format!("nf_{input}"), format!("cm_{input}")]);
        head.into_iter().chain(inputs).collect()
    }

    /// The public inputs, in their pinned order.
    pub fn to_scalars(&self) -> Vec<Fr> {
        let Randomized { aid, rk } = self.account;
        let (pool, epoch) = (self.pool.to_scalar(), self.epoch.to_scalar());
        let mut scalars = vec![aid, rk.0, rk.1, pool, epoch, self.spend_tag.to_scalar()];
        for OpenedInput { nullifier, commitment } in self.inputs.as_slice() {
            scalars.extend([nullifier.to_scalar(), commitment.to_scalar()]);
        }
        scalars
    }

    /// Whether the statement is true of this opening and witness.
    ///
    /// # Errors
    /// The first clause that is broken.
    pub fn holds(
        &self,
        opening: &AccountOpening,
        witness: &TransactionWitness,
    ) -> Result<(), DisclosureViolation> {
        self.violations(opening, witness).first().map_or(Ok(()), |violation| Err(*violation))
    }

    /// Every clause that is broken, in the order of the specification.
    pub fn violations(
        &self,
        opening: &AccountOpening,
        witness: &TransactionWitness,
    ) -> Vec<DisclosureViolation> {
        use DisclosureViolation as Clause;
        let inputs = self.inputs.as_slice();
        if witness.epochs.len() != inputs.len() {
            return vec![Clause::Size];
        }
        let mut broken = Vec::new();
        let mut require = |condition: bool, otherwise| {
            if !condition {
                broken.push(otherwise);
            }
        };
        // 1. The account.
        let account = account::holds(&self.account, self.pool, opening);
        require(account.is_ok(), account.err().unwrap_or(Clause::AccountId));
        // 2. The transaction.
        let first = inputs.first().map(|input| input.nullifier.to_scalar()).unwrap_or_default();
        let detection = account::epoch_keys(opening, self.pool, self.epoch).detection;
        let spend_tag = hash(Domain::SpendTag, &[detection, first]);
        require(spend_tag == self.spend_tag.to_scalar(), Clause::SpendTag);
        // 3. The inputs.
        for (index, (input, epoch)) in inputs.iter().zip(&witness.epochs).enumerate() {
            require(fits(epoch, 16), Clause::InputEpochRange(index));
            let keys = EpochScalars::derive(opening.ak, *opening.nk.expose(), self.pool, *epoch);
            let nullifier = hash(Domain::Nullifier, &[keys.nullifier, input.commitment.to_scalar()]);
            require(nullifier == input.nullifier.to_scalar(), Clause::InputNullifier(index));
        }
        broken
    }
}
