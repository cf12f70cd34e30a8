//! Short texts inside signed files: a 16-bit length and UTF-8.

use louver_core::encoding::{DecodeError, Reader};

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
