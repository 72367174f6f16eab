//! From what C passes to what a kernel takes, or to the status that says why
//! not.

use std::ffi::{CStr, c_char};
use std::{ptr, slice};

use ndarray::ArrayViewMut2;

use crate::status::{
    Failure, KERNELS_ERROR_ALIGNMENT, KERNELS_ERROR_ENCODING, KERNELS_ERROR_NULL,
    KERNELS_ERROR_OVERLAP, KERNELS_ERROR_SIZE,
};

/// A count that C passed as `int64_t`, as a number of `T`s that can exist.
pub(crate) fn count<T>(n: i64, name: &str) -> Result<usize, Failure> {
    let largest = isize::MAX.unsigned_abs() / size_of::<T>().max(1);
    match usize::try_from(n) {
        Ok(n) if n <= largest => Ok(n),
        Ok(_) => Err(Failure::new(
            KERNELS_ERROR_SIZE,
            format!("{name} = {n} is too large: the limit is {largest}"),
        )),
        Err(_) => Err(Failure::new(
            KERNELS_ERROR_SIZE,
            format!("{name} = {n} is negative: it must be 0 or more"),
        )),
    }
}

/// The number of cells of an `nx` x `ny` grid of `f64`.
pub(crate) fn cells(nx: i64, ny: i64) -> Result<(usize, usize, i64), Failure> {
    let (rows, columns) = (count::<f64>(nx, "nx")?, count::<f64>(ny, "ny")?);
    // At most 2^63 / 8 cells: then the size in bytes fits too.
    match nx.checked_mul(ny) {
        Some(cells) if count::<f64>(cells, "nx * ny").is_ok() => Ok((rows, columns, cells)),
        _ => Err(Failure::new(
            KERNELS_ERROR_SIZE,
            format!("a grid of {nx} x {ny} is too large: no memory holds so many cells"),
        )),
    }
}

/// Refuses a pointer that is null, or not aligned for a `T`.
pub(crate) fn check<T>(data: *const T, name: &str) -> Result<(), Failure> {
    if data.is_null() {
        return Err(Failure::new(
            KERNELS_ERROR_NULL,
            format!("{name} is null: it must point to memory"),
        ));
    }
    if !data.is_aligned() {
        let (address, align) = (data.addr(), align_of::<T>());
        return Err(Failure::new(
            KERNELS_ERROR_ALIGNMENT,
            format!("{name} = {address:#x} is not aligned: it must be a multiple of {align}"),
        ));
    }
    Ok(())
}

/// `n` values to read. A null pointer is allowed where `n` is 0.
///
/// # Safety
///
/// - `data` points to `n` initialised values that nobody writes during `'a`.
pub(crate) unsafe fn slice<'a, T>(data: *const T, n: i64, name: &str) -> Result<&'a [T], Failure> {
    let n = count::<T>(n, "n")?;
    if n == 0 {
        return Ok(&[]);
    }
    check(data, name)?;
    // SAFETY: not null and aligned, checked above; `n` values that stay as
    // they are, promised by the caller.
    Ok(unsafe { slice::from_raw_parts(data, n) })
}

/// `n` values to write. A null pointer is allowed where `n` is 0.
///
/// # Safety
///
/// - `data` points to `n` initialised values that nobody else reads or writes
///   during `'a`.
pub(crate) unsafe fn slice_mut<'a, T>(
    data: *mut T,
    n: i64,
    name: &str,
) -> Result<&'a mut [T], Failure> {
    let n = count::<T>(n, "n")?;
    if n == 0 {
        return Ok(&mut []);
    }
    check(data, name)?;
    // SAFETY: not null and aligned, checked above; `n` values that are this
    // call's alone, promised by the caller.
    Ok(unsafe { slice::from_raw_parts_mut(data, n) })
}

/// One value to read and write.
///
/// # Safety
///
/// - `data` is null, or points to an initialised value that nobody else reads
///   or writes during `'a`.
pub(crate) unsafe fn reference<'a, T>(data: *mut T, name: &str) -> Result<&'a mut T, Failure> {
    check(data, name)?;
    // SAFETY: not null and aligned, checked above; a value that is this call's
    // alone, promised by the caller.
    Ok(unsafe { &mut *data })
}

/// A place for one result. Nothing is written until [`Out::write`].
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// # Safety
    ///
    /// - `place` is null, or points to memory for one `T` that may be written
    ///   until this value is gone.
    pub(crate) unsafe fn new(place: *mut T, name: &str) -> Result<Self, Failure> {
        check(place, name)?;
        Ok(Self(place))
    }

    pub(crate) fn write(self, value: T) {
        // SAFETY: not null and aligned, checked in `new`; writable, promised
        // there.
        unsafe { self.0.write(value) }
    }
}

/// Whether two ranges of `n` and `m` values share a byte.
pub(crate) fn overlap<T>(a: *const T, n: usize, b: *const T, m: usize) -> bool {
    let (a, b) = (a.addr(), b.addr());
    let (n, m) = (n * size_of::<T>(), m * size_of::<T>());
    n > 0 && m > 0 && a < b.saturating_add(m) && b < a.saturating_add(n)
}

/// Refuses two ranges that share a byte. Null or misaligned memory is refused
/// first: two null pointers are not an overlap.
pub(crate) fn apart<T>(
    (a, n, a_name): (*const T, i64, &str),
    (b, m, b_name): (*const T, i64, &str),
) -> Result<(), Failure> {
    let (n, m) = (count::<T>(n, "n")?, count::<T>(m, "n")?);
    if n > 0 {
        check(a, a_name)?;
    }
    if m > 0 {
        check(b, b_name)?;
    }
    if overlap(a, n, b, m) {
        return Err(Failure::new(
            KERNELS_ERROR_OVERLAP,
            format!("{a_name} and {b_name} overlap: they must be separate memory"),
        ));
    }
    Ok(())
}

/// A string that ends in a zero byte, as UTF-8.
///
/// # Safety
///
/// - `text` is null, or points to a string with a final zero byte that nobody
///   changes during `'a`.
pub(crate) unsafe fn text<'a>(text: *const c_char, name: &str) -> Result<&'a str, Failure> {
    check(text, name)?;
    // SAFETY: not null, checked above; a string with a final zero, promised by
    // the caller.
    let bytes = unsafe { CStr::from_ptr(text) };
    bytes.to_str().map_err(|error| {
        Failure::new(
            KERNELS_ERROR_ENCODING,
            format!("{name} is not UTF-8: byte {} is wrong", error.valid_up_to()),
        )
    })
}

/// Copies as much of `text` as fits into `buffer`, and a final zero.
///
/// # Safety
///
/// - `buffer` is null, or points to `capacity` bytes that may be written.
pub(crate) unsafe fn copy_text(text: &str, buffer: *mut c_char, capacity: i64) {
    let Some(room) = usize::try_from(capacity)
        .ok()
        .and_then(|c| c.checked_sub(1))
    else {
        return; // no room even for the final zero
    };
    if buffer.is_null() {
        return;
    }
    let part = &text[..text.floor_char_boundary(room)];
    // SAFETY: `part` has at most `capacity - 1` bytes, and `text` is the
    // library's own and so not inside the caller's buffer.
    unsafe { ptr::copy_nonoverlapping(part.as_ptr().cast(), buffer, part.len()) };
    // SAFETY: `part.len()` is at most `capacity - 1`.
    let end = unsafe { buffer.add(part.len()) };
    // SAFETY: `end` is still within the `capacity` bytes.
    unsafe { end.write(0) };
}

/// The two grids of a heat step, row by row, as views that know their shape.
///
/// # Safety
///
/// - `u` and `u_previous` each point to `nx * ny` initialised values that
///   nobody else reads or writes during `'a`.
pub(crate) unsafe fn grids<'a>(
    u: *mut f64,
    u_previous: *mut f64,
    nx: i64,
    ny: i64,
) -> Result<(ArrayViewMut2<'a, f64>, ArrayViewMut2<'a, f64>), Failure> {
    let (rows, columns, cells) = cells(nx, ny)?;
    apart((u, cells, "u"), (u_previous, cells, "u_previous"))?;
    // SAFETY: the caller promises `nx * ny` values; they do not overlap
    // `u_previous`, checked above.
    let u = unsafe { slice_mut(u, cells, "u") }?;
    // SAFETY: likewise.
    let u_previous = unsafe { slice_mut(u_previous, cells, "u_previous") }?;
    let view = |cells: &'a mut [f64]| {
        ArrayViewMut2::from_shape((rows, columns), cells)
            .map_err(|error| Failure::new(KERNELS_ERROR_SIZE, error.to_string()))
    };
    Ok((view(u)?, view(u_previous)?))
}

/// Writes all `values` to the caller's memory, which may be uninitialised.
///
/// # Safety
///
/// - `place` is null, or points to memory for `values.len()` values that may
///   be written and holds none of `values`.
pub(crate) unsafe fn copy_out<T: Copy>(
    values: &[T],
    place: *mut T,
    name: &str,
) -> Result<(), Failure> {
    if values.is_empty() {
        return Ok(());
    }
    check(place, name)?;
    // SAFETY: not null and aligned, checked above; room for all, promised by
    // the caller.
    unsafe { ptr::copy_nonoverlapping(values.as_ptr(), place, values.len()) };
    Ok(())
}

/// A count that C passed as `int64_t` and the kernel takes as `u32`.
pub(crate) fn count_u32(n: i64, name: &str) -> Result<u32, Failure> {
    u32::try_from(n).map_err(|_| {
        Failure::new(
            KERNELS_ERROR_SIZE,
            format!("{name} = {n} must be 1 to {}", u32::MAX),
        )
    })
}

/// A function pointer that must not be null.
pub(crate) fn callback<F>(function: Option<F>, name: &str) -> Result<F, Failure> {
    function.ok_or_else(|| {
        Failure::new(
            KERNELS_ERROR_NULL,
            format!("{name} is null: it must point to a function"),
        )
    })
}
