//! How good a table is: the identities that it was held to, what they miss, where, and what to do.

use super::book::Book;
use super::common::{head, level_cell, style, words};
use super::content::{Block, Grid, GridRow, View};
use super::prose::Prose;
use super::shapes::{TITLE, fitting, percent};
use super::speech::Facts;
use crate::figure::names::Named;
use crate::figure::quality::{Grade, Identity, QualityPanel};
use crate::numerals::Cited;
use crate::tidy::Column;

/// What was tested, by part: how far it is off, absolutely and as a share, and whether that is let pass.
pub(super) const FILE: &str = "identities.csv";
/// What is left open on purpose, so that a gap is worth a look and no fault.
const OPEN: [&str; 2] = ["national", "error_column"];

/// An identity with its gap.
#[derive(Debug, Clone)]
struct Tested {
    part: String,
    quantity: String,
    region: String,
    sector: String,
    /// Gap as a share; nothing where its line is of nothing.
    relative: Option<Cited>,
    grade: Grade,
}

impl Tested {
    /// Size of the gap; one that is no share is larger than all others.
    fn size(&self) -> f64 {
        self.relative.as_ref().map_or(f64::INFINITY, |relative| relative.value.abs())
    }
}

/// All identities of a folder.
#[derive(Debug, Clone)]
pub(super) struct Quality {
    rows: Vec<Tested>,
    tolerance: Cited,
}

impl Quality {
    /// Those of a results folder; nothing if it has none.
    pub fn of(book: &Book<'_>) -> Option<Self> {
        let tidy = book.tidy(FILE)?;
        let mut rows = Vec::new();
        let mut tolerance = None;
        for row in tidy.rows_where(&[(Column::Statistic, "above")]) {
            let text = |column: Column| tidy.text(row, column);
            let place = [Column::Quantity, Column::Region, Column::Sector, Column::Part];
            let beside = |statistic: &str| {
                let mut question: Vec<(Column, &str)> =
                    place.iter().map(|column| (*column, text(*column))).collect();
                question.push((Column::Statistic, statistic));
                book.find(FILE, &question)
            };
            tolerance = tolerance.or_else(|| beside("tolerance"));
            let grade = match tidy.value(row) != 0.0 {
                false => Grade::Pass,
                true if OPEN.contains(&text(Column::Part)) => Grade::Warn,
                true => Grade::Fail,
            };
            rows.push(Tested {
                part: text(Column::Part).to_owned(),
                quantity: text(Column::Quantity).to_owned(),
                region: text(Column::Region).to_owned(),
                sector: text(Column::Sector).to_owned(),
                relative: beside("relative").map(|found| found.cited),
                grade,
            });
        }
        // What is worst stands first, as in the figure.
        let size = Tested::size;
        rows.sort_by(|a, b| b.grade.cmp(&a.grade).then(size(b).total_cmp(&size(a))));
        Some(Quality { rows, tolerance: tolerance?.cited })
    }

    /// How many identities have a grade.
    pub fn count(&self, grade: Grade) -> usize {
        self.rows.iter().filter(|row| row.grade == grade).count()
    }

    /// The gap that is farthest off, where it is a share.
    pub fn worst(&self) -> Option<&Cited> {
        self.rows.first()?.relative.as_ref()
    }

    /// The largest gap that is let pass.
    pub fn tolerance(&self) -> &Cited {
        &self.tolerance
    }

    /// `n_identities`, `n_pass`, `n_warn`, `n_fail`, `tolerance`; of what is farthest off `worst`,
    /// `worst_place` and, where it is a share, `worst_gap`.
    pub fn facts(&self, book: &Book<'_>, facts: &mut Facts) {
        facts.count("n_identities", self.rows.len() as i64);
        let counts = [("n_pass", Grade::Pass), ("n_warn", Grade::Warn), ("n_fail", Grade::Fail)];
        for (key, grade) in counts {
            facts.count(key, self.count(grade) as i64);
        }
        let measure = percent(self.tolerance.value, book.language());
        facts.level("tolerance", &self.tolerance, &measure);
        facts.flag("with_worst", !self.rows.is_empty());
        if let Some(worst) = self.rows.first() {
            facts.word("worst", self.named(book, worst).brief());
            facts.word("worst_place", place(book, worst));
            facts.flag("with_worst_gap", worst.relative.is_some());
            if let Some(gap) = &worst.relative {
                facts.level("worst_gap", gap, &percent(gap.value, book.language()));
            }
        }
    }

    /// The panel with its text; sentences are those of `key`, such as `build_quality`.
    pub fn block(&self, book: &Book<'_>, key: &str, facts: &Facts, head: String) -> Option<Block> {
        if self.rows.is_empty() {
            return None;
        }
        let mut facts = facts.clone();
        self.facts(book, &mut facts);
        let say = |part: &str| book.speaker.say(&format!("{key}_{part}"), &facts);
        let description = say("drawn");
        let view = View {
            choice: String::new(),
            grid: self.grid(book, &description),
            description,
            figure: Box::new(self.panel(book, head)),
            file: FILE.to_owned(),
        };
        Some(Block {
            id: "quality".to_owned(),
            title: fitting(book, &format!("{key}_title"), &facts, TITLE),
            text: vec![say("text")],
            views: vec![view],
            note: say("note"),
        })
    }

    fn panel(&self, book: &Book<'_>, head: String) -> QualityPanel {
        let identity = |(at, one): (usize, &Tested)| {
            // What the line above advises is not said twice.
            let before = at > 0 && self.rows[at - 1].part == one.part;
            Identity {
                name: self.named(book, one).full(),
                grade: one.grade,
                gap: one.relative.clone(),
                place: place(book, one),
                advice: match one.grade {
                    Grade::Warn | Grade::Fail if before && !advice(book, one).is_empty() => {
                        book.speaker.phrase("advice_as_above").plain()
                    }
                    Grade::Warn | Grade::Fail => advice(book, one),
                    _ => String::new(),
                },
            }
        };
        let rows = self.rows.iter().enumerate().map(identity).collect();
        QualityPanel { head, rows, tolerance: self.tolerance.clone() }
    }

    fn grid(&self, book: &Book<'_>, caption: &Prose) -> Grid {
        let word = |key: &str| book.speaker.template().word(key, book.language());
        let found = style(book).words;
        let heads = vec![
            head(found.identity.clone(), "", false),
            head(word("finding"), "", false),
            head(found.largest_gap.clone(), "%", true),
            head(word("place"), "", false),
        ];
        let row = |one: &Tested| {
            let gap = match &one.relative {
                None => words("—"),
                Some(gap) => level_cell(Some(gap), &percent(gap.value, book.language())),
            };
            let grade = found.grades[one.grade as usize].clone();
            let cells = vec![
                words(self.named(book, one).full()),
                words(grade),
                gap,
                words(place(book, one)),
            ];
            GridRow { cells, total: false }
        };
        Grid { caption: caption.plain(), heads, rows: self.rows.iter().map(row).collect() }
    }

    /// The identity in words, with its quantity where several are held to it.
    fn named(&self, book: &Book<'_>, one: &Tested) -> Named {
        // An error column is a part of its rows.
        if one.part == "rows" && errors(book) {
            return book.word_of(&["identities"], "rows_with_errors");
        }
        let both = format!("{}_{}", one.part, one.quantity);
        if book.speaker.template().name("identities", &both).is_some() {
            return book.word_of(&["identities"], &both);
        }
        let name = book.word_of(&["identities"], &one.part);
        if self.rows.iter().filter(|other| other.part == one.part).count() < 2 {
            return name;
        }
        let of = |identity: String| {
            let mut facts = Facts::new();
            facts.word("identity", identity).word("what", book.quantity(&one.quantity).brief());
            book.speaker.say("identity_of", &facts).plain()
        };
        Named::new(of(name.full())).short(of(name.brief()))
    }
}

/// Whether the table has an error column.
fn errors(book: &Book<'_>) -> bool {
    book.texts("sums.csv", Column::Quantity).contains(&"error_share_of_output")
}

/// Region and sector of a gap; empty where it is of all, or nothing.
fn place(book: &Book<'_>, one: &Tested) -> String {
    if one.size() == 0.0 {
        return String::new();
    }
    let named = |code: &str| !["", "all"].contains(&code);
    let mut facts = Facts::new();
    match (named(&one.region), named(&one.sector)) {
        (false, _) => String::new(),
        (true, false) => book.place(&one.region).full(),
        (true, true) => {
            facts.word("region", book.place(&one.region).full());
            facts.word("sector", book.sector(&one.sector).brief());
            book.speaker.say("region_and_sector", &facts).plain()
        }
    }
}

/// What to do about a gap; nothing where the template has no advice.
fn advice(book: &Book<'_>, one: &Tested) -> String {
    let key = format!("advice_{}", one.part);
    if !book.speaker.template().file.say.contains_key(&key) {
        return String::new();
    }
    book.speaker.phrase(&key).plain()
}
