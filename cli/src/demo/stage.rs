//! The demo's story, counts and expectations.

use std::{collections::BTreeSet, time::Instant};

use serde::Serialize;

use crate::{
    exit::Failure,
    json::demo::{self, Check, End, Shown},
    output::{Output, Style, Table},
};

/// The demo for its audience.
pub(super) struct Stage {
    pub(super) output: Output,
    begun: Instant,
    chapter: Instant,
    steps: usize,
    pub(super) transactions: usize,
    pub(super) proofs: usize,
    /// The disclosures that their readers verified.
    pub(super) verified: usize,
    attacks: Vec<Attack>,
    failed: Vec<String>,
}

/// An attack and its result.
struct Attack {
    name: &'static str,
    refused_by: Option<&'static str>,
    /// The rule that has to refuse it, if a certain one has to.
    rule: Option<&'static str>,
    word: String,
}

/// A forgery that is tried, and the rule of the book that has to refuse it.
pub(super) struct Forgery {
    /// The identifier of the rule.
    pub(super) rule: &'static str,
    /// The party that refuses it.
    pub(super) by: &'static str,
    /// The forgery in a sentence.
    pub(super) name: &'static str,
}

/// The answer to a forgery.
pub(super) struct Answer {
    /// The rule that refused it; `None` if none did.
    pub(super) rule: Option<&'static str>,
    /// The answer in words.
    pub(super) word: String,
}

/// A step of the story, told after it was done.
pub(super) struct Step<'a> {
    /// A name for programs.
    pub(super) name: &'static str,
    /// The step in a sentence.
    pub(super) title: String,
    /// The facts that its proof shows.
    pub(super) proves: &'a str,
    /// The facts that anybody can see.
    pub(super) public: &'a str,
}

impl Stage {
    pub(super) fn new(output: Output) -> Self {
        let now = Instant::now();
        Self {
            output,
            begun: now,
            chapter: now,
            steps: 0,
            transactions: 0,
            proofs: 0,
            verified: 0,
            attacks: Vec::new(),
            failed: Vec::new(),
        }
    }

    /// Tells a finished step, with the time since the step before.
    pub(super) fn tell(&mut self, step: &Step<'_>) {
        self.steps += 1;
        let seconds = self.lap();
        if self.output.is_json() {
            let told = demo::Step {
                step: step.name.to_owned(),
                title: step.title.clone(),
                proves: step.proves.to_owned(),
                public_sees: step.public.to_owned(),
                milliseconds: milliseconds(seconds),
            };
            return self.output.result(&told, String::new);
        }
        let paint = |style, text: &str| self.output.paint(style, text);
        self.output.line(format!(
            "\n{} {} {}",
            paint(Style::Title, &format!("{:>2}.", self.steps)),
            paint(Style::Title, &step.title),
            paint(Style::Dim, &format!("({seconds:.1} s)")),
        ));
        for (label, text) in [("proves", step.proves), ("public", step.public)] {
            if !text.is_empty() {
                self.output.line(format!("    {} {text}", paint(Style::Dim, label)));
            }
        }
    }

    /// Shows something at length: as text for people, as an object for programs.
    pub(super) fn show(&self, text: &str, kind: &str, shown: &impl Serialize) {
        if self.output.is_json() {
            let shown = serde_json::to_value(shown).unwrap_or_default();
            self.output.result(&Shown { kind: kind.to_owned(), shown }, String::new);
        } else {
            for line in text.trim_end().lines() {
                self.output.line(format!("    {line}"));
            }
        }
    }

    /// Records something that has to hold.
    pub(super) fn expect(&mut self, what: &str, holds: bool) {
        if !holds {
            self.failed.push(what.to_owned());
        }
        if self.output.is_json() {
            self.output.result(&Check { expect: what.to_owned(), holds }, String::new);
        } else {
            let mark = if holds {
                self.output.paint(Style::Good, "ok")
            } else {
                self.output.paint(Style::Bad, "NO")
            };
            self.output.line(format!("    {mark}     {what}"));
        }
    }

    /// Records an attack that was tried: whether it was refused, by whom and with which code.
    pub(super) fn attack(&mut self, name: &'static str, by: &'static str, outcome: Result<String, String>) {
        let (refused, word) = match outcome {
            Ok(word) => (true, word),
            Err(word) => (false, word),
        };
        let attack = Attack { name, refused_by: refused.then_some(by), rule: None, word };
        if self.output.is_json() {
            self.told(&attack, by);
        } else {
            let mark = match refused {
                true => self.output.paint(Style::Good, "refused"),
                false => self.output.paint(Style::Bad, "SUCCEEDED"),
            };
            self.output.line(format!("    {mark} {name}: {}", attack.word));
        }
        self.attacks.push(attack);
    }

    /// Records the forgeries of a chapter, and shows them in a table. All that are listed have to be tried. A forgery counts as
    /// refused only if the rule that it is meant for refuses it. Each answer stands beside that rule.
    pub(super) fn forgeries(&mut self, listed: &[Forgery], mut answers: Vec<(&'static str, Answer)>) {
        let before = self.attacks.len();
        for Forgery { rule, by, name } in listed {
            let place = answers.iter().position(|(meant, _)| meant == rule);
            let Some((_, answer)) = place.map(|place| answers.swap_remove(place)) else {
                self.expect(&format!("the forgery for [{rule}] was tried"), false);
                continue;
            };
            let refused = answer.rule == Some(*rule);
            let word = match answer.rule {
                Some(other) if !refused => format!("[{other}] {}", answer.word),
                _ => answer.word,
            };
            let attack = Attack { name, refused_by: refused.then_some(*by), rule: Some(*rule), word };
            if self.output.is_json() {
                self.told(&attack, by);
            }
            self.attacks.push(attack);
        }
        for (rule, _) in answers {
            self.expect(&format!("the forgery for [{rule}] is listed"), false);
        }
        if !self.output.is_json() {
            let table = self.table(self.attacks.get(before..).unwrap_or_default());
            self.output.line(format!("\n{}", table.trim_end()));
        }
    }

    /// An attack for programs.
    fn told(&self, attack: &Attack, by: &str) {
        let told = demo::Attack {
            attack: attack.name.to_owned(),
            refused: attack.refused_by.is_some(),
            by: by.to_owned(),
            identifier: attack.rule.map(str::to_owned),
            answer: attack.word.clone(),
        };
        self.output.result(&told, String::new);
    }

    /// Attacks, those who refused them, and the words.
    fn table(&self, attacks: &[Attack]) -> String {
        let mut table = Table::new(["attack", "refused by", "with the words"]);
        for attack in attacks {
            let by = match attack.refused_by {
                Some(by) => self.output.paint(Style::Good, by),
                None => self.output.paint(Style::Bad, "NOBODY"),
            };
            let by = attack.rule.map_or_else(|| by.clone(), |rule| format!("{by} [{rule}]"));
            table.row([attack.name.to_owned(), by, cut(&attack.word)]);
        }
        table.render(self.output.results())
    }

    /// Tells a watching person what takes so long.
    pub(super) fn busy(&self, what: &str) {
        if self.output.is_live() {
            self.output.note(self.output.notes().paint(Style::Dim, format!("    ... {what}")));
        }
    }

    /// The table of attacks and the count of everything; a failure if something was not as expected.
    pub(super) fn end(self, folder: &str) -> Result<(), Failure> {
        let tried = self.attacks.len();
        let refused = self.attacks.iter().filter(|attack| attack.refused_by.is_some()).count();
        let ok = self.failed.is_empty() && refused == tried;
        let seconds = (self.begun.elapsed().as_secs_f64() * 10.0).round() / 10.0;
        let rules = self.attacks.iter().filter(|attack| attack.refused_by.is_some());
        let rules: BTreeSet<_> = rules.filter_map(|attack| attack.rule).collect();
        let by_rules = self.attacks.iter().any(|attack| attack.rule.is_some());
        let summary = End {
            ok,
            transactions: self.transactions as u64,
            proofs: self.proofs as u64,
            attacks_tried: tried as u64,
            attacks_refused: refused as u64,
            disclosures_verified: by_rules.then_some(self.verified as u64),
            kinds_refused: by_rules.then_some(rules.len() as u64),
            milliseconds: milliseconds(seconds),
            dir: folder.to_owned(),
        };
        self.output.result(&summary, || {
            let counts = format!(
                "  {} transactions, {} proofs, {refused} of {tried} attacks refused, {seconds} seconds.\n  Everything is in {folder}",
                self.transactions, self.proofs,
            );
            if by_rules {
                return format!(
                    "\n  {} disclosures verified, {} kinds of forgeries refused, each by a rule of its own.\n{counts}",
                    self.verified,
                    rules.len(),
                );
            }
            let title = self.output.paint(Style::Title, "What was tried, and did not work");
            format!("\n{title}\n\n{}\n{counts}", self.table(&self.attacks))
        });
        match (self.failed.first(), ok) {
            (_, true) => Ok(()),
            (Some(first), _) => Err(Failure::expectation(format!("not as expected: {first}"))),
            (None, _) => Err(Failure::expectation("an attack was not refused")),
        }
    }

    fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let seconds = (now - self.chapter).as_secs_f64();
        self.chapter = now;
        (seconds * 10.0).round() / 10.0
    }
}

/// Seconds with one decimal, as milliseconds.
fn milliseconds(seconds: f64) -> u64 {
    std::time::Duration::try_from_secs_f64(seconds)
        .map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

/// The beginning of a long sentence.
fn cut(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text.to_owned(),
    }
}
