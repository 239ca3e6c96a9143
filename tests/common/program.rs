//! Running the program in a folder of its own.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run of the program left behind.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A folder with the two-region example in it, gone when dropped.
pub struct Place(tempfile::TempDir);

impl Place {
    pub fn new() -> Self {
        let place = Place(tempfile::tempdir().unwrap());
        for year in 0..2 {
            copy(
                Path::new(&format!("tests/data/two-region-{year}")),
                &place.path(&format!("table-{year}")),
            );
        }
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Replaces a text of a file, which must be there.
    pub fn patch(&self, name: &str, from: &str, to: &str) -> &Self {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, text.replacen(from, to, 1))
    }

    pub fn irio(&self, arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_irio"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs the program, which must refuse: what it says, with its exit code in front. It says nothing
    /// but that, and leaves every file as it was, and none besides.
    pub fn refusal(&self, arguments: &[&str]) -> String {
        let before = contents(self.0.path());
        let run = self.irio(arguments);
        assert_ne!(run.code, 0, "it should fail: {}", run.stdout);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        assert_eq!(run.stdout, "", "{}", run.stderr);
        assert!(contents(self.0.path()) == before, "nothing is written on failure");
        format!("exit code {}\n{}", run.code, run.stderr)
    }
}

/// Tests of bad inputs: each prepares a place, and what the program then says to the arguments is a snapshot.
#[allow(unused_macros)]
macro_rules! bad {
    ($($name:ident: |$place:ident| $prepare:block => $arguments:expr;)*) => { $(
        #[test]
        fn $name() {
            let $place = Place::new();
            $prepare;
            insta::assert_snapshot!(stringify!($name), $place.refusal(&$arguments));
        }
    )* };
}

/// Files below a folder by path, and what is in them.
pub type Contents = BTreeMap<PathBuf, Vec<u8>>;

/// Every file below a folder, and what is in it; a folder is there with nothing in it.
pub fn contents(folder: &Path) -> Contents {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
            all.insert(path, Vec::new());
        } else {
            let bytes = fs::read(&path).unwrap_or_default();
            all.insert(path, bytes);
        }
    }
    all
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
