//! The classic pointer program in Rust: with references, and with raw pointers.

/// One Fibonacci step. The types promise two live numbers.
fn step(a: &mut i32, b: &mut i32) {
    (*a, *b) = (*b, *a + *b);
}

/// The same step through raw pointers. The types promise nothing.
///
/// # Safety
///
/// - `a` and `b` point to two different numbers.
/// - Nobody else uses these numbers during the call.
unsafe fn step_raw(a: *mut i32, b: *mut i32) {
    // SAFETY: the caller promises two different numbers, ours for the call.
    unsafe { step(&mut *a, &mut *b) }
}

fn main() {
    let (mut a, mut b) = (5, 8);

    // First way: lend the variables for the call.
    step(&mut a, &mut b);
    println!("first way:  a = {a} at {:p}, b = {b} at {:p}", &a, &b);

    // Second way: make pointer variables first. That part is safe.
    let (pa, pb) = (&raw mut a, &raw mut b);
    // SAFETY: a and b are two variables that live until the end of main.
    unsafe { step_raw(pa, pb) };
    println!("second way: a = {a} at {pa:p}, b = {b} at {pb:p}");

    println!("pa takes {} bytes, at {:p}", size_of_val(&pa), &pa);
}
