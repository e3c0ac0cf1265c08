package dev.gamut.ffm.program;

import dev.gamut.device.DeviceInfo;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.OfferContext;

/** Predicted times from the table's constants. */
public final class ProgramCost {
    private ProgramCost() {}

    /**
     * Of so many operations.
     *
     * @param rate before the name of the constant, where the kernel has several rates
     */
    public static Cost ofProduct(OfferContext context, KernelId id, double flops, String rate) {
        boolean cpu = context.device().orElseThrow().kind() == DeviceInfo.Kind.CPU;
        return cost(context, id, flops / get(context, id, rate + (cpu ? "gflops_cpu" : "gflops_gpu")));
    }

    /** Of so many elements. */
    public static Cost ofElements(OfferContext context, KernelId id, double elements) {
        return cost(context, id, elements / get(context, id, "gelements"));
    }

    private static Cost cost(OfferContext context, KernelId id, double nanoseconds) {
        return new Cost(nanoseconds * 1e-9, 0, 0, get(context, id, "launch_us") * 1e-6, 0);
    }

    /** A constant of the table. */
    public static double get(OfferContext context, KernelId id, String constant) {
        double value = context.tuning().get(context.machine(), id, constant, Double.NaN);
        if (Double.isNaN(value)) {
            throw new IllegalStateException("the tuning table has no '" + constant + "' for " + id);
        }
        return value;
    }
}
