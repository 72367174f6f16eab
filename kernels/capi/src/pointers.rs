//! The pointer lessons: out-parameters, structs, strings, callbacks, handles,
//! and memory that changes hands.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::mem::offset_of;
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::pointers::{PointerError, Reading, RunningStatistics};

use crate::convert::{self, Out};
use crate::live::Live;
use crate::status::{Failure, KERNELS_ERROR_CALLBACK, guard};

/// Exchanges `*a` and `*b`.
///
/// - `a`, `b`: one double each, yours, borrowed for the call; not null. They
///   may be the same one.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`.
///
/// # Safety
///
/// - `a` and `b` are null, or each points to a double that nobody else reads
///   or writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_swap(a: *mut f64, b: *mut f64) -> i32 {
    guard(|| {
        if ptr::eq(a, b) {
            // SAFETY: the caller promises a double or null.
            return unsafe { convert::reference(a, "a") }.map(|_| ());
        }
        convert::apart((a.cast_const(), 1, "a"), (b.cast_const(), 1, "b"))?;
        // SAFETY: the caller promises a double or null, and it is not `b`.
        let a = unsafe { convert::reference(a, "a") }?;
        // SAFETY: the caller promises a double or null, and it is not `a`.
        let b = unsafe { convert::reference(b, "b") }?;
        ::pointers::swap(Cell::from_mut(a), Cell::from_mut(b));
        Ok(())
    })
}

/// The sum of every `stride`-th of `n` doubles, starting with the first.
///
/// - `values`: `n` doubles, yours, borrowed for the call. May be null only when
///   `n` is 0.
/// - `out_sum`: room for one double, yours; not null.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_SIZE` for a negative `n` or `stride`,
/// `KERNELS_ERROR_PARAMETER` for a stride of 0.
///
/// # Safety
///
/// - `values` points to `n` doubles that nobody writes meanwhile.
/// - `out_sum` is null, or points to memory for one double that this call may
///   write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_sum_strided(
    values: *const f64,
    n: i64,
    stride: i64,
    out_sum: *mut f64,
) -> i32 {
    guard(|| {
        // SAFETY: the caller promises room for one double, or null.
        let out = unsafe { Out::new(out_sum, "out_sum") }?;
        // SAFETY: the caller promises `n` doubles.
        let values = unsafe { convert::slice(values, n, "values") }?;
        let stride = convert::count::<u8>(stride, "stride")?;
        out.write(::pointers::sum_strided(values, stride)?);
        Ok(())
    })
}

/// Quotient and remainder, rounded towards zero: two results through two
/// out-parameters.
///
/// - `out_quotient`, `out_remainder`: room for one number each, yours; not null,
///   and not the same.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_OVERLAP`, `KERNELS_ERROR_DIVISION_BY_ZERO`, and
/// `KERNELS_ERROR_OVERFLOW` for `INT64_MIN / -1`.
///
/// # Safety
///
/// - `out_quotient` and `out_remainder` are null, or each points to memory for
///   one number that this call may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_divide(
    dividend: i64,
    divisor: i64,
    out_quotient: *mut i64,
    out_remainder: *mut i64,
) -> i32 {
    guard(|| {
        let (place_q, place_r) = (out_quotient.cast_const(), out_remainder.cast_const());
        // SAFETY: the caller promises room for one number, or null.
        let out_quotient = unsafe { Out::new(out_quotient, "out_quotient") }?;
        // SAFETY: likewise.
        let out_remainder = unsafe { Out::new(out_remainder, "out_remainder") }?;
        convert::apart((place_q, 1, "out_quotient"), (place_r, 1, "out_remainder"))?;
        let (quotient, remainder) = ::pointers::divide(dividend, divisor)?;
        out_quotient.write(quotient);
        out_remainder.write(remainder);
        Ok(())
    })
}

/// Points `*out_largest` at the largest of `n` doubles, the first where several
/// are equal: a pointer to a pointer. A positive NaN counts as above infinity, a
/// negative NaN as below minus infinity (the total order of IEEE 754).
///
/// - `values`: `n` doubles, yours, borrowed; not null. The pointer that comes
///   back points into this array, and is good for as long as the array is.
/// - `out_largest`: room for one pointer, yours; not null. Never free what it
///   receives.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_SIZE` when `n` is 0 or negative.
///
/// # Safety
///
/// - `values` points to `n` doubles that nobody writes meanwhile.
/// - `out_largest` is null, or points to memory for one pointer that this call
///   may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_largest(
    values: *const f64,
    n: i64,
    out_largest: *mut *const f64,
) -> i32 {
    guard(|| {
        // SAFETY: the caller promises room for one pointer, or null.
        let out = unsafe { Out::new(out_largest, "out_largest") }?;
        // SAFETY: the caller promises `n` doubles.
        let values = unsafe { convert::slice(values, n, "values") }?;
        out.write(::pointers::largest(values)?);
        Ok(())
    })
}

/// One sensor's reading. The fields do not sit next to each other: a double
/// must start at a multiple of 8, so there are 7 bytes of padding after
/// `sensor`, and 4 after `samples` to make the size a multiple of 8.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C)]
pub struct KernelsReading {
    /// Number of the sensor.
    pub sensor: u8,
    /// Mean temperature, in degrees Celsius.
    pub celsius: f64,
    /// How many samples the mean is made of.
    pub samples: i32,
}

impl From<Reading> for KernelsReading {
    fn from(reading: Reading) -> Self {
        let Reading {
            sensor,
            celsius,
            samples,
        } = reading;
        Self {
            sensor,
            celsius,
            samples,
        }
    }
}

impl From<KernelsReading> for Reading {
    fn from(reading: KernelsReading) -> Self {
        let KernelsReading {
            sensor,
            celsius,
            samples,
        } = reading;
        Self {
            sensor,
            celsius,
            samples,
        }
    }
}

/// Where the fields of a `KernelsReading` are, in bytes, as this library was
/// compiled. Compare it with what your compiler or your binding says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct KernelsReadingLayout {
    /// `sizeof(KernelsReading)`.
    pub size: i64,
    /// `_Alignof(KernelsReading)`.
    pub alignment: i64,
    /// `offsetof(KernelsReading, sensor)`.
    pub sensor: i64,
    /// `offsetof(KernelsReading, celsius)`.
    pub celsius: i64,
    /// `offsetof(KernelsReading, samples)`.
    pub samples: i64,
}

/// Reports the layout of `KernelsReading`.
///
/// - `out_layout`: room for one struct, yours; not null.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`.
///
/// # Safety
///
/// - `out_layout` is null, or points to memory for one struct that this call
///   may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_reading_layout(out_layout: *mut KernelsReadingLayout) -> i32 {
    guard(|| {
        // SAFETY: the caller promises room for one struct, or null.
        let out = unsafe { Out::new(out_layout, "out_layout") }?;
        out.write(LAYOUT);
        Ok(())
    })
}

#[expect(clippy::cast_possible_wrap, reason = "a struct of 24 bytes")]
const LAYOUT: KernelsReadingLayout = KernelsReadingLayout {
    size: size_of::<KernelsReading>() as i64,
    alignment: align_of::<KernelsReading>() as i64,
    sensor: offset_of!(KernelsReading, sensor) as i64,
    celsius: offset_of!(KernelsReading, celsius) as i64,
    samples: offset_of!(KernelsReading, samples) as i64,
};

/// A struct by value: a copy of `reading`, `degrees` warmer.
///
/// - `out_reading`: room for one struct, yours; not null.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`.
///
/// # Safety
///
/// - `out_reading` is null, or points to memory for one struct that this call
///   may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_reading_warmed(
    reading: KernelsReading,
    degrees: f64,
    out_reading: *mut KernelsReading,
) -> i32 {
    guard(|| {
        // SAFETY: the caller promises room for one struct, or null.
        let out = unsafe { Out::new(out_reading, "out_reading") }?;
        out.write(Reading::from(reading).warmed(degrees).into());
        Ok(())
    })
}

/// A struct by pointer: takes one more sample into the mean of `*reading`.
///
/// - `reading`: one struct, yours, borrowed for the call; not null.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_PARAMETER` when `samples` is negative, and
/// `KERNELS_ERROR_OVERFLOW` when it is full; then nothing is changed.
///
/// # Safety
///
/// - `reading` is null, or points to a struct that nobody else reads or writes
///   meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_reading_record(reading: *mut KernelsReading, celsius: f64) -> i32 {
    guard(|| {
        // SAFETY: the caller promises a struct, or null.
        let place = unsafe { convert::reference(reading, "reading") }?;
        let mut reading = Reading::from(*place);
        reading.record(celsius)?;
        *place = reading.into();
        Ok(())
    })
}

/// The strings handed out, with their length and the final zero: C may shorten
/// a string in place, and it must still be freed whole.
static STRINGS: Live<usize> = Live::new("string");

/// A greeting for `name`: a string in, a new string out.
///
/// - `name`: UTF-8, 1 to 1000 bytes and a final zero byte, yours, borrowed for
///   the call; not null.
/// - `out_greeting`: room for one pointer, yours; not null. The string it
///   receives belongs to this library: give it back with
///   `kernels_string_free`, never with `free`.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_ENCODING`, `KERNELS_ERROR_PARAMETER` for a name that is empty
/// or too long.
///
/// # Safety
///
/// - `name` is null, or points to a string that ends in a zero byte.
/// - `out_greeting` is null, or points to memory for one pointer that this
///   call may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_greet(name: *const c_char, out_greeting: *mut *mut c_char) -> i32 {
    guard(|| {
        // SAFETY: the caller promises room for one pointer, or null.
        let out = unsafe { Out::new(out_greeting, "out_greeting") }?;
        // SAFETY: the caller promises a string, or null.
        let name = unsafe { convert::text(name, "name") }?;
        let mut greeting = ::pointers::greet(name)?.into_bytes();
        greeting.push(0);
        let length = greeting.len();
        let greeting = Box::into_raw(greeting.into_boxed_slice()).cast::<c_char>();
        STRINGS.insert(greeting.addr(), length);
        out.write(greeting);
        Ok(())
    })
}

/// Takes back a string that this library handed out. Null is allowed and does
/// nothing.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_HANDLE` for a string that is not
/// ours or was freed before; then nothing is freed.
///
/// # Safety
///
/// - Nobody uses `string` any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_string_free(string: *mut c_char) -> i32 {
    guard(|| {
        if !string.is_null() {
            let length = STRINGS.take(string.addr())?;
            let bytes = ptr::slice_from_raw_parts_mut(string.cast::<u8>(), length);
            // SAFETY: it was in the table, so it is a boxed slice of `length`
            // bytes that has not been taken back.
            drop(unsafe { Box::from_raw(bytes) });
        }
        Ok(())
    })
}

/// A function of one variable that the library calls back.
///
/// It gets `x` and the `user_data` of the call that it belongs to, writes f(x)
/// to `*out_y` and returns 0; any other number stops the work. It runs on the
/// thread of that call, during that call. No exception may leave it.
pub type KernelsFunction =
    Option<unsafe extern "C" fn(x: f64, user_data: *mut c_void, out_y: *mut f64) -> i32>;

/// The integral of `function` from `low` to `high` by the trapezoidal rule on
/// `intervals` equal intervals.
///
/// - `function`: called `intervals + 1` times, from `low` upwards; not null.
/// - `user_data`: passed on as it is; may be null.
/// - `intervals`: 1 to 4294967295; 0 is `KERNELS_ERROR_PARAMETER`, other numbers
///   are `KERNELS_ERROR_SIZE`.
/// - `out_integral`: room for one double, yours; not null.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_SIZE`, `KERNELS_ERROR_PARAMETER` for bounds that are not
/// finite, and `KERNELS_ERROR_CALLBACK` when the function returned something
/// other than 0.
///
/// # Safety
///
/// - `function` is null, or may be called with any double, `user_data`, and a
///   place for its result.
/// - `out_integral` is null, or points to memory for one double that this call
///   may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_integrate(
    function: KernelsFunction,
    user_data: *mut c_void,
    low: f64,
    high: f64,
    intervals: i64,
    out_integral: *mut f64,
) -> i32 {
    guard(|| {
        // SAFETY: the caller promises room for one double, or null.
        let out = unsafe { Out::new(out_integral, "out_integral") }?;
        let function = convert::callback(function, "function")?;
        let intervals = convert::count_u32(intervals, "intervals")?;
        let f = |x: f64| {
            let mut y = 0.0;
            // SAFETY: the caller promises that the function may be called so.
            match unsafe { function(x, user_data, &mut y) } {
                0 => Ok(y),
                code => Err(Failure::new(
                    KERNELS_ERROR_CALLBACK,
                    format!("the callback returned {code} at x = {x}: 0 means go on"),
                )),
            }
        };
        out.write(::pointers::integrate(f, low, high, intervals)?);
        Ok(())
    })
}

/// Mean and variance of numbers that arrive one by one: an opaque handle. Only
/// this library knows what is inside. A null handle is `KERNELS_ERROR_HANDLE`,
/// like every other pointer that is not one of its handles.
pub struct KernelsStatistics {
    running: Mutex<RunningStatistics>,
}

static STATISTICS: Live<Arc<KernelsStatistics>> = Live::new("statistics handle");

impl KernelsStatistics {
    /// What the handle stands for. It is kept alive for the length of a call,
    /// even if another thread frees the handle meanwhile.
    fn find(handle: *const Self) -> Result<Arc<Self>, Failure> {
        STATISTICS.get(handle.addr())
    }

    fn lock(&self) -> MutexGuard<'_, RunningStatistics> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes statistics of no numbers yet.
///
/// - `out_statistics`: room for one handle, yours; not null. Give the handle
///   back with `kernels_statistics_free`.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`.
///
/// # Safety
///
/// - `out_statistics` is null, or points to memory for one pointer that this
///   call may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_statistics_new(
    out_statistics: *mut *mut KernelsStatistics,
) -> i32 {
    guard(|| {
        // SAFETY: the caller promises room for one pointer, or null.
        let out = unsafe { Out::new(out_statistics, "out_statistics") }?;
        let running = Mutex::new(RunningStatistics::new());
        let statistics = Arc::new(KernelsStatistics { running });
        let handle = Arc::as_ptr(&statistics).cast_mut();
        STATISTICS.insert(handle.addr(), statistics);
        out.write(handle);
        Ok(())
    })
}

/// Takes in one number.
///
/// - Threads: several threads may use one handle at once.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_HANDLE` for a handle that is not
/// ours or was freed.
#[unsafe(no_mangle)]
pub extern "C" fn kernels_statistics_push(statistics: *mut KernelsStatistics, value: f64) -> i32 {
    guard(|| {
        KernelsStatistics::find(statistics)?.lock().push(value);
        Ok(())
    })
}

/// How many numbers, their mean, and their sample variance.
///
/// - `out_count`, `out_mean`, `out_variance`: room for one number each, yours;
///   not null, and no two the same.
/// - Threads: several threads may use one handle at once.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_OVERLAP`, `KERNELS_ERROR_HANDLE`, and
/// `KERNELS_ERROR_PARAMETER` for fewer than 2 numbers; then nothing is written.
///
/// # Safety
///
/// - `out_count`, `out_mean` and `out_variance` are null, or each points to
///   memory for one number that this call may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_statistics_get(
    statistics: *mut KernelsStatistics,
    out_count: *mut u64,
    out_mean: *mut f64,
    out_variance: *mut f64,
) -> i32 {
    guard(|| {
        let (place_m, place_v) = (out_mean.cast_const(), out_variance.cast_const());
        convert::apart((place_m, 1, "out_mean"), (place_v, 1, "out_variance"))?;
        convert::apart((out_count.cast(), 1, "out_count"), (place_m, 1, "out_mean"))?;
        convert::apart(
            (out_count.cast(), 1, "out_count"),
            (place_v, 1, "out_variance"),
        )?;
        // SAFETY: the caller promises room for one number, or null.
        let out_count = unsafe { Out::new(out_count, "out_count") }?;
        // SAFETY: likewise.
        let out_mean = unsafe { Out::new(out_mean, "out_mean") }?;
        // SAFETY: likewise.
        let out_variance = unsafe { Out::new(out_variance, "out_variance") }?;
        let statistics = KernelsStatistics::find(statistics)?;
        let running = statistics.lock();
        let (mean, variance) = (running.mean()?, running.variance()?);
        out_count.write(running.count());
        out_mean.write(mean);
        out_variance.write(variance);
        Ok(())
    })
}

/// Gives a handle back. Null is allowed and does nothing.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_HANDLE` for a handle that is not
/// ours or was freed before.
#[unsafe(no_mangle)]
pub extern "C" fn kernels_statistics_free(statistics: *mut KernelsStatistics) -> i32 {
    guard(|| {
        if !statistics.is_null() {
            STATISTICS.take(statistics.addr())?;
        }
        Ok(())
    })
}

static BUFFERS: Live<usize> = Live::new("buffer");

/// Hands out a buffer of `n` doubles, all of them `value`.
///
/// - `out_buffer`: room for one pointer, yours; not null. The memory belongs
///   to this library, and is yours to read and write until you give it back
///   with `kernels_buffer_free`; never use `free`.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_SIZE` when `n` is negative or 0, and `KERNELS_ERROR_MEMORY`.
///
/// # Safety
///
/// - `out_buffer` is null, or points to memory for one pointer that this call
///   may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_buffer_new(n: i64, value: f64, out_buffer: *mut *mut f64) -> i32 {
    guard(|| {
        // SAFETY: the caller promises room for one pointer, or null.
        let out = unsafe { Out::new(out_buffer, "out_buffer") }?;
        let n = convert::count::<f64>(n, "n")?;
        if n == 0 {
            // An empty buffer has no address of its own to give back.
            return Err(PointerError::Empty.into());
        }
        let buffer = Box::into_raw(::pointers::filled(n, value)?).cast::<f64>();
        BUFFERS.insert(buffer.addr(), n);
        out.write(buffer);
        Ok(())
    })
}

/// Takes back a buffer that this library handed out. Null is allowed and does
/// nothing.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_HANDLE` for a buffer that is not
/// ours or was freed before; then nothing is freed.
///
/// # Safety
///
/// - Nobody uses `buffer` any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_buffer_free(buffer: *mut f64) -> i32 {
    guard(|| {
        if !buffer.is_null() {
            let n = BUFFERS.take(buffer.addr())?;
            // SAFETY: it was in the table, so it is a boxed slice of `n`
            // doubles that has not been taken back.
            drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(buffer, n)) });
        }
        Ok(())
    })
}
