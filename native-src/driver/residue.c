/*
 * Products of F64 and F32 by exact products of bytes modulo some numbers (K. Ozaki, Y. Uchino and T. Imamura, "Ozaki Scheme II", 2025), with
 * the bits of the order residue, which dev.gamut.vector.emulated defines and derives: Precision chooses bits, moduli and native blocks, and
 * what is decided here is decided there by the same operations. How residues are found and multiplied is free, for they are exact.
 *
 * Phases follow one another, each of tasks that any threads take:
 *   SURVEY    exponents of lines, and bytes that estimate them, of groups of lines;
 *   JUDGE     the product of estimates of a block of C, which says how many bits that demands;
 *   CONVERT   residues of groups of lines, in the panels that the register tile multiplies, for a region of C: all of it where memory allows;
 *   MULTIPLY  a strip of a block of C: for each modulus what products of some steps of k leave, a byte, which is added to that of the steps
 *             before, and from those bytes C. Sums never leave the caches, and nothing of the size of C and as many as there are moduli goes to memory.
 * Where k is so long that a region of one block does not fit, pieces of it are converted in turn, and the bytes wait between them.
 *
 * A right operand that is used again is laid out by the first and the third phase alone, for bits that products of its like demand, and kept
 * with a copy of it: products that turn out to demand others convert the copy.
 *
 * Lines are rows of A or columns of B. The ones become rows of tiles, the others columns, so that C is contiguous along rows of tiles if it is
 * at all.
 */
#include "residue.h"
#include "counts.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* Bytes for residues of operands, unless a block needs more: what does not fit is converted more than once. */
#define ROOM (INT64_C(1) << 29)

/* Steps of k whose products are added up in 32 bits: residues make at most 2^14, estimates 127^2. */
#define RUN (1 << 16)

/* Lines that are read at a time where they lie across, those of a cache line; and at least of a group. */
#define ACROSS 8
#define GROUP 32

/* Columns that are put together in a step. */
#define COLUMNS 64

#define LINE 64

/* What a group of lines has at most, in bytes, if it is to stay in L2 until it is estimated. */
#define NEAR (INT64_C(1) << 20)

/* Planes lie off the powers of two. */
#define PLANE_PAD (17 * LINE)

/* Bits that the root of a number is estimated by. */
#define ESTIMATE 7

/* Bits that an integer may have, and bits and log2 k together; moduli of integers: see Pieces and Precision. */
#define MOST_BITS 77
#define MOST_BITS_AND_STEPS 90
#define WHOLE 6
#define MARGIN (1 + 0x1p-10)

/* log2 of what the product of moduli may be beside 2^bits (rho + gamma) where their weights have two parts: see Reconstruction. */
#define COARSE 62

/* What a block demands that is native whatever the others do. */
#define NATIVE INT32_MAX

/* Bits that operands of one order of magnitude demand beyond the significand, and the longest k that is laid out beforehand. */
#define USUAL_SPAN 2
#define LONGEST_PACKED (1 << 15)

typedef enum phase { BEGIN, SURVEY, JUDGE, CONVERT, MULTIPLY, DONE } phase;

/* Lines of an operand. */
typedef struct side {
    /* Where its first element lies, in elements from the address, those of a line and the lines. */
    int64_t first, across, along;
    int64_t lines, blocks;
    /* Which of a and b it is; or the copy, by lines, where it is converted from that. */
    int32_t operand;
    char *copy;

    gamut_pack *pack;
    /* Lines of a panel and what it begins with, panels of a block, panels and lines of a group, groups of a block. */
    int64_t panel, head, panels, together, group, groups;

    /* Of each line: the bits of its largest magnitude, the power of two of its last bit, its exponent, the sum of magnitudes. */
    uint64_t *largest;
    double *units, *sums;
    int32_t *exponents;
    /* Of each block: whether a number is none or infinite. */
    uint8_t *special;

    /* Blocks that are laid out, from one on, and how many of them are at most; the first block and moduli of what lies in planes. */
    int64_t from, count, most, kept_from, kept;
    int32_t fresh;
    /* Whether it was surveyed beforehand, and whether its planes are those of then. */
    int32_t surveyed, given;
    char *estimates, *planes;
} side;

#define COPY 2

typedef struct product {
    gamut_residues said;
    const gamut_residue_kernel *kernel;
    const gamut_tile *tile;
    side rows, cols;
    int64_t k, c_first, c_row, c_col;
    /* Whether rows of tiles are columns of the caller's C. */
    int32_t swapped;
    double alpha, beta;

    /* Columns of a strip, and how many strips a block has. */
    int64_t strip, strips;
    /* Elements from column to column of sums and of residues. */
    int64_t pitch;

    /* Of each block of C, by rows and columns of the caller: the bits it demands. */
    int32_t *demands;
    uint8_t *natives;

    int32_t bits, limit, whole;
    gamut_moduli moduli;

    /* Whether rows alone are laid out, to be kept. */
    int32_t packs;

    phase phase;
    /* The piece of k that is laid out, how long pieces are, and residues that wait for the next one. */
    int64_t p, piece;
    int8_t *waiting;
    /* Memory for planes. */
    char *room;
    const struct product *packed;
} product;

/* 2^n of the normal range. */
static double power(int32_t n) {
    uint64_t bits = (uint64_t)(n + 1023) << 52;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double number_of(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* floor(log2 |x|) as Java's Math.getExponent has it: -1023 for what lies below the normal range, 1024 for what is no number. */
static int32_t exponent_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (int32_t)(bits >> 52 & 0x7FF) - 1023;
}

/* The e of a line whose largest magnitude this is: 2^(e-1) <= x < 2^e. */
static int32_t line_exponent(double x) {
    return x == 0 ? 0 : x < 0x1p-1022 ? exponent_of(x * 0x1p64) - 64 + 1 : exponent_of(x) + 1;
}

/* Lines of a block from its first one on. */
static int64_t lines_of(const side *s, int64_t block) {
    return least(GAMUT_RESIDUE_BLOCK, s->lines - block * GAMUT_RESIDUE_BLOCK);
}

static int64_t chunks(const product *x, int64_t steps) {
    return units(steps, x->kernel->kc);
}

/* Steps of a chunk as they are laid out. */
static int64_t depth(const product *x, int64_t steps, int64_t chunk) {
    return whole(least(x->kernel->kc, steps - chunk * x->kernel->kc), GAMUT_RESIDUE_STEPS);
}

static int64_t panel_bytes(const side *s, int64_t steps) {
    return s->head + steps * s->panel;
}

/* Bytes of so many steps of a block for one modulus. */
static int64_t plane_bytes(const product *x, const side *s, int64_t steps) {
    int64_t kc = x->kernel->kc;
    return PLANE_PAD + s->panels * (steps / kc * panel_bytes(s, kc) + (steps % kc == 0 ? 0 : panel_bytes(s, whole(steps % kc, GAMUT_RESIDUE_STEPS))));
}

/* The first panel of a chunk of a plane, of so many for each block, from blocks that lie one after the other. */
static char *panels_of(const product *x, const side *s, char *blocks, int64_t block, int64_t steps, int64_t planes, int64_t plane,
                       int64_t chunk) {
    return blocks + (block * planes + plane) * plane_bytes(x, s, steps) + chunk * s->panels * panel_bytes(s, x->kernel->kc);
}

static char *estimates_of(const product *x, const side *s, int64_t block, int64_t chunk) {
    return panels_of(x, s, s->estimates, block, x->k, 1, 0, chunk);
}

static char *residues_of(const product *x, const side *s, int64_t block, int64_t steps, int64_t plane, int64_t chunk) {
    return panels_of(x, s, s->planes, block - s->kept_from, steps, s->kept, plane, chunk);
}

static int32_t check(const gamut_gemm *g) {
    if (g->size != (int64_t)sizeof *g) {
        return GAMUT_WRONG_SIZE;
    }
    if (g->kernel < 0 || g->kernel >= gamut_kernel_count() || gamut_residue_kernels[g->kernel] == NULL) {
        return GAMUT_NO_KERNEL;
    }
    if ((gamut_kernel_at((int32_t)g->kernel)->features & ~gamut_cpu_features()) != 0) {
        return GAMUT_NO_FEATURE;
    }
    int sizes = g->m >= 1 && g->n >= 1 && g->k >= 1 && g->mc >= 0 && g->nc >= 0 && (!g->b_packed || g->k <= LONGEST_PACKED);
    return sizes ? GAMUT_OK : GAMUT_OUT_OF_RANGE;
}

static side side_of(int64_t lines, int64_t first, int64_t across, int64_t along, int32_t operand, gamut_pack *pack, int64_t panel,
                    int64_t head) {
    side s = {.first = first, .across = across, .along = along, .lines = lines, .blocks = units(lines, GAMUT_RESIDUE_BLOCK),
              .operand = operand, .pack = pack, .panel = panel, .head = head};
    s.panels = units(least(lines, GAMUT_RESIDUE_BLOCK), panel);
    s.together = least(s.panels, units(GROUP, panel));
    s.group = s.together * panel;
    s.groups = units(s.panels, s.together);
    return s;
}

/* Reserves memory of the workspace; tells where. */
static void *reserve(int64_t *bytes, void *workspace, int64_t size) {
    char *at = (char *)workspace + *bytes;
    *bytes += whole(size, LINE);
    return at;
}

static void reserve_side(side *s, int64_t *bytes, void *workspace) {
    s->largest = reserve(bytes, workspace, s->lines * (int64_t)sizeof *s->largest);
    s->units = reserve(bytes, workspace, s->lines * (int64_t)sizeof *s->units);
    s->sums = reserve(bytes, workspace, s->lines * (int64_t)sizeof *s->sums);
    s->exponents = reserve(bytes, workspace, s->lines * (int64_t)sizeof *s->exponents);
    s->special = reserve(bytes, workspace, s->blocks);
}

/* Bytes that all blocks of both operands take for one modulus. */
static int64_t all_planes(const product *x, int64_t steps) {
    return x->rows.blocks * plane_bytes(x, &x->rows, steps) + x->cols.blocks * plane_bytes(x, &x->cols, steps);
}

/* Opens a problem; returns how many bytes its workspace has. */
static int64_t open(const gamut_gemm *g, const int64_t first[3], void *workspace, product *x) {
    const gamut_residue_kernel *kernel = gamut_residue_kernels[g->kernel];
    const gamut_tile *tile = kernel->tile;
    int swapped = g->b_packed || (g->c_row != 1 && g->c_col == 1);
    int64_t mr = gamut_rows_of(tile);
    side of_a = side_of(g->m, first[0], g->a_row, g->a_col, 0, swapped ? tile->cols[0] : tile->rows[0], swapped ? tile->nr : mr,
                        swapped ? tile->cols_head : tile->rows_head);
    side of_b = side_of(g->n, first[1], g->b_col, g->b_row, 1, swapped ? tile->rows[1] : tile->cols[1], swapped ? mr : tile->nr,
                        swapped ? tile->rows_head : tile->cols_head);
    *x = (product){
        .kernel = kernel,
        .tile = tile,
        .rows = swapped ? of_b : of_a,
        .cols = swapped ? of_a : of_b,
        .k = g->k,
        .c_first = first[2],
        .c_row = swapped ? g->c_col : g->c_row,
        .c_col = swapped ? g->c_row : g->c_col,
        .swapped = swapped,
        .alpha = g->alpha,
        .beta = g->beta,
        .limit = -1,
    };
    int64_t wide = least(GAMUT_RESIDUE_BLOCK, x->cols.lines);
    x->strip = whole(g->nc > 0 ? least(g->nc, wide) : wide, tile->nr);
    x->strips = units(wide, x->strip);
    x->pitch = whole(x->rows.panels * mr, GAMUT_RESIDUE_STEPS) + GAMUT_RESIDUE_STEPS; /* off the powers of two */

    int64_t block = GAMUT_MODULI * (plane_bytes(x, &x->rows, kernel->kc) + plane_bytes(x, &x->cols, kernel->kc));
    x->piece = g->b_packed ? x->k : least(x->k, least(RUN, most(1, ROOM / block) * kernel->kc));
    int64_t bytes = 0;
    reserve(&bytes, workspace, sizeof *x);
    reserve_side(&x->rows, &bytes, workspace);
    reserve_side(&x->cols, &bytes, workspace);
    int64_t blocks = x->rows.blocks * x->cols.blocks;
    x->demands = reserve(&bytes, workspace, blocks * (int64_t)sizeof *x->demands);
    x->natives = reserve(&bytes, workspace, blocks);
    x->waiting = reserve(&bytes, workspace, x->piece == x->k ? 0 : GAMUT_MODULI * x->strips * x->strip * x->pitch);
    x->rows.most = x->cols.most = g->mc > 0 ? units(g->mc, GAMUT_RESIDUE_BLOCK) : INT64_MAX;
    int64_t least_room = GAMUT_MODULI * (plane_bytes(x, &x->rows, x->piece) + plane_bytes(x, &x->cols, x->piece));
    int64_t room = least(GAMUT_MODULI * all_planes(x, x->piece), most(ROOM, least_room));
    x->room = reserve(&bytes, workspace, most(all_planes(x, x->k), room));
    /* Estimates are not needed any more when residues are laid out. */
    x->rows.estimates = x->room;
    x->cols.estimates = x->rows.estimates + x->rows.blocks * plane_bytes(x, &x->rows, x->k);
    x->said.row_blocks = of_a.blocks;
    x->said.col_blocks = of_b.blocks;
    x->said.natives_at = (char *)x->natives - (char *)workspace;
    return bytes;
}

int64_t gamut_residue_workspace(const gamut_gemm *gemm) {
    static const int64_t anywhere[3];
    int32_t status = check(gemm);
    product x;
    char nowhere;
    return status != GAMUT_OK ? -status : open(gemm, anywhere, &nowhere, &x);
}

int32_t gamut_residue_begin(const gamut_gemm *gemm, int64_t a_first, int64_t b_first, int64_t c_first, const void *packed, void *workspace) {
    const int64_t first[] = {a_first, b_first, c_first};
    int32_t status = check(gemm);
    if (status == GAMUT_OK) {
        product x;
        open(gemm, first, workspace, &x);
        if (gemm->b_packed) {
            int64_t most_rows = x.rows.most;
            x.packed = packed;
            x.rows = x.packed->rows;
            x.rows.surveyed = 1;
            x.rows.most = most_rows;
        }
        *(product *)workspace = x;
    }
    return status;
}

/* Moduli that products of such operands need at most. */
static int32_t most_moduli(const gamut_gemm *g) {
    return gamut_moduli_holding(scalbn((double)g->k * MARGIN, 2 * (gamut_residue_kernels[g->kernel]->significand + USUAL_SPAN)));
}

/* Opens what is to be kept of b; returns how many bytes that takes. */
static int64_t open_packed(const gamut_gemm *g, int64_t b_first, void *packed, product *x) {
    const int64_t first[3] = {0, b_first, 0};
    gamut_gemm rows = *g;
    rows.m = 1;
    rows.b_packed = 1;
    open(&rows, first, packed, x);
    int64_t bytes = 0;
    reserve(&bytes, packed, sizeof *x);
    reserve_side(&x->rows, &bytes, packed);
    x->rows.estimates = reserve(&bytes, packed, x->rows.blocks * plane_bytes(x, &x->rows, x->k));
    x->rows.copy = reserve(&bytes, packed, x->rows.lines * x->k * x->kernel->bytes);
    x->rows.planes = reserve(&bytes, packed, most_moduli(g) * x->rows.blocks * plane_bytes(x, &x->rows, x->k));
    x->packs = 1;
    x->said.copy_at = x->rows.copy - (char *)packed;
    return bytes;
}

/* Whether b can be laid out: its k, for m counts for nothing. */
static int32_t check_packed(const gamut_gemm *g) {
    gamut_gemm rows = *g;
    rows.m = 1;
    rows.b_packed = 1;
    return check(&rows);
}

int64_t gamut_residue_packed_bytes(const gamut_gemm *gemm) {
    int32_t status = check_packed(gemm);
    product x;
    char nowhere;
    return status != GAMUT_OK ? -status : open_packed(gemm, 0, &nowhere, &x);
}

int32_t gamut_residue_pack(const gamut_gemm *gemm, int64_t b_first, void *packed) {
    int32_t status = check_packed(gemm);
    if (status == GAMUT_OK) {
        product x;
        open_packed(gemm, b_first, packed, &x);
        *(product *)packed = x;
    }
    return status;
}

/* Scratch memory of a task: either what converting takes, or what multiplying does. */
typedef struct scratch {
    double *lines;
    int8_t *bytes;
    char *near;
    int32_t *sums;
    int8_t *residues;
    double *totals, *number, *half, *other, *gamma;
    int64_t size;
} scratch;

/* Numbers from line to line, and bytes. */
static int64_t line_pitch(const product *x) {
    return x->kernel->kc + LINE / (int64_t)sizeof(double);
}

static int64_t byte_pitch(const product *x) {
    return x->kernel->kc + LINE;
}

/* Lines that a group has at most, whichever operand they are of: what is laid out beforehand is rows of tiles, even where C makes it columns. */
static int64_t longest_group(const gamut_tile *tile) {
    int64_t mr = gamut_rows_of(tile);
    return most(whole(GROUP, mr), whole(GROUP, tile->nr));
}

/*
 * Whether lines are neighbours in memory, each of their steps elsewhere, and more than L2 may have room for so: then they are copied when they are
 * scanned, to be estimated from there. That takes a third off both from k = 1024 on, and adds a tenth for k = 512.
 */
static int comes_near(const product *x, const side *s) {
    return s == &x->rows && !x->packs && !s->surveyed && x->kernel->scan_lines != NULL && s->across == 1 && s->along != 1 &&
           x->k > x->kernel->kc && s->group * x->k * x->kernel->bytes <= NEAR;
}

static scratch scratch_of(const product *x, void *memory) {
    int64_t reading = 0, multiplying = 0;
    scratch s = {
        .lines = reserve(&reading, memory, ACROSS * line_pitch(x) * (int64_t)sizeof(double)),
        .bytes = reserve(&reading, memory, GAMUT_MODULI * longest_group(x->tile) * byte_pitch(x)),
        .near = reserve(&reading, memory, comes_near(x, &x->rows) ? x->rows.group * x->k * x->kernel->bytes : 0),
        .sums = reserve(&multiplying, memory, x->strip * x->pitch * (int64_t)sizeof(int32_t)),
        .residues = reserve(&multiplying, memory, GAMUT_MODULI * x->strip * x->pitch),
        .totals = reserve(&multiplying, memory, x->k <= RUN ? 0 : x->strip * x->pitch * (int64_t)sizeof(double)),
        .number = reserve(&multiplying, memory, x->pitch * (int64_t)sizeof(double)),
        .half = reserve(&multiplying, memory, x->pitch * (int64_t)sizeof(double)),
        .other = reserve(&multiplying, memory, x->pitch * (int64_t)sizeof(double)),
        .gamma = reserve(&multiplying, memory, x->strip * (int64_t)sizeof(double)),
    };
    s.size = most(reading, multiplying);
    return s;
}

int64_t gamut_residue_scratch(const gamut_gemm *gemm) {
    static const int64_t anywhere[3];
    int32_t status = check(gemm);
    if (status != GAMUT_OK) {
        return -status;
    }
    product x;
    char nowhere;
    open(gemm, anywhere, &nowhere, &x);
    return scratch_of(&x, &nowhere).size;
}

/* A group of lines: its first one, and how many there are; none in the last blocks perhaps. */
static int64_t group_of(const side *s, int64_t task, int64_t *block, int64_t *first) {
    *block = s->from + task / s->groups;
    *first = task % s->groups * s->group;
    return most(0, least(s->group, lines_of(s, *block) - *first));
}

/* Takes lines of a chunk from memory, some at a time: calls `take` for each of them. */
typedef void take_line(const product *x, side *s, int64_t line, int64_t n, const double *values, void *data);

static void read_lines(const product *x, side *s, int64_t first, int64_t count, int64_t p, int64_t n, const char *operand, double *lines,
                       take_line *take, void *data) {
    int64_t at_once = s->along == 1 ? 1 : ACROSS;
    for (int64_t l = 0; l < count; l += at_once) {
        int64_t some = least(at_once, count - l);
        const char *from = operand + (s->first + (first + l) * s->across + p * s->along) * x->kernel->bytes;
        x->kernel->read(from, s->across, s->along, some, n, lines, line_pitch(x));
        for (int64_t i = 0; i < some; i++) {
            take(x, s, first + l + i, n, lines + i * line_pitch(x), data);
        }
    }
}

/* Keeps a part of a line. */
static void copy_line(const product *x, const side *s, int64_t line, int64_t p, int64_t n, const double *values) {
    char *to = s->copy + (line * x->k + p) * x->kernel->bytes;
    for (int64_t i = 0; i < n; i++) {
        if (x->kernel->type == GAMUT_F64) {
            ((double *)to)[i] = values[i];
        } else {
            ((float *)to)[i] = (float)values[i];
        }
    }
}

static int is_number(uint64_t bits) {
    return bits < UINT64_C(0x7FF0000000000000);
}

/* Lines of a panel as they lie. */
static gamut_lines lines_at(const product *x, const side *s, int64_t line, int64_t count, int64_t p, int64_t n, const char *operand) {
    return (gamut_lines){.src = operand + (s->first + line * s->across + p * s->along) * x->kernel->bytes, .across = s->across,
                         .along = s->along, .count = least(count, s->panel), .n = n, .rows = s == &x->rows};
}

static void scan_line(const product *x, side *s, int64_t line, int64_t n, const double *values, void *data) {
    x->kernel->scan(n, values, &s->largest[line], &s->units[line]);
    if (x->packs) {
        copy_line(x, s, line, *(int64_t *)data, n, values);
    }
}

/* Where a copy of a group has what begins with a step of a panel, that of the line that lies so many behind the group's first one. */
static char *near_at(const product *x, const side *s, int64_t line, int64_t p, char *near) {
    return near + (line * x->k + p * s->panel) * x->kernel->bytes;
}

/* The same from where lines lie, if the kernel can. */
static int scan_directly(const product *x, side *s, int64_t first, int64_t count, int64_t p, int64_t n, const char *operand, char *near) {
    int done = !x->packs && x->kernel->scan_lines != NULL;
    for (int64_t l = 0; done && l < count; l += s->panel) {
        gamut_lines lines = lines_at(x, s, first + l, count - l, p, n, operand);
        char *copy = comes_near(x, s) ? near_at(x, s, l, p, near) : NULL;
        done = x->kernel->scan_lines(&lines, s->largest + first + l, s->units + first + l, copy);
    }
    return done;
}

/* What bytes of a chunk are laid out in before they are packed. */
typedef struct laid_out {
    int64_t chunk, first, plane;
    int8_t *bytes;
} laid_out;

static void add_squares(side *s, int64_t line, int64_t chunk, int64_t squares) {
    double sum = (double)squares * 0x1p-14;
    s->sums[line] = chunk == 0 ? sum : s->sums[line] + sum;
}

/* What lines are multiplied by, in two parts. */
static double first_scale(int32_t shift) {
    return power(shift >> 1);
}

static double second_scale(int32_t shift) {
    return power(shift - (shift >> 1));
}

static void estimate_line(const product *x, side *s, int64_t line, int64_t n, const double *values, void *data) {
    laid_out *to = data;
    int32_t shift = 2 * ESTIMATE - s->exponents[line];
    int64_t all = whole(n, GAMUT_RESIDUE_STEPS);
    int64_t squares =
        x->kernel->estimate(all, values, first_scale(shift), second_scale(shift), to->bytes + (line - to->first) * byte_pitch(x));
    /* Zeros behind the last step count one each. */
    add_squares(s, line, to->chunk, squares - (all - n));
}

/* Scales for `bits` bits of the lines of a panel. */
static void scales_of(const side *s, int64_t line, int64_t count, int32_t bits, double *f, double *g) {
    for (int64_t l = 0; l < s->panel; l++) {
        int32_t shift = l < count ? bits - s->exponents[line + l] : 0;
        f[l] = l < count ? first_scale(shift) : 0;
        g[l] = l < count ? second_scale(shift) : 0;
    }
}

/* Lines of a panel where kernels take them as they lie. */
#define MOST_LINES 32

static int estimate_directly(const product *x, side *s, int64_t first, int64_t count, int64_t chunk, int64_t n, const char *operand,
                             char *near, char *panel, int64_t stride) {
    int done = x->kernel->estimate_lines != NULL;
    for (int64_t l = 0; done && l < count; l += s->panel, panel += stride) {
        double f[MOST_LINES], g[MOST_LINES];
        int32_t squares[MOST_LINES];
        gamut_lines lines = lines_at(x, s, first + l, count - l, chunk * x->kernel->kc, n, operand);
        if (comes_near(x, s)) {
            lines.src = near_at(x, s, l, chunk * x->kernel->kc, near);
            lines.along = s->panel;
        }
        scales_of(s, first + l, lines.count, 2 * ESTIMATE, f, g);
        done = x->kernel->estimate_lines(&lines, f, g, panel, squares);
        for (int64_t i = 0; done && i < lines.count; i++) {
            add_squares(s, first + l + i, chunk, squares[i]);
        }
    }
    return done;
}

/* One chunk of a group: first all are scanned, then all are estimated. */
static int32_t survey(product *x, side *s, int64_t task, int64_t step, const char *operand, scratch memory) {
    int64_t block, first;
    int64_t count = group_of(s, task, &block, &first);
    if (count == 0) {
        return GAMUT_OK;
    }
    int64_t all = chunks(x, x->k), line = block * GAMUT_RESIDUE_BLOCK + first;
    int64_t chunk = step % all, p = chunk * x->kernel->kc, n = least(x->kernel->kc, x->k - p);
    if (step < all) {
        for (int64_t l = line; step == 0 && l < line + count; l++) {
            s->largest[l] = 0;
            s->units[l] = INFINITY;
        }
        if (!scan_directly(x, s, line, count, p, n, operand, memory.near)) {
            read_lines(x, s, line, count, p, n, operand, memory.lines, scan_line, &p);
        }
        int numbers = 1;
        for (int64_t l = line; step == all - 1 && l < line + count; l++) {
            s->exponents[l] = line_exponent(number_of(s->largest[l]));
            numbers &= is_number(s->largest[l]);
        }
        return numbers ? GAMUT_MORE : GAMUT_OK; /* nothing is estimated of a block that is native */
    }
    int64_t steps = depth(x, x->k, chunk);
    char *panel = estimates_of(x, s, block, chunk) + first / s->panel * panel_bytes(s, steps);
    if (!estimate_directly(x, s, line, count, chunk, n, operand, memory.near, panel, panel_bytes(s, steps))) {
        laid_out to = {.chunk = chunk, .first = line, .bytes = memory.bytes};
        read_lines(x, s, line, count, p, n, operand, memory.lines, estimate_line, &to);
        s->pack(memory.bytes, byte_pitch(x), 1, count, steps, panel, panel_bytes(s, steps));
    }
    return step == 2 * all - 1 ? GAMUT_OK : GAMUT_MORE;
}

static void convert_line(const product *x, side *s, int64_t line, int64_t n, const double *values, void *data) {
    laid_out *to = data;
    int32_t shift = x->bits - s->exponents[line];
    x->kernel->convert(whole(n, GAMUT_RESIDUE_STEPS), values, first_scale(shift), second_scale(shift), x->bits, &x->moduli,
                       to->bytes + (line - to->first) * byte_pitch(x), to->plane);
}

/* Steps of the piece in work. */
static int64_t steps_of(const product *x) {
    return least(x->piece, x->k - x->p);
}

static int convert_directly(const product *x, const side *s, int64_t first, int64_t count, int64_t p, int64_t n, const char *operand,
                            char *panel, int64_t stride, int64_t plane) {
    int done = x->kernel->convert_lines != NULL;
    for (int64_t l = 0; done && l < count; l += s->panel, panel += stride) {
        double f[MOST_LINES], g[MOST_LINES];
        gamut_lines lines = lines_at(x, s, first + l, count - l, p, n, operand);
        scales_of(s, first + l, lines.count, x->bits, f, g);
        done = x->kernel->convert_lines(&lines, f, g, x->bits, &x->moduli, panel, plane);
    }
    return done;
}

/* One chunk of a group. */
static int32_t convert(product *x, side *s, int64_t task, int64_t step, const char *operand, scratch memory) {
    int64_t block, first;
    int64_t count = group_of(s, task, &block, &first);
    if (count == 0 || s->special[block]) {
        return GAMUT_OK;
    }
    int64_t piece = steps_of(x), p = step * x->kernel->kc, n = least(x->kernel->kc, piece - p), steps = depth(x, piece, step);
    int64_t line = block * GAMUT_RESIDUE_BLOCK + first;
    int64_t at = first / s->panel * panel_bytes(s, steps);
    if (!convert_directly(x, s, line, count, x->p + p, n, operand, residues_of(x, s, block, piece, 0, step) + at, panel_bytes(s, steps),
                          plane_bytes(x, s, piece))) {
        laid_out to = {.first = line, .plane = s->group * byte_pitch(x), .bytes = memory.bytes};
        read_lines(x, s, line, count, x->p + p, n, operand, memory.lines, convert_line, &to);
        for (int32_t q = 0; q < x->moduli.count; q++) {
            s->pack(memory.bytes + q * to.plane, byte_pitch(x), 1, count, steps, residues_of(x, s, block, piece, q, step) + at,
                    panel_bytes(s, steps));
        }
    }
    return step == chunks(x, piece) - 1 ? GAMUT_OK : GAMUT_MORE;
}

/* A strip of a block of C: blocks of rows and of columns, its first column in the block, and how many columns there are. */
typedef struct place {
    int64_t row_block, col_block, col, count;
} place;

/* The first panel of a strip of so many steps, of those of its block. */
static const char *strip_of(const product *x, place at, const char *block, int64_t steps) {
    return block + at.col / x->cols.panel * panel_bytes(&x->cols, steps);
}

static const char *estimate_cols(const product *x, place at, int64_t chunk) {
    return strip_of(x, at, estimates_of(x, &x->cols, at.col_block, chunk), depth(x, x->k, chunk));
}

static const char *residue_cols(const product *x, place at, int32_t modulus, int64_t chunk) {
    int64_t steps = steps_of(x);
    return strip_of(x, at, residues_of(x, &x->cols, at.col_block, steps, modulus, chunk), depth(x, steps, chunk));
}

/* Panels of rows and of a strip, of so many steps, and the columns that come next. */
static gamut_panels panels_at(const product *x, place at, const char *rows, const char *cols, const char *next, int64_t steps) {
    return (gamut_panels){.rows = rows, .cols = cols, .next = next, .row_stride = panel_bytes(&x->rows, steps),
                          .col_stride = panel_bytes(&x->cols, steps), .tall = units(lines_of(&x->rows, at.row_block), x->rows.panel),
                          .wide = units(at.count, x->cols.panel), .steps = steps};
}

/* Sums of estimates over some chunks. */
static void estimate_sums(const product *x, place at, int64_t from, int64_t to, int32_t *sums) {
    const gamut_tile *tile = x->tile;
    int64_t mr = x->rows.panel, nr = x->cols.panel, tall = lines_of(&x->rows, at.row_block);
    if (tile->enter != NULL) {
        tile->enter();
    }
    for (int64_t chunk = from; chunk < to; chunk++) {
        int64_t some = depth(x, x->k, chunk);
        gamut_multiply_tile *sum = chunk == from ? tile->store[0] : tile->add[0];
        const char *rows = estimates_of(x, &x->rows, at.row_block, chunk);
        const char *cols = estimate_cols(x, at, chunk);
        for (int64_t j = 0; j < at.count; j += nr, cols += panel_bytes(&x->cols, some)) {
            const char *panel = rows;
            for (int64_t i = 0; i < tall; i += mr, panel += panel_bytes(&x->rows, some)) {
                sum(some, panel, cols, sums + j * x->pitch + i, x->pitch);
            }
        }
    }
    if (tile->leave != NULL) {
        tile->leave();
    }
}

/* What the product of one modulus leaves of the piece in work. */
static void leave(const product *x, place at, int32_t modulus, int8_t *residues, int32_t *sums) {
    int64_t steps = steps_of(x), all = chunks(x, steps);
    for (int64_t chunk = 0; chunk < all; chunk++) {
        int32_t after = chunk + 1 < all ? modulus : (modulus + 1) % x->moduli.count;
        gamut_panels panels =
            panels_at(x, at, residues_of(x, &x->rows, at.row_block, steps, modulus, chunk), residue_cols(x, at, modulus, chunk),
                      residue_cols(x, at, after, (chunk + 1) % all), depth(x, steps, chunk));
        x->kernel->multiply(&panels, &x->moduli.of[modulus], x->p > 0 || chunk > 0, residues, x->pitch, sums);
    }
}

static place place_of(const product *x, int64_t row_block, int64_t col_block, int64_t strip) {
    int64_t col = strip * x->strip;
    return (place){row_block, col_block, col, most(0, least(x->strip, lines_of(&x->cols, col_block) - col))};
}

/* Which block of C that is to the caller. */
static int64_t caller_block(const product *x, int64_t row_block, int64_t col_block) {
    return x->swapped ? col_block * x->rows.blocks + row_block : row_block * x->cols.blocks + col_block;
}

/* Products of estimates of a strip: the largest (rho + gamma) / W^2, where the kernel looks at them while it multiplies. */
static double judge_panels(const product *x, place at, double largest, scratch memory) {
    int64_t all = chunks(x, x->k), first = at.col_block * GAMUT_RESIDUE_BLOCK + at.col;
    for (int64_t j = 0; j < whole(at.count, x->cols.panel); j++) {
        memory.gamma[j] = j >= at.count || x->cols.largest[first + j] == 0 ? -INFINITY : x->cols.sums[first + j];
    }
    for (int64_t chunk = 0; chunk < all; chunk++) {
        gamut_panels panels = panels_at(x, at, estimates_of(x, &x->rows, at.row_block, chunk), estimate_cols(x, at, chunk),
                                        estimate_cols(x, at, (chunk + 1) % all), depth(x, x->k, chunk));
        largest = x->kernel->judge(&panels, chunk == 0, chunk == all - 1, memory.half, memory.gamma, largest, memory.sums);
    }
    return largest;
}

/* The same from sums. */
static double need(const product *x, place at, double largest, scratch memory) {
    int64_t all = chunks(x, x->k), run = RUN / x->kernel->kc;
    int64_t tall = lines_of(&x->rows, at.row_block);
    for (int64_t chunk = 0; chunk < all; chunk += run) {
        estimate_sums(x, at, chunk, least(all, chunk + run), memory.sums);
        for (int64_t i = 0; all > run && i < at.count * x->pitch; i++) {
            memory.totals[i] = memory.sums[i] + (chunk == 0 ? 0 : memory.totals[i]);
        }
    }
    for (int64_t j = 0; j < at.count; j++) {
        int64_t line = at.col_block * GAMUT_RESIDUE_BLOCK + at.col + j;
        if (x->cols.largest[line] == 0) {
            continue;
        }
        double *w = memory.totals + j * x->pitch;
        if (all <= run) {
            w = memory.number;
            for (int64_t i = 0; i < tall; i++) {
                w[i] = memory.sums[j * x->pitch + i];
            }
        }
        largest = x->kernel->need(tall, w, memory.half, x->cols.sums[line], largest);
    }
    return largest;
}

/* The bits that a block of C demands. */
static void judge(product *x, int64_t task, scratch memory) {
    int64_t row_block = task / x->cols.blocks, col_block = task % x->cols.blocks;
    int32_t *demand = &x->demands[caller_block(x, row_block, col_block)];
    if (x->rows.special[row_block] || x->cols.special[col_block]) {
        *demand = NATIVE;
        return;
    }
    int64_t tall = lines_of(&x->rows, row_block), line = row_block * GAMUT_RESIDUE_BLOCK;
    for (int64_t i = 0; i < x->pitch; i++) {
        /* A line of zeros demands nothing. */
        memory.half[i] = i >= tall || x->rows.largest[line + i] == 0 ? -INFINITY : x->rows.sums[line + i];
    }
    double largest = 0;
    int at_once = x->kernel->judge != NULL && x->k <= RUN;
    for (int64_t strip = 0; strip < x->strips; strip++) {
        place at = place_of(x, row_block, col_block, strip);
        if (at.count > 0) {
            largest = at_once ? judge_panels(x, at, largest, memory) : need(x, at, largest, memory);
        }
    }
    int32_t span = exponent_of(scalbn(largest * (double)x->k * MARGIN, 27)) + 1;
    *demand = x->kernel->significand + (span > 0 ? span : 0);
}

/* Puts a strip together. */
static int32_t finish(const product *x, place at, int64_t first, const int8_t *residues, char *c, scratch memory) {
    int64_t tall = lines_of(&x->rows, at.row_block);
    int64_t end = least(at.count, first + COLUMNS);
    for (int64_t j = first; j < end; j++) {
        int64_t line = at.col_block * GAMUT_RESIDUE_BLOCK + at.col + j;
        int32_t e = x->cols.exponents[line];
        x->kernel->rebuild(whole(tall, GAMUT_RESIDUE_STEPS), residues + j * x->pitch, x->strip * x->pitch, &x->moduli, x->whole, memory.number);
        char *to = c + (x->c_first + at.row_block * GAMUT_RESIDUE_BLOCK * x->c_row + line * x->c_col) * x->kernel->bytes;
        x->kernel->store(tall, memory.number, memory.half, memory.other, power(e >> 1), power(e - (e >> 1)), x->alpha, x->beta, to, x->c_row);
    }
    return end == at.count ? GAMUT_OK : GAMUT_MORE;
}

/* A strip of a block of C: first its residues, then C from them. */
static int32_t compute(product *x, int64_t task, int64_t step, char *c, scratch memory) {
    int64_t block = task / x->strips;
    place at = place_of(x, x->rows.from + block % x->rows.count, x->cols.from + block / x->rows.count, task % x->strips);
    if (at.count == 0 || x->natives[caller_block(x, at.row_block, at.col_block)]) {
        return GAMUT_OK;
    }
    int64_t plane = x->strip * x->pitch;
    int8_t *residues = x->piece == x->k ? memory.residues : x->waiting + task * GAMUT_MODULI * plane;
    if (step > 0) {
        return finish(x, at, (step - 1) * COLUMNS, residues, c, memory);
    }
    int64_t steps = steps_of(x), tall = lines_of(&x->rows, at.row_block), line = at.row_block * GAMUT_RESIDUE_BLOCK;
    for (int32_t q = 0; q < x->moduli.count; q++) {
        leave(x, at, q, residues + q * plane, memory.sums);
    }
    if (x->p + steps < x->k) {
        return GAMUT_OK;
    }
    for (int64_t i = 0; i < tall; i++) {
        int32_t e = x->rows.exponents[line + i];
        memory.half[i] = power((e >> 1) - x->bits);
        memory.other[i] = power(e - (e >> 1) - x->bits);
    }
    return GAMUT_MORE;
}

int32_t gamut_residue_step(const void *a, const void *b, void *c, int64_t task, int64_t step, void *workspace, void *scratch_memory) {
    product *x = workspace;
    scratch memory = scratch_of(x, scratch_memory);
    if (x->phase == SURVEY || x->phase == CONVERT) {
        int64_t of_rows = x->rows.fresh ? 0 : x->rows.count * x->rows.groups;
        side *s = task < of_rows ? &x->rows : &x->cols;
        int64_t own = task < of_rows ? task : task - of_rows;
        const char *operand = s->operand == COPY ? s->copy : s->operand == 0 ? a : b;
        return x->phase == SURVEY ? survey(x, s, own, step, operand, memory) : convert(x, s, own, step, operand, memory);
    }
    if (x->phase == JUDGE) {
        judge(x, task, memory);
        return GAMUT_OK;
    }
    return compute(x, task, step, c, memory);
}

/* Decides which blocks hold numbers alone, and how many bits those have; returns whether there are any of both operands. */
static int scan_blocks(side *s, int32_t *widest) {
    int any = 0;
    for (int64_t block = 0; block < s->blocks; block++) {
        int64_t first = block * GAMUT_RESIDUE_BLOCK, end = first + lines_of(s, block);
        int numbers = 1;
        for (int64_t l = first; l < end; l++) {
            numbers &= is_number(s->largest[l]);
        }
        if (!s->surveyed) {
            s->special[block] = (uint8_t)!numbers;
        }
        any |= numbers;
        for (int64_t l = first; numbers && l < end; l++) {
            int32_t width = s->largest[l] == 0 ? 0 : s->exponents[l] - ilogb(s->units[l]);
            *widest = width > *widest ? width : *widest;
        }
    }
    return any;
}

/* Whether sums are of integers that few moduli hold: then they are exact. */
static int is_integral(product *x, int32_t widest) {
    int32_t count = widest < x->kernel->significand ? gamut_moduli_holding(scalbn((double)x->k, 2 * widest)) : 0;
    x->whole = count > 0 && count <= WHOLE;
    if (x->whole) {
        x->bits = x->limit = widest;
        gamut_moduli_first(count, INFINITY, &x->moduli);
    }
    return x->whole;
}

/* Sums of lines that hold numbers alone, some of which are not 0. */
typedef struct range {
    double least, largest;
} range;

static range sums_of(const side *s) {
    range sums = {INFINITY, 0};
    for (int64_t l = 0; l < s->lines; l++) {
        if (!s->special[l / GAMUT_RESIDUE_BLOCK] && s->largest[l] != 0) {
            sums.least = s->sums[l] < sums.least ? s->sums[l] : sums.least;
            sums.largest = s->sums[l] > sums.largest ? s->sums[l] : sums.largest;
        }
    }
    return sums;
}

/* The most bits that all moduli hold. */
static int32_t limit_of(const product *x, double sum) {
    int32_t limit = (int32_t)least(MOST_BITS, MOST_BITS_AND_STEPS - exponent_of((double)x->k) - 1);
    while (limit >= x->kernel->significand && !gamut_moduli_hold(GAMUT_MODULI, scalbn(sum, 2 * limit))) {
        limit--;
    }
    return limit;
}

/* Moduli for so many bits, and the bits that they hold; `least` is rho + gamma of the smallest lines. */
static void choose(product *x, double sum, double least, int32_t demanded) {
    int32_t count = gamut_moduli_holding(scalbn(sum, 2 * demanded));
    x->bits = demanded;
    while (x->bits < x->limit && gamut_moduli_hold(count, scalbn(sum, 2 * (x->bits + 1)))) {
        x->bits++;
    }
    gamut_moduli_first(count, scalbn(least, x->bits + COARSE), &x->moduli);
}

/* Bits and moduli from what blocks demand; returns whether residues serve any. */
static int decide(product *x) {
    int32_t significand = x->kernel->significand;
    range rho = sums_of(&x->rows), gamma = sums_of(&x->cols);
    double sum = (rho.largest < gamma.largest ? rho.largest : gamma.largest) * MARGIN;
    x->limit = limit_of(x, sum);
    int32_t demanded = significand;
    for (int64_t i = 0; i < x->rows.blocks * x->cols.blocks; i++) {
        demanded = x->demands[i] <= x->limit && x->demands[i] > demanded ? x->demands[i] : demanded;
    }
    if (demanded > x->limit) {
        return 0;
    }
    x->said.span = demanded - significand;
    choose(x, sum, rho.least + gamma.least, demanded);
    return 1;
}

/* Marks native blocks; returns whether there are others. */
static int mark(product *x, int any) {
    x->said.natives = 0;
    for (int64_t i = 0; i < x->rows.blocks; i++) {
        for (int64_t j = 0; j < x->cols.blocks; j++) {
            int64_t block = caller_block(x, i, j);
            int native = !any || x->rows.special[i] || x->cols.special[j] || (!x->whole && x->demands[block] > x->limit);
            x->natives[block] = (uint8_t)native;
            x->said.natives += native;
        }
    }
    int served = x->said.natives < x->rows.blocks * x->cols.blocks;
    x->said.moduli = served ? x->moduli.count : 0;
    return served;
}

/* Whether residues that were laid out beforehand are those that are needed. */
static int are_given(const product *x, const product *packed) {
    return packed->bits == x->bits && packed->moduli.count >= x->moduli.count;
}

/* Sizes of regions: both operands whole where there is room, then of equal sizes. */
static void cut(product *x) {
    int64_t count = x->moduli.count;
    int64_t of_rows = x->rows.given ? 0 : count * plane_bytes(x, &x->rows, x->piece), of_cols = count * plane_bytes(x, &x->cols, x->piece);
    int64_t most_rows = least(x->rows.most, x->rows.blocks), most_cols = least(x->cols.most, x->cols.blocks);
    if (x->piece < x->k) {
        most_rows = most_cols = 1;
    }
    int64_t some = most(1, least(most_cols, ROOM / 2 / of_cols));
    most_rows = x->rows.given ? x->rows.blocks : most(1, least(most_rows, (ROOM - some * of_cols) / of_rows));
    most_cols = most(1, least(most_cols, (ROOM - most_rows * of_rows) / of_cols));
    x->rows.most = units(x->rows.blocks, units(x->rows.blocks, most_rows));
    x->cols.most = units(x->cols.blocks, units(x->cols.blocks, most_cols));
    x->rows.from = x->rows.count = x->cols.from = x->cols.count = x->p = 0;
    if (!x->rows.given) {
        x->rows.planes = x->room;
        x->rows.kept = count;
    }
    x->cols.planes = x->room + x->rows.most * of_rows;
    x->cols.kept = count;
}

/* Turns to the first region, or to the next: all pieces of k, then all columns, then all rows. Returns whether there is one. */
static int turn(product *x) {
    if (x->rows.count == 0) {
        x->rows.fresh = x->cols.fresh = 0;
    } else if (x->p + x->piece < x->k) {
        x->p += x->piece;
        x->rows.fresh = x->cols.fresh = 0;
    } else {
        int one_piece = x->piece == x->k;
        x->p = 0;
        x->cols.from += x->cols.count;
        x->rows.fresh = one_piece;
        x->cols.fresh = 0;
        if (x->cols.from == x->cols.blocks) {
            x->rows.from += x->rows.count;
            x->rows.fresh = 0;
            x->cols.from = 0;
            x->cols.fresh = one_piece && x->cols.count == x->cols.blocks;
        }
    }
    if (x->rows.from == x->rows.blocks) {
        return 0;
    }
    x->rows.count = least(x->rows.most, x->rows.blocks - x->rows.from);
    x->cols.count = least(x->cols.most, x->cols.blocks - x->cols.from);
    x->rows.kept_from = x->rows.given ? 0 : x->rows.from;
    x->cols.kept_from = x->cols.from;
    x->rows.fresh |= x->rows.given;
    return 1;
}

/* Goes on to a phase. */
static int64_t enter(product *x, phase next, int64_t tasks) {
    x->phase = next;
    x->said.apart = next == JUDGE || next == MULTIPLY;
    return tasks;
}

static int64_t next_region(product *x) {
    if (!turn(x)) {
        return enter(x, DONE, 0);
    }
    return enter(x, CONVERT, (x->rows.fresh ? 0 : x->rows.count * x->rows.groups) + (x->cols.fresh ? 0 : x->cols.count * x->cols.groups));
}

static int64_t first_region(product *x, int any) {
    if (!mark(x, any)) {
        return enter(x, DONE, 0);
    }
    if (x->packed != NULL) {
        x->rows.given = are_given(x, x->packed);
        x->rows.operand = COPY;
        x->rows.first = 0;
        x->rows.across = x->k;
        x->rows.along = 1;
    }
    cut(x);
    return next_region(x);
}

/* Residues of rows alone, for what they will meet as a rule. */
static int64_t keep(product *x) {
    int32_t widest = 0;
    scan_blocks(&x->rows, &widest);
    double sum = sums_of(&x->rows).largest * MARGIN;
    x->limit = limit_of(x, sum);
    choose(x, sum, INFINITY, x->kernel->significand + USUAL_SPAN); /* weights are those of the product that these come to */
    x->rows.kept = x->moduli.count;
    return enter(x, CONVERT, x->rows.count * x->rows.groups);
}

int64_t gamut_residue_phase(void *workspace) {
    product *x = workspace;
    switch (x->phase) {
    case BEGIN:
        x->rows.count = x->rows.blocks;
        x->rows.fresh = x->rows.surveyed;
        x->cols.count = x->packs ? 0 : x->cols.blocks;
        return enter(x, SURVEY, (x->rows.fresh ? 0 : x->rows.count * x->rows.groups) + x->cols.count * x->cols.groups);
    case SURVEY: {
        int32_t widest = 0;
        if (x->packs) {
            return keep(x);
        }
        int any_rows = scan_blocks(&x->rows, &widest), any_cols = scan_blocks(&x->cols, &widest);
        if (!any_rows || !any_cols || is_integral(x, widest)) {
            return first_region(x, any_rows && any_cols);
        }
        return enter(x, JUDGE, x->rows.blocks * x->cols.blocks);
    }
    case JUDGE:
        return first_region(x, decide(x));
    case CONVERT:
        return x->packs ? enter(x, DONE, 0) : enter(x, MULTIPLY, x->rows.count * x->cols.count * x->strips);
    case MULTIPLY:
        return next_region(x);
    default:
        return 0;
    }
}
