/*
 * What a pointer can be in a signature: a place to change, an array to walk
 * through, a second result, and a pointer that comes back.
 */
#include "check.h"

static void a_pointer_to_change_something(void)
{
    double pair[3] = {1.0, 2.0, 3.0};
    double *odd = (double *)one_byte_off(&pair[0]);
    CHECK_OK(kernels_swap(&pair[0], &pair[1]));
    CHECK_DOUBLE(pair[0], 2.0);
    CHECK_DOUBLE(pair[1], 1.0);
    CHECK_OK(kernels_swap(&pair[0], &pair[0]));
    CHECK_DOUBLE(pair[0], 2.0);

    CHECK_STATUS(kernels_swap(NULL, &pair[1]), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("a is null");
    CHECK_STATUS(kernels_swap(&pair[0], NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("b is null");
    CHECK_STATUS(kernels_swap(NULL, NULL), KERNELS_ERROR_NULL);
    CHECK_STATUS(kernels_swap(odd, &pair[2]), KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_swap(&pair[2], odd), KERNELS_ERROR_ALIGNMENT);
    /* Here the two share 7 bytes as well. */
    CHECK_STATUS(kernels_swap(&pair[0], odd), KERNELS_ERROR_ALIGNMENT);
    CHECK_DOUBLE(pair[0], 2.0);
    CHECK_DOUBLE(pair[1], 1.0);
    CHECK_DOUBLE(pair[2], 3.0);
}

static void a_walk_with_a_stride(void)
{
    /* Two rows of three. A column is a walk with a stride of one row. */
    const double grid[6] = {1.0, 2.0, 3.0, 10.0, 20.0, 30.0};
    double sum = 77.0;
    for (int column = 0; column < 3; column++) {
        CHECK_OK(kernels_sum_strided(grid + column, 6 - column, 3, &sum));
        CHECK_DOUBLE(sum, grid[column] + grid[3 + column]);
    }
    CHECK_OK(kernels_sum_strided(grid, 6, 1, &sum));
    CHECK_DOUBLE(sum, 66.0);
    CHECK_OK(kernels_sum_strided(grid, 6, 4, &sum));
    CHECK_DOUBLE(sum, 21.0);
    CHECK_OK(kernels_sum_strided(grid, 6, INT64_MAX, &sum));
    CHECK_DOUBLE(sum, 1.0);
    CHECK_OK(kernels_sum_strided(NULL, 0, 1, &sum));
    CHECK(sum == 0.0);
}

static void a_walk_that_cannot_be(void)
{
    double values[3] = {1.0, 2.0, 3.0};
    double room[2] = {77.0, 77.0};
    double *odd = (double *)one_byte_off(values);
    CHECK_STATUS(kernels_sum_strided(NULL, 3, 1, room), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("values is null");
    CHECK_STATUS(kernels_sum_strided(values, 3, 1, NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_sum is null");
    CHECK_STATUS(kernels_sum_strided(odd, 2, 1, room), KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_sum_strided(values, 3, 1, (double *)one_byte_off(room)),
                 KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_sum_strided(values, -3, 1, room), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("n = -3 is negative");
    CHECK_STATUS(kernels_sum_strided(values, INT64_MAX, 1, room), KERNELS_ERROR_SIZE);
    CHECK_STATUS(kernels_sum_strided(values, 3, -1, room), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("stride = -1 is negative");
    CHECK_STATUS(kernels_sum_strided(values, 3, 0, room), KERNELS_ERROR_PARAMETER);
    CHECK_MESSAGE("stride is 0");
    CHECK_DOUBLE(room[0], 77.0);
    CHECK_DOUBLE(room[1], 77.0);
}

static void two_results(void)
{
    static const int64_t numbers[] = {0, 1, 7, -1, -7, 2, -2, 1000003, INT64_MAX, INT64_MIN};
    const size_t count = sizeof numbers / sizeof numbers[0];
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            int64_t dividend = numbers[i];
            int64_t divisor = numbers[j];
            int64_t quotient = 77;
            int64_t remainder = 77;
            if (divisor == 0 || (dividend == INT64_MIN && divisor == -1)) {
                continue; /* undefined in C: the library has a status for it */
            }
            CHECK_OK(kernels_divide(dividend, divisor, &quotient, &remainder));
            CHECK_INT(quotient, dividend / divisor);
            CHECK_INT(remainder, dividend % divisor);
        }
    }
}

static void no_results(void)
{
    int64_t quotient[2] = {77, 77};
    int64_t remainder[2] = {77, 77};
    int64_t *odd_quotient = (int64_t *)one_byte_off(quotient);
    int64_t *odd_remainder = (int64_t *)one_byte_off(remainder);
    CHECK_STATUS(kernels_divide(7, 0, quotient, remainder), KERNELS_ERROR_DIVISION_BY_ZERO);
    CHECK_MESSAGE("7 / 0");
    CHECK_STATUS(kernels_divide(INT64_MIN, -1, quotient, remainder), KERNELS_ERROR_OVERFLOW);
    CHECK_MESSAGE("does not fit");
    CHECK_STATUS(kernels_divide(7, 2, quotient, quotient), KERNELS_ERROR_OVERLAP);
    CHECK_STATUS(kernels_divide(7, 2, NULL, remainder), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_quotient is null");
    CHECK_STATUS(kernels_divide(7, 2, quotient, NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_remainder is null");
    CHECK_STATUS(kernels_divide(7, 2, odd_quotient, remainder), KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_divide(7, 2, quotient, odd_remainder), KERNELS_ERROR_ALIGNMENT);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(quotient[i], 77);
        CHECK_INT(remainder[i], 77);
    }
}

static void a_pointer_that_comes_back(void)
{
    double values[4] = {3.0, 8.0, -9.0, 5.0};
    const double *largest = NULL;
    CHECK_OK(kernels_largest(values, 4, &largest));
    CHECK(largest == &values[1]);
    /* It points into our array: what we write there is what it sees. */
    values[1] = 80.0;
    CHECK_DOUBLE(*largest, 80.0);

    CHECK_OK(kernels_largest(values + 2, 1, &largest));
    CHECK(largest == &values[2]);
}

static void no_pointer_that_comes_back(void)
{
    double values[2] = {3.0, 8.0};
    const double *room[2] = {&values[0], &values[0]};
    const double **odd_room = (const double **)one_byte_off((void *)room);
    double *odd_values = (double *)one_byte_off(values);
    CHECK_STATUS(kernels_largest(NULL, 2, room), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("values is null");
    CHECK_STATUS(kernels_largest(values, 2, NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_largest is null");
    CHECK_STATUS(kernels_largest(odd_values, 1, room), KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_largest(values, 2, odd_room), KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_largest(values, 0, room), KERNELS_ERROR_SIZE);
    CHECK_STATUS(kernels_largest(values, -2, room), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("n = -2 is negative");
    CHECK_STATUS(kernels_largest(values, INT64_MAX, room), KERNELS_ERROR_SIZE);
    CHECK(room[0] == &values[0] && room[1] == &values[0]);
}

int main(void)
{
    a_walk_with_a_stride();
    two_results();
    a_pointer_that_comes_back();
    CHECK_NO_MESSAGE();
    a_pointer_to_change_something();
    a_walk_that_cannot_be();
    no_results();
    no_pointer_that_comes_back();
    return 0;
}
