//! Louver's developer tasks: tests, checks and generated files.

fn main() {}
