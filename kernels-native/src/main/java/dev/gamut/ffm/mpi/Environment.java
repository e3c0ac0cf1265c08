package dev.gamut.ffm.mpi;

import dev.gamut.ffm.library.LoadFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** What keeps libraries below MPI from ending a JVM, or from stopping it. */
final class Environment {
    /**
     * Libraries below MPI replace handlers of signals unless told otherwise: UCX's for SIGSEGV ends a JVM at its first implicit check for
     * null. And UCX's first message to a rank waits for a TCP connection, which never comes where the network is cut (1.13).
     */
    private static final Map<String, String> SETTINGS =
            Map.of("UCX_ERROR_SIGNALS", "", "IPATH_NO_BACKTRACE", "1", "HFI_NO_BACKTRACE", "1", "UCX_TCP_CONN_NB", "y");

    private static final String DENIED = "the JVM denies native access: add --enable-native-access=dev.gamut.ffm, or"
            + " ALL-UNNAMED where Gamut is on the class path";

    private Environment() {}

    /**
     * Before a library is loaded: sets what the user has not set, in the environment that C code sees.
     *
     * @throws LoadFailure where the JVM does not allow that
     */
    static void prepare() throws LoadFailure {
        try (Arena arena = Arena.ofConfined()) {
            var setenv = Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("setenv"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT));
            for (Map.Entry<String, String> each : SETTINGS.entrySet()) {
                int _ = (int)
                        setenv.invokeExact(arena.allocateFrom(each.getKey()), arena.allocateFrom(each.getValue()), 0);
            }
        } catch (IllegalCallerException e) {
            throw new LoadFailure(DENIED);
        } catch (Throwable e) {
            throw new AssertionError("setenv throws nothing", e);
        }
    }
}
