//! Least squares on columns: an orthogonal basis, made once, answers for any number of right-hand sides.
//!
//! ```text
//! X = Q R        b = R⁻¹ Q'y        (X'X)⁻¹ = R⁻¹ R⁻¹'
//! ```
//!
//! Columns are made orthogonal twice in turn (Gram–Schmidt with reorthogonalisation: Giraud, Langou & Rozložník 2005),
//! so nothing is squared on the way and coefficients have the digits that the condition of X leaves. Sums run over
//! pieces of fixed length in their order: the same bits for any number of threads.

use rayon::prelude::*;

use super::Dense;

/// Rows that are summed in one go.
const PIECE: usize = 8192;

/// Rows from which sums are shared among threads.
const SHARED: usize = 8 * PIECE;

/// `a'b`.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let pieces = a.chunks(PIECE).zip(b.chunks(PIECE));
    if a.len() < SHARED {
        return pieces.map(|(a, b)| dot_piece(a, b)).sum();
    }
    let sums: Vec<f64> =
        a.par_chunks(PIECE).zip(b.par_chunks(PIECE)).map(|(a, b)| dot_piece(a, b)).collect();
    sums.into_iter().sum()
}

fn dot_piece(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (wide, rest) = (a.len() / 8 * 8, a.len() % 8);
    for (a, b) in a[..wide].chunks_exact(8).zip(b[..wide].chunks_exact(8)) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    for lane in 0..rest {
        lanes[lane] += a[wide + lane] * b[wide + lane];
    }
    lanes.into_iter().sum()
}

/// `y += factor · x`.
pub fn add(y: &mut [f64], factor: f64, x: &[f64]) {
    let one = |y: &mut [f64], x: &[f64]| y.iter_mut().zip(x).for_each(|(y, x)| *y += factor * x);
    if y.len() < SHARED {
        return one(y, x);
    }
    y.par_chunks_mut(PIECE).zip(x.par_chunks(PIECE)).for_each(|(y, x)| one(y, x));
}

/// Columns as short as there are of them, with the same lengths and angles: the triangles of an orthogonal basis, piece
/// by piece (tall and skinny QR: Demmel, Grigori, Hoemmen & Langou 2012). What least squares find of the short ones
/// they find of the long ones, without a copy of these.
///
/// # Panics
/// If columns differ in length.
pub fn shortened(columns: &[&[f64]]) -> Vec<Vec<f64>> {
    let (width, length) = (columns.len(), columns.first().map_or(0, |column| column.len()));
    let triangle = |rows: &[Vec<f64>]| -> Vec<Vec<f64>> {
        let basis = Basis::of(rows, &vec![0.0; width], 0.0);
        // A dropped column is made up by those before it: it has parts along them and none of its own.
        let along = |column: &Vec<f64>| {
            let mut parts: Vec<f64> = basis.q.iter().map(|q| dot(q, column)).collect();
            parts.resize(width, 0.0);
            parts
        };
        rows.iter().map(along).collect()
    };
    let of_piece = |piece: usize| {
        let rows = piece * PIECE..((piece + 1) * PIECE).min(length);
        let own: Vec<Vec<f64>> =
            columns.iter().map(|column| column[rows.clone()].to_vec()).collect();
        triangle(&own)
    };
    let triangles: Vec<Vec<Vec<f64>>> =
        (0..length.div_ceil(PIECE)).into_par_iter().map(of_piece).collect();
    let stacked: Vec<Vec<f64>> = (0..width)
        .map(|at| triangles.iter().flat_map(|own| own[at].iter().copied()).collect())
        .collect();
    triangle(&stacked)
}

/// An orthogonal basis of some columns, without those that the ones before them make up.
#[derive(Debug, Clone)]
pub struct Basis {
    /// Orthonormal columns.
    q: Vec<Vec<f64>>,
    /// Upper triangle of the kept columns, row by row.
    r: Dense,
    kept: Vec<usize>,
    dropped: Vec<usize>,
}

impl Basis {
    /// Makes the columns orthogonal in their order. A column is dropped where the ones before leave less of it than
    /// `tolerance` times its scale: its length before anything was taken from it.
    ///
    /// # Panics
    /// If columns differ in length, or there is not one scale per column.
    #[track_caller]
    pub fn of(columns: &[Vec<f64>], scales: &[f64], tolerance: f64) -> Self {
        assert_eq!(columns.len(), scales.len(), "one scale per column expected");
        let (mut kept, mut dropped) = (Vec::new(), Vec::new());
        let mut q: Vec<Vec<f64>> = Vec::new();
        let mut r: Vec<Vec<f64>> = Vec::new();
        for (at, (column, scale)) in columns.iter().zip(scales).enumerate() {
            let mut own = column.clone();
            let mut above = vec![0.0; q.len()];
            for _ in 0..2 {
                for (q, above) in q.iter().zip(&mut above) {
                    let part = dot(q, &own);
                    add(&mut own, -part, q);
                    *above += part;
                }
            }
            let length = dot(&own, &own).sqrt();
            // A column of nothing but zeros is dropped as well.
            if length > tolerance * scale {
                own.iter_mut().for_each(|value| *value /= length);
                above.push(length);
                q.push(own);
                r.push(above);
                kept.push(at);
            } else {
                dropped.push(at);
            }
        }
        let mut upper = Dense::zeros(q.len(), q.len());
        for (column, above) in r.iter().enumerate() {
            for (row, value) in above.iter().enumerate() {
                upper.row_mut(row)[column] = *value;
            }
        }
        Basis { q, r: upper, kept, dropped }
    }

    /// Places of the columns that are in the basis.
    pub fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// Places of the columns that the ones before make up.
    pub fn dropped(&self) -> &[usize] {
        &self.dropped
    }

    /// Orthonormal columns, one per kept column.
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.q
    }

    /// `R⁻¹ c` for one number per kept column.
    fn back(&self, mut c: Vec<f64>) -> Vec<f64> {
        for row in (0..c.len()).rev() {
            let known: f64 =
                (row + 1..c.len()).map(|column| self.r[(row, column)] * c[column]).sum();
            c[row] = (c[row] - known) / self.r[(row, row)];
        }
        c
    }

    /// Coefficients of the kept columns for a right-hand side, and what is left of it.
    pub fn solve(&self, y: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut rest = y.to_vec();
        let mut c = vec![0.0; self.q.len()];
        for _ in 0..2 {
            for (q, c) in self.q.iter().zip(&mut c) {
                let part = dot(q, &rest);
                add(&mut rest, -part, q);
                *c += part;
            }
        }
        (self.back(c), rest)
    }

    /// What is left of a column when the basis is taken out.
    pub fn residual(&self, y: &[f64]) -> Vec<f64> {
        self.solve(y).1
    }

    /// `(X'X)⁻¹` of the kept columns.
    pub fn bread(&self) -> Dense {
        let inverse = self.inverse_triangle();
        let k = self.kept.len();
        let mut bread = Dense::zeros(k, k);
        for i in 0..k {
            for j in 0..k {
                bread.row_mut(i)[j] =
                    (i.max(j)..k).map(|at| inverse[(i, at)] * inverse[(j, at)]).sum();
            }
        }
        bread
    }

    /// `R⁻¹`, an upper triangle.
    pub fn inverse_triangle(&self) -> Dense {
        let k = self.kept.len();
        let mut inverse = Dense::zeros(k, k);
        for column in 0..k {
            let mut unit = vec![0.0; k];
            unit[column] = 1.0;
            for (row, value) in self.back(unit).into_iter().enumerate() {
                inverse.row_mut(row)[column] = value;
            }
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_regression_is_met() {
        let columns = vec![vec![1.0; 5], vec![1.0, 2.0, 3.0, 4.0, 5.0]];
        let basis = Basis::of(&columns, &[1.0, 1.0], 1e-10);
        let (b, e) = basis.solve(&[2.2, 3.9, 6.1, 8.0, 9.8]);
        assert!((b[1] - 1.93).abs() < 1e-14 && (b[0] - 0.21).abs() < 1e-14, "{b:?}");
        assert!(dot(&e, &columns[1]).abs() < 1e-14);
        let bread = basis.bread();
        assert!((bread[(1, 1)] - 0.1).abs() < 1e-15 && (bread[(0, 0)] - 1.1).abs() < 1e-14);
    }

    #[test]
    fn columns_that_others_make_up_are_dropped() {
        let one = vec![1.0, 2.0, 4.0, 8.0];
        let twice: Vec<f64> = one.iter().map(|value| 2.0 * value + 3.0).collect();
        let columns = vec![vec![1.0; 4], one, twice, vec![0.0; 4], vec![1.0, 0.0, 0.0, 5.0]];
        let basis = Basis::of(&columns, &[2.0, 9.0, 20.0, 0.0, 5.0], 1e-10);
        assert_eq!((basis.kept(), basis.dropped()), (&[0, 1, 4][..], &[2, 3][..]));
    }

    #[test]
    fn short_columns_have_the_regression_of_long_ones() {
        let n = 3 * PIECE + 77;
        let x = |k: usize| -> Vec<f64> {
            (0..n).map(|i| ((i * (k + 3)) as f64).sin() + k as f64).collect()
        };
        let mut columns: Vec<Vec<f64>> = (0..3).map(x).collect();
        let twice = columns[1].iter().zip(&columns[2]).map(|(a, b)| a - 2.0 * b).collect();
        columns.insert(3, twice);
        columns.push(x(4));
        let y: Vec<f64> = (0..n).map(|i| ((i * i % 101) as f64) + columns[4][i]).collect();
        let scales: Vec<f64> = columns.iter().map(|own| dot(own, own).sqrt()).collect();
        let all: Vec<&[f64]> = columns.iter().chain([&y]).map(Vec::as_slice).collect();
        let mut short = shortened(&all);
        assert_eq!(short[0].len(), all.len());
        let short_y = short.pop().unwrap();
        let (long, short) = (Basis::of(&columns, &scales, 1e-9), Basis::of(&short, &scales, 1e-9));
        assert_eq!((short.kept(), short.dropped()), (&[0, 1, 2, 4][..], &[3][..]));
        let ((b, e), (short_b, short_e)) = (long.solve(&y), short.solve(&short_y));
        for (own, expected) in short_b.iter().zip(&b) {
            assert!((own - expected).abs() < 1e-13 * expected.abs().max(1.0), "{short_b:?} {b:?}");
        }
        assert!((dot(&short_e, &short_e) / dot(&e, &e) - 1.0).abs() < 1e-12);
        for at in 0..4 {
            let ratio = short.bread()[(at, at)] / long.bread()[(at, at)];
            assert!((ratio - 1.0).abs() < 1e-12, "{ratio}");
        }
    }

    #[test]
    fn long_sums_are_the_same_bits_on_any_number_of_threads() {
        let a: Vec<f64> = (0..200_000).map(|i| f64::from(i).sin()).collect();
        let b: Vec<f64> = (0..200_000).map(|i| f64::from(i).cos() + 1.0).collect();
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| dot(&a, &b)).to_bits()
        };
        assert!(on(1) == on(2) && on(2) == on(8));
    }
}
