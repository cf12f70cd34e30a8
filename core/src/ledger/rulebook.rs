//! `[rules-version]`: the rules versions of the ledger's state: those of genesis, those added since, and which of them
//! are switched off.

use super::{
    LedgerError,
    genesis::{DisclosureTerms, Genesis, GenesisError, RulesTerms, ShapeTerms},
    rules::RuleError,
};
use crate::{
    encoding::{Decode, DecodeError, Encode, Reader, put_list, put_option},
    pool::{PoolKind, RulesVersion},
    shape::Shape,
    store::{KeyRange, Overlay, StoreError, Table, record::decoded},
};

/// rules version (u32, big-endian) -> [`RulesEntry`].
pub(super) const RULES: Table = Table("ledger.rules");

/// A rules version as the ledger knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesEntry {
    /// The terms of the version, and when it counts.
    pub terms: RulesTerms,
    /// The first block without it, if its off-switch was thrown.
    pub switched_off: Option<u32>,
}

impl RulesEntry {
    /// The least that an entry takes.
    pub const LEAST: usize = RulesTerms::LEAST + 1;

    /// The versions of a genesis, as they stand before the first block.
    pub fn of_genesis(genesis: &Genesis) -> Vec<Self> {
        let versions = genesis.terms().rules.iter();
        versions.map(|terms| Self { terms: terms.clone(), switched_off: None }).collect()
    }

    /// Refuses the version in blocks before its first, from its planned end on, or once it is switched off.
    pub(super) fn counts_at(&self, height: u32) -> Result<(), RuleError> {
        let (version, from) = (self.terms.version, self.terms.from);
        if height < from {
            return Err(RuleError::RulesNotYet { version, from });
        }
        let ends = [self.terms.until, self.switched_off].into_iter().flatten();
        match ends.filter(|since| height >= *since).min() {
            Some(since) => Err(RuleError::RulesOff { version, since }),
            None => Ok(()),
        }
    }

    /// Whether the block at `height` takes transactions of the version.
    pub fn is_in_force(&self, height: u32) -> bool {
        self.counts_at(height).is_ok()
    }

    /// Whether the block at `height` takes transactions of the version with a shape.
    pub fn takes(&self, height: u32, shape: Shape) -> bool {
        self.is_in_force(height) && self.terms.shape(shape).is_some()
    }
}

/// terms || switched off u8 (0, or 1 and u32)
impl Encode for RulesEntry {
    fn encode(&self, out: &mut Vec<u8>) {
        self.terms.encode(out);
        put_option(out, self.switched_off.as_ref());
    }
}

impl Decode for RulesEntry {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let terms = RulesTerms::decode(reader)?;
        terms.check()?;
        let switched_off = reader.option()?;
        Ok(Self { terms, switched_off })
    }
}

/// A rules version to be added: its number and its keys. The ledger sets the block from which it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRules {
    /// The number that transactions name: one more than the newest version's.
    pub version: RulesVersion,
    /// The shapes, in ascending order of their codes.
    pub shapes: Vec<ShapeTerms>,
    /// The keys of the statements behind grants and packages.
    pub disclosures: DisclosureTerms,
}

impl NewRules {
    /// The version with the block from which it counts; it has no planned end.
    pub fn from(&self, from: u32) -> RulesTerms {
        let Self { version, shapes, disclosures } = self.clone();
        RulesTerms { version, from, until: None, shapes, disclosures }
    }
}

/// version u32 || count u32 of shapes || disclosures
impl Encode for NewRules {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.version.0.to_le_bytes());
        put_list(out, &self.shapes);
        self.disclosures.encode(out);
    }
}

impl Decode for NewRules {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = RulesVersion(reader.u32()?);
        let shapes = reader.list(ShapeTerms::BYTES)?;
        let new = Self { version, shapes, disclosures: DisclosureTerms::decode(reader)? };
        new.from(0).check().map_err(DecodeError::from)?;
        Ok(new)
    }
}

/// Why a rules version is not added.
#[derive(Debug, thiserror::Error)]
pub enum AddRulesError {
    /// Another number than the next: it would replace a version, or leave a gap.
    #[error("the next rules version has number {}, this one has {}", expected.0, found.0)]
    Number {
        /// The number that would be right.
        expected: RulesVersion,
        /// The number it has.
        found: RulesVersion,
    },
    /// Guardians could turn a pool without auditors into one with them, or blind the auditors of one that has them.
    #[error("the rules version is for a pool {} auditors, and this chain's pool is one {}", with(*found), with(*of_chain))]
    Kind {
        /// The kind of the chain's pool.
        of_chain: PoolKind,
        /// The kind of the pools that the version is for.
        found: PoolKind,
    },
    /// Every number is given out, or the block from which it would count has no number.
    #[error("no number is left for another rules version, or for the block from which it would count")]
    Exhausted,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn with(kind: PoolKind) -> &'static str {
    match kind {
        PoolKind::Plain => "without",
        PoolKind::Audited => "with",
    }
}

/// Why an off-switch is not thrown.
#[derive(Debug, thiserror::Error)]
pub enum SwitchOffError {
    /// The version is not known, or off already.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<SwitchOffError> for LedgerError {
    fn from(error: SwitchOffError) -> Self {
        match error {
            SwitchOffError::Rule(error) => error.into(),
            SwitchOffError::Store(error) => error.into(),
        }
    }
}

/// Writes the versions of genesis.
pub fn begin(state: &mut Overlay<'_>, genesis: &Genesis) {
    RulesEntry::of_genesis(genesis).iter().for_each(|entry| put(state, entry));
}

/// A rules version; `None` if it is not known.
///
/// # Errors
/// Those of the store.
pub fn entry(state: &Overlay<'_>, version: RulesVersion) -> Result<Option<RulesEntry>, StoreError> {
    state.get(RULES, &version.0.to_be_bytes())?.map(|bytes| decoded(RULES, &bytes)).transpose()
}

/// Every rules version, ascending.
///
/// # Errors
/// Those of the store.
pub fn all(state: &Overlay<'_>) -> Result<Vec<RulesEntry>, StoreError> {
    state.scan(RULES, KeyRange::ALL)?.iter().map(|(_, bytes)| decoded(RULES, bytes)).collect()
}

/// Adds a version, which counts from the block `delay` blocks after the one at `height`, and never in that block itself.
///
/// # Errors
/// [`AddRulesError`].
pub fn add(
    state: &mut Overlay<'_>,
    new: &NewRules,
    height: u32,
    delay: u32,
) -> Result<RulesTerms, AddRulesError> {
    // Genesis has at least one version.
    let known = all(state)?;
    let newest = known.last().map_or(0, |entry| entry.terms.version.0);
    let expected = RulesVersion(newest.checked_add(1).ok_or(AddRulesError::Exhausted)?);
    if new.version != expected {
        return Err(AddRulesError::Number { expected, found: new.version });
    }
    let (of_chain, found) = (known.first().map(|entry| entry.terms.pool_kind()), new.from(0).pool_kind());
    if let Some(of_chain) = of_chain.filter(|kind| *kind != found) {
        return Err(AddRulesError::Kind { of_chain, found });
    }
    let terms = new.from(height.checked_add(delay.max(1)).ok_or(AddRulesError::Exhausted)?);
    put(state, &RulesEntry { terms: terms.clone(), switched_off: None });
    Ok(terms)
}

/// Throws the off-switch of a version, from the block at `height` on. The caller sees to it that the block has no
/// transaction of the version, and that whoever asks may do so.
///
/// # Errors
/// [`RuleError::RulesUnknown`]; [`RuleError::RulesOff`] if it is off already; those of the store.
pub fn switch_off(state: &mut Overlay<'_>, version: RulesVersion, height: u32) -> Result<(), SwitchOffError> {
    let entry = entry(state, version)?.ok_or(RuleError::RulesUnknown(version))?;
    if let Some(since) = entry.switched_off {
        return Err(RuleError::RulesOff { version, since }.into());
    }
    put(state, &RulesEntry { switched_off: Some(height), ..entry });
    Ok(())
}

fn put(state: &mut Overlay<'_>, entry: &RulesEntry) {
    state.put(RULES, &entry.terms.version.0.to_be_bytes(), &entry.to_bytes());
}

impl RulesTerms {
    /// Whether the version can be understood: it does not end before it begins, its shapes ascend, and they are of one kind of
    /// pool.
    ///
    /// # Errors
    /// [`GenesisError::RulesEnd`], [`GenesisError::RulesShapes`] and [`GenesisError::RulesKind`].
    pub(super) fn check(&self) -> Result<(), GenesisError> {
        if self.until.is_some_and(|until| until < self.from) {
            return Err(GenesisError::RulesEnd(self.version));
        }
        let ascend = self.shapes.is_sorted_by(|a, b| a.shape.code() < b.shape.code());
        let kind = self.pool_kind();
        match () {
            () if self.shapes.is_empty() || !ascend => Err(GenesisError::RulesShapes(self.version)),
            () if self.shapes.iter().any(|terms| PoolKind::of(terms.shape) != kind) => {
                Err(GenesisError::RulesKind(self.version))
            }
            () => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ledger::testing::{genesis, rules},
        store::MemoryStore,
    };

    fn new(version: u32) -> NewRules {
        let RulesTerms { shapes, disclosures, .. } = rules(version, 0, None, &Shape::PLAIN);
        NewRules { version: RulesVersion(version), shapes, disclosures }
    }

    #[test]
    fn an_added_version_counts_after_the_delay_and_one_that_is_off_never_again() {
        let store = MemoryStore::default();
        let mut state = Overlay::new(&store);
        begin(&mut state, &genesis());
        let added = add(&mut state, &new(3), 10, 5).unwrap();
        assert_eq!((added.from, added.until), (15, None));
        let third = entry(&state, RulesVersion(3)).unwrap().unwrap();
        assert_eq!(third, RulesEntry { terms: added, switched_off: None });
        assert!(!third.is_in_force(14) && third.takes(15, Shape::TwoBySixteen));
        assert_eq!(RulesEntry::from_bytes(&third.to_bytes()), Ok(third));
        switch_off(&mut state, RulesVersion(3), 20).unwrap();
        let third = entry(&state, RulesVersion(3)).unwrap().unwrap();
        assert!(third.is_in_force(19) && !third.is_in_force(20));
        assert_eq!(RulesEntry::from_bytes(&third.to_bytes()), Ok(third));
        let again = switch_off(&mut state, RulesVersion(3), 21);
        let since = RuleError::RulesOff { version: RulesVersion(3), since: 20 };
        assert!(matches!(again, Err(SwitchOffError::Rule(rule)) if rule == since));
        assert_eq!(all(&state).unwrap().len(), 3);
    }

    #[test]
    fn without_a_delay_a_version_counts_in_the_next_block() {
        let store = MemoryStore::default();
        let mut state = Overlay::new(&store);
        begin(&mut state, &genesis());
        assert_eq!(add(&mut state, &new(3), 10, 0).unwrap().from, 11);
    }

    /// Attacker: a guardian who puts another circuit under the number of a version that is in use.
    #[test]
    fn a_version_is_never_replaced_and_numbers_never_wrap_around() {
        let store = MemoryStore::default();
        let mut state = Overlay::new(&store);
        begin(&mut state, &genesis());
        for number in [0, 1, 2, 4, u32::MAX] {
            let refused = add(&mut state, &new(number), 10, 5);
            let expected = RulesVersion(3);
            assert!(
                matches!(refused, Err(AddRulesError::Number { expected: e, found }) if e == expected && found.0 == number)
            );
        }
        assert!(matches!(add(&mut state, &new(3), u32::MAX - 4, 5), Err(AddRulesError::Exhausted)));
        put(&mut state, &RulesEntry { terms: rules(u32::MAX, 1, None, &Shape::PLAIN), switched_off: None });
        assert!(matches!(add(&mut state, &new(3), 10, 5), Err(AddRulesError::Exhausted)));
    }

    /// Attacker: guardians who would let transactions pass that show auditors nothing, or who would have a pool without auditors
    /// show them everything; a genesis that leaves the choice to each payer.
    #[test]
    fn a_pool_has_auditors_from_genesis_on_or_never() {
        use crate::ledger::{Genesis, GenesisError};
        let of = |shapes: &[Shape]| {
            let mut terms = genesis().terms().clone();
            terms.rules = vec![rules(1, 1, None, shapes)];
            Genesis::new(terms)
        };
        assert_eq!(of(&Shape::PLAIN).unwrap().pool_kind(), PoolKind::Plain);
        let audited = of(&Shape::AUDITED).unwrap();
        assert_eq!(audited.pool_kind(), PoolKind::Audited);
        let mixed = Err(GenesisError::RulesKind(RulesVersion(1)));
        assert_eq!(of(&Shape::ALL), mixed);
        let mut terms = genesis().terms().clone();
        terms.rules = vec![rules(1, 1, None, &Shape::AUDITED), rules(2, 5, None, &Shape::PLAIN)];
        assert_eq!(Genesis::new(terms), Err(GenesisError::RulesKind(RulesVersion(2))));

        let store = MemoryStore::default();
        for (chain, shapes) in [(audited, &Shape::PLAIN[..]), (genesis(), &Shape::AUDITED[..])] {
            let mut state = Overlay::new(&store);
            begin(&mut state, &chain);
            let number = u32::try_from(chain.terms().rules.len()).unwrap() + 1;
            let RulesTerms { shapes, disclosures, .. } = rules(number, 0, None, shapes);
            let new = NewRules { version: RulesVersion(number), shapes, disclosures };
            assert!(matches!(add(&mut state, &new, 10, 5), Err(AddRulesError::Kind { .. })));
        }
    }

    #[test]
    fn versions_without_shapes_or_with_shapes_in_another_order_do_not_decode() {
        let good = new(3);
        assert_eq!(NewRules::from_bytes(&good.to_bytes()), Ok(good.clone()));
        let mut backwards = good.clone();
        backwards.shapes.reverse();
        let none = NewRules { shapes: Vec::new(), ..good };
        for bad in [backwards, none] {
            assert!(NewRules::from_bytes(&bad.to_bytes()).is_err());
            let entry = RulesEntry { terms: bad.from(1), switched_off: None };
            assert!(RulesEntry::from_bytes(&entry.to_bytes()).is_err());
        }
    }
}
