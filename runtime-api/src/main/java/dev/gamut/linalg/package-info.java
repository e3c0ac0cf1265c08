/**
 * Factorisations and solvers for dense matrices, built of products that the runtime picks kernels for. Matrices are F64 or F32; how accurate
 * the products must be is an argument everywhere.
 */
package dev.gamut.linalg;
