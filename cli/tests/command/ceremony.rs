//! A ceremony, run by its organiser, its contributors and its verifiers.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::process::{Run, louver};

const BEACON: &str = "00000000000000000001b7a4b5bb7a8f7d2b2c9d7d8cbb2ce1c5d5a7a8d5e3f1";

/// A folder where files have short names.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a command of the ceremony; what begins with `@` is a file of the folder.
    fn run(&self, command: &str) -> Run {
        let arguments: Vec<String> = command
            .split(' ')
            .map(|word| match word.strip_prefix('@') {
                Some(name) => self.path(name).display().to_string(),
                None => word.to_owned(),
            })
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        louver(&[&["ceremony", "--json"], &arguments[..]].concat())
    }

    fn json(&self, command: &str) -> Value {
        self.run(command).json()
    }

    /// The exit code and the message of a command that is refused.
    fn refusal(&self, command: &str) -> (i32, String) {
        let run = self.run(command);
        (run.code, run.error()["message"].as_str().unwrap().to_owned())
    }

    /// A closed phase 1.
    fn powers(&self, powers: u8) {
        self.json(&format!("init --powers {powers} --out @0"));
        self.json("contribute @0 --name Ada --out @1");
        self.json("contribute @1 --name Bob --out @2");
        self.json(&format!("beacon @2 --value {BEACON} --iterations-log2 10 --out @final"));
    }
}

#[test]
fn a_phase_1_from_its_beginning_to_its_beacon() {
    let place = Place::new();
    place.json("init --powers 3 --out @0");
    assert_eq!(place.refusal("verify @0"), (1, "nobody has contributed".to_owned()));
    fs::write(place.path("dice"), "3 1 4 1 5 9").unwrap();
    let ada = place.json("contribute @0 --name Ada --entropy @dice --out @1");
    let bob = place.json("contribute @1 --name Bob --out @2");
    assert_eq!((&ada["number"], &bob["number"]), (&1.into(), &2.into()));
    let open = place.json("verify @2");
    assert_eq!((&open["closed"], &open["powers"]), (&false.into(), &3.into()));
    let close = format!("beacon @2 --value {BEACON} --iterations-log2 10 --out @final");
    let closed = place.json(&close);
    let verified = place.json("verify @final");
    let listed = verified["contributions"].as_array().unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!((&listed[0]["name"], &listed[0]["hash"]), (&"Ada".into(), &ada["hash"]));
    assert_eq!((&listed[1]["name"], &listed[1]["hash"]), (&"Bob".into(), &bob["hash"]));
    assert_eq!((&listed[2]["beacon"]["value"], &listed[2]["hash"]), (&BEACON.into(), &closed["hash"]));
    assert_eq!(verified["file_hash"], closed["file_hash"]);
    let table = louver(&["ceremony", "verify", place.path("final").to_str().unwrap()]);
    assert!(table.code == 0 && table.out.contains(ada["hash"].as_str().unwrap()), "{}", table.out);
    let (code, said) = place.refusal("contribute @final --name Eve --out @late");
    assert!(code == 3 && said.contains("nothing can follow"), "{said}");
    assert!(!place.path("late").exists());
}

#[test]
fn refusals_are_told_apart_and_nothing_is_overwritten() {
    let place = Place::new();
    place.powers(3);
    let kept = fs::read(place.path("1")).unwrap();
    let (code, said) = place.refusal("contribute @0 --name Eve --out @1");
    assert!(code == 5 && said.contains("is there already"), "{said}");
    assert_eq!(fs::read(place.path("1")).unwrap(), kept);
    assert_eq!(place.refusal("init --powers 21 --out @x").0, 2);
    assert_eq!(place.refusal("init --out @x").0, 2);
    assert_eq!(place.refusal("init --powers 3 --circuit 2x3 --phase1 @final --out @x").0, 2);
    assert_eq!(place.refusal("init --circuit 5x5 --phase1 @final --out @x").0, 3);
    assert_eq!(place.refusal("verify @nothing").0, 5);
    assert_eq!(place.refusal("verify @final --phase1 @final").0, 2);
    assert_eq!(place.refusal("beacon @1 --value 1234 --out @x").0, 2);
    let (code, said) = place.refusal("init --circuit note-opening --phase1 @final --out @x");
    assert!(code == 3 && said.contains("a domain of 8"), "{said}");
    fs::write(place.path("noise"), vec![7; 4096]).unwrap();
    assert_eq!(place.refusal("verify @noise").0, 3);
    assert_eq!(place.refusal("init --circuit note-opening --phase1 @noise --out @x").0, 3);
    let (code, said) = place.refusal("export @final --phase1 @final --out @keys");
    assert!(code == 3 && said.contains("phase 2"), "{said}");
    let mut spoiled = fs::read(place.path("final")).unwrap();
    let last = spoiled.len() - 1;
    spoiled[last] ^= 1;
    fs::write(place.path("spoiled"), &spoiled).unwrap();
    let (code, said) = place.refusal("verify @spoiled");
    assert!(code == 3 && said.contains("beta in the second group"), "{said}");
    let name = louver(&["ceremony", "contribute", "x", "--name", "a\nb", "--out", "y", "--json"]);
    assert_eq!((name.code, name.error()["code"].as_str()), (2, Some("usage")));
    let left = fs::read_dir(place.0.path()).unwrap().count();
    assert_eq!(left, 6, "no half-written file is left behind");
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_nothing_behind() {
    use std::process::{Command, Stdio};

    let place = Place::new();
    place.json("init --powers 15 --out @0");
    let process = Command::new(crate::process::LOUVER)
        .args(["ceremony", "--json", "contribute", "0", "--name", "Ada", "--out", "1"])
        .current_dir(place.0.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(1));
    let asked = Command::new("kill").args(["-INT", &process.id().to_string()]).status().unwrap();
    assert!(asked.success());
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("interrupted"), "{said}");
    assert_eq!(fs::read_dir(place.0.path()).unwrap().count(), 1);
}

#[test]
#[ignore = "slow: the ceremony of a real circuit"]
fn the_key_of_a_circuit() {
    let place = Place::new();
    place.powers(12);
    let begun = place.json("init --circuit note-opening --phase1 @final --out @note0");
    assert_eq!(begun["phase1"]["contributors"], 2);
    let ada = place.json("contribute @note0 --name Ada --phase1 @final --out @note1");
    place.json("contribute @note1 --name Bob --out @note2");
    let (code, said) = place.refusal("export @note2 --phase1 @final --out @keys");
    assert!(code == 1 && said.contains("no beacon"), "{said}");
    assert_eq!(place.refusal("verify @note2").0, 2);
    let close = format!("beacon @note2 --value {BEACON} --iterations-log2 12 --out @note");
    place.json(&close);
    let verified = place.json("verify @note --phase1 @final");
    assert_eq!(verified["contributions"][0]["hash"], ada["hash"]);
    assert_eq!(verified["circuit"], "note-opening");
    let exported = place.json("export @note --phase1 @final --out @keys");
    let manifest = fs::read(place.path("keys").join("ceremony-note-opening.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&manifest).unwrap(), exported);
    for kind in ["proving", "verifying"] {
        let file = place.path("keys").join(exported["keys"][kind].as_str().unwrap());
        let seen = louver(&["inspect", "key", file.to_str().unwrap(), "--json"]).json();
        assert_eq!((&seen["provenance"], &seen["circuit"]), (&"ceremony".into(), &"note-opening".into()));
        assert_eq!(seen["hash"], exported["keys"][format!("{kind}_hash")]);
        assert_eq!(seen["pinned"], Value::Null, "pins are for development keys");
    }
    assert_eq!(place.refusal("export @note --phase1 @final --out @keys").0, 5);
    // Another phase 1 than the one that it began with.
    place.json("beacon @2 --value 11223344556677889900aabbccddeeff --iterations-log2 10 --out @other");
    let (code, said) = place.refusal("verify @note --phase1 @other");
    assert!(code == 1 && said.contains("another phase 1"), "{said}");
}
