/**
 * Products that are computed in other types than their operands': as accurate as F64 or F32 from exact products of bytes, after K. Ozaki, Y.
 * Uchino and T. Imamura, "Ozaki Scheme II: A GEMM-oriented emulation of floating-point matrix multiplication using an integer modular technique"
 * (2025), with a bound by |A|·|B|; and less accurate ones in a narrower type.
 */
package dev.gamut.vector.emulated;
