//! Reads everything of the protocol: circuits, strings, files and transactions. It never prints a secret.

use std::{borrow::Cow, path::PathBuf};

use clap::Subcommand;
use louver_core::{calendar::moment, encoding::Decode, ledger::Genesis, text::visible};
use louver_viewkeys::report::Moment;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::{chain, exit::Failure, file, output::Output};

mod circuit;
mod contents;
mod key;
pub(crate) mod seeming;
mod text;
mod transaction;

/// Decodes Louver's files and strings, and prints the figures of circuits
#[derive(Debug, clap::Args)]
pub(crate) struct Inspect {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Prints a circuit's size, its public inputs in order, and its hash
    #[command(after_help = "Examples:
  louver inspect circuit 2x3
  louver inspect circuit account-keys --json")]
    Circuit {
        /// A shape, as in 2x3, or a statement of disclosure, as in account-keys
        shape: String,
    },
    /// Decodes an address, a key, or an id; for a secret, it only tells the kind
    #[command(after_help = "Examples:
  louver inspect string lvr1...
  louver inspect string - < key.txt")]
    String {
        /// The string, or `-` to read it from standard input
        string: String,
    },
    /// Decodes any file: a transaction, block, genesis, package, key file or sealed grant
    #[command(after_help = "Examples:
  louver inspect file payment.tx
  louver inspect file grant.age --json")]
    File {
        /// The file, or `-` for standard input
        file: PathBuf,
    },
    /// Tells the purpose and the contents of a proving or verifying key, and whether it is the pinned one
    #[command(after_help = "Examples:
  louver inspect key ~/.cache/louver/development-2x3-73a4426ad162d491.key
  louver inspect key 2x3.download --check --json")]
    Key {
        /// A key file in any form, or `-` for standard input
        file: PathBuf,
        /// Checks every point, which takes seconds; an error if one is wrong
        #[arg(long)]
        check: bool,
    },
    /// Decodes a transaction from a file or from hexadecimal digits
    #[command(after_help = "Examples:
  louver inspect transaction payment.tx
  louver inspect transaction 0101000000...")]
    Transaction {
        /// A file, or hexadecimal digits
        transaction: String,
    },
}

pub(crate) use contents::genesis;
pub(crate) use transaction::act;

/// Names and values, in the order in which they are printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts(Vec<(String, Value)>);

impl Facts {
    pub(crate) fn of(kind: &str) -> Self {
        Self::default().with("kind", kind)
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// A time in seconds since 1970, which people read as a date.
    pub(crate) fn with_time(self, name: &str, unix: u64) -> Self {
        let Moment { unix, rfc3339 } = Moment::new(unix);
        self.with(name, json!({ "unix": unix, "rfc3339": rfc3339 }))
    }

    /// The facts as a JSON value inside another.
    pub(crate) fn into_value(self) -> Value {
        Value::Object(self.0.into_iter().collect())
    }

    /// The facts as lines.
    pub(crate) fn text(&self) -> String {
        let width = self.0.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let mut lines = Vec::new();
        for (name, value) in &self.0 {
            show(&mut lines, &format!("{name:<width$}  "), value);
        }
        lines.join("\n")
    }
}

impl From<Value> for Facts {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(fields) => Self(fields.into_iter().collect()),
            value => Self::default().with("value", value),
        }
    }
}

impl JsonSchema for Facts {
    fn schema_name() -> Cow<'static, str> {
        "Facts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "The contents of a file, a string, a key or a ceremony. Which fields there are depends on the kind.",
            "properties": { "kind": { "type": "string", "description": "Its kind." } },
            "required": ["kind"],
        })
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// All that the public sees of a shielded transaction.
pub(crate) fn transaction(transaction: &louver_core::transaction::Transaction) -> Facts {
    transaction::shielded(transaction)
}

/// Adds the lines of a value: lists and nested facts below their name.
fn show(lines: &mut Vec<String>, label: &str, value: &Value) {
    match value {
        Value::Object(fields) if fields.contains_key("rfc3339") => {
            let unix = fields.get("unix").and_then(Value::as_u64).unwrap_or_default();
            lines.push(format!("{label}{}", moment(unix)));
        }
        Value::Object(fields) => {
            lines.push(label.trim_end().to_owned());
            let width = fields.keys().map(String::len).max().unwrap_or(0);
            let indent = " ".repeat(label.len() - label.trim_start().len() + 2);
            for (name, value) in fields {
                show(lines, &format!("{indent}{name:<width$}  "), value);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let indent = " ".repeat(label.len() - label.trim_start().len());
            for (number, item) in items.iter().enumerate() {
                show(lines, &format!("{indent}{} {number}", label.trim()), item);
            }
        }
        Value::Array(items) => {
            let blank = " ".repeat(label.chars().count());
            for (number, item) in items.iter().enumerate() {
                lines.push(format!("{}{}", if number == 0 { label } else { &blank }, plain(item)));
            }
        }
        value => lines.push(format!("{label}{}", plain(value))),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), visible)
}

impl Inspect {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        let facts = match self.what {
            What::Circuit { shape } => circuit::facts(&shape)?,
            What::String { string } if string == "-" => text::facts(&file::read_text("-".as_ref())?)?,
            What::String { string } => text::facts(&string)?,
            What::File { file: path } => {
                let bytes = file::read(&path)?;
                let facts = contents::facts(&bytes)?;
                // People read the terms of a chain as `chain show` tells them: dates and spans, and no bare numbers.
                if let Ok(genesis) = Genesis::from_bytes(&bytes) {
                    output.result(&facts, || chain::text(&genesis, output));
                    return Ok(());
                }
                facts
            }
            What::Key { file: path, check } => return key::run(&file::read(&path)?, check, output),
            What::Transaction { transaction } => transaction::facts_of_argument(&transaction)?,
        };
        output.result(&facts, || facts.text());
        Ok(())
    }
}
