/*
 * The seam between digits.c and the kernels for dot products of bytes.
 *
 * An activation is an F32, which is no more than a few bytes wide once its block has one exponent: x = 2^(e-22) q + a rest,
 * |q| <= 2^22, q in three signed digits of a byte. Dot products of bytes with weights are exact, so nothing is lost but the rest. Where that is more than
 * the error bound leaves room for, it is cut into digits in its turn: a second level, and so on. (The splitting is that of K. Ozaki,
 * T. Ogita, S. Oishi and S. M. Rump, "Error-free transformations of matrix multiplication by using fast routines of matrix
 * multiplication", Numerical Algorithms 59 (2012), section 3, with blocks of k instead of rows.)
 */
#ifndef GAMUT_DIGITS_H
#define GAMUT_DIGITS_H

#include "chunk.h"

/* One level of a block of activations, which share an exponent. */
typedef struct gamut_digits {
    /* Digits of q, the highest first, each in the order in which a kernel takes the weights. */
    int8_t digit[3][GAMUT_BLOCK];
    /* The sum of the digits of q but the lowest one's, in units of 256, and of those. */
    int32_t high, low;
    /* What sums begin with since weights have an offset: that of the highest two digits, and that of the lowest ones. */
    int32_t start[2];
    /* 2^(e-22). */
    float unit;
    /* Its block, and pad. */
    int32_t block;
} gamut_digits;

/*
 * The digits of one row once more, as they meet 64 bytes of a column: those of a line of 4 blocks of 4 bits or of 2 blocks of 8. Lane l of a
 * vector takes bytes 4 l to 4 l + 3.
 */
typedef struct gamut_line {
    /* The highest digits first; those for the low halves of bytes, then those for the high ones. */
    int8_t digit[3][2][64];
    /* What each lane begins with, since weights have an offset: the highest two digits' sum, in units of 256, and the lowest one's. */
    int32_t high[16], low[16];
    /* Each lane's block's 2^(e-22). */
    float unit[16];
    /* Which 64 bytes of a column. */
    int64_t place;
} gamut_line;

/* Exponents of blocks, and of what is left of them, with which no product leaves the normal range. */
#define GAMUT_HIGHEST_BLOCK 40
#define GAMUT_LOWEST_BLOCK (-80)

/* Digits of q: |q| <= 2^22. */
#define GAMUT_Q_BITS 22

typedef struct gamut_digits_kernel {
    /* What is added to weights to make them unsigned. */
    int32_t offset;

    /*
     * Digits of the activations of a block; what they leave out replaces them. Returns 0 where it has none: of what is not finite, or so large
     * or small that products might leave the normal range.
     */
    int (*split)(double x[GAMUT_BLOCK], int32_t block, gamut_digits *to);

    /* What the lanes of a line begin with. */
    void (*begin)(gamut_line *line);

    /* Weights become words. */
    gamut_chunk_kernel chunk;

    /*
     * One row, in lines of any places, with columns as they lie, `stride` bytes apart: stores their sums. `bytes` of each are weights; a
     * scale factor for each block, those of a column `blocks` behind those of the one before. For one column, or for four.
     */
    void (*lines[2])(const gamut_line *x, int64_t lines, const uint8_t *w, int64_t stride, int64_t bytes, const float *scales,
                     int64_t blocks, float *sums);

    /*
     * Adds the products of some levels, in the order of their blocks, with 16 columns: y += unit (scale (q . w)). Words of weights and 16
     * scale factors for each block from `first` on; 16 zero points for each, or null for none. For one row, or for four of which each
     * further one's levels and sums lie `row` levels and 16 sums behind.
     */
    void (*dots[2])(const gamut_digits *digits, int64_t row, int64_t levels, int64_t first, const uint32_t *words,
                    const float *scales, const int32_t *zeros, float *y);
} gamut_digits_kernel;

extern const gamut_weights_way gamut_by_digits;

#endif
