/** Operands of matrix kernels: elements of any type in arrays and segments, read and written as F64 or F32 numbers. */
package dev.gamut.vector.matrix;
