/*
 * Two marks for callgrind: count from here on (or no longer), and write down what
 * was counted. Outside valgrind they do nothing.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <valgrind/callgrind.h>
#include <valgrind/valgrind.h>

static PyObject *toggle(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    CALLGRIND_TOGGLE_COLLECT;
    Py_RETURN_NONE;
}

static PyObject *dump(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    CALLGRIND_DUMP_STATS;
    Py_RETURN_NONE;
}

static PyObject *under_valgrind(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    return PyBool_FromLong((long)RUNNING_ON_VALGRIND);
}

static PyMethodDef methods[] = {
    {"toggle", toggle, METH_NOARGS, "Start counting, or stop."},
    {"dump", dump, METH_NOARGS, "Write what was counted to callgrind's next file."},
    {"under_valgrind", under_valgrind, METH_NOARGS, "Whether valgrind runs this process."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_callgrind_mark",
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit__callgrind_mark(void)
{
    return PyModule_Create(&module);
}
