// The kernels through nanobind: it reads the C++ types of each function and
// writes the conversions. The arrays have been checked in Python.

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>

#include <cstdint>
#include <stdexcept>
#include <utility>

#include "kernels.h"

namespace nb = nanobind;

using Vector = nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using ConstVector = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Grid = nb::ndarray<double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

// Runs `work`; lets other Python threads run meanwhile when it is long. The
// threshold is that of the PyO3 skin. (A double counts: it cannot overflow.)
template <typename Work>
static std::int32_t maybe_detached(double updates, Work work) {
    if (updates < 16384) {
        return work();
    }
    nb::gil_scoped_release released;
    return work();
}

static std::int32_t py_add(Vector a, ConstVector b) {
    return maybe_detached(static_cast<double>(a.size()), [&] {
        return kernels_add(a.data(), b.data(), static_cast<std::int64_t>(a.size()));
    });
}

static std::pair<std::uint64_t, std::uint64_t> py_fibonacci_step(std::uint64_t a, std::uint64_t b) {
    if (kernels_fibonacci_step(&a, &b) != KERNELS_OK) {
        throw std::overflow_error("the sum does not fit in u64"); // OverflowError in Python
    }
    return {a, b};
}

static std::int32_t py_evolve(Grid u, Grid u_previous, double a, double dt, double dx2,
                              double dy2) {
    auto nx = static_cast<std::int64_t>(u.shape(0)), ny = static_cast<std::int64_t>(u.shape(1));
    return maybe_detached(static_cast<double>(u.size()), [&] {
        return kernels_evolve(u.data(), u_previous.data(), nx, ny, a, dt, dx2, dy2);
    });
}

static std::int32_t py_evolve_steps(Grid u, Grid u_previous, std::int64_t steps, double a,
                                    double dt, double dx2, double dy2) {
    auto nx = static_cast<std::int64_t>(u.shape(0)), ny = static_cast<std::int64_t>(u.shape(1));
    return maybe_detached(static_cast<double>(u.size()) * static_cast<double>(steps), [&] {
        return kernels_evolve_steps(u.data(), u_previous.data(), nx, ny, steps, a, dt, dx2, dy2, 1);
    });
}

NB_MODULE(_kernels_nanobind, module) {
    // An array that does not fit would be copied and the copy filled, without a
    // word; noconvert() refuses it.
    auto array = [](const char *name) { return nb::arg(name).noconvert(); };

    module.def("noop", &kernels_noop);
    module.def("add_ints", &kernels_add_ints);
    module.def("add_floats", &kernels_add_floats);
    module.def("add", &py_add, array("a"), array("b"));
    module.def("fibonacci_step", &py_fibonacci_step);
    module.def("evolve", &py_evolve, array("u"), array("u_previous"), nb::arg("a"), nb::arg("dt"),
               nb::arg("dx2"), nb::arg("dy2"));
    module.def("evolve_steps", &py_evolve_steps, array("u"), array("u_previous"), nb::arg("steps"),
               nb::arg("a"), nb::arg("dt"), nb::arg("dx2"), nb::arg("dy2"));
}
