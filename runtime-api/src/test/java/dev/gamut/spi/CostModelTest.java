package dev.gamut.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Times from constants, and what is said of constants that give none. */
class CostModelTest {
    private static final KernelId KERNEL = KernelId.parse("gemm_f64_f64_f64_f64_5x4v_fma-kc256_vec");

    private static CostModel model(double ghz, double share, double perThread) {
        Map<String, Double> constants = Map.of("ghz", ghz, "fma_share", share, "cycles_per_thread", perThread);
        List<Tuning.Line> lines = constants.entrySet().stream()
                .map(e -> new Tuning.Line(Glob.of("*"), "*", Glob.of("*"), e.getKey(), e.getValue(), "test"))
                .toList();
        Capabilities machine = new Capabilities("x86_64", "any", Set.of(), 512, 8, CacheTopology.DEFAULT);
        return new CostModel(new OfferContext(machine, Tuning.of(lines), 8), KERNEL, 512);
    }

    @Test
    void cyclesBecomeSecondsAndThreads() {
        CostModel model = model(2, 0.5, 1_000);
        assertEquals(3, model.seconds(6e9));
        assertEquals(0.5 * 4 * 8, model.peak("fma_share"));
        assertEquals(1, model.threads(10));
        assertEquals(3, model.threads(3_500));
        assertEquals(8, model.threads(1e12));
    }

    /** As a file of a user may have it, which allows any number of at least 0. */
    @Test
    void ratesOfZeroAreNamed() {
        Map<String, Consumer<CostModel>> asked = Map.of(
                "ghz",
                model -> model.seconds(0),
                "fma_share",
                model -> model.peak("fma_share"),
                "cycles_per_thread",
                model -> model.threads(0));
        asked.forEach((constant, question) -> {
            CostModel model = model(
                    constant.equals("ghz") ? 0 : 2,
                    constant.equals("fma_share") ? 0 : 1,
                    constant.equals("cycles_per_thread") ? 0 : 1);
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> question.accept(model), constant);
            assertTrue(e.getMessage().contains("'" + constant + "' of " + KERNEL + " is 0"), e.getMessage());
        });
        assertThrows(IllegalStateException.class, () -> model(2, 1, 1).get("fork_cycles"));
    }
}
