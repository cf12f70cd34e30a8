//! Proofs by which a package is checked without a node.

use louver_client::{
    audit::names,
    offline::{OfflineError, OfflineProof},
    trust::{Pin, Trust},
};
use louver_core::encoding::{Decode, Encode};
use louver_viewkeys::{
    package::Package,
    report::Assurance,
    signed::{Reading, unseal},
};

use super::{FORK, Taken, answer, judged};
use crate::{
    audit::{
        offline::{self, Proven},
        table,
    },
    clock,
    demo::{
        play::Play,
        stage::{Forgery, Step},
        theft::swap,
    },
    exit::Failure,
    file,
};

/// Forgeries of proofs without a node.
pub(super) const FORGERIES: [Forgery; 6] = [
    Forgery { rule: "offline-chain", by: "reader", name: "a payment on a chain that the payer made himself" },
    Forgery { rule: "offline-block", by: "reader", name: "a chain without the block that the reader chose" },
    Forgery { rule: "offline-head", by: "reader", name: "a head that the authorities did not seal" },
    Forgery { rule: "offline-transaction", by: "reader", name: "a transaction with one bit flipped" },
    Forgery {
        rule: "offline-lacks",
        by: "reader",
        name: "a package about another transaction than the proof's",
    },
    Forgery {
        rule: "offline-asset",
        by: "reader",
        name: "a package in an asset that the proof does not show",
    },
];

impl Play {
    /// The bank checks the package by two files.
    pub(super) fn show_by_files(&mut self, taken: &Taken) -> Result<(), Failure> {
        let package = &taken.package;
        let place = self.folder.join("rent.disclosure.proof");
        let written = offline::write(&self.client, &Proven::Package(package), &place)?
            .ok_or_else(|| Failure::expectation("the chain does not have the rent"))?;
        // From here on no node is asked.
        let bytes = unseal(&file::read(&place)?, Some(&taken.bank)).map_err(Failure::input)?;
        let trust = Trust::Genesis(self.place().0);
        let today = clock::now().max(written.time.unix);
        let proof = OfflineProof::from_bytes(&bytes).map_err(Failure::input)?;
        let shown = offline::check(&proof, package, &trust, today)?;
        let reading = Reading { chain: shown.ground.clone(), ..taken.reading.clone() };
        let find = |height, txid: &_| shown.found.get(height, txid);
        let verified = package
            .verify(&reading, &names(&shown.assets), &shown.verifier()?, find)
            .map_err(Failure::expectation)?;
        self.stage.verified += 1;
        self.stage.tell(&Step {
            name: "offline",
            title: "The bank checks the rent again by two files, without a node".to_owned(),
            proves: "the payment stands under a block that the chain's authorities sealed",
            public: "nothing: no node is asked",
        });
        self.stage.show(&table::package(self.stage.output, &verified, &shown.assets), "package", &verified);
        let guaranteed = verified.payments.iter().all(|payment| payment.assurance == Assurance::Guaranteed);
        self.stage.expect("the rent is GUARANTEED without a node", guaranteed && verified.chain.offline);

        let check = |proof: &OfflineProof, trust: &Trust| answer(proof.check(trust, today));
        let header = proof.head().ok_or_else(|| Failure::expectation("a head"))?;
        let mut forged = header.clone();
        forged.state_root = [9; 32];
        let head = swap(&bytes, &header.to_bytes(), &forged.to_bytes())?;
        let item = package.items().first().ok_or_else(|| Failure::expectation("the rent"))?;
        let paid = find(item.height, &item.txid).ok_or_else(|| Failure::expectation("the rent"))?;
        let paid = paid.transaction.to_bytes();
        let mut other = paid.clone();
        other.iter_mut().skip(paid.len() / 2).take(1).for_each(|byte| *byte ^= 1);
        let flipped = swap(&bytes, &paid, &other)?;
        let pin: Pin = format!("{}:{}", header.height, "ab".repeat(32)).parse().map_err(Failure::input)?;
        let chosen = Trust::Block { genesis: self.place().0, pin };
        let covers = |part: &[u8], other: &[u8]| {
            let altered = swap(&package.to_bytes(), part, other)?;
            Ok::<_, Failure>(judged(&altered, |package: Package| {
                answer::<(), OfflineError>(shown.covers(&package))
            }))
        };
        let amount = |asset: louver_core::asset::AssetId| {
            [&asset.to_bytes()[..], &super::payment::RENT.to_bytes()].concat()
        };
        let answers = vec![
            ("offline-chain", check(&proof, &Trust::Genesis(FORK))),
            ("offline-block", check(&proof, &chosen)),
            ("offline-head", judged(&head, |proof: OfflineProof| check(&proof, &trust))),
            ("offline-transaction", judged(&flipped, |proof: OfflineProof| check(&proof, &trust))),
            ("offline-lacks", covers(&item.txid.to_bytes(), &[9; 32])?),
            ("offline-asset", covers(&amount(self.lvr), &amount(self.eurx))?),
        ];
        self.stage.forgeries(&FORGERIES, answers);
        Ok(())
    }
}
