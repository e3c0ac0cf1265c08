package dev.gamut.conformance;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.device.Device;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.spi.KernelInfo;
import dev.gamut.tensor.Tensor;

/**
 * A kernel of a device, forced through the public interface. What rules ask of threads decides here where operands live: for 1 all of them
 * on the device, for 2 all on the host, in a plan for operands there that may be copied to the device, for 3 the first one on the device alone.
 */
final class DeviceSubject implements Subject {
    private static final int HOST = 2;
    private static final int MIXED = 3;

    private final Gamut gamut;
    private final Gamut reference =
            Gamut.open(GamutConfig.defaults().threads(1).kernel("*_ref").strict(true));
    private final Device device;

    DeviceSubject(KernelInfo kernel, String place) {
        this.gamut = Gamut.open(GamutConfig.defaults()
                .threads(1)
                .kernel(kernel.id().toString())
                .strict(true)
                .offload(place));
        this.device = gamut.offloadDevices().getFirst();
    }

    @Override
    public Capabilities machine() {
        return Capabilities.host();
    }

    @Override
    public GemmPlan plan(GemmDesc desc, int threads) {
        return new Gemm(threads == HOST ? gamut.plan(desc) : gamut.plan(desc, device), threads);
    }

    @Override
    public ReducePlan plan(ReduceDesc desc, int threads) {
        return new Reduce(threads == HOST ? gamut.plan(desc) : gamut.plan(desc, device), threads);
    }

    @Override
    public ConvertPlan plan(ConvertDesc desc, int threads) {
        return new Convert(threads == HOST ? gamut.plan(desc) : gamut.plan(desc, device), threads);
    }

    @Override
    public PackedMatrix pack(Tensor b, Accuracy accuracy, int threads) {
        try (Resident there = new Resident(device)) {
            return gamut.pack(there.tensor(b), accuracy);
        }
    }

    @Override
    public GemmPlan reference(GemmDesc desc) {
        return reference.plan(desc);
    }

    @Override
    public ReducePlan reference(ReduceDesc desc) {
        return reference.plan(desc);
    }

    @Override
    public void close() {
        int left = device.open();
        device.close();
        gamut.close();
        reference.close();
        if (left > 0) {
            throw new IllegalStateException(
                    left + " resources of " + device.info().name() + " were left open");
        }
    }

    private static boolean moves(int threads, boolean first) {
        return threads != HOST && (threads != MIXED || first);
    }

    private final class Gemm implements GemmPlan {
        private final GemmPlan plan;
        private final int threads;

        Gemm(GemmPlan plan, int threads) {
            this.plan = plan;
            this.threads = threads;
        }

        @Override
        public GemmDesc desc() {
            return plan.desc();
        }

        @Override
        public KernelId kernel() {
            return plan.kernel();
        }

        @Override
        public ErrorBound bound() {
            return plan.bound();
        }

        @Override
        public void run(GemmArgs args) {
            try (Resident there = new Resident(device)) {
                GemmArgs moved =
                        new GemmArgs().scalars(args.alpha(), args.beta()).record(args.record());
                moved.packedB(args.packedB());
                there.point(moved.a(), args.a(), desc().a().type(), moves(threads, true));
                there.point(moved.b(), args.b(), desc().b().type(), moves(threads, false));
                there.point(moved.c(), args.c(), desc().c().type(), moves(threads, false));
                moved.epilogue(moves(threads, false) ? args.epilogue().with(there::tensor) : args.epilogue());
                plan.run(moved);
                there.bringBack();
            }
        }

        @Override
        public void run(Object a, Object b, Object c) {
            plan.run(a, b, c);
        }

        @Override
        public void run(Tensor a, Tensor b, Tensor c) {
            plan.run(a, b, c);
        }
    }

    private final class Reduce implements ReducePlan {
        private final ReducePlan plan;
        private final int threads;

        Reduce(ReducePlan plan, int threads) {
            this.plan = plan;
            this.threads = threads;
        }

        @Override
        public ReduceDesc desc() {
            return plan.desc();
        }

        @Override
        public KernelId kernel() {
            return plan.kernel();
        }

        @Override
        public ErrorBound bound() {
            return plan.bound();
        }

        @Override
        public void run(ReduceArgs args) {
            try (Resident there = new Resident(device)) {
                ReduceArgs moved = new ReduceArgs();
                there.point(moved.x(), args.x(), desc().type(), moves(threads, true));
                there.point(moved.y(), args.y(), desc().type(), moves(threads, false));
                there.point(moved.out(), args.out(), desc().result(), moves(threads, false));
                plan.run(moved);
                there.bringBack();
            }
        }

        @Override
        public double reduce(Object x) {
            return plan.reduce(x);
        }
    }

    private final class Convert implements ConvertPlan {
        private final ConvertPlan plan;
        private final int threads;

        Convert(ConvertPlan plan, int threads) {
            this.plan = plan;
            this.threads = threads;
        }

        @Override
        public ConvertDesc desc() {
            return plan.desc();
        }

        @Override
        public KernelId kernel() {
            return plan.kernel();
        }

        @Override
        public void run(ConvertArgs args) {
            try (Resident there = new Resident(device)) {
                ConvertArgs moved = new ConvertArgs().seed(args.seed());
                there.point(moved.x(), args.x(), desc().x().type(), moves(threads, true));
                there.point(moved.y(), args.y(), desc().y().type(), moves(threads, false));
                plan.run(moved);
                there.bringBack();
                args.loss(moved.loss());
            }
        }
    }
}
