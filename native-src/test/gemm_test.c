/*
 * Every kernel that is usable here against the definition of its result, bit by bit: sizes around the tile, more than one block in each
 * direction, all ways to store a matrix, alpha and beta that are 0, 1 and other, one and several parts, operands that move between
 * steps. What lies between the elements of C is not to be touched; C is not to be read where beta is 0, nor A and B where alpha is.
 *
 * Kernels of the order fma-kc256 are given random numbers, those of integers any that their types hold, others small integers, whose
 * sums are exact in any order.
 */
#include "../driver/result.h"
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

static double next(void) {
    return ((double)draw() / 0x1p31 - 0.5) * 4;
}

static int bytes_of(int32_t type) {
    switch (type) {
    case GAMUT_F64:
    case GAMUT_I64:
        return 8;
    case GAMUT_F32:
    case GAMUT_I32:
        return 4;
    case GAMUT_F16:
    case GAMUT_BF16:
        return 2;
    default:
        return 1;
    }
}

static int is_integer(int32_t type) {
    return type == GAMUT_I64 || type == GAMUT_I32 || type == GAMUT_I8 || type == GAMUT_U8;
}

/* Type of C. */
static int32_t result_of(int32_t number) {
    return gamut_results[number] == NULL ? gamut_tiles[number]->acc : gamut_results[number]->c;
}

static double load(const char *from, int32_t type) {
    union {
        double f64;
        float f32;
        _Float16 f16;
        uint32_t bf16;
        int64_t i64;
        int32_t i32;
        int8_t i8;
        uint8_t u8;
    } x = {0};
    if (type == GAMUT_BF16) {
        memcpy((char *)&x + 2, from, 2);
        return x.f32;
    }
    memcpy(&x, from, (size_t)bytes_of(type));
    return type == GAMUT_F64   ? x.f64
           : type == GAMUT_F32 ? x.f32
           : type == GAMUT_F16 ? (double)x.f16
           : type == GAMUT_I64 ? (double)x.i64
           : type == GAMUT_I32 ? x.i32
           : type == GAMUT_I8  ? x.i8
                               : x.u8;
}

static void save(char *to, double value, int32_t type) {
    float f32 = (float)value;
    _Float16 f16 = (_Float16)value;
    int64_t i64 = is_integer(type) ? (int64_t)value : 0;
    switch (type) {
    case GAMUT_F64:
        memcpy(to, &value, 8);
        break;
    case GAMUT_F32:
        memcpy(to, &f32, 4);
        break;
    case GAMUT_F16:
        memcpy(to, &f16, 2);
        break;
    case GAMUT_BF16:
        memcpy(to, (char *)&f32 + 2, 2);
        break;
    default:
        memcpy(to, &i64, (size_t)bytes_of(type));
        break;
    }
}

/* A matrix in memory of its own, `shift` bytes into a block: element (i, j) at origin + i * row + j * col. */
typedef struct matrix {
    int32_t type;
    char *block, *memory;
    int64_t shift, elements, origin, row, col;
} matrix;

enum { BY_COLUMNS, BY_ROWS, APART, BACKWARDS, LAYOUTS };

static const char *const layout_names[] = {"by columns", "by rows", "apart at an odd address", "backwards"};

static size_t size_of(const matrix *x) {
    return (size_t)(x->elements * bytes_of(x->type));
}

static void allocate(matrix *x) {
    x->block = malloc((size_t)x->shift + size_of(x));
    x->memory = x->block + x->shift;
}

/* Poison: NaN in every type that has one. */
static matrix make(int64_t rows, int64_t cols, int layout, int32_t type) {
    matrix x = {.type = type};
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
        x.shift = 1;
        break;
    default:
        x.row = -(cols + 1);
        x.col = -1;
        break;
    }
    int64_t span = (rows > 0 ? (rows - 1) * llabs(x.row) : 0) + (cols > 0 ? (cols - 1) * llabs(x.col) : 0) + 1;
    x.elements = span + 2;
    x.origin = layout == BACKWARDS ? span : 1;
    allocate(&x);
    memset(x.memory, 0xFF, size_of(&x));
    return x;
}

static char *at(const matrix *x, int64_t i, int64_t j) {
    return x->memory + (x->origin + i * x->row + j * x->col) * bytes_of(x->type);
}

static double get(const matrix *x, int64_t i, int64_t j) {
    return load(at(x, i, j), x->type);
}

/* Whether results have one order of evaluation. */
static int is_ordered(int32_t number) {
    return strstr(gamut_kernel_at(number)->id, "_fma-kc256_") != NULL;
}

static void fill(matrix *x, int64_t rows, int64_t cols, int any) {
    for (int64_t j = 0; j < cols; j++) {
        for (int64_t i = 0; i < rows; i++) {
            double value = x->type == GAMUT_I8   ? (int)(draw() % 256) - 128
                           : x->type == GAMUT_U8 ? (int)(draw() % 256)
                           : is_integer(x->type) || !any ? (int)(draw() % 17) - 8
                                                          : next();
            save(at(x, i, j), value, x->type);
        }
    }
}

/* A copy in a block of its own. */
static matrix copy(const matrix *x) {
    matrix y = *x;
    allocate(&y);
    memcpy(y.memory, x->memory, size_of(x));
    return y;
}

/* Puts a matrix elsewhere, as a collector of garbage does between two steps; where it was nothing of use remains. */
static void move(matrix *x) {
    matrix to = copy(x);
    memset(x->memory, 0xFF, size_of(x));
    free(x->block);
    *x = to;
}

/* Its numbers: line by line along k. */
static double *numbers(const matrix *x, int64_t lines, int64_t k, int by_column) {
    double *all = malloc((size_t)(lines * k + 1) * sizeof *all);
    for (int64_t i = 0; i < lines; i++) {
        for (int64_t p = 0; p < k; p++) {
            all[i * k + p] = by_column ? get(x, p, i) : get(x, i, p);
        }
    }
    return all;
}

/* The same of integers. */
static int32_t *integers(const double *x, int64_t n) {
    int32_t *all = malloc((size_t)(n + 1) * sizeof *all);
    for (int64_t i = 0; i < n; i++) {
        all[i] = (int32_t)x[i];
    }
    return all;
}

/* An exact sum of products: of integers as such, which an emulator of another CPU does in a fraction of the time. */
static double exact_sum(const int32_t *x, const int32_t *y, int64_t k) {
    int64_t sum = 0;
    for (int64_t p = 0; p < k; p++) {
        sum += x[p] * y[p];
    }
    return (double)sum;
}

/* A sum of products in the order fma-kc256. */
static double sum_of(const gamut_tile *tile, const double *x, const double *y, int64_t k) {
    double total = 0;
    for (int64_t p = 0; p < k; p += GAMUT_KC) {
        double sum = 0;
        for (int64_t q = p; q < k && q < p + GAMUT_KC; q++) {
            sum = tile->acc == GAMUT_F64 ? fma(x[q], y[q], sum) : fmaf((float)x[q], (float)y[q], (float)sum);
        }
        total = p == 0 ? sum : tile->acc == GAMUT_F64 ? total + sum : (float)total + (float)sum;
    }
    return total;
}

/* Whether C is requantised, which is in F32. */
static int requantises(int32_t number) {
    return gamut_results[number] != NULL && gamut_results[number]->requantise != NULL;
}

/* Then alpha and beta, each rounded once. */
static double finished(int32_t number, int product, double sum, double alpha, double beta, double old) {
    if (gamut_tiles[number]->acc == GAMUT_F32 || requantises(number)) {
        float x = (float)alpha * (float)sum;
        return !product ? (beta == 0 ? 0 : (float)beta * (float)old) : beta == 0 ? x : fmaf((float)beta, (float)old, x);
    }
    double x = alpha * sum;
    return !product ? (beta == 0 ? 0 : beta * old) : beta == 0 ? x : fma(beta, old, x);
}

/* As its type holds it, rounded to nearest even once more where that is narrower. */
static double rounded(int32_t type, double value) {
    float x = (float)value;
    uint32_t bits;
    memcpy(&bits, &x, 4);
    bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000;
    memcpy(&x, &bits, 4);
    return type == GAMUT_BF16 ? x : type == GAMUT_F16 ? (double)(_Float16)value : value;
}

/* As an integer of 8 bits holds it after a factor and a zero point. */
static double requantised(int32_t type, double value, float factor, float zero) {
    double lowest = type == GAMUT_I8 ? -128 : 0;
    return fmax(lowest, fmin(lowest + 255, nearbyint(fmaf((float)value, factor, zero))));
}

typedef struct problem {
    int32_t number;
    int64_t m, n, k;
    int layouts[3];
    double alpha, beta;
    int32_t parts;
    int64_t mc, nc;
    int moving, packed;
    /* Of a C that is requantised: a factor for each column, or the first one for all, with another number before; and the zero point. */
    const float *factors;
    int column_factors, zero;
} problem;

/* b as the kernel lays it out, in a block of its own. */
static matrix pack(const gamut_gemm *gemm, const matrix *b) {
    int64_t bytes = gamut_gemm_packed_bytes(gemm);
    char *block = aligned_alloc(64, (size_t)(bytes + 64 - bytes % 64));
    memset(block, 0xFF, (size_t)bytes);
    for (int64_t piece = gamut_gemm_packed_pieces(gemm); piece-- > 0;) {
        if (gamut_gemm_pack(gemm, b->memory, b->origin, piece, block) != GAMUT_OK) {
            abort();
        }
    }
    return (matrix){.type = GAMUT_U8, .block = block, .memory = block, .elements = bytes};
}

/* Computes all parts; the status of the last one computed. */
static int32_t compute(const problem *x, matrix *a, matrix *b, matrix *c, int64_t refused[2]) {
    gamut_gemm gemm = {
        .size = sizeof gemm, .kernel = x->number, .m = x->m, .n = x->n, .k = x->k, .alpha = x->alpha, .beta = x->beta,
        .mc = x->mc, .nc = x->nc, .a_row = a->row, .a_col = a->col, .b_row = b->row, .b_col = b->col, .c_row = c->row,
        .c_col = c->col, .column_factors = x->column_factors, .zero_point = x->zero,
    };
    int64_t room = gamut_gemm_workspace(&gemm, x->parts);
    int32_t status = room < 0 ? (int32_t)-room : GAMUT_OK;
    matrix laid = *b;
    if (x->packed && status == GAMUT_OK) {
        laid = pack(&gemm, b);
        gemm.b_packed = 1;
        gemm.b_row = gemm.b_col = INT64_MAX; /* of no meaning */
        room = gamut_gemm_workspace(&gemm, x->parts);
        b = &laid;
    }
    for (int32_t part = 0; part < x->parts && status == GAMUT_OK; part++) {
        void *workspace = aligned_alloc(64, (size_t)(room + 64 - room % 64));
        status = gamut_gemm_begin(&gemm, a->origin, b->origin, c->origin, part, x->parts, workspace);
        if (status == GAMUT_OK && requantises(x->number)) {
            status = gamut_gemm_factors(x->factors - 1, 1, workspace);
        }
        if (status == GAMUT_OK && x->moving) {
            while ((status = gamut_gemm_step(a->memory, b->memory, c->memory, workspace)) == GAMUT_MORE) {
                move(a);
                move(b);
                move(c);
            }
        } else if (status == GAMUT_OK) {
            status = gamut_gemm_compute(a->memory, b->memory, c->memory, workspace);
        }
        memcpy(refused, workspace, 2 * sizeof *refused);
        free(workspace);
    }
    if (b == &laid) {
        free(laid.block);
    }
    return status;
}

/* Of a kernel whose C is requantised, factors that leave some results within its range and some beyond. */
static problem with_factors(problem x, float *factors) {
    if (requantises(x.number)) {
        for (int64_t j = 0; j < x.n + 2; j++) {
            factors[j] = ldexpf(1 + (float)(draw() % 1000) / 1000, -(int)(draw() % 12)) * (draw() % 2 ? 1 : -1);
        }
        x.factors = factors + 1;
        x.column_factors = draw() % 2;
        x.zero = (int)(draw() % 40) - 20;
    }
    return x;
}

/* What an element must become. */
static double prescribed(const problem *x, int64_t column, int product, double sum, double old) {
    int32_t type = result_of(x->number);
    double value = finished(x->number, product, sum, x->alpha, x->beta, old);
    return requantises(x->number) ? requantised(type, value, x->factors[x->column_factors ? column : 0], (float)x->zero)
                                  : rounded(type, value);
}

static void check(const problem *given) {
    float factors[400];
    problem with = with_factors(*given, factors), *x = &with;
    const gamut_tile *tile = gamut_tiles[x->number];
    int ordered = is_ordered(x->number);
    matrix a = make(x->m, x->k, x->layouts[0], tile->a);
    matrix b = make(x->k, x->n, x->layouts[1], tile->b);
    int32_t type = result_of(x->number);
    matrix c = make(x->m, x->n, x->layouts[2], type);
    if (x->alpha != 0) {
        fill(&a, x->m, x->k, ordered);
        fill(&b, x->k, x->n, ordered);
    }
    if (x->beta != 0) {
        fill(&c, x->m, x->n, ordered);
    }
    matrix old = copy(&c);
    double *left = numbers(&a, x->m, x->k, 0);
    double *right = numbers(&b, x->n, x->k, 1);
    int exact = !ordered && x->alpha != 0;
    int32_t *whole_left = integers(left, exact ? x->m * x->k : 0);
    int32_t *whole_right = integers(right, exact ? x->n * x->k : 0);

    int64_t refused[2];
    int bad = compute(x, &a, &b, &c, refused) != GAMUT_OK;
    int product = x->alpha != 0 && x->k != 0;
    for (int64_t j = 0; j < x->n; j++) {
        for (int64_t i = 0; i < x->m; i++) {
            double sum = !product  ? 0
                         : ordered ? sum_of(tile, left + i * x->k, right + j * x->k, x->k)
                                   : exact_sum(whole_left + i * x->k, whole_right + j * x->k, x->k);
            double want = prescribed(x, j, product, sum, get(&old, i, j));
            double is = get(&c, i, j);
            bad |= !(is == want && signbit(is) == signbit(is_integer(type) ? is : want));
            memset(at(&c, i, j), 0xFF, (size_t)bytes_of(type));
        }
    }
    for (size_t i = 0; i < size_of(&c); i++) {
        bad |= (unsigned char)c.memory[i] != 0xFF;
    }
    verdict(!bad, "%s m=%ld n=%ld k=%ld a %s, b %s, c %s alpha=%g beta=%g parts=%d mc=%ld nc=%ld moving=%d packed=%d",
            gamut_kernel_at(x->number)->id, (long)x->m, (long)x->n, (long)x->k, layout_names[x->layouts[0]],
            layout_names[x->layouts[1]], layout_names[x->layouts[2]], x->alpha, x->beta, (int)x->parts, (long)x->mc,
            (long)x->nc, x->moving, x->packed);
    free(left);
    free(right);
    free(whole_left);
    free(whole_right);
    free(a.block);
    free(b.block);
    free(c.block);
    free(old.block);
}

static void conform(int32_t number) {
    const gamut_tile *tile = gamut_tiles[number];
    int64_t mr = gamut_rows_of(tile), nr = tile->nr, kc = tile->kc;
    int64_t ms[] = {0, 1, mr - 1, mr, mr + 1, 2 * mr + 1, 60};
    int64_t ns[] = {0, 1, 3, nr - 1, nr, nr + 1, 2 * nr + 1, 50};
    int64_t ks[] = {0, 1, 2, 3, 5, 64, kc - 1, kc, kc + 1, 2 * GAMUT_KC + 3};
    static const double factors[][2] = {{1, 0}, {1, 1}, {0, 0}, {0, 1.5}, {-1, 1}, {1.25, -0.75}, {0.3, 0}};
    static const double integers[][2] = {{1, 0}, {1, 1}, {0, 0}, {0, -3}, {-1, 1}, {2, -5}, {7, 0}};
    const double(*pairs)[2] = is_integer(tile->acc) && !requantises(number) ? integers : factors;
    const int sampled = gamut_results[number] != NULL || tile->terms == 1 || tile->terms == 2;
    /* Each size with each other one; layouts, factors, parts and blocks take turns, so that all pairs of them come about. */
    unsigned turn = 0;
    for (size_t i = 0; i < sizeof ms / sizeof *ms; i++) {
        for (size_t j = 0; j < sizeof ns / sizeof *ns; j++) {
            for (size_t p = 0; p < sizeof ks / sizeof *ks; p++, turn++) {
                /* Of another type of results, or with fewer terms, a third: the rest is the same. */
                if (sampled && turn % 13 > 3) {
                    continue;
                }
                problem x = {.number = number, .m = ms[i], .n = ns[j], .k = ks[p],
                             .layouts = {(int)(turn % LAYOUTS), (int)(turn / LAYOUTS % LAYOUTS), (int)(turn / 16 % LAYOUTS)},
                             .alpha = pairs[turn % 7][0], .beta = pairs[turn % 7][1], .parts = 1 + (int32_t)(turn % 3),
                             .mc = turn % 5 == 0 ? mr : 0, .nc = turn % 5 == 1 ? 2 * nr : 0, .moving = turn % 4 == 3,
                             .packed = turn % 11 % 3 == 2};
                check(&x);
            }
        }
    }
    for (int layout = 0; layout < LAYOUTS * LAYOUTS * LAYOUTS; layout++) {
        for (int f = 0; f < 7; f++) {
            if (sampled && f != layout % 7) {
                continue;
            }
            /* A third of them beyond a block of k: each layout with two or three pairs of factors, each pair with a third of the layouts. */
            problem x = {.number = number, .m = 2 * mr + 3, .n = 3 * nr + 1, .k = (layout / 3 + f) % 3 == 0 ? kc + 5 : 21,
                         .layouts = {layout % LAYOUTS, layout / LAYOUTS % LAYOUTS, layout / 16},
                         .alpha = pairs[f][0], .beta = pairs[f][1], .parts = 1 + layout % 4, .mc = mr, .nc = nr,
                         .moving = layout % 3 == 2, .packed = f % 2};
            check(&x);
        }
    }
}

/* Lines so long that a few columns take them as they lie, and longer ones, which would take too long at a time. */
static void lengths(int32_t number) {
    const gamut_tile *tile = gamut_tiles[number];
    int64_t longest = (1 << 24) / gamut_rows_of(tile) / tile->bytes[0];
    for (int i = 0; i < 4; i++) {
        check(&(problem){.number = number, .m = 3, .n = 2, .k = longest + i % 2, .layouts = {i / 2, BY_COLUMNS, BY_COLUMNS}, .alpha = 1,
                         .parts = 1, .moving = i % 2});
    }
}

/* The largest sums beyond 32 bits, of several spans: of few columns, which are taken as they lie otherwise, and of more. */
static void beyond(int32_t number) {
    const gamut_tile *tile = gamut_tiles[number];
    int32_t type = result_of(number);
    for (int i = 0; i < 2; i++) {
        static const float factors[] = {NAN, 0x1.8p-26f};
        problem x = {.number = number, .m = 3, .n = i == 0 ? 5 : 33, .k = 2 * gamut_results[number]->span + 77,
                     .layouts = {BY_ROWS, BY_COLUMNS, i == 0 ? BY_ROWS : APART}, .alpha = i == 0 ? 1 : -3, .beta = i == 0 ? 0 : 2,
                     .parts = 1 + i, .moving = i, .factors = factors + 1, .zero = 5};
        matrix a = make(x.m, x.k, x.layouts[0], tile->a), b = make(x.k, x.n, x.layouts[1], tile->b);
        matrix c = make(x.m, x.n, x.layouts[2], type);
        double largest = tile->a == GAMUT_U8 ? 255 : -128;
        memset(a.memory, (int)largest & 0xFF, size_of(&a));
        memset(b.memory, -128 & 0xFF, size_of(&b));
        for (int64_t e = 0; e < x.m * x.n; e++) {
            save(at(&c, e / x.n, e % x.n), type == GAMUT_I64 ? 0x1p40 + (double)e : (double)e, type);
        }
        matrix old = copy(&c);
        int64_t refused[2];
        int bad = compute(&x, &a, &b, &c, refused) != GAMUT_OK;
        for (int64_t e = 0; e < x.m * x.n; e++) {
            bad |= get(&c, e / x.n, e % x.n) != prescribed(&x, e % x.n, 1, largest * -128 * (double)x.k, get(&old, e / x.n, e % x.n));
        }
        verdict(!bad, "%s beyond 32 bits, n=%ld", gamut_kernel_at(number)->id, (long)x.n);
        free(a.block);
        free(b.block);
        free(c.block);
        free(old.block);
    }
}

/* An integer that C cannot hold is refused where it would stand, whichever way C is stored. */
static void overflows(int32_t number) {
    for (int layout = 0; layout < LAYOUTS; layout++) {
        problem x = {.number = number, .m = 70, .n = 20, .k = 3, .layouts = {0, 0, layout}, .parts = 1};
        const gamut_tile *tile = gamut_tiles[number];
        x.alpha = result_of(number) == GAMUT_I64 ? 0x1p62 : 0x1p30;
        matrix a = make(x.m, x.k, 0, tile->a);
        matrix b = make(x.k, x.n, 0, tile->b);
        matrix c = make(x.m, x.n, layout, result_of(number));
        memset(a.memory, 0, size_of(&a));
        memset(b.memory, 0, size_of(&b));
        save(at(&a, 66, 1), 2, tile->a);
        save(at(&b, 1, 17), 3, tile->b);
        int64_t refused[2] = {-1, -1};
        int32_t status = compute(&x, &a, &b, &c, refused);
        verdict(status == GAMUT_REFUSED && refused[0] == 66 && refused[1] == 17,
                "%s overflow, c %s: %s at row %ld, column %ld", gamut_kernel_at(number)->id, layout_names[layout],
                gamut_status_name(status), (long)refused[0], (long)refused[1]);
        free(a.block);
        free(b.block);
        free(c.block);
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
        verdict(gamut_gemm_workspace(&cases[i].gemm, cases[i].parts) == -cases[i].status, "refusal of %s", gamut_status_name(cases[i].status));
    }
}

#include "terms.inc"

/* An id says the tile. */
static void naming(int32_t number) {
    char tile[32];
    snprintf(tile, sizeof tile, "_%d%sx%d_", (int)gamut_tiles[number]->mr, gamut_tiles[number]->lanes == NULL ? "" : "v",
             (int)gamut_tiles[number]->nr);
    verdict(strstr(gamut_kernel_at(number)->id, tile) != NULL, "the tile of %s is %s", gamut_kernel_at(number)->id, tile);
}

/* gemm_test [TEXT]: only kernels whose id contains it. */
int main(int argc, char **argv) {
    const char *wanted = argc > 1 ? argv[1] : "";
    for (int32_t f = 0; f < GAMUT_FEATURES; f++) {
        const char *refusal = gamut_feature_refusal(f);
        printf("feature %d: %s\n", (int)f, refusal == NULL ? "usable" : refusal);
    }
    refusals();
    for (int32_t i = 0; i < gamut_kernel_count(); i++) {
        const gamut_kernel *kernel = gamut_kernel_at(i);
        if (strstr(kernel->id, wanted) == NULL || gamut_tiles[i] == NULL) {
            continue;
        }
        if ((kernel->features & ~gamut_cpu_features()) != 0) {
            printf("%s: the CPU lacks a feature\n", kernel->id);
            continue;
        }
        naming(i);
        conform(i);
        if (gamut_tiles[i]->cross[0] != NULL) {
            lengths(i);
        }
        if (is_integer(result_of(i)) && !requantises(i)) {
            overflows(i);
        }
        if (gamut_results[i] != NULL && gamut_results[i]->span > 0) {
            beyond(i);
        }
        if (gamut_tiles[i]->terms > 0) {
            near_enough(i);
            stays_where_it_is(i);
        }
    }
    return summary();
}
