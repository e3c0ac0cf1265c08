/*
 * Rows times weights of few bits: the seam between the loops of weights.c and the ways to get sums, of which digits.c, bytes.c, floats.c,
 * terms.c and panels.c are, and which have kernels of their own.
 */
#ifndef GAMUT_WEIGHTS_H
#define GAMUT_WEIGHTS_H

#include "gamut.h"

/* Weights that share a scale factor, at least; it covers a multiple of them. */
#define GAMUT_BLOCK 32

/* Rows that are computed together, at most. */
#define GAMUT_WEIGHTS_ROWS 256

/* Columns that are laid out together, one in each lane. */
#define GAMUT_LANES 16

/* Bytes of a column that are taken at a time where columns are taken as they lie, and columns: as many streams of memory. */
#define GAMUT_LINE 64
#define GAMUT_STREAMS 4

/* Operands as given, and the columns at work. */
typedef struct gamut_columns {
    const gamut_weights *g;
    const char *x, *x_scales, *w, *scales, *zeros;
    char *y;
    int64_t row, from;
    int count;
} gamut_columns;

/* The rows at work: what a workspace begins with. What a way keeps of them follows. */
typedef struct gamut_rows {
    int64_t count;
    /* Whether a row is taken weight by weight, since its way cannot. */
    int32_t plain[GAMUT_WEIGHTS_ROWS];
    /* Those of a row as far behind those of the row before as its way takes columns. */
    float sums[GAMUT_WEIGHTS_ROWS * GAMUT_WEIGHTS_COLUMNS];
} gamut_rows;

/* Bytes before what a way keeps: whole cache lines. */
#define GAMUT_ROWS_HEAD ((int64_t)((sizeof(gamut_rows) + 63) / 64 * 64))

typedef struct gamut_weights_way {
    /* Columns that it takes together. */
    int columns;

    /* Rows that it takes together; no more than there are. */
    int64_t (*together)(const gamut_weights *g);

    /* Bytes that it keeps. */
    int64_t (*room)(const gamut_weights *g);

    /*
     * Gets a row ready, whose activations begin at x, and its scale factors, if it has any, at x_scales. Returns 0 where it cannot take
     * them.
     */
    int (*row)(const gamut_weights *g, const char *x, const char *x_scales, gamut_rows *rows, int64_t row);

    /* The sums of columns for all rows; those of plain ones do not count. Returns 0 where it cannot take the columns' scale factors. */
    int (*sums)(const gamut_columns *c, gamut_rows *rows);
} gamut_weights_way;

typedef struct gamut_weights_kernel {
    /* gamut_dtype of activations, weights and results. */
    int32_t a, b, c;
    const gamut_weights_way *way;
    /* What the way asks a kernel for. */
    const void *functions;
} gamut_weights_kernel;

/* The kernels that differ in types of activations and results alone: SYMBOL(a, c) names them. */
#define GAMUT_WEIGHTS_KERNELS(SYMBOL, weights, its_way, its_functions)                                               \
    const gamut_weights_kernel SYMBOL(f32, f32) = {GAMUT_F32, weights, GAMUT_F32, &its_way, &its_functions};         \
    const gamut_weights_kernel SYMBOL(bf16, f32) = {GAMUT_BF16, weights, GAMUT_F32, &its_way, &its_functions};       \
    const gamut_weights_kernel SYMBOL(bf16, bf16) = {GAMUT_BF16, weights, GAMUT_BF16, &its_way, &its_functions};

/* The kernels of kernels.def, in its order; null where one is of another sort or architecture. */
extern const gamut_weights_kernel *const gamut_weights_kernels[];

static inline const gamut_weights_kernel *gamut_kernel_of(const gamut_weights *g) {
    return gamut_weights_kernels[g->kernel];
}

/* Blocks of a column. */
static inline int64_t gamut_blocks(int64_t k) {
    return (k + GAMUT_BLOCK - 1) / GAMUT_BLOCK;
}

/* Bits of a weight. */
static inline int gamut_weight_bits(const gamut_weights *g) {
    return gamut_kernel_of(g)->b == GAMUT_I8 ? 8 : 4;
}

/* Steps of k that share a scale factor of x; 0 where each row has one at most. */
static inline int64_t gamut_x_group(const gamut_weights *g) {
    return g->x_scale_type == GAMUT_NO_SCALES || g->x_group >= g->k ? 0 : g->x_group;
}

/* Some activations of a row that begins at x, of floats. */
void gamut_activations(const gamut_weights *g, const char *x, int64_t from, int64_t count, float *to);

/* Scale factor of a group of the row whose scale factors begin at x_scales; 1 where there are none. */
float gamut_x_scale(const gamut_weights *g, const char *x_scales, int64_t group);

/* Scale factor and zero point of a group and one of the columns at work. */
float gamut_scale(const gamut_columns *c, int64_t group, int column);
int gamut_zero(const gamut_columns *c, int64_t group, int column);

#endif
