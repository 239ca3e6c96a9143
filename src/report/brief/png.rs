//! A figure in pixels.

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// Pixels for each px of the drawing.
const SCALE: f32 = 2.0;

/// Why a drawing cannot be made into pixels.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PngError {
    /// The drawing is no SVG.
    #[error("the drawing cannot be read: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// No font is there.
    #[error(
        "no font was found on this system to write the picture with; install one that has Chinese, such as Noto Sans CJK SC (in Debian: fonts-noto-cjk), or write an .svg"
    )]
    Fonts,
    /// The picture cannot be held or packed.
    #[error("the picture cannot be made: {0}")]
    Picture(String),
}

/// A drawing as PNG, on white, two pixels for each px; with the fonts of this system, so its bytes differ between
/// systems with other fonts.
///
/// # Errors
/// If the text is no SVG, or no font is there.
pub fn rendered(svg: &str) -> Result<Vec<u8>, PngError> {
    let mut options = Options::default();
    options.fontdb_mut().load_system_fonts();
    if options.fontdb.is_empty() {
        return Err(PngError::Fonts);
    }
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size();
    let (width, height) = ((size.width() * SCALE).ceil(), (size.height() * SCALE).ceil());
    let mut pixels = Pixmap::new(width as u32, height as u32)
        .ok_or_else(|| PngError::Picture(format!("{width} × {height} pixels")))?;
    pixels.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PngError::Picture(error.to_string()))
}
