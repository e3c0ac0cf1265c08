#include "chunk.h"
#include "counts.h"
#include "factors.h"

#include <string.h>

/* Scale factors of some groups, 16 for each, which lie along k. */
static void transpose_scales(const gamut_columns *c, const gamut_chunk_kernel *kernel, const char *src, int64_t first, int64_t groups,
                             float *to) {
    const gamut_weights *g = c->g;
    int bytes = gamut_float_bytes((int32_t)g->scale_type);
    uint32_t words[GAMUT_CHUNK * GAMUT_LANES];
    int last = (first + groups) * g->group >= g->k;
    int64_t next = (last ? GAMUT_LANES * g->scale_col - first : groups) * bytes;
    kernel->transpose((const uint8_t *)src, g->scale_col * bytes, c->count, groups * bytes, words, next);
    if (bytes == 4) {
        memcpy(to, words, (size_t)groups * GAMUT_LANES * 4);
        return;
    }
    for (int64_t i = 0; i < groups; i++) {
        uint16_t halves[GAMUT_LANES];
        for (int j = 0; j < GAMUT_LANES; j++) {
            halves[j] = (uint16_t)(words[i / 2 * GAMUT_LANES + j] >> (i % 2 * 16));
        }
        kernel->copy((int32_t)g->scale_type, halves, GAMUT_LANES, to + i * GAMUT_LANES);
    }
}

/* Scale factors of some groups, 16 for each. */
static void gather_scales(const gamut_columns *c, const gamut_chunk_kernel *kernel, int64_t first, int64_t groups, float *to) {
    const gamut_weights *g = c->g;
    int bytes = gamut_float_bytes((int32_t)g->scale_type);
    const char *src = c->scales + (g->scale_first + first * g->scale_group + c->from * g->scale_col) * bytes;
    if (g->scale_group == 1 && groups > 1) {
        transpose_scales(c, kernel, src, first, groups, to);
        return;
    }
    int whole = g->scale_col == 1 && c->count == GAMUT_LANES;
    for (int64_t i = 0; i < groups; i++) {
        if (whole) {
            kernel->copy((int32_t)g->scale_type, src + i * g->scale_group * bytes, GAMUT_LANES, to + i * GAMUT_LANES);
            continue;
        }
        for (int j = 0; j < GAMUT_LANES; j++) {
            to[i * GAMUT_LANES + j] = j < c->count ? gamut_scale(c, first + i, j) : 0;
        }
    }
}

/* Scale factors and zero points for each block. Returns 0 where a product might leave the normal range. */
static int gather(const gamut_columns *c, const gamut_chunk_kernel *kernel, int64_t first, int64_t blocks, gamut_chunk *to) {
    int64_t per = c->g->group / GAMUT_BLOCK;
    int64_t group = first / per;
    int64_t groups = (first + blocks - 1) / per - group + 1;
    float scales[GAMUT_CHUNK * GAMUT_LANES];
    int moderate = 1;
    gather_scales(c, kernel, group, groups, scales);
    if (per == 1) {
        moderate = kernel->copy(GAMUT_F32, scales, blocks * GAMUT_LANES, to->scales);
    }
    for (int64_t b = 0; b < blocks && per > 1; b++) {
        moderate &= kernel->copy(GAMUT_F32, scales + ((first + b) / per - group) * GAMUT_LANES, GAMUT_LANES, to->scales + b * GAMUT_LANES);
    }
    for (int64_t b = 0; c->g->zero_type != GAMUT_NO_ZEROS && b < blocks; b++) {
        for (int j = 0; j < GAMUT_LANES; j++) {
            to->zeros[b * GAMUT_LANES + j] = j < c->count ? gamut_zero(c, (first + b) / per, j) : 0;
        }
    }
    return moderate;
}

/* Bytes of a column's chunk, and from one that begins at block `first` to the next: of these columns, or the first one of others. */
static int64_t chunk_bytes(const gamut_weights *g) {
    return GAMUT_CHUNK * GAMUT_BLOCK * gamut_weight_bits(g) / 8;
}

static int64_t column_bytes(const gamut_weights *g) {
    return (g->k * gamut_weight_bits(g) + 7) / 8;
}

static int64_t to_next(const gamut_weights *g, int64_t at) {
    return at + chunk_bytes(g) < column_bytes(g) ? chunk_bytes(g) : GAMUT_LANES * g->w_col - at;
}

static const uint8_t *weights_at(const gamut_columns *c, int64_t at) {
    return (const uint8_t *)c->w + c->g->w_first + c->from * c->g->w_col + at;
}

int gamut_lay_out(const gamut_columns *c, const gamut_chunk_kernel *kernel, int64_t first, int fetches, gamut_chunk *to) {
    const gamut_weights *g = c->g;
    int64_t at = first / GAMUT_CHUNK * chunk_bytes(g);
    if (!gather(c, kernel, first, least(GAMUT_CHUNK, gamut_blocks(g->k) - first), to)) {
        return 0;
    }
    kernel->lay_out(weights_at(c, at), g->w_col, c->count, least(chunk_bytes(g), column_bytes(g) - at), to->weights,
                    fetches ? to_next(g, at) : 0);
    return 1;
}

void gamut_fetch_next(const gamut_columns *c, int64_t first, int from, int to) {
    const gamut_weights *g = c->g;
    int64_t at = first / GAMUT_CHUNK * chunk_bytes(g);
    const uint8_t *next = weights_at(c, at + to_next(g, at));
    for (int j = from; j < to; j++) {
        for (int64_t line = 0; line < chunk_bytes(g); line += 64) {
            __builtin_prefetch(next + j * g->w_col + line, 0, 2);
        }
    }
}
