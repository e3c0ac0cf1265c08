package dev.gamut.conformance;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.hw.Capabilities;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Overrides;
import dev.gamut.internal.plan.Engine;
import dev.gamut.kernel.Glob;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.Tuning;
import dev.gamut.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A kernel that is not registered, forced through an engine of its own. */
final class FakeSubject implements Subject {
    private final Kernel<?, ?> kernel;
    private final Map<String, Engine> engines = new HashMap<>();

    FakeSubject(Kernel<?, ?> kernel) {
        this.kernel = kernel;
    }

    private record Provider(List<Kernel<?, ?>> kernels) implements KernelProvider {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public Optional<String> unavailable(Capabilities machine) {
            return Optional.empty();
        }
    }

    private Engine engine(String glob, int threads) {
        return engines.computeIfAbsent(
                glob + threads,
                key -> new Engine(
                        new Dispatcher(List.of(new Provider(List.of(kernel)))),
                        new OfferContext(machine(), Tuning.EMPTY, threads),
                        new Overrides(Optional.of(Glob.of(glob)), true)));
    }

    @Override
    public Capabilities machine() {
        return Capabilities.host();
    }

    @Override
    public GemmPlan plan(GemmDesc desc, int threads) {
        return engine(kernel.info().id().toString(), threads).plan(desc);
    }

    @Override
    public ConvertPlan plan(ConvertDesc desc, int threads) {
        return engine(kernel.info().id().toString(), threads).plan(desc);
    }

    @Override
    public ReducePlan plan(ReduceDesc desc, int threads) {
        return engine(kernel.info().id().toString(), threads).plan(desc);
    }

    @Override
    public PackedMatrix pack(Tensor b, Accuracy accuracy, int threads) {
        throw new dev.gamut.error.UnsupportedProblemException("packing", List.of("fakes pack nothing"));
    }

    @Override
    public GemmPlan reference(GemmDesc desc) {
        return engine("*_ref", 1).plan(desc);
    }

    @Override
    public ReducePlan reference(ReduceDesc desc) {
        return engine("*_ref", 1).plan(desc);
    }

    @Override
    public void close() {
        engines.values().forEach(Engine::close);
    }
}
