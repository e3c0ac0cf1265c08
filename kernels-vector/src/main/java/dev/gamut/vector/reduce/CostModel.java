package dev.gamut.vector.reduce;

import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.Cost;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.Tuning;

/**
 * Predicted time of a reduction from constants of the tuning table: bytes at the rate of the memory they come from,
 * plus what a call, a result and a parallel region cost. The defaults here are those of the table's last lines.
 */
final class CostModel {
    private final Tuning tuning;
    private final Capabilities machine;
    private final KernelId id;

    CostModel(Tuning tuning, Capabilities machine, KernelId id) {
        this.tuning = tuning;
        this.machine = machine;
        this.id = id;
    }

    /** Terms that are worth a task of their own. */
    double termsPerTask() {
        return constant("termsPerTask", 65536);
    }

    private static double bytes(ReduceDesc desc) {
        return (double) desc.terms() * desc.results() * desc.type().bits() / 8 * operands(desc.op());
    }

    /** The predicted time. */
    static Cost of(ReduceDesc desc, Geometry geometry, KernelId id, OfferContext context) {
        CostModel model = new CostModel(context.tuning(), context.machine(), id);
        Schedule schedule = Schedule.of(desc, geometry, context.threads(), model.termsPerTask());
        double hertz = 1e9 * model.constant("nominalGhz", 3);
        double threads = Math.min(context.threads(), schedule.tasks());
        double bytes = bytes(desc);
        boolean inCache = bytes <= context.machine().caches().l2();
        double rate = inCache ? model.constant("cacheBytesPerCycle", 16) : model.constant("memoryBytesPerCycle", 9);
        double units = geometry.units() * model.constant("cyclesPerUnit", 250) / threads;
        double launch = model.constant("cyclesPerCall", 100)
                + (schedule.tasks() > 1 ? model.constant("cyclesPerFork", 15000) : 0);
        double passes = model.constant("passes", 1);
        return new Cost(units / hertz, passes * bytes / threads / rate / hertz, 0, launch / hertz, 0);
    }

    private static int operands(ReduceOp op) {
        return op.isBinary() ? 2 : 1;
    }

    private double constant(String name, double otherwise) {
        return tuning.get(machine, id, name, otherwise);
    }
}
