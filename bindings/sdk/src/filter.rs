//! The choice of payments, deposits and withdrawals for a package, and what its reader will see of them.

use louver_client::{
    clock,
    package::choose,
    selection::{self, Selection},
};
use louver_core::{address::Address, asset::AssetId, transaction::TxId, value::Value};
use louver_viewkeys::package::{Chosen, Show};
use louver_wallet::{
    account::AccountNumber, disclosure::OpeningError, history::HistoryFilter, wallet::Wallet as Engine,
};

use crate::{Amount, Detail, DiscloseError, EntryKind, Period, Shows, disclosure::bytes32};

data! {
    /// Payments, deposits and withdrawals by what they are. A limit that is absent does not limit them.
    #[derive(Default)]
    pub struct PaymentFilter {
        /// The time of their blocks.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub period: Option<Period>,
        /// The id of their asset: anybody can issue another with the same symbol. Amounts need it.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub asset: Option<u64>,
        /// Their kind. A joining of notes is not a payment.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub kind: Option<EntryKind>,
        /// The addresses (`lvr1...`) that were paid: of receipts, the account's own. Any if empty; otherwise no deposit and no
        /// withdrawal is chosen.
        #[cfg_attr(feature = "uniffi", uniffi(default = []))]
        #[cfg_attr(feature = "web", serde(default))]
        #[cfg_attr(feature = "web", tsify(optional))]
        pub addresses: Vec<String>,
        /// The least amount of each, in the asset's smallest unit.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub at_least: Option<u64>,
        /// The greatest amount of each, in the asset's smallest unit.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub at_most: Option<u64>,
    }
}

variant! {
    /// The payments that a package shows.
    pub enum PackageChoice {
        /// Those of one transaction.
        Transaction {
            /// The transaction's id, in hexadecimal.
            txid: String,
            /// The index of one of its outputs. If absent, all payments of it that the account can open; if there are none,
            /// the deposit or withdrawal that it is.
            output: Option<u8>,
        },
        /// Those of several transactions, in this order.
        Transactions {
            /// The transactions' ids, in hexadecimal.
            txids: Vec<String>,
        },
        /// Those that a filter takes, the earliest first.
        Payments {
            /// The filter.
            filter: PaymentFilter,
        },
    }
}

data! {
    /// The view that a reader will get of something that was chosen.
    pub struct PreviewedPayment {
        /// The meaning of the transaction for the account.
        pub kind: EntryKind,
        /// The transaction's id, in hexadecimal.
        pub txid: String,
        /// The height of its block.
        pub height: u32,
        /// The time of its block, in seconds since 1970.
        pub time: u64,
        /// The parts that are shown. All else is hidden.
        pub shows: Shows,
        /// The amount that is shown, or the least.
        pub amount: Amount,
        /// The address that was paid, if it is shown.
        pub recipient: Option<String>,
        /// The memo, if it is shown and is text. It may come from a stranger: show it as plain text.
        pub memo: Option<String>,
    }
}

/// A choice that was read.
pub(crate) enum Choice {
    Outputs { txids: Vec<TxId>, output: Option<u8> },
    Selection(Selection),
}

impl PackageChoice {
    pub(crate) fn read(self) -> Result<Choice, DiscloseError> {
        let read = |txid: String| {
            let what = "transaction's id".to_owned();
            bytes32(&txid).map(TxId).ok_or(DiscloseError::Hexadecimal { what })
        };
        Ok(match self {
            Self::Transaction { txid, output } => Choice::Outputs { txids: vec![read(txid)?], output },
            Self::Transactions { txids } => Choice::Outputs {
                txids: txids.into_iter().map(read).collect::<Result<_, _>>()?,
                output: None,
            },
            Self::Payments { filter } => Choice::Selection(filter.read()?),
        })
    }
}

impl PaymentFilter {
    fn read(self) -> Result<Selection, DiscloseError> {
        let wrong = |reason: String| DiscloseError::Choice { reason };
        if self.asset.is_none() && self.at_least.or(self.at_most).is_some() {
            return Err(wrong("an amount goes with an asset".to_owned()));
        }
        let unknown = |id: u64| wrong(format!("there is no asset #{id}"));
        let asset = self.asset.map(|id| AssetId::new(id).ok_or_else(|| unknown(id))).transpose()?;
        let address = |text: &String| Address::from_typed(text).map_err(|error| wrong(error.to_string()));
        let span = self.period.map(|period| period.span(clock::now())).transpose();
        let span = span.map_err(|error| wrong(error.to_string()))?;
        Ok(Selection {
            filter: HistoryFilter {
                since: span.map(|(since, _)| since),
                until: span.map(|(_, until)| until),
                asset,
                kind: self.kind.map(Into::into),
            },
            addresses: self.addresses.iter().map(address).collect::<Result<_, _>>()?,
            at_least: self.at_least.map(Value),
            at_most: self.at_most.map(Value),
        })
    }
}

impl Choice {
    /// The items of a package that shows it.
    pub(crate) fn take(
        &self,
        engine: &Engine,
        account: AccountNumber,
        show: Show,
    ) -> Result<Vec<Chosen>, OpeningError> {
        match self {
            Self::Selection(selection) => selection.choose(engine, account, show),
            Self::Outputs { txids, output } => {
                let items = txids.iter().map(|txid| choose(engine, account, *txid, *output, show));
                Ok(items.collect::<Result<Vec<_>, _>>()?.concat())
            }
        }
    }
}

impl Detail {
    pub(crate) fn show(&self) -> Result<Show, DiscloseError> {
        Ok(match self {
            Self::Full => Show::Full,
            Self::Amount => Show::Amount,
            Self::AtLeast { amount } => {
                let parts = amount.parts();
                let (asset, least) =
                    parts.map_err(|error| DiscloseError::Choice { reason: error.to_string() })?;
                Show::AtLeast(asset, least)
            }
        })
    }
}

impl PreviewedPayment {
    pub(crate) fn of(seen: &selection::Preview) -> Self {
        Self {
            kind: seen.kind.into(),
            txid: seen.txid.to_string(),
            height: seen.height,
            time: seen.time,
            shows: seen.detail.into(),
            amount: Amount::new(seen.asset, seen.value),
            recipient: seen.recipient.as_ref().map(ToString::to_string),
            memo: seen.memo.as_ref().and_then(|memo| memo.as_text()).map(str::to_owned),
        }
    }
}
