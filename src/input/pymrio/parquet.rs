//! Frames in parquet, as pandas writes them: one column of numbers for each column of the frame, and its
//! labels in columns of text. Labels of several levels stand in the column's name as a tuple of Python.

mod pages;

use ::parquet::basic::{ConvertedType, LogicalType, Type};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArrayType, DataType};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;

use super::frame::{Frame, Line, List, Shape};
use super::source::Member;
use crate::fault::Fault;
use crate::input::LARGEST;
use crate::input::numbers::{Place, Rows};
use crate::input::workbook::guarded;

/// How many values are read at a time.
const BATCH: usize = 1 << 14;

/// What may be kept of a file, whatever its length.
const MEMORY: usize = 1 << 26;

/// Largest ratio of what is kept to the length of a file, that of columns of one repeated text.
const RATIO: usize = 1100;

/// Columns of a file: texts, or numbers other than zero with their rows.
struct Content {
    /// Names of the columns that hold labels.
    index: Vec<String>,
    texts: Vec<(String, Vec<String>)>,
    numbers: Vec<(String, Vec<(u32, f64)>)>,
    rows: usize,
}

/// Reads a frame of numbers.
pub(super) fn frame(member: Member, shape: Shape) -> Result<Frame, Fault> {
    let place = member.place.clone();
    let content = content(member)?;
    let count = content.index.len();
    if shape.labels.is_some_and(|expected| expected != count) {
        let text = format!("{count} columns of labels, expected {}", shape.labels.unwrap_or(0));
        return Err(Fault::new(place.whole(), text).help(HELP));
    }
    let columns = labels(&content, &place)?;
    if let Some((name, texts)) =
        content.texts.iter().find(|(name, _)| !content.index.contains(name))
    {
        let found = texts.first().map_or("texts".to_owned(), |text| format!("{text:?}"));
        let text = format!("column {name:?}: expected numbers, found {found}");
        return Err(Fault::new(place.whole(), text).help(HELP));
    }
    let mut heads = vec![Vec::new(); shape.headers];
    for (name, _) in &content.numbers {
        let texts = if shape.headers == 1 { Some(vec![name.clone()]) } else { tuple(name) };
        let Some(texts) = texts.filter(|texts| texts.len() == shape.headers) else {
            let text = format!("column {name:?} is not labelled by {} texts", shape.headers);
            return Err(Fault::new(place.whole(), text).help(HELP));
        };
        heads.iter_mut().zip(texts).for_each(|(head, text)| head.push(text));
    }
    let unnamed =
        |name: &String| if name.starts_with("__index") { String::new() } else { name.clone() };
    let index = (0..content.rows).map(|row| columns.iter().map(|c| c[row].clone()).collect());
    Ok(Frame {
        place,
        names: content.index.iter().map(unnamed).collect(),
        index: index.collect(),
        heads,
        first_line: 1,
        values: transposed(&content),
    })
}

/// Reads a file of texts; the columns of labels come first.
pub(super) fn list(member: Member) -> Result<List, Fault> {
    let place = member.place.clone();
    let content = content(member)?;
    let mut columns = labels(&content, &place)?;
    let mut header = content.index.clone();
    for (name, texts) in &content.texts {
        if !content.index.contains(name) {
            header.push(name.clone());
            columns.push(texts);
        }
    }
    let line = |row: usize| Line {
        texts: columns.iter().map(|column| column[row].clone()).collect(),
        line: row as u64 + 1,
    };
    Ok(List { place, header, lines: (0..content.rows).map(line).collect() })
}

const HELP: &str = "irio reads what pymrio writes with save_all(table_format=\"parquet\")";

/// Texts of the columns of labels.
fn labels<'c>(content: &'c Content, place: &Place) -> Result<Vec<&'c Vec<String>>, Fault> {
    let find = |name: &String| {
        let found = content.texts.iter().find(|(known, _)| known == name);
        found.map(|(_, texts)| texts).ok_or_else(|| {
            Fault::new(place.whole(), format!("no column of texts {name:?} for labels")).help(HELP)
        })
    };
    content.index.iter().map(find).collect()
}

/// Columns become rows.
fn transposed(content: &Content) -> crate::linalg::Matrix {
    let mut starts = vec![0usize; content.rows + 1];
    for (row, _) in content.numbers.iter().flat_map(|(_, cells)| cells) {
        starts[*row as usize + 1] += 1;
    }
    (0..content.rows).for_each(|row| starts[row + 1] += starts[row]);
    let stored = starts[content.rows];
    let (mut places, mut values) = (vec![0u32; stored], vec![0.0; stored]);
    let mut next = starts.clone();
    for (column, (_, cells)) in content.numbers.iter().enumerate() {
        for (row, value) in cells {
            let at = &mut next[*row as usize];
            (places[*at], values[*at]) = (column as u32, *value);
            *at += 1;
        }
    }
    let mut into = Rows::with_room((content.rows, content.numbers.len()), stored);
    for row in 0..content.rows {
        let cells = starts[row]..starts[row + 1];
        into.push(&places[cells.clone()], &values[cells]);
    }
    into.finish()
}

fn content(member: Member) -> Result<Content, Fault> {
    let Member { bytes, place, .. } = member;
    let broken = |what: String| {
        Fault::new(place.whole(), format!("is not a whole parquet file: {what}")).help(HELP)
    };
    let bytes = bytes::Bytes::from_owner(bytes);
    match guarded(|| columns(bytes).map_err(|error| error.to_string())) {
        Ok(Ok(content)) => Ok(content),
        Ok(Err(Wrong { column, row, what, help })) => {
            let row = row.map_or(String::new(), |row| format!(", row {}", row + 1));
            let text = format!("column {column:?}{row}: {what}");
            Err(Fault::new(place.whole(), text).help(help))
        }
        Err(error) => Err(broken(error)),
    }
}

/// What is wrong in a column, and where.
struct Wrong {
    column: String,
    row: Option<usize>,
    what: String,
    help: &'static str,
}

/// What may still be read.
struct Limits {
    /// Values, which take time.
    values: usize,
    /// Bytes of what is kept, which take memory.
    bytes: usize,
}

impl Limits {
    /// Values come to at most 4 GiB, what is kept of them to what packed data of this length can hold.
    fn of(length: usize) -> Self {
        let bytes = MEMORY.saturating_add(length.saturating_mul(RATIO)).min(LARGEST as usize);
        Limits { values: LARGEST as usize / 8, bytes }
    }

    fn read(&mut self, values: usize, bytes: usize) -> Result<(), ParquetError> {
        let too_much =
            || ParquetError::General("it unpacks to more than its length can hold".to_owned());
        self.values = self.values.checked_sub(values).ok_or_else(too_much)?;
        self.bytes = self.bytes.checked_sub(bytes).ok_or_else(too_much)?;
        Ok(())
    }
}

fn columns(bytes: bytes::Bytes) -> Result<Result<Content, Wrong>, ParquetError> {
    let mut limits = Limits::of(bytes.len());
    let reader = SerializedFileReader::new(bytes.clone())?;
    let meta = reader.metadata().file_metadata();
    let schema = meta.schema_descr();
    let index = index_columns(meta.key_value_metadata().into_iter().flatten());
    let mut content = Content { index, texts: Vec::new(), numbers: Vec::new(), rows: 0 };
    for (at, described) in schema.columns().iter().enumerate() {
        let mut column = Column::of(described);
        if let Some(what) = unread(described) {
            return Ok(Err(column.wrong(None, what, HELP)));
        }
        for group in 0..reader.num_row_groups() {
            let (start, length) = reader.metadata().row_group(group).column(at).byte_range();
            let end = start.saturating_add(length) as usize;
            let packed = bytes.get(start as usize..end).ok_or_else(|| {
                ParquetError::EOF("a column ends behind the end of the file".to_owned())
            })?;
            pages::check(packed).map_err(ParquetError::General)?;
            column.read(reader.get_row_group(group)?.get_column_reader(at)?, &mut limits)?;
            if let Some(wrong) = column.found_wrong.take() {
                return Ok(Err(wrong));
            }
        }
        if at > 0 && column.rows != content.rows {
            let row = Some(column.rows.min(content.rows));
            return Ok(Err(column.wrong(row, "columns differ in length".to_owned(), HELP)));
        }
        content.rows = column.rows;
        if column.is_text {
            content.texts.push((column.name, column.texts));
        } else {
            content.numbers.push((column.name, column.cells));
        }
    }
    Ok(Ok(content))
}

/// Names of the columns that pandas made of labels.
fn index_columns<'k>(pairs: impl Iterator<Item = &'k KeyValue>) -> Vec<String> {
    let mut pairs = pairs.filter(|pair| pair.key == "pandas");
    let text = pairs.next().and_then(|pair| pair.value.as_deref()).unwrap_or("{}");
    let pandas: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let listed = pandas["index_columns"].as_array().into_iter().flatten();
    listed.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Why a column is of a kind that is not read.
fn unread(column: &ColumnDescriptor) -> Option<String> {
    if column.path().parts().len() != 1 || column.max_rep_level() > 0 {
        return Some("holds lists or records, not numbers or texts".to_owned());
    }
    let plain = match column.physical_type() {
        Type::DOUBLE | Type::FLOAT => column.logical_type_ref().is_none(),
        Type::INT32 | Type::INT64 => {
            // A decimal or a time is stored as an integer, but is another number.
            let converted = column.converted_type().to_string();
            let marked = converted != "NONE" && !converted.contains("INT");
            let logical = column.logical_type_ref();
            !marked && logical.is_none_or(|kind| matches!(kind, LogicalType::Integer(_)))
        }
        Type::BYTE_ARRAY => column.converted_type() != ConvertedType::DECIMAL,
        _ => false,
    };
    (!plain).then(|| "holds neither numbers nor texts".to_owned())
}

/// A column while it is read.
struct Column {
    name: String,
    levels: i16,
    /// Whether its integers have no sign.
    unsigned: bool,
    is_text: bool,
    rows: usize,
    texts: Vec<String>,
    cells: Vec<(u32, f64)>,
    found_wrong: Option<Wrong>,
}

impl Column {
    fn of(column: &ColumnDescriptor) -> Self {
        Column {
            name: column.name().to_owned(),
            levels: column.max_def_level(),
            unsigned: column.converted_type().to_string().starts_with("UINT"),
            is_text: column.physical_type() == Type::BYTE_ARRAY,
            rows: 0,
            texts: Vec::new(),
            cells: Vec::new(),
            found_wrong: None,
        }
    }

    fn wrong(&self, row: Option<usize>, what: String, help: &'static str) -> Wrong {
        Wrong { column: self.name.clone(), row, what, help }
    }

    /// Reads what one group of rows has of it.
    fn read(&mut self, column: ColumnReader, limits: &mut Limits) -> Result<(), ParquetError> {
        let unsigned = self.unsigned;
        match column {
            ColumnReader::DoubleColumnReader(column) => self.numbers(column, limits, |v| *v),
            ColumnReader::FloatColumnReader(column) => {
                self.numbers(column, limits, |v| f64::from(*v))
            }
            ColumnReader::Int64ColumnReader(column) => self
                .numbers(column, limits, |v| if unsigned { *v as u64 as f64 } else { *v as f64 }),
            ColumnReader::Int32ColumnReader(column) => self.numbers(column, limits, |v| {
                if unsigned { f64::from(*v as u32) } else { f64::from(*v) }
            }),
            ColumnReader::ByteArrayColumnReader(column) => self.labels(column, limits),
            _ => Err(ParquetError::General(format!("column {:?} is of another kind", self.name))),
        }
    }

    fn numbers<T: DataType>(
        &mut self,
        column: ColumnReaderImpl<T>,
        limits: &mut Limits,
        number: impl Fn(&T::T) -> f64,
    ) -> Result<(), ParquetError> {
        each(column, self.levels, |batch| {
            let before = self.cells.len();
            limits.read(batch.len(), 0)?;
            for value in batch {
                match value.as_ref().map(&number) {
                    // A negative zero is kept, as in text.
                    Some(value) if value.to_bits() == 0 => {}
                    Some(value) if value.is_finite() => self.cells.push((self.rows as u32, value)),
                    other if self.found_wrong.is_none() => {
                        let found =
                            other.map_or("an empty cell".to_owned(), |value| value.to_string());
                        let what = format!("expected a finite number, found {found}");
                        let help = "write 0 where there is nothing";
                        self.found_wrong = Some(self.wrong(Some(self.rows), what, help));
                    }
                    _ => {}
                }
                self.rows += 1;
            }
            limits.read(0, (self.cells.len() - before) * size_of::<(u32, f64)>())
        })
    }

    fn labels(
        &mut self,
        column: ColumnReaderImpl<ByteArrayType>,
        limits: &mut Limits,
    ) -> Result<(), ParquetError> {
        each(column, self.levels, |batch| {
            for value in batch {
                match value.as_ref().and_then(|value| value.as_utf8().ok()) {
                    Some(text) => {
                        limits.read(1, text.len() + size_of::<String>())?;
                        self.texts.push(text.to_owned());
                    }
                    None if self.found_wrong.is_none() => {
                        let what = match value {
                            Some(_) => "expected a text in UTF-8, found other bytes",
                            None => "expected a text, found an empty cell",
                        };
                        let help = "name every label and every unit";
                        self.found_wrong = Some(self.wrong(Some(self.rows), what.to_owned(), help));
                    }
                    None => limits.read(1, 0)?,
                }
                self.rows += 1;
            }
            Ok(())
        })
    }
}

/// Shows every value of a column of one group, in batches, none where it is null.
fn each<T: DataType>(
    mut column: ColumnReaderImpl<T>,
    levels: i16,
    mut see: impl FnMut(Vec<Option<T::T>>) -> Result<(), ParquetError>,
) -> Result<(), ParquetError> {
    loop {
        let (mut values, mut defined) = (Vec::new(), Vec::new());
        let wanted = (levels > 0).then_some(&mut defined);
        let (records, _, _) = column.read_records(BATCH, wanted, None, &mut values)?;
        if records == 0 {
            return Ok(());
        }
        let mut values = values.into_iter();
        let value = |record: usize| {
            let null = levels > 0 && defined.get(record) != Some(&levels);
            if null { None } else { values.next() }
        };
        see((0..records).map(value).collect())?;
    }
}

/// The texts of a tuple as Python writes it: `('AT', "farmers' goods")`.
fn tuple(text: &str) -> Option<Vec<String>> {
    let mut rest = text.strip_prefix('(')?.strip_suffix(')')?.chars();
    let mut found = Vec::new();
    loop {
        let quote = match rest.find(|c| !matches!(c, ' ' | ',')) {
            None => return Some(found),
            Some(quote) => quote,
        };
        if !matches!(quote, '\'' | '"') {
            return None;
        }
        let mut part = String::new();
        loop {
            match rest.next()? {
                c if c == quote => break,
                '\\' => part.push(match rest.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    c @ ('\\' | '\'' | '"') => c,
                    'x' => by_number(&mut rest, 2)?,
                    'u' => by_number(&mut rest, 4)?,
                    'U' => by_number(&mut rest, 8)?,
                    _ => return None,
                }),
                c => part.push(c),
            }
        }
        found.push(part);
    }
}

/// A character that Python does not print, by the digits of its number.
fn by_number(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let text: String = rest.take(digits).collect();
    char::from_u32(u32::from_str_radix(&text, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tuples_of_python_are_read() {
        assert_eq!(tuple("('AT', 'farms')").unwrap(), ["AT", "farms"]);
        assert_eq!(
            tuple(r#"("farmers' goods", 'a \'b\' \\ c', '中国')"#).unwrap(),
            ["farmers' goods", "a 'b' \\ c", "中国"]
        );
        assert_eq!(tuple(r"('a\xa0b', '\u3000')").unwrap(), ["a\u{a0}b", "\u{3000}"]);
        assert_eq!(tuple("(1, 'a')"), None);
        assert_eq!(tuple(r"('\xf')"), None);
        assert_eq!(tuple("('a"), None);
    }
}
