//! Results become bytes: files of a results folder, terminal tables, JSON.
//!
//! A new output is one new file here and one line where it is called.

pub mod controls;
pub mod files;
pub mod folder;
pub mod matrix;
pub mod pymrio;
pub mod results;
pub mod table;
pub mod terminal;
pub mod units;

use std::path::PathBuf;

/// Files of a folder, not yet written.
#[derive(Debug, Clone, Default)]
pub struct Files(pub Vec<(PathBuf, Vec<u8>)>);

impl Files {
    /// Adds a file.
    pub fn add(&mut self, name: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) {
        self.0.push((name.into(), bytes.into()));
    }
}
