package dev.gamut.ffm.mpi;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What started this process as one of several ranks, by the variables it sets. The library must be of the same family: another one does
 * not find the other ranks, and every process becomes rank 0 of 1.
 */
enum Launcher {
    /** mpirun of Open MPI. */
    OPEN_MPI("mpirun of Open MPI", "OMPI_COMM_WORLD_SIZE", List.of("libmpi.so.40")),
    /** Process managers of MPICH and its relatives; Slurm's speaks their language to Open MPI too. */
    PMI("mpirun of MPICH or a relative", "PMI_SIZE", List.of("libmpi.so.12", "libmpich.so.12"));

    /** What is looked for: a library with the standard ABI, Open MPI, MPICH, MPICH as Debian calls it. */
    private static final List<String> NAMES =
            List.of("libmpi_abi.so.1", "libmpi.so.40", "libmpi.so.12", "libmpich.so.12");

    private static final String OPEN = "Open MPI";

    private final String title;
    private final String size;
    private final List<String> names;

    Launcher(String title, String size, List<String> names) {
        this.title = title;
        this.size = size;
        this.names = names;
    }

    /** The names of libraries, first those of the launcher's family: another one need not even be loaded. */
    static List<String> names(Map<String, String> environment) {
        List<String> first = of(environment).map(l -> l.names).orElse(List.of());
        return NAMES.stream()
                .sorted(Comparator.comparing(name -> !first.contains(name)))
                .toList();
    }

    /** The launcher that left its mark in an environment; empty where there is none. */
    static Optional<Launcher> of(Map<String, String> environment) {
        return Stream.of(values())
                .filter(launcher -> environment.containsKey(launcher.size))
                .findFirst();
    }

    /** How many ranks it says it started. */
    int ranks(Map<String, String> environment) {
        return Integer.parseInt(environment.get(size));
    }

    /**
     * What stands against a library.
     *
     * @param version its name and version
     * @param environment of the process
     */
    Optional<String> objection(String version, Map<String, String> environment) {
        boolean isOpen = version.startsWith(OPEN);
        boolean fits = isOpen == (this == OPEN_MPI) || this == PMI && environment.containsKey("SLURM_STEP_ID");
        return fits
                ? Optional.empty()
                : Optional.of("it is " + version + ", but " + title
                        + " started this process: every rank would be alone; name the right library by "
                        + MpiHost.PROPERTY + " or " + MpiHost.VARIABLE + ", or use the other mpirun");
    }
}
