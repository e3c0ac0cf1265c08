/* The names and the integers of the interface under test: LP64, or with GAMUT_ILP64 the one of 64 bits. */
#ifndef GAMUT_SYMBOLS_H
#define GAMUT_SYMBOLS_H

#include <stdint.h>

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

#ifdef GAMUT_ILP64
#define INT int64_t
#define FORTRAN_NAME(name) PASTE(name, _64_)
#define CBLAS_NAME(name) PASTE(PASTE(cblas_, name), 64_)
#else
#define INT int
#define FORTRAN_NAME(name) PASTE(name, _)
#define CBLAS_NAME(name) PASTE(cblas_, name)
#endif

#endif
