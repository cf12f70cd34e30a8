//! Swift: the machine's own, else that of a Debian 13 in a folder of our cache. Debian 12 has none, and Swift's own
//! builds come from no package registry.
//!
//! Commands inside the folder run in a mount namespace of their own, so that whatever is mounted for them is gone when
//! they end, however they end.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    alone, cache,
    program::{Program, is_root},
};
use crate::{
    process::{command, output, run},
    transcript::say,
};

const SWIFT: Program = Program { names: &["swift"], least: (5, 9), packages: &[] };

const DEBOOTSTRAP: Program = Program { names: &["debootstrap"], least: (0, 0), packages: &["debootstrap"] };

/// The release of Debian in the folder, and its packages: compiler, package manager, XCTest and Foundation, and what
/// they link against.
const RELEASE: &str = "trixie";
const PACKAGES: [&str; 3] = ["swiftlang", "libc6-dev", "libstdc++-14-dev"];

/// Runs the rest of its arguments in the root `$1`, where the folders before `--` are seen at their own paths.
const INSIDE: &str = r#"
set -e
root=$1
shift
mount -t tmpfs tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
while [ "$1" != -- ]; do
    mkdir -p "$root$1"
    mount --bind "$1" "$root$1"
    shift
done
shift
exec chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
"#;

/// A Swift of 5.9 or newer, with its package manager.
pub(crate) enum Swift {
    /// The machine's own.
    Machine(PathBuf),
    /// The root of a Debian that has one.
    Root(PathBuf),
}

impl Swift {
    /// Finds Swift, else installs it: minutes and gigabytes, once for each machine.
    pub(crate) fn ensure() -> Result<Self, String> {
        if let Some(path) = SWIFT.find() {
            return Ok(Self::Machine(path));
        }
        let root = cache()?.join(format!("swift-{RELEASE}-1"));
        let missing = "Swift 5.9 or newer is missing";
        if !is_root()? {
            return Err(format!("{missing}; install it, or run this as root on Debian"));
        }
        let _alone = alone("swift")?;
        if !root.exists() {
            install(&root).map_err(|error| format!("{missing}, and could not be installed: {error}"))?;
        }
        Ok(Self::Root(root))
    }

    /// `swift` with these arguments. It sees `folders` at their own paths and, where it lives in a root of its own,
    /// nothing else of the machine but its network; of the environment it has `variables` at least.
    pub(crate) fn command(
        &self,
        arguments: &[&str],
        folders: &[&Path],
        variables: &[(&str, &Path)],
    ) -> Command {
        match self {
            Self::Machine(path) => {
                let mut swift = command(path, arguments);
                swift.envs(variables.iter().copied());
                swift
            }
            Self::Root(root) => {
                let mut swift = inside(root, folders);
                swift.args(variables.iter().map(|(name, value)| format!("{name}={}", value.display())));
                swift.arg("swift").args(arguments);
                swift
            }
        }
    }
}

/// A command inside `root`: variables as `NAME=value`, then a program and its arguments are to follow.
fn inside(root: &Path, folders: &[&Path]) -> Command {
    let mut command =
        command("unshare", &["--mount", "--propagation", "private", "sh", "-c", INSIDE, "inside"]);
    command.arg(root).args(folders).arg("--");
    command
}

/// Builds the root under another name, and gives it its own when Swift answers from inside.
fn install(root: &Path) -> Result<(), String> {
    let mirror = mirror()?;
    let debootstrap = DEBOOTSTRAP.ensure()?;
    say(&format!("Swift is not on this machine: a Debian {RELEASE} with Swift goes to {}.", root.display()));
    say("That takes some minutes and 3.5 GB, once for each machine.");
    let partial = root.with_extension("partial");
    let wrong = |error: std::io::Error| format!("{}: {error}", partial.display());
    run(command("rm", &["-rf", "--one-file-system", &partial.to_string_lossy()]))?;
    fs::create_dir_all(&partial).map_err(wrong)?;
    let mut base = command("unshare", &["--mount", "--propagation", "private"]);
    base.arg(debootstrap);
    base.args(["--variant=minbase", "--force-check-gpg", "--include=ca-certificates", RELEASE]);
    run({
        base.arg(&partial).arg(mirror);
        base
    })?;
    // Inside, apt reaches the mirror in the way that it does outside.
    let settings = output(command("apt-config", &["dump", "Acquire"]))?;
    fs::write(partial.join("etc/apt/apt.conf.d/90machine"), network(&settings)).map_err(wrong)?;
    for name in ["resolv.conf", "hosts"] {
        fs::copy(Path::new("/etc").join(name), partial.join("etc").join(name)).map_err(wrong)?;
    }
    for words in [&["install", "-qq", "--yes", "--no-install-recommends"][..], &["clean"]] {
        let mut apt = inside(&partial, &[]);
        apt.arg("apt-get").args(words).args(PACKAGES.iter().filter(|_| words.len() > 1));
        run(apt)?;
    }
    let mut swift = inside(&partial, &[]);
    swift.args(["swift", "--version"]);
    run(swift)?;
    fs::rename(&partial, root).map_err(wrong)
}

/// The mirror that the machine's own packages come from.
fn mirror() -> Result<String, String> {
    let system =
        fs::read_to_string("/etc/os-release").map_err(|error| format!("/etc/os-release: {error}"))?;
    let field = |name: &str| {
        system
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
            .map(|text| text.trim_matches('"'))
    };
    let (Some("debian"), Some(release)) = (field("ID"), field("VERSION_CODENAME")) else {
        return Err("this is not Debian".into());
    };
    let format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
    let sources = output(command("apt-get", &["indextargets", "--format", format, "Created-By: Packages"]))?;
    main_source(&sources, release).map(str::to_owned).ok_or("apt names no mirror of Debian".into())
}

/// The address in the line `ADDRESS RELEASE main`.
fn main_source<'a>(sources: &'a str, release: &str) -> Option<&'a str> {
    sources.lines().find_map(|line| {
        let mut words = line.split(' ');
        let address = words.next()?;
        (words.next() == Some(release) && words.next() == Some("main")).then_some(address)
    })
}

/// Of apt's settings for fetching, those that tell how to reach a mirror and what to check.
fn network(settings: &str) -> String {
    let kept = ["Acquire::http", "Acquire::https", "Acquire::Check", "Acquire::Retries"];
    let lines = settings.lines().filter(|line| kept.iter().any(|name| line.starts_with(name)));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_that_of_the_release() {
        let sources =
            "a://updates/ bookworm-updates main\nb://debian/ bookworm contrib\nc://debian/ bookworm main\n";
        assert_eq!(main_source(sources, "bookworm"), Some("c://debian/"));
        assert_eq!(main_source(sources, "trixie"), None);
    }

    #[test]
    fn settings_for_the_network_alone_are_taken() {
        let settings = "Acquire \"\";\nAcquire::IndexTargets::deb \"\";\nAcquire::Check-Date \"false\";\nAcquire::http::Proxy \"p\";\n";
        assert_eq!(network(settings), "Acquire::Check-Date \"false\";\nAcquire::http::Proxy \"p\";\n");
    }
}
