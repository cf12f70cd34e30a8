use core::fmt;

use thiserror::Error;

use super::{MAX_DEPTH, Node, Subject};
use crate::text;

/// A part of a customer's balance and its way to the top of the tree.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) index: u32,
    pub(super) salt: [u8; 32],
    pub(super) amount: u64,
    pub(super) siblings: Vec<Node>,
}

/// The file for one customer: that a tree counts the balance. It names the customer; of others it shows sums.
#[derive(Clone, PartialEq, Eq)]
pub struct Inclusion {
    pub(super) subject: Subject,
    pub(super) name: String,
    pub(super) top: Node,
    pub(super) parts: Vec<Part>,
}

/// The balance that a tree counts for a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Included {
    /// The subject of the tree.
    pub subject: Subject,
    /// The customer.
    pub name: String,
    /// The customer's balance that it counts, in the asset's smallest unit.
    pub amount: u128,
    /// How much it owes in all.
    pub total: u128,
    /// `[reserves-root]`: the hash that has to be published.
    pub root: [u8; 32],
}

/// Why a file does not show that a customer is counted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum InclusionError {
    /// It is for somebody else: another customer's leaf may be shown to two people.
    #[error(
        "the file is for {found:?}, not for {expected:?}: it shows nothing of your balance. Ask for your own"
    )]
    OtherName {
        /// The name in the file.
        found: String,
        /// The name that the reader goes by.
        expected: String,
    },
    /// A leaf is shown twice, or leaves are out of order: one would count as two.
    #[error("a leaf of the tree is shown twice: your balance is not counted as the file says")]
    Repeated,
    /// A leaf or a way to the top does not fit the tree.
    #[error("the file does not lead to the top of one tree: your balance is not counted in it")]
    OtherTree,
    /// A sum is negative in effect: greater than the leaves below it can hold.
    #[error("a sum in the tree is greater than its leaves can hold: the tree hides debts")]
    Sum,
}

/// The roots that somebody published about a subject, by the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publication {
    /// This root, and no other.
    Once,
    /// No root.
    Nothing,
    /// One root, and it is another: the customer was shown a tree that does not count.
    Another,
    /// Several roots: customers may have been shown different trees. The announcements are the evidence.
    Several(u64),
}

impl Publication {
    /// The conclusion from the announcements about a subject: how many there are, and the hash of the first.
    pub fn of(root: &[u8; 32], count: u64, first: Option<&[u8; 32]>) -> Self {
        match (count, first) {
            (0, _) => Self::Nothing,
            (1, Some(hash)) if hash == root => Self::Once,
            (1, _) => Self::Another,
            (count, _) => Self::Several(count),
        }
    }
}

impl Inclusion {
    /// The subject of the tree, in its owner's words.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The customer that it is for, in its owner's words.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `[reserves-checks]`: what the tree counts for a customer who goes by `name`. Whether that root was published is for the
    /// ledger to say.
    ///
    /// # Errors
    /// [`InclusionError`].
    pub fn check(&self, name: &str) -> Result<Included, InclusionError> {
        let expected = text::name(name);
        if self.name != expected || expected.is_empty() {
            return Err(InclusionError::OtherName { found: self.name.clone(), expected });
        }
        let depth = self.parts.first().ok_or(InclusionError::OtherTree)?.siblings.len();
        if depth > MAX_DEPTH {
            return Err(InclusionError::OtherTree);
        }
        if self.parts.windows(2).any(|pair| pair[0].index >= pair[1].index) {
            return Err(InclusionError::Repeated);
        }
        for part in &self.parts {
            if part.siblings.len() != depth || part.index >> depth != 0 {
                return Err(InclusionError::OtherTree);
            }
            if self.climb(part)? != self.top {
                return Err(InclusionError::OtherTree);
            }
        }
        Ok(Included {
            subject: self.subject,
            name: self.name.clone(),
            amount: self.parts.iter().map(|part| u128::from(part.amount)).sum(),
            total: self.top.sum,
            root: self.subject.root(depth, &self.top),
        })
    }

    /// The node that a part's way ends in.
    fn climb(&self, part: &Part) -> Result<Node, InclusionError> {
        let mut node = Node::leaf(&self.name, &part.salt, part.amount);
        for (height, sibling) in part.siblings.iter().enumerate() {
            // 2^height leaves of 64 bits.
            if sibling.sum >> (64 + height) != 0 {
                return Err(InclusionError::Sum);
            }
            let [left, right] = match part.index >> height & 1 {
                0 => [&node, sibling],
                _ => [sibling, &node],
            };
            node = Node::over(left, right).ok_or(InclusionError::Sum)?;
        }
        Ok(node)
    }
}

/// It shows no salt and no balance.
impl fmt::Debug for Inclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inclusion").field("subject", &self.subject).finish_non_exhaustive()
    }
}
