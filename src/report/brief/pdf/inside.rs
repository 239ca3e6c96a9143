//! A PDF by typst within the program. No file but fonts is read, and no network is asked: packages are refused.

use std::collections::BTreeMap;
use std::path::PathBuf;

use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::{FONTS, PdfError, TypstDocument};

/// The PDF of a print, with the fonts of the system and of some folders.
pub(super) fn bytes(document: &TypstDocument, fonts: &[PathBuf]) -> Result<Vec<u8>, PdfError> {
    let mut store = FontStore::new();
    for folder in fonts {
        store.extend(typst_kit::fonts::scan(folder));
    }
    store.extend(typst_kit::fonts::system());
    // The book knows families in small letters.
    if !FONTS.iter().any(|font| store.book().contains_family(&font.to_lowercase())) {
        return Err(PdfError::NoFont { folders: fonts.to_vec() });
    }
    let desk = Desk::of(document, store)?;
    let Warned { output, .. } = typst::compile::<PagedDocument>(&desk);
    let pages = output.map_err(|errors| desk.refusal(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|error| PdfError::Refused { message: error.message().to_string() })?;
    let options = PdfOptions { standards, ..PdfOptions::default() };
    typst_pdf::pdf(&pages, &options).map_err(|errors| desk.refusal(&errors))
}

/// What typst sees: one source, its pictures, fonts, no clock.
struct Desk {
    library: LazyHash<Library>,
    fonts: FontStore,
    main: Source,
    pictures: BTreeMap<String, Bytes>,
}

impl Desk {
    fn of(document: &TypstDocument, fonts: FontStore) -> Result<Self, PdfError> {
        let path = VirtualPath::new("brief.typ")
            .map_err(|error| PdfError::Refused { message: format!("{error:?}") })?;
        let main = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        let picture = |one: &crate::report::brief::pictures::Picture| {
            (format!("{}/{}", document.folder, one.name), Bytes::new(one.bytes.clone()))
        };
        Ok(Desk {
            library: LazyHash::new(Library::default()),
            fonts,
            main: Source::new(main, document.main.clone()),
            pictures: document.pictures.iter().map(picture).collect(),
        })
    }

    /// What typst says, with the line of the source.
    fn refusal(&self, errors: &[SourceDiagnostic]) -> PdfError {
        let told = |error: &SourceDiagnostic| {
            let line = self.range(error.span).map(|range| {
                let before = self.main.text().get(..range.start).unwrap_or_default();
                before.matches('\n').count() + 1
            });
            match line {
                Some(line) => format!("brief.typ:{line}: {}", error.message),
                None => error.message.to_string(),
            }
        };
        let message = errors.iter().map(told).collect::<Vec<String>>().join("; ");
        PdfError::Refused { message }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(absent(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get().vpath().get_without_slash();
        let own = matches!(id.get().root(), VirtualRoot::Project);
        self.pictures.get(path).filter(|_| own).cloned().ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::sample;
    use crate::figure::ink::Theme;
    use crate::report::brief::typst::{Print, source};

    /// Where the fonts are: a tagged document of all pages, twice the same. Where not, that and nothing else is told.
    #[test]
    fn a_brief_becomes_a_pdf_or_the_font_is_named() {
        let theme = Theme::light();
        let print = Print { theme: &theme, brand: "#12365C", folder: "brief-figures" };
        let document = source(&sample::briefs(), &print);
        match bytes(&document, &[]) {
            Ok(pdf) => {
                assert!(pdf.starts_with(b"%PDF-1.7"));
                let text = String::from_utf8_lossy(&pdf);
                assert!(text.contains("/MarkInfo") && text.contains("/Lang(zh)"));
                assert_eq!(pdf, bytes(&document, &[]).unwrap());
            }
            Err(error) => assert!(matches!(error, PdfError::NoFont { .. }), "{error}"),
        }
    }

    #[test]
    fn what_typst_refuses_is_told_with_its_line() {
        let document =
            TypstDocument { main: "= A\n#foo".into(), pictures: Vec::new(), folder: "x".into() };
        match bytes(&document, &[]) {
            Err(PdfError::Refused { message }) => {
                assert_eq!(message, "brief.typ:2: unknown variable: foo");
            }
            other => assert!(matches!(other, Err(PdfError::NoFont { .. })), "{other:?}"),
        }
    }
}
