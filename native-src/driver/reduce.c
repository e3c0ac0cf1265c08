/*
 * Reductions of neighbouring numbers, in parts that threads work on and in steps between which operands may move. A part is a power of two of
 * blocks, the last one what is left: so each is a complete subtree of the order tree64, and their number changes no bit.
 */
#include "reduce.h"
#include "counts.h"

#include <string.h>

/* Terms that take well below a millisecond from wherever they come: what a step takes at least. */
#define STEP (1 << 17)

/* Blocks are counted in 51 bits, and each bit that is set holds one partial result. */
#define LEVELS 52

typedef struct tree {
    int64_t count;
    int64_t depth;
    double partial[LEVELS];
} tree;

/* A part: the terms that are left of it, and what the others gave. Parts share no cache line. */
typedef struct part {
    _Alignas(64) int64_t at;
    int64_t end;
    tree blocks;
} part;

typedef struct state {
    /* gamut.h says that it comes first. */
    double result;
    const gamut_reduce_kernel *kernel;
    int64_t n, parts;
    /* Bytes from the addresses to the first terms. */
    int64_t x_first, y_first;
    /* Which pass this is; what a 2-norm's scaled terms are multiplied by, 2^-exponent. */
    int64_t pass, exponent;
    double scale;
    part part[];
} state;

/* Joins complete subtrees of equal size, as carries run through a binary counter. */
static void add(tree *t, gamut_reduce_join *join, double value) {
    t->count++;
    for (int64_t carry = t->count; carry % 2 == 0; carry /= 2) {
        value = join(t->partial[--t->depth], value);
    }
    t->partial[t->depth++] = value;
}

/* 0 for nothing. */
static double value_of(tree *t, gamut_reduce_join *join) {
    double value = t->depth == 0 ? 0 : t->partial[--t->depth];
    while (t->depth > 0) {
        value = join(t->partial[--t->depth], value);
    }
    return value;
}

static int32_t check(const gamut_reduce *g, int32_t parts) {
    if (g->size != (int64_t)sizeof *g) {
        return GAMUT_WRONG_SIZE;
    }
    if (g->kernel < 0 || g->kernel >= gamut_kernel_count() || gamut_reduce_kernels[g->kernel] == NULL) {
        return GAMUT_NO_KERNEL;
    }
    if ((gamut_kernel_at((int32_t)g->kernel)->features & ~gamut_cpu_features()) != 0) {
        return GAMUT_NO_FEATURE;
    }
    return g->n < 0 || parts < 1 ? GAMUT_OUT_OF_RANGE : GAMUT_OK;
}

int64_t gamut_reduce_workspace(const gamut_reduce *g, int32_t parts) {
    int32_t status = check(g, parts);
    return status != GAMUT_OK ? -status : (int64_t)(sizeof(state) + (size_t)parts * sizeof(part));
}

/* Deals the terms out for a pass. */
static void start(state *s, int64_t pass) {
    int64_t block = s->kernel->pass[pass].block;
    int64_t blocks = (s->n + block - 1) / block;
    int64_t share = 1;
    while (share * s->parts < blocks) {
        share *= 2;
    }
    s->pass = pass;
    for (int64_t p = 0; p < s->parts; p++) {
        s->part[p].at = least(blocks, p * share) * block;
        s->part[p].end = least(s->n, least(blocks, (p + 1) * share) * block);
        s->part[p].blocks.count = 0;
        s->part[p].blocks.depth = 0;
    }
}

int32_t gamut_reduce_begin(const gamut_reduce *g, int64_t x_first, int64_t y_first, int32_t parts, void *workspace) {
    int32_t status = check(g, parts);
    if (status != GAMUT_OK) {
        return status;
    }
    state *s = workspace;
    s->kernel = gamut_reduce_kernels[g->kernel];
    s->n = g->n;
    s->parts = parts;
    s->x_first = x_first * s->kernel->bytes;
    s->y_first = y_first * s->kernel->bytes;
    s->scale = 1;
    start(s, 0);
    return GAMUT_OK;
}

int32_t gamut_reduce_step(const void *x, const void *y, int32_t number, void *workspace) {
    state *s = workspace;
    if (number < 0 || number >= s->parts) {
        return GAMUT_OUT_OF_RANGE;
    }
    part *p = &s->part[number];
    const gamut_reduce_pass *pass = &s->kernel->pass[s->pass];
    const char *xs = (const char *)x + s->x_first;
    const char *ys = s->kernel->operands == 1 ? xs : (const char *)y + s->y_first;
    int64_t bytes = s->kernel->bytes;
    for (int64_t left = STEP; left > 0 && p->at < p->end;) {
        int64_t terms = least(pass->block, p->end - p->at);
        add(&p->blocks, pass->join, pass->reduce(terms, xs + p->at * bytes, ys + p->at * bytes, s->scale));
        p->at += terms;
        left -= terms;
    }
    return p->at < p->end ? GAMUT_MORE : GAMUT_OK;
}

static double rounded(const state *s, double value) {
    return s->kernel->type == GAMUT_F32 ? (float)value : value;
}

/*
 * From what a pass of a 2-norm gave, its result or the next pass (dev.gamut.internal.reference.RealReduction). The sum of plain squares is
 * taken where it has not overflowed and what was lost by underflow, a smallest subnormal a term, is below a rounding of it.
 */
static int32_t norm(state *s, double value) {
    int single = s->kernel->type == GAMUT_F32;
    switch (s->pass) {
    case 0:
        if (value >= (single ? 0x1p-75 : 0x1p-971) && value < INFINITY) {
            s->result = rounded(s, sqrt(value));
            return GAMUT_OK;
        }
        start(s, 1);
        return GAMUT_MORE;
    case 1:
        if (value == 0 || !isfinite(value)) {
            s->result = value;
            return GAMUT_OK;
        }
        s->exponent = ilogb(fmax(value, single ? 0x1p-126 : 0x1p-1022));
        s->scale = scalbn(1, (int)-s->exponent);
        start(s, 2);
        return GAMUT_MORE;
    default:
        s->result = rounded(s, scalbn(rounded(s, sqrt(value)), (int)s->exponent));
        return GAMUT_OK;
    }
}

int32_t gamut_reduce_finish(void *workspace) {
    state *s = workspace;
    gamut_reduce_join *join = s->kernel->pass[s->pass].join;
    tree whole = {.count = 0, .depth = 0};
    for (int64_t p = 0; p < s->parts && s->part[p].blocks.count > 0; p++) {
        add(&whole, join, value_of(&s->part[p].blocks, join));
    }
    double value = value_of(&whole, join);
    if (s->kernel->is_norm) {
        return norm(s, value);
    }
    s->result = value;
    return GAMUT_OK;
}
