//! How the columns of domestic and foreign trade in the regions' own tables were read.

use super::{DRIVERS, Place, Subject};
use crate::brief::book::Book;
use crate::brief::prose::{Inline, Prose};
use crate::brief::shapes::{all_names, percent};
use crate::brief::speech::Facts;
use crate::numerals::Language;
use crate::recorded::NamedCode;
use crate::tidy::Column;

/// How columns were read and what that rests on.
const SPLITS: &str = "splits.csv";
/// From this quality on, in `splits.csv`, a region's own table tells domestic from foreign trade.
const SPLIT: f64 = 2.0;
/// Columns that were read the other way round, in `splits.csv`.
const EXCHANGED: f64 = 3.0;
/// Columns that are read as they stand, though they may be the other way round.
const DOUBTFUL: f64 = 2.0;
/// Code of the caveat about how a source was read.
const CAVEAT: &str = "source_rule";
/// What is done otherwise where columns are read as they stand.
const AS_READ: &str = "foreign and domestic columns as read";

/// How the columns of a region's own table were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// As they stand, with no doubt about it, or they are not told of.
    Sure,
    /// As they stand, though there is doubt.
    Doubtful,
    /// The other way round.
    Exchanged,
}

impl Columns {
    /// Those of a region.
    pub fn of(book: &Book<'_>, code: &str) -> Self {
        let question =
            [(Column::Region, code), (Column::Part, "both"), (Column::Statistic, "columns")];
        match book.find(SPLITS, &question).map(|found| found.cited.value) {
            Some(EXCHANGED) => Columns::Exchanged,
            Some(DOUBTFUL) => Columns::Doubtful,
            _ => Columns::Sure,
        }
    }
}

/// Whether the table of a region leaves open which of its trade is foreign, so that this is estimated.
pub(super) fn unsplit(book: &Book<'_>, code: &str) -> bool {
    let of = |part: &str| {
        let question =
            [(Column::Region, code), (Column::Part, part), (Column::Statistic, "quality")];
        book.find(SPLITS, &question).is_some_and(|found| found.cited.value < SPLIT)
    };
    of("outflow") || of("inflow")
}

/// The code of the caveat about how the source was read, which is about columns where some were exchanged or are
/// missing.
fn caveat<'b>(book: &Book<'b>) -> Option<&'b str> {
    let summary = &book.recorded.summary;
    let regions = summary.tables.first().map_or(&[][..], |table| &table.regions);
    let told = |label: &NamedCode| {
        Columns::of(book, &label.code) == Columns::Exchanged || unsplit(book, &label.code)
    };
    let notes = summary.notes.iter().filter(|note| note.code == CAVEAT);
    notes.map(|note| note.code.as_str()).next().filter(|_| regions.iter().any(told))
}

/// What a caveat says of columns by name; nothing for other codes and where none are exchanged or missing.
pub(in crate::brief) fn told(book: &Book<'_>, code: &str) -> Prose {
    let table = book.recorded.summary.tables.first().filter(|_| caveat(book) == Some(code));
    let regions = table.map_or(&[][..], |table| &table.regions);
    let named = |of: &dyn Fn(&str) -> bool| {
        let own = regions.iter().filter(|label| of(&label.code));
        let names: Vec<String> = own.map(|label| book.place_inside(&label.code)).collect();
        all_names(&names, book.language())
    };
    let read = |columns: Columns| named(&|code| Columns::of(book, code) == columns);
    let (exchanged, unsplit) = (read(Columns::Exchanged), named(&|code| unsplit(book, code)));
    if exchanged.is_empty() && unsplit.is_empty() {
        return Prose::default();
    }
    let mut facts = Facts::new();
    facts.word("exchanged", exchanged).word("doubtful", read(Columns::Doubtful));
    facts.word("unsplit", unsplit);
    add_as_read(book, &mut facts);
    let mut said = book.speaker.say("build_columns_caveat", &facts);
    if book.language() == Language::English {
        said.0.insert(0, Inline::Text(" ".to_owned()));
    }
    said
}

/// The share of trade that goes elsewhere if columns are read as they stand, as `as_read_moved`.
fn add_as_read(book: &Book<'_>, facts: &mut Facts) {
    let question = [(Column::Part, AS_READ), (Column::Statistic, "moved")];
    let moved = book.find(DRIVERS, &question);
    facts.flag("with_as_read", moved.is_some());
    if let Some(moved) = moved {
        facts.level("as_read_moved", &moved.cited, &percent(moved.cited.value, book.language()));
    }
}

impl Subject<'_> {
    /// Regions whose columns are exchanged, as `exchanged` and `n_exchanged`, how many have none, `n_unsplit`, and the
    /// mark of the caveat, `columns_mark`.
    pub(super) fn add_columns(&self, facts: &mut Facts) {
        let mut own: Vec<&Place> = self.places.iter().filter(|place| place.exchanged()).collect();
        // The one that matters most first.
        let size = |place: &Place| place.net.value().abs();
        own.sort_by(|a, b| size(b).total_cmp(&size(a)));
        let own: Vec<String> =
            own.into_iter().map(|place| self.book.spoken_briefly(&place.name)).collect();
        facts.count("n_exchanged", own.len() as i64);
        facts.word("exchanged", all_names(&own, self.book.language()));
        facts.prose("columns_mark", self.columns_mark());
        let unsplit = self.places.iter().filter(|place| place.unsplit);
        facts.count("n_unsplit", unsplit.count() as i64);
        add_as_read(self.book, facts);
    }

    /// Which ends of a flow have exchanged columns, as `flow_exchanged`; empty where none has.
    pub(super) fn add_ends(&self, facts: &mut Facts, ends: [usize; 2]) {
        let own = ends.iter().filter_map(|at| self.places.get(*at));
        let names: Vec<String> = own
            .filter(|place| place.exchanged())
            .map(|place| self.book.spoken_briefly(&place.name))
            .collect();
        facts.word("flow_exchanged", all_names(&names, self.book.language()));
    }

    /// The mark of the caveat about columns; nothing where there is no such caveat.
    pub(super) fn columns_mark(&self) -> Prose {
        Prose::default().with_caveats(caveat(self.book))
    }
}

impl Place {
    /// Whether the columns of its own table were read the other way round.
    pub(super) fn exchanged(&self) -> bool {
        self.columns == Columns::Exchanged
    }
}
