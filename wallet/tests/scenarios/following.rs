//! `[wallet-submission]`, `[wallet-whole-blocks]`: the exchange with a node, and nodes that answer as they like.

use louver_core::{asset::AssetDescriptor, note::Memo, tree::Frontier, value::Value};
use louver_wallet::{
    abandonment::Final,
    chain::ChainParameters,
    follow::{Answer, Ask, Follow, FollowError, MOST_BLOCKS, Submission},
    plan::Action,
    scan::BirthdayError,
    send::Outgoing,
    wallet::Wallet,
};
use proptest::prelude::*;

use crate::chain::{Chain, EUR, FIRST, Gone, PAYER, asset, pay, spendable};

/// A dishonest node's version of an honest answer.
type Lie<'a> = &'a mut dyn FnMut(&Ask, Result<Answer, Gone>) -> Result<Answer, Gone>;

/// Follows a chain through a node that takes transactions and answers as `lie` says. Gives every question, and how it
/// ended.
fn follow_through(
    chain: &Chain,
    wallet: &mut Wallet,
    mut follow: Follow<Gone>,
    lie: Lie<'_>,
) -> (Vec<Ask>, Result<(), FollowError<Gone>>) {
    let mut asked = Vec::new();
    while let Some(ask) = follow.next() {
        asked.push(ask.clone());
        let honest = match &ask {
            Ask::Submit(_) => Ok(Answer::Submitted(Submission::Taken)),
            ask => chain.answer(ask),
        };
        if let Err(error) = follow.answer(wallet, lie(&ask, honest)) {
            return (asked, Err(error));
        }
    }
    (asked, follow.finish().map(drop))
}

fn honest(chain: &Chain, wallet: &mut Wallet) -> Vec<Ask> {
    let (asked, ended) = follow_through(chain, wallet, Follow::new(), &mut |_, answer| answer);
    ended.unwrap();
    asked
}

/// One word for each question, as a node would note it.
fn words(asked: &[Ask]) -> Vec<String> {
    let word = |ask: &Ask| match ask {
        Ask::Tip => Some("tip".to_owned()),
        Ask::Blocks(range) => Some(format!("blocks {} {}", range.start(), range.end())),
        Ask::Tree(height) => Some(format!("tree {height}")),
        Ask::Whole(height) => Some(format!("whole {height}")),
        Ask::Submit(_) => Some("submit".to_owned()),
        _ => None,
    };
    asked.iter().filter_map(word).collect()
}

fn submitted(asked: &[Ask]) -> Vec<&Outgoing> {
    asked
        .iter()
        .filter_map(|ask| if let Ask::Submit(outgoing) = ask { Some(outgoing) } else { None })
        .collect()
}

fn memos(wallet: &Wallet) -> Vec<Vec<u8>> {
    let entries = wallet.history(FIRST).unwrap();
    let outputs = entries.iter().flat_map(|entry| &entry.outputs);
    outputs
        .filter_map(|output| Some(output.memo.as_ref()?.as_bytes().to_vec()))
        .filter(|m| !m.is_empty())
        .collect()
}

/// Alice pays Bob in the third of five blocks.
fn rent() -> (Chain, Wallet, Wallet) {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100), (EUR, 50)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "rent"));
    chain.mine(&[sent]);
    chain.mine_empty(2);
    chain.sync(&mut alice);
    (chain, alice, bob)
}

#[test]
fn a_wallet_asks_in_one_order() {
    let (mut chain, mut alice, mut bob) = rent();
    let waiting = chain.send(&mut alice, &pay(&mut bob, EUR, 5, ""));
    assert_eq!(words(&honest(&chain, &mut bob)), ["tip", "blocks 1 5", "whole 1", "whole 2", "whole 3"]);
    assert_eq!((spendable(&bob, EUR), memos(&bob)), (30, vec![b"rent".to_vec()]));
    // Waiting transactions go last, and once.
    assert_eq!(words(&honest(&chain, &mut alice)), ["tip", "blocks 5 5", "submit"]);
    assert_eq!(words(&honest(&chain, &mut alice)), ["tip", "blocks 5 5"]);
    // Another branch: down to the block in common, and up again.
    chain.reorganise(3);
    chain.mine_empty(1);
    chain.mine(&[waiting]);
    chain.mine_empty(1);
    assert_eq!(
        words(&honest(&chain, &mut alice)),
        ["tip", "blocks 5 5", "blocks 4 4", "blocks 3 3", "blocks 4 6", "whole 5"]
    );
}

#[test]
fn long_chains_are_asked_for_in_parts() {
    let mut chain = Chain::new();
    let mut bob = chain.wallet();
    chain.mine_empty(600);
    let asked = honest(&chain, &mut bob);
    assert_eq!(words(&asked), ["tip", "blocks 1 256", "blocks 257 512", "blocks 513 600"]);
    assert_eq!(MOST_BLOCKS, 256);
}

/// Whatever was written before a whole block is asked for is safe by then.
#[test]
fn a_choice_is_safe_before_it_is_shown() {
    let (chain, mut alice, mut bob) = rent();
    chain.send(&mut alice, &pay(&mut bob, EUR, 5, ""));
    for wallet in [&mut bob, &mut alice] {
        let asked = honest(&chain, wallet);
        let first = asked.iter().position(|ask| matches!(ask, Ask::Whole(_) | Ask::Submit(_))).unwrap();
        assert_eq!(asked[first - 1], Ask::Save, "{asked:?}");
        assert_eq!(asked.last(), Some(&Ask::Save));
    }
}

/// Attacker: a node that breaks off at a whole block, to see which its client then comes back for, or what it read.
#[test]
fn a_node_that_breaks_off_hears_the_same_again() {
    let (chain, _, mut bob) = rent();
    for height in 1..=3 {
        let mut breaks = |ask: &Ask, answer| if *ask == Ask::Whole(height) { Err(Gone) } else { answer };
        let (asked, ended) = follow_through(&chain, &mut bob, Follow::new(), &mut breaks);
        assert!(matches!(ended, Err(FollowError::Node(Gone))));
        let whole: Vec<_> = asked.iter().filter(|ask| matches!(ask, Ask::Whole(_))).collect();
        assert_eq!(whole.len(), height as usize);
        assert!(memos(&bob).is_empty(), "nothing is read before all are there");
    }
    assert_eq!(words(&honest(&chain, &mut bob)), ["tip", "blocks 5 5", "whole 1", "whole 2", "whole 3"]);
    assert_eq!(memos(&bob), [b"rent"]);
}

/// A node that keeps whole blocks from a height on. The money is there, and what it lacks is asked for again, all of it, from
/// a node that keeps all.
#[test]
fn a_node_that_keeps_few_whole_blocks_takes_memos_away_and_no_money() {
    let (chain, _, mut bob) = rent();
    let prunes = |ask: &Ask, answer| match ask {
        Ask::Whole(height) if *height < 4 => Ok(Answer::Pruned),
        _ => answer,
    };
    for first in ["blocks 1 5", "blocks 5 5"] {
        let mut follow = Follow::new();
        let mut asked = Vec::new();
        while let Some(ask) = follow.next() {
            asked.push(ask.clone());
            follow.answer(&mut bob, prunes(&ask, chain.answer(&ask))).unwrap();
        }
        // Two questions show that the rest is missing too.
        assert_eq!(words(&asked), ["tip", first, "whole 1", "whole 3"]);
        assert_eq!(follow.finish().unwrap().incomplete, 1);
        assert_eq!((spendable(&bob, EUR), memos(&bob)), (30, vec![]));
    }
    assert_eq!(words(&honest(&chain, &mut bob)), ["tip", "blocks 5 5", "whole 1", "whole 2", "whole 3"]);
    assert_eq!(memos(&bob), [b"rent"]);
    assert_eq!(words(&honest(&chain, &mut bob)), ["tip", "blocks 5 5"]);
}

/// Attacker: a node that says it keeps some blocks no longer, to see which its client then comes back for.
#[test]
fn blocks_that_a_node_hides_are_asked_for_again_whatever_was_in_the_others() {
    let (chain, _, mut bob) = rent();
    let mut hides = |ask: &Ask, answer| if *ask == Ask::Whole(1) { Ok(Answer::Pruned) } else { answer };
    let (asked, ended) = follow_through(&chain, &mut bob, Follow::new(), &mut hides);
    ended.unwrap();
    assert_eq!(words(&asked), ["tip", "blocks 1 5", "whole 1", "whole 3", "whole 2"]);
    assert_eq!(memos(&bob), [b"rent"]);
    assert_eq!(words(&honest(&chain, &mut bob)), ["tip", "blocks 5 5", "whole 1"]);
}

/// Attacker: a node that says it is behind, so that its client takes its own transactions for lost, and names them.
#[test]
fn a_node_that_is_behind_is_handed_nothing() {
    let (chain, mut alice, mut bob) = rent();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 5, ""));
    let before = (spendable(&alice, EUR), alice.position().unwrap());
    for height in 0..5 {
        let mut claims = |ask: &Ask, answer| match (ask, answer) {
            (Ask::Tip, Ok(Answer::Tip(chain))) => Ok(Answer::Tip(ChainParameters { height, ..chain })),
            (_, answer) => answer,
        };
        let (asked, ended) = follow_through(&chain, &mut alice, Follow::new(), &mut claims);
        ended.unwrap();
        assert_eq!(submitted(&asked), Vec::<&Outgoing>::new(), "{height}");
        assert_eq!((spendable(&alice, EUR), alice.position().unwrap()), before);
    }
    assert_eq!(submitted(&honest(&chain, &mut alice)), [&sent]);
}

/// Otherwise an owner loses time: he is told to read all again, because his node has just begun to.
#[test]
fn a_node_that_is_far_behind_is_not_taken_for_another_branch() {
    let mut chain = Chain::new();
    let mut bob = chain.wallet();
    chain.mine_empty(150);
    honest(&chain, &mut bob);
    let position = bob.position().unwrap();
    let mut claims = |ask: &Ask, answer| match (ask, answer) {
        (Ask::Tip, Ok(Answer::Tip(chain))) => Ok(Answer::Tip(ChainParameters { height: 7, ..chain })),
        (_, answer) => answer,
    };
    let (asked, ended) = follow_through(&chain, &mut bob, Follow::new(), &mut claims);
    assert!(matches!(ended, Err(FollowError::FarBehind { height: 7, oldest: 51 })), "{ended:?}");
    assert_eq!((asked.as_slice(), bob.position().unwrap()), (&[Ask::Tip][..], position));
}

/// Attacker: a node that would have its client give out addresses of epochs that are far away, or wait for ever.
#[test]
fn a_height_is_a_nodes_word_until_its_blocks_were_read() {
    let (chain, _, mut bob) = rent();
    let epoch = bob.current_epoch().unwrap();
    for height in [u32::MAX, u32::MAX - 1, 3_000_000, 2_000] {
        let mut claims = |ask: &Ask, answer| match (ask, answer) {
            (Ask::Tip, Ok(Answer::Tip(chain))) => Ok(Answer::Tip(ChainParameters { height, ..chain })),
            (_, answer) => answer,
        };
        let (_, ended) = follow_through(&chain, &mut bob, Follow::new(), &mut claims);
        assert!(
            matches!(ended, Err(FollowError::TooHigh { .. } | FollowError::Node(Gone))),
            "{height}: {ended:?}"
        );
        assert_eq!(bob.current_epoch().unwrap(), epoch, "{height}");
    }
}

/// Attacker: a node whose answers are not what they are taken for.
#[test]
fn other_blocks_than_those_asked_for_change_nothing() {
    let (chain, _, mut bob) = rent();
    let position = bob.position().unwrap();
    for fault in 0..4 {
        let mut lies = |ask: &Ask, answer| match (ask, answer) {
            (Ask::Blocks(_), Ok(Answer::Blocks(mut blocks))) => {
                match fault {
                    0 => drop(blocks.pop()),
                    1 => drop(blocks.remove(0)),
                    2 => blocks.push(blocks[0].clone()),
                    _ => blocks.swap(0, 1),
                }
                Ok(Answer::Blocks(blocks))
            }
            (_, answer) => answer,
        };
        let (_, ended) = follow_through(&chain, &mut bob, Follow::new(), &mut lies);
        assert!(matches!(ended, Err(FollowError::OtherBlocks { first: 1, last: 5 })), "{ended:?}");
        assert_eq!(bob.position().unwrap(), position);
    }
}

/// Attacker: a node that knows an asset's decimals better, or serves another chain.
#[test]
fn a_chain_stays_what_it_was() {
    let (chain, _, mut bob) = rent();
    let elsewhere = {
        let mut terms = chain.genesis().terms().clone();
        terms.chain = "elsewhere".to_owned();
        louver_core::ledger::Genesis::new(terms).unwrap()
    };
    let genuine = &chain.genesis().terms().assets[0];
    let altered = AssetDescriptor::new(
        genuine.id(),
        genuine.symbol(),
        genuine.decimals() + 1,
        *genuine.issuer(),
        genuine.host_reference(),
    );
    let lies = [
        ChainParameters { height: 5, ..ChainParameters::new(elsewhere) },
        ChainParameters { assets: vec![altered.unwrap()], ..chain.parameters() },
    ];
    for lie in lies {
        let mut tells = |ask: &Ask, answer| match ask {
            Ask::Tip => Ok(Answer::Tip(lie.clone())),
            _ => answer,
        };
        let (asked, ended) = follow_through(&chain, &mut bob, Follow::new(), &mut tells);
        assert!(matches!(ended, Err(FollowError::OtherChain | FollowError::AssetChanged(_))), "{ended:?}");
        assert_eq!(asked, [Ask::Tip]);
    }
}

/// Otherwise a payer who is offline loses his memos with the submission.
#[test]
fn fetched_blocks_are_read_though_a_transaction_could_not_be_submitted() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100), (EUR, 50)]);
    let mut bob = chain.funded(&[(EUR, 20)]);
    let waiting = chain.send(&mut bob, &pay(&mut alice, EUR, 5, ""));
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "rent"));
    chain.mine(&[sent]);
    let mut offline = |ask: &Ask, answer| if let Ask::Submit(_) = ask { Err(Gone) } else { answer };
    let (_, ended) = follow_through(&chain, &mut bob, Follow::new(), &mut offline);
    assert!(matches!(ended, Err(FollowError::Node(Gone))));
    assert_eq!(memos(&bob), [b"rent"]);
    // It was not submitted, and is next time, until the node takes it.
    let mut refuses = |ask: &Ask, answer| match ask {
        Ask::Submit(_) => Ok(Answer::Submitted(Submission::Refused)),
        _ => answer,
    };
    let (asked, ended) = follow_through(&chain, &mut bob, Follow::new(), &mut refuses);
    ended.unwrap();
    assert_eq!(submitted(&asked), [&waiting]);
    let (asked, ended) = follow_through(&chain, &mut bob, Follow::new(), &mut refuses);
    ended.unwrap();
    assert_eq!(submitted(&asked), [&waiting]);
    assert_eq!(submitted(&honest(&chain, &mut bob)), [&waiting]);
    assert_eq!(submitted(&honest(&chain, &mut bob)), Vec::<&Outgoing>::new());
}

/// Not an attack: a payer waits for what the node will never take, and asks it again every few blocks.
#[test]
fn what_the_node_refuses_for_good_is_given_up() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, ""));
    let mut refuses = |ask: &Ask, answer| match ask {
        Ask::Submit(_) => Ok(Answer::Submitted(Submission::RefusedForGood(Final::Rules))),
        _ => answer,
    };
    let (asked, ended) = follow_through(&chain, &mut alice, Follow::new(), &mut refuses);
    ended.unwrap();
    assert_eq!(submitted(&asked), [&sent]);
    assert_eq!((alice.waiting().unwrap(), spendable(&alice, EUR)), (Vec::new(), 100));
}

#[test]
fn a_second_look_begins_where_the_node_shows_its_tree() {
    let (chain, _, mut bob) = rent();
    honest(&chain, &mut bob);
    let again = |wallet: &mut Wallet, birthday| {
        let follow = Follow::rescan(wallet, birthday).unwrap();
        let (asked, ended) = follow_through(&chain, wallet, follow, &mut |_, answer| answer);
        ended.unwrap();
        words(&asked)
    };
    let seen = (spendable(&bob, EUR), memos(&bob));
    assert_eq!(again(&mut bob, None), ["tip", "blocks 1 5", "whole 1", "whole 2", "whole 3"]);
    assert_eq!((spendable(&bob, EUR), memos(&bob)), seen);
    // A wallet that was born later may look earlier, and never later.
    let mut late = chain.born_at(3);
    assert!(matches!(Follow::<Gone>::rescan(&late, Some(4)), Err(BirthdayError::Later { stored: 3 })));
    assert_eq!(
        again(&mut late, Some(2)),
        ["blocks 2 2", "tree 2", "tip", "blocks 2 2", "blocks 3 5", "whole 3"]
    );
    assert_eq!(late.birthday().unwrap(), 2);
}

/// Attacker: a node that gives a tree in which its own notes stand, or nothing at all once the wallet has forgotten.
#[test]
fn nothing_is_forgotten_for_a_tree_that_is_not_the_blocks() {
    let (chain, _, _) = rent();
    let mut late = chain.born_at(3);
    honest(&chain, &mut late);
    let position = late.position().unwrap();
    let mut lies = |ask: &Ask, answer| match ask {
        Ask::Tree(_) => Ok(Answer::Tree(Frontier::empty())),
        _ => answer,
    };
    let follow = Follow::rescan(&late, Some(2)).unwrap();
    let (_, ended) = follow_through(&chain, &mut late, follow, &mut lies);
    assert!(matches!(ended, Err(FollowError::Birthday(BirthdayError::WrongTree { height: 2 }))), "{ended:?}");
    for silent_at in [Ask::Blocks(2..=2), Ask::Tree(2), Ask::Tip] {
        let mut silent = |ask: &Ask, answer| if *ask == silent_at { Err(Gone) } else { answer };
        let follow = Follow::rescan(&late, Some(2)).unwrap();
        let (_, ended) = follow_through(&chain, &mut late, follow, &mut silent);
        assert!(matches!(ended, Err(FollowError::Node(Gone))));
    }
    assert_eq!((late.position().unwrap(), late.birthday().unwrap()), (position, 3));
}

#[test]
fn hosts_that_answer_something_else_are_told() {
    let (chain, _, mut bob) = rent();
    let mut follow = Follow::<Gone>::new();
    let unasked = follow.answer(&mut bob, Ok(Answer::Saved));
    assert!(matches!(unasked, Err(FollowError::Unasked)));
    let follow = Follow::<Gone>::new();
    assert!(matches!(follow.finish(), Err(FollowError::Unfinished)));
    let mut follow = Follow::<Gone>::new();
    follow.answer(&mut bob, chain.answer(&Ask::Tip)).unwrap();
    assert_eq!((follow.progress().done, follow.progress().total), (0, 5));
}

/// Whether a node's notes are those of one wallet that asks in the one order: what it is, then blocks one by one downwards,
/// then ranges upwards, then whole blocks upwards, then transactions.
fn in_the_one_order(asked: &[Ask]) -> bool {
    let stage = |ask: &Ask| match ask {
        Ask::Tip => 0,
        Ask::Blocks(_) => 1,
        Ask::Whole(_) => 2,
        Ask::Submit(_) => 3,
        _ => 4,
    };
    let seen: Vec<_> = asked.iter().filter(|ask| **ask != Ask::Save).map(stage).collect();
    let whole: Vec<_> = asked
        .iter()
        .filter_map(|ask| if let Ask::Whole(height) = ask { Some(*height) } else { None })
        .collect();
    let fits = |ask: &Ask| match ask {
        Ask::Blocks(range) => range.end() - range.start() < MOST_BLOCKS,
        _ => true,
    };
    seen.is_sorted() && seen.first() == Some(&0) && whole.is_sorted() && asked.iter().all(fits)
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// This many empty blocks.
    Mine(u8),
    /// A deposit of Bob's, mined.
    Deposit,
    /// The chain goes back by this many blocks, and on by one more.
    Reorganise(u8),
    /// Bob follows, and his node breaks off at a question.
    BreakOff(u8),
    /// Bob follows.
    Follow,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        (1u8..5).prop_map(Event::Mine),
        Just(Event::Deposit),
        (1u8..6).prop_map(Event::Reorganise),
        (0u8..12).prop_map(Event::BreakOff),
        Just(Event::Follow),
    ];
    prop::collection::vec(event, 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// However the chain turns and wherever nodes break off, a wallet asks in one order, and ends where one that was
    /// never disturbed does.
    #[test]
    fn a_disturbed_wallet_ends_like_an_undisturbed_one(events in events()) {
        let mut chain = Chain::new();
        let phrase = louver_wallet::phrase::RecoveryPhrase::generate(&mut rand::rng());
        let mut bob = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
        let mut alice = chain.wallet();
        for event in events {
            match event {
                Event::Mine(count) => chain.mine_empty(count.into()),
                Event::Deposit => {
                    chain.sync(&mut alice);
                    let to = Some(Box::new(bob.receive(FIRST).unwrap().address));
                    let action = Action::Shield {
                        payer: PAYER,
                        asset: asset(EUR),
                        value: Value(10).into(),
                        available: None,
                        to,
                        memo: Memo::new(b"ten").unwrap(),
                    };
                    let deposit = chain.send(&mut alice, &action);
                    drop(chain.try_mine(&[deposit]));
                }
                Event::Reorganise(depth) => {
                    let height = chain.height().saturating_sub(depth.into());
                    chain.reorganise(height);
                    chain.mine_empty(usize::from(depth) + 1);
                }
                Event::BreakOff(at) => {
                    let mut left = at;
                    let mut breaks = |_: &Ask, answer| match left.checked_sub(1) {
                        Some(next) => { left = next; answer }
                        None => Err(Gone),
                    };
                    let (asked, _) = follow_through(&chain, &mut bob, Follow::new(), &mut breaks);
                    prop_assert!(in_the_one_order(&asked), "{:?}", asked);
                }
                Event::Follow => {
                    let asked = honest(&chain, &mut bob);
                    prop_assert!(in_the_one_order(&asked), "{:?}", asked);
                    prop_assert_eq!(bob.position().unwrap().height, chain.height());
                }
            }
        }
        honest(&chain, &mut bob);
        let mut calm = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
        honest(&chain, &mut calm);
        prop_assert_eq!(bob.position().unwrap(), calm.position().unwrap());
        prop_assert_eq!(bob.balance(FIRST).unwrap(), calm.balance(FIRST).unwrap());
        prop_assert_eq!(memos(&bob), memos(&calm));
        prop_assert!(bob.partial_transactions().unwrap().is_empty());
    }
}
