//! Recovery phrases: BIP-39, English words. How people write them is in `[phrase-text]`.

use core::fmt;

use bip39::Mnemonic;
use louver_core::secret::Secret;
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

mod words;

/// Why a text is not a recovery phrase. No variant repeats a word of the text: an unknown word is identified by its
/// position, and by the most similar words of the list.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PhraseError {
    /// The phrase has a length that BIP-39 does not define.
    #[error("a recovery phrase has 12, 15, 18, 21 or 24 words, this has {words}")]
    WordCount {
        /// How many words there are.
        words: usize,
    },
    /// A word that is not on the list.
    #[error("word {position} is not on the list of words{}", offered(candidates))]
    UnknownWord {
        /// Which word, counted from 1.
        position: usize,
        /// The most similar words of the list. They reveal what was written there, and nothing of the other words.
        candidates: Vec<&'static str>,
    },
    /// Every word is on the list, but they do not belong together: one is wrong, or two have changed places.
    #[error("the words are all on the list, but they do not belong together: one is wrong or out of place")]
    Checksum,
    /// Entropy of a length that does not make a phrase.
    #[error("{bytes} bytes of entropy do not make a phrase")]
    Entropy {
        /// How many bytes there are.
        bytes: usize,
    },
}

fn offered(candidates: &[&str]) -> String {
    match candidates {
        [] => String::new(),
        words => format!(": did you mean {}?", words.join(" or ")),
    }
}

impl From<bip39::Error> for PhraseError {
    fn from(error: bip39::Error) -> Self {
        match error {
            bip39::Error::BadWordCount(words) => Self::WordCount { words },
            bip39::Error::UnknownWord(index) => {
                Self::UnknownWord { position: index + 1, candidates: Vec::new() }
            }
            bip39::Error::BadEntropyBitCount(bits) => Self::Entropy { bytes: bits / 8 },
            // Only English is compiled in, so no phrase has two languages.
            bip39::Error::InvalidChecksum | bip39::Error::AmbiguousLanguages(_) => Self::Checksum,
        }
    }
}

/// A recovery phrase. It restores everything that a wallet owns.
#[derive(Clone)]
pub struct RecoveryPhrase(Secret<Vec<u8>>);

impl RecoveryPhrase {
    /// A new phrase of 24 words.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut entropy = Zeroizing::new([0u8; 32]);
        rng.fill_bytes(entropy.as_mut());
        Self(Secret::new(entropy.to_vec()))
    }

    /// Reads a phrase as people write it: words in any case, separated by white space or commas, with or without
    /// numbers before them. A word may be shortened to its first four letters, which identify it.
    ///
    /// # Errors
    /// [`PhraseError`], which repeats no word.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        let words = words::read(text)?;
        let mut mnemonic = Mnemonic::parse_in(bip39::Language::English, words.as_str())?;
        let phrase = Self(Secret::new(mnemonic.to_entropy()));
        mnemonic.zeroize();
        Ok(phrase)
    }

    /// The phrase of 16 to 32 bytes of entropy, as [`RecoveryPhrase::entropy`] gives them.
    pub fn from_entropy(entropy: &[u8]) -> Result<Self, PhraseError> {
        Mnemonic::from_entropy(entropy)?.zeroize();
        Ok(Self(Secret::new(entropy.to_vec())))
    }

    /// The entropy behind the words.
    pub fn entropy(&self) -> &Secret<Vec<u8>> {
        &self.0
    }

    /// The words, separated by single spaces. Show them to their owner and to nobody else.
    pub fn words(&self) -> Result<Zeroizing<String>, PhraseError> {
        let mut mnemonic = Mnemonic::from_entropy(self.0.expose())?;
        let words = Zeroizing::new(mnemonic.to_string());
        mnemonic.zeroize();
        Ok(words)
    }

    /// The 64-byte BIP-39 seed, without a BIP-39 passphrase.
    pub fn seed(&self) -> Result<Secret<[u8; 64]>, PhraseError> {
        let mut mnemonic = Mnemonic::from_entropy(self.0.expose())?;
        let seed = Secret::new(mnemonic.to_seed_normalized(""));
        mnemonic.zeroize();
        Ok(seed)
    }
}

impl fmt::Debug for RecoveryPhrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryPhrase(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABANDON: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn a_new_phrase_has_24_words_and_comes_back() {
        let phrase = RecoveryPhrase::generate(&mut rand::rng());
        let words = phrase.words().unwrap();
        assert_eq!(words.split(' ').count(), 24);
        let again = RecoveryPhrase::parse(&format!("  {} ", words.to_uppercase())).unwrap();
        assert_eq!(again.seed().unwrap().expose(), phrase.seed().unwrap().expose());
    }

    #[test]
    fn the_seed_is_bip39s() {
        // The first vector of the reference implementation, without its passphrase.
        let seed = RecoveryPhrase::parse(ABANDON).unwrap().seed().unwrap();
        assert_eq!(hex::encode(&seed.expose()[..8]), "5eb00bbddcf069084889a8ab91555681".get(..16).unwrap());
    }

    #[test]
    fn faults_are_told_apart() {
        assert_eq!(RecoveryPhrase::parse("abandon about").unwrap_err(), PhraseError::WordCount { words: 2 });
        assert_eq!(
            RecoveryPhrase::parse(&ABANDON.replace("about", "abuot")).unwrap_err(),
            PhraseError::UnknownWord { position: 12, candidates: vec!["about"] }
        );
        assert_eq!(
            RecoveryPhrase::parse(&ABANDON.replace("about", "zoo")).unwrap_err(),
            PhraseError::Checksum
        );
        assert_eq!(RecoveryPhrase::from_entropy(&[0; 5]).unwrap_err(), PhraseError::Entropy { bytes: 5 });
    }

    #[test]
    fn a_phrase_is_read_as_people_write_it_down() {
        let seed = |text: &str| RecoveryPhrase::parse(text).unwrap().seed().unwrap().expose().to_vec();
        let words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        let numbered = |mark: &str| {
            let lines =
                words.split(' ').enumerate().map(|(place, word)| format!("{}{mark}{word}", place + 1));
            lines.collect::<Vec<_>>().join("\r\n")
        };
        for text in [
            words.to_uppercase(),
            format!("\u{feff}{words}\r\n"),
            words.replace(' ', ", "),
            words.replace(' ', "\u{a0}\u{200b}"),
            words.replace("thank", "t\u{200b}hank"),
            format!("\"{words}\"."),
            numbered(". "),
            numbered("."),
            numbered(") "),
            numbered("\t"),
            numbered(": "),
            words.split(' ').map(|word| word.get(..4).unwrap_or(word)).collect::<Vec<_>>().join(" "),
            words
                .split(' ')
                .map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..]))
                .collect::<Vec<_>>()
                .join(" "),
        ] {
            assert_eq!(seed(&text), seed(words), "{text}");
        }
    }

    #[test]
    fn a_wrong_word_names_its_neighbours_and_no_other_word() {
        let wrong = |word: &str| match RecoveryPhrase::parse(&ABANDON.replace("about", word)).unwrap_err() {
            error @ PhraseError::UnknownWord { position: 12, .. } => error.to_string(),
            error => panic!("{word}: {error}"),
        };
        for (word, meant) in
            [("abuot", "about"), ("abot", "about"), ("aboutt", "about"), ("zooo", "zoo"), ("wrod", "word")]
        {
            let said = wrong(word);
            assert!(said.contains(meant) && !said.contains("abandon"), "{said}");
        }
        // Three letters begin several words, and a word with something in it is not two words.
        assert!(wrong("abo").contains("about"));
        assert_eq!(wrong("ab-out"), "word 12 is not on the list of words: did you mean about?");
        assert_eq!(wrong("\u{436}"), "word 12 is not on the list of words");
        assert_eq!(
            RecoveryPhrase::parse(&format!("{} {}", ABANDON, "x".repeat(100_000))).unwrap_err(),
            PhraseError::UnknownWord { position: 13, candidates: Vec::new() }
        );
    }

    #[test]
    fn debug_shows_no_word() {
        assert_eq!(format!("{:?}", RecoveryPhrase::parse(ABANDON).unwrap()), "RecoveryPhrase(..)");
    }
}
