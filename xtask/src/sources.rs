//! The source files of the project, in all its languages, and their comments.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The languages of the code.
const LANGUAGES: [&str; 5] = ["rs", "kt", "swift", "ts", "mjs"];

/// Folders with what is built, generated or brought in.
const OTHERS: [&str; 5] = ["target", "node_modules", "dist", "Generated", "readme"];

/// Every source file below a folder.
pub(crate) fn all(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !OTHERS.contains(&&*name) && !name.starts_with('.') {
                found.extend(all(&path)?);
            }
        } else if LANGUAGES.iter().any(|language| path.extension().is_some_and(|end| end == *language)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The comment of a line: after `//` or `/*`, or all of it where it goes on with a block, as a star at its start tells.
pub(crate) fn comment(line: &str) -> Option<&str> {
    let begun = ["//", "/*"].iter().filter_map(|mark| line.find(mark)).min();
    let goes_on = line.trim_start().starts_with("* ").then_some(0);
    begun.or(goes_on).map(|start| &line[start..])
}
