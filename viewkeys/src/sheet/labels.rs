//! `[sheet-labels]`: the words that an owner or a reader gives to transactions and addresses.

use std::collections::BTreeMap;

use super::{SheetError, prices::rows};

/// The longest label, in characters.
const LONGEST: usize = 200;

/// Labels, each for a transaction, an address or an account. Nobody checks them: they stand apart from facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    labels: BTreeMap<String, String>,
}

impl Labels {
    /// Reads a CSV file with the columns `of,label`. `of` is a transaction's id, an address or an account.
    ///
    /// # Errors
    /// [`SheetError::Columns`], and [`SheetError::Row`] for an empty or long label, or the second label of one thing.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, SheetError> {
        let mut labels = BTreeMap::new();
        for (line, [of, label]) in rows(file, "labels", "of,label", bytes)? {
            let wrong = |why: String| SheetError::Row { file: file.to_owned(), line, why };
            let (of, label) = (of.trim().to_owned(), label.trim().to_owned());
            if of.is_empty() || label.is_empty() {
                return Err(wrong("both columns need a text".to_owned()));
            }
            if label.chars().count() > LONGEST {
                return Err(wrong(format!("the label is longer than {LONGEST} characters")));
            }
            if labels.insert(of, label).is_some() {
                return Err(wrong("this has a label already, on a line before".to_owned()));
            }
        }
        Ok(Self { labels })
    }

    /// The label of a transaction, an address or an account, if it has one. The text comes from a stranger.
    pub fn get(&self, of: &str) -> Option<&str> {
        self.labels.get(of).map(String::as_str)
    }
}
