/*
 * The tile instructions that the kernels use. All eight tiles have 16 rows of 64 bytes. Tiles are the process's to ask for, once, which
 * x86/features.c does, and each thread's to configure; nothing of them is left when a phase of the driver ends, so that neither the
 * virtual machine nor the system has their 8 KiB to save.
 */
#ifndef GAMUT_TILES_H
#define GAMUT_TILES_H

#ifdef GAMUT_SIM
#include "../../sim/tiles.h"
#else

#include <immintrin.h>
#include <stdint.h>

typedef struct tile_config {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} tile_config;

static inline void tiles_enter(void) {
    tile_config config = {.palette = 1};
    for (int t = 0; t < 8; t++) {
        config.row_bytes[t] = 64;
        config.rows[t] = 16;
    }
    /* GCC 12 believes that the instruction reads eight bytes only, and leaves out the stores of the others. */
    __asm__ volatile("" : : "r"(&config) : "memory");
    _tile_loadconfig(&config);
}

static inline void tiles_leave(void) {
    _tile_release();
}

#define tile_zero(t) _tile_zero(t)
#define tile_load(t, from, stride) _tile_loadd(t, from, stride)
/* The same of what is not to stay in the first cache level. */
#define tile_stream(t, from, stride) _tile_stream_loadd(t, from, stride)
#define tile_store(t, to, stride) _tile_stored(t, to, stride)
#define tile_dot_ss(c, a, b) _tile_dpbssd(c, a, b)
#define tile_dot_su(c, a, b) _tile_dpbsud(c, a, b)
#define tile_dot_us(c, a, b) _tile_dpbusd(c, a, b)
#define tile_dot_bf16(c, a, b) _tile_dpbf16ps(c, a, b)

#endif
#endif
