/* Whether a product of n by n ones is right; from n = 122 on several threads compute it. */
#ifndef GAMUT_SQUARE_H
#define GAMUT_SQUARE_H

#include <stdlib.h>

void cblas_dgemm(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);

static int product(int n) {
    size_t count = (size_t)n * (size_t)n;
    double *a = calloc(count, sizeof *a), *c = calloc(count, sizeof *c);
    for (size_t i = 0; i < count; i++) {
        a[i] = 1;
    }
    cblas_dgemm(101, 111, 111, n, n, n, 1, a, n, a, n, 0, c, n);
    int right = 1;
    for (size_t i = 0; i < count; i++) {
        right &= c[i] == n;
    }
    free(a);
    free(c);
    return right;
}

#endif
