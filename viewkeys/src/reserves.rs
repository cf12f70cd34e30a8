//! `[reserves-node]`: what somebody owes to customers, as a Merkle tree of sums. Its root is published on the ledger, once for
//! each account, asset and snapshot. Each customer checks that the tree has an own leaf with the own balance; whoever left a
//! customer out is found by that customer.
//!
//! The owner makes [`Liabilities`] of a list of customers, publishes [`Liabilities::root`], and gives each customer an
//! [`Inclusion`]. The customer's [`Inclusion::check`] says what the tree counts for him and how much it owes in all; the
//! ledger says whether that root, and no other, was published ([`Publication`]).

mod backing;
mod codec;
mod inclusion;
mod make;
mod owed;
mod tree;

use core::fmt;

use louver_core::{asset::AssetId, encoding::Encode, keys::AccountId, pool::GenesisHash, spec::b32};

pub use backing::{Backing, BackingError, Holding};
pub use inclusion::{Included, Inclusion, InclusionError, Publication};
pub use make::{Customer, MakeLiabilitiesError};
pub use owed::Owed;
pub use tree::{Node, SumTree};

/// The longest name of a customer, in bytes of UTF-8.
pub const MAX_CUSTOMER: usize = 256;
/// The greatest depth of a tree: 2^20 leaves.
pub const MAX_DEPTH: usize = 20;

/// The subject of a tree: whose reserves stand against it, in which asset and at which snapshot of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The chain.
    pub genesis: GenesisHash,
    /// The account that holds the reserves.
    pub account: AccountId,
    /// The asset that is owed.
    pub asset: AssetId,
    /// The index of the snapshot.
    pub snapshot: u32,
}

impl Subject {
    /// The same of another account.
    #[must_use]
    pub fn of(self, account: AccountId) -> Self {
        Self { account, ..self }
    }

    /// `[reserves-root]`: the hash that is published for a tree of some depth with this top.
    pub fn root(&self, depth: usize, top: &Node) -> [u8; 32] {
        let depth = u8::try_from(depth).unwrap_or(u8::MAX);
        b32(b"LouverResRoot", &[&self.to_bytes(), &[depth], &top.sum.to_le_bytes(), &top.hash])
    }
}

/// A leaf: a part of what is owed to a customer. Leaves that only fill the tree up owe nothing to nobody.
#[derive(Clone, PartialEq, Eq)]
struct Leaf {
    /// The customer's name; empty if the leaf fills the tree up.
    name: String,
    salt: [u8; 32],
    amount: u64,
}

impl Leaf {
    fn node(&self) -> Node {
        Node::leaf(&self.name, &self.salt, self.amount)
    }
}

/// Everything that somebody owes in an asset at a snapshot: the owner's file. It names every customer and every balance.
#[derive(Clone, PartialEq, Eq)]
pub struct Liabilities {
    subject: Subject,
    leaves: Vec<Leaf>,
    tree: SumTree,
}

impl Liabilities {
    /// Its subject.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// How much is owed in all, in the asset's smallest unit.
    pub fn total(&self) -> u128 {
        self.tree.top().sum
    }

    /// `[reserves-root]`: the hash to publish.
    pub fn root(&self) -> [u8; 32] {
        self.subject.root(self.tree.depth(), self.tree.top())
    }

    /// `[reserves-owed]`: how much is owed in all, for everybody.
    pub fn owed(&self) -> Owed {
        let depth = u8::try_from(self.tree.depth()).unwrap_or(u8::MAX);
        Owed { subject: self.subject, depth, top: *self.tree.top() }
    }

    /// The customers, each once, in the order of their names.
    pub fn customers(&self) -> Vec<&str> {
        let mut names: Vec<_> =
            self.leaves.iter().map(|leaf| leaf.name.as_str()).filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The file for a customer; `None` if there is none of that name.
    pub fn inclusion(&self, name: &str) -> Option<Inclusion> {
        let name = crate::text::name(name);
        let of = (0u32..).zip(&self.leaves).filter(|(_, leaf)| !name.is_empty() && leaf.name == name);
        let parts: Vec<_> = of
            .map(|(index, leaf)| inclusion::Part {
                index,
                salt: leaf.salt,
                amount: leaf.amount,
                siblings: self.tree.path(index),
            })
            .collect();
        (!parts.is_empty()).then(|| Inclusion { subject: self.subject, name, top: *self.tree.top(), parts })
    }
}

/// It shows no customer.
impl fmt::Debug for Liabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Liabilities").field("subject", &self.subject).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
