//! The cost of what grows with a chain, with a wallet or with a disclosure, in seconds of this process's processor time,
//! and as ratios of two pieces of work that take turns. It fails where a figure is above its limit:
//! `RAYON_NUM_THREADS=1 cargo bench -p louver-tests --bench large -- [PART..]`, with the parts `audit`, `wallet`,
//! `disclosure`, `snapshot`.

use std::error::Error;

mod audit;
mod blocks;
mod disclosure;
mod measure;
mod snapshot;
mod wallet;

type Part = fn() -> Result<(), Box<dyn Error>>;

const PARTS: [(&str, Part); 4] = [
    ("audit", audit::run),
    ("wallet", wallet::run),
    ("disclosure", disclosure::run),
    ("snapshot", snapshot::run),
];

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo itself adds `--bench`.
    let named: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with("--")).collect();
    if let Some(unknown) = named.iter().find(|name| PARTS.iter().all(|(part, _)| part != name)) {
        return Err(format!("there is no part {unknown}").into());
    }
    for (name, part) in PARTS {
        if named.is_empty() || named.iter().any(|named| named == name) {
            part()?;
        }
    }
    measure::verdict()
}
