use bls12_381::{G1Affine, G2Affine};
use louver_circuits::{
    ceremony::{Beacon, Entropy, Name, phase1::Phase1, phase2},
    circuit::CircuitId,
};
use louver_core::{disclosure::Statement, proof::Unwatched};

/// The smallest: nobody's, one person's, and one that is closed.
pub(crate) fn phase1() -> Vec<Vec<u8>> {
    let fresh = Phase1::begin(1).expect("a size there is");
    let name = Name::new("Ada").expect("a name");
    let one = fresh.clone().contribute(name, &Entropy::none(), &mut Unwatched).expect("randomness");
    let beacon = Beacon::new(vec![1; 16], 10).expect("a beacon");
    let closed = one.clone().close(beacon, &mut Unwatched).expect("it is open");
    [fresh, one, closed].map(|phase1| phase1.to_bytes()).to_vec()
}

/// Far smaller than any circuit's, and not sound: what it says is not checked when it is read.
pub(crate) fn phase2() -> Vec<Vec<u8>> {
    let (g1, g2) = (G1Affine::generator().to_compressed(), G2Affine::generator().to_compressed());
    let header =
        [&phase2::MAGIC[..], &[1, CircuitId::Disclosure(Statement::NoteOpening).code()], &[2; 32], &[3; 64]]
            .concat();
    let contribution = [&[4; 32][..], &[1, 3], b"Ada", &g1, &g1, &g2].concat();
    let beacon = [&[5; 32][..], &[2, 16], &[6; 16], &[10], &g1].concat();
    let parameters = [&g1[..], &g2, &[2, 0, 0, 0], &g1, &g1, &[1, 0, 0, 0], &g1].concat();
    [vec![], vec![contribution.clone()], vec![contribution, beacon]]
        .map(|entries| {
            let count = u8::try_from(entries.len()).expect("few");
            [&header[..], &[count, 0, 0, 0], &entries.concat(), &parameters].concat()
        })
        .to_vec()
}
