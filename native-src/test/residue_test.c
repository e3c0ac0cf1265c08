/*
 * Products by residues: every kernel that is usable here gives the bits below, which are those of the Java kernel of the same order, whatever
 * the instructions, the order of tasks, the width of strips, the size of regions, the way matrices lie, and whether B was laid out beforehand.
 * What lies between the elements of C is not touched, nor are blocks that are left to native arithmetic.
 *
 * residue_test [TEXT]: only kernels whose ids contain it.
 */
#include "../driver/residue.h"
#include "verdict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* LATE: zeros but for some steps of k, which lie in one chunk and not in the first. */
typedef enum content { UNIFORM, SPREAD, INTEGERS, INFINITE, LARGE_AND_SMALL, LATE } content;

typedef struct problem {
    int64_t m, n, k;
    content content;
    double alpha, beta;
    /* What is expected of F64 and F32: the hash of C, and how many blocks are native. */
    uint64_t hash[2];
    int64_t natives[2];
} problem;

static const problem problems[] = {
    {1, 1, 1, UNIFORM, 1, 0, {UINT64_C(0xcc4ba2045482ddd8), UINT64_C(0x5cdb72ea7f9d0d70)}, {0, 0}},
    {33, 49, 65, UNIFORM, 1, 0, {UINT64_C(0x504b9583dfea733c), UINT64_C(0x0fa7686a9c6396b0)}, {0, 0}},
    {70, 130, 1030, SPREAD, -0.3, 0.7, {UINT64_C(0x27d552c809637f5a), UINT64_C(0xa6c1b108c875f30f)}, {0, 0}},
    {60, 70, 80, INTEGERS, 2, 0, {UINT64_C(0xc8ae9c5e3164829c), UINT64_C(0xb8ec955e3b01736a)}, {0, 0}},
    {530, 20, 17, INFINITE, 1, 0, {UINT64_C(0xe2a7b11e7b11288e), UINT64_C(0xe26ff522fcc8d4ff)}, {1, 1}},
    {20, 530, 17, LARGE_AND_SMALL, 1, 1, {UINT64_C(0x53ef44965836b099), UINT64_C(0x8f6e193c74277faa)}, {2, 2}},
    {520, 530, 12, UNIFORM, 1, 0, {UINT64_C(0x8a5e1d000e6ef36e), UINT64_C(0xdca32d2e77186dd0)}, {0, 0}},
    {70, 50, 1200, LATE, 1, 0, {UINT64_C(0x2033238519fd38ed), UINT64_C(0x59d8dfdada99453b)}, {0, 0}},
    {3, 5, 70000, UNIFORM, 1, 0, {UINT64_C(0xdc00aa7de51d054e), UINT64_C(0xcbce2194b73752ac)}, {0, 0}},
};

static uint64_t state;

static uint64_t draw(void) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return state >> 11;
}

static double uniform(void) {
    return (double)draw() * 0x1p-52 - 1;
}

static double element(content content, int64_t at) {
    double x = uniform();
    switch (content) {
    case SPREAD:
        return ldexp(x, (int)(draw() % 20) - 10);
    case INTEGERS:
        return floor(x * 8);
    case INFINITE:
        return at == 3 ? INFINITY : x;
    case LARGE_AND_SMALL:
        return ldexp(x, (int)(draw() % 48) - 24);
    default:
        return x;
    }
}

static void set(void *to, int64_t at, double x, int32_t bytes) {
    if (bytes == 8) {
        ((double *)to)[at] = x;
    } else {
        ((float *)to)[at] = (float)x;
    }
}

static double get(const void *from, int64_t at, int32_t bytes) {
    return bytes == 8 ? ((const double *)from)[at] : ((const float *)from)[at];
}

/* Ways to store a matrix of so many rows and columns: by rows, by columns, with room between all elements. */
static void lay(int way, int64_t rows, int64_t cols, int64_t *row, int64_t *col) {
    *row = way == 0 ? cols + 3 : way == 1 ? 1 : 2 * cols + 5;
    *col = way == 0 ? 1 : way == 1 ? rows + 3 : 2;
}

static void *room(int64_t bytes) {
    void *memory = aligned_alloc(64, (size_t)(bytes + 63) / 64 * 64 + 64);
    if (memory == NULL) {
        abort();
    }
    memset(memory, 0x55, (size_t)bytes);
    return memory;
}

static int64_t extent(int64_t rows, int64_t cols, int64_t row, int64_t col) {
    return (rows - 1) * row + (cols - 1) * col + 1;
}

static void *matrix(content content, int64_t rows, int64_t cols, int64_t row, int64_t col, int32_t bytes) {
    void *x = room(extent(rows, cols, row, col) * bytes);
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < cols; j++) {
            set(x, i * row + j * col, element(content, i * cols + j), bytes);
        }
    }
    return x;
}

static void clear_but_late(void *x, int64_t lines, int64_t k, int64_t across, int64_t along, int32_t bytes) {
    for (int64_t l = 0; l < lines; l++) {
        for (int64_t h = 0; h < k; h++) {
            if (h < 600 || h >= 1000) {
                set(x, l * across + h * along, 0, bytes);
            }
        }
    }
}

/* All phases of what was begun, tasks from the last to the first where `backwards`. */
static void compute(const void *a, const void *b, void *c, void *workspace, void *scratch, int backwards) {
    for (int64_t tasks = gamut_residue_phase(workspace); tasks > 0; tasks = gamut_residue_phase(workspace)) {
        for (int64_t t = 0; t < tasks; t++) {
            int apart = ((const gamut_residues *)workspace)->apart != 0;
            int64_t task = backwards ? tasks - 1 - t : t, step = 0;
            while (gamut_residue_step(apart && step == 0 ? NULL : a, apart && step == 0 ? NULL : b, apart && step == 0 ? NULL : c, task, step,
                                      workspace, scratch) == GAMUT_MORE) {
                step++;
            }
        }
    }
}

static uint64_t hash(const gamut_gemm *g, const void *c, int32_t bytes) {
    uint64_t h = UINT64_C(14695981039346656037);
    for (int64_t i = 0; i < g->m; i++) {
        for (int64_t j = 0; j < g->n; j++) {
            const unsigned char *at = (const unsigned char *)c + (i * g->c_row + j * g->c_col) * bytes;
            for (int32_t b = 0; b < bytes; b++) {
                h = (h ^ at[b]) * UINT64_C(1099511628211);
            }
        }
    }
    return h;
}

static void expect(int holds, const char *id, const problem *p, const char *what, uint64_t value) {
    verdict(holds, "%s, %lld by %lld by %lld, content %d: %s 0x%016llx", id, (long long)p->m, (long long)p->n, (long long)p->k, p->content,
            what, (unsigned long long)value);
}

/* Each way to store operands and C in turn, with strips and regions of other sizes; the last time with B laid out beforehand. */
static void try(int32_t kernel, const problem *p, int variant) {
    const gamut_residue_kernel *of = gamut_residue_kernels[kernel];
    const char *id = gamut_kernel_at(kernel)->id;
    int narrow = of->type == GAMUT_F32;
    gamut_gemm g = {.size = sizeof g, .kernel = kernel, .m = p->m, .n = p->n, .k = p->k, .alpha = p->alpha, .beta = p->beta,
                    .mc = variant % 2 == 0 ? 0 : 512, .nc = variant == 0 ? 0 : 8 * variant + 40};
    lay(variant % 3, p->m, p->k, &g.a_row, &g.a_col);
    lay((variant + 1) % 3, p->k, p->n, &g.b_row, &g.b_col);
    lay(variant % 3, p->m, p->n, &g.c_row, &g.c_col);
    state = 20261127;
    void *a = matrix(p->content, p->m, p->k, g.a_row, g.a_col, of->bytes);
    void *b = matrix(p->content == INFINITE ? UNIFORM : p->content, p->k, p->n, g.b_row, g.b_col, of->bytes);
    void *c = matrix(UNIFORM, p->m, p->n, g.c_row, g.c_col, of->bytes);
    if (p->content == LATE) {
        clear_but_late(a, p->m, p->k, g.a_row, g.a_col, of->bytes);
        clear_but_late(b, p->n, p->k, g.b_col, g.b_row, of->bytes);
    }
    int64_t bytes = extent(p->m, p->n, g.c_row, g.c_col) * of->bytes;
    void *before = room(bytes);
    memcpy(before, c, (size_t)bytes);
    void *workspace = room(gamut_residue_workspace(&g)), *scratch = room(gamut_residue_scratch(&g));
    void *packed = NULL;
    if (variant == 3) {
        /* What is kept knows neither A nor C, and must keep to the scratch memory that it asks for. */
        gamut_gemm kept = {.size = sizeof kept, .kernel = kernel, .m = 1, .n = g.n, .k = g.k, .b_row = g.b_row, .b_col = g.b_col};
        int64_t own = gamut_residue_scratch(&kept), guard = INT64_C(1) << 18;
        uint8_t *guarded = room(own + guard);
        packed = room(gamut_residue_packed_bytes(&kept));
        gamut_residue_pack(&kept, 0, packed);
        compute(NULL, b, NULL, packed, guarded, 0);
        int64_t first = own;
        while (first < own + guard && guarded[first] == 0x55) {
            first++;
        }
        expect(first == own + guard, id, p, "a byte beyond the scratch memory, at", (uint64_t)(first - own));
        free(guarded);
        g.b_packed = 1;
        free(workspace), workspace = room(gamut_residue_workspace(&g));
    }
    gamut_residue_begin(&g, 0, 0, 0, packed, workspace);
    compute(a, variant == 3 ? NULL : b, c, workspace, scratch, variant % 2);
    const gamut_residues *said = workspace;
    expect(said->natives == p->natives[narrow], id, p, "native blocks", (uint64_t)said->natives);
    uint64_t h = hash(&g, c, of->bytes);
    expect(h == p->hash[narrow], id, p, "hash", h);
    /* Put back what was to be computed: now nothing may differ. */
    for (int64_t i = 0; i < p->m; i++) {
        for (int64_t j = 0; j < p->n; j++) {
            int64_t block = i / GAMUT_RESIDUE_BLOCK * said->col_blocks + j / GAMUT_RESIDUE_BLOCK, at = i * g.c_row + j * g.c_col;
            if (((const uint8_t *)workspace)[said->natives_at + block] == 0) {
                set(c, at, get(before, at, of->bytes), of->bytes);
            }
        }
    }
    expect(memcmp(c, before, (size_t)bytes) == 0, id, p, "elements that were not to be written", 0);
    free(a), free(b), free(c), free(before), free(workspace), free(scratch), free(packed);
}

/* What modulus p leaves of x: symmetrical, and -128 of 256. */
static int32_t left_of(int64_t x, int32_t p) {
    int32_t r = (int32_t)(x % p), positive = r < 0 ? r + p : r;
    return 2 * positive < p ? positive : positive - p;
}

/* Each sum below 2^18, by the steps of residue_rest in x86/residue.h, whatever CPU this is. */
static void multiples(void) {
    const problem none = {0};
    gamut_moduli moduli;
    gamut_moduli_first(GAMUT_MODULI, INFINITY, &moduli);
    for (int32_t i = 0; i < GAMUT_MODULI; i++) {
        const gamut_modulus *m = &moduli.of[i];
        int32_t p = (int32_t)m->p, most = 1 << 18, wrong = 0;
        /* What both begin with besides less than p: -2^31 is what a word of zeros stands for. */
        int32_t begin = m->of_32 + left_of(INT64_C(1) << 31, p);
        for (int64_t word = 0; word < 2; word++) {
            int32_t start = word ? m->of_64 : m->of_32, offset = left_of(word ? INT64_MIN : INT32_MIN, p);
            wrong += left_of(start - begin - offset, p) != 0 || abs(start - begin) > 256;
        }
        for (int32_t s = -most; s <= most; s++) {
            int32_t sum = begin + s, bits;
            float x, times;
            memcpy(&x, &sum, sizeof x);
            times = fmaf(x, m->reciprocal, m->base);
            memcpy(&bits, &times, sizeof bits);
            int64_t low = (int64_t)(int16_t)bits * (int16_t)m->factors, high = (int64_t)(bits >> 16) * (int16_t)(m->factors >> 16);
            wrong += sum + low + high != left_of(s, p);
        }
        expect(wrong == 0, "moduli", &none, "sums that leave something else, modulus", (uint64_t)p);
    }
}

/* Integers and sums through loops of the kernel: those whose bytes make the largest sums, and each residue of before. */
static void residues(int32_t kernel) {
    const gamut_residue_kernel *of = gamut_residue_kernels[kernel];
    const char *id = gamut_kernel_at(kernel)->id;
    const problem none = {0};
    gamut_moduli moduli;
    gamut_moduli_first(GAMUT_MODULI, INFINITY, &moduli);
    for (int32_t bits = 22; bits <= 72; bits += 10) {
        double x[GAMUT_RESIDUE_STEPS];
        int8_t order[GAMUT_MODULI * GAMUT_RESIDUE_STEPS], to[GAMUT_MODULI * GAMUT_RESIDUE_STEPS];
        /* Modulo 255 the first integers are themselves. */
        for (int i = 0; i < GAMUT_RESIDUE_STEPS; i++) {
            x[i] = i;
        }
        of->convert(GAMUT_RESIDUE_STEPS, x, 1, 1, bits, &moduli, order, GAMUT_RESIDUE_STEPS);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < GAMUT_RESIDUE_STEPS; i++) {
                x[i] = nearbyint(ldexp(uniform(), bits));
            }
            of->convert(GAMUT_RESIDUE_STEPS, x, 1, 1, bits, &moduli, to, GAMUT_RESIDUE_STEPS);
            int wrong = 0;
            for (int q = 0; q < GAMUT_MODULI; q++) {
                for (int i = 0; i < GAMUT_RESIDUE_STEPS; i++) {
                    int32_t p = (int32_t)moduli.of[q].p;
                    __int128 whole = (__int128)x[order[GAMUT_RESIDUE_STEPS + i]];
                    wrong += to[q * GAMUT_RESIDUE_STEPS + i] != left_of((int64_t)(whole % p), p);
                }
            }
            expect(wrong == 0, id, &none, "residues of integers of bits", (uint64_t)bits);
        }
    }
    for (int32_t q = 0; q < GAMUT_MODULI; q++) {
        int32_t p = (int32_t)moduli.of[q].p, extreme[2] = {INT32_MIN, INT32_MIN}, wrong = 0;
        for (int b = 0; b < 32; b += 8) {
            extreme[(int8_t)(moduli.of[q].low >> b) < 0] ^= (int32_t)(UINT32_C(255) << b);
        }
        for (int adds = 0; adds < 2; adds++) {
            for (int32_t old = INT8_MIN; old <= INT8_MAX; old++) {
                int32_t sums[GAMUT_RESIDUE_STEPS];
                int8_t to[GAMUT_RESIDUE_STEPS];
                for (int i = 0; i < GAMUT_RESIDUE_STEPS; i++) {
                    sums[i] = i < 2 ? extreme[i] : (int32_t)(uint32_t)draw();
                    to[i] = (int8_t)old;
                }
                of->reduce(GAMUT_RESIDUE_STEPS, sums, &moduli.of[q], adds, to);
                for (int i = 0; i < GAMUT_RESIDUE_STEPS; i++) {
                    wrong += to[i] != left_of((int64_t)sums[i] + adds * old, p);
                }
            }
        }
        expect(wrong == 0, id, &none, "residues of sums, modulus", (uint64_t)p);
    }
}

/* Integers from every residue of theirs, and the largest ones that residues hold. */
static void remainders(int32_t kernel) {
    const gamut_residue_kernel *of = gamut_residue_kernels[kernel];
    const problem none = {0};
    for (int32_t count = 2; count <= 6; count++) {
        gamut_moduli moduli;
        gamut_moduli_first(count, INFINITY, &moduli);
        double expected[GAMUT_RESIDUE_STEPS], x[GAMUT_RESIDUE_STEPS];
        int32_t sums[GAMUT_RESIDUE_STEPS];
        int8_t residues[6 * GAMUT_RESIDUE_STEPS];
        for (int i = 0; i < GAMUT_RESIDUE_STEPS; i++) {
            expected[i] = nearbyint(uniform() * moduli.high / 2 * 0.999);
        }
        for (int32_t q = 0; q < count; q++) {
            for (int i = 0; i < GAMUT_RESIDUE_STEPS; i++) {
                int64_t p = (int64_t)moduli.of[q].p;
                sums[i] = (int32_t)((int64_t)expected[i] % p + p * (int64_t)(uniform() * 8e6));
            }
            of->reduce(GAMUT_RESIDUE_STEPS, sums, &moduli.of[q], 0, residues + q * GAMUT_RESIDUE_STEPS);
        }
        of->rebuild(GAMUT_RESIDUE_STEPS, residues, GAMUT_RESIDUE_STEPS, &moduli, 1, x);
        expect(memcmp(x, expected, sizeof x) == 0, gamut_kernel_at(kernel)->id, &none, "integers by moduli", (uint64_t)count);
    }
}

/* 2^n times an integer that F64 holds. */
static double part_of(unsigned __int128 total, int first, int n) {
    return ldexp((double)(int64_t)(total >> first & ((UINT64_C(1) << 40) - 1)), n);
}

/* A number from the sum of all its residues times weights, in units of 2^-120: steps of dev.gamut.vector.emulated.Reconstruction. */
static double number_of(unsigned __int128 total, const gamut_moduli *moduli) {
    double h = part_of(total, 80, 0), l1 = part_of(total, 40, -40), l2 = part_of(total, 0, -80);
    h = h >= 0x1p39 ? h - 0x1p40 : h;
    double g = h + l1, rest = l1 - (g - h) + l2, high = moduli->high * 0x1p-40;
    return fma(g, high, fma(rest, high, g * (moduli->low * 0x1p-40)));
}

/* Any residues, by weights of either length, against integers of 128 bits. */
static void rebuilding(int32_t kernel) {
    const gamut_residue_kernel *of = gamut_residue_kernels[kernel];
    const problem none = {0};
    for (int32_t count = 1; count <= GAMUT_MODULI; count++) {
        for (int fine = 0; fine < 2; fine++) {
            gamut_moduli moduli;
            gamut_moduli_first(count, fine ? 0 : INFINITY, &moduli);
            int8_t residues[GAMUT_MODULI * 3 * GAMUT_RESIDUE_STEPS];
            double expected[2 * GAMUT_RESIDUE_STEPS], x[2 * GAMUT_RESIDUE_STEPS];
            for (int i = 0; i < 2 * GAMUT_RESIDUE_STEPS; i++) {
                unsigned __int128 total = 0;
                for (int32_t q = 0; q < count; q++) {
                    int32_t r = i == 0 ? 0 : i == 1 ? INT8_MIN : i == 2 ? INT8_MAX : (int8_t)draw();
                    residues[q * 3 * GAMUT_RESIDUE_STEPS + i] = (int8_t)r;
                    const double *w = moduli.weights[q];
                    unsigned __int128 weight = ((unsigned __int128)w[0] << 80) + ((unsigned __int128)w[1] << 40) + (unsigned __int128)w[2];
                    total += weight * (unsigned __int128)(__int128)r;
                }
                expected[i] = number_of(total, &moduli);
            }
            of->rebuild(2 * GAMUT_RESIDUE_STEPS, residues, 3 * GAMUT_RESIDUE_STEPS, &moduli, 0, x);
            expect(memcmp(x, expected, sizeof x) == 0, gamut_kernel_at(kernel)->id, &none, fine ? "three parts of moduli" : "two parts of moduli",
                   (uint64_t)count);
        }
    }
}

/* The largest quotient that is seen while estimates are multiplied, and by looking at all of them. */
static void judging(int32_t kernel, int64_t tall, int64_t wide, int64_t k, double spread) {
    const gamut_residue_kernel *of = gamut_residue_kernels[kernel];
    if (of->judge == NULL) {
        return;
    }
    const problem p = {.m = tall, .n = wide, .k = k};
    int64_t mr = gamut_rows_of(of->tile), nr = of->tile->nr, row_panels = (tall + mr - 1) / mr, col_panels = (wide + nr - 1) / nr;
    int64_t steps = (k + GAMUT_RESIDUE_STEPS - 1) / GAMUT_RESIDUE_STEPS * GAMUT_RESIDUE_STEPS;
    int8_t *a = room(tall * steps), *b = room(wide * steps);
    double *rho = room((row_panels + 1) * mr * 8), *gamma = room(col_panels * nr * 8), *w = room(tall * 8);
    for (int64_t i = 0; i < tall * steps; i++) {
        a[i] = (int8_t)(draw() % 128 * (i % steps < k));
    }
    for (int64_t i = 0; i < wide * steps; i++) {
        b[i] = (int8_t)(draw() % 128 * (i % steps < k));
    }
    for (int64_t i = 0; i < (row_panels + 1) * mr; i++) {
        rho[i] = i < tall && i != 7 ? 1 + spread * fabs(uniform()) : -INFINITY;
    }
    for (int64_t j = 0; j < col_panels * nr; j++) {
        gamma[j] = j < wide && j != 5 ? 1 + spread * fabs(uniform()) : -INFINITY;
    }
    double expected = 0;
    for (int64_t j = 0; j < wide; j++) {
        for (int64_t i = 0; i < tall; i++) {
            int64_t sum = 0;
            for (int64_t h = 0; h < k; h++) {
                sum += a[i * steps + h] * b[j * steps + h];
            }
            w[i] = (double)sum;
        }
        expected = of->need(tall, w, rho, gamma[j], expected);
    }
    int32_t *sums = room((row_panels + 1) * mr * col_panels * nr * 4);
    double found = 0;
    for (int64_t at = 0; at < k; at += of->kc) {
        int64_t some = steps - at < of->kc ? steps - at : of->kc, row_bytes = of->tile->rows_head + some * mr, col_bytes = of->tile->cols_head + some * nr;
        char *rows = room(row_panels * row_bytes), *cols = room(col_panels * col_bytes);
        of->tile->rows[0](a + at, steps, 1, tall, some, rows, row_bytes);
        of->tile->cols[1](b + at, steps, 1, wide, some, cols, col_bytes);
        gamut_panels panels = {.rows = rows, .cols = cols, .next = cols, .row_stride = row_bytes, .col_stride = col_bytes, .tall = row_panels,
                               .wide = col_panels, .steps = some};
        found = of->judge(&panels, at == 0, at + some == steps, rho, gamma, found, sums);
        free(rows), free(cols);
    }
    expect(found == expected && found > 0, gamut_kernel_at(kernel)->id, &p, "largest quotient, in 2^-60", (uint64_t)(found * 0x1p60));
    free(a), free(b), free(rho), free(gamma), free(w), free(sums);
}

int main(int argc, char **argv) {
    multiples();
    for (int32_t kernel = 0; kernel < gamut_kernel_count(); kernel++) {
        const gamut_kernel *entry = gamut_kernel_at(kernel);
        int asked = argc < 2 || strstr(entry->id, argv[1]) != NULL;
        if (!asked || gamut_residue_kernels[kernel] == NULL || (entry->features & ~gamut_cpu_features()) != 0) {
            continue;
        }
        residues(kernel);
        remainders(kernel);
        rebuilding(kernel);
        for (int i = 0; i < 20; i++) {
            judging(kernel, 1 + 13 * i, 1 + 7 * i, 1 + (int64_t)draw() % 1600, i % 2 == 0 ? 1 : 1e6);
        }
        for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
            /* Large ones by rows and by columns alone. */
            int variants = problems[i].m * problems[i].n < 100000 && problems[i].k < 10000 ? 4 : 2;
            for (int variant = 0; variant < variants; variant++) {
                try(kernel, &problems[i], variant);
            }
        }
    }
    return summary();
}
