package dev.gamut.ffm.blas;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;

/**
 * Products ready to run, one downcall for each. The library computes A·B and nothing else: with beta·C among the sums it would round them
 * together once for each block of k, where the contract has one rounding, and whether alpha is applied to sums or to elements is each
 * library's own business. So the factors are applied here, to sums in the workspace; a product without factors on memory outside the
 * heap goes straight to C.
 *
 * <p>Arrays are copied into the workspace: the collector would have to wait for the whole product if they were lent.
 */
final class BlasExecutor implements GemmExecutor, PlanContext.Task {
    private static final int ROW_MAJOR = 101;
    private static final int COL_MAJOR = 102;
    private static final int NO_TRANS = 111;
    private static final int TRANS = 112;

    /** Alignment of what lies in the workspace. */
    private static final long CACHE_LINE = 64;

    private final BlasLibrary library;
    private final Precision precision;
    private final GemmDesc desc;
    private final PlanContext context;
    private final Lines a;
    private final Lines b;
    private final Lines c;
    private final int tasks;
    private final int threadsOfEach;
    private final long bytes;
    private final Precision.Shape inPlace;
    private final Precision.Shape copied;
    private final long startOfB;
    private final long startOfC;
    private final long workspace;
    private GemmArgs args;

    BlasExecutor(BlasLibrary library, Precision precision, GemmDesc desc, PlanContext context, int threads) {
        this.library = library;
        this.precision = precision;
        this.desc = desc;
        this.context = context;
        this.a = Lines.of(desc.a()).orElseThrow();
        this.b = Lines.of(desc.b()).orElseThrow();
        this.c = Lines.of(desc.c()).orElseThrow();
        this.tasks = desc.batch() >= threads ? threads : 1;
        this.threadsOfEach = tasks == 1 ? threads : 1;
        this.bytes = precision.type.bits() / Byte.SIZE;
        this.inPlace = shape(a, b, c);
        this.copied = shape(a.dense(), b.dense(), c.dense());
        this.startOfB = aligned(a);
        this.startOfC = startOfB + aligned(b);
        this.workspace = startOfC + aligned(c);
    }

    private Precision.Shape shape(Lines ofA, Lines ofB, Lines ofC) {
        return new Precision.Shape(
                ofC.byRows() ? ROW_MAJOR : COL_MAJOR,
                ofA.byRows() == ofC.byRows() ? NO_TRANS : TRANS,
                ofB.byRows() == ofC.byRows() ? NO_TRANS : TRANS,
                desc.m(),
                desc.n(),
                desc.k(),
                ofA.ld(),
                ofB.ld(),
                ofC.ld());
    }

    private long aligned(Lines lines) {
        return (lines.elements() * bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    }

    @Override
    public void execute(GemmArgs given) {
        args = given;
        try {
            context.parallelFor(tasks, this);
        } finally {
            args = null;
        }
    }

    @Override
    public void run(int index, Workspace lent) {
        long end = desc.batch() * (index + 1) / tasks;
        for (long e = desc.batch() * index / tasks; e < end; e++) {
            product(first(args.a(), desc.a(), e), first(args.b(), desc.b(), e), first(args.c(), desc.c(), e), lent);
        }
    }

    private void product(long firstA, long firstB, long firstC, Workspace lent) {
        if (args.alpha() == 0 || desc.k() == 0) {
            scale(firstC);
        } else if (isPlain() && lends(args.a(), firstA) && lends(args.b(), firstB) && lends(args.c(), firstC)) {
            library.multiply(
                    precision,
                    inPlace,
                    threadsOfEach,
                    args.a().segment(),
                    firstA,
                    args.b().segment(),
                    firstB,
                    args.c().segment(),
                    firstC);
        } else {
            byCopies(firstA, firstB, firstC, lent.memory(workspace));
        }
    }

    /** Whether there are no factors. */
    private boolean isPlain() {
        return args.alpha() == 1 && args.beta() == 0;
    }

    /** The byte at which an operand of a product begins. */
    private long first(Operand operand, MatrixDesc matrix, long batch) {
        return (operand.offset() + batch * matrix.batchStride()) * bytes;
    }

    /** Whether the library may be given the memory itself; compilers count on addresses that their types are aligned to. */
    private boolean lends(Operand operand, long first) {
        MemorySegment segment = operand.segment();
        return segment.isNative() && (segment.address() + first) % bytes == 0;
    }

    private void byCopies(long firstA, long firstB, long firstC, MemorySegment memory) {
        copy(args.a().segment(), firstA, a, memory, 0);
        copy(args.b().segment(), firstB, b, memory, startOfB);
        library.multiply(precision, copied, threadsOfEach, memory, 0, memory, startOfB, memory, startOfC);
        MemorySegment result = args.c().segment();
        for (long line = 0; line < c.count(); line++) {
            long sum = startOfC + line * c.length() * bytes;
            long at = firstC + line * c.ld() * bytes;
            if (isPlain()) {
                MemorySegment.copy(memory, sum, result, at, c.length() * bytes);
            } else {
                precision.finish(args.alpha(), memory, sum, args.beta(), result, at, c.length());
            }
        }
    }

    /** Line by line, for what lies between the lines is not read. */
    private void copy(MemorySegment from, long first, Lines lines, MemorySegment to, long start) {
        long length = lines.length() * bytes;
        for (long line = 0; line < lines.count(); line++) {
            MemorySegment.copy(from, first + line * lines.ld() * bytes, to, start + line * length, length);
        }
    }

    private void scale(long firstC) {
        for (long line = 0; line < c.count(); line++) {
            precision.scale(args.beta(), args.c().segment(), firstC + line * c.ld() * bytes, c.length());
        }
    }
}
