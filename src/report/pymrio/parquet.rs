//! Frames in parquet as pandas writes them through pyarrow: a column for each column of the frame, the
//! labels in columns of text behind them, and what is what in the entry `pandas` of the file's metadata.
//! Labels of two levels are the column's name, as a tuple of Python.
//!
//! Every number is a double, also in a column of whole ones, which pandas would write as integers if the
//! frame held them so. Columns are written in turn from blocks of them, so a sparse matrix never exists dense.

use std::sync::Arc;

use ::parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::Type;
use serde_json::{Value, json};

use super::frame::{Body, Cells, Frame};

/// Numbers that are held at a time to turn rows into columns.
const BLOCK: usize = 1 << 23;

type Group<'w> = SerializedRowGroupWriter<'w, Vec<u8>>;

/// Bytes of a frame.
pub(super) fn of(frame: &Frame<'_>) -> Result<Vec<u8>, ParquetError> {
    let columns = column_names(frame);
    let index = index_names(frame);
    let kind = match frame.body {
        Body::Numbers(_) => Physical::DOUBLE,
        Body::Texts(_) => Physical::BYTE_ARRAY,
    };
    let mut fields = Vec::with_capacity(columns.len() + index.len());
    for (name, kind) in columns
        .iter()
        .map(|name| (name, kind))
        .chain(index.iter().map(|name| (name, Physical::BYTE_ARRAY)))
    {
        let text = kind == Physical::BYTE_ARRAY;
        let converted = if text { ConvertedType::UTF8 } else { ConvertedType::NONE };
        let field = Type::primitive_type_builder(name, kind)
            .with_repetition(Repetition::REQUIRED)
            .with_converted_type(converted);
        fields.push(Arc::new(field.build()?));
    }
    let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
    let pandas = KeyValue::new("pandas".to_owned(), pandas(frame, &columns, &index).to_string());
    // Without statistics and indexes of pages: nobody filters such a frame, and there are many columns.
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .set_created_by(format!("irio {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![pandas]))
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    match &frame.body {
        Body::Numbers(cells) => numbers(frame, cells, &mut group)?,
        Body::Texts(text) => texts((0..frame.rows).map(text), &mut group)?,
    }
    let labels: Vec<Vec<&str>> = (0..frame.rows).map(&frame.labels).collect();
    for level in 0..index.len() {
        texts(labels.iter().map(|row| row[level]), &mut group)?;
    }
    group.close()?;
    writer.into_inner()
}

fn numbers(
    frame: &Frame<'_>,
    cells: &Cells<'_>,
    group: &mut Group<'_>,
) -> Result<(), ParquetError> {
    let (rows, width) = (frame.rows, frame.width());
    let block = (BLOCK / rows.max(1)).clamp(1, width.max(1));
    let mut columns = vec![0.0; rows * block];
    for start in (0..width).step_by(block) {
        let end = (start + block).min(width);
        columns.fill(0.0);
        for row in 0..rows {
            cells(row, &mut |column, value| {
                if (start..end).contains(&column) {
                    columns[(column - start) * rows + row] = value;
                }
            });
        }
        for column in 0..end - start {
            if let Some(mut into) = group.next_column()? {
                let values = &columns[column * rows..(column + 1) * rows];
                into.typed::<DoubleType>().write_batch(values, None, None)?;
                into.close()?;
            }
        }
    }
    Ok(())
}

fn texts<'t>(
    texts: impl Iterator<Item = &'t str>,
    group: &mut Group<'_>,
) -> Result<(), ParquetError> {
    let values: Vec<ByteArray> = texts.map(ByteArray::from).collect();
    if let Some(mut into) = group.next_column()? {
        into.typed::<ByteArrayType>().write_batch(&values, None, None)?;
        into.close()?;
    }
    Ok(())
}

/// Names of the columns: what stands above them, as a tuple where that is more than one text.
fn column_names(frame: &Frame<'_>) -> Vec<String> {
    let name = |at: usize| match frame.heads.as_slice() {
        [head] => head.texts[at].to_owned(),
        heads => {
            let texts: Vec<String> = heads.iter().map(|head| literal(head.texts[at])).collect();
            format!("({})", texts.join(", "))
        }
    };
    (0..frame.width()).map(name).collect()
}

fn index_names(frame: &Frame<'_>) -> Vec<String> {
    let name = |(at, name): (usize, &&str)| match *name {
        "" => format!("__index_level_{at}__"),
        name => name.to_owned(),
    };
    frame.index.iter().enumerate().map(name).collect()
}

/// A text as Python writes it in a program.
fn literal(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// The entry by which pandas makes the frame again: which columns are labels, and what the others are
/// called. Texts are `object`, which every version of pandas knows.
fn pandas(frame: &Frame<'_>, columns: &[String], index: &[String]) -> Value {
    let column = |name: Value, field: &String, text: bool| {
        json!({
            "name": name,
            "field_name": field,
            "pandas_type": if text { "unicode" } else { "float64" },
            "numpy_type": if text { "object" } else { "float64" },
            "metadata": null,
        })
    };
    let text = matches!(frame.body, Body::Texts(_));
    let mut all: Vec<Value> =
        columns.iter().map(|field| column(json!(field), field, text)).collect();
    all.extend(frame.index.iter().zip(index).map(|(name, field)| {
        let name = if name.is_empty() { Value::Null } else { json!(name) };
        column(name, field, true)
    }));
    let level = |name: Option<&str>| {
        json!({
            "name": name,
            "field_name": name,
            "pandas_type": "unicode",
            "numpy_type": "object",
            "metadata": { "encoding": "UTF-8" },
        })
    };
    let levels: Vec<Value> = frame.heads.iter().map(|head| level(head.name)).collect();
    json!({
        "index_columns": index,
        "column_indexes": levels,
        "columns": all,
        "attributes": {},
        "creator": { "library": "irio", "version": env!("CARGO_PKG_VERSION") },
        "pandas_version": "2.2.0",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_as_python_quotes_them() {
        assert_eq!(literal("farms"), "'farms'");
        assert_eq!(literal("farmers' goods"), "\"farmers' goods\"");
        assert_eq!(literal("a 'b' \"c\" \\ 中国\n"), r#"'a \'b\' "c" \\ 中国\n'"#);
    }
}
