/*
 * Vectors of whatever length the CPU has, for arm/multiply.inc: three of rows by eight columns. A kernel's file includes arm_sve.h and defines T, V, SUFFIX (of the
 * intrinsics, such as f64) and WORD (the letter of svcnt).
 *
 * SVE2 brings nothing for products: what multiplies and adds came with SVE itself (FMLA, SDOT) and with the extensions I8MM and BF16,
 * which SVE has with or without it. So there is no folder for it.
 */
#define GLUE_(a, b) a##b
#define GLUE(a, b) GLUE_(a, b)

static int32_t vector_lanes(void) {
    return (int32_t)GLUE(svcnt, WORD)();
}

#define SCALABLE vector_lanes
#define LANES vector_lanes()
#define VECTORS 3
#define NR 8
#define ALL svptrue_b8()
#define SET(x) GLUE(svdup_n_, SUFFIX)(x)
#define LOAD(p) GLUE(svld1_, SUFFIX)(ALL, p)
#define STORE(p, v) GLUE(svst1_, SUFFIX)(ALL, p, v)
#define ADD(a, b) svadd_x(ALL, a, b)
#define MUL(a, x) svmul_x(ALL, a, x)
#define ROWS(p, v) GLUE(svld1_vnum_, SUFFIX)(ALL, p, v)
#define FACTORS(p) GLUE(svdup_n_, SUFFIX)(*(p))
#define PICK 1
#define MULTIPLY "../arm/multiply.inc"
