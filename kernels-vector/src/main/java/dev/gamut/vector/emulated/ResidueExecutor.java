package dev.gamut.vector.emulated;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import java.util.Arrays;
import java.util.Locale;

/**
 * A product by residues, ready to run: it finds out how many bits and moduli are needed ({@link Precision}); block by block of C it lays out
 * residues of the block's rows and columns ({@link Lines}), multiplies them by whichever kernel for bytes is fastest here, and puts the sums
 * together ({@link Reconstruction}). k passes in pieces, so that memory does not grow with it: about 3 MiB a modulus. A block that residues cannot serve is
 * computed by the fastest native kernel of the order {@link EvaluationOrder#FMA_KC256}.
 *
 * <p>Blocks are a part of the order {@link EvaluationOrder#RESIDUE}: each is native or not. Bits and moduli are those of the whole product, so that whoever
 * has room for residues of more than a block lays them out once.
 *
 * @param <S> array kind of the emulated type
 */
final class ResidueExecutor<S> extends EmulatedExecutor<S> {
    /** Rows and columns of a block of C. */
    static final int BLOCK = 512;

    /** Steps that are laid out at a time. */
    static final int DEPTH = 2048;

    /** Steps that are added up in I32: products of residues are at most 2^14, and what an earlier run left below 2^8. */
    private static final int RUN = 62 * DEPTH;

    private static final int LEFT_SLOT = 0;
    private static final int RIGHT_SLOT = 1;
    private static final int PRODUCT_SLOT = 0;
    private static final int ESTIMATE_SLOT = 2;
    private static final int SUM_SLOT = 3;

    private final Lines<S> a;
    private final Lines<S> b;
    private final Precision precision;
    private final GemmPlan[] inner = new GemmPlan[8];

    private final PlanContext.Task scanA;
    private final PlanContext.Task scanB;
    private final PlanContext.Task layOutA;
    private final PlanContext.Task layOutB;
    private final PlanContext.Task finish = this::finish;

    /** The bits that each block demands. */
    private final int[] demands;

    private long batch;
    /** The piece of k that is laid out: residues of these moduli, or estimates where there are none. */
    private long p;

    private int depth;
    private Moduli moduli;
    private byte[] left;
    private byte[] right;
    private int[] products;
    private int ld;
    /** Of each column j, 2^f in two halves. */
    private final double[] halves = new double[BLOCK];

    private final double[] others = new double[BLOCK];
    /** What became of the blocks of this run. */
    private int blocks;

    private int nativeBlocks;
    private int most;
    private int span;

    ResidueExecutor(GemmDesc desc, PlanContext context, Variant<S> variant) {
        super(desc, context, variant);
        a = new Lines<>(variant, elements, desc.a(), false);
        b = new Lines<>(variant, elements, desc.b(), true);
        precision = new Precision(variant.type().precision());
        demands = new int[Math.toIntExact((long) a.blocks() * b.blocks())];
        scanA = a::scan;
        scanB = b::scan;
        layOutA = (group, workspace) -> layOut(a, group, workspace);
        layOutB = (group, workspace) -> layOut(b, group, workspace);
    }

    @Override
    void bind() {
        a.bind(args.a());
        b.bind(args.b());
        blocks = nativeBlocks = most = span = 0;
    }

    @Override
    void release() {
        a.release();
        b.release();
        left = right = null;
        products = null;
    }

    @Override
    String detail() {
        ErrorBound bound =
                nativeBlocks == 0 ? ResidueGemm.bound(variant.type()) : ErrorBound.ofAccumulation(variant.type());
        return String.format(
                Locale.ROOT,
                "%s moduli, span %d bits, bound %.2g, %d of %d blocks native",
                nativeBlocks == blocks ? "no" : "" + most,
                span,
                bound.relative(desc.k()),
                nativeBlocks,
                blocks);
    }

    @Override
    void multiply(Workspace workspace) {
        for (batch = 0; batch < desc.batch(); batch++) {
            a.select(batch);
            b.select(batch);
            context.parallelFor(a.groups(), scanA);
            context.parallelFor(b.groups(), scanB);
            decide(workspace);
            for (int i = 0; i < demands.length; i++) {
                open(i);
                block(workspace, precision.serves(demands[i]));
            }
        }
    }

    /** Opens the windows on the lines of a block. */
    private void open(int block) {
        a.open(block / b.blocks());
        b.open(block % b.blocks());
        ld = roundUp(b.count(), Reconstruction.PITCH);
    }

    private void decide(Workspace workspace) {
        precision.clear();
        boolean anyLeft = scan(a);
        boolean anyRight = scan(b);
        boolean estimates = anyLeft && anyRight && !precision.isIntegral(desc.k());
        for (int i = 0; i < demands.length; i++) {
            open(i);
            demands[i] = a.isSpecial() || b.isSpecial() ? Precision.NATIVE : estimates ? estimate(workspace) : 0;
        }
        if (estimates) {
            precision.decide(demands, demands.length, desc.k());
        }
    }

    /** Whether any lines hold numbers alone. */
    private boolean scan(Lines<S> lines) {
        boolean any = false;
        for (int block = 0; block < lines.blocks(); block++) {
            lines.open(block);
            if (!lines.isSpecial()) {
                any = true;
                precision.scan(lines);
            }
        }
        return any;
    }

    private void block(Workspace workspace, boolean served) {
        blocks++;
        if (!served) {
            nativeBlocks++;
            natively.runBlock(args, batch, BLOCK, a.first() / BLOCK, b.first() / BLOCK);
            return;
        }
        moduli = precision.moduli();
        most = Math.max(most, moduli.count);
        span = Math.max(span, precision.span());
        begin(workspace, moduli.count);
        for (p = 0; p < desc.k(); p += depth) {
            if (p > 0 && p % RUN == 0) {
                leaveRemainders();
            }
            multiply(moduli.count, p > 0);
        }
        for (int j = 0; j < b.count(); j++) {
            int f = exponent(b, j);
            halves[j] = Math.scalb(1.0, f >> 1);
            others[j] = Math.scalb(1.0, f - (f >> 1));
        }
        context.parallelFor(a.groups(), finish);
    }

    /** The bits that a block demands. */
    private int estimate(Workspace workspace) {
        moduli = null;
        begin(workspace, 1);
        int size = a.count() * ld;
        double[] estimates = workspace.doubles(ESTIMATE_SLOT, size);
        Arrays.fill(estimates, 0, size, 0);
        for (p = 0; p < desc.k(); p += depth) {
            multiply(1, p % RUN != 0);
            if (p + depth == desc.k() || (p + depth) % RUN == 0) {
                for (int i = 0; i < size; i++) {
                    estimates[i] += products[i];
                }
            }
        }
        return precision.demand(a, b, desc.k(), estimates, ld);
    }

    /** Makes room for planes of residues. */
    private void begin(Workspace workspace, int planes) {
        int pitch = pitch((int) Math.min(DEPTH, desc.k()));
        left = workspace.bytes(LEFT_SLOT, planes * a.count() * pitch);
        right = workspace.bytes(RIGHT_SLOT, planes * b.count() * pitch);
        products = workspace.ints(PRODUCT_SLOT, planes * a.count() * ld);
    }

    /** Lays out a piece of k and multiplies its planes. */
    private void multiply(int planes, boolean adds) {
        depth = (int) Math.min(DEPTH, desc.k() - p);
        context.parallelFor(a.groups(), layOutA);
        context.parallelFor(b.groups(), layOutB);
        GemmPlan plan = inner();
        int pitch = pitch(depth);
        innerArgs.scalars(1, adds ? 1 : 0);
        for (int q = 0; q < planes; q++) {
            innerArgs.a().set(left, (long) q * a.count() * pitch);
            innerArgs.b().set(right, (long) q * b.count() * pitch);
            innerArgs.c().set(products, (long) q * a.count() * ld);
            plan.run(innerArgs);
        }
    }

    private void layOut(Lines<S> lines, int group, Workspace workspace) {
        byte[] to = lines == a ? left : right;
        int pitch = pitch(depth);
        if (moduli == null) {
            lines.estimate(group, p, depth, to, pitch, workspace);
        } else {
            int plane = lines.count() * pitch;
            lines.residues(group, p, depth, precision.bits(), moduli, to, plane, pitch, workspace);
        }
    }

    /** What a run of k leaves of each product, so that the next one can be added. */
    private void leaveRemainders() {
        int plane = a.count() * ld;
        for (int q = 0; q < moduli.count; q++) {
            int divisor = moduli.moduli[q];
            for (int i = q * plane; i < (q + 1) * plane; i++) {
                products[i] %= divisor;
            }
        }
    }

    /** The plan for the present block and piece of k, of which there are two sizes each at most. */
    private GemmPlan inner() {
        int at = (a.count() < BLOCK ? 4 : 0) + (b.count() < BLOCK ? 2 : 0) + (depth < DEPTH ? 1 : 0);
        if (inner[at] == null) {
            inner[at] = context.plan(ResidueGemm.inner(a.count(), b.count(), depth, pitch(depth), ld));
        }
        return inner[at];
    }

    static int pitch(int depth) {
        return roundUp(depth, Pieces.PITCH);
    }

    private static int roundUp(int n, int unit) {
        return (n + unit - 1) / unit * unit;
    }

    private static int exponent(Lines<?> lines, int line) {
        return lines.isZero(line) ? 0 : lines.exponent(line);
    }

    /** Puts the sums of a group of rows together, and C from them: alpha and beta come last. */
    private void finish(int group, Workspace workspace) {
        int end = Math.min(a.count(), (group + 1) * Lines.GROUP);
        int cols = b.count();
        double[] sums = workspace.doubles(SUM_SLOT, ld);
        int t = precision.bits();
        for (int i = group * Lines.GROUP; i < end; i++) {
            Reconstruction.sums(
                    products, i * ld, a.count() * ld, ld, moduli, precision.isFine(), precision.isWhole(), sums);
            int e = exponent(a, i);
            scale(sums, cols, Math.scalb(1.0, (e >> 1) - t), Math.scalb(1.0, e - (e >> 1) - t));
            store(batch, (long) a.first() + i, b.first(), cols, sums, 0, workspace);
        }
    }

    /**
     * Times 2^(e + f - 2t), by halves of e and of f: those of both operands together, whichever comes first, so that nothing overflows or is
     * rounded but the result. Sums are integers x, and h ≈ (e + f)/2: x·2^(h - t) is below the normal range only where the result is 0, and beyond it only
     * where the result is; 2^(h - t) is at most 2^(1024 - t), and t is at least 1 where numbers are not all 0.
     */
    private void scale(double[] x, int n, double half, double other) {
        for (int j = 0; j < n; j++) {
            x[j] = x[j] * half * halves[j] * (other * others[j]);
        }
    }
}
