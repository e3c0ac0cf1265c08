/*
 * Up to GAMUT_WEIGHTS_ROWS rows of activations times weights of few bits, read once: bound by memory. Rows are got ready first; then the
 * columns pass, 16 or 48 at a time. How their sums come about is the kernel's way.
 *
 * What a way cannot take, activations or scale factors so large or small that what the way relies on would not hold, is computed an element
 * at a time.
 */
#include "weights.h"
#include "counts.h"
#include "factors.h"
#include "../core/features.h"

#include <math.h>
#include <string.h>

static int is_scale(int64_t type) {
    return type == GAMUT_F32 || type == GAMUT_F16 || type == GAMUT_BF16;
}

/* Whether x and the weights are read. */
static int has_product(const gamut_weights *g) {
    return g->alpha != 0 && g->k != 0;
}

/* Bytes of an activation. */
static int x_bytes(const gamut_weights *g) {
    return gamut_kernel_of(g)->a == GAMUT_I8 ? 1 : gamut_float_bytes(gamut_kernel_of(g)->a);
}

/* Where the scale factors of a row begin, if there are any. */
static const char *x_scales_of(const gamut_weights *g, const char *x_scales, int64_t row) {
    return g->x_scale_type == GAMUT_NO_SCALES
               ? NULL
               : x_scales + (g->x_scale_first + row * g->x_scale_row) * gamut_float_bytes((int32_t)g->x_scale_type);
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
    int known = is_scale(g->scale_type) &&
                (g->zero_type == GAMUT_NO_ZEROS || g->zero_type == GAMUT_I8 || g->zero_type == GAMUT_U8 || g->zero_type == GAMUT_I4);
    int plain = g->x_scale_type == GAMUT_NO_SCALES;
    int scaled = gamut_kernel_of(g)->a == GAMUT_I8 && is_scale(g->x_scale_type) && g->x_group > 0 &&
                 (g->x_group >= g->k || g->x_group % GAMUT_BLOCK == 0);
    int sizes = g->m >= 0 && g->n >= 0 && g->k >= 0 && g->group > 0 && g->group % GAMUT_BLOCK == 0;
    return sizes && known && (plain || scaled) ? GAMUT_OK : GAMUT_OUT_OF_RANGE;
}

int64_t gamut_weights_rows(const gamut_weights *g) {
    int32_t status = check(g);
    return status != GAMUT_OK ? -status : gamut_kernel_of(g)->way->together(g);
}

int64_t gamut_weights_workspace(const gamut_weights *g) {
    int32_t status = check(g);
    return status != GAMUT_OK ? -status : GAMUT_ROWS_HEAD + gamut_kernel_of(g)->way->room(g);
}

int32_t gamut_weights_begin(const gamut_weights *g, const void *x, const void *x_scales, int64_t row, void *workspace) {
    int32_t status = check(g);
    if (status != GAMUT_OK || row < 0 || row > g->m) {
        return status != GAMUT_OK ? status : GAMUT_OUT_OF_RANGE;
    }
    const gamut_weights_way *way = gamut_kernel_of(g)->way;
    gamut_rows *rows = workspace;
    rows->count = has_product(g) ? least(way->together(g), g->m - row) : 0;
    for (int64_t i = 0; i < rows->count; i++) {
        const char *from = (const char *)x + (g->x_first + (row + i) * g->x_row) * x_bytes(g);
        rows->plain[i] = !way->row(g, from, x_scales_of(g, x_scales, row + i), rows, i);
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
    if (type == GAMUT_F32 && count > 0) {
        memcpy(to, x + from * 4, (size_t)count * 4);
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        to[i] = gamut_float_at(type, x, from + i);
    }
}

float gamut_x_scale(const gamut_weights *g, const char *x_scales, int64_t group) {
    return x_scales == NULL ? 1 : gamut_float_at((int32_t)g->x_scale_type, x_scales, group * g->x_scale_group);
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
    const char *from = c->x + (g->x_first + (c->row + row) * g->x_row) * x_bytes(g);
    float sum = 0;
    for (int64_t p = 0; p < g->k; p++) {
        float x = gamut_float_at(gamut_kernel_of(g)->a, from, p);
        int64_t group = p / g->group;
        sum = fmaf(x, (float)(code(c, p, column) - gamut_zero(c, group, column)) * gamut_scale(c, group, column), sum);
    }
    return sum;
}

/* The same of integers, whose scale factors are multiplied by each other first: exactly. */
static float plainly_scaled(const gamut_columns *c, int64_t row, int column) {
    const gamut_weights *g = c->g;
    const int8_t *from = (const int8_t *)c->x + g->x_first + (c->row + row) * g->x_row;
    const char *x_scales = x_scales_of(g, c->x_scales, c->row + row);
    int64_t x_group = gamut_x_group(g);
    double sum = 0;
    for (int64_t p = 0; p < g->k; p++) {
        int64_t group = p / g->group;
        double scale = (double)gamut_scale(c, group, column) * gamut_x_scale(g, x_scales, x_group == 0 ? 0 : p / x_group);
        sum += from[p] * (code(c, p, column) - gamut_zero(c, group, column)) * scale;
    }
    return (float)sum;
}

/* Results of a row from its sums alone. */
static void store(const gamut_weights *g, const float *sums, int count, char *to) {
    float alpha = (float)g->alpha, results[GAMUT_WEIGHTS_COLUMNS];
    for (int j = 0; j < gamut_kernel_of(g)->way->columns; j++) {
        results[j] = alpha * sums[j];
    }
    if (g->y_col == 1) {
        memcpy(to, results, (size_t)count * 4);
        return;
    }
    for (int j = 0; j < count; j++) {
        memcpy(to + j * g->y_col * 4, results + j, 4);
    }
}

static void finish(const gamut_columns *c, const gamut_rows *s, int64_t rows, int has_sums) {
    const gamut_weights *g = c->g;
    float alpha = (float)g->alpha, beta = (float)g->beta;
    int32_t type = gamut_kernel_of(g)->c;
    int product = has_product(g);
    for (int64_t i = 0; i < rows; i++) {
        char *to = c->y + (g->y_first + (c->row + i) * g->y_row + c->from * g->y_col) * gamut_float_bytes(type);
        const float *of_row = s->sums + i * gamut_kernel_of(g)->way->columns;
        int sums = has_sums && !s->plain[i];
        if (product && sums && beta == 0 && type == GAMUT_F32) {
            store(g, of_row, c->count, to);
            continue;
        }
        for (int j = 0; j < c->count; j++, to += g->y_col * gamut_float_bytes(type)) {
            float old = beta == 0 ? 0 : gamut_float_at(type, to, 0), result = 0;
            if (product) {
                float sum = sums                                ? of_row[j]
                            : gamut_kernel_of(g)->a == GAMUT_I8 ? plainly_scaled(c, i, j)
                                                                : plainly(c, i, j);
                float scaled = alpha * sum;
                result = beta == 0 ? scaled : fmaf(beta, old, scaled);
            } else if (beta != 0) {
                result = beta * old;
            }
            save(type, result, to);
        }
    }
}

int32_t gamut_weights_columns(const gamut_weights *g, const void *x, const void *x_scales, const void *w, const void *scales,
                              const void *zeros, void *y, int64_t row, int64_t from, int64_t to, void *workspace) {
    int32_t status = check(g);
    if (status != GAMUT_OK || row < 0 || row > g->m || from < 0 || to > g->n) {
        return status != GAMUT_OK ? status : GAMUT_OUT_OF_RANGE;
    }
    const gamut_weights_way *way = gamut_kernel_of(g)->way;
    gamut_rows *rows = workspace;
    gamut_columns c = {.g = g, .x = x, .x_scales = x_scales, .w = w, .scales = scales, .zeros = zeros, .y = y, .row = row};
    for (c.from = from; c.from < to; c.from += way->columns) {
        c.count = (int)least(way->columns, to - c.from);
        int has_sums = has_product(g) && way->sums(&c, rows);
        finish(&c, rows, least(way->together(g), g->m - row), has_sums);
    }
    return GAMUT_OK;
}
