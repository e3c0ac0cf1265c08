/* Results of another type than sums: the seam between the loops of gemm.c and what stores them. */
#ifndef GAMUT_RESULT_H
#define GAMUT_RESULT_H

#include "convert.h"
#include "tile.h"

typedef struct gamut_result gamut_result;

/* What a C that is requantised is multiplied by, the factor of its element (0, 0) first, and the code that stands for 0. */
typedef struct gamut_requantise {
    const float *factors;
    /* 1 where each row, or each column, has a factor of its own. */
    int64_t by_row, by_col;
    float zero;
} gamut_requantise;

/* C = beta C + alpha sum in the manner of a tile's finish; `wide`: sums have 64 bits. */
typedef int64_t gamut_finish_result(const gamut_result *result, const gamut_tile *tile, int wide, int64_t rows, int64_t cols,
                                    const void *sums, int64_t lds, double alpha, double beta, void *c, int64_t c_row, int64_t c_col,
                                    const gamut_requantise *by);

/*
 * x, neighbouring numbers of an old C that are not read where beta is 0, becomes (alpha sum + beta x) factor + zero: the sum rounded to F32,
 * then the product with alpha and each multiply-add. Sums have 32 or 64 bits, null: there are none. Factors: `step` apart, 0 or 1.
 */
typedef void gamut_requantise_numbers(int64_t n, const void *sums, int wide, float alpha, float beta, const float *factors, int64_t step,
                                      float zero, float *x);

struct gamut_result {
    /* gamut_dtype of C, and bytes of an element. */
    int32_t c, c_bytes;

    gamut_finish_result *finish;

    /* Of results that are rounded from F32 once: from it, and to it. */
    const gamut_convert_kernel *narrow, *widen;

    /* Of sums of integers that are requantised: what comes before `narrow`. */
    gamut_requantise_numbers *requantise;

    /* Steps of k, a multiple of any tile's kc, after which sums of 32 bits are added to sums of 64; 0 where they need not be. */
    int32_t span;
};

gamut_finish_result gamut_finish_rounded;

/* The span of sums of bytes. */
#define GAMUT_SPAN 65536

/* Adds sums of 32 bits to those of 64 in the same places, or stores them there. */
void gamut_fold(int64_t rows, int64_t cols, const int32_t *sums, int64_t *totals, int64_t lds, int first);

/* What the kernels of kernels.def store, in its order; null where C has the type of sums. */
extern const gamut_result *const gamut_results[];

#endif
