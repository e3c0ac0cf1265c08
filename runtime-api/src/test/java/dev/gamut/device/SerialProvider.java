package dev.gamut.device;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.DeviceProvider;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Two devices in Java, which multiply in F32 and leave all else to the host. */
public final class SerialProvider implements DeviceProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SerialProvider() {}

    @Override
    public String name() {
        return "serial";
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.empty();
    }

    @Override
    public List<Kernel<?, ?>> kernels() {
        return List.of(new Product());
    }

    @Override
    public List<DeviceInfo> devices() {
        return IntStream.range(0, 2)
                .mapToObj(i -> new DeviceInfo(
                        "serial:" + i,
                        i == 0 ? "Snail" : "Tortoise",
                        DeviceInfo.Kind.ACCELERATOR,
                        SerialDriver.CAPACITY,
                        SerialDriver.CAPACITY / 2,
                        1,
                        Set.of(DType.F32),
                        "1"))
                .toList();
    }

    @Override
    public DeviceDriver open(DeviceInfo device) {
        return new SerialDriver(device);
    }

    private static final class Product implements GemmKernel {
        private final KernelInfo info = new KernelInfo(
                KernelId.of("gemm", Collections.nCopies(4, DType.F32), "serial"), "serial", true, "three loops");

        @Override
        public KernelInfo info() {
            return info;
        }

        @Override
        public Optional<String> unavailable(Capabilities machine) {
            return Optional.empty();
        }

        @Override
        public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
            if (!desc.types().equals(info.id().types()) || context.device().isEmpty()) {
                return new Offer.Decline<>("types are " + desc.types());
            }
            return new Offer.Accept<>(
                    cost(desc, context),
                    ErrorBound.ofAccumulation(DType.F32),
                    Determinism.RUN_TO_RUN,
                    plan -> args -> enqueue(desc, args, plan.device()));
        }

        /** By the table; where that says nothing dear, and yet before the host's. */
        private Cost cost(GemmDesc desc, OfferContext context) {
            double gflops = context.tuning().get(context.machine(), info.id(), "gflops", Double.NaN);
            return new Cost(Double.isNaN(gflops) ? 1 : desc.flops() / gflops * 1e-9, 0, 0, 0, 0);
        }

        private static void enqueue(GemmDesc desc, GemmArgs args, Device device) {
            SerialDriver driver = (SerialDriver) device.driver();
            MemorySegment a = memory(driver, args.a());
            MemorySegment b = memory(driver, args.b());
            MemorySegment c = memory(driver, args.c());
            long offsetA = args.a().offset();
            long offsetB = args.b().offset();
            long offsetC = args.c().offset();
            float alpha = (float) args.alpha();
            float beta = (float) args.beta();
            driver.put(device.stream().handle(), () -> {
                for (long q = 0; q < desc.batch(); q++) {
                    for (long i = 0; i < desc.m(); i++) {
                        for (long j = 0; j < desc.n(); j++) {
                            float sum = 0;
                            for (long l = 0; alpha != 0 && l < desc.k(); l++) {
                                sum = Math.fma(
                                        load(a, offsetA, desc.a(), q, i, l), load(b, offsetB, desc.b(), q, l, j), sum);
                            }
                            float old = beta == 0 ? 0 : beta * load(c, offsetC, desc.c(), q, i, j);
                            DType.F32.store(c, offsetC + at(desc.c(), q, i, j), alpha * sum + old);
                        }
                    }
                }
            });
        }

        private static MemorySegment memory(SerialDriver driver, Operand operand) {
            return driver.memory(((DeviceBuffer) operand.remote()).handle());
        }

        private static long at(MatrixDesc m, long q, long i, long j) {
            return q * m.batchStride() + i * m.rowStride() + j * m.colStride();
        }

        private static float load(MemorySegment memory, long offset, MatrixDesc m, long q, long i, long j) {
            return (float) DType.F32.load(memory, offset + at(m, q, i, j));
        }
    }
}
