/*
 * Fibonacci numbers: one step, one number, and the first n numbers. The next
 * number after F(93) does not fit in a uint64_t, and that is a status.
 */
#include "check.h"

enum { COUNT = 94 }; /* F(0) to F(93): all that fit */

static uint64_t known[COUNT];

static void work_out_the_known_numbers(void)
{
    known[0] = 0;
    known[1] = 1;
    for (int n = 2; n < COUNT; n++) {
        known[n] = known[n - 1] + known[n - 2];
    }
    /* https://oeis.org/A000045 */
    CHECK_UINT(known[93], UINT64_C(12200160415121876738));
}

static void a_step_goes_from_one_pair_to_the_next(void)
{
    uint64_t a = 0;
    uint64_t b = 1;
    for (int n = 2; n < COUNT; n++) {
        CHECK_OK(kernels_fibonacci_step(&a, &b));
        CHECK_UINT(a, known[n - 1]);
        CHECK_UINT(b, known[n]);
    }
    CHECK_STATUS(kernels_fibonacci_step(&a, &b), KERNELS_ERROR_OVERFLOW);
    CHECK_UINT(a, known[92]);
    CHECK_UINT(b, known[93]);
}

static void a_bad_step_changes_nothing(void)
{
    uint64_t pair[3] = {5, 8, 13};
    uint64_t *odd = (uint64_t *)one_byte_off(&pair[0]);
    CHECK_STATUS(kernels_fibonacci_step(NULL, &pair[1]), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("a is null");
    CHECK_STATUS(kernels_fibonacci_step(&pair[0], NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("b is null");
    CHECK_STATUS(kernels_fibonacci_step(NULL, NULL), KERNELS_ERROR_NULL);
    CHECK_STATUS(kernels_fibonacci_step(odd, &pair[2]), KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_fibonacci_step(&pair[2], odd), KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_fibonacci_step(&pair[0], &pair[0]), KERNELS_ERROR_OVERLAP);
    CHECK_UINT(pair[0], 5);
    CHECK_UINT(pair[1], 8);
    CHECK_UINT(pair[2], 13);
}

static void one_number(void)
{
    for (int n = 0; n < COUNT; n++) {
        uint64_t number = 77;
        CHECK_OK(kernels_fibonacci(n, &number));
        CHECK_UINT(number, known[n]);
    }
}

static void a_number_that_cannot_be_had(void)
{
    uint64_t room[2] = {77, 77};
    CHECK_STATUS(kernels_fibonacci(94, room), KERNELS_ERROR_OVERFLOW);
    CHECK_MESSAGE("fibonacci(94) does not fit");
    CHECK_STATUS(kernels_fibonacci(INT64_MAX, room), KERNELS_ERROR_OVERFLOW);
    CHECK_STATUS(kernels_fibonacci(-1, room), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("n = -1 is negative");
    CHECK_STATUS(kernels_fibonacci(10, NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_number is null");
    CHECK_STATUS(kernels_fibonacci(10, (uint64_t *)one_byte_off(room)), KERNELS_ERROR_ALIGNMENT);
    CHECK_UINT(room[0], 77);
    CHECK_UINT(room[1], 77);
}

static void the_first_numbers(void)
{
    for (int count = 1; count <= COUNT; count++) {
        /* One place more than asked for: it must stay as it is. */
        uint64_t numbers[COUNT + 1];
        numbers[count] = 77;
        CHECK_OK(kernels_fibonacci_sequence(count, numbers));
        for (int n = 0; n < count; n++) {
            CHECK_UINT(numbers[n], known[n]);
        }
        CHECK_UINT(numbers[count], 77);
    }
    CHECK_OK(kernels_fibonacci_sequence(0, NULL));
}

static void numbers_that_cannot_be_had(void)
{
    uint64_t numbers[COUNT + 1];
    for (int n = 0; n <= COUNT; n++) {
        numbers[n] = 77;
    }
    CHECK_STATUS(kernels_fibonacci_sequence(95, numbers), KERNELS_ERROR_OVERFLOW);
    CHECK_MESSAGE("fibonacci(94) does not fit");
    /* No memory for these is asked for before they are refused. */
    CHECK_STATUS(kernels_fibonacci_sequence(INT64_C(1) << 40, numbers), KERNELS_ERROR_OVERFLOW);
    CHECK_STATUS(kernels_fibonacci_sequence(INT64_MAX, numbers), KERNELS_ERROR_SIZE);
    CHECK_STATUS(kernels_fibonacci_sequence(-1, numbers), KERNELS_ERROR_SIZE);
    CHECK_STATUS(kernels_fibonacci_sequence(10, NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_numbers is null");
    CHECK_STATUS(kernels_fibonacci_sequence(10, (uint64_t *)one_byte_off(numbers)),
                 KERNELS_ERROR_ALIGNMENT);
    for (int n = 0; n <= COUNT; n++) {
        CHECK_UINT(numbers[n], 77);
    }
}

int main(void)
{
    work_out_the_known_numbers();
    one_number();
    the_first_numbers();
    CHECK_NO_MESSAGE();
    a_step_goes_from_one_pair_to_the_next();
    a_bad_step_changes_nothing();
    a_number_that_cannot_be_had();
    numbers_that_cannot_be_had();
    return 0;
}
