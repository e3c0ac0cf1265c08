package dev.gamut.parallel;

import dev.gamut.Gamut;
import dev.gamut.GemmOptions;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * C = A·B on a grid of ranks that each hold a block of all three matrices: SUMMA (van de Geijn and Watts 1997). Panels of A go along
 * rows of the grid and panels of B along its columns; while one pair is multiplied the next is on its way.
 *
 * <p>Rank r is at row r / columns and column r mod columns. Its blocks are the {@link Shard}s of its row and column: of A of rows m and
 * columns k, of B of rows k and columns n, of C of rows m and columns n. C is rounded to its type after each panel: F32 or F64 for
 * products over a long k. Not thread-safe; one for each rank.
 */
public final class Summa implements AutoCloseable {
    private final Gamut gamut;
    private final int rows;
    private final int columns;
    private final long width;
    private final Consumer<GemmOptions> asking;
    private final Communicator row;
    private final Communicator column;

    /**
     * Splits the ranks; all of them must call.
     *
     * @param gamut computes this rank's part
     * @param ranks as many as the grid has places
     * @param rows of the grid
     * @param columns of the grid
     * @param width of a panel, at least 1
     * @param asking accuracy and determinism of products
     */
    public Summa(Gamut gamut, Communicator ranks, int rows, int columns, long width, Consumer<GemmOptions> asking) {
        if (rows < 1 || columns < 1 || (long) rows * columns != ranks.size()) {
            throw new IllegalArgumentException("rows is " + rows + " and columns " + columns + "; there are "
                    + ranks.size() + " ranks, one for each place");
        }
        if (width < 1) {
            throw new IllegalArgumentException("width is " + width + "; it must be at least 1");
        }
        this.gamut = gamut;
        this.rows = rows;
        this.columns = columns;
        this.width = width;
        this.asking = asking;
        this.row = ranks.split(ranks.rank() / columns, ranks.rank() % columns);
        this.column = ranks.split(ranks.rank() % columns, ranks.rank() / columns);
    }

    /** A run of k that lies in one block of A and in one of B. */
    private record Panel(long first, long count, int columnOfA, int rowOfB) {}

    /** Panels on their way to this rank. */
    private record Arriving(Tensor a, Tensor b, Request ofA, Request ofB) {}

    /**
     * Multiplies; all ranks must call.
     *
     * @param a this rank's block of A, rows contiguous
     * @param b this rank's block of B, rows contiguous
     * @param c this rank's block of C
     * @param k columns of all of A
     */
    public void run(Tensor a, Tensor b, Tensor c, long k) {
        Shard ofA = Shard.of(k, columns, row.rank());
        Shard ofB = Shard.of(k, rows, column.rank());
        Rows.require("a", a, c.size(0), ofA.count());
        Rows.require("b", b, ofB.count(), c.size(1));
        List<Panel> panels = panels(k);
        if (panels.isEmpty()) {
            gamut.gemm(a, b, c, asking);
            return;
        }
        Arriving next = start(panels.getFirst(), a, ofA, b, ofB);
        for (int p = 0; p < panels.size(); p++) {
            Arriving now = next;
            now.ofA.await();
            now.ofB.await();
            next = p + 1 < panels.size() ? start(panels.get(p + 1), a, ofA, b, ofB) : null;
            double keep = p == 0 ? 0 : 1;
            gamut.gemm(now.a, now.b, c, options -> {
                asking.accept(options);
                options.beta(keep);
            });
        }
    }

    private List<Panel> panels(long k) {
        List<Panel> panels = new ArrayList<>();
        int ofA = 0;
        int ofB = 0;
        for (long at = 0; at < k; at = panels.getLast().first + panels.getLast().count) {
            while (Shard.of(k, columns, ofA).end() <= at) {
                ofA++;
            }
            while (Shard.of(k, rows, ofB).end() <= at) {
                ofB++;
            }
            long end = Math.min(
                    at + width,
                    Math.min(
                            Shard.of(k, columns, ofA).end(),
                            Shard.of(k, rows, ofB).end()));
            panels.add(new Panel(at, end - at, ofA, ofB));
        }
        return panels;
    }

    private Arriving start(Panel panel, Tensor a, Shard ofA, Tensor b, Shard ofB) {
        Tensor left = Tensor.zeros(a.dtype(), a.size(0), panel.count);
        Tensor right = Tensor.zeros(b.dtype(), panel.count, b.size(1));
        if (row.rank() == panel.columnOfA) {
            long from = panel.first - ofA.first();
            Rows.copy(a.slice(1, from, from + panel.count), left);
        }
        if (column.rank() == panel.rowOfB) {
            long from = panel.first - ofB.first();
            Rows.copy(b.slice(0, from, from + panel.count), right);
        }
        return new Arriving(
                left,
                right,
                row.start(CollectiveCall.broadcast(left, panel.columnOfA)),
                column.start(CollectiveCall.broadcast(right, panel.rowOfB)));
    }

    /** Frees the groups of this rank's row and column. */
    @Override
    public void close() {
        row.close();
        column.close();
    }
}
