//! The rows that a circuit should have, and how each is put to the test.

use louver_core::poseidon::{Domain, FULL_ROUNDS, ROUNDS, WIDTH};

use super::program::public;

/// The rows of one name.
pub(super) struct Guard {
    /// The name of the rows.
    pub(super) row: String,
    /// How many rows have this name.
    pub(super) count: usize,
    /// Ways to break one of the rows: one of them has to do.
    pub(super) tamperings: Vec<Tampering>,
    /// How such a row is kept satisfied when what goes into it changes.
    pub(super) mending: Mending,
    /// Which of the rows are put to the test; all of them if `None`.
    pub(super) sample: Option<Vec<usize>>,
}

/// A change of an assignment.
pub(super) enum Tampering {
    /// The row's own variable, the one that has its name, gets another value.
    Own,
    /// The variable of this name gets another value.
    Variable(String),
    /// The variable of this name gets the value after its own.
    Next(String),
    /// The bit of this name is turned over.
    Turned(String),
    /// The bit of this name takes over from the next, which is turned over, so that their sum stays the same. Without a
    /// next one, the highest bit, which is what is left of the number, is the next.
    Carry {
        /// The name of the bit.
        bit: String,
        /// The name of the next one.
        next: Option<String>,
    },
}

/// The variable that changes so that a row holds again.
pub(super) enum Mending {
    /// The row's own variable, if there is one.
    Own,
    /// The variable of this name.
    By(String),
    /// All bits of a number, which are computed from it.
    Bits,
    /// If the row's own variable is a product that is zero, the variable of its factor that is; else its own variable.
    Factor(Vec<String>),
}

impl Guard {
    /// Mends the rows by the variable of this name.
    pub(super) fn mended_by(&mut self, variable: &str) {
        self.mending = Mending::By(variable.to_owned());
    }

    /// Breaks a row by another value of the variable of this name, too.
    pub(super) fn or_by(&mut self, variable: &str) -> &mut Self {
        self.tamperings.push(Tampering::Variable(variable.to_owned()));
        self
    }
}

/// A hash of variables, but for a last input that may be a constant.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub(super) domain: Domain,
    /// The last input, if it is a constant.
    pub(super) counter: Option<u64>,
}

impl Kind {
    /// How many inputs are variables.
    pub(super) fn variables(self) -> usize {
        self.domain.arity() - usize::from(self.counter.is_some())
    }
}

/// The rows of a circuit.
#[derive(Default)]
pub(super) struct Catalogue {
    pub(super) guards: Vec<Guard>,
    /// The hashes by namespace.
    pub(super) hashes: Vec<(String, Kind)>,
}

impl Catalogue {
    fn add(&mut self, row: String, count: usize, tampering: Tampering) -> &mut Guard {
        let mending = Mending::Own;
        let guard = Guard { row, count, tamperings: vec![tampering], mending, sample: None };
        self.guards.push(guard);
        let last = self.guards.len() - 1;
        &mut self.guards[last]
    }

    /// Rows that each compute a variable of their own name: a product, a quotient, or a bit that is 0 or 1.
    pub(super) fn computed(&mut self, namespace: &str, rows: &[&str]) {
        self.repeated(namespace, 1, rows);
    }

    /// The same, `count` times each.
    pub(super) fn repeated(&mut self, namespace: &str, count: usize, rows: &[&str]) {
        for row in rows {
            self.add(format!("{namespace}{row}"), count, Tampering::Own);
        }
    }

    /// A row that demands something of a variable.
    pub(super) fn demand(&mut self, row: &str, variable: &str) -> &mut Guard {
        self.add(row.to_owned(), 1, Tampering::Variable(variable.to_owned()))
    }

    /// A row that says what a public input is.
    pub(super) fn public(&mut self, row: &str, input: &str) {
        let input = public(input);
        self.demand(row, &input).mended_by(&input);
    }

    /// A row that fails when a bit is turned over.
    pub(super) fn turned(&mut self, row: &str, bit: &str) -> &mut Guard {
        self.add(row.to_owned(), 1, Tampering::Turned(bit.to_owned()))
    }

    /// `x < 2^bits` in a namespace of its own, of two bits or more.
    ///
    /// Without the row of a bit, another form of the same number is let through, and with it numbers out of range. The
    /// highest bit is computed from the others, and is not a bit when the second highest is wrong.
    pub(super) fn range(&mut self, namespace: &str, bits: usize) -> &mut Guard {
        let bit = |index: usize| format!("{namespace}/bit {index}");
        for index in 0..bits - 1 {
            let next = (index + 2 < bits).then(|| bit(index + 1));
            self.add(bit(index), 1, Tampering::Carry { bit: bit(index), next });
        }
        self.turned(&format!("{namespace}/top bit"), &bit(bits - 2))
    }

    /// A new variable in a range.
    pub(super) fn ranged(&mut self, variable: &str, bits: usize) {
        self.range(variable, bits).mended_by(variable);
    }

    /// The bits of a number that is computed: they follow when it changes.
    pub(super) fn followed(&mut self, namespace: &str, bits: usize) {
        self.range(namespace, bits).mending = Mending::Bits;
    }

    /// The rows that hold one integer below another. The other integer is given by its two halves.
    pub(super) fn below(&mut self, namespace: &str, [high, low]: [&str; 2]) {
        let row = |name: &str| format!("{namespace}/{name}");
        self.computed("", &[&row("same")]);
        self.turned(&row("not the same"), &row("same")).mended_by(high);
        self.add(row("step"), 1, Tampering::Own).mended_by(low);
        self.range(&row("distance"), 128).mended_by(high);
    }

    /// A row that fails when a variable is one more.
    pub(super) fn next(&mut self, row: &str, variable: &str) -> &mut Guard {
        self.add(row.to_owned(), 1, Tampering::Next(variable.to_owned()))
    }

    /// The rows that hold one integer below another, both of which are computed.
    pub(super) fn computed_below(&mut self, namespace: &str) {
        let row = |name: &str| format!("{namespace}/{name}");
        self.next(&row("same"), &row("same"));
        self.turned(&row("not the same"), &row("same")).mended_by(&row("same"));
        self.next(&row("step"), &row("step"));
        self.followed(&row("distance"), 128);
    }

    /// A hash, of inputs that are not constants. Its rows are alike in every hash, and each computes a variable from those
    /// before it: so one stands for all.
    pub(super) fn hash(&mut self, namespace: &str, domain: Domain) {
        self.hash_of(namespace, Kind { domain, counter: None });
    }

    /// The same of a hash whose last input is a constant.
    pub(super) fn hash_of_counter(&mut self, namespace: &str, domain: Domain, counter: u64) {
        self.hash_of(namespace, Kind { domain, counter: Some(counter) });
    }

    fn hash_of(&mut self, namespace: &str, kind: Kind) {
        let boxes = kind.variables() + WIDTH * (FULL_ROUNDS - 1) + ROUNDS - FULL_ROUNDS;
        for (row, sample) in [("x2", None), ("x3", Some(boxes / 2)), ("x5", None)] {
            let guard = self.add(format!("{namespace}/{row}"), boxes, Tampering::Own);
            guard.sample = Some(sample.into_iter().collect());
        }
        self.hashes.push((namespace.to_owned(), kind));
    }

    /// The same catalogue with all rows of hashes in the test.
    pub(super) fn in_full(mut self) -> Self {
        self.guards.iter_mut().for_each(|guard| guard.sample = None);
        self
    }
}
