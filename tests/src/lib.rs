//! Scenarios across Louver's crates, adversaries and fuzz targets.

pub mod decoders;
