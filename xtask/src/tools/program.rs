//! Programs of the machine: found where they are, else installed by its package manager where we may.

use std::{
    env,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use crate::{
    process::{command, output, run},
    transcript::say,
};

/// A program that Debian has.
pub(crate) struct Program {
    /// Its names, the best first.
    pub(super) names: &'static [&'static str],
    /// The first version, major and minor, that serves us.
    pub(super) least: (u32, u32),
    /// Debian's packages that bring it.
    pub(super) packages: &'static [&'static str],
}

/// A browser without a window, for the tests of the web package.
pub(crate) const BROWSER: Program = Program {
    names: &["chromium", "google-chrome", "chromium-browser"],
    least: (110, 0),
    packages: &["chromium", "fonts-dejavu-core"],
};

/// JavaScript outside the browser.
pub(crate) const NODE: Program = Program { names: &["node"], least: (18, 0), packages: &["nodejs"] };

/// Its package manager.
pub(crate) const NPM: Program = Program { names: &["npm"], least: (8, 0), packages: &["npm"] };

impl Program {
    /// The program, installed first if it is not there; else what is missing and who can bring it.
    pub(crate) fn ensure(&self) -> Result<PathBuf, String> {
        if let Some(path) = self.find() {
            return Ok(path);
        }
        let (name, packages) = (self.names.first().unwrap_or(&""), self.packages.join(" "));
        let missing = format!(
            "{name} {}.{} or newer is missing; on Debian `apt-get install {packages}` brings it",
            self.least.0, self.least.1
        );
        install(self.packages).map_err(|error| format!("{missing} ({error})"))?;
        self.find().ok_or_else(|| format!("{missing}, but an older one"))
    }

    /// The first program of the wanted version among the folders of `PATH` and those for administrators.
    pub(super) fn find(&self) -> Option<PathBuf> {
        let folders = env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> =
            env::split_paths(&folders).chain(["/usr/sbin".into(), "/sbin".into()]).collect();
        self.names
            .iter()
            .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
            .filter(|path| path.is_file())
            .find(|path| self.least == (0, 0) || self.serves(path))
    }

    fn serves(&self, path: &Path) -> bool {
        output(command(path, &["--version"])).ok().and_then(|said| version(&said)) >= Some(self.least)
    }
}

/// The first major and minor version in a program's own description, such as `Debian clang version 19.1.7 (3)`.
fn version(said: &str) -> Option<(u32, u32)> {
    said.split_whitespace().find_map(|word| {
        let mut parts = word.trim_start_matches('v').split(['.', '-', '+']);
        let major = parts.next()?.parse().ok()?;
        Some((major, parts.next().and_then(|minor| minor.parse().ok()).unwrap_or(0)))
    })
}

/// Installs packages where there is an `apt-get` and we are root.
fn install(packages: &[&str]) -> Result<(), String> {
    static LISTS: OnceLock<Result<(), String>> = OnceLock::new();
    if packages.is_empty() {
        return Err("no package has it".into());
    }
    if !is_root()? {
        return Err("only root may install it".into());
    }
    if !Path::new("/usr/bin/apt-get").exists() {
        return Err("there is no apt-get here".into());
    }
    say(&format!("installing {} by apt-get", packages.join(" ")));
    LISTS.get_or_init(|| run(apt(&["update", "-qq"]))).clone()?;
    run(apt(&[&["install", "-qq", "--yes", "--no-install-recommends"], packages].concat()))
}

/// Whether we may do all.
pub(super) fn is_root() -> Result<bool, String> {
    Ok(output(command("id", &["-u"]))?.trim() == "0")
}

/// An `apt-get` that asks nothing, and waits for another one to end.
fn apt(arguments: &[&str]) -> std::process::Command {
    let mut apt = command("apt-get", &["-o", "DPkg::Lock::Timeout=600"]);
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        for (said, wanted) in [
            ("openjdk 17.0.15 2025-04-15\nOpenJDK Runtime", (17, 0)),
            ("Apache Maven 3.8.7", (3, 8)),
            ("Debian clang version 19.1.7 (3~deb12u1)", (19, 1)),
            ("Swift version 6.0.3 (swift-6.0.3-RELEASE)", (6, 0)),
            ("Apple Swift version 5.9-dev", (5, 9)),
            ("v20.20.2", (20, 20)),
            ("openjdk 21 2023-09-19", (21, 0)),
        ] {
            assert_eq!(version(said), Some(wanted), "{said}");
        }
        assert_eq!(version("no number at all"), None);
    }

    #[test]
    fn what_is_missing_is_named() {
        let nothing = Program { names: &["louver-no-such-program"], least: (1, 2), packages: &[] };
        assert_eq!(nothing.find(), None);
        let told = nothing.ensure();
        assert!(told.is_err_and(|told| told.contains("louver-no-such-program 1.2 or newer is missing")));
    }
}
