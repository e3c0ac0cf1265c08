/*
 * Every conversion that is usable here against its definition, bit by bit: all codes of 8 and 16 bits and floats around those and between
 * them, all counts around vectors, operands that begin anywhere, with scale factors of each type and zero points. What lies beside the
 * result is not to be touched.
 */
#include "../driver/convert.h"
#include "verdict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 20261126;

static uint32_t draw(void) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 32);
}

static float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* A floating-point type: stored bits, codes of its largest number, of what is larger, and of NaN; 0 where there is none. */
typedef struct format {
    const char *name;
    int exponent, fraction;
    uint32_t largest, larger, nan;
} format;

enum { BF16, F16 };

static const format formats[] = {
    [BF16] = {"bf16", 8, 7, 0x7F7F, 0x7F80, 0x7FC0},
    [F16] = {"f16", 5, 10, 0x7BFF, 0x7C00, 0x7E00},
    {"f8e4m3", 4, 3, 0x7E, 0x7E, 0x7F},
    {"f8e5m2", 5, 2, 0x7B, 0x7C, 0x7E},
    {"f4e2m1", 2, 1, 7, 7, 0},
};

/* Of that name; null where there is none. */
static const format *format_of(const char *name) {
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

/* The magnitude that a code without sign would stand for if there were neither infinities nor NaN, by arithmetic alone. */
static double measure(const format *f, uint32_t code) {
    uint32_t e = code >> f->fraction, fraction = code & ((1u << f->fraction) - 1);
    int bias = (1 << (f->exponent - 1)) - 1;
    return e == 0 ? ldexp(fraction, 1 - bias - f->fraction) : ldexp((1u << f->fraction) + fraction, (int)e - bias - f->fraction);
}

static double decode(const format *f, uint32_t code) {
    uint32_t sign = 1u << (f->exponent + f->fraction), magnitude = code & (sign - 1);
    double value = magnitude <= f->largest ? measure(f, magnitude) : magnitude == f->larger ? INFINITY : NAN;
    return code & sign ? -value : value;
}

/* The code nearest to a number, ties to even ones: magnitudes rise with their codes, so that they are looked up by halving. */
static uint32_t encode(const format *f, float value) {
    uint32_t sign = bits_of(value) >> 31 << (f->exponent + f->fraction);
    if (isnan(value)) {
        return f->nan == 0 ? 0 : sign | f->nan;
    }
    double magnitude = fabs((double)value);
    uint32_t low = 0, high = f->largest + 1;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (measure(f, middle) <= magnitude) {
            low = middle;
        } else {
            high = middle;
        }
    }
    /* What is beyond the largest number is half a unit from it, as if exponents went on. */
    double middle = measure(f, low) / 2 + measure(f, high) / 2;
    uint32_t code = magnitude > middle || (magnitude == middle && low % 2 == 1) ? high : low;
    return sign | (code > f->largest ? f->larger : code);
}

typedef struct what {
    int32_t number;
    char from[8], to[8];
} what;

static int is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

/* What an element must become: its bits. */
static uint32_t prescribed(const what *w, uint32_t code, float scale, int scaled, int32_t zero) {
    if (is(w->from, "f32")) {
        float inverse = !scaled ? 1 : scale == 0 ? 0 : 1 / scale;
        float t = float_of(code) * inverse;
        if (format_of(w->to) != NULL) {
            const format *f = format_of(w->to);
            uint32_t got = encode(f, t), magnitude = got & ((1u << (f->exponent + f->fraction)) - 1);
            int saturates = scaled && magnitude == f->larger && isfinite(float_of(code));
            return saturates ? got - f->larger + f->largest : got;
        }
        double lowest = is(w->to, "i8") ? -128 : is(w->to, "i4") ? -8 : 0, largest = is(w->to, "i8") ? 127 : is(w->to, "i4") ? 7 : 255;
        double whole = isnan(t) ? 0 : nearbyint(t) + zero;
        return (uint32_t)(int)fmax(lowest, fmin(largest, whole)) & (is(w->to, "i4") ? 15 : 255);
    }
    double value = format_of(w->from) != NULL ? decode(format_of(w->from), code)
                   : is(w->from, "i8")        ? (int8_t)code
                   : is(w->from, "u8")        ? (uint8_t)code
                                              : (int)(code ^ 8) - 8;
    return bits_of((float)((double)(scaled ? scale : 1) * (value - zero)));
}

static uint32_t input(const what *w, int64_t i) {
    const gamut_convert_kernel *kernel = gamut_convert_kernels[w->number];
    if (kernel->x_bits < 32) {
        return (kernel->x_bits == 16 ? (uint32_t)i : draw()) & ((1u << kernel->x_bits) - 1);
    }
    const format *f = format_of(w->to);
    switch (draw() % 4) {
    case 0:
        return draw();
    case 1: /* a number of 16 bits */
        return (uint32_t)i << 16;
    case 2: /* half way between two, or next to that */
        if (f != NULL) {
            uint32_t low = (uint32_t)i % (f->largest + 1);
            return (bits_of((float)(measure(f, low) / 2 + measure(f, low + 1) / 2)) + draw() % 3 - 1) ^ draw() << 31;
        }
        return bits_of((float)((int)(draw() % 1201) - 600) / 2) + draw() % 3 - 1;
    default:
        return bits_of((float)((int)(draw() % 1201) - 600) / 2);
    }
}

static int same(const what *w, uint32_t got, uint32_t want) {
    return got == want || (is(w->to, "f32") && isnan(float_of(got)) && isnan(float_of(want)));
}

/* Element `at` of so many bits, which is overwritten by what the memory was filled with. */
static uint32_t take(char *from, int64_t at, int bits) {
    uint32_t got = 0;
    if (bits == 4) {
        unsigned char *byte = (unsigned char *)from + at / 2;
        int shift = at % 2 * 4;
        got = *byte >> shift & 15;
        *byte = (unsigned char)((*byte & ~(15 << shift)) | (0x5A & 15 << shift));
    } else {
        memcpy(&got, from + at * bits / 8, (size_t)bits / 8);
        memset(from + at * bits / 8, 0x5A, (size_t)bits / 8);
    }
    return got;
}

/* One matrix. Groups of 0 columns: no scale factors. */
static void check(const what *w, int64_t rows, int64_t cols, int64_t group, int64_t scale_type, int64_t zero_type, int64_t first, int64_t start) {
    const gamut_convert_kernel *kernel = gamut_convert_kernels[w->number];
    int x_bits = kernel->x_bits;
    int64_t groups = group == 0 ? 1 : (cols + group - 1) / group;
    int64_t pad = x_bits == 4 ? 2 - cols % 2 : 3;
    gamut_convert g = {
        .size = sizeof g, .kernel = w->number, .x_first = first, .x_row = cols + pad, .y_first = 1, .y_row = cols + 1, .group = group,
        .scale_type = scale_type, .scale_first = 1, .scale_row = groups, .scale_group = 1, .zero_type = zero_type, .zero_first = 2,
        .zero_row = groups, .zero_group = 1,
    };
    int64_t x_room = first + (rows - 1) * g.x_row + cols, y_room = 2 + rows * g.y_row;
    size_t x_bytes = (size_t)(x_room * x_bits + 7) / 8, y_bytes = (size_t)(y_room * kernel->y_bits + 7) / 8;
    uint32_t *codes = malloc((size_t)(rows * cols + 1) * sizeof *codes);
    /* Each begins at an odd address and ends with its memory. */
    char *x_memory = calloc(x_bytes + 1, 1), *y_memory = malloc(y_bytes + 1);
    char *x = x_memory + 1, *y = y_memory + 1;
    char *scales = malloc((size_t)(rows * groups + 1) * 4), *zeros = malloc((size_t)(rows * groups + 2));
    float *scale = malloc((size_t)(rows * groups) * sizeof *scale);
    int32_t *zero = malloc((size_t)(rows * groups) * sizeof *zero);
    memset(y, 0x5A, y_bytes);
    for (int64_t i = 0; i < rows * groups; i++) {
        float f = draw() % 9 == 0 ? 0 : ldexpf(1 + (float)(draw() % 8) / 8, (int)(draw() % 4) - 3) * (draw() % 2 ? 1 : -1);
        uint16_t code = (uint16_t)(encode(&formats[scale_type == GAMUT_F16 ? F16 : BF16], f));
        memcpy(scales + (i + 1) * (scale_type == GAMUT_F32 ? 4 : 2), scale_type == GAMUT_F32 ? (void *)&f : (void *)&code, scale_type == GAMUT_F32 ? 4 : 2);
        scale[i] = f;
        zeros[i + 2] = (char)draw();
        zero[i] = zero_type == GAMUT_I8 ? (int8_t)zeros[i + 2] : zero_type == GAMUT_U8 ? (uint8_t)zeros[i + 2] : 0;
    }
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t c = 0; c < cols; c++) {
            uint32_t code = codes[r * cols + c] = input(w, start + r * cols + c);
            int64_t at = first + r * g.x_row + c;
            if (x_bits == 4) {
                x[at / 2] = (char)((unsigned char)x[at / 2] | code << at % 2 * 4);
            } else {
                memcpy(x + at * x_bits / 8, &code, (size_t)x_bits / 8);
            }
        }
    }
    /* In two ranges of columns. */
    int64_t half = cols / 4 * 2;
    int bad = gamut_convert_rows(&g, x, y, scales, zeros, 0, rows, 0, half) != GAMUT_OK;
    bad |= gamut_convert_rows(&g, x, y, scales, zeros, 0, rows, half, cols) != GAMUT_OK;
    char message[96] = "";
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t c = 0; c < cols; c++) {
            uint32_t got = take(y, 1 + r * g.y_row + c, kernel->y_bits);
            int64_t factor = group == 0 ? 0 : r * groups + c / group;
            uint32_t want = prescribed(w, codes[r * cols + c], group == 0 ? 1 : scale[factor], group != 0, group == 0 ? 0 : zero[factor]);
            if (!same(w, got, want)) {
                bad = 1;
                snprintf(message, sizeof message, "%x became %x, not %x", codes[r * cols + c], got, want);
            }
        }
    }
    for (size_t i = 0; i < y_bytes; i++) {
        bad |= y[i] != 0x5A;
    }
    verdict(!bad, "%s rows=%ld cols=%ld group=%ld scales %ld zeros %ld: %s", gamut_kernel_at(w->number)->id, (long)rows, (long)cols,
            (long)group, (long)scale_type, (long)zero_type, message);
    free(codes);
    free(x_memory);
    free(y_memory);
    free(scales);
    free(zeros);
    free(scale);
    free(zero);
}

static void conform(const what *w) {
    static const int64_t scale_types[] = {GAMUT_F32, GAMUT_F16, GAMUT_BF16}, zero_types[] = {GAMUT_NO_ZEROS, GAMUT_I8, GAMUT_U8};
    const gamut_convert_kernel *kernel = gamut_convert_kernels[w->number];
    for (int64_t cols = 1; cols < 70; cols++) {
        check(w, 2, cols, 0, GAMUT_F32, GAMUT_NO_ZEROS, cols % 3, cols * 977);
    }
    for (int round = 0; round < 8; round++) {
        check(w, 1, 65536, 0, GAMUT_F32, GAMUT_NO_ZEROS, 0, 0);
    }
    unsigned turn = 0;
    for (int64_t cols = 1; cols < 140 && (kernel->x_scaled || kernel->y_scaled); cols += cols < 70 ? 1 : 17) {
        for (int64_t group = 1; group < 160; group = group * 2 + turn % 2, turn++) {
            int64_t zeros = format_of(w->to) != NULL ? GAMUT_NO_ZEROS : zero_types[turn / 3 % 3];
            check(w, 3, cols, group, scale_types[turn % 3], zeros, turn % 2 ? 0 : 3, 0);
        }
    }
}

/* convert_test [TEXT]: only kernels whose id contains it. */
int main(int argc, char **argv) {
    const char *wanted = argc > 1 ? argv[1] : "";
    for (int32_t i = 0; i < gamut_kernel_count(); i++) {
        const gamut_kernel *kernel = gamut_kernel_at(i);
        if (gamut_convert_kernels[i] == NULL || strstr(kernel->id, wanted) == NULL) {
            continue;
        }
        if ((kernel->features & ~gamut_cpu_features()) != 0) {
            printf("%s: the CPU lacks a feature\n", kernel->id);
            continue;
        }
        what w = {.number = i};
        if (!verdict(sscanf(kernel->id, "convert_%7[^_]_%7[^_]", w.from, w.to) == 2, "the id %s", kernel->id)) {
            continue;
        }
        conform(&w);
    }
    return summary();
}
