/*
 * The smallest calls: nothing goes in, numbers go in, a number comes out, a
 * static string comes out. None of them can fail, so none returns a status.
 */
#include <math.h>

#include "check.h"

static void numbers_go_in_and_a_number_comes_out(void)
{
    CHECK_INT(kernels_add_ints(2, 40), 42);
    /* Two ints go in and an int64_t comes out: these sums do not fit in an int. */
    CHECK_INT(kernels_add_ints(INT32_MAX, INT32_MAX), INT64_C(4294967294));
    CHECK_INT(kernels_add_ints(INT32_MIN, INT32_MIN), INT64_C(-4294967296));

    CHECK_DOUBLE(kernels_add_floats(0.1, 0.2), 0.1 + 0.2);
    CHECK_DOUBLE(kernels_add_floats(-0.0, -0.0), -0.0);
    CHECK_DOUBLE(kernels_add_floats(1e308, 1e308), INFINITY);
}

static void the_version_is_three_numbers(void)
{
    const char *version = kernels_version();
    int major = -1;
    int minor = -1;
    int patch = -1;
    int used = 0;
    CHECK_INT(sscanf(version, "%d.%d.%d%n", &major, &minor, &patch, &used), 3);
    CHECK_INT(used, (int)strlen(version));
    CHECK(major >= 0 && minor >= 0 && patch >= 0);
    /* A static string: every call gives the same one, and nobody frees it. */
    CHECK(kernels_version() == version);
}

int main(void)
{
    kernels_noop();
    numbers_go_in_and_a_number_comes_out();
    the_version_is_three_numbers();
    CHECK_NO_MESSAGE();
    return 0;
}
