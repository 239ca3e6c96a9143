//! TOML files read so that everything wrong with them is told at once, with its line.
//!
//! A [`Section`] hands out values and remembers which keys were asked for; what is left over at
//! the end is unknown, and the nearest known key is suggested.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::TextFile;
use crate::fault::{Fault, Faults, Location};
use crate::labels::suggestion;
use crate::scenario::Trajectory;

/// A TOML file and the faults found in it so far.
pub struct Document<'a> {
    file: &'a TextFile,
    faults: RefCell<Faults>,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub at: Location,
}

/// A table of a TOML file.
pub struct Section<'d> {
    document: &'d Document<'d>,
    table: DeTable<'d>,
    span: Range<usize>,
    name: String,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Document<'a> {
    /// Begins with a file.
    pub fn new(file: &'a TextFile) -> Self {
        Document { file, faults: RefCell::default() }
    }

    /// The top-level table.
    ///
    /// # Errors
    /// If the text is not TOML.
    pub fn root(&'a self) -> Result<Section<'a>, Faults> {
        let (root, errors) = DeTable::parse_recoverable(&self.file.text);
        if !errors.is_empty() {
            let mut faults = Faults::default();
            for error in errors {
                let span = error.span().unwrap_or(0..0);
                let message = error.message().lines().collect::<Vec<_>>().join(", ");
                faults.push(Fault::new(self.at(span), message));
            }
            return Err(faults);
        }
        let span = root.span();
        let name = String::new();
        Ok(Section {
            document: self,
            table: root.into_inner(),
            span,
            name,
            known: RefCell::default(),
        })
    }

    /// Place of a stretch of the text.
    pub fn at(&self, span: Range<usize>) -> Location {
        Location::span(&self.file.path, &self.file.text, span)
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// Sets a fault aside.
    pub fn push(&self, fault: Fault) {
        self.faults.borrow_mut().push(fault);
    }

    /// Sets aside what went wrong.
    pub fn keep<T>(&self, result: Result<T, Fault>) -> Option<T> {
        self.faults.borrow_mut().keep(result)
    }

    /// Sets aside all of what went wrong.
    pub fn absorb<T>(&self, result: Result<T, Faults>) -> Option<T> {
        self.faults.borrow_mut().absorb(result)
    }

    /// The faults found.
    pub fn into_faults(self) -> Faults {
        self.faults.into_inner()
    }

    /// Takes the faults found so far.
    pub fn take_faults(&self) -> Faults {
        std::mem::take(&mut self.faults.borrow_mut())
    }
}

impl<'d> Section<'d> {
    /// Place of the section.
    pub fn at(&self) -> Location {
        self.document.at(self.span.clone())
    }

    fn look(&self, key: &'static str) -> Option<&Spanned<DeValue<'d>>> {
        if !self.known.borrow().contains(&key) {
            self.known.borrow_mut().push(key);
        }
        self.table.get(key)
    }

    fn wrong<T>(&self, key: &str, expected: &str, value: &Spanned<DeValue<'_>>) -> Option<T> {
        let found = value.get_ref().type_str();
        let text = format!("{}{key} expects {expected}, found {found}", self.prefix());
        self.document.push(Fault::new(self.document.at(value.span()), text));
        None
    }

    fn prefix(&self) -> String {
        if self.name.is_empty() { String::new() } else { format!("{}.", self.name) }
    }

    /// Whether a key is there.
    pub fn has(&self, key: &'static str) -> bool {
        self.look(key).is_some()
    }

    /// Whether a key is there, without making it one that is known.
    pub fn peek(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// The text of a key, if it is one, likewise.
    pub fn peek_text(&self, key: &str) -> Option<&str> {
        match self.table.get(key)?.get_ref() {
            DeValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// Lets a key be known without reading it.
    pub fn at_known(&self, key: &'static str) {
        self.look(key);
    }

    /// Whether a key is there with a text.
    pub fn is_text(&self, key: &'static str) -> bool {
        self.look(key).is_some_and(|value| value.get_ref().is_str())
    }

    /// Place of a key's value, or of the section.
    pub fn at_key(&self, key: &'static str) -> Location {
        self.look(key).map_or_else(|| self.at(), |value| self.document.at(value.span()))
    }

    /// A text.
    pub fn text(&self, key: &'static str) -> Option<Located<String>> {
        let value = self.look(key)?;
        match value.get_ref() {
            DeValue::String(text) => {
                Some(Located { value: text.to_string(), at: self.document.at(value.span()) })
            }
            _ => self.wrong(key, "a text in quotes", value),
        }
    }

    /// A text that must be there.
    pub fn required_text(&self, key: &'static str) -> Option<Located<String>> {
        self.require(key);
        self.text(key)
    }

    /// Reports a key that must be there and is not.
    pub fn require(&self, key: &'static str) {
        if self.look(key).is_none() {
            let whole = if self.name.is_empty() {
                "the file".to_owned()
            } else {
                format!("[{}]", self.name)
            };
            self.document.push(Fault::new(self.at(), format!("{whole} lacks {key:?}")));
        }
    }

    /// A text, or a list of at least one.
    pub fn texts(&self, key: &'static str) -> Option<Vec<Located<String>>> {
        let texts = self.any_texts(key)?;
        if texts.is_empty()
            && self.look(key).is_some_and(
                |value| matches!(value.get_ref(), DeValue::Array(list) if list.is_empty()),
            )
        {
            let fault =
                Fault::new(self.at_key(key), format!("{}{key} is an empty list", self.prefix()));
            self.document.push(fault.help("name at least one, or delete the line"));
            return None;
        }
        Some(texts)
    }

    /// A text, or a list of any number of texts.
    pub fn any_texts(&self, key: &'static str) -> Option<Vec<Located<String>>> {
        let value = self.look(key)?;
        let one = |value: &Spanned<DeValue<'d>>| match value.get_ref() {
            DeValue::String(text) => {
                Some(Located { value: text.to_string(), at: self.document.at(value.span()) })
            }
            _ => self.wrong(key, "texts in quotes", value),
        };
        match value.get_ref() {
            DeValue::Array(list) => Some(list.iter().filter_map(one).collect()),
            _ => one(value).map(|text| vec![text]),
        }
    }

    /// A finite number, whole or not.
    pub fn number(&self, key: &'static str) -> Option<Located<f64>> {
        let value = self.look(key)?;
        self.number_of(key, value)
    }

    fn number_of(&self, key: &str, value: &Spanned<DeValue<'d>>) -> Option<Located<f64>> {
        let text = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().replace('_', ""),
            DeValue::Float(number) => number.as_str().replace('_', ""),
            _ => return self.wrong(key, "a number", value),
        };
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                Some(Located { value: number, at: self.document.at(value.span()) })
            }
            _ => self.wrong(key, "a finite number", value),
        }
    }

    /// A list of finite numbers.
    pub fn numbers(&self, key: &'static str) -> Option<Located<Vec<f64>>> {
        let value = self.look(key)?;
        let DeValue::Array(list) = value.get_ref() else {
            return self.wrong(key, "a list of numbers", value);
        };
        let numbers: Option<Vec<f64>> =
            list.iter().map(|item| Some(self.number_of(key, item)?.value)).collect();
        Some(Located { value: numbers?, at: self.document.at(value.span()) })
    }

    /// Every key of the section with its number, for sections whose keys are names.
    pub fn named_numbers(&self) -> Vec<(Located<String>, f64)> {
        let one = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, _)| {
            let at = self.document.at(key.span());
            let name = Located { value: key.get_ref().to_string(), at };
            Some((name, self.number_of(key.get_ref(), value)?.value))
        };
        self.table.iter().filter_map(one).collect()
    }

    /// Whether a key is there with a table.
    pub fn is_table(&self, key: &'static str) -> bool {
        self.look(key).is_some_and(|value| matches!(value.get_ref(), DeValue::Table(_)))
    }

    /// A whole number.
    pub fn integer(&self, key: &'static str) -> Option<Located<i64>> {
        let value = self.look(key)?;
        match value.get_ref() {
            DeValue::Integer(number) => {
                match i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()) {
                    Ok(number) => {
                        Some(Located { value: number, at: self.document.at(value.span()) })
                    }
                    Err(_) => self.wrong(key, "a whole number of at most 18 digits", value),
                }
            }
            _ => self.wrong(key, "a whole number", value),
        }
    }

    /// A year between 1 and 9999.
    pub fn year(&self, key: &'static str) -> Option<Located<i32>> {
        let year = self.integer(key)?;
        match i32::try_from(year.value) {
            Ok(value @ 1..=9999) => Some(Located { value, at: year.at }),
            _ => {
                self.document.push(Fault::new(year.at, format!("{} is not a year", year.value)));
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.look(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.wrong(key, "true or false", value),
        }
    }

    /// One of several words.
    pub fn word<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<Located<T>> {
        let text = self.text(key)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Located { value: *value, at: text.at });
        }
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let fault = Fault::new(text.at, format!("{}{key} is {:?}", self.prefix(), text.value));
        let help = match suggestion(&text.value, all.iter().copied()) {
            Some(near) => format!("did you mean {near:?}? (one of {})", all.join(", ")),
            None => format!("one of {}", all.join(", ")),
        };
        self.document.push(fault.help(help));
        None
    }

    /// A number, or a table of numbers by year.
    pub fn path(&self, key: &'static str) -> Option<Located<Trajectory>> {
        let value = self.look(key)?;
        let at = self.document.at(value.span());
        let DeValue::Table(table) = value.get_ref() else {
            let number = self.number_of(key, value)?;
            return Some(Located { value: Trajectory::Constant(number.value), at });
        };
        let mut years = Vec::new();
        for (year, value) in table {
            match year.get_ref().parse::<i32>() {
                Ok(number @ 1..=9999) => {
                    years.push((number, self.number_of(key, value)?.value));
                }
                _ => {
                    let text =
                        format!("{}{key} expects years, found {:?}", self.prefix(), year.get_ref());
                    self.document.push(Fault::new(self.document.at(year.span()), text));
                    return None;
                }
            }
        }
        years.sort_by_key(|(year, _)| *year);
        if years.is_empty() {
            return self.wrong(
                key,
                "a number or numbers by year such as { 2010 = 0.1, 2015 = 0.3 }",
                value,
            );
        }
        Some(Located { value: Trajectory::ByYear(years), at })
    }

    /// A table inside this one.
    pub fn section(&self, key: &'static str) -> Option<Section<'d>> {
        let value = self.look(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(self.inside(key, table.clone(), value.span())),
            _ => self.wrong(key, "a table", value),
        }
    }

    /// The tables of an array of tables, none if the key is absent.
    pub fn sections(&self, key: &'static str) -> Vec<Section<'d>> {
        let Some(value) = self.look(key) else { return Vec::new() };
        let mut found = Vec::new();
        if let DeValue::Array(list) = value.get_ref() {
            for item in list.iter() {
                match item.get_ref() {
                    DeValue::Table(table) => {
                        found.push(self.inside(key, table.clone(), item.span()))
                    }
                    _ => {
                        self.wrong::<()>(key, "tables, each headed [[...]]", item);
                    }
                }
            }
        } else {
            let name = format!("{}{key}", self.prefix());
            let fault = Fault::new(
                self.document.at(value.span()),
                format!("{name} expects tables headed [[{name}]]"),
            );
            self.document.push(fault.help(format!("write [[{name}]] with two brackets")));
        }
        found
    }

    /// Every key of the section with its texts in the order of the file, for sections whose keys are
    /// names.
    pub fn entries(&self) -> Vec<(Located<String>, Vec<Located<String>>)> {
        let mut found = Vec::new();
        let mut lines: Vec<_> = self.table.iter().collect();
        lines.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in lines {
            let at = self.document.at(key.span());
            let name = Located { value: key.get_ref().to_string(), at };
            let one = |value: &Spanned<DeValue<'d>>| match value.get_ref() {
                DeValue::String(text) => {
                    Some(Located { value: text.to_string(), at: self.document.at(value.span()) })
                }
                _ => self.wrong(key.get_ref(), "texts in quotes", value),
            };
            let texts = match value.get_ref() {
                DeValue::Array(list) => list.iter().filter_map(one).collect(),
                _ => one(value).into_iter().collect(),
            };
            found.push((name, texts));
        }
        found
    }

    /// Every key of the section with its table in the order of the file, for sections whose keys are names.
    pub fn named_sections(&self) -> Vec<(Located<String>, Section<'d>)> {
        let mut lines: Vec<_> = self.table.iter().collect();
        lines.sort_by_key(|(key, _)| key.span().start);
        let one = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'d>>)| {
            let name =
                Located { value: key.get_ref().to_string(), at: self.document.at(key.span()) };
            match value.get_ref() {
                DeValue::Table(table) => {
                    let inside = self.inside(&name.value, table.clone(), value.span());
                    Some((name, inside))
                }
                _ => {
                    self.wrong(&name.value, "a table such as { en = \"...\", zh = \"...\" }", value)
                }
            }
        };
        lines.into_iter().filter_map(one).collect()
    }

    fn inside(&self, key: &str, table: DeTable<'d>, span: Range<usize>) -> Section<'d> {
        let name = format!("{}{key}", self.prefix());
        Section { document: self.document, table, span, name, known: RefCell::default() }
    }

    /// Reports every key that was never asked for.
    pub fn finish(&self) {
        let known = self.known.borrow();
        let mut unknown: Vec<_> =
            self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())).collect();
        unknown.sort_by_key(|key| key.span().start);
        for key in unknown {
            // Finding a place takes time; what is beyond those that are told is not looked for.
            if self.document.faults.borrow_mut().enough() {
                break;
            }
            let fault = Fault::new(
                self.document.at(key.span()),
                format!("unknown key {:?}", key.get_ref()),
            );
            let help = match suggestion(key.get_ref(), known.iter().copied()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("keys here are {}", known.join(", ")),
            };
            self.document.push(fault.help(help));
        }
    }

    /// The document.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }
}

/// Parses a text with the type's own parser, telling where it fails.
///
/// # Errors
/// If the text is not a value of the type.
pub fn parsed<T>(text: &Located<String>) -> Result<T, Fault>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.value.parse().map_err(|error: T::Err| Fault::new(text.at.clone(), error.to_string()))
}
