//! Louver's wallet engine: accounts, scanning, planning, building and signing.
