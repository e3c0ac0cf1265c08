package dev.gamut.ffm.cpu;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.ffm.cpu.abi.gamut_gemm;
import dev.gamut.ffm.cpu.abi.gamut_residues;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.NativeProduct;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A product by residues ready to run in C: phases follow one another on the calling thread, and each has tasks for all threads. Blocks that residues
 * cannot serve are computed natively afterwards.
 */
final class ResidueExecutor implements GemmExecutor, PlanContext.Task {
    /** Rows and columns of a block of C, as compiled in. */
    private static final int BLOCK = 512;

    /** Columns of a task at least. */
    private static final int STRIP = 128;

    private final CpuLibrary library;
    private final GemmDesc desc;
    private final PlanContext context;
    private final NativeProduct natively;
    private final long bytes;
    private final long scratch;
    private final MemorySegment gemm = Arena.ofAuto().allocate(gamut_gemm.layout());
    private final PlanContext.Task task = this::task;
    /** Planes of all moduli are met at once. */
    private final Consumer<MemorySegment> inLargePages;

    private final boolean packed;
    /** Arguments with a right operand that was laid out beforehand as it was. */
    private final GemmArgs plain = new GemmArgs();

    private GemmArgs args;
    /** The right operand of this run, where it was laid out beforehand. */
    private MemorySegment panels = MemorySegment.NULL;

    /** Of this run, and whether the first steps of the present phase look at no operand. */
    private MemorySegment product;

    private boolean apart;
    /** What became of the blocks of this run. */
    private long blocks;

    private long nativeBlocks;
    private long moduli;
    private long span;

    ResidueExecutor(CpuLibrary library, int kernel, GemmDesc desc, PlanContext context, int threads) {
        this.library = library;
        this.inLargePages = library::largePages;
        this.desc = desc;
        this.context = context;
        this.packed = desc.b().packed().isPresent();
        this.natively = new NativeProduct(packed ? desc.b(copy(desc.b())) : desc, context);
        CpuLibrary.describe(desc, kernel, gemm);
        gamut_gemm.alpha(gemm, 1);
        gamut_gemm.nc(gemm, strip(desc, threads));
        gamut_gemm.b_packed(gemm, packed ? 1 : 0);
        boolean computes = desc.flops() != 0;
        this.bytes = computes ? library.residueWorkspace(gemm) : 0;
        this.scratch = computes ? library.residueScratch(gemm) : 0;
    }

    /** How a right operand is kept that was laid out. */
    private static MatrixDesc copy(MatrixDesc b) {
        return new MatrixDesc(b.type(), b.rows(), b.cols(), 1, b.rows(), 0, Scaling.NONE, Optional.empty());
    }

    /** Blocks are cut until there are two tasks for each thread. */
    private static int strip(GemmDesc desc, int threads) {
        int strip = BLOCK;
        double tasks = Math.ceil((double) desc.m() / BLOCK) * Math.ceil((double) desc.n() / BLOCK);
        while (threads > 1 && strip > STRIP && tasks * BLOCK / strip < 2 * threads) {
            strip /= 2;
        }
        return strip;
    }

    @Override
    public void execute(GemmArgs run) {
        args = packed ? unpacked(run) : run;
        try {
            if (run.alpha() == 0 || desc.flops() == 0) {
                natively.run(args);
                return;
            }
            blocks = nativeBlocks = moduli = span = 0;
            gamut_gemm.alpha(gemm, run.alpha());
            gamut_gemm.beta(gemm, run.beta());
            context.parallelFor(1, this); // lends a workspace to the whole run
            if (run.record() != null) {
                run.record().detail(detail());
            }
        } finally {
            args = null;
            product = null;
            panels = MemorySegment.NULL;
            plain.clear();
        }
    }

    @Override
    public void run(int index, Workspace lent) {
        product = lent.memory(bytes, inLargePages);
        for (long batch = 0; batch < desc.batch(); batch++) {
            library.residueBegin(
                    gemm,
                    first(args.a(), desc.a(), batch),
                    first(args.b(), desc.b(), batch),
                    first(args.c(), desc.c(), batch),
                    panels,
                    product);
            for (int tasks = library.residuePhase(product); tasks > 0; tasks = library.residuePhase(product)) {
                apart = gamut_residues.apart(product) != 0;
                context.parallelFor(tasks, task);
            }
            complete(batch);
        }
    }

    /** The run with the right operand as it was. */
    private GemmArgs unpacked(GemmArgs run) {
        ResidueGemm.Kept kept = (ResidueGemm.Kept) run.packedB().panels();
        panels = kept.all();
        same(plain.a(), run.a(), desc.a().type());
        plain.b().set(kept.copy(), desc.b().type(), 0);
        same(plain.c(), run.c(), desc.c().type());
        return plain.scalars(run.alpha(), run.beta());
    }

    private static void same(Operand to, Operand from, DType type) {
        if (from.array() != null) {
            to.set(from.array(), from.offset());
        } else {
            to.set(from.segmentOrNull(), type, from.offset());
        }
    }

    private static long first(Operand operand, MatrixDesc desc, long batch) {
        return operand.offset() + batch * desc.batchStride();
    }

    private void task(int index, Workspace lent) {
        library.residueTask(
                args.a().segment(),
                args.b().segment(),
                args.c().segment(),
                index,
                apart,
                product,
                lent.memory(scratch, inLargePages));
    }

    /** Computes what is left, and counts. */
    private void complete(long batch) {
        long rows = gamut_residues.row_blocks(product);
        long cols = gamut_residues.col_blocks(product);
        blocks += rows * cols;
        nativeBlocks += gamut_residues.natives(product);
        moduli = Math.max(moduli, gamut_residues.moduli(product));
        span = Math.max(span, gamut_residues.span(product));
        if (gamut_residues.natives(product) == 0) {
            return;
        }
        for (long block = 0; block < rows * cols; block++) {
            if (product.get(ValueLayout.JAVA_BYTE, gamut_residues.natives_at(product) + block) != 0) {
                natively.runBlock(args, batch, BLOCK, block / cols, block % cols);
            }
        }
    }

    private String detail() {
        DType type = desc.c().type();
        ErrorBound bound = nativeBlocks == 0 ? ResidueGemm.served(type) : ErrorBound.ofAccumulation(type);
        return String.format(
                Locale.ROOT,
                "%s moduli, span %d bits, bound %.2g, %d of %d blocks native",
                nativeBlocks == blocks ? "no" : "" + moduli,
                span,
                bound.relative(desc.k()),
                nativeBlocks,
                blocks);
    }
}
