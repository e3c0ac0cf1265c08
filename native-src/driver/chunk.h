/*
 * 16 columns of weights and what belongs to them, some blocks of k at a time, laid out with a column in each lane: what digits.c and bytes.c
 * multiply several rows by.
 */
#ifndef GAMUT_CHUNK_H
#define GAMUT_CHUNK_H

#include "weights.h"

/* Blocks that are laid out at a time: 16 KiB of weights. */
#define GAMUT_CHUNK 32

/* Scale factors with which no product of a block leaves the normal range. */
#define GAMUT_LARGEST_SCALE 0x1p40f
#define GAMUT_SMALLEST_SCALE 0x1p-24f

typedef struct gamut_chunk {
    /* In the form that the kernel gives them. */
    uint32_t weights[GAMUT_CHUNK * 8 * GAMUT_LANES];
    /* Of each block. */
    float scales[GAMUT_CHUNK * GAMUT_LANES];
    int32_t zeros[GAMUT_CHUNK * GAMUT_LANES];
} gamut_chunk;

typedef struct gamut_chunk_kernel {
    /*
     * Lays out lines of so many bytes, `stride` bytes apart, up to 16 of them, as words: word w of line l goes to dst[16 w + l]; others are
     * 0. What lies so many bytes further on is wanted next, unless that is 0.
     */
    void (*transpose)(const uint8_t *src, int64_t stride, int lines, int64_t bytes, uint32_t *dst, int64_t next);

    /* The same for weights, in the form that products take them. */
    void (*lay_out)(const uint8_t *src, int64_t stride, int lines, int64_t bytes, uint32_t *dst, int64_t next);

    /* Copies scale factors of a type. Returns whether each of them is 0 or in the range from GAMUT_SMALLEST_SCALE to GAMUT_LARGEST_SCALE. */
    int (*copy)(int32_t type, const void *src, int64_t count, float *dst);
} gamut_chunk_kernel;

/*
 * Lays out blocks from one on; `fetches`: what is laid out next is fetched into the cache meanwhile. Returns 0 where a scale factor is out of
 * the range.
 */
int gamut_lay_out(const gamut_columns *c, const gamut_chunk_kernel *kernel, int64_t first, int fetches, gamut_chunk *to);

/* Fetches what is laid out next of some of the columns. */
void gamut_fetch_next(const gamut_columns *c, int64_t first, int from, int to);

#endif
