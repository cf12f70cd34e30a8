//! Offline proofs: files by which a package is checked without a node.

use std::path::{Path, PathBuf};

use louver_client::{
    keys::KeyFetchError,
    offline::{OfflineError, OfflineProof, ShownChain},
    trust::Trust,
};
use louver_core::encoding::{Decode, Encode};
use louver_viewkeys::{package::Package, signed::unseal};
use pollster::block_on;

use super::unverified;
use crate::{
    client::Client,
    exit::{Failure, Kind},
    file,
    inspect::seeming,
    json::{audit::ProofWritten, quantity::Moment},
};

impl From<OfflineError> for Failure {
    fn from(error: OfflineError) -> Self {
        let code = match &error {
            OfflineError::OtherGenesis { .. }
            | OfflineError::OtherBlock { .. }
            | OfflineError::OtherHead { .. } => "other_chain",
            OfflineError::LacksTransaction { .. } | OfflineError::LacksAsset { .. } => "proof_lacks",
            _ => "not_verified",
        };
        match code {
            "proof_lacks" => {
                Self::new(Kind::Expectation, code, format!("{error}, with `louver audit prove`"))
            }
            _ => Self::new(Kind::Expectation, code, error),
        }
    }
}

/// The place of a package's proof: beside it.
pub(crate) fn beside(package: &Path) -> PathBuf {
    let mut name = package.as_os_str().to_owned();
    name.push(".proof");
    PathBuf::from(name)
}

/// Makes a package's proof under the newest head and writes it, in place of an older one: sealed to the reader to whom the
/// package is sealed, since it tells which transactions are of one account. `None` if the chain does not
/// have the package's transactions.
pub(crate) fn write(client: &Client, package: &Package, out: &Path) -> Result<Option<ProofWritten>, Failure> {
    let made: Result<_, KeyFetchError> = block_on(client.connection().offline_proof(package));
    let Some(proof) = made? else { return Ok(None) };
    let bytes = package.seal_beside(proof.to_bytes()).map_err(Failure::input)?;
    file::replace(out, &bytes, file::Readers::Owner)?;
    let head = proof.head().ok_or_else(|| Failure::node("the chain has no block yet"))?;
    Ok(Some(ProofWritten {
        file: out.display().to_string(),
        height: head.height,
        time: Moment::new(head.time),
    }))
}

/// `audit prove`: makes a proof, or renews it.
pub(super) fn prove(client: &Client, package: &Package, out: &Path) -> Result<ProofWritten, Failure> {
    let lacks = "the chain does not have a transaction that the package names in the block that it names: the package is \
                 false, or the node is behind. No proof was written";
    write(client, package, out)?.ok_or_else(|| unverified(lacks))
}

/// A proof from its file, opened with the key that opens the package.
pub(super) fn read(path: &Path, key: Option<&Path>) -> Result<OfflineProof, Failure> {
    let key = key.map(super::identity).transpose()?;
    let bytes = unseal(&file::read(path)?, key.as_ref()).map_err(Failure::input)?;
    OfflineProof::from_bytes(&bytes).map_err(|error| seeming::not_one(path, &bytes, seeming::PROOF, error))
}

/// Checks a proof by what was chosen, and that it shows all that a package names.
pub(crate) fn check(
    proof: &OfflineProof,
    package: &Package,
    trust: &Trust,
    now: u64,
) -> Result<ShownChain, Failure> {
    let shown = proof.check(trust, now)?;
    shown.covers(package)?;
    Ok(shown)
}
