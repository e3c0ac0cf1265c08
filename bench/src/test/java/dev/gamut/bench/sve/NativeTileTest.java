package dev.gamut.bench.sve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.bench.sve.NativeModel.Prediction;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.Glob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The library in C for Arm is looked into on any machine, where there was a compiler for it. */
class NativeTileTest {
    private static List<NativeTile> tiles(String pattern) {
        List<NativeTile> tiles = NativeTile.found(Glob.of(pattern));
        assumeTrue(!tiles.isEmpty(), () -> "cannot run here: " + NativeTile.MISSING);
        return tiles;
    }

    private static NativeModel model() {
        Path folder = Path.of("/usr/lib/llvm-19/bin");
        assumeTrue(Files.isExecutable(folder.resolve("llvm-mca")), "cannot run here: there is no llvm-mca 19");
        return new NativeModel(new Llvm(folder));
    }

    @Test
    void everyTileForArmIsFoundWithItsMethods() {
        List<NativeTile> tiles = tiles("*");
        assertTrue(tiles.size() >= 18, tiles.size() + " tiles");
        for (NativeTile tile : tiles) {
            assertTrue(
                    tile.methods().size() >= 2,
                    tile.kernel() + " has " + tile.methods().keySet());
            assertFalse(tile.methods().values().stream().anyMatch(code -> code.length < 100 || code.length % 4 != 0));
        }
        assertEquals(
                Set.of(Feature.NEON, Feature.I8MM),
                tiles("gemm_i8_*_neoni8mm").getFirst().needs());
        assertEquals(
                Set.of("store", "add"),
                tiles("gemm_f64_*_neon").getFirst().methods().keySet());
    }

    /** What the gate asks of each core; that every loop is free of stack traffic it does not. */
    @Test
    void everyLoopReachesItsAim() {
        NativeModel model = model();
        List<TileLoop> loops = model.run(tiles("*"), List.of(VectorLength.values()));
        assertTrue(loops.size() >= 50, loops.size() + " loops");
        for (TileLoop loop : loops) {
            assertEquals(24, loop.loop().fmas(), loop.kernel() + " " + loop.method());
            for (Core core : loop.cycles().keySet()) {
                double share = loop.shareOfPeak(core);
                assertTrue(share <= 1, loop.kernel() + " on " + core + ": " + share);
            }
        }
        SveReport report = new SveReport("", List.of(), loops, List.of());
        assertTrue(report.ok(), report.asJson().toString());
    }

    @Test
    void onePredictionForOneCore() {
        NativeModel model = model();
        Prediction f64 = model.predict(tiles("gemm_*_sve"), "f64", "a64fx").orElseThrow();
        assertEquals("gemm_f64_f64_f64_f64_3vx8_fma-kc256_sve", f64.kernel().toString());
        assertEquals(12, f64.atBest());
        assertTrue(f64.cycles() >= 12 && f64.cycles() < 15, "" + f64.cycles());
        assertTrue(model.predict(tiles("gemm_*_svebf16"), "bf16", "a64fx").isEmpty(), "it has no BF16");
        assertThrows(IllegalArgumentException.class, () -> model.predict(tiles("*"), "f64", "pentium"));
    }

    @Test
    void otherFilesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Elf(new byte[100]));
    }
}
