//! Vectors of cells, for loops that are written vector by vector.

use std::ops::{Add, Mul};

use pulp::bytemuck::{self, Pod};
use pulp::{Arch, Scalar128b, Simd, WithSimd};

/// What the loops use of `pulp`, under the same names for `f32` and for `f64`.
pub trait Lanes: Pod + Add<Output = Self> + Mul<Output = Self> {
    /// As many cells as the vectors of `S` have room for.
    type Vector<S: Simd>: Pod;
    /// A choice of lanes.
    type Mask<S: Simd>: Copy;

    /// `value` in each lane.
    fn splat<S: Simd>(simd: S, value: Self) -> Self::Vector<S>;
    /// The sums, lane by lane.
    fn sum<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    /// The products, lane by lane.
    fn product<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    /// Each lane moved up by one, and the last one to the first place.
    fn rotate<S: Simd>(simd: S, vector: Self::Vector<S>) -> Self::Vector<S>;
    /// The first lane and no other.
    fn first_lane<S: Simd>(simd: S) -> Self::Mask<S>;
    /// The chosen lanes of `chosen`, the other lanes of `others`.
    fn select<S: Simd>(
        simd: S,
        mask: Self::Mask<S>,
        chosen: Self::Vector<S>,
        others: Self::Vector<S>,
    ) -> Self::Vector<S>;
}

macro_rules! lanes {
    ($cell:ty, $vector:ident, $mask:ident, $splat:ident, $add:ident, $mul:ident, $rotate:ident,
     $between:ident, $select:ident) => {
        impl Lanes for $cell {
            type Vector<S: Simd> = S::$vector;
            type Mask<S: Simd> = S::$mask;

            #[inline(always)]
            fn splat<S: Simd>(simd: S, value: Self) -> S::$vector {
                simd.$splat(value)
            }

            #[inline(always)]
            fn sum<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
                simd.$add(a, b)
            }

            #[inline(always)]
            fn product<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
                simd.$mul(a, b)
            }

            #[inline(always)]
            fn rotate<S: Simd>(simd: S, vector: S::$vector) -> S::$vector {
                simd.$rotate(vector, 1)
            }

            #[inline(always)]
            fn first_lane<S: Simd>(simd: S) -> S::$mask {
                simd.$between(0, 1).mask()
            }

            #[inline(always)]
            fn select<S: Simd>(
                simd: S,
                mask: S::$mask,
                chosen: S::$vector,
                others: S::$vector,
            ) -> S::$vector {
                simd.$select(mask, chosen, others)
            }
        }
    };
}

lanes!(
    f64,
    f64s,
    m64s,
    splat_f64s,
    add_f64s,
    mul_f64s,
    rotate_right_f64s,
    mask_between_m64s,
    select_f64s
);
lanes!(
    f32,
    f32s,
    m32s,
    splat_f32s,
    add_f32s,
    mul_f32s,
    rotate_right_f32s,
    mask_between_m32s,
    select_f32s
);

/// How many cells a vector of `S` holds.
#[inline(always)]
pub(crate) const fn lanes<E: Lanes, S: Simd>() -> usize {
    size_of::<E::Vector<S>>() / size_of::<E>()
}

/// The vector of the cells from `start` on. Its address need not be a multiple of
/// its size.
#[inline(always)]
pub(crate) fn load<E: Lanes, S: Simd>(cells: &[E], start: usize) -> E::Vector<S> {
    bytemuck::pod_read_unaligned(bytemuck::cast_slice(&cells[start..start + lanes::<E, S>()]))
}

/// Puts `vector` into the cells from `start` on.
#[inline(always)]
pub(crate) fn store<E: Lanes, S: Simd>(cells: &mut [E], start: usize, vector: E::Vector<S>) {
    let place = &mut cells[start..start + lanes::<E, S>()];
    bytemuck::cast_slice_mut(place).copy_from_slice(bytemuck::bytes_of(&vector));
}

/// Does `work` with the vectors of `arch`, and where it has none with what the
/// compiler makes of two cells at a time.
#[inline]
pub(crate) fn with_vectors<W: WithSimd>(arch: Arch, work: W) -> W::Output {
    match arch {
        Arch::Scalar => Simd::vectorize(Scalar128b, work),
        arch => arch.dispatch(work),
    }
}
