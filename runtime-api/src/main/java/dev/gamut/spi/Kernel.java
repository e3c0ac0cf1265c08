package dev.gamut.spi;

import dev.gamut.hw.Capabilities;
import java.util.Optional;

/**
 * One entry of a provider's table: something that can carry out whole operations of one kind. Immutable and thread-safe.
 *
 * @param <D> descriptor of the operation
 * @param <X> what executes a prepared operation
 */
public sealed interface Kernel<D, X> permits GemmKernel, ReduceKernel, ConvertKernel {
    /** Name, tile and arithmetic. */
    KernelInfo info();

    /**
     * Why this kernel cannot run on a machine at all.
     *
     * @param machine any machine, not only the host
     * @return the reason, empty where it can run
     */
    Optional<String> unavailable(Capabilities machine);

    /**
     * Whether and how well this kernel would carry out an operation. A pure function of its arguments. The dispatcher asks only about the
     * operation of its id, on operands of the types that those of the id begin with.
     *
     * @param desc the operation
     * @param context machine, tuning and threads to answer for
     * @return an acceptance with cost and promises, or a refusal with its reason
     */
    Offer<X> offer(D desc, OfferContext context);
}
