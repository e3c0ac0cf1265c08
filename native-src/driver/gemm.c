/*
 * The loops around a register tile (K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34
 * (2008), section 4; F. Van Zee and R. van de Geijn, "BLIS", ACM TOMS 41 (2015), section 4): blocks of nc columns of B in L3, of mc rows
 * of A in L2, a panel of B in L1, a tile of C in registers.
 *
 * Each part computes a rectangle of C by itself and waits for no other: what two rectangles share of A and B both of them pack. C has
 * contiguous columns here; where it is the rows that are contiguous, C' = B' A' is computed.
 *
 * Alpha and beta belong to the whole sum over k, each of them rounded once. So where they are not 1 and 0 and there is more than one block
 * of k, sums are collected apart, for as much of C as keeps them in cache.
 *
 * A C of another type than sums takes them when they are complete, too, see result.h.
 *
 * The loops are turned inside out: a part keeps in its workspace where it stands, and a step goes on from there for a bounded time.
 */
#include "result.h"
#include "counts.h"

#include <stddef.h>
#include <string.h>

/* The part of C whose sums are collected apart: 4 MiB of F64. */
#define APART_ROWS 480
#define APART_COLS 1024

/*
 * Bytes of columns that are kept laid out, all of k, for all rows whose sums are collected apart; where fewer columns fit than that, rows are laid
 * out so much oftener that it does not pay.
 */
#define KEPT (1 << 25)
#define KEPT_COLS 512

/* Bytes of a block of columns that no L2 has room for beside one of rows. */
#define FAR (1 << 20)

/* Multiply-adds that take as long as packing a byte, and as finishing an element of C: a step is bounded in them. */
#define BYTE 32
#define ELEMENT 256

/* Panels that are laid out beforehand in one go: whole cache lines of b, whichever way it lies. */
#define PIECE 4

/* Bytes that are read in well below a millisecond, and multiply-adds that take as long as reading one. */
#define READING (1 << 24)
#define READ 8

#define LINE 64

/* An operand as seen from a part: where its first element lies, in bytes from the address of the whole, and strides in elements. */
typedef struct operand {
    int64_t first, row, col;
} operand;

typedef enum phase { PACK_B, PACK_A, MULTIPLY, FOLD, FINISH, MEET, SCALE, DONE } phase;

/* A part of a problem whose C has contiguous columns, and how far it is. */
typedef struct task {
    /* Row and column of C where a result was refused: gamut.h says that they come first. */
    int64_t refused_row, refused_col;
    const gamut_tile *tile;
    /* Where C is of another type than sums. */
    const gamut_result *result;
    /* First row and column of this part, and its sizes. */
    int64_t row, col, m, n, k;
    operand a, b, c;
    /* Whether a and b of the caller have changed places. */
    int32_t swapped;
    /* Panels of rows that were laid out beforehand, those of all parts; 0 where there are none. */
    int64_t given;
    /* Whether sums are collected apart, and added to totals of 64 bits before 32 do not hold them. */
    int32_t apart, wide;
    /* From a block of k to the next one of columns that are kept; 0 where they are laid out again for other rows. */
    int64_t kept;
    int32_t refused;
    double alpha, beta;
    /* Steps of a block of k, rows of a block of A and columns of one of B: no more than this part has. */
    int64_t block_k, mc, nc;
    /* Lines that are taken as they lie at a time; 0 where that would take too long. */
    int64_t high;
    /* Whether columns are fetched from beyond L2 before they are met. */
    int32_t far;
    /* Where blocks, a tile, sums and their totals are kept, in bytes from the workspace. */
    int64_t a_block, b_block, strip, factors, sums, totals;
    /* Of a C that is requantised: for each of its rows or columns a factor or for none, so many factors, and the code of 0. */
    int64_t factors_by_row, factors_by_col, factors_count;
    float zero;

    phase phase;
    /* First column, step of k and row of the blocks in work, and the panel or column of the phase. */
    int64_t j, p, i, at;
} task;

/* Of numbers of parts along m and n whose product is the given one, those that leave the least to the busiest part; rather along n. */
static void grid(int64_t rows, int64_t cols, int64_t parts, int64_t *along_m, int64_t *along_n) {
    int64_t best = INT64_MAX;
    for (int64_t pn = parts; pn > 0; pn--) {
        if (parts % pn == 0) {
            int64_t pm = parts / pn;
            int64_t busiest = units(rows, pm) * units(cols, pn);
            if (busiest < best) {
                best = busiest;
                *along_m = pm;
                *along_n = pn;
            }
        }
    }
}

/* Cuts a part out of n elements, whole tiles but at the end. */
static void cut(int64_t n, int64_t unit, int64_t part, int64_t parts, int64_t *first, int64_t *count) {
    int64_t tiles = units(n, unit);
    int64_t from = least(n, tiles * part / parts * unit);
    int64_t to = least(n, tiles * (part + 1) / parts * unit);
    *first = from;
    *count = to - from;
}

/* Bytes of a panel of so many steps. */
static int64_t panel_of_rows(const gamut_tile *tile, int64_t steps) {
    return tile->rows_head + whole(steps, tile->group) * gamut_rows_of(tile) * tile->panel_bytes;
}

static int64_t panel_of_cols(const gamut_tile *tile, int64_t steps) {
    return tile->cols_head + whole(steps, tile->group) * tile->nr * tile->panel_bytes;
}

static int32_t check(const gamut_gemm *g) {
    if (g->size != (int64_t)sizeof *g) {
        return GAMUT_WRONG_SIZE;
    }
    if (g->kernel < 0 || g->kernel >= gamut_kernel_count() || gamut_tiles[g->kernel] == NULL) {
        return GAMUT_NO_KERNEL;
    }
    if ((gamut_kernel_at((int32_t)g->kernel)->features & ~gamut_cpu_features()) != 0) {
        return GAMUT_NO_FEATURE;
    }
    return g->m < 0 || g->n < 0 || g->k < 0 || g->mc < 0 || g->nc < 0 ? GAMUT_OUT_OF_RANGE : GAMUT_OK;
}

/* Bytes of an element of C. */
static int64_t c_bytes(const task *x) {
    return x->result == NULL ? x->tile->sum_bytes : x->result->c_bytes;
}

static int requantises(const task *x) {
    return x->result != NULL && x->result->requantise != NULL;
}

/* Panels of rows that a packed b has for each block of k. */
static int64_t panels_of(const gamut_gemm *g) {
    return units(g->n, gamut_rows_of(gamut_tiles[g->kernel]));
}

/* Bytes of so many columns, whole panels, with all of k. */
static int64_t columns_of(const task *x, int64_t count) {
    return units(x->k, x->block_k) * (count / x->tile->nr) * panel_of_cols(x->tile, x->block_k);
}

/* What takes lines as they lie: for few columns packing them would take as long as multiplying. Null where nothing does. */
static gamut_meet *meets(const task *x) {
    gamut_meet *by = x->a.col == 1 ? x->tile->meet[x->swapped] : x->a.row == 1 ? x->tile->cross[x->swapped] : NULL;
    return x->given == 0 && x->n <= x->tile->few && x->b.row == 1 && !x->wide && x->high > 0 ? by : NULL;
}

/* Opens a part of a problem whose matrices begin so many elements behind their addresses. */
static int32_t open(const gamut_gemm *g, const int64_t first[3], int64_t part, int64_t parts, task *x) {
    int32_t status = check(g);
    if (status != GAMUT_OK || part < 0 || part >= parts) {
        return status != GAMUT_OK ? status : GAMUT_OUT_OF_RANGE;
    }
    const gamut_tile *tile = gamut_tiles[g->kernel];
    /* A b that was laid out beforehand was so for contiguous rows of C; any other C takes sums that lie apart. */
    int swapped = g->b_packed || (g->c_row != 1 && g->c_col == 1);
    *x = (task){
        .tile = tile,
        .result = gamut_results[g->kernel],
        .swapped = swapped,
        .m = swapped ? g->n : g->m,
        .n = swapped ? g->m : g->n,
        .k = g->alpha == 0 ? 0 : g->k,
        .a = {first[swapped], swapped ? g->b_col : g->a_row, swapped ? g->b_row : g->a_col},
        .b = {first[!swapped], swapped ? g->a_col : g->b_row, swapped ? g->a_row : g->b_col},
        .c = {first[2], swapped ? g->c_col : g->c_row, swapped ? g->c_row : g->c_col},
        .given = g->b_packed ? panels_of(g) : 0,
        .alpha = g->alpha,
        .beta = g->beta,
    };
    if (g->b_packed) {
        x->a = (operand){0};
    }
    int64_t mr = gamut_rows_of(tile);
    int64_t nr = tile->nr;
    int64_t pm = 1, pn = 1;
    grid(units(x->m, mr), units(x->n, nr), parts, &pm, &pn);
    cut(x->m, mr, part % pm, pm, &x->row, &x->m);
    cut(x->n, nr, part / pm, pn, &x->col, &x->n);
    x->a.first = (x->a.first + x->row * x->a.row) * tile->bytes[swapped];
    x->b.first = (x->b.first + x->col * x->b.col) * tile->bytes[!swapped];
    x->c.first = (x->c.first + x->row * x->c.row + x->col * x->c.col) * c_bytes(x);

    x->apart = x->k > tile->kc && (x->alpha != 1 || x->beta != 0 || x->c.row != 1 || x->result != NULL);
    x->wide = x->result != NULL && x->result->span > 0 && x->k > x->result->span;
    x->block_k = least(x->k, tile->block_k);
    x->mc = least(x->m, g->mc > 0 ? g->mc : tile->mc);
    x->nc = least(x->n, g->nc > 0 ? g->nc : tile->nc);
    x->mc = whole(x->apart ? least(x->mc, APART_ROWS) : x->mc, mr);
    x->nc = whole(x->apart ? least(x->nc, APART_COLS) : x->nc, nr);
    int64_t keepable = x->apart && x->m > x->mc ? least(x->nc, KEPT / columns_of(x, nr) * nr) : 0;
    if (keepable >= least(x->nc, KEPT_COLS)) {
        x->nc = keepable;
        x->kept = keepable / nr * panel_of_cols(tile, x->block_k);
    }

    x->far = x->nc / nr * panel_of_cols(tile, x->block_k) > FAR;

    x->a_block = whole(sizeof *x, LINE);
    x->b_block = x->a_block + whole(x->mc / mr * panel_of_rows(tile, x->block_k), LINE);
    x->strip = x->b_block + whole(x->kept > 0 ? columns_of(x, x->nc) : x->nc / nr * panel_of_cols(tile, x->block_k), LINE);
    x->high = least(tile->high, READING / most(1, x->k * tile->bytes[swapped])) / mr * mr;
    x->factors = x->strip + whole(most(mr * nr, meets(x) == NULL ? 0 : x->high * x->n) * tile->sum_bytes, LINE);
    x->factors_by_row = g->column_factors && swapped;
    x->factors_by_col = g->column_factors && !swapped;
    x->factors_count = !requantises(x) ? 0 : x->factors_by_row ? x->m : x->factors_by_col ? x->n : 1;
    x->zero = (float)g->zero_point;
    x->sums = x->factors + whole(x->factors_count * (int64_t)sizeof(float), LINE);
    x->totals = x->sums + (x->apart ? whole(x->mc * x->nc * tile->sum_bytes, LINE) : 0);
    x->phase = x->m == 0 || x->n == 0 ? DONE : x->k == 0 ? SCALE : meets(x) != NULL ? MEET : PACK_B;
    return GAMUT_OK;
}

/* Sizes of the blocks in work. */
static int64_t cols(const task *x) {
    return least(x->nc, x->n - x->j);
}

static int64_t steps(const task *x) {
    return least(x->block_k, x->k - x->p);
}

static int64_t rows(const task *x) {
    return least(x->mc, x->m - x->i);
}

/* Goes on to a phase. */
static void enter(task *x, phase next) {
    x->phase = next;
    x->at = 0;
}

/*
 * How far a phase may go from where it is: by whole panels, at least one, each at a cost, until what is left of the step is spent. Where it
 * ends, in lines.
 */
static int64_t advance(const task *x, int64_t lines, int64_t panel, int64_t cost, int64_t *left) {
    int64_t panels = least(units(lines - x->at, panel), most(1, *left / most(1, cost)));
    *left -= panels * cost;
    return least(lines, x->at + panels * panel);
}

/* The block of columns in work. */
static char *block_of_cols(const task *x, char *workspace) {
    return workspace + x->b_block + x->p / x->block_k * x->kept;
}

static void pack_b(task *x, const char *b, char *workspace, int64_t *left) {
    if (x->kept > 0 && x->i > 0) {
        enter(x, PACK_A);
        return;
    }
    const gamut_tile *tile = x->tile;
    int64_t nr = tile->nr;
    int64_t depth = steps(x);
    int64_t bytes = tile->bytes[!x->swapped];
    int64_t panel = panel_of_cols(tile, depth);
    int64_t end = advance(x, cols(x), nr, panel * BYTE, left);
    b += x->b.first + (x->p * x->b.row + x->j * x->b.col) * bytes;
    tile->cols[!x->swapped](b + x->at * x->b.col * bytes, x->b.col, x->b.row, end - x->at, depth,
                            block_of_cols(x, workspace) + x->at / nr * panel, panel);
    x->at = end;
    if (end == cols(x)) {
        enter(x, PACK_A);
    }
}

static void pack_a(task *x, const char *a, char *workspace, int64_t *left) {
    if (x->given > 0) {
        enter(x, MULTIPLY);
        return;
    }
    const gamut_tile *tile = x->tile;
    int64_t mr = gamut_rows_of(tile);
    int64_t depth = steps(x);
    int64_t bytes = tile->bytes[x->swapped];
    int64_t panel = panel_of_rows(tile, depth);
    int64_t end = advance(x, rows(x), mr, panel * BYTE, left);
    a += x->a.first + (x->i * x->a.row + x->p * x->a.col) * bytes;
    tile->rows[x->swapped](a + x->at * x->a.row * bytes, x->a.row, x->a.col, end - x->at, depth,
                           workspace + x->a_block + x->at / mr * panel, panel);
    x->at = end;
    if (end == rows(x)) {
        enter(x, MULTIPLY);
    }
}

/* C = beta C + alpha sums for some rows and columns from a place in this part on. Returns whether C can hold that. */
static int complete(task *x, int64_t row, int64_t col, int64_t rows, int64_t cols, const void *sums, int64_t lds, double alpha,
                    double beta, char *c) {
    char *to = c + x->c.first + (row * x->c.row + col * x->c.col) * c_bytes(x);
    /* A task begins its workspace. */
    const float *factors = (const float *)((const char *)x + x->factors) + row * x->factors_by_row + col * x->factors_by_col;
    gamut_requantise by = {factors, x->factors_by_row, x->factors_by_col, x->zero};
    int64_t at = x->result == NULL
                     ? x->tile->finish(rows, cols, sums, lds, alpha, beta, to, x->c.row, x->c.col)
                     : x->result->finish(x->result, x->tile, x->wide, rows, cols, sums, lds, alpha, beta, to, x->c.row, x->c.col, &by);
    if (at < 0) {
        return 1;
    }
    row += x->row + at % rows;
    col += x->col + at / rows;
    x->refused = 1;
    x->refused_row = x->swapped ? col : row;
    x->refused_col = x->swapped ? row : col;
    enter(x, DONE);
    return 0;
}

/* What stores a tile of so many rows and columns that count. */
static gamut_multiply_tile *store_of(const gamut_tile *tile, int swapped, int64_t tall, int64_t wide) {
    int size = wide == 1 ? 0 : wide == 2 ? 1 : 2;
    if (wide <= 4 && tile->narrow[size] != NULL) {
        return tile->narrow[size];
    }
    int64_t vectors = tile->vectors == 0 ? 0 : units(tall * tile->vectors, gamut_rows_of(tile));
    return vectors < tile->vectors && vectors <= 2 ? tile->low[vectors - 1] : tile->store[swapped];
}

/*
 * Asks for a tile of C before it is multiplied: its columns are too far apart for the CPU to see them coming. Inlined, or GCC takes a function that
 * only fetches for one without effect.
 */
static inline __attribute__((always_inline)) void fetch(const task *x, int64_t row, int64_t col, int64_t rows, int64_t cols, const char *c) {
    int64_t bytes = c_bytes(x), last = rows * bytes - 1;
    if (x->c.row != 1) {
        return;
    }
    c += x->c.first + (row + col * x->c.col) * bytes;
    for (int64_t j = 0; j < cols; j++) {
        for (int64_t at = 0; at < last + LINE; at += LINE) {
            __builtin_prefetch(c + j * x->c.col * bytes + least(at, last), 1);
        }
    }
}

/*
 * Asks for a part of the columns that come next while others meet a tile of rows: all of them then lie in L1 when their turn comes. AMD EPYC of
 * family 25, n = 1024 to 2048, in turn: F64 1.03 to 1.05 times as fast called from C and 1.02 to 1.03 from Java, F32 0.99 to 1.03; into L2, or with no
 * place to stay, the same. Columns that come from L2 all the same lose up to four hundredths by it.
 */
static inline __attribute__((always_inline)) void fetch_part(const char *from, int64_t bytes) {
    for (int64_t at = 0; at < bytes; at += LINE) {
        __builtin_prefetch(from + at, 0, 3);
    }
}

/*
 * Some panels of B with all of the block of A; returns whether the block is done. The first block of k stores its sums, the others add
 * theirs.
 */
static int multiply_panels(task *x, const char *a, char *c, char *workspace, int64_t *left) {
    const gamut_tile *tile = x->tile;
    int64_t mr = gamut_rows_of(tile);
    int64_t nr = tile->nr;
    int64_t tall = rows(x);
    int64_t depth = steps(x);
    int64_t a_panel = panel_of_rows(tile, depth);
    int64_t b_panel = panel_of_cols(tile, depth);
    const char *a_block = x->given == 0 ? workspace + x->a_block
                                        : a + x->p / tile->block_k * x->given * panel_of_rows(tile, tile->block_k) + (x->row + x->i) / mr * a_panel;
    char *strip = workspace + x->strip;
    /* Sums that were collected apart are complete with the last block of k. */
    int completes = x->apart && !x->wide && x->p + depth == x->k;
    int64_t end = advance(x, cols(x), nr, nr * whole(tall, mr) * (depth + (completes ? ELEMENT : 0)), left);
    for (; x->at < end; x->at += nr) {
        const char *b_panels = block_of_cols(x, workspace) + x->at / nr * b_panel;
        int64_t col = x->j + x->at, wide = least(nr, cols(x) - x->at);
        /* Some steps with all rows, then the next ones: so these of B are in L1, and sums not farther than L2. */
        for (int64_t q = 0; q < depth; q += tile->kc) {
            int first = x->p + q == 0 || (x->wide && (x->p + q) % x->result->span == 0);
            int plain = x->result == NULL && x->alpha == 1 && (!first || x->beta == 0) && x->c.row == 1;
            gamut_multiply_tile *sum = first ? tile->store[x->swapped] : tile->add[x->swapped];
            int64_t some = least(tile->kc, depth - q);
            int last = completes && q + some == depth;
            const char *b = b_panels + q * nr * tile->panel_bytes;
            int64_t b_bytes = panel_of_cols(tile, some);
            int64_t part = x->far ? whole(units(b_bytes * mr, tall), LINE) : 0;
            const char *next = b + b_bytes;
            for (int64_t i = 0; i < tall; i += mr, next += part) {
                fetch_part(next, part);
                const char *panel = a_block + i / mr * a_panel + q * mr * tile->panel_bytes;
                int64_t row = x->i + i, high = least(mr, tall - i);
                if (x->apart ? last && x->beta != 0 : !first || x->beta != 0) {
                    fetch(x, row, col, high, wide, c);
                }
                if (x->apart) {
                    char *sums = workspace + x->sums + (x->at * x->mc + i) * tile->sum_bytes;
                    sum(some, panel, b, sums, x->mc);
                    if (last && !complete(x, row, col, high, wide, sums, x->mc, x->alpha, x->beta, c)) {
                        return 0;
                    }
                } else if (plain && high == mr && wide == nr) {
                    sum(some, panel, b, c + x->c.first + (row + col * x->c.col) * tile->sum_bytes, x->c.col);
                } else {
                    store_of(tile, x->swapped, high, wide)(some, panel, b, strip, mr);
                    if (!complete(x, row, col, high, wide, strip, mr, x->alpha, first ? x->beta : 1, c)) {
                        return 0;
                    }
                }
            }
        }
    }
    return end == cols(x);
}

/* The next block whose sums are collected apart. */
static void next_apart(task *x) {
    x->p = 0;
    x->i += x->mc;
    if (x->i >= x->m) {
        x->i = 0;
        x->j += x->nc;
    }
    enter(x, x->j < x->n ? PACK_B : DONE);
}

static void multiply(task *x, const char *a, char *c, char *workspace, int64_t *left) {
    const gamut_tile *tile = x->tile;
    if (tile->enter != NULL) {
        tile->enter();
    }
    int done = multiply_panels(x, a, c, workspace, left);
    if (tile->leave != NULL) {
        tile->leave();
    }
    if (!done) {
        return;
    }
    /* The next block: where sums are apart, those of all k follow one another; otherwise a block of B meets all of A. */
    if (x->apart) {
        x->p += x->block_k;
        int full = x->wide && (x->p >= x->k || x->p % x->result->span == 0);
        if (full || x->p < x->k) {
            enter(x, full ? FOLD : PACK_B);
        } else {
            next_apart(x);
        }
        return;
    }
    x->i += x->mc;
    if (x->i < x->m) {
        enter(x, PACK_A);
        return;
    }
    x->i = 0;
    x->p += x->block_k;
    if (x->p >= x->k) {
        x->p = 0;
        x->j += x->nc;
    }
    enter(x, x->j < x->n ? PACK_B : DONE);
}

/* Some columns of sums are added to the totals. */
static void fold(task *x, char *workspace, int64_t *left) {
    int64_t end = advance(x, cols(x), 1, rows(x) * ELEMENT, left);
    int64_t at = x->at * x->mc;
    gamut_fold(rows(x), end - x->at, (const int32_t *)(workspace + x->sums) + at, (int64_t *)(workspace + x->totals) + at, x->mc,
               x->p <= x->result->span);
    x->at = end;
    if (end == cols(x)) {
        enter(x, x->p < x->k ? PACK_B : FINISH);
    }
}

/* Some columns of totals. */
static void finish(task *x, char *c, const char *workspace, int64_t *left) {
    int64_t end = advance(x, cols(x), 1, rows(x) * ELEMENT, left);
    const char *sums = workspace + x->totals + x->at * x->mc * (int64_t)sizeof(int64_t);
    if (!complete(x, x->i, x->j + x->at, rows(x), end - x->at, sums, x->mc, x->alpha, x->beta, c)) {
        return;
    }
    x->at = end;
    if (end == cols(x)) {
        next_apart(x);
    }
}

/* Some lines with all columns, as they lie. */
static void meet(task *x, const char *a, const char *b, char *c, char *workspace, int64_t *left) {
    int64_t bytes = x->tile->bytes[x->swapped], high = x->high;
    int64_t end = advance(x, x->m, high, high * x->k * most(x->n, READ * bytes), left);
    for (; x->at < end; x->at += high) {
        int64_t tall = least(high, x->m - x->at);
        meets(x)(a + x->a.first + x->at * x->a.row * bytes, x->a.col == 1 ? x->a.row : x->a.col, tall, b + x->b.first, x->b.col, x->n, x->k,
                 workspace + x->strip, high);
        if (!complete(x, x->at, 0, tall, x->n, workspace + x->strip, high, x->alpha, x->beta, c)) {
            return;
        }
    }
    if (end == x->m) {
        enter(x, DONE);
    }
}

/* Some columns of C = beta C. */
static void scale(task *x, char *c, int64_t *left) {
    int64_t end = advance(x, x->n, 1, x->m * ELEMENT, left);
    if (complete(x, 0, x->at, x->m, end - x->at, NULL, 0, 0, x->beta, c)) {
        x->at = end;
        if (end == x->n) {
            enter(x, DONE);
        }
    }
}

int64_t gamut_gemm_packed_bytes(const gamut_gemm *g) {
    int32_t status = check(g);
    if (status != GAMUT_OK) {
        return -status;
    }
    const gamut_tile *tile = gamut_tiles[g->kernel];
    int64_t depth = tile->block_k;
    return panels_of(g) * (g->k / depth * panel_of_rows(tile, depth) + panel_of_rows(tile, g->k % depth));
}

int64_t gamut_gemm_packed_pieces(const gamut_gemm *g) {
    int32_t status = check(g);
    return status != GAMUT_OK ? -status : units(g->k, gamut_tiles[g->kernel]->block_k) * units(panels_of(g), PIECE);
}

int32_t gamut_gemm_pack(const gamut_gemm *g, const void *b, int64_t b_first, int64_t piece, void *packed) {
    int64_t pieces = gamut_gemm_packed_pieces(g);
    if (pieces < 0 || piece < 0 || piece >= pieces) {
        return pieces < 0 ? (int32_t)-pieces : GAMUT_OUT_OF_RANGE;
    }
    const gamut_tile *tile = gamut_tiles[g->kernel];
    int64_t of_block = units(panels_of(g), PIECE);
    int64_t p = piece / of_block * tile->block_k, first = piece % of_block * PIECE;
    int64_t line = first * gamut_rows_of(tile), depth = least(tile->block_k, g->k - p);
    int64_t panel = panel_of_rows(tile, depth);
    const char *from = (const char *)b + (b_first + line * g->b_col + p * g->b_row) * tile->bytes[1];
    tile->rows[1](from, g->b_col, g->b_row, least(PIECE * gamut_rows_of(tile), g->n - line), depth,
                  (char *)packed + p / tile->block_k * panels_of(g) * panel_of_rows(tile, tile->block_k) + first * panel, panel);
    return GAMUT_OK;
}

int64_t gamut_gemm_workspace(const gamut_gemm *gemm, int32_t parts) {
    static const int64_t anywhere[3];
    int64_t bytes = parts > 0 ? 0 : -GAMUT_OUT_OF_RANGE;
    for (int32_t part = 0; part < parts; part++) {
        task x;
        int32_t status = open(gemm, anywhere, part, parts, &x);
        if (status != GAMUT_OK) {
            return -status;
        }
        bytes = most(bytes, x.totals + (x.wide ? x.mc * x.nc * (int64_t)sizeof(int64_t) : 0));
    }
    return bytes;
}

int32_t gamut_gemm_begin(const gamut_gemm *gemm, int64_t a_first, int64_t b_first, int64_t c_first, int32_t part, int32_t parts,
                         void *workspace) {
    const int64_t first[] = {a_first, b_first, c_first};
    task x;
    int32_t status = open(gemm, first, part, parts, &x);
    if (status == GAMUT_OK) {
        *(task *)workspace = x;
    }
    return status;
}

int32_t gamut_gemm_factors(const void *factors, int64_t first, void *workspace) {
    task *x = workspace;
    if (!requantises(x)) {
        return GAMUT_NO_KERNEL;
    }
    first += x->factors_by_row ? x->row : x->factors_by_col ? x->col : 0;
    memcpy((char *)x + x->factors, (const char *)factors + first * (int64_t)sizeof(float), (size_t)x->factors_count * sizeof(float));
    return GAMUT_OK;
}

int32_t gamut_gemm_step(const void *a, const void *b, void *c, void *workspace) {
    task *x = workspace;
    for (int64_t left = x->tile->step; left > 0 && x->phase != DONE;) {
        switch (x->phase) {
        case PACK_B:
            pack_b(x, x->swapped ? a : b, workspace, &left);
            break;
        case PACK_A:
            pack_a(x, x->swapped ? b : a, workspace, &left);
            break;
        case MULTIPLY:
            multiply(x, x->swapped ? b : a, c, workspace, &left);
            break;
        case FOLD:
            fold(x, workspace, &left);
            break;
        case FINISH:
            finish(x, c, workspace, &left);
            break;
        case MEET:
            meet(x, x->swapped ? b : a, x->swapped ? a : b, c, workspace, &left);
            break;
        case SCALE:
            scale(x, c, &left);
            break;
        case DONE:
            break;
        }
    }
    return x->phase != DONE ? GAMUT_MORE : x->refused ? GAMUT_REFUSED : GAMUT_OK;
}

int32_t gamut_gemm_compute(const void *a, const void *b, void *c, void *workspace) {
    int32_t status;
    do {
        status = gamut_gemm_step(a, b, c, workspace);
    } while (status == GAMUT_MORE);
    return status;
}
