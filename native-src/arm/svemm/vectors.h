/* SVE's vectors for arm/mmla.inc, of whatever length the CPU has. A kernel's file includes arm_sve.h and defines SUFFIX, that of sums. */
#define GLUE_(a, b) a##b
#define GLUE(a, b) GLUE_(a, b)

static int32_t vector_lanes(void) {
    return (int32_t)svcntw();
}

#define SCALABLE vector_lanes
#define LANES vector_lanes()
#define P svuint8_t
#define ALL svptrue_b8()
#define ROWS(p, v) svld1_vnum_u8(ALL, p, v)
#define COLS(p) svld1rq_u8(ALL, p)
#define ZERO() GLUE(svdup_n_, SUFFIX)(0)
#define LOAD(p) GLUE(svld1_, SUFFIX)(ALL, p)
#define STORE(p, v) GLUE(svst1_, SUFFIX)(ALL, p, v)
#define ADD(a, b) svadd_x(ALL, a, b)
#define UNZIP1(x, y) svuzp1(x, y)
#define UNZIP2(x, y) svuzp2(x, y)
#define UNZIP1_PAIRS(x, y) \
    GLUE(GLUE(svreinterpret_, SUFFIX), _s64)(svuzp1(svreinterpret_s64(x), svreinterpret_s64(y)))
#define UNZIP2_PAIRS(x, y) \
    GLUE(GLUE(svreinterpret_, SUFFIX), _s64)(svuzp2(svreinterpret_s64(x), svreinterpret_s64(y)))
