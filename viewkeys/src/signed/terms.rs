use core::{fmt, ops::ControlFlow};

use age::x25519::Recipient;
use louver_core::{
    disclosure::{AccountOpening, Randomized},
    keys::{FullViewingKey, SigningError, SpendAuthorizingKey, SpendSignature},
    pool::{GenesisHash, PoolId, PoolTag},
    proof::{Progress, Proof},
    text::without_space,
};
use rand_core::CryptoRng;
use thiserror::Error;

use super::{About, Asked, Body, MAX_NAME, MAX_PURPOSE, ReaderId, Signed};
use crate::{
    account::random_alpha,
    challenge::{Challenge, ChallengeError, Shortfall},
    text,
};

/// The terms on which something is disclosed: for whom, for what and until when.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The chain.
    pub genesis: GenesisHash,
    /// The pool.
    pub pool: PoolId,
    /// The reader: a name of at most 256 bytes that is not empty, and the key that it is sealed to, if it is. White space
    /// around the name does not count.
    pub reader: ReaderId,
    /// The question that it answers. A challenge names the reader too.
    pub asked: Asked,
    /// The purpose: at most 512 bytes.
    pub purpose: String,
    /// Now, in seconds since 1970.
    pub issued: u64,
    /// Until when it may be presented, in seconds since 1970.
    pub expires: u64,
}

/// Why nothing can be disclosed on such terms.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TermsError {
    /// The reader's name or the purpose is too long.
    #[error("the {0} is too long")]
    TextTooLong(&'static str),
    /// They name no reader: anybody could show it to anybody.
    #[error("no reader is named: say whom it is for")]
    NoReader,
    /// The recipient is not an `age` X25519 recipient (`age1...`), or there is none for something that has keys in it.
    #[error("the recipient is not an age recipient (age1...)")]
    Recipient,
    /// Another reader is named than the one who asked.
    #[error("another reader is named than the one who asked")]
    OtherReader,
    /// The challenge is not one that can be answered.
    #[error(transparent)]
    Challenge(#[from] ChallengeError),
    /// The answer lacks something of what was asked for.
    #[error("this is less than what was asked for: {0}. Nothing was made")]
    Less(#[from] Shortfall),
    /// It could be shown at no time: it would expire when it is made, or before.
    #[error("it would expire as soon as it is made: give it at least a second")]
    NoValidity,
}

impl Terms {
    /// Terms that answer a challenge: for its reader, and of its chain and pool.
    pub fn answering(challenge: Challenge, purpose: String, issued: u64, expires: u64) -> Self {
        let (genesis, pool) = challenge.place();
        let reader = challenge.reader().clone();
        Self { genesis, pool, reader, asked: Asked::Challenge(Box::new(challenge)), purpose, issued, expires }
    }

    pub(crate) fn pool_tag(&self) -> PoolTag {
        PoolTag::new(&self.genesis, self.pool)
    }

    /// An envelope of a kind without its body, under a fresh key, and the opening of that key.
    pub(crate) fn about<B: Body, R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        rng: &mut R,
    ) -> Result<(About, AccountOpening), TermsError> {
        let name = text::name(&self.reader.name);
        if name.is_empty() {
            return Err(TermsError::NoReader);
        }
        if name.len() > MAX_NAME {
            return Err(TermsError::TextTooLong("reader's name"));
        }
        if self.purpose.len() > MAX_PURPOSE {
            return Err(TermsError::TextTooLong("purpose"));
        }
        if self.expires <= self.issued {
            return Err(TermsError::NoValidity);
        }
        let recipient = self.reader.recipient.as_deref().map(recipient).transpose()?;
        if B::IS_SECRET && recipient.is_none() {
            return Err(TermsError::Recipient);
        }
        let reader = ReaderId { name, recipient };
        if let Asked::Challenge(challenge) = &self.asked {
            challenge.verify(&self.genesis, self.pool)?;
            if *challenge.reader() != reader {
                return Err(TermsError::OtherReader);
            }
        }
        let (opening, rk) = random_alpha(viewing, rng);
        let about = About {
            genesis: self.genesis,
            pool: self.pool,
            account: viewing.account_id(self.pool_tag()),
            rk,
            reader,
            nonce: self.asked.nonce(),
            purpose: self.purpose.clone(),
            issued: self.issued,
            expires: self.expires,
        };
        Ok((about, opening))
    }
}

/// A recipient as it was typed or copied, in the form in which it is signed.
pub(crate) fn recipient(text: &str) -> Result<String, TermsError> {
    let key: Recipient = without_space(text).parse().map_err(|_| TermsError::Recipient)?;
    Ok(key.to_string())
}

impl About {
    /// The account under its key, as every statement has it.
    pub(crate) fn randomized(&self) -> Randomized {
        Randomized { aid: self.account.to_scalar(), rk: self.rk.coordinates() }
    }
}

/// Why an envelope is not signed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DraftError {
    /// The signing key is another account's.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// A statement would go without its proof, or a proof without a statement.
    #[error("there are {given} proofs for {statements} statements: each needs its own")]
    Proofs {
        /// The number of proofs.
        given: usize,
        /// The number of statements.
        statements: usize,
    },
}

/// An envelope that lacks its proofs and its signature. It holds secrets of the account; its `Debug` shows nothing.
pub struct Draft<B: Body> {
    about: About,
    body: B,
    statements: Vec<B::Statement>,
    opening: AccountOpening,
}

impl<B: Body> Draft<B> {
    pub(crate) fn new(
        (about, opening): (About, AccountOpening),
        body: B,
        statements: Vec<B::Statement>,
    ) -> Self {
        Self { about, body, statements, opening }
    }

    /// The statements to prove.
    pub fn statements(&self) -> &[B::Statement] {
        &self.statements
    }

    /// The body, for tests of owners who say something else than they prove.
    #[cfg(test)]
    pub(crate) fn body_mut(&mut self) -> &mut B {
        &mut self.body
    }

    /// The opening of the account in each statement.
    pub fn opening(&self) -> &AccountOpening {
        &self.opening
    }

    /// Proves the statements in their order. `progress` hears of each, and of its parts as far as `prove` reports them; it may
    /// stop the work between two, which is the error `stopped`.
    pub(crate) fn prove_each<E>(
        &self,
        progress: &mut dyn Progress,
        stopped: impl FnOnce() -> E,
        mut prove: impl FnMut(&B::Statement, &mut dyn Progress) -> Result<Proof, E>,
    ) -> Result<Vec<Proof>, E> {
        let count = u32::try_from(self.statements.len()).unwrap_or(u32::MAX);
        let mut proofs = Vec::with_capacity(self.statements.len());
        for (index, statement) in (0..).zip(&self.statements) {
            if progress.report(index, count).is_break() {
                return Err(stopped());
            }
            proofs.push(prove(statement, &mut Part { all: progress, index, count })?);
        }
        let _ = progress.report(count, count);
        Ok(proofs)
    }

    /// Signs the envelope with its proofs: one for each statement, in their order.
    ///
    /// # Errors
    /// [`DraftError`] if `signer` is another account's, or there is not one proof for each statement.
    pub fn sign<R: CryptoRng>(
        self,
        proofs: Vec<Proof>,
        signer: &SpendAuthorizingKey,
        rng: &mut R,
    ) -> Result<Signed<B>, DraftError> {
        if proofs.len() != self.statements.len() {
            return Err(DraftError::Proofs { given: proofs.len(), statements: self.statements.len() });
        }
        Ok(self.sign_as_it_is(proofs, signer, rng)?)
    }

    /// Signs the envelope with whatever proofs there are.
    pub(crate) fn sign_as_it_is<R: CryptoRng>(
        self,
        proofs: Vec<Proof>,
        signer: &SpendAuthorizingKey,
        rng: &mut R,
    ) -> Result<Signed<B>, SigningError> {
        let Self { about, mut body, opening, .. } = self;
        body.set_proofs(proofs);
        let mut signed = Signed { about, body, signature: SpendSignature::from_array([0; 64]) };
        let message = signed.message();
        signed.signature = signer.sign(opening.alpha.expose(), &signed.about.rk, &message, rng)?;
        Ok(signed)
    }
}

/// The progress of one proof among several.
struct Part<'a> {
    all: &'a mut dyn Progress,
    index: u32,
    count: u32,
}

impl Progress for Part<'_> {
    fn report(&mut self, done: u32, total: u32) -> ControlFlow<()> {
        let done = self.index.saturating_mul(total).saturating_add(done);
        self.all.report(done, self.count.saturating_mul(total))
    }
}

impl<B: Body> fmt::Debug for Draft<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Draft(..)")
    }
}
