//! Receipts, by which a reader says what he was shown.

use age::x25519::Identity;
use louver_core::encoding::Encode;
use louver_viewkeys::{
    challenge::Challenge,
    receipt::{Conclusion, Receipt},
    report::words,
};

use super::{Taken, answer, judged, packages::BANK};
use crate::{
    clock,
    demo::{
        play::Play,
        stage::{Forgery, Step},
        theft::swap,
    },
    exit::Failure,
};

/// Forgeries of receipts.
pub(super) const FORGERIES: [Forgery; 4] = [
    Forgery { rule: "receipt-signature", by: "owner", name: "a receipt that was altered on its way" },
    Forgery {
        rule: "receipt-key",
        by: "owner",
        name: "a receipt that somebody else signed in the bank's name",
    },
    Forgery {
        rule: "receipt-challenge",
        by: "owner",
        name: "a receipt beside another challenge of the bank's",
    },
    Forgery { rule: "receipt-file", by: "court", name: "a receipt beside a package that the bank never saw" },
];

impl Play {
    /// The bank signs for what it was shown.
    pub(super) fn sign_receipts(&mut self, taken: &Taken) -> Result<(), Failure> {
        let Taken { package, verified, reading, bank, challenge, other } = taken;
        let now = clock::now();
        let sentences = words::package_sentences(verified, &self.assets);
        let sign = |key: &Identity| {
            let sentences = sentences.clone();
            Receipt::new(package, key, &reading.chain, Conclusion::Guaranteed, sentences, now)
        };
        let receipt = sign(bank).map_err(Failure::input)?;
        receipt.verify(Some(challenge)).map_err(Failure::expectation)?;
        receipt.is_about(package).map_err(Failure::expectation)?;
        self.stage.verified += 1;
        self.stage.tell(&Step {
            name: "receipt",
            title: "The bank signs for what it was shown, and what it concluded".to_owned(),
            proves: "the key that the challenge names signed for this file; not that it is true",
            public: "nothing: a receipt is a file between the two",
        });
        let said: Vec<&str> = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
        self.stage.show(&said.join("\n"), "receipt", &said);

        let altered = swap(&receipt.to_bytes(), BANK.as_bytes(), b"The landlord's aunt")?;
        let by_another = sign(&Identity::generate()).map_err(Failure::input)?;
        let later = Challenge::new(self.place(), BANK, bank, *challenge.demand(), now, &mut rand::rng());
        let later = later.map_err(Failure::input)?;
        let answers = vec![
            ("receipt-signature", judged(&altered, |receipt: Receipt| answer(receipt.verify(None)))),
            ("receipt-key", answer(by_another.verify(Some(challenge)))),
            ("receipt-challenge", answer(receipt.verify(Some(&later)))),
            ("receipt-file", answer(receipt.is_about(other))),
        ];
        self.stage.forgeries(&FORGERIES, answers);
        Ok(())
    }
}
