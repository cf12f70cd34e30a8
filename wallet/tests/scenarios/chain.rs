//! A chain in memory, and wallets on it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use louver_chain::{BlockHash, Header, act::Auditor, compact::CompactBlock, testing::compact_block};
use louver_core::{
    asset::AssetId,
    compact::CompactTransaction,
    encoding::{Decode, point_bytes},
    ledger::{BlockBuilder, Genesis, Ledger, LedgerError, NewRules, rulebook, testing},
    note::Memo,
    pool::RulesVersion,
    proof::{Progress, Proof, ProofItem, Prove, ProveError, Unwatched, Verify, VerifyError},
    shape::Shape,
    statement::{self, TransferPublic, TransferWitness},
    store::MemoryStore,
    transaction::{Payment, Transaction, TransparentAccount},
    value::Value,
};
use louver_wallet::{
    account::AccountNumber,
    chain::ChainParameters,
    clock::Clock,
    follow::{Answer, Ask, Follow, FollowError, FollowSummary},
    phrase::RecoveryPhrase,
    plan::{Action, FeeChoice, Plan},
    register::Origin,
    send::{Outgoing, SendError, Sender},
    vault::Protection,
    wallet::{Birthday, NewWallet, Wallet},
};

/// The transparent account that everyone here deposits from.
pub(crate) const PAYER: TransparentAccount = TransparentAccount([1; 32]);
pub(crate) const FIRST: AccountNumber = AccountNumber(0);
/// Assets that fees are taken in.
pub(crate) const EUR: u8 = 1;
pub(crate) const LVR: u8 = 2;
/// An asset that no fees are taken in.
pub(crate) const ART: u8 = 3;

/// Makes no proof: it checks that there could be one.
pub(crate) struct NativeProver;

impl Prove for NativeProver {
    fn prove(
        &self,
        _: RulesVersion,
        shape: Shape,
        public: &TransferPublic,
        witness: &TransferWitness,
        _: &mut dyn Progress,
    ) -> Result<Proof, ProveError> {
        statement::holds(shape, public, witness)?;
        Ok(Proof::from_array([0; 192]))
    }
}

/// Takes what [`NativeProver`] makes.
struct Anything;

impl Verify for Anything {
    fn verify(&self, _: &[ProofItem<'_>]) -> Result<(), VerifyError> {
        Ok(())
    }
}

/// There is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gone;

/// A block as a node serves it: compact, and in full.
#[derive(Clone)]
pub(crate) struct Block {
    pub(crate) compact: CompactBlock,
    pub(crate) transactions: Vec<Transaction>,
}

/// The time of a block: the chain makes one each second, from 1970 on.
pub(crate) fn block_time(height: u32) -> u64 {
    u64::from(height) - 1
}

pub(crate) struct Chain {
    pub(crate) ledger: Ledger<MemoryStore>,
    pub(crate) blocks: Vec<Block>,
    branch: u8,
    /// The time of the next block, by the clocks of all wallets here.
    next: Arc<AtomicU64>,
}

impl Chain {
    pub(crate) fn new() -> Self {
        let ledger = testing::ledger(MemoryStore::default(), testing::genesis());
        Self { ledger, blocks: Vec::new(), branch: 0, next: Arc::default() }
    }

    /// A chain whose pool has auditors: key 1 ends with block 3, key 2 does not.
    pub(crate) fn audited() -> Self {
        let mut terms = testing::genesis().terms().clone();
        terms.rules = vec![testing::rules(1, 1, None, &Shape::AUDITED)];
        let ledger = testing::ledger(MemoryStore::default(), Genesis::new(terms).unwrap());
        Self { ledger, blocks: Vec::new(), branch: 0, next: Arc::default() }
    }

    pub(crate) fn genesis(&self) -> &Genesis {
        self.ledger.genesis()
    }

    pub(crate) fn height(&self) -> u32 {
        self.ledger.tip().height
    }

    pub(crate) fn parameters(&self) -> ChainParameters {
        let rules = self.ledger.rules().unwrap();
        let auditor = |number| {
            let entered = testing::TestHost::auditor_key(number)?;
            let (key, transcript) = (point_bytes(&entered.key.to_point()), [0; 32]);
            Some(Auditor { number, key, transcript, threshold: 2, members: 3, from: 1, until: entered.until })
        };
        let auditors = (1..=2).filter_map(auditor).collect();
        let chain = ChainParameters::new(self.genesis().clone()).with_rules(rules).with_auditors(auditors);
        ChainParameters { height: self.height(), ..chain }
    }

    pub(crate) fn birthday(&self) -> Birthday {
        Birthday::genesis(self.genesis())
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        self.blocks.last().map_or(self.genesis().hash().0, |block| block.compact.hash().0)
    }

    /// Mines a block of transactions. Each of them has to be valid.
    pub(crate) fn mine(&mut self, transactions: &[Outgoing]) {
        self.try_mine(transactions).unwrap();
    }

    /// Mines a block, or tells the first rule that is broken.
    pub(crate) fn try_mine(&mut self, transactions: &[Outgoing]) -> Result<(), LedgerError> {
        self.mine_with(transactions, |_| Ok(()))
    }

    fn mine_with(
        &mut self,
        transactions: &[Outgoing],
        first: impl FnOnce(&mut BlockBuilder<'_>) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let (height, previous) = (self.height() + 1, BlockHash(self.hash()));
        let time = block_time(height);
        let mut builder = self.ledger.begin_block(&testing::TestHost, height, time)?;
        first(&mut builder)?;
        let (mut compact, mut full) = (Vec::new(), Vec::new());
        for outgoing in transactions {
            let transaction = Transaction::from_bytes(&outgoing.bytes).unwrap();
            let context = builder.context(transaction.effects())?;
            let verified = transaction.clone().verify(context, &Anything).unwrap();
            builder.apply(&verified)?;
            compact.push(CompactTransaction::new(&verified));
            full.push(transaction);
        }
        let tip = self.ledger.commit(builder.finish(&[])?)?;
        let header = Header {
            height,
            previous,
            time,
            anchor: tip.anchor,
            tree_size: tip.size,
            transactions_root: [0; 32],
            // Branches differ in it.
            state_root: [self.branch; 32],
            history_root: [0; 32],
        };
        let compact = compact_block(header, compact);
        self.blocks.push(Block { compact, transactions: full });
        self.next.store(block_time(height + 1), Ordering::SeqCst);
        Ok(())
    }

    /// Mines a block in which the off-switch of a rules version is thrown.
    pub(crate) fn switch_off(&mut self, version: u32) {
        self.mine_with(&[], |builder| builder.switch_off(RulesVersion(version))).unwrap();
    }

    /// Mines a block in which a rules version is added, and gives the first block in which it counts.
    pub(crate) fn add_rules(&mut self, version: u32, delay: u32) -> u32 {
        let terms = testing::rules(version, 0, None, &Shape::PLAIN);
        let (version, shapes, disclosures) = (terms.version, terms.shapes, terms.disclosures);
        let new = NewRules { version, shapes, disclosures };
        let height = self.height() + 1;
        let add = |builder: &mut BlockBuilder<'_>| {
            builder.operate(|state| rulebook::add(state, &new, height, delay)).unwrap();
            Ok(())
        };
        self.mine_with(&[], add).unwrap();
        height + delay
    }

    pub(crate) fn mine_empty(&mut self, count: usize) {
        (0..count).for_each(|_| self.mine(&[]));
    }

    /// Returns to a height, to go on with other blocks.
    pub(crate) fn reorganise(&mut self, height: u32) {
        self.ledger.roll_back(height).unwrap();
        self.blocks.truncate(height as usize);
        self.branch += 1;
        self.next.store(block_time(height + 1), Ordering::SeqCst);
    }

    /// The answer of an honest node. It takes no transactions: they are mined by hand here.
    pub(crate) fn answer(&self, ask: &Ask) -> Result<Answer, Gone> {
        let block = |height: u32| self.blocks.get((height as usize).checked_sub(1)?);
        match ask {
            Ask::Tip => Ok(Answer::Tip(self.parameters())),
            Ask::Blocks(range) => {
                let blocks = range.clone().map(|height| Some(block(height)?.compact.clone()));
                blocks.collect::<Option<_>>().map(Answer::Blocks).ok_or(Gone)
            }
            Ask::Tree(height) => Ok(Answer::Tree(self.ledger.frontier_at(*height).unwrap().ok_or(Gone)?)),
            Ask::Whole(height) => Ok(Answer::Whole(block(*height).ok_or(Gone)?.transactions.clone())),
            Ask::Assets(met) => {
                let known = self.parameters().assets;
                Ok(Answer::Assets(known.into_iter().filter(|asset| met.contains(&asset.id())).collect()))
            }
            Ask::Save => Ok(Answer::Saved),
            _ => Err(Gone),
        }
    }

    /// Follows the chain, and submits nothing.
    pub(crate) fn sync(&self, wallet: &mut Wallet) -> FollowSummary {
        let mut follow = Follow::new();
        while let Some(ask) = follow.next() {
            follow.answer(wallet, self.answer(&ask)).unwrap();
        }
        let summary = follow.summary();
        assert!(matches!(follow.finish(), Ok(_) | Err(FollowError::Node(Gone))));
        summary
    }

    pub(crate) fn compact_from(&self, height: u32) -> Vec<CompactBlock> {
        self.blocks[height as usize - 1..].iter().map(|block| block.compact.clone()).collect()
    }

    /// The clock of the wallets of this chain: it shows the time of the next block.
    pub(crate) fn clock(&self) -> Clock {
        let next = self.next.clone();
        Clock::new(move || next.load(Ordering::SeqCst))
    }

    /// A new wallet with one account, on this chain.
    pub(crate) fn wallet(&self) -> Wallet {
        self.wallet_of(&RecoveryPhrase::generate(&mut rand::rng()), MemoryStore::default())
    }

    pub(crate) fn wallet_of(
        &self,
        phrase: &RecoveryPhrase,
        store: impl louver_core::store::Store + Send + 'static,
    ) -> Wallet {
        self.create(phrase, store, &self.birthday())
    }

    /// A new wallet that looks for payments after a block.
    pub(crate) fn born_at(&self, height: u32) -> Wallet {
        self.born_of(&RecoveryPhrase::generate(&mut rand::rng()), height)
    }

    /// A wallet of a phrase that looks for payments after a block.
    pub(crate) fn born_of(&self, phrase: &RecoveryPhrase, height: u32) -> Wallet {
        let (Ok(Answer::Blocks(blocks)), Ok(Answer::Tree(tree))) =
            (self.answer(&Ask::Blocks(height..=height)), self.answer(&Ask::Tree(height)))
        else {
            panic!("there is no block {height}");
        };
        let birthday = Birthday::after(&blocks[0], tree).unwrap();
        self.create(phrase, MemoryStore::default(), &birthday)
    }

    fn create(
        &self,
        phrase: &RecoveryPhrase,
        store: impl louver_core::store::Store + Send + 'static,
        birthday: &Birthday,
    ) -> Wallet {
        let phrase = Some((phrase, &Protection::Unsealed));
        let new =
            NewWallet { phrase, chain: &self.parameters(), birthday, reader: None, origin: Origin::Restored };
        Wallet::create(store, new).unwrap().with_clock(self.clock())
    }

    /// A wallet that holds one note for each of `values`, each mined in a block of its own.
    pub(crate) fn funded(&mut self, notes: &[(u8, u64)]) -> Wallet {
        let mut wallet = self.wallet();
        self.fund(&mut wallet, notes);
        wallet
    }

    pub(crate) fn fund(&mut self, wallet: &mut Wallet, notes: &[(u8, u64)]) {
        for (id, value) in notes {
            let deposit = self.send(wallet, &shield(*id, *value));
            self.mine(&[deposit]);
            self.sync(wallet);
        }
    }

    /// Plans and sends, or panics.
    pub(crate) fn send(&self, wallet: &mut Wallet, action: &Action) -> Outgoing {
        wallet.update_chain(&self.parameters()).unwrap();
        let plan = wallet.plan(FIRST, action).unwrap();
        send_plan(wallet, &plan).unwrap()
    }
}

pub(crate) fn send_plan(wallet: &mut Wallet, plan: &Plan) -> Result<Outgoing, SendError> {
    let keys = wallet.unlock(&Protection::Unsealed).unwrap();
    let mut authorize = |message: &louver_wallet::send::HostMessage| {
        Ok(testing::TestHost::authorization(&message.payer, &message.message).to_vec())
    };
    let sender = Sender {
        keys: &keys,
        prover: &NativeProver,
        progress: &mut Unwatched,
        authorize: Some(&mut authorize),
    };
    wallet.send(plan, sender, &mut rand::rng())
}

pub(crate) fn asset(id: u8) -> AssetId {
    testing::asset(id)
}

pub(crate) fn shield(id: u8, value: u64) -> Action {
    Action::Shield {
        payer: PAYER,
        asset: asset(id),
        value: Value(value).into(),
        available: None,
        to: None,
        memo: Memo::empty(),
    }
}

pub(crate) fn payment(to: &mut Wallet, id: u8, value: u64, memo: &str) -> Payment {
    Payment {
        to: to.receive(FIRST).unwrap().address,
        asset: asset(id),
        value: Value(value),
        memo: Memo::new(memo.as_bytes()).unwrap(),
    }
}

pub(crate) fn pay(to: &mut Wallet, id: u8, value: u64, memo: &str) -> Action {
    Action::Pay { payments: vec![payment(to, id, value, memo)], fee: FeeChoice::Least }
}

/// The amount of an asset that the first account can spend.
pub(crate) fn spendable(wallet: &Wallet, id: u8) -> u128 {
    wallet.balance(FIRST).unwrap().get(&asset(id)).copied().unwrap_or_default().spendable
}

/// The amount that waits for a block.
pub(crate) fn pending(wallet: &Wallet, id: u8) -> u128 {
    wallet.balance(FIRST).unwrap().get(&asset(id)).copied().unwrap_or_default().pending
}
