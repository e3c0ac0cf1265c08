package dev.gamut.bench.sve;

import dev.gamut.bench.cli.Failure;
import dev.gamut.bench.cli.Progress;
import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Tuning;
import dev.gamut.vector.VectorProvider;
import dev.gamut.vector.gemm.GemmTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Has the register tiles of F64 and F32 in Java compiled at every vector length and their loops judged. The tiles of the
 * narrower types are those of F32.
 *
 * @param jvm compiles
 * @param llvm disassembles and predicts
 */
public record SveModel(ArmJvm jvm, Llvm llvm) {
    private static final Tuning TUNING = new VectorProvider().tuning();

    /** What was compiled for one vector length; empty where the machine has none of that length. */
    private record Compiled(VectorLength length, Optional<Map<KernelId, List<MachineCode>>> code) {}

    /**
     * The kernels that can be looked at.
     *
     * @param pattern over their ids
     */
    public static List<KernelId> kernels(Glob pattern) {
        return GemmTable.kernels().stream()
                .map(GemmKernel::info)
                .map(info -> info.id())
                .filter(id -> id.tile().isPresent() && Set.copyOf(id.types()).size() == 1)
                .filter(pattern::matches)
                .toList();
    }

    /**
     * Looks at kernels in Java, for which an arm64 JVM must be there, and at those in C.
     *
     * @param kernels some of {@link #kernels}
     * @param tiles some of {@link NativeTile#found}
     * @param lengths vectors to look at
     * @throws Failure where something is missing
     */
    public static SveReport report(List<KernelId> kernels, List<NativeTile> tiles, List<VectorLength> lengths) {
        Llvm llvm =
                Llvm.found().orElseThrow(() -> Failure.data("no llvm-mca of LLVM 19 or newer: install llvm-19", null));
        SveReport java = kernels.isEmpty()
                ? new SveReport(llvm.version(), List.of(), List.of(), List.of())
                : new SveModel(arm64(), llvm).run(kernels, lengths);
        List<String> notRun = new ArrayList<>(java.notRun());
        if (NativeTile.found(Glob.of("*")).isEmpty()) {
            notRun.add(NativeTile.MISSING);
        }
        return new SveReport(java.llvm(), java.loops(), new NativeModel(llvm).run(tiles, lengths), notRun);
    }

    private static ArmJvm arm64() {
        return ArmJvm.found()
                .orElseThrow(() -> Failure.data(
                        "no arm64 JVM: ./gamut prepares one on Linux machines with apt, see .ci/arm64-sysroot", null));
    }

    /**
     * Compiles and predicts; takes minutes where the JVM is emulated.
     *
     * @param kernels some of {@link #kernels}
     * @param lengths vectors to compile them for
     * @return by type, vector length and kernel
     */
    SveReport run(List<KernelId> kernels, List<VectorLength> lengths) {
        List<TileLoop> loops = new ArrayList<>();
        List<String> notRun = new ArrayList<>();
        for (Compiled compiled : compiled(kernels, lengths)) {
            if (compiled.code.isEmpty()) {
                notRun.add(compiled.length + ": this machine has no such vectors");
            }
            compiled.code.ifPresent(code -> code.forEach((id, methods) -> {
                Map<String, Loop> byMethod = loops(methods);
                if (byMethod.size() != 2) {
                    throw Failure.data(
                            "C2 compiled no loop with multiply-adds of store and update of " + id + " at "
                                    + compiled.length + ", but of " + byMethod.keySet(),
                            null);
                }
                byMethod.forEach((method, loop) -> loops.add(judged(id, method, compiled.length, loop)));
            }));
        }
        return new SveReport(llvm.version(), loops, List.of(), notRun);
    }

    /** At most as many JVMs at a time as there are processors. */
    private List<Compiled> compiled(List<KernelId> kernels, List<VectorLength> lengths) {
        int atATime = Math.min(lengths.size(), Runtime.getRuntime().availableProcessors());
        try (ExecutorService pool = Executors.newFixedThreadPool(atATime);
                Progress progress = Progress.of("sve-model", lengths.size())) {
            Map<VectorLength, Future<Compiled>> running = new EnumMap<>(VectorLength.class);
            for (VectorLength length : lengths) {
                running.put(length, pool.submit(() -> new Compiled(length, jvm.compiled(kernels, length))));
            }
            List<Compiled> all = new ArrayList<>();
            for (Map.Entry<VectorLength, Future<Compiled>> run : running.entrySet()) {
                all.add(run.getValue().get());
                progress.step(run.getKey().toString());
            }
            return all;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Failure failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.data("interrupted", e);
        }
    }

    /** The loop of the last code that has one: what C2 makes before it has seen a loop run is thrown away. */
    private Map<String, Loop> loops(List<MachineCode> methods) {
        Map<String, Loop> loops = new LinkedHashMap<>();
        for (MachineCode code : methods) {
            if (code.c2() && !code.osr()) {
                String name = code.method().substring(code.method().indexOf("::") + 2);
                Loop.innermost(llvm.disassembled(code.bytes())).ifPresent(loop -> loops.put(name, loop));
            }
        }
        return loops;
    }

    private TileLoop judged(KernelId id, String method, VectorLength length, Loop loop) {
        Map<Core, Double> cycles = new EnumMap<>(Core.class);
        for (Core core : length.cores()) {
            cycles.put(core, llvm.cycles(loop, core));
        }
        return new TileLoop(id, method, length, loop, cycles);
    }

    /** What the tuning table has for a tile on machines with such vectors: it decides between tiles. */
    static double fmaShare(KernelId id, VectorLength length) {
        Set<Feature> features = length.isSve() ? Set.of(Feature.NEON, Feature.SVE) : Set.of(Feature.NEON);
        Capabilities machine =
                new Capabilities("aarch64", length.toString(), features, length.bits(), 1, CacheTopology.DEFAULT);
        return TUNING.get(machine, id, "fma_share", 0);
    }
}
