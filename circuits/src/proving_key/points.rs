use core::marker::PhantomData;
use std::borrow::Cow;

use crate::curve::Affine;

/// Points as they lie in a key.
#[derive(Clone, Copy)]
pub(crate) struct Points<'a, P> {
    bytes: &'a [u8],
    point: PhantomData<P>,
}

impl<'a, P: Affine> Points<'a, P> {
    /// The points whose limbs stand in these bytes, one after the other.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, point: PhantomData }
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = P> + use<'a, P> {
        self.bytes.chunks_exact(P::BYTES).map(P::read_limbs)
    }

    /// All of them as a slice: of the key itself where the machine reads them as they lie, as it does in a mapped
    /// file; else copied.
    pub(crate) fn to_slice(self) -> Cow<'a, [P]> {
        P::view(self.bytes).map_or_else(|| Cow::Owned(self.iter().collect()), Cow::Borrowed)
    }
}
