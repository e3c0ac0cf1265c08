package dev.gamut.bench.peer;

import dev.gamut.bench.solve.LinearSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;

/** LAPACK's dgesv of a library with integers of 32 bits: the matrix lies in native memory, columns one after the other. */
public final class Dgesv implements SystemSide {
    /** Rows and columns that are transposed at a time. */
    private static final int TILE = 32;

    private final LinearSystem system;
    private final MethodHandle dgesv;
    private final MemorySegment n;
    private final MemorySegment one;
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment pivots;
    private final MemorySegment info;

    /**
     * Makes room.
     *
     * @param library loaded
     * @param system to be solved, kept
     * @param arena whose life its copies share
     */
    public Dgesv(NativeLibrary library, LinearSystem system, Arena arena) {
        this.system = system;
        long order = system.n();
        dgesv = library.function(
                "dgesv_",
                FunctionDescriptor.ofVoid(
                        Collections.nCopies(8, ValueLayout.ADDRESS).toArray(ValueLayout[]::new)));
        n = arena.allocateFrom(ValueLayout.JAVA_INT, system.n());
        one = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
        a = arena.allocate(8 * order * order, 64);
        b = arena.allocate(8 * order, 64);
        pivots = arena.allocate(4 * order, 64);
        info = arena.allocate(ValueLayout.JAVA_INT);
    }

    @Override
    public long solve() {
        layOut();
        long begun = System.nanoTime();
        NativeLibrary.call(() -> {
            dgesv.invokeExact(n, one, a, n, pivots, b, n, info);
            return null;
        });
        long nanos = System.nanoTime() - begun;
        if (info.get(ValueLayout.JAVA_INT, 0) != 0) {
            throw new ArithmeticException("dgesv says " + info.get(ValueLayout.JAVA_INT, 0));
        }
        return nanos;
    }

    private void layOut() {
        int order = system.n();
        double[] rows = system.a();
        for (int i0 = 0; i0 < order; i0 += TILE) {
            for (int j0 = 0; j0 < order; j0 += TILE) {
                int i1 = Math.min(order, i0 + TILE);
                int j1 = Math.min(order, j0 + TILE);
                for (int j = j0; j < j1; j++) {
                    for (int i = i0; i < i1; i++) {
                        a.setAtIndex(ValueLayout.JAVA_DOUBLE, (long) j * order + i, rows[i * order + j]);
                    }
                }
            }
        }
        MemorySegment.copy(system.b(), 0, b, ValueLayout.JAVA_DOUBLE, 0, order);
    }

    @Override
    public double[] x() {
        return b.toArray(ValueLayout.JAVA_DOUBLE);
    }
}
