//! JSON as a tree that knows the place of each element. It names elements in its errors and never their values, keeps
//! what is written twice, and wipes its texts.

use core::{cell::RefCell, fmt};

use louver_core::text::{is_hidden, visible};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use zeroize::Zeroizing;

use super::{Fault, Rule, ivms101::Text};

/// The most faults that are named at once.
const MOST_FAULTS: usize = 32;
/// The most characters that are shown of an element's name.
const LONGEST_NAME: usize = 48;

/// A JSON value.
pub(super) enum Tree {
    Null,
    Text(Zeroizing<String>),
    Number(u64),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
    /// Anything that IVMS101 has no use for: a fraction, a negative number, true or false.
    Other,
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::Text(Zeroizing::new(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Tree::Object(object))
    }
}

/// The faults that were found so far.
#[derive(Default)]
pub(super) struct Faults(RefCell<Vec<Fault>>);

impl Faults {
    pub(super) fn add(&self, path: &str, rule: Rule) {
        let mut faults = self.0.borrow_mut();
        if faults.len() < MOST_FAULTS {
            faults.push(Fault { path: path.to_owned(), rule });
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.borrow().len()
    }

    pub(super) fn into_vec(self) -> Vec<Fault> {
        self.0.into_inner()
    }
}

/// A code of a fixed list.
pub(super) trait Code: Copy + 'static {
    /// The codes as they are written, in the order of the standard.
    const ALL: &'static [(&'static str, Self)];
    /// The same, for people.
    const LIST: &'static str;
}

/// An element with elements of its own. Each is asked for once; what nobody asked for is a fault.
pub(super) struct Node<'a> {
    path: String,
    entries: Vec<(&'a str, &'a Tree)>,
    faults: &'a Faults,
}

impl<'a> Node<'a> {
    /// The node of a tree at a path.
    pub(super) fn new(path: String, tree: &'a Tree, faults: &'a Faults) -> Option<Self> {
        match tree {
            Tree::Object(entries) => {
                let entries = entries.iter().map(|(name, tree)| (name.as_str(), tree)).collect();
                Some(Self { path, entries, faults })
            }
            _ => {
                faults.add(&path, Rule::Kind { wanted: "an object" });
                None
            }
        }
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Where an element of this name is, or would be.
    pub(super) fn place(&self, name: &str) -> String {
        let shown: String = name.chars().take(LONGEST_NAME).collect();
        match self.path.is_empty() {
            true => visible(&shown),
            false => format!("{}.{}", self.path, visible(&shown)),
        }
    }

    pub(super) fn fault(&self, name: &str, rule: Rule) {
        self.faults.add(&self.place(name), rule);
    }

    pub(super) fn faults(&self) -> &'a Faults {
        self.faults
    }

    /// Takes the element with one of these names. The first is its name in the standard's first issue. `null` and an empty text
    /// count as missing.
    fn take(&mut self, names: &[&str]) -> Option<(String, &'a Tree)> {
        let mut found = None;
        let mut twice = None;
        self.entries.retain(|(name, tree)| {
            if !names.contains(name) {
                return true;
            }
            match found {
                None => found = Some((*name, *tree)),
                Some(_) => twice = Some(*name),
            }
            false
        });
        if let Some(name) = twice {
            self.fault(name, Rule::Twice);
        }
        let (name, tree) = found?;
        let is_empty = match tree {
            Tree::Null => true,
            Tree::Text(text) => text.is_empty(),
            _ => false,
        };
        (!is_empty).then(|| (self.place(name), tree))
    }

    /// Takes a text of at most so many characters.
    pub(super) fn text(&mut self, names: &[&str], most: usize) -> Option<Text> {
        let (path, tree) = self.take(names)?;
        text(&path, tree, most, Script::Latin, self.faults)
    }

    /// Takes a text that must be there. It is empty if there is a fault.
    pub(super) fn needed(&mut self, names: &[&str], most: usize, script: Script) -> Text {
        match self.take(names) {
            Some((path, tree)) => text(&path, tree, most, script, self.faults).unwrap_or_default(),
            None => {
                self.fault(names[0], Rule::Missing);
                Text::default()
            }
        }
    }

    /// Takes a text that may be in local characters.
    pub(super) fn local(&mut self, names: &[&str], most: usize, script: Script) -> Option<Text> {
        let (path, tree) = self.take(names)?;
        text(&path, tree, most, script, self.faults)
    }

    /// Takes a code that must be there.
    pub(super) fn code<T: Code>(&mut self, names: &[&str]) -> Option<T> {
        match self.take(names) {
            Some((path, tree)) => code(&path, tree, self.faults),
            None => {
                self.fault(names[0], Rule::Missing);
                None
            }
        }
    }

    /// Takes a whole number that must be there.
    pub(super) fn number(&mut self, names: &[&str]) -> Option<u64> {
        let Some((path, tree)) = self.take(names) else {
            self.fault(names[0], Rule::Missing);
            return None;
        };
        let number = match tree {
            Tree::Number(number) => Some(*number),
            // Some write every value as a text.
            Tree::Text(text) => text.parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.faults.add(&path, Rule::Kind { wanted: "a whole number" });
        }
        number
    }

    /// Takes an element with elements of its own.
    pub(super) fn node(&mut self, names: &[&str]) -> Option<Node<'a>> {
        let (path, tree) = self.take(names)?;
        Node::new(path, tree, self.faults)
    }

    /// The same of one that must be there.
    pub(super) fn needed_node(&mut self, names: &[&str]) -> Option<Node<'a>> {
        let Some((path, tree)) = self.take(names) else {
            self.fault(names[0], Rule::Missing);
            return None;
        };
        Node::new(path, tree, self.faults)
    }

    /// Takes a list, with the place of each item. One item need not stand in a list.
    pub(super) fn list(&mut self, names: &[&str]) -> Vec<(String, &'a Tree)> {
        match self.take(names) {
            None => Vec::new(),
            Some((path, Tree::List(items))) => {
                items.iter().enumerate().map(|(index, item)| (format!("{path}[{index}]"), item)).collect()
            }
            Some(single) => vec![single],
        }
    }

    /// The same, of items with elements of their own.
    pub(super) fn nodes(&mut self, names: &[&str]) -> Vec<Node<'a>> {
        let items = self.list(names).into_iter();
        items.filter_map(|(path, item)| Node::new(path, item, self.faults)).collect()
    }

    /// The same, of texts.
    pub(super) fn texts(&mut self, names: &[&str], most: usize, script: Script) -> Vec<Text> {
        let items = self.list(names).into_iter();
        items.filter_map(|(path, item)| text(&path, item, most, script, self.faults)).collect()
    }

    /// Takes a list of codes.
    pub(super) fn codes<T: Code>(&mut self, names: &[&str]) -> Vec<T> {
        let items = self.list(names).into_iter();
        items.filter_map(|(path, item)| code(&path, item, self.faults)).collect()
    }

    /// Refuses the elements that nobody asked for.
    pub(super) fn finish(self) {
        for (name, _) in &self.entries {
            self.fault(name, Rule::Unknown);
        }
    }
}

/// The characters of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// Those that everybody reads.
    Latin,
    /// Those of a national script, in some of which joiners belong.
    Local,
}

fn text(path: &str, tree: &Tree, most: usize, script: Script, faults: &Faults) -> Option<Text> {
    let Tree::Text(text) = tree else {
        faults.add(path, Rule::Kind { wanted: "a text" });
        return None;
    };
    let is_joiner = |c: char| script == Script::Local && matches!(c, '\u{200c}' | '\u{200d}');
    if text.trim().is_empty() {
        faults.add(path, Rule::Missing);
    } else if text.chars().count() > most {
        faults.add(path, Rule::TooLong { most });
    } else if text.chars().any(|c| is_hidden(c) && !is_joiner(c)) {
        faults.add(path, Rule::Hidden);
    } else {
        return Some(Text::new(text));
    }
    None
}

fn code<T: Code>(path: &str, tree: &Tree, faults: &Faults) -> Option<T> {
    let Tree::Text(text) = tree else {
        faults.add(path, Rule::Kind { wanted: "a text" });
        return None;
    };
    // Values are read in any case (section 1.5 of the standard).
    let found = T::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    if found.is_none() {
        faults.add(path, Rule::Code { allowed: T::LIST });
    }
    found.map(|(_, code)| *code)
}
