package dev.gamut.conformance;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * A GEMM with its numbers, in poisoned memory. What must not be read stays poison: A and B where alpha is 0, C where beta is 0,
 * everything between and around the elements.
 */
final class GemmProblem {
    private final GemmDesc desc;
    private final Data data;
    private final Memory a;
    private final Memory b;
    private final Memory c;
    private final GemmArgs args;
    private final SplittableRandom random;
    private final double sizeOfC;

    GemmProblem(GemmSpec spec, GemmDesc desc, Data data, long seed) {
        this(spec, desc, data, seed, 1);
    }

    /**
     * Fills memory.
     *
     * @param sizeOfC factor of the old C's numbers
     */
    GemmProblem(GemmSpec spec, GemmDesc desc, Data data, long seed, double sizeOfC) {
        this.desc = desc;
        this.data = data;
        this.sizeOfC = sizeOfC;
        this.random = new SplittableRandom(seed);
        boolean reads = spec.alpha() != 0;
        this.a = fill(desc.a(), spec.a().place(), reads, 1);
        this.b = fill(desc.b(), spec.b().place(), reads, 1);
        this.c = fill(desc.c(), spec.c().place(), spec.beta() != 0, sizeOfC);
        this.args = new GemmArgs()
                .scalars(spec.alpha(), spec.beta())
                .epilogue(spec.epilogue().build(desc.acc(), desc.c().type(), desc.c(), desc.batch(), data, random));
        point(args.a(), a, desc.a());
        point(args.b(), b, desc.b());
        c.point(args.c());
    }

    private Memory fill(MatrixDesc matrix, Memory.Place place, boolean numbers, double size) {
        long extent =
                Math.max(matrix.extent(1), matrix.extent(desc.batch())); // a tensor needs one matrix even for no batch
        Memory memory = Memory.of(matrix.type(), extent, place);
        long copies = matrix.batchStride() == 0 ? Math.min(desc.batch(), 1) : desc.batch();
        for (long q = 0; q < (numbers ? copies : 0); q++) {
            for (long i = 0; i < matrix.rows(); i++) {
                for (long j = 0; j < matrix.cols(); j++) {
                    long at = q * matrix.batchStride() + i * matrix.rowStride() + j * matrix.colStride();
                    memory.put(at, size * data.next(matrix.type(), random));
                }
            }
        }
        memory.remember();
        return memory;
    }

    /** Points at memory; scaled operands as a tensor with scale factors and zero points, those of codes that serve a batch of each matrix or of all. */
    private void point(Operand operand, Memory memory, MatrixDesc matrix) {
        if (!matrix.scaling().hasScales()) {
            memory.point(operand);
            return;
        }
        boolean ofEach = matrix.batchStride() > 0 || random.nextBoolean();
        Data zeros = data == Data.EXACT ? data : Data.RANDOM; // any zero point that there is
        operand.set(Factors.scaled(
                memory, matrix, ofEach ? desc.batch() : 1, () -> data.scale(random), type -> zeros.next(type, random)));
    }

    /** What to hand to a plan, with B packed beforehand where given: never what {@link #verify} reads by. */
    GemmArgs args(PackedMatrix packed) {
        GemmArgs other = new GemmArgs().scalars(args.alpha(), args.beta()).epilogue(args.epilogue());
        copy(args.a(), other.a(), a);
        c.point(other.c());
        if (packed == null) {
            copy(args.b(), other.b(), b);
        } else {
            other.packedB(packed);
        }
        return other;
    }

    private static void copy(Operand from, Operand to, Memory memory) {
        if (from.tensor() != null) {
            to.set(from.tensor());
        } else {
            memory.point(to);
        }
    }

    /** B as a tensor, for packing. */
    Tensor rightOperand() {
        long[] shape = {desc.b().rows(), desc.b().cols()};
        return b.tensor(
                Layout.of(shape, new long[] {desc.b().rowStride(), desc.b().colStride()}));
    }

    /** C as it was before the run. */
    void restore() {
        c.restore();
    }

    /** Every element of C, all NaNs alike. */
    long[] bits() {
        int size = Math.toIntExact(desc.batch() * desc.m() * desc.n());
        long[] bits = new long[size];
        int e = 0;
        for (long q = 0; q < desc.batch(); q++) {
            for (long i = 0; i < desc.m(); i++) {
                for (long j = 0; j < desc.n(); j++) {
                    MatrixDesc m = desc.c();
                    bits[e++] = c.bits(q * m.batchStride() + i * m.rowStride() + j * m.colStride());
                }
            }
        }
        return bits;
    }

    /** How C compares with the oracle, and what was written that must not be. */
    Report verify(ErrorBound bound, long seed) {
        Operand before = new Operand();
        c.pointBefore(before);
        Report report = Check.gemm(desc, bound, data == Data.EXACT, args, before, seed);
        String stray = stray();
        return !report.ok() || stray.isEmpty()
                ? report
                : new Report(false, report.maxErrorOverBound(), report.maxAbsError(), 0, 0, stray);
    }

    private String stray() {
        if (!a.isUntouched() || !b.isUntouched()) {
            return "wrote to " + (a.isUntouched() ? "B" : "A");
        }
        MatrixDesc m = desc.c();
        Layout elements = Layout.of(
                new long[] {desc.batch(), m.rows(), m.cols()},
                new long[] {m.batchStride(), m.rowStride(), m.colStride()});
        long at = c.strayWrite(elements);
        return at < 0 ? "" : "wrote outside C's elements, byte " + at + " of its memory";
    }
}
