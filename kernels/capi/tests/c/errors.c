/*
 * Statuses and messages: how to ask for a message, how it is cut when it does
 * not fit, and that even a panic is a status.
 */
#include "check.h"

enum { ROOM = 100, UNTOUCHED = 0x7F };

/* Two equal numbers here would not compile: each status is one of its own. */
static const char *name_of(int32_t status)
{
    switch (status) {
    case KERNELS_OK:
        return "ok";
    case KERNELS_ERROR_NULL:
        return "null";
    case KERNELS_ERROR_ALIGNMENT:
        return "alignment";
    case KERNELS_ERROR_SIZE:
        return "size";
    case KERNELS_ERROR_OVERLAP:
        return "overlap";
    case KERNELS_ERROR_SHAPE:
        return "shape";
    case KERNELS_ERROR_PARAMETER:
        return "parameter";
    case KERNELS_ERROR_UNSTABLE:
        return "unstable";
    case KERNELS_ERROR_OVERFLOW:
        return "overflow";
    case KERNELS_ERROR_DIVISION_BY_ZERO:
        return "division by zero";
    case KERNELS_ERROR_ENCODING:
        return "encoding";
    case KERNELS_ERROR_CALLBACK:
        return "callback";
    case KERNELS_ERROR_HANDLE:
        return "handle";
    case KERNELS_ERROR_MEMORY:
        return "memory";
    case KERNELS_ERROR_PANIC:
        return "panic";
    default:
        return "unknown";
    }
}

static void the_statuses_are_numbered_without_a_gap(void)
{
    /* Programs that were compiled long ago have these numbers inside. */
    CHECK_INT(KERNELS_OK, 0);
    CHECK_INT(KERNELS_ERROR_PANIC, 14);
    for (int32_t status = KERNELS_OK; status <= KERNELS_ERROR_PANIC; status++) {
        CHECK(strcmp(name_of(status), "unknown") != 0);
    }
    CHECK_TEXT(name_of(KERNELS_ERROR_PANIC + 1), "unknown");
}

static void a_message_comes_with_an_error_and_stays(void)
{
    uint64_t number = 0;
    char message[ROOM];
    int64_t length;
    CHECK_NO_MESSAGE();
    CHECK_STATUS(kernels_fibonacci(-1, &number), KERNELS_ERROR_SIZE);
    length = kernels_last_error(message, ROOM);
    CHECK_INT(length, (int64_t)strlen(message));
    CHECK_TEXT(message, "n = -1 is negative: it must be 0 or more");

    /* A success leaves it, the next error replaces it. */
    CHECK_OK(kernels_fibonacci(10, &number));
    CHECK_MESSAGE("n = -1");
    CHECK_STATUS(kernels_fibonacci(94, &number), KERNELS_ERROR_OVERFLOW);
    length = kernels_last_error(message, ROOM);
    CHECK_INT(length, (int64_t)strlen(message));
    CHECK_TEXT(message, "fibonacci(94) does not fit in u64");

    kernels_clear_error();
    CHECK_NO_MESSAGE();
    CHECK_INT(kernels_last_error(message, ROOM), 0);
    CHECK_TEXT(message, "");
}

/* The two calls of the manual: ask for the length, then bring the room. */
static void ask_for_the_length_then_for_the_text(void)
{
    int64_t length;
    char *message;
    CHECK_STATUS(kernels_add(NULL, NULL, 1), KERNELS_ERROR_NULL);
    length = kernels_last_error(NULL, 0);
    CHECK_INT(length, (int64_t)strlen("a is null: it must point to memory"));
    message = (char *)malloc((size_t)length + 1);
    CHECK(message != NULL);
    CHECK_INT(kernels_last_error(message, length + 1), length);
    CHECK_TEXT(message, "a is null: it must point to memory");
    free(message);
}

static void a_message_is_cut_between_two_characters(void)
{
    /* Characters of 1, 2, 3 and 4 bytes: z, e with two dots, euro, snowboarder. */
    static const char text[] = "z\xC3\xAB\xE2\x82\xAC\xF0\x9F\x8F\x82!";
    char whole[ROOM];
    int64_t length;
    CHECK_STATUS(kernels_panic(text), KERNELS_ERROR_PANIC);
    length = kernels_last_error(whole, ROOM);
    CHECK_INT(length, (int64_t)strlen(whole));
    CHECK(strstr(whole, text) != NULL);

    for (int64_t capacity = 0; capacity <= length + 3; capacity++) {
        char copy[ROOM];
        int64_t kept = capacity - 1 < length ? capacity - 1 : length;
        memset(copy, UNTOUCHED, sizeof copy);
        CHECK_INT(kernels_last_error(copy, capacity), length);
        if (capacity == 0) {
            CHECK_INT(copy[0], UNTOUCHED);
            continue;
        }
        /* Bytes of the form 10xxxxxx are inside a character: no cut there. */
        while (((unsigned char)whole[kept] & 0xC0) == 0x80) {
            kept--;
        }
        CHECK(memcmp(copy, whole, (size_t)kept) == 0);
        CHECK_INT(copy[kept], 0);
        for (int64_t i = kept + 1; i < ROOM; i++) {
            CHECK_INT(copy[i], UNTOUCHED);
        }
    }
}

static void a_strange_capacity_writes_nothing(void)
{
    static const int64_t strange[] = {0, -1, -1000, INT64_MIN};
    char copy[4] = {UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED};
    int64_t length;
    CHECK_STATUS(kernels_add(NULL, NULL, 1), KERNELS_ERROR_NULL);
    length = kernels_last_error(NULL, 0);
    CHECK(length > 0);
    for (size_t k = 0; k < sizeof strange / sizeof strange[0]; k++) {
        CHECK_INT(kernels_last_error(copy, strange[k]), length);
        CHECK_INT(kernels_last_error(NULL, strange[k]), length);
    }
    /* There is nowhere to write to, whatever the capacity says. */
    CHECK_INT(kernels_last_error(NULL, 4), length);
    for (int i = 0; i < 4; i++) {
        CHECK_INT(copy[i], UNTOUCHED);
    }
}

static void a_panic_is_a_status_and_work_goes_on(void)
{
    double a[2] = {1.0, 2.0};
    const double b[2] = {10.0, 20.0};
    for (int round = 0; round < 3; round++) {
        CHECK_STATUS(kernels_panic("on purpose"), KERNELS_ERROR_PANIC);
        CHECK_MESSAGE("the kernel panicked: on purpose");
        CHECK_OK(kernels_add(a, b, 2));
        CHECK_DOUBLE(a[0], 1.0 + 10.0 * (round + 1));
    }
    CHECK_STATUS(kernels_panic(NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("message is null");
    CHECK_STATUS(kernels_panic("\xFF"), KERNELS_ERROR_ENCODING);
    CHECK_MESSAGE("message is not UTF-8");
}

int main(void)
{
    the_statuses_are_numbered_without_a_gap();
    a_message_comes_with_an_error_and_stays();
    ask_for_the_length_then_for_the_text();
    a_message_is_cut_between_two_characters();
    a_strange_capacity_writes_nothing();
    a_panic_is_a_status_and_work_goes_on();
    return 0;
}
