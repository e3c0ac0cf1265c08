package dev.gamut.ffm.cpu;

import dev.gamut.conformance.Conformance;
import dev.gamut.conformance.ConformanceRun;

/**
 * {@link ConformanceRun} with native operands between pages that must not be touched; before it a line {@code library} with the file that
 * was opened, where one was.
 */
final class GuardedRun {
    private GuardedRun() {}

    static void main(String... arguments) {
        if (HostLibrary.get().library() != null) {
            IO.println("library " + HostLibrary.get().library().origin());
        }
        ScopedValue.where(Conformance.NATIVE_MEMORY, new GuardedMemory()).run(() -> ConformanceRun.main(arguments));
    }
}
