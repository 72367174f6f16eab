/*
 * CHECK_... stop the program with exit code 1 at the first thing that is not
 * as it should be. They say where it is, what came and what was expected.
 *
 * Every file here is C11 and C++17 at once. That is why each malloc has a cast
 * and no array has a length that is known only when the program runs.
 */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

/* That something is true. */
#define CHECK(condition) check_that((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
/* Two whole numbers, with and without a sign. */
#define CHECK_INT(got, expected) check_int(got, expected, #got, __FILE__, __LINE__)
#define CHECK_UINT(got, expected) check_uint(got, expected, #got, __FILE__, __LINE__)
/* Two doubles, bit for bit: 0.0 is not -0.0 here. */
#define CHECK_DOUBLE(got, expected) check_double(got, expected, #got, __FILE__, __LINE__)
/* Two doubles that may differ in their last digits. */
#define CHECK_CLOSE(got, expected) check_close(got, expected, #got, __FILE__, __LINE__)
/* Two strings. */
#define CHECK_TEXT(got, expected) check_text(got, expected, #got, __FILE__, __LINE__)
/* The status of a call. Where it is wrong, the library's message tells more. */
#define CHECK_STATUS(call, expected) check_status(call, expected, #call, __FILE__, __LINE__)
#define CHECK_OK(call) check_status(call, KERNELS_OK, #call, __FILE__, __LINE__)
/* That the last message of this thread has `part` in it; that there is none. */
#define CHECK_MESSAGE(part) check_message(part, __FILE__, __LINE__)
#define CHECK_NO_MESSAGE() CHECK_INT(kernels_last_error(NULL, 0), 0)

static inline void check_failed(const char *expression, const char *file, int line)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, expression);
}

static inline void check_that(int is_true, const char *expression, const char *file, int line)
{
    if (!is_true) {
        check_failed(expression, file, line);
        fprintf(stderr, "  got false, expected true\n");
        exit(1);
    }
}

static inline void check_int(int64_t got, int64_t expected, const char *expression,
                             const char *file, int line)
{
    if (got != expected) {
        check_failed(expression, file, line);
        fprintf(stderr, "  got %" PRId64 ", expected %" PRId64 "\n", got, expected);
        exit(1);
    }
}

static inline void check_uint(uint64_t got, uint64_t expected, const char *expression,
                              const char *file, int line)
{
    if (got != expected) {
        check_failed(expression, file, line);
        fprintf(stderr, "  got %" PRIu64 ", expected %" PRIu64 "\n", got, expected);
        exit(1);
    }
}

static inline void check_double(double got, double expected, const char *expression,
                                const char *file, int line)
{
    if (memcmp(&got, &expected, sizeof got) != 0) {
        check_failed(expression, file, line);
        fprintf(stderr, "  got %.17g (%a), expected %.17g (%a)\n", got, got, expected, expected);
        exit(1);
    }
}

static inline void check_close(double got, double expected, const char *expression,
                               const char *file, int line)
{
    double distance = got < expected ? expected - got : got - expected;
    double size = expected < 0.0 ? -expected : expected;
    /* Written so that a NaN fails. */
    if (!(distance <= 1e-12 * (size + 1.0))) {
        check_failed(expression, file, line);
        fprintf(stderr, "  got %.17g, expected about %.17g\n", got, expected);
        exit(1);
    }
}

static inline void check_text(const char *got, const char *expected, const char *expression,
                              const char *file, int line)
{
    if (strcmp(got, expected) != 0) {
        check_failed(expression, file, line);
        fprintf(stderr, "  got \"%s\", expected \"%s\"\n", got, expected);
        exit(1);
    }
}

static inline void check_status(int32_t got, int32_t expected, const char *expression,
                                const char *file, int line)
{
    if (got != expected) {
        char message[200] = "";
        kernels_last_error(message, sizeof message);
        check_failed(expression, file, line);
        fprintf(stderr, "  got status %d, expected %d; the last message is \"%s\"\n", (int)got,
                (int)expected, message);
        exit(1);
    }
}

static inline void check_message(const char *part, const char *file, int line)
{
    char message[2000] = "";
    kernels_last_error(message, sizeof message);
    if (strstr(message, part) == NULL) {
        check_failed("the last message", file, line);
        fprintf(stderr, "  got \"%s\", expected \"%s\" in it\n", message, part);
        exit(1);
    }
}

/*
 * An address at which no double, number or pointer can be. The library must
 * refuse it. Nothing ever reads or writes there.
 */
static inline void *one_byte_off(void *place)
{
    return (char *)place + 1;
}

#endif
