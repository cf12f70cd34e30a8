//! The opening: wallets, public money, and everything that the story needs.

use std::path::{Path, PathBuf};

use age::{secrecy::ExposeSecret, x25519::Identity};
use ed25519_dalek::SigningKey;
use louver_chain::Action;
use louver_circuits::{
    disclosure::{DisclosureProver, DisclosureVerifier},
    prover::LocalProver,
};
use louver_core::{
    asset::{AssetId, KnownAssets},
    pool::RulesVersion,
    shape::Shape,
    value::Value,
};
use louver_node::BlockMaker;
use louver_wallet::send::Outgoing;

use super::{
    Chain, Story,
    cast::{LVR, Person},
    stage::{Stage, Step},
};
use crate::{
    audit::ledger::Ledger,
    chain::signing_key,
    client::{Client, ClientError},
    exit::Failure,
    file, keys,
};

/// The salaries that ship with the project.
pub(super) const SALARIES: &str = include_str!("../../demo/salaries.csv");

/// Everything that the story needs.
pub(super) struct Play {
    pub(super) stage: Stage,
    pub(super) folder: PathBuf,
    pub(super) client: Client,
    pub(super) maker: BlockMaker,
    pub(super) prover: LocalProver,
    pub(super) disclosures: DisclosureProver,
    pub(super) verifier: DisclosureVerifier,
    pub(super) alice: Person,
    pub(super) bob: Person,
    pub(super) company: Person,
    pub(super) outsider: Person,
    pub(super) staff: Vec<(String, Person)>,
    pub(super) auditor: Identity,
    pub(super) lvr: AssetId,
    pub(super) eurx: AssetId,
    pub(super) assets: KnownAssets,
}

impl Play {
    /// Makes keys, wallets and the money to play with.
    pub(super) fn open(
        mut stage: Stage,
        story: Story,
        folder: &Path,
        client: &Client,
        chain: Chain,
        blocks: BlockMaker,
    ) -> Result<Self, Failure> {
        let output = stage.output;
        output.note(format!("Louver demo in {}, node at {}", folder.display(), client.url()));
        let Chain { genesis, keys, issuer } = chain;
        let mut prover = keys.prover();
        let shapes = match story {
            Story::Whole => &[Shape::TwoByThree, Shape::TwoBySixteen][..],
            Story::Audit => &[Shape::TwoByThree],
        };
        for &shape in shapes {
            if keys.newest(shape).is_ok() {
                prover = keys::transfers(&keys, (RulesVersion::V1, shape), client, output)?;
            }
        }
        let disclosures = keys::disclosures(&keys, client, output)?;
        let verifier = keys::disclosure_verifier(&keys, client)?;
        stage.tell(&Step {
            name: "keys",
            title: "Proving keys are at hand, and a node runs".to_owned(),
            proves: match genesis.terms().development {
                true => "nothing yet: these are development keys, and production builds refuse them",
                false => {
                    "nothing yet: the keys are from a ceremony, and nobody can forge proofs if one contributor forgot her secrets"
                }
            },
            public: "the genesis, which names the verifying keys by their hashes",
        });

        let person = |name: &str| Person::new(name, client, folder);
        let (alice, bob, company, outsider) =
            (person("Alice")?, person("Bob")?, person("Company")?, person("Outsider")?);
        let mut staff = Vec::new();
        let names: Vec<String> = csv::Reader::from_reader(SALARIES.as_bytes())
            .records()
            .flatten()
            .filter_map(|row| row.get(0).map(str::to_owned))
            .collect();
        let is_played = |name: &String| story == Story::Whole && name != "Alice" && name != "Bob";
        for name in names.into_iter().filter(is_played) {
            let person = person(&name)?;
            staff.push((name, person));
        }
        let auditor = Identity::generate();
        file::write_new(
            &folder.join("auditor.key"),
            auditor.to_string().expose_secret().as_bytes(),
            file::Readers::Owner,
        )?;
        file::write_new(&folder.join("salaries.csv"), SALARIES.as_bytes(), file::Readers::Others)?;

        let lvr = AssetId::new(LVR).ok_or_else(|| Failure::input("LVR"))?;
        let mut play = Self {
            stage,
            folder: folder.to_owned(),
            client: client.clone(),
            maker: blocks,
            prover,
            disclosures,
            verifier,
            alice,
            bob,
            company,
            outsider,
            staff,
            auditor,
            lvr,
            eurx: lvr,
            assets: KnownAssets::default(),
        };
        play.issue(&issuer)?;
        Ok(play)
    }

    /// The story, act by act.
    pub(super) fn run(mut self) -> Result<Stage, Failure> {
        let deposit = self.shield()?;
        let late = self.pay_and_be_paid()?;
        self.replay(&deposit)?;
        let hidden = self.trade_and_withdraw()?;
        self.steal()?;
        let grant = self.grant(&hidden)?;
        self.disclose()?;
        self.second_month(&grant, &late)?;
        self.third_month()?;
        self.rent_offline()?;
        Ok(self.stage)
    }

    /// Public money: LVR from its issuer, which is the faucet on a development chain, and EURX from another issuer.
    fn issue(&mut self, coin: &SigningKey) -> Result<(), Failure> {
        for (to, amount) in [(self.alice.account(), 100_000_000), (self.company.account(), 60_000_000)] {
            self.client.operate(coin, Action::Mint { asset: self.lvr, amount: Value(amount), to })?;
            self.blocks(1)?;
        }
        let issuer = signing_key::fresh();
        let register = Action::RegisterAsset {
            symbol: "EURX".to_owned(),
            decimals: 2,
            reference: b"a claim on a bank".to_vec(),
        };
        self.client.operate(&issuer, register)?;
        self.blocks(1)?;
        self.assets = self.client.assets()?;
        self.eurx = self.assets.find("EURX")?.id();
        let mint = Action::Mint { asset: self.eurx, amount: Value(5_000_000), to: self.company.account() };
        self.client.operate(&issuer, mint)?;
        self.mine()?;
        let company = self.client.holdings(self.company.account())?;
        self.stage.tell(&Step {
            name: "issue",
            title: "The coin's issuer mints LVR; another registers EURX and mints 50,000.00 for the company"
                .to_owned(),
            proves: "nothing: transparent accounts are signed for, in the open",
            public: "who holds what",
        });
        self.stage.expect("the company holds two assets in the open", company.balances.len() == 2);
        Ok(())
    }

    /// Submits a transaction to the node.
    pub(super) fn submit(&mut self, outgoing: &Outgoing) -> Result<(), Failure> {
        self.client.submit(&outgoing.bytes)?;
        self.stage.transactions += 1;
        Ok(())
    }

    /// Makes blocks, and gives the last one's height.
    pub(super) fn blocks(&self, count: u32) -> Result<u32, Failure> {
        let mut height = 0;
        for _ in 0..count {
            height = self.maker.make().map_err(Failure::storage)?;
        }
        Ok(height)
    }

    /// Makes one block, which everybody reads.
    pub(super) fn mine(&mut self) -> Result<u32, Failure> {
        let height = self.blocks(1)?;
        for person in [&mut self.alice, &mut self.bob, &mut self.company] {
            person.sync()?;
        }
        Ok(height)
    }

    /// The ledger, opened for an auditor.
    pub(super) fn ledger(&self) -> Result<Ledger, Failure> {
        Ok(Ledger::open(self.client.clone()))
    }

    /// Submits bytes that have to be refused.
    pub(super) fn try_bytes(&self, bytes: &[u8]) -> Result<String, String> {
        refusal(self.client.submit(bytes))
    }

    pub(super) fn amount(&self, text: &str) -> Result<(AssetId, Value), Failure> {
        Ok(self.assets.parse_amount(text)?)
    }
}

/// The text of a node's refusal; an error if the node did not refuse.
pub(super) fn refusal<T>(answer: Result<T, ClientError>) -> Result<String, String> {
    match answer {
        Err(ClientError::Refused { refusal, reason, .. }) => Ok(format!("{refusal}: {reason}")),
        Err(error) => Err(error.to_string()),
        Ok(_) => Err("the node took it".to_owned()),
    }
}
