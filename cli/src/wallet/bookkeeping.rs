//! `louver wallet book`: the books of an account.

use std::path::PathBuf;

use louver_circuits::disclosure::DisclosureProver;
use louver_client::book::{OpeningProofs, WantedBook};
use louver_core::{
    disclosure::{InputCount, Statement},
    text::visible,
};
use louver_viewkeys::{
    book::{HeldBefore, MakeBookError, Recipients},
    challenge::Demand,
    period::Period,
    signed::Asked,
};
use pollster::block_on;

use super::{
    Place, Session,
    disclosing::{self, Answer},
    disclosures::hand_over,
    proving,
    secret::{Passphrase, Secrets},
};
use crate::{
    audit::offline::{self, Proven},
    exit::Failure,
    file,
    json::{audit::BookWritten, quantity::Moment},
    keys,
    output::{Output, progress::Line},
    period::PeriodArguments,
};

/// Shows somebody everything that the account did in a period, with proofs, so that they can add up
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The reader finds every transaction that the account made in these months by himself: what is left out, \
he sees. Recipients stay hidden unless you show them; whoever is shown a recipient can read the memo that he was sent. What the \
account held before the period and still holds is proven to have been there. Nobody can take back what was seen.

Examples:
  louver wallet book --to Smith --recipient age1... --year 2026 --out alice.book
  louver wallet book --to Smith --recipient age1... --month 2026-11 --show-recipients --out nov
  louver wallet book --request book.request --yes --out answer.book"
)]
pub(super) struct MakeBook {
    #[command(flatten)]
    answer: Answer,
    #[command(flatten)]
    period: PeriodArguments,
    /// Shows the addresses of those whom the account paid, and with them the memos that they were sent
    #[arg(long)]
    show_recipients: bool,
    /// Makes no proofs for what the account held before the period and still holds: the reader has the book before, which hands
    /// it on
    #[arg(long)]
    no_opening_proofs: bool,
    /// The purpose of the book
    #[arg(long, default_value = "")]
    purpose: String,
    /// For how many days it may be presented. Nobody can take back what was seen by then
    #[arg(long, value_name = "DAYS", default_value_t = 365)]
    days: u32,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
}

impl MakeBook {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open_synced(output)?;
        let schedule = session.client.genesis().terms().schedule;
        let now = session.wallet().time()?;
        file::is_free(&self.out)?;
        let owner = self.answer.owner(place);
        let terms = self.answer.terms(&session, None, self.purpose, self.days, output)?;
        let period = Period::from(self.period);
        let epochs = match &terms.asked {
            Asked::Challenge(challenge) => match challenge.demand() {
                Demand::Book { epochs } if period == Period::default() => *epochs,
                Demand::Book { .. } => period.epochs(&schedule, now).map_err(Failure::usage)?,
                other => return Err(disclosing::asked_for(other)),
            },
            _ => period.epochs(&schedule, now).map_err(Failure::usage)?,
        };
        let recipients = if self.show_recipients { Recipients::Shown } else { Recipients::Hidden };
        let proofs = if self.no_opening_proofs { OpeningProofs::Omitted } else { OpeningProofs::Made };
        let wanted = WantedBook { epochs, recipients, proofs };
        let watch = Line::watch(output, "reading the blocks again");
        let request = block_on(session.book_request(place.account(), wanted, terms, watch));
        let mut request = request.map_err(|failure| proving::failed(failure, &session.assets))?;
        let listed = request.before.iter().filter(|held| matches!(held, HeldBefore::Listed(_))).count();
        if listed > 0 && proofs == OpeningProofs::Made {
            output.note(format!(
                "the chain has not taken a snapshot at the beginning of the period yet, so {listed} notes from before it are \
                 listed without a proof: the reader takes them from the book before, or leaves them out of every balance"
            ));
        }
        let is_proven = request.before.len() > listed;
        let mut wallet = session.wallet();
        let account = wallet.account(place.account())?;
        let account_id = wallet.account_id(account).to_string();
        let viewing = account.full_viewing_key();
        for txid in request.leave_out_unopened(viewing) {
            output.note(format!(
                "transaction {txid} cannot be opened: this wallet does not know all of it. The reader will see that it is \
                 missing"
            ));
        }
        let key = Secrets::new(&self.passphrase).spending(&wallet)?.authorizing_key(account)?;
        let prover = prover(&session, is_proven, output)?;
        let mut line = Line::new(output, "proving");
        let book =
            request.make(viewing, &key, &prover, &mut line, &mut rand::rng()).map_err(
                |error| match error {
                    MakeBookError::Terms(error) => Failure::input(error),
                    error => Failure::wallet("not_opened", error),
                },
            )?;
        drop(line);
        let sealed = book.to_file().map_err(Failure::input)?;
        hand_over(&mut wallet, &owner.booked(&book), &self.out, &sealed)?;
        drop(wallet);
        let places = block_on(session.places_of(place.account(), &book)).map_err(Failure::storage)?;
        let proof = offline::hand_out(&session.client, &Proven::Book(&book, places), &self.out, output);
        let written = BookWritten {
            file: self.out.display().to_string(),
            account_id,
            auditor: book.reader().name.clone(),
            recipient: book.reader().recipient.clone().unwrap_or_default(),
            expires: Moment::new(book.expires()),
            first_epoch: epochs.first().0,
            last_epoch: epochs.last().0,
            period: schedule.name_range(epochs),
            transactions: book.transactions().len() as u64,
            receipts: book.receipts().len() as u64,
            proof,
        };
        output.result(&written, || {
            let opens = format!(
                "{} opens {} transactions and {} receipts of {}, to {} alone, who holds the key {}",
                written.file,
                written.transactions,
                written.receipts,
                written.period,
                visible(&written.auditor),
                written.recipient,
            );
            match &written.proof {
                Some(proof) => format!("{opens}. With {} it is checked without a node", proof.file),
                None => opens,
            }
        });
        if schedule.is_endless() {
            output.note("this chain does not cut time into months: the book covers all time");
        }
        Ok(())
    }
}

/// A prover of everything that is in a book.
fn prover(session: &Session, unspent: bool, output: Output) -> Result<DisclosureProver, Failure> {
    let openings = InputCount::ALL.map(Statement::TransactionOpening);
    let unspent = unspent.then_some(Statement::Unspent);
    let statements: Vec<_> = Statement::NEEDED.into_iter().chain(openings).chain(unspent).collect();
    keys::disclosures_of(&keys::of(&session.client)?, &statements, &session.client, output)
}
