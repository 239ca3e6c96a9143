//! A print becomes a tagged PDF (PDF/UA-1): by typst within the program (feature `pdf`), or by a `typst` on the
//! computer.
//!
//! Both look first whether one of the fonts is there, because typst would set Chinese in whatever it finds, or in
//! empty boxes. Nothing is left behind and nothing written: the caller gets the bytes or the reason.

#[cfg(feature = "pdf")]
mod inside;
mod process;

use std::io;
use std::path::PathBuf;

use super::typst::{FONTS, TypstDocument};

/// By what a PDF is made, and where fonts are looked for beside those of the system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compiler {
    /// A typst program to be used; where none is named, typst within the program, or `typst` on the PATH.
    pub program: Option<PathBuf>,
    /// Folders of fonts.
    pub fonts: Vec<PathBuf>,
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// No program of that name.
    #[error("no PDF: there is no program {}", .program.display())]
    NoProgram {
        /// What was looked for.
        program: PathBuf,
    },
    /// None of the fonts.
    #[error("no PDF: none of the fonts {} was found{}", FONTS.join(", "), among(.folders))]
    NoFont {
        /// Where it was looked for beside the folders of the system.
        folders: Vec<PathBuf>,
    },
    /// typst refused the source.
    #[error("no PDF: typst says: {message}")]
    Refused {
        /// What it said.
        message: String,
    },
    /// A file or process failed.
    #[error("no PDF: {what}: {why}")]
    Failed {
        /// What was done.
        what: String,
        /// What the system said.
        why: io::Error,
    },
}

impl PdfError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            PdfError::NoProgram { .. } => {
                "install typst 0.14 or later and put it on the PATH, or name it in IRIO_TYPST, or build irio with \
                 --features pdf; the source (.typ) can be compiled anywhere"
            }
            PdfError::NoFont { .. } => {
                "install Noto Sans for Simplified Chinese, regular and bold (SIL Open Font License 1.1; the package \
                 fonts-noto-cjk of Debian), or name its folder with --font-path"
            }
            PdfError::Refused { .. } => {
                "typst 0.14 or later is needed; if the source is as irio wrote it, please report this"
            }
            PdfError::Failed { .. } => "the source (.typ) can be compiled anywhere",
        }
    }
}

/// Where else fonts were looked for.
fn among(folders: &[PathBuf]) -> String {
    match folders {
        [] => " among those of the system".to_owned(),
        folders => {
            let names: Vec<String> = folders.iter().map(|one| one.display().to_string()).collect();
            format!(" among those of the system and in {}", names.join(", "))
        }
    }
}

/// The PDF of a print.
///
/// # Errors
/// If there is nothing to make it with, no font of [`FONTS`], or typst refuses the source.
pub fn bytes(document: &TypstDocument, compiler: &Compiler) -> Result<Vec<u8>, PdfError> {
    match &compiler.program {
        Some(program) => process::bytes(document, program, &compiler.fonts),
        #[cfg(feature = "pdf")]
        None => inside::bytes(document, &compiler.fonts),
        #[cfg(not(feature = "pdf"))]
        None => process::bytes(document, "typst".as_ref(), &compiler.fonts),
    }
}

#[cfg(all(test, unix))]
mod tests;
