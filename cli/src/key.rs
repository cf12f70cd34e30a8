//! Proving keys as files: the form for downloads, and back.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use louver_circuits::{
    circuit::CircuitId,
    key_file::{Header, ParameterPolicy},
    pins,
    proving_key::{UnpinnedKey, compressed},
};

use crate::{
    exit::Failure,
    file,
    inspect::Facts,
    keys,
    output::{Output, progress::Line},
};

/// Compresses proving keys for downloads, and expands them again
#[derive(Debug, clap::Args)]
pub(crate) struct Key {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Halves a proving key for downloads
    #[command(after_help = "Examples:
  louver key compress 2x3 --out 2x3.download
  louver key compress ceremony-2x3.key --out 2x3.download")]
    Compress {
        /// A key file, or a circuit to mean its development key, as in 2x3
        key: String,
        /// Where to write it; an existing file is left alone
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Expands a download to the pinned proving key
    #[command(after_help = "Examples:
  louver key expand 2x3.download --out 2x3.key
  louver key expand 2x3.download --out 2x3.key --hash 3c1f...")]
    Expand {
        /// The download, or `-` for standard input
        download: PathBuf,
        /// Where to write it; an existing file is left alone
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The hash that the key must have, in hexadecimal; by default that of the circuit's development key
        #[arg(long, value_name = "HASH")]
        hash: Option<String>,
    },
}

impl Key {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        let facts = match self.what {
            What::Compress { key, out } => compress(&key, &out, output)?,
            What::Expand { download, out, hash } => expand(&download, &out, hash.as_deref(), output)?,
        };
        output.result(&facts, || facts.text());
        Ok(())
    }
}

fn compress(key: &str, out: &Path, output: Output) -> Result<Facts, Failure> {
    let bytes = match CircuitId::from_name(key) {
        Some(circuit) => {
            let mut line = Line::new(output, format!("the proving key for {circuit}"));
            keys::store()?.development(circuit, &mut line)?.as_bytes().to_vec()
        }
        None => file::read(Path::new(key))?.to_vec(),
    };
    let key = UnpinnedKey::read(bytes).map_err(Failure::input)?;
    let download = key.compress();
    // Compression loses a point that is not on the curve. It is better found here than by whoever downloads the key.
    let mut line = Line::new(output, "checking what was compressed");
    let again = UnpinnedKey::expand(&download, &mut line).map_err(Failure::input)?;
    if again.as_bytes() != key.as_bytes() {
        return Err(Failure::input(
            "the key holds bytes that do not encode a point of the curve, so it cannot be used",
        ));
    }
    drop(line);
    file::write_new(out, &download, file::Readers::Others)?;
    Ok(written(out, &key).with("bytes", download.len()).with("expanded_bytes", key.as_bytes().len()))
}

fn expand(download: &Path, out: &Path, hash: Option<&str>, output: Output) -> Result<Facts, Failure> {
    let bytes = file::read(download)?;
    let circuit = Header::of_file(&bytes).map_err(Failure::input)?.circuit;
    let wanted = hash.unwrap_or(pins::of(circuit).parameters);
    let pinned = hex::decode(wanted).ok().and_then(|hash| <[u8; 32]>::try_from(hash).ok());
    let pinned = pinned.ok_or_else(|| Failure::input("a hash is 64 hexadecimal digits"))?;
    let mut line = Line::new(output, "expanding the key");
    let key = compressed::expand(&bytes, circuit, &pinned, ParameterPolicy::BUILD, &mut line);
    let key = key.map_err(Failure::input)?;
    drop(line);
    file::write_new(out, key.as_bytes(), file::Readers::Others)?;
    Ok(Facts::of("proving key")
        .with("file", out.display().to_string())
        .with("circuit", circuit.name())
        .with("provenance", key.provenance().to_string())
        .with("hash", hex::encode(key.hash()))
        .with("bytes", key.as_bytes().len()))
}

fn written(out: &Path, key: &UnpinnedKey) -> Facts {
    let header = key.header();
    Facts::of("compressed proving key")
        .with("file", out.display().to_string())
        .with("circuit", header.circuit.name())
        .with("provenance", header.provenance.to_string())
        .with("hash", hex::encode(key.hash()))
}
