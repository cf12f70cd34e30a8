//! The louver command: demo, node, wallet, audit, inspect.

fn main() {}
