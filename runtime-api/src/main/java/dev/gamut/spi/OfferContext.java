package dev.gamut.spi;

import dev.gamut.hw.Capabilities;

/**
 * What an offer may depend on besides the operation. Immutable.
 *
 * @param machine the machine to answer for, not always the host
 * @param tuning cost constants
 * @param threads threads that the operation may use, at least 1
 */
public record OfferContext(Capabilities machine, Tuning tuning, int threads) {}
