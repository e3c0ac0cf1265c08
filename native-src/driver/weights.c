/*
 * Up to GAMUT_WEIGHTS_ROWS rows of activations times weights of few bits, read once: bound by memory. Rows are got ready first; then the
 * columns pass, 16 at a time. How their sums come about is the kernel's way.
 *
 * What a way cannot take, activations or scale factors so large or small that what the way relies on would not hold, is computed an element
 * at a time.
 */
#include "weights.h"
#include "factors.h"
#include "../core/features.h"

#include <math.h>
#include <string.h>

static int64_t least(int64_t x, int64_t y) {
    return x < y ? x : y;
}

static int32_t check(const gamut_weights *g) {
    if (g->size != (int64_t)sizeof *g) {
        return GAMUT_WRONG_SIZE;
    }
    if (g->kernel < 0 || g->kernel >= gamut_kernel_count() || gamut_kernel_of(g) == NULL) {
        return GAMUT_NO_KERNEL;
    }
    if ((gamut_kernel_at((int32_t)g->kernel)->features & ~gamut_cpu_features()) != 0) {
        return GAMUT_NO_FEATURE;
    }
    int known = (g->scale_type == GAMUT_F32 || g->scale_type == GAMUT_F16 || g->scale_type == GAMUT_BF16) &&
                (g->zero_type == GAMUT_NO_ZEROS || g->zero_type == GAMUT_I8 || g->zero_type == GAMUT_U8 || g->zero_type == GAMUT_I4);
    return g->m < 0 || g->n < 0 || g->k < 0 || g->group <= 0 || g->group % GAMUT_BLOCK != 0 || !known ? GAMUT_OUT_OF_RANGE : GAMUT_OK;
}

int64_t gamut_weights_workspace(const gamut_weights *g) {
    int32_t status = check(g);
    return status != GAMUT_OK ? -status : GAMUT_ROWS_HEAD + gamut_kernel_of(g)->way->room(g);
}

int32_t gamut_weights_begin(const gamut_weights *g, const void *x, int64_t row, void *workspace) {
    int32_t status = check(g);
    if (status != GAMUT_OK || row < 0 || row > g->m) {
        return status != GAMUT_OK ? status : GAMUT_OUT_OF_RANGE;
    }
    gamut_rows *rows = workspace;
    rows->count = g->alpha == 0 ? 0 : least(GAMUT_WEIGHTS_ROWS, g->m - row);
    for (int64_t i = 0; i < rows->count; i++) {
        const char *from = (const char *)x + (g->x_first + (row + i) * g->x_row) * gamut_float_bytes(gamut_kernel_of(g)->a);
        rows->plain[i] = !gamut_kernel_of(g)->way->row(g, from, rows, i);
    }
    return GAMUT_OK;
}

/* Rounded to nearest even. */
static void save(int32_t type, float x, char *to) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    if (type == GAMUT_BF16) {
        /* A NaN whose upper half would be that of an infinity keeps a bit. */
        uint16_t high = (uint16_t)(isnan(x) ? bits >> 16 | 0x40 : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
        memcpy(to, &high, 2);
    } else {
        memcpy(to, &bits, 4);
    }
}

void gamut_activations(const gamut_weights *g, const char *x, int64_t from, int64_t count, float *to) {
    int32_t type = gamut_kernel_of(g)->a;
    for (int64_t i = 0; i < count; i++) {
        to[i] = gamut_float_at(type, x, from + i);
    }
}

float gamut_scale(const gamut_columns *c, int64_t group, int column) {
    const gamut_weights *g = c->g;
    return gamut_float_at((int32_t)g->scale_type, c->scales, g->scale_first + group * g->scale_group + (c->from + column) * g->scale_col);
}

int gamut_zero(const gamut_columns *c, int64_t group, int column) {
    const gamut_weights *g = c->g;
    return gamut_zero_at(g->zero_type, c->zeros, g->zero_first + group * g->zero_group + (c->from + column) * g->zero_col);
}

static int code(const gamut_columns *c, int64_t p, int column) {
    const char *line = c->w + c->g->w_first + (c->from + column) * c->g->w_col;
    return gamut_weight_bits(c->g) == 8 ? (int8_t)line[p] : gamut_nibble_at(line, p);
}

/* One element, weight by weight. */
static float plainly(const gamut_columns *c, int64_t row, int column) {
    const gamut_weights *g = c->g;
    const char *from = c->x + (g->x_first + (c->row + row) * g->x_row) * gamut_float_bytes(gamut_kernel_of(g)->a);
    float sum = 0;
    for (int64_t p = 0; p < g->k; p++) {
        float x = gamut_float_at(gamut_kernel_of(g)->a, from, p);
        int64_t group = p / g->group;
        sum = fmaf(x, (float)(code(c, p, column) - gamut_zero(c, group, column)) * gamut_scale(c, group, column), sum);
    }
    return sum;
}

static void finish(const gamut_columns *c, const gamut_rows *s, int64_t rows, int has_sums) {
    const gamut_weights *g = c->g;
    float alpha = (float)g->alpha, beta = (float)g->beta;
    int32_t type = gamut_kernel_of(g)->c;
    int product = g->alpha != 0 && g->k != 0;
    for (int64_t i = 0; i < rows; i++) {
        for (int j = 0; j < c->count; j++) {
            char *to = c->y + (g->y_first + (c->row + i) * g->y_row + (c->from + j) * g->y_col) * gamut_float_bytes(type);
            float old = beta == 0 ? 0 : gamut_float_at(type, to, 0), result = 0;
            if (product) {
                float sum = has_sums && !s->plain[i] ? s->sums[i][j] : plainly(c, i, j);
                float scaled = alpha * sum;
                result = beta == 0 ? scaled : fmaf(beta, old, scaled);
            } else if (beta != 0) {
                result = beta * old;
            }
            save(type, result, to);
        }
    }
}

int32_t gamut_weights_columns(const gamut_weights *g, const void *x, const void *w, const void *scales, const void *zeros, void *y,
                              int64_t row, int64_t from, int64_t to, void *workspace) {
    int32_t status = check(g);
    if (status != GAMUT_OK || row < 0 || row > g->m || from < 0 || to > g->n) {
        return status != GAMUT_OK ? status : GAMUT_OUT_OF_RANGE;
    }
    gamut_rows *rows = workspace;
    gamut_columns c = {.g = g, .x = x, .w = w, .scales = scales, .zeros = zeros, .y = y, .row = row};
    for (c.from = from; c.from < to; c.from += GAMUT_WEIGHTS_COLUMNS) {
        c.count = (int)least(GAMUT_WEIGHTS_COLUMNS, to - c.from);
        int has_sums = g->alpha != 0 && gamut_kernel_of(g)->way->sums(&c, rows);
        finish(&c, rows, least(GAMUT_WEIGHTS_ROWS, g->m - row), has_sums);
    }
    return GAMUT_OK;
}
