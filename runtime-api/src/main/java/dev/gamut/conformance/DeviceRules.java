package dev.gamut.conformance;

import dev.gamut.Gamut;
import dev.gamut.device.Device;
import java.util.Optional;
import java.util.SplittableRandom;

/** What devices must keep: sequences of operations give what the same operations give on the host, and leave nothing behind. */
public final class DeviceRules {
    private DeviceRules() {}

    /**
     * Runs random sequences of allocations, copies, products, reductions, events and closings on two devices at once.
     *
     * @param first name of a device
     * @param second name of another one, or of the same
     * @param count sequences
     * @param seed where random numbers start; sequence i of a seed is sequence 0 of seed + i
     * @return what is wrong with the first sequence that went wrong, its seed named; empty where all is well
     */
    public static Optional<String> sequences(String first, String second, int count, long seed) {
        long leaks = Device.leaks();
        try (Gamut gamut = Gamut.open();
                Device x = gamut.device(first);
                Device y = gamut.device(second)) {
            for (int i = 0; i < count; i++) {
                try (DeviceSequence sequence =
                        new DeviceSequence(gamut, new Device[] {x, y}, new SplittableRandom(seed + i))) {
                    sequence.run();
                } catch (RuntimeException | AssertionError e) {
                    return Optional.of("seed " + (seed + i) + ": " + e);
                }
                if (x.open() + y.open() > 0) {
                    return Optional.of(
                            "seed " + (seed + i) + ": " + x.open() + " and " + y.open() + " resources are open");
                }
            }
        }
        return leaks == Device.leaks() ? Optional.empty() : Optional.of(Device.leaks() - leaks + " resources leaked");
    }
}
