//! A [`Brief`](crate::brief::content::Brief) becomes something to read: each form of it is one file here.

pub mod html;
