package dev.gamut;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceInfo;
import dev.gamut.device.Ending;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.hw.Capabilities;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Overrides;
import dev.gamut.internal.plan.Engine;
import dev.gamut.kernel.Glob;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.Tuning;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.RemoteMemory;
import dev.gamut.tensor.Tensor;
import dev.gamut.tensor.TensorView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The entry to everything: says what to compute and how accurate, and runs the fastest kernel that meets it.
 *
 * <p>A Gamut owns worker threads and a plan cache; open one and keep it. Thread-safe. Opening is lazy: nothing is loaded
 * before it is asked about. After {@link #close} every call that computes, plans or explains throws {@link IllegalStateException}.
 */
public final class Gamut extends ArrayCalls implements AutoCloseable {
    /** Kernels of the host alone. */
    private final Engine host;

    /** For operands of the host: those kernels, and those of the devices that it was opened with. */
    private final Engine engine;

    private final List<Device> offload = new ArrayList<>();
    private final GamutConfig config;
    /** Those that this Gamut opened and nobody has closed. */
    private final Map<Device, Engine> devices = new ConcurrentHashMap<>();

    private Gamut(GamutConfig config) {
        Dispatcher dispatcher = Registry.DISPATCHER;
        config.kernel().ifPresent(glob -> requireKnown(glob, dispatcher));
        this.config = config;
        Tuning file = config.tuningFile().map(Tuning::read).orElse(Tuning.EMPTY);
        this.host = new Engine(
                dispatcher,
                new OfferContext(
                        Capabilities.host(), config.tuning().over(file).over(dispatcher.tuning()), config.threads()),
                new Overrides(config.kernel(), config.strict()));
        try {
            config.offload().forEach(name -> offload.add(device("offload", name)));
        } catch (RuntimeException e) {
            Ending ending = new Ending().then(() -> {
                throw e;
            });
            ending.then(() -> close(host)).end();
            throw e;
        }
        this.engine = offload.isEmpty()
                ? host
                : host.offloading(offload.stream().map(devices::get).toList());
    }

    /** Providers are looked up once a process. */
    private static final class Registry {
        static final Dispatcher DISPATCHER = Dispatcher.discovered();
    }

    private static void requireKnown(Glob glob, Dispatcher dispatcher) {
        boolean known = dispatcher.kernels().stream()
                .anyMatch(k -> glob.matches(k.info().id()));
        if (!known && Devices.kernels().noneMatch(k -> glob.matches(k.info().id()))) {
            throw new IllegalArgumentException("kernel pattern '" + glob + "' matches none of the "
                    + dispatcher.kernels().size() + " kernels; `gamut doctor` and Gamut.kernels() list them");
        }
    }

    /**
     * Opens with the settings of properties and environment.
     *
     * @return a Gamut to be closed by the caller
     */
    public static Gamut open() {
        return open(GamutConfig.defaults());
    }

    /**
     * Opens.
     *
     * @param config threads, preferred kernels, tuning
     * @return a Gamut to be closed by the caller
     */
    public static Gamut open(GamutConfig config) {
        return new Gamut(config);
    }

    /** How it was opened. */
    public GamutConfig config() {
        return config;
    }

    /** The machine it computes on. */
    public Capabilities machine() {
        return engine.machine();
    }

    /** The cost constants in effect: those of the configuration, of its file, and the shipped ones. */
    public Tuning tuning() {
        return engine.tuning();
    }

    /** Every kernel of every provider, usable here or not. */
    public List<KernelInfo> kernels() {
        return host.dispatcher().kernels().stream().map(Kernel::info).toList();
    }

    /**
     * Providers none of whose kernels can run on this machine; some of them have none to list in {@link #kernels}.
     *
     * @return the reason for each, by the provider's name
     */
    public Map<String, String> unavailableProviders() {
        Map<String, String> reasons = new TreeMap<>();
        for (KernelProvider provider : host.dispatcher().providers()) {
            provider.unavailable(machine()).ifPresent(reason -> reasons.put(provider.name(), reason));
        }
        return reasons;
    }

    /**
     * The native libraries that providers have found, looking for them where that has not been done yet.
     *
     * @return version and place, by the provider's name
     */
    public Map<String, String> libraries() {
        Map<String, String> found = new TreeMap<>();
        for (KernelProvider provider : host.dispatcher().providers()) {
            provider.library().ifPresent(library -> found.put(provider.name(), library));
        }
        return found;
    }

    /**
     * Why a kernel cannot run on this machine.
     *
     * @param info one of {@link #kernels}, or of those of a device
     * @return the reason, empty where it can run
     */
    public Optional<String> unavailable(KernelInfo info) {
        return Stream.concat(host.dispatcher().providers().stream(), Devices.providers())
                .filter(provider -> provider.name().equals(info.provider()))
                .flatMap(provider -> provider.kernels().stream()
                        .filter(kernel -> kernel.info().equals(info))
                        .map(kernel -> provider.unavailable(machine()).or(() -> kernel.unavailable(machine()))))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("kernel is " + info.id() + "; it is not registered"));
    }

    @Override
    public GemmPlan plan(GemmDesc desc) {
        return engine.plan(desc);
    }

    @Override
    public ReducePlan plan(ReduceDesc desc) {
        return engine.plan(desc);
    }

    /**
     * The devices that libraries of this machine reach; they are looked for when this is first asked.
     *
     * @return what is known of each; why a library reaches none is in {@link #unavailableDevices}
     */
    public List<DeviceInfo> devices() {
        return Devices.all();
    }

    /**
     * Libraries for devices that reach none here.
     *
     * @return the reason for each, by the provider's name
     */
    public Map<String, String> unavailableDevices() {
        return Devices.reasons();
    }

    /**
     * The libraries for devices that were found.
     *
     * @return version and place, by the provider's name
     */
    public Map<String, String> deviceLibraries() {
        return Devices.libraries();
    }

    /**
     * Opens a device. Operations on tensors that live on it are carried out there; where operands of the host take part, they are copied.
     *
     * @param name a provider and one of its devices by number or by a part of its title: {@code opencl:0}, {@code opencl:Radeon}; without
     *     one the first
     * @return a device of its own at each call, to be closed by the caller, at the latest closed with this Gamut
     */
    public Device device(String name) {
        return device("name", name);
    }

    private Device device(String argument, String name) {
        host.requireOpen();
        Devices.Found found = Devices.find(argument, require(argument, name));
        Device device = new Device(found.provider().open(found.info()));
        Engine there = host.on(device, found.provider());
        devices.put(device, there);
        device.onClose(() -> {
            devices.remove(device);
            there.close();
        });
        return device;
    }

    /**
     * The devices that it was opened with, to which operands of the host may be copied: {@link GamutConfig#offload}. Tensors can live on
     * them, too.
     *
     * @return in the order in which they were named; they end with this Gamut, and are not to be closed before
     */
    public List<Device> offloadDevices() {
        return List.copyOf(offload);
    }

    /**
     * Every kernel that computes on a device itself, usable there or not.
     *
     * @param device opened by this Gamut
     */
    public List<KernelInfo> kernels(Device device) {
        engineOf(device);
        return Devices.find("device", device.info().name()).provider().kernels().stream()
                .map(Kernel::info)
                .toList();
    }

    /**
     * The plan for a GEMM whose operands live on a device; those that live on the host are copied at each run.
     *
     * @param desc what to compute
     * @param device opened by this Gamut
     * @return a plan that may be run until the device is closed
     */
    public GemmPlan plan(GemmDesc desc, Device device) {
        return engineOf(device).plan(desc);
    }

    /**
     * The plan for a reduction whose operands live on a device.
     *
     * @param desc what to compute
     * @param device opened by this Gamut
     * @return a plan that may be run until the device is closed
     */
    public ReducePlan plan(ReduceDesc desc, Device device) {
        return engineOf(device).plan(desc);
    }

    /**
     * The plan for a conversion whose operands live on a device.
     *
     * @param desc what to convert
     * @param device opened by this Gamut
     * @return a plan that may be run until the device is closed
     */
    public ConvertPlan plan(ConvertDesc desc, Device device) {
        return engineOf(device).plan(desc);
    }

    /**
     * Why a kernel is or is not picked for a GEMM on a device: its own kernels first, then those of the host on copies.
     *
     * @param desc the operation
     * @param device opened by this Gamut
     * @return every kernel's answer, best first
     */
    public Explanation explain(GemmDesc desc, Device device) {
        Engine there = engineOf(device);
        return Explanation.of(there.select(desc), there.dispatcher());
    }

    /**
     * Why a kernel is or is not picked for a GEMM whose operands live on the host.
     *
     * @param desc the operation
     * @return every kernel's answer, best first; also of kernels on devices that this was opened with
     */
    public Explanation explain(GemmDesc desc) {
        engine.requireOpen();
        return Explanation.of(engine.select(desc), engine.dispatcher());
    }

    /**
     * Why a kernel is or is not picked for a reduction.
     *
     * @param desc the operation
     * @return every kernel's answer, best first
     */
    public Explanation explain(ReduceDesc desc) {
        engine.requireOpen();
        return Explanation.of(engine.select(desc), engine.dispatcher());
    }

    /**
     * C = A·B on tensors of rank 2, or of rank 3 whose first axis is the batch (an operand of rank 2 serves all).
     *
     * @param a left operand
     * @param b right operand
     * @param c result; shares no element with a or b
     */
    public void gemm(TensorView a, TensorView b, TensorView c) {
        gemm(a, b, c, options -> {});
    }

    /**
     * C = epilogue(alpha·op(A)·op(B) + beta·C) on tensors.
     *
     * @param a left operand
     * @param b right operand
     * @param c result
     * @param asking what is wanted besides, for example {@code g -> g.transposeB().accuracy(Accuracy.atLeast(F32))}
     */
    public void gemm(TensorView a, TensorView b, TensorView c, Consumer<GemmOptions> asking) {
        GemmOptions options = new GemmOptions(config.profile());
        asking.accept(options);
        Tensor given = tensor("b", b);
        Tensor right = options.transposeB ? given.transpose() : given;
        run(options, tensor("a", a), MatrixDesc.of("b", right), right, null, tensor("c", c));
    }

    /**
     * C = A·B with a right operand packed before by {@link #pack}.
     *
     * @param a left operand
     * @param b packed right operand
     * @param c result
     */
    public void gemm(TensorView a, PackedMatrix b, TensorView c) {
        gemm(a, b, c, options -> {});
    }

    /**
     * C = epilogue(alpha·op(A)·B + beta·C) with a right operand packed before; {@code transposeB} does not apply.
     *
     * @param a left operand
     * @param b packed right operand
     * @param c result
     * @param asking what is wanted besides
     */
    public void gemm(TensorView a, PackedMatrix b, TensorView c, Consumer<GemmOptions> asking) {
        GemmOptions options = new GemmOptions(config.profile());
        asking.accept(options);
        if (options.transposeB) {
            throw new IllegalArgumentException(
                    "transposeB is set; a packed operand was laid out as it is, transpose it " + "before packing");
        }
        run(options, tensor("a", a), require("b", b).desc(), null, b, tensor("c", c));
    }

    private void run(GemmOptions o, Tensor left, MatrixDesc descB, Tensor b, PackedMatrix packed, Tensor c) {
        Tensor a = o.transposeA ? left.transpose() : left;
        MatrixDesc descA = MatrixDesc.of("a", a);
        MatrixDesc descC = MatrixDesc.of("c", c);
        long batch = batch(a, b, c);
        GemmDesc desc = GemmDesc.of(descA, descB, descC, o.epilogue.ops())
                .batch(batch, descA.batchStride(), descB.batchStride(), descC.batchStride())
                .accuracy(o.accuracy)
                .determinism(o.determinism);
        GemmArgs args =
                new GemmArgs().scalars(o.alpha, o.beta).epilogue(o.epilogue).record(o.record);
        args.a().set(a);
        if (packed != null) {
            args.packedB(packed);
        } else {
            args.b().set(b);
        }
        args.c().set(c);
        engineOf(a, b, c).plan(desc).run(args);
    }

    /** The batch size of C; operands of rank 2 serve every product of it. */
    private static long batch(Tensor a, Tensor b, Tensor c) {
        long batch = c.rank() == 3 ? c.size(0) : 1;
        for (Tensor t : b == null ? new Tensor[] {a} : new Tensor[] {a, b}) {
            if (t.rank() == 3 && (c.rank() != 3 || t.size(0) != batch)) {
                throw new IllegalArgumentException((t == a ? "a" : "b") + " is a batch of " + t.size(0) + "; c is "
                        + (c.rank() == 3 ? "a batch of " + batch : "one matrix"));
            }
        }
        return batch;
    }

    /**
     * Lays out a right operand once for products that use it again and again; one that lives on a device on that device, where what is packed
     * stays until nobody refers to it any more or the device is closed.
     *
     * @param b k×n
     * @return its panels, in the format of the kernel that is fastest for large products with it; bytes are laid out for signed left
     *     operands, and results may have any type that the kernel exists for
     */
    public PackedMatrix pack(TensorView b) {
        return pack(b, Accuracy.NATIVE);
    }

    /**
     * Lays out a right operand once for products of an accuracy that use it again and again.
     *
     * @param b k×n
     * @param accuracy what those products will demand; whatever is demanded then is kept, but another layout might have been faster
     * @return its panels, in the format of the kernel that is fastest for large products with it; of one that emulates F64 or F32 residues of
     *     it, three to four times the memory of b
     */
    public PackedMatrix pack(TensorView b, Accuracy accuracy) {
        Tensor plain = tensor("b", b);
        Engine there = plain.remote() == null ? host : engineOf(plain, null, null);
        return there.pack(plain, require("accuracy", accuracy));
    }

    /**
     * The plan for a conversion, made once and kept.
     *
     * @param desc what to convert
     * @return a plan that may be run again and again, by several threads at once
     */
    public ConvertPlan plan(ConvertDesc desc) {
        return engine.plan(desc);
    }

    /**
     * Why a kernel is or is not picked for a conversion.
     *
     * @param desc the operation
     * @return every kernel's answer, best first
     */
    public Explanation explain(ConvertDesc desc) {
        engine.requireOpen();
        return Explanation.of(engine.select(desc), engine.dispatcher());
    }

    /**
     * Converts every element to the type of another tensor, to nearest even; see {@link ConvertDesc} for scaled ones.
     *
     * @param from rank 1 to 3
     * @param to of the same shape; shares no element with {@code from}
     */
    public void convert(TensorView from, TensorView to) {
        convert(from, to, options -> {});
    }

    /**
     * Converts every element to the type of another tensor.
     *
     * @param from rank 1 to 3
     * @param to of the same shape; shares no element with {@code from}
     * @param asking what is wanted besides, for example {@code c -> c.stochastic(42).count()}
     * @return what could not be kept, where counting was asked for; nothing otherwise
     */
    public Convert.Loss convert(TensorView from, TensorView to, Consumer<ConvertOptions> asking) {
        ConvertOptions options = new ConvertOptions();
        asking.accept(options);
        Tensor x = tensor("from", from).asMatrix();
        Tensor y = tensor("to", to).asMatrix();
        if (from.tensor().rank() != to.tensor().rank()) {
            throw new IllegalArgumentException("to is " + to + "; from is " + from);
        }
        long batch = x.rank() == 3 ? x.size(0) : 1;
        if (y.rank() == 3 && y.size(0) != batch) {
            throw new IllegalArgumentException("to is " + to + "; from is " + from);
        }
        ConvertDesc desc =
                ConvertDesc.of(MatrixDesc.of("from", x), MatrixDesc.of("to", y)).batch(batch);
        ConvertArgs args = new ConvertArgs().seed(options.seed());
        args.x().set(x);
        args.y().set(y);
        engineOf(x, y, null).plan(options.applied(desc)).run(args);
        return args.loss();
    }

    /**
     * Quantises: chooses scale factors and rounds to codes.
     *
     * @param x floating-point numbers, rank 1 to 3
     * @param how code type, blocks, choice of factors
     * @return new codes with their factors
     */
    public Tensor quantise(Tensor x, Quantise how) {
        Tensor numbers = Tensor.zeros(DType.F32, require("x", x).layout().shape());
        convert(x, numbers);
        Tensor codes = Quantisation.prepare(numbers, require("how", how));
        convert(numbers, codes, options -> options.rounding(how.rounding()));
        return codes;
    }

    /**
     * The numbers that codes stand for.
     *
     * @param x a quantised tensor, rank 1 to 3
     * @return a new F32 tensor
     */
    public Tensor dequantise(Tensor x) {
        Tensor numbers = Tensor.zeros(DType.F32, require("x", x).layout().shape());
        convert(x, numbers);
        return numbers;
    }

    /**
     * The sum of all elements.
     *
     * @param x any shape
     * @return the sum, accumulated in F64 for F64, in F32 for narrower floats, exactly for integers (and then rounded to a
     *     double)
     */
    public double sum(TensorView x) {
        return sum(x, config.profile().determinism());
    }

    /**
     * The sum of all elements.
     *
     * @param x any shape
     * @param determinism how reproducible it must be
     * @return the sum
     */
    public double sum(TensorView x, Determinism determinism) {
        Tensor t = tensor("x", x);
        return one(reduction(ReduceOp.SUM, t, ReduceDesc.ALL).determinism(determinism), t);
    }

    /**
     * The sum of all elements.
     *
     * @param x any shape
     * @param accuracy how accurate it must be: {@code within(1.25 * 0x1p-53)} for F64, {@code within(1.01 * 0x1p-24)} for F32, asks
     *     for a sum whose error bound does not grow with the number of elements
     * @return the sum
     */
    public double sum(TensorView x, Accuracy accuracy) {
        Tensor t = tensor("x", x);
        return one(reduction(ReduceOp.SUM, t, ReduceDesc.ALL).accuracy(accuracy), t);
    }

    /**
     * The sum of an array.
     *
     * @param x any length
     * @return the sum in F64
     */
    public double sum(double[] x) {
        return sum(Tensor.of(require("x", x), x.length));
    }

    /**
     * The sum of an array.
     *
     * @param x any length
     * @param determinism how reproducible it must be
     * @return the sum in F64
     */
    public double sum(double[] x, Determinism determinism) {
        return sum(Tensor.of(require("x", x), x.length), determinism);
    }

    /**
     * Any reduction of one operand over all elements.
     *
     * @param op what to compute
     * @param x any shape
     * @return the result, or the row-major index where the operation gives one
     */
    public double reduce(ReduceOp op, TensorView x) {
        Tensor t = tensor("x", x);
        if (op.isBinary()) {
            throw new IllegalArgumentException("op is " + op + ", which has two operands; make a plan for it");
        }
        return one(reduction(op, t, ReduceDesc.ALL), t);
    }

    /**
     * Any reduction of one operand along an axis.
     *
     * @param op what to compute
     * @param x any shape
     * @param axis the axis that disappears, 0 to rank - 1
     * @return a new row-major tensor of one rank less, its rows contiguous, those of 4-bit types too
     */
    public Tensor reduce(ReduceOp op, TensorView x, int axis) {
        Tensor t = tensor("x", x);
        if (op.isBinary()) {
            throw new IllegalArgumentException("op is " + op + ", which has two operands; make a plan for it");
        }
        if (axis < 0 || axis >= t.rank()) {
            throw new IllegalArgumentException("axis is " + axis + "; x has axes 0 to " + (t.rank() - 1));
        }
        ReduceDesc desc = reduction(op, t, axis);
        Layout rest = Layout.rowMajor(t.layout().without(axis).shape());
        Tensor out = Tensor.of(Tensor.zeros(desc.result(), rest.size()).array(), desc.result(), rest, 0);
        run(desc, t, out);
        return out;
    }

    private ReduceDesc reduction(ReduceOp op, Tensor x, int axis) {
        return ReduceDesc.of(op, x.dtype(), x.layout(), axis)
                .accuracy(config.profile().accuracy())
                .determinism(config.profile().determinism());
    }

    @Override
    Determinism determinism() {
        return config.profile().determinism();
    }

    private double one(ReduceDesc desc, Tensor x) {
        Tensor out = Tensor.zeros(desc.result(), 1);
        run(desc, x, out);
        return out.get(0);
    }

    private void run(ReduceDesc desc, Tensor x, Tensor out) {
        ReduceArgs args = new ReduceArgs();
        args.x().set(x);
        args.out().set(out);
        engineOf(x, null, null).plan(desc).run(args);
    }

    private static Tensor tensor(String name, TensorView argument) {
        return require(name, argument).tensor();
    }

    /** The engine for where operands live: the host's, unless one is on a device. The plan refuses those of different devices. */
    private Engine engineOf(Tensor a, Tensor b, Tensor c) {
        RemoteMemory remote = a.remote();
        if (remote == null && b != null) {
            remote = b.remote();
        }
        if (remote == null && c != null) {
            remote = c.remote();
        }
        return remote == null ? engine : engineOf((Device) remote.owner());
    }

    private Engine engineOf(Device device) {
        engine.requireOpen();
        require("device", device).requireOpen();
        Engine found = devices.get(device);
        if (found == null) {
            throw new IllegalArgumentException("device is a " + device.info().name()
                    + " that another Gamut opened; operands live on one of this Gamut's");
        }
        return found;
    }

    private static <T> T require(String name, T argument) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " is null");
        }
        return argument;
    }

    /**
     * The machine, the providers and what is not usable and why, for people.
     *
     * @return a few lines of text
     */
    public String describe() {
        Capabilities m = machine();
        StringBuilder s = new StringBuilder();
        s.append(m.cpu())
                .append(", ")
                .append(m.arch())
                .append(", ")
                .append(m.features())
                .append('\n');
        s.append("vectors: ")
                .append(m.vectorBits() == 0 ? "none" : m.vectorBits() + " bits")
                .append('\n');
        s.append("threads: ")
                .append(config.threads())
                .append(" of ")
                .append(m.cores())
                .append('\n');
        s.append("profile: ").append(config.profile()).append('\n');
        s.append("tuning: ")
                .append(config.tuningFile().map(Path::toString).orElse("shipped"))
                .append('\n');
        for (Device device : offload) {
            s.append("offloads to ").append(device.info()).append('\n');
        }
        s.append("native workspaces of this process: ")
                .append(Workspace.nativeBytes())
                .append(" bytes\n");
        for (KernelProvider provider : host.dispatcher().providers()) {
            s.append(provider.name())
                    .append(": ")
                    .append(provider.unavailable(m)
                            .map(reason -> "not usable: " + reason)
                            .orElse(provider.kernels().size() + " kernels"))
                    .append('\n');
        }
        return s.toString();
    }

    @Override
    public void close() {
        close(engine);
    }

    private void close(Engine planning) {
        Ending ending = new Ending();
        List.copyOf(devices.keySet()).forEach(device -> ending.then(device::close));
        ending.then(planning::close).then(host::close).end();
    }
}
