/* In place of a BLAS of the system: some routines, one of each kind of arguments and results. */
#include "standin.h"

#include <complex.h>
#include <stdint.h>

#define PUBLIC __attribute__((visibility("default")))

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

PUBLIC void zaxpy_(const int *n, const double *alpha, const double *x, const int *incx, double *y, const int *incy) {
    *y = DIGEST(*n, *alpha, *x, *incx, *incy);
}
