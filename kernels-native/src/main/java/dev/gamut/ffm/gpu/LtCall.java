package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.device.Device;
import dev.gamut.device.Ending;
import dev.gamut.device.Scratch;
import dev.gamut.dtype.DType;
import dev.gamut.error.GamutException;
import dev.gamut.error.NativeCallException;
import dev.gamut.gemm.GemmDesc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * A call of the library for products, made ready: descriptors and the algorithm that the library chose for them. It serves any number of runs,
 * one at a time, from whichever thread.
 */
final class LtCall {
    /** What it is made for: an algorithm may rest on how addresses are aligned. */
    record Key(LtProblem problem, long left, long right, long result, long bias) {
        /**
         * Of a run.
         *
         * @param bias address of a vector with an element for each row of the result, or 0
         */
        static Key of(LtProblem problem, long left, long right, long result, long bias) {
            boolean many = problem.batch() > 1;
            return new Key(
                    problem,
                    alignment(left | (many ? problem.operands().bytes(problem.leftStride()) : 0)),
                    alignment(right | (many ? problem.operands().bytes(problem.rightStride()) : 0)),
                    alignment(result | (many ? problem.result().bytes(problem.stride()) : 0)),
                    bias == 0 ? 0 : alignment(bias));
        }

        private static long alignment(long address) {
            return Long.lowestOneBit(address | MOST_ALIGNMENT);
        }
    }

    private record Made(Call destroy, long handle) {}

    private static final Map<DType, Constant> COMPUTE =
            Map.of(DType.F64, Constant.COMPUTE_64F, DType.F32, Constant.COMPUTE_32F, DType.I32, Constant.COMPUTE_32I);

    /** NVIDIA's advice for its largest GPUs; little beside their memory. */
    private static final long MOST_WORKSPACE = 32L << 20;

    private static final long MOST_ALIGNMENT = 256;

    private final GpuDriver driver;
    private final Functions blas;
    private final Vendor vendor;
    private final Key key;
    private final LtProblem problem;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment alpha = arena.allocate(JAVA_LONG);
    private final MemorySegment beta = arena.allocate(JAVA_LONG);
    private final MemorySegment bias = arena.allocate(JAVA_LONG);
    private final Deque<Made> made = new ArrayDeque<>();
    private final long operation;
    private final long leftLayout;
    private final long rightLayout;
    private final long layout;
    private final MemorySegment algorithm;
    private final long workspace;

    /**
     * Describes a product and asks the library for its best algorithm.
     *
     * @param driver whose device is current
     * @param key the product
     * @param desc the same, for people
     */
    LtCall(GpuDriver driver, Key key, GemmDesc desc) {
        this.driver = driver;
        this.blas = driver.blas();
        this.vendor = blas.vendor();
        this.key = key;
        this.problem = key.problem;
        try (Arena values = Arena.ofConfined()) {
            operation = operation(values);
            leftLayout = layout(values, problem.operands(), problem.left(), problem.leftStride());
            rightLayout = layout(values, problem.operands(), problem.right(), problem.rightStride());
            layout = layout(
                    values,
                    problem.result(),
                    new Stored(false, problem.rows(), problem.cols(), problem.ld()),
                    problem.stride());
            MemorySegment answer = choose(values, desc);
            long opaque = Constant.ALGORITHM_BYTES.of(vendor);
            algorithm = arena.allocate(opaque, JAVA_LONG.byteAlignment());
            algorithm.copyFrom(answer.asSlice(0, opaque));
            workspace = answer.get(JAVA_LONG, opaque);
        } catch (RuntimeException e) {
            try {
                end();
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

    private void set(Arena values, Call call, long handle, Constant attribute, int value) {
        set(call, handle, attribute, values.allocateFrom(JAVA_INT, value));
    }

    private void set(Arena values, Call call, long handle, Constant attribute, long value) {
        set(call, handle, attribute, values.allocateFrom(JAVA_LONG, value));
    }

    /** Nothing where the library has no such attribute. */
    private void set(Call call, long handle, Constant attribute, MemorySegment value) {
        if (attribute.of(vendor) != Constant.NONE) {
            blas.call(call, handle, attribute.of(vendor), value, value.byteSize());
        }
    }

    private long operation(Arena values) {
        DType acc = problem.acc();
        long op = make(Call.DESC_CREATE, Call.DESC_DESTROY, COMPUTE.get(acc).of(vendor), Vendor.number(acc));
        set(values, Call.DESC_SET, op, Constant.DESC_TRANSA, way(problem.left()));
        set(values, Call.DESC_SET, op, Constant.DESC_TRANSB, way(problem.right()));
        if (key.bias != 0) {
            set(values, Call.DESC_SET, op, Constant.DESC_EPILOGUE, Constant.EPILOGUE_BIAS.of(vendor));
            point(op, key.bias);
        }
        return op;
    }

    private void point(long op, long address) {
        bias.set(JAVA_LONG, 0, address);
        set(Call.DESC_SET, op, Constant.DESC_BIAS_POINTER, bias);
    }

    private int way(Stored x) {
        return (x.transposed() ? Constant.OP_T : Constant.OP_N).of(vendor);
    }

    private long layout(Arena values, DType type, Stored x, long stride) {
        long made = make(Call.LAYOUT_CREATE, Call.LAYOUT_DESTROY, Vendor.number(type), x.rows(), x.cols(), x.ld());
        if (problem.batch() > 1) {
            set(values, Call.LAYOUT_SET, made, Constant.LAYOUT_BATCH_COUNT, Math.toIntExact(problem.batch()));
            set(values, Call.LAYOUT_SET, made, Constant.LAYOUT_BATCH_STRIDE, stride);
        }
        return made;
    }

    /** The library's answer: the algorithm, its workspace, and a status of 0. */
    private MemorySegment choose(Arena values, GemmDesc desc) {
        long preference = make(Call.PREFERENCE_CREATE, Call.PREFERENCE_DESTROY);
        set(values, Call.PREFERENCE_SET, preference, Constant.PREF_WORKSPACE_BYTES, MOST_WORKSPACE);
        set(values, Call.PREFERENCE_SET, preference, Constant.PREF_REDUCTIONS, Constant.REDUCTION_IN_COMPUTE_TYPE);
        set(values, Call.PREFERENCE_SET, preference, Constant.PREF_ALIGNMENT_A, (int) key.left);
        set(values, Call.PREFERENCE_SET, preference, Constant.PREF_ALIGNMENT_B, (int) key.right);
        set(values, Call.PREFERENCE_SET, preference, Constant.PREF_ALIGNMENT_C, (int) key.result);
        set(values, Call.PREFERENCE_SET, preference, Constant.PREF_ALIGNMENT_D, (int) key.result);
        MemorySegment answer = values.allocate(Constant.HEURISTIC_BYTES.of(vendor), JAVA_LONG.byteAlignment());
        MemorySegment count = values.allocate(JAVA_INT);
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
        if (status == 0 && count.get(JAVA_INT, 0) == 1) {
            status = answer.get(JAVA_INT, Constant.ALGORITHM_BYTES.of(vendor) + Long.BYTES);
        } else if (status == 0) {
            status = Constant.NOT_SUPPORTED.of(vendor);
        }
        if (status != 0) {
            throw refusal(status, desc);
        }
        return answer;
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

    /**
     * Puts the product into the stream of this thread.
     *
     * @param device whose driver it was made for
     * @param at address of the bias, where there is one
     */
    void run(Device device, long left, long right, long result, long at, double ofProduct, double ofResult) {
        if (key.bias != 0) {
            point(operation, at);
        }
        factor(alpha, ofProduct);
        factor(beta, ofResult);
        try (Scratch.Use scratch = device.scratch()) {
            long room = workspace == 0 ? 0 : scratch.take(workspace).handle();
            synchronized (driver) { // not every library says that threads may share its handle
                blas.call(
                        Call.MATMUL,
                        driver.blasHandle(),
                        operation,
                        alpha,
                        left,
                        leftLayout,
                        right,
                        rightLayout,
                        beta,
                        result,
                        layout,
                        result,
                        layout,
                        algorithm,
                        room,
                        workspace,
                        device.stream().handle());
            }
        }
    }

    /** In the type of the sums, on the host, read before the call returns. */
    private void factor(MemorySegment to, double value) {
        DType acc = problem.acc();
        if (acc.isInteger()) {
            to.set(JAVA_INT, 0, (int) value);
        } else if (acc.precision() > Float.PRECISION) {
            to.set(JAVA_DOUBLE, 0, value);
        } else {
            to.set(JAVA_FLOAT, 0, (float) value);
        }
    }

    /** Ends the descriptors, once. */
    void end() {
        Ending ending = new Ending();
        while (!made.isEmpty()) {
            Made one = made.pop();
            ending.then(() -> driver.release(blas, one.destroy, one.handle));
        }
        ending.end();
    }
}
