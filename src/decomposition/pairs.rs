//! Transfers between pairs of regions, and what is read off them: transfer-in and -out, groups of
//! regions, classes of sectors (METHODS B2).
//!
//! In a use cell whose origin shares change by `δ`, the flow from a loser `r` to a winner `q` is
//! `(−δ_r) δ_q / Σ losses`: what is lost goes to the winners in proportion. Unique for two regions,
//! an assumption for more.

use super::Factor;

/// One quantity of the pairs of one product; a cell is `from × regions + to`.
#[derive(Debug, Clone)]
pub struct PairMeasure {
    /// Direct transfer at the intensity of the receiving industry, by cell.
    pub received: Vec<f64>,
    /// Direct transfer at the intensity of the giving industry, by cell.
    pub given: Vec<f64>,
    /// Full effect of the pair's move on each impact group; cells × groups.
    pub effect: Vec<f64>,
}

impl PairMeasure {
    pub(super) fn zeros(regions: usize, groups: usize) -> Self {
        let cells = regions * regions;
        PairMeasure {
            received: vec![0.0; cells],
            given: vec![0.0; cells],
            effect: vec![0.0; cells * groups],
        }
    }
}

/// The pairs of one product.
#[derive(Debug, Clone)]
pub struct ProductPairs {
    /// Direct transfer of output that intermediate users set off, by cell.
    pub intermediate: Vec<f64>,
    /// Direct transfer of output that final users (or exports) set off, by cell.
    pub final_use: Vec<f64>,
    /// Per quantity of the decomposition.
    pub measures: Vec<PairMeasure>,
}

/// Direct transfers `from → to` by product, and their full effects.
#[derive(Debug, Clone)]
pub struct FactorPairs {
    /// Sourcing or export origin.
    pub factor: Factor,
    /// Number of regions.
    pub regions: usize,
    /// Number of impact groups: regions, regions × classes, or industries.
    pub groups: usize,
    /// The pairs of each product.
    pub products: Vec<ProductPairs>,
}

/// How a pair lies to a group of regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PairKind {
    /// Both in the group.
    Internal,
    /// Into the group.
    Inward,
    /// Out of the group.
    Outward,
    /// Neither in the group.
    Outside,
}

impl PairKind {
    /// Every kind.
    pub const ALL: [PairKind; 4] =
        [PairKind::Internal, PairKind::Inward, PairKind::Outward, PairKind::Outside];

    /// Kind of a pair.
    pub fn of(from_inside: bool, to_inside: bool) -> Self {
        match (from_inside, to_inside) {
            (true, true) => PairKind::Internal,
            (false, true) => PairKind::Inward,
            (true, false) => PairKind::Outward,
            (false, false) => PairKind::Outside,
        }
    }

    /// The word results use.
    pub fn word(self) -> &'static str {
        match self {
            PairKind::Internal => "internal",
            PairKind::Inward => "inward",
            PairKind::Outward => "outward",
            PairKind::Outside => "outside",
        }
    }
}

impl FactorPairs {
    fn cell(&self, from: usize, to: usize) -> usize {
        from * self.regions + to
    }

    /// Direct transfer of output that intermediate users set off, and that final users set off.
    pub fn direct(&self, from: usize, to: usize, product: usize) -> [f64; 2] {
        let (cell, pairs) = (self.cell(from, to), &self.products[product]);
        [pairs.intermediate[cell], pairs.final_use[cell]]
    }

    /// Direct transfer of a quantity: as received and as given away.
    pub fn received_and_given(
        &self,
        quantity: usize,
        from: usize,
        to: usize,
        product: usize,
    ) -> [f64; 2] {
        let (cell, measure) = (self.cell(from, to), &self.products[product].measures[quantity]);
        [measure.received[cell], measure.given[cell]]
    }

    /// Effects of a pair and product on each impact group.
    pub fn effect(&self, quantity: usize, from: usize, to: usize, product: usize) -> &[f64] {
        let cell = self.cell(from, to);
        &self.products[product].measures[quantity].effect
            [cell * self.groups..(cell + 1) * self.groups]
    }

    /// Every pair of different regions with every product, in order of from, to, product.
    pub fn keys(&self) -> impl Iterator<Item = (usize, usize, usize)> + use<> {
        let (regions, sectors) = (self.regions, self.products.len());
        let pairs = (0..regions).flat_map(move |from| (0..regions).map(move |to| (from, to)));
        pairs
            .filter(|(from, to)| from != to)
            .flat_map(move |(from, to)| (0..sectors).map(move |i| (from, to, i)))
    }

    /// Transfer into each industry: what it took over from other regions, at its own intensity.
    pub fn transfer_in(&self, quantity: usize) -> Vec<f64> {
        let sectors = self.products.len();
        let mut sums = vec![0.0; self.regions * sectors];
        for (from, to, product) in self.keys() {
            sums[to * sectors + product] += self.received_and_given(quantity, from, to, product)[0];
        }
        sums
    }

    /// Transfer out of each industry: what other regions took over, at its own intensity.
    pub fn transfer_out(&self, quantity: usize) -> Vec<f64> {
        let sectors = self.products.len();
        let mut sums = vec![0.0; self.regions * sectors];
        for (from, to, product) in self.keys() {
            sums[from * sectors + product] +=
                self.received_and_given(quantity, from, to, product)[1];
        }
        sums
    }

    /// Output that moved between regions, by product.
    pub fn moved(&self) -> Vec<f64> {
        let sum = |product: &ProductPairs| -> f64 {
            product.intermediate.iter().chain(&product.final_use).sum()
        };
        self.products.iter().map(sum).collect()
    }

    /// Effects of internal, inward, outward and outside moves of a group of regions, by impact group.
    pub fn by_kind(&self, quantity: usize, inside: &[bool]) -> Vec<(PairKind, Vec<f64>)> {
        let mut sums = PairKind::ALL.map(|kind| (kind, vec![0.0; self.groups]));
        for (from, to, product) in self.keys() {
            let kind = PairKind::of(inside[from], inside[to]);
            if let Some((_, sum)) = sums.iter_mut().find(|(other, _)| *other == kind) {
                let effect = self.effect(quantity, from, to, product);
                sum.iter_mut().zip(effect).for_each(|(sum, e)| *sum += e);
            }
        }
        sums.to_vec()
    }
}
