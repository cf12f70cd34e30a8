//! A wallet and the node that it follows.

use std::sync::Arc;

use louver_sdk::{self as sdk, DiscloseError, ProverError, WalletError};
use louver_wallet::store::sealed::{Record, SealedError, SealedStore};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    data::{read, write},
    fault::thrown,
    node::Node,
    prover::Prover,
    secrets::{Protection, RecoveryPhrase, SpendingKeys},
    storage::{Held, Keeper, Storage},
    transaction::{Draft, Plan, Proposal, Proven},
    travel_rule::TravelRuleRecord,
    watch::{Watcher, stoppable, watching},
};

/// A wallet.
#[wasm_bindgen]
pub struct Wallet {
    wallet: Arc<sdk::Wallet>,
    keeper: Keeper,
}

#[wasm_bindgen]
impl Wallet {
    /// Makes a wallet in a place that has none.
    pub async fn create(
        storage: Storage,
        node: &Node,
        phrase: &RecoveryPhrase,
        protection: &Protection,
        birthday: JsValue,
    ) -> Result<Self, JsValue> {
        let birthday = read(birthday)?;
        let store = SealedStore::create(protection.0.inner()).map_err(sealed)?;
        let keeper = Keeper::new(&store, &storage);
        let (held, saved) = (Held::new(store, &storage), Arc::new(keeper.clone()));
        let (node, phrase, protection) = (node.0.clone(), phrase.0.clone(), protection.0.clone());
        let wallet = sdk::Wallet::create_in(held, Some(saved), node, phrase, protection, birthday).await;
        Ok(Self { wallet: wallet.map_err(thrown)?, keeper })
    }

    /// Opens the wallet of a place, by its journal.
    pub async fn open(
        storage: Storage,
        head: Vec<u8>,
        numbers: Vec<u64>,
        records: Vec<js_sys::Uint8Array>,
        node: &Node,
        protection: &Protection,
    ) -> Result<Self, JsValue> {
        let record = |(number, bytes): (u64, js_sys::Uint8Array)| Record { number, bytes: bytes.to_vec() };
        let records: Vec<Record> = numbers.into_iter().zip(records).map(record).collect();
        let store = SealedStore::open(&head, &records, protection.0.inner()).map_err(sealed)?;
        let keeper = Keeper::new(&store, &storage);
        let (held, saved) = (Held::new(store, &storage), Arc::new(keeper.clone()));
        let wallet = sdk::Wallet::open_in(held, Some(saved), node.0.clone()).await;
        Ok(Self { wallet: wallet.map_err(thrown)?, keeper })
    }

    /// The node that it follows.
    pub fn node(&self) -> Node {
        Node(self.wallet.node())
    }

    /// The accounts.
    pub async fn accounts(&self) -> JsValue {
        write(&self.wallet.accounts().await)
    }

    /// Adds an account of the recovery phrase.
    #[wasm_bindgen(js_name = addAccount)]
    pub async fn add_account(&self, keys: &SpendingKeys, index: JsValue) -> Result<JsValue, JsValue> {
        let account = self.wallet.add_account(keys.0.clone(), read(index)?).await;
        account.map(|account| write(&account)).map_err(thrown)
    }

    /// The last block that was read.
    pub async fn height(&self) -> Result<u32, JsValue> {
        self.wallet.height().await.map_err(thrown)
    }

    /// The balances of an account.
    pub async fn balances(&self, account: JsValue) -> Result<JsValue, JsValue> {
        self.wallet.balances(read(account)?).await.map(|balances| write(&balances)).map_err(thrown)
    }

    /// An account's transactions.
    pub async fn history(&self, account: JsValue) -> Result<JsValue, JsValue> {
        self.wallet.history(read(account)?).await.map(|history| write(&history)).map_err(thrown)
    }

    /// A part of an account's transactions.
    #[wasm_bindgen(js_name = historyPage)]
    pub async fn history_page(&self, account: JsValue, query: JsValue) -> Result<JsValue, JsValue> {
        let page = self.wallet.history_page(read(account)?, read(query)?).await;
        page.map(|page| write(&page)).map_err(thrown)
    }

    /// A fresh address.
    pub async fn receive(&self, account: JsValue, epoch: JsValue) -> Result<JsValue, JsValue> {
        self.wallet.receive(read(account)?, read(epoch)?).await.map(|address| write(&address)).map_err(thrown)
    }

    /// Addresses for a payment request.
    #[wasm_bindgen(js_name = receivePair)]
    pub async fn receive_pair(&self, account: JsValue) -> Result<JsValue, JsValue> {
        self.wallet.receive_pair(read(account)?).await.map(|pair| write(&pair)).map_err(thrown)
    }

    /// The keys that spend.
    pub async fn unlock(&self, protection: &Protection) -> Result<SpendingKeys, JsValue> {
        self.wallet.unlock(protection.0.clone()).await.map(SpendingKeys).map_err(thrown)
    }

    /// The recovery phrase.
    #[wasm_bindgen(js_name = recoveryPhrase)]
    pub async fn recovery_phrase(&self, protection: &Protection) -> Result<RecoveryPhrase, JsValue> {
        self.wallet.recovery_phrase(protection.0.clone()).await.map(RecoveryPhrase).map_err(thrown)
    }

    /// Keeps the journal and the recovery phrase in another way, by one write.
    #[wasm_bindgen(js_name = changeProtection)]
    pub async fn change_protection(&self, from: &Protection, to: &Protection) -> Result<(), JsValue> {
        self.keeper.journal().change_protection(from.0.inner(), to.0.inner()).map_err(sealed)?;
        self.wallet.change_protection(from.0.clone(), to.0.clone()).await.map_err(thrown)
    }

    /// Follows the node to its last block.
    pub async fn sync(&self, watcher: Option<Watcher>) -> Result<JsValue, JsValue> {
        let summary =
            stoppable(watcher, WalletError::Cancelled, async |watch| self.wallet.sync(watch).await).await?;
        Ok(write(&summary))
    }

    /// The block after which the wallet looks for payments.
    pub async fn birthday(&self) -> Result<u32, JsValue> {
        self.wallet.birthday().await.map_err(thrown)
    }

    /// Reads the chain again.
    pub async fn rescan(&self, birthday: JsValue, watcher: Option<Watcher>) -> Result<JsValue, JsValue> {
        let birthday = read(birthday)?;
        let rescan = async |watch| self.wallet.rescan(birthday, watch).await;
        stoppable(watcher, WalletError::Cancelled, rescan).await.map(|summary| write(&summary))
    }

    /// Plans a transaction.
    pub async fn plan(&self, account: JsValue, action: JsValue) -> Result<Plan, JsValue> {
        self.wallet.plan(read(account)?, read(action)?).await.map(Plan).map_err(thrown)
    }

    /// Plans a transaction that leaves its signers time.
    #[wasm_bindgen(js_name = planReadyBy)]
    pub async fn plan_ready_by(
        &self,
        account: JsValue,
        action: JsValue,
        ready_by: JsValue,
    ) -> Result<Plan, JsValue> {
        let plan = self.wallet.plan_ready_by(read(account)?, read(action)?, read(ready_by)?).await;
        plan.map(Plan).map_err(thrown)
    }

    /// The address of a requested payment to pay by then.
    #[wasm_bindgen(js_name = addressToPay)]
    pub async fn address_to_pay(&self, requested: JsValue, ready_by: JsValue) -> Result<String, JsValue> {
        self.wallet.address_to_pay(read(requested)?, read(ready_by)?).await.map_err(thrown)
    }

    /// Proves, signs, records and submits a transaction.
    pub async fn send(
        &self,
        plan: &Plan,
        keys: &SpendingKeys,
        prover: &Prover,
        watcher: Option<Watcher>,
    ) -> Result<JsValue, JsValue> {
        let (plan, keys, prover) = (plan.0.clone(), keys.0.clone(), prover.0.clone());
        let sent = self.wallet.send(plan, keys, prover, watching(watcher)).await;
        sent.map(|sent| write(&sent)).map_err(thrown)
    }

    /// Plans payments that may take several transactions.
    pub async fn propose(
        &self,
        account: JsValue,
        payments: JsValue,
        fee: JsValue,
    ) -> Result<Proposal, JsValue> {
        let proposal = self.wallet.propose(read(account)?, read(payments)?, read(fee)?).await;
        proposal.map(Proposal).map_err(thrown)
    }

    /// Begins to make the payments of a proposal.
    pub async fn begin(&self, proposal: &Proposal) -> Result<JsValue, JsValue> {
        self.wallet.begin(proposal.0.clone()).await.map(|id| write(&id)).map_err(thrown)
    }

    /// The schedules that are not done.
    pub async fn schedules(&self) -> Result<JsValue, JsValue> {
        self.wallet.schedules().await.map(|schedules| write(&schedules)).map_err(thrown)
    }

    /// Carries out a schedule.
    #[wasm_bindgen(js_name = carryOut)]
    pub async fn carry_out(
        &self,
        schedule: JsValue,
        keys: &SpendingKeys,
        prover: &Prover,
        watcher: Option<Watcher>,
    ) -> Result<JsValue, JsValue> {
        let (schedule, keys, prover) = (read(schedule)?, keys.0.clone(), prover.0.clone());
        let sent = self.wallet.carry_out(schedule, keys, prover, watching(watcher)).await;
        sent.map(|sent| write(&sent)).map_err(thrown)
    }

    /// Forgets a schedule.
    #[wasm_bindgen(js_name = stopSchedule)]
    pub async fn stop_schedule(&self, schedule: JsValue) -> Result<(), JsValue> {
        self.wallet.stop_schedule(read(schedule)?).await.map_err(thrown)
    }

    /// Submits a transaction that waits for a block once more.
    pub async fn retry(&self, txid: String, watcher: Option<Watcher>) -> Result<JsValue, JsValue> {
        let retry = async |watch| self.wallet.retry(txid, watch).await;
        stoppable(watcher, WalletError::Cancelled, retry).await.map(|sent| write(&sent))
    }

    /// Builds a transaction.
    pub async fn build(&self, plan: &Plan, keys: &SpendingKeys) -> Result<Draft, JsValue> {
        self.wallet.build(plan.0.clone(), keys.0.clone()).await.map(Draft).map_err(thrown)
    }

    /// Signs and records a transaction.
    pub async fn sign(&self, proven: &Proven, keys: &SpendingKeys) -> Result<JsValue, JsValue> {
        let outgoing = self.wallet.sign(proven.0.clone(), keys.0.clone()).await;
        outgoing.map(|outgoing| write(&outgoing)).map_err(thrown)
    }

    /// Hands in a transaction.
    pub async fn submit(&self, outgoing: JsValue) -> Result<(), JsValue> {
        self.wallet.submit(read(outgoing)?).await.map_err(thrown)
    }

    /// The payments that this wallet has made before.
    #[wasm_bindgen(js_name = madeBefore)]
    pub async fn made_before(&self, payments: JsValue) -> Result<JsValue, JsValue> {
        self.wallet.made_before(read(payments)?).await.map(|earlier| write(&earlier)).map_err(thrown)
    }

    /// Gives up a transaction that waits for a block.
    pub async fn abandon(&self, txid: String) -> Result<JsValue, JsValue> {
        self.wallet.abandon(txid).await.map(|given_up| write(&given_up)).map_err(thrown)
    }

    /// The transactions that wait for a block.
    pub async fn waiting(&self) -> Result<JsValue, JsValue> {
        self.wallet.waiting().await.map(|waiting| write(&waiting)).map_err(thrown)
    }

    /// Makes a viewing grant.
    pub async fn grant(
        &self,
        account: JsValue,
        request: JsValue,
        keys: &SpendingKeys,
        prover: &Prover,
        watcher: Option<Watcher>,
    ) -> Result<Vec<u8>, JsValue> {
        let (account, request) = (read(account)?, read(request)?);
        let (keys, prover) = (keys.0.clone(), prover.0.clone());
        let grant = async |watch| self.wallet.grant(account, request, keys, prover, watch).await;
        stoppable(watcher, cancelled(), grant).await
    }

    /// Makes the book of an account.
    pub async fn book(
        &self,
        account: JsValue,
        request: JsValue,
        keys: &SpendingKeys,
        prover: &Prover,
        watcher: Option<Watcher>,
    ) -> Result<JsValue, JsValue> {
        let (account, request) = (read(account)?, read(request)?);
        let (keys, prover) = (keys.0.clone(), prover.0.clone());
        let book = async |watch| self.wallet.book(account, request, keys, prover, watch).await;
        stoppable(watcher, cancelled(), book).await.map(|made| write(&made))
    }

    /// Finds the payment that a record of the travel rule is about.
    #[wasm_bindgen(js_name = travelRule)]
    pub async fn travel_rule(&self, account: JsValue, record: &TravelRuleRecord) -> Result<JsValue, JsValue> {
        let (account, record) = (read(account)?, record.0.clone());
        self.wallet.travel_rule(account, record).await.map(|report| write(&report)).map_err(thrown)
    }

    /// The view that a reader will get of what a request takes.
    #[wasm_bindgen(js_name = previewDisclosure)]
    pub async fn preview_disclosure(
        &self,
        account: JsValue,
        choice: JsValue,
        detail: JsValue,
    ) -> Result<JsValue, JsValue> {
        let seen = self.wallet.preview_disclosure(read(account)?, read(choice)?, read(detail)?).await;
        seen.map(|seen| write(&seen)).map_err(thrown)
    }

    /// Opens payments, deposits and withdrawals to somebody.
    pub async fn disclose(
        &self,
        account: JsValue,
        request: JsValue,
        keys: &SpendingKeys,
        prover: &Prover,
        watcher: Option<Watcher>,
    ) -> Result<Vec<u8>, JsValue> {
        let (account, request) = (read(account)?, read(request)?);
        let (keys, prover) = (keys.0.clone(), prover.0.clone());
        let disclose = async |watch| self.wallet.disclose(account, request, keys, prover, watch).await;
        stoppable(watcher, cancelled(), disclose).await
    }

    /// The disclosures that an account made with this wallet.
    pub async fn disclosures(&self, account: JsValue) -> Result<JsValue, JsValue> {
        self.wallet.disclosures(read(account)?).await.map(|register| write(&register)).map_err(thrown)
    }

    /// Labels a record of the register.
    #[wasm_bindgen(js_name = labelDisclosure)]
    pub async fn label_disclosure(&self, number: JsValue, label: String) -> Result<(), JsValue> {
        self.wallet.label_disclosure(read(number)?, label).await.map_err(thrown)
    }

    /// Proves one sentence about an account to somebody.
    #[wasm_bindgen(js_name = proveStatement)]
    pub async fn prove_statement(
        &self,
        account: JsValue,
        request: JsValue,
        keys: &SpendingKeys,
        prover: &Prover,
        watcher: Option<Watcher>,
    ) -> Result<Vec<u8>, JsValue> {
        let (account, request) = (read(account)?, read(request)?);
        let (keys, prover) = (keys.0.clone(), prover.0.clone());
        let state = async |watch| self.wallet.prove_statement(account, request, keys, prover, watch).await;
        stoppable(watcher, cancelled(), state).await
    }

    /// The file by which what was disclosed is checked without a node.
    #[wasm_bindgen(js_name = disclosureProof)]
    pub async fn disclosure_proof(&self, account: JsValue, request: JsValue) -> Result<Vec<u8>, JsValue> {
        let (account, request) = (read(account)?, read(request)?);
        self.wallet.disclosure_proof(account, request).await.map_err(thrown)
    }
}

fn cancelled() -> DiscloseError {
    ProverError::Cancelled.into()
}

fn sealed(error: SealedError) -> JsValue {
    thrown(match error {
        SealedError::Vault(error) => WalletError::from(error),
        SealedError::Store(error) => WalletError::from(error),
    })
}
