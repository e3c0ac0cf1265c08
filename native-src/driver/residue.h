/* The seam between the driver of products by residues and what an instruction set does for it: loops over lines, none of which fails. */
#ifndef GAMUT_RESIDUE_H
#define GAMUT_RESIDUE_H

#include "moduli.h"
#include "tile.h"

/* Lines of a block: rows or columns of C that are native together. A part of the order residue. */
#define GAMUT_RESIDUE_BLOCK 512

/* Steps of k are laid out in multiples of so many, in an order of the kernel's own, the same for both operands. */
#define GAMUT_RESIDUE_STEPS 64

/* Numbers of so many bits make no sums that few moduli hold, wherever their last bit lies: see Precision. */
#define GAMUT_RESIDUE_WIDE 0x1p24

/* Lines of a panel as they lie in an operand, strides in elements; whether the panel is of rows of tiles or of columns. */
typedef struct gamut_lines {
    const void *src;
    int64_t across, along, count, n;
    int rows;
} gamut_lines;

/* Panels that all meet, `tall` of rows and `wide` of columns, of `steps` steps; and the columns that come next. */
typedef struct gamut_panels {
    const char *rows, *cols, *next;
    int64_t row_stride, col_stride, tall, wide, steps;
} gamut_panels;

typedef struct gamut_residue_kernel {
    /* gamut_dtype of operands and C, bytes of an element, bits of the significand. */
    int32_t type, bytes, significand;

    /* What multiplies bytes, and how many steps of k are laid out together. */
    const gamut_tile *tile;
    int32_t kc;

    /* Copies `count` lines of n elements to lines of `pitch` numbers, followed by zeros up to whole GAMUT_RESIDUE_STEPS. */
    void (*read)(const void *src, int64_t across, int64_t along, int64_t count, int64_t n, double *to, int64_t pitch);

    /*
     * Raises *largest to the bits of the largest magnitude, and lowers *unit to the least power of two that a number's last bit stands for;
     * that not any more once it is below the former by more than a factor of GAMUT_RESIDUE_WIDE.
     */
    void (*scan)(int64_t n, const double *x, uint64_t *largest, double *unit);

    /* r = floor of the root of |x| f g in F32, at most 127; returns the sum of (r + 1)^2. */
    int64_t (*estimate)(int64_t n, const double *x, double f, double g, int8_t *r);

    /* What x f g, rounded to integers of `bits` bits and a sign, leave modulo each: that of modulus q from to + q * plane on. */
    void (*convert)(int64_t n, const double *x, double f, double g, int32_t bits, const gamut_moduli *moduli, int8_t *to, int64_t plane);

    /*
     * The same of whole panels from where their lines lie: what scan does, estimates with sums of squares over the steps there are, residues;
     * with a scale for each line, 0 where there is none. They return whether they do so for lines that lie like this. Null where none does.
     * What is scanned may be kept, a panel's lines side by side, as they lie in the operand.
     */
    int (*scan_lines)(const gamut_lines *lines, uint64_t *largest, double *units, void *copy);
    int (*estimate_lines)(const gamut_lines *lines, const double *f, const double *g, char *panel, int32_t *squares);
    int (*convert_lines)(const gamut_lines *lines, const double *f, const double *g, int32_t bits, const gamut_moduli *moduli, char *panel,
                         int64_t plane);

    /*
     * What products of panels leave modulo a number, those of earlier steps added where `adds`: that of row i and column j at j * pitch + i.
     * There is room for the sums of a panel of columns, `pitch` from column to column, and for residues of whole 64 rows: those beyond the
     * last panel's may be read, and become of no meaning.
     */
    void (*multiply)(const gamut_panels *panels, const gamut_modulus *modulus, int adds, int8_t *residues, int64_t pitch, int32_t *sums);

    /*
     * The largest (rho[i] + gamma[j]) / W^2 over products of panels of estimates, and `least` at least: those of all chunks of k, the last of
     * which answers; `sums` is the same memory from the first to the last, for an even number of panels of rows. Lines that lack have -infinity,
     * up to that number. Null where `need` is to look at sums.
     */
    double (*judge)(const gamut_panels *panels, int first, int last, const double *rho, const double *gamma, double least, int32_t *sums);

    /* What sums leave, which are multiples of GAMUT_RESIDUE_STEPS; those of an earlier piece of k are added where `adds`. */
    void (*reduce)(int64_t n, const int32_t *sums, const gamut_modulus *modulus, int adds, int8_t *residues);

    /* Numbers from their residues, those of modulus q from c + q * plane on: in the manner of dev.gamut.vector.emulated.Reconstruction. */
    void (*rebuild)(int64_t n, const int8_t *c, int64_t plane, const gamut_moduli *moduli, int whole, double *x);

    /* C = beta C + round(alpha x half[i] f (other[i] g)) for one line of C; beta is rounded to its type before it is looked at. */
    void (*store)(int64_t n, const double *x, const double *half, const double *other, double f, double g, double alpha, double beta,
                  void *c, int64_t stride);

    /* The largest of (rho[i] + gamma) / w[i]^2, and `least` at least. */
    double (*need)(int64_t n, const double *w, const double *rho, double gamma, double least);
} gamut_residue_kernel;

/* The kernels of kernels.def, in its order; null where one is of another sort or architecture. */
extern const gamut_residue_kernel *const gamut_residue_kernels[];

#endif
