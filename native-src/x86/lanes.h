/*
 * Panels of lanes of 32 bits, as dot products of narrow numbers take them: a group of neighbouring steps of k in each lane, lanes of
 * neighbouring lines beside each other. Whichever way an operand is stored, it is read by whole cache lines, each of them once while it is
 * near: rows that are a power of two of bytes apart share few places in a cache, and a line that is met again for the next panel would
 * have gone.
 *
 * For units that are built with AVX-512 (F, BW); sums need VNNI.
 */
#ifndef GAMUT_LANES_H
#define GAMUT_LANES_H

#include "../generic/lanes_shape.h"

#include <immintrin.h>

/* A square of 16 by 16 words, in four rounds of exchanges. */
static inline __attribute__((always_inline)) void transpose_square(__m512i r[16]) {
    __m512i t[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xDD);
        t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xDD);
    }
#pragma GCC unroll 16
    for (int i = 0; i < 4; i++) {
        r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
        r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xDD);
        r[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
        r[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xDD);
    }
}

/* A square of 8 by 8 numbers of 64 bits, in three rounds. */
static inline __attribute__((always_inline)) void transpose_longs(__m512d r[8]) {
    __m512d t[8];
#pragma GCC unroll 8
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm512_unpacklo_pd(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_pd(r[i], r[i + 1]);
    }
#pragma GCC unroll 2
    for (int i = 0; i < 2; i++) {
        r[i] = _mm512_shuffle_f64x2(t[i], t[i + 2], 0x88);
        r[i + 2] = _mm512_shuffle_f64x2(t[i], t[i + 2], 0xDD);
        r[i + 4] = _mm512_shuffle_f64x2(t[i + 4], t[i + 6], 0x88);
        r[i + 6] = _mm512_shuffle_f64x2(t[i + 4], t[i + 6], 0xDD);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_f64x2(r[i], r[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_f64x2(r[i], r[i + 4], 0xDD);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) {
        r[i] = t[i];
    }
}

/* Quarters of four vectors: y[b] holds quarter b of each. */
static inline __attribute__((always_inline)) void transpose_quarters(const __m512i x[4], __m512i y[4]) {
    __m512i a = _mm512_shuffle_i32x4(x[0], x[1], 0x44), b = _mm512_shuffle_i32x4(x[0], x[1], 0xEE);
    __m512i c = _mm512_shuffle_i32x4(x[2], x[3], 0x44), d = _mm512_shuffle_i32x4(x[2], x[3], 0xEE);
    y[0] = _mm512_shuffle_i32x4(a, c, 0x88);
    y[1] = _mm512_shuffle_i32x4(a, c, 0xDD);
    y[2] = _mm512_shuffle_i32x4(b, d, 0x88);
    y[3] = _mm512_shuffle_i32x4(b, d, 0xDD);
}

/* 8 lines of 16 words: r[i] becomes words 2 i of all lines and then words 2 i + 1. */
static inline __attribute__((always_inline)) void transpose_half(__m512i r[8]) {
    __m512i t[8], z[2][4];
#pragma GCC unroll 8
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
#pragma GCC unroll 2
    for (int h = 0; h < 2; h++) {
        z[h][0] = _mm512_unpacklo_epi64(t[4 * h], t[4 * h + 2]);
        z[h][1] = _mm512_unpackhi_epi64(t[4 * h], t[4 * h + 2]);
        z[h][2] = _mm512_unpacklo_epi64(t[4 * h + 1], t[4 * h + 3]);
        z[h][3] = _mm512_unpackhi_epi64(t[4 * h + 1], t[4 * h + 3]);
    }
#pragma GCC unroll 2
    for (int q = 0; q < 2; q++) {
        const __m512i x[4] = {z[0][2 * q], z[1][2 * q], z[0][2 * q + 1], z[1][2 * q + 1]};
        __m512i y[4];
        transpose_quarters(x, y);
#pragma GCC unroll 4
        for (int b = 0; b < 4; b++) {
            r[2 * b + q] = y[b];
        }
    }
}

/* 64 bytes of lines at each step of a group: as lanes, those of 16 lines in a vector. */
static inline __attribute__((always_inline)) void interleave(const __m512i r[4], __m512i y[4], int bytes) {
    if (bytes == 1) {
        __m512i a = _mm512_unpacklo_epi8(r[0], r[1]), b = _mm512_unpackhi_epi8(r[0], r[1]);
        __m512i c = _mm512_unpacklo_epi8(r[2], r[3]), d = _mm512_unpackhi_epi8(r[2], r[3]);
        const __m512i x[4] = {_mm512_unpacklo_epi16(a, c), _mm512_unpackhi_epi16(a, c), _mm512_unpacklo_epi16(b, d),
                              _mm512_unpackhi_epi16(b, d)};
        transpose_quarters(x, y);
    } else {
        __m512i a = _mm512_unpacklo_epi16(r[0], r[1]), b = _mm512_unpackhi_epi16(r[0], r[1]);
        __m512i low = _mm512_shuffle_i32x4(a, b, 0x44), high = _mm512_shuffle_i32x4(a, b, 0xEE);
        y[0] = _mm512_shuffle_i32x4(low, low, 0xD8);
        y[1] = _mm512_shuffle_i32x4(high, high, 0xD8);
    }
}

/* The first so many of 64 bytes. */
static inline __mmask64 first_bytes(int64_t count) {
    return count >= 64 ? ~UINT64_C(0) : count <= 0 ? 0 : (UINT64_C(1) << count) - 1;
}

static inline __attribute__((always_inline)) __m512i load_bytes(const char *from, __mmask64 mask, uint8_t flip) {
    __m512i x = _mm512_maskz_loadu_epi8(mask, from);
    return flip == 0 ? x : _mm512_xor_si512(x, _mm512_maskz_set1_epi8(mask, (char)flip));
}

/* Adds the bytes of each lane to its sum. */
static inline __attribute__((always_inline)) __m512i add_bytes(__m512i sum, __m512i x, const lanes_shape *shape) {
#ifdef __AVX512VNNI__
    const __m512i ones = _mm512_set1_epi8(1);
    return !shape->sums ? sum : shape->with_sign ? _mm512_dpbusd_epi32(sum, ones, x) : _mm512_dpbusd_epi32(sum, x, ones);
#else
    (void)x;
    (void)shape;
    return sum;
#endif
}

/*
 * 16 lines, or the 8 of a panel, that are contiguous along k. `here`: how many of them the operand has. Where lines begin in the middle of a
 * cache line, as arrays of Java do, the first groups are those up to its end: otherwise each cache line would be read twice, and lines that
 * are a page apart have gone by then. Lines that come next are fetched meanwhile, since the pieces of a block are too short for the hardware
 * to see streams: 4096 by 4096 bytes from memory take 0.79 instead of 1.11 ms on an AMD Zen 5.
 */
static inline __attribute__((always_inline)) void pack_along(const char *src, int64_t stride, int64_t here, int64_t bytes, char *to,
                                                             char *sums, const lanes_shape *shape, int whole) {
    const int narrow = shape->panel == 8;
    const int64_t step = shape->panel * 4;
    __m512i sum = _mm512_setzero_si512();
    int64_t skew = (int64_t)((uintptr_t)src & 63), some = skew % 4 == 0 ? 64 - skew : 64;
    for (int64_t g = 0; g < shape->groups; g += some / 4, src += some, bytes -= some, some = 64) {
        __mmask64 mask = first_bytes(bytes < some ? bytes : some);
        __m512i r[16];
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) {
            if (!narrow || i < 8) {
                r[i] = whole || i < here ? load_bytes(src + i * stride, mask, shape->flip) : _mm512_setzero_si512();
                _mm_prefetch(src + (i + 16) * stride, _MM_HINT_T1);
            }
        }
        int64_t count = shape->groups - g < some / 4 ? shape->groups - g : some / 4;
        if (narrow) {
            transpose_half(r);
#pragma GCC unroll 8
            for (int i = 0; i < 8; i++) {
                sum = add_bytes(sum, r[i], shape);
                if (2 * i + 1 < count) {
                    _mm512_storeu_si512(to + (g + 2 * i) * step, r[i]);
                } else if (2 * i < count) {
                    _mm256_storeu_si256((__m256i *)(to + (g + 2 * i) * step), _mm512_castsi512_si256(r[i]));
                }
            }
        } else {
            transpose_square(r);
#pragma GCC unroll 16
            for (int i = 0; i < 16; i++) {
                sum = add_bytes(sum, r[i], shape);
                if (i < count) {
                    _mm512_storeu_si512(to + (g + i) * step, r[i]);
                }
            }
        }
    }
    if (shape->sums && narrow) {
        __m256i both = _mm256_add_epi32(_mm512_castsi512_si256(sum), _mm512_extracti64x4_epi64(sum, 1));
        _mm256_storeu_si256((__m256i *)sums, both);
    } else if (shape->sums) {
        _mm512_storeu_si512(sums, sum);
    }
}

/* Where the lanes of 16 lines go, in one panel or in two of 8; null where they are not wanted. */
typedef struct lanes_place {
    char *to[2];
} lanes_place;

static inline __attribute__((always_inline)) void put(const lanes_place *place, int64_t at, __m512i x, int narrow) {
    if (!narrow) {
        if (place->to[0] != NULL) {
            _mm512_storeu_si512(place->to[0] + at, x);
        }
        return;
    }
    if (place->to[0] != NULL) {
        _mm256_storeu_si256((__m256i *)(place->to[0] + at), _mm512_castsi512_si256(x));
    }
    if (place->to[1] != NULL) {
        _mm256_storeu_si256((__m256i *)(place->to[1] + at), _mm512_extracti64x4_epi64(x, 1));
    }
}

/* `parts` times 64 bytes of lines that are contiguous at each step, `stride` bytes apart. */
static inline __attribute__((always_inline)) void pack_across(const char *src, int64_t stride, int64_t line, int64_t lines, int64_t steps,
                                                              char *panels, const lanes_shape *shape, int parts) {
    const int group = 4 / shape->bytes, blocks = 4 / shape->bytes, narrow = shape->panel == 8;
    lanes_place place[12], head[12];
    __mmask64 mask[3];
    __m512i sum[12];
    for (int i = 0; i < parts * blocks; i++) {
        sum[i] = _mm512_setzero_si512();
        for (int h = 0; h < 2; h++) {
            int64_t at = line + 16 * i + 8 * h;
            char *panel = at < shape->width ? panels + at / shape->panel * shape->stride : NULL;
            place[i].to[h] = panel == NULL ? NULL : panel + shape->head + at % shape->panel * 4;
            head[i].to[h] = panel == NULL ? NULL : panel + at % shape->panel * 4;
        }
    }
    for (int s = 0; s < parts; s++) {
        mask[s] = first_bytes((lines - line) * shape->bytes - 64 * s);
    }
    for (int64_t g = 0; g < shape->groups; g++) {
        int64_t left = steps - g * group;
#pragma GCC unroll 3
        for (int s = 0; s < parts; s++) {
            const char *from = src + g * group * stride + 64 * s;
            __m512i r[4], y[4];
#pragma GCC unroll 4
            for (int q = 0; q < group; q++) {
                r[q] = load_bytes(from + q * stride, q < left ? mask[s] : 0, shape->flip);
            }
            interleave(r, y, shape->bytes);
#pragma GCC unroll 4
            for (int b = 0; b < blocks; b++) {
                sum[s * blocks + b] = add_bytes(sum[s * blocks + b], y[b], shape);
                put(&place[s * blocks + b], g * shape->panel * 4, y[b], narrow);
            }
        }
    }
    for (int i = 0; shape->sums && i < parts * blocks; i++) {
        put(&head[i], 0, sum[i], narrow);
    }
}

/* Packs lines whose strides, in elements, are given. Returns 0, and does nothing, where neither of them is 1. */
static inline __attribute__((always_inline)) int pack_lanes(const void *operand, int64_t across, int64_t along, int64_t lines,
                                                            int64_t steps, char *panels, lanes_shape shape) {
    const char *src = operand;
    if (along == 1) {
        const int together = shape.panel == 8 ? 8 : 16;
        const int64_t stride = across * shape.bytes;
        for (int64_t line = 0; line < shape.width; line += together, src += together * stride) {
            char *panel = panels + line / shape.panel * shape.stride;
            char *sums = panel + line % shape.panel * 4;
            if (lines - line >= together) {
                pack_along(src, stride, together, steps * shape.bytes, sums + shape.head, sums, &shape, 1);
            } else {
                pack_along(src, stride, lines - line, steps * shape.bytes, sums + shape.head, sums, &shape, 0);
            }
        }
        return 1;
    }
    if (across == 1) {
        const int64_t stride = along * shape.bytes;
        const int64_t part = 64 / shape.bytes;
        int64_t line = 0;
        for (; line + 2 * part < shape.width; line += 3 * part) {
            pack_across(src + line * shape.bytes, stride, line, lines, steps, panels, &shape, 3);
        }
        for (; line < shape.width; line += part) {
            pack_across(src + line * shape.bytes, stride, line, lines, steps, panels, &shape, 1);
        }
        return 1;
    }
    return 0;
}

#endif
