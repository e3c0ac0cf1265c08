package dev.gamut.ffm.cpu;

import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.cpu.abi.gamut_abi_version_fn;
import dev.gamut.ffm.cpu.abi.gamut_convert_rows_fn;
import dev.gamut.ffm.cpu.abi.gamut_feature_refusal_fn;
import dev.gamut.ffm.cpu.abi.gamut_gemm;
import dev.gamut.ffm.cpu.abi.gamut_gemm_begin_fn;
import dev.gamut.ffm.cpu.abi.gamut_gemm_compute_fn;
import dev.gamut.ffm.cpu.abi.gamut_gemm_factors_fn;
import dev.gamut.ffm.cpu.abi.gamut_gemm_pack_fn;
import dev.gamut.ffm.cpu.abi.gamut_gemm_packed_bytes_fn;
import dev.gamut.ffm.cpu.abi.gamut_gemm_packed_pieces_fn;
import dev.gamut.ffm.cpu.abi.gamut_gemm_step_fn;
import dev.gamut.ffm.cpu.abi.gamut_gemm_workspace_fn;
import dev.gamut.ffm.cpu.abi.gamut_h;
import dev.gamut.ffm.cpu.abi.gamut_kernel;
import dev.gamut.ffm.cpu.abi.gamut_kernel_at_fn;
import dev.gamut.ffm.cpu.abi.gamut_kernel_count_fn;
import dev.gamut.ffm.cpu.abi.gamut_large_pages_fn;
import dev.gamut.ffm.cpu.abi.gamut_layout_fn;
import dev.gamut.ffm.cpu.abi.gamut_reduce_begin_fn;
import dev.gamut.ffm.cpu.abi.gamut_reduce_finish_fn;
import dev.gamut.ffm.cpu.abi.gamut_reduce_step_fn;
import dev.gamut.ffm.cpu.abi.gamut_reduce_workspace_fn;
import dev.gamut.ffm.cpu.abi.gamut_residue_begin_fn;
import dev.gamut.ffm.cpu.abi.gamut_residue_pack_fn;
import dev.gamut.ffm.cpu.abi.gamut_residue_packed_bytes_fn;
import dev.gamut.ffm.cpu.abi.gamut_residue_phase_fn;
import dev.gamut.ffm.cpu.abi.gamut_residue_scratch_fn;
import dev.gamut.ffm.cpu.abi.gamut_residue_step_fn;
import dev.gamut.ffm.cpu.abi.gamut_residue_workspace_fn;
import dev.gamut.ffm.cpu.abi.gamut_status_name_fn;
import dev.gamut.ffm.cpu.abi.gamut_weights_begin_fn;
import dev.gamut.ffm.cpu.abi.gamut_weights_columns_fn;
import dev.gamut.ffm.cpu.abi.gamut_weights_rows_fn;
import dev.gamut.ffm.cpu.abi.gamut_weights_workspace_fn;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The functions of one libgamut, as Java methods. What the C side answers with a status becomes a {@link NativeCallException} here.
 * Immutable and thread-safe.
 */
final class CpuLibrary {
    /** Longest text that the library answers with. */
    private static final long LONGEST_TEXT = 1024;

    /*
     * These may be given arrays: the collector waits for them, which is why they are short. The address comes first, so that the
     * handles are constants and there is one library or another behind them.
     */
    private static final MethodHandle STEP = critical(gamut_gemm_step_fn.descriptor());

    private static final MethodHandle FACTORS = critical(gamut_gemm_factors_fn.descriptor());
    private static final MethodHandle PACK = critical(gamut_gemm_pack_fn.descriptor());
    private static final MethodHandle RESIDUE_STEP = critical(gamut_residue_step_fn.descriptor());
    private static final MethodHandle WEIGHTS_BEGIN = critical(gamut_weights_begin_fn.descriptor());
    private static final MethodHandle WEIGHTS_COLUMNS = critical(gamut_weights_columns_fn.descriptor());
    private static final MethodHandle REDUCE_BEGIN = critical(gamut_reduce_begin_fn.descriptor());
    private static final MethodHandle REDUCE_STEP = critical(gamut_reduce_step_fn.descriptor());
    private static final MethodHandle REDUCE_FINISH = critical(gamut_reduce_finish_fn.descriptor());
    private static final MethodHandle CONVERT_ROWS = critical(gamut_convert_rows_fn.descriptor());

    /**
     * An entry of the library's table.
     *
     * @param number by which the library knows it
     * @param id its name
     * @param needs features without which it does not run
     */
    record Entry(int number, KernelId id, Set<Feature> needs) {}

    private final String origin;
    private final MemorySegment statusName;
    private final MemorySegment featureRefusal;
    private final MemorySegment layout;
    private final MemorySegment largePages;
    private final MemorySegment gemmWorkspace;
    private final MemorySegment gemmBegin;
    private final MemorySegment gemmFactors;
    private final MemorySegment gemmCompute;
    private final MemorySegment gemmStep;
    private final MemorySegment gemmPackedBytes;
    private final MemorySegment gemmPackedPieces;
    private final MemorySegment gemmPack;
    private final MemorySegment residueWorkspace;
    private final MemorySegment residueScratch;
    private final MemorySegment residueBegin;
    private final MemorySegment residuePhase;
    private final MemorySegment residueStep;
    private final MemorySegment residuePackedBytes;
    private final MemorySegment residuePack;
    private final MemorySegment weightsRows;
    private final MemorySegment weightsWorkspace;
    private final MemorySegment weightsBegin;
    private final MemorySegment weightsColumns;
    private final MemorySegment reduceWorkspace;
    private final MemorySegment reduceBegin;
    private final MemorySegment reduceStep;
    private final MemorySegment reduceFinish;
    private final MemorySegment convertRows;
    private final List<Entry> kernels;

    private CpuLibrary(SharedLibrary library) throws LoadFailure {
        origin = library.origin();
        int version = gamut_abi_version_fn.invoke(library.find("gamut_abi_version"));
        if (version != gamut_h.GAMUT_ABI_VERSION()) {
            throw new LoadFailure(origin + " has version " + version + " of the interface; this Gamut needs "
                    + gamut_h.GAMUT_ABI_VERSION());
        }
        statusName = library.find("gamut_status_name");
        featureRefusal = library.find("gamut_feature_refusal");
        layout = library.find("gamut_layout");
        largePages = library.find("gamut_large_pages");
        gemmWorkspace = library.find("gamut_gemm_workspace");
        gemmBegin = library.find("gamut_gemm_begin");
        gemmFactors = library.find("gamut_gemm_factors");
        gemmCompute = library.find("gamut_gemm_compute");
        gemmStep = library.find("gamut_gemm_step");
        gemmPackedBytes = library.find("gamut_gemm_packed_bytes");
        gemmPackedPieces = library.find("gamut_gemm_packed_pieces");
        gemmPack = library.find("gamut_gemm_pack");
        residueWorkspace = library.find("gamut_residue_workspace");
        residueScratch = library.find("gamut_residue_scratch");
        residueBegin = library.find("gamut_residue_begin");
        residuePhase = library.find("gamut_residue_phase");
        residueStep = library.find("gamut_residue_step");
        residuePackedBytes = library.find("gamut_residue_packed_bytes");
        residuePack = library.find("gamut_residue_pack");
        weightsRows = library.find("gamut_weights_rows");
        weightsWorkspace = library.find("gamut_weights_workspace");
        weightsBegin = library.find("gamut_weights_begin");
        weightsColumns = library.find("gamut_weights_columns");
        reduceWorkspace = library.find("gamut_reduce_workspace");
        reduceBegin = library.find("gamut_reduce_begin");
        reduceStep = library.find("gamut_reduce_step");
        reduceFinish = library.find("gamut_reduce_finish");
        convertRows = library.find("gamut_convert_rows");
        kernels = table(library);
    }

    /**
     * Binds a library.
     *
     * @throws LoadFailure where it is not a libgamut of this version
     */
    static CpuLibrary of(SharedLibrary library) throws LoadFailure {
        return new CpuLibrary(library);
    }

    private static MethodHandle critical(FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(descriptor, Linker.Option.critical(true));
    }

    private static List<Entry> table(SharedLibrary library) throws LoadFailure {
        int count = gamut_kernel_count_fn.invoke(library.find("gamut_kernel_count"));
        MemorySegment at = library.find("gamut_kernel_at");
        List<Entry> all = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            MemorySegment kernel = gamut_kernel_at_fn.invoke(at, number).reinterpret(gamut_kernel.sizeof());
            String id = text(gamut_kernel.id(kernel)).orElseThrow();
            all.add(new Entry(number, KernelId.parse(id), features(gamut_kernel.features(kernel))));
        }
        return List.copyOf(all);
    }

    private static Set<Feature> features(long bits) {
        Set<Feature> set = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
            if ((bits >> feature.ordinal() & 1) != 0) {
                set.add(feature);
            }
        }
        return set;
    }

    private static Optional<String> text(MemorySegment address) {
        return address.address() == 0
                ? Optional.empty()
                : Optional.of(address.reinterpret(LONGEST_TEXT).getString(0));
    }

    /** Where it was found. */
    String origin() {
        return origin;
    }

    /** Every kernel there is, those of other architectures included. */
    List<Entry> kernels() {
        return kernels;
    }

    /** Why a feature may not be used here; empty where it may. */
    Optional<String> refusal(Feature feature) {
        return text(gamut_feature_refusal_fn.invoke(featureRefusal, feature.ordinal()));
    }

    /** Size of a struct or offset of a field, as the library was built. */
    long layout(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return gamut_layout_fn.invoke(layout, arena.allocateFrom(name));
        }
    }

    /** Asks for large pages wherever they fit in memory outside the heap, whose content is lost. */
    void largePages(MemorySegment memory) {
        gamut_large_pages_fn.invoke(largePages, memory, memory.byteSize());
    }

    /** Whole large pages, where there is at least one. */
    private static long pages(long bytes) {
        long unit = Workspace.alignment(bytes);
        return Math.ceilDiv(bytes, unit) * unit;
    }

    /** Fills in sizes and strides. */
    static void describe(GemmDesc desc, int kernel, MemorySegment gemm) {
        gamut_gemm.size(gemm, gamut_gemm.sizeof());
        gamut_gemm.kernel(gemm, kernel);
        gamut_gemm.m(gemm, desc.m());
        gamut_gemm.n(gemm, desc.n());
        gamut_gemm.k(gemm, desc.k());
        gamut_gemm.a_row(gemm, desc.a().rowStride());
        gamut_gemm.a_col(gemm, desc.a().colStride());
        gamut_gemm.b_row(gemm, desc.b().rowStride());
        gamut_gemm.b_col(gemm, desc.b().colStride());
        gamut_gemm.c_row(gemm, desc.c().rowStride());
        gamut_gemm.c_col(gemm, desc.c().colStride());
    }

    /** Bytes of workspace for a part. */
    long workspace(MemorySegment gemm, int parts) {
        long bytes = gamut_gemm_workspace_fn.invoke(gemmWorkspace, gemm, parts);
        check("gamut_gemm_workspace", (int) Math.max(0, -bytes));
        return bytes;
    }

    /** Gets a part ready; operands begin so many elements behind the segments that are given later. */
    void begin(
            MemorySegment gemm, long firstA, long firstB, long firstC, int part, int parts, MemorySegment workspace) {
        check(
                "gamut_gemm_begin",
                gamut_gemm_begin_fn.invoke(gemmBegin, gemm, firstA, firstB, firstC, part, parts, workspace));
    }

    /** Gives a part that was got ready the factors its C is requantised by; they may be an array. */
    void factors(MemorySegment factors, long first, MemorySegment workspace) {
        try {
            check("gamut_gemm_factors", (int) FACTORS.invokeExact(gemmFactors, factors, first, workspace));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    /**
     * Computes a part; operands are outside the heap.
     *
     * @return false where C cannot hold a result that must be exact: the workspace begins with its row and column
     */
    boolean compute(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment workspace) {
        return gamut_gemm_compute_fn.invoke(gemmCompute, a, b, c, workspace) == gamut_h.GAMUT_OK();
    }

    /** The same step by step; operands may be arrays. */
    boolean computeInSteps(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment workspace) {
        try {
            int status;
            do {
                status = (int) STEP.invokeExact(gemmStep, a, b, c, workspace);
            } while (status == gamut_h.GAMUT_MORE());
            return status == gamut_h.GAMUT_OK();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    /** Bytes of a right operand as a kernel lays it out. */
    long packedBytes(MemorySegment gemm) {
        long bytes = gamut_gemm_packed_bytes_fn.invoke(gemmPackedBytes, gemm);
        check("gamut_gemm_packed_bytes", (int) Math.max(0, -bytes));
        return bytes;
    }

    /** In how many pieces that is done. */
    int packedPieces(MemorySegment gemm) {
        long pieces = gamut_gemm_packed_pieces_fn.invoke(gemmPackedPieces, gemm);
        check("gamut_gemm_packed_pieces", (int) Math.max(0, -pieces));
        return Math.toIntExact(pieces);
    }

    /** Lays one piece out; b may be an array. */
    void pack(MemorySegment gemm, MemorySegment b, long firstB, long piece, MemorySegment packed) {
        try {
            check("gamut_gemm_pack", (int) PACK.invokeExact(gemmPack, gemm, b, firstB, piece, packed));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    /** Bytes of workspace of a product by residues. */
    long residueWorkspace(MemorySegment gemm) {
        long bytes = gamut_residue_workspace_fn.invoke(residueWorkspace, gemm);
        check("gamut_residue_workspace", (int) Math.max(0, -bytes));
        return pages(bytes);
    }

    /** Bytes of scratch memory for each thread. */
    long residueScratch(MemorySegment gemm) {
        long bytes = gamut_residue_scratch_fn.invoke(residueScratch, gemm);
        check("gamut_residue_scratch", (int) Math.max(0, -bytes));
        return pages(bytes);
    }

    /** Gets a product ready; operands begin so many elements behind the segments that are given later. A packed b, or NULL. */
    void residueBegin(
            MemorySegment gemm, long firstA, long firstB, long firstC, MemorySegment packed, MemorySegment workspace) {
        check(
                "gamut_residue_begin",
                gamut_residue_begin_fn.invoke(residueBegin, gemm, firstA, firstB, firstC, packed, workspace));
    }

    /** Bytes of a right operand as it is kept. */
    long residuePackedBytes(MemorySegment gemm) {
        long bytes = gamut_residue_packed_bytes_fn.invoke(residuePackedBytes, gemm);
        check("gamut_residue_packed_bytes", (int) Math.max(0, -bytes));
        return pages(bytes);
    }

    /** Begins to lay one out: phases follow, whose workspace is what is kept. */
    void residuePack(MemorySegment gemm, long firstB, MemorySegment packed) {
        check("gamut_residue_pack", gamut_residue_pack_fn.invoke(residuePack, gemm, firstB, packed));
    }

    /** Goes on to the next phase: how many tasks it has, 0 after the last one. */
    int residuePhase(MemorySegment workspace) {
        return Math.toIntExact(gamut_residue_phase_fn.invoke(residuePhase, workspace));
    }

    /** A task; operands may be arrays. Where it is apart the first step looks at none of them, and may be long. */
    void residueTask(
            MemorySegment a,
            MemorySegment b,
            MemorySegment c,
            long task,
            boolean apart,
            MemorySegment workspace,
            MemorySegment scratch) {
        boolean heap = !a.isNative() || !b.isNative() || !c.isNative();
        MemorySegment none = MemorySegment.NULL;
        int status = gamut_h.GAMUT_MORE();
        for (long step = 0; status == gamut_h.GAMUT_MORE(); step++) {
            status = apart && step == 0
                    ? gamut_residue_step_fn.invoke(residueStep, none, none, none, task, step, workspace, scratch)
                    : heap
                            ? residueStep(a, b, c, task, step, workspace, scratch)
                            : gamut_residue_step_fn.invoke(residueStep, a, b, c, task, step, workspace, scratch);
        }
        check("gamut_residue_step", status);
    }

    private int residueStep(
            MemorySegment a,
            MemorySegment b,
            MemorySegment c,
            long task,
            long step,
            MemorySegment workspace,
            MemorySegment scratch) {
        try {
            return (int) RESIDUE_STEP.invokeExact(residueStep, a, b, c, task, step, workspace, scratch);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    /** Bytes of workspace for a product with weights. */
    long weightsWorkspace(MemorySegment weights) {
        long bytes = gamut_weights_workspace_fn.invoke(weightsWorkspace, weights);
        check("gamut_weights_workspace", (int) Math.max(0, -bytes));
        return bytes;
    }

    /** How many rows are computed together. */
    long weightsRows(MemorySegment weights) {
        long rows = gamut_weights_rows_fn.invoke(weightsRows, weights);
        check("gamut_weights_rows", (int) Math.max(0, -rows));
        return rows;
    }

    /** Gets rows ready; operands may be arrays. */
    void weightsBegin(
            MemorySegment weights, MemorySegment x, MemorySegment scalesOfX, long row, MemorySegment workspace) {
        try {
            check("gamut_weights_begin", (int)
                    WEIGHTS_BEGIN.invokeExact(weightsBegin, weights, x, scalesOfX, row, workspace));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    /** Computes some columns of the rows that were got ready; operands may be arrays. */
    void weightsColumns(
            MemorySegment weights,
            MemorySegment x,
            MemorySegment scalesOfX,
            MemorySegment w,
            MemorySegment scales,
            MemorySegment zeros,
            MemorySegment y,
            long row,
            long from,
            long to,
            MemorySegment workspace) {
        try {
            check("gamut_weights_columns", (int) WEIGHTS_COLUMNS.invokeExact(
                    weightsColumns, weights, x, scalesOfX, w, scales, zeros, y, row, from, to, workspace));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    /** Bytes of workspace for all parts of a reduction. */
    long reduceWorkspace(MemorySegment reduce, int parts) {
        long bytes = gamut_reduce_workspace_fn.invoke(reduceWorkspace, reduce, parts);
        check("gamut_reduce_workspace", (int) Math.max(0, -bytes));
        return bytes;
    }

    /** Gets all parts ready; operands begin so many elements behind the segments that are given later. */
    void reduceBegin(MemorySegment reduce, long firstX, long firstY, int parts, MemorySegment workspace) {
        try {
            check("gamut_reduce_begin", (int)
                    REDUCE_BEGIN.invokeExact(reduceBegin, reduce, firstX, firstY, parts, workspace));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    /** Makes one part's pass; operands may be arrays. */
    void reduceInSteps(MemorySegment x, MemorySegment y, int part, MemorySegment workspace) {
        try {
            int status;
            do {
                status = (int) REDUCE_STEP.invokeExact(reduceStep, x, y, part, workspace);
            } while (status == gamut_h.GAMUT_MORE());
            check("gamut_reduce_step", status);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    /** Joins all parts: true where the workspace begins with the result, false where all parts have another pass to make. */
    boolean reduceFinish(MemorySegment workspace) {
        try {
            return (int) REDUCE_FINISH.invokeExact(reduceFinish, workspace) != gamut_h.GAMUT_MORE();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    /** Converts some columns of some rows; operands may be arrays. */
    void convertRows(
            MemorySegment convert,
            MemorySegment x,
            MemorySegment y,
            MemorySegment scales,
            MemorySegment zeros,
            long row,
            long rows,
            long from,
            long to) {
        try {
            check("gamut_convert_rows", (int)
                    CONVERT_ROWS.invokeExact(convertRows, convert, x, y, scales, zeros, row, rows, from, to));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    private void check(String function, int status) {
        if (status != gamut_h.GAMUT_OK()) {
            String name = text(gamut_status_name_fn.invoke(statusName, status)).orElse("?");
            throw new NativeCallException(function, status, name);
        }
    }
}
