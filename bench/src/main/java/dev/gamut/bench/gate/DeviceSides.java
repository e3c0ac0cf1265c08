package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.gate.PairMeter.Runs;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.machine.ProductInC;
import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.Problem;
import dev.gamut.conformance.Report;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceInfo;
import dev.gamut.device.DeviceTensor;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A product of the gate on a device, and that of the same shape by a vendor's library that C calls on that device: both with operands in the
 * device's memory, both waited for.
 */
final class DeviceSides {
    private final GateRow row;
    private final ProductInC.Library library;
    private final String name;
    private final double seconds;
    private final MachineCaches caches = MachineCaches.host();

    /**
     * The sides of a row.
     *
     * @param row of the area of a provider of devices, whose peer is a library for products on them
     * @param seconds to measure
     */
    DeviceSides(GateRow row, double seconds) {
        this.row = row;
        this.library = ProductInC.Library.of(row.peer()).orElseThrow();
        this.name = library.area() + ":0";
        this.seconds = seconds;
    }

    /** Measures the row. */
    ForkResult measure() {
        GamutConfig config = GamutConfig.defaults();
        if (config.kernel().isEmpty()) {
            config = config.kernel(row.kernel()).strict(true);
        }
        try (Gamut gamut = Gamut.open(config)) {
            Optional<String> absent = gamut.devices().stream()
                            .anyMatch(d -> d.name().equals(name))
                    ? library.missing().map(reason -> library.title() + " is " + reason)
                    : Optional.of(gamut.unavailableDevices().getOrDefault(library.area(), "there is no " + name));
            if (absent.isPresent()) {
                return ForkResult.notMeasured(absent.get());
            }
            try (Device device = gamut.device(name)) {
                return ours(gamut, device, filled((GemmProblem) row.problem(caches)));
            }
        } catch (UnsupportedProblemException e) {
            return ForkResult.notMeasured("no kernel that matches " + row.kernel() + " takes it on " + name);
        }
    }

    private GemmProblem filled(GemmProblem problem) {
        problem.fill(caches, row.threads(), row.id().hashCode());
        return problem;
    }

    private ForkResult ours(Gamut gamut, Device device, GemmProblem problem) {
        try (DeviceTensor a = device.copyOf(problem.a(0));
                DeviceTensor b = device.copyOf(problem.b(0));
                DeviceTensor c = device.copyOf(problem.out())) {
            GemmDesc desc = GemmDesc.of(
                            MatrixDesc.of("a", a.tensor()),
                            MatrixDesc.of("b", b.tensor()),
                            MatrixDesc.of("c", c.tensor()))
                    .accuracy(Accuracy.parse(row.accuracy()));
            GemmPlan plan = gamut.plan(desc, device);
            GemmArgs args = new GemmArgs();
            args.a().set(a.tensor());
            args.b().set(b.tensor());
            args.c().set(c.tensor());
            Runs runs = new Runs(
                    set -> {
                        plan.run(args);
                        device.stream().synchronize();
                    },
                    1);
            runs.run().accept(0);
            c.copyTo(problem.out());
            Report check = problem.check(plan.bound());
            return check.ok()
                    ? theirs(
                            device,
                            problem,
                            plan.bound(),
                            plan.kernel() + " on " + device.info().title(),
                            check,
                            runs)
                    : ForkResult.failed("Gamut's result is wrong: " + check.message());
        }
    }

    private ForkResult theirs(
            Device device, GemmProblem problem, ErrorBound bound, String kernel, Report check, Runs ours) {
        GemmProblem same = library.types()
                .map(types -> filled(new GemmProblem(problem.workload(), Precision.parse(types), false)))
                .orElse(problem);
        try (Arena arena = Arena.ofConfined();
                ProductInC blas = new ProductInC(
                        library,
                        device.info().title(),
                        same,
                        Operands.copy(same.a(0), arena),
                        Operands.copy(same.b(0), arena))) {
            blas.run();
            MemorySegment result = arena.allocate(same.out().segment().byteSize());
            blas.result(result);
            Operands.copy(result, same.out());
            Report theirs = same.check(same == problem ? bound : same.conventional());
            if (!theirs.ok()) {
                return ForkResult.notMeasured(library.title() + " computes a wrong result: " + theirs.message());
            }
            List<Pair> pairs = new PairMeter(
                            Peer.JIT_SECONDS, Peer.COMPILED_SECONDS, seconds, GateBenchmark.FEWEST_PAIRS, 0)
                    .measure(ours, new Runs(set -> blas.run(), 1));
            return result(problem, kernel, device.info(), check, theirs, pairs);
        }
    }

    private ForkResult result(
            Problem problem, String kernel, DeviceInfo device, Report ours, Report theirs, List<Pair> pairs) {
        return new ForkResult(
                "",
                "",
                kernel,
                library.title() + library.types().map(types -> ", " + types).orElse("") + " on " + device.title(),
                pairs,
                ours.maxRelativeToTerms(),
                theirs.maxRelativeToTerms(),
                false,
                "", // what a device reaches at best is not known
                problem.operations(),
                problem.bytes(),
                "");
    }
}
