//! Estimation from panels: least squares with fixed and random effects, instruments, spatial models, their tests.

pub mod autocorrelation;
