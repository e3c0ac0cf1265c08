/*
 * In place of a BLAS of the system: some routines, one of each kind of arguments and results. With GAMUT_ILP64 one whose integers have 64 bits,
 * whatever the names say.
 */
#include "standin.h"

#include <complex.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

#ifdef GAMUT_ILP64
#define INT int64_t
#else
#define INT int
#endif

/* Says through a pipe that it is being loaded, and takes its time. */
__attribute__((constructor)) static void load(void) {
    const char *pipe = getenv("STANDIN_PIPE");
    if (pipe != NULL && write(atoi(pipe), "!", 1) == 1) {
        usleep(300000);
    }
}

/* By this one is found out which integers there are. */
PUBLIC INT isamax_(const void *n, const float *x, const void *incx) {
    (void)x, (void)incx;
    return *(const INT *)n > 0;
}

PUBLIC void zaxpy_(const INT *n, const double *alpha, const double *x, const INT *incx, double *y, const INT *incy) {
    *y = DIGEST((double)*n, *alpha, *x, (double)*incx, (double)*incy);
}

#ifdef GAMUT_ILP64

/* By way of Fortran's routines, as the reference does it. */
PUBLIC size_t cblas_isamax(INT n, const float *x, INT incx) {
    INT found = isamax_(&n, x, &incx);
    return found > 0 ? found - 1 : 0;
}

PUBLIC void cblas_zaxpy(INT n, const double *alpha, const double *x, INT incx, double *y, INT incy) {
    zaxpy_(&n, alpha, x, &incx, y, &incy);
}

#else

PUBLIC void zher2k_(const char *uplo, const char *trans, const int *n, const int *k, const double *alpha, const double *a, const int *lda,
                    const double *b, const int *ldb, const double *beta, double *c, const int *ldc) {
    *c = DIGEST(*uplo, *trans, *n, *k, *alpha, *a, *lda, *b, *ldb, *beta, *ldc);
}

PUBLIC void cblas_zher2k(int order, int uplo, int trans, int n, int k, const double *alpha, const double *a, int lda, const double *b,
                         int ldb, double beta, double *c, int ldc) {
    *c = DIGEST(order, uplo, trans, n, k, *alpha, *a, lda, *b, ldb, beta, ldc);
}

PUBLIC void zher2k_64_(const char *uplo, const char *trans, const int64_t *n, const int64_t *k, const double *alpha, const double *a,
                       const int64_t *lda, const double *b, const int64_t *ldb, const double *beta, double *c, const int64_t *ldc) {
    *c = -DIGEST(*uplo, *trans, (double)*n, (double)*k, *alpha, *a, (double)*lda, *b, (double)*ldb, *beta, (double)*ldc);
}

/* As MKL and the reference BLAS spell it. */
PUBLIC void cblas_csrot_64(int64_t n, float *x, int64_t incx, float *y, int64_t incy, float c, float s) {
    *x = *y = (float)-DIGEST((double)n, *x, (double)incx, *y, (double)incy, c, s);
}

PUBLIC void cblas_csrot(int n, float *x, int incx, float *y, int incy, float c, float s) {
    *x = *y = (float)DIGEST(n, *x, incx, *y, incy, c, s);
}

PUBLIC float cblas_scasum(int n, const float *x, int incx) {
    return (float)DIGEST(n, *x, incx);
}

PUBLIC double complex zdotc_(const int *n, const double *x, const int *incx, const double *y, const int *incy) {
    return DIGEST(*n, *x, *incx) + I * DIGEST(*y, *incy);
}

PUBLIC float complex cdotu_(const int *n, const float *x, const int *incx, const float *y, const int *incy) {
    return (float)DIGEST(*n, *x, *incx) + I * (float)DIGEST(*y, *incy);
}

#endif
