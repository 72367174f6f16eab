/*
 * The kernels as an extension module, by hand: what a binding generator writes
 * for you, at its leanest. For CPython 3.11 and later.
 *
 * METH_FASTCALL passes the arguments as a plain C array: no tuple is made and
 * no format string is read. Python calls these functions with the GIL held.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "kernels.h"

/* From this many element updates on, other Python threads may run meanwhile:
   the threshold of the PyO3 skin. Letting go of the GIL costs some 50 ns. */
#define LONG_WORK 16384

/* Checks the number of arguments; METH_FASTCALL leaves that to us. */
static int expect(Py_ssize_t given, Py_ssize_t wanted)
{
    if (given == wanted) {
        return 0;
    }
    PyErr_Format(PyExc_TypeError, "expected %zd arguments, got %zd", wanted, given);
    return -1;
}

/* Reads an int of 32 bits. As everywhere in this API, -1 may be a value or
   stand for an error, so only then is it worth asking which. */
static int read_int32(PyObject *object, int32_t *out)
{
    long value = PyLong_AsLong(object);
    if (value == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (value < INT32_MIN || value > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "int does not fit in 32 bits");
        return -1;
    }
    *out = (int32_t)value;
    return 0;
}

/* Reads an int of 64 bits without sign. PyLong_AsUnsignedLongLong takes a slow
   way for any number; the signed function is quick for most, and what it cannot
   say the slow one can: a value from 2^63 on, or the exception. */
static int read_uint64(PyObject *object, uint64_t *out)
{
    int overflow;
    long long quick = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (quick >= 0) {
        *out = (uint64_t)quick;
        return 0;
    }
    if (overflow == 0 && PyErr_Occurred()) {
        return -1;
    }
    unsigned long long value = PyLong_AsUnsignedLongLong(object);
    if (value == (unsigned long long)-1 && PyErr_Occurred()) {
        return -1;
    }
    *out = value;
    return 0;
}

/* Reads `n` doubles. A float is read in place; other numbers are asked. */
static int read_doubles(PyObject *const *objects, int n, double *out)
{
    for (int i = 0; i < n; i++) {
        if (PyFloat_CheckExact(objects[i])) {
            out[i] = PyFloat_AS_DOUBLE(objects[i]);
            continue;
        }
        out[i] = PyFloat_AsDouble(objects[i]);
        if (out[i] == -1.0 && PyErr_Occurred()) {
            return -1;
        }
    }
    return 0;
}

/* Opens two arrays of doubles: the first to write to, the second as `flags`
   says. Contiguous and writable are what the flags ask of the arrays. The
   caller's Python checked the rest; what is checked again is what keeps the
   kernel inside the memory of the arrays. */
static int open_pair(PyObject *const *objects, int ndim, int flags, Py_buffer *a, Py_buffer *b)
{
    if (PyObject_GetBuffer(objects[0], a, PyBUF_CONTIG) < 0) {
        return -1;
    }
    if (PyObject_GetBuffer(objects[1], b, flags) < 0) {
        PyBuffer_Release(a);
        return -1;
    }
    if (a->ndim == ndim && b->ndim == ndim && a->len == b->len
        && a->itemsize == sizeof(double) && b->itemsize == sizeof(double)) {
        return 0;
    }
    PyErr_SetString(PyExc_ValueError, "expected two float64 arrays of one shape");
    PyBuffer_Release(a);
    PyBuffer_Release(b);
    return -1;
}

static void close_pair(Py_buffer *a, Py_buffer *b)
{
    PyBuffer_Release(a);
    PyBuffer_Release(b);
}

/* Lets go of the GIL when the work is long. Py_BEGIN_ALLOW_THREADS is this
   without the condition. (A double counts the updates: it cannot overflow.) */
static PyThreadState *detach_if_long(double updates)
{
    return updates >= LONG_WORK ? PyEval_SaveThread() : NULL;
}

static void attach(PyThreadState *state)
{
    if (state != NULL) {
        PyEval_RestoreThread(state);
    }
}

static PyObject *py_noop(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    kernels_noop();
    Py_RETURN_NONE;
}

static PyObject *py_add_ints(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    int32_t a, b;
    if (expect(nargs, 2) < 0 || read_int32(args[0], &a) < 0 || read_int32(args[1], &b) < 0) {
        return NULL;
    }
    return PyLong_FromLongLong(kernels_add_ints(a, b));
}

static PyObject *py_add_floats(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    double x[2];
    if (expect(nargs, 2) < 0 || read_doubles(args, 2, x) < 0) {
        return NULL;
    }
    return PyFloat_FromDouble(kernels_add_floats(x[0], x[1]));
}

/* add(a, b): returns the status. */
static PyObject *py_add(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer a, b;
    if (expect(nargs, 2) < 0 || open_pair(args, 1, PyBUF_CONTIG_RO, &a, &b) < 0) {
        return NULL;
    }
    PyThreadState *state = detach_if_long((double)a.shape[0]);
    int32_t status = kernels_add(a.buf, b.buf, a.shape[0]);
    attach(state);
    close_pair(&a, &b);
    return PyLong_FromLong(status);
}

/* fibonacci_step(a, b): returns (b, a + b). */
static PyObject *py_fibonacci_step(PyObject *Py_UNUSED(module), PyObject *const *args,
                                Py_ssize_t nargs)
{
    uint64_t pair[2];
    if (expect(nargs, 2) < 0 || read_uint64(args[0], &pair[0]) < 0
        || read_uint64(args[1], &pair[1]) < 0) {
        return NULL;
    }
    if (kernels_fibonacci_step(&pair[0], &pair[1]) != KERNELS_OK) {
        PyErr_SetString(PyExc_OverflowError, "the sum does not fit in u64");
        return NULL;
    }
    PyObject *result = PyTuple_New(2);
    if (result == NULL) {
        return NULL;
    }
    for (int i = 0; i < 2; i++) {
        PyObject *number = PyLong_FromUnsignedLongLong(pair[i]);
        if (number == NULL) {
            Py_DECREF(result);
            return NULL;
        }
        PyTuple_SET_ITEM(result, i, number); /* the tuple owns it now */
    }
    return result;
}

/* evolve(u, u_previous, a, dt, dx2, dy2): returns the status. */
static PyObject *py_evolve(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    double x[4];
    Py_buffer u, v;
    if (expect(nargs, 6) < 0 || read_doubles(args + 2, 4, x) < 0
        || open_pair(args, 2, PyBUF_CONTIG, &u, &v) < 0) {
        return NULL;
    }
    Py_ssize_t nx = u.shape[0], ny = u.shape[1];
    PyThreadState *state = detach_if_long((double)nx * (double)ny);
    int32_t status = kernels_evolve(u.buf, v.buf, nx, ny, x[0], x[1], x[2], x[3]);
    attach(state);
    close_pair(&u, &v);
    return PyLong_FromLong(status);
}

/* evolve_steps(u, u_previous, steps, a, dt, dx2, dy2): returns the status. */
static PyObject *py_evolve_steps(PyObject *Py_UNUSED(module), PyObject *const *args,
                              Py_ssize_t nargs)
{
    double x[4];
    Py_buffer u, v;
    if (expect(nargs, 7) < 0) {
        return NULL;
    }
    long long steps = PyLong_AsLongLong(args[2]);
    if (steps == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (read_doubles(args + 3, 4, x) < 0 || open_pair(args, 2, PyBUF_CONTIG, &u, &v) < 0) {
        return NULL;
    }
    Py_ssize_t nx = u.shape[0], ny = u.shape[1];
    PyThreadState *state = detach_if_long((double)nx * (double)ny * (double)steps);
    int32_t status = kernels_evolve_steps(u.buf, v.buf, nx, ny, steps, x[0], x[1], x[2], x[3], 1);
    attach(state);
    close_pair(&u, &v);
    return PyLong_FromLong(status);
}

/* A method has one of several C types and says which in its flags. The cast
   goes through a plain function pointer: compilers then ask no questions. */
#define FAST(function) ((PyCFunction)(void (*)(void))(function)), METH_FASTCALL

static PyMethodDef methods[] = {
    {"noop", py_noop, METH_NOARGS, "Do nothing."},
    {"add_ints", FAST(py_add_ints), "Return a + b for two ints of 32 bits."},
    {"add_floats", FAST(py_add_floats), "Return a + b for two floats."},
    {"add", FAST(py_add), "a += b; return the status."},
    {"fibonacci_step", FAST(py_fibonacci_step), "Return (b, a + b)."},
    {"evolve", FAST(py_evolve), "One classic step; return the status."},
    {"evolve_steps", FAST(py_evolve_steps), "Many steps; return the status."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_kernels_capi",
    .m_doc = "The kernels through the C API of Python.",
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit__kernels_capi(void)
{
    return PyModuleDef_Init(&definition);
}
