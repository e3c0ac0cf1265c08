/* The seam between floats.c and the kernels that multiply activations as they are. */
#ifndef GAMUT_FLOATS_H
#define GAMUT_FLOATS_H

#include "weights.h"

typedef struct gamut_floats_kernel {
    /* Place of activation p of a line among its floats. */
    int (*place)(int p);

    /* Floats from so many scale factors side by side, of a type of gamut.h. Returns whether all are finite and at most GAMUT_LARGEST. */
    int (*widen)(int32_t type, const char *src, int64_t count, float *dst);

    /*
     * Adds the products of rows with columns that lie `stride` bytes apart, `bytes` of weights in each: sums[16 row + column]. Rows, in
     * whole lines and in the order of `place`, lie `row` floats apart. Scale factors, and zero points or null for none, are those of each
     * block, with factors of 0 up to the end of a line; those of a column lie `blocks` behind those of the one before. For 1, 2 or 4 rows,
     * and for one column or for GAMUT_STREAMS.
     */
    void (*multiply[3][2])(const float *x, int64_t row, const uint8_t *w, int64_t stride, int64_t bytes, const float *scales,
                           const float *zeros, int64_t blocks, float *sums);
} gamut_floats_kernel;

/* Magnitudes up to which no sum of products leaves the range of F32 before its scale factor has been applied. */
#define GAMUT_LARGEST 0x1p90f

extern const gamut_weights_way gamut_by_floats;

#endif
