package dev.gamut.ffm.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.conformance.Options;
import dev.gamut.ffm.JavaProcess;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Overrides;
import dev.gamut.spi.OfferContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each cap of GAMUT_ISA that makes a difference on this machine, in a process of its own, since the library asks once: the kernels within
 * it keep the rules, on a sample of their problems; the others say that it is the cap which keeps them from running; and the choice
 * is that of a machine which has no more.
 */
class CapTest {
    private static final String VARIABLE = "GAMUT_ISA";

    /** One problem of so many, as there is a process for each cap and {@link ConformanceTest} tries them all. */
    private static final int ONE_IN = 20;

    /** A level and what it admits beside the level before it. */
    private record Level(String name, Feature... adds) {}

    private static final Map<String, List<Level>> LEVELS = Map.of(
            "x86_64",
            List.of(
                    new Level("generic"),
                    new Level("avx2", Feature.AVX2, Feature.FMA, Feature.F16C, Feature.AVX_VNNI),
                    new Level("avx512", Feature.AVX512),
                    new Level("vnni", Feature.AVX512_VNNI, Feature.AVX512_BF16, Feature.AVX512_FP16),
                    new Level("amx", Feature.AMX_INT8, Feature.AMX_BF16)),
            "aarch64",
            List.of(
                    new Level("generic"),
                    new Level("neon", Feature.FMA, Feature.NEON, Feature.DOTPROD, Feature.I8MM, Feature.BF16),
                    new Level("sve", Feature.SVE),
                    new Level("sve2", Feature.SVE2)));

    private final CpuLibrary library = NativeLibraryPresent.assume();
    private final Capabilities host = Capabilities.host();

    @BeforeEach
    void noCapFromOutside() {
        Assumptions.assumeTrue(
                System.getenv(VARIABLE) == null, () -> "cannot run here: " + VARIABLE + "=" + System.getenv(VARIABLE));
    }

    @TestFactory
    List<DynamicTest> caps() {
        List<Level> levels = LEVELS.get(host.arch());
        List<DynamicTest> tests = new ArrayList<>();
        Set<Feature> admitted = EnumSet.noneOf(Feature.class);
        Set<Feature> before = null;
        for (Level level : levels) {
            admitted.addAll(List.of(level.adds));
            Set<Feature> usable = EnumSet.noneOf(Feature.class);
            admitted.stream().filter(f -> library.refusal(f).isEmpty()).forEach(usable::add);
            if (!usable.equals(before)) {
                String reason = VARIABLE + "=" + level.name + " does not admit it";
                tests.add(DynamicTest.dynamicTest(level.name, () -> check(level.name, usable, reason)));
            }
            before = usable;
        }
        String known = String.join(", ", levels.stream().map(Level::name).toList());
        String reason = VARIABLE + " is not one of " + known;
        tests.add(DynamicTest.dynamicTest("no level", () -> check("avx3", Set.of(), reason)));
        return tests;
    }

    private void check(String cap, Set<Feature> usable, String reason) throws Exception {
        String said = run(cap);
        Set<String> passed = new TreeSet<>();
        Set<String> wanted = new TreeSet<>();
        said.lines().filter(line -> line.startsWith("passed ")).forEach(passed::add);
        for (CpuLibrary.Entry entry : library.kernels()) {
            if (usable.containsAll(entry.needs())) {
                wanted.add("passed " + entry.id());
            } else if (isUsableHere(entry)) {
                String refusal = "refused " + entry.id() + ": ";
                assertTrue(
                        said.lines().anyMatch(line -> line.startsWith(refusal) && line.endsWith(" " + reason)),
                        () -> "nothing like '" + refusal + "... " + reason + "' in:\n" + said);
            }
        }
        assertEquals(wanted, passed, said);
        assertEquals(
                choices(usable).toList(),
                said.lines().filter(line -> line.startsWith("chosen ")).toList());
        assertEquals("end", said.lines().toList().getLast());
    }

    private boolean isUsableHere(CpuLibrary.Entry entry) {
        return entry.needs().stream().allMatch(f -> library.refusal(f).isEmpty());
    }

    private static String run(String cap) throws Exception {
        Options options = Options.ofProperties();
        List<String> jvm = List.of(
                "-Xmx1g",
                // On a single processor a BLAS library of the system could be chosen instead.
                "-Dgamut.blas=none",
                "-Dgamut.test.seed=" + options.seed(),
                "-Dgamut.test.one-in=" + (options.full() ? 1 : ONE_IN));
        return JavaProcess.said(JavaProcess.start(JavaProcess.command(jvm, CapRun.class), Map.of(VARIABLE, cap)));
    }

    /** What a process says that has no cap, on a machine that has no more than these features. */
    private Stream<String> choices(Set<Feature> usable) {
        Dispatcher dispatcher = Dispatcher.discovered();
        Capabilities machine = new Capabilities(
                host.arch(), host.cpu(), usable, host.vectorBits(), host.cores(), host.caches(), host.jdk());
        OfferContext context = new OfferContext(machine, dispatcher.tuning(), 1);
        return CapRun.products(library)
                .map(desc -> CapRun.choice(
                        desc,
                        dispatcher
                                .select(desc, context, Overrides.NONE)
                                .chosen()
                                .info()
                                .id()));
    }
}
