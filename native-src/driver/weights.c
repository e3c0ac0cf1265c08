/*
 * Up to GAMUT_WEIGHTS_ROWS rows of activations times weights of few bits, read once: bound by memory. Activations become digits first, see
 * weights.h; then the columns pass, 16 at a time, their weights and scale factors laid out in pieces that stay in L1.
 *
 * Error: what the digits leave out of an activation is below a quarter of k roundings of it; a block's sum is exact and rounded once or
 * twice on the way to F32, the scale factor is multiplied by a power of two, and each block is one multiply-add: k / 4 + k / 32 + 3
 * roundings at most, below k + 2 from k = 2 on; with k = 1 nothing is left out.
 *
 * What has no digits goes another way, an element at a time: activations or scale factors that are not finite, or so large or small
 * that their products with powers of two might not be exact.
 */
#include "weights.h"
#include "../core/features.h"

#include <math.h>
#include <string.h>

#define LINE 64

/* Exponents of blocks, and of what is left of them, with which no product leaves the normal range. */
#define HIGHEST_BLOCK 40
#define LOWEST_BLOCK (-80)

/* Blocks of a column whose scale factors are copied into L1: k up to 16,384. */
#define NEAR 512

/* Digits of q: |q| <= 2^22. */
#define Q_BITS 22

/* What is known of the rows at work; digits of rows and what is left of them follow it. */
typedef struct state {
    int64_t rows, blocks;
    /* Whether a row has no digits; how many further levels its blocks have, at most one for each. */
    int32_t plain[GAMUT_WEIGHTS_ROWS];
    int64_t further[GAMUT_WEIGHTS_ROWS];
    uint32_t words[GAMUT_CHUNK * 8 * GAMUT_WEIGHTS_COLUMNS];
    float scales[GAMUT_CHUNK * GAMUT_WEIGHTS_COLUMNS];
    int32_t zeros[GAMUT_CHUNK * GAMUT_WEIGHTS_COLUMNS];
    float sums[GAMUT_WEIGHTS_ROWS][GAMUT_WEIGHTS_COLUMNS];
    /* Lines in which the digits of a single row lie once more; 0 where they do not. */
    int64_t lines;
} state;

static int64_t least(int64_t x, int64_t y) {
    return x < y ? x : y;
}

static int64_t blocks_of(int64_t k) {
    return (k + GAMUT_BLOCK - 1) / GAMUT_BLOCK;
}

static int64_t head(void) {
    return (int64_t)((sizeof(state) + LINE - 1) / LINE * LINE);
}

/* The first levels of a row's blocks, and the further ones. */
static gamut_digits *first_levels(state *s, int64_t row) {
    return (gamut_digits *)((char *)s + head()) + 2 * row * s->blocks;
}

static gamut_digits *further_levels(state *s, int64_t row) {
    return first_levels(s, row) + s->blocks;
}

/* The lines of a single row. */
static gamut_line *lines_of(state *s) {
    return (gamut_line *)first_levels(s, 1);
}

static int32_t check(const gamut_weights *g) {
    if (g->size != (int64_t)sizeof *g) {
        return GAMUT_WRONG_SIZE;
    }
    if (g->kernel < 0 || g->kernel >= gamut_kernel_count() || gamut_weights_kernels[g->kernel] == NULL) {
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
    if (status != GAMUT_OK) {
        return -status;
    }
    int64_t rows = least(g->m, GAMUT_WEIGHTS_ROWS);
    int64_t blocks = blocks_of(g->k);
    int64_t lines = rows == 1 ? (blocks + 1) / 2 + blocks : 0;
    return head() + 2 * rows * blocks * (int64_t)sizeof(gamut_digits) + lines * (int64_t)sizeof(gamut_line);
}

/* Digits of x[0] to x[count-1]; what they leave out replaces x. Returns 0 where the block has none. */
static int split(const gamut_weights_kernel *kernel, double *x, int count, int32_t block, gamut_digits *to) {
    double largest = 0;
    for (int p = 0; p < count; p++) {
        largest = fabs(x[p]) > largest || isnan(x[p]) ? fabs(x[p]) : largest;
    }
    memset(to, 0, sizeof *to);
    to->block = block;
    if (largest == 0) {
        return 1;
    }
    int exponent;
    frexp(largest, &exponent);
    if (!isfinite(largest) || exponent > HIGHEST_BLOCK || exponent < LOWEST_BLOCK) {
        return 0;
    }
    to->unit = ldexpf(1, exponent - Q_BITS);
    double up = ldexp(1, Q_BITS - exponent), down = to->unit;
    for (int p = 0; p < count; p++) {
        int32_t q = (int32_t)lrint(x[p] * up);
        x[p] -= q * down;
        /* Digits from -128 to 127. */
        int32_t low = (int8_t)q;
        int32_t rest = (q - low) / 256;
        int32_t middle = (int8_t)rest;
        int32_t high = (rest - middle) / 256;
        int at = kernel->place(p);
        to->digit[0][at] = (int8_t)high;
        to->digit[1][at] = (int8_t)middle;
        to->digit[2][at] = (int8_t)low;
        to->high += high * 256 + middle;
        to->low += low;
    }
    return 1;
}

/* Whether what is left of activations is below so many roundings of each. */
static int is_small(const double *left, const float *x, int count, double roundings) {
    for (int p = 0; p < count; p++) {
        if (fabs(left[p]) > roundings * 0x1p-24 * fabsf(x[p])) {
            return 0;
        }
    }
    return 1;
}

/* All levels of a row. Returns 0 where it has none. */
static int split_row(const gamut_weights *g, const gamut_weights_kernel *kernel, const char *x, state *s, int64_t row) {
    gamut_digits *first = first_levels(s, row), *further = further_levels(s, row);
    double roundings = (double)(g->k / 4);
    s->further[row] = 0;
    for (int64_t b = 0; b < s->blocks; b++) {
        int count = (int)least(GAMUT_BLOCK, g->k - b * GAMUT_BLOCK);
        float given[GAMUT_BLOCK];
        double left[GAMUT_BLOCK];
        memcpy(given, x + b * GAMUT_BLOCK * 4, (size_t)count * 4);
        for (int p = 0; p < count; p++) {
            left[p] = given[p];
        }
        if (!split(kernel, left, count, (int32_t)b, &first[b])) {
            return 0;
        }
        while (!is_small(left, given, count, roundings)) {
            if (s->further[row] == s->blocks || !split(kernel, left, count, (int32_t)b, &further[s->further[row]])) {
                return 0;
            }
            s->further[row]++;
        }
    }
    return 1;
}

/* Whether columns are taken as they lie: for one row, if their scale factors lie along k, too. */
static int takes_lines(const gamut_weights *g, const state *s) {
    return g->m == 1 && s->rows == 1 && !s->plain[0] && g->zero_type == GAMUT_NO_ZEROS && g->group == GAMUT_BLOCK &&
           g->scale_group == 1 && g->scale_type == GAMUT_F32 && s->blocks <= NEAR;
}

/* Adds one level of a block to a line. */
static void lay(const gamut_weights_kernel *kernel, const gamut_digits *x, gamut_line *line) {
    int nibbles = kernel->b == GAMUT_I4;
    int blocks = nibbles ? 4 : 2, bytes = 64 / blocks, lanes = 16 / blocks;
    int b = x->block % blocks;
    line->place = x->block / blocks;
    for (int h = 0; h < (nibbles ? 2 : 1); h++) {
        for (int p = 0; p < bytes; p++) {
            int lane = (b * bytes + p) / 4;
            for (int t = 0; t < 3; t++) {
                line->digit[t][h][b * bytes + p] = x->digit[t][h * bytes + p];
            }
            line->high[lane] += kernel->offset * (x->digit[0][h * bytes + p] * 256 + x->digit[1][h * bytes + p]);
            line->low[lane] += kernel->offset * x->digit[2][h * bytes + p];
        }
    }
    for (int l = b * lanes; l < (b + 1) * lanes; l++) {
        line->unit[l] = x->unit;
    }
}

/* The levels of a row as lines: the first ones side by side, each further one in a line of its own. Returns how many. */
static int64_t lay_lines(const gamut_weights_kernel *kernel, state *s) {
    int64_t blocks = kernel->b == GAMUT_I4 ? 4 : 2;
    gamut_line *line = lines_of(s);
    for (int64_t b = 0; b < s->blocks; b++) {
        if (b % blocks == 0) {
            memset(line + b / blocks, 0, sizeof *line);
        }
        lay(kernel, first_levels(s, 0) + b, line + b / blocks);
    }
    int64_t lines = (s->blocks + blocks - 1) / blocks;
    for (int64_t i = 0; i < s->further[0]; i++, lines++) {
        memset(line + lines, 0, sizeof *line);
        lay(kernel, further_levels(s, 0) + i, line + lines);
    }
    return lines;
}

int32_t gamut_weights_begin(const gamut_weights *g, const void *x, int64_t row, void *workspace) {
    int32_t status = check(g);
    if (status != GAMUT_OK || row < 0 || row > g->m) {
        return status != GAMUT_OK ? status : GAMUT_OUT_OF_RANGE;
    }
    state *s = workspace;
    s->rows = g->alpha == 0 ? 0 : least(GAMUT_WEIGHTS_ROWS, g->m - row);
    s->blocks = blocks_of(g->k);
    for (int64_t i = 0; i < s->rows; i++) {
        const char *from = (const char *)x + (g->x_first + (row + i) * g->x_row) * 4;
        s->plain[i] = !split_row(g, gamut_weights_kernels[g->kernel], from, s, i);
        for (int64_t b = 0; s->plain[i] && b < s->blocks; b++) {
            first_levels(s, i)[b] = (gamut_digits){.block = (int32_t)b};
            s->further[i] = 0;
        }
    }
    s->lines = takes_lines(g, s) ? lay_lines(gamut_weights_kernels[g->kernel], s) : 0;
    return GAMUT_OK;
}

/* A number of 16 or 32 bits. */
static float value(int32_t type, const char *from) {
    uint32_t bits = 0;
    float x;
    if (type == GAMUT_F16) {
        _Float16 half;
        memcpy(&half, from, 2);
        return (float)half;
    }
    memcpy(type == GAMUT_BF16 ? (char *)&bits + 2 : (char *)&bits, from, type == GAMUT_BF16 ? 2 : 4);
    memcpy(&x, &bits, 4);
    return x;
}

/* Operands as given, and the columns at work. */
typedef struct columns {
    const gamut_weights *g;
    const char *x, *w, *scales, *zeros;
    char *y;
    int64_t row, from;
    int count;
} columns;

static int size_of(int32_t type) {
    return type == GAMUT_F32 ? 4 : 2;
}

static float scale_of(const columns *c, int64_t group, int column) {
    const gamut_weights *g = c->g;
    int64_t at = g->scale_first + group * g->scale_group + (c->from + column) * g->scale_col;
    return value(g->scale_type, c->scales + at * size_of(g->scale_type));
}

/* A signed number of 4 bits, the first of two in the lower half of a byte. */
static int nibble(const char *from, int64_t at) {
    return (((uint8_t)from[at / 2] >> (at % 2 * 4) & 0xF) ^ 8) - 8;
}

static int zero_of(const columns *c, int64_t group, int column) {
    const gamut_weights *g = c->g;
    if (g->zero_type == GAMUT_NO_ZEROS) {
        return 0;
    }
    int64_t at = g->zero_first + group * g->zero_group + (c->from + column) * g->zero_col;
    return g->zero_type == GAMUT_I4 ? nibble(c->zeros, at) : g->zero_type == GAMUT_I8 ? (int8_t)c->zeros[at] : (uint8_t)c->zeros[at];
}

/* Scale factors of some groups, 16 for each. */
static void gather_scales(const columns *c, const gamut_weights_kernel *kernel, int64_t first, int64_t groups, float *to) {
    const gamut_weights *g = c->g;
    int bytes = size_of(g->scale_type);
    const char *src = c->scales + (g->scale_first + first * g->scale_group + c->from * g->scale_col) * bytes;
    if (g->scale_group == 1 && groups > 1) {
        uint32_t words[GAMUT_CHUNK * GAMUT_WEIGHTS_COLUMNS];
        kernel->transpose((const uint8_t *)src, g->scale_col * bytes, c->count, groups * bytes, words, groups * bytes);
        for (int64_t i = 0; i < groups; i++) {
            if (bytes == 4) {
                memcpy(to + i * GAMUT_WEIGHTS_COLUMNS, words + i * GAMUT_WEIGHTS_COLUMNS, GAMUT_WEIGHTS_COLUMNS * 4);
                continue;
            }
            uint32_t halves[GAMUT_WEIGHTS_COLUMNS];
            for (int j = 0; j < GAMUT_WEIGHTS_COLUMNS; j++) {
                halves[j] = words[i / 2 * GAMUT_WEIGHTS_COLUMNS + j] >> (i % 2 * 16) & 0xFFFF;
            }
            kernel->widen(g->scale_type, halves, to + i * GAMUT_WEIGHTS_COLUMNS);
        }
        return;
    }
    for (int64_t i = 0; i < groups; i++) {
        float *row = to + i * GAMUT_WEIGHTS_COLUMNS;
        if (g->scale_col == 1 && c->count == GAMUT_WEIGHTS_COLUMNS && bytes == 4) {
            memcpy(row, src + i * g->scale_group * 4, GAMUT_WEIGHTS_COLUMNS * 4);
        } else if (g->scale_col == 1 && c->count == GAMUT_WEIGHTS_COLUMNS) {
            uint32_t halves[GAMUT_WEIGHTS_COLUMNS];
            for (int j = 0; j < GAMUT_WEIGHTS_COLUMNS; j++) {
                uint16_t half;
                memcpy(&half, src + (i * g->scale_group + j) * 2, 2);
                halves[j] = half;
            }
            kernel->widen(g->scale_type, halves, row);
        } else {
            for (int j = 0; j < GAMUT_WEIGHTS_COLUMNS; j++) {
                row[j] = j < c->count ? scale_of(c, first + i, j) : 0;
            }
        }
    }
}

/* Scale factors and zero points for each block of a chunk. Returns 0 where a product might leave the normal range. */
static int gather(const columns *c, const gamut_weights_kernel *kernel, int64_t first, int64_t blocks, state *s) {
    int64_t per = c->g->group / GAMUT_BLOCK;
    int64_t group = first / per;
    int64_t groups = (first + blocks - 1) / per - group + 1;
    float scales[GAMUT_CHUNK * GAMUT_WEIGHTS_COLUMNS];
    int moderate = 1;
    gather_scales(c, kernel, group, groups, scales);
    if (per == 1) {
        moderate = kernel->copy(scales, blocks * GAMUT_WEIGHTS_COLUMNS, s->scales);
    }
    for (int64_t b = 0; b < blocks && per > 1; b++) {
        moderate &= kernel->copy(scales + ((first + b) / per - group) * GAMUT_WEIGHTS_COLUMNS, GAMUT_WEIGHTS_COLUMNS, s->scales + b * GAMUT_WEIGHTS_COLUMNS);
    }
    for (int64_t b = 0; c->g->zero_type != GAMUT_NO_ZEROS && b < blocks; b++) {
        for (int j = 0; j < GAMUT_WEIGHTS_COLUMNS; j++) {
            s->zeros[b * GAMUT_WEIGHTS_COLUMNS + j] = j < c->count ? zero_of(c, (first + b) / per, j) : 0;
        }
    }
    return moderate;
}

static int code(const columns *c, int64_t p, int column) {
    const gamut_weights *g = c->g;
    const char *line = c->w + g->w_first + (c->from + column) * g->w_col;
    if (gamut_weights_kernels[g->kernel]->b == GAMUT_I8) {
        return (int8_t)line[p];
    }
    return nibble(line, p);
}

/* One element, weight by weight. */
static float plainly(const columns *c, int64_t row, int column) {
    const gamut_weights *g = c->g;
    float sum = 0;
    for (int64_t p = 0; p < g->k; p++) {
        float x;
        memcpy(&x, c->x + (g->x_first + (c->row + row) * g->x_row + p) * 4, 4);
        int64_t group = p / g->group;
        sum = fmaf(x, (float)(code(c, p, column) - zero_of(c, group, column)) * scale_of(c, group, column), sum);
    }
    return sum;
}

/* The sums of columns for one row, as they lie. Returns 0 where a column's scale factors do not allow that. */
static int add_up_lines(const columns *c, state *s) {
    const gamut_weights *g = c->g;
    const gamut_weights_kernel *kernel = gamut_weights_kernels[g->kernel];
    int64_t bytes = (g->k * (kernel->b == GAMUT_I8 ? 8 : 4) + 7) / 8;
    const char *scales = c->scales + (g->scale_first + c->from * g->scale_col) * 4;
    const uint8_t *w = (const uint8_t *)c->w + g->w_first + c->from * g->w_col;
    for (int j = 0; j < c->count;) {
        int together = c->count - j >= 4 ? 4 : 1;
        /* With room for factors that are read beside the last one, whose digits are 0. */
        float near[4 * NEAR + 4];
        memset(near + together * s->blocks, 0, 4 * sizeof *near);
        for (int i = 0; i < together; i++) {
            if (!kernel->copy(scales + (j + i) * g->scale_col * 4, s->blocks, near + i * s->blocks)) {
                return 0;
            }
        }
        kernel->lines[together == 4](lines_of(s), s->lines, w + j * g->w_col, g->w_col, bytes, near, s->blocks, s->sums[0] + j);
        j += together;
    }
    return 1;
}

/* Rows from one on that are computed together. Those without digits have none that count. */
static int64_t rows_from(const state *s, int64_t row) {
    return s->rows - row >= 4 ? 4 : 1;
}

/* The sums of 16 columns for all rows that have digits. Returns 0 where the columns' scale factors do not allow that. */
static int add_up(const columns *c, state *s) {
    const gamut_weights *g = c->g;
    const gamut_weights_kernel *kernel = gamut_weights_kernels[g->kernel];
    if (s->lines > 0) {
        return add_up_lines(c, s);
    }
    int bits = kernel->b == GAMUT_I8 ? 8 : 4;
    int64_t bytes = (g->k * bits + 7) / 8;
    int64_t chunk_bytes = GAMUT_CHUNK * GAMUT_BLOCK * bits / 8;
    int64_t done[GAMUT_WEIGHTS_ROWS] = {0};
    memset(s->sums, 0, sizeof s->sums);
    for (int64_t first = 0; first < s->blocks; first += GAMUT_CHUNK) {
        int64_t blocks = least(GAMUT_CHUNK, s->blocks - first);
        int64_t at = first / GAMUT_CHUNK * chunk_bytes;
        if (!gather(c, kernel, first, blocks, s)) {
            return 0;
        }
        /* Next come the next chunk of these columns, or the first one of others. */
        int64_t next = at + chunk_bytes < bytes ? chunk_bytes : GAMUT_WEIGHTS_COLUMNS * g->w_col - at;
        kernel->transpose((const uint8_t *)c->w + g->w_first + c->from * g->w_col + at, g->w_col, c->count,
                          least(chunk_bytes, bytes - at), s->words, next);
        const int32_t *zeros = g->zero_type == GAMUT_NO_ZEROS ? NULL : s->zeros;
        for (int64_t i = 0; i < s->rows; i += rows_from(s, i)) {
            kernel->dots[rows_from(s, i) == 4](first_levels(s, i) + first, 2 * s->blocks, blocks, first, s->words, s->scales, zeros,
                                               s->sums[i]);
        }
        for (int64_t i = 0; i < s->rows; i++) {
            const gamut_digits *further = further_levels(s, i) + done[i];
            int64_t levels = 0;
            while (done[i] + levels < s->further[i] && further[levels].block < first + blocks) {
                levels++;
            }
            if (levels > 0) {
                kernel->dots[0](further, 0, levels, first, s->words, s->scales, zeros, s->sums[i]);
            }
            done[i] += levels;
        }
    }
    return 1;
}

static void finish(const columns *c, const state *s, int64_t rows, int has_sums) {
    const gamut_weights *g = c->g;
    float alpha = (float)g->alpha, beta = (float)g->beta;
    int product = g->alpha != 0 && g->k != 0;
    for (int64_t i = 0; i < rows; i++) {
        for (int j = 0; j < c->count; j++) {
            char *to = c->y + (g->y_first + (c->row + i) * g->y_row + (c->from + j) * g->y_col) * 4;
            float old = 0, result = 0;
            if (beta != 0) {
                memcpy(&old, to, 4);
            }
            if (product) {
                float sum = has_sums && !s->plain[i] ? s->sums[i][j] : plainly(c, i, j);
                float scaled = alpha * sum;
                result = beta == 0 ? scaled : fmaf(beta, old, scaled);
            } else if (beta != 0) {
                result = beta * old;
            }
            memcpy(to, &result, 4);
        }
    }
}

int32_t gamut_weights_columns(const gamut_weights *g, const void *x, const void *w, const void *scales, const void *zeros, void *y,
                              int64_t row, int64_t from, int64_t to, void *workspace) {
    int32_t status = check(g);
    if (status != GAMUT_OK || row < 0 || row > g->m || from < 0 || to > g->n) {
        return status != GAMUT_OK ? status : GAMUT_OUT_OF_RANGE;
    }
    state *s = workspace;
    columns c = {.g = g, .x = x, .w = w, .scales = scales, .zeros = zeros, .y = y, .row = row};
    for (c.from = from; c.from < to; c.from += GAMUT_WEIGHTS_COLUMNS) {
        c.count = (int)least(GAMUT_WEIGHTS_COLUMNS, to - c.from);
        int has_sums = g->alpha != 0 && add_up(&c, s);
        finish(&c, s, least(GAMUT_WEIGHTS_ROWS, g->m - row), has_sums);
    }
    return GAMUT_OK;
}
