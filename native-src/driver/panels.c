/*
 * Sums of products with weights of few bits as the product of F32 makes them, for many rows: columns become panels of F32, some blocks of k at a
 * time, which stay in L2, and meet the panels of all rows.
 *
 * Error: a weight is rounded once, where its scale factor has more bits than a product with it leaves room for; products of 256 steps are a
 * chain of multiply-adds, and such sums are added up: at most k + 1 roundings.
 */
#include "panels.h"
#include "counts.h"

#include <string.h>

/* Bytes of the panels of the rows that are computed together: a few parts of L3. */
#define TOGETHER (1 << 22)

/* Steps of k whose weights are laid out at a time. */
#define STEPS (GAMUT_CHUNK * GAMUT_BLOCK)

/* Columns that are computed together: one panel of weights, or several. */
#define WIDTH GAMUT_WEIGHTS_COLUMNS

/* What is known of the rows at work; panels of weights and those of rows follow. */
typedef struct state {
    gamut_chunk chunk;
} state;

static const gamut_panels_kernel *functions_of(const gamut_weights *g) {
    return gamut_kernel_of(g)->functions;
}

/* Steps of a panel: whole blocks. */
static int64_t steps_of(const gamut_weights *g) {
    return gamut_blocks(g->k) * GAMUT_BLOCK;
}

static int64_t together(const gamut_weights *g) {
    int64_t nr = functions_of(g)->tile->nr;
    int64_t fit = TOGETHER / (most(1, steps_of(g)) * nr * (int64_t)sizeof(float)) * nr;
    int64_t largest = least(most(fit, nr), GAMUT_WEIGHTS_ROWS / nr * nr);
    /* As many each time. */
    return least(g->m, whole(units(g->m, most(1, units(g->m, largest))), nr));
}

static float *weights_of(gamut_rows *rows) {
    return (float *)((char *)rows + GAMUT_ROWS_HEAD + whole(sizeof(state), 64));
}

static float *panel_at(const gamut_weights *g, gamut_rows *rows, int64_t panel) {
    const gamut_tile *tile = functions_of(g)->tile;
    return weights_of(rows) + STEPS * WIDTH + panel * steps_of(g) * tile->nr;
}

static int64_t room(const gamut_weights *g) {
    const gamut_tile *tile = functions_of(g)->tile;
    int64_t panels = units(together(g), tile->nr) * steps_of(g) * tile->nr;
    return whole(sizeof(state), 64) + (STEPS * WIDTH + panels) * (int64_t)sizeof(float);
}

/* Rows are laid out by whole panels, with the last row of each. */
static int ready(const gamut_weights *g, const char *x, const char *x_scales, gamut_rows *rows, int64_t row) {
    (void)x_scales;
    const gamut_tile *tile = functions_of(g)->tile;
    int64_t first = row / tile->nr * tile->nr, lines = row - first + 1;
    if (lines == tile->nr || row == rows->count - 1) {
        float *to = panel_at(g, rows, row / tile->nr);
        int64_t rest = steps_of(g) - g->k;
        tile->cols[0](x - (lines - 1) * g->x_row * tile->bytes[0], g->x_row, 1, lines, g->k, to, 0);
        memset(to + g->k * tile->nr, 0, (size_t)(rest * tile->nr) * sizeof *to);
    }
    return 1;
}

/* Lays out some blocks of all columns at work. Returns 0 where their scale factors do not allow that. */
static int lay_out(const gamut_columns *c, gamut_rows *rows, int64_t first, int64_t blocks) {
    const gamut_panels_kernel *kernel = functions_of(c->g);
    gamut_chunk *chunk = &((state *)((char *)rows + GAMUT_ROWS_HEAD))->chunk;
    const int32_t *zeros = c->g->zero_type == GAMUT_NO_ZEROS ? NULL : chunk->zeros;
    for (int j = 0; j < c->count; j += GAMUT_LANES) {
        gamut_columns some = *c;
        some.from += j;
        some.count = (int)least(GAMUT_LANES, c->count - j);
        if (!gamut_lay_out(&some, &kernel->chunk, first, 1, chunk)) {
            return 0;
        }
        float *to = weights_of(rows) + j / kernel->tile->mr * STEPS * kernel->tile->mr + j % kernel->tile->mr;
        kernel->widen(chunk->weights, chunk->scales, zeros, blocks, to, kernel->tile->mr);
    }
    return 1;
}

static int sums(const gamut_columns *c, gamut_rows *rows) {
    const gamut_tile *tile = functions_of(c->g)->tile;
    int64_t all = gamut_blocks(c->g->k), panels = units(rows->count, tile->nr);
    for (int64_t first = 0; first < all; first += GAMUT_CHUNK) {
        int64_t blocks = least(GAMUT_CHUNK, all - first), steps = blocks * GAMUT_BLOCK;
        if (!lay_out(c, rows, first, blocks)) {
            return 0;
        }
        for (int64_t j = 0; j < c->count; j += tile->mr) {
            const float *weights = weights_of(rows) + j * STEPS;
            for (int64_t i = 0; i < panels; i++) {
                const float *panel = panel_at(c->g, rows, i) + first * GAMUT_BLOCK * tile->nr;
                float *to = rows->sums + i * tile->nr * WIDTH + j;
                for (int64_t p = 0; p < steps; p += tile->kc) {
                    gamut_multiply_tile *sum = first + p == 0 ? tile->store[0] : tile->add[0];
                    sum(least(tile->kc, steps - p), weights + p * tile->mr, panel + p * tile->nr, to, WIDTH);
                }
            }
        }
    }
    return 1;
}

const gamut_weights_way gamut_by_panels = {.columns = WIDTH, .together = together, .room = room, .row = ready, .sums = sums};
