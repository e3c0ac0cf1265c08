package dev.gamut.internal.dispatch;

import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import java.util.Optional;

/**
 * One kernel's place in a selection.
 *
 * @param info the kernel
 * @param place where it computes on copies: a device's name, or {@link #HOST}; empty where operands live
 * @param offer its answer
 * @param rejection why it may not be chosen; empty where it may
 * @param <X> what executes a prepared operation
 */
public record Candidate<X>(KernelInfo info, Optional<String> place, Offer<X> offer, Optional<String> rejection) {
    /** The place of kernels of the host. */
    public static final String HOST = "host";

    boolean eligible() {
        return rejection.isEmpty();
    }

    double seconds() {
        return offer instanceof Offer.Accept<X> accept ? accept.cost().seconds() : Double.POSITIVE_INFINITY;
    }
}
