package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.gate.PairMeter.Runs;
import dev.gamut.bench.machine.ClBlastInC;
import dev.gamut.bench.machine.MachineCaches;
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
 * A product of the gate on a device of OpenCL, and CLBlast's product of F32 of the same shape that C calls on that device: both with operands
 * in the device's memory, both waited for.
 */
final class DeviceSides {
    /** The peer: a library that is called from C. */
    static final String CLBLAST = "clblast";

    private static final String DEVICE = "opencl:0";

    private final GateRow row;
    private final double seconds;
    private final MachineCaches caches = MachineCaches.host();

    /**
     * The sides of a row.
     *
     * @param row of the area opencl
     * @param seconds to measure
     */
    DeviceSides(GateRow row, double seconds) {
        this.row = row;
        this.seconds = seconds;
    }

    /** Measures the row. */
    ForkResult measure() {
        GamutConfig config = GamutConfig.defaults();
        if (config.kernel().isEmpty()) {
            config = config.kernel(row.kernel()).strict(true);
        }
        try (Gamut gamut = Gamut.open(config)) {
            Optional<String> absent =
                    gamut.devices().stream().anyMatch(d -> d.name().equals(DEVICE))
                            ? ClBlastInC.missing().map(reason -> "CLBlast called from C is " + reason)
                            : Optional.of(gamut.unavailableDevices().getOrDefault("opencl", "there is no " + DEVICE));
            if (absent.isPresent()) {
                return ForkResult.notMeasured(absent.get());
            }
            try (Device device = gamut.device(DEVICE)) {
                return ours(gamut, device, filled((GemmProblem) row.problem(caches)));
            }
        } catch (UnsupportedProblemException e) {
            return ForkResult.notMeasured("no kernel that matches " + row.kernel() + " takes it on " + DEVICE);
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
                            plan.kernel() + " on " + device.info().title(),
                            check,
                            runs)
                    : ForkResult.failed("Gamut's result is wrong: " + check.message());
        }
    }

    private ForkResult theirs(Device device, GemmProblem problem, String kernel, Report check, Runs ours) {
        GemmProblem singles = filled(new GemmProblem(problem.workload(), Precision.parse("f32"), false));
        try (Arena arena = Arena.ofConfined();
                ClBlastInC blas = new ClBlastInC(
                        device.info().title(),
                        problem.workload().m(),
                        problem.workload().n(),
                        problem.workload().k(),
                        Operands.copy(singles.a(0), arena),
                        Operands.copy(singles.b(0), arena))) {
            blas.run();
            MemorySegment result = arena.allocate(singles.out().segment().byteSize());
            blas.result(result);
            Operands.copy(result, singles.out());
            Report theirs = singles.check(singles.conventional());
            if (!theirs.ok()) {
                return ForkResult.notMeasured("CLBlast computes a wrong result: " + theirs.message());
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
                "CLBlast called from C, f32 on " + device.title(),
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
