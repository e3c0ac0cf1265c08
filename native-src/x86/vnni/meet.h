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

/* Bytes of columns that are kept beside lines in L1. */
#define ROOM (32 << 10)

/* Bytes of lines, counted from the cache line in which the first one begins: theirs are those from `skip` to `end`, at work those from `from`. */
typedef struct meeting {
    int64_t from, skip, end;
} meeting;

/* Which bytes of the 64 from `at` on belong to lines. */
static inline __mmask64 inside(const meeting *of, int64_t at) {
    __mmask64 all = ~UINT64_C(0);
    __mmask64 behind = at < of->skip ? all << (of->skip - at) : all;
    return of->end - at >= 64 ? behind : behind & (all >> (64 - (of->end - at)));
}

/* Some lines, from a whole cache line on if they are as far apart, with some columns of a room. Meanwhile `fetches` of lines to come. */
static inline __attribute__((always_inline)) void meet_some(const char *lines, int64_t stride, const char *cols, int64_t col_stride,
                                                            const meeting *of, int32_t *sums, int64_t lds, int shifts, int signed_lines,
                                                            int count, int wide, int64_t first, int fetches) {
    const __m512i ones = _mm512_set1_epi8(1);
    __m512i sum[MEET][MEET], of_line[MEET];
#pragma GCC unroll 4
    for (int i = 0; i < MEET; i++) {
        of_line[i] = _mm512_setzero_si512();
#pragma GCC unroll 4
        for (int j = 0; j < MEET; j++) {
            sum[j][i] = _mm512_setzero_si512();
        }
    }
    int64_t steps = of->end - of->from < col_stride ? of->end - of->from : col_stride;
    const char *next = lines + (MEET + first) * stride;
    for (int64_t p = 0; p < steps; p += 64) {
        const __mmask64 mask = inside(of, of->from + p);
        __m512i line[MEET];
#pragma GCC unroll 4
        for (int i = 0; i < count; i++) {
            line[i] = _mm512_maskz_loadu_epi8(mask, lines + i * stride + p);
            if (shifts) {
                of_line[i] = _mm512_dpbusd_epi32(of_line[i], ones, line[i]);
            }
        }
#pragma GCC unroll 4
        for (int i = 0; i < fetches; i++) {
            _mm_prefetch(next + i * stride + p, _MM_HINT_T0);
        }
#pragma GCC unroll 4
        for (int j = 0; j < wide; j++) {
            __m512i col = _mm512_load_si512(cols + j * col_stride + p);
            /* In a register: GCC 12 loads it again for each line. */
            __asm__("" : "+v"(col));
#pragma GCC unroll 4
            for (int i = 0; i < count; i++) {
                sum[j][i] = signed_lines ? _mm512_dpbusd_epi32(sum[j][i], col, line[i]) : _mm512_dpbusd_epi32(sum[j][i], line[i], col);
            }
        }
    }
    const __m128i shift = _mm_slli_epi32(add_lanes(of_line), 7);
    const __mmask8 counted = (__mmask8)((1 << count) - 1);
#pragma GCC unroll 4
    for (int j = 0; j < wide; j++) {
        __m128i all = _mm_sub_epi32(add_lanes(sum[j]), shift);
        if (of->from > 0) {
            all = _mm_add_epi32(all, _mm_maskz_loadu_epi32(counted, sums + j * lds));
        }
        _mm_mask_storeu_epi32(sums + j * lds, counted, all);
    }
}

/* Some lines with all columns; the lines that come next are fetched in equal parts, so that none of the passes waits for memory. */
static inline __attribute__((always_inline)) void meet_lines(const char *lines, int64_t stride, const char *cols, int64_t col_stride,
                                                             int64_t wide, const meeting *of, int32_t *sums, int64_t lds, int shifts,
                                                             int signed_lines, int count) {
    int64_t passes = wide / MEET, j = 0, first = 0;
    for (; j + MEET <= wide; j += MEET, cols += MEET * col_stride, sums += MEET * lds) {
#define PASS(fetches) meet_some(lines, stride, cols, col_stride, of, sums, lds, shifts, signed_lines, count, MEET, first, fetches)
        if (count < MEET || first == MEET) {
            PASS(0);
        } else if (passes == 1) {
            PASS(4);
            first += 4;
        } else if (passes < 4) {
            PASS(2);
            first += 2;
        } else {
            PASS(1);
            first++;
        }
#undef PASS
    }
    for (; j < wide; j++, cols += col_stride, sums += lds) {
        if (count == MEET && first == 0) {
            meet_some(lines, stride, cols, col_stride, of, sums, lds, shifts, signed_lines, count, 1, first, MEET);
            first = MEET;
        } else {
            meet_some(lines, stride, cols, col_stride, of, sums, lds, shifts, signed_lines, count, 1, first, 0);
        }
    }
}

/*
 * Sums of lines with columns, in the manner of a gamut_meet. Columns are copied, so many steps of all of them as stay in L1, to where they lie
 * as lines do with respect to cache lines: what crosses two of them is read at half the rate, and arrays of Java begin in the middle of one.
 */
static inline __attribute__((always_inline)) void meet(const void *lines, int64_t stride, int64_t count, const void *cols,
                                                       int64_t col_stride, int64_t wide, int64_t steps, void *sums, int64_t lds,
                                                       int signed_lines, int signed_cols) {
    const int shifts = signed_lines && signed_cols;
    const __m512i flip = _mm512_set1_epi8(shifts ? (char)0x80 : 0);
    char room[ROOM] __attribute__((aligned(64)));
    int64_t some = ROOM / wide / 64 * 64;
    meeting of = {.skip = (int64_t)((uintptr_t)lines & 63)};
    of.end = of.skip + steps;
    for (; of.from < of.end; of.from += some) {
        for (int64_t j = 0; j < wide; j++) {
            const char *col = (const char *)cols + j * col_stride - of.skip + of.from;
            for (int64_t p = 0; p < some && of.from + p < of.end; p += 64) {
                __mmask64 mask = inside(&of, of.from + p);
                _mm512_store_si512(room + j * some + p, _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, col + p), flip));
            }
        }
        const char *line = (const char *)lines - of.skip + of.from;
        int32_t *to = sums;
        int64_t i = 0;
        for (; i + MEET <= count; i += MEET) {
            meet_lines(line + i * stride, stride, room, some, wide, &of, to + i, lds, shifts, signed_lines, MEET);
        }
        for (; i < count; i++) {
            meet_lines(line + i * stride, stride, room, some, wide, &of, to + i, lds, shifts, signed_lines, 1);
        }
    }
}

#endif
