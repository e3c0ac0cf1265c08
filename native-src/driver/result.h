/* Results of another type than sums: the seam between the loops of gemm.c and what stores them. */
#ifndef GAMUT_RESULT_H
#define GAMUT_RESULT_H

#include "convert.h"
#include "tile.h"

typedef struct gamut_result gamut_result;

/* C = beta C + alpha sum in the manner of a tile's finish; `wide`: sums have 64 bits. */
typedef int64_t gamut_finish_result(const gamut_result *result, const gamut_tile *tile, int wide, int64_t rows, int64_t cols,
                                    const void *sums, int64_t lds, double alpha, double beta, void *c, int64_t c_row, int64_t c_col);

struct gamut_result {
    /* gamut_dtype of C, and bytes of an element. */
    int32_t c, c_bytes;

    gamut_finish_result *finish;

    /* Of results that are sums in floating point, rounded once: from F32, and to it. */
    const gamut_convert_kernel *narrow, *widen;

    /* Steps of k, a multiple of any tile's kc, after which sums of 32 bits are added to sums of 64; 0 where they need not be. */
    int32_t span;
};

gamut_finish_result gamut_finish_rounded;

/* Adds sums of 32 bits to those of 64 in the same places, or stores them there. */
void gamut_fold(int64_t rows, int64_t cols, const int32_t *sums, int64_t *totals, int64_t lds, int first);

/* What the kernels of kernels.def store, in its order; null where C has the type of sums. */
extern const gamut_result *const gamut_results[];

#endif
