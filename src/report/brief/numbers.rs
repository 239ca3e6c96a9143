//! Every number that a brief prints, with the line of the results where it stands.

use crate::brief::content::{Brief, Grid};
use crate::brief::prose::Prose;
use crate::numerals::Cited;

/// A number as it is printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Printed<'a> {
    /// What is printed, without the unit.
    pub shown: &'a str,
    /// Value and place.
    pub cited: &'a Cited,
}

/// A part of a brief and its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Part<'a> {
    /// What it is called: `Summary` (headline, deck, key numbers), `Figure 1`, `Table 1`.
    pub name: String,
    /// Its numbers, each once.
    pub numbers: Vec<Printed<'a>>,
}

/// Numbers of a brief by the part that prints them, in the order in which they are read.
pub fn by_part(brief: &Brief) -> Vec<Part<'_>> {
    let labels = &brief.labels;
    let cards = brief.cards.iter().flat_map(|card| [&card.label, &card.value, &card.range]);
    let summary = brief.language.pick("摘要", "Summary");
    let mut parts = vec![part(summary, [&brief.headline, &brief.deck].into_iter().chain(cards))];
    for (at, block) in brief.blocks.iter().enumerate() {
        let views = block.views.iter();
        let texts = std::iter::once(&block.title)
            .chain(&block.text)
            .chain(
                views.flat_map(|view| std::iter::once(&view.description).chain(cells(&view.grid))),
            )
            .chain([&block.note]);
        parts.push(part(&format!("{} {}", labels.figure, at + 1), texts));
    }
    if let Some(table) = &brief.table {
        let texts = std::iter::once(&table.title).chain(cells(&table.grid)).chain([&table.note]);
        parts.push(part(&format!("{} 1", labels.table), texts));
    }
    parts.push(part(&labels.caveats, brief.caveats.iter().map(|caveat| &caveat.text)));
    parts.push(part(&labels.method, &brief.method));
    parts.retain(|part| !part.numbers.is_empty());
    parts
}

/// Texts of a table's cells.
fn cells(grid: &Grid) -> impl Iterator<Item = &Prose> {
    grid.rows.iter().flat_map(|row| &row.cells).flat_map(|cell| [&cell.main, &cell.below])
}

fn part<'a>(name: &str, texts: impl IntoIterator<Item = &'a Prose>) -> Part<'a> {
    let mut numbers: Vec<Printed> = Vec::new();
    for (shown, cited) in texts.into_iter().flat_map(Prose::numbers) {
        let one = Printed { shown, cited };
        let same = |other: &Printed| other.shown == shown && other.cited.at == cited.at;
        if !numbers.iter().any(same) {
            numbers.push(one);
        }
    }
    Part { name: name.to_owned(), numbers }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::sample;
    use crate::numerals::Language;

    #[test]
    fn each_part_tells_its_numbers_once() {
        let brief = sample::brief(Language::English);
        let parts = by_part(&brief);
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["Summary", "Figure 1", "Figure 2", "Table 1"]);
        // Eight regions, two quantities, three numbers each.
        assert_eq!(parts[1].numbers.len(), 48);
        let first = parts[1].numbers[0];
        assert_eq!((first.shown, first.cited.value), ("+455", 4551.008));
    }
}
