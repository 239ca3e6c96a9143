//! A [`Brief`](crate::brief::content::Brief) becomes something to read: each form of it is one file here.

pub mod html;
pub mod markdown;
pub mod numbers;
pub mod pdf;
mod phrases;
pub mod pictures;
#[cfg(feature = "png")]
pub mod png;
pub mod typst;
pub mod workbook;
