//! `[asset-name]`: the assets that are known of a chain, and how they are named to people.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{AssetDescriptor, AssetId};
use crate::text::visible;

/// How many symbols an error names.
const NAMED: usize = 8;

/// An asset is described differently than before: in genesis, in an earlier answer, or twice in one.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("asset {0} is described differently than before")]
pub struct AssetChanged(pub AssetId);

/// Why a name means no asset that is known.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AssetNameError {
    /// No asset has that symbol.
    #[error("no asset is called {name}{}", among(known))]
    UnknownSymbol {
        /// The text, with hidden characters shown.
        name: String,
        /// The first symbols that are known.
        known: Vec<String>,
    },
    /// No asset has that id.
    #[error("no asset has the id #{id}")]
    UnknownId {
        /// The id.
        id: u64,
    },
    /// The asset of that id has another symbol.
    #[error("asset #{id} is called {symbol}, not {written}: write {symbol}#{id} if you mean it")]
    OtherSymbol {
        /// The id that was written.
        id: u64,
        /// The symbol of the asset of that id.
        symbol: String,
        /// The symbol that was written, with hidden characters shown.
        written: String,
    },
    /// A bare number. It could be an amount or an id, so an id needs its mark.
    #[error("{number} is a number, not the name of an asset: write #{number} for the asset with that id")]
    BareNumber {
        /// The number.
        number: String,
    },
}

fn among(known: &[String]) -> String {
    match known {
        [] => String::new(),
        known => format!("; there is {}", known.join(", ")),
    }
}

/// The known assets of a chain: those of genesis, and those learnt since. The description of a known asset never
/// changes: its decimals read and write amounts, so whoever could change them could change amounts.
///
/// Symbols are not unique. The asset that was known first keeps its symbol, and each later namesake is written with its
/// id, as `SYMBOL#ID`. Genesis assets are known before all others; of assets learnt together, the lowest id is first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownAssets {
    assets: Vec<AssetDescriptor>,
    genesis: usize,
    places: BTreeMap<AssetId, usize>,
    holders: BTreeMap<String, AssetId>,
}

impl KnownAssets {
    /// The assets of a genesis.
    pub fn new(genesis: &[AssetDescriptor]) -> Self {
        let mut known = Self::default();
        genesis.iter().for_each(|asset| known.add(asset.clone()));
        known.genesis = known.assets.len();
        known
    }

    /// Learns descriptions of the chain's assets. If one contradicts a known description, nothing is learnt. Known
    /// assets that are not described stay.
    ///
    /// # Errors
    /// [`AssetChanged`] for the first asset that is described differently than before.
    pub fn learn(&mut self, told: impl IntoIterator<Item = AssetDescriptor>) -> Result<(), AssetChanged> {
        let mut new = BTreeMap::new();
        for asset in told {
            match self.get(asset.id()).or_else(|| new.get(&asset.id())) {
                Some(known) if *known == asset => {}
                Some(_) => return Err(AssetChanged(asset.id())),
                None => drop(new.insert(asset.id(), asset)),
            }
        }
        new.into_values().for_each(|asset| self.add(asset));
        Ok(())
    }

    /// Learns the [registered](Self::registered) assets of a stored registry, in the same order.
    ///
    /// # Errors
    /// [`AssetChanged`] for the first asset that is described differently than before.
    pub fn recall(&mut self, kept: impl IntoIterator<Item = AssetDescriptor>) -> Result<(), AssetChanged> {
        kept.into_iter().try_for_each(|asset| self.learn([asset]))
    }

    fn add(&mut self, asset: AssetDescriptor) {
        self.places.insert(asset.id(), self.assets.len());
        self.holders.entry(asset.symbol().to_owned()).or_insert_with(|| asset.id());
        self.assets.push(asset);
    }

    /// Every asset, in the order in which they were learnt.
    pub fn iter(&self) -> impl Iterator<Item = &AssetDescriptor> {
        self.assets.iter()
    }

    /// The assets that were registered since genesis, in the order in which they were learnt.
    pub fn registered(&self) -> &[AssetDescriptor] {
        &self.assets[self.genesis..]
    }

    /// The known description of an asset.
    pub fn get(&self, id: AssetId) -> Option<&AssetDescriptor> {
        self.places.get(&id).and_then(|place| self.assets.get(*place))
    }

    /// An asset's name: its symbol, followed by `#` and its id if another asset was known by the symbol first. The name
    /// of an unknown asset is only its id, `#7`.
    pub fn name(&self, id: AssetId) -> String {
        match self.get(id).map(AssetDescriptor::symbol) {
            Some(symbol) if self.holders.get(symbol) == Some(&id) => symbol.to_owned(),
            Some(symbol) => format!("{symbol}#{id}"),
            None => format!("#{id}"),
        }
    }

    /// The asset of a name: `EURX`, `#7`, `EURX#7` or `EURX (asset 7)`, in either case. A bare symbol means the asset
    /// that was known by it first.
    ///
    /// # Errors
    /// [`AssetNameError`] if no known asset has this name.
    pub fn find(&self, name: &str) -> Result<&AssetDescriptor, AssetNameError> {
        let name = name.trim();
        if !name.is_empty() && name.bytes().all(|c| c.is_ascii_digit()) {
            return Err(AssetNameError::BareNumber { number: name.to_owned() });
        }
        let in_brackets = || name.strip_suffix(')').and_then(|name| name.split_once("(asset "));
        let unknown = || self.unknown(name);
        let Some((symbol, id)) = name.split_once('#').or_else(in_brackets) else {
            let id = self.holders.get(&name.to_ascii_uppercase()).ok_or_else(unknown)?;
            return self.get(*id).ok_or_else(unknown);
        };
        let (symbol, id) = (symbol.trim(), id.trim());
        let is_number = !id.is_empty() && id.bytes().all(|c| c.is_ascii_digit());
        let id: u64 = id.parse().ok().filter(|_| is_number).ok_or_else(unknown)?;
        let asset = AssetId::new(id).and_then(|id| self.get(id)).ok_or(AssetNameError::UnknownId { id })?;
        match symbol.is_empty() || asset.symbol().eq_ignore_ascii_case(symbol) {
            true => Ok(asset),
            false => Err(AssetNameError::OtherSymbol {
                id,
                symbol: asset.symbol().to_owned(),
                written: visible(symbol),
            }),
        }
    }

    fn unknown(&self, name: &str) -> AssetNameError {
        let known = self.assets.iter().take(NAMED).map(|asset| self.name(asset.id())).collect();
        AssetNameError::UnknownSymbol { name: visible(name), known }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(id: u64, symbol: &str, decimals: u8) -> AssetDescriptor {
        AssetDescriptor::new(AssetId::new(id).unwrap(), symbol, decimals, [0; 32], b"").unwrap()
    }

    fn id(id: u64) -> AssetId {
        AssetId::new(id).unwrap()
    }

    /// Attacker: an issuer whose asset passes for one that people know already.
    #[test]
    fn what_was_known_first_keeps_its_symbol() {
        let mut known = KnownAssets::new(&[asset(1, "LVR", 6)]);
        known.learn([asset(9, "EURX", 2)]).unwrap();
        known
            .learn([asset(12, "NEW", 0), asset(8, "LVR", 2), asset(3, "EURX", 4), asset(11, "NEW", 1)])
            .unwrap();
        for (asset, name) in
            [(1, "LVR"), (8, "LVR#8"), (9, "EURX"), (3, "EURX#3"), (11, "NEW"), (12, "NEW#12")]
        {
            assert_eq!(known.name(id(asset)), name);
            assert_eq!(known.find(name).unwrap().id(), id(asset), "{name}");
            assert_eq!(known.find(&name.to_lowercase()).unwrap().id(), id(asset), "{name}");
        }
        let mut again = KnownAssets::new(&[asset(1, "LVR", 6)]);
        again.recall(known.registered().iter().cloned()).unwrap();
        assert_eq!(again, known);
    }

    #[test]
    fn names_that_mean_no_asset_are_told_apart() {
        let mut known = KnownAssets::new(&[asset(1, "LVR", 6)]);
        known.learn([asset(8, "LVR", 2), asset(2, "EURX", 2)]).unwrap();
        for name in ["lvr (asset 8)", "LVR #8", "#8", "LVR(asset 8)"] {
            assert_eq!(known.find(name).unwrap().id(), id(8), "{name}");
        }
        let other = |written: &str| AssetNameError::OtherSymbol {
            id: 2,
            symbol: "EURX".to_owned(),
            written: written.to_owned(),
        };
        assert_eq!(known.find("LVR#2"), Err(other("LVR")));
        assert_eq!(known.find("L\u{200b}VR#2"), Err(other("L\\u{200b}VR")));
        assert_eq!(known.find("LVR#99"), Err(AssetNameError::UnknownId { id: 99 }));
        assert_eq!(known.find("2"), Err(AssetNameError::BareNumber { number: "2".to_owned() }));
        for name in ["", "#", "LVR#", "LVR#+8", "LVR (asset )", "LVR (asset 8", "XYZ", "(asset )"] {
            assert!(matches!(known.find(name), Err(AssetNameError::UnknownSymbol { .. })), "{name}");
        }
    }

    /// Attacker: a node that moves an asset's decimal point, so that 25.00 becomes 2,500.
    #[test]
    fn what_is_known_of_an_asset_never_changes() {
        let mut known = KnownAssets::new(&[asset(1, "LVR", 6)]);
        known.learn([asset(2, "EURX", 2)]).unwrap();
        let before = known.clone();
        for told in [
            vec![asset(3, "NEW", 0), asset(2, "EURX", 4)],
            vec![asset(1, "LVR", 2)],
            vec![asset(4, "A", 0), asset(4, "B", 0)],
        ] {
            assert!(known.learn(told).is_err());
            assert_eq!(known, before);
        }
        known.learn([asset(1, "LVR", 6)]).unwrap();
        known.learn([]).unwrap();
        assert_eq!(known, before);
    }
}
