use std::path::Path;

use louver_chain::{Account, Action, ChainTransaction, Deed, Operation, SignedAct};
use louver_circuits::keyset::NamedKeys;
use louver_core::{
    encoding::{Decode, DecodeError, Encode},
    ledger::{NewRules, Quorum},
    transaction::{Fee, PublicSide, Transaction},
};

use serde_json::Value;

use super::Facts;
use crate::{chain::told, exit::Failure, file};

/// A transaction from hexadecimal digits or from a file.
pub(super) fn facts_of_argument(argument: &str) -> Result<Facts, Failure> {
    let bytes = match hex::decode(argument) {
        Ok(bytes) if !bytes.is_empty() => zeroize::Zeroizing::new(bytes),
        _ => file::read(Path::new(argument))?,
    };
    read(&bytes).map_err(Failure::input)
}

/// A transaction as blocks carry it, or a shielded one by itself.
pub(super) fn read(bytes: &[u8]) -> Result<Facts, DecodeError> {
    match ChainTransaction::from_bytes(bytes) {
        Ok(transaction) => Ok(chain_transaction(&transaction)),
        // Both encodings begin with a byte of 1. For a broken one, the error of the longer reading is reported.
        Err(first) => {
            Transaction::from_bytes(bytes).map(|transaction| shielded(&transaction)).map_err(|_| first)
        }
    }
}

pub(super) fn chain_transaction(transaction: &ChainTransaction) -> Facts {
    match transaction {
        ChainTransaction::Shielded(transaction) => shielded(transaction),
        ChainTransaction::Transparent(operation) => transparent(operation),
        ChainTransaction::Act(signed) => act(signed),
    }
}

/// Everything that the public sees of a shielded transaction.
pub(super) fn shielded(transaction: &Transaction) -> Facts {
    let (effects, authorization) = (transaction.effects(), transaction.authorization());
    let outputs = effects.outputs().iter().map(|output| hex::encode(output.cm.to_bytes()));
    Facts::of("shielded transaction")
        .with("bytes", transaction.to_bytes().len())
        .with("pool", effects.pool().0)
        .with("rules_version", effects.rules().0)
        .with("shape", effects.shape().name())
        .with("period_number", effects.epoch().0)
        .with("expiry_height", effects.expiry_height())
        .with("public_side", side(effects.public_side()))
        .with("fee", fee(effects.fee()))
        .with("spend_tag", hex::encode(effects.spend_tag().to_bytes()))
        .with(
            "nullifiers",
            effects.nullifiers().iter().map(|nf| hex::encode(nf.to_bytes())).collect::<Vec<_>>(),
        )
        .with("commitments", outputs.collect::<Vec<_>>())
        .with("anchor", hex::encode(authorization.anchor().to_bytes()))
        .with("proof", hex::encode(authorization.proof().as_bytes()))
        .with("randomized_key", hex::encode(effects.rk().to_array()))
}

fn fee(fee: Fee) -> String {
    match fee.amount().0 {
        0 => "none".to_owned(),
        amount => format!("{amount} units of #{}", fee.asset()),
    }
}

fn side(side: &PublicSide) -> String {
    match side {
        PublicSide::Internal => "internal: asset, amount and parties are hidden".to_owned(),
        PublicSide::Deposit { asset, amount, payer } => {
            format!("deposit of {amount} units of #{asset} by {}", Account::from(*payer))
        }
        PublicSide::Withdrawal { asset, amount, recipient } => {
            format!("withdrawal of {amount} units of #{asset} to {}", Account::from(*recipient))
        }
    }
}

/// Everything about an act, signed or not yet.
pub(crate) fn act(signed: &SignedAct) -> Facts {
    let act = signed.act();
    let key = |key: &[u8; 32]| Account(*key).to_string();
    let keys = |quorum: &Quorum| {
        let keys: Vec<_> = quorum.keys().iter().map(|held| key(held.as_bytes())).collect();
        format!("{} of {}", quorum.needed(), keys.join(", "))
    };
    let deed = match &act.deed {
        Deed::EnterAuditor { number, entry, overlap } => {
            let committee = match entry.read() {
                Ok(entry) => {
                    let (terms, transcript) = (entry.terms(), hex::encode(entry.transcript()));
                    format!("opened by {} of {}, transcript {transcript}", terms.threshold(), terms.size())
                }
                Err(error) => format!("damaged ({error}), so that the chain refuses the act"),
            };
            format!(
                "auditor key {number} enters: {committee}, the key before it serves for {overlap} blocks more"
            )
        }
        Deed::EndAuditor { number } => format!("auditor key {number} ends"),
        Deed::SwitchOff { rules } => format!("rules version {} is switched off", rules.0),
        Deed::AddRules(new) => format!("rules version {} is added", new.version.0),
        Deed::RotateGuardians(quorum) => format!("the guardians become {}", keys(quorum)),
        Deed::RotateAuthorities(quorum) => format!("the authorities become {}", keys(quorum)),
    };
    let signers: Vec<_> = signed.signatures().iter().map(|signature| key(&signature.signer)).collect();
    let facts = Facts::of("act").with("act", deed);
    let facts = match &act.deed {
        Deed::AddRules(new) => facts.with("circuits", circuits(new)),
        _ => facts,
    };
    facts.with("by", act.deed.speakers().all()).with("after_change", act.sequence).with("signed_by", signers)
}

/// Each circuit of a rules version with the hashes of its keys, and where they come from: whoever signs the act answers for
/// them.
fn circuits(new: &NewRules) -> Vec<Value> {
    let named = new.from(0);
    let circuit = |key: NamedKeys| {
        let from = match key.is_development() {
            true => "development: anybody can forge proofs under this key",
            false => "not this build: compare both hashes with what the ceremony published",
        };
        let mut circuit = told(&key);
        circuit["keys_from"] = from.into();
        circuit
    };
    NamedKeys::of_rules(&named).map(circuit).collect()
}

fn transparent(operation: &Operation) -> Facts {
    let body = operation.body();
    let action = match &body.action {
        Action::Transfer { asset, amount, to } => {
            format!("transfer of {amount} units of #{asset} to {to}")
        }
        Action::Mint { asset, amount, to } => format!("mint of {amount} units of #{asset} to {to}"),
        Action::RegisterAsset { symbol, decimals, .. } => {
            format!("registration of {symbol} with {decimals} decimals")
        }
        Action::Announce { kind, subject, hash } => {
            let (subject, hash) = (hex::encode(subject), hex::encode(hash));
            format!("announcement of the {} {hash} about {subject}", kind.name())
        }
    };
    Facts::of("transparent operation")
        .with("sender", body.sender.to_string())
        .with("nonce", body.nonce)
        .with("fee", fee(body.fee))
        .with("action", action)
}

#[cfg(test)]
mod tests {
    use louver_chain::Act;
    use louver_circuits::keyset::development_rules;
    use louver_core::{ledger::RulesTerms, pool::RulesVersion};

    use super::*;

    /// Attacker: whoever has guardians sign an act that adds keys with which he can forge proofs.
    #[test]
    fn who_signs_new_rules_sees_each_circuit_and_its_keys() {
        let RulesTerms { shapes, disclosures, .. } = development_rules().unwrap();
        let mut others = shapes.clone();
        others[0].keys.verifying = [7; 32];
        others[0].keys.proving = [8; 32];
        for (shapes, first_from) in [(shapes, "development"), (others, "not this build")] {
            let new = NewRules { version: RulesVersion(2), shapes, disclosures: disclosures.clone() };
            let named = new.from(0);
            let hashes: Vec<_> = NamedKeys::of_rules(&named).map(|key| key.hashes).collect();
            let act = Act { sequence: 0, deed: Deed::AddRules(new) };
            let facts = act_facts(act);
            let text = facts.text();
            for hash in &hashes {
                assert!(text.contains(&hex::encode(hash.verifying)), "{text}");
                assert!(text.contains(&hex::encode(hash.proving)), "{text}");
            }
            let json = serde_json::to_value(&facts).unwrap();
            assert_eq!(json["circuits"].as_array().unwrap().len(), hashes.len());
            assert!(json["circuits"][0]["keys_from"].as_str().unwrap().starts_with(first_from), "{json}");
        }
    }

    fn act_facts(act: Act) -> Facts {
        super::act(&SignedAct::new(act, Vec::new()))
    }
}
