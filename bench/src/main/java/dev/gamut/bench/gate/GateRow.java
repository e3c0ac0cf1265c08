package dev.gamut.bench.gate;

import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.machine.ProductInC;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.ProblemId;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of the gate: what is measured, against what, and how it must come out. See the head of {@code gate.csv}.
 *
 * @param id {@code area.op.types.shape.threads}, an {@link Isa} after it where both sides are held to one; or, of what is
 *     predicted, {@code native.gemm.types.vectors.core}
 * @param measure what is compared
 * @param kernel pattern over the kernels that may compute it
 * @param peer name of a library or yardstick, or a limit such as {@code limit:150ns}
 * @param accuracy demanded of Gamut, as the command line writes it
 * @param bar the ratio to aim at; NaN for none
 * @param floor the ratio below which the gate fails; NaN for none
 * @param needs processor features without which the row does not apply
 * @param phase what a probe beside each pair must show for it to count; empty where all count
 * @param quick whether {@code --quick} measures it
 */
record GateRow(
        String id,
        Measure measure,
        String kernel,
        String peer,
        String accuracy,
        double bar,
        double floor,
        List<Feature> needs,
        Optional<Phase> phase,
        boolean quick) {
    /** What a row compares. */
    enum Measure {
        /** Time of the peer over that of Gamut, in pairs. */
        SPEED,
        /** A limit of time over the time of a call. */
        TIME,
        /** A limit of bytes over the bytes that a call allocates in the Java heap. */
        ALLOCATION,
        /** A limit of error over the largest error, relative to the sum of absolute terms. */
        ERROR,
        /** A factor over the one by which the size from which on a route pays differs from the cost model's. */
        CROSSOVER,
        /** Cycles of a kernel's loop if its core did nothing but multiply and add, over those that llvm-mca predicts. */
        PREDICTED
    }

    /** Its name in tables and files: id and peer together are the key. */
    String key() {
        return id + " / " + peer;
    }

    /** Area, operation, types, shape, and what may follow; threads are last. */
    String[] parts() {
        return id.split("\\.");
    }

    /**
     * What it computes.
     *
     * @param caches decide how large the vectors for a cache level are
     */
    Problem problem(MachineCaches caches) {
        String[] parts = parts();
        if (parts.length < 5) {
            throw new IllegalArgumentException(
                    "id is '" + id + "'; area.op.types.shape.threads is needed, such as vector.gemm.f64.n64.t1");
        }
        return ProblemId.of(parts[1], parts[2], parts[3], Arrays.asList(parts), caches);
    }

    /** Threads: {@code t1}, {@code t2}, or {@code tall} for all processors. What is predicted concerns one. */
    int threads() {
        if (isPredicted()) {
            return 1;
        }
        String[] parts = parts();
        String text = parts[parts.length - (isa().isPresent() ? 2 : 1)].substring(1);
        return text.equals("all") ? Capabilities.host().cores() : Integer.parseInt(text);
    }

    /** What both sides are held to, where that is less than the machine has. */
    Optional<Isa> isa() {
        return Isa.of(parts()[parts().length - 1]);
    }

    /**
     * The peer that is Gamut's own side, where that does more than a plan: a module of bench/peers where it is called from C, or the rounding
     * of activations that goes with each product.
     */
    Optional<String> ourModule() {
        if (parts()[0].equals("blas")) {
            return Optional.of("gamutblas");
        }
        return Arrays.asList(parts()).contains("rounded") ? Optional.of("own-rounded") : Optional.empty();
    }

    /** Whether Gamut's side was compiled ahead. */
    boolean isCompiled() {
        return ourModule().isPresent() || parts()[0].equals("native");
    }

    /** Whether several ranks compute it together. */
    boolean isCollective() {
        return parts()[0].equals("collective");
    }

    /** Whether it is a system of linear equations. */
    boolean isSystem() {
        return parts()[0].equals("solve");
    }

    /** Whether those ranks are processes that talk by MPI. */
    boolean isOverMpi() {
        return isCollective() && parts()[1].equals("mpi") || isBetweenHosts();
    }

    /** Whether they run on two hosts, and their numbers travel as codes. */
    boolean isBetweenHosts() {
        return isCollective() && parts()[1].equals("net");
    }

    /** Whether it is computed on a device. */
    boolean isOnDevice() {
        return ProductInC.Library.of(peer).isPresent();
    }

    /** Whether the peer is a number to stay within. */
    boolean isLimit() {
        return measure != Measure.SPEED && !isPredicted();
    }

    /** Whether nothing runs: the row is about code for other machines, whose core is the last part of the id. */
    boolean isPredicted() {
        return measure == Measure.PREDICTED;
    }

    /** The number to stay within: nanoseconds, bytes or relative error. */
    double limit() {
        return Double.parseDouble(
                peer.substring(peer.indexOf(':') + 1).replaceAll("(ns|B)$", "").strip());
    }

    /**
     * Why the row does not apply to a machine.
     *
     * @param host the machine
     * @return half a sentence, empty where it applies
     */
    Optional<String> obstacle(Capabilities host) {
        if (isa().isPresent() && !host.has(isa().get().feature())) {
            return Optional.of("this CPU has no " + isa().get().feature().name().toLowerCase(Locale.ROOT));
        }
        for (Feature feature : needs) {
            if (!host.has(feature)) {
                return Optional.of("this CPU has no " + feature.name().toLowerCase(Locale.ROOT));
            }
        }
        if (id.contains(".tall") && host.cores() <= 2) {
            return Optional.of("all processors are " + host.cores() + " here, for which there are rows t1 and t2");
        }
        if (threads() > host.cores()) {
            return Optional.of("this machine has " + host.cores() + (host.cores() == 1 ? " core" : " cores"));
        }
        return Optional.empty();
    }
}
