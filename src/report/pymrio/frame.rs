//! A frame of a system before it is in any format: labels, what stands above the columns, and cells.

/// A row of labels above the columns.
pub(super) struct Head<'f> {
    /// Its name; none where pandas would name nothing.
    pub(super) name: Option<&'f str>,
    /// What it says above each column.
    pub(super) texts: Vec<&'f str>,
}

/// Shows the stored cells of a row in order of columns.
pub(super) type Cells<'f> = Box<dyn Fn(usize, &mut dyn FnMut(usize, f64)) + Sync + 'f>;

/// What the columns of a frame hold.
pub(super) enum Body<'f> {
    /// Numbers; cells that are not shown are zero.
    Numbers(Cells<'f>),
    /// One column of texts.
    Texts(Box<dyn Fn(usize) -> &'f str + Sync + 'f>),
}

/// A frame as pandas knows it.
pub(super) struct Frame<'f> {
    /// Names of the columns of labels; an empty one has none.
    pub(super) index: Vec<&'f str>,
    /// One or two rows of labels above the columns.
    pub(super) heads: Vec<Head<'f>>,
    /// How many rows there are.
    pub(super) rows: usize,
    /// Labels of a row.
    pub(super) labels: Box<dyn Fn(usize) -> Vec<&'f str> + Sync + 'f>,
    pub(super) body: Body<'f>,
}

impl<'f> Frame<'f> {
    /// Two rows of labels above the columns: region, and sector or category.
    pub(super) fn pairs(second: &'f str, heads: &[(&'f str, &'f str)]) -> Vec<Head<'f>> {
        let regions = heads.iter().map(|head| head.0).collect();
        let others = heads.iter().map(|head| head.1).collect();
        vec![
            Head { name: Some("region"), texts: regions },
            Head { name: Some(second), texts: others },
        ]
    }

    /// One row of labels above the columns.
    pub(super) fn single(texts: Vec<&'f str>) -> Vec<Head<'f>> {
        vec![Head { name: None, texts }]
    }

    /// How many columns there are beside the labels.
    pub(super) fn width(&self) -> usize {
        self.heads.first().map_or(0, |head| head.texts.len())
    }
}

/// Shows every number that is not zero; a negative zero is one.
pub(super) fn each(values: &[f64], see: &mut dyn FnMut(usize, f64)) {
    values
        .iter()
        .enumerate()
        .filter(|(_, value)| value.to_bits() != 0)
        .for_each(|(at, value)| see(at, *value));
}
