use louver_core::{encoding::Reader, proof::Progress};

use super::{
    Counts, ElementFault, ElementsError, KeyBytes, Points, ProvingKey, ProvingKeyError, Section, compressed,
    elements::Elements,
};
use crate::{
    circuit::CircuitId,
    curve::Affine,
    key_file::{Header, Kind, layout::Layout},
};

/// A proving key's file that nobody has pinned: to look into, and not to prove with. Of its points nothing is known
/// before [`Self::check`].
#[derive(Debug)]
pub struct UnpinnedKey(ProvingKey);

impl UnpinnedKey {
    /// Reads a key for any circuit, of any provenance.
    pub fn read(bytes: impl Into<KeyBytes>) -> Result<Self, ProvingKeyError> {
        let bytes = bytes.into();
        let mut reader = Reader::new(&bytes);
        let header = Header::read(&mut reader, Kind::Proving)?;
        let layout = Layout::of(Counts::decode(&mut reader)?)?;
        layout.check(&bytes)?;
        Ok(Self(ProvingKey { bytes, header, layout }))
    }

    /// Reads the form for downloads.
    pub fn expand(bytes: &[u8], progress: &mut dyn Progress) -> Result<Self, compressed::ExpandError> {
        compressed::expand_any(bytes, progress).map(Self)
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.0.header
    }

    /// How much there is of everything.
    pub fn counts(&self) -> Counts {
        self.0.counts()
    }

    /// The bytes of its file.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The bytes of a section.
    pub fn section(&self, section: Section) -> &[u8] {
        self.0.section(section)
    }

    /// The hash of its file.
    pub fn hash(&self) -> [u8; 32] {
        self.0.hash()
    }

    /// `[proving-key-check]`: checks every point, as is done when a key is made. Takes seconds, on all cores.
    pub fn check(&self) -> Result<(), ElementsError> {
        no_identity(Section::A, self.0.a())?;
        no_identity(Section::BG1, self.0.b_g1())?;
        no_identity(Section::BG2, self.0.b_g2())?;
        Elements::of_key(&self.0).check()
    }

    /// Whether it is for this circuit in its pinned version, as far as header and counts say.
    pub fn is_for(&self, circuit: CircuitId) -> bool {
        let header = self.header();
        header.circuit == circuit && header.is_current() && self.counts().are_of(circuit)
    }

    /// `[verifying-key-file]`: the file of its verifying key.
    pub fn verifying_key_to_bytes(&self) -> Vec<u8> {
        self.0.verifying_key_to_bytes()
    }

    /// The form for downloads. Points that are not on the curve are lost in it.
    pub fn compress(&self) -> Vec<u8> {
        compressed::compress(&self.0)
    }
}

/// Variables whose point is the identity are not listed.
fn no_identity<P: Affine>(section: Section, points: Points<'_, P>) -> Result<(), ElementsError> {
    let fault = ElementFault::Identity;
    match points.iter().position(|point| point.is_identity()) {
        Some(index) => Err(ElementsError::Point { section, index, fault }),
        None => Ok(()),
    }
}
