//! The cast: people with a wallet each, in a file of their own. They know each other's addresses and one node.

use std::path::Path;

use louver_chain::Account;
use louver_core::{
    address::Address,
    asset::AssetId,
    keys::{FullViewingKey, SpendAuthorizingKey},
    note::Memo,
    proof::{Prove, Unwatched},
    transaction::{Built, Payment, Proven},
    value::Value,
};
use louver_wallet::{
    account::SpendingKeys,
    history::{HistoryEntry, OutputEntry, OutputKind},
    phrase::RecoveryPhrase,
    plan::{Action, FeeChoice, Plan, PlanError},
    send::{Draft, Outgoing},
    transparent::TransparentKey,
    vault::Protection,
};

use crate::{
    client::Client,
    exit::Failure,
    wallet::{
        failure::no_plan,
        session::{FIRST, Session},
    },
};

/// The asset that fees are paid in.
pub(super) const LVR: u64 = 1;

/// Somebody with a wallet.
pub(super) struct Person {
    pub(super) session: Session,
    pub(super) keys: SpendingKeys,
    pub(super) transparent: TransparentKey,
}

/// A transaction that is planned and built, and waits for its proof.
pub(super) type Drafted = Draft<Built>;

impl Person {
    /// Makes a wallet in the folder.
    pub(super) fn new(name: &str, client: &Client, folder: &Path) -> Result<Self, Failure> {
        let phrase = RecoveryPhrase::generate(&mut rand::rng());
        let file = folder.join(format!("{}.wallet", name.to_lowercase()));
        let session = Session::create(client.clone(), &file, &phrase, &Protection::Unsealed, Some(0))?;
        let keys = session.wallet().unlock(&Protection::Unsealed)?;
        Ok(Self { session, keys, transparent: TransparentKey::of(&phrase, 0) })
    }

    pub(super) fn account(&self) -> Account {
        Account::from(self.transparent.account())
    }

    pub(super) fn viewing(&self) -> Result<FullViewingKey, Failure> {
        Ok(self.session.wallet().account(FIRST)?.full_viewing_key().clone())
    }

    /// The key by which the account authorises spends. A proof takes it as its witness.
    pub(super) fn authorizing_key(&self) -> Result<SpendAuthorizingKey, Failure> {
        Ok(self.keys.authorizing_key(self.session.wallet().account(FIRST)?)?)
    }

    pub(super) fn sync(&mut self) -> Result<(), Failure> {
        self.session.sync(None).map(drop)
    }

    /// A fresh address.
    pub(super) fn address(&mut self) -> Result<Address, Failure> {
        Ok(self.session.wallet().receive(FIRST)?.address)
    }

    /// The amount of an asset that can be spent now.
    pub(super) fn spendable(&self, asset: AssetId) -> Result<u128, Failure> {
        let balance = self.session.wallet().balance(FIRST)?;
        Ok(balance.get(&asset).map_or(0, |balance| balance.spendable))
    }

    pub(super) fn history(&self) -> Result<Vec<HistoryEntry>, Failure> {
        Ok(self.session.wallet().history(FIRST)?)
    }

    /// The latest output of a kind and an asset, with its transaction.
    pub(super) fn latest(
        &self,
        kind: OutputKind,
        asset: AssetId,
    ) -> Result<(HistoryEntry, OutputEntry), Failure> {
        let history = self.history()?;
        let found = history.into_iter().find_map(|entry| {
            let output = entry.outputs.iter().find(|output| output.kind == kind && output.asset == asset);
            output.cloned().map(|output| (entry, output))
        });
        found.ok_or_else(|| Failure::expectation("a payment is missing from a wallet's history"))
    }

    /// Plans, without building.
    pub(super) fn try_plan(&self, action: &Action) -> Result<Plan, PlanError> {
        self.session.wallet().plan(FIRST, action)
    }

    /// Plans and builds.
    pub(super) fn draft(&self, action: &Action) -> Result<Drafted, Failure> {
        let plan = self.try_plan(action).map_err(|error| no_plan(error, &self.session.assets))?;
        Ok(self.session.wallet().build(&plan, &mut rand::rng())?)
    }

    /// The payer's authorisation of a deposit; nothing for other transactions.
    pub(super) fn authorization(&self, draft: &Drafted) -> Result<Vec<u8>, Failure> {
        let message = draft.host_message();
        let signed = message.map(|message| self.transparent.authorize(&message)).transpose()?;
        Ok(signed.unwrap_or_default())
    }

    /// Signs, and records which notes are spent.
    pub(super) fn sign(&mut self, proven: Draft<Proven>, host: Vec<u8>) -> Result<Outgoing, Failure> {
        Ok(self.session.wallet().sign(proven, &self.keys, host, &mut rand::rng())?)
    }
}

/// A payment of one amount.
pub(super) fn payment(to: Address, amount: (AssetId, Value), memo: &str) -> Result<Payment, Failure> {
    let memo = Memo::new(memo.as_bytes()).map_err(Failure::input)?;
    Ok(Payment { to, asset: amount.0, value: amount.1, memo })
}

/// Payments with their fee in LVR.
pub(super) fn pay(payments: Vec<Payment>, fee: AssetId) -> Action {
    Action::Pay { payments, fee: FeeChoice::LeastIn(fee) }
}

/// Proves all of them, at the same time where there are several.
pub(super) fn prove_all(
    prover: &(dyn Prove + Sync),
    drafts: Vec<Drafted>,
) -> Result<Vec<Draft<Proven>>, Failure> {
    std::thread::scope(|scope| {
        let running: Vec<_> =
            drafts.into_iter().map(|draft| scope.spawn(|| draft.prove(prover, &mut Unwatched))).collect();
        running
            .into_iter()
            .map(|thread| match thread.join() {
                Ok(proven) => Ok(proven?),
                Err(_) => Err(Failure::expectation("a proving thread stopped")),
            })
            .collect()
    })
}
