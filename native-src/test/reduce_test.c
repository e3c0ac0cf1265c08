/*
 * Every reduction that is usable here: those of the order tree64, minima and maxima bit by bit against their definition, those of a free
 * order within their bound of a sum in higher precision. All sizes around vectors, lanes, blocks and runs, operands that begin anywhere and
 * are as long as what may be read, some numbers of parts, NaN, infinities, signed zeros, numbers whose squares leave the range.
 */
#include "../driver/reduce.h"
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 20261126;

static uint32_t draw(void) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33);
}

typedef enum numbers { NEAR, WIDE, SMALL, TINY, HUGE_ONES, ZEROS, NANS, INFINITIES, KINDS } numbers;

static const char *const kind_names[] = {"near 1", "a wide range", "small squares", "tiny", "huge", "zeros of either sign", "a NaN", "infinities"};

/* What a kernel computes, as its id tells. */
typedef struct what {
    int32_t number;
    char op[8], type[8];
    int tree64, single;
} what;

static void place(char *to, double value, const what *w) {
    float f32 = (float)value;
    _Float16 f16 = (_Float16)value;
    if (strcmp(w->type, "f64") == 0) {
        memcpy(to, &value, 8);
    } else if (strcmp(w->type, "f16") == 0) {
        memcpy(to, &f16, 2);
    } else {
        uint32_t bits;
        memcpy(&bits, &f32, 4);
        bits = strcmp(w->type, "bf16") == 0 ? bits >> 16 : bits;
        memcpy(to, &bits, strcmp(w->type, "bf16") == 0 ? 2 : 4);
    }
}

static double taken(const char *from, const what *w) {
    double f64 = 0;
    float f32 = 0;
    _Float16 f16 = 0;
    if (strcmp(w->type, "f64") == 0) {
        memcpy(&f64, from, 8);
        return f64;
    }
    if (strcmp(w->type, "f16") == 0) {
        memcpy(&f16, from, 2);
        return (double)f16;
    }
    int bytes = strcmp(w->type, "bf16") == 0 ? 2 : 4;
    memcpy((char *)&f32 + 4 - bytes, from, (size_t)bytes);
    return f32;
}

static double term(numbers kind, const what *w, int64_t i) {
    int wide = strcmp(w->type, "f64") == 0 ? 900 : strcmp(w->type, "f16") == 0 ? 10 : 100;
    double x = ((double)draw() / 0x1p31 - 0.5) * 4;
    switch (kind) {
    case NEAR:
        return x;
    case SMALL:
        return ldexp(x, -wide * 29 / 50 - (int)(draw() % 10));
    case TINY:
        return ldexp(x, -wide - (int)(draw() % 20));
    case HUGE_ONES:
        return ldexp(x, wide);
    case ZEROS:
        return draw() % 2 == 0 ? -0.0 : i % 7 == 3 ? 0.0 : -0.0;
    case NANS:
        return draw() % 512 == 0 ? NAN : x;
    case INFINITIES:
        return draw() % 512 == 0 ? INFINITY : x;
    default:
        return ldexp(x, (int)(draw() % (unsigned)wide) - wide / 2);
    }
}

static double sum(double a, double b, int single) {
    return single ? (float)a + (float)b : a + b;
}

/* The definition of tree64, for sums of fma(x, y, lane), y being 1 where nothing is multiplied: then that is an addition. */
static double block(const double *x, const double *y, int64_t n, int single) {
    double lanes[GAMUT_TREE_LANES] = {0};
    for (int64_t i = 0; i < n; i++) {
        double *lane = &lanes[i % GAMUT_TREE_LANES];
        *lane = single ? fmaf((float)x[i], (float)y[i], (float)*lane) : fma(x[i], y[i], *lane);
    }
    for (int half = GAMUT_TREE_LANES / 2; half > 0; half /= 2) {
        for (int l = 0; l < half; l++) {
            lanes[l] = sum(lanes[l], lanes[l + half], single);
        }
    }
    return lanes[0];
}

static double tree(const double *x, const double *y, int64_t n, int single) {
    if (n <= GAMUT_TREE_BLOCK) {
        return block(x, y, n, single);
    }
    int64_t left = GAMUT_TREE_BLOCK;
    while (2 * left < n) {
        left *= 2;
    }
    return sum(tree(x, y, left, single), tree(x + left, y + left, n - left, single), single);
}

static double norm(const double *x, double *s, int64_t n, int single) {
    double squares = tree(x, x, n, single);
    if (squares >= (single ? 0x1p-75 : 0x1p-971) && squares < INFINITY) {
        return single ? (float)sqrt(squares) : sqrt(squares);
    }
    double largest = 0;
    for (int64_t i = 0; i < n; i++) {
        largest = gamut_greater(largest, fabs(x[i]));
    }
    if (largest == 0 || !isfinite(largest)) {
        return largest;
    }
    int e = ilogb(fmax(largest, single ? 0x1p-126 : 0x1p-1022));
    for (int64_t i = 0; i < n; i++) {
        s[i] = single ? (float)scalbn(x[i], -e) : scalbn(x[i], -e);
    }
    double root = sqrt(tree(s, s, n, single));
    root = scalbn(single ? (float)root : root, e);
    return single ? (float)root : root;
}

static int same(double a, double b) {
    return isnan(a) ? isnan(b) : memcmp(&a, &b, sizeof a) == 0;
}

/* Runs the kernel; the operands move between steps, and lie at odd addresses in memory that ends with them. */
static double compute(const what *w, const double *x, const double *y, int64_t n, int32_t parts) {
    int bytes = gamut_reduce_kernels[w->number]->bytes;
    gamut_reduce g = {.size = sizeof g, .kernel = w->number, .n = n};
    int64_t room = gamut_reduce_workspace(&g, parts);
    void *workspace = aligned_alloc(64, (size_t)((room + 63) / 64 * 64));
    char *block[2] = {NULL, NULL};
    size_t size = (size_t)((n + 3) * bytes + 1);
    for (int i = 0; i < 2; i++) {
        block[i] = malloc(size);
        memset(block[i], 0xFF, size);
        for (int64_t t = 0; t < n; t++) {
            place(block[i] + 1 + (3 + t) * bytes, (i == 0 ? x : y)[t], w);
        }
    }
    int32_t status = gamut_reduce_begin(&g, 3, 3, parts, workspace);
    for (int more = status == GAMUT_OK; more;) {
        for (int32_t p = parts; p-- > 0;) {
            while ((status = gamut_reduce_step(block[0] + 1, block[1] + 1, p, workspace)) == GAMUT_MORE) {
                char *moved = malloc(size);
                memcpy(moved, block[0], size);
                free(block[0]);
                block[0] = moved;
            }
        }
        status = gamut_reduce_finish(workspace);
        more = status == GAMUT_MORE;
    }
    double result = status == GAMUT_OK ? *(double *)workspace : -12345;
    free(block[0]);
    free(block[1]);
    free(workspace);
    return result;
}

static void check(const what *w, int64_t n, int32_t parts, numbers kind) {
    double *x = malloc((size_t)(n + 1) * sizeof *x), *y = malloc((size_t)(n + 1) * sizeof *y), *s = malloc((size_t)(n + 1) * sizeof *s);
    int is_dot = strcmp(w->op, "dot") == 0, is_norm = strcmp(w->op, "nrm2") == 0;
    for (int64_t i = 0; i < n; i++) {
        char code[8];
        place(code, term(kind, w, i), w);
        x[i] = taken(code, w);
        place(code, term(kind, w, i), w);
        y[i] = taken(code, w);
        if (kind == TINY && n % 2 == 1) { /* products that all become -0 */
            x[i] = fabs(x[i]);
            y[i] = -fabs(y[i]);
        }
        s[i] = is_dot ? y[i] : 1;
    }
    double got = compute(w, x, y, n, parts);
    double want = 0;
    double allowed = 0;
    if (strcmp(w->op, "min") == 0 || strcmp(w->op, "max") == 0) {
        want = x[0];
        for (int64_t i = 1; i < n; i++) {
            want = w->op[1] == 'i' ? gamut_lesser(want, x[i]) : gamut_greater(want, x[i]);
        }
    } else {
        for (int64_t i = 0; i < n && strcmp(w->op, "asum") == 0; i++) {
            x[i] = fabs(x[i]);
        }
        if (w->tree64) {
            want = is_norm ? norm(x, s, n, w->single) : tree(x, s, n, w->single);
        } else if (is_norm) {
            want = norm(x, s, n, 0);
            allowed = (254 + 20 + 4) * (w->single ? 0x1p-24 : 0x1p-53) * want + (w->single ? 0x1p-149 : 0x1p-1074);
            want = w->single && !isfinite((float)want) ? (float)want : want;
        } else {
            long double exact = 0, magnitude = 0;
            for (int64_t i = 0; i < n; i++) {
                exact += (long double)x[i] * s[i];
                magnitude += fabsl((long double)x[i] * s[i]);
            }
            /* The chain and a level for each doubling above it, or n + 2 roundings; and what underflows. */
            double roundings = fmin((double)n + 2, 511 + ceil(log2((double)n + 1)));
            allowed = (double)(roundings * (w->single ? 0x1p-24L : 0x1p-53L) * magnitude) + (double)n * (w->single ? 0x1p-149 : 0x1p-1074);
            want = (double)exact;
            /* Where sums may overflow on the way nothing is promised. */
            int overflows = isfinite(exact) && magnitude > (w->single ? 0x1p127L : 0x1p1023L);
            want = overflows ? NAN : want;
            got = overflows ? NAN : got;
        }
    }
    verdict(same(got, want) || (allowed > 0 && fabs(got - want) <= allowed), "%s n=%ld parts=%d %s: %a, not %a, allowed %g",
            gamut_kernel_at(w->number)->id, (long)n, (int)parts, kind_names[kind], got, want, allowed);
    free(x);
    free(y);
    free(s);
}

static void conform(const what *w) {
    static const int64_t sizes[] = {0,    1,    2,    3,    4,    5,    7,    8,    9,    15,   16,    17,    31,   33,   63,   64,    65,  100, 127,
                                    128,  129,  255,  256,  257,  511,  513,  1000, 4095, 4096, 4097,  8191,  8192, 8193, 12305, 16001, 32001, 64001};
    static const int32_t parts[] = {1, 2, 3, 7};
    int selects = strcmp(w->op, "min") == 0 || strcmp(w->op, "max") == 0;
    unsigned turn = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int kind = 0; kind < KINDS; kind++, turn++) {
            if (sizes[i] > 0 || !selects) {
                check(w, sizes[i], parts[turn % 4], (numbers)kind);
            }
        }
    }
    /* More than a step. */
    check(w, 300001, 2, NEAR);
}

static void refusals(const what *w) {
    gamut_reduce reduce = {.size = sizeof reduce, .kernel = w->number, .n = 1};
    struct {
        gamut_reduce reduce;
        int32_t parts;
        int32_t status;
    } cases[4] = {{reduce, 1, GAMUT_WRONG_SIZE}, {reduce, 1, GAMUT_NO_KERNEL}, {reduce, 1, GAMUT_OUT_OF_RANGE}, {reduce, 0, GAMUT_OUT_OF_RANGE}};
    cases[0].reduce.size--;
    cases[1].reduce.kernel = gamut_kernel_count();
    cases[2].reduce.n = -1;
    for (int i = 0; i < 4; i++) {
        verdict(gamut_reduce_workspace(&cases[i].reduce, cases[i].parts) == -cases[i].status, "refusal of %s", gamut_status_name(cases[i].status));
    }
}

/* reduce_test [TEXT]: only kernels whose id contains it. */
int main(int argc, char **argv) {
    const char *wanted = argc > 1 ? argv[1] : "";
    for (int32_t i = 0; i < gamut_kernel_count(); i++) {
        const gamut_kernel *kernel = gamut_kernel_at(i);
        if (gamut_reduce_kernels[i] == NULL || strstr(kernel->id, wanted) == NULL) {
            continue;
        }
        if ((kernel->features & ~gamut_cpu_features()) != 0) {
            printf("%s: the CPU lacks a feature\n", kernel->id);
            continue;
        }
        what w = {.number = i, .tree64 = strstr(kernel->id, "_tree64_") != NULL, .single = strstr(kernel->id, "_f64_") == NULL};
        if (!verdict(sscanf(kernel->id, "%7[^_]_%7[^_]", w.op, w.type) == 2, "the id %s", kernel->id)) {
            continue;
        }
        conform(&w);
        refusals(&w);
    }
    return summary();
}
