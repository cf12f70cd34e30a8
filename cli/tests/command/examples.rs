//! The examples of the help and of the book: each is run as it stands, or it is read and the reason stands here.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::process::{LOUVER, Node, louver};

/// The story: examples, in an order in which they work, and between them what its people do besides (`+`). Those that
/// would ask on a terminal whether to send are answered with yes (`y`); nodes (`n`) run until they have said where they are; a
/// backup (`b`) is of a node that runs.
const STORY: &str = r#"
  louver completions bash > /etc/bash_completion.d/louver
  louver completions zsh > ~/.zfunc/_louver
  louver completions fish > ~/.config/fish/completions/louver.fish
  louver inspect circuit 2x3
  louver inspect circuit account-keys --json
  louver inspect key ~/.cache/louver/development-2x3-73a4426ad162d491.key
  louver key compress 2x3 --out 2x3.download
  louver inspect key 2x3.download --check --json
  louver key expand 2x3.download --out 2x3.key
n louver node
n louver node --data /var/lib/louver --listen 0.0.0.0:7749 --interval 5
n louver node --config /etc/louver/node.toml --log warn
n louver node --config /etc/louver/node.toml
+ rm -r louver-node
n louver node --on-demand
n louver node --data /var/lib/louver --keep-bodies 10000
n louver node --follow http://127.0.0.1:7749 --genesis-hash HASH --data /var/lib/louver-copy
b louver node backup --data /var/lib/louver --out /backup/louver-monday
  louver node restore --from /backup/louver-monday --data /var/lib/louver-again
  louver node restore --from /backup/louver-monday --data /var/lib/louver-moved --nothing-since
  louver node check --data /var/lib/louver
  louver chain init --development --out development.genesis
  louver node keygen --out guardian.key
  louver node keygen --out authority.key
  louver wallet create --wallet alice.wallet
+ louver wallet phrase --wallet alice.wallet > phrase.txt
+ rm alice.wallet
  louver wallet create --wallet alice.wallet --passphrase-file passphrase.txt
  louver wallet phrase --wallet alice.wallet
  louver wallet info --wallet alice.wallet
  louver wallet passphrase --passphrase-file old.txt --new-passphrase-file new.txt
+ louver wallet passphrase --passphrase-file new.txt --new-passphrase-file passphrase.txt
  louver wallet accounts add
  louver wallet accounts add --index 3
  louver wallet accounts list
  louver wallet address --wallet alice.wallet
  louver wallet address --month 2030-01 --json
  louver wallet account --wallet alice.wallet
+ louver wallet create --wallet bob.wallet
+ louver wallet address --wallet bob.wallet > BOB
+ louver wallet account --wallet bob.wallet --json > account.json
  louver inspect string lvr1...
  louver wallet contacts add bob lvr1...
  louver wallet contacts add bob lvr1... --replace
  louver wallet contacts list
  louver wallet request "25 LVR" --memo "Invoice 17"
  louver wallet request --qr
  louver wallet faucet "100 LVR" --wallet alice.wallet
y louver wallet shield "60 LVR" --wallet alice.wallet
  louver wallet sync --wallet alice.wallet
  louver wallet balance --wallet alice.wallet --json
y louver wallet pay "25 LVR" --to lvr1... --memo "Rent, with thanks"
+ louver wallet history --limit 1 --json > payment.json
+ louver wallet create --wallet company.wallet
+ louver wallet faucet "100 LVR" --wallet company.wallet
y louver wallet issue "50000 EURX" --decimals 2 --wallet company.wallet
+ louver wallet shield "60 LVR" --wallet company.wallet --yes
+ louver wallet shield "100 EURX" --wallet company.wallet --yes
+ louver wallet pay "30 EURX" --to $(louver wallet address --wallet alice.wallet) --wallet company.wallet --yes
  louver wallet pay "10 EURX" --to @bob --fee-asset LVR --yes
y louver wallet pay all --asset EURX --to @bob
+ louver wallet request "1 LVR" --wallet bob.wallet > URI
y louver wallet pay louver:lvr1...
+ printf 'address,amount\n%s,1 EURX\n' $(cat BOB) > salaries.csv
y louver wallet pay-many salaries.csv --fee-asset LVR --wallet company.wallet
y louver wallet withdraw "10 LVR" --wallet alice.wallet
y louver wallet withdraw "10 LVR" --to lvrt1...
+ louver wallet pay "1 LVR" --to $(louver wallet address --wallet alice.wallet) --yes
y louver wallet consolidate LVR --wallet alice.wallet
  louver wallet history --wallet alice.wallet
  louver wallet history --direction received --asset EURX --from 2026-11-01 --to 2026-11-30
  louver audit keygen --out auditor.key
  louver wallet grant --to Smith --recipient age1... --year 2026 --out alice.grant
  louver wallet grant --to Smith --recipient age1... --month 2026-11 --show incoming --out m.grant
  louver wallet grant --to Smith --recipient age1... --from 2026-11-03 --out winter.grant
  louver audit request grant --as Smith --month 2026-11 --out ask.request
  louver wallet grant --request ask.request --yes --out answer.grant
  louver wallet disclosures --wallet alice.wallet
  louver wallet disclosures --current --json
  louver wallet disclosures --label 0 "The tax office"
  louver wallet disclosures --csv shown.csv
  louver audit open alice.grant --key auditor.key --node http://127.0.0.1:7749
  louver audit scan alice.grant --key auditor.key
  louver audit scan alice.grant --key auditor.key --json > report.json
  louver audit scan alice.grant --html alice.html --csv alice.csv --format cointracker
+ printf 'date,asset,currency,price\n%s,LVR#1,EUR,1.08\n' $(date -u +%F) > prices.csv
  louver audit export report.json
  louver audit export report.json --html statement.html --csv payments.csv
  louver audit export report.json --csv koinly.csv --format koinly --prices prices.csv
  louver audit export report.json --json
+ cp alice.grant grant.age
  louver inspect file grant.age --json
+ echo '{"originator":{"originatorPersons":[{"naturalPerson":{"name":{"nameIdentifier":[{"primaryIdentifier":"Okafor","nameIdentifierType":"LEGL"}]},"customerIdentification":"7"}}]},"beneficiary":{"beneficiaryPersons":[{"naturalPerson":{"name":{"nameIdentifier":[{"primaryIdentifier":"Roth","nameIdentifierType":"LEGL"}]}}}]}}' > p.json
y louver wallet pay "6 LVR" --to @bob --travel-rule p.json --counterparty age1... --record p.age
+ louver wallet history --limit 1 --json > payment.json
  louver wallet travel-rule p.age --key auditor.key --wallet bob.wallet
  louver wallet travel-rule p.age --key auditor.key --seal-to age1... --out r.age
  louver wallet disclose --direction sent --asset LVR --to Smith --dry-run
  louver wallet disclose --with @bob --to Smith --yes --out bob.disclosure
  louver wallet disclose --over "5 LVR" --show-at-least "5 LVR" --to Smith --yes --out five
  louver wallet disclose TXID --to "The landlord's bank" --out rent.disclosure
  louver wallet disclose TXID --to Smith --recipient age1... --out sealed.disclosure
  louver audit request payments --as Smith --side sent --asset 1 --amount 5 --out pay.request
  louver wallet disclose TXID --request pay.request --yes --out pay.disclosure
  louver audit package pay.disclosure --request pay.request --key auditor.key --receipt pay.receipt
  louver audit package pay.disclosure --request pay.request --key auditor.key --travel-rule r.age
  louver audit receipt pay.receipt
  louver audit receipt pay.receipt --data pay.disclosure --key auditor.key --request pay.request
  louver audit prove rent.disclosure --node http://127.0.0.1:7749
  louver audit package rent.disclosure --offline --genesis-hash HASH
  louver wallet book --to Smith --recipient age1... --year 2026 --out alice.book
  louver wallet book --to Smith --recipient age1... --month 2026-11 --show-recipients --out nov
  louver audit request book --as Smith --month 2026-11 --out book.request
  louver wallet book --request book.request --yes --out answer.book
  louver audit book answer.book --request book.request --key auditor.key --receipt book.receipt
  louver audit receipt book.receipt --data answer.book --key auditor.key --request book.request
  louver audit prove answer.book --key auditor.key
  louver audit book answer.book --offline --key auditor.key --genesis-hash HASH
  louver audit book alice.book --key auditor.key --memos --genesis-hash HASH
  louver audit book alice.book --key auditor.key --json > verdict.json
  louver wallet prove address lvr1... --to Smith --wallet bob.wallet --out own.statement
  louver audit statement own.statement --key auditor.key --as Smith
  louver audit statement own.statement --key auditor.key --json
  louver audit statement own.statement --offline --key auditor.key --genesis-hash HASH
+ rm own.statement
  louver audit request address lvr1... --as Smith --out own.request
+ louver wallet prove address --request own.request --yes --wallet bob.wallet --out own.statement
  louver audit statement own.statement --request own.request --key auditor.key --receipt r.receipt
  louver audit request holdings --as Smith --asset 1 --amount 5 --since 2026-11-30 --out h.request
  louver audit request total --as Smith --asset 1 --amount 5 --year 2026 --out in.request
  louver audit request unspent TXID --output 0 --as Smith --out there.request
+ printf 'customer,amount\n7001,12.5\n7002,3\n' > owed.csv
  louver wallet reserves owed.csv --asset LVR --snapshot 0 --out owed
  louver wallet contacts remove bob
  louver wallet rescan
  louver wallet rescan --birthday 0
  louver wallet rescan --from 2026-11-01
+ rm alice.wallet
  louver wallet restore --wallet alice.wallet --phrase-file phrase.txt
+ rm alice.wallet
  louver wallet restore --wallet alice.wallet --phrase-file phrase.txt --date 2026-11-01
"#;

/// The examples that are only read, by how they begin, and why.
const READ: &[(&str, &str)] = &[
    ("louver demo", "the suite plays it in its steps `demo` and `production`; `web` opens its pages"),
    ("louver ceremony", "its size takes hours; `ceremony` here and the step `production` run small ones"),
    (
        "louver chain init --keys",
        "it takes keys from a ceremony; a test beside the command runs it with others",
    ),
    ("louver chain init --from", "it takes a file of terms: `chain` has one"),
    ("louver chain show", "it takes a genesis: `chain` makes one"),
    ("louver node evidence", "it takes authorities who sealed two chains: a test of the node has some"),
    ("louver node act", "it takes an act that several sign: `chain` has one"),
    (
        "louver node --follow http://10.0.0.1",
        "it takes authorities on several machines: a test of the node has some",
    ),
    ("louver node --genesis", "it takes keys from a ceremony; the step `production` makes such a chain"),
    ("louver key compress ceremony-2x3.key", "it takes keys from a ceremony"),
    ("louver key compress keys/ceremony-2x3.key", "it takes keys from a ceremony"),
    ("louver inspect key ceremony-2x3.key", "it takes keys from a ceremony"),
    ("louver key expand 2x3.download --out 2x3.key --hash", "its hash is cut short"),
    ("louver key expand 2x3.download --out ceremony-2x3.key --hash", "it has no hash yet"),
    ("louver node accept-time", "it takes a node whose clock was wrong: a test of the node has one"),
    ("louver node --data chain", "the test of the README begins with a node of its own"),
    ("louver wallet announce", "it takes a hash and a snapshot: `announcing` has some"),
    ("louver audit inclusion", "it takes a root that was published: `announcing` has one"),
    (
        "louver wallet pay louver:lvr1... --ready-by",
        "its date is one of the day: `slips` names days of this month and the next",
    ),
    (
        "louver audit reserves",
        "its statement of holdings takes minutes to prove: `announcing` runs it with others",
    ),
    ("louver wallet abandon", "it takes a transaction that no block has: a test of the engine has one"),
    ("louver wallet retry", "it takes a transaction that no block has: a test of the engine has one"),
    ("louver wallet resume", "it takes a list that was stopped: `money` has one"),
    ("louver wallet passphrase --wallet", "it asks on a terminal: `terminal` answers"),
    (
        "louver wallet restore --wallet alice.wallet --no-passphrase --phrase-file -",
        "it reads a phrase that is typed",
    ),
    ("louver wallet history --json | jq", "not every machine has jq"),
    ("louver inspect string -", "it reads what is typed"),
    ("louver inspect file payment.tx", "no command writes a transaction to a file"),
    ("louver inspect transaction", "no command writes a transaction to a file"),
    ("louver audit committee", "it takes several members and an audited chain: `committee` has both"),
    ("louver audit book december.book --after", "its month may be to come"),
    ("louver wallet prove address --request", "the story answers the request with another wallet's address"),
    (
        "louver wallet prove holdings",
        "it takes a snapshot and the largest proof: a test of `viewkeys` makes one",
    ),
    ("louver wallet prove total", "its proof takes long: a test of `circuits` makes some"),
    ("louver wallet prove unspent", "it takes a snapshot: a story across the crates has one"),
    ("louver audit package rent.disclosure --as", "its nonce is cut short; `audit` has one"),
];

/// The examples of the help of every command.
fn of_help(path: &[String], found: &mut BTreeSet<String>) {
    let arguments: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
    let help = louver(&arguments).out;
    found.extend(lines(&help));
    let below = help.split("Commands:\n").nth(1).unwrap_or_default();
    for line in below.lines().take_while(|line| line.starts_with("  ")) {
        let name = line.strip_prefix("  ").and_then(|line| line.split(' ').next()).unwrap_or_default();
        if !name.is_empty() && name != "help" {
            of_help(&[path, &[name.to_owned()]].concat(), found);
        }
    }
}

/// The examples of the book and of the README, in blocks marked `sh`.
fn of_pages() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let chapters = fs::read_dir(root.join("spec/src")).unwrap().map(|entry| entry.unwrap().path());
    let pages: Vec<PathBuf> = chapters.chain([root.join("README.md")]).collect();
    let mut found = BTreeSet::new();
    for page in pages {
        let text = fs::read_to_string(page).unwrap();
        for block in text.split("```sh\n").skip(1) {
            found.extend(lines(block.split("```").next().unwrap()));
        }
    }
    found
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    let is_example = |line: &&str| line.starts_with("louver ") && !line.contains("<COMMAND>");
    text.lines().map(str::trim).filter(is_example).map(str::to_owned)
}

fn all() -> BTreeSet<String> {
    let mut found = of_pages();
    of_help(&[], &mut found);
    found
}

/// The lines of the story, each with its mark.
fn story() -> impl Iterator<Item = (char, &'static str)> {
    STORY.lines().filter(|line| !line.is_empty()).map(|line| (line.chars().next().unwrap(), line[2..].trim()))
}

#[test]
fn every_example_is_run_or_there_is_a_reason() {
    let examples = all();
    assert!(examples.len() > 80, "{examples:?}");
    let told: BTreeSet<&str> = story().filter(|(mark, _)| *mark != '+').map(|(_, line)| line).collect();
    let reason = |example: &str| READ.iter().find(|(begin, _)| example.starts_with(begin));
    let untold: Vec<&String> = examples
        .iter()
        .filter(|example| !told.contains(example.as_str()) && reason(example).is_none())
        .collect();
    assert!(untold.is_empty(), "neither run, nor is there a reason: {untold:#?}");
    let gone: Vec<&&str> = told.iter().filter(|line| !examples.contains(**line)).collect();
    assert!(gone.is_empty(), "no page has them any more: {gone:#?}");
    let idle = READ.iter().filter(|(begin, _)| !examples.iter().any(|example| example.starts_with(begin)));
    let idle: Vec<_> = idle.collect();
    assert!(idle.is_empty(), "no page has them any more: {idle:#?}");
}

/// A folder in which the story is played: what it writes outside of it lands here too.
struct Scene<'a> {
    folder: &'a Path,
    node: &'a Node,
}

impl Scene<'_> {
    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_default().trim().to_owned()
    }

    fn field(&self, file: &str, name: &str) -> String {
        let object: serde_json::Value = serde_json::from_str(&self.read(file)).unwrap_or_default();
        object[name].as_str().unwrap_or_default().to_owned()
    }

    /// The line with what stands for something in it, and with places that are here.
    fn filled(&self, line: &str) -> String {
        let cache = std::env::var("XDG_CACHE_HOME")
            .unwrap_or_else(|_| format!("{}/.cache", std::env::var("HOME").unwrap()));
        let auditor = self.read("auditor.key");
        let auditor = auditor.split_whitespace().find(|word| word.starts_with("age1")).unwrap_or_default();
        [
            ("louver:lvr1...", format!("'{}'", self.read("URI"))),
            ("lvrt1...", self.field("account.json", "account")),
            ("lvr1...", self.read("BOB")),
            ("age1...", auditor.to_owned()),
            ("TXID", self.field("payment.json", "txid")),
            ("http://127.0.0.1:7749", self.node.url.clone()),
            ("--genesis-hash HASH", format!("--genesis-hash {}", self.node.genesis_hash)),
            ("0.0.0.0:7749", "127.0.0.1:0".to_owned()),
            ("~/.cache", cache),
            (" /var/lib/", " var/lib/".to_owned()),
            (" /backup/", " backup/".to_owned()),
            (" /etc/", " etc/".to_owned()),
        ]
        .into_iter()
        .fold(line.to_owned(), |line, (mark, text)| line.replace(mark, &text))
    }

    fn shell(&self, line: &str) -> Command {
        let beside = Path::new(LOUVER).parent().unwrap().display();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("bash");
        shell.args(["-euc", line]).current_dir(self.folder).stdin(Stdio::null());
        let cache = self.filled("~/.cache");
        shell
            .env("PATH", format!("{beside}:{path}"))
            .env("HOME", self.folder)
            .env("XDG_CACHE_HOME", cache)
            .env("LOUVER_NODE", &self.node.url)
            .env("LOUVER_NODE_LISTEN", "127.0.0.1:0")
            .env("LOUVER_WALLET", "alice.wallet");
        if !line.contains("passphrase") || line.contains("printf") {
            shell.env("LOUVER_PASSPHRASE_FILE", "passphrase.txt");
        }
        shell
    }

    fn run(&self, mark: char, line: &str) {
        let filled = self.filled(line);
        match mark {
            'n' => return self.starts(&filled, || ()),
            'b' => return self.starts("louver node --data var/lib/louver", || self.run(' ', line)),
            _ => {}
        }
        let filled = if mark == 'y' { format!("{filled} --yes") } else { filled };
        let ended = self.shell(&filled).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{line}\n{filled}\n{said}");
    }

    /// Runs a node until it has said where it is, and something beside it.
    fn starts(&self, node: &str, beside: impl FnOnce()) {
        let mut process = self.shell(&format!("exec {node} --json")).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        let out = process.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut said).unwrap();
        beside();
        let asked = Command::new("kill").arg(process.id().to_string()).status().unwrap();
        // It shuts down as it does later on, however soon it is told to stop.
        let ended = process.wait().unwrap();
        assert!(asked.success() && ended.success() && said.contains("\"url\""), "{node}: {ended}\n{said}");
    }
}

#[test]
#[ignore = "makes a dozen proofs, and their keys if there are none"]
fn every_example_of_the_story_works() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &[]);
    let scene = Scene { folder: folder.path(), node: &node };
    for place in
        ["etc/bash_completion.d", "etc/louver", ".zfunc", ".config/fish/completions", "var/lib", "backup"]
    {
        fs::create_dir_all(folder.path().join(place)).unwrap();
    }
    for (file, text) in [
        ("etc/louver/node.toml", "data = \"chain\"\n"),
        ("passphrase.txt", "correct horse\n"),
        ("old.txt", "correct horse\n"),
        ("new.txt", "battery staple\n"),
    ] {
        fs::write(folder.path().join(file), text).unwrap();
    }
    for (mark, line) in story() {
        scene.run(mark, line);
    }
    assert_eq!(node.stop(), 0);
}
