//! Addresses of an account, and for every clause of `[address-control]` claims that break only that one.

use ff::Field;
use rand_core::Rng;

use super::{AccountOpening, other_key, random_opening, random_pool, randomized};
use crate::{
    address::OwnerTag,
    disclosure::{AddressClaim, DisclosureViolation, account},
    epoch::Epoch,
    poseidon::{Domain, hash},
    spec::Fr,
};

/// A case that breaks one clause.
pub struct AddressBreakage {
    /// The attack.
    pub name: &'static str,
    /// The one clause that fails.
    pub clause: DisclosureViolation,
    /// The claim.
    pub claim: AddressClaim,
    /// The opening of the account.
    pub opening: AccountOpening,
}

/// A random address of a random account.
pub fn address_case(rng: &mut impl Rng) -> (AddressClaim, AccountOpening) {
    case_of(random_opening(rng), rng)
}

fn case_of(opening: AccountOpening, rng: &mut impl Rng) -> (AddressClaim, AccountOpening) {
    let (pool, epoch) = (random_pool(rng), Epoch((rng.next_u32() >> 17) as u16));
    let pk_d_hash = Fr::random(&mut *rng);
    let tag = hash(Domain::Tag, &[account::epoch_keys(&opening, pool, epoch).external_tag, pk_d_hash]);
    let tag = OwnerTag::from_scalar(tag);
    (AddressClaim { account: randomized(&opening, pool), pool, epoch, tag, pk_d_hash }, opening)
}

/// The catalogue: every clause, by who would gain from breaking it.
pub fn address_breakages(rng: &mut impl Rng) -> Vec<AddressBreakage> {
    use DisclosureViolation as Clause;
    let mut found = Vec::new();
    let mut keep = |name, clause, (claim, opening)| {
        found.push(AddressBreakage { name, clause, claim, opening });
    };
    let (mut claim, opening) = address_case(rng);
    claim.account.aid += Fr::ONE;
    keep("under the name of another", Clause::AccountId, (claim, opening));
    let (mut claim, opening) = address_case(rng);
    claim.account.rk = other_key(rng);
    keep("signed by somebody else", Clause::RandomizedKey, (claim, opening));
    let weak = AccountOpening { ak: (Fr::ZERO, -Fr::ONE), ..random_opening(rng) };
    keep("an account that anybody signs for", Clause::SpendAuthority, case_of(weak, rng));

    let ((mut claim, opening), (other, _)) = (address_case(rng), address_case(rng));
    (claim.tag, claim.pk_d_hash) = (other.tag, other.pk_d_hash);
    keep("an address of somebody else", Clause::OwnerTag, (claim, opening));
    let (mut claim, opening) = address_case(rng);
    claim.pk_d_hash += Fr::ONE;
    keep("an address that somebody else reads the payments of", Clause::OwnerTag, (claim, opening));
    let (mut claim, opening) = address_case(rng);
    claim.epoch = Epoch(claim.epoch.0 + 1);
    keep("an address of last month", Clause::OwnerTag, (claim, opening));
    let (mut claim, opening) = address_case(rng);
    let internal = account::epoch_keys(&opening, claim.pool, claim.epoch).internal_tag;
    claim.tag = OwnerTag::from_scalar(hash(Domain::Tag, &[internal, claim.pk_d_hash]));
    keep("where its change goes", Clause::OwnerTag, (claim, opening));
    found
}
