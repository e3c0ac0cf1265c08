package dev.gamut.internal.dispatch;

import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import java.util.Optional;

/**
 * One kernel's place in a selection.
 *
 * @param info the kernel
 * @param offer its answer
 * @param rejection why it may not be chosen; empty where it may
 * @param <X> what executes a prepared operation
 */
public record Candidate<X>(KernelInfo info, Offer<X> offer, Optional<String> rejection) {
    boolean eligible() {
        return rejection.isEmpty();
    }

    double seconds() {
        return offer instanceof Offer.Accept<X> accept ? accept.cost().seconds() : Double.POSITIVE_INFINITY;
    }
}
