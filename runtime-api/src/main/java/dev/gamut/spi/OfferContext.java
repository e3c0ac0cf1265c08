package dev.gamut.spi;

import dev.gamut.device.DeviceInfo;
import dev.gamut.hw.Capabilities;
import java.util.Optional;

/**
 * What an offer may depend on besides the operation. Immutable.
 *
 * @param machine the machine to answer for, not always the host
 * @param tuning cost constants
 * @param threads threads that the operation may use, at least 1
 * @param device where operands live; empty for the host
 */
public record OfferContext(Capabilities machine, Tuning tuning, int threads, Optional<DeviceInfo> device) {
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
        return new OfferContext(machine, tuning, threads, place);
    }
}
