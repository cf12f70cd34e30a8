//! The data of the API, as TypeScript declares it: `src/data.ts` is written from the Rust types, and this test fails
//! where it is not what they say. `LOUVER_WRITE=1 cargo test -p louver-web` writes it anew.

use std::{fmt::Write, fs, path::Path};

use louver_core::{
    calendar::{LAST_DATED, NO_DATE},
    text::{is_hidden, is_pictograph},
};
use louver_sdk::{protocol::*, *};
use tsify::Tsify;

const HEAD: &str = "// The data of the API. Written from the Rust types by `LOUVER_WRITE=1 cargo test -p louver-web`; do not edit.\n";

macro_rules! declarations {
    ($($name:ident)*) => { [$((stringify!($name), <$name as Tsify>::DECL)),*] };
}

/// Optional fields may be left out.
fn optional(declaration: &str) -> String {
    declaration
        .lines()
        .map(|line| {
            match line.trim_end().strip_suffix(" | undefined;").and_then(|field| field.split_once(": ")) {
                Some((name, of)) => format!("{}?: {of} | undefined;\n", name.trim_end_matches('?')),
                None => format!("{line}\n"),
            }
        })
        .collect()
}

#[test]
fn the_package_declares_the_data_of_the_sdk() {
    let declarations = declarations! {
        BookAccount BookError BookFinding BookInfo BookLine BookMark BookPayment BookReport BookRequest ChallengeError ChallengeInfo CsvFile CsvForm Demand
        MadeBook ReceiptConclusion ReceiptError ReceiptInfo ReceiptSentence ReportOrigin ReportSource StatementOfAccountError
        TravelRuleCoverage TravelRuleError TravelRulePayment TravelRulePerson TravelRuleReport TravelRuleStanding
        Account Action AddressError AddressInfo Amount AmountError Asset AssetTotals Assurance AuditCommittee AuditError AuditReport
        Balance Circuit ContinuedAudit Crossing Detail Directions DiscloseError DisclosedPayment DisclosureKind DisclosureRecord DisclosureRegister DoubledPayment EarlierPayment EntryKind EpochSpan Expectations Fee FinalRefusal Finding FindingKind GrantInfo
        GrantRequest HistoryEntry HistoryQuery HttpMethod HttpRequest HttpResponse ListedPayment Movement Net NodeError NodeStatus Outgoing Output OutputKind
        PackageChoice PackageError PackageInfo PackageReport PackageRequest Party Payment PaymentFilter PaymentList PaymentListError PaymentRequest
        PaymentProgress PaymentRequestError Period PeriodError PhraseError Place PlanError Preview PreviewedPayment ProposalPreview ProposedTransaction ProverError
        PublicSide Receiving ReceivingPair Refusal RepeatedRow RequestedPayment Schedule ScheduledPayment SendError Sent Shows Side Stage StatementClaim StatementError StatementInfo StatementReport StatementRequest Status StorageError Sum SyncSummary TransactionState
        TransparentAccount TransportError WalletError
        ChainChoice Fingerprint Trust TrustedHead

        AccountParts DummyInput DummyOutput EpochParts NamedScalar OpenedOutput OutputScope PoseidonDomain
        ProtocolAddress ProtocolError ProtocolIncomingKey ProtocolNote ProtocolNoteSecrets ProtocolText ProtocolView
        StatementInput StatementOutput StatementPublic StatementWitness TransactionFields TransactionHashes TreePath
    };
    let mut text = HEAD.to_owned();
    for (_, declaration) in declarations {
        let declaration = optional(declaration);
        match declaration.starts_with("/**") || declaration.starts_with("export") {
            true => write!(text, "\n{declaration}").unwrap(),
            false => write!(text, "\nexport {declaration}").unwrap(),
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/data.ts");
    agrees(&path, &text);
}

/// Whether a file of the package is what it is written from.
fn agrees(path: &Path, text: &str) {
    if std::env::var_os("LOUVER_WRITE").is_some() {
        fs::write(path, text).expect("the package's folder can be written");
    }
    let is_same = fs::read_to_string(path).unwrap_or_default() == text;
    assert!(is_same, "{} is not what it is written from", path.display());
}

/// The characters for which a rule holds, as a class of a regular expression in JavaScript.
fn class(holds: fn(char) -> bool) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for c in ('\0'..=char::MAX).filter(|c| holds(*c)).map(u32::from) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == c => *last = c,
            _ => ranges.push((c, c)),
        }
    }
    let mut class = String::new();
    for (first, last) in ranges {
        class += &format!("\\u{{{first:x}}}");
        if first != last {
            class += &format!("-\\u{{{last:x}}}");
        }
    }
    class
}

/// `[foreign-text]`: `src/text.ts` shows text of others as the Rust library does.
#[test]
fn the_package_shows_text_of_others_by_the_rules_of_the_core() {
    let text = include_str!("text.ts.in")
        .replace("PICTOGRAPHS", &class(is_pictograph))
        .replace("CHARACTERS", &class(is_hidden));
    agrees(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text.ts"), &text);
}

/// The pages say of a time that no date shows what the Rust library says.
#[test]
fn the_pages_have_the_dates_of_the_core() {
    let text = format!(
        "// The times that dates show. Written from the Rust rules by `LOUVER_WRITE=1 cargo test -p louver-web`; do not edit.\n\n\
         /** The last second that a date shows, since 1970. */\nexport const LAST_DATED = {LAST_DATED};\n\n\
         /** The words for a later time. */\nexport const NO_DATE = {NO_DATE:?};\n"
    );
    agrees(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pages/shared/dates.ts"), &text);
}
