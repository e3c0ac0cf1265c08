/*
 * Loops over vectors in memory need no kernel of their own: the compiler makes one version for each level of x86-64 and the loader takes
 * the best that the CPU has. (Sanitizers cannot follow that.)
 */
#ifndef GAMUT_CLONES_H
#define GAMUT_CLONES_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define CLONES __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define CLONES
#endif

#endif
