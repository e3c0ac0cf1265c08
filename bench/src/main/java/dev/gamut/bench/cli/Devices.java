package dev.gamut.bench.cli;

import dev.gamut.Gamut;
import dev.gamut.device.Device;

/** Devices as the command's options name them. */
final class Devices {
    private Devices() {}

    /** A device, or bad usage that says which there are. */
    static Device open(Gamut gamut, String name) {
        try {
            return gamut.device(name);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--device: " + e.getMessage());
        }
    }
}
