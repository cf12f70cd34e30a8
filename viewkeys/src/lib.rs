//! Louver's selective disclosure: grants, audits and disclosure packages.
