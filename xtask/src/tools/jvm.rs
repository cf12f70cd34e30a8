//! The tools that build and test Kotlin: a Java machine and Maven. Maven brings the Kotlin compiler and the libraries itself, at
//! the versions that the project's `pom.xml` names, and keeps them in the user's own repository.

use std::path::PathBuf;

use super::program::Program;

const JAVA: Program = Program { names: &["java"], least: (17, 0), packages: &["default-jdk-headless"] };

const MAVEN: Program = Program { names: &["mvn"], least: (3, 6), packages: &["maven"] };

/// Maven, with Java 17 or newer below it.
pub(crate) fn maven() -> Result<PathBuf, String> {
    JAVA.ensure()?;
    MAVEN.ensure()
}
