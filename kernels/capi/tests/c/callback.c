/*
 * The library calls us: kernels_integrate works with any function that we
 * bring, and hands our user_data back to it.
 */
#include <math.h>
#include <pthread.h>

#include "check.h"

/* What one integral's callback needs and notes: this is what user_data is for. */
typedef struct {
    double factor;
    int calls;
    int stop_at; /* the call at which to stop; 0 for never */
    double first_x;
    double last_x;
    pthread_t thread;
} Parabola;

static int32_t parabola(double x, void *user_data, double *out_y)
{
    Parabola *self = (Parabola *)user_data;
    self->calls++;
    if (self->calls == self->stop_at) {
        return 42; /* any number but 0 */
    }
    if (self->calls == 1) {
        self->first_x = x;
    } else {
        CHECK(x > self->last_x);
    }
    self->last_x = x;
    self->thread = pthread_self();
    *out_y = self->factor * x * x;
    return 0;
}

static int32_t one(double x, void *user_data, double *out_y)
{
    (void)x;
    CHECK(user_data == NULL);
    *out_y = 1.0;
    return 0;
}

/* The trapezoidal rule, written out. */
static double trapezoids(double factor, double low, double high, int intervals)
{
    double h = (high - low) / intervals;
    double sum = factor * (low * low + high * high) / 2.0;
    for (int k = 1; k < intervals; k++) {
        double x = low + k * h;
        sum += factor * x * x;
    }
    return sum * h;
}

static void it_is_the_trapezoidal_rule(void)
{
    for (int intervals = 1; intervals < 50; intervals++) {
        Parabola data = {3.0, 0, 0, NAN, NAN, pthread_self()};
        double integral = 77.0;
        CHECK_OK(kernels_integrate(parabola, &data, -1.0, 2.0, intervals, &integral));
        CHECK_CLOSE(integral, trapezoids(3.0, -1.0, 2.0, intervals));
        CHECK_INT(data.calls, intervals + 1);
        CHECK_DOUBLE(data.first_x, -1.0);
        CHECK_DOUBLE(data.last_x, 2.0);
        CHECK(pthread_equal(data.thread, pthread_self()));
    }
}

static void user_data_may_be_null(void)
{
    const KernelsFunction function = one;
    double integral = 77.0;
    CHECK_OK(kernels_integrate(function, NULL, 2.0, 5.0, 10, &integral));
    CHECK_CLOSE(integral, 3.0);
    CHECK_OK(kernels_integrate(function, NULL, 5.0, 2.0, 10, &integral));
    CHECK_CLOSE(integral, -3.0);
    CHECK_OK(kernels_integrate(function, NULL, 5.0, 5.0, 10, &integral));
    CHECK(integral == 0.0);
}

static void a_callback_can_stop_the_work(void)
{
    Parabola data = {3.0, 0, 4, NAN, NAN, pthread_self()};
    double integral = 77.0;
    CHECK_STATUS(kernels_integrate(parabola, &data, 0.0, 1.0, 100, &integral),
                 KERNELS_ERROR_CALLBACK);
    CHECK_MESSAGE("the callback returned 42 at x = 0.03");
    CHECK_INT(data.calls, 4);
    CHECK_DOUBLE(integral, 77.0);
}

static int32_t line(double x, void *user_data, double *out_y)
{
    *out_y = *(const double *)user_data * x;
    return 0;
}

/* A callback may call the library: here an integral is inside an integral. */
static int32_t inner_integral(double x, void *user_data, double *out_y)
{
    (void)user_data;
    return kernels_integrate(line, &x, 0.0, 1.0, 8, out_y);
}

static void a_callback_may_call_the_library(void)
{
    double integral = 77.0;
    CHECK_OK(kernels_integrate(inner_integral, NULL, 0.0, 1.0, 8, &integral));
    CHECK_CLOSE(integral, 0.25);
}

static void bad_input_is_a_status_and_calls_nobody(void)
{
    Parabola data = {3.0, 0, 0, NAN, NAN, pthread_self()};
    double room[2] = {77.0, 77.0};
    double *odd = (double *)one_byte_off(room);
    CHECK_STATUS(kernels_integrate(NULL, &data, 0.0, 1.0, 10, room), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("function is null");
    CHECK_STATUS(kernels_integrate(parabola, &data, 0.0, 1.0, 10, NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_integral is null");
    CHECK_STATUS(kernels_integrate(parabola, &data, 0.0, 1.0, 10, odd), KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_integrate(parabola, &data, 0.0, 1.0, -1, room), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("intervals = -1");
    CHECK_STATUS(kernels_integrate(parabola, &data, 0.0, 1.0, INT64_C(4294967296), room),
                 KERNELS_ERROR_SIZE);
    CHECK_STATUS(kernels_integrate(parabola, &data, 0.0, 1.0, INT64_MAX, room),
                 KERNELS_ERROR_SIZE);
    CHECK_STATUS(kernels_integrate(parabola, &data, 0.0, 1.0, 0, room), KERNELS_ERROR_PARAMETER);
    CHECK_MESSAGE("intervals is 0");
    CHECK_STATUS(kernels_integrate(parabola, &data, NAN, 1.0, 10, room), KERNELS_ERROR_PARAMETER);
    CHECK_STATUS(kernels_integrate(parabola, &data, 0.0, INFINITY, 10, room),
                 KERNELS_ERROR_PARAMETER);
    CHECK_MESSAGE("the bounds are 0 and inf");
    CHECK_INT(data.calls, 0);
    CHECK_DOUBLE(room[0], 77.0);
    CHECK_DOUBLE(room[1], 77.0);
}

int main(void)
{
    it_is_the_trapezoidal_rule();
    user_data_may_be_null();
    a_callback_may_call_the_library();
    CHECK_NO_MESSAGE();
    a_callback_can_stop_the_work();
    bad_input_is_a_status_and_calls_nobody();
    return 0;
}
