package dev.gamut.internal.plan;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.internal.event.ExecuteEvent;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.reflect.Array;

/** A GEMM bound to its kernel: checks operands, leases an executor, runs it. */
final class PreparedGemm implements GemmPlan {
    private record Lease(GemmExecutor executor, GemmArgs args) {}

    private final Engine engine;
    private final GemmDesc desc;
    private final KernelId kernel;
    private final ErrorBound bound;
    private final Pool<Lease> leases;
    /** The executor that is tried without a lease; null where nothing is to be computed. */
    private final GemmExecutor shared;

    /** What bare arrays are, where nothing else must be checked; null where an operand is scaled, packed or a chain follows. */
    private final Class<?> kindA;

    private final Class<?> kindB;
    private final Class<?> kindC;
    private final boolean empty;
    /** Whether C is of integers that are not requantised. */
    private final boolean exact;

    private final long extentA;
    private final long extentB;
    private final long extentC;

    PreparedGemm(Engine engine, GemmDesc desc, KernelInfo kernel, Offer.Accept<GemmExecutor> offer) {
        this.engine = engine;
        this.desc = desc;
        this.kernel = kernel.id();
        this.bound = offer.bound();
        this.empty = desc.m() == 0 || desc.n() == 0 || desc.batch() == 0;
        this.exact = desc.acc().isInteger()
                && desc.c().type().isInteger()
                && desc.epilogue().isEmpty();
        this.extentA = desc.a().extent(desc.batch());
        this.extentB = desc.b().extent(desc.batch());
        this.extentC = desc.c().extent(desc.batch());
        this.leases = new Pool<>(
                engine.threads() + 1, () -> new Lease(offer.preparer().prepare(engine.inner()), new GemmArgs()));
        boolean bare = desc.b().packed().isEmpty() && desc.epilogue().isEmpty();
        this.kindA = bare ? bareArray(desc.a()) : null;
        this.kindB = bare ? bareArray(desc.b()) : null;
        this.kindC = bare ? bareArray(desc.c()) : null;
        // Prepare now, so that a failure shows here and the first run does not pay.
        Lease first = empty ? null : leases.take();
        this.shared = first == null ? null : first.executor;
        if (first != null) {
            leases.give(first);
        }
    }

    private static Class<?> bareArray(MatrixDesc matrix) {
        return matrix.scaling().hasScales() || matrix.type().isSubByte() ? null : Operand.arrayOf(matrix.type());
    }

    @Override
    public GemmDesc desc() {
        return desc;
    }

    @Override
    public KernelId kernel() {
        return kernel;
    }

    @Override
    public ErrorBound bound() {
        return bound;
    }

    @Override
    public void run(GemmArgs args) {
        engine.requireOpen();
        check(args);
        if (args.record() != null) {
            args.record().begin(kernel);
        }
        if (empty || isUnwatched(args) && shared.executeShared(args)) {
            return;
        }
        Lease lease = leases.take();
        try {
            execute(lease.executor, args);
        } finally {
            leases.give(lease);
        }
    }

    @Override
    public void run(Object a, Object b, Object c) {
        engine.requireOpen();
        Lease lease = leases.take();
        try {
            lease.args.a().set(a, 0);
            lease.args.b().set(b, 0);
            lease.args.c().set(c, 0);
            checkAndExecute(lease);
        } finally {
            lease.args.clear();
            leases.give(lease);
        }
    }

    @Override
    public void run(Tensor a, Tensor b, Tensor c) {
        engine.requireOpen();
        Lease lease = leases.take();
        try {
            lease.args.a().set(given("a", a));
            lease.args.b().set(given("b", b));
            lease.args.c().set(given("c", c));
            checkAndExecute(lease);
        } finally {
            lease.args.clear();
            leases.give(lease);
        }
    }

    private void checkAndExecute(Lease lease) {
        check(lease.args);
        if (!empty) {
            execute(lease.executor, lease.args);
        }
    }

    private void execute(GemmExecutor executor, GemmArgs args) {
        if (isUnwatched(args)) {
            executor.execute(args);
        } else if (ExecuteEvent.isWatched()) {
            executeWatched(executor, args);
        } else {
            executeTimed(executor, args);
        }
    }

    private static boolean isUnwatched(GemmArgs args) {
        return args.record() == null && !ExecuteEvent.isWatched();
    }

    private void executeTimed(GemmExecutor executor, GemmArgs args) {
        long start = System.nanoTime();
        executor.execute(args);
        if (args.record() != null) {
            args.record().ran(kernel, System.nanoTime() - start);
        }
    }

    private void executeWatched(GemmExecutor executor, GemmArgs args) {
        ExecuteEvent event = new ExecuteEvent();
        event.begin();
        executeTimed(executor, args);
        if (event.shouldCommit()) {
            event.operation = desc.toString();
            event.kernel = kernel.toString();
            event.commit();
        }
    }

    /** Whether the operands are three different arrays that reach far enough: most are, and this takes a tenth of {@link #checkAll}. */
    private boolean isThreeArrays(GemmArgs args) {
        Object c = args.c().array();
        return c != args.a().array()
                && c != args.b().array()
                && reaches(args.a(), kindA, extentA)
                && reaches(args.b(), kindB, extentB)
                && reaches(args.c(), kindC, extentC)
                && args.epilogue() == Epilogue.NONE;
    }

    private static boolean reaches(Operand operand, Class<?> kind, long extent) {
        Object array = operand.array();
        return array != null
                && array.getClass() == kind
                && operand.declared() == null
                && operand.offset() >= 0
                && extent <= Array.getLength(array) - operand.offset();
    }

    private void check(GemmArgs args) {
        if (exact) {
            OperandChecks.integer("alpha", args.alpha(), desc.c().type());
            OperandChecks.integer("beta", args.beta(), desc.c().type());
        }
        if (!isThreeArrays(args)) {
            checkAll(args);
        }
    }

    private void checkAll(GemmArgs args) {
        boolean readsProduct = args.alpha() != 0 && desc.k() != 0;
        MatrixChecks.operand("a", args.a(), desc.a(), desc.batch(), extentA, false, engine);
        if (desc.b().packed().isPresent()) {
            if (args.packedB() == null || !args.packedB().desc().equals(desc.b())) {
                throw new IllegalArgumentException("b is " + args.packedB() + "; the plan takes one packed for "
                        + desc.b().packed().get() + " with " + desc.b().rows() + "×"
                        + desc.b().cols());
            }
        } else {
            MatrixChecks.operand("b", args.b(), desc.b(), desc.batch(), extentB, false, engine);
        }
        MatrixChecks.operand("c", args.c(), desc.c(), desc.batch(), extentC, true, engine);
        if (readsProduct && !empty) {
            OperandChecks.disjoint("a", desc.a(), args.a(), desc.c(), args.c(), desc.batch());
            if (desc.b().packed().isEmpty()) {
                OperandChecks.disjoint("b", desc.b(), args.b(), desc.c(), args.c(), desc.batch());
            }
        }
        if (args.epilogue() != Epilogue.NONE || !desc.epilogue().isEmpty()) {
            EpilogueChecks.check(desc, args, engine);
        }
    }

    private static Tensor given(String name, Tensor tensor) {
        if (tensor == null) {
            throw new IllegalArgumentException(name + " is null; a tensor is needed");
        }
        return tensor;
    }
}
