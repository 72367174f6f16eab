/*
 * The kernels of the FFI Workbook as C functions.
 *
 * Generated from kernels/capi/src by `make header`: do not edit.
 *
 * Functions kernels_* whose result is int32_t return a status: KERNELS_OK, or
 * one of the KERNELS_ERROR_* numbers below. On an error no output is written,
 * and kernels_last_error tells why. No function here lets a panic out, and all may
 * be called from any thread. Memory is yours unless a comment says otherwise.
 *
 * add, fibo and evolve are the course's classic functions. They return nothing:
 * on bad input they change nothing and leave a message for kernels_last_error.
 * Their names have no prefix, so mind your own functions of these names.
 */

#ifndef KERNELS_H
#define KERNELS_H

#include <stdint.h>

/**
 * The call succeeded and wrote its outputs.
 */
#define KERNELS_OK 0

/**
 * A pointer is null that must not be.
 */
#define KERNELS_ERROR_NULL 1

/**
 * A pointer is not aligned for its type.
 */
#define KERNELS_ERROR_ALIGNMENT 2

/**
 * A size is negative, or larger than any memory.
 */
#define KERNELS_ERROR_SIZE 3

/**
 * Two arrays overlap that must not.
 */
#define KERNELS_ERROR_OVERLAP 4

/**
 * The shapes of two arrays differ. No C function returns this: here one size
 * stands for both arrays. Bindings that know the shapes of their arrays do.
 */
#define KERNELS_ERROR_SHAPE 5

/**
 * A parameter has a value that the kernel does not allow.
 */
#define KERNELS_ERROR_PARAMETER 6

/**
 * The time step is beyond the stability limit.
 */
#define KERNELS_ERROR_UNSTABLE 7

/**
 * The result does not fit in its type.
 */
#define KERNELS_ERROR_OVERFLOW 8

/**
 * A division by zero.
 */
#define KERNELS_ERROR_DIVISION_BY_ZERO 9

/**
 * A string is not UTF-8.
 */
#define KERNELS_ERROR_ENCODING 10

/**
 * The caller's callback asked to stop.
 */
#define KERNELS_ERROR_CALLBACK 11

/**
 * A handle, string or buffer is not (or no longer) one of this library's.
 */
#define KERNELS_ERROR_HANDLE 12

/**
 * There is not enough memory.
 */
#define KERNELS_ERROR_MEMORY 13

/**
 * The kernel panicked. This is a bug in the library; nothing else is harmed.
 */
#define KERNELS_ERROR_PANIC 14

/**
 * Mean and variance of numbers that arrive one by one: an opaque handle. Only
 * this library knows what is inside. A null handle is `KERNELS_ERROR_HANDLE`,
 * like every other pointer that is not one of its handles.
 */
typedef struct KernelsStatistics KernelsStatistics;

/**
 * Where the fields of a `KernelsReading` are, in bytes, as this library was
 * compiled. Compare it with what your compiler or your binding says.
 */
typedef struct {
    /**
     * `sizeof(KernelsReading)`.
     */
    int64_t size;
    /**
     * `_Alignof(KernelsReading)`.
     */
    int64_t alignment;
    /**
     * `offsetof(KernelsReading, sensor)`.
     */
    int64_t sensor;
    /**
     * `offsetof(KernelsReading, celsius)`.
     */
    int64_t celsius;
    /**
     * `offsetof(KernelsReading, samples)`.
     */
    int64_t samples;
} KernelsReadingLayout;

/**
 * One sensor's reading. The fields do not sit next to each other: a double
 * must start at a multiple of 8, so there are 7 bytes of padding after
 * `sensor`, and 4 after `samples` to make the size a multiple of 8.
 */
typedef struct {
    /**
     * Number of the sensor.
     */
    uint8_t sensor;
    /**
     * Mean temperature, in degrees Celsius.
     */
    double celsius;
    /**
     * How many samples the mean is made of.
     */
    int32_t samples;
} KernelsReading;

/**
 * A function of one variable that the library calls back.
 *
 * It gets `x` and the `user_data` of the call that it belongs to, writes f(x)
 * to `*out_y` and returns 0; any other number stops the work. It runs on the
 * thread of that call, during that call. No exception may leave it.
 */
typedef int32_t (*KernelsFunction)(double x, void *user_data, double *out_y);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Does nothing. What a caller measures here is the call.
 */
void kernels_noop(void);

/**
 * The sum of two ints. It always fits, so there is no status.
 */
int64_t kernels_add_ints(int32_t a, int32_t b);

/**
 * The sum of two doubles. It cannot fail, so there is no status.
 */
double kernels_add_floats(double a, double b);

/**
 * `a[i] += b[i]` for `n` doubles.
 *
 * - `a`, `b`: `n` doubles each, yours, borrowed for the call; they must not
 *   overlap. May be null only when `n` is 0.
 * - Threads: nobody else may use `a` or write `b` meanwhile.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_SIZE`, `KERNELS_ERROR_OVERLAP`; then `a` is unchanged.
 *
 * # Safety
 *
 * - `a` points to `n` doubles that nobody else reads or writes meanwhile.
 * - `b` points to `n` doubles that nobody else writes meanwhile.
 */
int32_t kernels_add(double *a, const double *b, int64_t n);

/**
 * `a[i] += b[i]` for `i` from 0 to `n - 1`, in this order.
 *
 * - `a`, `b`: `n` doubles each, yours, borrowed for the call. They may overlap
 *   or be the same. May be null only when `n` is 0.
 * - Threads: nobody else may use `a` or write `b` meanwhile.
 *
 * # Safety
 *
 * - `a` points to `n` doubles that nobody else reads or writes meanwhile.
 * - `b` points to `n` doubles that nobody else writes meanwhile.
 */
void add(double *a, double *b, int n);

/**
 * One Fibonacci step: `(*a, *b)` becomes `(*b, *a + *b)`.
 *
 * When the sum does not fit in an `int`, nothing is changed.
 *
 * - `a`, `b`: one int each, yours, borrowed for the call; not null, and not
 *   the same one.
 *
 * # Safety
 *
 * - `a` and `b` are null, or each points to an int that nobody else reads or
 *   writes meanwhile.
 */
void fibo(int *a, int *b);

/**
 * One step of the heat equation: the interior of `u` from `u_previous`, then
 * `u_previous` becomes a copy of `u`. No check of stability.
 *
 * Operations are those of the published C, in the same order, with two
 * divisions a cell: the results are equal bit for bit. Rows are `ny` apart
 * (the published C has `nx` there, which is right on squares only).
 *
 * - `u`, `u_previous`: `nx * ny` doubles each, row by row, yours, borrowed for
 *   the call; they must not overlap. May be null only when `nx * ny` is 0.
 * - Threads: nobody else may use the two grids meanwhile.
 *
 * # Safety
 *
 * - `u` and `u_previous` each point to `nx * ny` doubles that nobody else
 *   reads or writes meanwhile.
 */
void evolve(double *u,
            double *u_previous,
            int nx,
            int ny,
            double a,
            double dt,
            double dx2,
            double dy2);

/**
 * One Fibonacci step: `(*a, *b)` becomes `(*b, *a + *b)`.
 *
 * - `a`, `b`: one number each, yours, borrowed for the call; not null, and not
 *   the same one.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_OVERLAP`, and `KERNELS_ERROR_OVERFLOW` when the sum does not
 * fit; then nothing is changed.
 *
 * # Safety
 *
 * - `a` and `b` are null, or each points to a number that nobody else reads
 *   or writes meanwhile.
 */
int32_t kernels_fibonacci_step(uint64_t *a, uint64_t *b);

/**
 * F(n), with F(0) = 0 and F(1) = 1.
 *
 * - `out_number`: room for one number, yours; not null.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_SIZE` for a negative n, and `KERNELS_ERROR_OVERFLOW` for an
 * n above 93.
 *
 * # Safety
 *
 * - `out_number` is null, or points to memory for one number that this call
 *   may write.
 */
int32_t kernels_fibonacci(int64_t n, uint64_t *out_number);

/**
 * F(0), F(1), ... F(n - 1): the first `n` numbers.
 *
 * - `out_numbers`: room for `n` numbers, yours. May be null only when `n` is
 *   0.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_SIZE` for a negative n, and `KERNELS_ERROR_OVERFLOW` for an
 * n above 94; then nothing is written.
 *
 * # Safety
 *
 * - `out_numbers` points to memory for `n` numbers that this call may write.
 */
int32_t kernels_fibonacci_sequence(int64_t n, uint64_t *out_numbers);

/**
 * One step of the heat equation, as the classic `evolve` does it, checked.
 *
 * - `u`, `u_previous`: `nx * ny` doubles each, row by row, yours, borrowed for
 *   the call; they must not overlap. May be null only when `nx * ny` is 0.
 * - `a`: diffusion constant; `dt`: time step; `dx2`, `dy2`: squared distances
 *   between rows and between columns.
 * - Threads: nobody else may use the two grids meanwhile.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_SIZE`, `KERNELS_ERROR_OVERLAP`, `KERNELS_ERROR_PARAMETER`,
 * and `KERNELS_ERROR_UNSTABLE` when `dt > dx2*dy2 / (2*a*(dx2 + dy2))`; then
 * nothing is changed.
 *
 * # Safety
 *
 * - `u` and `u_previous` each point to `nx * ny` doubles that nobody else
 *   reads or writes meanwhile.
 */
int32_t kernels_evolve(double *u,
                       double *u_previous,
                       int64_t nx,
                       int64_t ny,
                       double a,
                       double dt,
                       double dx2,
                       double dy2);

/**
 * `steps` steps in one call, with the divisions done once. On return both
 * grids hold the field after the last step; the last bits differ from those
 * of `kernels_evolve`, and do not depend on `threads`.
 *
 * - `threads`: how many threads may work, this one included; 0 for as many as
 *   are worth it. All are done when the call returns.
 *
 * Arguments, threads and statuses are those of `kernels_evolve`; a negative
 * `steps` or `threads` is `KERNELS_ERROR_SIZE`.
 *
 * # Safety
 *
 * - `u` and `u_previous` each point to `nx * ny` doubles that nobody else
 *   reads or writes meanwhile.
 */
int32_t kernels_evolve_steps(double *u,
                             double *u_previous,
                             int64_t nx,
                             int64_t ny,
                             int64_t steps,
                             double a,
                             double dt,
                             double dx2,
                             double dy2,
                             int64_t threads);

/**
 * The longest stable time step: `dx2*dy2 / (2*a*(dx2 + dy2))`.
 *
 * - `out_dt`: room for one double, yours; not null.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_PARAMETER`.
 *
 * # Safety
 *
 * - `out_dt` is null, or points to memory for one double that this call may
 *   write.
 */
int32_t kernels_largest_stable_dt(double a, double dx2, double dy2, double *out_dt);

/**
 * Copies the message of this thread's last failed call into `buffer`.
 *
 * Returns the length of the message in bytes, without the final zero; 0 when
 * no call of this thread has failed since the start or the last
 * `kernels_clear_error`. A call that succeeds does not clear it. At most
 * `capacity` bytes are written, the final zero included; a message that does not
 * fit is cut between two characters.
 *
 * - `buffer`: room for `capacity` bytes, yours. May be null: ask for the length
 *   first, then bring a buffer. A `capacity` of 0 or less writes nothing.
 * - Threads: each thread has its own message.
 *
 * # Safety
 *
 * - `buffer` is null, or points to `capacity` bytes that this call may write.
 */
int64_t kernels_last_error(char *buffer, int64_t capacity);

/**
 * Forgets this thread's last message. Use it before calling one of the
 * classic functions, which have no status to return.
 */
void kernels_clear_error(void);

/**
 * The version of this library, for example `"0.1.0"`. The string is static:
 * never free it.
 */
const char *kernels_version(void);

/**
 * Panics inside, on purpose, and returns `KERNELS_ERROR_PANIC`: for the lesson
 * on what a panic looks like from the other side, and to prove that it does not
 * get out. Rust also prints it to the standard error.
 *
 * - `message`: UTF-8 ending in a zero byte, borrowed for the call; must not be
 *   null.
 *
 * # Safety
 *
 * - `message` is null, or points to a string that ends in a zero byte.
 */
int32_t kernels_panic(const char *message);

/**
 * Exchanges `*a` and `*b`.
 *
 * - `a`, `b`: one double each, yours, borrowed for the call; not null. They
 *   may be the same one.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`.
 *
 * # Safety
 *
 * - `a` and `b` are null, or each points to a double that nobody else reads
 *   or writes meanwhile.
 */
int32_t kernels_swap(double *a, double *b);

/**
 * The sum of every `stride`-th of `n` doubles, starting with the first.
 *
 * - `values`: `n` doubles, yours, borrowed for the call. May be null only when
 *   `n` is 0.
 * - `out_sum`: room for one double, yours; not null.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_SIZE` for a negative `n` or `stride`,
 * `KERNELS_ERROR_PARAMETER` for a stride of 0.
 *
 * # Safety
 *
 * - `values` points to `n` doubles that nobody writes meanwhile.
 * - `out_sum` is null, or points to memory for one double that this call may
 *   write.
 */
int32_t kernels_sum_strided(const double *values,
                            int64_t n,
                            int64_t stride,
                            double *out_sum);

/**
 * Quotient and remainder, rounded towards zero: two results through two
 * out-parameters.
 *
 * - `out_quotient`, `out_remainder`: room for one number each, yours; not null,
 *   and not the same.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_OVERLAP`, `KERNELS_ERROR_DIVISION_BY_ZERO`, and
 * `KERNELS_ERROR_OVERFLOW` for `INT64_MIN / -1`.
 *
 * # Safety
 *
 * - `out_quotient` and `out_remainder` are null, or each points to memory for
 *   one number that this call may write.
 */
int32_t kernels_divide(int64_t dividend,
                       int64_t divisor,
                       int64_t *out_quotient,
                       int64_t *out_remainder);

/**
 * Points `*out_largest` at the largest of `n` doubles, the first where several
 * are equal: a pointer to a pointer. A positive NaN counts as above infinity, a
 * negative NaN as below minus infinity (the total order of IEEE 754).
 *
 * - `values`: `n` doubles, yours, borrowed; not null. The pointer that comes
 *   back points into this array, and is good for as long as the array is.
 * - `out_largest`: room for one pointer, yours; not null. Never free what it
 *   receives.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_SIZE` when `n` is 0 or negative.
 *
 * # Safety
 *
 * - `values` points to `n` doubles that nobody writes meanwhile.
 * - `out_largest` is null, or points to memory for one pointer that this call
 *   may write.
 */
int32_t kernels_largest(const double *values, int64_t n, const double **out_largest);

/**
 * Reports the layout of `KernelsReading`.
 *
 * - `out_layout`: room for one struct, yours; not null.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`.
 *
 * # Safety
 *
 * - `out_layout` is null, or points to memory for one struct that this call
 *   may write.
 */
int32_t kernels_reading_layout(KernelsReadingLayout *out_layout);

/**
 * A struct by value: a copy of `reading`, `degrees` warmer.
 *
 * - `out_reading`: room for one struct, yours; not null.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`.
 *
 * # Safety
 *
 * - `out_reading` is null, or points to memory for one struct that this call
 *   may write.
 */
int32_t kernels_reading_warmed(KernelsReading reading,
                               double degrees,
                               KernelsReading *out_reading);

/**
 * A struct by pointer: takes one more sample into the mean of `*reading`.
 *
 * - `reading`: one struct, yours, borrowed for the call; not null.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_PARAMETER` when `samples` is negative, and
 * `KERNELS_ERROR_OVERFLOW` when it is full; then nothing is changed.
 *
 * # Safety
 *
 * - `reading` is null, or points to a struct that nobody else reads or writes
 *   meanwhile.
 */
int32_t kernels_reading_record(KernelsReading *reading, double celsius);

/**
 * A greeting for `name`: a string in, a new string out.
 *
 * - `name`: UTF-8, 1 to 1000 bytes and a final zero byte, yours, borrowed for
 *   the call; not null.
 * - `out_greeting`: room for one pointer, yours; not null. The string it
 *   receives belongs to this library: give it back with
 *   `kernels_string_free`, never with `free`.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_ENCODING`, `KERNELS_ERROR_PARAMETER` for a name that is empty
 * or too long.
 *
 * # Safety
 *
 * - `name` is null, or points to a string that ends in a zero byte.
 * - `out_greeting` is null, or points to memory for one pointer that this
 *   call may write.
 */
int32_t kernels_greet(const char *name, char **out_greeting);

/**
 * Takes back a string that this library handed out. Null is allowed and does
 * nothing.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_HANDLE` for a string that is not
 * ours or was freed before; then nothing is freed.
 *
 * # Safety
 *
 * - Nobody uses `string` any more.
 */
int32_t kernels_string_free(char *string);

/**
 * The integral of `function` from `low` to `high` by the trapezoidal rule on
 * `intervals` equal intervals.
 *
 * - `function`: called `intervals + 1` times, from `low` upwards; not null.
 * - `user_data`: passed on as it is; may be null.
 * - `intervals`: 1 to 4294967295; 0 is `KERNELS_ERROR_PARAMETER`, other numbers
 *   are `KERNELS_ERROR_SIZE`.
 * - `out_integral`: room for one double, yours; not null.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_SIZE`, `KERNELS_ERROR_PARAMETER` for bounds that are not
 * finite, and `KERNELS_ERROR_CALLBACK` when the function returned something
 * other than 0.
 *
 * # Safety
 *
 * - `function` is null, or may be called with any double, `user_data`, and a
 *   place for its result.
 * - `out_integral` is null, or points to memory for one double that this call
 *   may write.
 */
int32_t kernels_integrate(KernelsFunction function,
                          void *user_data,
                          double low,
                          double high,
                          int64_t intervals,
                          double *out_integral);

/**
 * Makes statistics of no numbers yet.
 *
 * - `out_statistics`: room for one handle, yours; not null. Give the handle
 *   back with `kernels_statistics_free`.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`.
 *
 * # Safety
 *
 * - `out_statistics` is null, or points to memory for one pointer that this
 *   call may write.
 */
int32_t kernels_statistics_new(KernelsStatistics **out_statistics);

/**
 * Takes in one number.
 *
 * - Threads: several threads may use one handle at once.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_HANDLE` for a handle that is not
 * ours or was freed.
 */
int32_t kernels_statistics_push(KernelsStatistics *statistics, double value);

/**
 * How many numbers, their mean, and their sample variance.
 *
 * - `out_count`, `out_mean`, `out_variance`: room for one number each, yours;
 *   not null, and no two the same.
 * - Threads: several threads may use one handle at once.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_OVERLAP`, `KERNELS_ERROR_HANDLE`, and
 * `KERNELS_ERROR_PARAMETER` for fewer than 2 numbers; then nothing is written.
 *
 * # Safety
 *
 * - `out_count`, `out_mean` and `out_variance` are null, or each points to
 *   memory for one number that this call may write.
 */
int32_t kernels_statistics_get(KernelsStatistics *statistics,
                               uint64_t *out_count,
                               double *out_mean,
                               double *out_variance);

/**
 * Gives a handle back. Null is allowed and does nothing.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_HANDLE` for a handle that is not
 * ours or was freed before.
 */
int32_t kernels_statistics_free(KernelsStatistics *statistics);

/**
 * Hands out a buffer of `n` doubles, all of them `value`.
 *
 * - `out_buffer`: room for one pointer, yours; not null. The memory belongs
 *   to this library, and is yours to read and write until you give it back
 *   with `kernels_buffer_free`; never use `free`.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
 * `KERNELS_ERROR_SIZE` when `n` is negative or 0, and `KERNELS_ERROR_MEMORY`.
 *
 * # Safety
 *
 * - `out_buffer` is null, or points to memory for one pointer that this call
 *   may write.
 */
int32_t kernels_buffer_new(int64_t n, double value, double **out_buffer);

/**
 * Takes back a buffer that this library handed out. Null is allowed and does
 * nothing.
 *
 * Returns `KERNELS_OK`, or `KERNELS_ERROR_HANDLE` for a buffer that is not
 * ours or was freed before; then nothing is freed.
 *
 * # Safety
 *
 * - Nobody uses `buffer` any more.
 */
int32_t kernels_buffer_free(double *buffer);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KERNELS_H */
