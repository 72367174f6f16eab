/*
 * Broken on purpose. The header asks for n doubles at a; here is one too few.
 *
 * No status can come of this: the library sees an address and a number, and
 * must believe them. AddressSanitizer sees the memory. It must stop the program
 * in the kernel. If it does not, it was not at work in the other tests either.
 */
#include <stdlib.h>

#include "kernels.h"

enum { N = 100 };

int main(void)
{
    double *a = (double *)calloc(N - 1, sizeof(double));
    double *b = (double *)calloc(N, sizeof(double));
    if (a == NULL || b == NULL) {
        return 2;
    }
    kernels_add(a, b, N);
    free(a);
    free(b);
    return 0;
}
