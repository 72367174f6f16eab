use thiserror::Error;

/// What a caller of the stepping functions can get wrong.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum HeatError {
    /// The two grids have different shapes.
    #[error(
        "u is {} x {} and u_previous is {} x {}: the shapes must be equal",
        u.0, u.1, u_previous.0, u_previous.1
    )]
    Shape {
        /// Rows and columns of `u`.
        u: (usize, usize),
        /// Rows and columns of `u_previous`.
        u_previous: (usize, usize),
    },
    /// A grid is not stored row by row without gaps.
    #[error("{name} is not stored row by row without gaps (C order)")]
    Layout {
        /// Which grid.
        name: &'static str,
    },
    /// A physical parameter is not a number the equation allows.
    #[error("{name} = {value} must be {limit}")]
    Parameter {
        /// Which parameter.
        name: &'static str,
        /// The value given.
        value: f64,
        /// What it must be.
        limit: &'static str,
    },
    /// The time step is too long for the explicit scheme.
    #[error("dt = {dt} is beyond the stability limit dx2*dy2 / (2*a*(dx2 + dy2)) = {limit}")]
    Unstable {
        /// The time step given.
        dt: f64,
        /// The longest stable time step for the same `a`, `dx2`, `dy2`.
        limit: f64,
    },
}

/// What can be wrong with a text file that should hold a field.
///
/// Lines and columns count from 1; columns count characters.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FieldError {
    /// The first line is not `# nx ny`.
    #[error("line 1, column {column}: expected the header \"# nx ny\", found {found:?}")]
    Header {
        /// Where the header stops making sense.
        column: usize,
        /// The text found there.
        found: String,
    },
    /// The header asks for a field that cannot be made.
    #[error("line 1, column 3: {0}")]
    Size(#[from] FieldSizeError),
    /// A value is not a number.
    #[error("line {line}, column {column}: {found:?} is not a number")]
    Number {
        /// The line of the value.
        line: usize,
        /// The column where the value starts.
        column: usize,
        /// The text found there.
        found: String,
    },
    /// A row has too few or too many values.
    #[error("line {line}, column {column}: the row has {found} values, the header says {expected}")]
    RowLength {
        /// The line of the row.
        line: usize,
        /// The column of the first value too many, or just past the last value.
        column: usize,
        /// Values in this row.
        found: usize,
        /// Values the header promises.
        expected: usize,
    },
    /// The file has too few or too many rows.
    #[error("line {line}, column 1: the file has {found} rows, the header says {expected}")]
    RowCount {
        /// The first line too many, or the line after the last.
        line: usize,
        /// Rows in the file.
        found: usize,
        /// Rows the header promises.
        expected: usize,
    },
}

/// Why a field of some size cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FieldSizeError {
    /// It has more cells than any machine holds, or a side that long.
    #[error("a field of {nx} x {ny} is larger than the limit of 2^40 cells")]
    Limit {
        /// Rows asked for.
        nx: usize,
        /// Columns asked for.
        ny: usize,
    },
    /// This machine has not that much memory.
    #[error("there is no memory for a field of {nx} x {ny} cells")]
    Memory {
        /// Rows asked for.
        nx: usize,
        /// Columns asked for.
        ny: usize,
    },
}
