//! The head of a cache: all that is not a long array, with where it came from.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::store::{Arrays, Span, Stored};
use crate::fault::Note;
use crate::input::witness::{Seen, Time};
use crate::labels::{Axis, Industries, Label};
use crate::linalg::sparse::is_narrow;
use crate::linalg::{Dense, Matrix, Places};
use crate::table::{
    Category, DemandColumn, Extension, FinalDemand, Imports, InputFile, Lineage, Meta,
    Origin as Account, RawTable, Role, ValueAdded,
};
use crate::units::{PriceBase, Unit};

/// The table that was asked for, as far as its paths say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Origin {
    /// Name of the file; empty for a folder, which says its own.
    pub(super) name: String,
    /// Folder in which files are looked for first.
    pub(super) folder: PathBuf,
    /// Folder in which they are looked for then.
    pub(super) data: Option<PathBuf>,
}

/// All that is not a long array.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    /// Version of the program that read the source.
    irio: String,
    /// What was asked for.
    pub(super) origin: Origin,
    /// When the reading began.
    pub(super) begun: Time,
    /// What it depends on.
    pub(super) seen: Vec<Seen>,
    table: TableHead,
}

#[derive(Debug, Serialize, Deserialize)]
struct TableHead {
    meta: MetaHead,
    regions: AxisHead,
    sectors: AxisHead,
    flows: MatrixHead,
    categories: Vec<(Names, String)>,
    columns: Vec<(Option<usize>, usize)>,
    final_demand: MatrixHead,
    imports: ImportsHead,
    value_added_rows: Vec<Names>,
    value_added: DenseHead,
    output: Span,
    extensions: Vec<ExtensionHead>,
    population: Option<Span>,
}

#[derive(Debug, Serialize, Deserialize)]
struct MetaHead {
    name: String,
    year: i32,
    unit: String,
    constant_prices: Option<i32>,
    source: String,
    lineage: Lineage,
    /// Bits, because a text of a number may be another number.
    tolerance: u64,
    estimated_trade: bool,
    inputs: Vec<(PathBuf, String)>,
    notes: Vec<Note>,
}

/// Code, English and Chinese name.
type Names = (String, String, String);

#[derive(Debug, Serialize, Deserialize)]
struct AxisHead {
    kind: String,
    labels: Vec<Names>,
}

#[derive(Debug, Serialize, Deserialize)]
struct DenseHead {
    rows: usize,
    columns: usize,
    values: Span,
}

#[derive(Debug, Serialize, Deserialize)]
enum MatrixHead {
    Dense(DenseHead),
    Sparse { rows: usize, columns: usize, starts: Span, places: Span, values: Span },
}

#[derive(Debug, Serialize, Deserialize)]
enum ImportsHead {
    ByProduct { intermediate: DenseHead, final_demand: DenseHead },
    OneRow { intermediate: Span, final_demand: Span },
    None,
}

#[derive(Debug, Serialize, Deserialize)]
struct ExtensionHead {
    label: Names,
    unit: String,
    values: Span,
    households: Span,
    inventory: Option<Span>,
    by_demand: Option<Span>,
    origin: Option<AccountHead>,
}

/// Folder, name and labels of an account.
type AccountHead = (String, String, Vec<(String, String)>);

impl Head {
    /// The head of a table with the arrays that go behind it; none if the table has something that a head
    /// cannot say. Parts are taken apart by name, so that a new one is not forgotten here.
    pub(super) fn of(
        raw: &RawTable,
        origin: Origin,
        begun: Time,
        seen: Vec<Seen>,
    ) -> Option<(Self, Arrays<'_>)> {
        let RawTable {
            meta,
            industries,
            flows,
            final_demand,
            imports,
            value_added,
            output,
            extensions,
            population,
        } = raw;
        let mut arrays = Arrays::default();
        let category =
            |category: &Category| (names(&category.label), category.role.word().to_owned());
        let table = TableHead {
            meta: MetaHead::of(meta)?,
            regions: AxisHead::of(&industries.regions),
            sectors: AxisHead::of(&industries.sectors),
            flows: MatrixHead::of(flows, &mut arrays),
            categories: final_demand.categories.iter().map(category).collect(),
            columns: final_demand.columns.iter().map(|c| (c.region, c.category)).collect(),
            final_demand: MatrixHead::of(&final_demand.values, &mut arrays),
            imports: ImportsHead::of(imports, &mut arrays),
            value_added_rows: value_added.rows.iter().map(names).collect(),
            value_added: DenseHead::of(&value_added.values, &mut arrays),
            output: arrays.doubles(output),
            extensions: extensions
                .iter()
                .map(|extension| ExtensionHead::of(extension, &mut arrays))
                .collect::<Option<_>>()?,
            population: population.as_deref().map(|values| arrays.doubles(values)),
        };
        let irio = env!("CARGO_PKG_VERSION").to_owned();
        Some((Head { irio, origin, begun, seen, table }, arrays))
    }

    /// The head of the same table, whose files were looked at again.
    pub(super) fn renewed(self, origin: Origin, begun: Time, seen: Vec<Seen>) -> Self {
        Head { origin, begun, seen, ..self }
    }

    /// Its text; none if a path is no text.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(self).ok()
    }

    /// Reads a head that this version wrote.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let head: Head = serde_json::from_slice(bytes).ok()?;
        (head.irio == env!("CARGO_PKG_VERSION")).then_some(head)
    }

    /// The head with its paths as another request would have them: from another folder the same files are
    /// `../TABLE/flows.csv`. None if that cannot be said with certainty.
    pub(super) fn carried(mut self, to: &Origin) -> Option<Self> {
        if self.origin.name != to.name || self.origin.data.is_some() != to.data.is_some() {
            return None;
        }
        if self.origin == *to {
            return Some(self);
        }
        let from = self.origin.clone();
        // A note that speaks of a path would speak of the old one.
        let folder = from.folder.to_str()?;
        let speaks = |note: &Note| !folder.is_empty() && note.message.contains(folder);
        if self.table.meta.notes.iter().any(speaks) {
            return None;
        }
        for seen in &mut self.seen {
            seen.path = carried(&seen.path, &from, to)?;
        }
        for (path, _) in &mut self.table.meta.inputs {
            *path = carried(path, &from, to)?;
        }
        Some(self)
    }

    /// The table, with its large arrays where they lie; none if anything does not fit.
    pub(super) fn table(&self, stored: &Stored) -> Option<RawTable> {
        let head = &self.table;
        let industries =
            Industries { regions: head.regions.axis()?, sectors: head.sectors.axis()? };
        let categories: Option<Vec<Category>> = head.categories.iter().map(category).collect();
        let categories = categories?;
        let fits = |(region, category): &(Option<usize>, usize)| {
            region.is_none_or(|region| region < industries.regions.len())
                && *category < categories.len()
        };
        if !head.columns.iter().all(fits) {
            return None;
        }
        let column = |&(region, category): &_| DemandColumn { region, category };
        let population = match head.population {
            Some(span) => Some(doubles(stored, span)?),
            None => None,
        };
        Some(RawTable {
            meta: head.meta.meta()?,
            flows: head.flows.matrix(stored)?,
            final_demand: FinalDemand {
                categories,
                columns: head.columns.iter().map(column).collect(),
                values: head.final_demand.matrix(stored)?,
            },
            imports: head.imports.imports(stored)?,
            value_added: ValueAdded {
                rows: head.value_added_rows.iter().map(label).collect(),
                values: head.value_added.dense(stored)?,
            },
            output: doubles(stored, head.output)?,
            extensions: head
                .extensions
                .iter()
                .map(|extension| extension.extension(stored))
                .collect::<Option<_>>()?,
            population,
            industries,
        })
    }
}

/// A path below one of the old folders, below the new one.
fn carried(path: &Path, from: &Origin, to: &Origin) -> Option<PathBuf> {
    if path.is_absolute()
        && !from.folder.is_absolute()
        && from.data.as_ref().is_none_or(|data| !data.is_absolute())
    {
        return Some(path.to_path_buf());
    }
    let below = |old: &Path, new: &Path| path.strip_prefix(old).ok().map(|rest| new.join(rest));
    let first = below(&from.folder, &to.folder);
    let second = from.data.as_ref().zip(to.data.as_ref()).and_then(|(old, new)| below(old, new));
    match (first, second) {
        (Some(first), Some(second)) => (first == second).then_some(first),
        (Some(only), None) | (None, Some(only)) => Some(only),
        (None, None) => path.is_absolute().then(|| path.to_path_buf()),
    }
}

impl MetaHead {
    fn of(meta: &Meta) -> Option<Self> {
        let Meta {
            name,
            year,
            unit,
            prices,
            source,
            lineage,
            tolerance,
            estimated_trade,
            inputs,
            notes,
        } = meta;
        Some(MetaHead {
            name: name.clone(),
            year: *year,
            unit: unit_text(unit)?,
            constant_prices: match prices {
                PriceBase::Current => None,
                PriceBase::Constant(year) => Some(*year),
            },
            source: source.clone(),
            lineage: lineage.clone(),
            tolerance: tolerance.to_bits(),
            estimated_trade: *estimated_trade,
            inputs: inputs.iter().map(|i| (i.path.clone(), i.sha256.clone())).collect(),
            notes: notes.clone(),
        })
    }

    fn meta(&self) -> Option<Meta> {
        let input = |(path, sha256): &(PathBuf, String)| InputFile {
            path: path.clone(),
            sha256: sha256.clone(),
        };
        Some(Meta {
            name: self.name.clone(),
            year: self.year,
            unit: self.unit.parse().ok()?,
            prices: self.constant_prices.map_or(PriceBase::Current, PriceBase::Constant),
            source: self.source.clone(),
            lineage: self.lineage.clone(),
            tolerance: f64::from_bits(self.tolerance),
            estimated_trade: self.estimated_trade,
            inputs: self.inputs.iter().map(input).collect(),
            notes: self.notes.clone(),
        })
    }
}

impl AxisHead {
    fn of(axis: &Axis) -> Self {
        let labels = axis.labels().iter().map(names).collect();
        AxisHead { kind: axis.kind().to_owned(), labels }
    }

    fn axis(&self) -> Option<Axis> {
        // The words for what an axis of a table holds.
        let kind = ["region", "sector"].into_iter().find(|kind| *kind == self.kind)?;
        Axis::new(kind, self.labels.iter().map(label)).ok()
    }
}

impl DenseHead {
    fn of<'a>(dense: &'a Dense, arrays: &mut Arrays<'a>) -> Self {
        let (rows, columns) = dense.shape();
        DenseHead { rows, columns, values: arrays.doubles(dense.values()) }
    }

    fn dense(&self, stored: &Stored) -> Option<Dense> {
        let values = stored.numbers::<f64>(self.values)?;
        let cells = self.rows.checked_mul(self.columns)?;
        (values.len() == cells).then(|| Dense::new(self.rows, self.columns, values))
    }
}

impl MatrixHead {
    fn of<'a>(matrix: &'a Matrix, arrays: &mut Arrays<'a>) -> Self {
        let (rows, columns) = matrix.shape();
        match matrix {
            Matrix::Dense(dense) => MatrixHead::Dense(DenseHead::of(dense, arrays)),
            Matrix::Sparse(sparse) => {
                let (starts, places, values) = sparse.parts();
                MatrixHead::Sparse {
                    rows,
                    columns,
                    starts: arrays.starts(starts),
                    places: arrays.places(places),
                    values: arrays.doubles(values),
                }
            }
        }
    }

    fn matrix(&self, stored: &Stored) -> Option<Matrix> {
        match self {
            MatrixHead::Dense(dense) => dense.dense(stored).map(Matrix::Dense),
            MatrixHead::Sparse { rows, columns, starts, places, values } => {
                let starts = stored.numbers::<u64>(*starts)?;
                if starts.first() != Some(&0) || starts.len() != rows.checked_add(1)? {
                    return None;
                }
                let places: Places = if is_narrow(*columns) {
                    stored.numbers::<u16>(*places)?.into()
                } else {
                    stored.numbers::<u32>(*places)?.into()
                };
                Matrix::from_parts((*rows, *columns), starts, places, stored.numbers(*values)?)
            }
        }
    }
}

impl ImportsHead {
    fn of<'a>(imports: &'a Imports, arrays: &mut Arrays<'a>) -> Self {
        match imports {
            Imports::ByProduct { intermediate, final_demand } => ImportsHead::ByProduct {
                intermediate: DenseHead::of(intermediate, arrays),
                final_demand: DenseHead::of(final_demand, arrays),
            },
            Imports::OneRow { intermediate, final_demand } => ImportsHead::OneRow {
                intermediate: arrays.doubles(intermediate),
                final_demand: arrays.doubles(final_demand),
            },
            Imports::None => ImportsHead::None,
        }
    }

    fn imports(&self, stored: &Stored) -> Option<Imports> {
        Some(match self {
            ImportsHead::ByProduct { intermediate, final_demand } => Imports::ByProduct {
                intermediate: intermediate.dense(stored)?,
                final_demand: final_demand.dense(stored)?,
            },
            ImportsHead::OneRow { intermediate, final_demand } => Imports::OneRow {
                intermediate: doubles(stored, *intermediate)?,
                final_demand: doubles(stored, *final_demand)?,
            },
            ImportsHead::None => Imports::None,
        })
    }
}

impl ExtensionHead {
    fn of<'a>(extension: &'a Extension, arrays: &mut Arrays<'a>) -> Option<Self> {
        let Extension { label, unit, values, households, inventory, by_demand, origin } = extension;
        Some(ExtensionHead {
            label: names(label),
            unit: unit_text(unit)?,
            values: arrays.doubles(values),
            households: arrays.doubles(households),
            inventory: inventory.as_deref().map(|values| arrays.doubles(values)),
            by_demand: by_demand.as_deref().map(|values| arrays.doubles(values)),
            origin: origin.as_ref().map(|Account { account, name, levels }| {
                (account.clone(), name.clone(), levels.clone())
            }),
        })
    }

    fn extension(&self, stored: &Stored) -> Option<Extension> {
        let optional = |span: Option<Span>| match span {
            Some(span) => doubles(stored, span).map(Some),
            None => Some(None),
        };
        let origin = self.origin.clone();
        Some(Extension {
            label: label(&self.label),
            unit: self.unit.parse().ok()?,
            values: doubles(stored, self.values)?,
            households: doubles(stored, self.households)?,
            inventory: optional(self.inventory)?,
            by_demand: optional(self.by_demand)?,
            origin: origin.map(|(account, name, levels)| Account { account, name, levels }),
        })
    }
}

fn names(label: &Label) -> Names {
    (label.code.clone(), label.en.clone(), label.zh.clone())
}

fn label((code, en, zh): &Names) -> Label {
    Label::new(code, en, zh)
}

fn category((names, word): &(Names, String)) -> Option<Category> {
    let role = Role::ALL.into_iter().find(|role| role.word() == word)?;
    Some(Category { label: label(names), role })
}

/// The text of a unit, if it reads back as the same.
fn unit_text(unit: &Unit) -> Option<String> {
    unit.text().parse::<Unit>().is_ok_and(|again| again == *unit).then(|| unit.text().to_owned())
}

fn doubles(stored: &Stored, span: Span) -> Option<Vec<f64>> {
    stored.numbers::<f64>(span).map(|values| values.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(folder: &str, data: Option<&str>) -> Origin {
        Origin { name: String::new(), folder: folder.into(), data: data.map(PathBuf::from) }
    }

    #[test]
    fn paths_are_carried_only_where_that_is_certain() {
        let carry = |path: &str, from: &Origin, to: &Origin| {
            carried(Path::new(path), from, to).map(|path| path.to_str().unwrap().to_owned())
        };
        let (here, there) = (origin("t", None), origin("../t", None));
        assert_eq!(carry("t/a.csv", &here, &there).as_deref(), Some("../t/a.csv"));
        assert_eq!(carry("t/../b.csv", &here, &there).as_deref(), Some("../t/../b.csv"));
        assert_eq!(carry("/x/a.csv", &here, &there).as_deref(), Some("/x/a.csv"));
        assert_eq!(carry("u/a.csv", &here, &there), None);
        assert_eq!(carry("/x/a.csv", &origin("", None), &there).as_deref(), Some("/x/a.csv"));
        // Below both folders: which one was meant?
        let (from, to) = (origin("", Some("d")), origin("x", Some("y")));
        assert_eq!(carry("d/a.csv", &from, &to), None);
        assert_eq!(carry("a.csv", &from, &to).as_deref(), Some("x/a.csv"));
    }
}
