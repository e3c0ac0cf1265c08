/* Level 1 in F32, and its sums in F64. */
#define T float
#define WIDE double
#define NAME(routine) s##routine
#define INDEX_NAME isamax

#include "level1.inc"

/* Dot products of F32 in F64. */
static double wide_dot(int64_t n, const float *x, int64_t incx, const float *y, int64_t incy) {
    x = FIRST(x, n, incx);
    y = FIRST(y, n, incy);
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += (double)x[i * incx] * y[i * incy];
    }
    return sum;
}

PUBLIC double FORTRAN_SYMBOL(dsdot)(const INT *n, const float *x, const INT *incx, const float *y, const INT *incy) {
    return wide_dot(*n, x, *incx, y, *incy);
}

PUBLIC double CBLAS_SYMBOL(dsdot)(INT n, const float *x, INT incx, const float *y, INT incy) {
    return wide_dot(n, x, incx, y, incy);
}

PUBLIC float FORTRAN_SYMBOL(sdsdot)(const INT *n, const float *alpha, const float *x, const INT *incx, const float *y, const INT *incy) {
    return (float)(*alpha + wide_dot(*n, x, *incx, y, *incy));
}

PUBLIC float CBLAS_SYMBOL(sdsdot)(INT n, float alpha, const float *x, INT incx, const float *y, INT incy) {
    return (float)(alpha + wide_dot(n, x, incx, y, incy));
}
