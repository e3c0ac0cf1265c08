package dev.gamut.ffm.opencl;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.DeviceInfo;
import dev.gamut.device.Scratch;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.program.DeviceKernel;
import dev.gamut.ffm.program.OwnReduce;
import dev.gamut.ffm.program.Program;
import dev.gamut.ffm.program.ProgramCost;
import dev.gamut.ffm.program.ReducedAxis;
import dev.gamut.hw.Capabilities;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.ReduceKernel;
import dev.gamut.tensor.Operand;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Sums, sums of magnitudes and dot products of one vector in F64 or F32 by CLBlast.
 *
 * <p>Bound: (n + 2)·u, which holds for every order in which n terms, rounded or not, are summed. A device has the same
 * bits at each run: as many groups sum as its parameters say, and one group joins their sums in order.
 *
 * <p>The rest of its level 1 is not offered, as read in its kernels: 2-norms are roots of plain sums of squares, which overflow or underflow
 * in between; maxima, minima and their indexes pass over NaN and do not always name the lowest index of equals; halves are summed in F16.
 */
final class ClBlastReduce extends DeviceKernel<ReduceDesc, ReduceExecutor> implements ReduceKernel {
    private final ReduceOp op;
    private final DType type;
    private final Supplier<ClHost> host;

    private ClBlastReduce(ReduceOp op, DType type, Supplier<ClHost> host) {
        super(new KernelInfo(OwnReduce.id(op, type, "clblast"), ClHost.NAME, true, "one vector, by CLBlast"));
        this.op = op;
        this.type = type;
        this.host = host;
    }

    static List<ClBlastReduce> kernels(Supplier<ClHost> host) {
        return ClBlast.REDUCTIONS.keySet().stream()
                .sorted()
                .flatMap(op -> Stream.of(DType.F64, DType.F32).map(type -> new ClBlastReduce(op, type, host)))
                .toList();
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.ofNullable(host.get().blasFailure());
    }

    @Override
    protected Optional<String> objection(ReduceDesc desc, DeviceInfo device) {
        if (desc.op() != op || desc.type() != type || desc.result() != type) {
            return Optional.of("operation is " + desc.op() + " of " + desc.type() + " to " + desc.result()
                    + "; this kernel computes " + op + " of " + type + " to " + type);
        }
        if (!Program.computes(device, type)) {
            return Optional.of(device.title() + " has no arithmetic in " + type + " as IEEE 754 says");
        }
        if (desc.results() != 1 || desc.terms() == 0) {
            return Optional.of("there are " + desc.results() + " results of " + desc.terms()
                    + " terms; CLBlast computes one of at least one term");
        }
        List<ReducedAxis> axes = ReducedAxis.terms(desc);
        if (axes.size() > 1
                || !axes.isEmpty()
                        && (axes.getFirst().x() < 1 || axes.getFirst().y() < 1)) {
            return Optional.of("x is " + desc.x() + (op.isBinary() ? ", y is " + desc.y() : "")
                    + "; CLBlast takes vectors whose elements are equally far apart, at least 1");
        }
        long longest = Math.max(desc.x().extent(), desc.y().extent());
        return longest <= ClBlast.MOST
                ? Optional.empty()
                : Optional.of("there are " + longest + " elements; CLBlast counts them in 32 bits");
    }

    @Override
    protected Offer.Accept<ReduceExecutor> acceptance(ReduceDesc desc, OfferContext context) {
        return new Offer.Accept<>(
                ProgramCost.ofElements(context, info().id(), desc.terms()),
                ErrorBound.ofAccumulation(type),
                Determinism.RUN_TO_RUN,
                plan -> executor(desc, plan.device(), ClBlast.MOST));
    }

    /**
     * Ready to run.
     *
     * @param most {@link ClBlast#MOST}, or less
     */
    ReduceExecutor executor(ReduceDesc desc, Device device, long most) {
        ClBlast blas = host.get().blas();
        List<ReducedAxis> axes = ReducedAxis.terms(desc);
        ReducedAxis axis = axes.isEmpty() ? new ReducedAxis(1, 1, 1) : axes.getFirst();
        return args -> execute(blas, desc, axis, args, device, most);
    }

    private void execute(ClBlast blas, ReduceDesc desc, ReducedAxis axis, ReduceArgs args, Device device, long most) {
        long queue = device.stream().handle();
        try (Scratch.Use scratch = device.scratch()) {
            ClBlast.Vector x = vector(args.x(), desc.x().extent(), axis.x(), device, scratch, most);
            ClBlast.Vector y = op.isBinary() ? vector(args.y(), desc.y().extent(), axis.y(), device, scratch, most) : x;
            DeviceBuffer out = (DeviceBuffer) args.out().remote();
            long first = args.out().offset();
            DeviceBuffer into = first < most ? out : scratch.take(type.bytes(1));
            ClBlast.Vector result = new ClBlast.Vector(into.handle(), into == out ? first : 0, 1);
            blas.reduce(op, type, desc.terms(), x, y, result, queue);
            if (into != out) {
                device.driver().copy(queue, into.handle(), 0, out.handle(), type.bytes(first), type.bytes(1));
            }
        }
    }

    private ClBlast.Vector vector(
            Operand operand, long extent, long stride, Device device, Scratch.Use scratch, long most) {
        DeviceBuffer memory = (DeviceBuffer) operand.remote();
        long first = operand.offset();
        if (first > most - extent) {
            DeviceBuffer near = scratch.take(type.bytes(extent));
            device.driver()
                    .copy(
                            device.stream().handle(),
                            memory.handle(),
                            type.bytes(first),
                            near.handle(),
                            0,
                            type.bytes(extent));
            memory = near;
            first = 0;
        }
        return new ClBlast.Vector(memory.handle(), first, stride);
    }
}
