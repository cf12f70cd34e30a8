//! The choice of a chain before a node is asked, and the head that is trusted since.

use louver_client::{connection::Connection, light::Choice, trust};
use louver_viewkeys::report::Ground;

data! {
    /// The choice of a chain before a node is asked. With neither, the node's chain is taken as it is: nothing on it is
    /// guaranteed.
    #[derive(Default)]
    pub struct Trust {
        /// The hash of the chain's genesis in hexadecimal, from somebody whom the person trusts.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub genesis_hash: Option<String>,
        /// A block of that chain, as `HEIGHT:HASH`, on which it has to stand.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub pin: Option<String>,
        /// Whether the node is the person's own, and follows the chain by itself (`louver node --follow`). Nothing shows this
        /// to the library: say it only of such a node. It has checked every proof, so what is guaranteed holds even if the
        /// chain's authorities lie; and no question hides from it which blocks matter. A check without a node does not
        /// look at it.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub own_node: Option<bool>,
    }
}

choice! {
    /// The choice of a chain.
    pub enum ChainChoice {
        /// The hash of its genesis, which names the authorities.
        Genesis,
        /// One of its blocks.
        Block,
        /// Nothing: it is the chain that a node showed. Nothing is guaranteed on it.
        Nothing,
    }
}

data! {
    /// The marks of a chain, which a person compares with those that its operator publishes, before trusting it.
    pub struct Fingerprint {
        /// The hash of the genesis, in groups of four hexadecimal digits.
        pub genesis: String,
        /// How many authorities have to seal a block.
        pub needed: u8,
        /// The keys of the authorities, each as its account (`lvrt1...`).
        pub authorities: Vec<String>,
    }
}

data! {
    /// The newest block that was shown to be final.
    pub struct TrustedHead {
        /// The hash of the chain's genesis, in hexadecimal.
        pub genesis_hash: String,
        /// The choice of the chain.
        pub chosen: ChainChoice,
        /// Its height; 0 is genesis.
        pub height: u32,
        /// Its hash, in hexadecimal.
        pub hash: String,
        /// Its time, in seconds since 1970.
        pub time: u64,
        /// How many seconds ago that was, by this machine's clock.
        pub age: u64,
        /// Whether it is so old that newer blocks are missing: the chain stands still, or the node withholds them. Say so.
        pub is_old: bool,
        /// Whether the person said that the node is his own and follows the chain by itself, so that the chain's authorities
        /// need not be believed.
        pub own_node: bool,
        /// A sentence while payments stand still on the chain, as its guardians have switched off its rules: since when, what
        /// it means for money and what to expect. Say so.
        pub paused: Option<String>,
    }
}

impl From<Choice> for ChainChoice {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Keys => Self::Genesis,
            Choice::Pin => Self::Block,
            Choice::Nothing => Self::Nothing,
        }
    }
}

impl From<louver_viewkeys::report::ChainChoice> for ChainChoice {
    fn from(chosen: louver_viewkeys::report::ChainChoice) -> Self {
        use louver_viewkeys::report::ChainChoice as Chosen;
        match chosen {
            Chosen::Genesis => Self::Genesis,
            Chosen::Block => Self::Block,
            Chosen::Nothing => Self::Nothing,
        }
    }
}

impl From<trust::Fingerprint> for Fingerprint {
    fn from(trust::Fingerprint { genesis, needed, authorities }: trust::Fingerprint) -> Self {
        Self { genesis, needed, authorities }
    }
}

impl TrustedHead {
    /// The head that a verdict stands under, at a time in seconds since 1970.
    pub(crate) fn at(ground: &Ground, now: u64) -> Self {
        let Ground { genesis_hash, chosen, head, paused, own_node, .. } = ground;
        Self {
            genesis_hash: genesis_hash.clone(),
            chosen: (*chosen).into(),
            height: head.height,
            hash: head.hash.clone(),
            time: head.time.unix,
            age: now.saturating_sub(head.time.unix),
            is_old: head.is_old,
            own_node: *own_node,
            paused: paused.as_ref().map(|paused| paused.says.clone()),
        }
    }

    /// The newest head of a connection.
    pub(crate) fn of(connection: &Connection) -> Self {
        let head = connection.head();
        Self {
            genesis_hash: hex::encode(head.genesis.0),
            chosen: head.choice.into(),
            height: head.height,
            hash: hex::encode(head.hash.0),
            time: head.time,
            age: head.age,
            is_old: head.is_old,
            own_node: connection.is_own_node(),
            paused: connection.pause().map(|pause| pause.to_string()),
        }
    }
}
