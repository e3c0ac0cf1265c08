/*
 * Rows times weights of few bits against their definition: small integers, whose results are exact, then numbers of a wide range within
 * the bound (k + 2) u |x| |W|, then numbers that have no digits. All sizes around blocks, groups and columns, ways to store scale factors
 * and zero points, of activations that are bytes, too, alpha and beta; what lies between the elements of y is not to be touched, and y not to be read where beta is 0.
 */
#include "../driver/weights.h"
#include "verdict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 20261126;

static uint32_t draw(void) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33);
}

typedef enum numbers { INTEGERS, WIDE, WILD, KINDS } numbers;

static const char *const kind_names[] = {"integers", "a wide range", "numbers without digits"};

static double activation(numbers kind) {
    if (kind == INTEGERS) {
        return (int)(draw() % 17) - 8;
    }
    double x = ((double)draw() / 0x1p31 - 0.5) * 4;
    if (kind == WIDE) {
        return draw() % 8 == 0 ? 0 : (float)ldexp(x, (int)(draw() % 40) - 20);
    }
    switch (draw() % 64) {
    case 0:
        return INFINITY;
    case 1:
        return NAN;
    case 2:
        return 0x1p-140;
    default:
        return (float)ldexp(x, (int)(draw() % 90));
    }
}

static double factor(numbers kind) {
    return kind == INTEGERS ? (double)(1 << draw() % 4) : kind == WIDE ? ldexp(1 + draw() % 8 / 8.0, -(int)(draw() % 12)) : ldexp(1, (int)(draw() % 20) - 10);
}

static void save(char *to, int64_t type, double value) {
    float f32 = (float)value;
    _Float16 f16 = (_Float16)value;
    if (type == GAMUT_F16) {
        memcpy(to, &f16, 2);
    } else if (type == GAMUT_BF16) {
        memcpy(to, (char *)&f32 + 2, 2);
    } else {
        memcpy(to, &f32, 4);
    }
}

static int bytes_of(int64_t type) {
    return type == GAMUT_F32 ? 4 : type == GAMUT_I8 ? 1 : 2;
}

/* Scale factors of activations that are bytes: their type, and steps of k that share one, 0 for those of a row. */
typedef struct x_scaling {
    int64_t type, group;
} x_scaling;

static const x_scaling x_scalings[] = {{GAMUT_NO_SCALES, 0}, {GAMUT_F32, 0}, {GAMUT_F16, 0}, {GAMUT_F32, 32}, {GAMUT_BF16, 128}, {GAMUT_F16, 64}};

#define X_SCALINGS (int)(sizeof x_scalings / sizeof *x_scalings)

static double x_factor(numbers kind, int64_t group) {
    if (kind == INTEGERS) {
        return group == 0 ? ldexp(1, (int)(draw() % 7) - 3) : (double)(1 << draw() % 2);
    }
    if (kind == WILD && draw() % 8 == 0) {
        return draw() % 2 == 0 ? INFINITY : draw() % 2 == 0 ? NAN : 0;
    }
    return ldexp(draw() % 2 == 0 ? -1.5 : 1.25, (int)(draw() % 20) - 10);
}

/* A number as a type of floats holds it, rounded to nearest even. */
static float rounded(int64_t type, double value) {
    float x = (float)value;
    uint32_t bits;
    memcpy(&bits, &x, 4);
    if (type == GAMUT_BF16 && !isnan(x)) {
        bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000;
        memcpy(&x, &bits, 4);
    }
    return x;
}

static float load(const char *from, int64_t type) {
    char bytes[4] = {0};
    float x;
    memcpy(bytes + 4 - bytes_of(type), from, (size_t)bytes_of(type));
    memcpy(&x, bytes, 4);
    return x;
}

static void check(int32_t number, int64_t m, int64_t n, int64_t k, int64_t group, int64_t scale_type, int64_t zero_type, int layout,
                  double alpha, double beta, numbers kind, x_scaling by) {
    const gamut_weights_kernel *kernel = gamut_weights_kernels[number];
    int bits = kernel->b == GAMUT_I8 ? 8 : 4;
    int64_t bytes = (k * bits + 7) / 8, groups = (k + group - 1) / group;
    gamut_weights g = {
        .size = sizeof g, .kernel = number, .m = m, .n = n, .k = k, .x_first = 1, .x_row = k + 3, .w_first = 1, .w_col = bytes + layout,
        .group = group, .scale_type = scale_type, .scale_first = 2, .zero_type = zero_type, .zero_first = 1, .y_first = 1,
        .y_row = layout == 2 ? 1 : n + 1, .y_col = layout == 2 ? m + 2 : 1, .alpha = alpha, .beta = beta,
    };
    int64_t x_groups = by.group == 0 ? 1 : (k + by.group - 1) / by.group;
    g.x_scale_type = by.type;
    g.x_group = by.group == 0 ? INT64_MAX : by.group;
    g.x_scale_first = 1;
    g.x_scale_row = layout == 0 ? x_groups + 1 : 1;
    g.x_scale_group = layout == 0 ? 1 : m + 1;
    g.scale_group = layout == 0 ? n + 1 : layout == 1 ? 1 : 2;
    g.scale_col = layout == 0 ? 1 : layout == 1 ? groups + 1 : 2 * groups + 1;
    g.zero_group = layout == 0 ? n : 1;
    g.zero_col = layout == 0 ? 1 : groups + 1;
    int scale_bytes = scale_type == GAMUT_F32 ? 4 : 2;
    int64_t scale_room = 3 + (groups + 1) * g.scale_group + (n + 1) * g.scale_col;
    int64_t zero_room = 2 + (groups + 1) * g.zero_group + (n + 1) * g.zero_col;
    int64_t y_room = 2 + m * g.y_row + n * g.y_col;
    /* Exactly as long as what is read, for the sanitizer. */
    int64_t w_room = n == 0 ? 1 : 1 + (n - 1) * g.w_col + bytes;
    int64_t x_room = m == 0 ? 1 : 1 + (m - 1) * g.x_row + k;
    int x_bytes = bytes_of(kernel->a), y_bytes = bytes_of(kernel->c);
    double *x = malloc((size_t)x_room * sizeof *x);
    /* None where there is nothing to multiply. */
    int64_t x_scale_room = by.type == GAMUT_NO_SCALES || m * x_groups == 0 ? 0 : 2 + (m - 1) * g.x_scale_row + (x_groups - 1) * g.x_scale_group;
    char *x_scales = malloc((size_t)(x_scale_room * 4));
    char *x_given = malloc((size_t)(x_room * x_bytes));
    char *w = malloc((size_t)w_room);
    char *scales = malloc((size_t)(scale_room * scale_bytes));
    char *zeros = malloc((size_t)zero_room);
    char *y = malloc((size_t)(y_room * y_bytes));
    double *code = malloc((size_t)(n * k + 1) * sizeof *code), *scale = malloc((size_t)(n * groups + 1) * sizeof *scale);
    int64_t *zero = malloc((size_t)(n * groups + 1) * sizeof *zero);
    for (int64_t i = 0; i < x_room; i++) {
        if (kernel->a == GAMUT_I8) {
            x[i] = kind == INTEGERS ? activation(kind) : (int)(draw() % 256) - 128;
            x_given[i] = (char)x[i];
        } else {
            x[i] = rounded(kernel->a, activation(kind));
            save(x_given + i * x_bytes, kernel->a, x[i]);
        }
    }
    for (int64_t i = 0; i < m && x_scale_room > 0; i++) {
        for (int64_t q = 0; q < x_groups; q++) {
            double f = x_factor(kind, by.group);
            save(x_scales + (1 + i * g.x_scale_row + q * g.x_scale_group) * bytes_of(by.type), by.type, f);
            for (int64_t p = q * by.group; p < (by.group == 0 || (q + 1) * by.group > k ? k : (q + 1) * by.group); p++) {
                x[1 + i * g.x_row + p] *= f;
            }
        }
    }
    memset(w, 0x5A, (size_t)w_room);
    memset(zeros, 0x5A, (size_t)zero_room);
    for (int64_t j = 0; j < n; j++) {
        for (int64_t p = 0; p < k; p++) {
            int c = bits == 8 ? (int)(draw() % 256) - 128 : (int)(draw() % 16) - 8;
            unsigned char *to = (unsigned char *)w + 1 + j * g.w_col + p * bits / 8;
            *to = bits == 8 ? (unsigned char)c : (unsigned char)(p % 2 == 0 ? (*to & 0xF0) | (c & 0xF) : (*to & 0x0F) | (c & 0xF) << 4);
            code[j * k + p] = c;
        }
        for (int64_t q = 0; q < groups; q++) {
            scale[j * groups + q] = factor(kind);
            save(scales + (2 + q * g.scale_group + j * g.scale_col) * scale_bytes, scale_type, scale[j * groups + q]);
            int64_t z = zero_type == GAMUT_U8   ? (int64_t)(draw() % 256)
                        : zero_type == GAMUT_I8 ? (int64_t)(draw() % 256) - 128
                        : zero_type == GAMUT_I4 ? (int64_t)(draw() % 16) - 8
                                                : 0;
            zero[j * groups + q] = z;
            int64_t at = 1 + q * g.zero_group + j * g.zero_col;
            if (zero_type == GAMUT_I4) {
                unsigned char *to = (unsigned char *)zeros + at / 2;
                *to = (unsigned char)(at % 2 == 0 ? (*to & 0xF0) | (z & 0xF) : (*to & 0x0F) | (z & 0xF) << 4);
            } else {
                zeros[at] = (char)z;
            }
        }
    }
    for (int64_t i = 0; i < y_room; i++) {
        save(y + i * y_bytes, kernel->c, NAN);
    }
    double *old = calloc((size_t)(m * n + 1), sizeof *old);
    for (int64_t i = 0; i < m && beta != 0; i++) {
        for (int64_t j = 0; j < n; j++) {
            old[i * n + j] = (int)(draw() % 9) - 4;
            save(y + (1 + i * g.y_row + j * g.y_col) * y_bytes, kernel->c, old[i * n + j]);
        }
    }

    int64_t room = gamut_weights_workspace(&g);
    int bad = room < 0;
    void *workspace = aligned_alloc(64, (size_t)(room + 64 - room % 64));
    for (int64_t row = 0; row < m && !bad; row += gamut_weights_rows(&g)) {
        bad |= gamut_weights_begin(&g, x_given, x_scales, row, workspace) != GAMUT_OK;
        for (int64_t from = 0; from < n; from += 64) {
            bad |= gamut_weights_columns(&g, x_given, x_scales, w, scales, zeros, y, row, from, from + 64 < n ? from + 64 : n, workspace) != GAMUT_OK;
        }
    }
    free(workspace);
    double worst = 0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            double sum = 0, magnitude = 0;
            for (int64_t p = 0; p < k && alpha != 0; p++) {
                double term = x[1 + i * g.x_row + p] * ((code[j * k + p] - (double)zero[j * groups + p / group]) * scale[j * groups + p / group]);
                sum += term;
                magnitude += fabs(term);
            }
            double want = alpha * sum + beta * old[i * n + j];
            char *at = y + (1 + i * g.y_row + j * g.y_col) * y_bytes;
            double is = load(at, kernel->c);
            double allowed = kind == INTEGERS ? 0 : ((double)(k + 3) * 0x1p-24 * magnitude + 0x1p-140) * fabs(alpha);
            if (kind == INTEGERS) {
                want = rounded(kernel->c, want);
            } else if (kernel->c == GAMUT_BF16) {
                allowed += (fabs(want) + allowed) * 0x1p-8 + 0x1p-134;
            }
            double error = fabs(is - want);
            int same = isnan(want) ? isnan(is) : isinf(want) || fabs(want) > 0x1p127 ? 1 : error <= allowed;
            bad |= !same;
            worst = allowed > 0 && isfinite(error) && error / allowed > worst ? error / allowed : worst;
            save(at, kernel->c, NAN);
        }
    }
    for (int64_t i = 0; i < y_room; i++) {
        bad |= !isnan(load(y + i * y_bytes, kernel->c));
    }
    verdict(!bad, "%s m=%ld n=%ld k=%ld group=%ld scales %ld zeros %ld layout %d factors of x %ld/%ld alpha=%g beta=%g %s: %g of the bound",
            gamut_kernel_at(number)->id, (long)m, (long)n, (long)k, (long)group, (long)scale_type, (long)zero_type, layout, (long)by.type,
            (long)by.group, alpha, beta, kind_names[kind], worst);
    free(x);
    free(x_scales);
    free(x_given);
    free(w);
    free(scales);
    free(zeros);
    free(y);
    free(code);
    free(scale);
    free(zero);
    free(old);
}

static void conform(int32_t number) {
    static const int64_t ms[] = {0, 1, 2, 5, 16, 17, 67}, ns[] = {0, 1, 15, 16, 17, 50}, ks[] = {0, 1, 2, 31, 32, 33, 64, 100, 1056};
    static const int64_t groups[] = {32, 64, 128}, scale_types[] = {GAMUT_F32, GAMUT_F16, GAMUT_BF16};
    static const int64_t zero_types[] = {GAMUT_NO_ZEROS, GAMUT_I8, GAMUT_U8, GAMUT_I4};
    static const double factors[][2] = {{1, 0}, {1, 1}, {0, 0}, {0, 2}, {-2, 3}};
    unsigned turn = 0;
    int bytes = gamut_weights_kernels[number]->a == GAMUT_I8;
    /* One row whose columns need not be laid out anew. */
    for (size_t j = 0; j < sizeof ns / sizeof *ns; j++) {
        for (size_t p = 0; p < sizeof ks / sizeof *ks; p++) {
            for (int kind = 0; kind < KINDS; kind++) {
                for (int b = 0; b < (bytes ? X_SCALINGS : 1); b++) {
                    check(number, 1, ns[j], ks[p], 32, GAMUT_F32, GAMUT_NO_ZEROS, 1, 1, 0, (numbers)kind, x_scalings[b]);
                }
            }
        }
    }
    /* More rows than any way takes together. */
    check(number, GAMUT_WEIGHTS_ROWS + 9, 50, 40, 32, GAMUT_F32, GAMUT_NO_ZEROS, 1, 1, 0, INTEGERS, x_scalings[0]);
    /* Bytes take up to 64 rows together, others 16. */
    for (size_t i = 0; i < sizeof ms / sizeof *ms - !bytes; i++) {
        for (size_t j = 0; j < sizeof ns / sizeof *ns; j++) {
            for (size_t p = 0; p < sizeof ks / sizeof *ks; p++) {
                for (int kind = 0; kind < KINDS; kind++, turn++) {
                    const double *f = factors[kind == INTEGERS ? turn % 5 : 0];
                    check(number, ms[i], ns[j], ks[p], groups[turn / 3 % 3], scale_types[turn / 9 % 3], zero_types[turn % 7 % 4],
                          (int)(turn % 11 % 3), f[0], f[1], (numbers)kind, x_scalings[bytes ? turn % 13 % X_SCALINGS : 0]);
                }
            }
        }
    }
}

/* weights_test [TEXT]: only kernels whose id contains it. */
int main(int argc, char **argv) {
    const gamut_weights_kernel *last = NULL;
    for (int32_t i = 0; i < gamut_kernel_count(); i++) {
        /* Kernels for several groups are one function, which is given all of them. */
        if (gamut_weights_kernels[i] == NULL || gamut_weights_kernels[i] == last ||
            (argc > 1 && strstr(gamut_kernel_at(i)->id, argv[1]) == NULL)) {
            continue;
        }
        last = gamut_weights_kernels[i];
        if ((gamut_kernel_at(i)->features & ~gamut_cpu_features()) != 0) {
            printf("%s: the CPU lacks a feature\n", gamut_kernel_at(i)->id);
            continue;
        }
        conform(i);
    }
    return summary();
}
