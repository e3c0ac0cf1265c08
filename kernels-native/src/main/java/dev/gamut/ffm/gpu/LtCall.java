package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.device.Ending;
import dev.gamut.dtype.DType;
import dev.gamut.error.GamutException;
import dev.gamut.error.NativeCallException;
import dev.gamut.gemm.GemmDesc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** One call of the library for products, with its descriptors, which end with it. Not thread-safe. */
final class LtCall implements AutoCloseable {
    /** What an algorithm was chosen for: it may rest on how addresses are aligned. */
    record Key(LtProblem problem, long left, long right, long result, long bias) {}

    /**
     * What the library has chosen.
     *
     * @param data opaque
     * @param workspace bytes that it needs
     */
    record Algorithm(byte[] data, long workspace) {}

    private record Made(Call destroy, long handle) {}

    private static final Map<DType, Constant> COMPUTE =
            Map.of(DType.F64, Constant.COMPUTE_64F, DType.F32, Constant.COMPUTE_32F, DType.I32, Constant.COMPUTE_32I);

    /** NVIDIA's advice for its largest GPUs; little beside their memory. */
    private static final long MOST_WORKSPACE = 32L << 20;

    private static final long MOST_ALIGNMENT = 256;

    private final GpuDriver driver;
    private final Functions blas;
    private final Vendor vendor;
    private final LtProblem problem;
    private final long bias;
    private final Arena arena = Arena.ofConfined();
    private final Deque<Made> made = new ArrayDeque<>();
    private final long operation;
    private final long leftLayout;
    private final long rightLayout;
    private final long layout;

    /**
     * Describes a product.
     *
     * @param driver whose device is current
     * @param problem the product
     * @param bias address of a vector with an element for each row of the result, or 0
     */
    LtCall(GpuDriver driver, LtProblem problem, long bias) {
        this.driver = driver;
        this.blas = driver.blas();
        this.vendor = blas.vendor();
        this.problem = problem;
        this.bias = bias;
        try {
            operation = operation();
            leftLayout = layout(problem.operands(), problem.left(), problem.leftStride());
            rightLayout = layout(problem.operands(), problem.right(), problem.rightStride());
            layout = layout(
                    problem.result(),
                    new Stored(false, problem.rows(), problem.cols(), problem.ld()),
                    problem.stride());
        } catch (RuntimeException e) {
            try {
                close();
            } catch (RuntimeException another) {
                e.addSuppressed(another);
            }
            throw e;
        }
    }

    private long make(Call create, Call destroy, Object... arguments) {
        long handle = blas.create(create, arguments);
        made.push(new Made(destroy, handle));
        return handle;
    }

    private void set(Call call, long handle, Constant attribute, int value) {
        set(call, handle, attribute, arena.allocateFrom(JAVA_INT, value));
    }

    private void set(Call call, long handle, Constant attribute, long value) {
        set(call, handle, attribute, arena.allocateFrom(JAVA_LONG, value));
    }

    /** Nothing where the library has no such attribute. */
    private void set(Call call, long handle, Constant attribute, MemorySegment value) {
        if (attribute.of(vendor) != Constant.NONE) {
            blas.call(call, handle, attribute.of(vendor), value, value.byteSize());
        }
    }

    private long operation() {
        DType acc = problem.acc();
        long op = make(Call.DESC_CREATE, Call.DESC_DESTROY, COMPUTE.get(acc).of(vendor), Vendor.number(acc));
        set(Call.DESC_SET, op, Constant.DESC_TRANSA, way(problem.left()));
        set(Call.DESC_SET, op, Constant.DESC_TRANSB, way(problem.right()));
        if (bias != 0) {
            set(Call.DESC_SET, op, Constant.DESC_EPILOGUE, Constant.EPILOGUE_BIAS.of(vendor));
            set(Call.DESC_SET, op, Constant.DESC_BIAS_POINTER, bias);
        }
        return op;
    }

    private int way(Stored x) {
        return (x.transposed() ? Constant.OP_T : Constant.OP_N).of(vendor);
    }

    private long layout(DType type, Stored x, long stride) {
        long made = make(Call.LAYOUT_CREATE, Call.LAYOUT_DESTROY, Vendor.number(type), x.rows(), x.cols(), x.ld());
        if (problem.batch() > 1) {
            set(Call.LAYOUT_SET, made, Constant.LAYOUT_BATCH_COUNT, Math.toIntExact(problem.batch()));
            set(Call.LAYOUT_SET, made, Constant.LAYOUT_BATCH_STRIDE, stride);
        }
        return made;
    }

    /** What decides on the algorithm. */
    Key key(long left, long right, long result) {
        return new Key(
                problem,
                alignment(left, problem.operands().bytes(problem.leftStride())),
                alignment(right, problem.operands().bytes(problem.rightStride())),
                alignment(result, problem.result().bytes(problem.stride())),
                alignment(bias, 0));
    }

    private long alignment(long address, long stride) {
        return Long.lowestOneBit(address | (problem.batch() > 1 ? stride : 0) | MOST_ALIGNMENT);
    }

    /** Asks the library for its best algorithm. */
    Algorithm choose(long left, long right, long result, GemmDesc desc) {
        Key key = key(left, right, result);
        long preference = make(Call.PREFERENCE_CREATE, Call.PREFERENCE_DESTROY);
        set(Call.PREFERENCE_SET, preference, Constant.PREF_WORKSPACE_BYTES, MOST_WORKSPACE);
        set(Call.PREFERENCE_SET, preference, Constant.PREF_REDUCTIONS, Constant.REDUCTION_IN_COMPUTE_TYPE);
        set(Call.PREFERENCE_SET, preference, Constant.PREF_ALIGNMENT_A, (int) key.left);
        set(Call.PREFERENCE_SET, preference, Constant.PREF_ALIGNMENT_B, (int) key.right);
        set(Call.PREFERENCE_SET, preference, Constant.PREF_ALIGNMENT_C, (int) key.result);
        set(Call.PREFERENCE_SET, preference, Constant.PREF_ALIGNMENT_D, (int) key.result);
        MemorySegment answer = arena.allocate(Constant.HEURISTIC_BYTES.of(vendor), JAVA_LONG.byteAlignment());
        MemorySegment count = arena.allocate(JAVA_INT);
        int status = blas.status(
                Call.HEURISTIC,
                driver.blasHandle(),
                operation,
                leftLayout,
                rightLayout,
                layout,
                layout,
                preference,
                1,
                answer,
                count);
        long opaque = Constant.ALGORITHM_BYTES.of(vendor);
        if (status == 0 && count.get(JAVA_INT, 0) == 1) {
            status = answer.get(JAVA_INT, opaque + Long.BYTES);
        } else if (status == 0) {
            status = Constant.NOT_SUPPORTED.of(vendor);
        }
        if (status != 0) {
            throw refusal(status, desc);
        }
        return new Algorithm(answer.asSlice(0, opaque).toArray(JAVA_BYTE), answer.get(JAVA_LONG, opaque));
    }

    private RuntimeException refusal(int status, GemmDesc desc) {
        NativeCallException failure = blas.failure(Call.HEURISTIC, status);
        return status == Constant.NOT_SUPPORTED.of(vendor)
                ? new GamutException(
                        vendor.blasTitle() + " has no algorithm on "
                                + driver.info().title() + " for " + desc
                                + "; a preference for a kernel of the host (GAMUT_KERNEL) avoids it",
                        failure)
                : failure;
    }

    /** Puts the product into a queue. */
    void run(long left, long right, long result, double alpha, double beta, Algorithm by, long queue) {
        MemorySegment algorithm = arena.allocate(by.data.length, JAVA_LONG.byteAlignment());
        algorithm.copyFrom(MemorySegment.ofArray(by.data));
        synchronized (driver) { // nobody gives the queue a larger workspace in between
            long workspace = by.workspace == 0 ? 0 : driver.workspace(queue, by.workspace);
            blas.call(
                    Call.MATMUL,
                    driver.blasHandle(),
                    operation,
                    factor(alpha),
                    left,
                    leftLayout,
                    right,
                    rightLayout,
                    factor(beta),
                    result,
                    layout,
                    result,
                    layout,
                    algorithm,
                    workspace,
                    by.workspace,
                    queue);
        }
    }

    /** In the type of the sums, on the host, read before the call returns. */
    private MemorySegment factor(double value) {
        DType acc = problem.acc();
        if (acc.isInteger()) {
            return arena.allocateFrom(JAVA_INT, (int) value);
        }
        return acc.precision() > Float.PRECISION
                ? arena.allocateFrom(JAVA_DOUBLE, value)
                : arena.allocateFrom(JAVA_FLOAT, (float) value);
    }

    @Override
    public void close() {
        Ending ending = new Ending();
        made.forEach(one -> ending.then(() -> driver.releases().free(blas, one.destroy, one.handle)));
        ending.then(arena::close).end();
    }
}
