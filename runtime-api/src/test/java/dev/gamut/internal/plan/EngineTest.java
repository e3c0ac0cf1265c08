package dev.gamut.internal.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.hw.Capabilities;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Overrides;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Tuning;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What closing means to operations under way, and who is chosen. */
class EngineTest {
    /** Rows of C one after the other by inner products; between the first and the second something happens. */
    private record ByRows(Runnable between) implements GemmKernel {
        @Override
        public KernelInfo info() {
            List<DType> types = List.of(DType.F64, DType.F64, DType.F64, DType.F64);
            return new KernelInfo(KernelId.of("gemm", types, "byrows"), "fake", true, "a product of each row");
        }

        @Override
        public Optional<String> unavailable(Capabilities machine) {
            return Optional.empty();
        }

        @Override
        public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
            return desc.m() == 1
                    ? new Offer.Decline<>("one row")
                    : new Offer.Accept<>(
                            new Cost(0, 0, 0, 0, 0),
                            ErrorBound.ofAccumulation(DType.F64),
                            Determinism.RUN_TO_RUN,
                            plan -> args -> execute(desc, args, plan));
        }

        private void execute(GemmDesc desc, GemmArgs run, PlanContext context) {
            for (long row = 0; row < desc.m(); row++) {
                GemmArgs args = new GemmArgs().scalars(run.alpha(), run.beta());
                args.a().set(run.a().array(), run.a().offset() + row * desc.k());
                args.b().set(run.b().array(), run.b().offset());
                args.c().set(run.c().array(), run.c().offset() + row * desc.n());
                context.plan(GemmDesc.of(DType.F64, 1, desc.n(), desc.k())).run(args);
                if (row == 0) {
                    between.run();
                }
            }
        }
    }

    /** Products of bytes without epilogues, for nothing; it notes where sums go. */
    private record Unfused(List<Object> results) implements GemmKernel {
        @Override
        public KernelInfo info() {
            List<DType> types = List.of(DType.I8, DType.I8, DType.I32, DType.I64);
            return new KernelInfo(KernelId.of("gemm", types, "unfused"), "fake", true, "sums");
        }

        @Override
        public Optional<String> unavailable(Capabilities machine) {
            return Optional.empty();
        }

        @Override
        public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
            return new Offer.Accept<>(
                    new Cost(0, 0, 0, 0, 0),
                    ErrorBound.EXACT,
                    Determinism.RUN_TO_RUN,
                    plan -> args -> results.add(args.c().array()));
        }
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

    private Engine engine;

    private static Engine engine(GemmKernel kernel, Overrides overrides) {
        return new Engine(
                new Dispatcher(List.of(new Provider(List.of(kernel)))),
                new OfferContext(Capabilities.host(), Tuning.EMPTY, 2),
                overrides);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProductUnderWayComesToItsEndWhenAllIsClosed(boolean strict) {
        Optional<Glob> wish = strict ? Optional.of(Glob.of("*_byrows")) : Optional.empty();
        engine = engine(new ByRows(() -> engine.close()), new Overrides(wish, strict));
        GemmPlan plan = engine.plan(GemmDesc.of(DType.F64, 3, 2, 2));
        double[] c = {1, 1, 1, 1, 1, 1};
        GemmArgs args = new GemmArgs().scalars(1, 1);
        args.a().set(new double[] {1, 0, 0, 1, 1, 1}, 0);
        args.b().set(new double[] {1, 2, 3, 4}, 0);
        args.c().set(c, 0);
        plan.run(args);
        assertArrayEquals(new double[] {2, 3, 4, 5, 5, 7}, c);
        assertThrows(IllegalStateException.class, () -> plan.run(args));
        assertThrows(IllegalStateException.class, () -> engine.plan(plan.desc()));
        assertArrayEquals(new double[] {2, 3, 4, 5, 5, 7}, c);
    }

    /** Sums of integers wait in a Java array, whatever C is: where it would be too long, a kernel that fuses is chosen. */
    @Test
    void whoNeedsTooLongAScratchIsNotChosen() {
        engine = engine(new Unfused(new ArrayList<>()), Overrides.NONE);
        GemmDesc desc = GemmDesc.of(DType.I8, 1 << 10, 1 << 10, 2)
                .epilogue(Epilogue.NONE.relu().ops());
        assertEquals("unfused", engine.select(desc).chosen().info().id().impl());
        GemmDesc large = GemmDesc.of(DType.I8, 1 << 16, 1 << 15, 2).epilogue(desc.epilogue());
        assertEquals("ref", engine.select(large).chosen().info().id().impl());
        engine.close();
    }

    /** Wishes come before costs, and the reference, without one, last. */
    @Test
    void whoIsPreferredIsChosenWhateverItCosts() {
        GemmDesc desc =
                GemmDesc.of(DType.I8, 3, 4, 2).epilogue(Epilogue.NONE.relu().ops());
        for (String wish : new String[] {"*_ref", "gemm_i8_*_unfused", "sum_*"}) {
            engine = engine(new Unfused(new ArrayList<>()), new Overrides(Optional.of(Glob.of(wish)), false));
            String chosen = engine.select(desc).chosen().info().id().impl();
            assertEquals(wish.endsWith("_ref") ? "ref" : "unfused", chosen, wish);
            engine.close();
        }
    }

    /** More descriptors than the cache holds, and than have a place of their own among those asked for last. */
    @Test
    void aPlanIsThatOfItsDescriptor() {
        engine = engine(new Unfused(new ArrayList<>()), Overrides.NONE);
        List<GemmDesc> all = new ArrayList<>();
        for (int n = 1; n <= 4_200; n++) {
            all.add(GemmDesc.of(DType.I8, 1, n, 1));
        }
        for (int round = 0; round < 2; round++) {
            for (GemmDesc desc : all) {
                assertSame(desc, engine.plan(desc).desc());
                assertSame(engine.plan(desc), engine.plan(desc));
            }
            Collections.reverse(all);
        }
        engine.close();
    }

    /** There may be thousands of plans, one for each number of rows: what they leave to a second pass is not theirs to keep. */
    @Test
    void plansShareTheScratchOfTheirSecondPass() {
        List<Object> results = new ArrayList<>();
        engine = engine(new Unfused(results), Overrides.NONE);
        for (int m : new int[] {7, 3, 5}) {
            GemmDesc desc =
                    GemmDesc.of(DType.I8, m, 4, 2).epilogue(Epilogue.NONE.relu().ops());
            GemmArgs args = new GemmArgs().epilogue(Epilogue.NONE.relu());
            args.a().set(new byte[2 * m], 0);
            args.b().set(new byte[8], 0);
            args.c().set(new int[4 * m], 0);
            engine.plan(desc).run(args);
        }
        assertEquals(3, results.size());
        assertSame(results.get(0), results.get(1));
        assertSame(results.get(0), results.get(2));
        engine.close();
    }
}
