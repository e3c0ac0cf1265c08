/*
 * Products of narrow numbers under oneMKL's names, with its arguments and its meaning (oneMKL, Developer Reference, "cblas_gemm_*" and
 * "cblas_gemm_bf16bf16f32"). Where no kernel for such numbers can run, and for sums that 32 bits may not hold, the same is computed by the
 * kernels of a wider type, in which each of these numbers is exact.
 */
#define NAME(routine) gemm_##routine
#include "routine.inc"
#include "clones.h"

#include <stdlib.h>
#include <string.h>

/* oneMKL's names with integers of 64 bits. */
#ifdef GAMUT_ILP64
#define MKL(routine) PASTE(CBLAS_WORD(routine), _64)
#else
#define MKL(routine) CBLAS_WORD(routine)
#endif
#define CBLAS_WORD(routine) PASTE(cblas_, NAME(routine))

/* CBLAS_OFFSET: what is added to C is a row, a column or a number. */
enum { ROW_OFFSET = 171, COL_OFFSET = 172, FIX_OFFSET = 173 };

/* Rows and columns of C whose sums are kept apart. */
#define BLOCK 1024

/* Steps whose products, 255 times -128 at most, have a sum of 32 bits. */
#define MOST_STEPS 65793

/* op(X), and what is added to each of its elements. */
typedef struct operand {
    const void *data;
    int64_t row, col;
    int offset;
} operand;

static operand operand_of(const void *data, int64_t ld, int trans, int offset) {
    return (operand){data, transposes(trans) ? 1 : ld, transposes(trans) ? ld : 1, offset};
}

/* A product of BF16 is exact in F32, and so is a BF16. The kernels' own sums are of F32, too. */
static float *floats(const operand *x, int64_t rows, int64_t cols) {
    float *to = gamut_memory((size_t)(rows * cols) * sizeof(float));
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < cols; j++) {
            uint32_t bits = (uint32_t)((const uint16_t *)x->data)[i * x->row + j * x->col] << 16;
            memcpy(to + i * cols + j, &bits, sizeof bits);
        }
    }
    return to;
}

/* C = alpha A B + beta C, all stored by rows. */
static void bf16(int64_t m, int64_t n, int64_t k, float alpha, const operand *a, const operand *b, float beta, float *c, int64_t ldc) {
    int32_t kernel = gamut_kernel_for(GAMUT_BF16, GAMUT_BF16);
    if (kernel >= 0) {
        gamut_multiply(kernel, m, n, k, alpha, a->data, a->row, a->col, b->data, b->row, b->col, beta, c, ldc, 1);
        return;
    }
    k = alpha == 0 ? 0 : k;
    float *wide_a = floats(a, m, k), *wide_b = floats(b, k, n);
    gamut_multiply(gamut_kernel_for(GAMUT_F32, GAMUT_F32), m, n, k, alpha, wide_a, k, 1, wide_b, n, 1, beta, c, ldc, 1);
    free(wide_a);
    free(wide_b);
}

/*
 * D = alpha (U + offset) (S + offset) + beta D + an offset for each element, rounded once to the nearest integer: D, stored by rows, is C, or
 * C' where that is stored by columns, so that always the left operand is the unsigned one.
 */
typedef struct bytes {
    int64_t m, n, k;
    double alpha, beta;
    operand u, s;
    int32_t *d;
    int64_t ld;
    const int32_t *add;
    int64_t add_row, add_col;
} bytes;

static bytes block_of(const bytes *g, int64_t i, int64_t j) {
    bytes block = *g;
    block.m = g->m - i < BLOCK ? g->m - i : BLOCK;
    block.n = g->n - j < BLOCK ? g->n - j : BLOCK;
    block.u.data = (const uint8_t *)g->u.data + i * g->u.row;
    block.s.data = (const int8_t *)g->s.data + j * g->s.col;
    block.d += i * g->ld + j;
    block.add += i * g->add_row + j * g->add_col;
    return block;
}

/* An element with its offset. */
static int of_u(const bytes *g, int64_t i, int64_t p) {
    return ((const uint8_t *)g->u.data)[i * g->u.row + p * g->u.col] + g->u.offset;
}

static int of_s(const bytes *g, int64_t p, int64_t j) {
    return ((const int8_t *)g->s.data)[p * g->s.row + j * g->s.col] + g->s.offset;
}

/* The sums of a block by a kernel for bytes, corrected for the offsets: (u + x) (s + y) = u s + y (u + x) + x s. */
static void sum_bytes(const bytes *g, int32_t kernel, double *sums) {
    int32_t *products = gamut_memory((size_t)(g->m * g->n) * sizeof *products);
    int64_t *of_cols = gamut_memory((size_t)g->n * sizeof *of_cols);
    gamut_multiply(kernel, g->m, g->n, g->k, 1, g->u.data, g->u.row, g->u.col, g->s.data, g->s.row, g->s.col, 0, products, g->n, 1);
    memset(of_cols, 0, (size_t)g->n * sizeof *of_cols);
    for (int64_t p = 0; p < g->k && g->u.offset != 0; p++) {
        for (int64_t j = 0; j < g->n; j++) {
            of_cols[j] += g->u.offset * (of_s(g, p, j) - g->s.offset);
        }
    }
    for (int64_t i = 0; i < g->m; i++) {
        int64_t of_row = 0;
        for (int64_t p = 0; p < g->k && g->s.offset != 0; p++) {
            of_row += g->s.offset * of_u(g, i, p);
        }
        for (int64_t j = 0; j < g->n; j++) {
            sums[i * g->n + j] = (double)(products[i * g->n + j] + of_row + of_cols[j]);
        }
    }
    free(products);
    free(of_cols);
}

/* The same in F64, exact for any number of steps that memory holds. */
static void sum_wide(const bytes *g, double *sums) {
    double *u = gamut_memory((size_t)(g->m * g->k) * sizeof *u), *s = gamut_memory((size_t)(g->k * g->n) * sizeof *s);
    for (int64_t i = 0; i < g->m; i++) {
        for (int64_t p = 0; p < g->k; p++) {
            u[i * g->k + p] = of_u(g, i, p);
        }
    }
    for (int64_t p = 0; p < g->k; p++) {
        for (int64_t j = 0; j < g->n; j++) {
            s[p * g->n + j] = of_s(g, p, j);
        }
    }
    gamut_multiply(gamut_kernel_for(GAMUT_F64, GAMUT_F64), g->m, g->n, g->k, 1, u, g->k, 1, s, g->n, 1, 0, sums, g->n, 1);
    free(u);
    free(s);
}

/* What lies outside of 32 bits becomes the nearest number that does not; halves are rounded away from 0, as oneMKL does. */
CLONES static void finish(int64_t n, const double *restrict sums, double alpha, double beta, const double *restrict add,
                          int32_t *restrict d) {
    for (int64_t j = 0; j < n; j++) {
        double x = alpha * sums[j] + (beta == 0 ? 0 : beta * d[j]) + add[j];
        x = x > INT32_MIN ? x : INT32_MIN;
        x = x < INT32_MAX ? x : INT32_MAX;
        int32_t whole = (int32_t)x;
        d[j] = whole + (x - whole >= 0.5) - (x - whole <= -0.5);
    }
}

static void bytes_product(const bytes *g) {
    int32_t kernel = g->k <= MOST_STEPS ? gamut_kernel_for(GAMUT_U8, GAMUT_I8) : -1;
    int plain = g->alpha == 1 && g->beta == 0 && g->u.offset == 0 && g->s.offset == 0 && g->add_row == 0 && g->add_col == 0;
    if (kernel >= 0 && plain && *g->add == 0) {
        gamut_multiply(kernel, g->m, g->n, g->k, 1, g->u.data, g->u.row, g->u.col, g->s.data, g->s.row, g->s.col, 0, g->d, g->ld, 1);
        return;
    }
    int64_t rows = g->m < BLOCK ? g->m : BLOCK, cols = g->n < BLOCK ? g->n : BLOCK;
    double *sums = gamut_memory((size_t)(rows * cols) * sizeof *sums), add[BLOCK];
    for (int64_t i = 0; i < g->m; i += BLOCK) {
        for (int64_t j = 0; j < g->n; j += BLOCK) {
            bytes block = block_of(g, i, j);
            if (kernel >= 0) {
                sum_bytes(&block, kernel, sums);
            } else {
                sum_wide(&block, sums);
            }
            for (int64_t row = 0; row < block.m; row++) {
                for (int64_t col = 0; col < block.n; col++) {
                    add[col] = block.add[row * block.add_row + col * block.add_col];
                }
                finish(block.n, sums + row * block.n, block.alpha, block.beta, add, block.d + row * block.ld);
            }
        }
    }
    free(sums);
}

PUBLIC void MKL(bf16bf16f32)(int order, int transa, int transb, INT m, INT n, INT k, float alpha, const uint16_t *a, INT lda,
                             const uint16_t *b, INT ldb, float beta, float *c, INT ldc) {
    int bad = check_gemm(order, transa, transb, m, n, k, lda, ldb, ldc);
    report(STRING(MKL(bf16bf16f32)), bad);
    if (bad != 0 || m == 0 || n == 0) {
        return;
    }
    operand left = operand_of(a, lda, transa, 0), right = operand_of(b, ldb, transb, 0);
    if (order == ROW_MAJOR) {
        bf16(m, n, k, alpha, &left, &right, beta, c, ldc);
    } else {
        bf16(n, m, k, alpha, &right, &left, beta, c, ldc);
    }
}

/*
 * A is of signed bytes and B of unsigned ones where matrices are stored by columns; by rows, as oneMKL says, it is the other way round. alpha
 * and beta multiply in F64.
 */
PUBLIC void MKL(s8u8s32)(int order, int transa, int transb, int offsetc, INT m, INT n, INT k, float alpha, const void *a, INT lda, int8_t ao,
                         const void *b, INT ldb, int8_t bo, float beta, int32_t *c, INT ldc, const int32_t *co) {
    /* Numbers of arguments, by those of a GEMM. */
    static const int number[] = {0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 17};
    int bad = number[check_gemm(order, transa, transb, m, n, k, lda, ldb, ldc)];
    if (offsetc != ROW_OFFSET && offsetc != COL_OFFSET && offsetc != FIX_OFFSET && (bad == 0 || bad > 4)) {
        bad = 4;
    }
    report(STRING(MKL(s8u8s32)), bad);
    if (bad != 0 || m == 0 || n == 0) {
        return;
    }
    int by_rows = order == ROW_MAJOR;
    operand left = operand_of(a, lda, transa, ao), right = operand_of(b, ldb, transb, bo);
    bytes g = {.m = by_rows ? m : n, .n = by_rows ? n : m, .k = alpha == 0 ? 0 : k, .alpha = alpha, .beta = beta,
               .u = by_rows ? left : right, .s = by_rows ? right : left, .d = c, .ld = ldc, .add = co,
               .add_row = offsetc == (by_rows ? COL_OFFSET : ROW_OFFSET), .add_col = offsetc == (by_rows ? ROW_OFFSET : COL_OFFSET)};
    bytes_product(&g);
}
