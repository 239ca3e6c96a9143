//! Frames in parquet, as pandas writes them: one column of numbers for each column of the frame, and its
//! labels in columns of text. Labels of several levels stand in the column's name as a tuple of Python.

use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::DataType;
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};

use super::frame::{Frame, Line, List, Shape};
use super::source::Member;
use crate::fault::Fault;
use crate::input::LARGEST;
use crate::input::numbers::{Place, Rows};
use crate::input::workbook::guarded;

/// How many values are read at a time.
const BATCH: usize = 1 << 14;

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
        Ok(Err((name, row, what))) => {
            let text = format!("column {name:?}, row {}: {what}", row + 1);
            Err(Fault::new(place.whole(), text).help("write 0 where there is nothing"))
        }
        Err(error) => Err(broken(error)),
    }
}

/// A cell that is none: its column, its row, and what is wrong.
type Wrong = (String, usize, String);

fn columns(bytes: bytes::Bytes) -> Result<Result<Content, Wrong>, ParquetError> {
    let reader = SerializedFileReader::new(bytes)?;
    let meta = reader.metadata().file_metadata();
    let schema = meta.schema_descr();
    let names: Vec<String> =
        schema.columns().iter().map(|column| column.name().to_owned()).collect();
    let pandas = meta.key_value_metadata().into_iter().flatten().find(|pair| pair.key == "pandas");
    let pandas = pandas.and_then(|pair| pair.value.as_deref()).unwrap_or("{}");
    let pandas: serde_json::Value = serde_json::from_str(pandas).unwrap_or_default();
    let listed = pandas["index_columns"].as_array().into_iter().flatten();
    let index: Vec<String> = listed.filter_map(|name| name.as_str().map(str::to_owned)).collect();
    let mut content = Content { index, texts: Vec::new(), numbers: Vec::new(), rows: 0 };
    let mut left = LARGEST as usize;
    for (at, name) in names.into_iter().enumerate() {
        let (mut texts, mut cells, mut rows, mut is_text) = (Vec::new(), Vec::new(), 0, false);
        for group in 0..reader.num_row_groups() {
            let levels = schema.column(at).max_def_level();
            let column = reader.get_row_group(group)?.get_column_reader(at)?;
            let mut wrong: Option<(usize, String)> = None;
            let mut number = |row: usize, value: Option<f64>| match value {
                Some(value) if value.is_finite() => {
                    // A negative zero is kept, as in text.
                    if value.to_bits() != 0 {
                        cells.push((row as u32, value));
                    }
                }
                other => {
                    let found = other.map_or("an empty cell".to_owned(), |value| value.to_string());
                    wrong.get_or_insert((row, format!("expected a finite number, found {found}")));
                }
            };
            match column {
                ColumnReader::DoubleColumnReader(column) => {
                    each(column, levels, &mut rows, &mut left, |row, v| number(row, v.copied()))?;
                }
                ColumnReader::FloatColumnReader(column) => {
                    each(column, levels, &mut rows, &mut left, |row, v| {
                        number(row, v.map(|v| f64::from(*v)))
                    })?;
                }
                ColumnReader::Int64ColumnReader(column) => {
                    each(column, levels, &mut rows, &mut left, |row, v| {
                        number(row, v.map(|v| *v as f64))
                    })?;
                }
                ColumnReader::Int32ColumnReader(column) => {
                    each(column, levels, &mut rows, &mut left, |row, v| {
                        number(row, v.map(|v| f64::from(*v)))
                    })?;
                }
                ColumnReader::ByteArrayColumnReader(column) => {
                    is_text = true;
                    each(column, levels, &mut rows, &mut left, |row, value| {
                        match value.and_then(|value| value.as_utf8().ok()) {
                            Some(text) => texts.push(text.to_owned()),
                            None => {
                                wrong.get_or_insert((row, "expected a text in UTF-8".to_owned()));
                            }
                        }
                    })?;
                }
                _ => return Ok(Err((name, 0, "holds neither numbers nor texts".to_owned()))),
            }
            if let Some((row, what)) = wrong {
                return Ok(Err((name, row, what)));
            }
        }
        if at > 0 && rows != content.rows {
            return Ok(Err((name, rows.min(content.rows), "columns differ in length".to_owned())));
        }
        content.rows = rows;
        if is_text {
            content.texts.push((name, texts));
        } else {
            content.numbers.push((name, cells));
        }
    }
    Ok(Ok(content))
}

/// Shows every value of a column of one group, none where it is null, up to a limit of bytes.
fn each<T: DataType>(
    mut column: ColumnReaderImpl<T>,
    levels: i16,
    rows: &mut usize,
    left: &mut usize,
    mut see: impl FnMut(usize, Option<&T::T>),
) -> Result<(), ParquetError> {
    loop {
        let (mut values, mut defined) = (Vec::new(), Vec::new());
        let wanted = (levels > 0).then_some(&mut defined);
        let (records, _, _) = column.read_records(BATCH, wanted, None, &mut values)?;
        if records == 0 {
            return Ok(());
        }
        *left = left
            .checked_sub(records * 8)
            .ok_or_else(|| ParquetError::General("it unpacks to more than 4 GiB".to_owned()))?;
        let mut values = values.iter();
        for record in 0..records {
            let null = levels > 0 && defined.get(record) != Some(&levels);
            see(*rows, if null { None } else { values.next() });
            *rows += 1;
        }
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
                    _ => return None,
                }),
                c => part.push(c),
            }
        }
        found.push(part);
    }
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
        assert_eq!(tuple("(1, 'a')"), None);
        assert_eq!(tuple("('a"), None);
    }
}
