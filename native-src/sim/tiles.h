/*
 * A stand-in for the tile instructions of AMX in plain C, after their description in Intel's Software Developer's Manual: a kernel built
 * with it runs on any machine, to be tested. BF16 products are rounded as there: numbers below the normal range count as 0.
 */
#ifndef GAMUT_SIM_TILES_H
#define GAMUT_SIM_TILES_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct sim_tile {
    char bytes[16][64];
} sim_tile;

static _Thread_local sim_tile sim_tiles[8];
static _Thread_local int sim_ready;

static inline sim_tile *sim(int tile) {
    if (!sim_ready) {
        abort(); /* where the CPU would raise an exception */
    }
    return &sim_tiles[tile];
}

static inline void tiles_enter(void) {
    sim_ready = 1;
    memset(sim_tiles, 0, sizeof sim_tiles);
}

static inline void tiles_leave(void) {
    sim_ready = 0;
}

static inline void tile_zero(int t) {
    memset(sim(t), 0, sizeof(sim_tile));
}

static inline void tile_load(int t, const void *from, int64_t stride) {
    for (int row = 0; row < 16; row++) {
        memcpy(sim(t)->bytes[row], (const char *)from + row * stride, 64);
    }
}

static inline void tile_stream(int t, const void *from, int64_t stride) {
    tile_load(t, from, stride);
}

static inline void tile_store(int t, void *to, int64_t stride) {
    for (int row = 0; row < 16; row++) {
        memcpy((char *)to + row * stride, sim(t)->bytes[row], 64);
    }
}

static inline int sim_byte(char byte, int with_sign) {
    return with_sign ? (signed char)byte : (unsigned char)byte;
}

static inline void sim_dot_bytes(int c, int a, int b, int a_sign, int b_sign) {
    for (int i = 0; i < 16; i++) {
        for (int j = 0; j < 16; j++) {
            int32_t sum;
            memcpy(&sum, &sim(c)->bytes[i][4 * j], 4);
            uint32_t wrapped = (uint32_t)sum;
            for (int p = 0; p < 64; p++) {
                wrapped += (uint32_t)(sim_byte(sim(a)->bytes[i][p], a_sign) * sim_byte(sim(b)->bytes[p / 4][4 * j + p % 4], b_sign));
            }
            memcpy(&sim(c)->bytes[i][4 * j], &wrapped, 4);
        }
    }
}

static inline float sim_flush(float x) {
    return fabsf(x) < 0x1p-126f ? copysignf(0, x) : x;
}

static inline float sim_bf16(const char *from) {
    uint32_t bits = 0;
    memcpy((char *)&bits + 2, from, 2);
    float x;
    memcpy(&x, &bits, 4);
    return sim_flush(x);
}

static inline void tile_dot_bf16(int c, int a, int b) {
    for (int i = 0; i < 16; i++) {
        for (int j = 0; j < 16; j++) {
            float even = 0, odd = 0, old;
            for (int p = 0; p < 16; p++) {
                const char *x = &sim(a)->bytes[i][4 * p];
                const char *y = &sim(b)->bytes[p][4 * j];
                even = sim_flush(fmaf(sim_bf16(x), sim_bf16(y), even));
                odd = sim_flush(fmaf(sim_bf16(x + 2), sim_bf16(y + 2), odd));
            }
            memcpy(&old, &sim(c)->bytes[i][4 * j], 4);
            float sum = sim_flush(sim_flush(old) + sim_flush(even + odd));
            memcpy(&sim(c)->bytes[i][4 * j], &sum, 4);
        }
    }
}

#define tile_dot_ss(c, a, b) sim_dot_bytes(c, a, b, 1, 1)
#define tile_dot_su(c, a, b) sim_dot_bytes(c, a, b, 1, 0)
#define tile_dot_us(c, a, b) sim_dot_bytes(c, a, b, 0, 1)

#endif
