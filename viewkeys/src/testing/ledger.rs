//! A ledger in memory whose transactions are built as wallets build them. Their statements are checked natively and not
//! proven: disclosure reads no transfer proof.

use incrementalmerkletree::{Position, Retention};
use louver_chain::{
    BlockHash,
    compact::CompactBlock,
    testing::{compact_block, header},
};
use louver_core::{
    address::Address,
    asset::{AssetId, DescriptorHash},
    compact::CompactTransaction,
    epoch::Epoch,
    keys::{AccountSpendingKey, AddressIndex, Direction, OutgoingViewingKey},
    note::{Memo, MemoBucket, Note, OutputContext, SpendTag, encryption},
    pool::{GenesisHash, PoolId, PoolTag, RulesVersion},
    proof::{Progress, Proof, Prove, ProveError, Unwatched},
    shape::Shape,
    statement::{TransferPublic, TransferWitness, holds},
    transaction::{
        Fee, Payment, PublicSide, Spend, Transaction, TransferPlan, TransparentAccount, TxContext, TxId,
        Verified,
    },
    tree::{DEPTH, Frontier, MerklePath, Node},
    value::Value,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use shardtree::{ShardTree, store::memory::MemoryShardStore};

use crate::{package::OnLedger, report::Declared};

pub(crate) const GENESIS: GenesisHash = GenesisHash([7; 32]);
pub(crate) const POOL: PoolId = PoolId(1);

fn asset() -> AssetId {
    AssetId::new(1).unwrap()
}

/// Checks the statement, and proves nothing.
struct Native;

impl Prove for Native {
    fn prove(
        &self,
        _: RulesVersion,
        shape: Shape,
        public: &TransferPublic,
        witness: &TransferWitness,
        _: &mut dyn Progress,
    ) -> Result<Proof, ProveError> {
        holds(shape, public, witness)?;
        Ok(Proof::from_array([0; 192]))
    }
}

/// A note that an account holds, and where its leaf stands.
#[derive(Clone)]
pub(crate) struct Held {
    /// The number of the account.
    pub(crate) account: u8,
    pub(crate) note: Note,
    pub(crate) position: u64,
    pub(crate) txid: TxId,
    pub(crate) spend_tag: SpendTag,
    pub(crate) height: u32,
}

/// A payment.
pub(crate) struct Pay<'a> {
    pub(crate) to: Address,
    pub(crate) value: u64,
    pub(crate) memo: &'a str,
}

/// Blocks of one transaction each.
pub(crate) struct Ledger {
    tree: ShardTree<MemoryShardStore<Node, u32>, DEPTH, 16>,
    frontier: Frontier,
    rng: ChaCha20Rng,
    pub(crate) blocks: Vec<(CompactBlock, Verified)>,
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Self {
            tree: ShardTree::new(MemoryShardStore::empty(), 100),
            frontier: Frontier::empty(),
            rng: ChaCha20Rng::seed_from_u64(1),
            blocks: Vec::new(),
        }
    }

    pub(crate) fn pool() -> PoolTag {
        PoolTag::new(&GENESIS, POOL)
    }

    /// An address of an account.
    pub(crate) fn address(account: &AccountSpendingKey, direction: Direction, epoch: u16) -> Address {
        account.full_viewing_key().address(Self::pool(), Epoch(epoch), direction, AddressIndex(5))
    }

    /// A deposit to an address, made by its owner.
    pub(crate) fn deposit(&mut self, account: &AccountSpendingKey, epoch: u16, pay: &Pay<'_>) -> Vec<Held> {
        let amount = Value(pay.value);
        let side = PublicSide::Deposit { asset: asset(), amount, payer: TransparentAccount([1; 32]) };
        let seal = account.full_viewing_key().outgoing(Self::pool(), Epoch(epoch));
        self.transact(account, epoch, &[], &[pay], side, Some(seal))
    }

    /// A withdrawal of all that a note holds.
    pub(crate) fn withdraw(&mut self, account: &AccountSpendingKey, epoch: u16, spend: &Held) {
        let amount = spend.note.value();
        let side = PublicSide::Withdrawal { asset: asset(), amount, recipient: TransparentAccount([2; 32]) };
        self.transact(account, epoch, &[spend], &[], side, None);
    }

    /// A transaction of an account that spends notes and pays; what is over goes back as change.
    pub(crate) fn pay(
        &mut self,
        account: &AccountSpendingKey,
        epoch: u16,
        spends: &[&Held],
        payments: &[&Pay<'_>],
    ) -> Vec<Held> {
        let seal = account.full_viewing_key().outgoing(Self::pool(), Epoch(epoch));
        self.transact(account, epoch, spends, payments, PublicSide::Internal, Some(seal))
    }

    /// The same, sealed to a key of the caller's choice, or to none.
    pub(crate) fn transact(
        &mut self,
        account: &AccountSpendingKey,
        epoch: u16,
        spends: &[&Held],
        payments: &[&Pay<'_>],
        public_side: PublicSide,
        seal: Option<OutgoingViewingKey>,
    ) -> Vec<Held> {
        let viewing = account.full_viewing_key();
        let payment = |to, value, memo: &str| Payment {
            to,
            asset: asset(),
            value: Value(value),
            memo: Memo::new(memo.as_bytes()).unwrap(),
        };
        let mut plan_payments: Vec<_> =
            payments.iter().map(|pay| payment(pay.to, pay.value, pay.memo)).collect();
        let has: u64 = spends.iter().map(|held| held.note.value().0).sum();
        let given: u64 = payments.iter().map(|pay| pay.value).sum();
        if has > given && !matches!(public_side, PublicSide::Withdrawal { .. }) {
            let change = Self::address(account, Direction::Internal, epoch);
            plan_payments.push(payment(change, has - given, ""));
        }
        let registered = |asset| if asset == AssetId::NONE { [0; 32] } else { [9; 32] };
        let plan = TransferPlan {
            context: TxContext {
                genesis: GENESIS,
                public_asset: DescriptorHash(registered(public_side.asset())),
                fee_asset: DescriptorHash::default(),
                auditor: None,
            },
            pool: POOL,
            rules: RulesVersion::V1,
            epoch: Epoch(epoch),
            expiry_height: 1 << 20,
            shape: Shape::TwoByThree,
            memo_bucket: MemoBucket::Small,
            anchor: self.frontier.root(),
            spends: spends.iter().map(|held| self.spend(held)).collect(),
            payments: plan_payments,
            public_side,
            fee: Fee::NONE,
            seal,
        };
        let context = plan.context;
        let built = plan.build(&viewing, &mut self.rng).unwrap();
        let proven = built.prove(&Native, &mut Unwatched).unwrap();
        let transaction = proven.sign(&account.spend_authorizing_key(), &mut self.rng).unwrap();
        self.include(Verified::unchecked(transaction, context))
    }

    /// The spend of a note, with its path in the tree as it is.
    pub(crate) fn spend(&self, held: &Held) -> Spend {
        let height = self.height();
        let path = self.tree.witness_at_checkpoint_id(Position::from(held.position), &height);
        let path = MerklePath::try_from(&path.unwrap().unwrap()).unwrap();
        Spend { note: held.note.clone(), path }
    }

    pub(crate) fn height(&self) -> u32 {
        u32::try_from(self.blocks.len()).unwrap()
    }

    fn include(&mut self, transaction: Verified) -> Vec<Held> {
        let height = self.height() + 1;
        let effects = transaction.transaction().effects();
        let tree_size = self.frontier.size();
        for output in effects.outputs() {
            self.tree.append(Node::leaf(output.cm), Retention::Marked).unwrap();
            self.frontier.append(output.cm).unwrap();
        }
        self.tree.checkpoint(height).unwrap();
        let previous = self.blocks.last().map_or(BlockHash(GENESIS.0), |(block, _)| block.hash());
        let block = compact_block(
            header(height, previous, &self.frontier),
            vec![CompactTransaction::new(&transaction)],
        );
        let held = self.notes(&transaction, tree_size, height);
        self.blocks.push((block, transaction));
        held
    }

    /// Every note of the first accounts in a transaction.
    fn notes(&self, transaction: &Verified, first: u64, height: u32) -> Vec<Held> {
        let effects = transaction.transaction().effects();
        let epoch = effects.epoch();
        let mut held = Vec::new();
        for (index, output) in (0u8..).zip(effects.outputs()) {
            let context = OutputContext { epoch, rho: effects.rho(), index };
            for direction in Direction::ALL {
                for number in 1..=3 {
                    let viewing = super::account(number).full_viewing_key();
                    let key = viewing.incoming(Self::pool(), direction, epoch);
                    if let Some((note, _)) = encryption::decrypt(&key, output, &context) {
                        let position = first + u64::from(index);
                        let (txid, spend_tag) = (transaction.txid(), effects.spend_tag());
                        held.push(Held { account: number, note, position, txid, spend_tag, height });
                    }
                }
            }
        }
        held
    }

    /// The shielded transactions of the block at a height.
    pub(crate) fn shielded(&self, height: u32) -> Vec<(u32, TxId, Transaction)> {
        let (_, verified) = &self.blocks[height as usize - 1];
        vec![(0, verified.txid(), verified.transaction().clone())]
    }

    /// The tree after the block at a height.
    pub(crate) fn frontier(&self, height: u32) -> Frontier {
        let mut frontier = Frontier::empty();
        for (block, _) in &self.blocks[..height as usize] {
            for output in block.transactions().flat_map(|(_, transaction)| &transaction.outputs) {
                frontier.append(output.cm).unwrap();
            }
        }
        frontier
    }

    /// The transaction of a height and an id, if the ledger has it.
    pub(crate) fn find(&self, height: u32, txid: &TxId) -> Option<OnLedger> {
        let (block, verified) = self.blocks.get((height as usize).checked_sub(1)?)?;
        (verified.txid() == *txid).then(|| OnLedger {
            height,
            time: block.header().time,
            txid: verified.txid(),
            declared: Declared { period: "November 2026".to_owned(), in_grace: false },
            transaction: verified.transaction().clone(),
        })
    }
}
