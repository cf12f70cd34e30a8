//! The front pages: their commands exist and their links lead somewhere.

use std::{fs, path::Path};

use crate::{
    native,
    process::{cargo, command, output, root},
    tally::Tally,
};

/// The pages that a newcomer opens first.
const PAGES: [&str; 7] = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "bindings/README.md",
    "bindings/mobile/kotlin/README.md",
    "bindings/mobile/swift/README.md",
];

/// How a line of a shell block calls our command.
const LOUVER: [&str; 2] = ["louver ", "cargo run --release -q -- "];

/// Checks every page.
pub(crate) fn run() -> Tally {
    let built = match native::build() {
        Ok(built) => built,
        Err(complaint) => return Tally::one(Err(complaint)),
    };
    let mut tally = Tally::default();
    for page in PAGES {
        match fs::read_to_string(root().join(page)) {
            Ok(text) => {
                for target in links(&text) {
                    let folder = root().join(page).parent().map(Path::to_path_buf).unwrap_or_default();
                    let there = folder.join(target.split('#').next().unwrap_or_default()).exists();
                    tally.add(if there {
                        Ok(())
                    } else {
                        Err(format!("{page} links to {target}, which is not there"))
                    });
                }
                for line in commands(&text) {
                    tally.add(
                        exists(line, &built).map_err(|complaint| format!("{page}: `{line}`: {complaint}")),
                    );
                }
            }
            Err(error) => tally.add(Err(format!("{page}: {error}"))),
        }
    }
    tally
}

/// The targets of relative links.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("](")
        .filter_map(|(start, mark)| text[start + mark.len()..].split(')').next())
        .filter(|target| !target.contains("://") && !target.starts_with(['#', '/']) && !target.contains(' '))
}

/// The lines of blocks marked `sh`, without comments.
fn commands(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().filter_map(move |line| {
        if line.starts_with("```") {
            inside = line == "```sh";
            return None;
        }
        let line = line.split(" #").next().unwrap_or_default().trim();
        (inside && !line.is_empty() && !line.starts_with('#')).then_some(line)
    })
}

/// Whether a command line is one that we have. Our own commands are asked for their help with these very arguments, so
/// that a wrong subcommand or flag is refused; they are in `built`.
fn exists(line: &str, built: &Path) -> Result<(), String> {
    if let Some(task) = line.strip_prefix("cargo xtask ") {
        let words: Vec<&str> = task.split_whitespace().chain(["--help"]).collect();
        return output(command(built.join("xtask"), &words)).map(drop);
    }
    if let Some(arguments) = LOUVER.iter().find_map(|prefix| line.strip_prefix(prefix)) {
        let words = arguments.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        let words: Vec<&str> = words.chain(["--help"]).collect();
        return output(command(built.join("louver"), &words)).map(drop);
    }
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some("cargo"), Some(name)) => output(cargo(&["help", name])).map(|_| ()),
        (Some("python3" | "bash"), Some(script)) if script.contains('/') => {
            if root().join(script).exists() {
                Ok(())
            } else {
                Err(format!("{script} is not there"))
            }
        }
        (Some(program), _) => output(command("which", &[program])).map(|_| ()),
        (None, _) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_stand_in_shell_blocks() {
        let page = "text\n```sh\n# a comment\ncargo xtask test   # all of it\n\nlouver demo\n```\n```text\nnot this\n```\n";
        assert_eq!(commands(page).collect::<Vec<_>>(), ["cargo xtask test", "louver demo"]);
    }

    #[test]
    fn links_that_leave_the_project_are_left_alone() {
        let page = "[a](core) [b](https://example.org) [c](#part) [d](spec/src/x.md#y)";
        assert_eq!(links(page).collect::<Vec<_>>(), ["core", "spec/src/x.md#y"]);
    }
}
