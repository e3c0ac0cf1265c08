/*
 * Panels of pairs of words, from bytes: what VPMADDWD takes. Whichever way an operand is stored, a cache line is read while it is near, by
 * all panels that have a part in it. Of a lanes_shape panels have no heads, and bytes do not change.
 */
#ifndef GAMUT_AVX2_WORDS_H
#define GAMUT_AVX2_WORDS_H

#include "../../generic/lanes_shape.h"
#include "quad.h"
#include "transpose.h"

#include "../../generic/quad.inc"

#define CACHE_LINE 64

#define INLINE static inline __attribute__((always_inline))

INLINE __m256i widen(__m128i bytes, int with_sign) {
    return with_sign ? _mm256_cvtepi8_epi16(bytes) : _mm256_cvtepu8_epi16(bytes);
}

/* The lanes of eight lines, or of the six of a panel; never beyond the panel, whose neighbour may be another thread's. */
INLINE void store_lanes(char *to, __m256i lanes, int six) {
    if (six) {
        _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(lanes));
        _mm_storel_epi64((__m128i *)(to + 16), _mm256_extracti128_si256(lanes, 1));
    } else {
        _mm256_storeu_si256((__m256i *)to, lanes);
    }
}

/* Eight lines, or six, that are contiguous along k. `here`: how many of them the operand has. */
INLINE void pack_along(const uint8_t *src, int64_t stride, int64_t here, int64_t steps, char *to, const lanes_shape *shape, int whole) {
    const int six = shape->panel == 6, lines = six ? 6 : 8;
    for (int64_t p = 0; p < 2 * shape->groups; p += QUAD) {
        __m256 r[8];
#pragma GCC unroll 8
        for (int i = 0; i < 8; i++) {
            r[i] = _mm256_setzero_ps();
            if (i < lines && (whole || i < here)) {
                const uint8_t *line = src + i * stride + p;
                if (p % CACHE_LINE == 0) {
                    _mm_prefetch((const char *)line + lines * stride, _MM_HINT_T1);
                }
                r[i] = _mm256_castsi256_ps(widen(load_some(line, steps - p), shape->with_sign));
            }
        }
        transpose_words(r);
        const int64_t left = shape->groups - p / 2;
#pragma GCC unroll 8
        for (int g = 0; g < 8; g++) {
            if (g < left) {
                store_lanes(to + (p / 2 + g) * shape->panel * 4, _mm256_castps_si256(r[g]), six);
            }
        }
    }
}

/* A panel's lines at two steps; `left`: bytes that the operand has there. */
INLINE void pack_pair(const uint8_t *even, const uint8_t *odd, int64_t left, char *to, int panel, int with_sign) {
    __m128i a = load_some(even, left), b = odd == NULL ? _mm_setzero_si128() : load_some(odd, left);
    if (panel == 6) {
        store_lanes(to, widen(_mm_unpacklo_epi8(a, b), with_sign), 1);
    } else {
        store_lanes(to, widen(_mm_unpacklo_epi8(a, b), with_sign), 0);
        store_lanes(to + 32, widen(_mm_unpackhi_epi8(a, b), with_sign), 0);
    }
}

/* Panels whose lines, contiguous at each step, begin in a cache line or so; `left`: bytes that the operand has from src on. */
INLINE void pack_across(const uint8_t *src, int64_t stride, int64_t left, int64_t steps, char *to, const lanes_shape *shape, int64_t panels) {
    for (int64_t g = 0; g < shape->groups; g++, src += 2 * stride) {
        const uint8_t *odd = 2 * g + 1 < steps ? src + stride : NULL;
        for (int64_t l = 0; l < panels; l++) {
            const int64_t at = l * shape->panel;
            pack_pair(src + at, odd == NULL ? NULL : odd + at, left - at, to + l * shape->stride + g * shape->panel * 4, shape->panel,
                      shape->with_sign);
        }
    }
}

/* Packs lines whose strides, in elements, are given, into panels of 16 or 6. Returns 0, and does nothing, where neither stride is 1. */
INLINE int pack_words(const void *operand, int64_t across, int64_t along, int64_t lines, int64_t steps, char *panels, lanes_shape shape) {
    const uint8_t *src = operand;
    if (along == 1) {
        const int together = shape.panel == 6 ? 6 : 8;
        for (int64_t line = 0; line < shape.width; line += together, src += together * across) {
            char *to = panels + line / shape.panel * shape.stride + line % shape.panel * 4;
            if (lines - line >= together) {
                pack_along(src, across, together, steps, to, &shape, 1);
            } else {
                pack_along(src, across, lines - line, steps, to, &shape, 0);
            }
        }
        return 1;
    }
    if (across == 1) {
        const int64_t most = CACHE_LINE / shape.panel;
        for (int64_t line = 0; line < shape.width; line += most * shape.panel) {
            const int64_t left = (shape.width - line) / shape.panel;
            pack_across(src + line, along, lines - line, steps, panels + line / shape.panel * shape.stride, &shape, left < most ? left : most);
        }
        return 1;
    }
    return 0;
}

#endif
