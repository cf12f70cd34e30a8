use std::sync::LazyLock;

use louver_core::{disclosure::Statement, encoding::DecodeError, proof::Unwatched};

use super::*;
use crate::{
    key_file::HeaderError,
    proving_key::{UnpinnedKey, tests::KEY},
};

const CIRCUIT: CircuitId = CircuitId::Disclosure(Statement::NoteOpening);
const POLICY: ParameterPolicy = ParameterPolicy::Development;

static DOWNLOAD: LazyLock<Vec<u8>> = LazyLock::new(|| compress(&KEY));

fn read(bytes: &[u8]) -> Result<ProvingKey, ExpandError> {
    expand(bytes, CIRCUIT, &KEY.hash(), POLICY, &mut Unwatched)
}

fn tampered(at: usize, byte: u8) -> ExpandError {
    let mut bytes = DOWNLOAD.clone();
    bytes[at] = byte;
    read(&bytes).unwrap_err()
}

#[test]
fn what_is_expanded_is_what_was_compressed() {
    assert_eq!(Some(DOWNLOAD.len()), length(KEY.counts()));
    assert!(DOWNLOAD.len() * 100 < KEY.as_bytes().len() * 51);
    let key = read(&DOWNLOAD).unwrap();
    assert!(key.as_bytes() == KEY.as_bytes());
    assert!(compress(&key) == *DOWNLOAD);
    let unpinned = UnpinnedKey::expand(&DOWNLOAD, &mut Unwatched).unwrap();
    assert!(unpinned.as_bytes() == KEY.as_bytes() && unpinned.compress() == *DOWNLOAD);
}

#[test]
fn each_fault_has_its_error() {
    let header = |error| match error {
        ExpandError::Key(ProvingKeyError::Header(error)) => error,
        other => panic!("{other}"),
    };
    assert_eq!(header(tampered(7, b'K')), HeaderError::Kind);
    assert_eq!(header(tampered(8, 2)), HeaderError::Version { kind: Kind::Compressed, found: 2 });
    assert_eq!(
        header(tampered(10, 0x21)),
        HeaderError::Circuit(CircuitId::Disclosure(Statement::AccountKeys))
    );
    assert_eq!(header(tampered(12, !DOWNLOAD[12])), HeaderError::CircuitVersion);
    assert_eq!(header(tampered(9, 9)), HeaderError::Provenance(9));
    let layout = |error| match error {
        ExpandError::Key(ProvingKeyError::Layout(error)) => error,
        other => panic!("{other}"),
    };
    assert_eq!(layout(tampered(52, 33)), LayoutError::Counts);
    assert_eq!(layout(tampered(52, 20)), LayoutError::OtherCircuit);
    assert_eq!(layout(tampered(48, !DOWNLOAD[48])), LayoutError::OtherCircuit);
    let (expected, found) = (DOWNLOAD.len(), DOWNLOAD.len() - 1);
    assert_eq!(layout(read(&DOWNLOAD[..found]).unwrap_err()), LayoutError::Length { expected, found });
    let long = [&DOWNLOAD[..], &[0]].concat();
    assert_eq!(layout(read(&long).unwrap_err()), LayoutError::Length { expected, found: expected + 1 });
    let short = layout(read(&DOWNLOAD[..63]).unwrap_err());
    assert_eq!(short, LayoutError::Malformed(DecodeError::UnexpectedEnd { missing: 1 }));
}

#[test]
fn sets_of_variables_are_those_that_are_counted() {
    let set = KEY.counts().variables().div_ceil(8);
    for (section, start) in [(Section::AVariables, HEAD), (Section::BVariables, HEAD + set)] {
        let more = tampered(start + 3, DOWNLOAD[start + 3] ^ 1);
        assert!(matches!(more, ExpandError::Variables { section: found } if found == section));
        // The right number of points, but one beyond the last variable.
        assert_ne!(KEY.counts().variables() % 8, 0);
        let mut bytes = DOWNLOAD.clone();
        let first = (start..start + set).find(|at| bytes[*at] != 0).unwrap();
        bytes[first] &= bytes[first] - 1;
        bytes[start + set - 1] |= 0x80;
        let beyond = read(&bytes).unwrap_err();
        assert!(matches!(beyond, ExpandError::Variables { section: found } if found == section));
    }
}

#[test]
fn points_are_points_and_those_that_are_pinned() {
    let points = HEAD + 2 * KEY.counts().variables().div_ceil(8);
    let place = |error| match error {
        ExpandError::Point { section, index } => (section, index),
        other => panic!("{other}"),
    };
    // Without the mark of compression; then with a coordinate above the modulus.
    assert_eq!(place(tampered(points, 0)), (Section::Verifying, 0));
    let last = DOWNLOAD.len() - 48;
    assert_eq!(place(tampered(last, 0x9f)), (Section::H, KEY.h().iter().len() - 1));
    // Another point of the curve: the negative of the right one.
    let other = tampered(last, DOWNLOAD[last] ^ 0x20);
    assert!(matches!(other, ExpandError::Key(ProvingKeyError::Hash { .. })));
}

#[test]
fn production_refuses_development_keys() {
    let production = ParameterPolicy::Production;
    let refused = expand(&DOWNLOAD, CIRCUIT, &KEY.hash(), production, &mut Unwatched);
    assert!(matches!(refused, Err(ExpandError::Key(ProvingKeyError::Header(HeaderError::Development)))));
}

/// Takes down what it hears, and asks to stop after some points.
struct Watch(Vec<(u32, u32)>, u32);

impl Progress for Watch {
    fn report(&mut self, done: u32, total: u32) -> ControlFlow<()> {
        self.0.push((done, total));
        if done >= self.1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn expanding_can_be_watched_and_stopped() {
    let mut watch = Watch(Vec::new(), u32::MAX);
    expand(&DOWNLOAD, CIRCUIT, &KEY.hash(), POLICY, &mut watch).unwrap();
    let heard = watch.0;
    assert!(heard.len() > 4 && heard.is_sorted());
    assert_eq!(heard.first().map(|first| first.0), Some(0));
    assert_eq!(heard.last().map(|last| last.0), heard.last().map(|last| last.1));
    for stop_at in [0, 1, 5000] {
        let mut watch = Watch(Vec::new(), stop_at);
        let stopped = expand(&DOWNLOAD, CIRCUIT, &KEY.hash(), POLICY, &mut watch);
        assert!(matches!(stopped, Err(ExpandError::Cancelled)), "{stop_at}");
    }
}
