//! Work on many things at once: on as many threads as there are with the feature `parallel`, and on one without.

#[cfg(feature = "parallel")]
use rayon::prelude::*;

/// The results of `each` for every item, in order.
#[cfg(feature = "parallel")]
pub(crate) fn map<T: Sync, U: Send>(items: &[T], each: impl Fn(&T) -> U + Send + Sync) -> Vec<U> {
    items.par_iter().map(each).collect()
}

/// The results of `each` for every item, in order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map<T: Sync, U: Send>(items: &[T], each: impl Fn(&T) -> U + Send + Sync) -> Vec<U> {
    items.iter().map(each).collect()
}
