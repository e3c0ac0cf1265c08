package dev.gamut.vector.gemm;

import static org.junit.jupiter.api.Assertions.fail;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Offer;
import dev.gamut.tensor.Operand;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Random;

/**
 * One GEMM with its data: operands in memory whose every element outside the matrices is NaN, run by a kernel and
 * compared with a plain loop in double.
 */
final class GemmCase {
    /** How a matrix lies in memory. */
    enum Form {
        ROWS(0, 0),
        PADDED_ROWS(3, 0),
        COLS(0, 0),
        PADDED_COLS(5, 0),
        STRIDED(2, 3),
        /** One row for all, which only operands that are read can have. */
        SAME_ROW(0, 0),
        /** One column for all. */
        SAME_COL(0, 0);

        final int pad;
        final int step;

        Form(int pad, int step) {
            this.pad = pad;
            this.step = step;
        }

        MatrixDesc desc(DType type, long rows, long cols) {
            if (this == SAME_ROW || this == SAME_COL) {
                long r = this == SAME_ROW ? 0 : 1;
                return new MatrixDesc(type, rows, cols, r, 1 - r, 0, Scaling.NONE, Optional.empty());
            }
            long unit = Math.max(1, step);
            boolean byRows = this == ROWS || this == PADDED_ROWS || this == STRIDED;
            long ld = (byRows ? cols : rows) * unit + pad;
            return new MatrixDesc(
                    type, rows, cols, byRows ? ld : unit, byRows ? unit : ld, 0, Scaling.NONE, Optional.empty());
        }
    }

    /** Where a matrix lies. */
    enum Place {
        ARRAY,
        NATIVE,
        HEAP_BYTES
    }

    final GemmDesc desc;
    private final Place place;
    private final int offset;
    private final boolean exact;
    private final double alpha;
    private final double beta;
    private final MemorySegment[] memory = new MemorySegment[3];
    private final GemmArgs args = new GemmArgs();

    GemmCase(GemmDesc desc, Place place, int offset, boolean exact, double alpha, double beta, Arena arena) {
        this.desc = desc;
        this.place = place;
        this.offset = offset;
        this.exact = exact;
        this.alpha = alpha;
        this.beta = beta;
        Random random = new Random(desc.hashCode());
        fill(0, args.a(), desc.a(), random, arena);
        fill(1, args.b(), desc.b(), random, arena);
        fill(2, args.c(), desc.c(), random, arena);
        args.scalars(alpha, beta);
    }

    GemmArgs args() {
        return args;
    }

    private void fill(int which, Operand operand, MatrixDesc x, Random random, Arena arena) {
        DType type = x.type();
        long size = offset + x.extent(Math.max(1, desc.batch())) + 3;
        MemorySegment s = place(operand, type, size, arena);
        for (long i = 0; i < size; i++) {
            type.store(s, i, Double.NaN);
        }
        boolean poisoned = which == 2 && beta == 0 || which < 2 && alpha == 0;
        for (long e = 0; e < desc.batch() && !poisoned; e++) {
            for (long r = 0; r < x.rows(); r++) {
                for (long c = 0; c < x.cols(); c++) {
                    type.store(s, at(x, e, r, c), exact ? random.nextInt(9) - 4 : random.nextDouble() * 2 - 1);
                }
            }
        }
        memory[which] = s;
    }

    private MemorySegment place(Operand operand, DType type, long size, Arena arena) {
        int bytes = type.bits() / 8;
        switch (place) {
            case ARRAY -> {
                Object array = bytes == 8 ? new double[(int) size] : new float[(int) size];
                operand.set(array, offset);
                return Operand.wrap(array);
            }
            case NATIVE -> {
                MemorySegment s = arena.allocate(size * bytes + 1).asSlice(1); // misaligned on purpose
                operand.set(s, type, offset);
                return s;
            }
            default -> {
                MemorySegment s = MemorySegment.ofArray(new byte[(int) size * bytes]);
                operand.set(s, type, offset);
                return s;
            }
        }
    }

    private long at(MatrixDesc x, long e, long r, long c) {
        return offset + e * x.batchStride() + r * x.rowStride() + c * x.colStride();
    }

    /** Runs the kernel and compares every element, padding included; false where the kernel declines. */
    boolean check(GemmKernel kernel, TestContext context) {
        return check(kernel, context, context);
    }

    /** The same with B packed, where it is, in another runtime. */
    boolean check(GemmKernel kernel, TestContext context, TestContext packer) {
        GemmDesc asked = desc;
        PackedMatrix packed = null;
        if (context.packB() && kernel.packs(desc.b())) {
            packed = kernel.pack(desc.b(), args.b(), packer);
            asked = desc.b(packed.desc());
            args.packedB(packed);
        }
        if (!(kernel.offer(asked, context.offerContext()) instanceof Offer.Accept<GemmExecutor> accept)) {
            return false;
        }
        double[][] image = image();
        accept.preparer().prepare(context).execute(args);
        compare(
                kernel.info().id() + " " + desc + " " + place + " offset " + offset + " alpha " + alpha + " beta "
                        + beta + " threads " + context.threads() + (packed == null ? "" : " packed"),
                image);
        return true;
    }

    /** All of C's memory before the run. */
    private double[][] image() {
        long size = offset + desc.c().extent(Math.max(1, desc.batch())) + 3;
        double[][] image = new double[2][(int) size];
        for (int i = 0; i < size; i++) {
            image[0][i] = desc.c().type().load(memory[2], i);
            image[1][i] = Double.NaN;
        }
        for (long e = 0; e < desc.batch(); e++) {
            for (long r = 0; r < desc.m(); r++) {
                for (long c = 0; c < desc.n(); c++) {
                    element(image, e, r, c);
                }
            }
        }
        return image;
    }

    /** Puts the expected value and the tolerance in place of the old C. */
    private void element(double[][] image, long e, long r, long c) {
        DType type = desc.c().type();
        double sum = 0;
        double magnitude = 0;
        for (long p = 0; p < desc.k() && alpha != 0; p++) {
            double product = type.load(memory[0], at(desc.a(), e, r, p)) * type.load(memory[1], at(desc.b(), e, p, c));
            sum += product;
            magnitude += Math.abs(product);
        }
        int i = (int) at(desc.c(), e, r, c);
        double old = beta == 0 ? 0 : beta * image[0][i];
        double u = type.unitRoundoff();
        double scaled = Math.abs(alpha) * magnitude;
        image[0][i] = alpha == 0 ? old : alpha * sum + old;
        // The oracle's own error is k roundings of F64; alpha, beta·C and the sum add one rounding each.
        double oracle = exact ? 0 : desc.k() * DType.F64.unitRoundoff() * scaled;
        double slack = u * (scaled + Math.abs(old)) * 2 + u * Math.abs(image[0][i]);
        image[1][i] = exact ? 0 : (desc.k() + 2) * u * scaled + slack + oracle;
    }

    private void compare(String what, double[][] image) {
        for (int i = 0; i < image[0].length; i++) {
            double found = desc.c().type().load(memory[2], i);
            double expected = image[0][i];
            boolean same = Double.isNaN(expected) ? Double.isNaN(found) : Math.abs(found - expected) <= image[1][i];
            boolean padding = Double.isNaN(image[1][i]);
            if (padding ? !Double.isNaN(found) : !same) {
                fail(what + ": element " + i + " is " + found + ", expected " + expected + " ± " + image[1][i]
                        + (padding ? " (padding)" : ""));
            }
        }
    }
}
