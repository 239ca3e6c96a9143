//! Three provinces and the nation in the layout of the provincial workbook, three sectors each.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

/// Name of the sheet, title, size.
const SHEETS: [(&str, &str, f64); 4] = [
    ("00China", "中国2007年投入产出表", 10.0),
    ("01Beijing", "北京2007年投入产出表", 1.0),
    ("02Tianjin", "天津2007年投入产出表", 2.0),
    ("03Hebei", "河北2007年投入产出表", 3.0),
];

const SECTORS: [&str; 3] = ["农林牧渔业", "煤炭开采和洗选业", "石油和天然气开采业"];

/// The workbook; rows 9 to 11 and columns D to F are the flows, Z is the output.
pub fn workbook() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    for (name, title, size) in SHEETS {
        let sheet = book.add_worksheet().set_name(name)?;
        province(sheet, title, size, name == "00China")?;
    }
    Ok(book)
}

const COLUMNS: [&str; 20] = [
    "TIU", "FU101", "FU102", "THC", "FU103", "TC", "FU201", "FU202", "GCF", "FU301", "FU302",
    "OUT", "TFU", "FU303", "FU304", "IN", "ERR", "", "", "GO",
];

fn province(sheet: &mut Worksheet, title: &str, size: f64, nation: bool) -> Result<(), XlsxError> {
    sheet.write(0, 0, title)?.write(1, 0, "(按当年生产者价格计算)")?.write(2, 0, "单位：万元")?;
    sheet.write(7, 0, "代码")?;
    // Codes below 10 are texts in some sheets, numbers in others.
    for i in 0..3u16 {
        sheet.write(7, 3 + i, format!("{:02}", i + 1))?;
        sheet.write(8 + u32::from(i), 1, SECTORS[usize::from(i)])?;
        if nation {
            sheet.write(8 + u32::from(i), 2, i + 1)?;
        } else {
            sheet.write(8 + u32::from(i), 2, format!("{:02}", i + 1))?;
        }
    }
    for (at, code) in COLUMNS.iter().enumerate() {
        let code = match *code {
            "OUT" if nation => "EX",
            "IN" if nation => "IM",
            "FU301" | "FU302" | "FU303" | "FU304" if nation => "",
            code => code,
        };
        sheet.write(7, 6 + at as u16, code)?;
    }
    let flow = |i: usize, j: usize| size * (10.0 + 3.0 * i as f64 + j as f64);
    let mut output = [0.0; 3];
    for (i, output) in output.iter_mut().enumerate() {
        let used: f64 = (0..3).map(|j| flow(i, j)).sum();
        let (y, out, inn) = (size * (20.0 + i as f64), size * 9.0, size * 5.0);
        let demand = [2.0, 3.0, 4.0].map(|v| v * size);
        let stocks = size;
        let consumption: f64 = demand.iter().sum();
        let total = consumption + y + stocks + out;
        *output = used + total - inn;
        let (abroad, from) = if nation { (0.0, 0.0) } else { (out / 3.0, inn / 5.0) };
        let values = [
            used,
            demand[0],
            demand[1],
            demand[0] + demand[1],
            demand[2],
            consumption,
            y,
            stocks,
            y + stocks,
            abroad,
            out - abroad,
            out,
            total,
            from,
            inn - from,
            inn,
            0.0,
            0.0,
            0.0,
            *output,
        ];
        let row = 8 + i as u32;
        for j in 0..3 {
            sheet.write(row, 3 + j as u16, flow(i, j))?;
        }
        for (at, value) in values.into_iter().enumerate() {
            let code = COLUMNS[at];
            if code.is_empty() || (nation && code.starts_with("FU30")) {
                continue;
            }
            sheet.write(row, 6 + at as u16, value)?;
        }
    }
    let names = [
        "中间投入合计",
        "劳动者报酬",
        "生产税净额",
        "固定资产折旧",
        "营业盈余",
        "增加值合计",
        "总投入",
    ];
    let codes = ["TII", "VA001", "VA002", "VA003", "VA004", "TVA", "TI"];
    for (at, (name, code)) in names.iter().zip(codes).enumerate() {
        sheet.write(11 + at as u32, 1, *name)?.write(11 + at as u32, 2, code)?;
    }
    for (j, output) in output.into_iter().enumerate() {
        let inputs: f64 = (0..3).map(|i| flow(i, j)).sum();
        let rest = output - inputs;
        let added = [0.5, 0.2, 0.2, 0.1].map(|share| share * rest);
        let column = 3 + j as u16;
        sheet.write(11, column, inputs)?;
        for (at, value) in added.into_iter().enumerate() {
            sheet.write(12 + at as u32, column, value)?;
        }
        sheet.write(16, column, rest)?.write(17, column, output)?;
    }
    Ok(())
}
