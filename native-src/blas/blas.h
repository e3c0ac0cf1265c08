/*
 * What the routines of the BLAS library share. Inside, a matrix is an address and two strides, in elements: by columns (1, ld), by rows
 * (ld, 1), transposed the other way round. So each operation is written once, and CBLAS's two orders and all transpositions are arguments.
 */
#ifndef GAMUT_BLAS_H
#define GAMUT_BLAS_H

#include "gamut.h"

#define PUBLIC __attribute__((visibility("default")))

/* CBLAS_LAYOUT, CBLAS_TRANSPOSE, CBLAS_UPLO, CBLAS_DIAG and CBLAS_SIDE. */
enum {
    ROW_MAJOR = 101,
    COL_MAJOR = 102,
    NO_TRANS = 111,
    TRANS = 112,
    CONJ_TRANS = 113,
    UPPER = 121,
    LOWER = 122,
    NON_UNIT = 131,
    UNIT = 132,
    LEFT = 141,
    RIGHT = 142
};

/* The value of CBLAS that a letter of Fortran stands for, either case; 0: none of this kind. */
int gamut_trans(char letter);
int gamut_uplo(char letter);
int gamut_diag(char letter);
int gamut_side(char letter);

/* Says that so many bytes are not to be had, and ends the process: no routine of the BLAS can answer with an error. */
void gamut_no_memory(int64_t bytes);

/* Memory of so many bytes, to be freed. */
void *gamut_memory(size_t bytes);

/* The last kernel for A and B of these types that can run here; -1: none. For F64 and for F32 there is always one. */
int32_t gamut_kernel_for(gamut_dtype a, gamut_dtype b);

/* The same of kernels that take elements as so many terms, 0 for native products; not kept from call to call. */
int32_t gamut_find_kernel(gamut_dtype a, gamut_dtype b, int32_t terms);

/* C = alpha A B + beta C by a kernel, on as many threads as that is worth. */
void gamut_multiply(int32_t kernel, int64_t m, int64_t n, int64_t k, double alpha, const void *a, int64_t a_row,
                    int64_t a_col, const void *b, int64_t b_row, int64_t b_col, double beta, void *c, int64_t c_row,
                    int64_t c_col);

/* The same by products of bytes, where the environment asks for that and it pays; returns whether it was done so. */
int gamut_emulate_f64(int64_t m, int64_t n, int64_t k, double alpha, const double *a, int64_t a_row, int64_t a_col, const double *b,
                  int64_t b_row, int64_t b_col, double beta, double *c, int64_t c_row, int64_t c_col);

/* The same in F32 by products of terms of BF16. */
int gamut_emulate_f32(int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t a_row, int64_t a_col, const float *b,
                      int64_t b_row, int64_t b_col, float beta, float *c, int64_t c_row, int64_t c_col);

#endif
