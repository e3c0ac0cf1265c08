package dev.gamut.bench.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the loops in C that keep an arithmetic unit busy and nothing else, among them units that Java cannot reach.
 * Immutable, thread-safe.
 *
 * @param index which one
 * @param name type and instructions, such as {@code i8_vpdpbusd}
 * @param missing why it cannot run here; empty where it can
 */
record CPeak(int index, String name, String missing) {
    private static final MethodHandle NAME = function("name", ADDRESS);
    private static final MethodHandle NEEDS = function("needs", ADDRESS);
    private static final MethodHandle HERE = function("here", JAVA_INT);
    private static final MethodHandle RUN =
            CLibrary.host().function("gamut_yard_peak_run", FunctionDescriptor.of(JAVA_DOUBLE, JAVA_INT, JAVA_LONG));

    private static MethodHandle function(String name, ValueLayout result) {
        return CLibrary.host().function("gamut_yard_peak_" + name, FunctionDescriptor.of(result, JAVA_INT));
    }

    /** All that are written for this architecture; none where there are no loops in C. */
    static List<CPeak> all() {
        List<CPeak> peaks = new ArrayList<>();
        if (CLoops.unavailable().isPresent()) {
            return peaks;
        }
        try {
            for (int i = 0; ; i++) {
                MemorySegment name = (MemorySegment) NAME.invokeExact(i);
                if (name.equals(MemorySegment.NULL)) {
                    return peaks;
                }
                String needs = CLibrary.text((MemorySegment) NEEDS.invokeExact(i));
                peaks.add(new CPeak(i, CLibrary.text(name), missing((int) HERE.invokeExact(i), needs)));
            }
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    private static String missing(int here, String needs) {
        if (here > 0) {
            return "";
        }
        return "not available: this " + (here == 0 ? "CPU has no " : "system does not offer ") + needs;
    }

    /**
     * Runs it, where it can run.
     *
     * @param steps rounds of its loop
     * @return operations, multiplications and additions counted apart
     */
    double run(long steps) {
        try {
            return (double) RUN.invokeExact(index, steps);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }
}
