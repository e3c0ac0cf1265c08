/*
 * Sums of products of weights of few bits with activations that are bytes, by exact dot products: a few rows meet columns as they lie, several
 * rows meet columns that were laid out once for all of them, see chunk.h.
 *
 * Error: the sum of a span, with zero points, is an integer below 2^24, so exact as an F32; its scale factor may be the product of two, which
 * is rounded, and meets it in one multiply-add. A row's scale factor is one more rounding: k / 32 + 3 at most, and 2 where k is 1.
 *
 * What is not taken: scale factors with which a sum might leave the normal range before a row's scale factor has been applied.
 */
#include "bytes.h"
#include "counts.h"
#include "factors.h"

#include <math.h>
#include <string.h>

/* Activations of the rows that are computed together: these stay in L2. */
#define TOGETHER (5 << 17)

/* Rows that are computed together, at most. */
#define ROWS 128

/* Rows up to which columns are taken as they lie. */
#define FEW 12

/* Blocks of a column whose scale factors are copied into L1: k up to 16,384. */
#define NEAR 512

/* Blocks of a span, at most: 4 times 32 products with a difference of two bytes stay below 2^24. */
#define LONGEST_SPAN 4

/* What is known of the rows at work; what gamut_bytes has of them follows. */
typedef struct state {
    gamut_chunk chunk;
    float scales[ROWS];
} state;

static const gamut_bytes_kernel *functions_of(const gamut_weights *g) {
    return gamut_kernel_of(g)->functions;
}

static int64_t together(const gamut_weights *g) {
    int64_t fit = TOGETHER / (g->k + 1) / 4 * 4;
    return least(g->m, fit < 4 ? 4 : least(fit, ROWS));
}

/* Activations that meet 64 bytes of a column. */
static int64_t line_of(const gamut_weights *g) {
    return GAMUT_LINE * 8 / gamut_weight_bits(g);
}

static int64_t lines_of(const gamut_weights *g) {
    return (g->k + line_of(g) - 1) / line_of(g);
}

/* Blocks of a span, so that it shares its scale factors; a chunk has whole ones. */
static int64_t span_of(const gamut_weights *g) {
    int64_t per = LONGEST_SPAN * GAMUT_BLOCK;
    while (g->group % per != 0 || gamut_x_group(g) % per != 0) {
        per /= 2;
    }
    return per / GAMUT_BLOCK;
}

static int64_t spans_of(const gamut_weights *g) {
    return (gamut_blocks(g->k) + span_of(g) - 1) / span_of(g);
}

/* Whether columns are taken as they lie: for few rows, if their scale factors lie along k, too. */
static int takes_lines(const gamut_weights *g, int64_t rows) {
    return rows <= FEW && g->zero_type == GAMUT_NO_ZEROS && g->scale_group == 1 && gamut_blocks(g->k) <= NEAR;
}

static state *state_of(gamut_rows *rows) {
    return (state *)((char *)rows + GAMUT_ROWS_HEAD);
}

/* Activations of a row, whole lines and spans. */
static int64_t codes_of(const gamut_weights *g) {
    return (g->k + LONGEST_SPAN * GAMUT_BLOCK - 1) / (LONGEST_SPAN * GAMUT_BLOCK) * (LONGEST_SPAN * GAMUT_BLOCK);
}

/* Rows of which what belongs to lines is kept. */
static int64_t few(const gamut_weights *g) {
    return least(together(g), FEW);
}

static gamut_bytes bytes_of(const gamut_weights *g, gamut_rows *rows) {
    char *codes = (char *)state_of(rows) + whole(sizeof(state), 64);
    char *spans = codes + together(g) * codes_of(g);
    char *starts = spans + whole(together(g) * spans_of(g) * (int64_t)sizeof(gamut_span), 64);
    return (gamut_bytes){
        .codes = (int8_t *)codes,
        .spans = (gamut_span *)spans,
        .starts = (int32_t *)starts,
        .units = (float *)(starts + few(g) * lines_of(g) * 64),
        .row_codes = codes_of(g),
        .row_spans = spans_of(g),
        .row_lines = lines_of(g),
        .per = span_of(g),
        .has_units = gamut_x_group(g) != 0,
    };
}

static int64_t room(const gamut_weights *g) {
    int64_t spans = whole(together(g) * spans_of(g) * (int64_t)sizeof(gamut_span), 64);
    return whole(sizeof(state), 64) + together(g) * codes_of(g) + spans + 2 * few(g) * lines_of(g) * 64;
}

static int32_t sum_of(const int8_t *codes, int64_t count) {
    int32_t sum = 0;
    for (int64_t p = 0; p < count; p++) {
        sum += codes[p];
    }
    return sum;
}

/* The scale factor of activation p; 1 where it is that of the row. */
static float unit_at(const gamut_weights *g, const char *x_scales, int64_t p) {
    return gamut_x_group(g) == 0 || p >= g->k ? 1 : gamut_x_scale(g, x_scales, p / gamut_x_group(g));
}

/* Activations of even places, then the others: runs of a constant length. */
static inline void separate(const int8_t *given, int run, int8_t *to) {
    for (int at = 0; at < GAMUT_LINE * 2; at += run) {
        for (int p = 0; p < run / 2; p++) {
            to[at + p] = given[at + 2 * p];
            to[at + run / 2 + p] = given[at + 2 * p + 1];
        }
    }
}

/* What belongs to lines of a row whose activations are given. */
static void lay_lines(const gamut_weights *g, const int8_t *given, const char *x_scales, int64_t from, int64_t count, int32_t *starts,
                      float *units) {
    int64_t each = line_of(g) / 16;
    for (int64_t p = 0; p < count; p += each) {
        int32_t sum = 0;
        for (int q = 0; q < each; q++) {
            sum += given[p + q];
        }
        starts[(from + p) / each] = -functions_of(g)->offset * sum;
        units[(from + p) / each] = unit_at(g, x_scales, from + p);
    }
}

static int ready(const gamut_weights *g, const char *x, const char *x_scales, gamut_rows *rows, int64_t row) {
    gamut_bytes all = bytes_of(g, rows);
    int8_t *codes = all.codes + row * all.row_codes;
    gamut_span *spans = all.spans + row * all.row_spans;
    int takes = takes_lines(g, rows->count);
    int64_t span = all.per * GAMUT_BLOCK, lanes = row * all.row_lines * 16, end = all.row_lines * line_of(g);
    for (int64_t at = 0; at < all.row_codes; at += GAMUT_LINE * 2) {
        int8_t given[GAMUT_LINE * 2] = {0};
        memcpy(given, x + at, (size_t)least(GAMUT_LINE * 2, g->k - at));
        if (gamut_weight_bits(g) == 8) {
            memcpy(codes + at, given, GAMUT_LINE * 2);
        } else if (takes) {
            separate(given, GAMUT_LINE * 2, codes + at);
        } else {
            separate(given, GAMUT_BLOCK, codes + at);
        }
        if (takes) {
            lay_lines(g, given, x_scales, at, least(GAMUT_LINE * 2, end - at), all.starts + lanes, all.units + lanes);
        }
    }
    int moderate = 1;
    for (int64_t i = 0; i < all.row_spans; i++) {
        int32_t sum = sum_of((const int8_t *)x + i * span, least(span, g->k - i * span));
        float unit = unit_at(g, x_scales, i * span);
        spans[i] = (gamut_span){.start = -functions_of(g)->offset * sum, .sum = (float)sum, .unit = unit};
        moderate &= unit == 0 || (fabsf(unit) >= 0x1p-60f && fabsf(unit) <= GAMUT_LARGEST_SCALE);
    }
    float scale = gamut_x_group(g) == 0 ? gamut_x_scale(g, x_scales, 0) : 1;
    state_of(rows)->scales[row] = scale;
    return moderate && isfinite(scale);
}

/* Scale factors of one of the columns, one for each block. Returns 0 where they are not to be taken. */
static int gather(const gamut_columns *c, int column, float *to) {
    const gamut_weights *g = c->g;
    int64_t blocks = gamut_blocks(g->k), per = g->group / GAMUT_BLOCK, groups = (blocks + per - 1) / per;
    float factors[NEAR];
    const char *from = c->scales + (g->scale_first + (c->from + column) * g->scale_col) * gamut_float_bytes((int32_t)g->scale_type);
    int moderate = functions_of(g)->chunk.copy((int32_t)g->scale_type, from, groups, per == 1 ? to : factors);
    for (int64_t i = 0; per > 1 && i < groups; i++) {
        for (int64_t b = i * per; b < least(blocks, (i + 1) * per); b++) {
            to[b] = factors[i];
        }
    }
    return moderate;
}

/* Rows from one on that are computed together. */
static int64_t rows_from(const gamut_rows *rows, int64_t row) {
    return rows->count - row >= 4 ? 4 : 1;
}

/* The sums of columns as they lie. Returns 0 where a column's scale factors do not allow that. */
static int sum_lines(const gamut_columns *c, const gamut_bytes *x, gamut_rows *rows) {
    const gamut_weights *g = c->g;
    int64_t blocks = gamut_blocks(g->k);
    int64_t bytes = (g->k * gamut_weight_bits(g) + 7) / 8;
    for (int j = 0; j < c->count;) {
        int together = c->count - j >= GAMUT_STREAMS ? GAMUT_STREAMS : 1;
        /* With room for factors that are read beside the last one, whose activations are 0. */
        float near[GAMUT_STREAMS * NEAR + 4];
        memset(near + together * blocks, 0, 4 * sizeof *near);
        for (int i = 0; i < together; i++) {
            if (!gather(c, j + i, near + i * blocks)) {
                return 0;
            }
        }
        const uint8_t *w = (const uint8_t *)c->w + g->w_first + (c->from + j) * g->w_col;
        for (int64_t i = 0; i < rows->count; i += rows_from(rows, i)) {
            functions_of(g)->lines[rows_from(rows, i) == 4][together > 1](x, i, w, g->w_col, bytes, near, blocks, rows->sums + i * GAMUT_LANES + j);
        }
        j += together;
    }
    return 1;
}

/* The sums of columns that are laid out. */
static int sum_chunks(const gamut_columns *c, const gamut_bytes *x, gamut_rows *rows) {
    gamut_chunk *chunk = &state_of(rows)->chunk;
    int64_t all = gamut_blocks(c->g->k);
    memset(rows->sums, 0, (size_t)rows->count * GAMUT_LANES * sizeof *rows->sums);
    for (int64_t first = 0; first < all; first += GAMUT_CHUNK) {
        if (!gamut_lay_out(c, &functions_of(c->g)->chunk, first, 0, chunk)) {
            return 0;
        }
        const int32_t *zeros = c->g->zero_type == GAMUT_NO_ZEROS ? NULL : chunk->zeros;
        for (int64_t i = 0; i < rows->count; i += rows_from(rows, i)) {
            /* A part of the next weights for each of the rows: memory has something to do all the time. */
            int64_t end = i + rows_from(rows, i);
            gamut_fetch_next(c, first, (int)(i * GAMUT_LANES / rows->count), (int)(end * GAMUT_LANES / rows->count));
            functions_of(c->g)->dots[rows_from(rows, i) == 4](x, i, first, least(GAMUT_CHUNK, all - first), chunk->weights, chunk->scales,
                                                              zeros, rows->sums + i * GAMUT_LANES);
        }
    }
    return 1;
}

static int sums(const gamut_columns *c, gamut_rows *rows) {
    const gamut_bytes x = bytes_of(c->g, rows);
    int done = takes_lines(c->g, rows->count) ? sum_lines(c, &x, rows) : sum_chunks(c, &x, rows);
    for (int64_t i = 0; done && i < rows->count; i++) {
        const float scale = state_of(rows)->scales[i];
        for (int j = 0; j < GAMUT_LANES; j++) {
            rows->sums[i * GAMUT_LANES + j] *= scale;
        }
    }
    return done;
}

const gamut_weights_way gamut_by_bytes = {.columns = GAMUT_LANES, .together = together, .room = room, .row = ready, .sums = sums};
