package dev.gamut.spi;

import dev.gamut.kernel.KernelId;

/**
 * What is known of a kernel before any problem is given to it.
 *
 * @param id its name
 * @param provider name of the provider that registers it
 * @param ieee whether it computes in the native arithmetic of its types, as the numerics table says; false for emulated
 *     and lowered arithmetic
 * @param summary one line for people: the method and where it is meant to be used
 */
public record KernelInfo(KernelId id, String provider, boolean ieee, String summary) {}
