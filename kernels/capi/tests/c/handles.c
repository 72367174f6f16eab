/*
 * An opaque handle: we hold a pointer to something that only the library can
 * look into. A handle that is not (or no longer) its own is a status.
 */
#include "check.h"

static KernelsStatistics *new_statistics(void)
{
    KernelsStatistics *statistics = NULL;
    CHECK_OK(kernels_statistics_new(&statistics));
    CHECK(statistics != NULL);
    return statistics;
}

static void mean_and_variance(void)
{
    const double numbers[5] = {2.0, 4.0, 4.0, 5.0, 10.0};
    KernelsStatistics *statistics = new_statistics();
    double sum = 0.0;
    for (int n = 1; n <= 5; n++) {
        uint64_t count = 77;
        double mean = 77.0;
        double variance = 77.0;
        double squares = 0.0;
        sum += numbers[n - 1];
        for (int i = 0; i < n; i++) {
            squares += (numbers[i] - sum / n) * (numbers[i] - sum / n);
        }
        CHECK_OK(kernels_statistics_push(statistics, numbers[n - 1]));
        if (n < 2) {
            continue; /* one number has no variance: see below */
        }
        CHECK_OK(kernels_statistics_get(statistics, &count, &mean, &variance));
        CHECK_UINT(count, (uint64_t)n);
        CHECK_CLOSE(mean, sum / n);
        CHECK_CLOSE(variance, squares / (n - 1));
    }
    CHECK_OK(kernels_statistics_free(statistics));
}

static void two_handles_are_two_things(void)
{
    KernelsStatistics *low = new_statistics();
    KernelsStatistics *high = new_statistics();
    uint64_t count = 77;
    double mean = 77.0;
    double variance = 77.0;
    CHECK(low != high);
    for (int i = 0; i < 3; i++) {
        CHECK_OK(kernels_statistics_push(low, 1.0));
        CHECK_OK(kernels_statistics_push(high, 100.0));
        CHECK_OK(kernels_statistics_push(high, 100.0));
    }
    CHECK_OK(kernels_statistics_free(low));
    CHECK_OK(kernels_statistics_get(high, &count, &mean, &variance));
    CHECK_UINT(count, 6);
    CHECK_DOUBLE(mean, 100.0);
    CHECK(variance == 0.0);
    CHECK_OK(kernels_statistics_free(high));
}

static void on_an_error_nothing_is_written(void)
{
    KernelsStatistics *statistics = new_statistics();
    uint64_t count[2] = {77, 77};
    double mean[2] = {77.0, 77.0};
    double variance[2] = {77.0, 77.0};
    uint64_t *odd_count = (uint64_t *)one_byte_off(count);
    double *odd_mean = (double *)one_byte_off(mean);
    double *odd_variance = (double *)one_byte_off(variance);

    CHECK_STATUS(kernels_statistics_get(statistics, count, mean, variance),
                 KERNELS_ERROR_PARAMETER);
    CHECK_OK(kernels_statistics_push(statistics, 1.0));
    /* There is a mean now, and no variance: none of the three is written. */
    CHECK_STATUS(kernels_statistics_get(statistics, count, mean, variance),
                 KERNELS_ERROR_PARAMETER);
    CHECK_MESSAGE("1 numbers: this needs at least 2");
    CHECK_OK(kernels_statistics_push(statistics, 2.0));

    CHECK_STATUS(kernels_statistics_get(statistics, count, mean, mean), KERNELS_ERROR_OVERLAP);
    CHECK_STATUS(kernels_statistics_get(statistics, count, (double *)(void *)count, variance),
                 KERNELS_ERROR_OVERLAP);
    CHECK_STATUS(kernels_statistics_get(statistics, NULL, mean, variance), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_count is null");
    CHECK_STATUS(kernels_statistics_get(statistics, count, NULL, variance), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_mean is null");
    CHECK_STATUS(kernels_statistics_get(statistics, count, mean, NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_variance is null");
    CHECK_STATUS(kernels_statistics_get(statistics, odd_count, mean, variance),
                 KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_statistics_get(statistics, count, odd_mean, variance),
                 KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_statistics_get(statistics, count, mean, odd_variance),
                 KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_statistics_get(NULL, count, mean, variance), KERNELS_ERROR_HANDLE);
    for (int i = 0; i < 2; i++) {
        CHECK_UINT(count[i], 77);
        CHECK_DOUBLE(mean[i], 77.0);
        CHECK_DOUBLE(variance[i], 77.0);
    }
    CHECK_OK(kernels_statistics_free(statistics));
}

static void no_room_for_a_handle(void)
{
    KernelsStatistics *room[2] = {NULL, NULL};
    KernelsStatistics **odd = (KernelsStatistics **)one_byte_off((void *)room);
    CHECK_STATUS(kernels_statistics_new(NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_statistics is null");
    CHECK_STATUS(kernels_statistics_new(odd), KERNELS_ERROR_ALIGNMENT);
    CHECK(room[0] == NULL && room[1] == NULL);
}

static void a_handle_that_is_not_the_librarys(void)
{
    KernelsStatistics *statistics = new_statistics();
    double ours[10] = {0.0};
    KernelsStatistics *not_a_handle = (KernelsStatistics *)(void *)ours;
    uint64_t count = 77;
    double mean = 77.0;
    double variance = 77.0;

    CHECK_STATUS(kernels_statistics_push(NULL, 1.0), KERNELS_ERROR_HANDLE);
    CHECK_STATUS(kernels_statistics_push(not_a_handle, 1.0), KERNELS_ERROR_HANDLE);
    CHECK_STATUS(kernels_statistics_free(not_a_handle), KERNELS_ERROR_HANDLE);
    CHECK_OK(kernels_statistics_free(NULL));

    /* After the first free, the handle is a number without a meaning. */
    CHECK_OK(kernels_statistics_free(statistics));
    CHECK_STATUS(kernels_statistics_free(statistics), KERNELS_ERROR_HANDLE);
    CHECK_MESSAGE("freed before");
    CHECK_STATUS(kernels_statistics_push(statistics, 1.0), KERNELS_ERROR_HANDLE);
    CHECK_STATUS(kernels_statistics_get(statistics, &count, &mean, &variance),
                 KERNELS_ERROR_HANDLE);
    CHECK_UINT(count, 77);
    CHECK_DOUBLE(mean, 77.0);
    CHECK_DOUBLE(variance, 77.0);
}

int main(void)
{
    mean_and_variance();
    two_handles_are_two_things();
    CHECK_NO_MESSAGE();
    on_an_error_nothing_is_written();
    no_room_for_a_handle();
    a_handle_that_is_not_the_librarys();
    return 0;
}
