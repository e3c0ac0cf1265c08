package dev.gamut.conformance;

import dev.gamut.Gamut;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.Glob;
import dev.gamut.spi.KernelInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The rules on the kernels of one provider, as a process of its own: in a JVM of another architecture, or under settings that a process
 * reads once. Options are the system properties {@code gamut.test.*}; with {@code gamut.test.half=0} or 1 each kernel is held to every
 * second rule, and with the other one to the rest, so that runs under like settings share the work. It prints, for scripts and tests to
 * read:
 *
 * <pre>
 * kernel ID              its rules begin
 * passed ID, failed ID   its rules have ended; what is wrong follows in lines of their own, each after two blanks
 * refused ID: REASON     it cannot run here
 * bits PROBLEM HEX ID    a {@link Fingerprint}
 * end                    all of that was done
 * </pre>
 */
public final class ConformanceRun {
    private ConformanceRun() {}

    /**
     * Runs.
     *
     * @param arguments {@code fingerprints} for those of all kernels; or {@code rules}, a provider and a glob of kernel ids, then, where
     *     all of those must be able to run, what the machine must be found to be: its vector width, and features that it has, or with
     *     a minus has not
     */
    public static void main(String... arguments) {
        Options options = Options.ofProperties();
        if (arguments[0].equals("fingerprints")) {
            kernels(kernel -> true).forEach((kernel, unavailable) -> {
                if (unavailable.isEmpty()) {
                    printBits(kernel, options);
                }
            });
        } else {
            List<String> expected = Arrays.asList(arguments).subList(3, arguments.length);
            rules(arguments[1], Glob.of(arguments[2]), expected, options);
        }
        IO.println("end");
    }

    /** Kernels, each with the reason against it. */
    private static Map<KernelInfo, Optional<String>> kernels(Predicate<KernelInfo> wanted) {
        Map<KernelInfo, Optional<String>> found = new LinkedHashMap<>();
        try (Gamut gamut = Gamut.open()) {
            gamut.kernels().stream().filter(wanted).forEach(kernel -> found.put(kernel, gamut.unavailable(kernel)));
        }
        return found;
    }

    private static void rules(String provider, Glob glob, List<String> expected, Options options) {
        if (!expected.isEmpty()) {
            print("machine", differences(expected));
        }
        Map<KernelInfo, Optional<String>> kernels =
                kernels(kernel -> kernel.provider().equals(provider) && glob.matches(kernel.id()));
        if (kernels.isEmpty()) {
            print("kernels", List.of(absence(provider, glob)));
        }
        kernels.forEach((kernel, unavailable) -> {
            String id = kernel.id().toString();
            if (unavailable.isEmpty()) {
                IO.println("kernel " + id);
                print(id, broken(kernel, options));
                printBits(kernel, options);
            } else if (expected.isEmpty()) {
                IO.println("refused " + id + ": " + unavailable.get());
            } else {
                print(id, List.of("it cannot run here: " + unavailable.get()));
            }
        });
    }

    private static String absence(String provider, Glob glob) {
        try (Gamut gamut = Gamut.open()) {
            String reason = gamut.unavailableProviders().getOrDefault(provider, "there is none");
            return "no kernel of " + provider + " matches " + glob + ": " + reason;
        }
    }

    private static List<String> broken(KernelInfo kernel, Options options) {
        List<Conformance.Case> rules = Conformance.cases(kernel, options);
        Integer half = Integer.getInteger("gamut.test.half");
        int start = kernel.id().toString().hashCode();
        return IntStream.range(0, rules.size())
                .filter(rule -> half == null || (start + rule + half) % 2 == 0)
                .mapToObj(rule -> rules.get(rule).run())
                .filter(Outcome::failed)
                .map(Outcome::message)
                .toList();
    }

    private static void printBits(KernelInfo kernel, Options options) {
        for (Fingerprint f : Conformance.fingerprints(kernel, options.seed())) {
            IO.println("bits " + f.problem() + " " + Long.toHexString(f.digest()) + " " + f.kernel());
        }
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
        if (machine.vectorBits() != bits) {
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
