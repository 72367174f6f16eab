//! Python files: cffi's cdef, and what ctypes is told.

mod common;

use common::{checked, differences, notes, only};
use declarations::{Kind, Report};

fn python(text: &str) -> Report {
    checked("mine.py", text)
}

/// A file with one thing wrong.
#[track_caller]
fn is_wrong(text: &str, kind: Kind, place: (usize, usize), words: &[&str]) -> Report {
    let report = python(text);
    let finding = only(&report);
    assert_eq!(finding.kind, kind, "{report}");
    assert_eq!(
        (finding.place.line, finding.place.column),
        place,
        "{report}"
    );
    assert!(!report.is_clean());
    for word in words {
        assert!(
            finding.explanation.contains(word),
            "{word:?} is not in {report}"
        );
    }
    report
}

#[track_caller]
fn is_right(text: &str, functions: usize, structs: usize) {
    let report = python(text);
    assert!(report.findings.is_empty(), "{report}");
    assert_eq!((report.functions, report.structs), (functions, structs));
}

// ---------------------------------------------------------------- cffi

#[test]
fn a_cdef_in_every_form() {
    is_right("ffi.cdef('void fibo(int *a, int *b);')", 1, 0);
    is_right(
        "ffi.cdef('void fibo(int *a, '\n  'int *b);' \"void kernels_noop(void);\")",
        2,
        0,
    );
    is_right(
        "TEXT = \"\"\"\nvoid fibo(int *, int *);\n\"\"\"\nFFI().cdef(TEXT)",
        1,
        0,
    );
    is_right(
        "A = 'void fibo(int *,'\nB = A + ' int *);'\nffi.cdef(B, override=True)",
        1,
        0,
    );
    is_right("ffi.cdef(csource=r'void fibo(int *a, int *b);')", 1, 0);
    is_right(
        "import textwrap\nffi.cdef(textwrap.dedent('''void fibo(int *, int *);'''))",
        1,
        0,
    );
    is_right(
        "declare = ffi.cdef\ndeclare('void fibo(int *a,\\n int *b);')",
        1,
        0,
    );
    is_right(
        "def main():\n    text = 'void fibo(int *, int *);'\n    ffi.cdef(text)",
        1,
        0,
    );
}

#[test]
fn a_cdef_knows_the_types_of_those_before() {
    is_right(
        "ffi.cdef('typedef double real;')\nffi.cdef('void add(real *a, real *b, int n);')",
        1,
        0,
    );
}

#[test]
fn a_place_in_a_cdef_is_a_place_in_the_file() {
    let text = "import cffi\n\nffi = cffi.FFI()\nffi.cdef(\"\"\"\n    void fibo(int *a,\n              double *b);\n\"\"\")\n";
    is_wrong(text, Kind::WrongType, (6, 15), &["`double *b`"]);
    // Through escapes and pieces, and in characters, not bytes.
    let text = "ffi.cdef('/* é */\\n'\n         'void fibo(float *a, int *b);')\n";
    is_wrong(text, Kind::WrongType, (2, 21), &["`float *a`"]);
    let text = "ffi.cdef('/* é */ void fibo(float *a, int *b);')\n";
    is_wrong(text, Kind::WrongType, (1, 29), &["`float *a`"]);
}

#[test]
fn a_cdef_made_when_the_program_runs_is_said() {
    let texts = [
        "ffi.cdef(open('kernels.h').read())",
        "ffi.cdef(f'void {name}(void);')",
        "from ffi_workbook import library\nffi.cdef(library.cdef())",
        "def declare(text):\n    ffi.cdef(text)",
    ];
    for text in texts {
        let report = python(text);
        assert_eq!(notes(&report), [Kind::NotSeen], "{report}");
        assert!(report.is_clean());
    }
}

#[test]
fn in_api_mode_the_compiler_sees_the_header() {
    let cdef = "ffi.cdef('double kernels_add_floats(double a, int b);')\n";
    let api = format!("{cdef}ffi.set_source('_x', '#include \"kernels.h\"')");
    is_wrong(&api, Kind::WrongType, (1, 47), &["API mode", "0.5"]);
    let abi = format!("{cdef}ffi.set_source('_x', None)");
    let report = is_wrong(&abi, Kind::WrongType, (1, 47), &["register"]);
    assert!(!report.to_string().contains("API mode"), "{report}");
}

#[test]
fn broken_python_is_said() {
    let report = python("ffi.cdef('void fibo(int *a, int *b);'\nx = = 3\n");
    assert!(differences(&report).contains(&Kind::Broken), "{report}");
}

// ---------------------------------------------------------------- ctypes

const OPEN: &str = "import ctypes\nlib = ctypes.CDLL('libkernels.so')\n";

fn ctypes(rest: &str) -> String {
    format!("{OPEN}{rest}")
}

#[test]
fn ctypes_in_every_form() {
    is_right(
        &ctypes(
            "lib.kernels_add_floats.argtypes = [ctypes.c_double, ctypes.c_double]\n\
             lib.kernels_add_floats.restype = ctypes.c_double\n",
        ),
        1,
        0,
    );
    is_right(
        "from ctypes import CDLL, c_double as d, POINTER as P, c_int\n\
         lib = CDLL('x')\n\
         f = lib.evolve\n\
         f.argtypes, f.restype = [P(d)] * 2 + [c_int] * 2 + 4 * (d,), None\n",
        1,
        0,
    );
    is_right(
        "from ctypes import *\nlib = cdll.LoadLibrary('x')\nptr = POINTER(c_double)\n\
         getattr(lib, 'add').argtypes = (ptr, ptr, c_int)\n\
         lib['fibo'].argtypes = [POINTER(c_int), *[POINTER(c_int)]]\n\
         lib.fibo.restype = lib.add.restype = None\n",
        2,
        0,
    );
    is_right(
        "import ctypes as ct\nimport numpy as np\n\
         from numpy.ctypeslib import ndpointer\n\
         lib = np.ctypeslib.load_library('libkernels', '.')\n\
         doubles = np.ctypeslib.ndpointer(dtype=np.float64, ndim=2, flags='C_CONTIGUOUS')\n\
         lib.kernels_evolve.argtypes = [doubles, ndpointer('f8'), ct.c_int64, ct.c_ssize_t] + [ct.c_double] * 4\n\
         lib.add.argtypes = [ndpointer(float), ndpointer(np.dtype('d')), ct.c_int]\n\
         lib.add.restype = None\n",
        2,
        0,
    );
    is_right(
        "from ctypes import *\nlib = CDLL('x')\n\
         fibo = CFUNCTYPE(None, POINTER(c_int), POINTER(c_int))(('fibo', lib))\n",
        1,
        0,
    );
    is_right(
        "from ctypes import *\nlib = CDLL('x')\n\
         F = CFUNCTYPE(c_int, c_double, c_void_p, POINTER(c_double))\n\
         lib.kernels_integrate.argtypes = [F, c_void_p, c_double, c_double, c_longlong, POINTER(c_double)]\n\
         lib.kernels_statistics_new.argtypes = [POINTER(c_void_p)]\n\
         lib.kernels_version.restype = c_char_p\n",
        3,
        0,
    );
    is_right(
        "import ctypes\ndef declare(lib):\n    lib.kernels_noop.restype = None\n    lib.kernels_noop.argtypes = []\n",
        1,
        0,
    );
}

#[test]
fn a_wrong_argtype() {
    is_wrong(
        &ctypes(
            "lib.kernels_add_floats.argtypes = [ctypes.c_double, ctypes.c_int]\n\
             lib.kernels_add_floats.restype = ctypes.c_double\n",
        ),
        Kind::WrongType,
        (3, 53),
        &["`double b`", "`ctypes.c_int`", "floating-point register"],
    );
    is_wrong(
        "from ctypes import *\nlib = CDLL('x')\nlib.add.argtypes = [POINTER(c_float), POINTER(c_double), c_int]\n",
        Kind::WrongType,
        (3, 21),
        &["steps of 8 bytes"],
    );
    is_wrong(
        "from ctypes import *\nimport numpy as np\nlib = CDLL('x')\n\
         lib.add.argtypes = [np.ctypeslib.ndpointer(np.int64), POINTER(c_double), c_int]\n",
        Kind::WrongType,
        (4, 21),
        &["a double", "integer of 8 bytes"],
    );
    is_wrong(
        "from ctypes import *\nlib = CDLL('x')\nlib.add.argtypes = [c_int, POINTER(c_double), POINTER(c_double)]\n",
        Kind::WrongOrder,
        (3, 21),
        &["another order"],
    );
    is_wrong(
        "from ctypes import *\nlib = CDLL('x')\nlib.fibo.argtypes = [POINTER(c_int)]\n",
        Kind::WrongNumber,
        (3, 1),
        &["has 2 parameters, and you have 1"],
    );
}

#[test]
fn a_missing_restype() {
    let floats = "lib.kernels_add_floats.argtypes = [ctypes.c_double] * 2\n";
    is_wrong(
        &ctypes(floats),
        Kind::MissingRestype,
        (3, 1),
        &[
            "int of 4 bytes",
            "`double`",
            "nothing to do with the result",
        ],
    );
    let version = "print(lib.kernels_version())\n";
    is_wrong(
        &ctypes(version),
        Kind::MissingRestype,
        (3, 7),
        &["lower 4", "segmentation fault"],
    );
    let ints = "lib.kernels_add_ints.argtypes = [ctypes.c_int] * 2\n";
    is_wrong(&ctypes(ints), Kind::MissingRestype, (3, 1), &["2147483647"]);
    // An int is what ctypes takes it for; and where nothing comes back, nothing is lost.
    is_right(
        &ctypes("lib.kernels_panic.argtypes = [ctypes.c_char_p]\n"),
        1,
        0,
    );
    is_right(
        &ctypes("lib.kernels_noop()\nlib.kernels_clear_error()\n"),
        2,
        0,
    );
}

#[test]
fn a_wrong_restype() {
    let text = ctypes("lib.kernels_version.restype = ctypes.c_int\n");
    is_wrong(&text, Kind::WrongResult, (3, 31), &["lower 4"]);
    let text = ctypes(
        "lib.kernels_panic.restype = None\nlib.kernels_panic.argtypes = [ctypes.c_char_p]\n",
    );
    is_wrong(&text, Kind::WrongResult, (3, 29), &["status"]);
}

#[test]
fn a_library_is_found_where_it_is_kept() {
    let texts = [
        "import ctypes\ndef load():\n    return ctypes.CDLL('x')\nlib = load()\nlib.fibo(1, 2)\n",
        "import ctypes\ndef load():\n    lib = ctypes.CDLL('x')\n    return lib\nload().fibo(1, 2)\n",
        "import ctypes\nclass K:\n    def __init__(self):\n        self.lib = ctypes.CDLL('x')\n\
         \x20   def fibo(self):\n        self.lib.fibo(1, 2)\n",
    ];
    for text in texts {
        let report = python(text);
        assert_eq!(differences(&report), [Kind::MissingArgtypes], "{report}");
    }
}

#[test]
fn missing_argtypes() {
    let text = ctypes("lib.evolve.restype = None\n");
    is_wrong(&text, Kind::MissingArgtypes, (3, 1), &["float is refused"]);
    let text = ctypes("step = lib.kernels_fibonacci_step\nstep(a, b)\n");
    is_wrong(&text, Kind::MissingArgtypes, (3, 8), &["any pointer"]);
    let text = ctypes("lib.fibo.argtypes = None\n");
    is_wrong(&text, Kind::MissingArgtypes, (3, 1), &[]);
}

#[test]
fn an_unknown_function() {
    let text = ctypes("lib.kernels_swp(a, b)\n");
    is_wrong(&text, Kind::UnknownFunction, (3, 1), &["`kernels_swap`"]);
    // Nothing is told about it, and no name is near: it may be another library's.
    let report = python(&ctypes("lib.printf(b'x')\n"));
    assert_eq!(notes(&report), [Kind::UnknownFunction]);
}

const READING: &str = "class Reading(ctypes.Structure):\n";

fn reading(body: &str) -> String {
    ctypes(&format!(
        "{READING}{body}lib.kernels_reading_record.argtypes = [ctypes.POINTER(Reading), ctypes.c_double]\n"
    ))
}

#[test]
fn a_structure() {
    let sensor = "(\"sensor\", ctypes.c_uint8)";
    let celsius = "(\"celsius\", ctypes.c_double)";
    let samples = "(\"samples\", ctypes.c_int)";
    let right = format!("    _fields_ = [{sensor}, {celsius}, {samples}]\n");
    is_right(&reading(&right), 1, 1);

    let swapped = format!("    _fields_ = [{celsius}, {sensor}, {samples}]\n");
    is_wrong(
        &reading(&swapped),
        Kind::WrongFieldOrder,
        (3, 7),
        &["celsius at 8", "celsius at 0"],
    );

    let packed = format!("    _pack_ = 1\n{right}");
    is_wrong(
        &reading(&packed),
        Kind::WrongLayout,
        (3, 7),
        &["padding", "size 24", "size 13"],
    );

    let short = format!("    _fields_ = [{sensor}, {celsius}]\n");
    is_wrong(
        &reading(&short),
        Kind::MissingField,
        (3, 7),
        &["`int32_t samples`"],
    );

    let float = right.replace("c_double", "c_float");
    is_wrong(
        &reading(&float),
        Kind::WrongField,
        (4, 45),
        &["celsius at 4"],
    );

    let big = reading(&right).replace("Structure", "BigEndianStructure");
    is_wrong(&big, Kind::WrongLayout, (3, 7), &["byte order"]);

    let after = "    pass\nReading._fields_ = [('sensor', ctypes.c_uint8), ('celsius', ctypes.c_double), ('samples', ctypes.c_int32)]\n";
    is_right(&reading(after), 1, 1);

    let inherited = format!(
        "{OPEN}class First(ctypes.Structure):\n    _fields_ = [{sensor}, {celsius}]\n\
         class KernelsReading(First):\n    _fields_ = [{samples}]\n"
    );
    let report = python(&inherited);
    assert_eq!(report.structs, 1, "{report}");
    assert!(report.is_clean(), "{report}");

    let made = "    _fields_ = [(name, ctypes.c_int) for name in 'abc']\n";
    let report = python(&reading(made));
    assert!(notes(&report).contains(&Kind::NotSeen), "{report}");
    assert!(report.is_clean(), "{report}");
}

#[test]
fn what_runs_only_when_run_is_said() {
    let texts = [
        "for name in names:\n    getattr(lib, name).argtypes = [ctypes.c_int]\n",
        "lib.fibo.argtypes = [ctypes.POINTER(ctypes.c_int) for _ in 'ab']\n",
        "lib.fibo.argtypes = types_of('fibo')\n",
        "lib.kernels_panic.argtypes = [some_type()]\n",
    ];
    for text in texts {
        let report = python(&ctypes(text));
        assert!(notes(&report).contains(&Kind::NotSeen), "{report}");
        assert!(report.is_clean(), "{report}");
    }
}

/// The five lies of exercise 9, as they may be declared.
#[test]
fn five_lies() {
    let text = "\
from ctypes import CDLL, POINTER, Structure, c_double, c_int, c_int64, c_uint8

lib = CDLL('libkernels.so')

lib.kernels_sum_strided.argtypes = [POINTER(c_int), c_int64, c_int64, POINTER(c_double)]
lib.kernels_add_floats.argtypes = [c_double, c_double]


class Reading(Structure):
    _fields_ = [('sensor', c_uint8), ('samples', c_int), ('celsius', c_double)]


lib.kernels_reading_record.argtypes = [POINTER(Reading), c_double]
ffi.cdef('''void evolve(double *u, double *u_previous, int ny, int nx,
                        double a, double dt, double dx2, double dy2);
            int kernels_buffer_free(double *buffer);''')
";
    let report = python(text);
    assert_eq!(
        differences(&report),
        [
            Kind::WrongType,
            Kind::MissingRestype,
            Kind::WrongFieldOrder,
            Kind::WrongOrder,
        ],
        "{report}"
    );
}
