/*
 * A struct crosses by value and by pointer. Both sides must agree on where
 * each field is, so the first thing is to compare the two layouts.
 */
#include <stdalign.h>
#include <stddef.h>

#include "check.h"

static void both_compilers_see_one_layout(void)
{
    KernelsReadingLayout layout = {0, 0, 77, 0, 0};
    CHECK_OK(kernels_reading_layout(&layout));
    CHECK_INT(layout.size, (int64_t)sizeof(KernelsReading));
    CHECK_INT(layout.alignment, (int64_t)alignof(KernelsReading));
    CHECK_INT(layout.sensor, (int64_t)offsetof(KernelsReading, sensor));
    CHECK_INT(layout.celsius, (int64_t)offsetof(KernelsReading, celsius));
    CHECK_INT(layout.samples, (int64_t)offsetof(KernelsReading, samples));
}

static void by_value_the_original_stays(void)
{
    const KernelsReading reading = {200, 20.5, -7};
    KernelsReading warmed = {0, 0.0, 0};
    CHECK_OK(kernels_reading_warmed(reading, 1.25, &warmed));
    CHECK_INT(warmed.sensor, 200);
    CHECK_DOUBLE(warmed.celsius, 21.75);
    CHECK_INT(warmed.samples, -7);
    CHECK_INT(reading.sensor, 200);
    CHECK_DOUBLE(reading.celsius, 20.5);
    CHECK_INT(reading.samples, -7);
}

static void by_pointer_the_original_changes(void)
{
    const double samples[4] = {20.0, 21.0, 25.0, -4.0};
    KernelsReading reading = {3, 0.0, 0};
    double sum = 0.0;
    for (int i = 0; i < 4; i++) {
        sum += samples[i];
        CHECK_OK(kernels_reading_record(&reading, samples[i]));
        CHECK_INT(reading.sensor, 3);
        CHECK_CLOSE(reading.celsius, sum / (i + 1));
        CHECK_INT(reading.samples, i + 1);
    }
}

static void bad_input_is_a_status_and_changes_nothing(void)
{
    const KernelsReading full = {3, 20.0, INT32_MAX};
    /* Two structs, so that one byte off is still our memory. */
    KernelsReading room[2] = {{3, 20.0, INT32_MAX}, {4, 21.0, 5}};
    KernelsReading *odd = (KernelsReading *)one_byte_off(room);
    KernelsReadingLayout layouts[2] = {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}};
    KernelsReading room_before[2];
    KernelsReadingLayout layouts_before[2];
    memcpy(room_before, room, sizeof room);
    memcpy(layouts_before, layouts, sizeof layouts);

    CHECK_STATUS(kernels_reading_record(&room[0], 30.0), KERNELS_ERROR_OVERFLOW);
    CHECK_MESSAGE("2147483647 samples");
    CHECK_STATUS(kernels_reading_record(NULL, 30.0), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("reading is null");
    CHECK_STATUS(kernels_reading_record(odd, 30.0), KERNELS_ERROR_ALIGNMENT);

    CHECK_STATUS(kernels_reading_warmed(full, 1.0, NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_reading is null");
    CHECK_STATUS(kernels_reading_warmed(full, 1.0, odd), KERNELS_ERROR_ALIGNMENT);

    CHECK_STATUS(kernels_reading_layout(NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_layout is null");
    CHECK_STATUS(kernels_reading_layout((KernelsReadingLayout *)one_byte_off(layouts)),
                 KERNELS_ERROR_ALIGNMENT);

    CHECK(memcmp(room, room_before, sizeof room) == 0);
    CHECK(memcmp(layouts, layouts_before, sizeof layouts) == 0);
}

int main(void)
{
    both_compilers_see_one_layout();
    by_value_the_original_stays();
    by_pointer_the_original_changes();
    CHECK_NO_MESSAGE();
    bad_input_is_a_status_and_changes_nothing();
    return 0;
}
