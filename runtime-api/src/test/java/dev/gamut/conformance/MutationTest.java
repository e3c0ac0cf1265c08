package dev.gamut.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.hw.Capabilities;
import dev.gamut.spi.Kernel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules find what they are meant to find: kernels that are wrong in one way each, and none in those that are right. */
class MutationTest {
    /** The first failure, which is enough. */
    private static Optional<Outcome> failure(Kernel<?, ?> kernel) {
        return Conformance.cases(kernel.info(), () -> new FakeSubject(kernel), Options.DEFAULT).stream()
                .map(Conformance.Case::run)
                .filter(Outcome::failed)
                .findFirst();
    }

    @ParameterizedTest
    @EnumSource(FlawedGemm.Flaw.class)
    void gemm(FlawedGemm.Flaw flaw) {
        FlawedGemm kernel = new FlawedGemm(flaw);
        expect(flaw == FlawedGemm.Flaw.NONE, kernel, failure(kernel));
    }

    @ParameterizedTest
    @EnumSource(FlawedReduce.Flaw.class)
    void reduce(FlawedReduce.Flaw flaw) {
        FlawedReduce kernel = new FlawedReduce(flaw);
        expect(flaw.name().startsWith("NONE"), kernel, failure(kernel));
    }

    @ParameterizedTest
    @EnumSource(FlawedConvert.Flaw.class)
    void convert(FlawedConvert.Flaw flaw) {
        FlawedConvert kernel = new FlawedConvert(flaw);
        expect(flaw == FlawedConvert.Flaw.NONE, kernel, failure(kernel));
    }

    /** What emulated machines get: less of every rule, nothing of none, and the same again from the same seed. */
    @Test
    void aSampleTriesAFewProblemsOfEachRule() {
        FlawedGemm kernel = new FlawedGemm(FlawedGemm.Flaw.NONE);
        List<Outcome> all = outcomes(kernel, Options.DEFAULT);
        List<Outcome> sample = outcomes(kernel, new Options(false, Options.SEED, 40));
        for (int rule = 0; rule < all.size(); rule++) {
            int problems = sample.get(rule).problems();
            assertEquals(all.get(rule).status(), sample.get(rule).status());
            assertTrue(problems >= 1 && problems <= 1 + all.get(rule).problems() / 10, sample.get(rule)::toString);
        }
        assertEquals(sample, outcomes(kernel, new Options(false, Options.SEED, 40)));
        assertThrows(IllegalArgumentException.class, () -> new Options(false, 1, 0));
    }

    /** Such as operands whose elements lie apart, which do not take part in the cross product. */
    @Test
    void theFullRunTriesWhatTheOtherOneDoes() {
        GemmFactors factors =
                new GemmFactors(new FlawedGemm(FlawedGemm.Flaw.NONE).info().id(), Capabilities.host());
        for (boolean exact : new boolean[] {false, true}) {
            List<GemmSpec> pairs = factors.combinations(exact, Options.DEFAULT);
            List<GemmSpec> all = factors.combinations(exact, new Options(true, Options.SEED));
            assertTrue(all.containsAll(pairs) && all.size() > 2 * pairs.size(), () -> all.size() + " problems");
            assertTrue(pairs.stream().anyMatch(spec -> spec.c().order() == GemmSpec.Order.STRIDED));
        }
    }

    private static List<Outcome> outcomes(Kernel<?, ?> kernel, Options options) {
        return Conformance.cases(kernel.info(), () -> new FakeSubject(kernel), options).stream()
                .map(Conformance.Case::run)
                .filter(outcome -> outcome.status() != Outcome.Status.NOT_APPLICABLE)
                .toList();
    }

    private static void expect(boolean right, Kernel<?, ?> kernel, Optional<Outcome> failure) {
        if (right) {
            assertEquals(Optional.empty(), failure);
            return;
        }
        String message = failure.map(Outcome::message).orElse("no rule found it");
        assertTrue(message.startsWith(kernel.info().id().toString()), message);
        assertTrue(message.contains("seed " + Options.SEED), message);
        assertEquals(1, message.lines().count(), message);
    }
}
