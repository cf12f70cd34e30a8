use louver_core::spec::b32;

/// `[reserves-node]`: a node of the tree: how much is owed below it, and a hash of all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The amount that is owed below it, in the asset's smallest unit.
    pub sum: u128,
    /// Its hash.
    pub hash: [u8; 32],
}

impl Node {
    /// The leaf of a customer's name, a fresh salt and an amount. Nobody without the salt finds the name in it.
    pub fn leaf(name: &str, salt: &[u8; 32], amount: u64) -> Self {
        let customer = b32(b"LouverResName", &[salt, name.as_bytes()]);
        let hash = b32(b"LouverResLeaf", &[&customer, &amount.to_le_bytes()]);
        Self { sum: amount.into(), hash }
    }

    /// The node over two; `None` if more would be owed than a number holds.
    pub fn over(left: &Self, right: &Self) -> Option<Self> {
        let sum = left.sum.checked_add(right.sum)?;
        let [left_sum, right_sum] = [left, right].map(|node| node.sum.to_le_bytes());
        let hash = b32(b"LouverResNode", &[&left_sum, &left.hash, &right_sum, &right.hash]);
        Some(Self { sum, hash })
    }
}

/// A tree of a power of two of leaves.
#[derive(Clone, PartialEq, Eq)]
pub struct SumTree {
    /// The leaves first, the top last.
    levels: Vec<Vec<Node>>,
    top: Node,
}

impl SumTree {
    /// The tree over leaves; `None` if they are not a power of two, or if their sum is more than a number holds.
    pub fn new(leaves: Vec<Node>) -> Option<Self> {
        if !leaves.len().is_power_of_two() {
            return None;
        }
        let mut levels = vec![leaves];
        loop {
            let level = levels.last()?;
            if let [top] = level.as_slice() {
                let top = *top;
                return Some(Self { levels, top });
            }
            let pairs = level.chunks_exact(2);
            let above: Option<Vec<_>> = pairs.map(|pair| Node::over(&pair[0], &pair[1])).collect();
            levels.push(above?);
        }
    }

    /// The node over all leaves.
    pub fn top(&self) -> &Node {
        &self.top
    }

    /// How many nodes lie between a leaf and the top, the top included.
    pub fn depth(&self) -> usize {
        self.levels.len() - 1
    }

    /// The siblings on the way from a leaf to the top. Those of a leaf that is not there are none.
    pub fn path(&self, index: u32) -> Vec<Node> {
        let index = index as usize;
        let below = self.levels.iter().take(self.depth()).enumerate();
        below.filter_map(|(height, level)| level.get((index >> height) ^ 1).copied()).collect()
    }
}
