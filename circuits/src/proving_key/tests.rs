use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use louver_core::{disclosure::Statement, encoding::DecodeError};

use super::*;

const CIRCUIT: CircuitId = CircuitId::Disclosure(Statement::NoteOpening);

/// The development key of a small circuit.
pub(super) static KEY: LazyLock<ProvingKey> =
    LazyLock::new(|| ProvingKey::generate_development(CIRCUIT).unwrap());

/// The answer to a file whose hash is right.
fn rehashed(bytes: Vec<u8>) -> Result<ProvingKey, ProvingKeyError> {
    let pinned = hash(&bytes);
    ProvingKey::from_bytes(bytes, CIRCUIT, &pinned, ParameterPolicy::Development)
}

/// The error for the key after a change.
fn refusal(change: impl FnOnce(&mut Vec<u8>)) -> ProvingKeyError {
    let mut bytes = KEY.as_bytes().to_vec();
    change(&mut bytes);
    rehashed(bytes).unwrap_err()
}

fn open(bytes: &[u8]) -> Result<ProvingKey, ProvingKeyError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, bytes).unwrap();
    ProvingKey::open(&path, CIRCUIT, &KEY.hash(), ParameterPolicy::Development)
}

#[test]
fn the_pinned_key_opens_wherever_it_is() {
    assert_eq!(hex::encode(KEY.hash()), crate::pins::of(CIRCUIT).parameters);
    let mapped = open(KEY.as_bytes()).unwrap();
    let copy = KEY.as_bytes().to_vec();
    let shared: Arc<[u8]> = copy.clone().into();
    let fixed: &'static [u8] = copy.clone().leak();
    let places = [KeyBytes::from(copy), shared.into(), fixed.into()];
    let policy = ParameterPolicy::Development;
    let others = places.map(|bytes| ProvingKey::from_bytes(bytes, CIRCUIT, &KEY.hash(), policy).unwrap());
    for key in [mapped].iter().chain(&others) {
        assert_eq!((key.circuit(), key.provenance()), (CIRCUIT, Provenance::Development));
        assert!(key.as_bytes() == KEY.as_bytes());
        assert_eq!(key.a().iter().len(), key.a_variables().len());
        assert_eq!(key.b_g1().iter().len(), key.b_variables().len());
        assert_eq!(key.b_g2().iter().len(), key.b_variables().len());
        assert_eq!(key.l().iter().len(), key.aux());
        assert_eq!(key.h().iter().len(), (1 << key.domain_log2()) - 1);
        assert_eq!(key.ic().iter().len(), key.counts().inputs as usize);
    }
}

#[test]
fn points_are_read_in_place_and_copied_alike() {
    let key = open(KEY.as_bytes()).unwrap();
    let points = key.b_g2();
    let all: Vec<G2Affine> = points.iter().collect();
    assert!(matches!(points.to_slice(), Cow::Borrowed(slice) if slice == all));
    assert!(matches!(key.h().to_slice(), Cow::Borrowed(_)), "a mapped file is aligned");
    let bytes = key.section(Section::BG2);
    assert_eq!(bytes.len(), 192 * all.len());
    // From an odd address, the same points.
    for start in 0..8 {
        let shifted = [&vec![0; start][..], bytes].concat();
        assert!(*Points::<G2Affine>::new(&shifted[start..]).to_slice() == all);
    }
}

#[test]
fn a_file_that_is_not_the_pinned_one() {
    let bytes = KEY.as_bytes();
    for at in [70, bytes.len() / 2, bytes.len() - 1] {
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 1;
        assert!(matches!(open(&flipped), Err(ProvingKeyError::Hash { .. })), "{at}");
    }
    let length = |result| match result {
        Err(ProvingKeyError::Layout(LayoutError::Length { expected, found })) => (expected, found),
        other => panic!("{other:?}"),
    };
    assert_eq!(length(open(&bytes[..bytes.len() - 1])), (bytes.len(), bytes.len() - 1));
    assert_eq!(length(open(&[bytes, &[0]].concat())), (bytes.len(), bytes.len() + 1));
    assert_eq!(length(open(&bytes[..64])), (bytes.len(), 64));
    assert!(matches!(
        open(&bytes[..60]),
        Err(ProvingKeyError::Layout(LayoutError::Malformed(DecodeError::UnexpectedEnd { missing: 4 })))
    ));
    assert!(matches!(open(&[]), Err(ProvingKeyError::Header(HeaderError::Malformed(_)))));
    let missing = ProvingKey::open("/nonexistent/key".as_ref(), CIRCUIT, &[0; 32], ParameterPolicy::BUILD);
    assert!(matches!(missing, Err(ProvingKeyError::Io(_))));
}

/// Faults that a hash would vouch for: those of a key whose maker pinned it wrongly.
#[test]
fn faults_under_the_right_hash() {
    let header = |change: fn(&mut Vec<u8>)| match refusal(change) {
        ProvingKeyError::Header(error) => error,
        other => panic!("{other}"),
    };
    let version = HeaderError::Version { kind: Kind::Proving, found: 1 };
    assert_eq!(header(|bytes| bytes[8] = 1), version);
    assert_eq!(header(|bytes| bytes[7] = b'C'), HeaderError::Kind);
    assert_eq!(header(|bytes| bytes[9] = 3), HeaderError::Provenance(3));
    assert_eq!(
        header(|bytes| bytes[10] = 0x21),
        HeaderError::Circuit(CircuitId::Disclosure(Statement::AccountKeys))
    );
    assert_eq!(header(|bytes| bytes[11] = 1), HeaderError::Reserved(1));
    assert_eq!(header(|bytes| bytes[12] ^= 1), HeaderError::CircuitVersion);

    let layout = |change: fn(&mut Vec<u8>)| match refusal(change) {
        ProvingKeyError::Layout(error) => error,
        other => panic!("{other}"),
    };
    assert_eq!(layout(|bytes| bytes[44..48].fill(0)), LayoutError::Counts);
    assert_eq!(layout(|bytes| bytes[48..52].fill(0xff)), LayoutError::Counts);
    assert_eq!(layout(|bytes| bytes[52] = 33), LayoutError::Counts);
    assert_eq!(layout(|bytes| bytes[56..60].fill(0xff)), LayoutError::Counts);
    assert!(matches!(layout(|bytes| bytes[52] = 32), LayoutError::Length { .. } | LayoutError::TooLarge));
    let end = KEY.layout.range(Section::AVariables).end;
    assert_ne!(end % 64, 0);
    let mut bytes = KEY.as_bytes().to_vec();
    bytes[end] = 1;
    assert!(matches!(rehashed(bytes), Err(ProvingKeyError::Layout(LayoutError::Padding))));
    for section in [Section::AVariables, Section::BVariables] {
        let last = KEY.layout.range(section).end - 4;
        let mut bytes = KEY.as_bytes().to_vec();
        bytes[last..last + 4]
            .copy_from_slice(&u32::try_from(KEY.counts().variables()).unwrap().to_le_bytes());
        let found = rehashed(bytes).unwrap_err();
        assert!(
            matches!(found, ProvingKeyError::Layout(LayoutError::Variables { section: at }) if at == section)
        );
    }
}

#[test]
fn a_key_of_another_size_under_the_circuits_name() {
    // One auxiliary variable and the point that goes with it fewer: all else is in order.
    let l = KEY.layout.range(Section::L);
    let counts = Counts { aux: KEY.counts().aux - 1, ..KEY.counts() };
    let mut bytes = KEY.as_bytes().to_vec();
    bytes[44..64].copy_from_slice(&counts.to_bytes());
    let smaller = Layout::of(counts).unwrap();
    let h = bytes[KEY.layout.range(Section::H)].to_vec();
    bytes.truncate(l.end - 96);
    bytes.resize(smaller.range(Section::H).start, 0);
    bytes.extend(h);
    assert!(matches!(rehashed(bytes), Err(ProvingKeyError::Layout(LayoutError::OtherCircuit))));
}

#[test]
fn production_refuses_development_keys() {
    let production = ParameterPolicy::Production;
    let refused = ProvingKey::from_bytes(KEY.as_bytes().to_vec(), CIRCUIT, &KEY.hash(), production);
    assert!(matches!(refused, Err(ProvingKeyError::Header(HeaderError::Development))));
    let mut bytes = KEY.as_bytes().to_vec();
    bytes[9] = 2;
    let pinned = hash(&bytes);
    let admitted = ProvingKey::from_bytes(bytes, CIRCUIT, &pinned, production).unwrap();
    assert_eq!(admitted.provenance(), Provenance::Ceremony);
}

#[test]
fn a_key_that_nobody_pinned_is_read_and_checked() {
    let key = UnpinnedKey::read(KEY.as_bytes().to_vec()).unwrap();
    assert!(key.is_for(CIRCUIT) && !key.is_for(CircuitId::Disclosure(Statement::AccountKeys)));
    assert_eq!(key.hash(), KEY.hash());
    key.check().unwrap();
    let fault = |section: Section, change: fn(&mut [u8])| {
        let mut bytes = KEY.as_bytes().to_vec();
        let at = KEY.layout.range(section).start + 96 * 5;
        change(&mut bytes[at..at + 96]);
        match UnpinnedKey::read(bytes).unwrap().check().unwrap_err() {
            ElementsError::Point { section: found, index: 5, fault } if found == section => fault,
            other => panic!("{other}"),
        }
    };
    assert_eq!(fault(Section::L, |point| point[0] ^= 1), ElementFault::OffCurve);
    assert_eq!(fault(Section::A, |point| point.fill(0)), ElementFault::Identity, "listed, and not there");
}
