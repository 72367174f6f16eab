/*
 * The three C functions that the course starts from, in our words, with the
 * published arithmetic: the same operations in the same order.
 *
 * Nothing is checked here. That is the caller's part.
 */

#include <string.h>

/* a[i] += b[i] */
void add(double *a, double *b, int n)
{
    for (int i = 0; i < n; i++) {
        a[i] += b[i];
    }
}

/* One Fibonacci step: (a, b) becomes (b, a + b). From F(47) on the sum does
   not fit in an int, and what happens then is undefined. */
void fibo(int *a, int *b)
{
    int sum = *a + *b;
    *a = *b;
    *b = sum;
}

/* One step of the heat equation on nx rows of ny columns, then u_previous
   becomes a copy of u.

   Rows are ny apart. The published text has nx there, which is the same on a
   square and wrong on any other rectangle. */
void evolve(double *u, double *u_previous, int nx, int ny, double a, double dt, double dx2,
            double dy2)
{
    const double *p = u_previous;
    for (int i = 1; i < nx - 1; i++) {
        for (int j = 1; j < ny - 1; j++) {
            int here = i * ny + j, below = here + ny, above = here - ny;
            u[here] = p[here]
                      + a * dt
                            * ((p[below] - 2.0 * p[here] + p[above]) / dx2
                               + (p[here + 1] - 2.0 * p[here] + p[here - 1]) / dy2);
        }
    }
    memcpy(u_previous, u, (size_t)nx * (size_t)ny * sizeof(double));
}
