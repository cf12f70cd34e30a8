//! Exit codes, JSON, and that no secret is printed.

use crate::process::{Run, louver};

#[test]
fn help_and_versions_are_no_errors() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["demo", "--help"],
        &["wallet", "pay", "--help"],
        &["audit", "scan", "--help"],
    ] {
        let run = louver(arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
    }
    let help = louver(&["--help"]).out;
    assert!(help.contains("Exit codes"), "{help}");
    for command in ["demo", "node", "wallet", "audit", "ceremony", "inspect", "key", "completions"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
    }
}

#[test]
fn a_wrong_command_line_is_told_in_both_forms() {
    let run = louver(&["wallet", "py"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("py"), "{}", run.err);
    let run = louver(&["wallet", "py", "--json"]);
    assert_eq!((run.code, run.error()["code"].as_str()), (2, Some("usage")));
}

#[test]
fn circuits_are_counted() {
    let run = louver(&["inspect", "circuit", "2x3", "--json"]);
    assert_eq!(run.code, 0);
    let figures = run.json();
    assert!(figures["constraints"].as_u64().unwrap() < 16_384);
    assert_eq!(figures["domain"], 16_384);
    assert_eq!(figures["hash"].as_str().unwrap().len(), 64);
    let names: Vec<&str> =
        figures["public_inputs"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(names.first(), Some(&"anchor"));
    assert_eq!((names.last(), names.len()), (Some(&"ext"), 16));
    assert_eq!(louver(&["inspect", "circuit", "5x5"]).code, 3);
}

#[test]
fn keys_are_told_compressed_and_expanded() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (download, key) = (path("download"), path("key"));
    let made = louver(&["key", "compress", "note-opening", "--out", &download, "--json"]).json();
    assert_eq!(made["bytes"].as_u64().unwrap(), std::fs::metadata(&download).unwrap().len());
    assert_eq!(louver(&["key", "compress", "note-opening", "--out", &download]).code, 5, "not overwritten");
    let expanded = louver(&["key", "expand", &download, "--out", &key, "--json"]).json();
    assert_eq!(expanded["hash"], made["hash"]);
    for (file, kind) in [(&download, "compressed proving key"), (&key, "proving key")] {
        let told = louver(&["inspect", "key", file, "--check", "--json"]).json();
        assert_eq!((told["kind"].as_str(), told["pinned"].as_bool()), (Some(kind), Some(true)));
        assert_eq!((&told["hash"], told["points"].as_str()), (&made["hash"], Some("checked")));
        assert_eq!(told["sections"].as_array().unwrap().len(), 8);
        assert!(louver(&["inspect", "key", file]).out.contains("H in G1"));
        assert_eq!(louver(&["inspect", "file", file, "--json"]).json()["circuit"], "note-opening");
    }
    let verifying = concat!(env!("CARGO_MANIFEST_DIR"), "/../circuits/keys/development-2x3.vk");
    let told = louver(&["inspect", "key", verifying, "--check", "--json"]).json();
    assert_eq!((told["gate"].as_str(), told["pinned"].as_bool()), (Some("passed"), Some(true)));

    let other = "00".repeat(32);
    assert_eq!(louver(&["key", "expand", &download, "--out", &path("other"), "--hash", &other]).code, 3);
    assert_eq!(louver(&["key", "expand", &download, "--out", &path("other"), "--hash", "00"]).code, 3);
    let mut bytes = std::fs::read(&key).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&key, &bytes).unwrap();
    let told = louver(&["inspect", "key", &key, "--json"]).json();
    assert_eq!(told["pinned"].as_bool(), Some(false));
    assert_eq!(louver(&["inspect", "key", &key, "--check"]).code, 1, "a point is wrong");
    std::fs::write(&key, &bytes[..last]).unwrap();
    assert_eq!(louver(&["inspect", "key", &key]).code, 3);
}

#[test]
fn strings_are_told_by_kind_and_broken_ones_refused() {
    let run = louver(&["inspect", "string", "lvrt1nothing", "--json"]);
    assert_eq!((run.code, run.error()["code"].as_str()), (3, Some("input_refused")));
    assert_eq!(louver(&["inspect", "file", "/no/such/file"]).code, 5);
    assert_eq!(louver(&["inspect", "transaction", "0102"]).code, 3);
}

#[test]
fn an_auditors_key_stays_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("auditor.key");
    let file = file.to_str().unwrap();
    let made = louver(&["audit", "keygen", "--out", file, "--json"]);
    assert_eq!(made.code, 0);
    let recipient = made.json()["recipient"].as_str().unwrap().to_owned();
    assert!(recipient.starts_with("age1"));
    let secret = std::fs::read_to_string(file).unwrap();
    let secret = secret.lines().last().unwrap();
    assert!(secret.starts_with("AGE-SECRET-KEY-1"));
    let seen = louver(&["inspect", "file", file, "--json"]);
    assert_eq!(
        (seen.json()["secret"].as_bool(), seen.json()["recipient"].as_str()),
        (Some(true), Some(recipient.as_str()))
    );
    for run in [&made, &seen, &louver(&["inspect", "file", file]), &louver(&["inspect", "string", secret])] {
        assert!(!run.out.contains(secret) && !run.err.contains(secret));
    }
    let again = louver(&["audit", "keygen", "--out", file]);
    assert_eq!(again.code, 5, "a key is not overwritten");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = louver(&["completions", shell]);
        assert!(run.code == 0 && run.out.contains("pay-many"), "{shell}");
    }
}

#[test]
fn a_node_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = folder.path().join("w");
    let wallet = wallet.to_str().unwrap();
    let create = |node: &str| -> Run {
        louver(&["wallet", "create", "--wallet", wallet, "--no-passphrase", "--node", node, "--json"])
    };
    // A port that nobody listens at: it was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let run = create(&format!("http://127.0.0.1:{port}"));
    assert_eq!((run.code, run.error()["code"].as_str()), (4, Some("node_unreachable")));
    assert_eq!(create("https://example.org").code, 2);
    assert!(!std::path::Path::new(wallet).exists());
}
