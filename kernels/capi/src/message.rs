//! The message of the last error, and what the library says of itself.

use std::ffi::{CStr, c_char};

use crate::convert;
use crate::status::{clear_last_error, guard, with_last_error};

/// Copies the message of this thread's last failed call into `buffer`.
///
/// Returns the length of the message in bytes, without the final zero; 0 when
/// no call of this thread has failed since the start or the last
/// `kernels_clear_error`. A call that succeeds does not clear it. At most
/// `capacity` bytes are written, the final zero included; a message that does not
/// fit is cut between two characters.
///
/// - `buffer`: room for `capacity` bytes, yours. May be null: ask for the length
///   first, then bring a buffer. A `capacity` of 0 or less writes nothing.
/// - Threads: each thread has its own message.
///
/// # Safety
///
/// - `buffer` is null, or points to `capacity` bytes that this call may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_last_error(buffer: *mut c_char, capacity: i64) -> i64 {
    with_last_error(|message| {
        // SAFETY: the caller promises room for `capacity` bytes.
        unsafe { convert::copy_text(message, buffer, capacity) };
        i64::try_from(message.len()).unwrap_or(i64::MAX)
    })
}

/// Forgets this thread's last message. Use it before calling one of the
/// classic functions, which have no status to return.
#[unsafe(no_mangle)]
pub extern "C" fn kernels_clear_error() {
    clear_last_error();
}

/// The version of this library, for example `"0.1.0"`. The string is static:
/// never free it.
#[unsafe(no_mangle)]
pub extern "C" fn kernels_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => panic!("a version has no zero byte inside"),
        };
    VERSION.as_ptr()
}

/// Panics inside, on purpose, and returns `KERNELS_ERROR_PANIC`: for the lesson
/// on what a panic looks like from the other side, and to prove that it does not
/// get out. Rust also prints it to the standard error.
///
/// - `message`: UTF-8 ending in a zero byte, borrowed for the call; must not be
///   null.
///
/// # Safety
///
/// - `message` is null, or points to a string that ends in a zero byte.
#[expect(
    clippy::missing_panics_doc,
    reason = "the panic does not leave the function"
)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_panic(message: *const c_char) -> i32 {
    guard(|| {
        // SAFETY: the caller promises a string, or null.
        let text = unsafe { convert::text(message, "message") }?;
        panic!("{text}");
    })
}
