/*
 * kernels_add: two arrays go in, one of them is changed, a status comes back.
 */
#include "check.h"

enum { N = 1003 }; /* enough for the vector code, and no multiple of a vector */

static void the_sum_is_that_of_a_plain_loop(void)
{
    double a[N], b[N], expected[N];
    for (int i = 0; i < N; i++) {
        a[i] = 0.1 * i;
        b[i] = 7.0 / (i + 1);
        expected[i] = a[i] + b[i];
    }
    CHECK_OK(kernels_add(a, b, N));
    for (int i = 0; i < N; i++) {
        CHECK_DOUBLE(a[i], expected[i]);
        CHECK_DOUBLE(b[i], 7.0 / (i + 1));
    }
}

static void neighbours_are_not_an_overlap(void)
{
    double cells[4] = {1.0, 2.0, 10.0, 20.0};
    CHECK_OK(kernels_add(cells, cells + 2, 2));
    CHECK_DOUBLE(cells[0], 11.0);
    CHECK_DOUBLE(cells[1], 22.0);
    CHECK_OK(kernels_add(cells + 2, cells, 2));
    CHECK_DOUBLE(cells[2], 21.0);
    CHECK_DOUBLE(cells[3], 42.0);
}

static void no_elements_need_no_memory(void)
{
    double a[1] = {1.0};
    CHECK_OK(kernels_add(NULL, NULL, 0));
    CHECK_OK(kernels_add(a, a, 0));
    CHECK_DOUBLE(a[0], 1.0);
}

static void bad_input_is_a_status_and_changes_nothing(void)
{
    double a[3] = {1.0, 2.0, 3.0};
    double b[3] = {10.0, 20.0, 30.0};
    double *odd_a = (double *)one_byte_off(a);
    double *odd_b = (double *)one_byte_off(b);

    CHECK_STATUS(kernels_add(NULL, b, 3), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("a is null");
    CHECK_STATUS(kernels_add(a, NULL, 3), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("b is null");
    CHECK_STATUS(kernels_add(NULL, NULL, 3), KERNELS_ERROR_NULL);

    CHECK_STATUS(kernels_add(odd_a, b, 2), KERNELS_ERROR_ALIGNMENT);
    CHECK_MESSAGE("a = ");
    CHECK_STATUS(kernels_add(a, odd_b, 2), KERNELS_ERROR_ALIGNMENT);
    CHECK_MESSAGE("b = ");

    CHECK_STATUS(kernels_add(a, b, -1), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("n = -1 is negative");
    CHECK_STATUS(kernels_add(a, b, INT64_MIN), KERNELS_ERROR_SIZE);
    /* So many doubles cannot be in any memory. */
    CHECK_STATUS(kernels_add(a, b, INT64_MAX), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("n = 9223372036854775807 is too large");

    CHECK_STATUS(kernels_add(a, a, 3), KERNELS_ERROR_OVERLAP);
    CHECK_STATUS(kernels_add(a, a + 2, 3), KERNELS_ERROR_OVERLAP);
    CHECK_STATUS(kernels_add(a + 2, a, 3), KERNELS_ERROR_OVERLAP);
    CHECK_MESSAGE("a and b overlap");

    for (int i = 0; i < 3; i++) {
        CHECK_DOUBLE(a[i], i + 1.0);
        CHECK_DOUBLE(b[i], 10.0 * (i + 1));
    }
}

int main(void)
{
    the_sum_is_that_of_a_plain_loop();
    neighbours_are_not_an_overlap();
    no_elements_need_no_memory();
    CHECK_NO_MESSAGE();
    bad_input_is_a_status_and_changes_nothing();
    return 0;
}
