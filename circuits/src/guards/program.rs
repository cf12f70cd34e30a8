//! A circuit as a program: what follows when a variable of a satisfying assignment is changed.

use std::collections::{BTreeSet, HashMap};

use ff::Field;
use louver_core::spec::Fr;

use crate::{
    linear::Wire,
    matrices::{Constraint, Matrices},
};

/// How many times a variable is mended.
const MOST: u8 = 3;

/// The name under which a public input is found: another variable may have its own.
pub(super) fn public(input: &str) -> String {
    format!("public {input}")
}

/// The variables that change so that a row holds again.
#[derive(Clone)]
pub(super) enum Mend {
    /// A variable.
    Variable(usize),
    /// The bits of a number.
    Bits(Vec<usize>),
}

/// The rows of a circuit, laid out for small changes of an assignment. Rows, forms and variables go by number; public
/// inputs are the first variables, and the constant one is variable 0.
pub(super) struct Program {
    /// The sides of rows. One that stands in a row and the next one again is kept once; the first is empty.
    forms: Vec<Vec<(usize, Fr)>>,
    /// For each row its sides.
    rows: Vec<[usize; 3]>,
    /// For each variable the forms that it stands in, with its coefficient.
    uses: Vec<Vec<(usize, Fr)>>,
    /// For each form the rows that it is a side of.
    rows_of: Vec<Vec<usize>>,
    /// The rows and the variables of a name, in their order.
    row_names: HashMap<String, Vec<usize>>,
    variable_names: HashMap<String, Vec<usize>>,
    /// For each row, the last of its variables that has its name.
    own: Vec<Option<usize>>,
    /// A row that the circuit is without for now.
    left_out: Option<usize>,
}

impl Program {
    pub(super) fn of(system: &Matrices) -> Self {
        let inputs = system.inputs().len();
        let mut program = Self {
            forms: vec![Vec::new()],
            rows: Vec::new(),
            uses: vec![Vec::new(); inputs + system.aux().len()],
            rows_of: vec![Vec::new()],
            row_names: HashMap::new(),
            variable_names: HashMap::new(),
            own: Vec::new(),
            left_out: None,
        };
        let mut recent: Vec<usize> = Vec::new();
        for (number, row) in system.rows().iter().enumerate() {
            let sides = row.sides.each_ref().map(|side| {
                let side: Vec<_> = side.iter().map(|(wire, factor)| (wire.number(inputs), *factor)).collect();
                let form = recent.iter().copied().find(|form| program.forms[*form] == side);
                let form = form.unwrap_or_else(|| program.add_form(side));
                recent.push(form);
                form
            });
            for form in sides.iter().copied().collect::<BTreeSet<_>>() {
                program.rows_of[form].push(number);
            }
            program.rows.push(sides);
            recent.drain(..recent.len() - 3);
            program.row_names.entry(row.name.clone()).or_default().push(number);
        }
        let names = system.inputs().iter().map(|name| public(name)).chain(system.aux().iter().cloned());
        for (number, name) in names.enumerate() {
            program.variable_names.entry(name).or_default().push(number);
        }
        let own = |(number, row): (usize, &Constraint)| {
            let namesakes = program.variables_named(&row.name).iter().rev();
            namesakes.copied().find(|variable| program.has(number, *variable))
        };
        program.own = system.rows().iter().enumerate().map(own).collect();
        program
    }

    fn add_form(&mut self, form: Vec<(usize, Fr)>) -> usize {
        let number = self.forms.len();
        for (variable, coefficient) in &form {
            self.uses[*variable].push((number, *coefficient));
        }
        self.forms.push(form);
        self.rows_of.push(Vec::new());
        number
    }

    /// Leaves a row out: then it demands nothing, and is not found. `None` puts it back.
    pub(super) fn leave_out(&mut self, row: Option<usize>) {
        self.left_out = row;
    }

    fn sides(&self, row: usize) -> [usize; 3] {
        if self.left_out == Some(row) { [0; 3] } else { self.rows[row] }
    }

    /// The rows of each name.
    pub(super) fn rows(&self) -> &HashMap<String, Vec<usize>> {
        &self.row_names
    }

    /// The rows of a name.
    pub(super) fn rows_named(&self, name: &str) -> impl Iterator<Item = usize> {
        let rows = self.row_names.get(name).map_or(&[][..], Vec::as_slice);
        rows.iter().copied().filter(|row| self.left_out != Some(*row))
    }

    /// The variables of a name.
    pub(super) fn variables_named(&self, name: &str) -> &[usize] {
        self.variable_names.get(name).map_or(&[], Vec::as_slice)
    }

    /// The variable that a row computes: the last one in it that has its name.
    pub(super) fn own_variable(&self, row: usize) -> Option<usize> {
        self.own[row].filter(|_| self.left_out != Some(row))
    }

    /// The bits in the namespace of a row that says that the bit above them is one.
    pub(super) fn bits_of(&self, row: usize) -> Vec<usize> {
        let name = self.row_names.iter().find(|(_, rows)| rows.contains(&row)).map(|(name, _)| name.as_str());
        let namespace = name.and_then(|name| name.strip_suffix("/top bit")).unwrap_or_default();
        let bit = |index: usize| self.variables_named(&format!("{namespace}/bit {index}")).first().copied();
        (0..).map_while(bit).collect()
    }

    /// Whether a variable stands in a row.
    pub(super) fn has(&self, row: usize, variable: usize) -> bool {
        self.sides(row).iter().any(|form| self.coefficient(*form, variable) != Fr::ZERO)
    }

    fn coefficient(&self, form: usize, variable: usize) -> Fr {
        let term = self.uses[variable].binary_search_by_key(&form, |(form, _)| *form);
        term.map_or(Fr::ZERO, |term| self.uses[variable][term].1)
    }

    fn evaluate(&self, form: usize, values: &[Fr]) -> Fr {
        self.forms[form].iter().map(|(variable, coefficient)| values[*variable] * coefficient).sum()
    }
}

/// An assignment of a program that can be changed and taken back to what it was.
pub(super) struct Assignment {
    /// The value of each variable, and of each form.
    values: Journal,
    sums: Journal,
    waiting: Waiting,
}

impl Assignment {
    /// The assignment that a system has; its rows are those of the program.
    pub(super) fn of(program: &Program, system: &Matrices) -> Self {
        let inputs = (0..system.inputs().len()).map(Wire::Input);
        let wires = inputs.chain((0..system.aux().len()).map(Wire::Aux));
        let values: Vec<Fr> = wires.map(|wire| system.value(wire).unwrap()).collect();
        let sums = (0..program.forms.len()).map(|form| program.evaluate(form, &values)).collect();
        let waiting = Waiting(vec![0; program.rows.len().div_ceil(64)]);
        Self { values: Journal::new(values), sums: Journal::new(sums), waiting }
    }

    /// The value of a variable.
    pub(super) fn value(&self, variable: usize) -> Fr {
        self.values.now[variable]
    }

    /// Changes some variables; then, row by row, what keeps the rows satisfied: a row that fails is mended by its
    /// variable in `mended_by`, unless that is one of those that were changed. The row `spared` is not mended. A change by a later
    /// row may reach an earlier one again, so a variable is mended a few times at most.
    ///
    /// Returns the rows that fail in the end, and takes all changes back.
    pub(super) fn tamper(
        &mut self,
        program: &Program,
        changes: &[(usize, Fr)],
        spared: Option<usize>,
        mended_by: &[Option<Mend>],
    ) -> Vec<usize> {
        for (variable, value) in changes {
            self.set(program, *variable, *value);
        }
        let mut mended: HashMap<usize, u8> = changes.iter().map(|(variable, _)| (*variable, MOST)).collect();
        while let Some(row) = self.waiting.pop_first() {
            if spared == Some(row) || self.holds(program, row) {
                continue;
            }
            match &mended_by[row] {
                None => {}
                Some(Mend::Variable(variable)) => {
                    let times = mended.entry(*variable).or_default();
                    if *times < MOST
                        && let Some(change) = self.mending(program, row, *variable)
                    {
                        *times += 1;
                        self.set(program, *variable, self.value(*variable) + change);
                    }
                }
                Some(Mend::Bits(bits)) => {
                    let times = bits.iter().map(|bit| mended.get(bit).copied().unwrap_or(0)).max();
                    if times.is_some_and(|times| times < MOST) {
                        bits.iter().for_each(|bit| *mended.entry(*bit).or_default() += 1);
                        self.follow(program, row, bits);
                    }
                }
            }
        }
        let failing = self.failing(program);
        self.values.restore();
        self.sums.restore();
        failing
    }

    /// Whether the side of a row that a variable stands in is zero, the left or the right one.
    pub(super) fn factor_is_zero(&self, program: &Program, row: usize, variable: usize) -> bool {
        let [left, right, _] = program.sides(row);
        let zero = |form| program.coefficient(form, variable) != Fr::ZERO && self.sums.now[form] == Fr::ZERO;
        zero(left) || zero(right)
    }

    /// Gives bits the value of the number that they are of. The row says that the bit above them is one: it is what is left
    /// of the number.
    fn follow(&mut self, program: &Program, row: usize, bits: &[usize]) {
        let [rest, ..] = program.sides(row);
        let lower = bits.iter().rev().fold(Fr::ZERO, |sum, bit| sum.double() + self.value(*bit));
        let top = (0..bits.len()).fold(self.sums.now[rest], |sum, _| sum.double());
        let bytes = (top + lower).to_bytes();
        for (index, bit) in bits.iter().enumerate() {
            let value = Fr::from(u64::from(bytes[index / 8] >> (index % 8) & 1));
            if self.value(*bit) != value {
                self.set(program, *bit, value);
            }
        }
    }

    fn set(&mut self, program: &Program, variable: usize, value: Fr) {
        let change = value - self.value(variable);
        self.values.set(variable, value);
        for (form, coefficient) in &program.uses[variable] {
            self.sums.set(*form, self.sums.now[*form] + change * coefficient);
            for row in &program.rows_of[*form] {
                self.waiting.push(*row);
            }
        }
    }

    fn holds(&self, program: &Program, row: usize) -> bool {
        let [a, b, c] = program.sides(row).map(|form| self.sums.now[form]);
        a * b == c
    }

    /// By how much a variable has to change for a row to hold, if it is in the row and this is a linear question, or
    /// that of a zero of a product.
    fn mending(&self, program: &Program, row: usize, variable: usize) -> Option<Fr> {
        let [a, b, c] = program.sides(row).map(|form| self.sums.now[form]);
        let [da, db, dc] = program.sides(row).map(|form| program.coefficient(form, variable));
        let (divided, divisor) = if da == Fr::ZERO || db == Fr::ZERO {
            (c - a * b, da * b + a * db - dc)
        } else if c == Fr::ZERO && dc == Fr::ZERO {
            (-a, da)
        } else {
            return None;
        };
        // Nearly always a variable that a row computes.
        if divisor == -Fr::ONE {
            return Some(-divided);
        }
        Option::from(divisor.invert()).map(|inverse: Fr| divided * inverse)
    }

    /// The rows that fail, worked out from the values of variables alone. Rows without a change hold as they did before.
    fn failing(&self, program: &Program) -> Vec<usize> {
        let mut sums = HashMap::new();
        let mut rows = BTreeSet::new();
        for (form, _) in &self.sums.before {
            sums.insert(*form, program.evaluate(*form, &self.values.now));
            rows.extend(&program.rows_of[*form]);
        }
        let fails = |row: &usize| {
            let sum = |form: usize| sums.get(&form).copied().unwrap_or(self.sums.now[form]);
            let [a, b, c] = program.sides(*row).map(sum);
            a * b != c
        };
        rows.into_iter().filter(fails).collect()
    }
}

/// Values, and what those that changed were before.
struct Journal {
    now: Vec<Fr>,
    before: Vec<(usize, Fr)>,
    changed: Vec<bool>,
}

impl Journal {
    fn new(now: Vec<Fr>) -> Self {
        let changed = vec![false; now.len()];
        Self { now, before: Vec::new(), changed }
    }

    fn set(&mut self, index: usize, value: Fr) {
        if !core::mem::replace(&mut self.changed[index], true) {
            self.before.push((index, self.now[index]));
        }
        self.now[index] = value;
    }

    fn restore(&mut self) {
        for (index, value) in self.before.drain(..) {
            self.now[index] = value;
            self.changed[index] = false;
        }
    }
}

/// A set of rows, one bit for each.
struct Waiting(Vec<u64>);

impl Waiting {
    fn push(&mut self, row: usize) {
        self.0[row / 64] |= 1 << (row % 64);
    }

    fn pop_first(&mut self) -> Option<usize> {
        let at = self.0.iter().position(|word| *word != 0)?;
        let bit = self.0[at].trailing_zeros();
        self.0[at] &= self.0[at] - 1;
        Some(at * 64 + bit as usize)
    }
}
