/*
 * Every kernel that is usable here against the definition of its order, bit by bit: sizes around the tile, more than one block in each
 * direction, all ways to store a matrix, alpha and beta that are 0, 1 and other, one and several parts. What lies between
 * the elements of C is not to be touched; C is not to be read where beta is 0, nor A and B where alpha is.
 */
#include "gamut.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KC 256

static int failures;
static int checks;
static uint64_t state = 20261126;

static double next(void) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(state >> 11) / (double)(UINT64_C(1) << 53) - 0.5) * 4;
}

/* A matrix in memory of its own: element (i, j) at origin + i * row + j * col. */
typedef struct matrix {
    void *memory;
    int64_t elements, origin, row, col;
} matrix;

enum { BY_COLUMNS, BY_ROWS, APART, BACKWARDS, LAYOUTS };

static const char *const layout_names[] = {"by columns", "by rows", "apart", "backwards"};

static matrix make(int64_t rows, int64_t cols, int layout, int bytes) {
    matrix x = {0};
    switch (layout) {
    case BY_COLUMNS:
        x.row = 1;
        x.col = rows + 3;
        break;
    case BY_ROWS:
        x.row = cols + 5;
        x.col = 1;
        break;
    case APART:
        x.row = 2;
        x.col = 2 * rows + 7;
        break;
    default:
        x.row = -(cols + 1);
        x.col = -1;
        break;
    }
    int64_t span = (rows > 0 ? (rows - 1) * llabs(x.row) : 0) + (cols > 0 ? (cols - 1) * llabs(x.col) : 0) + 1;
    x.elements = span + 2;
    x.origin = layout == BACKWARDS ? span : 1;
    x.memory = malloc((size_t)(x.elements * bytes));
    for (int64_t i = 0; i < x.elements; i++) {
        if (bytes == 8) {
            ((double *)x.memory)[i] = NAN;
        } else {
            ((float *)x.memory)[i] = NAN;
        }
    }
    return x;
}

static double get(const matrix *x, int64_t i, int64_t j, int bytes) {
    int64_t at = x->origin + i * x->row + j * x->col;
    return bytes == 8 ? ((double *)x->memory)[at] : ((float *)x->memory)[at];
}

static void set(matrix *x, int64_t i, int64_t j, double value, int bytes) {
    int64_t at = x->origin + i * x->row + j * x->col;
    if (bytes == 8) {
        ((double *)x->memory)[at] = value;
    } else {
        ((float *)x->memory)[at] = (float)value;
    }
}

static void fill(matrix *x, int64_t rows, int64_t cols, int bytes) {
    for (int64_t j = 0; j < cols; j++) {
        for (int64_t i = 0; i < rows; i++) {
            set(x, i, j, next(), bytes);
        }
    }
}

/* The order fma-kc256, then alpha and beta, each rounded once. */
static double expected(const matrix *a, const matrix *b, int64_t i, int64_t j, int64_t k, double alpha, double beta,
                       double old, int bytes) {
    double total = 0;
    for (int64_t p = 0; p < k && alpha != 0; p += KC) {
        double sum = 0;
        for (int64_t q = p; q < k && q < p + KC; q++) {
            double x = get(a, i, q, bytes);
            double y = get(b, q, j, bytes);
            sum = bytes == 8 ? fma(x, y, sum) : fmaf((float)x, (float)y, (float)sum);
        }
        total = p == 0 ? sum : bytes == 8 ? total + sum : (float)total + (float)sum;
    }
    if (bytes == 8) {
        double x = (alpha == 0 ? 1 : alpha) * total;
        return beta == 0 ? x : fma(beta, old, x);
    }
    float x = (float)(alpha == 0 ? 1 : alpha) * (float)total;
    return beta == 0 ? x : fmaf((float)beta, (float)old, x);
}

static void check(int32_t number, int64_t m, int64_t n, int64_t k, const int *layouts, double alpha, double beta, int32_t parts,
                  int64_t mc, int64_t nc) {
    const gamut_kernel *kernel = gamut_kernel_at(number);
    int bytes = kernel->c == GAMUT_F64 ? 8 : 4;
    matrix a = make(m, k, layouts[0], bytes);
    matrix b = make(k, n, layouts[1], bytes);
    matrix c = make(m, n, layouts[2], bytes);
    if (alpha != 0) {
        fill(&a, m, k, bytes);
        fill(&b, k, n, bytes);
    }
    if (beta != 0) {
        fill(&c, m, n, bytes);
    }
    matrix old = c;
    old.memory = malloc((size_t)(c.elements * bytes));
    memcpy(old.memory, c.memory, (size_t)(c.elements * bytes));

    gamut_gemm gemm = {
        .size = sizeof gemm, .kernel = number, .m = m, .n = n, .k = k, .alpha = alpha, .beta = beta, .mc = mc, .nc = nc,
        .a_row = a.row, .a_col = a.col, .b_row = b.row, .b_col = b.col, .c_row = c.row, .c_col = c.col,
    };
    const char *a0 = (char *)a.memory + a.origin * bytes;
    const char *b0 = (char *)b.memory + b.origin * bytes;
    char *c0 = (char *)c.memory + c.origin * bytes;
    int64_t room = gamut_gemm_workspace(&gemm, parts);
    int bad = room < 0;
    for (int32_t part = 0; part < parts && !bad; part++) {
        void *workspace = aligned_alloc(64, (size_t)(room + 64 - room % 64));
        bad = gamut_gemm_compute(&gemm, a0, b0, c0, part, parts, workspace) != GAMUT_OK;
        free(workspace);
    }
    for (int64_t j = 0; j < n; j++) {
        for (int64_t i = 0; i < m; i++) {
            double want = expected(&a, &b, i, j, k, alpha, beta, get(&old, i, j, bytes), bytes);
            double is = get(&c, i, j, bytes);
            bad |= !(is == want && signbit(is) == signbit(want));
            set(&c, i, j, NAN, bytes);
        }
    }
    for (int64_t i = 0; i < c.elements; i++) {
        bad |= bytes == 8 ? !isnan(((double *)c.memory)[i]) : !isnan(((float *)c.memory)[i]);
    }
    checks++;
    if (bad) {
        failures++;
        printf("FAILED %s m=%ld n=%ld k=%ld a %s, b %s, c %s alpha=%g beta=%g parts=%d mc=%ld nc=%ld\n", kernel->id, (long)m,
               (long)n, (long)k, layout_names[layouts[0]], layout_names[layouts[1]], layout_names[layouts[2]], alpha, beta,
               (int)parts, (long)mc, (long)nc);
    }
    free(a.memory);
    free(b.memory);
    free(c.memory);
    free(old.memory);
}

static void conform(int32_t number) {
    const gamut_kernel *kernel = gamut_kernel_at(number);
    int64_t mr = kernel->mr, nr = kernel->nr;
    int64_t ms[] = {0, 1, mr - 1, mr, mr + 1, 2 * mr + 1, 61};
    int64_t ns[] = {0, 1, nr - 1, nr, nr + 1, 2 * nr + 1, 53};
    int64_t ks[] = {0, 1, 2, 7, 64, KC - 1, KC, KC + 1, 2 * KC + 3};
    static const double factors[][2] = {{1, 0}, {1, 1}, {0, 0}, {0, 1.5}, {-1, 1}, {1.25, -0.75}, {0.3, 0}};
    /* Each size with each other one; layouts, factors, parts and blocks take turns, so that all pairs of them come about. */
    unsigned turn = 0;
    for (size_t i = 0; i < sizeof ms / sizeof *ms; i++) {
        for (size_t j = 0; j < sizeof ns / sizeof *ns; j++) {
            for (size_t p = 0; p < sizeof ks / sizeof *ks; p++, turn++) {
                int layouts[] = {(int)(turn % LAYOUTS), (int)(turn / LAYOUTS % LAYOUTS), (int)(turn / 16 % LAYOUTS)};
                const double *f = factors[turn % 7];
                check(number, ms[i], ns[j], ks[p], layouts, f[0], f[1], 1 + (int32_t)(turn % 3), turn % 5 == 0 ? mr : 0,
                      turn % 5 == 1 ? 2 * nr : 0);
            }
        }
    }
    for (int layout = 0; layout < LAYOUTS * LAYOUTS * LAYOUTS; layout++) {
        int layouts[] = {layout % LAYOUTS, layout / LAYOUTS % LAYOUTS, layout / 16};
        for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
            check(number, 2 * mr + 3, 3 * nr + 1, KC + 5, layouts, factors[f][0], factors[f][1], 1 + layout % 4, mr, nr);
        }
    }
}

static void refusals(void) {
    gamut_gemm gemm = {.size = sizeof gemm, .m = 1, .n = 1, .k = 1};
    struct {
        gamut_gemm gemm;
        int32_t parts;
        int32_t status;
    } cases[4] = {{gemm, 1, GAMUT_WRONG_SIZE}, {gemm, 1, GAMUT_NO_KERNEL}, {gemm, 1, GAMUT_OUT_OF_RANGE}, {gemm, 0, GAMUT_OUT_OF_RANGE}};
    cases[0].gemm.size--;
    cases[1].gemm.kernel = gamut_kernel_count();
    cases[2].gemm.k = -1;
    for (int i = 0; i < 4; i++) {
        checks++;
        if (gamut_gemm_workspace(&cases[i].gemm, cases[i].parts) != -cases[i].status) {
            failures++;
            printf("FAILED refusal of %s\n", gamut_status_name(cases[i].status));
        }
    }
}

int main(void) {
    for (int32_t f = 0; f < GAMUT_FEATURES; f++) {
        const char *refusal = gamut_feature_refusal(f);
        printf("feature %d: %s\n", (int)f, refusal == NULL ? "usable" : refusal);
    }
    refusals();
    for (int32_t i = 0; i < gamut_kernel_count(); i++) {
        const gamut_kernel *kernel = gamut_kernel_at(i);
        if ((kernel->features & ~gamut_cpu_features()) != 0) {
            printf("SKIPPED %s: the CPU lacks a feature\n", kernel->id);
        } else {
            conform(i);
        }
    }
    printf("%d passed, %d failed\n", checks - failures, failures);
    return failures != 0;
}
