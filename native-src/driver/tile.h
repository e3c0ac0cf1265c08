/*
 * A register tile and what belongs to it: the seam between the loops of gemm.c, which know no instruction set, and the kernels,
 * which know no loops. Matrices here are stored by columns: column j of C begins ldc * j elements after its first. The operand whose lines
 * become the rows of tiles is the caller's a, or its b where C' = B' A' is computed; the other one's become the columns.
 */
#ifndef GAMUT_TILE_H
#define GAMUT_TILE_H

#include "gamut.h"

#include <stddef.h>

/* Steps of k that are summed in registers: the block of the order fma-kc256, which fixes every bit of a result. */
#define GAMUT_KC 256

/*
 * Lays out lines of an operand in panels that are `stride` bytes apart: element (line, step) lies line * across + step * along from src. What
 * lacks, lines of the last panel or steps of the last group, is 0.
 */
typedef void gamut_pack(const void *src, int64_t across, int64_t along, int64_t lines, int64_t steps, void *panels, int64_t stride);

typedef void gamut_multiply_tile(int64_t steps, const void *rows, const void *cols, void *sums, int64_t ldc);

/*
 * Sums of lines with columns as they lie, all contiguous along k, strides in elements: those of column j begin lds * j elements after the
 * first one's.
 */
typedef void gamut_meet(const void *lines, int64_t stride, int64_t count, const void *cols, int64_t col_stride, int64_t wide, int64_t steps,
                        void *sums, int64_t lds);

typedef struct gamut_tile {
    /* gamut_dtype of a, b and sums, which is that of c, too, unless the kernel has a gamut_result. */
    int32_t a, b, acc;

    /* Terms of a narrower type that an element of a and b becomes; 0 where products are native. */
    int32_t terms;

    /* Rows and columns of the register tile; rows count vectors where there is a function that tells how many elements one has. */
    int32_t mr, nr;
    int32_t (*lanes)(void);

    /*
     * C = A B for one tile and up to kc steps, from panels. In the order fma-kc256 that is a chain of fused multiply-adds from +0. The
     * first function where rows are of the caller's a, the second one where they are of its b.
     */
    gamut_multiply_tile *store[2];

    /* C = C + A B, the product summed first. */
    gamut_multiply_tile *add[2];

    /* The first function for a tile of which only 1, 2 or 4 columns are wanted; what others there are is not written. Or null. */
    gamut_multiply_tile *narrow[3];

    /* Vectors of rows; the first function for a tile of which only the first one's rows or the first two's are wanted. Or null. */
    int32_t vectors;
    gamut_multiply_tile *low[2];

    /*
     * For up to `few` columns and `high` lines, a multiple of the tile's, of the caller's a or of its b; or null. The second one is for lines
     * that are neighbours at each step, steps `stride` elements apart.
     */
    gamut_meet *meet[2], *cross[2];
    int32_t few, high;

    /* Panels of rows and of columns from the caller's a, and from its b. */
    gamut_pack *rows[2], *cols[2];

    /* What is called before tiles are multiplied and after, on the same thread; null for nothing. */
    void (*enter)(void), (*leave)(void);

    /*
     * C = beta C + round(alpha sum), rounded once more; beta = 0: C is not read; no sums: C = beta C. C has strides of any kind. Where C
     * cannot hold a result that must be exact, returns row + col * rows of that element, otherwise -1.
     */
    int64_t (*finish)(int64_t rows, int64_t cols, const void *sums, int64_t lds, double alpha, double beta, void *c,
                      int64_t c_row, int64_t c_col);

    /* Bytes of an element of a and b, and of a sum. */
    int32_t bytes[2], sum_bytes;

    /* Bytes of an element in a panel, steps that lie together there, and what a panel of rows and of columns begins with. */
    int32_t panel_bytes, group, rows_head, cols_head;

    /* Steps that are summed in registers before C, or the sums apart from it, are touched. */
    int32_t kc;

    /*
     * Steps of a block of k, a multiple of kc where panels have no heads, otherwise kc: so often fewer C passes by; rows of a block of A,
     * which should take half of L2; columns of a block of B.
     */
    int32_t block_k, mc, nc;

    /* Multiply-adds that take well below a millisecond: what a step does at most. */
    int64_t step;
} gamut_tile;

/* Rows of the register tile on this CPU. */
static inline int64_t gamut_rows_of(const gamut_tile *tile) {
    return tile->lanes == NULL ? tile->mr : (int64_t)tile->mr * tile->lanes();
}

/* The tiles of kernels.def, in its order; null where one is for another architecture. */
extern const gamut_tile *const gamut_tiles[];

#endif
