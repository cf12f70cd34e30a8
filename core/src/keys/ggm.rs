//! `[ggm]`: trees of secrets over the epochs. The keys of any range of epochs can be handed over.
//!
//! Each view of an account (its receipts, its change, its payments) has a tree of depth 16 in each pool. A node opens
//! all epochs below it and no others. (Goldreich, Goldwasser, Micali; Journal of the ACM, 1986.)

use core::fmt;

use zeroize::Zeroizing;

use crate::{
    encoding::{Decode, DecodeError, Reader, put_count},
    epoch::{Epoch, EpochRange},
    pool::PoolTag,
    secret::{ExposeBytes, Secret},
    spec::{Fl, b32, b64, to_fl},
};

/// The depth of the leaves: one for each of 2^16 epochs.
pub const DEPTH: u8 = 16;

/// The part of an account that the holder of a tree can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum View {
    /// Notes received at addresses given to others.
    External,
    /// Change.
    Internal,
    /// Notes sent to others.
    Outgoing,
}

impl View {
    /// All three.
    pub const ALL: [Self; 3] = [Self::External, Self::Internal, Self::Outgoing];

    /// The letter that stands for the view in hashes and encodings.
    pub fn code(self) -> u8 {
        match self {
            Self::External => b'E',
            Self::Internal => b'I',
            Self::Outgoing => b'O',
        }
    }
}

/// The root of one tree: of one view, in one pool.
pub(super) struct ViewRoot {
    view: View,
    pool: PoolTag,
    top: Node,
}

impl ViewRoot {
    pub(super) fn new(view: View, pool: PoolTag, root: &Secret<[u8; 32]>) -> Self {
        let personal = [b"LouverGGMRoot".as_slice(), &[view.code()]].concat();
        let secret = Secret::new(b32(&personal, &[root.expose(), &pool.to_le_bytes()]));
        Self { view, pool, top: Node { depth: 0, index: 0, secret } }
    }

    pub(super) fn leaf(&self, epoch: Epoch) -> GgmLeaf {
        self.top.leaf(self.view, epoch)
    }

    pub(super) fn cover(&self, range: EpochRange) -> GgmCover {
        let nodes = minimal(range)
            .into_iter()
            .map(|(depth, index)| Node { depth, index, secret: self.top.descend(self.view, depth, index) })
            .collect();
        GgmCover { view: self.view, pool: self.pool, range, nodes }
    }
}

/// A secret of the tree with its place: `index` counts the nodes of `depth` from the left.
#[derive(Clone)]
struct Node {
    depth: u8,
    index: u16,
    secret: Secret<[u8; 32]>,
}

impl Node {
    /// The secret at a place below this one, which the caller has made sure of.
    fn descend(&self, view: View, depth: u8, index: u16) -> Secret<[u8; 32]> {
        let mut secret = self.secret.clone();
        for level in self.depth..depth {
            let below = depth - level;
            let parent = index.checked_shr(below.into()).unwrap_or(0);
            let [low, high] = parent.to_le_bytes();
            let personal = [b"LouverGGM".as_slice(), &[view.code(), level, low, high]].concat();
            let children = Zeroizing::new(b64(&personal, &[secret.expose()]));
            let right = usize::from(index >> (below - 1) & 1);
            let mut child = [0u8; 32];
            child.copy_from_slice(&children[32 * right..32 * right + 32]);
            secret = Secret::new(child);
        }
        secret
    }

    fn leaf(&self, view: View, epoch: Epoch) -> GgmLeaf {
        GgmLeaf { secret: self.descend(view, DEPTH, epoch.0) }
    }

    fn range(&self) -> EpochRange {
        below(self.depth, self.index)
    }
}

/// The epochs below a place of the tree.
fn below(depth: u8, index: u16) -> EpochRange {
    let first = index.checked_shl(u32::from(DEPTH - depth)).unwrap_or(0);
    let last = first | u16::MAX.checked_shr(depth.into()).unwrap_or(0);
    EpochRange::new(Epoch(first), Epoch(last)).expect("no place is above nothing")
}

/// The places of the fewest nodes that open a range and nothing else, from left to right.
fn minimal(range: EpochRange) -> Vec<(u8, u16)> {
    let mut places = Vec::new();
    let mut start = Some(range.first().0);
    while let Some(first) = start.filter(|first| *first <= range.last().0) {
        // The highest place that begins here and does not reach too far; the leaf always does.
        let place = (0..=DEPTH)
            .map(|depth| (depth, first.checked_shr(u32::from(DEPTH - depth)).unwrap_or(0)))
            .find(|(depth, index)| {
                let opened = below(*depth, *index);
                opened.first().0 == first && opened.last() <= range.last()
            })
            .expect("a leaf opens one epoch");
        start = below(place.0, place.1).last().0.checked_add(1);
        places.push(place);
    }
    places
}

/// The secret of one epoch, from which its keys come.
pub struct GgmLeaf {
    secret: Secret<[u8; 32]>,
}

impl GgmLeaf {
    /// `[view-keys]`: `ivk_e`.
    pub(super) fn ivk(&self) -> Secret<Fl> {
        Secret::new(to_fl(&Zeroizing::new(b64(b"LouverIvk", &[self.secret.expose()]))))
    }

    /// `dk_e`: the diversifier key.
    pub(super) fn dk(&self) -> Secret<[u8; 32]> {
        Secret::new(b32(b"LouverDk", &[self.secret.expose()]))
    }

    /// `ovk_e`: the outgoing viewing key.
    pub(super) fn ovk(&self) -> Secret<[u8; 32]> {
        Secret::new(b32(b"LouverOvk", &[self.secret.expose()]))
    }
}

impl fmt::Debug for GgmLeaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GgmLeaf(..)")
    }
}

/// `[ggm-cover]`: the fewest nodes that open a range of epochs of one view in one pool, and nothing else.
#[derive(Clone)]
pub struct GgmCover {
    view: View,
    pool: PoolTag,
    range: EpochRange,
    nodes: Vec<Node>,
}

impl GgmCover {
    /// The part of the account that its holder can see.
    pub fn view(&self) -> View {
        self.view
    }

    /// The pool it is for.
    pub fn pool(&self) -> PoolTag {
        self.pool
    }

    /// The epochs it opens.
    pub fn range(&self) -> EpochRange {
        self.range
    }

    /// The leaf of an epoch in the range.
    pub fn leaf(&self, epoch: Epoch) -> Option<GgmLeaf> {
        let node = self.nodes.iter().find(|node| node.range().contains(epoch))?;
        Some(node.leaf(self.view, epoch))
    }
}

impl fmt::Debug for GgmCover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GgmCover(..)")
    }
}

impl ExposeBytes for GgmCover {
    /// `view code (u8) || pool || count (u32) || (depth u8 || index u16 || node 32)...`, from left to right.
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(21 + 35 * self.nodes.len()));
        out.push(self.view.code());
        out.extend_from_slice(&self.pool.to_le_bytes());
        put_count(&mut out, self.nodes.len());
        for node in &self.nodes {
            out.push(node.depth);
            out.extend_from_slice(&node.index.to_le_bytes());
            out.extend_from_slice(node.secret.expose());
        }
        out
    }
}

impl Decode for GgmCover {
    /// Refuses, each with its own error, a cover that is empty, leaves the tree, overlaps, is out of order, has a gap,
    /// or spends two nodes where one would do.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let not = |what| DecodeError::NotCanonical { what };
        let code = reader.u8()?;
        let view = View::ALL
            .into_iter()
            .find(|view| view.code() == code)
            .ok_or(DecodeError::UnknownTag { what: "view", tag: code.into() })?;
        let pool = PoolTag::decode(reader)?;
        let count = reader.count(35)?;
        let mut nodes: Vec<Node> = Vec::with_capacity(count);
        for _ in 0..count {
            let (depth, index) = (reader.u8()?, reader.u16()?);
            if depth > DEPTH || u32::from(index) >> depth != 0 {
                return Err(DecodeError::OutOfRange { what: "place of a node" });
            }
            let node = Node { depth, index, secret: Secret::new(reader.array()?) };
            if let Some(previous) = nodes.last() {
                let (before, this) = (previous.range(), node.range());
                if this.last() < before.first() {
                    return Err(not("the nodes of a cover are out of order"));
                }
                if this.first() <= before.last() {
                    return Err(not("the nodes of a cover overlap"));
                }
                if this.first().previous() != Some(before.last()) {
                    return Err(not("the nodes of a cover leave a gap"));
                }
            }
            nodes.push(node);
        }
        let (Some(first), Some(last)) = (nodes.first(), nodes.last()) else {
            return Err(not("a cover has no nodes"));
        };
        let range = EpochRange::new(first.range().first(), last.range().last())
            .ok_or(not("the nodes of a cover are out of order"))?;
        let places: Vec<_> = nodes.iter().map(|node| (node.depth, node.index)).collect();
        match places == minimal(range) {
            true => Ok(Self { view, pool, range, nodes }),
            false => Err(not("a cover has more nodes than it needs")),
        }
    }
}
