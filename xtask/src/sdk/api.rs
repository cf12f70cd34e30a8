//! The table of the API's names, `bindings/api.md`, against what is generated for each language.

use std::{collections::BTreeSet, fs};

use crate::process::root;

/// The table, from the root of the clone.
const TABLE: &str = "bindings/api.md";

/// A language of the table, by its column.
#[derive(Clone, Copy)]
pub(crate) enum Language {
    Swift = 1,
    Kotlin = 2,
}

/// Whether the table has every name that `generated` declares, and no other.
pub(crate) fn check(language: Language, generated: &str) -> Result<(), String> {
    let text = fs::read_to_string(root().join(TABLE)).map_err(|error| format!("{TABLE}: {error}"))?;
    let rows = rows(&text);
    if let Some(row) = rows.iter().find(|row| !agree(row)) {
        return Err(format!("{TABLE}: these are not one name: {row:?}"));
    }
    let told: BTreeSet<&str> = rows.iter().filter_map(|row| row[language as usize]).collect();
    let declared = match language {
        Language::Swift => swift(generated),
        Language::Kotlin => kotlin(generated),
    };
    let names = |names: Vec<&str>| names.join(", ");
    let missing = names(declared.iter().map(String::as_str).filter(|name| !told.contains(name)).collect());
    let extra = names(told.iter().copied().filter(|name| !declared.contains(*name)).collect());
    match (missing.as_str(), extra.as_str()) {
        ("", "") if declared.len() > 100 => Ok(()),
        ("", "") => Err(format!("{TABLE}: only {} names were found", declared.len())),
        _ => Err(format!("{TABLE}: it lacks [{missing}]; nothing has [{extra}]")),
    }
}

/// The names in each row of the tables: Rust, Swift, Kotlin, TypeScript.
fn rows(text: &str) -> Vec<[Option<&str>; 4]> {
    text.lines().filter_map(row).collect()
}

/// The names in a line of a table.
fn row(line: &str) -> Option<[Option<&str>; 4]> {
    let mut cells = line.strip_prefix('|').filter(|rest| rest.starts_with(" `"))?.split('|');
    let mut next = || cells.next().map(|cell| name(cell.trim()));
    Some([next()?, next()?, next()?, next()?])
}

/// The texts in backticks.
fn name(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`')
}

/// Whether a row's names are one, but for the customs of its languages.
fn agree(row: &[Option<&str>; 4]) -> bool {
    let plain = |name: &str| {
        let name = name.replace("::new", "()").replace("protocol::", "").replace("Exception", "Error");
        let kept = name.chars().filter(|c| !matches!(c, '_' | ':' | '.'));
        kept.collect::<String>().to_ascii_lowercase()
    };
    let mut all = row.iter().flatten().map(|name| plain(name));
    let first = all.next();
    all.all(|other| Some(other) == first)
}

/// The word that a line begins with.
fn word(text: &str) -> String {
    let text = text.trim_start_matches('`');
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The text after one of these beginnings.
fn after<'a>(line: &'a str, beginnings: &[&str]) -> Option<&'a str> {
    beginnings.iter().find_map(|beginning| line.strip_prefix(beginning))
}

/// Names collected while a source is read line by line. A declaration in the first column ends the one before.
#[derive(Default)]
struct Names {
    all: BTreeSet<String>,
    /// The type whose members the lines declare.
    within: Option<String>,
}

impl Names {
    fn begin(&mut self, name: String, seen: bool) {
        self.within = Some(name).filter(|_| seen);
        self.all.extend(self.within.clone());
    }

    fn member(&mut self, name: &str) {
        if let Some(within) = &self.within {
            self.all.insert(format!("{within}.{name}"));
        }
    }

    fn made(&mut self) {
        if let Some(within) = &self.within {
            self.all.insert(format!("{within}()"));
        }
    }
}

/// Whether a type is of the library's border, and not for applications.
fn internal(name: &str) -> bool {
    ["Ffi", "Uniffi", "Internal", "RustBuffer", "ForeignBytes"].iter().any(|start| name.starts_with(start))
        || name.ends_with("Impl")
}

/// The declarations for applications in generated Kotlin. Only their functions have names in backticks.
fn kotlin(source: &str) -> BTreeSet<String> {
    let implemented: BTreeSet<String> = source
        .lines()
        .filter_map(|line| word(line.strip_prefix("open class ")?).strip_suffix("Impl").map(str::to_owned))
        .collect();
    let mut names = Names::default();
    // Objects have their methods twice: in an interface, which nobody needs to name, and in a class.
    let mut doubled = false;
    for line in source.lines() {
        let text = line.trim_start();
        let kinds = ["open class ", "data class ", "enum class ", "sealed class "];
        if let Some(name) = after(line, &kinds).map(word) {
            doubled = name.ends_with("Impl");
            let seen = !internal(&name);
            names.begin(name, seen);
        } else if let Some(name) = line.strip_prefix("public interface ").map(word) {
            let seen = implemented.contains(&name);
            doubled = !seen;
            names.begin(name, seen);
        } else if line.starts_with("public object ") {
            (names.within, doubled) = (None, false);
        } else if let Some((_, name)) = line.split_once("fun `") {
            match names.within {
                Some(_) => names.member(&word(name)),
                None if !doubled => drop(names.all.insert(word(name))),
                None => {}
            }
        } else if line.starts_with("    ") && !line.starts_with("     ") {
            let choice = text.strip_suffix([',', ';']).filter(|name| {
                name.starts_with(|c: char| c.is_ascii_uppercase())
                    && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            });
            if let Some(name) = after(text, &["data class ", "class ", "object "]).map(word) {
                names.member(&name);
            } else if let Some(name) = choice {
                names.member(name);
            } else if text.starts_with("constructor(") && !text.contains("Handle") {
                names.made();
            }
        }
    }
    names.all
}

/// The declarations for applications in generated Swift.
fn swift(source: &str) -> BTreeSet<String> {
    let mut names = Names::default();
    for line in source.lines() {
        let text = line.trim_start();
        let kinds = ["open class ", "public struct ", "public enum ", "enum "];
        if let Some(name) = after(line, &kinds).map(word) {
            let seen = !internal(&name);
            names.begin(name, seen);
        } else if let Some(name) = line.strip_prefix("public protocol ").map(word) {
            // A protocol beside a class has the class's methods once more.
            let seen = !name.ends_with("Protocol");
            names.begin(name, seen);
        } else if after(line, &["fileprivate ", "private ", "extension ", "protocol "]).is_some() {
            names.within = None;
        } else if let Some(name) = line.strip_prefix("public func ").map(word) {
            if !internal(&name) && !name.starts_with("uniffi") {
                names.all.insert(name);
            }
        } else if let Some(name) = after(text, &["open func ", "public static func ", "func "]).map(word) {
            names.member(&name);
        } else if text.starts_with("public convenience init(") {
            names.made();
        } else if let (true, Some(name)) = (line.starts_with(' '), text.strip_prefix("case ").map(word)) {
            names.member(&name);
        }
    }
    names.all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn rows_hold_one_name_in_four_languages() {
        let text = "| Rust | Swift |\n| --- |\n| `A::b_c` | `A.bC` | `A.bC` | none |  |\n";
        assert_eq!(rows(text), [[Some("A::b_c"), Some("A.bC"), Some("A.bC"), None]]);
        assert!(agree(&rows(text)[0]));
        assert!(agree(&[Some("E::TooLong"), Some("E.tooLong"), Some("E.TOO_LONG"), Some("E.tooLong")]));
        assert!(agree(&[Some("P::new"), Some("P()"), Some("P()"), None]));
        assert!(!agree(&[Some("A::b"), Some("A.b"), Some("A.c"), None]));
    }

    #[test]
    fn names_are_read_from_kotlin() {
        let source = "public interface PlanInterface {\n    fun `preview`(): Preview\n}\nopen class Plan: Disposable\n{\n    constructor(withHandle: X) {\n    constructor() :\n    override fun `preview`(): Preview {\n    companion object {\n     */ fun `make`(\n}\n    )\n    @Throws(A::class) fun `again`(\n}\npublic object FfiConverterTypePlan\npublic interface Watch {\n    public fun x\n    fun `report`(\n}\nopen class WatchImpl: Watch\n{\n    override fun `report`(\n}\nenum class Side {\n    SENT,\n    RECEIVED;\n}\nsealed class AException: kotlin.Exception() {\n    class Form(\n        ) : AException() {\n}\npublic object FfiConverterTypeA\n     */ fun `version`(): kotlin.String {\n";
        let expected = [
            "Plan",
            "Plan()",
            "Plan.preview",
            "Plan.make",
            "Plan.again",
            "Watch",
            "Watch.report",
            "Side",
            "Side.SENT",
            "Side.RECEIVED",
            "AException",
            "AException.Form",
            "version",
        ];
        assert_eq!(kotlin(source), set(&expected));
    }

    #[test]
    fn names_are_read_from_swift() {
        let source = "fileprivate enum UniffiInternalError {\n    case bufferOverflow\n}\npublic protocol PlanProtocol: AnyObject {\n    func preview()\n}\nopen class Plan: PlanProtocol {\npublic convenience init() {\nopen func preview() -> Preview {\npublic static func `open`() -> Plan {\n}\npublic func FfiConverterTypePlan_lift(\npublic \nenum Fee: Equatable {\n    case least\n    case exactly(amount: Amount\n    )\n}\npublic struct Amount: Equatable {\n    public let value: UInt64\n}\npublic func version() -> String  {\n";
        let expected = [
            "Plan",
            "Plan()",
            "Plan.preview",
            "Plan.open",
            "Fee",
            "Fee.least",
            "Fee.exactly",
            "Amount",
            "version",
        ];
        assert_eq!(swift(source), set(&expected));
    }
}
