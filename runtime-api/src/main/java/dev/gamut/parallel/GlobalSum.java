package dev.gamut.parallel;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;

/**
 * The sum of a vector whose parts lie on several ranks, one after the other: the bits that one rank with the whole vector gets in the
 * order {@link EvaluationOrder#TREE64}, however the vector is cut.
 *
 * <p>That order sums blocks of {@value #BLOCK} elements and joins their results by a binary tree. Each rank sums the blocks that begin
 * in its part, for which ranks after it hand over what they have of a block that began before; then all know the results of all blocks
 * and join them. Errors are those of the order: at most (57 + ⌈log2 n⌉)·u·Σ|x|.
 *
 * <p>Thread-safe as its communicator is. Bytes exchanged: at most {@value #BLOCK} elements and n / {@value #BLOCK} results of each rank.
 */
public final class GlobalSum {
    /** Elements of a block of the order, which {@link EvaluationOrder#TREE64} fixes. */
    private static final int BLOCK = 4_096;

    private final Gamut gamut;
    private final Communicator comm;

    /**
     * Sums on a group of ranks.
     *
     * @param gamut what adds up blocks
     * @param comm the ranks, in the order of their parts
     */
    public GlobalSum(Gamut gamut, Communicator comm) {
        this.gamut = gamut;
        this.comm = comm;
    }

    /**
     * The sum of the parts of all ranks; every rank calls, with the same type.
     *
     * @param x this rank's part, a contiguous vector of floating-point numbers, of any length
     * @return the sum, a number of the type that sums are accumulated in; the same on all ranks
     */
    public double of(Tensor x) {
        DType type = x.dtype();
        if (!type.isFloat() || x.rank() != 1 || !x.layout().isRowMajor() || type.isSubByte()) {
            throw new IllegalArgumentException(
                    "x is " + x + "; it must be a contiguous vector of floats of whole bytes");
        }
        long[] lengths = lengths(x.size(0));
        long first = Arrays.stream(lengths, 0, comm.rank()).sum();
        long head = Math.min(x.size(0), (BLOCK - first % BLOCK) % BLOCK);
        Tensor heads = heads(x.slice(0, 0, head), lengths);
        return joined(blocks(x.slice(0, head, x.size(0)), heads, lengths), type.sumAccumulator());
    }

    private long[] lengths(long own) {
        long[] all = new long[comm.size()];
        comm.allGather(integers(new long[] {own}), integers(all));
        return all;
    }

    private static Tensor integers(long[] x) {
        return Tensor.of(x, DType.I64, Layout.rowMajor(x.length), 0);
    }

    /** Elements of each rank's part that belong to a block begun before it. */
    private static long[] headLengths(long[] lengths) {
        long[] heads = new long[lengths.length];
        long first = 0;
        for (int r = 0; r < lengths.length; r++) {
            heads[r] = Math.min(lengths[r], (BLOCK - first % BLOCK) % BLOCK);
            first += lengths[r];
        }
        return heads;
    }

    private Tensor heads(Tensor own, long[] lengths) {
        long[] counts = headLengths(lengths);
        Tensor all = Tensor.zeros(own.dtype(), Arrays.stream(counts).sum());
        comm.run(CollectiveCall.allGather(own, all, counts));
        return all;
    }

    /** The results of all blocks, in their order. */
    private double[] blocks(Tensor rest, Tensor heads, long[] lengths) {
        long[] headLengths = headLengths(lengths);
        long[] counts = new long[lengths.length];
        for (int r = 0; r < counts.length; r++) {
            counts[r] = (lengths[r] - headLengths[r] + BLOCK - 1) / BLOCK;
        }
        DType sum = rest.dtype().sumAccumulator();
        Tensor own = Tensor.zeros(sum, counts[comm.rank()]);
        long whole = rest.size(0) / BLOCK;
        rows(rest.slice(0, 0, whole * BLOCK), whole, BLOCK, own.slice(0, 0, whole));
        if (whole < own.size(0)) {
            Tensor last = last(rest.slice(0, whole * BLOCK, rest.size(0)), heads, headLengths);
            rows(last, 1, last.size(0), own.slice(0, whole, whole + 1));
        }
        Tensor all = Tensor.zeros(sum, Arrays.stream(counts).sum());
        comm.run(CollectiveCall.allGather(own, all, counts));
        double[] results = new double[Math.toIntExact(all.size(0))];
        Arrays.setAll(results, all::get);
        return results;
    }

    /** A block that ends on later ranks: what this rank has of it, and their heads as far as they belong to it. */
    private Tensor last(Tensor begun, Tensor heads, long[] headLengths) {
        long missing = BLOCK - begun.size(0);
        long from = Arrays.stream(headLengths, 0, comm.rank() + 1).sum();
        long taken = Math.min(missing, heads.size(0) - from);
        Tensor block = Tensor.zeros(begun.dtype(), begun.size(0) + taken);
        copy(begun, block.slice(0, 0, begun.size(0)));
        copy(heads.slice(0, from, from + taken), block.slice(0, begun.size(0), begun.size(0) + taken));
        return block;
    }

    private static void copy(Tensor from, Tensor to) {
        DType type = from.dtype();
        Convert.convert(from.segment(), type, from.offset(), to.segment(), type, to.offset(), from.size(0));
    }

    /** Sums rows of a vector that is read as a matrix. */
    private void rows(Tensor x, long rows, long cols, Tensor sums) {
        if (rows == 0) {
            return;
        }
        ReduceDesc desc = ReduceDesc.of(ReduceOp.SUM, x.dtype(), Layout.rowMajor(rows, cols), 1)
                .determinism(Determinism.bitwise(EvaluationOrder.TREE64));
        ReduceArgs args = new ReduceArgs();
        args.x().set(x.segment(), x.dtype(), x.offset());
        args.out().set(sums);
        gamut.plan(desc).run(args);
    }

    /** A left subtree has the largest power of two of blocks below their number. */
    private static double joined(double[] blocks, DType type) {
        return blocks.length == 0 ? 0 : joined(blocks, 0, blocks.length, type);
    }

    private static double joined(double[] blocks, int from, int to, DType type) {
        int n = to - from;
        if (n == 1) {
            return blocks[from];
        }
        int left = from + Integer.highestOneBit(n - 1);
        return type.round(joined(blocks, from, left, type) + joined(blocks, left, to, type));
    }
}
