//! A matrix whose columns count as many times as factors say, without a second copy of its cells.

use std::sync::Arc;

use super::{Dense, Matrix, Sums};

/// `M ŝ`: column `j` of a matrix times `factors[j]`, computed where it is looked at.
#[derive(Debug, Clone)]
pub struct Scaled {
    matrix: Matrix,
    factors: Vec<f64>,
    /// Sums of the matrix without factors, if somebody has them already.
    sums: Option<Arc<Sums>>,
}

impl Scaled {
    /// Scales the columns of a matrix.
    ///
    /// # Panics
    /// If there is not one factor per column.
    #[track_caller]
    pub fn new(matrix: Matrix, factors: Vec<f64>) -> Self {
        assert_eq!(factors.len(), matrix.shape().1, "one factor per column expected");
        Scaled { matrix, factors, sums: None }
    }

    /// The same with the sums of the matrix, so that they need not be computed again.
    ///
    /// # Panics
    /// If there is not one factor per column.
    #[track_caller]
    pub fn with_sums(matrix: Matrix, factors: Vec<f64>, sums: Arc<Sums>) -> Self {
        Scaled { sums: Some(sums), ..Scaled::new(matrix, factors) }
    }

    /// Number of rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        self.matrix.shape()
    }

    /// The matrix without its factors.
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// The factor of each column.
    pub fn factors(&self) -> &[f64] {
        &self.factors
    }

    /// The value of one cell.
    #[track_caller]
    pub fn get(&self, row: usize, column: usize) -> f64 {
        self.matrix.get(row, column) * self.factors[column]
    }

    /// Calls `see(column, value)` for each stored cell of a row, in order of columns.
    pub fn each_in_row(&self, row: usize, mut see: impl FnMut(usize, f64)) {
        self.matrix.each_in_row(row, |column, value| see(column, value * self.factors[column]));
    }

    /// Writes a row, zeros included, into a slice of one value per column.
    ///
    /// # Panics
    /// If the slice has another length.
    #[track_caller]
    pub fn row_into(&self, row: usize, into: &mut [f64]) {
        self.matrix.row_into(row, into);
        into.iter_mut().zip(&self.factors).for_each(|(value, factor)| *value *= factor);
    }

    /// One column, zeros included.
    #[track_caller]
    pub fn column(&self, column: usize) -> Vec<f64> {
        (0..self.shape().0).map(|row| self.get(row, column)).collect()
    }

    /// Sum of each column.
    pub fn column_sums(&self) -> Vec<f64> {
        let mut sums = match &self.sums {
            Some(sums) => sums.columns.clone(),
            None => self.matrix.column_sums(),
        };
        sums.iter_mut().zip(&self.factors).for_each(|(sum, factor)| *sum *= factor);
        sums
    }

    /// Whether a cell of the matrix or a factor is below zero.
    pub fn any_negative(&self) -> bool {
        let cells = match &self.sums {
            Some(sums) => sums.any_negative,
            None => self.matrix.count(|value| value < 0.0) > 0,
        };
        cells || self.factors.iter().any(|factor| *factor < 0.0)
    }

    /// Sum of the absolute values of each column.
    pub fn absolute_column_sums(&self) -> Vec<f64> {
        let mut sums = match &self.sums {
            Some(sums) if !sums.any_negative => sums.columns.clone(),
            _ => self.matrix.absolute_column_sums(),
        };
        sums.iter_mut().zip(&self.factors).for_each(|(sum, factor)| *sum *= factor.abs());
        sums
    }

    /// Product with a vector.
    ///
    /// # Panics
    /// If the vector does not have one entry per column.
    #[track_caller]
    pub fn times(&self, vector: &[f64]) -> Vec<f64> {
        assert_eq!(vector.len(), self.factors.len(), "one entry per column expected");
        let scaled: Vec<f64> = vector.iter().zip(&self.factors).map(|(v, f)| v * f).collect();
        self.matrix.times(&scaled)
    }

    /// The cells as a dense matrix (a copy).
    pub fn to_dense(&self) -> Dense {
        let mut dense = Dense::zeros(self.shape().0, self.shape().1);
        (0..self.shape().0).for_each(|row| self.row_into(row, dense.row_mut(row)));
        dense
    }

    /// The cells as a matrix of their own (a copy), in the same storage.
    pub fn to_matrix(&self) -> Matrix {
        self.matrix.scale_columns(&self.factors)
    }
}

/// A matrix as it is: every column counts once.
impl From<Matrix> for Scaled {
    fn from(matrix: Matrix) -> Self {
        let factors = vec![1.0; matrix.shape().1];
        Scaled::new(matrix, factors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaled_columns_are_those_of_a_scaled_copy() {
        let dense = Dense::from_rows(&[vec![0.0, 2.0, 0.0], vec![1.0, 0.0, -3.0]]);
        let factors = vec![2.0, 0.5, 10.0];
        for matrix in [Matrix::Dense(dense.clone()), Matrix::sparse(&dense)] {
            let scaled = Scaled::new(matrix.clone(), factors.clone());
            let copy = matrix.scale_columns(&factors).to_dense();
            assert_eq!(scaled.to_dense().values(), copy.values());
            assert_eq!(scaled.to_matrix().to_dense().values(), copy.values());
            assert_eq!(scaled.column_sums(), copy.column_sums());
            assert_eq!(scaled.column(2), [0.0, -30.0]);
            assert_eq!(scaled.times(&[1.0, 1.0, 1.0]), copy.row_sums());
            assert_eq!(scaled.get(1, 2), -30.0);
        }
    }
}
