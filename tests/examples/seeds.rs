//! Writes each decoder's seeds to a folder of its name below the folder given, a corpus for fuzzing to start from, and
//! prints the decoders' names.

use std::{fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| "target/fuzz/corpus".into()));
    for decoder in louver_tests::decoders::ALL {
        println!("{}", decoder.name);
        let folder = folder.join(decoder.name);
        fs::create_dir_all(&folder)?;
        for (index, seed) in (decoder.seeds)().iter().enumerate() {
            fs::write(folder.join(format!("seed-{index}")), seed)?;
        }
    }
    Ok(())
}
