package dev.gamut.bench.sve;

import dev.gamut.bench.cli.Failure;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.KernelId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has the loops of the register tiles in C judged.
 *
 * @param llvm disassembles and predicts
 */
public record NativeModel(Llvm llvm) {
    /**
     * What is predicted for one kernel on one core: of its methods the one that is farthest from the peak.
     *
     * @param kernel its id
     * @param cycles of an iteration
     * @param atBest cycles if the core did nothing but the iteration's multiply-adds
     * @param model version of what predicts
     */
    public record Prediction(KernelId kernel, double cycles, double atBest, String model) {}

    /** What the launcher found; empty where there is no LLVM. */
    public static Optional<NativeModel> found() {
        return Llvm.found().map(NativeModel::new);
    }

    /**
     * Predicts: kernels for SVE at each length, others at their own.
     *
     * @param tiles what to look at
     * @param lengths vectors
     * @return by tile, length and method
     */
    List<TileLoop> run(List<NativeTile> tiles, List<VectorLength> lengths) {
        List<TileLoop> loops = new ArrayList<>();
        for (NativeTile tile : tiles) {
            for (VectorLength length : lengths) {
                if (length.isSve() == tile.needs().contains(Feature.SVE)) {
                    loops.addAll(judged(
                            tile,
                            length,
                            length.cores().stream()
                                    .filter(core -> core.has(tile.needs()))
                                    .toList()));
                }
            }
        }
        return loops;
    }

    /**
     * Predicts for one core.
     *
     * @param tiles from which to take those of the types
     * @param types as the gate writes them: {@code f64}, {@code u8xi8}
     * @param cpu LLVM's name of the core
     * @return the kernel that comes closest to the peak; empty where none of them runs on the core
     * @throws IllegalArgumentException where no core has that name
     */
    public Optional<Prediction> predict(List<NativeTile> tiles, String types, String cpu) {
        Core core = core(cpu);
        return tiles.stream()
                .filter(tile -> types(tile.kernel()).equals(types) && core.has(tile.needs()))
                .map(tile -> worst(tile, core))
                .max(Comparator.comparingDouble(p -> p.atBest / p.cycles));
    }

    /**
     * Whether a name is that of a core.
     *
     * @param cpu LLVM's name
     */
    public static boolean knows(String cpu) {
        return List.of(Core.values()).stream().anyMatch(core -> core.cpu().equals(cpu));
    }

    private static Core core(String cpu) {
        return List.of(Core.values()).stream()
                .filter(core -> core.cpu().equals(cpu))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + cpu + "' is none of the cores that are known"));
    }

    private static String types(KernelId id) {
        DType a = id.types().get(0);
        DType b = id.types().get(1);
        return a == b ? a.id() : a.id() + "x" + b.id();
    }

    private Prediction worst(NativeTile tile, Core core) {
        VectorLength length = List.of(VectorLength.values()).stream()
                .filter(l -> l.isSve() == tile.needs().contains(Feature.SVE))
                .filter(l -> l.cores().contains(core))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(core + " is not asked about " + tile.kernel()));
        TileLoop loop = judged(tile, length, List.of(core)).stream()
                .min(Comparator.comparingDouble(l -> l.shareOfPeak(core)))
                .orElseThrow();
        return new Prediction(
                tile.kernel(), loop.cycles().get(core), loop.cyclesAtBest(core), "llvm-mca " + llvm.version());
    }

    private List<TileLoop> judged(NativeTile tile, VectorLength length, List<Core> cores) {
        List<TileLoop> judged = new ArrayList<>();
        loops(tile).forEach((method, loop) -> {
            Map<Core, Double> cycles = new EnumMap<>(Core.class);
            cores.forEach(core -> cycles.put(core, llvm.cycles(loop, core)));
            judged.add(new TileLoop(tile.kernel(), method, length, loop, cycles));
        });
        return judged;
    }

    /** Those over whole tiles: there may be others for the last columns of C, which are few. */
    private Map<String, Loop> loops(NativeTile tile) {
        Map<String, Loop> loops = new LinkedHashMap<>();
        tile.methods()
                .forEach((method, code) -> loops.put(
                        method,
                        Loop.innermost(llvm.disassembled(code))
                                .orElseThrow(
                                        () -> Failure.data(method + " of " + tile.kernel() + " has no loop", null))));
        int most = loops.values().stream().mapToInt(Loop::fmas).max().orElseThrow();
        loops.values().removeIf(loop -> loop.fmas() < most);
        return loops;
    }
}
