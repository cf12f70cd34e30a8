//! Answers that were found lately, so that they are not found again.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

/// The last answers, up to a number; older ones are forgotten.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    most: usize,
    answers: HashMap<K, V>,
    order: VecDeque<K>,
}

impl<K: Copy + Eq + Hash, V> Recent<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, answers: HashMap::new(), order: VecDeque::new() }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.answers.get(key)
    }

    pub(crate) fn put(&mut self, key: K, answer: V) {
        if self.answers.insert(key, answer).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > self.most {
            if let Some(oldest) = self.order.pop_front() {
                self.answers.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten() {
        let mut recent = Recent::new(2);
        for key in [1, 2, 2, 3] {
            recent.put(key, key);
        }
        assert_eq!([1, 2, 3].map(|key| recent.get(&key).copied()), [None, Some(2), Some(3)]);
        assert_eq!(recent.answers.len(), 2);
    }
}
