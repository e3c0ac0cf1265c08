package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.Scratch;
import dev.gamut.error.GamutException;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * A product by cuBLASLt or hipBLASLt: mostly one call, made ready at the first run. Where there is no product, zeros are multiplied, so that the library finishes C all
 * the same. Integers whose sizes or addresses are no multiples of four are laid out anew on the device; factors of theirs, which may make
 * results too large, are applied on the host.
 */
final class LtExecutor implements GemmExecutor {
    private final GemmDesc desc;
    private final LtProblem problem;
    private final Device device;
    private final GpuDriver driver;
    private final Map<LtCall.Key, LtCall> calls = new HashMap<>();

    LtExecutor(GemmDesc desc, LtProblem problem, Device device) {
        this.desc = desc;
        this.problem = problem;
        this.device = device;
        this.driver = (GpuDriver) device.driver();
    }

    @Override
    public void execute(GemmArgs args) {
        boolean product = args.alpha() != 0 && desc.k() > 0;
        if (problem.rows() == 0 || problem.cols() == 0 || problem.batch() == 0) {
            return;
        }
        if (desc.acc().isInteger()) {
            integers(args, product);
        } else if (product) {
            multiply(problem, left(args), right(args), address(args.c()), args.alpha(), args.beta(), bias(args));
        } else {
            try (Scratch.Use scratch = device.scratch()) {
                long bytes = problem.operands().bytes(problem.zeros());
                DeviceBuffer zeros = scratch.take(bytes);
                driver.clear(queue(), zeros.handle(), bytes);
                multiply(
                        problem.ofZeros(),
                        zeros.handle(),
                        zeros.handle(),
                        address(args.c()),
                        1,
                        args.beta(),
                        bias(args));
            }
        }
    }

    private long queue() {
        return device.stream().handle();
    }

    private static long address(Operand operand) {
        return ((DeviceBuffer) operand.remote()).handle() + bytes(operand);
    }

    private static long bytes(Operand operand) {
        return operand.declared().bytes(operand.offset());
    }

    private long left(GemmArgs args) {
        return address(problem.swapped() ? args.b() : args.a());
    }

    private long right(GemmArgs args) {
        return address(problem.swapped() ? args.a() : args.b());
    }

    /** Address of the bias, 0 where there is none. */
    private long bias(GemmArgs args) {
        if (desc.epilogue().isEmpty()) {
            return 0;
        }
        Tensor data = args.epilogue().data(0);
        return ((DeviceBuffer) data.remote()).handle() + data.dtype().bytes(data.offset());
    }

    private void multiply(LtProblem p, long left, long right, long result, double alpha, double beta, long bias) {
        driver.enter();
        calls.computeIfAbsent(LtCall.Key.of(p, left, right, result, bias), key -> driver.ready(this, key, desc))
                .run(device, left, right, result, bias, alpha, beta);
    }

    private void integers(GemmArgs args, boolean product) {
        boolean plain = product && args.alpha() == 1 && args.beta() == 0;
        boolean aligned = problem.isInUnits() && (left(args) | right(args)) % LtProblem.UNIT == 0;
        if (plain && aligned) {
            multiply(problem, left(args), right(args), address(args.c()), 1, 0, 0);
            return;
        }
        LtProblem padded = problem.padded();
        try (Scratch.Use scratch = device.scratch()) {
            long bytes = padded.result().bytes(padded.extent());
            DeviceBuffer sums = scratch.take(bytes);
            if (product) {
                sum(padded, args, sums, scratch);
            } else {
                driver.clear(queue(), sums.handle(), bytes);
            }
            if (plain) {
                bringOut(padded, sums, address(args.c()));
            } else {
                finish(padded, sums, bytes, args);
            }
        }
    }

    private void sum(LtProblem padded, GemmArgs args, DeviceBuffer sums, Scratch.Use scratch) {
        DeviceBuffer left = scratch.take(padded.leftStride() * padded.batch());
        DeviceBuffer right = scratch.take(padded.rightStride() * padded.batch());
        layOut(left(args), problem.left(), problem.leftStride(), left.handle(), padded.left(), padded.leftStride());
        layOut(
                right(args),
                problem.right(),
                problem.rightStride(),
                right.handle(),
                padded.right(),
                padded.rightStride());
        multiply(padded, left.handle(), right.handle(), sums.handle(), 1, 0, 0);
    }

    /** Bytes are elements here. */
    private void layOut(long from, Stored is, long fromStride, long to, Stored becomes, long toStride) {
        driver.clear(queue(), to, toStride * problem.batch());
        for (long i = 0; i < problem.batch(); i++) {
            driver.copyRows(
                    queue(), from + i * fromStride, is.ld(), to + i * toStride, becomes.ld(), is.rows(), is.cols());
        }
    }

    private void bringOut(LtProblem padded, DeviceBuffer sums, long to) {
        for (long i = 0; i < problem.batch(); i++) {
            driver.copyRows(
                    queue(),
                    sums.handle() + Integer.BYTES * i * padded.stride(),
                    Integer.BYTES * padded.ld(),
                    to + Integer.BYTES * i * problem.stride(),
                    Integer.BYTES * problem.ld(),
                    Integer.BYTES * problem.rows(),
                    problem.cols());
        }
    }

    /** alpha·sums + beta·C on the host, where a result that does not fit is seen; between C's elements everything stays. */
    private void finish(LtProblem padded, DeviceBuffer sums, long bytes, GemmArgs args) {
        DeviceBuffer c = (DeviceBuffer) args.c().remote();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment s = arena.allocate(bytes, Integer.BYTES);
            MemorySegment t = arena.allocate(Integer.BYTES * problem.extent(), Integer.BYTES);
            sums.copyTo(s, 0);
            c.copyTo(t, bytes(args.c()));
            for (long batch = 0; batch < problem.batch(); batch++) {
                for (long col = 0; col < problem.cols(); col++) {
                    long from = batch * padded.stride() + col * padded.ld();
                    long to = batch * problem.stride() + col * problem.ld();
                    for (long row = 0; row < problem.rows(); row++) {
                        long old = args.beta() == 0 ? 0 : t.getAtIndex(JAVA_INT, to + row);
                        t.setAtIndex(JAVA_INT, to + row, combine(args, s.getAtIndex(JAVA_INT, from + row), old));
                    }
                }
            }
            c.copyFrom(t, bytes(args.c()));
        }
    }

    private static int combine(GemmArgs args, long sum, long old) {
        try {
            return Math.toIntExact(Math.addExact(
                    Math.multiplyExact((long) args.alpha(), sum), Math.multiplyExact((long) args.beta(), old)));
        } catch (ArithmeticException e) {
            throw new GamutException(
                    "an element of alpha·A·B + beta·C does not fit I32; a floating-point result has a wider range", e);
        }
    }
}
