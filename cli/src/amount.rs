//! Amounts as people write them: a decimal number and the asset's symbol, as in `12.50 EURX`.

use louver_core::{asset::AssetDescriptor, asset::AssetId, value::Value};

use crate::exit::Failure;

/// The assets of a chain, by id and by symbol: those of genesis first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Assets {
    assets: Vec<AssetDescriptor>,
    genesis: usize,
}

impl Assets {
    /// Assets of which the first `genesis` are those of genesis.
    pub(crate) fn new(assets: Vec<AssetDescriptor>, genesis: usize) -> Self {
        Self { assets, genesis }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &AssetDescriptor> {
        self.assets.iter()
    }

    pub(crate) fn get(&self, id: AssetId) -> Option<&AssetDescriptor> {
        self.assets.iter().find(|asset| asset.id() == id)
    }

    /// The asset that a symbol or a decimal id names. Symbols are no names: of assets that have the same, it is the one
    /// that alone of them is of genesis, and else the id has to be written.
    pub(crate) fn find(&self, name: &str) -> Result<&AssetDescriptor, Failure> {
        if let Some(id) = name.parse().ok().and_then(AssetId::new) {
            return self.get(id).ok_or_else(|| Failure::input(format!("no asset has the id {name}")));
        }
        let named: Vec<_> = self.namesakes(name).collect();
        let of_genesis: Vec<_> = named.iter().filter(|(index, _)| *index < self.genesis).collect();
        match (named.as_slice(), of_genesis.as_slice()) {
            ([(_, asset)], _) | (_, [(_, asset)]) => Ok(asset),
            ([_, ..], _) => Err(Failure::input(format!(
                "several assets are called {name}: write the id of the one meant"
            ))),
            ([], _) => {
                let known: Vec<&str> = self.assets.iter().map(AssetDescriptor::symbol).collect();
                Err(Failure::input(format!("no asset is called {name}; there are {}", known.join(", "))))
            }
        }
    }

    /// Reads `12.50 EURX`. Exact: more decimals than the asset has are refused, never rounded.
    pub(crate) fn parse(&self, text: &str) -> Result<(AssetId, Value), Failure> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, symbol) = (&text[..end], text[end..].trim());
        if number.is_empty() || symbol.is_empty() {
            return Err(Failure::input(format!(
                "{text:?} is no amount: write a number and a symbol, as in \"12.50 LVR\""
            )));
        }
        let asset = self.find(symbol)?;
        Ok((asset.id(), parse(number, asset.decimals())?))
    }

    fn namesakes(&self, symbol: &str) -> impl Iterator<Item = (usize, &AssetDescriptor)> {
        let is_called = move |asset: &AssetDescriptor| asset.symbol().eq_ignore_ascii_case(symbol);
        self.assets.iter().enumerate().filter(move |(_, asset)| is_called(asset))
    }

    /// Writes an amount with its symbol, and with its id where another asset has the same.
    pub(crate) fn show(&self, id: AssetId, value: impl Into<u128>) -> String {
        match self.get(id) {
            Some(asset) => format!("{} {}", decimal(value.into(), asset.decimals()), self.symbol(id)),
            None => format!("{} of asset {id}", value.into()),
        }
    }

    pub(crate) fn show_value(&self, id: AssetId, value: Value) -> String {
        self.show(id, value.0)
    }

    pub(crate) fn symbol(&self, id: AssetId) -> String {
        let Some(asset) = self.get(id) else { return id.to_string() };
        match self.namesakes(asset.symbol()).nth(1) {
            Some(_) => format!("{} (asset {id})", asset.symbol()),
            None => asset.symbol().to_owned(),
        }
    }
}

/// A decimal number as a count of the asset's smallest unit.
fn parse(number: &str, decimals: u8) -> Result<Value, Failure> {
    let refuse = |why: &str| Failure::input(format!("{number:?} is no amount: {why}"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return Err(refuse("it is no decimal number"));
    }
    let room = usize::from(decimals);
    if fraction.len() > room {
        return Err(refuse(&format!("the asset has {decimals} decimals")));
    }
    let digits = format!("{whole}{fraction}{}", "0".repeat(room - fraction.len()));
    digits.parse().map(Value).map_err(|_| refuse("it does not fit 64 bits"))
}

/// A count of the smallest unit as a decimal number, with at least two decimals where the asset has them.
pub(crate) fn decimal(value: u128, decimals: u8) -> String {
    let room = usize::from(decimals);
    let digits = format!("{value:0>width$}", width = room + 1);
    let (whole, fraction) = digits.split_at(digits.len() - room);
    let kept = fraction.trim_end_matches('0').len().max(room.min(2));
    if kept == 0 { whole.to_owned() } else { format!("{whole}.{}", &fraction[..kept]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> Assets {
        let asset = |id, symbol, decimals| {
            AssetDescriptor::new(AssetId::new(id).unwrap(), symbol, decimals, [0; 32], b"").unwrap()
        };
        let assets = [(1, "LVR", 6), (2, "EURX", 2), (3, "ONE", 0), (4, "ONE", 0), (5, "EURX", 4)];
        Assets::new(assets.map(|(id, symbol, decimals)| asset(id, symbol, decimals)).to_vec(), 2)
    }

    #[test]
    fn amounts_are_exact() {
        let assets = assets();
        for (text, id, value) in [
            ("12.50 EURX", 2, 1250),
            ("0.000001LVR", 1, 1),
            (" 7 lvr ", 1, 7_000_000),
            ("5 2", 2, 500),
            (".5 EURX", 2, 50),
        ] {
            assert_eq!(assets.parse(text), Ok((AssetId::new(id).unwrap(), Value(value))), "{text}");
        }
        for text in [
            "12.505 EURX",
            "1",
            "EURX",
            "1.2.3 EURX",
            ". EURX",
            "-1 EURX",
            "1 XYZ",
            "1 ONE",
            "18446744073709551616 3",
        ] {
            assert!(assets.parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn amounts_are_written_as_they_are_read() {
        let assets = assets();
        for (id, value, text) in [
            (2, 1250, "12.50 EURX (asset 2)"),
            (5, 1250, "0.125 EURX (asset 5)"),
            (1, 1, "0.000001 LVR"),
            (1, 7_000_000, "7.00 LVR"),
            (3, 9, "9 ONE (asset 3)"),
        ] {
            assert_eq!(assets.show(AssetId::new(id).unwrap(), u128::from(value as u64)), text);
        }
        assert_eq!(assets.show(AssetId::new(9).unwrap(), 4u128), "4 of asset 9");
    }
}
