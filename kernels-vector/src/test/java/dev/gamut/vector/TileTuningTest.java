package dev.gamut.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Overrides;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which register tile is chosen follows from the constants for this instruction set, vector length and JDK. */
class TileTuningTest {
    private static final Dispatcher DISPATCHER = new Dispatcher(List.of(new VectorProvider()));

    private static final Capabilities MACHINE = new Capabilities(
                    "x86_64",
                    "Some CPU",
                    EnumSet.of(Feature.AVX2, Feature.FMA, Feature.AVX512),
                    512,
                    8,
                    new CacheTopology(32 << 10, 1 << 20, 32 << 20))
            .withJdk(25);

    private static final GemmDesc LARGE = GemmDesc.of(DType.F64, 1000, 1000, 1000);

    private static Tuning.Line share(String machine, String bits, String tile, double value) {
        return new Tuning.Line(
                Glob.of(machine), bits, Glob.of("gemm_*_f64_*_" + tile + "*_vec"), "fma_share", value, "test");
    }

    private static String chosen(Capabilities machine, Tuning tuning) {
        KernelId id = DISPATCHER
                .select(LARGE, new OfferContext(machine, tuning.over(DISPATCHER.tuning()), 1), Overrides.NONE)
                .chosen()
                .info()
                .id();
        return id.tile().orElseThrow().toString();
    }

    @Test
    void anotherShareMakesAnotherTile() {
        String shipped = chosen(MACHINE, Tuning.EMPTY);
        for (String tile : List.of("12x2v", "5x4v", "5x2v")) {
            assertEquals(tile, chosen(MACHINE, Tuning.of(List.of(share("*", "*", tile, 0.99)))));
        }
        assertNotEquals(shipped, chosen(MACHINE, Tuning.of(List.of(share("*", "*", shipped, 0.1)))));
    }

    @Test
    void linesAreForOneInstructionSetOneLengthAndOneJdk() {
        Tuning tuning = Tuning.of(List.of(
                share("x86_64/Some CPU/25", "512", "5x2v", 0.99), share("x86_64/Some CPU/26", "512", "5x4v", 0.99)));
        String shipped = chosen(MACHINE, Tuning.EMPTY);
        assertEquals("5x2v", chosen(MACHINE, tuning));
        assertEquals("5x4v", chosen(MACHINE.withJdk(26), tuning));
        assertEquals(shipped, chosen(MACHINE.withJdk(27), tuning));
        assertEquals(chosen(MACHINE.withVectorBits(256), Tuning.EMPTY), chosen(MACHINE.withVectorBits(256), tuning));
    }

    @Test
    void aFileDecidesWhatAGamutRuns(@TempDir Path folder) throws IOException {
        assumeTrue(Requirements.missing(Capabilities.host()).isEmpty(), "cannot run here: no vectors");
        for (String tile : List.of("12x2v", "5x4v", "5x2v")) {
            // Beyond any share that shipped tables give, and beyond the unpacked kernel.
            Path file = Files.writeString(folder.resolve(tile), share("*", "*", tile, 2) + "\n");
            try (Gamut gamut = Gamut.open(GamutConfig.defaults().threads(1).tuningFile(file))) {
                assertEquals(
                        tile,
                        KernelId.parse(gamut.explain(LARGE)
                                        .chosen()
                                        .orElseThrow()
                                        .kernel())
                                .tile()
                                .orElseThrow()
                                .toString());
            }
        }
    }
}
