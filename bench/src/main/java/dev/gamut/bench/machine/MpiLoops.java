package dev.gamut.bench.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * MPI's collectives called from C, on all ranks, by the library that this process has loaded and initialised: what Gamut's over MPI are
 * held against. They are compiled by the library's own compiler command, or whatever {@code cc} is, where that finds its header; where not
 * {@link #missing} says why. One thread of a rank at a time.
 */
public final class MpiLoops {
    private static final String OPEN_MPI = "Open MPI";
    private static final int LONGEST_VERSION = 8_192;
    private static final int NO_SUCH_CALL = -1;

    private final MethodHandle calls;
    private final String missing;

    /**
     * Compiles and loads them, which takes a second.
     *
     * @param engine name and version of the library in this process
     */
    public MpiLoops(String engine) {
        boolean open = engine.startsWith(OPEN_MPI);
        CLibrary library = CLibrary.compiled(
                List.of(open ? "mpicc.openmpi" : "mpicc.mpich", "mpicc", "cc"),
                new CLibrary.Program("mpi", List.of("mpi.c"), open ? List.of("-DGAMUT_OPEN_MPI") : List.of()));
        this.calls = library.function(
                "gamut_mpi_calls",
                FunctionDescriptor.of(
                        JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT,
                        JAVA_LONG));
        this.missing = library.missing().orElseGet(() -> objection(library, engine));
    }

    private static String objection(CLibrary library, String engine) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(LONGEST_VERSION);
            int status = (int) library.function("gamut_mpi_version", FunctionDescriptor.of(JAVA_INT, ADDRESS))
                    .invokeExact(text);
            String found = text.getString(0).replace('\t', ' ');
            return status == 0 && found.startsWith(engine)
                    ? ""
                    : "unavailable: the compiler's MPI is "
                            + found.lines().findFirst().orElse("") + ", that of this process " + engine;
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /** Why there are no loops; empty where there are. */
    public Optional<String> missing() {
        return missing.isEmpty() ? Optional.empty() : Optional.of(missing);
    }

    /**
     * A collective by the names of nccl-tests.
     *
     * @param op such as {@code all_reduce}
     * @param type of the elements, such as {@code f32}
     * @param redop {@code sum}, {@code prod}, {@code min}, {@code max}, or {@code none}
     * @param root the root, where there is one
     * @param count elements of a rank's part where there are parts, else of the whole
     * @param element bytes of one
     */
    public record Call(String op, String type, String redop, int root, long count, int element) {}

    /**
     * Makes calls, each waited for.
     *
     * @param call what
     * @param from native memory, of as many elements as the call reads
     * @param to as many as it writes
     * @param blocks whether by the call that blocks, rather than by the one that does not and MPI_Test in a loop
     * @param times how often; 0 only asks
     * @return whether MPI has such a call
     * @throws IllegalStateException where MPI returns an error, or there are no loops
     */
    public boolean run(Call call, MemorySegment from, MemorySegment to, boolean blocks, long times) {
        if (call.count() * call.element() > Integer.MAX_VALUE) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            int status = (int) calls.invokeExact(
                    arena.allocateFrom(call.op()),
                    arena.allocateFrom(call.type()),
                    arena.allocateFrom(call.redop()),
                    call.root(),
                    (int) call.count(),
                    call.element(),
                    from,
                    to,
                    blocks ? 1 : 0,
                    times);
            if (status > 0) {
                throw new IllegalStateException("MPI's error in " + call + ": " + status);
            }
            return status != NO_SUCH_CALL;
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }
}
