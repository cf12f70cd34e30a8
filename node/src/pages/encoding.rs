//! Pages in fewer bytes: which encodings a client takes, and each file in each of them, made once.

use std::{
    io::Write,
    sync::{Arc, OnceLock},
    thread,
};

use axum::{
    body::Bytes,
    http::{HeaderMap, header::ACCEPT_ENCODING},
};
use flate2::{Compression, write::GzEncoder};

/// Files below this many bytes are sent as they are.
const LEAST: usize = 1024;
/// How hard brotli tries, of 11: nearly the best, in seconds for the largest file.
const QUALITY: u32 = 9;
/// The logarithm of brotli's window: it sees the largest file whole.
const WINDOW: u32 = 22;

/// How the bytes of an answer stand for those of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// They are the same.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

impl Encoding {
    /// The name in HTTP; `None` for the bytes themselves.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// The encodings that a client takes, the one that it likes best first; among equals the smallest.
    pub(crate) fn accepted(headers: &HeaderMap) -> Vec<Self> {
        let values = headers.get_all(ACCEPT_ENCODING).iter();
        let listed: Vec<(&str, u16)> = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(weighed)
            .collect();
        let weight = |name: &str| {
            let of = |wanted: &str| listed.iter().find(|(listed, _)| listed.eq_ignore_ascii_case(wanted));
            of(name).or_else(|| of("*")).map_or(0, |(_, weight)| *weight)
        };
        let mut taken = [(Self::Brotli, weight("br")), (Self::Gzip, weight("gzip"))];
        // Stable: brotli stays first among equals.
        taken.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        taken.into_iter().filter(|(_, weight)| *weight > 0).map(|(encoding, _)| encoding).collect()
    }
}

/// A name of a list and its weight in thousandths; one that cannot be read is not wanted.
fn weighed(item: &str) -> (&str, u16) {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = match parts.next() {
        None => 1000,
        Some(weight) => weight
            .strip_prefix("q=")
            .or_else(|| weight.strip_prefix("Q="))
            .and_then(|weight| weight.parse::<f32>().ok())
            .filter(|weight| (0.0..=1.0).contains(weight))
            .map_or(0, |weight| {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1000")]
                let thousandths = (weight * 1000.0).round() as u16;
                thousandths
            }),
    };
    (name, weight)
}

/// A file in the encodings that make it smaller, once they are made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Encoded(Arc<OnceLock<Forms>>);

#[derive(Debug, Default)]
struct Forms {
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
}

impl Encoded {
    /// Makes them on a thread of their own; until then there are none.
    pub(crate) fn begin(bytes: &Bytes) -> Self {
        let encoded = Self::default();
        if bytes.len() >= LEAST {
            let (forms, bytes) = (encoded.0.clone(), bytes.clone());
            let work = move || {
                let smaller =
                    |form: Option<Vec<u8>>| form.filter(|form| form.len() < bytes.len()).map(Bytes::from);
                let made = Forms { gzip: smaller(gzip(&bytes)), brotli: smaller(brotli(&bytes)) };
                // Nobody else makes them.
                drop(forms.set(made));
            };
            // Without a thread the file is sent as it is.
            drop(thread::Builder::new().name("encoding".to_owned()).spawn(work));
        }
        encoded
    }

    /// The bytes in an encoding, if they are made and smaller than the file's.
    pub(crate) fn get(&self, encoding: Encoding) -> Option<Bytes> {
        let forms = self.0.get()?;
        match encoding {
            Encoding::Identity => None,
            Encoding::Gzip => forms.gzip.clone(),
            Encoding::Brotli => forms.brotli.clone(),
        }
    }
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut out, 64 * 1024, QUALITY, WINDOW);
    encoder.write_all(bytes).ok()?;
    drop(encoder);
    Some(out)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepted(value: &'static str) -> Vec<Encoding> {
        Encoding::accepted(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]))
    }

    #[test]
    fn what_a_client_takes_is_read() {
        use Encoding::{Brotli, Gzip};
        assert_eq!(accepted("gzip, deflate, br, zstd"), [Brotli, Gzip]);
        assert_eq!(accepted("br;q=0.5, gzip"), [Gzip, Brotli]);
        assert_eq!(accepted("BR; q=1.0, gzip;q=0"), [Brotli]);
        assert_eq!(accepted("*"), [Brotli, Gzip]);
        assert_eq!(accepted("*;q=0, gzip"), [Gzip]);
        for none in ["", "identity", "deflate", "br;q=0", "br;q=2", "br;q=x", "gzip;q=-1"] {
            assert_eq!(accepted(none), [], "{none}");
        }
        assert_eq!(Encoding::accepted(&HeaderMap::new()), []);
    }
}
