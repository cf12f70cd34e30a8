//! Tools that are built here, once for each version and machine: that takes minutes, and no registry has them prebuilt.
//! Generators of bindings must be of the very version of the crate that they generate for, which `Cargo.lock` tells.

use std::{fs, path::PathBuf};

use super::{alone, cache};
use crate::{
    process::{cargo, output, root, run},
    transcript::say,
};

/// A program that is built from a crate.
pub(crate) struct Generator {
    name: &'static str,
    version: Version,
    package: &'static str,
    options: &'static [&'static str],
    /// Low: it is built more often than it has much to do.
    optimisation: &'static str,
}

/// The version of a program.
enum Version {
    /// That of a crate in `Cargo.lock`.
    Of(&'static str),
    Pinned(&'static str),
}

/// JavaScript and TypeScript for a WebAssembly module.
pub(crate) const WASM_BINDGEN: Generator = Generator {
    name: "wasm-bindgen",
    version: Version::Of("wasm-bindgen"),
    package: "wasm-bindgen-cli",
    options: &[],
    optimisation: "1",
};

/// Kotlin and Swift for a native library.
pub(crate) const UNIFFI_BINDGEN: Generator = Generator {
    name: "uniffi-bindgen",
    version: Version::Of("uniffi"),
    package: "uniffi",
    options: &["--features", "cli"],
    optimisation: "0",
};

/// Packages of WebAssembly: it calls cargo and wasm-bindgen.
pub(crate) const WASM_PACK: Generator = Generator {
    name: "wasm-pack",
    version: Version::Pinned("0.15.1"),
    package: "wasm-pack",
    options: &["--locked"],
    optimisation: "0",
};

impl Generator {
    /// The program, built first if it is not there.
    pub(crate) fn ensure(&self) -> Result<PathBuf, String> {
        let version = self.version.get()?;
        let folder = cache()?.join(format!("{}-{version}", self.name));
        let program = folder.join("bin").join(self.name);
        let _alone = alone(self.name)?;
        if output(crate::process::command(&program, &["--version"])).is_ok() {
            return Ok(program);
        }
        say(&format!("building {} {version} in {}: some minutes, once", self.name, folder.display()));
        let mut install =
            cargo(&["install", self.package, "--bin", self.name, "--force", "--version", &version]);
        install.args(self.options).arg("--root").arg(&folder);
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.optimisation).env_remove("RUSTFLAGS");
        run(install)?;
        Ok(program)
    }
}

impl Version {
    fn get(&self) -> Result<String, String> {
        match self {
            Self::Pinned(version) => Ok((*version).to_owned()),
            Self::Of(name) => {
                let lock = fs::read_to_string(root().join("Cargo.lock"))
                    .map_err(|error| format!("Cargo.lock: {error}"))?;
                locked(&lock, name)
                    .map(str::to_owned)
                    .ok_or_else(|| format!("Cargo.lock does not name {name}"))
            }
        }
    }
}

/// The version of a crate in `Cargo.lock`.
fn locked<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let entry = format!("[[package]]\nname = \"{name}\"\nversion = \"");
    lock.split_once(&entry)?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_tells_versions() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "wasm"), None);
    }
}
