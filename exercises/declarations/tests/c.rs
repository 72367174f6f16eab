//! C declarations: the header itself, and each way to get one wrong.

mod common;

use common::{checked, differences, notes, only};
use declarations::{Error, Kind, Source, check, kernels_header};
use proptest::prelude::*;

fn cdef(text: &str) -> declarations::Report {
    checked("mine.h", text)
}

#[test]
fn the_header_agrees_with_itself() {
    let header = kernels_header();
    let cdef = include_str!("../../../kernels/capi/include/kernels.cdef.h");
    for text in [header.text.as_str(), cdef] {
        let report = checked("kernels.h", text);
        assert!(report.findings.is_empty(), "{report}");
        assert_eq!(report.functions, 33, "{report}");
        assert_eq!(report.structs, 2, "{report}");
    }
}

#[test]
fn every_function_of_the_header_is_read() {
    let header = kernels_header().text;
    let declared = header.matches(");\n").count() - header.matches("typedef int32_t (*").count();
    assert_eq!(checked("kernels.h", &header).functions, declared);
}

#[test]
fn another_spelling_of_a_type_is_no_difference() {
    let text = "
        typedef unsigned char byte;
        typedef double real;
        typedef struct { byte sensor; double celsius; int samples; } KernelsReading;
        void add(real a[], real b[], signed int);
        int kernels_add(double *x, double const *y, long long how_many);
        signed kernels_fibonacci(long long n, unsigned long long int out[1]);
        extern int kernels_panic(char const *);
        int kernels_largest(const double *values, int64_t n, const double *out_largest[]);
        int kernels_reading_warmed(KernelsReading reading, double degrees, KernelsReading *out);
        int kernels_integrate(int (*function)(double, void *, double *), void *user_data,
                              double low, double high, int64_t intervals, double *out_integral);
    ";
    let report = cdef(text);
    assert!(report.findings.is_empty(), "{report}");
    assert_eq!(report.functions, 7);
}

#[test]
fn what_cffi_adds_to_c_is_read() {
    let text = "
        #define KERNELS_OK ...
        typedef ... KernelsStatistics;
        typedef struct { double celsius; ...; } KernelsReading;
        extern \"Python\" int32_t on_point(double x, void *user_data, double *out_y);
        int kernels_statistics_new(KernelsStatistics **);
        int kernels_reading_record(KernelsReading *reading, double celsius);
        typedef enum { ONE, TWO, ... } Numbers;
    ";
    let report = cdef(text);
    assert!(report.findings.is_empty(), "{report}");
    assert_eq!(report.functions, 2);
}

/// A declaration of one function, and what is wrong with it.
#[track_caller]
fn is_wrong(text: &str, kind: Kind, subject: &str, words: &[&str]) {
    let report = cdef(text);
    let finding = only(&report);
    assert_eq!(finding.kind, kind, "{report}");
    assert_eq!(finding.subject, subject, "{report}");
    assert!(!report.is_clean());
    for word in words {
        assert!(
            finding.explanation.contains(word),
            "{word:?} is not in {report}"
        );
    }
}

#[test]
fn an_int_for_a_double() {
    is_wrong(
        "int kernels_swap(int *a, double *b);",
        Kind::WrongType,
        "kernels_swap, parameter 1",
        &["`double *a`", "`int *a`", "steps of 8 bytes"],
    );
    is_wrong(
        "double kernels_add_floats(double a, int b);",
        Kind::WrongType,
        "kernels_add_floats, parameter 2",
        &["general register", "floating-point register"],
    );
}

#[test]
fn a_double_for_an_int() {
    is_wrong(
        "int64_t kernels_add_ints(double a, int b);",
        Kind::WrongType,
        "kernels_add_ints, parameter 1",
        &["floating-point register", "general register"],
    );
}

#[test]
fn a_float_for_a_double() {
    is_wrong(
        "double kernels_add_floats(float a, double b);",
        Kind::WrongType,
        "kernels_add_floats, parameter 1",
        &["4 bytes", "reads 8"],
    );
    is_wrong(
        "void add(float *a, double *b, int n);",
        Kind::WrongType,
        "add, parameter 1",
        &["steps of 8 bytes", "4 bytes", "beyond the end"],
    );
}

#[test]
fn a_wrong_size_or_sign() {
    is_wrong(
        "int kernels_add(double *a, const double *b, int n);",
        Kind::WrongType,
        "kernels_add, parameter 3",
        &["4 bytes", "8 bytes", "2147483647"],
    );
    is_wrong(
        "void add(double *a, double *b, int64_t n);",
        Kind::WrongType,
        "add, parameter 3",
        &["only the lower 4"],
    );
    is_wrong(
        "void add(double *a, double *b, unsigned n);",
        Kind::WrongType,
        "add, parameter 3",
        &["4294967295", "-1", "sign"],
    );
    is_wrong(
        "void fibo(unsigned int *a, int *b);",
        Kind::WrongType,
        "fibo, parameter 1",
        &["sign"],
    );
}

#[test]
fn an_address_and_a_value() {
    is_wrong(
        "void add(double a, double *b, int n);",
        Kind::WrongType,
        "add, parameter 1",
        &["where the number is", "segmentation fault"],
    );
    is_wrong(
        "void fibo(int a, int *b);",
        Kind::WrongType,
        "fibo, parameter 1",
        &["An address has 8 bytes", "segmentation fault"],
    );
    is_wrong(
        "int64_t kernels_add_ints(int *a, int b);",
        Kind::WrongType,
        "kernels_add_ints, parameter 1",
        &["takes the address itself for the number"],
    );
    is_wrong(
        "double kernels_add_floats(double *a, double b);",
        Kind::WrongType,
        "kernels_add_floats, parameter 1",
        &["address", "floating-point register"],
    );
    is_wrong(
        "int kernels_largest(const double *values, int64_t n, const double *out_largest);",
        Kind::WrongType,
        "kernels_largest, parameter 3",
        &["followed once more"],
    );
}

#[test]
fn a_wrong_result() {
    let cases: [(&str, &str, &[&str]); 6] = [
        (
            "int kernels_add_floats(double a, double b);",
            "kernels_add_floats",
            &["floating-point"],
        ),
        (
            "int kernels_add_ints(int a, int b);",
            "kernels_add_ints",
            &["cut", "lower 4 bytes"],
        ),
        (
            "void kernels_swap(double *a, double *b);",
            "kernels_swap",
            &["status", "throw"],
        ),
        (
            "int kernels_noop(void);",
            "kernels_noop",
            &["returns nothing"],
        ),
        (
            "int kernels_version(void);",
            "kernels_version",
            &["8 bytes", "lower 4"],
        ),
        (
            "int64_t kernels_panic(const char *message);",
            "kernels_panic",
            &["negative result"],
        ),
    ];
    for (text, name, words) in cases {
        is_wrong(text, Kind::WrongResult, &format!("{name}, result"), words);
    }
}

#[test]
fn a_wrong_number() {
    is_wrong(
        "int kernels_divide(int64_t dividend, int64_t *out_quotient, int64_t *out_remainder);",
        Kind::WrongNumber,
        "kernels_divide",
        &[
            "has 4 parameters, and you have 3",
            "lacks `int64_t divisor`",
        ],
    );
    is_wrong(
        "void add(double *a, double *b, double *c, int n);",
        Kind::WrongNumber,
        "add",
        &["The header has no `double *c`"],
    );
    is_wrong(
        "void fibo();",
        Kind::WrongNumber,
        "fibo",
        &["lacks `int *a`, `int *b`"],
    );
}

#[test]
fn a_wrong_order() {
    // Rows and columns: the types are the same, the names tell.
    is_wrong(
        "void evolve(double *u, double *u_previous, int ny, int nx,
                     double a, double dt, double dx2, double dy2);",
        Kind::WrongOrder,
        "evolve",
        &[
            "parameters 3, 4",
            "`int nx`, `int ny`",
            "types are the same",
        ],
    );
    is_wrong(
        "void add(int n, double *a, double *b);",
        Kind::WrongOrder,
        "add",
        &["another order"],
    );
}

#[test]
fn names_of_parameters_are_free() {
    let report = cdef(
        "void evolve(double *, double *, int rows, int nx, double, double, double p, double q);",
    );
    assert!(report.findings.is_empty(), "{report}");
}

#[test]
fn const_is_a_note() {
    let report = cdef(
        "int kernels_add(const double *a, double *b, int64_t n);
         char *kernels_version(void);",
    );
    assert_eq!(notes(&report), [Kind::Const, Kind::Const, Kind::Const]);
    assert!(report.is_clean());
}

#[test]
fn any_pointer_is_a_note() {
    let report = cdef("int kernels_add(void *a, const double *b, int64_t n);");
    assert_eq!(notes(&report), [Kind::AnyPointer]);
    assert!(report.is_clean());
}

#[test]
fn a_handle_may_be_void() {
    let report = cdef("int kernels_statistics_push(void *statistics, double value);");
    assert!(report.findings.is_empty(), "{report}");
}

#[test]
fn an_unknown_function_gets_the_nearest_name() {
    is_wrong(
        "void evolv(double *u);",
        Kind::UnknownFunction,
        "evolv",
        &["`evolve`"],
    );
    is_wrong(
        "int fibonacci_step(uint64_t *a, uint64_t *b);",
        Kind::UnknownFunction,
        "fibonacci_step",
        &["`kernels_fibonacci_step`"],
    );
    is_wrong(
        "int zzz(void);",
        Kind::UnknownFunction,
        "zzz",
        &["no name that is near"],
    );
}

#[test]
fn an_unknown_type_gets_the_nearest_name() {
    is_wrong(
        "double kernels_add_floats(duoble a, double b);",
        Kind::UnknownType,
        "kernels_add_floats, parameter 1",
        &["`duoble`", "`double`"],
    );
}

const RECORD: &str = "int kernels_reading_record(KernelsReading *reading, double celsius);";

#[test]
fn a_wrong_struct() {
    let cases: [(&str, Kind, &str, &[&str]); 5] = [
        (
            "uint8_t sensor; float celsius; int32_t samples;",
            Kind::WrongField,
            "KernelsReading, field celsius",
            &[
                "float (4 bytes)",
                "double (8 bytes)",
                "celsius at 8",
                "celsius at 4",
                "size 24",
                "size 12",
            ],
        ),
        (
            "double celsius; uint8_t sensor; int32_t samples;",
            Kind::WrongFieldOrder,
            "KernelsReading",
            &[
                "sensor, celsius, samples",
                "celsius, sensor, samples",
                "size 16",
            ],
        ),
        (
            "uint8_t sensor; double celsius;",
            Kind::MissingField,
            "KernelsReading",
            &["`int32_t samples`", "size 16"],
        ),
        (
            "uint8_t sensor; double celsius; int32_t samples; int32_t flags;",
            Kind::WrongField,
            "KernelsReading, field flags",
            &["no such field"],
        ),
        (
            "int8_t sensor; double celsius; int32_t samples;",
            Kind::WrongField,
            "KernelsReading, field sensor",
            &["sign"],
        ),
    ];
    for (fields, kind, subject, words) in cases {
        let text = format!("typedef struct {{ {fields} }} KernelsReading; {RECORD}");
        is_wrong(&text, kind, subject, words);
    }
}

#[test]
fn a_struct_of_another_name_is_found_by_where_it_is_used() {
    let text = "struct thing { uint8_t sensor; double celsius; int64_t samples; };
                int kernels_reading_record(struct thing *reading, double celsius);";
    is_wrong(
        text,
        Kind::WrongField,
        "thing, field samples",
        &["`int32_t samples`"],
    );
}

#[test]
fn a_field_of_another_name_is_a_note() {
    let text =
        "typedef struct { uint8_t number; double celsius; int32_t samples; } KernelsReading;";
    let report = cdef(text);
    assert_eq!(notes(&report), [Kind::Name]);
}

#[test]
fn one_struct_for_another() {
    let text = "typedef struct KernelsReading KernelsReading;
                int kernels_reading_layout(KernelsReading *out_layout);";
    is_wrong(
        text,
        Kind::WrongType,
        "kernels_reading_layout, parameter 1",
        &["different structs"],
    );
}

#[test]
fn a_wrong_callback() {
    let text = "typedef int (*F)(float x, void *user_data, double *out_y);
                int kernels_integrate(F function, void *user_data, double low, double high,
                                      int64_t intervals, double *out_integral);";
    is_wrong(
        text,
        Kind::WrongType,
        "kernels_integrate, parameter 1",
        &[
            "As argument 1 the library gives your function a double",
            "float",
        ],
    );
}

#[test]
fn what_is_not_c_is_said() {
    let report = cdef("void add(double *a, double *b, int n);\nvoid add double;\n");
    assert!(differences(&report).contains(&Kind::Broken), "{report}");
    assert_eq!(report.findings[0].place.line, 2, "{report}");
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = format!("{}x{}", "(".repeat(100_000), ")".repeat(100_000));
    for (name, text) in [
        ("mine.h", format!("int {deep};")),
        ("mine.py", format!("ffi.cdef('int {deep};')")),
        ("mine.py", format!("x = {deep}")),
        ("mine.rs", format!("type A = {deep};")),
    ] {
        let report = checked(name, &text);
        assert!(differences(&report).contains(&Kind::Broken), "{name}");
        let text = report.findings[0].explanation.clone();
        assert!(text.contains("deeper than 500"), "{name}: {text}");
    }
}

#[test]
fn a_file_without_declarations_is_not_passed_over() {
    let report = cdef("/* nothing */");
    assert_eq!(notes(&report), [Kind::NotSeen]);
}

#[test]
fn a_header_without_declarations_is_an_error() {
    let header = Source {
        name: "empty.h".to_owned(),
        text: "#define X 1\n".to_owned(),
    };
    let error = check(&header, &[]).unwrap_err();
    assert!(matches!(error, Error::EmptyHeader(name) if name == "empty.h"));
}

#[test]
fn any_header_will_do() {
    let header = Source {
        name: "shapes.h".to_owned(),
        text: "#ifdef __cplusplus\nextern \"C\" {\n#endif\nstruct point { float x, y; };\n\
               float area(const struct point *corners, unsigned long n);\n\
               #ifdef __cplusplus\n}\n#endif\n"
            .to_owned(),
    };
    let mine = |text: &str| Source {
        name: "mine.h".to_owned(),
        text: text.to_owned(),
    };
    let right = mine("typedef struct point P; float area(const P *c, size_t n);");
    let report = check(&header, &[right]).unwrap();
    assert!(report.findings.is_empty(), "{report}");
    let wrong =
        mine("struct point { double x, y; }; double area(const struct point *c, size_t n);");
    let report = check(&header, &[wrong]).unwrap();
    assert_eq!(
        differences(&report),
        [Kind::WrongField, Kind::WrongField, Kind::WrongResult],
        "{report}"
    );
}

/// The spellings of some types: two of one row are the same type.
const SPELLINGS: [&[&str]; 9] = [
    &["int", "int32_t", "signed int", "signed"],
    &["unsigned int", "uint32_t", "unsigned"],
    &["long long", "int64_t", "signed long long int"],
    &["unsigned long long", "uint64_t", "long long unsigned"],
    &["unsigned char", "uint8_t"],
    &["short", "int16_t", "short int"],
    &["float"],
    &["double"],
    &["double *", "double *const"],
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Two declarations differ in exactly the parameters whose types differ.
    #[test]
    fn exactly_the_wrong_parameters_are_found(
        pairs in proptest::collection::vec((0..9_usize, 0..9_usize, 0..4_usize), 1..8)
    ) {
        let declare = |types: &[&str]| format!("void f({});", types.join(", "));
        let wanted: Vec<&str> = pairs.iter().map(|&(row, ..)| SPELLINGS[row][0]).collect();
        let given: Vec<&str> = pairs
            .iter()
            .map(|&(_, row, spelling)| SPELLINGS[row][spelling % SPELLINGS[row].len()])
            .collect();
        let source = |name: &str, types: &[&str]| Source {
            name: name.to_owned(),
            text: declare(types),
        };
        let report = check(&source("f.h", &wanted), &[source("mine.h", &given)]).unwrap();
        let wrong = pairs.iter().filter(|(a, b, _)| a != b).count();
        let found = differences(&report);
        if found == [Kind::WrongOrder] {
            prop_assert!(wrong > 1);
        } else {
            prop_assert_eq!(found.len(), wrong, "{}", report);
        }
    }

    /// No text makes it panic.
    #[test]
    fn no_text_is_too_strange(text in "[a-z(){}*;,.\"'#\\[\\]= \n0-9é]{0,80}") {
        for name in ["mine.h", "mine.py", "mine.rs"] {
            checked(name, &text);
            checked(name, &format!("{text}\nffi.cdef('''{text}''')\nx._fields_ = [{text}]"));
        }
    }
}
