//! Pages for a browser, beside a node.

use std::{path::Path, process::Command};

use serde_json::Value;

use crate::process::{LOUVER, Running, louver};

/// The demo with its pages, at a free port.
struct Demo {
    running: Running,
    said: Value,
}

impl Demo {
    fn start(dir: &Path, pages: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(LOUVER);
        command.args(["demo", "--web", "--json", "--port", "0", "--dir"]).arg(dir);
        let (running, said) = Running::start(command.arg("--web-dir").arg(pages).args(arguments));
        Self { running, said }
    }

    fn get(&self, place: &str) -> ureq::http::Response<ureq::Body> {
        ureq::get(self.said[place].as_str().unwrap()).call().unwrap()
    }

    /// Presses Ctrl-C, and gives the exit code.
    fn stop(self) -> i32 {
        self.running.end("-INT").0
    }
}

fn pages(folder: &Path) -> std::path::PathBuf {
    let pages = folder.join("dist");
    for page in ["", "wallet", "audit"] {
        std::fs::create_dir_all(pages.join(page)).unwrap();
        std::fs::write(pages.join(page).join("index.html"), format!("<title>{page}</title>")).unwrap();
    }
    pages
}

#[test]
fn pages_and_node_are_served_together_and_the_chain_is_carried_on() {
    let folder = tempfile::tempdir().unwrap();
    let (pages, dir) = (pages(folder.path()), folder.path().join("demo"));
    let demo = Demo::start(&dir, &pages, &[]);
    for (place, title) in [("url", ""), ("wallet", "wallet"), ("audit", "audit")] {
        let mut answer = demo.get(place);
        assert_eq!(answer.headers()["cross-origin-opener-policy"], "same-origin");
        assert_eq!(answer.headers()["cross-origin-embedder-policy"], "require-corp");
        assert_eq!(answer.body_mut().read_to_string().unwrap(), format!("<title>{title}</title>"));
    }
    let api = demo.said["api"].as_str().unwrap().to_owned();
    let genesis = |api: &str| -> Value {
        ureq::get(format!("{api}/genesis")).call().unwrap().body_mut().read_json().unwrap()
    };
    let first = genesis(&api);
    assert_eq!((&first["epochs"]["kind"], &first["epochs"]["grace"]), (&"months".into(), &604_800.into()));
    let key = ureq::get(format!("{api}/proving-keys/note-opening?length=8")).call().unwrap();
    assert_eq!(key.headers()["content-length"], "12");
    assert_eq!(demo.stop(), 0);

    let again = Demo::start(&dir, &pages, &["--isolated=false"]);
    let answer = again.get("url");
    assert!(!answer.headers().contains_key("cross-origin-embedder-policy"));
    assert!(answer.headers().contains_key("content-security-policy"));
    assert_eq!(genesis(again.said["api"].as_str().unwrap()), first);
    assert_eq!(again.stop(), 0);
}

#[test]
fn pages_that_are_not_built_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("dist");
    let run = louver(&["demo", "--web", "--web-dir", missing.to_str().unwrap(), "--json"]);
    assert_eq!((run.code, run.error()["code"].as_str()), (5, Some("pages_missing")));
    assert!(run.error()["message"].as_str().unwrap().contains("cargo xtask web"), "{}", run.err);
    for alone in [&["--port", "1"][..], &["--web-dir", "x"], &["--isolated=false"]] {
        assert_eq!(louver(&[&["demo"], alone].concat()).code, 2, "{alone:?}");
    }
}
