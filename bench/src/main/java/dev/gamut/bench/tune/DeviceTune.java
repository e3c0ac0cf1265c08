package dev.gamut.bench.tune;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.bench.cli.Figures;
import dev.gamut.bench.cli.Progress;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.DeviceTensor;
import dev.gamut.dtype.DType;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.spi.DeviceProvider;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Tuning;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One run of {@code gamut tune --device}: what copies to a device and back take, its products of plain matrices, and its sums, by the clock, each
 * waited for. What other kernels take stays as the tables have it.
 */
public final class DeviceTune {
    private static final String RATE = "gelements";
    private static final String LAUNCH = "launch_us";
    /** The first one that a kernel has is of square matrices. */
    private static final List<String> PRODUCTS =
            List.of("gflops", "gflops_cpu", "gflops_gpu", "any_gflops_cpu", "any_gflops_gpu");

    private static final Set<String> ALL = Stream.concat(
                    PRODUCTS.stream(), Stream.of(RATE, LAUNCH, "copy_gbs", "copy_us"))
            .collect(Collectors.toUnmodifiableSet());

    private static final Turns TURNS = new Turns(0.05, 0.15, 2); // more than one thread: by the clock

    /** Long enough for a product's own time to decide. */
    private static final double LONG = 20e-3;

    private static final int TINY = 16;
    private static final int FIRST = 256;
    private static final int LARGEST = 8192;
    private static final int BYTES = 32 << 20;
    private static final int FEW_BYTES = 4096;

    private final String name;
    private final Glob wanted;
    private final DeviceProvider provider;
    private final Here here;
    private final List<Tuned> found = new ArrayList<>();

    private DeviceTune(String name, Glob wanted, Here here) {
        this.name = name;
        this.wanted = wanted;
        this.here = here;
        this.provider = ServiceLoader.load(DeviceProvider.class, DeviceProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.name().equals(name.split(":")[0]))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Whether a line of a file is one that such a run writes.
     *
     * @param line of any run
     */
    static boolean wrote(Tuning.Line line) {
        return ALL.contains(line.constant());
    }

    /**
     * Measures.
     *
     * @param device its name, of one that is there
     * @param wanted a pattern over the ids of kernels; copies are measured whichever they are
     * @param file whose other lines are kept; need not exist
     * @param command what was called
     */
    public static TuneOutcome run(String device, Glob wanted, Path file, String command) {
        DeviceTune tune = new DeviceTune(device, wanted, new Here(Capabilities.host(), LocalDate.now(), command));
        tune.measure();
        List<Tuning.Line> before = Files.exists(file) ? Tuning.read(file).lines() : List.of();
        Tuning merged = Tuning.of(Tuned.merged(Tuned.lines(tune.found), before, tune.here, false));
        return new TuneOutcome(tune.found, merged, List.of(device));
    }

    private void measure() {
        List<KernelInfo> kernels;
        try (Gamut gamut = Gamut.open(config());
                Device device = gamut.device(name)) {
            kernels = gamut.kernels(device);
            copies(device, kernels);
        }
        List<KernelId> measured =
                kernels.stream().map(KernelInfo::id).filter(wanted::matches).toList();
        List<KernelId> products = measured.stream()
                .filter(id -> id.op().equals("gemm") && id.group().isEmpty())
                .filter(DeviceTune::isPlain)
                .toList();
        try (Progress progress = Progress.of("tune", products.size() + 1)) {
            for (KernelId id : products) {
                with(id, this::product);
                progress.step(id.toString());
            }
            measured.stream()
                    .filter(id -> id.op().equals("sum") && id.types().getFirst() == DType.F32)
                    .forEach(id -> with(id, this::sum));
            progress.step("sums");
        }
    }

    /** Of operands without scale factors, and of exact sums that are left so. */
    private static boolean isPlain(KernelId id) {
        List<DType> types = id.types();
        boolean alike = types.get(0).isInteger() == types.get(1).isInteger();
        return alike && (!types.get(3).isInteger() || types.get(3) == types.get(2));
    }

    private static GamutConfig config() {
        return GamutConfig.defaults().withoutTuningFile().offload(new String[0]);
    }

    private interface Experiment {
        void run(KernelId id, Gamut gamut, Device device);
    }

    /** With one kernel alone. */
    private void with(KernelId id, Experiment experiment) {
        try (Gamut gamut = Gamut.open(config().kernel(id.toString()).strict(true));
                Device device = gamut.device(name)) {
            experiment.run(id, gamut, device);
        }
    }

    /** From and to arrays, as operands of the host have it. */
    private void copies(Device device, List<KernelInfo> kernels) {
        String pattern = kernels.stream()
                .map(kernel -> kernel.id().impl())
                .collect(Collectors.collectingAndThen(
                        Collectors.toCollection(TreeSet::new), all -> "*_{" + String.join(",", all) + "}"));
        KernelId any = kernels.getFirst().id();
        int bytes = (int) Math.min(BYTES, device.info().largest() / 4);
        Timing large = copy(device, bytes);
        Timing small = copy(device, FEW_BYTES);
        double rate = bytes / (large.median() - small.median()) * 1e-9;
        record(pattern, any, "copy_gbs", rate, large, "copies of " + bytes + " bytes");
        record(pattern, any, "copy_us", small.median() * 1e6, small, "copies of " + FEW_BYTES + " bytes");
    }

    /** One way, on average of both. */
    private static Timing copy(Device device, int bytes) {
        MemorySegment array = MemorySegment.ofArray(new byte[bytes]);
        try (DeviceBuffer buffer = device.allocate(bytes)) {
            return time(
                    device,
                    () -> {
                        buffer.copyFrom(array, 0);
                        buffer.copyTo(array, 0);
                    },
                    0.5);
        }
    }

    private static Timing time(Device device, Runnable work, double share) {
        Turns.Runs runs = new Turns.Runs(
                _ -> {
                    work.run();
                    device.synchronize();
                },
                1);
        Timing t = TURNS.measure(List.of(runs)).getFirst();
        return new Timing(t.median() * share, t.low() * share, t.high() * share, t.turns(), t.presence());
    }

    private void product(KernelId id, Gamut gamut, Device device) {
        Optional<String> constant = PRODUCTS.stream()
                .filter(c -> !Double.isNaN(shipped(id, c)))
                .filter(c -> isOf(device, c))
                .findFirst();
        Optional<Timing> tiny = constant.flatMap(_ -> product(id, gamut, device, TINY));
        if (tiny.isEmpty()) {
            return; // takes none of plain matrices
        }
        long n = FIRST;
        Timing taken = product(id, gamut, device, n).orElseThrow();
        while (taken.median() < LONG
                && 2 * n <= LARGEST
                && 16 * n * n * Long.BYTES < device.info().largest()) {
            n *= 2;
            taken = product(id, gamut, device, n).orElseThrow();
        }
        double flops = 2.0 * n * n * n;
        record(id.toString(), id, LAUNCH, tiny.get().median() * 1e6, tiny.get(), "n" + TINY);
        double own = Math.max(taken.median() - tiny.get().median(), taken.median() / 2);
        record(id.toString(), id, constant.get(), flops / own * 1e-9, taken, "n" + n + " at " + taken.gigaflops(flops));
    }

    /** OpenCL's tables tell the host's own processor apart. */
    private static boolean isOf(Device device, String constant) {
        String[] words = constant.split("_");
        return words.length == 1
                || words[words.length - 1].equalsIgnoreCase(device.info().kind().name());
    }

    private static Optional<Timing> product(KernelId id, Gamut gamut, Device device, long n) {
        List<DType> types = id.types();
        try (DeviceTensor a = device.copyOf(filled(types.get(0), n, n));
                DeviceTensor b = device.copyOf(filled(types.get(1), n, n));
                DeviceTensor c = device.zeros(types.get(3), n, n)) {
            for (Tensor right : List.of(b.tensor(), b.tensor().transpose())) { // some take bytes along k alone
                Optional<Timing> timing = product(id, gamut, device, a.tensor(), right, c.tensor());
                if (timing.isPresent()) {
                    return timing;
                }
            }
            return Optional.empty();
        }
    }

    private static Optional<Timing> product(KernelId id, Gamut gamut, Device device, Tensor a, Tensor b, Tensor c) {
        GemmDesc desc = GemmDesc.of(MatrixDesc.of("a", a), MatrixDesc.of("b", b), MatrixDesc.of("c", c));
        GemmPlan plan;
        try {
            plan = gamut.plan(desc, device);
        } catch (UnsupportedProblemException e) {
            return Optional.empty();
        }
        if (!plan.kernel().equals(id)) {
            return Optional.empty();
        }
        GemmArgs args = new GemmArgs();
        args.a().set(a);
        args.b().set(b);
        args.c().set(c);
        return Optional.of(time(device, () -> plan.run(args), 1));
    }

    /** Small whole numbers: zeros would take some devices less power, and so less time. */
    private static Tensor filled(DType type, long... shape) {
        Tensor t = Tensor.zeros(type, shape);
        for (long i = 0; i < t.layout().size(); i++) {
            type.store(t.segment(), i, i * 7 % 5);
        }
        return t;
    }

    private void sum(KernelId id, Gamut gamut, Device device) {
        long n = Math.min(BYTES, device.info().largest() / 4) / Float.BYTES;
        Timing tiny = sum(gamut, device, TINY);
        Timing taken = sum(gamut, device, n);
        String pattern = "*_" + id.impl();
        record(pattern, id, LAUNCH, tiny.median() * 1e6, tiny, "sums of " + TINY);
        double own = Math.max(taken.median() - tiny.median(), taken.median() / 2);
        record(pattern, id, RATE, n / own * 1e-9, taken, "sums of " + n);
    }

    private static Timing sum(Gamut gamut, Device device, long n) {
        ReducePlan plan =
                gamut.plan(ReduceDesc.of(ReduceOp.SUM, DType.F32, Layout.rowMajor(n), ReduceDesc.ALL), device);
        try (DeviceTensor x = device.copyOf(filled(DType.F32, n));
                DeviceTensor out = device.zeros(plan.desc().result(), 1)) {
            ReduceArgs args = new ReduceArgs();
            args.x().set(x.tensor());
            args.out().set(out.tensor());
            return time(device, () -> plan.run(args), 1);
        }
    }

    private double shipped(KernelId id, String constant) {
        return provider.tuning().get(here.machine(), id, constant, Double.NaN);
    }

    private void record(String pattern, KernelId id, String constant, double value, Timing timing, String what) {
        double rounded = new BigDecimal(value).round(new MathContext(3)).doubleValue();
        String figure = what + ", quartiles " + Figures.digits(timing.low() * 1e6) + " and "
                + Figures.digits(timing.high() * 1e6) + " µs of " + timing.turns() + " turns";
        found.add(new Tuned(
                here.line(pattern, constant, rounded, figure),
                shipped(id, constant),
                timing.isNoisy() ? Tuner.NOISY : ""));
    }
}
