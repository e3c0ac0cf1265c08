package dev.gamut.ffm.program;

import dev.gamut.device.DeviceInfo;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import java.util.Optional;

/**
 * What kernels of devices share: what is known of them, and an answer that is an objection or an acceptance. Immutable and thread-safe.
 *
 * @param <D> descriptor of the operation
 * @param <X> what executes a prepared operation
 */
public abstract class DeviceKernel<D, X> {
    private final KernelInfo info;

    /** With a name. */
    protected DeviceKernel(KernelInfo info) {
        this.info = info;
    }

    /** Name, tile and arithmetic. */
    public final KernelInfo info() {
        return info;
    }

    /**
     * Whether and how well this kernel would carry out an operation.
     *
     * @param desc the operation
     * @param context with the device that operands live on
     */
    public final Offer<X> offer(D desc, OfferContext context) {
        Optional<String> reason = objection(desc, context.device().orElseThrow());
        return reason.isPresent() ? new Offer.Decline<>(reason.get()) : acceptance(desc, context);
    }

    /** What stands against an operation on a device; empty where nothing does. */
    protected abstract Optional<String> objection(D desc, DeviceInfo device);

    /** Cost and promises, for an operation that nothing stands against. */
    protected abstract Offer.Accept<X> acceptance(D desc, OfferContext context);

    /** What stands against a product of other types; empty where they are this kernel's. */
    protected final Optional<String> ofOtherTypes(GemmDesc product) {
        return product.types().equals(info.id().types())
                ? Optional.empty()
                : Optional.of("types are " + product.types() + "; the kernel's are "
                        + info.id().types());
    }

    @Override
    public final String toString() {
        return info.id().toString();
    }
}
