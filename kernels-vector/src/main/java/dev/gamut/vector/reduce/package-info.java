/**
 * Reductions on the Vector API: one leaf for each step and type, one traversal for tensors, rows and columns.
 *
 * <p>{@link dev.gamut.vector.reduce.ReduceTable} lists the kernels, {@code Formula} says which passes an operation
 * takes, {@code Geometry} where the terms of each result lie, {@code Worker} walks them block by block, and the
 * leaves of {@code F64Leaves} and {@code F32Leaves} do the arithmetic on Java arrays.
 */
package dev.gamut.vector.reduce;
