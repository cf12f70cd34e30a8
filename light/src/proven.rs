//! `[proven]`: records of the state under the newest head, with the way to it: the form in which a server answers a reader.

use louver_chain::state::opening::{Fact, Opening};
use louver_core::encoding::{Decode, DecodeError, Encode, Reader as Bytes, put_list};

use crate::reader::{ReadError, Reader, Step};

/// Steps to a later head, and records of the state under it.
///
/// Encoded: count u32 of steps, and they; count u32 of openings, and they.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proven {
    /// From the head that the reader named to the newest one: a step at each change of authorities, and the last one.
    /// None where both stand at genesis.
    pub steps: Vec<Step>,
    /// Records under the state root of the last step.
    pub openings: Vec<Opening>,
}

impl Proven {
    /// The most steps of one answer. A reader that is further behind asks again from where it stands then.
    pub const MOST_STEPS: usize = 64;
}

impl Reader {
    /// Takes the steps of an answer, and gives what its openings show under the head at which the reader stands then.
    ///
    /// # Errors
    /// Those of [`Reader::advance`], [`ReadError::Opening`], and [`ReadError::Convicted`] or [`ReadError::Supply`] of a
    /// state with more in the pool than was issued. The reader stands where the last sound step led.
    pub fn take(&mut self, proven: Proven, now: u64) -> Result<Vec<Fact>, ReadError> {
        let Proven { steps, openings } = proven;
        if self.evidence().is_some() {
            return Err(ReadError::Convicted);
        }
        for step in steps {
            self.advance(step, now)?;
        }
        let root = self.head().state_root();
        let facts = openings.iter().map(|opening| Ok(opening.verify(root)?.clone()));
        let facts: Vec<Fact> = facts.collect::<Result<_, ReadError>>()?;
        openings.iter().for_each(|opening| self.learn(opening));
        openings.iter().try_for_each(|opening| self.check_supply(opening))?;
        Ok(facts)
    }
}

impl Encode for Proven {
    fn encode(&self, out: &mut Vec<u8>) {
        put_list(out, &self.steps);
        put_list(out, &self.openings);
    }
}

impl Decode for Proven {
    fn decode(bytes: &mut Bytes<'_>) -> Result<Self, DecodeError> {
        let steps: Vec<Step> = bytes.list(Step::LEAST)?;
        if steps.len() > Self::MOST_STEPS {
            return Err(DecodeError::OutOfRange { what: "number of steps" });
        }
        Ok(Self { steps, openings: bytes.list(Opening::LEAST)? })
    }
}

#[cfg(test)]
mod tests {
    use louver_chain::{
        Account, Chain, Header,
        state::opening::{OpeningError, Question},
        testing::{coin, person},
    };
    use louver_core::{store::MemoryStore, value::Value};

    use super::*;
    use crate::{
        Evidence, SealedHeader,
        testing::{BLOCKS, World, inflated},
    };

    fn questions() -> [Question; 8] {
        let account = Account::of(&person(1));
        [
            Question::Asset(coin()),
            Question::Supply(coin()),
            Question::Balance(account, coin()),
            Question::Operations(account),
            Question::Rules,
            Question::Authorities,
            Question::Guardians,
            Question::Auditors,
        ]
    }

    fn opened(chain: &Chain<MemoryStore>) -> Vec<Opening> {
        questions().into_iter().map(|asked| chain.open_state(asked).unwrap().unwrap()).collect()
    }

    fn again(proven: &Proven) -> Proven {
        let again = Proven::from_bytes(&proven.to_bytes()).unwrap();
        assert_eq!(&again, proven);
        again
    }

    #[test]
    fn an_answer_leads_to_the_newest_head_and_shows_its_state() {
        let world = World::new();
        let now = world.now();
        for from in [0, 5, BLOCKS - 1] {
            let mut reader = Reader::of_keys(world.genesis(), now);
            if from > 0 {
                reader.advance(world.step(0, from), now).unwrap();
            }
            let proven = Proven { steps: vec![world.step(from, BLOCKS)], openings: opened(&world.chain) };
            let facts = reader.take(again(&proven), now).unwrap();
            assert_eq!(reader.head().height, BLOCKS);
            assert_eq!(facts.len(), 8);
            let held = Fact::Operations { account: Account::of(&person(1)), count: u64::from(BLOCKS) };
            assert_eq!(facts[3], held);
            // A reader that stands there already is told the head again.
            let same = Step { history: None, ..world.step(from, BLOCKS) };
            let proven = Proven { steps: vec![same], openings: opened(&world.chain) };
            assert_eq!(reader.take(again(&proven), now).unwrap(), facts);
        }
    }

    /// Before the first block genesis alone makes the state.
    #[test]
    fn a_reader_at_genesis_knows_the_state_of_genesis() {
        let world = World::new();
        let begun = Chain::open(MemoryStore::default(), world.genesis().clone()).unwrap();
        let mut reader = Reader::of_keys(world.genesis(), world.now());
        let proven = Proven { steps: Vec::new(), openings: opened(&begun) };
        let facts = reader.take(again(&proven), world.now()).unwrap();
        let nothing = Fact::Supply { asset: coin(), issued: Value::ZERO, in_pool: Value::ZERO };
        assert_eq!(facts[1], nothing);
        let mut kept = Reader::from_bytes(&reader.to_bytes()).unwrap();
        assert_eq!(kept.take(proven, world.now()), Ok(facts));
    }

    /// Attacker: a server that tells of a state that is over, such as a balance that was spent since.
    #[test]
    fn records_of_another_block_are_refused() {
        let world = World::new();
        let now = world.now();
        let openings = opened(&world.chain);
        let mut reader = Reader::of_keys(world.genesis(), now);
        for openings in openings.iter().take(4) {
            let proven = Proven { steps: vec![world.step(0, 7)], openings: vec![openings.clone()] };
            let refused = reader.clone().take(proven, now);
            assert!(matches!(refused, Err(ReadError::Opening(OpeningError::Section(_)))), "{refused:?}");
        }
        // And the other way round: an old record under the newest head.
        let mut earlier = world.chain;
        earlier.roll_back(7).unwrap();
        let old = opened(&earlier);
        let world = World::new();
        reader.advance(world.step(0, BLOCKS), now).unwrap();
        for opening in old.into_iter().take(4) {
            let refused = reader.clone().take(Proven { steps: vec![], openings: vec![opening] }, now);
            assert!(matches!(refused, Err(ReadError::Opening(_))), "{refused:?}");
        }
    }

    /// Attacker: a server that lies in one field of what a chain commits to.
    #[test]
    fn no_altered_answer_shows_anything() {
        let world = World::new();
        let now = world.now();
        let reader = Reader::of_keys(world.genesis(), now);
        let proven = Proven { steps: vec![world.step(0, BLOCKS)], openings: opened(&world.chain) };
        let facts = reader.clone().take(proven.clone(), now).unwrap();
        let bytes = proven.to_bytes();
        for at in 0..bytes.len() {
            for flip in [1, 0x80] {
                let mut altered = bytes.clone();
                altered[at] ^= flip;
                let Ok(altered) = Proven::from_bytes(&altered) else { continue };
                // Proofs may have several encodings of the same way; what they show is never another thing.
                if let Ok(shown) = reader.clone().take(altered, now) {
                    assert_eq!(shown, facts, "byte {at}");
                }
            }
        }
    }

    /// Attacker: authorities who let more out of the pool than went in, and a server that pretends that they did.
    #[test]
    fn a_sealed_supply_that_was_never_issued_stops_the_reader() {
        let world = World::new();
        let now = world.now();
        let (state_root, supply) = inflated();
        let header = Header { state_root, ..world.header(7) };
        let history = world.chain.history_path(0, 7).unwrap();
        let step = |sealed| Step { sealed, history: history.clone(), rotation: None };
        let proven = |sealed| Proven { steps: vec![step(sealed)], openings: vec![supply.clone()] };
        let start = Reader::of_keys(world.genesis(), now);
        // Nobody sealed it: under the true head it does not stand, and a head without seals is none.
        let mut reader = start.clone();
        let lie = reader.take(proven(world.sealed(7)), now);
        assert!(matches!(lie, Err(ReadError::Opening(_))), "{lie:?}");
        let unsealed = SealedHeader { header: header.clone(), seals: world.sealed(7).seals };
        let lie = start.clone().take(proven(unsealed), now);
        assert!(matches!(lie, Err(ReadError::Seal(_))), "{lie:?}");
        assert_eq!(reader.evidence(), None);
        reader
            .take(Proven { steps: vec![world.step(7, BLOCKS)], openings: opened(&world.chain) }, now)
            .unwrap();
        // They did.
        let mut reader = start;
        assert_eq!(reader.take(proven(world.seal(header)), now), Err(ReadError::Convicted));
        let file = Reader::from_bytes(&reader.to_bytes()).unwrap().evidence().unwrap().to_bytes();
        Evidence::from_bytes(&file).unwrap().verify(&world.hash(), &world.authorities).unwrap();
        assert_eq!(reader.take(Proven::default(), now), Err(ReadError::Convicted));
    }

    #[test]
    fn more_steps_than_an_answer_carries_are_no_answer() {
        let world = World::new();
        let steps = |count| Proven { steps: vec![world.step(0, 1); count], openings: Vec::new() };
        again(&steps(Proven::MOST_STEPS));
        let refused = Proven::from_bytes(&steps(Proven::MOST_STEPS + 1).to_bytes());
        assert_eq!(refused, Err(DecodeError::OutOfRange { what: "number of steps" }));
    }
}
