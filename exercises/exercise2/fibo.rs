//! One Fibonacci step for C. This file is complete; there is nothing to edit.

/// `(*a, *b)` becomes `(*b, *a + *b)`. When the sum does not fit, nothing changes.
///
/// # Safety
///
/// - `a` and `b` are null, or each points to an int that nobody else uses meanwhile,
///   and they are not the same one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fibo(a: *mut i32, b: *mut i32) {
    if a.is_null() || b.is_null() {
        return;
    }
    // SAFETY: not null, and the caller promises that it is an int that we may use.
    let first = unsafe { &mut *a };
    // SAFETY: the same, and it is not the first one.
    let second = unsafe { &mut *b };
    if let Some(sum) = first.checked_add(*second) {
        *first = *second;
        *second = sum;
    }
}
