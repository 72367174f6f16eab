/*
 * The classic functions add and fibo, with their published signatures. (The
 * third one, evolve, is in heat.c.)
 *
 * They return nothing. On bad input they change nothing and leave a message:
 * clear the last message before the call, and look for one after it.
 */
#include <limits.h>

#include "check.h"

enum { N = 1003 }; /* enough for the vector code, and no multiple of a vector */

static void add_is_the_plain_loop(void)
{
    double a[N], b[N], expected[N];
    for (int i = 0; i < N; i++) {
        a[i] = 0.1 * i;
        b[i] = 7.0 / (i + 1);
        expected[i] = a[i] + b[i];
    }
    add(a, b, N);
    for (int i = 0; i < N; i++) {
        CHECK_DOUBLE(a[i], expected[i]);
        CHECK_DOUBLE(b[i], 7.0 / (i + 1));
    }
}

static void add_takes_the_same_array_twice(void)
{
    double a[3] = {1.0, 2.0, 3.0};
    add(a, a, 3);
    CHECK_DOUBLE(a[0], 2.0);
    CHECK_DOUBLE(a[1], 4.0);
    CHECK_DOUBLE(a[2], 6.0);
}

static void add_goes_from_the_first_to_the_last(void)
{
    /* a[i] += a[i - 1]: the order makes this a running sum. */
    double a[5] = {1.0, 2.0, 3.0, 4.0, 5.0};
    add(a + 1, a, 4);
    CHECK_DOUBLE(a[0], 1.0);
    CHECK_DOUBLE(a[1], 3.0);
    CHECK_DOUBLE(a[2], 6.0);
    CHECK_DOUBLE(a[3], 10.0);
    CHECK_DOUBLE(a[4], 15.0);
}

static void add_of_nothing_may_get_null(void)
{
    kernels_clear_error();
    add(NULL, NULL, 0);
    CHECK_NO_MESSAGE();
}

static void add_refuses(double *a, double *b, int n, const char *message)
{
    kernels_clear_error();
    add(a, b, n);
    CHECK_MESSAGE(message);
}

static void add_changes_nothing_on_bad_input(void)
{
    double a[3] = {1.0, 2.0, 3.0};
    double b[3] = {10.0, 20.0, 30.0};
    add_refuses(NULL, b, 2, "a is null");
    add_refuses(a, NULL, 2, "b is null");
    add_refuses(NULL, NULL, 2, "a is null");
    add_refuses(a, b, -1, "n = -1 is negative");
    add_refuses(a, b, INT_MIN, "is negative");
    add_refuses((double *)one_byte_off(a), b, 2, "a = ");
    add_refuses(a, (double *)one_byte_off(b), 2, "b = ");
    /* Not aligned, and overlapping: the path for overlap must look too. */
    add_refuses((double *)one_byte_off(a), a, 2, "is not aligned");
    add_refuses(a, (double *)one_byte_off(a), 2, "is not aligned");
    for (int i = 0; i < 3; i++) {
        CHECK_DOUBLE(a[i], i + 1.0);
        CHECK_DOUBLE(b[i], 10.0 * (i + 1));
    }
}

static void fibo_makes_the_sequence(void)
{
    int a = 0;
    int b = 1;
    int previous = 0;
    int current = 1;
    /* F(46) is the last that fits in an int of 32 bits. */
    for (int n = 2; n <= 46; n++) {
        int next = previous + current;
        previous = current;
        current = next;
        fibo(&a, &b);
        CHECK_INT(a, previous);
        CHECK_INT(b, current);
    }
    CHECK_INT(b, 1836311903);

    kernels_clear_error();
    fibo(&a, &b);
    CHECK_MESSAGE("does not fit");
    CHECK_INT(a, previous);
    CHECK_INT(b, current);
}

static void fibo_refuses(int *a, int *b, const char *message)
{
    kernels_clear_error();
    fibo(a, b);
    CHECK_MESSAGE(message);
}

static void fibo_changes_nothing_on_bad_input(void)
{
    int pair[3] = {5, 8, 13};
    fibo_refuses(NULL, &pair[1], "a is null");
    fibo_refuses(&pair[0], NULL, "b is null");
    fibo_refuses(NULL, NULL, "a is null");
    fibo_refuses(&pair[0], &pair[0], "a and b overlap");
    fibo_refuses((int *)one_byte_off(&pair[0]), &pair[2], "a = ");
    fibo_refuses(&pair[0], (int *)one_byte_off(&pair[1]), "b = ");
    CHECK_INT(pair[0], 5);
    CHECK_INT(pair[1], 8);
    CHECK_INT(pair[2], 13);
}

int main(void)
{
    add_is_the_plain_loop();
    add_takes_the_same_array_twice();
    add_goes_from_the_first_to_the_last();
    add_of_nothing_may_get_null();
    CHECK_NO_MESSAGE();
    add_changes_nothing_on_bad_input();
    fibo_makes_the_sequence();
    fibo_changes_nothing_on_bad_input();
    return 0;
}
