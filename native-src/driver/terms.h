/*
 * The seam between terms.c and the kernels for matrix units that multiply BF16 and sum in F32.
 *
 * An F32 is the sum of three BF16, of eight bits each, and an integer up to 256 is one: so products are exact, and what is rounded are sums
 * alone. (The splitting of G. Henry, P. T. P. Tang and A. Heinecke, "Leveraging the bfloat16 artificial intelligence datatype for
 * higher-precision computations", ARITH 2019, section II, with one side exact: three products instead of six.)
 */
#ifndef GAMUT_TERMS_H
#define GAMUT_TERMS_H

#include "chunk.h"

/* Rows of a tile. */
#define GAMUT_TILE_ROWS 16

/* A block of 16 rows' activations: one of their terms, as a tile's lines of 64 bytes. */
typedef struct gamut_term {
    uint16_t code[GAMUT_TILE_ROWS][GAMUT_BLOCK];
} gamut_term;

typedef struct gamut_terms_kernel {
    /* Weights become words. */
    gamut_chunk_kernel chunk;

    /*
     * Adds the products of 16 rows at a time, `tiles` times, with 16 columns to sums: those of a row 16 behind those of the row before. Each
     * block has as many terms, the smallest ones first, and each 16 rows' terms lie `apart` terms behind those of the rows before. Words of
     * weights of so many blocks, and 16 scale factors for each; 16 zero points for each, or null for none.
     */
    void (*dots)(const gamut_term *terms, int64_t tiles, int64_t apart, int count, int64_t blocks, const uint32_t *words,
                 const float *scales, const int32_t *zeros, float *sums);
} gamut_terms_kernel;

extern const gamut_weights_way gamut_by_terms;

#endif
