//! The kernel: it knows neither C nor Python, and needs no unsafe code.
#![forbid(unsafe_code)]

/// One step of the heat equation on nx rows of ny columns, row by row in memory:
///
/// ```text
/// for every interior cell (i, j), with p = u_previous:
///     u[i,j] = p[i,j] + a*dt * ( (p[i+1,j] - 2 p[i,j] + p[i-1,j]) / dx2
///                              + (p[i,j+1] - 2 p[i,j] + p[i,j-1]) / dy2 )
/// u_previous = u                     (all cells, the boundary of u included)
/// ```
///
/// Both slices have nx * ny numbers.
pub fn evolve(
    u: &mut [f64],
    u_previous: &mut [f64],
    nx: usize,
    ny: usize,
    a: f64,
    dt: f64,
    dx2: f64,
    dy2: f64,
) {
    // The same formula with its terms sorted by cell. Now the divisions do not depend on the
    // cell, so they stand before the loop. The compiler may not do that: it changes the last
    // bits of the result.
    let (cx, cy) = (a * dt / dx2, a * dt / dy2);
    let centre = 1.0 - 2.0 * cx - 2.0 * cy;
    // `nx - 1` would be below zero on an empty grid, and a usize has no such numbers.
    for i in 1..nx.saturating_sub(1) {
        // Four slices of one length: the compiler then sees that no index leaves them, leaves
        // the checks out, and computes several cells with one instruction. Rows are ny apart.
        let above = &u_previous[(i - 1) * ny..][..ny];
        let here = &u_previous[i * ny..][..ny];
        let below = &u_previous[(i + 1) * ny..][..ny];
        let new = &mut u[i * ny..][..ny];
        for j in 1..ny.saturating_sub(1) {
            new[j] =
                centre * here[j] + cx * (above[j] + below[j]) + cy * (here[j - 1] + here[j + 1]);
        }
    }
    u_previous.copy_from_slice(u);
}
