/*
 * Sums of products with weights of few bits by exact dot products of bytes, for several rows: activations become digits first, see digits.h;
 * then 16 columns at a time, their weights and scale factors laid out in pieces that stay in L1.
 *
 * Error: what the digits leave out of an activation is below a quarter of k roundings of it; a block's sum is exact and rounded once or
 * twice on the way to F32, the scale factor is multiplied by a power of two, and each block is one multiply-add: k / 4 + k / 32 + 3
 * roundings at most, below k + 2 from k = 2 on; with k = 1 nothing is left out.
 *
 * What has no digits is not taken: activations or scale factors that are not finite, or so large or small that their products with powers of
 * two might not be exact.
 */
#include "digits.h"
#include "counts.h"
#include "factors.h"

#include <math.h>
#include <string.h>

/* Blocks of a column whose scale factors are copied into L1: k up to 16,384. */
#define NEAR 512

/* Blocks between which weights are fetched. */
#define TURN 4

/* Rows whose digits stay in L2. */
#define ROWS 16

/* What is known of the rows at work; digits of rows and what is left of them follow it. */
typedef struct state {
    /* How many further levels the blocks of a row have, at most one for each. */
    int64_t further[ROWS];
    gamut_chunk chunk;
    /* Lines in which the digits of a single row lie once more; 0 where they do not. */
    int64_t lines;
} state;

static const gamut_digits_kernel *functions_of(const gamut_weights *g) {
    return gamut_kernel_of(g)->functions;
}

static state *state_of(gamut_rows *rows) {
    return (state *)((char *)rows + GAMUT_ROWS_HEAD);
}

static int64_t head(void) {
    return (int64_t)((sizeof(state) + 63) / 64 * 64);
}

/* The first levels of a row's blocks, and the further ones. */
static gamut_digits *first_levels(state *s, int64_t row, int64_t blocks) {
    return (gamut_digits *)((char *)s + head()) + 2 * row * blocks;
}

static gamut_digits *further_levels(state *s, int64_t row, int64_t blocks) {
    return first_levels(s, row, blocks) + blocks;
}

/* The lines of a single row. */
static gamut_line *lines_of(state *s, int64_t blocks) {
    return (gamut_line *)first_levels(s, 1, blocks);
}

static int64_t together(const gamut_weights *g) {
    return least(g->m, ROWS);
}

static int64_t room(const gamut_weights *g) {
    int64_t rows = together(g), blocks = gamut_blocks(g->k);
    int64_t lines = rows == 1 ? (blocks + 1) / 2 + blocks : 0;
    return head() + 2 * rows * blocks * (int64_t)sizeof(gamut_digits) + lines * (int64_t)sizeof(gamut_line);
}

/* Whether what is left of activations is below so many roundings of each. */
static int is_small(const double left[GAMUT_BLOCK], const float x[GAMUT_BLOCK], double roundings) {
    int small = 1;
    for (int p = 0; p < GAMUT_BLOCK; p++) {
        small &= fabs(left[p]) <= roundings * 0x1p-24 * fabsf(x[p]);
    }
    return small;
}

/* All levels of a row. Returns 0 where it has none. */
static int split_row(const gamut_weights *g, const char *x, state *s, int64_t row) {
    const gamut_digits_kernel *kernel = functions_of(g);
    int64_t blocks = gamut_blocks(g->k);
    gamut_digits *first = first_levels(s, row, blocks), *further = further_levels(s, row, blocks);
    double roundings = (double)(g->k / 4);
    s->further[row] = 0;
    for (int64_t b = 0; b < blocks; b++) {
        int count = (int)least(GAMUT_BLOCK, g->k - b * GAMUT_BLOCK);
        float given[GAMUT_BLOCK] = {0};
        double left[GAMUT_BLOCK];
        gamut_activations(g, x, b * GAMUT_BLOCK, count, given);
        for (int p = 0; p < GAMUT_BLOCK; p++) {
            left[p] = given[p];
        }
        if (!kernel->split(left, (int32_t)b, &first[b])) {
            return 0;
        }
        while (!is_small(left, given, roundings)) {
            if (s->further[row] == blocks || !kernel->split(left, (int32_t)b, &further[s->further[row]])) {
                return 0;
            }
            s->further[row]++;
        }
    }
    return 1;
}

/* Whether columns are taken as they lie: for one row, if their scale factors lie along k, too. */
static int takes_lines(const gamut_weights *g) {
    return g->m == 1 && g->zero_type == GAMUT_NO_ZEROS && g->group == GAMUT_BLOCK && g->scale_group == 1 &&
           g->scale_type == GAMUT_F32 && gamut_blocks(g->k) <= NEAR;
}

/* Adds one level of a block to a line that has so many: of two halves where weights have 4 bits. */
static inline void lay(const gamut_digits *x, gamut_line *line, int blocks) {
    int b = x->block % blocks, bytes = 64 / blocks, lanes = 16 / blocks;
    line->place = x->block / blocks;
    for (int t = 0; t < 3; t++) {
        for (int h = 0; h < GAMUT_BLOCK / bytes; h++) {
            memcpy(line->digit[t][h] + b * bytes, x->digit[t] + h * bytes, (size_t)bytes);
        }
    }
    for (int l = b * lanes; l < (b + 1) * lanes; l++) {
        line->unit[l] = x->unit;
    }
}

/* The levels of a row as lines: the first ones side by side, each further one in a line of its own. Returns how many. */
static int64_t lay_lines(const gamut_weights *g, state *s) {
    int64_t all = gamut_blocks(g->k), blocks = gamut_weight_bits(g) == 4 ? 4 : 2;
    int64_t lines = (all + blocks - 1) / blocks + s->further[0];
    gamut_line *line = lines_of(s, all);
    memset(line, 0, (size_t)lines * sizeof *line);
    for (int64_t b = 0; b < all; b++) {
        lay(first_levels(s, 0, all) + b, line + b / blocks, (int)blocks);
    }
    for (int64_t i = 0; i < s->further[0]; i++) {
        lay(further_levels(s, 0, all) + i, line + lines - s->further[0] + i, (int)blocks);
    }
    for (int64_t i = 0; i < lines; i++) {
        functions_of(g)->begin(line + i);
    }
    return lines;
}

static int ready(const gamut_weights *g, const char *x, const char *x_scales, gamut_rows *rows, int64_t row) {
    (void)x_scales;
    state *s = state_of(rows);
    int split = split_row(g, x, s, row);
    s->lines = split && takes_lines(g) ? lay_lines(g, s) : 0;
    if (split) {
        return 1;
    }
    /* It is computed along with others. */
    int64_t blocks = gamut_blocks(g->k);
    for (int64_t b = 0; b < blocks; b++) {
        first_levels(s, row, blocks)[b] = (gamut_digits){.block = (int32_t)b};
    }
    s->further[row] = 0;
    return 0;
}

/* The sums of columns for one row, as they lie. Returns 0 where a column's scale factors do not allow that. */
static int sum_lines(const gamut_columns *c, state *s, float *sums) {
    const gamut_weights *g = c->g;
    const gamut_digits_kernel *kernel = functions_of(g);
    int64_t blocks = gamut_blocks(g->k);
    int64_t bytes = (g->k * gamut_weight_bits(g) + 7) / 8;
    const char *scales = c->scales + (g->scale_first + c->from * g->scale_col) * 4;
    const uint8_t *w = (const uint8_t *)c->w + g->w_first + c->from * g->w_col;
    for (int j = 0; j < c->count;) {
        int together = c->count - j >= 4 ? 4 : 1;
        /* With room for factors that are read beside the last one, whose digits are 0. */
        float near[4 * NEAR + 4];
        memset(near + together * blocks, 0, 4 * sizeof *near);
        for (int i = 0; i < together; i++) {
            if (!kernel->chunk.copy(GAMUT_F32, scales + (j + i) * g->scale_col * 4, blocks, near + i * blocks)) {
                return 0;
            }
        }
        kernel->lines[together == 4](lines_of(s, blocks), s->lines, w + j * g->w_col, g->w_col, bytes, near, blocks, sums + j);
        j += together;
    }
    return 1;
}

/* Rows from one on that are computed together. */
static int64_t rows_from(const gamut_rows *rows, int64_t row) {
    return rows->count - row >= 4 ? 4 : 1;
}

/* The sums of up to 16 columns for all rows. Returns 0 where the columns' scale factors do not allow that. */
static int sums(const gamut_columns *c, gamut_rows *rows) {
    const gamut_weights *g = c->g;
    const gamut_digits_kernel *kernel = functions_of(g);
    state *s = state_of(rows);
    if (rows->count == 1 && s->lines > 0) {
        return sum_lines(c, s, rows->sums);
    }
    int64_t all = gamut_blocks(g->k);
    int64_t done[ROWS] = {0};
    memset(rows->sums, 0, (size_t)rows->count * GAMUT_LANES * sizeof *rows->sums);
    for (int64_t first = 0; first < all; first += GAMUT_CHUNK) {
        int64_t blocks = least(GAMUT_CHUNK, all - first);
        if (!gamut_lay_out(c, &kernel->chunk, first, 0, &s->chunk)) {
            return 0;
        }
        const gamut_chunk *chunk = &s->chunk;
        const int32_t *zeros = g->zero_type == GAMUT_NO_ZEROS ? NULL : chunk->zeros;
        int64_t turns = units(blocks, TURN) * units(rows->count, 4), turn = 0;
        for (int64_t i = 0; i < rows->count; i += rows_from(rows, i)) {
            for (int64_t b = 0; b < blocks; b += TURN, turn++) {
                /* A part of the next weights at a time: memory has something to do all the time. */
                gamut_fetch_next(c, first, (int)(turn * GAMUT_LANES / turns), (int)((turn + 1) * GAMUT_LANES / turns));
                kernel->dots[rows_from(rows, i) == 4](first_levels(s, i, all) + first + b, 2 * all, least(TURN, blocks - b), first,
                                                      chunk->weights, chunk->scales, zeros, rows->sums + i * GAMUT_LANES);
            }
        }
        for (int64_t i = 0; i < rows->count; i++) {
            const gamut_digits *further = further_levels(s, i, all) + done[i];
            int64_t levels = 0;
            while (done[i] + levels < s->further[i] && further[levels].block < first + blocks) {
                levels++;
            }
            if (levels > 0) {
                kernel->dots[0](further, 0, levels, first, chunk->weights, chunk->scales, zeros, rows->sums + i * GAMUT_LANES);
            }
            done[i] += levels;
        }
    }
    return 1;
}

const gamut_weights_way gamut_by_digits = {.columns = GAMUT_LANES, .together = together, .room = room, .row = ready, .sums = sums};
