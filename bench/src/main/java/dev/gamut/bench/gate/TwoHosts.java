package dev.gamut.bench.gate;

import dev.gamut.bench.cli.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two hosts that are namespaces of this machine, joined by a cable: what {@code two-hosts.sh} does, unpacked into a file. There are none
 * where its {@link #lacks} says something.
 *
 * @param script the file
 */
record TwoHosts(Path script) implements AutoCloseable {
    private static final String RESOURCE = "dev/gamut/bench/two-hosts.sh";

    /** A cable of 1 Gbit/s both ways. A packet of the kernel's has up to 64 KiB; half of a megabyte waits before any is dropped. */
    private static final String SLOW =
            "\"$0\" cable tbf rate 1gbit burst 256k latency 4ms && exec \"$0\" mpirun \"$@\"";

    /** Unpacks the script. */
    static TwoHosts unpacked() throws IOException {
        Path file = Files.createTempFile("gamut-two-hosts", ".sh");
        Files.writeString(file, Resources.text(RESOURCE));
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
        return new TwoHosts(file);
    }

    /** The command that says why there can be no hosts here; nothing where there can. */
    List<String> lacks() {
        return List.of(script.toString(), "lacks");
    }

    /**
     * What stands before the command of ranks, half of them on each host.
     *
     * @param family of MPI
     * @param ranks how many
     */
    List<String> mpirun(String family, int ranks) {
        List<String> command = new ArrayList<>(List.of(script.toString(), "run", "sh", "-c", SLOW, script.toString()));
        command.addAll(List.of(family, Integer.toString(ranks)));
        return command;
    }

    @Override
    public void close() throws IOException {
        Files.delete(script);
    }
}
