//! A brief becomes bytes: print, text, workbook.

pub mod markdown;
pub mod numbers;
pub mod pdf;
pub mod pictures;
pub mod typst;
pub mod workbook;
