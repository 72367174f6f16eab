#define KERNELS_OK 0

#define KERNELS_ERROR_NULL 1

#define KERNELS_ERROR_ALIGNMENT 2

#define KERNELS_ERROR_SIZE 3

#define KERNELS_ERROR_OVERLAP 4

#define KERNELS_ERROR_SHAPE 5

#define KERNELS_ERROR_PARAMETER 6

#define KERNELS_ERROR_UNSTABLE 7

#define KERNELS_ERROR_OVERFLOW 8

#define KERNELS_ERROR_DIVISION_BY_ZERO 9

#define KERNELS_ERROR_ENCODING 10

#define KERNELS_ERROR_CALLBACK 11

#define KERNELS_ERROR_HANDLE 12

#define KERNELS_ERROR_MEMORY 13

#define KERNELS_ERROR_PANIC 14

typedef struct KernelsStatistics KernelsStatistics;

typedef struct {
    int64_t size;
    int64_t alignment;
    int64_t sensor;
    int64_t celsius;
    int64_t samples;
} KernelsReadingLayout;

typedef struct {
    uint8_t sensor;
    double celsius;
    int32_t samples;
} KernelsReading;

typedef int32_t (*KernelsFunction)(double x, void *user_data, double *out_y);

void kernels_noop(void);

int64_t kernels_add_ints(int32_t a, int32_t b);

double kernels_add_floats(double a, double b);

int32_t kernels_add(double *a, const double *b, int64_t n);

void add(double *a, double *b, int n);

void fibo(int *a, int *b);

void evolve(double *u,
            double *u_previous,
            int nx,
            int ny,
            double a,
            double dt,
            double dx2,
            double dy2);

int32_t kernels_fibonacci_step(uint64_t *a, uint64_t *b);

int32_t kernels_fibonacci(int64_t n, uint64_t *out_number);

int32_t kernels_fibonacci_sequence(int64_t n, uint64_t *out_numbers);

int32_t kernels_evolve(double *u,
                       double *u_previous,
                       int64_t nx,
                       int64_t ny,
                       double a,
                       double dt,
                       double dx2,
                       double dy2);

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

int32_t kernels_largest_stable_dt(double a, double dx2, double dy2, double *out_dt);

int64_t kernels_last_error(char *buffer, int64_t capacity);

void kernels_clear_error(void);

const char *kernels_version(void);

int32_t kernels_panic(const char *message);

int32_t kernels_swap(double *a, double *b);

int32_t kernels_sum_strided(const double *values,
                            int64_t n,
                            int64_t stride,
                            double *out_sum);

int32_t kernels_divide(int64_t dividend,
                       int64_t divisor,
                       int64_t *out_quotient,
                       int64_t *out_remainder);

int32_t kernels_largest(const double *values, int64_t n, const double **out_largest);

int32_t kernels_reading_layout(KernelsReadingLayout *out_layout);

int32_t kernels_reading_warmed(KernelsReading reading,
                               double degrees,
                               KernelsReading *out_reading);

int32_t kernels_reading_record(KernelsReading *reading, double celsius);

int32_t kernels_greet(const char *name, char **out_greeting);

int32_t kernels_string_free(char *string);

int32_t kernels_integrate(KernelsFunction function,
                          void *user_data,
                          double low,
                          double high,
                          int64_t intervals,
                          double *out_integral);

int32_t kernels_statistics_new(KernelsStatistics **out_statistics);

int32_t kernels_statistics_push(KernelsStatistics *statistics, double value);

int32_t kernels_statistics_get(KernelsStatistics *statistics,
                               uint64_t *out_count,
                               double *out_mean,
                               double *out_variance);

int32_t kernels_statistics_free(KernelsStatistics *statistics);

int32_t kernels_buffer_new(int64_t n, double value, double **out_buffer);

int32_t kernels_buffer_free(double *buffer);
