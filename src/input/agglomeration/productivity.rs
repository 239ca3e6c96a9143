//! `[productivity]`: a panel of output, capital and labour.

use super::Files;
use super::long;
use crate::concentration::productivity::Inputs;
use crate::concentration::study::ProductivityStudy;
use crate::fault::{Fault, Faults};
use crate::input::document::Section;
use crate::input::sheet::Sheet;
use crate::labels::{Axis, Label, comparable};
use crate::text::exact;

pub(super) fn read(section: &Section<'_>, files: &mut Files<'_>) -> Option<ProductivityStudy> {
    let document = section.document();
    let file = section.required_text("file");
    let alpha = match section.number("alpha") {
        Some(alpha) if alpha.value > 0.0 && alpha.value < 1.0 => Some(alpha.value),
        Some(alpha) => {
            let fault = Fault::new(alpha.at, format!("alpha is {}", exact(alpha.value)));
            document.push(fault.help(
                "the share of capital lies above 0 and below 1; without the line it is estimated",
            ));
            None
        }
        None => None,
    };
    section.finish();
    let sheet = files.sheet(&file?)?;
    let (units, years, panel) = document.absorb(panel(&sheet))?;
    Some(ProductivityStudy { units, years, panel, alpha })
}

fn panel(sheet: &Sheet) -> Result<(Axis, Vec<i32>, Vec<Inputs>), Faults> {
    let mut faults = Faults::default();
    let names = ["region", "year", "output", "capital", "labour"];
    let help = "the header is: region,year,output,capital,labour";
    let Some([region, year, output, capital, labour]) = sheet.columns(names, help, &mut faults)
    else {
        return Err(faults);
    };
    let mut units: Vec<Label> = Vec::new();
    let mut places = std::collections::HashMap::new();
    let mut seen = std::collections::HashSet::new();
    let (mut years, mut panel) = (Vec::new(), Vec::new());
    for row in 1..sheet.rows() {
        let text = sheet.cell(row, region);
        if text.is_empty() {
            faults.push(Fault::new(sheet.at(row, region), "a line without a region"));
            continue;
        }
        let unit = *places.entry(comparable(text)).or_insert_with(|| {
            units.push(Label::code(text));
            units.len() - 1
        });
        let when = faults.keep(long::year_of(sheet, row, year));
        let mut number = |column, what| faults.keep(long::above_zero(sheet, row, column, what));
        let numbers = [(output, "output"), (capital, "capital"), (labour, "labour")]
            .map(|(column, what)| number(column, what));
        let (Some(when), [Some(output), Some(capital), Some(labour)]) = (when, numbers) else {
            continue;
        };
        if !seen.insert((unit, when)) {
            faults.push(Fault::new(sheet.line(row), format!("{text} in {when} stands twice")));
        }
        years.push(when);
        panel.push(Inputs { unit, output, capital, labour });
    }
    if sheet.rows() < 2 {
        faults.push(Fault::new(sheet.line(0), "no line below the header"));
    }
    let axis = Axis::new("region", units).unwrap_or_else(|_| Axis::empty("region"));
    faults.into_result((axis, years, panel))
}
