//! A `memcpy` for this library alone, quick where the C library's has to wait.
//!
//! PyO3 copies the pointers to a call's arguments with `memcpy`: 16 bytes for two
//! arguments, written by the interpreter a moment before, in two stores of 8 bytes.
//! glibc reads such 16 bytes with one vector load. A processor can hand a load what
//! is still on its way to the cache when one store has all of it; when two stores
//! have a half each, the load waits for both (see *store-to-load forwarding* in
//! AMD's and Intel's optimisation manuals). Two loads of 8 bytes do not wait.
//! `make compare-builds` measures the difference, as the build `libc-copy`.
//!
//! The name stays inside this library (`.hidden`): nobody else's `memcpy` changes.
//! Written in assembly because a Rust function cannot be hidden so, and because the
//! compiler may turn a `memcpy` in Rust into a call of `memcpy`.

use std::arch::global_asm;

// `rdi` is the target, `rsi` the source, `rdx` the length; `rax`, `rcx`, `rdx` and
// `rsi` may be changed; the target is returned in `rax` (System V ABI).
//
// SAFETY: from 8 to 16 bytes are read as the first 8 and the last 8, which may
// overlap, and written likewise: all inside of what the caller gave. Any other
// length is `memmove`'s, which promises all that `memcpy` does and takes the same
// arguments. The stack stays as it was.
global_asm!(
    ".pushsection .text.memcpy, \"ax\", @progbits",
    ".p2align 4",
    ".globl memcpy",
    ".hidden memcpy",
    ".type memcpy, @function",
    "memcpy:",
    ".cfi_startproc",
    "lea rax, [rdx - 8]", // where the last 8 bytes begin
    "cmp rax, 8",
    "ja 2f", // fewer than 8 (this wraps around) or more than 16
    "mov rcx, [rsi]",
    "mov rsi, [rsi + rax]",
    "mov [rdi], rcx",
    "mov [rdi + rax], rsi",
    "mov rax, rdi",
    "ret",
    "2: jmp [rip + memmove@GOTPCREL]",
    ".cfi_endproc",
    ".size memcpy, . - memcpy",
    ".popsection",
);
