/*
 * libmug: coffee and milk.
 *
 * Functions whose result is int32_t return a status: MUG_OK, or one of the MUG_ERROR_*
 * numbers. On an error no output is written. All may be called from any thread.
 */

/* A second inclusion, through another header, is empty. */

/* The header includes what it uses: it compiles in any place, also as the first one. */
#include <stdint.h>

#define MUG_OK 0
#define MUG_ERROR_NULL 1      /* a pointer is null */
#define MUG_ERROR_SIZE 3      /* a size is negative */
#define MUG_ERROR_PARAMETER 6 /* there is no result for these numbers */

/* C++ would otherwise look for names with the types in them, as C++ functions have. */
#ifdef __cplusplus
extern "C" {
#endif

/*
 * The temperature of coffee and milk poured together.
 *
 * out_celsius: room for one double, yours; not null.
 */
int32_t mug_mix(double coffee_grams, double coffee_celsius, double milk_grams,
                double milk_celsius, double *out_celsius);

/*
 * The place of the highest of n temperatures, counted from 0.
 *
 * celsius: n doubles, yours, borrowed for the call; not null.
 * out_index: room for one number, yours; not null.
 */
int32_t mug_warmest(const double *celsius, int64_t n, int64_t *out_index);

/* The version of this library. The text is static: never free it. (`void` says that there
   are no arguments; empty brackets said nothing about them until C23.) */
const char *mug_version(void);

#ifdef __cplusplus
}
#endif
