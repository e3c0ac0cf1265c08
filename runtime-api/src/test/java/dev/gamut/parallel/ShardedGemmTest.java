package dev.gamut.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.Gamut;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products over ranks against a serial one, of small integers: exact whatever the order. */
@Timeout(300)
class ShardedGemmTest {
    private static final long[][] SHAPES = {{7, 5, 9}, {1, 1, 1}, {2, 3, 1}, {13, 8, 11}, {3, 4, 0}, {16, 12, 20}};

    private static Tensor whole(DType type, long rows, long columns, int seed) {
        Tensor x = Tensor.zeros(type, rows, columns);
        for (long i = 0; i < rows; i++) {
            for (long j = 0; j < columns; j++) {
                x.set((i * 5 + j * 3 + seed) % 7 - 3, i, j);
            }
        }
        return x;
    }

    private static Tensor block(Tensor x, Shard rows, Shard columns) {
        Tensor view = x.slice(0, rows.first(), rows.end()).slice(1, columns.first(), columns.end());
        Tensor own = Tensor.zeros(x.dtype(), rows.count(), columns.count());
        Rows.copy(view, own);
        return own;
    }

    private static Shard all(long n) {
        return new Shard(0, n);
    }

    private static double exact(Tensor a, Tensor b, long i, long j) {
        double sum = 0;
        for (long l = 0; l < a.size(1); l++) {
            sum += a.get(i, l) * b.get(l, j);
        }
        return sum;
    }

    private static void check(String what, Tensor a, Tensor b, Tensor c, Shard rows, Shard columns) {
        for (long i = 0; i < rows.count(); i++) {
            for (long j = 0; j < columns.count(); j++) {
                double expected = exact(a, b, rows.first() + i, columns.first() + j);
                assertEquals(expected, c.get(i, j), 0, what + " element " + i + ", " + j);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everyShardingGivesTheSerialProduct(int ranks) {
        try (Gamut gamut = Gamut.open()) {
            Communicators.run(ranks, comm -> {
                ShardedGemm product = new ShardedGemm(gamut, comm);
                for (long[] s : SHAPES) {
                    for (DType type : new DType[] {DType.F32, DType.F64}) {
                        shardings(comm, product, type, s[0], s[1], s[2]);
                    }
                }
            });
        }
    }

    private static void shardings(Communicator comm, ShardedGemm product, DType type, long m, long n, long k) {
        Tensor a = whole(type, m, k, 1);
        Tensor b = whole(type, k, n, 2);
        Shard ofM = Shard.of(m, comm.size(), comm.rank());
        Shard ofN = Shard.of(n, comm.size(), comm.rank());
        Shard ofK = Shard.of(k, comm.size(), comm.rank());
        String what = type + " " + m + "×" + n + "×" + k + " on rank " + comm.rank() + " of " + comm.size();

        Tensor c = whole(type, m, n, 3);
        product.rows(block(a, ofM, all(k)), b, c);
        check("rows " + what, a, b, c, all(m), all(n));

        Tensor wide = whole(type, m, n + 3, 4);
        product.columns(a, block(b, all(k), ofN), wide.slice(1, 1, n + 1));
        check("columns " + what, a, b, wide.slice(1, 1, n + 1), all(m), all(n));
        assertEquals(whole(type, 1, n + 3, 4).get(0, n + 2), wide.get(0, n + 2), 0, what);

        c = whole(type, m, n, 5);
        product.inner(block(a, all(m), ofK), block(b, ofK, all(n)), c);
        check("inner " + what, a, b, c, all(m), all(n));

        c = whole(type, ofM.count(), n, 6);
        product.innerToRows(block(a, all(m), ofK), block(b, ofK, all(n)), c);
        check("innerToRows " + what, a, b, c, ofM, all(n));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x1", "1x2", "2x1", "3x1", "1x3", "2x2", "1x4", "2x3"})
    void summaGivesTheSerialProduct(String grid) {
        int rows = Integer.parseInt(grid.substring(0, 1));
        int columns = Integer.parseInt(grid.substring(2));
        try (Gamut gamut = Gamut.open()) {
            Communicators.run(rows * columns, comm -> {
                for (long width : new long[] {1, 3, 64}) {
                    try (Summa summa = new Summa(gamut, comm, rows, columns, width, options -> {})) {
                        for (long[] s : SHAPES) {
                            int row = comm.rank() / columns;
                            int column = comm.rank() % columns;
                            Tensor a = whole(DType.F32, s[0], s[2], 1);
                            Tensor b = whole(DType.F32, s[2], s[1], 2);
                            Shard ofM = Shard.of(s[0], rows, row);
                            Shard ofN = Shard.of(s[1], columns, column);
                            Tensor c = whole(DType.F32, ofM.count(), ofN.count(), 3);
                            summa.run(
                                    block(a, ofM, Shard.of(s[2], columns, column)),
                                    block(b, Shard.of(s[2], rows, row), ofN),
                                    c,
                                    s[2]);
                            check(grid + " " + Arrays.toString(s) + " width " + width, a, b, c, ofM, ofN);
                        }
                    }
                }
            });
        }
    }

    @Test
    void wrongShardsAreRefused() {
        try (Gamut gamut = Gamut.open()) {
            Communicators.run(1, comm -> {
                ShardedGemm product = new ShardedGemm(gamut, comm);
                Tensor x = whole(DType.F32, 4, 4, 1);
                Tensor c = whole(DType.F32, 5, 4, 1);
                refused("a is", "5×4", () -> product.rows(x, x, c));
                refused("b is", "4×5", () -> product.columns(x, x, whole(DType.F32, 4, 5, 1)));
                refused("contiguous", "c is", () -> product.inner(x, x, c.slice(1, 0, 3)));
                refused("rows is 2", "1 ranks", () -> new Summa(gamut, comm, 2, 1, 8, o -> {}));
                Tensor column = x.transpose();
                refused("rows are contiguous", "c is", () -> product.columns(x, x, column));
            });
        }
    }

    private static void refused(String word, String other, Runnable body) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, body::run);
        assertTrue(e.getMessage().contains(word) && e.getMessage().contains(other), e.getMessage());
    }
}
