//! The demonstration as it is in production: with a command that refuses development keys, and keys from a ceremony.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::Value;

use crate::{
    demo, native,
    process::{cargo, command, output, run},
    tally::Tally,
    tools,
    transcript::say,
};

/// The circuits that the ceremony makes keys of: the shape of every payment, and both disclosures. The number beside
/// each is the logarithm of its domain.
const CIRCUITS: [(&str, u8); 3] = [("note-opening", 12), ("account-keys", 13), ("2x3", 14)];
/// The powers of tau that are made. Reading them takes as long as they are many, so small circuits have their own.
const POWERS: [u8; 2] = [13, 14];
/// The beacons of the two phases. Everybody knows them beforehand, and there is one contributor: the keys serve this
/// test alone.
const BEACONS: [&str; 2] = ["00000000000000000001f2a3b4c5d6e7", "00000000000000000002f2a3b4c5d6e7"];
/// Where a key file has the mark that says where it comes from, and the mark of development.
const MARK: (usize, u8) = (9, 1);

/// Makes the keys of a small ceremony. It takes minutes: the keys are kept among the tools until circuits change.
pub(crate) fn ceremony_step() -> Tally {
    Tally::one(native::build().and_then(|folder| keys(&folder.join("louver"))).map(drop))
}

/// Plays the demonstration once with keys from a small ceremony. The command checks every point of them.
pub(crate) fn step() -> Tally {
    Tally::one(play())
}

fn play() -> Result<(), String> {
    let louver = build()?;
    let scratch = native::target()?.join("production").join("scratch");
    empty(&scratch)?;
    let keys = keys(&louver)?;
    refuses_development(&louver, &keys, &scratch)?;
    demo::play(&louver, &["--keys", text(&keys)?])
}

/// Builds the command for production, once in each run. Its parts lie among those of other steps, and the command
/// itself in a folder of its own: theirs stays where they look for it.
fn build() -> Result<PathBuf, String> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let parts = native::target()?;
            let own = parts.join("production");
            // An example brings what tests depend on, so that the crates of others are the ones of the other build.
            let chosen = ["--workspace", "--locked", "--bin", "louver", "--example", "pin"];
            let mut build = cargo(&[&["build", "--features", "louver/production"], &chosen[..]].concat());
            build.env("CARGO_BUILD_BUILD_DIR", &parts).env("CARGO_TARGET_DIR", &own);
            run(build)?;
            Ok(own.join("debug").join("louver"))
        })
        .clone()
}

/// Tries development keys in all ways in which somebody could come by them: those of the build, and a folder of keys
/// that only their mark gives away.
fn refuses_development(louver: &Path, keys: &Path, scratch: &Path) -> Result<(), String> {
    let marked = scratch.join("keys");
    for entry in fs::read_dir(keys).map_err(at(keys))? {
        let path = entry.map_err(at(keys))?.path();
        // A manifest would give them away as well.
        if path.extension().is_some_and(|kind| kind == "json") {
            continue;
        }
        let mut bytes = fs::read(&path).map_err(at(&path))?;
        if let Some(mark) = bytes.get_mut(MARK.0) {
            *mark = MARK.1;
        }
        fs::create_dir_all(&marked).map_err(at(&marked))?;
        let copy = marked.join(path.file_name().unwrap_or_default());
        fs::write(&copy, bytes).map_err(at(&copy))?;
        if key_facts(louver, &copy)?["provenance"] != "development" {
            return Err(format!("{} is not marked for development", copy.display()));
        }
    }
    let data = scratch.join("node");
    let attempts = [
        &["demo", "--json"][..],
        &["demo", "--json", "--keys", text(&marked)?],
        &["node", "--json", "--listen", "127.0.0.1:0", "--data", text(&data)?],
    ];
    for attempt in attempts {
        // The refusal is what is wanted here: it is not a failure of the step.
        let ended = command(louver, attempt).output().map_err(|error| error.to_string())?;
        let told = String::from_utf8_lossy(&ended.stderr);
        if ended.status.success() || !told.contains("\"keys_for_development\"") {
            return Err(format!(
                "the production command does not refuse development keys: {attempt:?}: {told}"
            ));
        }
    }
    Ok(())
}

/// The folder with the keys, which are made if they are not there or no longer fit the circuits.
fn keys(louver: &Path) -> Result<PathBuf, String> {
    let folder = tools::cache()?.join("ceremony-keys");
    let _alone = tools::alone("ceremony-keys")?;
    let fits = |(circuit, _): &(&str, u8)| {
        let file = |kind: &str| folder.join(format!("ceremony-{circuit}.{kind}"));
        ["key", "vk"]
            .map(file)
            .iter()
            .all(|file| file.is_file() && key_facts(louver, file).is_ok_and(|facts| facts["current"] == true))
    };
    if CIRCUITS.iter().all(fits) {
        return Ok(folder);
    }
    say("making keys in a ceremony of one, which takes minutes");
    let made = folder.with_extension("partial");
    // The remains of an interrupted ceremony are not continued.
    empty(&made)?;
    ceremony(louver, &made)?;
    empty(&folder)?;
    fs::rename(made.join("keys"), &folder).map_err(at(&folder))?;
    fs::remove_dir_all(&made).map_err(at(&made))?;
    Ok(folder)
}

/// Both phases, with one contributor in each.
fn ceremony(louver: &Path, folder: &Path) -> Result<(), String> {
    let file = |name: String| folder.join(name).to_string_lossy().into_owned();
    let run = |arguments: &[&str]| run(command(louver, &[&["ceremony"], arguments].concat()));
    let finish = |[begun, next, last]: [&str; 3], beacon: &str| {
        run(&["contribute", begun, "--name", "Ada", "--out", next])?;
        run(&["beacon", next, "--value", beacon, "--iterations-log2", "10", "--out", last])
    };
    for powers in POWERS {
        let [begun, next, last] = ["first", "next", "final"].map(|name| file(format!("{name}.{powers}")));
        run(&["init", "--powers", &powers.to_string(), "--out", &begun])?;
        finish([&begun, &next, &last], BEACONS[0])?;
    }
    let keys = file("keys".to_owned());
    for (circuit, domain) in CIRCUITS {
        let powers = POWERS.into_iter().find(|powers| *powers >= domain).unwrap_or(POWERS[1]);
        let phase1 = file(format!("final.{powers}"));
        let [begun, next, last] = ["first", "next", "final"].map(|name| file(format!("{name}.{circuit}")));
        run(&["init", "--circuit", circuit, "--phase1", &phase1, "--out", &begun])?;
        finish([&begun, &next, &last], BEACONS[1])?;
        run(&["export", &last, "--phase1", &phase1, "--out", &keys])?;
    }
    Ok(())
}

/// The command's facts about a key file.
fn key_facts(louver: &Path, key: &Path) -> Result<Value, String> {
    let told = output(command(louver, &["inspect", "key", text(key)?, "--json"]))?;
    serde_json::from_str(&told).map_err(|error| format!("{}: {error}", key.display()))
}

/// Makes a folder that is empty.
fn empty(folder: &Path) -> Result<(), String> {
    if folder.is_dir() {
        fs::remove_dir_all(folder).map_err(at(folder))?;
    }
    fs::create_dir_all(folder).map_err(at(folder))
}

fn text(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("{} is not text", path.display()))
}

fn at(path: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}
