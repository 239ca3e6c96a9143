//! Results become bytes: files of a results folder, terminal tables, JSON.
//!
//! A new output is one new file here and one line where it is called.

pub mod brief;
pub mod checkpoint;
pub mod controls;
pub mod files;
pub mod folder;
pub mod matrices;
pub mod matrix;
pub mod npy;
pub mod publication;
pub mod pymrio;
pub mod results;
pub mod table;
pub mod terminal;
pub mod units;
pub mod weights;

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;

/// Files of a folder, not yet written.
#[derive(Debug, Clone, Default)]
pub struct Files(pub Vec<(PathBuf, Vec<u8>)>);

impl Files {
    /// Adds a file.
    pub fn add(&mut self, name: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) {
        self.0.push((name.into(), bytes.into()));
    }

    /// Text of the file of a name, if there is one and it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        let (_, bytes) = self.0.iter().find(|(own, _)| own.as_os_str() == name)?;
        std::str::from_utf8(bytes).ok()
    }
}

/// A file of a folder that is written piece by piece, because it may be larger than memory.
pub struct Streamed<'a> {
    /// Its name in the folder.
    pub name: PathBuf,
    write: Writer<'a>,
}

type Writer<'a> = Box<dyn Fn(&mut dyn Write) -> io::Result<()> + 'a>;

impl<'a> Streamed<'a> {
    /// A file of what `write` writes.
    pub fn new(
        name: impl Into<PathBuf>,
        write: impl Fn(&mut dyn Write) -> io::Result<()> + 'a,
    ) -> Self {
        Streamed { name: name.into(), write: Box::new(write) }
    }

    /// Writes it.
    ///
    /// # Errors
    /// What the place to write to says.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        (self.write)(out)
    }
}

impl fmt::Debug for Streamed<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Streamed").field("name", &self.name).finish_non_exhaustive()
    }
}
