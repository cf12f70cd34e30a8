//! Assets, and amounts as people write them: a decimal number and the asset's symbol, as in `12.50 EURX`.

use louver_chain::Account;
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    value::Value,
};
use louver_wallet::chain::{AssetChanged, learn_assets};

use crate::{AmountError, PlanError};

data! {
    /// An asset of the chain.
    pub struct Asset {
        /// Its id.
        pub id: u64,
        /// Its symbol. Symbols are no names: anybody may register an asset of any symbol. What shows it writes the id
        /// beside it where two assets have the same, as `Node::format_amount` does.
        pub symbol: String,
        /// How many decimals its amounts have.
        pub decimals: u8,
        /// The transparent account that issues it.
        pub issuer: String,
    }
}

data! {
    /// An amount of an asset.
    pub struct Amount {
        /// The asset's id.
        pub asset: u64,
        /// How much, in the asset's smallest unit.
        pub value: u64,
    }
}

impl Amount {
    pub(crate) fn new(asset: AssetId, value: Value) -> Self {
        Self { asset: asset.to_u64(), value: value.0 }
    }

    /// The asset and the value, if there can be such an asset.
    pub(crate) fn parts(&self) -> Result<(AssetId, Value), PlanError> {
        Ok((asset_id(self.asset)?, Value(self.value)))
    }
}

/// The asset of an id.
pub(crate) fn asset_id(id: u64) -> Result<AssetId, PlanError> {
    AssetId::new(id).ok_or(PlanError::UnknownAsset { asset: id })
}

/// The assets of a chain: those of genesis, whose hash says what they are, and those that a node told of since, none of
/// which ever changes.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    /// Those of genesis first.
    assets: Vec<AssetDescriptor>,
    /// How many are of genesis.
    genesis: usize,
}

impl Registry {
    pub(crate) fn new(genesis: &[AssetDescriptor]) -> Self {
        Self { assets: genesis.to_vec(), genesis: genesis.len() }
    }

    /// Adds what is told. Refused, all of it, where it says otherwise of an asset that is known.
    pub(crate) fn learn(&mut self, told: Vec<AssetDescriptor>) -> Result<(), AssetChanged> {
        self.assets = learn_assets(&self.assets, told)?;
        Ok(())
    }

    /// The assets that were registered since genesis.
    pub(crate) fn registered(&self) -> &[AssetDescriptor] {
        &self.assets[self.genesis..]
    }

    pub(crate) fn get(&self, id: AssetId) -> Option<&AssetDescriptor> {
        self.assets.iter().find(|asset| asset.id() == id)
    }

    pub(crate) fn list(&self) -> Vec<Asset> {
        let asset = |asset: &AssetDescriptor| Asset {
            id: asset.id().to_u64(),
            symbol: asset.symbol().to_owned(),
            decimals: asset.decimals(),
            issuer: Account(*asset.issuer()).to_string(),
        };
        let mut list: Vec<Asset> = self.assets.iter().map(asset).collect();
        list.sort_by_key(|asset| asset.id);
        list
    }

    /// The asset that a decimal id, a symbol, or a symbol with an id in brackets names. A symbol that several have is
    /// that asset's which alone of them is of genesis: anybody may register any symbol later.
    fn find(&self, name: &str) -> Result<&AssetDescriptor, AmountError> {
        let unknown = || AmountError::UnknownAsset { name: name.to_owned() };
        if let Some(id) = name.parse().ok().and_then(AssetId::new) {
            return self.get(id).ok_or_else(unknown);
        }
        if let Some((symbol, id)) = name.strip_suffix(')').and_then(|name| name.split_once("(asset ")) {
            let asset = id.trim().parse().ok().and_then(AssetId::new).and_then(|id| self.get(id));
            let is_called = |asset: &&AssetDescriptor| asset.symbol().eq_ignore_ascii_case(symbol.trim());
            return asset.filter(is_called).ok_or_else(unknown);
        }
        let (genesis, registered) = self.assets.split_at(self.genesis);
        let called = |assets: &'_ [AssetDescriptor]| namesakes(assets, name).count();
        let assets = match (called(genesis), called(registered)) {
            (0, 0) => return Err(unknown()),
            (1, _) => genesis,
            (0, 1) => registered,
            _ => return Err(AmountError::AmbiguousAsset { name: name.to_owned() }),
        };
        namesakes(assets, name).next().ok_or_else(unknown)
    }

    /// Reads `12.50 EURX`. Exact: more decimals than the asset has are refused, never rounded.
    pub(crate) fn parse(&self, text: &str) -> Result<Amount, AmountError> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, symbol) = (&text[..end], text[end..].trim());
        if number.is_empty() || symbol.is_empty() {
            return Err(AmountError::Form);
        }
        let asset = self.find(symbol)?;
        Ok(Amount { asset: asset.id().to_u64(), value: units(number, asset.decimals())? })
    }

    /// Writes an amount with its symbol, so that [`Registry::parse`] reads the same: with the id beside a symbol that
    /// another asset has, too, or that could be an id itself.
    pub(crate) fn format(&self, amount: &Amount) -> String {
        match AssetId::new(amount.asset).and_then(|id| self.get(id)) {
            Some(asset) => {
                let (number, symbol) = (decimal(amount.value, asset.decimals()), asset.symbol());
                let is_shared = namesakes(&self.assets, symbol).count() > 1;
                match is_shared || symbol.bytes().all(|c| c.is_ascii_digit()) {
                    true => format!("{number} {symbol} (asset {})", asset.id()),
                    false => format!("{number} {symbol}"),
                }
            }
            None => format!("{} of asset {}", amount.value, amount.asset),
        }
    }
}

/// The assets of a symbol.
fn namesakes<'a>(assets: &'a [AssetDescriptor], symbol: &str) -> impl Iterator<Item = &'a AssetDescriptor> {
    assets.iter().filter(move |asset| asset.symbol().eq_ignore_ascii_case(symbol))
}

/// A decimal number as a count of the asset's smallest unit.
fn units(number: &str, decimals: u8) -> Result<u64, AmountError> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return Err(AmountError::Form);
    }
    let room = usize::from(decimals);
    if fraction.len() > room {
        return Err(AmountError::TooPrecise { decimals });
    }
    let digits = format!("{whole}{fraction}{}", "0".repeat(room - fraction.len()));
    digits.parse().map_err(|_| AmountError::TooLarge)
}

/// A count of the smallest unit as a decimal number, with at least two decimals where the asset has them.
fn decimal(value: u64, decimals: u8) -> String {
    let room = usize::from(decimals);
    let digits = format!("{value:0>width$}", width = room + 1);
    let (whole, fraction) = digits.split_at(digits.len() - room);
    let kept = fraction.trim_end_matches('0').len().max(room.min(2));
    if kept == 0 { whole.to_owned() } else { format!("{whole}.{}", &fraction[..kept]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry() -> Registry {
        let asset = |id, symbol, decimals| {
            AssetDescriptor::new(AssetId::new(id).unwrap(), symbol, decimals, [0; 32], b"").unwrap()
        };
        let mut registry = Registry::new(&[asset(1, "LVR", 6), asset(2, "EURX", 2)]);
        registry.learn(vec![asset(3, "ONE", 0), asset(4, "ONE", 0)]).unwrap();
        registry
    }

    #[test]
    fn amounts_are_exact() {
        for (text, asset, value) in [
            ("12.50 EURX", 2, 1250),
            ("0.000001LVR", 1, 1),
            (" 7 lvr ", 1, 7_000_000),
            ("5 2", 2, 500),
            (".5 EURX", 2, 50),
        ] {
            assert_eq!(registry().parse(text), Ok(Amount { asset, value }), "{text}");
        }
    }

    #[test]
    fn faults_are_told_apart() {
        let unknown = |name: &str| AmountError::UnknownAsset { name: name.to_owned() };
        for (text, fault) in [
            ("12.505 EURX", AmountError::TooPrecise { decimals: 2 }),
            ("1", AmountError::Form),
            ("EURX", AmountError::Form),
            ("1.2.3 EURX", AmountError::Form),
            (". EURX", AmountError::Form),
            ("-1 EURX", AmountError::Form),
            ("1 XYZ", unknown("XYZ")),
            ("1 9", unknown("9")),
            ("1 ONE", AmountError::AmbiguousAsset { name: "ONE".to_owned() }),
            ("18446744073709551616 3", AmountError::TooLarge),
        ] {
            assert_eq!(registry().parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn amounts_are_written_as_they_are_read() {
        for (asset, value, text) in [
            (2, 1250, "12.50 EURX"),
            (1, 1, "0.000001 LVR"),
            (1, 7_000_000, "7.00 LVR"),
            (3, 9, "9 ONE (asset 3)"),
        ] {
            assert_eq!(registry().format(&Amount { asset, value }), text);
        }
        assert_eq!(registry().format(&Amount { asset: 9, value: 4 }), "4 of asset 9");
    }

    /// Who gains: an issuer whose asset passes for the chain's coin.
    #[test]
    fn a_counterfeit_is_told_from_the_genuine() {
        let asset = |id, symbol, decimals| {
            AssetDescriptor::new(AssetId::new(id).unwrap(), symbol, decimals, [0; 32], b"").unwrap()
        };
        let mut registry = registry();
        let told = [asset(8, "LVR", 2), asset(9, "77", 0), asset(10, "A1", 3)];
        registry.learn(told.to_vec()).unwrap();
        let parse = |text: &str| registry.parse(text);
        for text in ["3 LVR", "3 lvr", "3.00 LVR (asset 1)", "3 1"] {
            assert_eq!(parse(text), Ok(Amount { asset: 1, value: 3_000_000 }), "{text}");
        }
        assert_eq!(parse("3 LVR (asset 8)"), Ok(Amount { asset: 8, value: 300 }));
        for text in ["3 LVR (asset 2)", "3 LVR (asset 99)", "3 LVR (asset )", "3 LVR (asset 8", "3 (asset 8)"]
        {
            assert!(matches!(parse(text), Err(AmountError::UnknownAsset { .. })), "{text}");
        }
        assert_eq!(registry.format(&Amount { asset: 8, value: 300 }), "3.00 LVR (asset 8)");
        assert_eq!(registry.format(&Amount { asset: 1, value: 300 }), "0.0003 LVR (asset 1)");
        for asset in [1, 2, 3, 4, 8, 9, 10] {
            let amount = Amount { asset, value: 1234 };
            assert_eq!(parse(&registry.format(&amount)), Ok(amount));
        }
    }
}
