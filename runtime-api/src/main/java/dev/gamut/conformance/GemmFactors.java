package dev.gamut.conformance;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** The values that each factor of a GEMM problem takes for a kernel, and their combinations. */
final class GemmFactors {
    /** Tile of kernels that name none. */
    private static final int NO_TILE = 5;

    private final KernelId id;
    private final int rows;
    private final int cols;

    GemmFactors(KernelId id, Capabilities machine) {
        this.id = id;
        int bits = id.types().get(2).bits();
        int lanes = Math.max(1, machine.lanes(bits));
        this.rows = id.tile().map(t -> t.rows(lanes)).orElse(NO_TILE);
        this.cols = id.tile().map(t -> t.cols(lanes)).orElse(NO_TILE);
    }

    int tileRows() {
        return rows;
    }

    int tileCols() {
        return cols;
    }

    private static long[] around(int tile, long prime) {
        return LongStream.of(0, 1, tile - 1, tile, tile + 1, 2L * tile + 1, prime)
                .filter(v -> v >= 0)
                .distinct()
                .toArray();
    }

    /** Whether alpha and beta must be integers. */
    private boolean integral() {
        return id.types().get(2).isInteger();
    }

    private double[] alphas() {
        return integral() ? new double[] {1, -2, 0, 3} : new double[] {1, -1.5, 0, 0.625};
    }

    private double[] betas() {
        return integral() ? new double[] {0, 1, -3} : new double[] {0, 1, 0.5, -2};
    }

    /**
     * Problems.
     *
     * @param exact whether only operations that are exact for exact operands
     * @param options pairwise, and besides, if full, all shapes with rows and columns of A, B and C and the rest at random
     */
    List<GemmSpec> combinations(boolean exact, Options options) {
        int[] sizes = factors(exact);
        List<GemmSpec> specs = new ArrayList<>();
        Pairwise.rows(sizes, options.seed()).forEach(row -> specs.add(spec(row, exact)));
        if (!options.full()) {
            return specs;
        }
        int[] crossed = {around(rows, 13).length, around(cols, 17).length, around(rows, 19).length, 2, 2, 2};
        SplittableRandom random = new SplittableRandom(options.seed());
        for (int[] row : Pairwise.all(crossed)) {
            int[] whole = new int[sizes.length];
            for (int f = 0; f < sizes.length; f++) {
                boolean order = f >= 3 && f < row.length;
                int fixed = f < row.length ? row[f] : random.nextInt(sizes[f]);
                whole[f] = order ? 2 * fixed + random.nextInt(2) : fixed; // rows or columns, with a gap or not
            }
            specs.add(spec(whole, exact));
        }
        return specs;
    }

    private int[] factors(boolean exact) {
        int orders = GemmSpec.Order.values().length;
        int places = Memory.Place.values().length;
        return new int[] {
            around(rows, 13).length,
            around(cols, 17).length,
            around(rows, 19).length,
            orders,
            orders,
            orders,
            alphas().length,
            betas().length,
            places,
            places,
            places,
            GemmSpec.Batch.values().length,
            chains(exact).size(),
            scalings(0).size(),
            scalings(1).size(),
            3
        };
    }

    private static List<EpilogueChain> chains(boolean exact) {
        return exact ? EpilogueChain.EXACT : EpilogueChain.ALL;
    }

    private GemmSpec spec(int[] v, boolean exact) {
        GemmSpec.Order[] orders = GemmSpec.Order.values();
        Memory.Place[] places = Memory.Place.values();
        return GemmSpec.plain(around(rows, 13)[v[0]], around(cols, 17)[v[1]], around(rows, 19)[v[2]])
                .lies(
                        new GemmSpec.Lie(orders[v[3]], places[v[8]]),
                        new GemmSpec.Lie(orders[v[4]], places[v[9]]),
                        new GemmSpec.Lie(orders[v[5]], places[v[10]]))
                .scalars(alphas()[v[6]], betas()[v[7]])
                .batch(GemmSpec.Batch.values()[v[11]])
                .chain(chains(exact).get(v[12]))
                .scalings(scalings(0).get(v[13]), scalings(1).get(v[14]))
                .threads(1 + v[15]);
    }

    /**
     * Scale factors that an operand may carry: those of the kernel's group where it has one, also for rows of integers that meet such
     * groups; none for wide floats and for exact integer sums.
     *
     * @param operand 0 for A, 1 for B
     */
    List<Scaling> scalings(int operand) {
        DType type = id.types().get(operand);
        int along = 1 - operand;
        if (id.types().get(2).isInteger() || type.bits() > 8) {
            return List.of(Scaling.NONE);
        }
        if (id.group().isPresent()) {
            int group = id.group().getAsInt();
            if (operand == 0 && type.isInteger()) {
                return List.of(
                        Scaling.NONE,
                        Scaling.perTensor(DType.BF16),
                        Scaling.perBlock(along, group, DType.F16),
                        Scaling.perAxis(operand, DType.F32));
            }
            return type.isInteger() ? blocks(along, group) : List.of(Scaling.perBlock(along, group, DType.F8E8M0));
        }
        List<Scaling> all = new ArrayList<>(
                List.of(Scaling.NONE, Scaling.perTensor(DType.F32), Scaling.perAxis(operand, DType.F32)));
        if (type.isInteger()) {
            all.add(Scaling.perAxis(operand, DType.BF16).withZeroPoints(DType.I8));
            all.addAll(blocks(along, 4));
        } else {
            all.add(Scaling.perBlock(along, 32, DType.F8E8M0));
            all.add(Scaling.perBlock(along, 16, DType.F8E4M3));
        }
        return all;
    }

    /** Scale factors as weights come with them. */
    List<Scaling> weights() {
        int along = 0;
        if (id.group().isPresent()) {
            return blocks(along, id.group().getAsInt());
        }
        return List.of(
                Scaling.perTensor(DType.F32),
                Scaling.perAxis(1, DType.F32),
                Scaling.perBlock(along, 32, DType.F32),
                Scaling.perBlock(along, 32, DType.F16),
                Scaling.perBlock(along, 64, DType.BF16),
                Scaling.perBlock(along, 128, DType.F32),
                Scaling.perBlock(along, 256, DType.F16),
                Scaling.perBlock(along, 128, DType.F16).withZeroPoints(DType.I4),
                Scaling.perBlock(along, 64, DType.F32).withZeroPoints(DType.U8));
    }

    private static List<Scaling> blocks(int along, int group) {
        return List.of(
                Scaling.perBlock(along, group, DType.F32),
                Scaling.perBlock(along, group, DType.F16).withZeroPoints(DType.I4),
                Scaling.perBlock(along, group, DType.F32).withZeroPoints(DType.U8));
    }
}
