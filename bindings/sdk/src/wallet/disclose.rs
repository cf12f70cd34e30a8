//! Disclosures to others.

use std::sync::Arc;

use louver_circuits::circuit::CircuitId;
use louver_client::{apart::apart, clock, register::Owner, selection::preview};
use louver_core::{encoding::Encode, secret::ExposeBytes};
use louver_viewkeys::{
    challenge::Challenge,
    grant, package,
    signed::{Asked, ReaderId, Terms, seal_to},
};
use louver_wallet::{
    account::AccountNumber,
    register::{Disclosure, DisclosureId},
};

use super::Wallet;
use crate::{
    Circuit, Detail, DiscloseError, DisclosureRegister, GrantRequest, PackageChoice, PackageRequest,
    PreviewedPayment, Prover, ProverError, SpendingKeys, StatementRequest, WalletError, Watch, challenge,
    disclosure::bytes32, watch::watched,
};

const DAY: u64 = 86_400;

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Wallet {
    /// Makes a viewing grant, sealed to its reader: a file to hand over. Its keys open exactly what the request says,
    /// and nothing else. The wallet records it before it is returned ([`Wallet::disclosures`]).
    pub async fn grant(
        &self,
        account: u32,
        request: GrantRequest,
        keys: Arc<SpendingKeys>,
        prover: Arc<Prover>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Vec<u8>, DiscloseError> {
        let scope = request.scope()?;
        let challenge = request.challenge.as_deref().map(challenge::read).transpose()?;
        let (purpose, days) = (request.purpose, request.days);
        if challenge.is_none() {
            let recipient = request.recipient.trim().parse::<age::x25519::Recipient>();
            recipient.map_err(|_| DiscloseError::Recipient)?;
        }
        let reader = ReaderId { name: request.auditor, recipient: Some(request.recipient) };
        let terms = self.terms(challenge, reader, Asked::Nothing, (purpose, days));
        self.prepare(&prover, watch.clone()).await?;
        let request = grant::GrantRequest { terms, scope };
        let owner = owner(account);
        let account = self.account(account).await?;
        let key = signing_key(&keys, &account)?;
        let draft = apart(move || request.draft(account.full_viewing_key(), &mut rand::rng())).await?;
        let proofs = prover.prove_keys(draft.statements(), draft.opening(), watch.as_ref()).await?;
        let (disclosure, sealed) = apart(move || {
            let grant = draft.sign(proofs, &key, &mut rand::rng())?;
            Ok::<_, DiscloseError>((owner.granted(&grant), grant.seal()?))
        })
        .await?;
        self.record(disclosure).await?;
        Ok(sealed)
    }

    /// The view that a reader will get of the payments, deposits and withdrawals that a request takes: exactly what
    /// [`Wallet::disclose`] opens of it as long as the wallet is not synchronised in between. Show it before.
    pub async fn preview_disclosure(
        &self,
        account: u32,
        choice: PackageChoice,
        detail: Detail,
    ) -> Result<Vec<PreviewedPayment>, DiscloseError> {
        let chosen = self.choose(account, choice, &detail).await?;
        let seen = self.0.with(move |engine| preview(engine, AccountNumber(account), &chosen)).await;
        Ok(seen.map_err(WalletError::from)?.iter().map(PreviewedPayment::of).collect())
    }

    /// Opens payments, deposits and withdrawals to somebody, with proofs that the account made or received them. Returns a
    /// file to hand over. The wallet records it before it is returned ([`Wallet::disclosures`]).
    pub async fn disclose(
        &self,
        account: u32,
        request: PackageRequest,
        keys: Arc<SpendingKeys>,
        prover: Arc<Prover>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Vec<u8>, DiscloseError> {
        let asked = asked(request.nonce.as_deref())?;
        let challenge = request.challenge.as_deref().map(challenge::read).transpose()?;
        self.prepare(&prover, watch.clone()).await?;
        let chosen = self.choose(account, request.choice, &request.detail).await?;
        let reader = ReaderId { name: request.auditor, recipient: request.recipient };
        let terms = self.terms(challenge, reader, asked, (request.purpose, request.days));
        let request = package::PackageRequest { terms, chosen };
        let owner = owner(account);
        let account = self.account(account).await?;
        let key = signing_key(&keys, &account)?;
        let draft = apart(move || request.draft(account.full_viewing_key(), &mut rand::rng())).await?;
        let proofs = prover.prove_notes(draft.statements(), draft.opening(), watch.as_ref()).await?;
        let package = draft.sign(proofs, &key, &mut rand::rng())?;
        let file = package.to_file()?;
        self.record(owner.packed(&package)).await?;
        Ok(file)
    }

    /// The disclosures that an account made with this wallet, the latest first. A restored wallet does not know what was shown
    /// before: [`DisclosureRegister::is_whole`] says so.
    pub async fn disclosures(&self, account: u32) -> Result<DisclosureRegister, WalletError> {
        let register = self.0.with(move |engine| engine.disclosures(AccountNumber(account))).await?;
        Ok(DisclosureRegister::of(register))
    }

    /// Gives a record of the register a label of at most 256 bytes, which no reader sees.
    pub async fn label_disclosure(&self, number: u64, label: String) -> Result<(), WalletError> {
        self.0.change(move |engine| Ok(engine.label_disclosure(DisclosureId(number), &label)?)).await
    }

    /// Proves one sentence about an account to somebody, and shows nothing else. Returns a file to hand over; the wallet records
    /// it before ([`Wallet::disclosures`]). Synchronise the wallet first. The node learns which snapshot is meant, and of each
    /// note that counts some first bits of what spending it would show.
    pub async fn prove_statement(
        &self,
        account: u32,
        request: StatementRequest,
        keys: Arc<SpendingKeys>,
        prover: Arc<Prover>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Vec<u8>, DiscloseError> {
        let asked = asked(request.nonce.as_deref())?;
        let challenge = request.challenge.as_deref().map(challenge::read).transpose()?;
        let wanted = request.claim.wanted()?;
        let reader = ReaderId { name: request.auditor, recipient: request.recipient };
        let terms = self.terms(challenge, reader, asked, (request.purpose, request.days));
        let (number, owner) = (AccountNumber(account), owner(account));
        let request = self.0.session.statement_request(number, wanted, terms, watched(watch.clone())).await?;
        let circuit = CircuitId::Disclosure(request.shows.circuit()).into();
        let account = self.account(account).await?;
        let key = signing_key(&keys, &account)?;
        // A statement that is not true is refused before its key is fetched.
        let draft = apart(move || request.draft(account.full_viewing_key(), &mut rand::rng())).await?;
        // A prover of disclosures needs the keys that every chain has, whichever statement it proves.
        self.prepare(&prover, watch.clone()).await?;
        prover.prepare(circuit, self.0.node.clone(), watch.clone()).await?;
        let proofs = prover.prove_statements(draft.statements(), draft.opening(), watch.as_ref()).await?;
        let statement = draft.sign(proofs, &key, &mut rand::rng())?;
        let file = statement.to_file()?;
        self.record(owner.stated(&statement)).await?;
        Ok(file)
    }

    /// The file by which a reader without a node checks the package that [`Wallet::disclose`] makes of the same request, under
    /// the newest block. Hand it over beside the package. It shows which transactions are of one account: it is sealed to the
    /// reader to whom the package is sealed, and lies open beside an open package. A reader who can read the package makes it
    /// anew later ([`crate::Package::prove`]). Whole
    /// blocks are fetched, with decoys, so that the node does not learn which payments it is about.
    pub async fn disclosure_proof(
        &self,
        account: u32,
        request: PackageRequest,
    ) -> Result<Vec<u8>, DiscloseError> {
        let challenge = request.challenge.as_deref().map(challenge::read).transpose()?;
        let recipient = match challenge {
            Some(challenge) => challenge.reader().recipient.clone(),
            None => request.recipient,
        };
        let chosen = self.choose(account, request.choice, &request.detail).await?;
        let wanted = chosen.iter().map(|chosen| (chosen.height, chosen.txid)).collect();
        let named = chosen.iter().filter_map(|chosen| match &chosen.what {
            package::What::Note { note, .. } => Some(note.asset()),
            package::What::Crossing(_) => None,
        });
        let secret = self.account(account).await?.full_viewing_key().expose_bytes();
        let made = self.0.node.connection().offline_proof_of(&wanted, named.collect(), &secret[..]).await;
        // A transaction that the wallet knows is there as soon as its block is final.
        let proof = made.map_err(ProverError::from)?.ok_or(DiscloseError::NotMined)?.to_bytes();
        match recipient {
            None => Ok(proof),
            Some(recipient) => Ok(seal_to(recipient.trim(), &proof)?),
        }
    }
}

/// A number that stands in place of a challenge.
fn asked(nonce: Option<&str>) -> Result<Asked, DiscloseError> {
    let wrong = || DiscloseError::Hexadecimal { what: "nonce".to_owned() };
    nonce.map_or(Ok(Asked::Nothing), |nonce| bytes32(nonce).map(Asked::Nonce).ok_or_else(wrong))
}

impl Wallet {
    /// The payments that a request opens.
    async fn choose(
        &self,
        account: u32,
        choice: PackageChoice,
        detail: &Detail,
    ) -> Result<Vec<package::Chosen>, DiscloseError> {
        let (choice, show, number) = (choice.read()?, detail.show()?, AccountNumber(account));
        let chosen = self.0.with(move |engine| choice.take(engine, number, show)).await?;
        if chosen.is_empty() { Err(DiscloseError::Nothing) } else { Ok(chosen) }
    }

    /// The terms of a disclosure that is made now. A challenge that it answers names the reader itself.
    pub(super) fn terms(
        &self,
        challenge: Option<Challenge>,
        reader: ReaderId,
        asked: Asked,
        (purpose, days): (String, u32),
    ) -> Terms {
        let genesis = self.0.node.genesis();
        let issued = clock::now();
        let expires = issued.saturating_add(u64::from(days) * DAY);
        if let Some(challenge) = challenge {
            return Terms::answering(challenge, purpose, issued, expires);
        }
        Terms { genesis: genesis.hash(), pool: genesis.terms().pool, reader, asked, purpose, issued, expires }
    }

    /// Records a disclosure, before anybody gets its file.
    pub(super) async fn record(&self, disclosure: Disclosure) -> Result<(), WalletError> {
        self.0.change(move |engine| Ok(engine.record_disclosure(&disclosure).map(drop)?)).await
    }

    async fn prepare(&self, prover: &Prover, watch: Option<Arc<dyn Watch>>) -> Result<(), DiscloseError> {
        for circuit in [Circuit::AccountKeys, Circuit::NoteOpening] {
            prover.prepare(circuit, self.0.node.clone(), watch.clone()).await?;
        }
        Ok(())
    }

    pub(super) async fn account(&self, number: u32) -> Result<louver_wallet::account::Account, WalletError> {
        self.0.with(move |engine| Ok(engine.account(AccountNumber(number))?.clone())).await
    }
}

/// The owner's side of what an account discloses. It gets its label later.
pub(super) fn owner(account: u32) -> Owner {
    Owner { account: AccountNumber(account), label: String::new() }
}

pub(super) fn signing_key(
    keys: &SpendingKeys,
    account: &louver_wallet::account::Account,
) -> Result<louver_core::keys::SpendAuthorizingKey, DiscloseError> {
    Ok(keys.keys.authorizing_key(account).map_err(WalletError::from)?)
}
