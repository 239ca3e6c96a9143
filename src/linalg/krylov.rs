//! GMRES for `I − A` of a table with many regions, preconditioned by the inverse of each region's own
//! block.
//!
//! ```text
//! P (I − B) y = P d̂⁻¹ b,   x = d̂ y,   B = d̂⁻¹ A d̂,   P = diag (I − B_rr)⁻¹
//! ```
//!
//! `d` is output, so that every industry's error counts in relation to its own output, and a small one
//! is as right as a large one. Without restart, modified Gram–Schmidt; right-hand sides go in blocks,
//! side by side, but each has its own space and its own end, so the answer to one does not depend on
//! its neighbours. Source: Saad (2003), *Iterative Methods for Sparse Linear Systems*, ch. 6 and 9.

#![allow(non_snake_case)]

use std::sync::OnceLock;

use rayon::prelude::*;

use super::factor::{Factor, Singular};
use super::kernel::{Kernel, Machine, dot};
use super::product::Products;
use super::scaled::Scaled;
use crate::memory;

/// Residual, relative to that of a zero answer, at which a solution is good enough.
const TOLERANCE: f64 = 1e-12;

/// Vectors of a space before it is given up and begun again from the answer so far.
const LONGEST: usize = 80;

/// Vectors of a space that a table usually takes, with those beside it.
const USUAL: u64 = 20;

/// How often a space is begun again.
const ROUNDS: usize = 5;

/// Right-hand sides that go side by side where there are many: their entries stay in the second cache even for
/// the largest tables.
const WIDE: usize = 16;

/// Right-hand sides that go side by side where there are fewer, and where there are few.
const NARROW: usize = 8;
const NARROWEST: usize = 4;

/// Adjoint right-hand sides for which a transposed copy of the flows pays.
const MANY: usize = 32;

/// Rows whose sums are one partial sum.
const STRETCH: usize = 1024;

/// Numbers from which handing work to other threads pays.
const WORTH_SHARING: usize = 1 << 17;

/// Which system is solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// `(I − A) x = b`.
    Plain,
    /// `(I − A') x = b`.
    Transposed,
}

/// How a call goes about it: which system, and for an adjoint the transposed flows where they pay.
#[derive(Debug, Clone, Copy)]
struct Way<'a> {
    side: Side,
    turned: Option<&'a Products>,
}

/// `I − A`, ready for iterative solves.
#[derive(Debug, Clone)]
pub(super) struct Krylov {
    products: Products,
    /// Factor of each column of A.
    factors: Vec<f64>,
    /// d, and whether a column of B is the flow over d (1), nothing (0) or its negative (−1).
    scale: Vec<f64>,
    signs: Option<Vec<f64>>,
    /// Industries of a region.
    block: usize,
    /// The transpose of the flows, made when so many adjoint systems are asked for that it pays.
    transposed: OnceLock<Products>,
    /// Inverse of every region's block of `I − B`, one after the other, row by row.
    inverses: Vec<f64>,
}

/// The iteration did not come to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stuck;

impl Krylov {
    /// Prepares `I − A` with blocks of `block` industries.
    ///
    /// # Errors
    /// If a region's own block is singular; the position is that in the whole.
    pub(super) fn of(A: &Scaled, block: usize) -> Result<Self, Singular> {
        let factors = A.factors().to_vec();
        let scale: Vec<f64> =
            factors.iter().map(|f| if *f == 0.0 { 1.0 } else { 1.0 / f.abs() }).collect();
        let signs: Vec<f64> =
            factors.iter().map(|f| if *f == 0.0 { 0.0 } else { f.signum() }).collect();
        let regions = scale.len() / block;
        let inverse_of = |region: usize| -> Result<Vec<f64>, Singular> {
            let first = region * block;
            let mut M = vec![0.0; block * block];
            for (i, row) in M.chunks_exact_mut(block).enumerate() {
                let divisor = scale[first + i];
                A.matrix().each_in_range(first + i, first..first + block, |j, z| {
                    row[j - first] = -z * signs[j] / divisor;
                });
                row[i] += 1.0;
            }
            let factor = Factor::uncounted(M, block).map_err(|at| Singular(first + at.0))?;
            Ok(factor.inverse().values().to_vec())
        };
        let inverses: Result<Vec<Vec<f64>>, Singular> =
            (0..regions).into_par_iter().map(inverse_of).collect();
        Ok(Krylov {
            products: Products::of(A.matrix().clone()),
            signs: signs.iter().any(|sign| *sign != 1.0).then_some(signs),
            factors,
            scale,
            block,
            transposed: OnceLock::new(),
            inverses: inverses?.concat(),
        })
    }

    pub(super) fn size(&self) -> usize {
        self.scale.len()
    }

    /// Bytes of the spaces that grow at once while `columns` right-hand sides are solved for.
    pub(super) fn bytes_needed(n: usize, columns: usize) -> u64 {
        let at_once = rayon::current_num_threads() * WIDE;
        memory::numbers(n, columns.min(at_once)) * USUAL
    }

    /// Solves for each column of `columns` in place; one column is `size` numbers.
    ///
    /// # Errors
    /// If one of them has no end; the columns are then as they were.
    pub(super) fn solve_columns(&self, side: Side, columns: &mut [f64]) -> Result<usize, Stuck> {
        let n = self.size();
        // A matter of this call alone, not of earlier ones, so that the bits of an answer are too.
        let many = columns.len() >= MANY * n && self.products.is_moderate();
        let turned = (side == Side::Transposed && many)
            .then(|| self.transposed.get_or_init(|| self.products.transposed()));
        if columns.len() > NARROW * n {
            turned.unwrap_or(&self.products).prepare();
        }
        let way = Way { side, turned };
        let mut blocks = Vec::new();
        let mut rest = &mut *columns;
        while !rest.is_empty() {
            let left = rest.len() / n;
            let width = left.min(WIDE);
            let (block, others) = rest.split_at_mut(width * n);
            blocks.push(block);
            rest = others;
        }
        let solved: Result<Vec<(Vec<f64>, usize)>, Stuck> = blocks
            .par_iter()
            .map(|block| match block.len() / n {
                1 => self.solve_block::<1>(way, block),
                width if width <= NARROWEST => self.solve_block::<NARROWEST>(way, block),
                width if width <= NARROW => self.solve_block::<NARROW>(way, block),
                _ => self.solve_block::<WIDE>(way, block),
            })
            .collect();
        let solved = solved?;
        for (block, (x, _)) in blocks.into_iter().zip(&solved) {
            block.copy_from_slice(x);
        }
        Ok(solved.iter().map(|(_, products)| *products).max().unwrap_or(0))
    }

    fn solve_block<const K: usize>(
        &self,
        way: Way<'_>,
        columns: &[f64],
    ) -> Result<(Vec<f64>, usize), Stuck> {
        let side = way.side;
        let n = self.size();
        let mut b = vec![[0.0; K]; n];
        for (k, column) in columns.chunks_exact(n).enumerate() {
            for ((into, value), d) in b.iter_mut().zip(column).zip(&self.scale) {
                into[k] = if side == Side::Plain { value / d } else { *value };
            }
        }
        let (x, products) = self.gmres(way, b)?;
        let mut solved = vec![0.0; columns.len()];
        for (k, column) in solved.chunks_exact_mut(n).enumerate() {
            for ((into, x), d) in column.iter_mut().zip(&x).zip(&self.scale) {
                *into = if side == Side::Plain { x[k] * d } else { x[k] };
            }
        }
        Ok((solved, products))
    }

    /// `w = (I − B) v`, or `(I − A') v`.
    fn system<const K: usize>(&self, way: Way<'_>, v: &[[f64; K]], w: &mut [[f64; K]]) {
        match way.side {
            Side::Plain => {
                let signed: Option<Vec<[f64; K]>> = self.signs.as_ref().map(|signs| {
                    v.iter().zip(signs).map(|(v, sign)| v.map(|v| v * sign)).collect()
                });
                self.products.times(signed.as_deref().unwrap_or(v), w);
                for ((w, v), d) in w.iter_mut().zip(v).zip(&self.scale) {
                    *w = std::array::from_fn(|k| v[k] - w[k] / d);
                }
            }
            Side::Transposed => {
                match way.turned {
                    Some(transposed) => transposed.times(v, w),
                    None => self.products.transposed_times(v, w),
                }
                for ((w, v), factor) in w.iter_mut().zip(v).zip(&self.factors) {
                    *w = std::array::from_fn(|k| v[k] - w[k] * factor);
                }
            }
        }
    }

    /// `v ← P v`.
    fn precondition<const K: usize>(&self, side: Side, v: &mut [[f64; K]]) {
        let (machine, S) = (Machine::new(), self.block);
        let one = |v: &mut [[f64; K]], inverse: &[f64], scale: &[f64]| {
            machine.dispatch(Precondition { side, inverse, scale, v });
        };
        let scales = self.scale.chunks_exact(S);
        if v.len() * S * K < WORTH_SHARING {
            let blocks = v.chunks_exact_mut(S).zip(self.inverses.chunks_exact(S * S)).zip(scales);
            blocks.for_each(|((v, inverse), scale)| one(v, inverse, scale));
        } else {
            v.par_chunks_exact_mut(S)
                .zip(self.inverses.par_chunks_exact(S * S))
                .zip(self.scale.par_chunks_exact(S))
                .for_each(|((v, inverse), scale)| one(v, inverse, scale));
        }
    }

    /// How much closer an answer has to be met where demand goes to industries far larger in relation to
    /// their output than the rest: an even error in relation to output would be a large one in the rest.
    fn strictness<const K: usize>(&self, side: Side, y: &[[f64; K]]) -> [f64; K] {
        if side == Side::Transposed {
            return [1.0; K];
        }
        let largest_d = self.scale.iter().copied().fold(0.0, f64::max);
        let mut largest = [0.0f64; K];
        for (y, d) in y.iter().zip(&self.scale) {
            largest = std::array::from_fn(|k| largest[k].max((y[k] * d).abs()));
        }
        let norm = norms(y).map(|norm| norm / (y.len() as f64).sqrt());
        std::array::from_fn(|k| match largest_d * norm[k] {
            0.0 => 1.0,
            even => (10.0 * largest[k] / even).min(1.0),
        })
    }

    /// Solves for K right-hand sides; also how many products with the matrix it took.
    fn gmres<const K: usize>(
        &self,
        way: Way<'_>,
        b: Vec<[f64; K]>,
    ) -> Result<(Vec<[f64; K]>, usize), Stuck> {
        let side = way.side;
        let n = self.size();
        let mut residual = b.clone();
        self.precondition(side, &mut residual);
        let strict = self.strictness(side, &residual);
        let norm = norms(&residual);
        let limit: [f64; K] = std::array::from_fn(|k| norm[k] * TOLERANCE * strict[k]);
        if limit.iter().any(|limit| !limit.is_finite()) {
            return Err(Stuck);
        }
        let mut x = vec![[0.0; K]; n];
        let mut products = 0;
        let mut gap = norm;
        for _ in 0..ROUNDS {
            // What lies below the rounding of a space waits for the next one, which begins at the gap.
            let within: [f64; K] = std::array::from_fn(|k| limit[k].max(gap[k] * TOLERANCE * 1e-2));
            let mut space = Space::new(residual, within);
            while !space.is_done() && space.length() < LONGEST {
                let mut w = vec![[0.0; K]; n];
                self.system(way, space.last(), &mut w);
                self.precondition(side, &mut w);
                space.extend(w);
                products += 1;
            }
            let done = space.is_done();
            space.add_solution(&mut x);
            if done && within == limit {
                return Ok((x, products));
            }
            residual = vec![[0.0; K]; n];
            self.system(way, &x, &mut residual);
            products += 1;
            for (r, b) in residual.iter_mut().zip(&b) {
                *r = std::array::from_fn(|k| b[k] - r[k]);
            }
            self.precondition(side, &mut residual);
            let before = std::mem::replace(&mut gap, norms(&residual));
            // Good enough, or as good as rounding allows.
            let met = |k: usize| {
                gap[k] <= limit[k] || (gap[k] <= norm[k] * TOLERANCE && gap[k] > 0.1 * before[k])
            };
            if (0..K).all(met) {
                return Ok((x, products));
            }
        }
        Err(Stuck)
    }
}

/// One region's block of the preconditioner.
struct Precondition<'a, const K: usize> {
    side: Side,
    inverse: &'a [f64],
    scale: &'a [f64],
    v: &'a mut [[f64; K]],
}

impl<const K: usize> Kernel for Precondition<'_, K> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Precondition { side, inverse, scale, v } = self;
        let S = v.len();
        let mut out = vec![[0.0; K]; S];
        if side == Side::Plain {
            for (out, row) in out.iter_mut().zip(inverse.chunks_exact(S)) {
                if K == 1 {
                    out[0] = dot(row, v.as_flattened());
                } else {
                    for (value, v) in row.iter().zip(&*v) {
                        *out = std::array::from_fn(|k| value.mul_add(v[k], out[k]));
                    }
                }
            }
        } else {
            for ((row, v), d) in inverse.chunks_exact(S).zip(&*v).zip(scale) {
                let v = v.map(|v| v * d);
                for (out, value) in out.iter_mut().zip(row) {
                    *out = std::array::from_fn(|k| value.mul_add(v[k], out[k]));
                }
            }
            for (out, d) in out.iter_mut().zip(scale) {
                *out = out.map(|value| value / d);
            }
        }
        v.copy_from_slice(&out);
    }
}

/// K Krylov spaces that grow together, each with its own end.
struct Space<const K: usize> {
    basis: Vec<Vec<[f64; K]>>,
    /// Upper triangles after rotation, column by column.
    triangle: Vec<Vec<[f64; K]>>,
    rotations: Vec<[[f64; K]; 2]>,
    /// Rotated right-hand sides.
    rhs: Vec<[f64; K]>,
    limit: [f64; K],
    /// Length at which each is done.
    done: [Option<usize>; K],
}

impl<const K: usize> Space<K> {
    fn new(mut residual: Vec<[f64; K]>, limit: [f64; K]) -> Self {
        let norm = norms(&residual);
        divide(&mut residual, norm);
        let done = std::array::from_fn(|k| (norm[k] <= limit[k]).then_some(0));
        Space {
            basis: vec![residual],
            triangle: Vec::new(),
            rotations: Vec::new(),
            rhs: vec![norm],
            limit,
            done,
        }
    }

    fn is_done(&self) -> bool {
        self.done.iter().all(Option::is_some)
    }

    fn length(&self) -> usize {
        self.triangle.len()
    }

    fn last(&self) -> &[[f64; K]] {
        &self.basis[self.length()]
    }

    /// Takes in the product of the system with the last vector.
    fn extend(&mut self, mut w: Vec<[f64; K]>) {
        let mut column = Vec::with_capacity(self.basis.len() + 1);
        for v in &self.basis {
            let h = dots(v, &w);
            subtract(&mut w, h, v);
            column.push(h);
        }
        let norm = norms(&w);
        divide(&mut w, norm);
        self.basis.push(w);
        for (at, [c, s]) in self.rotations.iter().enumerate() {
            for k in 0..K {
                let (a, b) = (column[at][k], column[at + 1][k]);
                column[at][k] = c[k] * a + s[k] * b;
                column[at + 1][k] = c[k] * b - s[k] * a;
            }
        }
        let at = self.length();
        let (mut c, mut s, mut next) = ([1.0; K], [0.0; K], [0.0; K]);
        for k in 0..K {
            let (a, b) = (column[at][k], norm[k]);
            let r = a.hypot(b);
            if r > 0.0 {
                (c[k], s[k]) = (a / r, b / r);
            }
            column[at][k] = r;
            let rhs = self.rhs[at][k];
            (self.rhs[at][k], next[k]) = (c[k] * rhs, -s[k] * rhs);
        }
        self.rhs.push(next);
        self.rotations.push([c, s]);
        self.triangle.push(column);
        for ((done, rest), limit) in self.done.iter_mut().zip(next).zip(self.limit) {
            if done.is_none() && rest.abs() <= limit {
                *done = Some(at + 1);
            }
        }
    }

    /// Adds what the spaces found to the answer.
    fn add_solution(&self, x: &mut [[f64; K]]) {
        let length = self.length();
        let mut y = vec![[0.0; K]; length];
        for (k, done) in self.done.iter().enumerate() {
            let own = done.unwrap_or(length);
            for i in (0..own).rev() {
                let known: f64 = (i + 1..own).map(|j| self.triangle[j][i][k] * y[j][k]).sum();
                let pivot = self.triangle[i][i][k];
                if pivot != 0.0 {
                    y[i][k] = (self.rhs[i][k] - known) / pivot;
                }
            }
        }
        for (v, y) in self.basis.iter().zip(y) {
            subtract(x, y.map(|y| -y), v);
        }
    }
}

/// Scalar products of pairs of vectors.
fn dots<const K: usize>(a: &[[f64; K]], b: &[[f64; K]]) -> [f64; K] {
    let machine = Machine::new();
    let part = |(a, b): (&[[f64; K]], &[[f64; K]])| machine.dispatch(Dots { a, b });
    let parts: Vec<[f64; K]> = if a.len() * K < WORTH_SHARING {
        a.chunks(STRETCH).zip(b.chunks(STRETCH)).map(part).collect()
    } else {
        a.par_chunks(STRETCH).zip(b.par_chunks(STRETCH)).map(part).collect()
    };
    parts.iter().fold([0.0; K], |sum, part| std::array::from_fn(|k| sum[k] + part[k]))
}

struct Dots<'a, const K: usize> {
    a: &'a [[f64; K]],
    b: &'a [[f64; K]],
}

impl<const K: usize> Kernel for Dots<'_, K> {
    type Output = [f64; K];

    #[inline(always)]
    fn call(self) -> [f64; K] {
        let mut sum = [0.0; K];
        if K == 1 {
            sum[0] = dot(self.a.as_flattened(), self.b.as_flattened());
            return sum;
        }
        for (a, b) in self.a.iter().zip(self.b) {
            sum = std::array::from_fn(|k| a[k].mul_add(b[k], sum[k]));
        }
        sum
    }
}

fn norms<const K: usize>(a: &[[f64; K]]) -> [f64; K] {
    dots(a, a).map(f64::sqrt)
}

/// `w ← w − h v` for each pair.
fn subtract<const K: usize>(w: &mut [[f64; K]], h: [f64; K], v: &[[f64; K]]) {
    let one = |(w, v): (&mut [[f64; K]], &[[f64; K]])| {
        for (w, v) in w.iter_mut().zip(v) {
            *w = std::array::from_fn(|k| w[k] - h[k] * v[k]);
        }
    };
    if w.len() * K < WORTH_SHARING {
        one((w, v));
    } else {
        w.par_chunks_mut(STRETCH).zip(v.par_chunks(STRETCH)).for_each(one);
    }
}

/// Divides each vector by its norm; one without length stays nothing.
fn divide<const K: usize>(w: &mut [[f64; K]], norm: [f64; K]) {
    let factors = norm.map(|norm| if norm > 0.0 { 1.0 / norm } else { 0.0 });
    w.iter_mut().for_each(|w| *w = std::array::from_fn(|k| w[k] * factors[k]));
}
