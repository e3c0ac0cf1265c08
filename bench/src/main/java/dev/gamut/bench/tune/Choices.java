package dev.gamut.bench.tune;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.Tuning;
import java.util.ArrayList;
import java.util.List;

/**
 * Which kernels other constants make the dispatcher choose.
 *
 * @param asked shapes that were asked about
 * @param changes a line for each that changes
 */
record Choices(int asked, List<String> changes) {
    private static final long[][] SHAPES = {
        {8, 8, 8},
        {16, 16, 16},
        {32, 32, 32},
        {48, 48, 48},
        {64, 64, 64},
        {96, 96, 96},
        {128, 128, 128},
        {256, 256, 256},
        {1024, 1024, 1024},
        {2048, 2048, 2048},
        {16, 4096, 4096},
        {128, 384, 384},
        {100_000, 16, 16}
    };

    /**
     * Compares.
     *
     * @param tuned constants asked before the shipped ones
     * @param devices that operands may be copied to
     */
    static Choices between(Tuning tuned, List<String> devices) {
        GamutConfig all = GamutConfig.defaults().withoutTuningFile().offload(devices.toArray(String[]::new));
        int asked = 0;
        List<String> changes = new ArrayList<>();
        for (int threads : all.threads() == 1 ? new int[] {1} : new int[] {1, all.threads()}) {
            GamutConfig config = all.threads(threads);
            try (Gamut before = Gamut.open(config);
                    Gamut after = Gamut.open(config.tuning(tuned))) {
                for (DType type : List.of(DType.F64, DType.F32)) {
                    for (long[] s : SHAPES) {
                        GemmDesc desc = GemmDesc.of(type, s[0], s[1], s[2]);
                        String old = kernel(before, desc);
                        String now = kernel(after, desc);
                        asked++;
                        if (!old.equals(now)) {
                            changes.add(String.format(
                                    "%-4s %-16s %2d  %s -> %s",
                                    type.id(), s[0] + "×" + s[1] + "×" + s[2], threads, old, now));
                        }
                    }
                }
            }
        }
        return new Choices(asked, changes);
    }

    /** The user's settings may leave none. */
    private static String kernel(Gamut gamut, GemmDesc desc) {
        return gamut.explain(desc).chosen().map(Explanation.Row::kernel).orElse("none");
    }
}
