/*
 * Results of another type than sums. Sums of bytes of 32 bits are exact for 65,793 steps of u8 by s8 and for more of s8 by s8; sums of 64 are
 * so for any number of them.
 */
#include "result.h"
#include "counts.h"

#include <string.h>

/* Elements of C that are rounded at a time, in L1. */
#define SOME 512

typedef int64_t loose_i64 __attribute__((aligned(1)));

/* Elements of so many bytes, 1 or 2, that lie `apart` bytes from each other, side by side; and back. */
static void gather(const char *c, int64_t apart, int64_t count, int bytes, char *to) {
    for (int64_t i = 0; i < count; i++) {
        memcpy(to + i * bytes, c + i * apart, bytes == 1 ? 1 : 2);
    }
}

static void scatter(const char *from, int64_t count, int bytes, char *c, int64_t apart) {
    for (int64_t i = 0; i < count; i++) {
        memcpy(c + i * apart, from + i * bytes, bytes == 1 ? 1 : 2);
    }
}

/* By way of an F32: what the tile makes of sums and an old C of its own type is rounded once more. */
int64_t gamut_finish_rounded(const gamut_result *result, const gamut_tile *tile, int wide, int64_t rows, int64_t cols, const void *sums,
                             int64_t lds, double alpha, double beta, void *c, int64_t c_row, int64_t c_col, const gamut_requantise *by) {
    const int bytes = result->c_bytes;
    const int64_t apart = c_row * bytes;
    for (int64_t j = 0; j < cols; j++) {
        for (int64_t i = 0; i < rows; i += SOME) {
            int64_t count = least(SOME, rows - i);
            char *to = (char *)c + i * apart + j * c_col * bytes;
            char copies[SOME * sizeof(uint16_t)], *codes = c_row == 1 ? to : copies;
            float some[SOME];
            if (beta != 0) {
                if (codes == copies) {
                    gather(to, apart, count, bytes, copies);
                }
                result->widen->convert(count, codes, some, 1, 0);
            }
            int64_t at = j * lds + i;
            if (result->requantise == NULL) {
                tile->finish(count, 1, sums == NULL ? NULL : (const float *)sums + at, lds, alpha, beta, some, 1, SOME);
            } else {
                const char *from = sums == NULL ? NULL : (const char *)sums + at * (wide ? (int64_t)sizeof(int64_t) : tile->sum_bytes);
                result->requantise(count, from, wide, (float)alpha, (float)beta, by->factors + i * by->by_row + j * by->by_col, by->by_row,
                                   by->zero, some);
            }
            result->narrow->convert(count, some, codes, 1, 0);
            if (codes == copies) {
                scatter(copies, count, bytes, to, apart);
            }
        }
    }
    return -1;
}

/* Whether alpha sum + beta old fits; the result. */
static int combine(int64_t alpha, int64_t sum, int64_t beta, int64_t old, int64_t *result) {
    int64_t x, y;
    return !__builtin_mul_overflow(alpha, sum, &x) && !__builtin_mul_overflow(beta, old, &y) && !__builtin_add_overflow(x, y, result);
}

static int64_t finish_i64(const gamut_result *result, const gamut_tile *tile, int wide, int64_t rows, int64_t cols, const void *sums,
                         int64_t lds, double alpha, double beta, void *c, int64_t c_row, int64_t c_col, const gamut_requantise *by) {
    (void)result, (void)tile, (void)by;
    for (int64_t j = 0; j < cols; j++) {
        for (int64_t i = 0; i < rows; i++) {
            loose_i64 *to = (loose_i64 *)c + i * c_row + j * c_col;
            int64_t at = j * lds + i;
            int64_t sum = sums == NULL ? 0 : wide ? ((const int64_t *)sums)[at] : ((const int32_t *)sums)[at];
            if ((alpha != 1 || beta != 0) && !combine((int64_t)alpha, sum, (int64_t)beta, beta == 0 ? 0 : *to, &sum)) {
                return i + j * rows;
            }
            *to = sum;
        }
    }
    return -1;
}

void gamut_fold(int64_t rows, int64_t cols, const int32_t *sums, int64_t *totals, int64_t lds, int first) {
    for (int64_t j = 0; j < cols; j++) {
        const int32_t *from = sums + j * lds;
        int64_t *to = totals + j * lds;
        for (int64_t i = 0; i < rows; i++) {
            to[i] = from[i] + (first ? 0 : to[i]);
        }
    }
}

const gamut_result gamut_sums_i64 = {.c = GAMUT_I64, .c_bytes = 8, .finish = finish_i64, .span = GAMUT_SPAN};
