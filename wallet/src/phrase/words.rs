//! Words of a phrase as people write them down: numbered, in columns, shortened, in any case.

use bip39::Language::English;
use louver_core::text::is_zero_width;
use zeroize::Zeroizing;

use super::PhraseError;

/// How many words of the list an error offers.
const OFFERED: usize = 4;
/// How many letters identify a word of the list.
const TELLING: usize = 4;
/// Longer than any word or number of a list: more would only be copied around.
const LONGEST: usize = 64;

/// The words of a text, separated by single spaces. White space, commas and numbers separate them; a word may be
/// shortened to four letters.
pub(super) fn read(text: &str) -> Result<Zeroizing<String>, PhraseError> {
    // The string gets its whole size at once: one that grew would leave words behind. No word of the list has more than
    // 8 letters.
    let mut words = Zeroizing::new(String::with_capacity(text.len().saturating_mul(3) + 16));
    let mut position = 0;
    for part in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|')) {
        let mut word = Zeroizing::new(String::with_capacity(LONGEST * 4));
        let letters = part.chars().filter(|c| !is_zero_width(*c)).flat_map(char::to_lowercase);
        word.extend(letters.take(LONGEST));
        // A number and its mark: `1.`, `(12)`, `#3:`. Marks around a word: quotes.
        let bare = word
            .trim_start_matches(|c: char| !c.is_alphabetic())
            .trim_end_matches(|c: char| !c.is_alphabetic());
        if bare.is_empty() {
            continue;
        }
        position += 1;
        let known =
            of_list(bare).ok_or_else(|| PhraseError::UnknownWord { position, candidates: like(bare) })?;
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(known);
    }
    Ok(words)
}

/// The intended word of the list: the word itself, or the only one that begins like this.
fn of_list(word: &str) -> Option<&'static str> {
    let list = English.word_list();
    if let Some(index) = English.find_word(word) {
        return list.get(usize::from(index)).copied();
    }
    let mut longer = list.iter().filter(|known| known.starts_with(word));
    let only = longer.next().filter(|_| longer.next().is_none());
    only.copied().filter(|_| word.len() >= TELLING)
}

/// The words of the list that are most similar to a word: one slip away, or else with the same beginning.
fn like(word: &str) -> Vec<&'static str> {
    let list = English.word_list();
    let mut near: Vec<&str> = list.iter().copied().filter(|known| is_one_slip_away(word, known)).collect();
    let mut beginning: String = word.chars().take(TELLING).collect();
    while near.is_empty() && beginning.chars().count() > 1 {
        near.extend(list.iter().filter(|known| known.starts_with(&beginning)));
        beginning.pop();
    }
    near.truncate(OFFERED);
    near
}

/// Whether one letter is missing, too much or another, or two neighbours have changed places.
fn is_one_slip_away(written: &str, known: &str) -> bool {
    let (written, known): (Vec<char>, Vec<char>) = (written.chars().collect(), known.chars().collect());
    let start = written.iter().zip(&known).take_while(|(a, b)| a == b).count();
    let (rest, other) = (&written[start..], &known[start..]);
    match (rest, other) {
        ([a, b, rest @ ..], [c, d, other @ ..]) if a == d && b == c && rest == other => true,
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        ([_, rest @ ..], other) if rest == other => true,
        (rest, [_, other @ ..]) => rest == other,
        _ => false,
    }
}
