//! Settings of a node. The command line takes precedence over the environment, the environment over the file of
//! `--config`, and the file over the defaults.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use ipnet::IpNet;
use louver_chain::development;
use louver_client::trust::Pin;
use louver_core::{epoch::EpochSchedule, ledger::Genesis, pool::GenesisHash};
use louver_node::{NodeConfig, clock::ClockSteps, follow::Source, http::layers::Origins};
use serde::Deserialize;

use super::{
    DEFAULT_ADDRESS, development_chain, log,
    log::{Format, Level},
};
use crate::{chain, clock, exit::Failure, file, inspect::seeming};

/// Settings on the command line and in the environment.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// A file of settings; each of these options takes precedence over it
    #[arg(long, value_name = "FILE", env = "LOUVER_NODE_CONFIG")]
    config: Option<PathBuf>,
    /// The folder of the chain's data; it is made if it does not exist [usual: louver-node]
    #[arg(long, value_name = "DIR", env = "LOUVER_NODE_DATA")]
    data: Option<PathBuf>,
    /// Where to listen; port 0 takes a free one [usual: 127.0.0.1:7749]
    #[arg(long, value_name = "ADDRESS", env = "LOUVER_NODE_LISTEN")]
    listen: Option<SocketAddr>,
    /// The address for /metrics, /health and /ready, for the operator's machines. Without it only the last two are
    /// served, beside the API
    #[arg(long, value_name = "ADDRESS", env = "LOUVER_NODE_METRICS")]
    metrics: Option<SocketAddr>,
    /// How soon a block is made of transactions that can be included, in seconds [usual: 1]
    #[arg(long, value_name = "SECONDS", env = "LOUVER_NODE_INTERVAL", conflicts_with = "on_demand")]
    interval: Option<f64>,
    /// Makes blocks only when a client asks for one
    #[arg(long)]
    on_demand: bool,
    /// The genesis of the chain; by default the folder's chain continues, or a development chain begins
    #[arg(long, value_name = "FILE", env = "LOUVER_NODE_GENESIS")]
    genesis: Option<PathBuf>,
    /// The folder with the keys that the genesis names, as `louver ceremony export` wrote them; a development chain needs
    /// none
    #[arg(long, value_name = "DIR", env = "LOUVER_NODE_KEYS")]
    keys: Option<PathBuf>,
    /// Follows the node at this URL instead of making blocks: every seal, proof and rule is checked here, nothing is believed of the other node, and transactions are handed on to it
    #[arg(long, value_name = "URL", env = "LOUVER_NODE_FOLLOW")]
    follow: Option<String>,
    /// The hash of the genesis of the chain that is followed, which you have from somebody you trust
    #[arg(long, value_name = "HASH", env = "LOUVER_NODE_GENESIS_HASH", value_parser = genesis_hash)]
    genesis_hash: Option<GenesisHash>,
    /// The file of an authority's key, as `louver node keygen` writes it: those keys seal the blocks. With fewer than have to seal, each block waits for the seals of nodes that follow this one with the other keys. With --follow, this node seals the blocks of the followed one. Before the authorities change, name those of the new ones too. A development chain needs none
    #[arg(long, value_name = "FILE", env = "LOUVER_NODE_AUTHORITY_KEYS", value_delimiter = ',')]
    authority_key: Vec<PathBuf>,
    /// Lets a restored folder make blocks again after it has followed: you know that nothing was sealed after this block, the last one in the folder. If that is wrong, a second block of its height is evidence against the chain's authorities
    #[arg(long, value_name = "HEIGHT:HASH", conflicts_with = "follow")]
    nothing_after: Option<Pin>,
    /// How many of the last blocks are kept whole, at least 100; the others keep their headers and what wallets scan [usual: all]
    #[arg(long, value_name = "BLOCKS", env = "LOUVER_NODE_KEEP_BODIES", value_parser = clap::value_parser!(u32).range(i64::from(LEAST_BODIES)..))]
    keep_bodies: Option<u32>,
    /// The length of a period of a new development chain, in seconds; 0 for one endless period. By default periods are
    /// calendar months in UTC
    #[arg(long, value_name = "SECONDS", conflicts_with = "genesis")]
    epoch_seconds: Option<u32>,
    /// For how many seconds of a period the one before remains valid, on a new development chain whose periods have a
    /// length of their own. By default a quarter of a period
    #[arg(long, value_name = "SECONDS", requires = "epoch_seconds")]
    grace_seconds: Option<u32>,
    /// A proxy, or a network of proxies, whose X-Forwarded-For is believed
    #[arg(long, value_name = "NETWORK", env = "LOUVER_NODE_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    trusted_proxy: Vec<IpNet>,
    /// The least severe level that is logged [usual: info]
    #[arg(long, value_name = "LEVEL", env = "LOUVER_NODE_LOG")]
    log: Option<Level>,
    /// The format of the log on standard error [usual: text]
    #[arg(long, value_name = "FORMAT", env = "LOUVER_NODE_LOG_FORMAT")]
    log_format: Option<Format>,
}

/// The hash of a genesis, in hexadecimal.
fn genesis_hash(text: &str) -> Result<GenesisHash, String> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text.trim(), &mut hash)
        .map_err(|_| format!("{text} is not the hash of a genesis: 64 hexadecimal digits"))?;
    Ok(GenesisHash(hash))
}

/// The fewest blocks that a node keeps whole: those of a wallet that was offline for a while.
const LEAST_BODIES: u32 = 100;

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let address = |_| text.parse::<IpAddr>().map(IpNet::from);
    let named = text.parse::<IpNet>().or_else(address);
    named.map_err(|_| format!("{text} is neither an address nor a network such as 10.0.0.0/8"))
}

/// The file of settings. It has no other settings than these.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    data: Option<PathBuf>,
    listen: Option<SocketAddr>,
    metrics: Option<SocketAddr>,
    genesis: Option<PathBuf>,
    keys: Option<PathBuf>,
    follow: Option<String>,
    genesis_hash: Option<String>,
    #[serde(default)]
    authority_keys: Vec<PathBuf>,
    #[serde(default)]
    blocks: BlockSettings,
    #[serde(default)]
    log: LogSettings,
    #[serde(default)]
    network: NetworkSettings,
    #[serde(default)]
    limits: LimitSettings,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BlockSettings {
    interval: Option<f64>,
    on_demand: Option<bool>,
    epoch_seconds: Option<u32>,
    grace_seconds: Option<u32>,
    checked_at_start: Option<u32>,
    keep_bodies: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LogSettings {
    level: Option<Level>,
    format: Option<Format>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct NetworkSettings {
    #[serde(default)]
    trusted_proxies: Vec<String>,
    /// Pages that may call the API: `"any"`, `"none"`, or a list of origins.
    origins: Option<OriginSettings>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OriginSettings {
    Word(String),
    List(Vec<String>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LimitSettings {
    connections: Option<usize>,
    connections_of_one: Option<usize>,
    requests_of_one: Option<usize>,
    streams: Option<usize>,
    streams_of_one: Option<usize>,
    stream_seconds: Option<u64>,
    request_seconds: Option<u64>,
    body_seconds: Option<u64>,
    answer_megabytes: Option<usize>,
    answer_megabytes_of_one: Option<usize>,
    refusals_of_one: Option<u32>,
    refusals_of_one_per_second: Option<u32>,
    mempool_transactions: Option<usize>,
    mempool_megabytes: Option<usize>,
    operations_of_one_account: Option<u64>,
    mempool_hours: Option<u64>,
}

/// The settings, after all sources are combined.
pub(crate) struct Decided {
    pub(crate) config: NodeConfig,
    /// The folder of the chain's keys.
    pub(crate) keys: Option<PathBuf>,
    pub(crate) logging: log::Logging,
}

impl Arguments {
    /// Combines all sources, and reads the files that they name.
    pub(crate) fn decide(self) -> Result<Decided, Failure> {
        let (settings, base) = match &self.config {
            Some(path) => (read(path)?, path.parent().map(Path::to_owned).unwrap_or_default()),
            None => (Settings::default(), PathBuf::new()),
        };
        // Relative paths in the file are relative to the file, wherever the command is called.
        let beside = |path: PathBuf| base.join(path);
        let data = self.data.or(settings.data.map(beside)).unwrap_or_else(|| "louver-node".into());
        let keys = self.keys.or(settings.keys.map(|path| base.join(path)));
        let blocks = settings.blocks;
        let chosen = match (self.genesis_hash, settings.genesis_hash) {
            (Some(hash), _) => Some(hash),
            (None, Some(text)) => Some(genesis_hash(&text).map_err(Failure::usage)?),
            (None, None) => None,
        };
        let follow = self.follow.or(settings.follow);
        let follow = follow.map(|url| Source::of_url(&url).map_err(Failure::usage)).transpose()?;
        if follow.is_some() && (self.on_demand || blocks.on_demand == Some(true) || self.interval.is_some()) {
            return Err(Failure::usage(
                "a node that follows another one makes no blocks, so --on-demand and --interval mean nothing there: leave them out",
            ));
        }
        let named = self.genesis.or(settings.genesis.map(|path| base.join(path)));
        let cut = self.epoch_seconds.or(blocks.epoch_seconds).is_some()
            || self.grace_seconds.or(blocks.grace_seconds).is_some();
        if cut && (named.is_some() || follow.is_some()) {
            return Err(Failure::usage(
                "periods of fixed seconds (--epoch-seconds, --grace-seconds) are for a new development chain: a genesis, or the \
                 node that is followed, has stated its own. Leave them out",
            ));
        }
        let genesis = match (named, &follow) {
            (Some(path), _) => chain::read(&path)?,
            (None, Some(source)) => {
                let hash = chosen.ok_or_else(|| {
                    Failure::usage(
                        "a node that follows another one needs the hash of the chain's genesis (--genesis-hash), from \
                         somebody you trust: a hash that the other node tells would prove nothing",
                    )
                })?;
                followed(&data, source, hash)?
            }
            (None, None) => {
                let length = self.epoch_seconds.or(blocks.epoch_seconds);
                let grace = self.grace_seconds.or(blocks.grace_seconds);
                let cut = length.map(|length| of_seconds(length, grace.unwrap_or(length / 4))).transpose()?;
                let genesis = chain_in(&data, cut)?;
                refuse_other_periods(&genesis, &data, length, grace)?;
                genesis
            }
        };
        if let Some(hash) = chosen
            && genesis.hash() != hash
        {
            return Err(Failure::input(format!(
                "the chain is {}, not {}: nothing was changed",
                hex::encode(genesis.hash().0),
                hex::encode(hash.0)
            )));
        }
        development::check_fees(&genesis).map_err(Failure::input)?;
        let mut config = NodeConfig::new(data, genesis);
        config.follow = follow;
        config.listen = match self.listen.or(settings.listen) {
            Some(address) => address,
            None => DEFAULT_ADDRESS.parse().map_err(Failure::usage)?,
        };
        let authority_keys = match self.authority_key.is_empty() {
            false => self.authority_key,
            true => settings.authority_keys.into_iter().map(|path| base.join(path)).collect(),
        };
        config.authority_keys =
            authority_keys.iter().map(|path| chain::signing_key::read(path)).collect::<Result<_, _>>()?;
        config.metrics = self.metrics.or(settings.metrics);
        config.inclusion_delay = match (self.on_demand, self.interval) {
            (true, _) => None,
            (false, Some(seconds)) => Some(interval(seconds)?),
            (false, None) if blocks.on_demand == Some(true) => None,
            (false, None) => Some(interval(blocks.interval.unwrap_or(1.0))?),
        };
        if config.inclusion_delay.is_none() && !config.genesis.terms().development {
            return Err(Failure::usage(
                "blocks on demand are for development chains: on any other, time would stand still between them",
            ));
        }
        config.nothing_after = self.nothing_after.map(|Pin(last)| (last.height, last.hash));
        config.keep_bodies = self.keep_bodies.or(blocks.keep_bodies);
        if config.keep_bodies.is_some_and(|kept| kept < LEAST_BODIES) {
            return Err(Failure::usage(format!("at least {LEAST_BODIES} blocks are kept whole")));
        }
        if let Some(count) = blocks.checked_at_start {
            config.checked_blocks = count;
        }
        if config.genesis.terms().development {
            config.clock_steps = ClockSteps::of_a_development_chain();
        }
        config.trusted_proxies = match self.trusted_proxy.is_empty() {
            false => self.trusted_proxy,
            true => {
                let named = settings.network.trusted_proxies.iter();
                named.map(|name| network(name)).collect::<Result<_, _>>().map_err(Failure::usage)?
            }
        };
        if let Some(named) = settings.network.origins {
            config.origins = origins(named)?;
        }
        settings.limits.apply(&mut config);
        let logging = log::Logging {
            level: self.log.or(settings.log.level).unwrap_or_default(),
            format: self.log_format.or(settings.log.format).unwrap_or_default(),
        };
        Ok(Decided { config, keys, logging })
    }
}

impl LimitSettings {
    fn apply(self, config: &mut NodeConfig) {
        fn set<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        const MEGABYTE: usize = 1 << 20;
        let bytes = |megabytes: usize| megabytes.saturating_mul(MEGABYTE);
        let limits = &mut config.limits;
        set(&mut limits.connections, self.connections);
        set(&mut limits.streams, self.streams);
        set(&mut limits.stream_time, self.stream_seconds.map(Duration::from_secs));
        set(&mut limits.request_timeout, self.request_seconds.map(Duration::from_secs));
        set(&mut limits.body_timeout, self.body_seconds.map(Duration::from_secs));
        set(&mut limits.answer_bytes, self.answer_megabytes.map(bytes));
        let peer = &mut limits.peer;
        set(&mut peer.connections, self.connections_of_one);
        set(&mut peer.requests, self.requests_of_one);
        set(&mut peer.streams, self.streams_of_one);
        set(&mut peer.answer_bytes, self.answer_megabytes_of_one.map(bytes));
        set(&mut peer.refusals, self.refusals_of_one);
        set(&mut peer.refusals_per_second, self.refusals_of_one_per_second);
        let capacity = &mut config.capacity;
        set(&mut capacity.count, self.mempool_transactions);
        set(&mut capacity.bytes, self.mempool_megabytes.map(bytes));
        set(&mut capacity.operations_of_one, self.operations_of_one_account);
        set(&mut capacity.age, self.mempool_hours.map(|hours| hours.saturating_mul(3600)));
    }
}

fn origins(named: OriginSettings) -> Result<Origins, Failure> {
    match named {
        OriginSettings::List(list) => Ok(Origins::Only(list)),
        OriginSettings::Word(word) => match word.as_str() {
            "any" => Ok(Origins::Any),
            "none" => Ok(Origins::None),
            other => Err(Failure::usage(format!(
                "origins = \"{other}\": write \"any\", \"none\" or a list such as [\"https://wallet.example\"]"
            ))),
        },
    }
}

fn read(path: &Path) -> Result<Settings, Failure> {
    let text = file::read_as_typed(path)?;
    toml::from_str(&text).map_err(|error| seeming::not_toml(path, &text, &error))
}

fn interval(seconds: f64) -> Result<Duration, Failure> {
    let interval = Duration::try_from_secs_f64(seconds).ok().filter(|interval| !interval.is_zero());
    interval.ok_or_else(|| Failure::usage("the interval is a positive number of seconds"))
}

/// The genesis of the chain in a node's folder, or else that of a new development chain.
pub(crate) fn chain_in(data: &Path, schedule: Option<EpochSchedule>) -> Result<Genesis, Failure> {
    match louver_node::opening::genesis_in(data)? {
        Some(genesis) => Ok(genesis),
        None => development_chain(schedule),
    }
}

/// Refuses periods that the chain in a folder does not have: they would be ignored.
fn refuse_other_periods(
    genesis: &Genesis,
    data: &Path,
    length: Option<u32>,
    grace: Option<u32>,
) -> Result<(), Failure> {
    let schedule = &genesis.terms().schedule;
    let own = schedule.length().unwrap_or(0);
    let differs = length.is_some_and(|length| length != own || (length == 0 && !schedule.is_endless()))
        || grace.is_some_and(|grace| grace != schedule.grace());
    match differs {
        false => Ok(()),
        true => Err(Failure::usage(format!(
            "the chain in {} has other periods than --epoch-seconds and --grace-seconds say, and they cannot be changed: leave them \
             out, or name another folder (--data) for a new chain",
            data.display()
        ))),
    }
}

/// The genesis of the chain that is followed: the folder's, or the source's if it has the hash.
fn followed(data: &Path, source: &Source, hash: GenesisHash) -> Result<Genesis, Failure> {
    if let Some(genesis) = louver_node::opening::genesis_in(data)? {
        return Ok(genesis);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let told = runtime.map_err(Failure::storage)?.block_on(source.genesis(hash));
    told.map_err(|error| Failure::node(format!("{} cannot be followed: {error}", source.name())))
}

/// Epochs of so many seconds, from now on; 0 for one endless epoch.
fn of_seconds(length: u32, grace: u32) -> Result<EpochSchedule, Failure> {
    match length {
        0 if grace == 0 => Some(EpochSchedule::ENDLESS),
        _ => EpochSchedule::seconds(clock::now(), length, grace),
    }
    .ok_or_else(|| Failure::usage("the grace is shorter than a period, and 0 where that is endless"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(text: &str, arguments: Arguments) -> Result<Decided, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("node.toml");
        std::fs::write(&path, text).unwrap();
        Arguments { config: Some(path), ..arguments }.decide()
    }

    #[test]
    fn the_file_counts_after_the_command_line() {
        let file = "
            data = \"chain\"
            listen = \"127.0.0.1:1\"
            metrics = \"127.0.0.1:2\"
            [blocks]
            interval = 5.0
            [log]
            level = \"debug\"
            format = \"json\"
            [network]
            trusted-proxies = [\"10.0.0.0/8\", \"192.0.2.1\"]
            origins = [\"https://wallet.example\"]
            [limits]
            connections-of-one = 7
            mempool-hours = 2
        ";
        let Decided { config, logging, .. } = decide(file, Arguments::default()).unwrap();
        assert!(config.data_dir.ends_with("chain") && config.data_dir.is_absolute());
        assert_eq!((config.listen.port(), config.metrics.map(|at| at.port())), (1, Some(2)));
        assert_eq!(config.inclusion_delay, Some(Duration::from_secs(5)));
        assert_eq!((logging.level, logging.format), (Level::Debug, Format::Json));
        assert_eq!(config.trusted_proxies.len(), 2);
        assert_eq!(config.origins, Origins::Only(vec!["https://wallet.example".to_owned()]));
        assert_eq!((config.limits.peer.connections, config.capacity.age), (7, 7200));

        let arguments = Arguments {
            data: Some("elsewhere".into()),
            listen: Some("127.0.0.1:3".parse().unwrap()),
            on_demand: true,
            log: Some(Level::Error),
            ..Arguments::default()
        };
        let Decided { config, logging, .. } = decide(file, arguments).unwrap();
        assert_eq!(config.data_dir, PathBuf::from("elsewhere"));
        assert_eq!((config.listen.port(), config.inclusion_delay), (3, None));
        assert_eq!((logging.level, logging.format), (Level::Error, Format::Json));
    }

    #[test]
    fn an_interval_on_the_command_line_counts_before_on_demand_in_the_file() {
        let arguments = Arguments { interval: Some(2.0), ..Arguments::default() };
        let decided = decide("[blocks]\non-demand = true", arguments).unwrap();
        assert_eq!(decided.config.inclusion_delay, Some(Duration::from_secs(2)));
        assert_eq!(
            decide("[blocks]\non-demand = true", Arguments::default()).unwrap().config.inclusion_delay,
            None
        );
    }

    #[test]
    fn what_would_count_for_nothing_is_refused() {
        let hash = Some(GenesisHash([7; 32]));
        let follow = || Arguments {
            follow: Some("http://127.0.0.1:1".to_owned()),
            genesis_hash: hash,
            ..Arguments::default()
        };
        for (arguments, word) in [
            (Arguments { on_demand: true, ..follow() }, "--on-demand"),
            (Arguments { interval: Some(1.0), ..follow() }, "--interval"),
            (Arguments { epoch_seconds: Some(20), ..follow() }, "--epoch-seconds"),
        ] {
            let refused = decide("", arguments).err().unwrap();
            assert!(refused.message.contains(word), "{}", refused.message);
        }
        let genesis = development_chain(Some(EpochSchedule::seconds(1_767_225_600, 30, 7).unwrap())).unwrap();
        let refused =
            |length, grace| refuse_other_periods(&genesis, Path::new("old"), length, grace).is_err();
        assert!(refused(Some(20), None) && refused(Some(0), None) && refused(Some(30), Some(8)));
        assert!(!refused(Some(30), Some(7)) && !refused(Some(30), None) && !refused(None, None));
    }

    /// Attacker: an attacker whose operator believes that a misspelled limit is in force.
    #[test]
    fn what_is_not_a_setting_is_refused() {
        for text in [
            "lisen = \"127.0.0.1:1\"",
            "[limits]\nconections = 5",
            "[limits]\nconnections = -1",
            "[blocks]\ninterval = 0.0",
            "[network]\ntrusted-proxies = [\"proxy.example\"]",
            "[network]\norigins = \"all\"",
            "[log]\nlevel = \"loud\"",
            "data = ",
        ] {
            let refused = decide(text, Arguments::default()).err().unwrap();
            assert_eq!(refused.kind, crate::exit::Kind::Usage, "{text}");
        }
    }
}
