package dev.gamut.parallel;

import dev.gamut.Gamut;
import dev.gamut.GemmOptions;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * C = A·B over ranks that each hold a part of A or of B; every rank calls the same method. A is m×k, B k×n, C m×n, row-major; whatever
 * axis is sharded, each rank has its {@link Shard} of it. {@link Summa} has all three matrices in blocks.
 *
 * <p>Error: that of the product (a sum of partial products over k: of each of them, their rounding to the type of C and that of the
 * all-reduce, see {@link Combine}). Not thread-safe; one for each rank.
 */
public final class ShardedGemm {
    private final Gamut gamut;
    private final Communicator ranks;
    private final Consumer<GemmOptions> asking;
    private final Consumer<CollectiveCall> calling;

    /**
     * Products in native accuracy.
     *
     * @param gamut computes this rank's part
     * @param ranks who share
     */
    public ShardedGemm(Gamut gamut, Communicator ranks) {
        this(gamut, ranks, options -> {}, call -> {});
    }

    /**
     * Products with demands.
     *
     * @param gamut computes this rank's part
     * @param ranks who share
     * @param asking accuracy and determinism of products
     * @param calling determinism, deadline and transport of collectives
     */
    public ShardedGemm(
            Gamut gamut, Communicator ranks, Consumer<GemmOptions> asking, Consumer<CollectiveCall> calling) {
        this.gamut = gamut;
        this.ranks = ranks;
        this.asking = asking;
        this.calling = calling;
    }

    private Shard shard(long n) {
        return Shard.of(n, ranks.size(), ranks.rank());
    }

    private void run(CollectiveCall call) {
        calling.accept(call);
        ranks.run(call);
    }

    /**
     * A sharded by rows: each rank computes its rows of C, then all get all. Who wants only their own rows multiplies without
     * this class.
     *
     * @param a this rank's rows of A
     * @param b all of B
     * @param c all of C, contiguous
     */
    public void rows(Tensor a, Tensor b, Tensor c) {
        Rows.requireContiguous("c", c);
        Shard own = shard(c.size(0));
        Rows.require("a", a, own.count(), b.size(0));
        Tensor mine = c.slice(0, own.first(), own.end());
        gamut.gemm(a, b, mine, asking);
        run(CollectiveCall.allGather(mine, c, elements(c.size(0), c.size(1))));
    }

    /**
     * B sharded by columns: each rank computes its columns of C, then all get all.
     *
     * @param a all of A
     * @param b this rank's columns of B
     * @param c all of C, rows contiguous
     */
    public void columns(Tensor a, Tensor b, Tensor c) {
        Rows.requireMatrix("c", c);
        long n = c.size(1);
        Shard own = shard(n);
        Rows.require("b", b, a.size(1), own.count());
        long m = c.size(0);
        Tensor mine = Tensor.zeros(c.dtype(), m, own.count());
        gamut.gemm(a, b, mine, asking);
        Tensor all = Tensor.zeros(c.dtype(), m * n);
        run(CollectiveCall.allGather(mine, all, elements(n, m)));
        for (int r = 0; r < ranks.size(); r++) {
            Shard columns = Shard.of(n, ranks.size(), r);
            Tensor part = Rows.matrix(all, m * columns.first(), m, columns.count());
            Rows.copy(part, c.slice(1, columns.first(), columns.end()));
        }
    }

    /**
     * k sharded: each rank computes a product of the size of C, and all get the sum.
     *
     * @param a this rank's columns of A
     * @param b the same rows of B
     * @param c all of C, contiguous
     */
    public void inner(Tensor a, Tensor b, Tensor c) {
        Rows.requireContiguous("c", c);
        gamut.gemm(a, b, c, asking);
        run(CollectiveCall.allReduce(c, c, Combine.SUM));
    }

    /**
     * k sharded: each rank computes a product of the size of C, and gets its rows of the sum.
     *
     * @param a this rank's columns of A
     * @param b the same rows of B
     * @param c this rank's rows of C, contiguous
     */
    public void innerToRows(Tensor a, Tensor b, Tensor c) {
        Rows.requireContiguous("c", c);
        Rows.require("c", c, shard(a.size(0)).count(), b.size(1));
        Tensor whole = Tensor.zeros(c.dtype(), a.size(0), b.size(1));
        gamut.gemm(a, b, whole, asking);
        run(CollectiveCall.reduceScatter(whole, c, elements(a.size(0), b.size(1)), Combine.SUM));
    }

    /** Elements of each rank's share of rows of a width. */
    private long[] elements(long rows, long width) {
        return Arrays.stream(Shard.counts(rows, ranks.size()))
                .map(count -> count * width)
                .toArray();
    }
}
