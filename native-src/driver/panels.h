/* The seam between panels.c and the kernels that lay weights out as F32. */
#ifndef GAMUT_PANELS_H
#define GAMUT_PANELS_H

#include "chunk.h"
#include "tile.h"

typedef struct gamut_panels_kernel {
    /*
     * A tile whose sums and panels are F32, and whose columns take the caller's activations; its rows are whole chunks of weights, and of its
     * number of rows GAMUT_WEIGHTS_COLUMNS is a multiple.
     */
    const gamut_tile *tile;

    /* Weights become words. */
    gamut_chunk_kernel chunk;

    /*
     * Lays out weights less their zero points, times their scale factors, from 16 words for each place in a block: those of 16 columns at step
     * p begin at to[p * apart]. 16 scale factors for each block; 16 zero points for each, or null for none.
     */
    void (*widen)(const uint32_t *words, const float *scales, const int32_t *zeros, int64_t blocks, float *to, int64_t apart);
} gamut_panels_kernel;

extern const gamut_weights_way gamut_by_panels;

#endif
