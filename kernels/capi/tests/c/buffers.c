/*
 * Memory changes hands: the library hands out a buffer, we read and write it
 * like any array, and give it back.
 */
#include "check.h"

static void a_buffer_is_an_ordinary_array(void)
{
    const double steps[3] = {1.0, 2.0, 3.0};
    double *buffer = NULL;
    CHECK_OK(kernels_buffer_new(3, 1.5, &buffer));
    for (int i = 0; i < 3; i++) {
        CHECK_DOUBLE(buffer[i], 1.5);
        buffer[i] = 10.0 * i;
    }
    CHECK_OK(kernels_add(buffer, steps, 3));
    for (int i = 0; i < 3; i++) {
        CHECK_DOUBLE(buffer[i], 10.0 * i + steps[i]);
    }
    CHECK_OK(kernels_buffer_free(buffer));
}

static void a_size_that_cannot_be(void)
{
    double ours = 1.0;
    double *room[2] = {&ours, &ours};
    double **odd = (double **)one_byte_off((void *)room);
    CHECK_STATUS(kernels_buffer_new(0, 1.0, room), KERNELS_ERROR_SIZE);
    CHECK_STATUS(kernels_buffer_new(-1, 1.0, room), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("n = -1 is negative");
    CHECK_STATUS(kernels_buffer_new(INT64_MAX, 1.0, room), KERNELS_ERROR_SIZE);
    CHECK_MESSAGE("too large");
    /* So many bytes have a number, and no computer has them. */
    CHECK_STATUS(kernels_buffer_new(INT64_MAX / 8, 1.0, room), KERNELS_ERROR_MEMORY);
    CHECK_MESSAGE("there is no memory");
    CHECK_STATUS(kernels_buffer_new(3, 1.0, NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_buffer is null");
    CHECK_STATUS(kernels_buffer_new(3, 1.0, odd), KERNELS_ERROR_ALIGNMENT);
    CHECK(room[0] == &ours && room[1] == &ours);
}

static void only_the_librarys_buffers_go_back_and_only_once(void)
{
    double ours[2] = {1.0, 2.0};
    double *buffer = NULL;
    double *neighbour = NULL;
    CHECK_OK(kernels_buffer_new(2, 1.0, &buffer));
    CHECK_OK(kernels_buffer_new(2, 2.0, &neighbour));

    CHECK_OK(kernels_buffer_free(NULL));
    CHECK_STATUS(kernels_buffer_free(ours), KERNELS_ERROR_HANDLE);
    CHECK_STATUS(kernels_buffer_free(buffer + 1), KERNELS_ERROR_HANDLE);
    CHECK_OK(kernels_buffer_free(buffer));
    CHECK_STATUS(kernels_buffer_free(buffer), KERNELS_ERROR_HANDLE);
    CHECK_MESSAGE("freed before");

    CHECK_DOUBLE(neighbour[0], 2.0);
    CHECK_DOUBLE(neighbour[1], 2.0);
    CHECK_OK(kernels_buffer_free(neighbour));
}

/* Each kind goes back through its own function; the wrong one refuses it. */
static void the_kinds_are_not_mixed_up(void)
{
    double *buffer = NULL;
    char *string = NULL;
    KernelsStatistics *statistics = NULL;
    CHECK_OK(kernels_buffer_new(2, 1.0, &buffer));
    CHECK_OK(kernels_greet("Ada", &string));
    CHECK_OK(kernels_statistics_new(&statistics));

    CHECK_STATUS(kernels_buffer_free((double *)(void *)string), KERNELS_ERROR_HANDLE);
    CHECK_MESSAGE("is not a buffer");
    CHECK_STATUS(kernels_buffer_free((double *)(void *)statistics), KERNELS_ERROR_HANDLE);
    CHECK_STATUS(kernels_string_free((char *)buffer), KERNELS_ERROR_HANDLE);
    CHECK_MESSAGE("is not a string");
    CHECK_STATUS(kernels_string_free((char *)statistics), KERNELS_ERROR_HANDLE);
    CHECK_STATUS(kernels_statistics_free((KernelsStatistics *)(void *)buffer),
                 KERNELS_ERROR_HANDLE);
    CHECK_MESSAGE("is not a statistics handle");
    CHECK_STATUS(kernels_statistics_free((KernelsStatistics *)(void *)string),
                 KERNELS_ERROR_HANDLE);

    CHECK_OK(kernels_buffer_free(buffer));
    CHECK_OK(kernels_string_free(string));
    CHECK_OK(kernels_statistics_free(statistics));
}

int main(void)
{
    a_buffer_is_an_ordinary_array();
    CHECK_NO_MESSAGE();
    a_size_that_cannot_be();
    only_the_librarys_buffers_go_back_and_only_once();
    the_kinds_are_not_mixed_up();
    return 0;
}
