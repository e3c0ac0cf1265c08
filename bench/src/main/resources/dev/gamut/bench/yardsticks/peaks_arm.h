/*
 * Peaks of 64-bit Arm processors: NEON, its extensions, and SVE. Assembler text, as compilers differ in what they demand
 * before they offer the intrinsics; they differ in how the assembler is told, too.
 */
#include <arm_neon.h>
#ifdef __linux__
#include <sys/auxv.h>
#include <sys/prctl.h>
#endif

/* ---- What the CPU has. ---- */

/* A bit of one of the two words in which Linux lists features (asm/hwcap.h). */
static int hwcap_bit(int word, int bit) {
#ifdef __linux__
    return (int)(getauxval(word == 1 ? AT_HWCAP : AT_HWCAP2) >> bit & 1);
#else
    (void)word, (void)bit;
    return -1;
#endif
}

static int has_neon(void) { return 1; }
static int has_fp16(void) { return hwcap_bit(1, 10); } /* HWCAP_ASIMDHP */
static int has_dot(void) { return hwcap_bit(1, 20); }  /* HWCAP_ASIMDDP */
static int has_sve(void) { return hwcap_bit(1, 22); }  /* HWCAP_SVE */
static int has_i8mm(void) { return hwcap_bit(2, 13); } /* HWCAP2_I8MM */
static int has_bf16(void) { return hwcap_bit(2, 14); } /* HWCAP2_BF16 */

/* Times 16 bytes: the length of NEON's vectors. */
static double neon(void) { return 1; }

/* Times 16 bytes: the length of SVE's vectors, as this process has them. */
static double sve(void) {
#ifdef __linux__
    return (prctl(PR_SVE_GET_VL) & PR_SVE_VL_LEN_MASK) / 16.0;
#else
    return 1;
#endif
}

/* ---- Loops. ---- */

/* Text with the number of each of the 24 registers that accumulate: 8 to 31. */
#define EACH(a, z)                                                                                       \
    a "8" z a "9" z a "10" z a "11" z a "12" z a "13" z a "14" z a "15" z a "16" z a "17" z a "18" z    \
    a "19" z a "20" z a "21" z a "22" z a "23" z a "24" z a "25" z a "26" z a "27" z a "28" z a "29" z  \
    a "30" z a "31" z

#ifdef __clang__
#define FEATURE(gcc, clang) __attribute__((target(clang)))
#else
#define FEATURE(gcc, clang) __attribute__((target("arch=" gcc)))
#endif

/* A loop of 24 chains of an instruction: text before and after its accumulator's number; factors in registers 0 and 1. */
#define ARM_PEAK(name, feature, factor, before, after, vectors, operations)                            \
    feature static double name(int64_t steps) {                                                          \
        int64_t left = steps;                                                                            \
        __asm__ volatile(EACH("movi v", ".16b, #0\n")                                                    \
                         factor "\nmov v1.16b, v0.16b\n"                                                 \
                         "1:\n" EACH(before, after "\n") "subs %0, %0, #1\nb.ne 1b\n"                    \
                         : "+r"(left)                                                                    \
                         :                                                                               \
                         : "cc", "p0", "v0", "v1", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", \
                           "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26",  \
                           "v27", "v28", "v29", "v30", "v31");                                           \
        return (double)steps * 24 * operations * vectors();                                              \
    }

ARM_PEAK(f64_neon, FEATURE("armv8-a", "neon"), "fmov v0.2d, #0.5", "fmla v", ".2d, v0.2d, v1.2d", neon, 4)
ARM_PEAK(f32_neon, FEATURE("armv8-a", "neon"), "fmov v0.4s, #0.5", "fmla v", ".4s, v0.4s, v1.4s", neon, 8)
ARM_PEAK(f16_neon, FEATURE("armv8.2-a+fp16", "fullfp16"), "fmov v0.8h, #0.5", "fmla v", ".8h, v0.8h, v1.8h", neon, 16)
ARM_PEAK(i8_sdot, FEATURE("armv8.2-a+dotprod", "dotprod"), "movi v0.16b, #3", "sdot v", ".4s, v0.16b, v1.16b", neon, 32)
ARM_PEAK(i8_smmla, FEATURE("armv8.2-a+i8mm", "i8mm"), "movi v0.16b, #3", "smmla v", ".4s, v0.16b, v1.16b", neon, 64)
ARM_PEAK(bf16_bfmmla, FEATURE("armv8.2-a+bf16", "bf16"),
         "movi v0.8h, #0x3f, lsl #8", "bfmmla v", ".4s, v0.8h, v1.8h", neon, 32)

/* Copying a NEON register clears the rest of SVE's, hence a first factor that is copied by SVE itself. */
#define SVE_FACTOR(type) "ptrue p0.b\nfmov z0." type ", #0.5"
ARM_PEAK(f64_sve, FEATURE("armv8.2-a+sve", "sve"), SVE_FACTOR("d"), "fmla z", ".d, p0/m, z0.d, z0.d", sve, 4)
ARM_PEAK(f32_sve, FEATURE("armv8.2-a+sve", "sve"), SVE_FACTOR("s"), "fmla z", ".s, p0/m, z0.s, z0.s", sve, 8)

static const struct peak PEAKS[] = {
    {"f64_neon", "NEON", has_neon, f64_neon},
    {"f64_sve", "SVE", has_sve, f64_sve},
    {"f32_neon", "NEON", has_neon, f32_neon},
    {"f32_sve", "SVE", has_sve, f32_sve},
    {"f16_neon", "FP16 vectors", has_fp16, f16_neon},
    {"i8_sdot", "SDOT", has_dot, i8_sdot},
    {"i8_smmla", "I8MM", has_i8mm, i8_smmla},
    {"bf16_bfmmla", "BF16", has_bf16, bf16_bfmmla},
};
