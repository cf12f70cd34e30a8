//! Louver's selective disclosure: viewing grants, audits by the auditor's own scan, disclosure packages, books and
//! statements.
//!
//! A *grant* hands over keys: what they open is theirs by nature, and a proof ties them to an account's id. An *audit*
//! reads the ledger with a grant and reports what it found, each finding labelled. A *package* opens chosen notes and
//! nothing else. A *book* opens everything that an account did in some epochs, so that its reader can add up. A *statement*
//! proves one sentence, such as that the account held so much, and opens nothing. All are one kind of *envelope*: signed by
//! the account, for one reader. A *committee* of auditors opens single transactions of an audited pool, by a mandate.
//! *Reserves* are what somebody owes, as a tree of sums in which each customer finds the own balance. Nothing here can show
//! everything of an account, and nothing can take back what was seen.

mod account;
pub mod audit;
pub mod auditor;
pub mod book;
pub mod challenge;
pub mod committee;
pub mod grant;
pub mod package;
pub mod period;
pub mod receipt;
pub mod refusal;
pub mod report;
pub mod reserves;
pub mod scope;
pub mod sheet;
pub mod signed;
pub mod statement;
mod text;
pub mod travel_rule;

#[cfg(test)]
mod testing;
