//! Each way of disclosure is tried by an owner, a reader, a payer and a node who cheat.
//!
//! | | owner | reader | payer | node |
//! | --- | --- | --- | --- | --- |
//! | grants | keys of another pool or chain | reads on after the granted months | hides what he paid on his way out | keeps a leaf back |
//! | packages | shows more than she paid | answers another bank with it | shows what she paid as income | hides the payment |
//! | books | leaves out a payment; the proof of another month | passes it on | lends his change as income | alters blocks |
//! | statements | answers with an old snapshot | passes it on | shows the note that he paid as his | alters snapshots |
//!
//! [`PLACES`] names the functions, and a test finds each of them.

/// Tier, role, the file, and the function whose text or comment has an attacker.
const PLACES: [(&str, &str, &str, &str); 16] = [
    ("grants", "owner", STORY, "a_grant_shows_its_epochs_and_pool_alone"),
    ("grants", "reader", STORY, "a_grant_shows_its_epochs_and_pool_alone"),
    ("grants", "payer", STORY, "bobs_auditor_sees_that_something_is_hidden"),
    ("grants", "node", STORY, "the_node_keeps_a_leaf_back"),
    ("packages", "owner", STORY, "she_shows_more_than_she_paid"),
    ("packages", "reader", STORY, "the_landlord_answers_his_own_bank_with_it"),
    ("packages", "payer", STORY, "the_payer_shows_it_as_her_income"),
    ("packages", "node", STORY, "the_node_hides_the_payment"),
    ("books", "owner", BOOKS, "she_leaves_out_a_payment"),
    ("books", "reader", BOOKS, "he_passes_it_on"),
    ("books", "payer", BOOKS, "he_lends_her_his_change"),
    ("books", "node", BOOKS, "the_node_lies"),
    ("statements", "owner", STATEMENTS, "she_answers_with_an_old_snapshot"),
    ("statements", "reader", STATEMENTS, "he_passes_it_on"),
    ("statements", "payer", STATEMENTS, "he_shows_her_note_as_his"),
    ("statements", "node", STATEMENTS, "the_node_lies"),
];

const STORY: &str = include_str!("story.rs");
const BOOKS: &str = include_str!("books.rs");
const STATEMENTS: &str = include_str!("statements.rs");

/// A comment before the function names its attacker, and a story calls it.
#[test]
fn every_role_cheats_in_every_tier() {
    for (tier, role, text, name) in PLACES {
        let defined = text.find(&format!("\nfn {name}("));
        let before = defined.map_or("", |at| &text[..at]);
        let comment: Vec<&str> = before.lines().rev().take_while(|line| line.starts_with("///")).collect();
        assert!(comment.iter().any(|line| line.starts_with("/// Attacker:")), "{tier}, {role}: {name}");
        assert!(text.contains(&format!("    {name}(")), "no story calls {name}");
    }
    let tiers = ["grants", "packages", "books", "statements"];
    let all = tiers.iter().flat_map(|tier| ["owner", "reader", "payer", "node"].map(|role| (*tier, role)));
    assert!(all.eq(PLACES.iter().map(|(tier, role, ..)| (*tier, *role))));
}
