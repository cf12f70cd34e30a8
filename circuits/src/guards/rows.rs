//! The rows of every circuit by name, in the order of the statements.

use louver_core::{
    disclosure::{EPOCHS_PER_PROOF, SUM_BITS, Statement},
    poseidon::Domain,
    shape::Shape,
    tree::LEVELS,
};

use super::{
    catalogue::{Catalogue, Mending},
    program::public,
};
use crate::circuit::CircuitId;

/// Of the statements in runs, rows are guarded for so many notes: more of them are the second one repeated, as tests beside the
/// circuits show.
pub(super) const NOTES: usize = 2;

/// The rows that a circuit should have.
pub(super) fn of(circuit: CircuitId) -> Catalogue {
    let mut rows = Catalogue::default();
    match circuit {
        CircuitId::Transfer(shape) => transfer(&mut rows, shape),
        CircuitId::Disclosure(statement) => match statement {
            Statement::AccountKeys => account_keys(&mut rows),
            Statement::NoteOpening => note_opening(&mut rows),
            Statement::TransactionOpening(inputs) => transaction_opening(&mut rows, inputs.get()),
            Statement::Address => address(&mut rows),
            Statement::Unspent => unspent(&mut rows),
            Statement::Holdings => holdings(&mut rows),
            Statement::Total => total(&mut rows),
        },
    }
    rows
}

/// `[transfer-statement]`
fn transfer(rows: &mut Catalogue, shape: Shape) {
    account(rows);
    rows.ranged("main", 56);
    for index in 0..shape.inputs() {
        input(rows, &format!("input {index}/"), index);
    }
    randomized(rows, "");
    for index in 0..shape.outputs() {
        let output = format!("output {index}/");
        amount(rows, &output);
        rows.hash(&format!("{output}commitment"), Domain::Commitment);
        rows.public(&format!("{output}commitment"), &format!("cm_{index}"));
    }
    balance(rows);
    rows.hash("transaction/epoch keys", Domain::Account);
    rows.hash("transaction/spend tag", Domain::SpendTag);
    rows.public("transaction/spend tag", "st");
    if shape.is_audited() {
        audit(rows, shape);
    }
}

/// `[audited-transfer]`
fn audit(rows: &mut Catalogue, shape: Shape) {
    rows.hash("audit/account id", Domain::AccountId);
    rows.repeated("audit/secret/", 84, &["low", "negative"]);
    rows.repeated("audit/secret/", 83, &["high"]);
    base_multiple(rows, "audit/epk/", 83);
    rows.public("audit/epk u", "epk_u");
    rows.public("audit/epk v", "epk_v");

    rows.computed("audit/shared/", &["x", "y"]);
    rows.computed("audit/shared/double/", &["x^2", "slope", "B slope^2", "rise"]);
    rows.computed("audit/shared/triple/", &["slope", "B slope^2", "rise"]);
    rows.computed("audit/shared/", &["signed triple"]);
    rows.repeated("audit/shared/", 251, &["signed"]);
    let step = ["slope", "B slope^2", "both slopes", "B second slope^2", "rise"];
    rows.repeated("audit/shared/", 250, &step);
    rows.computed("audit/shared/", &["u", "v"]);

    for block in 0..shape.audit_elements().div_ceil(4) {
        rows.hash_of_counter(&format!("audit/keystream {block}"), Domain::Audit, block as u64);
    }
    for element in 0..shape.audit_elements() {
        rows.public(&format!("audit/element {element}"), &format!("c_{element}"));
    }
}

/// `[transfer-input]`
fn input(rows: &mut Catalogue, input: &str, index: usize) {
    rows.ranged(&format!("{input}index"), 8);
    rows.ranged(&format!("{input}epoch"), 16);
    rows.range(&format!("{input}epoch order"), 16);
    amount(rows, input);
    rows.hash(&format!("{input}epoch keys"), Domain::Account);
    rows.computed(input, &["is internal", "tag key step"]);
    rows.hash(&format!("{input}owner tag"), Domain::Tag);
    rows.hash(&format!("{input}commitment"), Domain::Commitment);
    path(rows, &format!("{input}path/"), LEVELS);
    // A note that gets a value under a root that is not the anchor.
    rows.turned(&format!("{input}root"), &format!("{input}value/bit 0"));
    rows.hash(&format!("{input}nullifier"), Domain::Nullifier);
    rows.public(&format!("{input}nullifier"), &format!("nf_{index}"));
}

/// A way from a leaf to the root.
fn path(rows: &mut Catalogue, path: &str, levels: usize) {
    for level in 0..levels {
        let name = |name: &str| format!("{path}level {level}/{name}");
        let pairs =
            [("of the first two", ["child 0", "child 1"]), ("of the last two", ["child 2", "child 3"])];
        for (product, children) in pairs {
            let children = children.map(name);
            let guard = rows.demand(&name(product), &name(product));
            children.iter().for_each(|child| {
                guard.or_by(child);
            });
            guard.mending = Mending::Factor(children.to_vec());
        }
        rows.demand(&name("among the children"), &name("of the first two")).or_by(&name("of the last two"));
        rows.hash(name("").trim_end_matches('/'), Domain::Node);
    }
}

/// A value and its asset, of an input or an output.
fn amount(rows: &mut Catalogue, note: &str) {
    rows.ranged(&format!("{note}value"), 64);
    rows.computed(note, &["is fee asset", "in fee asset", "asset step"]);
}

/// `[transfer-balance]`
fn balance(rows: &mut Catalogue) {
    rows.public("balance/main", "v_pub");
    rows.public("balance/fee asset", "fee");
    rows.demand("balance/exchange", "balance/exchange");
    rows.public("balance/public asset", "asset_pub");
}

/// `ak` is on the curve and not of small order.
fn account(rows: &mut Catalogue) {
    rows.demand("account/ak/u^2", "account/ak/u").mending = Mending::Own;
    rows.demand("account/ak/v^2", "account/ak/v").mending = Mending::Own;
    rows.demand("account/ak/on the curve", "account/ak/u");
    rows.computed("account/ak/", &["uv", "uv(u^2 + v^2)", "not of small order"]);
}

/// `rk = ak + [alpha] G`
fn randomized(rows: &mut Catalogue, namespace: &str) {
    let alpha = format!("{namespace}alpha/");
    rows.repeated(&alpha, 84, &["low", "high", "negative"]);
    base_multiple(rows, &alpha, 84);
    rows.computed(&format!("{alpha}rk/"), &ADDITION);
    rows.public(&format!("{alpha}rk/u"), "rk_u");
    rows.public(&format!("{alpha}rk/v"), "rk_v");
}

/// The products of a complete addition.
const ADDITION: [&str; 4] = ["(u1 + v1)(u2 + v2)", "u1 v2", "v1 u2", "d u1 u2 v1 v2"];

/// A multiple of the spend-authority base by digits, of which so many have two bits of magnitude.
fn base_multiple(rows: &mut Catalogue, namespace: &str, free: usize) {
    rows.repeated(namespace, free, &["low high"]);
    rows.repeated(namespace, 84, &["signed"]);
    rows.repeated(namespace, 82, &["slope", "B slope^2", "rise"]);
    rows.computed(namespace, &["u", "v"]);
    rows.computed(&format!("{namespace}last window/"), &ADDITION);
    rows.computed(&format!("{namespace}last window/"), &["u", "v"]);
}

/// The account opening, which every disclosure statement has.
fn opened_account(rows: &mut Catalogue) {
    account(rows);
    randomized(rows, "account/");
    rows.hash("account/account id", Domain::AccountId);
    rows.public("account/account id", "aid");
}

/// `[grant-keys]`
fn account_keys(rows: &mut Catalogue) {
    opened_account(rows);
    for index in 0..EPOCHS_PER_PROOF {
        let claim = format!("claim {index}/");
        rows.hash(&format!("{claim}epoch keys"), Domain::Account);
        let keys = [
            ("external tag key", "tkx"),
            ("internal tag key", "tki"),
            ("nullifier key", "nk"),
            ("detection key", "sd"),
        ];
        for (key, input) in keys {
            rows.public(&format!("{claim}{key}"), &format!("{input}_{index}"));
        }
    }
}

/// `[note-opening]`
fn note_opening(rows: &mut Catalogue) {
    opened_account(rows);
    rows.ranged("asset", 56);
    rows.ranged("value", 64);
    rows.hash("commitment", Domain::Commitment);
    rows.public("commitment", "cm");

    rows.computed("", &["paid", "received", "is internal", "tag key step"]);
    rows.hash("epoch keys", Domain::Account);
    rows.hash("spend tag", Domain::SpendTag);
    rows.public("apart", "st");
    // Somebody else's transaction, said to be paid by the account; somebody else's note, said to be received.
    rows.demand("spend tag", "apart");
    rows.hash("owner tag", Domain::Tag);
    rows.demand("owner tag", "tag").mended_by("tag");
    rows.turned("a side", "paid");

    rows.public("shown paid", "paid");
    rows.public("shown received", "received");
    rows.demand("own only if not apart", "own").mended_by("own");
    // The account's own transaction, said to be another's.
    rows.demand("own unless apart", "own").mended_by("inverse");
    rows.public("shown own", "own");
    for shown in ["tau", "pk_d_hash", "asset", "value"] {
        rows.public(&format!("shown {shown}"), shown);
    }
    rows.range("threshold", 64);
}

/// `[transaction-opening]`
fn transaction_opening(rows: &mut Catalogue, inputs: usize) {
    opened_account(rows);
    rows.hash("epoch keys", Domain::Account);
    rows.hash("spend tag", Domain::SpendTag);
    rows.public("spend tag", "st");
    for index in 0..inputs {
        let input = format!("input {index}/");
        rows.ranged(&format!("{input}epoch"), 16);
        rows.hash(&format!("{input}epoch keys"), Domain::Account);
        rows.hash(&format!("{input}nullifier"), Domain::Nullifier);
        rows.public(&format!("{input}nullifier"), &format!("nf_{index}"));
    }
}

/// `[address-control]`
fn address(rows: &mut Catalogue) {
    opened_account(rows);
    rows.hash("epoch keys", Domain::Account);
    rows.hash("owner tag", Domain::Tag);
    rows.public("owner tag", "tau");
}

/// `[unspent]`
fn unspent(rows: &mut Catalogue) {
    opened_account(rows);
    rows.ranged("index", 8);
    rows.ranged("asset", 56);
    rows.ranged("value", 64);
    rows.hash("epoch keys", Domain::Account);
    rows.computed("", &["is internal", "tag key step"]);
    rows.hash("owner tag", Domain::Tag);
    rows.hash("commitment", Domain::Commitment);
    rows.public("commitment", "cm");
    path(rows, "path/", LEVELS);
    rows.public("root", "tree_root");
    rows.hash("nullifier", Domain::Nullifier);
    rows.followed("halves", 256);
    absence(rows, "absence/");
    rows.public("absence/root", "nullifier_root");
}

/// `[nullifier-absence]`
fn absence(rows: &mut Catalogue, absence: &str) {
    let half = |name: &str| format!("{absence}{name}");
    rows.below(&half("above the value"), [&half("value high"), &half("value low")]);
    rows.below(&half("below the next"), [&half("next high"), &half("next low")]);
    rows.hash(&half("leaf"), Domain::Snapshot);
    path(rows, &half("path/"), louver_core::nullifier_tree::LEVELS);
}

/// `[holdings]`
fn holdings(rows: &mut Catalogue) {
    opened_account(rows);
    run(rows, |rows, note| {
        rows.ranged(&format!("{note}index"), 8);
        rows.ranged(&format!("{note}epoch"), 16);
        rows.ranged(&format!("{note}value"), 64);
        rows.hash(&format!("{note}epoch keys"), Domain::Account);
        rows.computed(note, &["is internal", "tag key step"]);
        placed(rows, note);
        absence(rows, &format!("{note}absence/"));
        let last = louver_core::nullifier_tree::LEVELS - 1;
        root_of_notes(rows, &format!("{note}absence/"), last, "nullifier_root");
    });
}

/// `[total]`
fn total(rows: &mut Catalogue) {
    opened_account(rows);
    run(rows, |rows, note| {
        rows.ranged(&format!("{note}index"), 8);
        rows.range(&format!("{note}since the first"), 16);
        rows.range(&format!("{note}until the last"), 16);
        rows.ranged(&format!("{note}value"), 64);
        rows.hash(&format!("{note}epoch keys"), Domain::Account);
        placed(rows, note);
    });
    rows.computed_below("canonical");
}

/// A note of an account, its place and its nullifier.
fn placed(rows: &mut Catalogue, note: &str) {
    rows.hash(&format!("{note}owner tag"), Domain::Tag);
    rows.hash(&format!("{note}commitment"), Domain::Commitment);
    path(rows, &format!("{note}path/"), LEVELS);
    root_of_notes(rows, note, LEVELS - 1, "tree_root");
    rows.hash(&format!("{note}nullifier"), Domain::Nullifier);
    rows.followed(&format!("{note}halves"), 256);
}

/// The row that holds the root above a note against the public one, unless the note is a dummy: a sibling that was changed makes another
/// root. The public root follows where no other note is under it.
fn root_of_notes(rows: &mut Catalogue, namespace: &str, level: usize, input: &str) {
    let child = |child: usize| format!("{namespace}path/level {level}/child {child}");
    let guard = rows.demand(&format!("{namespace}root"), &child(0));
    (1..4).for_each(|index| _ = guard.or_by(&child(index)));
    guard.mended_by(&public(input));
}

/// `[run]`, with the rows of each note.
fn run(rows: &mut Catalogue, note: impl Fn(&mut Catalogue, &str)) {
    rows.hash("before/commitment", Domain::Run);
    rows.public("before/commitment", "c_in");
    rows.ranged("before/last", 256);
    for index in 0..NOTES {
        let name = format!("note {index}/");
        note(rows, &name);
        let row = |row: &str| format!("{name}{row}");
        if index > 0 {
            rows.turned(&row("after the last"), &row("value/bit 0"));
        }
        // A dummy that counts as a note, and a note that does not.
        rows.turned(&row("is note"), &row("is note")).mended_by(&row("inverse"));
        rows.turned(&row("has a value"), &row("is note")).mended_by(&row("is note"));
        rows.next(&row("last high"), &row("last high"));
        rows.next(&row("last low"), &row("last low"));
        rows.computed_below(&row("order"));
    }
    rows.hash("after/commitment", Domain::Run);
    rows.public("after/commitment", "c_out");
    rows.next("after/shown", "after/shown");
    rows.followed("after/threshold", SUM_BITS as usize);
    rows.next("after/exactly", "before/sum");
}
