//! Louver's statements as constraints: prover, verifier and parameters.
