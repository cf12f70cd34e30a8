//! People with a wallet each, who know one node.

use std::sync::Arc;

use louver_chain::{Account, testing::coin};
use louver_client::{
    book::{OpeningProofs, WantedBook},
    package::choose,
    session::{Beginning, Session},
    statement::{StatementFailure, Wanted},
};
use louver_core::{
    address::Address,
    epoch::{Epoch, EpochRange},
    keys::{AddressIndex, Direction, FullViewingKey, SpendAuthorizingKey},
    ledger::rules::EXPIRY_BUCKET,
    note::{Memo, MemoBucket},
    pool::RulesVersion,
    proof::{Prove, Unwatched},
    shape::Shape,
    store::MemoryStore,
    transaction::{Fee, Payment, PublicSide, Spend, Transaction, TransferPlan, TxId},
    value::Value,
};

use louver_viewkeys::{
    book::{BookRequest, Recipients},
    package::{Chosen, Show},
    signed::Terms,
    statement::StatementRequest,
};
use louver_wallet::{
    account::{AccountNumber, SpendingKeys},
    disclosure::NoteOpening,
    history::{HistoryEntry, OutputKind},
    phrase::RecoveryPhrase,
    plan::{Action, FeeChoice, PlanError},
    send::{HostMessage, Outgoing, Sender},
    vault::Protection,
};
use pollster::block_on;

use crate::client::Client;

const FIRST: AccountNumber = AccountNumber(0);

/// Somebody with a wallet and an account in the open.
pub(crate) struct Person {
    client: Client,
    session: Arc<Session>,
    keys: SpendingKeys,
}

impl Person {
    pub(crate) fn new(client: &Client) -> Self {
        Self::with_phrase(client, &RecoveryPhrase::generate(&mut rand::rng()))
    }

    /// A wallet of this phrase: another device of the same person, if there is one already.
    pub(crate) fn with_phrase(client: &Client, phrase: &RecoveryPhrase) -> Self {
        let (phrase, protection) = (phrase.clone(), Protection::Unsealed);
        let beginning = Beginning { phrase, protection, birthday: Some(0) };
        let made = Session::create(MemoryStore::default(), None, Arc::clone(client), beginning);
        let session = block_on(made).unwrap();
        let keys = session.wallet().unlock(&Protection::Unsealed).unwrap();
        Self { client: client.clone(), session, keys }
    }

    pub(crate) fn account(&self) -> Account {
        self.keys.transparent(0).account().into()
    }

    pub(crate) fn viewing(&self) -> FullViewingKey {
        self.session.wallet().account(FIRST).unwrap().full_viewing_key().clone()
    }

    pub(crate) fn signer(&self) -> SpendAuthorizingKey {
        self.keys.authorizing_key(self.session.wallet().account(FIRST).unwrap()).unwrap()
    }

    /// A fresh address.
    pub(crate) fn address(&mut self) -> Address {
        self.sync();
        self.session.wallet().receive(FIRST).unwrap().address
    }

    /// Follows the node.
    pub(crate) fn sync(&mut self) {
        block_on(self.session.follow(None)).unwrap();
    }

    /// The spendable balance, after a look at the node.
    pub(crate) fn balance(&mut self) -> u128 {
        self.sync();
        self.session.wallet().balance(FIRST).unwrap().get(&coin()).map_or(0, |balance| balance.spendable)
    }

    pub(crate) fn history(&self) -> Vec<HistoryEntry> {
        self.session.wallet().history(FIRST).unwrap()
    }

    /// The latest note of a kind, opened.
    pub(crate) fn open_latest(&self, kind: OutputKind) -> NoteOpening {
        let history = self.history();
        let of_kind = |entry: &HistoryEntry| {
            let output = entry.outputs.iter().find(|output| output.kind == kind)?;
            Some((entry.txid, output.index))
        };
        let (txid, index) = history.iter().find_map(of_kind).unwrap();
        self.session.wallet().open_note(FIRST, txid, index).unwrap()
    }

    /// The items of a package that shows a transaction's amounts.
    pub(crate) fn chosen(&self, txid: TxId) -> Vec<Chosen> {
        choose(&self.session.wallet(), FIRST, txid, None, Show::Amount).unwrap()
    }

    /// The request for a book of some epochs.
    pub(crate) fn book_request(&mut self, terms: Terms, epochs: EpochRange) -> BookRequest {
        self.sync();
        let wanted = WantedBook { epochs, recipients: Recipients::Hidden, proofs: OpeningProofs::Made };
        block_on(self.session.book_request(FIRST, wanted, terms, None)).unwrap()
    }

    /// The request for a statement.
    pub(crate) fn statement_request(
        &mut self,
        wanted: Wanted,
        terms: Terms,
    ) -> Result<StatementRequest, StatementFailure> {
        self.sync();
        block_on(self.session.statement_request(FIRST, wanted, terms, None))
    }

    /// Moves an amount from the open account into the pool.
    pub(crate) fn shield(&mut self, value: u64, prover: &dyn Prove) -> Outgoing {
        let payer = self.account().into();
        let memo = Memo::empty();
        let action = Action::Shield {
            payer,
            asset: coin(),
            value: Value(value).into(),
            available: None,
            to: None,
            memo,
        };
        self.send(&action, prover)
    }

    /// Pays an address.
    pub(crate) fn pay(&mut self, to: Address, value: u64, memo: &str, prover: &dyn Prove) -> Outgoing {
        let memo = Memo::new(memo.as_bytes()).unwrap();
        let payments = vec![Payment { to, asset: coin(), value: Value(value), memo }];
        self.send(&Action::Pay { payments, fee: FeeChoice::Least }, prover)
    }

    /// The reason why the wallet plans no payment.
    pub(crate) fn cannot_pay(&mut self, to: Address, value: u64) -> PlanError {
        self.sync();
        let payments = vec![Payment { to, asset: coin(), value: Value(value), memo: Memo::empty() }];
        let action = Action::Pay { payments, fee: FeeChoice::Least };
        self.session.wallet().plan(FIRST, &action).unwrap_err()
    }

    fn send(&mut self, action: &Action, prover: &dyn Prove) -> Outgoing {
        self.sync();
        let plan = self.session.wallet().plan(FIRST, action).unwrap();
        let mut authorize = |message: &HostMessage| {
            self.keys.transparent(0).authorize(message).map_err(|error| error.to_string())
        };
        let sender =
            Sender { keys: &self.keys, prover, progress: &mut Unwatched, authorize: Some(&mut authorize) };
        self.session.wallet().send(&plan, sender, &mut rand::rng()).unwrap()
    }

    /// Spends the note received last, around the wallet and without an outgoing record: so much to the open account, so
    /// much to `to`, and the rest, less the fee, back as change.
    pub(crate) fn withdraw_and_hide(
        &mut self,
        out: u64,
        to: Address,
        hidden: u64,
        prover: &dyn Prove,
    ) -> Transaction {
        self.sync();
        let opened = self.open_latest(OutputKind::Received);
        let genesis = self.client.genesis();
        let epoch: Epoch = self.session.wallet().current_epoch().unwrap();
        let fee = genesis.minimum_fee(coin(), Shape::TwoByThree).unwrap();
        let change = opened.note.value().0 - out - hidden - fee.0;
        let viewing = self.viewing();
        let home = viewing.incoming(genesis.pool_tag(), Direction::Internal, epoch).address(AddressIndex(7));
        let payment = |to, value| Payment { to, asset: coin(), value: Value(value), memo: Memo::empty() };
        let public_side =
            PublicSide::Withdrawal { asset: coin(), amount: Value(out), recipient: self.account().into() };
        let fee = Fee::new(coin(), fee).unwrap();
        let plan = TransferPlan {
            context: self.client.context(&public_side, fee),
            pool: genesis.terms().pool,
            rules: RulesVersion::V1,
            epoch,
            expiry_height: (self.client.height() + 32).next_multiple_of(EXPIRY_BUCKET),
            shape: Shape::TwoByThree,
            memo_bucket: MemoBucket::Small,
            anchor: opened.anchor,
            spends: vec![Spend { note: opened.note, path: opened.path }],
            payments: vec![payment(to, hidden), payment(home, change)],
            public_side,
            fee,
            seal: None,
        };
        let built = plan.build(&viewing, &mut rand::rng()).unwrap();
        let proven = built.prove(prover, &mut Unwatched).unwrap();
        proven.sign(&self.signer(), &mut rand::rng()).unwrap()
    }
}
