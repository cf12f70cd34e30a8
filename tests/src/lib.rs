//! Scenarios across Louver's crates, adversaries and fuzz targets.

pub mod crash;
pub mod decoders;

/// The examples of the front page, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct FrontPage;
