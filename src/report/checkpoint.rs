//! Finished draws of a long run, kept in a file beside its results until they are written.
//!
//! ```text
//! magic, block of the subject (JSON), blocks of draws
//! block = length (8 bytes), checksum (8 bytes), that many bytes
//! ```
//!
//! A process may die at any byte: blocks are appended, and the first one that is not whole ends the
//! file. Numbers are kept as their bits, so a run that goes on comes to the same bits.

mod block;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::progress::{Finished, HELD, Keep};

/// First bytes of a checkpoint of this layout.
const MAGIC: &[u8] = b"irio-part 1\n";

/// Time after which finished draws are written.
const EVERY: Duration = Duration::from_millis(200);

/// Everything that the draws of a run depend on; a checkpoint of another subject is of no use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Version of the program.
    pub irio: String,
    /// Kind of machine: other instructions round differently.
    pub machine: String,
    /// SHA-256 of the scenario after everything was looked up, with seed, draws and switches.
    pub scenario: String,
    /// Names and SHA-256 of the files that went in.
    pub inputs: Vec<(String, String)>,
}

impl Subject {
    /// Why a checkpoint of `other` is of no use here; nothing if it is.
    fn differs(&self, other: &Subject) -> Option<String> {
        if self.irio != other.irio {
            return Some(format!("it is of irio {}", other.irio));
        }
        if self.machine != other.machine {
            return Some(format!("it is of another machine ({})", other.machine));
        }
        if let Some((name, _)) = self.inputs.iter().find(|input| !other.inputs.contains(input)) {
            return Some(format!("{name} has changed since"));
        }
        (self != other).then(|| "it is of another scenario, seed or number of draws".to_owned())
    }
}

/// What was found where a checkpoint would stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing, or the beginning of a file that was never written.
    Nothing,
    /// So many finished draws of this very run.
    Draws(u64),
    /// A checkpoint that is of no use, and why.
    Useless(String),
    /// The place cannot be used, and why; nothing will be kept.
    Closed(String),
}

/// Keeps finished draws in a file; a trouble with that file is no trouble of the run.
#[derive(Debug)]
pub struct Checkpoint {
    path: PathBuf,
    subject: Subject,
    state: RefCell<State>,
}

#[derive(Debug)]
struct State {
    /// Open and locked; none until there is something to write.
    file: Option<File>,
    /// Length of what is whole in the file.
    whole: u64,
    earlier: BTreeMap<u32, Finished>,
    /// Draws of each part that are in the file or waiting.
    kept: BTreeMap<u32, u32>,
    waiting: Vec<u8>,
    written: Instant,
    portion: u32,
    /// Draws that a portion may have at most, for the sake of memory.
    most: u32,
    asked: Instant,
    trouble: Option<String>,
}

impl Checkpoint {
    /// Looks at the checkpoint at `path`. With `resume` its draws are taken up; without, the first draws
    /// that are kept take its place.
    pub fn open(path: PathBuf, subject: Subject, resume: bool) -> (Self, Found) {
        let now = Instant::now();
        let mut state = State {
            file: None,
            whole: 0,
            earlier: BTreeMap::new(),
            kept: BTreeMap::new(),
            waiting: Vec::new(),
            written: now,
            portion: 1,
            most: u32::MAX,
            asked: now,
            trouble: None,
        };
        let found = match look(&path, &subject) {
            Err(why) => {
                // Said here and now, so not again at the end.
                state.trouble = Some(String::new());
                Found::Closed(why)
            }
            Ok(None) => Found::Nothing,
            Ok(Some((file, Content::Useless(why)))) => {
                state.file = Some(file);
                Found::Useless(why)
            }
            Ok(Some((file, Content::Blocks { earlier, whole }))) => {
                let draws = earlier.values().map(|part| part.draws.len() as u64).sum();
                if resume {
                    let count = |part: &Finished| part.draws.len() as u32;
                    state.kept = earlier.iter().map(|(part, own)| (*part, count(own))).collect();
                    (state.earlier, state.whole) = (earlier, whole);
                }
                state.file = Some(file);
                if draws == 0 { Found::Nothing } else { Found::Draws(draws) }
            }
        };
        (Checkpoint { path, subject, state: RefCell::new(state) }, found)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what waits; whether there is anything to go on from.
    pub fn save(&self) -> bool {
        let state = &mut *self.state.borrow_mut();
        self.flush(state);
        state.whole > 0
    }

    /// What kept finished draws from being kept.
    pub fn trouble(&self) -> Option<String> {
        self.state.borrow().trouble.clone().filter(|text| !text.is_empty())
    }

    /// Removes the file: the results are written.
    pub fn remove(self) {
        if self.state.into_inner().file.is_some() {
            let _ = fs::remove_file(&self.path);
        }
    }

    fn flush(&self, state: &mut State) {
        if state.waiting.is_empty() || state.trouble.is_some() {
            return;
        }
        match self.append(state) {
            Ok(()) => state.waiting.clear(),
            Err(error) => {
                // What is whole stays of use; the rest would only take space.
                if let Some(file) = &state.file {
                    let _ = file.set_len(state.whole);
                }
                if state.whole == 0 && state.file.take().is_some() {
                    let _ = fs::remove_file(&self.path);
                }
                state.waiting = Vec::new();
                state.trouble = Some(format!(
                    "{}: finished draws are not kept: {error}; a run that is stopped loses them",
                    self.path.display()
                ));
            }
        }
        state.written = Instant::now();
    }

    fn append(&self, state: &mut State) -> io::Result<()> {
        if state.file.is_none() {
            if let Some(parent) = self.path.parent() {
                fs::create_dir_all(parent)?;
            }
            state.file = Some(locked(&self.path, true)?);
        }
        let Some(file) = &mut state.file else { return Ok(()) };
        file.set_len(state.whole)?;
        file.seek(SeekFrom::Start(state.whole))?;
        if state.whole == 0 {
            let mut head = MAGIC.to_vec();
            block::put(&mut head, &serde_json::to_vec(&self.subject).unwrap_or_default());
            state.waiting.splice(0..0, head);
        }
        file.write_all(&state.waiting)?;
        state.whole += state.waiting.len() as u64;
        Ok(())
    }
}

impl Keep for Checkpoint {
    fn earlier(&self, part: u32, numbers: usize) -> Finished {
        let state = &mut *self.state.borrow_mut();
        state.most = u32::try_from(HELD / (8 * numbers.max(1))).unwrap_or(u32::MAX);
        let found = state.earlier.remove(&part).unwrap_or_default();
        let fits = |draw: &Option<Vec<f64>>| draw.as_ref().is_none_or(|own| own.len() == numbers);
        if found.draws.iter().all(fits) {
            return found;
        }
        // Of another layout, though of this subject: nothing in the file can be trusted.
        (state.whole, state.earlier, state.kept) = (0, BTreeMap::new(), BTreeMap::new());
        Finished::default()
    }

    fn portion(&self) -> u32 {
        let state = &mut *self.state.borrow_mut();
        state.asked = Instant::now();
        if state.kept.is_empty() {
            state.written = state.asked;
        }
        let threads = rayon::current_num_threads() as u32;
        state.portion = state.portion.min(state.most).max(threads);
        state.portion
    }

    fn keep(&self, part: u32, finished: &Finished) {
        let state = &mut *self.state.borrow_mut();
        // A portion takes about as long as the time between two writes.
        let took = state.asked.elapsed();
        if took < EVERY / 2 {
            state.portion = state.portion.saturating_mul(2);
        } else if took > EVERY * 2 {
            state.portion = (state.portion / 2).max(1);
        }
        if state.trouble.is_some() {
            return;
        }
        let first = state.kept.entry(part).or_default();
        block::put(&mut state.waiting, &block::of_draws(part, *first, finished));
        *first += finished.draws.len() as u32;
        if state.written.elapsed() >= EVERY || state.waiting.len() >= HELD {
            self.flush(state);
        }
    }
}

enum Content {
    Useless(String),
    Blocks { earlier: BTreeMap<u32, Finished>, whole: u64 },
}

/// Opens a file that no other process holds.
fn locked(path: &Path, create: bool) -> io::Result<File> {
    let file =
        OpenOptions::new().read(true).write(true).create(create).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(io::Error::other("another run is writing it")),
        // Without locks two runs of one scenario at once have to be the user's own care.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// What stands at the place of a checkpoint, if anything does.
fn look(path: &Path, subject: &Subject) -> Result<Option<(File, Content)>, String> {
    let closed = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let file = match locked(path, false) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(closed(&error)),
    };
    let length = file.metadata().map_err(|error| closed(&error))?.len();
    let mut from = BufReader::new(&file);
    let mut magic = Vec::new();
    from.by_ref()
        .take(MAGIC.len() as u64)
        .read_to_end(&mut magic)
        .map_err(|error| closed(&error))?;
    if !MAGIC.starts_with(&magic) {
        return Err(closed(&"is no checkpoint of irio; it is left alone"));
    }
    let mut blocks = block::Blocks::new(from, length.saturating_sub(MAGIC.len() as u64));
    let head = blocks.next().and_then(|bytes| serde_json::from_slice::<Subject>(&bytes).ok());
    let content = match head {
        // It died before it had anything to keep.
        None => Content::Blocks { earlier: BTreeMap::new(), whole: 0 },
        Some(head) => match subject.differs(&head) {
            Some(why) => Content::Useless(why),
            None => {
                let (earlier, whole) = blocks.draws();
                Content::Blocks { earlier, whole: whole + MAGIC.len() as u64 }
            }
        },
    };
    Ok(Some((file, content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(scenario: &str) -> Subject {
        Subject {
            irio: "1".into(),
            machine: "m".into(),
            scenario: scenario.into(),
            inputs: vec![("a.csv".into(), "00".into())],
        }
    }

    fn drawn(count: u32) -> Finished {
        let one = |at: u32| (at != 2).then(|| vec![f64::from(at) / 3.0, f64::NAN, -0.0]);
        Finished { draws: (0..count).map(one).collect(), factorised: u64::from(count) }
    }

    fn bits(draws: &[Option<Vec<f64>>]) -> Vec<Option<Vec<u64>>> {
        let of = |own: &Vec<f64>| own.iter().map(|value| value.to_bits()).collect();
        draws.iter().map(|draw| draw.as_ref().map(of)).collect()
    }

    /// A checkpoint with five draws of one part and three of another.
    fn written(path: &Path) -> Vec<u8> {
        let (checkpoint, _) = Checkpoint::open(path.into(), subject("s"), false);
        checkpoint.keep(0, &drawn(5));
        checkpoint.save();
        checkpoint.keep(1, &drawn(3));
        assert!(checkpoint.save());
        drop(checkpoint);
        fs::read(path).unwrap()
    }

    #[test]
    fn a_file_that_ends_anywhere_gives_what_is_whole() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("run.irio-part");
        let whole = written(&path);
        let mut seen = Vec::new();
        for length in 0..=whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let (checkpoint, found) = Checkpoint::open(path.clone(), subject("s"), true);
            let draws = match found {
                Found::Nothing => 0,
                Found::Draws(draws) => draws,
                other => panic!("{other:?} at {length}"),
            };
            seen.push(draws);
            for (part, count) in [(0, 5), (1, 3)] {
                let back = checkpoint.earlier(part, 3);
                let expected = if back.draws.is_empty() { drawn(0) } else { drawn(count) };
                assert_eq!(bits(&back.draws), bits(&expected.draws));
                assert_eq!(back.factorised, expected.factorised);
            }
        }
        seen.dedup();
        assert_eq!(seen, [0, 5, 8]);
    }

    #[test]
    fn what_is_kept_after_a_torn_block_stands_in_its_place() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("run.irio-part");
        let whole = written(&path);
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        let (checkpoint, found) = Checkpoint::open(path.clone(), subject("s"), true);
        assert_eq!(found, Found::Draws(5));
        checkpoint.keep(1, &drawn(3));
        checkpoint.save();
        drop(checkpoint);
        assert_eq!(fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn a_changed_byte_ends_the_file() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("run.irio-part");
        let mut bytes = written(&path);
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let (_, found) = Checkpoint::open(path.clone(), subject("s"), true);
        assert_eq!(found, Found::Draws(5));
    }

    #[test]
    fn another_subject_is_told_and_replaced() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("run.irio-part");
        written(&path);
        let (checkpoint, found) = Checkpoint::open(path.clone(), subject("t"), true);
        assert!(matches!(found, Found::Useless(why) if why.contains("another scenario")));
        assert!(checkpoint.earlier(0, 3).draws.is_empty());
        checkpoint.keep(0, &drawn(1));
        checkpoint.save();
        let (_, found) = Checkpoint::open(path.clone(), subject("t"), true);
        assert!(matches!(found, Found::Closed(why) if why.contains("another run")));
        drop(checkpoint);
        let (checkpoint, found) = Checkpoint::open(path.clone(), subject("t"), true);
        assert_eq!(found, Found::Draws(1));
        checkpoint.remove();
        assert!(!path.exists());
    }

    #[test]
    fn a_file_of_somebody_else_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("run.irio-part");
        fs::write(&path, "precious").unwrap();
        let (checkpoint, found) = Checkpoint::open(path.clone(), subject("s"), false);
        assert!(matches!(found, Found::Closed(_)));
        checkpoint.keep(0, &drawn(1));
        assert!(!checkpoint.save());
        checkpoint.remove();
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    }
}
