/*
 * Sums of products with weights of few bits by multiply-adds of the activations as they are, for few rows: a weight is an exact small number
 * that an activation is multiplied by, and the sums of a block meet its scale factor.
 *
 * Error: an activation passes one multiply-add for each activation of its lane and line, at most 8, another one with the scale factor for
 * each line, and four additions between lanes. Lanes and lines that hold nothing round nothing, so these are at most k + 1 roundings. A sum
 * of products of an F32 with integers is a multiple of the smallest number: below the normal range nothing is rounded before the scale
 * factor.
 */
#include "floats.h"
#include "counts.h"
#include "factors.h"

#include <math.h>
#include <string.h>

/* Blocks of a column whose scale factors are laid out at a time: 8 KiB for GAMUT_STREAMS columns. */
#define SPAN 512

/* Rows that stay in L2. */
#define ROWS 16

/* With room for the factors of a whole line. */
#define PADDED (SPAN + 4)

static const gamut_floats_kernel *functions_of(const gamut_weights *g) {
    return gamut_kernel_of(g)->functions;
}

/* Activations of a line. */
static int64_t line_of(const gamut_weights *g) {
    return GAMUT_LINE * 8 / gamut_weight_bits(g);
}

/* Floats of a row: whole lines. */
static int64_t row_of(const gamut_weights *g) {
    return (g->k + line_of(g) - 1) / line_of(g) * line_of(g);
}

static float *floats_of(const gamut_weights *g, gamut_rows *rows, int64_t row) {
    return (float *)((char *)rows + GAMUT_ROWS_HEAD) + row * row_of(g);
}

static int64_t together(const gamut_weights *g) {
    return least(g->m, ROWS);
}

static int64_t room(const gamut_weights *g) {
    return together(g) * row_of(g) * (int64_t)sizeof(float);
}

/* Lays a row out. What is not a number or infinite meets weights as it is; what is larger than GAMUT_LARGEST else is not taken. */
static int ready(const gamut_weights *g, const char *x, const char *x_scales, gamut_rows *rows, int64_t row) {
    (void)x_scales;
    float *to = floats_of(g, rows, row);
    int64_t line = line_of(g);
    int moderate = 1;
    for (int64_t at = 0; at < row_of(g); at += line, to += line) {
        float given[GAMUT_LINE * 2] = {0};
        gamut_activations(g, x, at, least(line, g->k - at), given);
        for (int p = 0; p < line; p++) {
            moderate &= !(fabsf(given[p]) > GAMUT_LARGEST && isfinite(given[p]));
            to[functions_of(g)->place(p)] = given[p];
        }
    }
    return moderate;
}

/* Scale factors of one of the columns, one for each block from `first` on. Returns 0 where they are not to be taken. */
static int gather_scales(const gamut_columns *c, int column, int64_t first, int64_t blocks, float *to) {
    const gamut_weights *g = c->g;
    int64_t per = g->group / GAMUT_BLOCK;
    if (g->scale_group == 1 && per == 1) {
        int64_t at = g->scale_first + first + (c->from + column) * g->scale_col;
        return functions_of(g)->widen((int32_t)g->scale_type, c->scales + at * gamut_float_bytes((int32_t)g->scale_type), blocks, to);
    }
    int moderate = 1;
    for (int64_t b = 0; b < blocks; b++) {
        to[b] = b > 0 && (first + b) % per != 0 ? to[b - 1] : gamut_scale(c, (first + b) / per, column);
        moderate &= fabsf(to[b]) <= GAMUT_LARGEST;
    }
    return moderate;
}

static int sums(const gamut_columns *c, gamut_rows *rows) {
    const gamut_weights *g = c->g;
    int bits = gamut_weight_bits(g);
    int64_t all = gamut_blocks(g->k);
    float scales[GAMUT_STREAMS * PADDED], zeros[GAMUT_STREAMS * PADDED];
    memset(rows->sums, 0, (size_t)rows->count * GAMUT_LANES * sizeof *rows->sums);
    for (int64_t first = 0; first < all; first += SPAN) {
        int64_t blocks = least(SPAN, all - first);
        int64_t at = first * GAMUT_BLOCK * bits / 8;
        int64_t bytes = (least(g->k, (first + SPAN) * GAMUT_BLOCK) * bits + 7) / 8 - at;
        for (int j = 0; j < c->count;) {
            int together = c->count - j >= GAMUT_STREAMS ? GAMUT_STREAMS : 1;
            for (int i = 0; i < together; i++) {
                float *to = scales + i * PADDED;
                memset(to + blocks, 0, 4 * sizeof *to);
                memset(zeros + i * PADDED + blocks, 0, 4 * sizeof *to);
                if (!gather_scales(c, j + i, first, blocks, to)) {
                    return 0;
                }
                for (int64_t b = 0; g->zero_type != GAMUT_NO_ZEROS && b < blocks; b++) {
                    zeros[i * PADDED + b] = (float)gamut_zero(c, (first + b) * GAMUT_BLOCK / g->group, j + i);
                }
            }
            const uint8_t *w = (const uint8_t *)c->w + g->w_first + (c->from + j) * g->w_col + at;
            for (int64_t i = 0; i < rows->count;) {
                int size = rows->count - i >= 4 ? 2 : rows->count - i >= 2 ? 1 : 0;
                functions_of(g)->multiply[size][together > 1](floats_of(g, rows, i) + first * GAMUT_BLOCK, row_of(g), w, g->w_col, bytes,
                                                              scales, g->zero_type == GAMUT_NO_ZEROS ? NULL : zeros, PADDED,
                                                              rows->sums + i * GAMUT_LANES + j);
                i += (int64_t)1 << size;
            }
            j += together;
        }
    }
    return 1;
}

const gamut_weights_way gamut_by_floats = {.columns = GAMUT_LANES, .together = together, .room = room, .row = ready, .sums = sums};
