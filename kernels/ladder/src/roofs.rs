//! What no kernel on this machine goes beyond: loops that do nothing but move
//! memory, or nothing but compute, with the widest vectors there are.
//!
//! The names of the memory loops and the way to count their bytes are those of
//! J. McCalpin's STREAM benchmark: the bytes that the loop reads and writes by
//! name. What a processor moves besides, such as a line of the cache that it
//! reads because it is about to be written, is in the time and not in the count.

use std::hint::black_box;

use pulp::{Arch, Simd, WithSimd};

/// A loop that moves memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// `b = 3 a`: one stream is read and one written, as in a sweep.
    Scale,
    /// `c = a + 3 b`: two are read and one written.
    Triad,
    /// The sum of `a`: one is read, none written.
    Sum,
}

/// Three arrays of one length.
pub struct Arrays<'a> {
    /// Read.
    pub a: &'a mut [f64],
    /// Written by `Scale`, read by `Triad`.
    pub b: &'a mut [f64],
    /// Written by `Triad`.
    pub c: &'a mut [f64],
}

/// Runs a memory loop `repeats` times on `threads` threads, each with its own
/// part of the arrays. Returns the sum of the last repeat, or 0.
#[must_use]
pub fn stream(kind: Stream, arrays: Arrays<'_>, threads: usize, repeats: u64) -> f64 {
    let Arrays { a, b, c } = arrays;
    let part = a.len().div_ceil(threads.max(1)).max(1);
    let parts = a
        .chunks_mut(part)
        .zip(b.chunks_mut(part))
        .zip(c.chunks_mut(part))
        .map(|((a, b), c)| Arrays { a, b, c });
    on_threads(parts, |arrays| {
        Arch::new().dispatch(Pass {
            kind,
            arrays,
            repeats,
        })
    })
}

struct Pass<'a> {
    kind: Stream,
    arrays: Arrays<'a>,
    repeats: u64,
}

/// Sums that a pass keeps apart, each a vector: more than the additions that a
/// processor has under way at a time.
const SUMS: usize = 8;

impl WithSimd for Pass<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let Self {
            kind,
            arrays: Arrays { a, b, c },
            repeats,
        } = self;
        let mut sum = 0.0;
        for _ in 0..repeats {
            match kind {
                Stream::Scale => {
                    for (b, a) in b.iter_mut().zip(&*a) {
                        *b = 3.0 * a;
                    }
                }
                Stream::Triad => {
                    for ((c, a), b) in c.iter_mut().zip(&*a).zip(&*b) {
                        *c = a + 3.0 * b;
                    }
                }
                Stream::Sum => {
                    let (vectors, rest) = S::as_simd_f64s(a);
                    let (chunks, vectors) = vectors.as_chunks::<SUMS>();
                    let mut sums = [simd.splat_f64s(0.0); SUMS];
                    for chunk in chunks {
                        for (sum, a) in sums.iter_mut().zip(chunk) {
                            *sum = simd.add_f64s(*sum, *a);
                        }
                    }
                    let vectors = sums.iter().chain(vectors);
                    let sums = vectors.map(|vector| simd.reduce_sum_f64s(*vector));
                    sum = sums.chain(rest.iter().copied()).sum();
                }
            }
            // The optimiser must not see that all repeats do the same.
            black_box((&mut *a, &mut *b, &mut *c));
            black_box(sum);
        }
        sum
    }
}

/// How a multiplication and an addition are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// One instruction with one rounding. The kernel may not use it: the
    /// published loop rounds twice.
    Fused,
    /// Two instructions, as in the kernel.
    Separate,
}

/// Chains of operations that do not wait for each other.
const CHAINS: usize = 12;

/// Runs `rounds` rounds of independent chains `x = x * 0.5 + 1` on each thread.
/// Returns the number of operations on all threads together: a multiplication
/// and an addition for each lane of each chain and round.
#[must_use]
pub fn compute(arithmetic: Arithmetic, threads: usize, rounds: u64) -> f64 {
    on_threads(0..threads.max(1), |_| {
        Arch::new().dispatch(Chains { arithmetic, rounds })
    })
}

struct Chains {
    arithmetic: Arithmetic,
    rounds: u64,
}

impl WithSimd for Chains {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let (half, one) = (simd.splat_f64s(0.5), simd.splat_f64s(1.0));
        let mut x = [simd.splat_f64s(black_box(1.5)); CHAINS];
        match self.arithmetic {
            Arithmetic::Fused => {
                for _ in 0..self.rounds {
                    for x in &mut x {
                        *x = simd.mul_add_f64s(*x, half, one);
                    }
                }
            }
            Arithmetic::Separate => {
                for _ in 0..self.rounds {
                    for x in &mut x {
                        *x = simd.add_f64s(simd.mul_f64s(*x, half), one);
                    }
                }
            }
        }
        black_box(x);
        #[expect(
            clippy::cast_precision_loss,
            reason = "no one waits for 2^53 operations"
        )]
        let operations = (self.rounds * (2 * CHAINS * S::F64_LANES) as u64) as f64;
        operations
    }
}

/// Runs `work` on each part, on a thread of its own; the calling thread takes
/// the first. Returns the sum of the answers.
fn on_threads<T: Send>(parts: impl Iterator<Item = T>, work: impl Fn(T) -> f64 + Sync) -> f64 {
    let work = &work;
    let mut parts = parts;
    let Some(mine) = parts.next() else {
        return 0.0;
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        let mine = work(mine);
        others.into_iter().fold(mine, |sum, other| {
            sum + other.join().expect("no work here panics")
        })
    })
}
