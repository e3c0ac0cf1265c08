/*
 * The seam between bytes.c and the kernels for dot products of bytes: activations that are bytes, as they are. Weights become unsigned bytes
 * by an offset; a sum over a span of k that shares its scale factors is exact.
 */
#ifndef GAMUT_BYTES_H
#define GAMUT_BYTES_H

#include "chunk.h"

/* What belongs to a span of a row. */
typedef struct gamut_span {
    /* Minus what the offset of weights adds to its sum. */
    int32_t start;
    /* The sum of its activations, and its scale factor. */
    float sum, unit;
} gamut_span;

/*
 * The rows at work, each so many bytes, spans or lines behind the one before. Of those activations that meet a line of a column of weights of
 * 4 bits, or a block of one that was laid out, first come the ones with even places and then the others. They are 0 up to the end of the
 * longest span.
 */
typedef struct gamut_bytes {
    int8_t *codes;
    gamut_span *spans;
    /* For each four bytes of a line: minus what the offset of weights adds to their sum, and their scale factor. */
    int32_t *starts;
    float *units;
    int64_t row_codes, row_spans, row_lines;
    /* Blocks of a span. */
    int64_t per;
    /* Whether scale factors are not all 1. */
    int has_units;
} gamut_bytes;

typedef struct gamut_bytes_kernel {
    /* What is added to weights to make them unsigned. */
    int32_t offset;

    /* Weights become vectors of 16 times four bytes, in the order of activations. */
    gamut_chunk_kernel chunk;

    /*
     * Rows from one on with columns as they lie, `stride` bytes apart, `bytes` of weights in each: stores their sums, those of a row 16 behind
     * those of the one before. A scale factor for each block, those of a column `blocks` behind those of the one before. For 1 row or 4, and
     * for one column or for GAMUT_STREAMS.
     */
    void (*lines[2][2])(const gamut_bytes *x, int64_t row, const uint8_t *w, int64_t stride, int64_t bytes, const float *scales,
                        int64_t blocks, float *sums);

    /*
     * Adds the products of rows from one on and blocks from `first` on, that of a chunk, with its 16 columns to sums. Zero points, or null
     * for none. For 1 row or 4.
     */
    void (*dots[2])(const gamut_bytes *x, int64_t row, int64_t first, int64_t blocks, const uint32_t *weights, const float *scales,
                    const int32_t *zeros, float *sums);
} gamut_bytes_kernel;

extern const gamut_weights_way gamut_by_bytes;

/* The kernels that differ in the type of results alone. */
#define GAMUT_BYTES_KERNELS(SYMBOL, weights, its_functions)                                                       \
    const gamut_weights_kernel SYMBOL(i8, f32) = {GAMUT_I8, weights, GAMUT_F32, &gamut_by_bytes, &its_functions}; \
    const gamut_weights_kernel SYMBOL(i8, bf16) = {GAMUT_I8, weights, GAMUT_BF16, &gamut_by_bytes, &its_functions};

#endif
