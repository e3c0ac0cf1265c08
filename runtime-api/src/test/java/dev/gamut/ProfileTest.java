package dev.gamut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.accuracy.Profile;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import dev.gamut.linalg.LinearSystem;
import dev.gamut.linalg.Refinement;
import dev.gamut.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What calls get that ask for nothing: by a word, each part of it overridden from outside and by the program. */
class ProfileTest {
    private static final List<String> SETTINGS = List.of("profile", "accuracy", "determinism", "solver", "tolerance");

    @AfterEach
    void nothingIsSet() {
        SETTINGS.forEach(name -> System.clearProperty("gamut." + name));
    }

    @Test
    void nothingSaidIsTheGeneralOne() {
        assertEquals(Profile.GENERAL, GamutConfig.defaults().profile());
    }

    @ParameterizedTest
    @ValueSource(strings = {"general", "hpc", "ai-training", "ai-inference"})
    void aWordSetsAllOfIt(String name) {
        System.setProperty("gamut.profile", name);
        Profile profile = GamutConfig.defaults().profile();
        assertEquals(Profile.of(name), profile);
        try (Gamut gamut = Gamut.open()) {
            assertTrue(gamut.describe().contains("profile: " + profile), gamut.describe());
        }
    }

    @Test
    void namesAreDifferentAndSoIsWhatTheyMean() {
        assertEquals(
                Profile.ALL.size(),
                Profile.ALL.stream().map(Profile::name).distinct().count());
        assertEquals(
                Profile.ALL.size(),
                Profile.ALL.stream()
                        .map(p -> p.toString().substring(p.name().length()))
                        .distinct()
                        .count());
    }

    @Test
    void eachPartIsOverriddenFromOutside() {
        System.setProperty("gamut.profile", "hpc");
        System.setProperty("gamut.accuracy", "within:1e-3");
        System.setProperty("gamut.determinism", "bitwise:tree64");
        System.setProperty("gamut.solver", "direct");
        System.setProperty("gamut.tolerance", "1e-8");
        assertEquals(
                new Profile(
                        "hpc",
                        Accuracy.within(1e-3),
                        Determinism.bitwise(EvaluationOrder.TREE64),
                        Profile.Solver.DIRECT,
                        1e-8),
                GamutConfig.defaults().profile());
    }

    @Test
    void eachPartIsOverriddenByTheProgram() {
        System.setProperty("gamut.accuracy", "within:1e-3");
        GamutConfig config = GamutConfig.defaults().profile(Profile.HPC);
        assertEquals(Profile.HPC, config.profile());
        assertEquals(
                Accuracy.atLeast(DType.F16),
                config.accuracy(Accuracy.atLeast(DType.F16)).profile().accuracy());
        assertEquals(
                Determinism.ANY, config.determinism(Determinism.ANY).profile().determinism());
        assertEquals(
                Profile.Solver.DIRECT,
                config.solver(Profile.Solver.DIRECT).profile().solver());
        assertEquals(0.5, config.tolerance(0.5).profile().tolerance());
        assertEquals(
                Profile.HPC, config.threads(1).strict(false).withoutTuningFile().profile());
    }

    @ParameterizedTest
    @CsvSource({
        "profile, fast, 'general, hpc, ai-training, ai-inference'",
        "accuracy, exact, 'native, atLeast:TYPE and within:EPS'",
        "accuracy, native:f32, none is allowed",
        "determinism, bits, 'any, run_to_run, bitwise and bitwise:ORDER'",
        "determinism, any:tree64, 'any, run_to_run, bitwise and bitwise:ORDER'",
        "solver, cg, direct and refined",
        "tolerance, none, a number such as",
        "tolerance, 1e-20, 2^-53",
        "tolerance, NaN, 2^-53"
    })
    void whatIsNoneIsNamedWithWhatIs(String setting, String value, String allowed) {
        System.setProperty("gamut." + setting, value);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, GamutConfig::defaults);
        assertTrue(e.getMessage().contains(allowed), e.getMessage());
        assertTrue(e.getMessage().contains(value) || value.equals("1e-20"), e.getMessage());
    }

    /** A sum that must be reproducible is made by a kernel that is, and gives its bits for any number of threads. */
    @Test
    void callsThatAskForNothingGetIt() {
        SplittableRandom random = new SplittableRandom(3);
        double[] x = random.doubles(100_003, -1, 1).toArray();
        double wanted;
        try (Gamut general = Gamut.open(GamutConfig.defaults().threads(1))) {
            wanted = general.sum(x, Determinism.bitwise(EvaluationOrder.TREE64));
        }
        Determinism tree = Determinism.bitwise(EvaluationOrder.TREE64);
        for (int threads = 1; threads <= 3; threads++) {
            GamutConfig config = GamutConfig.defaults().threads(threads).determinism(tree);
            try (Gamut gamut = Gamut.open(config)) {
                assertEquals(wanted, gamut.sum(x));
                double[] ones = new double[x.length];
                java.util.Arrays.fill(ones, 1);
                assertEquals(gamut.ddot(x.length, x, 1, ones, 1), gamut.ddot(x.length, x, 1, ones, 1));
            }
        }
    }

    /** The demand reaches the planner: no kernel promises what is asked for here, so the call is refused. */
    @Test
    void aDemandThatNobodyMeetsIsRefused() {
        GamutConfig config = GamutConfig.defaults().accuracy(Accuracy.within(1e-300));
        try (Gamut gamut = Gamut.open(config)) {
            Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
            Tensor c = Tensor.zeros(DType.F64, 2, 2);
            assertThrows(dev.gamut.error.UnsupportedProblemException.class, () -> gamut.gemm(x, x, c));
            assertThrows(dev.gamut.error.UnsupportedProblemException.class, () -> gamut.sum(x));
            gamut.gemm(x, x, c, g -> g.accuracy(Accuracy.NATIVE));
            assertEquals(7, c.get(0, 0));
        }
    }

    @Test
    void systemsAreSolvedAsItSays() {
        int n = 60;
        SplittableRandom random = new SplittableRandom(9);
        double[] a = random.doubles(n * n, -1, 1).toArray();
        for (int i = 0; i < n; i++) {
            a[i * n + i] += n; // far from singular
        }
        double[] b = random.doubles(n, -1, 1).toArray();
        assertEquals(DType.F64, solved(Profile.GENERAL, a, n, b).factored());
        Refinement.Solution exact = solved(Profile.HPC, a, n, b);
        Refinement.Solution rough = solved(Profile.AI_TRAINING, a, n, b);
        assertEquals(DType.F32, exact.factored());
        assertEquals(DType.F32, rough.factored());
        assertTrue(exact.backwardError() <= Math.sqrt(n) * 0x1p-53, exact.toString());
        assertTrue(rough.backwardError() <= Math.sqrt(n) * 0x1p-24, rough.toString());
        assertTrue(rough.steps() < exact.steps(), rough.steps() + " and " + exact.steps());
    }

    private static Refinement.Solution solved(Profile profile, double[] a, int n, double[] b) {
        try (Gamut gamut = Gamut.open(GamutConfig.defaults().profile(profile))) {
            return LinearSystem.solve(gamut, a, n, b);
        }
    }

    /** In a process of its own, since the settings of one are read once for collectives. */
    @Test
    void collectivesGetItFromOutside() throws Exception {
        assertEquals(Determinism.ANY.toString(), determinism());
        assertEquals(Determinism.BITWISE.toString(), determinism("-Dgamut.profile=hpc"));
        assertEquals(
                Determinism.RUN_TO_RUN.toString(),
                determinism("-Dgamut.profile=hpc", "-Dgamut.determinism=run_to_run"));
        assertEquals(Determinism.BITWISE.toString(), determinism("-Dgamut.determinism=bitwise:tree64"));
    }

    private static String determinism(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Ask.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String answer = new String(process.getInputStream().readAllBytes()).strip();
        assertEquals(0, process.waitFor(), answer);
        return answer.lines().toList().getLast();
    }

    /** What a collective that asks for nothing gets. */
    static final class Ask {
        public static void main(String... none) {
            Tensor x = Tensor.of(new double[1], 1);
            System.out.println(CollectiveCall.allReduce(x, x, Combine.SUM).determinism());
        }
    }

    /** One environment serves programs in Java and those that call the BLAS. */
    @Test
    void accuracyIsWrittenAsForTheBlas() {
        assertEquals(Accuracy.atLeast(DType.F64), Accuracy.parse("atleast-f64"));
        assertEquals(Accuracy.atLeast(DType.F64), Accuracy.parse("atLeast:F64"));
        assertEquals(Accuracy.within(1e-6), Accuracy.parse("within:1e-6"));
    }
}
