package dev.gamut.ffm.program;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceInfo;
import java.util.Optional;

/** How programs come to the devices of a provider. Thread-safe. */
public interface Language {
    /** A program on a device, ready to be launched. */
    @FunctionalInterface
    interface Ready {
        /**
         * Begins a call.
         *
         * @param function of the program
         */
        Launch launch(String function);
    }

    /** The provider, which is what kernels are called by, too. */
    String provider();

    /** For people. */
    String title();

    /** Why there are no programs at all; empty where there are. */
    Optional<String> missing();

    /** What stands against programs on a device; empty where nothing does. */
    Optional<String> objection(DeviceInfo device);

    /**
     * Brings a program to a device.
     *
     * @param device opened by the provider
     * @param program what
     */
    Ready ready(Device device, Program program);
}
