//! Rust files: `extern "C"` blocks and structs.

mod common;

use common::{checked, differences, notes, only};
use declarations::{Kind, Report};

fn rust(text: &str) -> Report {
    checked("mine.rs", text)
}

#[track_caller]
fn is_wrong(text: &str, kind: Kind, place: (usize, usize), words: &[&str]) {
    let report = rust(text);
    let finding = only(&report);
    assert_eq!(finding.kind, kind, "{report}");
    assert_eq!(
        (finding.place.line, finding.place.column),
        place,
        "{report}"
    );
    for word in words {
        assert!(
            finding.explanation.contains(word),
            "{word:?} is not in {report}"
        );
    }
}

#[track_caller]
fn is_right(text: &str, functions: usize, structs: usize) {
    let report = rust(text);
    assert!(report.findings.is_empty(), "{report}");
    assert_eq!((report.functions, report.structs), (functions, structs));
}

#[test]
fn an_extern_block_in_every_form() {
    is_right(
        "use std::ffi::{c_char, c_int, c_void, c_double as real};
         type Number = f64;
         type Function = Option<unsafe extern \"C\" fn(f64, *mut c_void, *mut f64) -> i32>;
         #[link(name = \"kernels\")]
         unsafe extern \"C\" {
             pub safe fn kernels_noop();
             fn add(a: *mut f64, b: *mut real, n: c_int);
             fn kernels_add(a: *mut Number, b: *const Number, n: i64) -> i32;
             fn kernels_version() -> *const std::ffi::c_char;
             #[link_name = \"kernels_swap\"]
             fn exchange(a: &mut f64, b: &mut f64) -> c_int;
             fn kernels_integrate(function: Function, user_data: *mut c_void, low: f64, high: f64,
                                  intervals: isize, out_integral: *mut f64) -> i32;
         }",
        6,
        0,
    );
    is_right("extern \"C\" { fn fibo(a: *mut i32, b: *mut i32); }", 1, 0);
    is_right(
        "mod ffi { extern \"C\" { fn fibo(_: *mut libc::c_int, _: *mut libc::c_int); } }",
        1,
        0,
    );
    is_right(
        "#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn fibo(a: *mut i32, b: *mut i32) { work() }\n\
         fn fib(n: u8) -> u8 { n }",
        1,
        0,
    );
    is_right(
        "#[repr(C)] pub struct KernelsStatistics { _private: [u8; 0] }
         extern \"C\" { fn kernels_statistics_free(s: *mut KernelsStatistics) -> i32; }",
        1,
        0,
    );
}

/// The library's own functions, from which the header is generated.
#[test]
fn the_sources_of_the_library_agree_with_its_header() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../kernels/capi/src");
    let (mut functions, mut structs) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let source = declarations::Source::read(&entry.unwrap().path()).unwrap();
        let report = rust(&source.text);
        assert!(report.is_clean(), "{report}");
        functions += report.functions;
        structs += report.structs;
    }
    let header = checked("kernels.h", &declarations::kernels_header().text);
    assert_eq!((functions, structs), (header.functions, header.structs));
}

#[test]
fn a_wrong_function() {
    is_wrong(
        "extern \"C\" {\n    fn add(a: *mut f32, b: *mut f64, n: i32);\n}",
        Kind::WrongType,
        (2, 12),
        &["steps of 8 bytes"],
    );
    is_wrong(
        "extern \"C\" {\n    fn kernels_add_floats(a: f64, b: f64);\n}",
        Kind::WrongResult,
        (2, 8),
        &["throw it away"],
    );
    is_wrong(
        "extern \"C\" {\n    fn kernels_add_ints(a: i32, b: i32) -> f64;\n}",
        Kind::WrongResult,
        (2, 44),
        &["floating-point"],
    );
    is_wrong(
        "extern \"C\" {\n    fn evolve(u: *mut f64, u_previous: *mut f64, ny: i32, nx: i32, a: f64, dt: f64, dx2: f64, dy2: f64);\n}",
        Kind::WrongOrder,
        (2, 50),
        &["types are the same"],
    );
    is_wrong(
        "extern \"C\" {\n    fn fibo(a: *mut i32);\n}",
        Kind::WrongNumber,
        (2, 8),
        &["lacks `int *b`"],
    );
    is_wrong(
        "extern \"C\" {\n    fn kernels_fibonaci(n: i64, out: *mut u64) -> i32;\n}",
        Kind::UnknownFunction,
        (2, 8),
        &["`kernels_fibonacci`"],
    );
}

#[test]
fn const_and_slices_are_notes() {
    let report = rust("extern \"C\" { fn kernels_add(a: *mut f64, b: *mut f64, n: i64) -> i32; }");
    assert_eq!(notes(&report), [Kind::Const]);
    let report =
        rust("extern \"C\" { fn kernels_add(a: &mut [f64], b: *const f64, n: i64) -> i32; }");
    assert_eq!(notes(&report), [Kind::NotSeen], "{report}");
    assert!(report.to_string().contains("slice"), "{report}");
}

fn record(reading: &str) -> String {
    format!(
        "{reading}\nextern \"C\" {{ fn kernels_reading_record(reading: *mut Reading, celsius: f64) -> i32; }}"
    )
}

#[test]
fn a_struct() {
    let right = "#[repr(C)]\n#[derive(Clone, Copy)]\npub struct Reading { pub sensor: u8, pub celsius: f64, pub samples: i32 }";
    is_right(&record(right), 1, 1);
    is_wrong(
        &record(&right.replace("#[repr(C)]\n", "\n")),
        Kind::MissingReprC,
        (3, 12),
        &["order it likes"],
    );
    is_wrong(
        &record(&right.replace("repr(C)", "repr(C, packed)")),
        Kind::WrongLayout,
        (3, 12),
        &["padding", "size 13"],
    );
    is_wrong(
        &record(&right.replace("samples: i32", "samples: u32")),
        Kind::WrongField,
        (3, 56),
        &["sign"],
    );
    is_wrong(
        &record(&right.replace("pub celsius: f64, ", "")),
        Kind::MissingField,
        (3, 12),
        &["`double celsius`"],
    );
}

#[test]
fn what_is_not_rust_is_said() {
    let report = rust("extern \"C\" { fn fibo(a: *mut i32, b: *mut i32); }\nfn fn fn");
    assert!(differences(&report).contains(&Kind::Broken), "{report}");
}
