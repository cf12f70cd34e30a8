//! `[tree]` as constraints: the root that a leaf's path leads to.

use bellman::{ConstraintSystem, SynthesisError};
use louver_core::{poseidon::Domain, spec::Fr};

use crate::{
    linear::{Linear, enforce, product},
    poseidon::hash,
};

/// The root above `leaf` by `path`, four children a level from the leaf's up: 300 constraints a level.
///
/// The node is one of the four children; which one is not said, for nothing depends on a position.
pub fn root<CS: ConstraintSystem<Fr>, const LEVELS: usize>(
    cs: &mut CS,
    leaf: &Linear,
    path: Option<&[[Fr; 4]; LEVELS]>,
) -> Result<Linear, SynthesisError> {
    let mut node = leaf.clone();
    for level in 0..LEVELS {
        let mut cs = cs.namespace(|| format!("level {level}"));
        let values = path.map(|path| path[level]);
        let [first, second, third, fourth] =
            CHILDREN.map(|(child, name)| Linear::alloc(&mut cs, name, values.map(|values| values[child])));
        let children = [first?, second?, third?, fourth?];
        enforce_member(&mut cs, &node, &children)?;
        node = hash(&mut cs, Domain::Node, &children)?;
    }
    Ok(node)
}

const CHILDREN: [(usize, &str); 4] = [(0, "child 0"), (1, "child 1"), (2, "child 2"), (3, "child 3")];

/// Enforces that `node` is one of `children`: `(n - c0)(n - c1)(n - c2)(n - c3) = 0`, in three constraints.
fn enforce_member<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    node: &Linear,
    children: &[Linear; 4],
) -> Result<(), SynthesisError> {
    let [c0, c1, c2, c3] = children;
    let left = product(cs, "of the first two", &(node - c0), &(node - c1))?;
    let right = product(cs, "of the last two", &(node - c2), &(node - c3))?;
    enforce(cs, "among the children", &left, &right, &Linear::zero());
    Ok(())
}

#[cfg(test)]
mod tests {
    use louver_core::poseidon;

    use super::*;
    use crate::{matrices::Matrices, rank};

    /// A path of two levels for `leaf` at a position, and its root.
    fn path(leaf: Fr, position: usize) -> ([[Fr; 4]; 2], Fr) {
        let mut path = [[1, 2, 3, 4].map(Fr::from), [5, 6, 7, 8].map(Fr::from)];
        path[0][position % 4] = leaf;
        path[1][position / 4] = poseidon::hash(Domain::Node, &path[0]);
        (path, poseidon::hash(Domain::Node, &path[1]))
    }

    fn synthesize(leaf: Fr, path: &[[Fr; 4]; 2]) -> (Matrices, Linear) {
        let mut cs = Matrices::with_witness();
        let leaf = Linear::alloc(&mut cs, "leaf", Some(leaf)).unwrap();
        let root = root(&mut cs, &leaf, Some(path)).unwrap();
        (cs, root)
    }

    #[test]
    fn every_position_leads_to_the_root() {
        for position in 0..16 {
            let (path, expected) = path(Fr::from(77), position);
            let (cs, root) = synthesize(Fr::from(77), &path);
            assert_eq!(cs.constraints(), 600);
            assert!(cs.is_satisfied());
            assert_eq!(root.value(), Some(expected));
        }
    }

    #[test]
    fn children_may_be_equal() {
        let leaf = Fr::from(77);
        for equal in [[leaf; 4], [leaf, leaf, Fr::from(1), Fr::from(1)], [Fr::from(1), leaf, leaf, leaf]] {
            let node = poseidon::hash(Domain::Node, &equal);
            let (cs, root) = synthesize(leaf, &[equal, [node; 4]]);
            assert!(cs.is_satisfied());
            assert_eq!(root.value(), Some(poseidon::hash(Domain::Node, &[node; 4])));
        }
    }

    #[test]
    fn a_leaf_that_is_no_child_is_refused() {
        let (path, _) = path(Fr::from(77), 6);
        let (cs, _) = synthesize(Fr::from(78), &path);
        assert_eq!(cs.first_violation().unwrap().name, "level 0/among the children");
    }

    #[test]
    fn a_path_of_another_subtree_is_refused() {
        let (mut broken, _) = path(Fr::from(77), 6);
        broken[1] = path(Fr::from(78), 6).0[1];
        let (cs, _) = synthesize(Fr::from(77), &broken);
        assert_eq!(cs.first_violation().unwrap().name, "level 1/among the children");
    }

    #[test]
    fn all_but_the_siblings_follows_from_the_leaf() {
        for position in 0..16 {
            let (path, _) = path(Fr::from(77), position);
            let (cs, _) = synthesize(Fr::from(77), &path);
            let own = [format!("level 0/child {}", position % 4), format!("level 1/child {}", position / 4)];
            let free =
                |name: &str| name == "leaf" || name.contains("child") && !own.iter().any(|own| own == name);
            assert_eq!(rank::undetermined(&cs, free), Vec::<String>::new());
        }
    }
}
