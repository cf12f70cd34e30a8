//! `louver ceremony`: production keys, made by many.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use louver_circuits::{
    ceremony::{
        Beacon, Entropy, Name,
        phase1::Phase1,
        phase2::{self, Phase2},
        source::Source,
    },
    circuit::CircuitId,
};
use louver_core::text::visible;
use serde_json::json;

use crate::{
    exit::Failure,
    file,
    inspect::Facts,
    output::{Output, Style},
};

mod export;
mod report;
mod transcript;
mod watch;

use transcript::Transcript;
use watch::Watch;

/// Makes the production keys of circuits together with other people; one honest contributor is enough
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Phase 1 serves every circuit up to a size; phase 2 makes the key of one circuit. In each phase, people contribute one \
after the other, each with a file of their own, and a public beacon closes it:

  louver ceremony init --powers 16 --out 0.powers
  louver ceremony contribute 0.powers --name Ada --out 1.powers
  louver ceremony beacon 1.powers --value HEX --out final.powers
  louver ceremony init --circuit 2x3 --phase1 final.powers --out 0.2x3
  louver ceremony contribute 0.2x3 --name Ada --out 1.2x3
  louver ceremony beacon 1.2x3 --value HEX --out final.2x3
  louver ceremony verify final.2x3 --phase1 final.powers
  louver ceremony export final.2x3 --phase1 final.powers --out keys"
)]
pub(crate) struct Ceremony {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Begins a phase 1, or the phase 2 of a circuit
    #[command(after_help = "Examples:
  louver ceremony init --powers 16 --out 0.powers
  louver ceremony init --circuit 2x3 --phase1 final.powers --out 0.2x3
  louver ceremony init --circuit 2x3 --phase1 powersoftau.response --out 0.2x3")]
    Init {
        /// Begins a phase 1 for circuits of up to 2^POWERS constraints
        #[arg(long, value_name = "POWERS", conflicts_with_all = ["circuit", "phase1"], required_unless_present = "circuit")]
        powers: Option<u8>,
        /// Begins the phase 2 of this circuit: a shape, as in 2x3, or a statement of disclosure, as in account-keys
        #[arg(long, requires = "phase1")]
        circuit: Option<String>,
        /// The file to begin with: a phase 1 closed by its beacon, or a challenge or response of the powersoftau tool
        #[arg(long, value_name = "FILE", requires = "circuit")]
        phase1: Option<PathBuf>,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Adds a contribution with fresh secrets, forgets the secrets, and prints the hash to publish
    #[command(
        after_help = "The secrets are drawn from the operating system's randomness; with --entropy, what that file holds is mixed in. They are \
in memory alone, and wiped. What is read is checked first; with --phase1, against the circuit too.

Examples:
  louver ceremony contribute 0.2x3 --name \"Ada Lovelace\" --out 1.2x3
  louver ceremony contribute 0.2x3 --name Ada --entropy dice.txt --out 1.2x3"
    )]
    Contribute {
        /// The file of the contribution before yours
        file: PathBuf,
        /// Your name, as it will appear in the transcript
        #[arg(long)]
        name: String,
        /// A file, or `-` for standard input, whose bytes are mixed into the operating system's randomness
        #[arg(long, value_name = "FILE")]
        entropy: Option<PathBuf>,
        /// The phase 1 of a phase 2, to check all of it before you contribute
        #[arg(long, value_name = "FILE")]
        phase1: Option<PathBuf>,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Closes a phase with a public value that nobody could foresee
    #[command(after_help = "Example:
  louver ceremony beacon 9.2x3 --value HEX --iterations-log2 30 --out final.2x3")]
    Beacon {
        /// The file of the last contribution
        file: PathBuf,
        /// The value, 16 to 64 bytes in hexadecimal digits, such as the hash of a block that was announced before it
        /// was mined
        #[arg(long, value_name = "HEX")]
        value: String,
        /// How often the value is hashed, as a power of two
        #[arg(long, value_name = "N", default_value_t = 20)]
        iterations_log2: u8,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Checks every contribution of a phase, and that the result follows from them
    #[command(after_help = "Examples:
  louver ceremony verify final.powers
  louver ceremony verify final.2x3 --phase1 final.powers --json")]
    Verify {
        /// The file of a phase 1 or a phase 2
        file: PathBuf,
        /// The phase 1 of a phase 2
        #[arg(long, value_name = "FILE")]
        phase1: Option<PathBuf>,
    },
    /// Checks a closed phase 2, and writes the production keys with a list of all hashes
    #[command(after_help = "Example:
  louver ceremony export final.2x3 --phase1 final.powers --out keys")]
    Export {
        /// The file of a phase 2 that its beacon has closed
        file: PathBuf,
        /// Its phase 1
        #[arg(long, value_name = "FILE")]
        phase1: PathBuf,
        /// The folder for the keys; it is made if it does not exist
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

impl Ceremony {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        let watch = Watch::begin(output)?;
        match self.command {
            Command::Init { powers: Some(powers), out, .. } => begin_powers(powers, &out, output),
            Command::Init { circuit, phase1, out, .. } => {
                let circuit = circuit.ok_or_else(|| Failure::usage("a circuit, or powers"))?;
                let phase1 = phase1.ok_or_else(|| Failure::usage("a circuit begins with a phase 1"))?;
                begin_circuit(&circuit, &phase1, &out, &watch, output)
            }
            Command::Contribute { file, name, entropy, phase1, out } => {
                let name = Name::new(&name).map_err(Failure::usage)?;
                file::is_free(&out)?;
                let entropy = match entropy {
                    Some(path) => Entropy::with(&file::read(&path)?),
                    None => Entropy::none(),
                };
                let before = Transcript::open(&file, &watch)?;
                before.check(phase1.as_deref(), &watch, output)?;
                let after = before.contribute(name, &entropy, &watch)?;
                added(&after, &out, output)
            }
            Command::Beacon { file, value, iterations_log2, out } => {
                let value = hex::decode(value.trim_start_matches("0x"))
                    .map_err(|_| Failure::usage("the beacon's value is in hexadecimal digits"))?;
                let beacon = Beacon::new(value, iterations_log2).map_err(Failure::usage)?;
                file::is_free(&out)?;
                let before = Transcript::open(&file, &watch)?;
                before.check(None, &watch, output)?;
                added(&before.close(beacon, &watch)?, &out, output)
            }
            Command::Verify { file, phase1 } => {
                let transcript = Transcript::open(&file, &watch)?;
                let verified = transcript.verify(phase1.as_deref(), &watch)?;
                output.result(&Facts::from(verified.json()), || verified.text(output));
                Ok(())
            }
            Command::Export { file, phase1, out } => export::run(&file, &phase1, &out, &watch, output),
        }
    }
}

fn begin_powers(powers: u8, out: &Path, output: Output) -> Result<(), Failure> {
    let phase1 = Phase1::begin(powers)
        .ok_or_else(|| Failure::usage("a phase 1 is for circuits of 2^1 to 2^20 constraints"))?;
    file::write_new(out, &phase1.to_bytes(), file::Readers::Others)?;
    let told = json!({ "file": out.display().to_string(), "kind": "phase 1", "powers": powers });
    output.result(&Facts::from(told), || {
        format!("A phase 1 for circuits of up to 2^{powers} constraints is in {}.", out.display())
    });
    Ok(())
}

fn begin_circuit(
    name: &str,
    phase1: &Path,
    out: &Path,
    watch: &Watch,
    output: Output,
) -> Result<(), Failure> {
    let circuit = CircuitId::from_name(name).ok_or_else(|| {
        let names = CircuitId::all().map(CircuitId::name).collect::<Vec<_>>().join(", ");
        Failure::input(format!("no circuit is called {name}; there are {names}"))
    })?;
    file::is_free(out)?;
    let source = source(circuit, phase1, watch)?;
    let phase2 = Phase2::begin(circuit, &source, &mut watch.line("making the first parameters"))
        .map_err(watch::failed)?;
    file::write_new(out, &phase2.to_bytes(), file::Readers::Others)?;
    let told = json!({
        "file": out.display().to_string(),
        "kind": "phase 2",
        "circuit": circuit.name(),
        "circuit_hash": hex::encode(phase2.circuit_hash()),
        "phase1": report::source(&source),
    });
    output.result(&Facts::from(told), || {
        format!(
            "A phase 2 for {circuit} is in {}.\n  circuit   {}\n  phase 1   {}\n            {}",
            out.display(),
            hex::encode(phase2.circuit_hash()),
            hex::encode(source.hash()),
            report::origin(&source)
        )
    });
    Ok(())
}

/// The powers for a circuit, from the file of a phase 1 of either kind.
fn source(circuit: CircuitId, path: &Path, watch: &Watch) -> Result<Source, Failure> {
    let domain = phase2::domain(circuit).map_err(watch::failed)?;
    let told = |error: std::io::Error| Failure::storage(format!("{}: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(told)?;
    let length = file.metadata().map_err(told)?.len();
    let file = std::io::BufReader::with_capacity(1 << 20, file);
    Source::read(file, length, domain, &mut watch.line("checking phase 1"))
        .map_err(|error| watch::failed(error).during(path.display()))
}

fn added(transcript: &Transcript, out: &Path, output: Output) -> Result<(), Failure> {
    let bytes = transcript.to_bytes();
    file::write_new(out, &bytes, file::Readers::Others)?;
    let entered = transcript.entered();
    let number = entered.len();
    let hash = hex::encode(transcript.tip());
    let name = entered.last().and_then(|entry| entry.name.as_ref()).map(Name::as_str);
    let mut told = json!({
        "kind": "contribution",
        "file": out.display().to_string(),
        "number": number,
        "name": name,
        "hash": hash,
        "closed": transcript.is_closed(),
    });
    if transcript.is_closed() {
        // Others begin with this file and recognise it by its hash.
        told["file_hash"] = report::file_hash(&bytes).into();
    }
    output.result(&Facts::from(told), || {
        let what = match name {
            Some(name) => format!("Contribution {number}, by {}", visible(name)),
            None => "The beacon, which closes the phase".to_owned(),
        };
        format!("{what}, is in {}. Publish its hash:\n  {}", out.display(), output.paint(Style::Good, &hash))
    });
    Ok(())
}
