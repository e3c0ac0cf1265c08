/*
 * Dot products of lines of bytes with a few others, all of them as they lie. Where both are signed, columns are shifted by half of their
 * range, and 128 times the sum of a line is too much.
 */
#ifndef GAMUT_MEET_H
#define GAMUT_MEET_H

#include <immintrin.h>
#include <stdint.h>

/* Lines, and columns, that are taken at a time. */
#define MEET 4

/* The sums of lanes of four vectors. */
static inline __m128i add_lanes(const __m512i x[4]) {
    __m512i a = _mm512_add_epi32(_mm512_unpacklo_epi32(x[0], x[1]), _mm512_unpackhi_epi32(x[0], x[1]));
    __m512i b = _mm512_add_epi32(_mm512_unpacklo_epi32(x[2], x[3]), _mm512_unpackhi_epi32(x[2], x[3]));
    __m512i four = _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(four), _mm512_extracti64x4_epi64(four, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

static inline __attribute__((always_inline)) void meet_some(const char *lines, int64_t stride, const char *cols, int64_t col_stride,
                                                            int64_t steps, int32_t *sums, int64_t lds, int signed_lines, int signed_cols,
                                                            int count, int wide, int fetches) {
    const int shifts = signed_lines && signed_cols;
    const __m512i ones = _mm512_set1_epi8(1), flip = _mm512_set1_epi8((char)0x80);
    __m512i sum[MEET][MEET], of_line[MEET];
#pragma GCC unroll 4
    for (int i = 0; i < MEET; i++) {
        of_line[i] = _mm512_setzero_si512();
#pragma GCC unroll 4
        for (int j = 0; j < MEET; j++) {
            sum[j][i] = _mm512_setzero_si512();
        }
    }
    for (int64_t p = 0; p < steps; p += 64) {
        const __mmask64 mask = steps - p >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << (steps - p)) - 1;
        __m512i line[MEET];
#pragma GCC unroll 4
        for (int i = 0; i < count; i++) {
            line[i] = _mm512_maskz_loadu_epi8(mask, lines + i * stride + p);
            if (shifts) {
                of_line[i] = _mm512_dpbusd_epi32(of_line[i], ones, line[i]);
            }
            if (fetches) {
                _mm_prefetch(lines + (i + MEET) * stride + p, _MM_HINT_T1);
            }
        }
#pragma GCC unroll 4
        for (int j = 0; j < wide; j++) {
            __m512i col = _mm512_maskz_loadu_epi8(mask, cols + j * col_stride + p);
            col = shifts ? _mm512_xor_si512(col, flip) : col;
            /* In a register: GCC 12 loads it again for each line. */
            __asm__("" : "+v"(col));
#pragma GCC unroll 4
            for (int i = 0; i < count; i++) {
                sum[j][i] = signed_lines ? _mm512_dpbusd_epi32(sum[j][i], col, line[i]) : _mm512_dpbusd_epi32(sum[j][i], line[i], col);
            }
        }
    }
    const __m128i shift = _mm_slli_epi32(add_lanes(of_line), 7);
#pragma GCC unroll 4
    for (int j = 0; j < wide; j++) {
        __m128i all = _mm_sub_epi32(add_lanes(sum[j]), shift);
        if (count == MEET) {
            _mm_storeu_si128((__m128i *)(sums + j * lds), all);
        } else {
            sums[j * lds] = _mm_cvtsi128_si32(all);
        }
    }
}

static inline __attribute__((always_inline)) void meet_lines(const char *lines, int64_t stride, const char *cols, int64_t col_stride,
                                                             int64_t wide, int64_t steps, int32_t *sums, int64_t lds, int signed_lines,
                                                             int signed_cols, int count) {
    int64_t j = 0;
    for (; j + MEET <= wide; j += MEET) {
        meet_some(lines, stride, cols + j * col_stride, col_stride, steps, sums + j * lds, lds, signed_lines, signed_cols, count, MEET,
                  j == 0);
    }
    for (; j < wide; j++) {
        meet_some(lines, stride, cols + j * col_stride, col_stride, steps, sums + j * lds, lds, signed_lines, signed_cols, count, 1, j == 0);
    }
}

/* Sums of lines with columns, in the manner of a gamut_meet. */
static inline __attribute__((always_inline)) void meet(const void *lines, int64_t stride, int64_t count, const void *cols,
                                                       int64_t col_stride, int64_t wide, int64_t steps, void *sums, int64_t lds,
                                                       int signed_lines, int signed_cols) {
    const char *line = lines;
    int32_t *to = sums;
    int64_t i = 0;
    for (; i + MEET <= count; i += MEET) {
        meet_lines(line + i * stride, stride, cols, col_stride, wide, steps, to + i, lds, signed_lines, signed_cols, MEET);
    }
    for (; i < count; i++) {
        meet_lines(line + i * stride, stride, cols, col_stride, wide, steps, to + i, lds, signed_lines, signed_cols, 1);
    }
}

#endif
