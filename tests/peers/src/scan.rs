//! A wallet's work on the outputs of others: all of them tried, none of them its own.

use crate::measure::{Contender, Failure};

/// How many outputs are tried at once.
pub(crate) const OUTPUTS: usize = 1024;

/// Tries a wallet's keys on outputs.
pub(crate) trait Scanner {
    /// How many of the outputs are the wallet's.
    fn scan(&self) -> usize;

    /// How many of as many outputs are their owner's, who tries his own key.
    fn scan_as_owner(&self) -> usize;
}

/// Outputs of strangers, tried again in each round.
pub(crate) struct Strangers<S>(S);

impl<S: Scanner> Strangers<S> {
    /// Refuses outputs that their owner does not find.
    pub(crate) fn new(scanner: S) -> Result<Self, Failure> {
        match scanner.scan_as_owner() {
            0 => Err("the owner does not find the outputs".into()),
            _ => Ok(Self(scanner)),
        }
    }
}

impl<S: Scanner> Contender for Strangers<S> {
    type Given = ();
    type Made = usize;

    fn draw(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    fn make(&self, (): ()) -> Result<usize, Failure> {
        Ok(self.0.scan())
    }

    fn check(&self, found: usize) -> Result<(), Failure> {
        if found == 0 { Ok(()) } else { Err("a stranger's output was taken for one's own".into()) }
    }
}
