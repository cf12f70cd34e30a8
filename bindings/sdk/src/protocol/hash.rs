//! The hash and the tree of commitments.

use louver_core::{
    note::NoteCommitment,
    poseidon::{self, Domain},
    spec::Fr,
    tree::{Anchor, Frontier, LEVELS, MerklePath},
};

use super::{ProtocolError, argument, scalar, scalars, text, texts};

data! {
    /// A use of the hash.
    pub struct PoseidonDomain {
        /// Its name.
        pub name: String,
        /// The constant that the state starts with.
        pub constant: String,
        /// The number of inputs.
        pub arity: u8,
    }
}

data! {
    /// A path from a leaf to the root.
    pub struct TreePath {
        /// For each level, from the leaf up, the four children, one of which is on the path.
        pub children: Vec<Vec<String>>,
        /// The root.
        pub root: String,
    }
}

/// `[poseidon]`: the permutation of five field elements.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn poseidon_permute(state: Vec<String>) -> Result<Vec<String>, ProtocolError> {
    let state = scalars("state", &state)?.try_into().map_err(|_| argument("state"))?;
    Ok(texts(&poseidon::permute(state)))
}

/// `[poseidon]`: lanes 1 to 4 of the hash in a domain; the first is the hash.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn poseidon_hash(domain: String, inputs: Vec<String>) -> Result<Vec<String>, ProtocolError> {
    let domain = Domain::ALL.into_iter().find(|known| known.name() == domain);
    let domain = domain.ok_or_else(|| argument("domain"))?;
    let inputs = scalars("inputs", &inputs)?;
    if inputs.len() != domain.arity() {
        return Err(argument("inputs"));
    }
    Ok(texts(&poseidon::lanes(domain, &inputs)))
}

/// Every domain of the hash.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn poseidon_domains() -> Vec<PoseidonDomain> {
    let domain = |domain: Domain| PoseidonDomain {
        name: domain.name().to_owned(),
        constant: text(&domain.constant()),
        arity: u8::try_from(domain.arity()).unwrap_or(u8::MAX),
    };
    Domain::ALL.into_iter().map(domain).collect()
}

/// The constants of every round.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn poseidon_round_constants() -> Vec<Vec<String>> {
    poseidon::round_constants().iter().map(texts).collect()
}

/// The matrix of the linear layer, by rows.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn poseidon_mds() -> Vec<Vec<String>> {
    poseidon::mds().iter().map(texts).collect()
}

/// `[tree]`: the root of the tree of these leaves.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn tree_root(leaves: Vec<String>) -> Result<String, ProtocolError> {
    let mut frontier = Frontier::empty();
    for leaf in scalars("leaves", &leaves)? {
        frontier.append(NoteCommitment::from_scalar(leaf)).map_err(|_| argument("leaves"))?;
    }
    Ok(text(&root(frontier.root())))
}

/// `[tree]`: the path of a leaf to the root, from its position and, at each of 16 levels, the other three children.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn tree_path(leaf: String, position: u32, siblings: Vec<Vec<String>>) -> Result<TreePath, ProtocolError> {
    let level = |level: &Vec<String>| -> Result<[Fr; 3], ProtocolError> {
        scalars("siblings", level)?.try_into().map_err(|_| argument("siblings"))
    };
    let siblings: Vec<_> = siblings.iter().map(level).collect::<Result<_, _>>()?;
    let siblings: [[Fr; 3]; LEVELS] = siblings.try_into().map_err(|_| argument("siblings"))?;
    let leaf = NoteCommitment::from_scalar(scalar("leaf", &leaf)?);
    let path = MerklePath::from_parts(position, siblings);
    Ok(TreePath {
        children: path.children(leaf).iter().map(texts).collect(),
        root: text(&root(path.root(leaf))),
    })
}

fn root(anchor: Anchor) -> Fr {
    anchor.to_scalar()
}
