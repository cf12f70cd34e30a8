//! Books, which open everything that an account did in a month, so that their reader adds up.

use louver_client::book::BookScan;
use louver_core::{
    disclosure::{InputCount, Statement},
    encoding::Encode,
    epoch::{Epoch, EpochRange},
    keys::{FullViewingKey, SpendAuthorizingKey},
    proof::Proof,
    secret::{ExposeBytes, Secret},
    spec::Fj,
};
use louver_viewkeys::{
    auditor::ReaderKeys,
    book::{Book, BookRequest, HeldBefore, ReceivedNote, Recipients, VerifiedBook, words},
    refusal::Refusal,
    signed::Reading,
};
use louver_wallet::history::OutputKind;
use pollster::block_on;

use super::{Owner, answer, judged, no_proof, payment::RENT};
use crate::{
    demo::{
        cast::Person,
        months::FIRST_MONTH,
        oversight::{AUDITOR, first_month},
        play::Play,
        resign::sign_again,
        stage::{Answer, Forgery, Step},
    },
    exit::Failure,
    wallet::session::FIRST,
};

/// Forgeries of books.
pub(super) const FORGERIES: [Forgery; 14] = [
    Forgery {
        rule: "book-scan",
        by: "reader",
        name: "a book beside a reading of the ledger with other keys",
    },
    Forgery { rule: "book-before", by: "reader", name: "a book joined to another account's" },
    Forgery {
        rule: "book-place",
        by: "reader",
        name: "a transaction that is not on the ledger, signed again",
    },
    Forgery { rule: "book-twice", by: "reader", name: "one transaction booked twice" },
    Forgery {
        rule: "book-shape",
        by: "reader",
        name: "a receipt by an output that is not there, signed again",
    },
    Forgery { rule: "book-opening", by: "reader", name: "26 LVR paid where 25 were, signed again" },
    Forgery { rule: "book-balance", by: "reader", name: "less change than came back, signed again" },
    Forgery { rule: "book-proof", by: "reader", name: "an honest book's proofs under another signing key" },
    Forgery { rule: "book-missing", by: "reader", name: "a payment left out of the book, signed again" },
    Forgery { rule: "book-earlier", by: "wallet", name: "a note of this month as one from before" },
    Forgery { rule: "book-maker", by: "wallet", name: "Alice's transactions in Bob's book" },
    Forgery { rule: "book-receipt", by: "wallet", name: "Alice's change as income" },
    Forgery { rule: "book-months", by: "wallet", name: "last month's transactions in this month's book" },
    Forgery { rule: "book-unopened", by: "wallet", name: "a transaction without one of its notes" },
];

/// A book with everything by which it was made.
struct Made {
    request: BookRequest,
    book: Book,
    proofs: Vec<Proof>,
    alpha: Secret<Fj>,
}

impl Play {
    /// Alice and Bob show an auditor their books of the month.
    pub(super) fn show_by_book(&mut self) -> Result<(), Failure> {
        let needed = Statement::TransactionOpening(InputCount::Two);
        if self.prover.keys().newest(needed).is_err() {
            return Ok(());
        }
        self.outlive(FIRST_MONTH)?;
        let month = first_month()?;
        let (alice, bob) = (self.book_of(|play| &play.alice, month)?, self.book_of(|play| &play.bob, month)?);
        let ledger = self.ledger()?;
        let reading = Reading { keys: Some(ReaderKeys::of(&self.auditor)), ..self.expects(&ledger, AUDITOR) };
        let sealed = alice.book.seal().map_err(Failure::input)?;
        let opened = Book::open(&sealed, Some(&self.auditor)).map_err(Failure::input)?;
        let scan = self.scan(&opened)?;
        let connection = self.client.connection();
        let verify = |book: &Book, scan: &BookScan, before: Option<&VerifiedBook>| {
            connection.verify_book(book, scan, &reading, before, &self.verifier)
        };
        let verified = verify(&opened, &scan, None).map_err(Failure::expectation)?;
        let bobs_scan = self.scan(&bob.book)?;
        let of_bob = verify(&bob.book, &bobs_scan, None).map_err(Failure::expectation)?;
        self.stage.verified += 2;
        self.stage.tell(&Step {
            name: "book",
            title: format!("Alice shows her auditor her book of {}, and Bob his", self.name(FIRST_MONTH)),
            proves: "no transaction of the account is missing, and every amount is the ledger's",
            public: "nothing: a book is a file between the two",
        });
        let balances = verified.accounts.iter().map(|account| words::balance(account, &self.assets));
        let text = format!("{}\n{}", words::conclusion(&verified), balances.collect::<Vec<_>>().join("\n"));
        self.stage.show(&text, "book", &verified);
        let complete = verified.accounts.iter().all(|account| account.closing.is_some());
        self.stage.expect("Alice's book closes", complete && !verified.accounts.is_empty());

        // Each book is read with a scan of its own, as its signature is another one.
        let judge = |book: &Book| match self.scan(book) {
            Ok(scan) => concluded(verify(book, &scan, None)),
            Err(failure) => Answer { rule: None, word: failure.message },
        };
        let owner = self.alice_with(&alice.alpha)?;
        let mut answers = vec![
            ("book-scan", answer(verify(&opened, &bobs_scan, None))),
            ("book-before", answer(verify(&opened, &scan, Some(&of_bob)))),
        ];
        let bytes = alice.book.expose_bytes();
        let paid = alice.request.made.last().ok_or_else(|| Failure::expectation("a payment"))?;
        let (_, change) = self.alice.latest(OutputKind::Change, self.lvr)?;
        let amount = |value: u64| [&self.lvr.to_bytes()[..], &value.to_le_bytes()].concat();
        for (rule, part, other) in [
            ("book-place", paid.txid.to_bytes(), vec![9; 32]),
            ("book-opening", amount(RENT.0), amount(26_000_000)),
            ("book-balance", amount(change.value.0), amount(change.value.0 - 1)),
        ] {
            let altered = owner.alters(&bytes, &part, &other)?;
            answers.push((rule, judged(&altered, |book| judge(&book))));
        }
        let came = bob.request.received.first().ok_or_else(|| Failure::expectation("a receipt"))?;
        let output = |index: u8| [&came.txid.to_bytes()[..], &[index]].concat();
        let by_bob = Owner {
            viewing: self.bob.viewing()?,
            key: self.bob.authorizing_key()?,
            alpha: bob.alpha.clone(),
        };
        let shapeless = by_bob.alters(&bob.book.expose_bytes(), &output(came.note.index()), &output(9))?;
        answers.push(("book-shape", judged(&shapeless, |book| judge(&book))));
        let mut twice = alice.request.clone();
        twice.made.extend(alice.request.made.last().cloned());
        answers.push(("book-twice", judge(&sign(&twice, &owner, None)?)));
        answers.push(("book-proof", judge(&sign(&alice.request, &owner, Some(&alice.proofs))?)));
        answers.push(("book-missing", judged(&without_the_last(&alice, &owner)?, |book| judge(&book))));
        answers.extend(self.no_books(&alice)?);
        self.stage.forgeries(&FORGERIES, answers);
        Ok(())
    }

    /// Somebody's honest book of a month.
    fn book_of(&mut self, whose: impl Fn(&Self) -> &Person, month: EpochRange) -> Result<Made, Failure> {
        let person = whose(self);
        let material = person.session.wallet().book_material(FIRST, month)?;
        let terms = self.unasked(AUDITOR, Some(&self.auditor));
        let connection = self.client.connection();
        let request = block_on(connection.book_request(material, terms, month, Recipients::Shown))?;
        let (viewing, key) = (person.viewing()?, person.authorizing_key()?);
        let draft = request.draft(&viewing, &mut rand::rng()).map_err(Failure::input)?;
        let alpha = draft.opening().alpha.clone();
        self.stage.busy(&format!("proving a book: {} proofs", draft.statements().len()));
        let statements = draft.statements().iter();
        let proofs: Result<Vec<_>, _> =
            statements.map(|statement| statement.prove(&self.disclosures, draft.opening())).collect();
        let proofs = proofs.map_err(Failure::input)?;
        let book = draft.sign(proofs.clone(), &key, &mut rand::rng()).map_err(Failure::input)?;
        self.stage.proofs += proofs.len();
        Ok(Made { request, book, proofs, alpha })
    }

    /// The auditor reads the ledger for a book.
    fn scan(&self, book: &Book) -> Result<BookScan, Failure> {
        Ok(block_on(self.client.connection().scan_for_book(book, None))?)
    }

    /// Books that no wallet makes.
    fn no_books(&self, alice: &Made) -> Result<Vec<(&'static str, Answer)>, Failure> {
        let (viewing, bob) = (self.alice.viewing()?, self.bob.viewing()?);
        let mut outputs =
            alice.request.made.iter().flat_map(|made| made.outputs.iter().map(move |note| (made, note)));
        let (made, own) = outputs
            .rfind(|(_, note)| is_own(&viewing, alice, note))
            .ok_or_else(|| Failure::expectation("change"))?;
        let (txid, spend_tag, own) = (made.txid, made.effects.spend_tag(), own.clone());
        let next = Epoch(FIRST_MONTH.0 + 1);
        let next = EpochRange::new(next, next).ok_or_else(|| Failure::input("months"))?;
        let mut unopened = alice.request.clone();
        unopened.made.iter_mut().for_each(|made| made.outputs.clear());
        let request = || alice.request.clone();
        let before = vec![HeldBefore::Listed(own.clone())];
        let received = vec![ReceivedNote { txid, spend_tag, note: own }];
        let wrong = [
            ("book-earlier", &viewing, BookRequest { before, ..request() }),
            ("book-maker", &bob, request()),
            ("book-receipt", &viewing, BookRequest { received, ..request() }),
            ("book-months", &viewing, BookRequest { epochs: next, ..request() }),
            ("book-unopened", &viewing, unopened),
        ];
        let make = |(rule, viewing, request): (_, &FullViewingKey, BookRequest)| {
            (rule, answer(request.draft(viewing, &mut rand::rng())))
        };
        Ok(wrong.into_iter().map(make).collect())
    }
}

/// Whether a note is the account's own.
fn is_own(viewing: &FullViewingKey, made: &Made, note: &louver_core::note::Note) -> bool {
    viewing.epoch_keys(made.book.pool(), note.epoch()).direction_of(note.to()).is_some()
}

/// A book with these proofs, or with none where it is refused before they are looked at.
fn sign(request: &BookRequest, owner: &Owner, proofs: Option<&[Proof]>) -> Result<Book, Failure> {
    let draft = request.draft(&owner.viewing, &mut rand::rng()).map_err(Failure::input)?;
    let none = draft.statements().iter().map(|_| no_proof());
    let proofs = proofs.map_or_else(|| none.collect(), <[Proof]>::to_vec);
    let key: &SpendAuthorizingKey = &owner.key;
    draft.sign(proofs, key, &mut rand::rng()).map_err(Failure::input)
}

/// The book without its last transaction: the transactions come before the receipts and the opening notes, of which there are
/// none.
fn without_the_last(made: &Made, owner: &Owner) -> Result<Vec<u8>, Failure> {
    let lacks = || Failure::expectation("a book of two transactions");
    let bytes = made.book.expose_bytes();
    let [.., first, last] = &made.request.made[..] else { return Err(lacks()) };
    let find = |part: &[u8]| bytes.windows(part.len()).position(|window| window == part).ok_or_else(lacks);
    let (begin, cut) = (find(&first.txid.to_bytes())?, find(&last.txid.to_bytes())?);
    // Two empty lists and the signature.
    let rest = bytes.len().checked_sub(4 + 4 + 64).ok_or_else(lacks)?;
    let mut shorter = [bytes.get(..cut).ok_or_else(lacks)?, bytes.get(rest..).ok_or_else(lacks)?].concat();
    let count = begin.checked_sub(4).and_then(|count| shorter.get_mut(count..begin)).ok_or_else(lacks)?;
    count.copy_from_slice(&1u32.to_le_bytes());
    sign_again(&mut shorter, &owner.viewing, &owner.key, &owner.alpha)?;
    Ok(shorter)
}

/// The answer to a book: why it is refused; or if it is taken, what its verdict says that it hides.
fn concluded(verdict: Result<VerifiedBook, louver_viewkeys::book::BookError>) -> Answer {
    let verified = match verdict {
        Ok(verified) => verified,
        Err(error) => return answer::<(), _>(Err(error)),
    };
    let named = verified.findings.iter().find_map(|found| Some((found, found.finding.rule()?)));
    match named {
        Some((found, rule)) => {
            let label = words::label(found.mark);
            Answer {
                rule: Some(rule),
                word: format!("{label}: the verdict names the transaction, and no balance closes"),
            }
        }
        None => Answer { rule: None, word: "the verdict names nothing".to_owned() },
    }
}
