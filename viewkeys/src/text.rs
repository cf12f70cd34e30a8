//! Short texts inside signed files: a 16-bit length and UTF-8.

use louver_core::{
    encoding::{DecodeError, Reader},
    text::is_zero_width,
};
use unicode_normalization::UnicodeNormalization;

/// `[reader-name]`: a reader's name in the form in which it is signed and compared: in Unicode's form NFC, without white space at its ends.
/// So two people who write one name in different bytes mean one reader.
pub(crate) fn name(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || is_zero_width(c)).nfc().collect()
}

/// Appends a text whose length the caller has bounded.
pub(crate) fn put(out: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&text.as_bytes()[..usize::from(length)]);
}

/// Reads a text of at most `longest` bytes.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    what: &'static str,
    longest: usize,
) -> Result<String, DecodeError> {
    let length = usize::from(reader.u16()?);
    if length > longest {
        return Err(DecodeError::OutOfRange { what });
    }
    let bytes = reader.take(length)?;
    core::str::from_utf8(bytes).map(str::to_owned).map_err(|_| DecodeError::NotCanonical { what })
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn one_name_has_one_form() {
        for written in ["Caf\u{e9} Bank", " Cafe\u{301} Bank\n", "\u{feff}Caf\u{e9} Bank\u{a0}"] {
            assert_eq!(name(written), "Caf\u{e9} Bank");
        }
        // Characters inside are part of the name.
        assert_ne!(name("Caf\u{e9}\u{200b} Bank"), name("Caf\u{e9} Bank"));
    }
}
