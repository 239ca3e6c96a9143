//! Frames in parquet: both ways to the bit, and what is said of faulty files.

use std::sync::Arc;

use ::parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::Type;

use super::*;

#[test]
fn a_system_in_parquet_comes_back_to_the_bit() {
    let place = Place::new();
    place.write("s.zip", std::fs::read(SYSTEM).unwrap());
    let start = table(&place, "s.zip");
    convert(&place, "s.zip", &["--to", "pymrio", "--parquet", "--out", "folder"]);
    assert!(place.path("folder/emissions/F_Y.parquet").is_file());
    assert!(!place.path("folder/Z.txt").exists());
    assert_same(&start, &table(&place, "folder"));
    convert(&place, "folder", &["--parquet", "--out", "again.zip"]);
    assert_same(&start, &table(&place, "again.zip"));
    let first = std::fs::read(place.path("again.zip")).unwrap();
    convert(&place, "folder", &["--parquet", "--out", "again.zip"]);
    assert_eq!(
        first,
        std::fs::read(place.path("again.zip")).unwrap(),
        "the same table, other bytes"
    );
    // Text in the place of parquet, and the other way round.
    convert(&place, "again.zip", &["--to", "pymrio", "--out", "folder"]);
    assert!(!place.path("folder/Z.parquet").exists());
    assert_same(&start, &table(&place, "folder"));
}

#[test]
fn names_that_python_has_to_quote_come_back() {
    let place = Place::new();
    let odd = ["farmers' \"own\" goods", "a\\b\u{a0}\u{3000}中国"];
    place.write(
        "table-0/sectors.csv",
        format!("code,en,zh\n\"{}\",,\n{},,\n", odd[0].replace('"', "\"\""), odd[1]),
    );
    relabel(&place, |cell| match cell {
        "M" => format!("\"{}\"", odd[0].replace('"', "\"\"")),
        "S" => odd[1].to_owned(),
        other => other.to_owned(),
    });
    let start = table(&place, "table-0");
    convert(&place, "table-0", &["--to", "pymrio", "--parquet", "--out", "folder"]);
    assert_same(&start, &table(&place, "folder"));
}

/// A column of a file.
enum Column {
    Numbers(&'static str, Vec<Option<f64>>),
    Wholes(&'static str, ConvertedType, Vec<i64>),
    Texts(&'static str, Vec<&'static str>),
}

use Column::{Numbers, Texts, Wholes};

/// Bytes of a file of these columns, of which pandas made labels of some.
fn file(columns: &[Column], index: &[&str]) -> Vec<u8> {
    let field = |column: &Column| {
        let (name, kind, converted) = match column {
            Numbers(name, _) => (name, Physical::DOUBLE, ConvertedType::NONE),
            Wholes(name, converted, _) => (name, Physical::INT64, *converted),
            Texts(name, _) => (name, Physical::BYTE_ARRAY, ConvertedType::UTF8),
        };
        let repetition = match column {
            Numbers(..) => Repetition::OPTIONAL,
            _ => Repetition::REQUIRED,
        };
        let field = Type::primitive_type_builder(name, kind).with_repetition(repetition);
        let field = field.with_converted_type(converted).with_precision(18).with_scale(2);
        Arc::new(field.build().unwrap())
    };
    let fields = columns.iter().map(field).collect();
    let schema = Type::group_type_builder("schema").with_fields(fields).build().unwrap();
    let pandas = serde_json::json!({ "index_columns": index }).to_string();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(vec![KeyValue::new("pandas".to_owned(), pandas)]))
        .build();
    let mut writer =
        SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for column in columns {
        let mut into = group.next_column().unwrap().unwrap();
        match column {
            Numbers(_, cells) => {
                let levels: Vec<i16> = cells.iter().map(|cell| cell.is_some().into()).collect();
                let values: Vec<f64> = cells.iter().flatten().copied().collect();
                into.typed::<DoubleType>().write_batch(&values, Some(&levels), None).unwrap();
            }
            Wholes(_, _, cells) => {
                into.typed::<Int64Type>().write_batch(cells, None, None).unwrap();
            }
            Texts(_, cells) => {
                let values: Vec<ByteArray> =
                    cells.iter().map(|cell| ByteArray::from(*cell)).collect();
                into.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
            }
        }
        into.close().unwrap();
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

/// The columns of a final demand that the small system can have.
fn demand() -> Vec<Column> {
    let some = |values: [f64; 4]| values.map(Some).to_vec();
    vec![
        Numbers("('A', 'households')", some([100.0, 100.0, 100.0, 100.0])),
        Numbers("('A', 'stocks')", some([-1.0, 2.0, 3.0, 4.0])),
        Numbers("('B', 'households')", some([51.0, 52.0, 53.0, 54.0])),
        Texts("region", vec!["A", "A", "B", "B"]),
        Texts("sector", vec!["m", "s", "m", "s"]),
    ]
}

const INDEX: [&str; 2] = ["region", "sector"];

/// The small system with a file in the place of its final demand.
fn packed(place: &Place, bytes: &[u8]) {
    tiny(place);
    std::fs::remove_file(place.path("t2010/Y.txt")).unwrap();
    place.write("t2010/Y.parquet", bytes);
}

/// The small system with one column of its final demand replaced.
fn with_column(place: &Place, at: usize, column: Column) {
    let mut columns = demand();
    columns[at] = column;
    packed(place, &file(&columns, &INDEX));
}

#[test]
fn whole_numbers_are_numbers() {
    let place = Place::new();
    tiny(&place);
    let start = table(&place, "t2010");
    with_column(&place, 1, Wholes("('A', 'stocks')", ConvertedType::NONE, vec![-1, 2, 3, 4]));
    assert_same(&start, &table(&place, "t2010"));
}

/// Every byte of a file changed, and the file cut behind each: no panic, and no more memory than a file of
/// its length may take.
#[test]
fn no_bytes_of_a_file_are_too_strange() {
    let place = Place::new();
    let whole = file(&demand(), &INDEX);
    packed(&place, &whole);
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            place.write("t2010/Y.parquet", &bytes);
            let _ = read(&place.path("t2010"), None);
        }
        if at % 7 == 0 {
            place.write("t2010/Y.parquet", &whole[..at]);
            assert!(read(&place.path("t2010"), None).is_err());
        }
    }
    let peak = peak_memory();
    // Of all tests here together; a page of 1.8 GB would show.
    assert!(peak < 1 << 30, "{} MiB", peak >> 20);
}

/// Most memory that this process has held, in bytes; nothing where the system does not tell.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes =
        line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok());
    kilobytes.unwrap_or(0) << 10
}

bad! {
    parquet_cut_short: |p| { let bytes = file(&demand(), &INDEX); packed(&p, &bytes[..bytes.len() / 2]) } => CHECK;
    parquet_of_text: |p| { packed(&p, b"region\tsector\nno parquet at all") } => CHECK;
    parquet_empty: |p| { packed(&p, b"") } => CHECK;
    parquet_with_a_null: |p| { with_column(&p, 1, Numbers("('A', 'stocks')", vec![Some(-1.0), Some(2.0), None, Some(4.0)])) } => CHECK;
    parquet_not_a_number: |p| { with_column(&p, 1, Numbers("('A', 'stocks')", vec![Some(-1.0), Some(f64::NAN), Some(3.0), Some(4.0)])) } => CHECK;
    parquet_with_texts_for_numbers: |p| { with_column(&p, 1, Texts("('A', 'stocks')", vec!["-1", "2", "3", "4"])) } => CHECK;
    parquet_with_decimals: |p| { with_column(&p, 1, Wholes("('A', 'stocks')", ConvertedType::DECIMAL, vec![-1, 2, 3, 4])) } => CHECK;
    parquet_with_times: |p| { with_column(&p, 1, Wholes("('A', 'stocks')", ConvertedType::TIMESTAMP_MICROS, vec![1, 2, 3, 4])) } => CHECK;
    parquet_with_numbers_for_labels: |p| { with_column(&p, 4, Numbers("sector", vec![Some(1.0), Some(2.0), Some(1.0), Some(2.0)])) } => CHECK;
    parquet_without_labels: |p| { packed(&p, &file(&demand(), &[])) } => CHECK;
    parquet_of_labels_that_are_not_there: |p| { packed(&p, &file(&demand(), &["region", "product"])) } => CHECK;
    parquet_with_a_column_of_one_text: |p| { with_column(&p, 1, Numbers("stocks", vec![Some(1.0); 4])) } => CHECK;
    parquet_of_other_industries: |p| { with_column(&p, 3, Texts("region", vec!["A", "A", "B", "C"])) } => CHECK;
    parquet_of_an_industry_twice: |p| { with_column(&p, 3, Texts("region", vec!["A", "A", "A", "B"])) } => CHECK;
    parquet_with_a_footer_that_claims_too_much: |p| {
        let bytes = [b"PAR1".as_slice(), &[0; 100], &i32::MAX.to_le_bytes(), b"PAR1"].concat();
        packed(&p, &bytes);
    } => CHECK;
    parquet_with_a_page_that_claims_too_much: |p| {
        // Behind the mark the first page begins: type, size unpacked (one byte here), size packed.
        let mut bytes = file(&demand(), &INDEX);
        bytes.splice(7..8, [0xfe, 0xff, 0xff, 0xff, 0x0d]);
        packed(&p, &bytes);
    } => CHECK;
    parquet_that_unpacks_to_too_much: |p| { packed(&p, &file(&[Texts("region", vec!["A"; 3 << 20])], &["region"])) } => CHECK;
}
