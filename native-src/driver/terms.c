/*
 * Sums of products with weights of few bits by products of BF16 for many rows: an activation becomes three terms, see terms.h; then 16
 * columns at a time, their weights and scale factors laid out in pieces that stay in L1.
 *
 * Error: nothing is lost of an activation, nor of a product of a term with a weight. A block's products of the largest terms pass ceil(k / 2)
 * additions where even and odd steps are summed apart, the first of them exact, one addition of both and one to those of smaller terms, which
 * are below 2^-8 of them; then each block is one multiply-add with its scale factor: ceil(k / 2) + k / 32 + 2 at most for k up to 32, less
 * beyond, and 3 where k is 1.
 *
 * What is not taken: activations that are not finite, or so large or small that a term or its products would leave the normal range, where
 * these units take numbers as 0; zero points with which a weight would be no BF16.
 */
#include "terms.h"
#include "counts.h"
#include "factors.h"

#include <math.h>
#include <string.h>

/* Magnitudes of activations whose last bit, times a scale factor, is in the normal range. */
#define LARGEST 0x1p40f
#define SMALLEST 0x1p-79f

/* Bytes of the terms of the rows that are computed together: these stay in L2. */
#define TOGETHER (1 << 20)

/* Integers up to this are BF16. */
#define WHOLE 256

/* What is known of the rows at work; their terms follow. */
typedef struct state {
    gamut_chunk chunk;
} state;

static int64_t tiles_of(int64_t rows) {
    return (rows + GAMUT_TILE_ROWS - 1) / GAMUT_TILE_ROWS;
}

/* Terms of an activation: a BF16 is its only one. */
static int terms_of(const gamut_weights *g) {
    return gamut_kernel_of(g)->a == GAMUT_F32 ? 3 : 1;
}

/* Terms of 16 rows. */
static int64_t apart(const gamut_weights *g) {
    return gamut_blocks(g->k) * terms_of(g);
}

static int64_t together(const gamut_weights *g) {
    int64_t fit = TOGETHER / ((apart(g) + 1) * (int64_t)sizeof(gamut_term)) * GAMUT_TILE_ROWS;
    return least(g->m, fit < GAMUT_TILE_ROWS ? GAMUT_TILE_ROWS : least(fit, GAMUT_WEIGHTS_ROWS));
}

static state *state_of(gamut_rows *rows) {
    return (state *)((char *)rows + GAMUT_ROWS_HEAD);
}

static int64_t head(void) {
    return (int64_t)((sizeof(state) + 63) / 64 * 64);
}

static gamut_term *terms_at(gamut_rows *rows) {
    return (gamut_term *)((char *)state_of(rows) + head());
}

static int64_t room(const gamut_weights *g) {
    return head() + tiles_of(together(g)) * apart(g) * (int64_t)sizeof(gamut_term);
}

/* A BF16 as near to x as any; what is left of x. */
static uint16_t take(float *x) {
    uint32_t bits;
    memcpy(&bits, x, sizeof bits);
    bits += 0x7FFF + (bits >> 16 & 1);
    *x -= gamut_float_of_bits(bits & 0xFFFF0000);
    return (uint16_t)(bits >> 16);
}

static int ready(const gamut_weights *g, const char *x, const char *x_scales, gamut_rows *rows, int64_t row) {
    (void)x_scales;
    int count = terms_of(g), line = (int)(row % GAMUT_TILE_ROWS), moderate = 1;
    gamut_term *to = terms_at(rows) + row / GAMUT_TILE_ROWS * apart(g);
    if (line == 0) {
        memset(to, 0, (size_t)apart(g) * sizeof *to);
    }
    for (int64_t b = 0; b < gamut_blocks(g->k); b++, to += count) {
        float given[GAMUT_BLOCK] = {0};
        int64_t here = least(GAMUT_BLOCK, g->k - b * GAMUT_BLOCK);
        gamut_activations(g, x, b * GAMUT_BLOCK, here, given);
        for (int p = 0; p < GAMUT_BLOCK; p++) {
            float magnitude = fabsf(given[p]);
            moderate &= (magnitude == 0) | ((magnitude >= SMALLEST) & (magnitude <= LARGEST));
        }
        for (int t = count; moderate && t-- > 0;) {
            for (int p = 0; p < GAMUT_BLOCK; p++) {
                to[t].code[line][p] = take(&given[p]);
            }
        }
    }
    return moderate;
}

/* Whether all weights less their zero points are BF16. */
static int are_whole(const gamut_columns *c, const int32_t *zeros, int64_t blocks) {
    int most = gamut_weight_bits(c->g) == 8 ? WHOLE - 128 : WHOLE - 8, whole = 1;
    for (int64_t i = 0; i < blocks * GAMUT_LANES; i++) {
        whole &= zeros[i] <= most && zeros[i] >= -most;
    }
    return whole;
}

/* The sums of up to 16 columns for all rows. Returns 0 where the columns' scale factors or zero points do not allow that. */
static int sums(const gamut_columns *c, gamut_rows *rows) {
    const gamut_weights *g = c->g;
    const gamut_terms_kernel *kernel = gamut_kernel_of(g)->functions;
    gamut_chunk *chunk = &state_of(rows)->chunk;
    int64_t all = gamut_blocks(g->k), tiles = tiles_of(rows->count);
    memset(rows->sums, 0, (size_t)(tiles * GAMUT_TILE_ROWS * GAMUT_LANES) * sizeof *rows->sums);
    for (int64_t first = 0; first < all; first += GAMUT_CHUNK) {
        int64_t blocks = least(GAMUT_CHUNK, all - first);
        int32_t *zeros = g->zero_type == GAMUT_NO_ZEROS ? NULL : chunk->zeros;
        if (!gamut_lay_out(c, &kernel->chunk, first, 1, chunk) || (zeros != NULL && !are_whole(c, zeros, blocks))) {
            return 0;
        }
        kernel->dots(terms_at(rows) + first * terms_of(g), tiles, apart(g), terms_of(g), blocks, chunk->weights, chunk->scales, zeros,
                     rows->sums);
    }
    return 1;
}

const gamut_weights_way gamut_by_terms = {.columns = GAMUT_LANES, .together = together, .room = room, .row = ready, .sums = sums};
