package dev.gamut.spi;

import dev.gamut.convert.ConvertDesc;

/** A kernel that converts whole matrices from one type to another. */
public non-sealed interface ConvertKernel extends Kernel<ConvertDesc, ConvertExecutor> {}
