/*
 * Threads: each one has its own last message, and all may share one handle.
 */
#include <pthread.h>

#include "check.h"

enum { THREADS = 4, PUSHES = 25000 };

static pthread_t start(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    CHECK_INT(pthread_create(&thread, NULL, body, argument), 0);
    return thread;
}

static void finish(pthread_t thread)
{
    CHECK_INT(pthread_join(thread, NULL), 0);
}

static void *fails_in_its_own_way(void *unused)
{
    (void)unused;
    /* The other thread's message is not to be seen here. */
    CHECK_NO_MESSAGE();
    CHECK_STATUS(kernels_fibonacci_sequence(-5, NULL), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("n = -5");
    return NULL;
}

static void each_thread_has_its_own_message(void)
{
    CHECK_STATUS(kernels_fibonacci_sequence(-1, NULL), KERNELS_ERROR_SIZE);
    finish(start(fails_in_its_own_way, NULL));
    CHECK_MESSAGE("n = -1");
}

static void *pushes_many_numbers(void *handle)
{
    KernelsStatistics *statistics = (KernelsStatistics *)handle;
    for (int i = 0; i < PUSHES; i++) {
        CHECK_OK(kernels_statistics_push(statistics, i % 2));
    }
    return NULL;
}

static void no_push_is_lost(void)
{
    const double pushes = THREADS * PUSHES;
    KernelsStatistics *statistics = NULL;
    pthread_t threads[THREADS];
    uint64_t count = 77;
    double mean = 77.0;
    double variance = 77.0;
    CHECK_OK(kernels_statistics_new(&statistics));
    for (int t = 0; t < THREADS; t++) {
        threads[t] = start(pushes_many_numbers, statistics);
    }
    for (int t = 0; t < THREADS; t++) {
        finish(threads[t]);
    }
    CHECK_OK(kernels_statistics_get(statistics, &count, &mean, &variance));
    CHECK_UINT(count, THREADS * PUSHES);
    /* As many zeros as ones: whatever the order, this is their mean, ... */
    CHECK_CLOSE(mean, 0.5);
    /* ... and each is 1/2 away from it. */
    CHECK_CLOSE(variance, 0.25 * pushes / (pushes - 1.0));
    CHECK_OK(kernels_statistics_free(statistics));
}

static void *pushes_until_the_handle_is_gone(void *handle)
{
    int32_t status = KERNELS_OK;
    while (status == KERNELS_OK) {
        status = kernels_statistics_push((KernelsStatistics *)handle, 1.0);
    }
    CHECK_STATUS(status, KERNELS_ERROR_HANDLE);
    return NULL;
}

static void a_free_under_a_working_thread_is_a_status(void)
{
    KernelsStatistics *statistics = NULL;
    pthread_t thread;
    uint64_t count = 0;
    double mean = 0.0;
    double variance = 0.0;
    CHECK_OK(kernels_statistics_new(&statistics));
    thread = start(pushes_until_the_handle_is_gone, statistics);
    while (count < 1000) { /* until the thread is at work */
        int32_t status = kernels_statistics_get(statistics, &count, &mean, &variance);
        CHECK(status == KERNELS_OK || status == KERNELS_ERROR_PARAMETER);
    }
    CHECK_OK(kernels_statistics_free(statistics));
    finish(thread);
}

static pthread_key_t farewell;
static int32_t farewell_status = 77;

/*
 * Runs when the thread has ended, on Linux after the library has dropped the
 * thread's message. The status still comes; a message may or may not be there.
 */
static void say_farewell(void *unused)
{
    (void)unused;
    kernels_clear_error();
    farewell_status = kernels_fibonacci(-1, NULL);
    CHECK(kernels_last_error(NULL, 0) >= 0);
}

static void *fails_and_ends(void *unused)
{
    CHECK_INT(pthread_setspecific(farewell, &farewell), 0);
    CHECK_STATUS(kernels_fibonacci(-1, NULL), KERNELS_ERROR_NULL);
    return unused;
}

static void a_call_from_an_ending_thread_returns(void)
{
    CHECK_INT(pthread_key_create(&farewell, say_farewell), 0);
    finish(start(fails_and_ends, NULL));
    CHECK_STATUS(farewell_status, KERNELS_ERROR_NULL);
}

int main(void)
{
    each_thread_has_its_own_message();
    no_push_is_lost();
    a_free_under_a_working_thread_is_a_status();
    a_call_from_an_ending_thread_returns();
    return 0;
}
