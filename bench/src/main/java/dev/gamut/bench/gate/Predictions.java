package dev.gamut.bench.gate;

import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.sve.NativeModel;
import dev.gamut.bench.sve.NativeModel.Prediction;
import dev.gamut.bench.sve.NativeTile;
import dev.gamut.kernel.Glob;
import java.util.List;
import java.util.Optional;

/** Rows about kernels in C for Arm: nothing runs, a model of the core says how many cycles an iteration of their loop takes. */
final class Predictions {
    private final Optional<NativeModel> model = NativeModel.found();

    /**
     * Predicts.
     *
     * @param row one that {@link GateRow#isPredicted}
     * @return one pair, of cycles
     */
    ForkResult of(GateRow row) {
        List<NativeTile> tiles = NativeTile.found(Glob.of(row.kernel()));
        if (model.isEmpty()) {
            return ForkResult.notMeasured("there is no llvm-mca of LLVM 19 or newer");
        }
        if (tiles.isEmpty()) {
            return ForkResult.notMeasured(NativeTile.MISSING);
        }
        return model.get()
                .predict(tiles, row.parts()[2], row.parts()[4])
                .map(Predictions::result)
                .orElseGet(() -> result("no kernel matches " + row.kernel() + " and runs there", "", "", List.of()));
    }

    private static ForkResult result(Prediction p) {
        return result("", p.kernel().toString(), p.model(), List.of(new Pair(p.cycles(), p.atBest())));
    }

    private static ForkResult result(String failure, String kernel, String model, List<Pair> pairs) {
        return new ForkResult("", failure, kernel, model, pairs, Double.NaN, Double.NaN, false, "", 0, 0, "");
    }
}
