package dev.gamut.bench.cli;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.device.Device;

/** Devices as the command's options name them. */
final class Devices {
    private Devices() {}

    /** With the devices that are named to offload to, or bad usage that says which there are. */
    static Gamut open(GamutConfig config) {
        try {
            return Gamut.open(config);
        } catch (IllegalArgumentException e) {
            throw config.offload().isEmpty() ? e : Failure.usage("--offload: " + e.getMessage());
        }
    }

    /** A device, or bad usage that says which there are. */
    static Device open(Gamut gamut, String name) {
        try {
            return gamut.device(name);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--device: " + e.getMessage());
        }
    }
}
