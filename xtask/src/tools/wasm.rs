//! The tools that build WebAssembly: Rust's targets, a clang for `blst`, wasm-pack with wasm-bindgen, and wasm-opt.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    alone, cache,
    generator::{WASM_BINDGEN, WASM_PACK},
    program::{NPM, Program},
};
use crate::{
    process::{command, output, run},
    transcript::say,
};

/// The compiler of the threaded build, whose standard library must be built anew: only a nightly one does that.
const NIGHTLY: &str = "nightly-2026-05-20";

const TARGET: &str = "wasm32-unknown-unknown";

/// The first is Debian 12's newest; any from 16 on knows the target well enough.
const CLANG: Program = Program {
    names: &["clang-19", "clang-22", "clang-21", "clang-20", "clang-18", "clang-17", "clang-16", "clang"],
    least: (16, 0),
    packages: &["clang-19"],
};

/// wasm-opt, as npm's `binaryen`: version and hash.
const BINARYEN: (&str, &str) = (
    "132.0.0",
    "sha512-4Usg7yEvwO3FMso3Oov6qkOOHSod1IEv+boKkh77kTljM+eNBouqCTbqWswGzbG+vDNO/b/v2C4gfEh1WgB9Lg==",
);

/// The instructions that the engines which we support understand, and wasm-opt may use.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// The vector instructions that the prover sums by: every browser has had them since 2023.
const VECTORS: &str = "-C target-feature=+simd128";

/// Memory shared between workers, and what `wasm-bindgen-rayon` starts them with.
const SHARED_MEMORY: &str = "-C target-feature=+simd128,+atomics,+bulk-memory,+mutable-globals \
    -C link-arg=--shared-memory -C link-arg=--max-memory=1073741824 -C link-arg=--import-memory \
    -C link-arg=--export=__wasm_init_tls -C link-arg=--export=__tls_size \
    -C link-arg=--export=__tls_align -C link-arg=--export=__tls_base";

/// On how many threads a build runs. Many need a page that is isolated from other origins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threads {
    One,
    Many,
}

/// The tools, all of them there.
pub(crate) struct Wasm {
    clang: PathBuf,
    pack: PathBuf,
    bindgen: PathBuf,
    opt: PathBuf,
}

/// A crate to make a package from, and what it is made into.
pub(crate) struct Module<'a> {
    /// The folder of the crate.
    pub(crate) source: &'a Path,
    /// The name of the files: `NAME.js`, `NAME.d.ts`, `NAME_bg.wasm`.
    pub(crate) name: &'a str,
    /// Options for cargo.
    pub(crate) options: &'a [&'a str],
    /// The folder of cargo's builds.
    pub(crate) target: &'a Path,
    /// The folder of the files.
    pub(crate) into: &'a Path,
}

impl Wasm {
    /// Finds the tools, and installs those that are missing.
    pub(crate) fn ensure() -> Result<Self, String> {
        target()?;
        nightly()?;
        Ok(Self {
            clang: CLANG.ensure()?,
            pack: WASM_PACK.ensure()?,
            bindgen: WASM_BINDGEN.ensure()?,
            opt: opt()?,
        })
    }

    /// Writes the JavaScript, the types and the module.
    pub(crate) fn pack(&self, module: &Module<'_>, threads: Threads) -> Result<(), String> {
        let Module { source, name, options, target, into } = module;
        let mut pack = match threads {
            Threads::One => {
                let mut pack = command(&self.pack, &[]);
                pack.env("RUSTFLAGS", VECTORS);
                pack
            }
            // It calls the cargo that it finds: the one that builds the standard library as well.
            Threads::Many => {
                let mut pack = command("rustup", &["run", NIGHTLY]);
                pack.arg(&self.pack).env("RUSTFLAGS", SHARED_MEMORY).env_remove("CARGO");
                pack
            }
        };
        // The wasm-bindgen on the path is ours, all targets are there, and wasm-opt comes after: so it downloads nothing.
        pack.args([
            "build",
            "--profile",
            "web",
            "--target",
            "web",
            "--mode",
            "no-install",
            "--no-opt",
            "--no-pack",
            "--no-gitignore",
        ]);
        pack.arg("--out-name").arg(name).arg("--out-dir").arg(into).arg(source);
        pack.args(["--", "--locked"]).args(*options).arg("--target-dir").arg(target);
        pack.args((threads == Threads::Many).then_some("-Zbuild-std=std,panic_abort"));
        pack.env("CC_wasm32_unknown_unknown", &self.clang).env("PATH", self.path()?);
        run(pack)
    }

    /// Makes a module that was packed small and fast, by one thread.
    pub(crate) fn shrink(&self, module: &Module<'_>, threads: Threads) -> Result<(), String> {
        let bound = module.into.join(format!("{}_bg.wasm", module.name));
        let mut shrink = Command::new(&self.opt);
        shrink.args(FEATURES).args((threads == Threads::Many).then_some("--enable-threads"));
        shrink.arg("-O3").arg(&bound).arg("-o").arg(&bound);
        run(shrink)
    }

    /// The folders of programs, wasm-bindgen's first.
    fn path(&self) -> Result<std::ffi::OsString, String> {
        let others = env::var_os("PATH").unwrap_or_default();
        let folders =
            self.bindgen.parent().map(Path::to_path_buf).into_iter().chain(env::split_paths(&others));
        env::join_paths(folders).map_err(|error| format!("PATH: {error}"))
    }
}

/// Adds the target to the compiler that runs this task.
fn target() -> Result<(), String> {
    let library = output(command("rustc", &["--print", "target-libdir", "--target", TARGET]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    run(command("rustup", &["target", "add", TARGET]))
        .map_err(|error| format!("Rust's target {TARGET} is missing, and rustup does not bring it: {error}"))
}

/// Installs [`NIGHTLY`] with the sources of the standard library and, as wasm-pack wants it, a built one.
fn nightly() -> Result<(), String> {
    let installed = || {
        let listed = output(command("rustup", &["toolchain", "list"]))?;
        if !listed.lines().any(|line| line.starts_with(NIGHTLY)) {
            return Ok(false);
        }
        let place = output(command("rustup", &["run", NIGHTLY, "rustc", "--print", "sysroot"]))?;
        let has = |folder: &str| Path::new(place.trim()).join("lib/rustlib").join(folder).is_dir();
        Ok::<_, String>(has("src/rust/library") && has(TARGET))
    };
    if installed()? {
        return Ok(());
    }
    let options = ["--profile", "minimal", "--component", "rust-src", "--target", TARGET, "--no-self-update"];
    run(command("rustup", &[&["toolchain", "install", NIGHTLY], &options[..]].concat()))
        .map_err(|error| format!("{NIGHTLY} is missing, and rustup does not bring it: {error}"))
}

/// wasm-opt, checked by its hash.
fn opt() -> Result<PathBuf, String> {
    let (version, hash) = BINARYEN;
    let folder = cache()?.join(format!("binaryen-{version}"));
    let program = folder.join("node_modules/.bin/wasm-opt");
    let npm = NPM.ensure()?;
    let _alone = alone("binaryen")?;
    if program.exists() && output(command(&program, &["--version"])).is_ok() {
        return Ok(program);
    }
    say(&format!("installing binaryen {version} in {}: 100 MB", folder.display()));
    let wanted = serde_json::json!({ "dependencies": { "binaryen": version } });
    let lock = serde_json::json!({
        "lockfileVersion": 3,
        "requires": true,
        "packages": {
            "": wanted,
            "node_modules/binaryen": {
                "version": version,
                "integrity": hash,
                "bin": { "wasm-opt": "bin/wasm-opt" },
            },
        },
    });
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join("package.json"), wanted.to_string()))
        .and_then(|()| fs::write(folder.join("package-lock.json"), lock.to_string()))
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut install = command(npm, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    install.current_dir(&folder);
    run(install)?;
    Ok(program)
}
