/**
 * Matrix products as accurate as F64 or F32 from exact products of bytes, after K. Ozaki, Y. Uchino and T. Imamura, "Ozaki Scheme II: A
 * GEMM-oriented emulation of floating-point matrix multiplication using an integer modular technique" (2025), with a bound by |A|·|B|.
 */
package dev.gamut.vector.residue;
