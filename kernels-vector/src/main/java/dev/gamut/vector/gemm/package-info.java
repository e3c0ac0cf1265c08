/**
 * F64 and F32 matrix products on the Vector API: packed for large problems, unpacked for small ones, and a
 * memory-bound form for matrix times vector.
 */
package dev.gamut.vector.gemm;
