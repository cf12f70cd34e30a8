use std::collections::HashSet;

use rand_core::CryptoRng;
use thiserror::Error;

use super::{Leaf, Liabilities, MAX_CUSTOMER, MAX_DEPTH, Subject, SumTree};
use crate::text;

/// Somebody to whom something is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// A name that this customer knows and no other customer has: an account number, an address of mail.
    pub name: String,
    /// The amount, in the asset's smallest unit.
    pub amount: u64,
}

/// Why no tree was made.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum MakeLiabilitiesError {
    /// Nobody is named.
    #[error("the list has no customer")]
    Nobody,
    /// A name is empty or too long.
    #[error("customer number {0} has no name, or one of more than {MAX_CUSTOMER} bytes")]
    Name(usize),
    /// Two customers have one name: one leaf could be shown to both.
    #[error(
        "{0:?} stands in the list twice: names have to differ, so that no leaf can be shown to two customers. Add them up, or \
         use account numbers"
    )]
    Repeated(String),
    /// The tree would be too large.
    #[error("the tree would have more than {} leaves: split amounts less, or make several trees", 1 << MAX_DEPTH)]
    TooLarge,
}

impl Liabilities {
    /// `[reserves-make]`: the tree of a list of customers. Amounts above `largest` are split into random parts; without it, above
    /// the average. The tree is filled up to a power of two, and its leaves are shuffled: a customer's siblings then say
    /// little of the others.
    ///
    /// # Errors
    /// [`MakeLiabilitiesError`].
    pub fn make<R: CryptoRng>(
        subject: Subject,
        customers: &[Customer],
        largest: Option<u64>,
        rng: &mut R,
    ) -> Result<Self, MakeLiabilitiesError> {
        let total: u128 = customers.iter().map(|customer| u128::from(customer.amount)).sum();
        let average = total.checked_div(customers.len() as u128).ok_or(MakeLiabilitiesError::Nobody)?;
        let average = u64::try_from(average).unwrap_or(u64::MAX);
        let largest = largest.unwrap_or(average).max(1);
        let mut leaves = Vec::new();
        let mut names = HashSet::new();
        for (number, customer) in (1..).zip(customers) {
            let name = text::name(&customer.name);
            if name.is_empty() || name.len() > MAX_CUSTOMER {
                return Err(MakeLiabilitiesError::Name(number));
            }
            if !names.insert(name.clone()) {
                return Err(MakeLiabilitiesError::Repeated(name));
            }
            let mut rest = customer.amount;
            while rest > largest {
                if leaves.len() >= 1 << MAX_DEPTH {
                    return Err(MakeLiabilitiesError::TooLarge);
                }
                let amount = largest - below(largest / 2 + 1, rng);
                leaves.push(Leaf { name: name.clone(), salt: salt(rng), amount });
                rest -= amount;
            }
            leaves.push(Leaf { name, salt: salt(rng), amount: rest });
        }
        let size = leaves.len().next_power_of_two();
        if size > 1 << MAX_DEPTH {
            return Err(MakeLiabilitiesError::TooLarge);
        }
        leaves.resize_with(size, || Leaf { name: String::new(), salt: salt(rng), amount: 0 });
        for last in (1..leaves.len()).rev() {
            let other = below(last as u64 + 1, rng);
            leaves.swap(last, usize::try_from(other).unwrap_or(last));
        }
        Self::of(subject, leaves).ok_or(MakeLiabilitiesError::TooLarge)
    }

    pub(super) fn of(subject: Subject, leaves: Vec<Leaf>) -> Option<Self> {
        let tree = SumTree::new(leaves.iter().map(Leaf::node).collect())?;
        Some(Self { subject, leaves, tree })
    }
}

fn salt<R: CryptoRng>(rng: &mut R) -> [u8; 32] {
    let mut salt = [0; 32];
    rng.fill_bytes(&mut salt);
    salt
}

/// A number below `bound`, which is not 0; each is as likely as any other but for a 2^-64th.
fn below<R: CryptoRng>(bound: u64, rng: &mut R) -> u64 {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    u64::try_from(u128::from_le_bytes(bytes) % u128::from(bound)).unwrap_or_default()
}
