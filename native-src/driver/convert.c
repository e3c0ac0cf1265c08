/* Conversions of rows: finds the scale factor of each group of columns, and hands neighbouring numbers to a kernel. */
#include "convert.h"
#include "counts.h"
#include "factors.h"

#include <string.h>

/* Elements that are moved at a time where codes of 4 bits do not begin with a byte. */
#define MOVED 256

static int code_at(const uint8_t *codes, int64_t at) {
    return codes[at / 2] >> at % 2 * 4 & 15;
}

static void put_code(uint8_t *codes, int64_t at, int code) {
    int shift = at % 2 * 4;
    codes[at / 2] = (uint8_t)((codes[at / 2] & ~(15 << shift)) | code << shift);
}

/* Copies elements of so many bits. */
static void move(int32_t bits, int64_t count, const void *from, int64_t from_at, void *to, int64_t to_at) {
    if (bits != 4) {
        memcpy((char *)to + to_at * bits / 8, (const char *)from + from_at * bits / 8, (size_t)(count * bits / 8));
        return;
    }
    for (int64_t c = 0; c < count; c++) {
        put_code(to, to_at + c, code_at(from, from_at + c));
    }
}

/* Whether elements are codes of 4 bits, and the first of them does not begin a byte. */
static int is_split(int32_t bits, int64_t at) {
    return bits == 4 && at % 2 != 0;
}

/*
 * Numbers from a place of x on to a place of y. Codes of 4 bits that do not begin with a byte are moved to where they do, and so are those
 * that leave half of one to what lies beside y.
 */
static void numbers(const gamut_convert_kernel *kernel, int64_t n, const void *x, int64_t x_at, void *y, int64_t y_at, float factor,
                    int32_t zero) {
    int split = is_split(kernel->x_bits, x_at) || is_split(kernel->y_bits, y_at);
    int64_t done = split ? 0 : kernel->y_bits == 4 ? n / 2 * 2 : n;
    if (done > 0) {
        kernel->convert(done, (const char *)x + x_at * kernel->x_bits / 8, (char *)y + y_at * kernel->y_bits / 8, factor, zero);
    }
    for (int64_t i = done; i < n; i += MOVED) {
        char from[MOVED * sizeof(float)] = {0}, to[MOVED * sizeof(float)];
        int64_t count = least(MOVED, n - i);
        move(kernel->x_bits, count, x, x_at + i, from, 0);
        kernel->convert((count + 1) / 2 * 2, from, to, factor, zero);
        move(kernel->y_bits, count, to, 0, y, y_at + i);
    }
}

/* Numbers that factors put beyond the codes become the largest code, the one below infinity, unless they were infinite. */
static void saturate(int64_t n, const float *x, uint8_t *y, int32_t infinity) {
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        y[i] = (uint8_t)(y[i] - ((y[i] & 0x7F) == infinity && (bits & INT32_MAX) < 0x7F800000));
    }
}

static int32_t check(const gamut_convert *g) {
    if (g->size != (int64_t)sizeof *g) {
        return GAMUT_WRONG_SIZE;
    }
    if (g->kernel < 0 || g->kernel >= gamut_kernel_count() || gamut_convert_kernels[g->kernel] == NULL) {
        return GAMUT_NO_KERNEL;
    }
    if ((gamut_kernel_at((int32_t)g->kernel)->features & ~gamut_cpu_features()) != 0) {
        return GAMUT_NO_FEATURE;
    }
    const gamut_convert_kernel *kernel = gamut_convert_kernels[g->kernel];
    return g->group < 0 || (g->group > 0 && !kernel->x_scaled && !kernel->y_scaled) ? GAMUT_OUT_OF_RANGE : GAMUT_OK;
}

int32_t gamut_convert_rows(const gamut_convert *g, const void *x, void *y, const void *scales, const void *zeros, int64_t row,
                           int64_t rows, int64_t from, int64_t to) {
    int32_t status = check(g);
    if (status != GAMUT_OK || row < 0 || rows < 0 || from < 0) {
        return status != GAMUT_OK ? status : GAMUT_OUT_OF_RANGE;
    }
    const gamut_convert_kernel *kernel = gamut_convert_kernels[g->kernel];
    for (int64_t r = row; r < row + rows; r++) {
        for (int64_t c = from; c < to;) {
            int64_t end = to;
            float factor = 1;
            int32_t zero = 0;
            if (g->group > 0) {
                int64_t group = c / g->group;
                end = least(to, (group + 1) * g->group);
                float scale = gamut_float_at((int32_t)g->scale_type, scales, g->scale_first + r * g->scale_row + group * g->scale_group);
                factor = !kernel->y_scaled ? scale : scale == 0 ? 0 : 1 / scale;
                zero = gamut_zero_at(g->zero_type, zeros, g->zero_first + r * g->zero_row + group * g->zero_group);
            }
            int64_t x_at = g->x_first + r * g->x_row + c, y_at = g->y_first + r * g->y_row + c;
            numbers(kernel, end - c, x, x_at, y, y_at, factor, zero);
            if (g->group > 0 && kernel->infinity != 0) {
                saturate(end - c, (const float *)x + x_at, (uint8_t *)y + y_at, kernel->infinity);
            }
            c = end;
        }
    }
    return GAMUT_OK;
}
