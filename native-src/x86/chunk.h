/* How kernels for AVX-512 get at 16 columns of weights and at their scale factors, see driver/chunk.h. */
#ifndef GAMUT_X86_CHUNK_H
#define GAMUT_X86_CHUNK_H

#include "../driver/chunk.h"
#include "lanes.h"

#include <immintrin.h>
#include <stdint.h>

/* 64 bytes of each of up to 16 lines as words: word w of all lines in r[w]. What lies `next` bytes further on is fetched, unless that is 0. */
static inline __attribute__((always_inline)) void load_square(const uint8_t *src, int64_t stride, int lines, int64_t left, int64_t next,
                                                              __m512i r[16]) {
    const __mmask64 mask = first_bytes(left);
    if (lines == 16) {
#pragma GCC unroll 16
        for (int l = 0; l < 16; l++) {
            r[l] = _mm512_maskz_loadu_epi8(mask, src + l * stride);
            if (next != 0) {
                _mm_prefetch((const char *)src + l * stride + next, _MM_HINT_T0);
            }
        }
    } else {
#pragma GCC unroll 16
        for (int l = 0; l < 16; l++) {
            r[l] = _mm512_maskz_loadu_epi8(l < lines ? mask : 0, l < lines ? src + l * stride : src);
        }
    }
    transpose_square(r);
}

/* Which lanes are neither 0 nor in the range from GAMUT_SMALLEST_SCALE to GAMUT_LARGEST_SCALE. */
static inline __mmask16 is_immoderate(__m512 x) {
    __m512 magnitude = _mm512_abs_ps(x);
    __mmask16 in = _mm512_cmp_ps_mask(magnitude, _mm512_set1_ps(GAMUT_SMALLEST_SCALE), _CMP_GE_OQ) &
                   _mm512_cmp_ps_mask(magnitude, _mm512_set1_ps(GAMUT_LARGEST_SCALE), _CMP_LE_OQ);
    return ~(in | _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_EQ_OQ));
}

/* Scale factors of 16 bits. */
static int copy_halves(int32_t type, const uint16_t *from, int64_t count, float *dst) {
    __mmask16 out = 0;
    for (int64_t i = 0; i < count; i += 16) {
        __mmask16 here = count - i >= 16 ? 0xFFFF : (__mmask16)((1u << (count - i)) - 1);
        __m256i halves = _mm256_maskz_loadu_epi16(here, from + i);
        __m512 x = type == GAMUT_F16 ? _mm512_cvtph_ps(halves) : _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
        out |= is_immoderate(x);
        _mm512_mask_storeu_ps(dst + i, here, x);
    }
    return out == 0;
}

typedef float loose_float __attribute__((may_alias, aligned(1)));

static int copy(int32_t type, const void *src, int64_t count, float *dst) {
    if (type != GAMUT_F32) {
        return copy_halves(type, src, count, dst);
    }
    const loose_float *from = src;
    __mmask16 out = 0;
    for (int64_t i = 0; i < count; i += 16) {
        __mmask16 here = count - i >= 16 ? 0xFFFF : (__mmask16)((1u << (count - i)) - 1);
        __m512 x = _mm512_maskz_loadu_ps(here, from + i);
        out |= is_immoderate(x);
        _mm512_mask_storeu_ps(dst + i, here, x);
        _mm_prefetch((const char *)(from + 4 * count + i), _MM_HINT_T1);
    }
    return out == 0;
}

#endif
