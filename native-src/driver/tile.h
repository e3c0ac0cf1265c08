/*
 * A register tile and what belongs to it: the seam between the loops of gemm.c, which know no instruction set, and the kernels,
 * which know no loops. Matrices here are stored by columns: column j of C begins ldc * j elements after its first.
 */
#ifndef GAMUT_TILE_H
#define GAMUT_TILE_H

#include "gamut.h"

/* Steps of k that are summed in registers: the block of the order fma-kc256, which fixes every bit of a result. */
#define GAMUT_KC 256

typedef struct gamut_tile {
    gamut_kernel info;

    /* C = A B for one tile and up to GAMUT_KC steps: a chain of fused multiply-adds from +0 for each element. */
    void (*store)(int64_t k, const void *a, const void *b, void *c, int64_t ldc);

    /* C = C + A B, the product summed first. */
    void (*add)(int64_t k, const void *a, const void *b, void *c, int64_t ldc);

    /*
     * Lays out up to mr (pack_a) or nr (pack_b) lines of an operand: element (line, step), which lies line * across + step * along
     * from src, goes to dst[step * panel + line]. Lines that lack are 0.
     */
    void (*pack_a)(const void *src, int64_t across, int64_t along, int64_t lines, int64_t steps, void *dst);
    void (*pack_b)(const void *src, int64_t across, int64_t along, int64_t lines, int64_t steps, void *dst);

    /* C = beta C + round(alpha sum), rounded once more; beta = 0: C is not read. C has strides of any kind. */
    void (*finish)(int64_t rows, int64_t cols, const void *sum, int64_t lds, double alpha, double beta, void *c,
                   int64_t c_row, int64_t c_col);

    /* Bytes of an element of a and b, and of c. */
    int32_t bytes, c_bytes;

    /* Rows of a block of A, which should take half of L2, and columns of a block of B. */
    int32_t mc, nc;
} gamut_tile;

/* The tiles of kernels.def, in its order. */
extern const gamut_tile *const gamut_tiles[];
extern const int32_t gamut_tile_count;

#endif
