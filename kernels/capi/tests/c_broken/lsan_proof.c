/*
 * Broken on purpose. The header says that a greeting must be given back with
 * kernels_string_free; here they are forgotten.
 *
 * Nothing crashes, and the program ends with 0. LeakSanitizer must tell. If it
 * does not, it was not at work in the other tests either.
 */
#include <stddef.h>

#include "kernels.h"

int main(void)
{
    /* Several: the address of the last one may still be on the stack or in a
     * register at the end, and then it does not count as forgotten. */
    for (int i = 0; i < 10; i++) {
        char *greeting = NULL;
        if (kernels_greet("Ada", &greeting) != KERNELS_OK) {
            return 2;
        }
    }
    return 0;
}
