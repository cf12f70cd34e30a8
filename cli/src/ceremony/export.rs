//! The production keys as files.

use std::path::Path;

use louver_circuits::ceremony::key::ExportError;
use serde_json::json as object;

use super::{
    report::Report,
    transcript::{Transcript, verify},
    watch::Watch,
};
use crate::{
    exit::{Failure, Kind},
    file,
    inspect::Facts,
    json,
    output::{Output, Style},
};

/// Verifies a phase 2 and writes its keys, and a manifest of all hashes.
pub(super) fn run(
    path: &Path,
    phase1: &Path,
    out: &Path,
    watch: &Watch,
    output: Output,
) -> Result<(), Failure> {
    let transcript = Transcript::open(path, watch)?;
    let bytes = transcript.to_bytes();
    let Transcript::Phase2(phase2) = transcript else {
        return Err(Failure::input("a phase 1 has no keys: they come from the phase 2 of a circuit"));
    };
    let refused = |error| Failure::new(Kind::Expectation, "not_exported", error);
    // Checked here, before minutes of verification.
    if !phase2.is_closed() {
        return Err(refused(ExportError::Open));
    }
    let name = phase2.circuit().name();
    let names = ["key", "vk", "json"].map(|kind| format!("ceremony-{name}.{kind}"));
    let [proving, verifying, manifest] = names.each_ref().map(|name| out.join(name));
    for place in [&proving, &verifying, &manifest] {
        file::is_free(place)?;
    }
    let (verified, source) = verify(phase2, phase1, watch)?;
    let key = verified.export().map_err(refused)?;
    std::fs::create_dir_all(out).map_err(|error| Failure::storage(format!("{}: {error}", out.display())))?;
    file::write_new(&proving, key.proving(), file::Readers::Others)?;
    file::write_new(&verifying, key.verifying(), file::Readers::Others)?;
    let mut told = Report::of_phase2(verified.phase2(), &source, &bytes).json();
    told["keys"] = object!({
        "proving": names[0],
        "proving_hash": hex::encode(key.proving_hash()),
        "verifying": names[1],
        "verifying_hash": hex::encode(key.verifying_hash()),
    });
    let told = Facts::from(told);
    let text = json::pretty(&told);
    file::write_new(&manifest, format!("{text}\n").as_bytes(), file::Readers::Others)?;
    output.result(&told, || {
        format!(
            "{}\n  proving key     {}\n                  {}\n  verifying key   {}\n                  {}\n  manifest        {}",
            output.paint(Style::Good, format!("The production keys of {name} are in {}.", out.display())),
            proving.display(),
            hex::encode(key.proving_hash()),
            verifying.display(),
            hex::encode(key.verifying_hash()),
            manifest.display()
        )
    });
    Ok(())
}
