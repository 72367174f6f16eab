/*
 * The heat equation. A plain C loop, written out here, is the judge: evolve
 * and kernels_evolve must give its results bit for bit.
 */
#include <limits.h>
#include <math.h>

#include "check.h"

/* Distances between rows and columns, squared; different, to tell them apart. */
static const double A = 0.5, DX2 = 0.01, DY2 = 0.02;

/* The published step. Its rows are ny apart, so that rectangles work as well. */
static void published_step(double *u, double *u_previous, int nx, int ny, double dt)
{
    const double *p = u_previous;
    for (int i = 1; i < nx - 1; i++) {
        for (int j = 1; j < ny - 1; j++) {
            int here = i * ny + j;
            u[here] = p[here]
                      + A * dt
                            * ((p[here + ny] - 2.0 * p[here] + p[here - ny]) / DX2
                               + (p[here + 1] - 2.0 * p[here] + p[here - 1]) / DY2);
        }
    }
    for (int k = 0; k < nx * ny; k++) {
        u_previous[k] = u[k];
    }
}

/* A field and the one before it. */
typedef struct {
    double *u;
    double *u_previous;
    size_t cells;
} Grids;

/*
 * Numbers without a pattern, the same ones for every call. The boundaries of u
 * and u_previous differ, so that a mix-up of the two shows.
 */
static Grids new_grids(int nx, int ny)
{
    Grids grids;
    uint32_t seed = 1;
    grids.cells = (size_t)nx * (size_t)ny;
    /* One cell more than needed: malloc(0) may return null. */
    grids.u = (double *)malloc((grids.cells + 1) * sizeof(double));
    grids.u_previous = (double *)malloc((grids.cells + 1) * sizeof(double));
    CHECK(grids.u != NULL && grids.u_previous != NULL);
    for (size_t k = 0; k <= grids.cells; k++) {
        seed = seed * 1664525u + 1013904223u;
        grids.u[k] = seed / 4294967296.0;
        seed = seed * 1664525u + 1013904223u;
        grids.u_previous[k] = 100.0 * (seed / 4294967296.0);
    }
    return grids;
}

static void free_grids(Grids grids)
{
    free(grids.u);
    free(grids.u_previous);
}

static void check_same_bits(Grids got, Grids expected)
{
    /* The cell behind the last one is compared as well: nobody may touch it. */
    for (size_t k = 0; k <= expected.cells; k++) {
        CHECK_DOUBLE(got.u[k], expected.u[k]);
        CHECK_DOUBLE(got.u_previous[k], expected.u_previous[k]);
    }
}

static double stable_dt(void)
{
    double dt = -1.0;
    CHECK_OK(kernels_largest_stable_dt(A, DX2, DY2, &dt));
    return dt;
}

static void classic_and_checked_are_the_published_loop(int nx, int ny)
{
    Grids classic = new_grids(nx, ny);
    Grids checked = new_grids(nx, ny);
    Grids expected = new_grids(nx, ny);
    double dt = 0.9 * stable_dt();
    for (int step = 0; step < 5; step++) {
        published_step(expected.u, expected.u_previous, nx, ny, dt);
        evolve(classic.u, classic.u_previous, nx, ny, A, dt, DX2, DY2);
        CHECK_OK(kernels_evolve(checked.u, checked.u_previous, nx, ny, A, dt, DX2, DY2));
        check_same_bits(classic, expected);
        check_same_bits(checked, expected);
    }
    free_grids(classic);
    free_grids(checked);
    free_grids(expected);
}

static void many_steps_are_as_many_calls(int nx, int ny, int steps)
{
    Grids many = new_grids(nx, ny);
    Grids one_by_one = new_grids(nx, ny);
    double dt = 0.9 * stable_dt();
    CHECK_OK(kernels_evolve_steps(many.u, many.u_previous, nx, ny, steps, A, dt, DX2, DY2, 1));
    for (int step = 0; step < steps; step++) {
        CHECK_OK(kernels_evolve(one_by_one.u, one_by_one.u_previous, nx, ny, A, dt, DX2, DY2));
    }
    for (size_t k = 0; k < many.cells; k++) {
        CHECK_CLOSE(many.u[k], one_by_one.u[k]);
        CHECK_DOUBLE(many.u_previous[k], many.u[k]);
    }
    /* The cell behind the last one. */
    CHECK_DOUBLE(many.u[many.cells], one_by_one.u[many.cells]);
    CHECK_DOUBLE(many.u_previous[many.cells], one_by_one.u_previous[many.cells]);
    free_grids(many);
    free_grids(one_by_one);
}

static void no_steps_change_nothing(void)
{
    Grids grids = new_grids(5, 9);
    Grids before = new_grids(5, 9);
    CHECK_OK(kernels_evolve_steps(grids.u, grids.u_previous, 5, 9, 0, A, 0.0, DX2, DY2, 1));
    check_same_bits(grids, before);
    free_grids(grids);
    free_grids(before);
}

static void the_number_of_threads_changes_no_bit(void)
{
    /* Large enough that several threads have something to do. */
    const int nx = 700;
    const int ny = 900;
    const int steps = 40;
    double dt = 0.9 * stable_dt();
    Grids one = new_grids(nx, ny);
    CHECK_OK(kernels_evolve_steps(one.u, one.u_previous, nx, ny, steps, A, dt, DX2, DY2, 1));
    const int64_t threads[] = {0, 2, 3};
    for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
        Grids many = new_grids(nx, ny);
        CHECK_OK(kernels_evolve_steps(many.u, many.u_previous, nx, ny, steps, A, dt, DX2, DY2,
                                      threads[k]));
        check_same_bits(many, one);
        free_grids(many);
    }
    free_grids(one);
}

static void an_empty_grid_needs_no_memory(void)
{
    evolve(NULL, NULL, 0, 7, A, 0.0, DX2, DY2);
    CHECK_OK(kernels_evolve(NULL, NULL, 7, 0, A, 0.0, DX2, DY2));
    /* Very many rows of nothing take no time. */
    CHECK_OK(kernels_evolve(NULL, NULL, INT64_MAX / 8, 0, A, 0.0, DX2, DY2));
    CHECK_OK(kernels_evolve_steps(NULL, NULL, INT64_MAX / 8, 0, 9, A, 0.0, DX2, DY2, 0));
    CHECK_OK(kernels_evolve_steps(NULL, NULL, 0, 0, 3, A, 0.0, DX2, DY2, 1));
    CHECK_NO_MESSAGE();
}

static void the_classic_one_does_not_look_for_stability(void)
{
    Grids classic = new_grids(5, 9);
    Grids expected = new_grids(5, 9);
    double dt = 10.0 * stable_dt();
    kernels_clear_error();
    evolve(classic.u, classic.u_previous, 5, 9, A, dt, DX2, DY2);
    CHECK_NO_MESSAGE();
    published_step(expected.u, expected.u_previous, 5, 9, dt);
    check_same_bits(classic, expected);
    free_grids(classic);
    free_grids(expected);
}

static void the_longest_stable_time_step(void)
{
    double dt = stable_dt();
    double room[2] = {77.0, 77.0};
    Grids grids = new_grids(5, 9);
    CHECK_DOUBLE(dt, DX2 * DY2 / (2.0 * A * (DX2 + DY2)));
    CHECK_OK(kernels_evolve(grids.u, grids.u_previous, 5, 9, A, dt, DX2, DY2));

    /* Where nothing flows, every time step is stable. */
    CHECK_OK(kernels_largest_stable_dt(0.0, DX2, DY2, &dt));
    CHECK_DOUBLE(dt, INFINITY);

    CHECK_STATUS(kernels_largest_stable_dt(-1.0, DX2, DY2, room), KERNELS_ERROR_PARAMETER);
    CHECK_MESSAGE("a = -1");
    CHECK_STATUS(kernels_largest_stable_dt(A, 0.0, DY2, room), KERNELS_ERROR_PARAMETER);
    CHECK_MESSAGE("dx2 = 0");
    CHECK_STATUS(kernels_largest_stable_dt(A, DX2, NAN, room), KERNELS_ERROR_PARAMETER);
    CHECK_MESSAGE("dy2 = NaN");
    CHECK_STATUS(kernels_largest_stable_dt(A, DX2, DY2, NULL), KERNELS_ERROR_NULL);
    CHECK_STATUS(kernels_largest_stable_dt(A, DX2, DY2, (double *)one_byte_off(room)),
                 KERNELS_ERROR_ALIGNMENT);
    CHECK_DOUBLE(room[0], 77.0);
    CHECK_DOUBLE(room[1], 77.0);
    free_grids(grids);
}

/* Both checked functions must refuse the same arguments, for the same reason. */
static void both_refuse_grids(double *u, double *u_previous, int64_t nx, int64_t ny,
                              int32_t status)
{
    CHECK_STATUS(kernels_evolve(u, u_previous, nx, ny, A, 0.0, DX2, DY2), status);
    CHECK_STATUS(kernels_evolve_steps(u, u_previous, nx, ny, 1, A, 0.0, DX2, DY2, 1), status);
}

static void both_refuse_numbers(Grids grids, double a, double dt, double dx2, double dy2,
                                int32_t status)
{
    CHECK_STATUS(kernels_evolve(grids.u, grids.u_previous, 5, 9, a, dt, dx2, dy2), status);
    CHECK_STATUS(kernels_evolve_steps(grids.u, grids.u_previous, 5, 9, 1, a, dt, dx2, dy2, 1),
                 status);
}

static void bad_input_is_a_status_and_changes_nothing(void)
{
    Grids grids = new_grids(5, 9);
    Grids before = new_grids(5, 9);
    double *u = grids.u;
    double *v = grids.u_previous;

    both_refuse_grids(NULL, v, 5, 9, KERNELS_ERROR_NULL);
    CHECK_MESSAGE("u is null");
    both_refuse_grids(u, NULL, 5, 9, KERNELS_ERROR_NULL);
    CHECK_MESSAGE("u_previous is null");
    both_refuse_grids(NULL, NULL, 5, 9, KERNELS_ERROR_NULL);

    both_refuse_grids((double *)one_byte_off(u), v, 5, 9, KERNELS_ERROR_ALIGNMENT);
    both_refuse_grids(u, (double *)one_byte_off(v), 5, 9, KERNELS_ERROR_ALIGNMENT);

    both_refuse_grids(u, v, -5, 9, KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("nx = -5 is negative");
    both_refuse_grids(u, v, 5, -9, KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("ny = -9 is negative");
    /* The product of two negative numbers is positive, and of two huge ones
     * does not fit: both must be seen before the multiplication. */
    both_refuse_grids(u, v, -5, -9, KERNELS_ERROR_SIZE);
    both_refuse_grids(u, v, INT64_C(1) << 32, INT64_C(1) << 32, KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("too large");
    both_refuse_grids(u, v, INT64_MAX, 9, KERNELS_ERROR_SIZE);
    both_refuse_grids(u, v, 5, INT64_MAX, KERNELS_ERROR_SIZE);

    both_refuse_grids(u, u, 5, 9, KERNELS_ERROR_OVERLAP);
    both_refuse_grids(u, u + 1, 4, 9, KERNELS_ERROR_OVERLAP);
    both_refuse_grids(u + 44, u, 5, 9, KERNELS_ERROR_OVERLAP);
    CHECK_MESSAGE("u and u_previous overlap");

    both_refuse_numbers(grids, -0.5, 0.0, DX2, DY2, KERNELS_ERROR_PARAMETER);
    both_refuse_numbers(grids, A, -1e-9, DX2, DY2, KERNELS_ERROR_PARAMETER);
    both_refuse_numbers(grids, A, NAN, DX2, DY2, KERNELS_ERROR_PARAMETER);
    both_refuse_numbers(grids, A, 0.0, 0.0, DY2, KERNELS_ERROR_PARAMETER);
    both_refuse_numbers(grids, A, 0.0, DX2, INFINITY, KERNELS_ERROR_PARAMETER);
    CHECK_MESSAGE("dy2 = inf");
    /* The next double after the longest stable time step. */
    both_refuse_numbers(grids, A, nextafter(stable_dt(), 1.0), DX2, DY2, KERNELS_ERROR_UNSTABLE);
    CHECK_MESSAGE("stability limit");

    CHECK_STATUS(kernels_evolve_steps(u, v, 5, 9, -1, A, 0.0, DX2, DY2, 1), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("steps = -1 is negative");
    CHECK_STATUS(kernels_evolve_steps(u, v, 5, 9, 1, A, 0.0, DX2, DY2, -1), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("threads = -1 is negative");

    check_same_bits(grids, before);
    free_grids(grids);
    free_grids(before);
}

static void classic_refuses(double *u, double *u_previous, int nx, int ny, const char *message)
{
    kernels_clear_error();
    evolve(u, u_previous, nx, ny, A, 0.0, DX2, DY2);
    CHECK_MESSAGE(message);
}

static void the_classic_one_changes_nothing_on_bad_input(void)
{
    Grids grids = new_grids(5, 9);
    Grids before = new_grids(5, 9);
    double *u = grids.u;
    double *v = grids.u_previous;
    classic_refuses(NULL, v, 5, 9, "u is null");
    classic_refuses(u, NULL, 5, 9, "u_previous is null");
    classic_refuses(NULL, NULL, 5, 9, "u is null");
    classic_refuses((double *)one_byte_off(u), v, 5, 9, "is not aligned");
    classic_refuses(u, v, -5, 9, "nx = -5 is negative");
    classic_refuses(u, v, 5, -9, "ny = -9 is negative");
    classic_refuses(u, v, INT_MAX, INT_MAX, "is too large");
    classic_refuses(u, u, 5, 9, "u and u_previous overlap");
    check_same_bits(grids, before);
    free_grids(grids);
    free_grids(before);
}

int main(void)
{
    static const int shapes[][2] = {{0, 0}, {0, 7}, {7, 0}, {1, 1},  {1, 9},   {9, 1},  {2, 9},
                                    {9, 2}, {3, 3}, {7, 3}, {3, 40}, {5, 9}, {33, 70}, {200, 200}};
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        classic_and_checked_are_the_published_loop(shapes[k][0], shapes[k][1]);
        many_steps_are_as_many_calls(shapes[k][0], shapes[k][1], 1);
        many_steps_are_as_many_calls(shapes[k][0], shapes[k][1], 6);
        many_steps_are_as_many_calls(shapes[k][0], shapes[k][1], 7);
    }
    no_steps_change_nothing();
    the_number_of_threads_changes_no_bit();
    an_empty_grid_needs_no_memory();
    the_classic_one_does_not_look_for_stability();
    the_longest_stable_time_step();
    bad_input_is_a_status_and_changes_nothing();
    the_classic_one_changes_nothing_on_bad_input();
    return 0;
}
