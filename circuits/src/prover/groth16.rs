//! A Groth16 proof from an assignment and a prepared key.
//!
//! Source: Groth, *On the Size of Pairing-based Non-interactive Arguments*, EUROCRYPT 2016, section 3.2.

use core::ops::ControlFlow;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
};

use louver_core::{
    proof::{Proof, ProveError},
    spec::Fr,
};
use rand_chacha::rand_core::Rng;
use zeroize::{Zeroize, Zeroizing};

use super::{domain::Domain, system};
use crate::{
    assignment::Assignment,
    curve::{Digits, G1, G1Affine, G2, G2Affine, Group, MsmG1, MsmG2, Scalar},
    parameters::ProvingKey,
};

/// A proving key made ready for this machine: its points with their images under the endomorphism, its variables, and the
/// roots of its domain. About five times the size of the key.
pub(super) struct PreparedKey {
    domain: Domain,
    inputs: usize,
    aux: usize,
    a_variables: Vec<usize>,
    b_variables: Vec<usize>,
    /// The A query.
    a: MsmG1,
    /// The B query in G2.
    b: MsmG2,
    /// The queries that only `C` needs: the L query, the H query, and the B query in G1, one after the other.
    c: MsmG1,
    alpha_g1: G1Affine,
    beta_g1: G1Affine,
    beta_g2: G2Affine,
    delta_g1: G1Affine,
    delta_g2: G2Affine,
}

/// The circuit's assignment does not satisfy it, or does not fit the key.
#[derive(Debug, thiserror::Error)]
#[error("the assignment does not satisfy the circuit of the key")]
struct Unsatisfied;

impl PreparedKey {
    /// Prepares a key, in tens of milliseconds; `None` if the field has no domain so large.
    pub(super) fn new(key: &ProvingKey) -> Option<Self> {
        let c: Vec<G1Affine> = key.l().iter().chain(key.h().iter()).chain(key.b_g1().iter()).collect();
        Some(Self {
            domain: Domain::new(key.domain_log2())?,
            inputs: key.counts().inputs as usize,
            aux: key.aux(),
            a_variables: key.a_variables().collect(),
            b_variables: key.b_variables().collect(),
            a: MsmG1::new(&key.a().to_slice()),
            b: MsmG2::new(&key.b_g2().to_slice()),
            c: MsmG1::new(&c),
            alpha_g1: key.alpha_g1(),
            beta_g1: key.beta_g1(),
            beta_g2: key.beta_g2(),
            delta_g1: key.delta_g1(),
            delta_g2: key.delta_g2(),
        })
    }

    /// The rows of the domain.
    pub(super) fn rows(&self) -> usize {
        self.domain.size()
    }

    /// The variables that are not public.
    pub(super) fn aux(&self) -> usize {
        self.aux
    }

    /// Proves that there is a satisfying assignment with these public inputs. `watch` hears how many parts of the work
    /// are done, and of how many, and may stop it.
    pub(super) fn prove(
        &self,
        assignment: Assignment,
        blinding: &Blinding,
        threads: Threads<'_>,
        watch: &mut dyn FnMut(u32, u32) -> ControlFlow<()>,
    ) -> Result<Proof, ProveError> {
        let fits = assignment.inputs.len() == self.inputs
            && assignment.aux.len() == self.aux
            && assignment.rows[0].len() <= self.domain.size();
        if !fits || !assignment.is_satisfied() {
            return Err(system(Unsatisfied));
        }
        let (scalars, sums) = threads.install(|| {
            let scalars = Scalars::new(self, assignment, blinding);
            let sums = Sums::new(self, &scalars);
            (scalars, sums)
        });
        sums.run(threads, watch)?;
        let (a, b, c) = sums.totals(&scalars);
        let a = a.add_affine(&self.alpha_g1).add(&G1::from(self.delta_g1).mul(&*scalars.r));
        let b = b.add_affine(&self.beta_g2).add(&G2::from(self.delta_g2).mul(&*scalars.s));
        // C = Σ w L + Σ h H + s A + r B_1 - r s delta, where B_1 = beta_1 + Σ w B + s delta.
        let c = c.add(&a.mul(&*scalars.s)).add(&G1::from(self.beta_g1).mul(&*scalars.r));
        let mut bytes = [0; 192];
        bytes[..48].copy_from_slice(&a.to_affine().to_compressed());
        bytes[48..144].copy_from_slice(&b.to_affine().to_compressed());
        bytes[144..].copy_from_slice(&c.to_affine().to_compressed());
        Ok(Proof::from_array(bytes))
    }
}

/// `r` and `s` of the paper, which hide the witness. Wiped when dropped.
#[derive(zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub(super) struct Blinding {
    pub(super) r: Fr,
    pub(super) s: Fr,
}

impl Blinding {
    /// Draws both.
    pub(super) fn random(rng: &mut impl Rng) -> Self {
        let mut random = || {
            let mut wide = Zeroizing::new([0; 64]);
            rng.fill_bytes(&mut *wide);
            Fr::from_bytes_wide(&wide)
        };
        Self { r: random(), s: random() }
    }
}

/// The threads that a proof may use: a pool's, or those of the program.
#[derive(Clone, Copy)]
pub(super) struct Threads<'a>(pub(super) Option<&'a rayon::ThreadPool>);

impl Threads<'_> {
    fn count(self) -> usize {
        self.0.map_or_else(rayon::current_num_threads, rayon::ThreadPool::current_num_threads)
    }

    fn install<T: Send>(self, work: impl FnOnce() -> T + Send) -> T {
        match self.0 {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// Work shared with this thread.
    fn scope<'scope, T>(self, work: impl FnOnce(&rayon::Scope<'scope>) -> T) -> T {
        match self.0 {
            Some(pool) => pool.in_place_scope(work),
            None => rayon::in_place_scope(work),
        }
    }
}

/// The scalars that the sums multiply the key's points by. Wiped when dropped.
struct Scalars {
    r: Zeroizing<[u8; 32]>,
    s: Zeroizing<[u8; 32]>,
    a: Zeroizing<Vec<Scalar>>,
    b: Zeroizing<Vec<Scalar>>,
    c: Zeroizing<Vec<Scalar>>,
}

impl Scalars {
    fn new(key: &PreparedKey, mut assignment: Assignment, blinding: &Blinding) -> Self {
        let numbers = |elements: &mut Vec<Fr>, length: usize| {
            let mut numbers: Zeroizing<Vec<Scalar>> =
                Zeroizing::new(Vec::with_capacity(length.max(elements.len())));
            numbers.extend(elements.iter().map(Scalar::canonical));
            numbers.resize(length.max(elements.len()), Scalar::default());
            elements.zeroize();
            numbers
        };
        let [rows_a, rows_b, rows_c] = &mut assignment.rows;
        let size = key.domain.size();
        let (mut rows_a, (mut rows_b, mut rows_c)) = rayon::join(
            || numbers(rows_a, size),
            || rayon::join(|| numbers(rows_b, size), || numbers(rows_c, size)),
        );
        let quotient = Zeroizing::new(key.domain.quotient(&mut rows_a, &mut rows_b, &mut rows_c));
        let (inputs, aux) = (numbers(&mut assignment.inputs, 0), numbers(&mut assignment.aux, 0));
        let variable = |index: &usize| match index.checked_sub(inputs.len()) {
            None => inputs[*index],
            Some(index) => aux[index],
        };
        let select = |variables: &[usize], factor: Option<&Scalar>| {
            let mut out = Zeroizing::new(Vec::with_capacity(variables.len()));
            out.extend(variables.iter().map(|index| {
                let value = variable(index);
                factor.map_or(value, |factor| value.mul(factor))
            }));
            out
        };
        let mut c = Zeroizing::new(Vec::with_capacity(aux.len() + size + key.b_variables.len()));
        c.extend_from_slice(&aux);
        // The last coefficient is zero, and has no point.
        c.extend_from_slice(&quotient[..size - 1]);
        c.extend_from_slice(&select(&key.b_variables, Some(&Scalar::montgomery(&blinding.r))));
        Self {
            r: Zeroizing::new(blinding.r.to_bytes()),
            s: Zeroizing::new(blinding.s.to_bytes()),
            a: select(&key.a_variables, None),
            b: select(&key.b_variables, None),
            c,
        }
    }
}

/// The three sums, window by window: the work that is shared out.
struct Sums<'a> {
    key: &'a PreparedKey,
    digits: [Digits; 3],
    /// Windows still to be summed, the longest first, each with its sum.
    waiting: Vec<(Sum, usize)>,
    next: AtomicUsize,
    stopped: AtomicBool,
    done: Mutex<Done>,
}

#[derive(Clone, Copy)]
enum Sum {
    A,
    B,
    C,
}

/// Sums of windows; `None` where it has to be taken in another way.
struct Done {
    a: Vec<Option<G1>>,
    b: Vec<Option<G2>>,
    c: Vec<Option<G1>>,
}

impl<'a> Sums<'a> {
    fn new(key: &'a PreparedKey, scalars: &Scalars) -> Self {
        let digits = [key.a.digits(&scalars.a), key.b.digits(&scalars.b), key.c.digits(&scalars.c)];
        let [a, b, c] = digits.each_ref().map(Digits::windows);
        let windows = |sum, count| (0..count).map(move |window| (sum, window));
        let done = Done { a: vec![None; a], b: vec![None; b], c: vec![None; c] };
        Self {
            key,
            digits,
            waiting: windows(Sum::B, b).chain(windows(Sum::C, c)).chain(windows(Sum::A, a)).collect(),
            next: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            done: Mutex::new(done),
        }
    }

    /// Sums one window, if one is left.
    fn step(&self) -> bool {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let Some((sum, window)) = self.waiting.get(next).copied() else { return false };
        let [a, b, c] = &self.digits;
        // Another thread leaves only complete sums: each is put in at once.
        let lock = || self.done.lock().unwrap_or_else(PoisonError::into_inner);
        match sum {
            Sum::A => {
                let sum = self.key.a.window(a, window).ok();
                lock().a[window] = sum;
            }
            Sum::B => {
                let sum = self.key.b.window(b, window).ok();
                lock().b[window] = sum;
            }
            Sum::C => {
                let sum = self.key.c.window(c, window).ok();
                lock().c[window] = sum;
            }
        }
        true
    }

    /// Sums all windows, by as many threads as there are, this one among them.
    fn run(
        &self,
        threads: Threads<'_>,
        watch: &mut dyn FnMut(u32, u32) -> ControlFlow<()>,
    ) -> Result<(), ProveError> {
        let total = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        let done = AtomicU32::new(0);
        let step = || {
            let stepped = !self.stopped.load(Ordering::Relaxed) && self.step();
            done.fetch_add(u32::from(stepped), Ordering::Relaxed);
            stepped
        };
        let mut tell = || match watch(done.load(Ordering::Relaxed), total) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => {
                self.stopped.store(true, Ordering::Relaxed);
                Err(ProveError::Cancelled)
            }
        };
        tell()?;
        threads.scope(|scope| {
            for _ in 1..threads.count() {
                scope.spawn(|_| while step() {});
            }
            while step() {
                tell()?;
            }
            Ok::<_, ProveError>(())
        })?;
        // Other threads may have ended after the last step of this one.
        tell()
    }

    fn totals(self, scalars: &Scalars) -> (G1, G2, G1) {
        let done = self.done.into_inner().unwrap_or_else(PoisonError::into_inner);
        let [a, b, c] = &self.digits;
        (
            self.key.a.total(a, done.a, &scalars.a),
            self.key.b.total(b, done.b, &scalars.b),
            self.key.c.total(c, done.c, &scalars.c),
        )
    }
}

#[cfg(test)]
mod tests;
