package dev.gamut.vector;

import dev.gamut.Gamut;
import dev.gamut.conformance.Conformance;
import dev.gamut.conformance.Fingerprint;
import dev.gamut.conformance.Options;
import dev.gamut.conformance.Outcome;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.Glob;
import dev.gamut.spi.KernelInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The rules of {@link ConformanceTest} without a test framework, for a JVM of another architecture: one line for each kernel
 * that keeps or breaks them, and its fingerprints to compare with those of other machines. Options are the system properties
 * {@code gamut.test.*}.
 */
final class ConformanceRun {
    private ConformanceRun() {}

    /**
     * Runs.
     *
     * @param arguments {@code rules|fingerprints}, then a glob of kernel ids, then where it matters what the machine must be
     *     found to be: its vector width, then features that it has, or with a minus has not
     */
    static void main(String... arguments) {
        boolean rules = arguments[0].equals("rules");
        Glob glob = Glob.of(arguments[1]);
        if (arguments.length > 2) {
            print("machine", differences(Arrays.asList(arguments).subList(2, arguments.length)));
        }
        Options options = Options.ofProperties();
        for (KernelInfo kernel : usable(glob)) {
            boolean own = kernel.provider().equals("vector");
            if (rules && own) {
                print(kernel.id().toString(), broken(kernel, options));
            } else if (own) {
                IO.println("kernel " + kernel.id());
            } else if (rules) {
                continue;
            }
            for (Fingerprint f : Conformance.fingerprints(kernel, options.seed())) {
                IO.println("bits " + f.problem() + " " + Long.toHexString(f.digest()) + " " + f.kernel());
            }
        }
    }

    private static List<KernelInfo> usable(Glob glob) {
        try (Gamut gamut = Gamut.open()) {
            return gamut.kernels().stream()
                    .filter(kernel -> glob.matches(kernel.id()))
                    .filter(kernel -> gamut.unavailable(kernel).isEmpty())
                    .toList();
        }
    }

    private static List<String> broken(KernelInfo kernel, Options options) {
        return Conformance.cases(kernel, options).stream()
                .map(Conformance.Case::run)
                .filter(Outcome::failed)
                .map(Outcome::message)
                .toList();
    }

    private static void print(String name, List<String> faults) {
        IO.println((faults.isEmpty() ? "passed " : "failed ") + name);
        faults.forEach(fault -> IO.println("  " + fault));
    }

    /** What {@code Capabilities} says otherwise than expected. */
    private static List<String> differences(List<String> expected) {
        Capabilities machine = Capabilities.host();
        List<String> faults = new ArrayList<>();
        int bits = Integer.parseInt(expected.getFirst());
        if (machine.vectorBits() != bits || Species.F64.vectorBitSize() != bits) {
            faults.add("vectors have " + machine.vectorBits() + " bits, not " + bits);
        }
        Set<Feature> found = EnumSet.noneOf(Feature.class);
        found.addAll(machine.features());
        for (String feature : expected.subList(1, expected.size())) {
            boolean absent = feature.startsWith("-");
            if (found.contains(Feature.valueOf(absent ? feature.substring(1) : feature)) == absent) {
                faults.add("features are " + found + ", which does not agree with " + feature);
            }
        }
        return faults;
    }
}
