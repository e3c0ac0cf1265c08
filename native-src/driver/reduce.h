/*
 * The seam between the driver of reductions, which knows threads, steps and the tree above blocks, and the kernels, which know one block of
 * neighbouring terms.
 */
#ifndef GAMUT_REDUCE_H
#define GAMUT_REDUCE_H

#include "gamut.h"

#include <math.h>

/*
 * The order tree64 (dev.gamut.accuracy.EvaluationOrder): of a block of 4,096 terms lane l of 64 takes the terms l, l + 64, ... from +0 on,
 * then lanes are folded, l += l + 32, l += l + 16, ..., l += l + 1; blocks are joined by a binary tree that gives its left child the
 * largest power of two of blocks smaller than their count.
 */
#define GAMUT_TREE_BLOCK 4096
#define GAMUT_TREE_LANES 64

/* What n terms of x, and of y where there are two operands, give, at least one; for scaled squares times `scale` before they are squared. */
typedef double gamut_reduce_block(int64_t n, const void *x, const void *y, double scale);

/* What two neighbouring blocks give together. */
typedef double gamut_reduce_join(double left, double right);

/* One pass over all terms, in blocks of so many. */
typedef struct gamut_reduce_pass {
    int64_t block;
    gamut_reduce_block *reduce;
    gamut_reduce_join *join;
} gamut_reduce_pass;

typedef struct gamut_reduce_kernel {
    /* gamut_dtype of sums, and bytes of a term. */
    int32_t type, bytes;

    /* How many operands there are. */
    int32_t operands;

    /*
     * One pass, or those of a 2-norm: sum of squares; then, where that is not in the safe range, the largest magnitude and the sum of scaled
     * squares.
     */
    int32_t is_norm;
    gamut_reduce_pass pass[3];
} gamut_reduce_kernel;

/* The kernels of kernels.def, in its order; null where one is of another sort or architecture. */
extern const gamut_reduce_kernel *const gamut_reduce_kernels[];

/* The smaller and the larger of two numbers, NaN where one is, -0 being smaller than +0. */
static inline double gamut_lesser(double left, double right) {
    if (isnan(left) || isnan(right)) {
        return NAN;
    }
    return left < right || (left == right && signbit(left)) ? left : right;
}

static inline double gamut_greater(double left, double right) {
    if (isnan(left) || isnan(right)) {
        return NAN;
    }
    return left > right || (left == right && !signbit(left)) ? left : right;
}

#endif
