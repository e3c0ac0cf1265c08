package dev.gamut.bench.peers.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.Workload;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;

/** One matmul primitive, executed on the operands of each set. A transposed operand is one with other strides. */
final class Matmul implements Side {
    private static final MethodHandle EXECUTE = OneDnnPeer.library.function(
            "dnnl_primitive_execute", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
    private static final MethodHandle WAIT =
            OneDnnPeer.library.function("dnnl_stream_wait", FunctionDescriptor.of(JAVA_INT, ADDRESS));

    private static final Map<DType, Integer> TYPES = Map.of(
            DType.F32, Dnnl.F32,
            DType.BF16, Dnnl.BF16,
            DType.F16, Dnnl.F16,
            DType.I32, Dnnl.S32,
            DType.I8, Dnnl.S8,
            DType.U8, Dnnl.U8,
            DType.I4, Dnnl.S4);

    private final Dnnl dnnl;
    private final Arena arena;
    private final Precision precision;
    private final Workload workload;
    private final String implementation;
    private final MemorySegment primitive;
    private final MemorySegment[] arguments;
    private final int count;
    private final MemorySegment first;

    /**
     * Lays the operands out.
     *
     * @param dnnl the library
     * @param problem filled
     * @param arena whose life the copies share
     * @throws Unavailable if the library has no kernel of any speed for it
     */
    Matmul(Dnnl dnnl, GemmProblem problem, Arena arena) throws Unavailable {
        this.dnnl = dnnl;
        this.arena = arena;
        precision = problem.precision();
        workload = problem.workload();
        requireSupported();
        long m = workload.m();
        long n = workload.n();
        long k = workload.k();
        MemorySegment source = operand(precision.a(), m, k, workload.transposeA());
        MemorySegment stored = operand(precision.b(), k, n, workload.transposeB());
        MemorySegment target = operand(precision.result(), m, n, false);
        // The library has layouts of its own for 4-bit weights, but no reorder that brings weights into them.
        boolean packed = problem.packed() && !precision.b().isSubByte();
        MemorySegment wanted = packed ? dnnl.free(TYPES.get(precision.b()), dims(k, n)) : stored;
        MemorySegment descriptor = dnnl.matmul(source, wanted, target, attributes());
        implementation = dnnl.implementation(descriptor);
        if (implementation.startsWith("ref")) {
            throw new Unavailable("falls back to its reference kernel for " + precision);
        }
        primitive = dnnl.primitive(descriptor);
        MemorySegment weights = packed ? dnnl.weights(descriptor) : stored;

        boolean scaled = precision.block() > 0;
        int[] which = scaled
                ? new int[] {Dnnl.SRC, Dnnl.WEIGHTS, Dnnl.DST, Dnnl.SCALES | Dnnl.WEIGHTS}
                : new int[] {Dnnl.SRC, Dnnl.WEIGHTS, Dnnl.DST};
        count = which.length;
        arguments = new MemorySegment[problem.sets()];
        MemorySegment[] results = new MemorySegment[problem.sets()];
        for (int set = 0; set < arguments.length; set++) {
            results[set] = arena.allocate(problem.out().segment().byteSize(), 64);
            MemorySegment[] memories = new MemorySegment[count];
            memories[0] = dnnl.memory(source, Operands.copy(problem.a(set), arena));
            memories[1] = weights(stored, Operands.copy(problem.b(set), arena), weights);
            memories[2] = dnnl.memory(target, results[set]);
            if (scaled) {
                memories[3] = scales(problem.b(set));
            }
            arguments[set] = Dnnl.arguments(arena, which, memories);
        }
        first = results[0];
    }

    private void requireSupported() throws Unavailable {
        for (DType type : new DType[] {precision.a(), precision.b(), precision.result()}) {
            if (!TYPES.containsKey(type)) {
                throw new Unavailable("has no CPU products of " + type);
            }
        }
        if (precision.block() > 0 && (!precision.a().isFloat() || workload.batch() > 1)) {
            throw new Unavailable("takes block scales of weights only, beside one matrix of floats");
        }
    }

    /** Descriptor of an operand in the order in which it is stored. */
    private MemorySegment operand(DType type, long rows, long cols, boolean transposed) throws Unavailable {
        long down = transposed ? 1 : cols;
        long across = transposed ? rows : 1;
        long[] strides = workload.batch() == 1 ? new long[] {down, across} : new long[] {rows * cols, down, across};
        return dnnl.strided(TYPES.get(type), dims(rows, cols), strides);
    }

    private long[] dims(long rows, long cols) {
        return workload.batch() == 1 ? new long[] {rows, cols} : new long[] {workload.batch(), rows, cols};
    }

    private MemorySegment attributes() throws Unavailable {
        return precision.block() == 0
                ? MemorySegment.NULL
                : dnnl.weightScales(
                        precision.block(), precision.a() == DType.BF16 ? Dnnl.FPMATH_BF16 : Dnnl.FPMATH_STRICT);
    }

    /** Memory of the weights, brought into the layout of the primitive if that is another one. */
    private MemorySegment weights(MemorySegment stored, MemorySegment data, MemorySegment wanted) throws Unavailable {
        MemorySegment plain = dnnl.memory(stored, data);
        if (wanted.equals(stored)) {
            return plain;
        }
        MemorySegment memory = dnnl.memory(wanted, arena.allocate(dnnl.size(wanted), 64));
        dnnl.reorder(stored, plain, wanted, memory);
        return memory;
    }

    /** Scale factors as the library reads them: a row for each block along k, a column for each column of B. */
    private MemorySegment scales(Tensor b) throws Unavailable {
        Tensor scales = b.scales();
        long blocks = workload.k() / precision.block();
        long n = workload.n();
        MemorySegment factors = arena.allocate(JAVA_FLOAT, blocks * n);
        for (long block = 0; block < blocks; block++) {
            for (long j = 0; j < n; j++) {
                factors.setAtIndex(JAVA_FLOAT, block * n + j, (float) scales.get(block, j));
            }
        }
        return dnnl.memory(dnnl.strided(Dnnl.F32, new long[] {blocks, n}, new long[] {n, 1}), factors);
    }

    /** The name of the implementation that the library picked. */
    String implementation() {
        return implementation;
    }

    @Override
    public void run(int set) {
        int status;
        try {
            status = (int) EXECUTE.invokeExact(primitive, dnnl.stream, count, arguments[set])
                    | (int) WAIT.invokeExact(dnnl.stream);
        } catch (Throwable e) { // a downcall declares Throwable and throws nothing
            throw new AssertionError(e);
        }
        if (status != 0) {
            throw new IllegalStateException("oneDNN's product fails with status " + status);
        }
    }

    @Override
    public void result(Tensor into) {
        Operands.copy(first, into);
    }

    /** With BF16 activations the library rounds each scaled weight to BF16 before it multiplies: one rounding more. */
    @Override
    public Optional<ErrorBound> bound() {
        if (precision.block() == 0 || precision.a() != DType.BF16) {
            return Optional.empty();
        }
        double unit = DType.BF16.unitRoundoff();
        double sums = DType.F32.unitRoundoff() / unit;
        return Optional.of(new ErrorBound(unit, sums, 0, 1 + 2 * sums, DType.BF16.minSubnormal()));
    }
}
