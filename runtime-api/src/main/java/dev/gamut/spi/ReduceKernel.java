package dev.gamut.spi;

import dev.gamut.reduce.ReduceDesc;

/** A kernel that computes whole reductions. */
public non-sealed interface ReduceKernel extends Kernel<ReduceDesc, ReduceExecutor> {}
