//! The command as people and scripts meet it.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

mod announcing;
mod audit;
mod by_hand;
mod ceremony;
mod chain;
mod committee;
mod disk;
mod examples;
mod guardians;
mod history;
mod lying;
mod money;
mod privacy;
mod process;
mod scripts;
mod sheets;
mod slips;
mod terminal;
mod travel_rule;
mod web;
