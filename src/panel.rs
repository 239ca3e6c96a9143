//! Panels: observations of units over periods, by variable.
