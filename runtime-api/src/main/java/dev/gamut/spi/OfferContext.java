package dev.gamut.spi;

import dev.gamut.device.DeviceInfo;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.hw.Capabilities;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an offer may depend on besides the operation. Immutable.
 *
 * @param machine the machine to answer for, not always the host
 * @param tuning cost constants
 * @param threads threads that the operation may use, at least 1
 * @param device where operands live; empty for the host
 * @param inner what an inner product would cost, by the kernel that would be chosen for it: {@link PlanContext#plan}
 */
public record OfferContext(
        Capabilities machine, Tuning tuning, int threads, Optional<DeviceInfo> device, Function<GemmDesc, Cost> inner) {
    /**
     * Without anyone to ask about inner products.
     *
     * @param machine the machine to answer for
     * @param tuning cost constants
     * @param threads threads that the operation may use, at least 1
     * @param device where operands live; empty for the host
     */
    public OfferContext(Capabilities machine, Tuning tuning, int threads, Optional<DeviceInfo> device) {
        this(machine, tuning, threads, device, desc -> {
            throw new IllegalStateException("nobody is there to say what " + desc + " costs");
        });
    }

    /**
     * On the host.
     *
     * @param machine the machine to answer for
     * @param tuning cost constants
     * @param threads threads that the operation may use, at least 1
     */
    public OfferContext(Capabilities machine, Tuning tuning, int threads) {
        this(machine, tuning, threads, Optional.empty());
    }

    /**
     * With operands elsewhere.
     *
     * @param place a device, or empty for the host
     * @return a copy
     */
    public OfferContext on(Optional<DeviceInfo> place) {
        return new OfferContext(machine, tuning, threads, place, inner);
    }

    /**
     * With someone to ask about inner products.
     *
     * @param costs what the kernel chosen for a product would cost
     * @return a copy
     */
    public OfferContext inner(Function<GemmDesc, Cost> costs) {
        return new OfferContext(machine, tuning, threads, device, costs);
    }
}
