package dev.gamut.ffm.mpi;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process of a rank, as its neighbours on a machine see it in /proc.
 *
 * @param host name, for people
 * @param domain of shared memory that it is in: the lowest of its ranks in MPI_COMM_WORLD
 * @param machine tells machines and their spaces of process numbers apart; empty where there is no /proc
 * @param pid its number
 * @param start when it began, in the kernel's ticks: a later process with the same number has another
 */
record RankProcess(String host, int domain, String machine, long pid, long start) {
    /** Room that each takes in an exchange. */
    static final int BYTES = 1024;

    /** Where the fields of /proc/PID/stat lie behind the name, which ends with the last parenthesis; proc(5). */
    private static final int STATE = 0;

    private static final int START = 19;

    /**
     * This process.
     *
     * @param host name of its host
     * @param domain of shared memory that it is in
     */
    static RankProcess own(String host, int domain) {
        long pid = ProcessHandle.current().pid();
        return new RankProcess(
                host,
                domain,
                thisMachine(),
                pid,
                stat(pid).map(s -> Long.parseLong(s[START])).orElse(0L));
    }

    private static String thisMachine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + " "
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException e) {
            return "";
        }
    }

    private static Optional<String[]> stat(long pid) {
        try {
            String line = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void write(MemorySegment to) {
        to.setString(0, host + "\n" + domain + "\n" + machine + "\n" + pid + "\n" + start + "\n");
    }

    static RankProcess read(MemorySegment from) {
        String[] lines = from.getString(0).split("\n");
        return new RankProcess(
                lines[0], Integer.parseInt(lines[1]), lines[2], Long.parseLong(lines[3]), Long.parseLong(lines[4]));
    }

    /**
     * Why this process does not take part any more, as far as another one can see.
     *
     * @param seenFrom the process that asks
     */
    Optional<String> fault(RankProcess seenFrom) {
        if (machine.isEmpty() || !machine.equals(seenFrom.machine)) {
            return Optional.empty();
        }
        String name = "process " + pid + " on " + host;
        Optional<String[]> stat = stat(pid);
        if (stat.isEmpty() || Long.parseLong(stat.get()[START]) != start) {
            return Optional.of(name + " has ended");
        }
        return switch (stat.get()[STATE]) {
            case "Z", "X" -> Optional.of(name + " has ended");
            case "T", "t" -> Optional.of(name + " is stopped");
            default -> Optional.empty();
        };
    }
}
