/*
 * Dot products of lines of bytes with a few others, lines as they lie. Columns become words first, so many steps of all of them as stay in L1,
 * and are then read as they are for each four lines.
 */
#ifndef GAMUT_AVX2_MEET_H
#define GAMUT_AVX2_MEET_H

#include "words.h"

/* Lines that are taken at a time, and columns. */
#define MEET_ROWS 4
#define MEET_COLS 2

/* Words of columns that are kept beside lines in L1, a cache line apart from where all of them would meet in one set of it. */
#define ROOM 8192

/* The sums of the lanes of four vectors. */
INLINE __m128i add_lanes(const __m256i x[4]) {
    __m256i four = _mm256_hadd_epi32(_mm256_hadd_epi32(x[0], x[1]), _mm256_hadd_epi32(x[2], x[3]));
    return _mm_add_epi32(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
}

/* Up to 16 steps of some lines and columns. */
INLINE void meet_steps(const uint8_t *lines, int64_t stride, int64_t count, const uint16_t *cols, int64_t col_stride,
                       __m256i sum[MEET_COLS][MEET_ROWS], int with_sign, int rows, int wide) {
    __m256i line[MEET_ROWS];
#pragma GCC unroll 4
    for (int i = 0; i < rows; i++) {
        line[i] = widen(load_some(lines + i * stride, count), with_sign);
    }
#pragma GCC unroll 2
    for (int j = 0; j < wide; j++) {
        const __m256i col = _mm256_load_si256((const __m256i *)(cols + j * col_stride));
#pragma GCC unroll 4
        for (int i = 0; i < rows; i++) {
            sum[j][i] = _mm256_add_epi32(sum[j][i], _mm256_madd_epi16(line[i], col));
            /* One after another: GCC 12 would add the products of several steps up apart, on the stack. */
            __asm__("" : "+x"(sum[j][i]));
        }
    }
}

/* Some lines with some columns of a room. `next`: whether the lines that come next are fetched meanwhile. */
INLINE void meet_some(const uint8_t *lines, int64_t stride, int64_t steps, const uint16_t *cols, int64_t col_stride, int32_t *sums, int64_t lds,
                      int with_sign, int rows, int wide, int add, int next) {
    __m256i sum[MEET_COLS][MEET_ROWS];
#pragma GCC unroll 2
    for (int j = 0; j < wide; j++) {
#pragma GCC unroll 4
        for (int i = 0; i < MEET_ROWS; i++) {
            sum[j][i] = _mm256_setzero_si256();
        }
    }
    int64_t p = 0;
    for (; p + CACHE_LINE <= steps; p += CACHE_LINE) {
#pragma GCC unroll 4
        for (int i = 0; next && i < rows; i++) {
            _mm_prefetch((const char *)lines + (i + rows) * stride + p, _MM_HINT_T1);
        }
#pragma GCC unroll 4
        for (int q = 0; q < CACHE_LINE; q += QUAD) {
            meet_steps(lines + p + q, stride, QUAD, cols + p + q, col_stride, sum, with_sign, rows, wide);
        }
    }
    for (; p < steps; p += QUAD) {
        meet_steps(lines + p, stride, steps - p, cols + p, col_stride, sum, with_sign, rows, wide);
    }
#pragma GCC unroll 2
    for (int j = 0; j < wide; j++) {
        int32_t all[4], *to = sums + j * lds;
        _mm_storeu_si128((__m128i *)all, add_lanes(sum[j]));
#pragma GCC unroll 4
        for (int i = 0; i < rows; i++) {
            to[i] = (int32_t)((uint32_t)all[i] + (uint32_t)(add ? to[i] : 0));
        }
    }
}

INLINE void meet_lines(const uint8_t *lines, int64_t stride, int64_t steps, const uint16_t *cols, int64_t col_stride, int64_t wide,
                       int32_t *sums, int64_t lds, int with_sign, int rows, int add) {
    int64_t j = 0;
    for (; j + MEET_COLS <= wide; j += MEET_COLS) {
        if (j == 0) {
            meet_some(lines, stride, steps, cols, col_stride, sums, lds, with_sign, rows, MEET_COLS, add, 1);
        } else {
            meet_some(lines, stride, steps, cols + j * col_stride, col_stride, sums + j * lds, lds, with_sign, rows, MEET_COLS, add, 0);
        }
    }
    for (; j < wide; j++) {
        meet_some(lines, stride, steps, cols + j * col_stride, col_stride, sums + j * lds, lds, with_sign, rows, 1, add, j == 0);
    }
}

/* Sums of lines with columns, in the manner of a gamut_meet. */
INLINE void meet(const void *lines, int64_t stride, int64_t count, const void *cols, int64_t col_stride, int64_t wide, int64_t steps, void *sums,
                 int64_t lds, int signed_lines, int signed_cols) {
    uint16_t room[ROOM + 16 * CACHE_LINE / 2] __attribute__((aligned(32)));
    const int64_t most = ROOM / wide / CACHE_LINE * CACHE_LINE, between = most + CACHE_LINE / 2;
    for (int64_t from = 0; from < steps; from += most) {
        const int64_t some = steps - from < most ? steps - from : most;
        for (int64_t j = 0; j < wide; j++) {
            const uint8_t *col = (const uint8_t *)cols + j * col_stride + from;
            for (int64_t p = 0; p < some; p += QUAD) {
                _mm256_store_si256((__m256i *)(room + j * between + p), widen(load_some(col + p, some - p), signed_cols));
            }
        }
        const uint8_t *line = (const uint8_t *)lines + from;
        int32_t *to = sums;
        int64_t i = 0;
        for (; i + MEET_ROWS <= count; i += MEET_ROWS) {
            meet_lines(line + i * stride, stride, some, room, between, wide, to + i, lds, signed_lines, MEET_ROWS, from > 0);
        }
        for (; i < count; i++) {
            meet_lines(line + i * stride, stride, some, room, between, wide, to + i, lds, signed_lines, 1, from > 0);
        }
    }
}

#endif
