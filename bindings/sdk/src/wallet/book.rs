//! The books of an account, made for a reader.

use std::sync::Arc;

use louver_client::{
    apart::apart,
    book::{OpeningProofs, WantedBook},
};
use louver_core::epoch::{Epoch, EpochRange};
use louver_viewkeys::{
    book::Recipients,
    signed::{Asked, ReaderId},
};
use louver_wallet::account::AccountNumber;

use super::{
    Wallet,
    disclose::{owner, signing_key},
};
use crate::{BookRequest, DiscloseError, MadeBook, Prover, SpendingKeys, Watch, challenge, watch::watched};

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Wallet {
    /// Makes the book of an account for some epochs ([`crate::Node::epochs`] tells those of a year), sealed to its reader: every
    /// transaction that the account made, each with a proof, its receipts, and the notes that it held before and still holds,
    /// with proofs that they were there if the chain has taken a snapshot then. The reader sees whatever is left out. Each
    /// transaction takes some proofs of about 0.1 s, and more in a browser. Synchronise first. The wallet records it before it is
    /// returned ([`Wallet::disclosures`]).
    pub async fn book(
        &self,
        account: u32,
        request: BookRequest,
        keys: Arc<SpendingKeys>,
        prover: Arc<Prover>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<MadeBook, DiscloseError> {
        let epochs = EpochRange::new(Epoch(request.first_epoch), Epoch(request.last_epoch));
        let epochs = epochs.ok_or(DiscloseError::Epochs)?;
        let challenge = request.challenge.as_deref().map(challenge::read).transpose()?;
        let reader = ReaderId { name: request.auditor, recipient: Some(request.recipient) };
        let terms = self.terms(challenge, reader, Asked::Nothing, (request.purpose, request.days));
        let recipients = if request.show_recipients { Recipients::Shown } else { Recipients::Hidden };
        let number = AccountNumber(account);
        let owner = owner(account);
        let account = self.account(account).await?;
        let key = signing_key(&keys, &account)?;
        let wanted = WantedBook { epochs, recipients, proofs: OpeningProofs::Made };
        let mut asked = self.0.session.book_request(number, wanted, terms, watched(watch.clone())).await?;
        let (draft, left_out) = apart(move || {
            let viewing = account.full_viewing_key();
            let left_out = asked.leave_out_unopened(viewing);
            asked.draft(viewing, &mut rand::rng()).map(|draft| (draft, left_out))
        })
        .await?;
        let proofs = prover.prove_book(&draft, self.0.node.clone(), watch).await?;
        let (disclosure, made) = apart(move || {
            let book = draft.sign(proofs, &key, &mut rand::rng())?;
            let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            let made = MadeBook {
                file: book.to_file()?,
                transactions: count(book.transactions().len()),
                receipts: count(book.receipts().len()),
                left_out: left_out.iter().map(ToString::to_string).collect(),
            };
            Ok::<_, DiscloseError>((owner.booked(&book), made))
        })
        .await?;
        self.record(disclosure).await?;
        Ok(made)
    }
}
