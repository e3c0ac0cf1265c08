package dev.gamut.bench.peers;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Square products by Gamut and by a peer, in turn, in one JVM and one invocation, so that both see the same machine. Each
 * fork prints the median ratio of its pairs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 6)
@Measurement(iterations = 15)
@Fork(
        value = 3,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class PeerGemmBenchmark {
    /** Long enough for the clock, short enough that the machine's speed does not drift within a block. */
    private static final long BLOCK_NANOS = 40_000_000;

    /** The library on the other side. */
    @Param({"openblas"})
    public String peer;

    /** Element type. */
    @Param({"f64", "f32"})
    public String type;

    /** Rows and columns. */
    @Param({"1024", "2048"})
    public int n;

    /** Threads on both sides; EJML and ojAlgo cannot be told how many and allow only 1. */
    @Param({"1"})
    public int threads;

    private Peer gamut;
    private Peer other;
    private Peer.Product ours;
    private Peer.Product theirs;
    private int repeats;
    private int blocks;
    private double[] ratios = new double[64];

    /** Prepares both sides on the same random operands and checks that they agree. */
    @Setup
    public void prepare() {
        if (!type.equals("f64") && !type.equals("f32")) {
            throw new IllegalArgumentException("type is '" + type + "'; allowed are f64 and f32");
        }
        other = peer(peer, threads);
        gamut = new GamutPeer(threads);
        boolean single = type.equals("f32");
        Random random = new Random(n);
        double[] a = random.doubles((long) n * n, -1, 1).toArray();
        double[] b = random.doubles((long) n * n, -1, 1).toArray();
        ours = gamut.product(single, n, a, b);
        theirs = other.product(single, n, a, b);
        System.out.println("\n# " + gamut.describe() + " against " + other.describe());
        ours.run();
        theirs.run();
        requireAgreement(ours.result(), theirs.result(), single);
        repeats = repeats();
        blocks = 0;
    }

    private static Peer peer(String name, int threads) {
        if (threads != 1 && (name.equals("ejml") || name.equals("ojalgo"))) {
            throw new IllegalArgumentException(
                    "threads is " + threads + "; " + name + " cannot be told how many to use: allowed is 1");
        }
        return switch (name) {
            case "openblas" -> new OpenBlasPeer(threads);
            case "ejml" -> new EjmlPeer();
            case "ojalgo" -> new OjAlgoPeer();
            default ->
                throw new IllegalArgumentException("peer is '" + name + "'; allowed are openblas, ejml and ojalgo");
        };
    }

    /** Both sides keep 2(n + 2)u·|A||B| between them; entries are at most 1, so |A||B| ≤ n. */
    private void requireAgreement(double[] x, double[] y, boolean single) {
        double allowed = 2.0 * (n + 2) * (single ? 0x1p-24 : 0x1p-53) * n;
        for (int i = 0; i < x.length; i++) {
            if (!(Math.abs(x[i] - y[i]) <= allowed)) {
                throw new IllegalStateException("element " + i + " is " + x[i] + " here and " + y[i] + " there");
            }
        }
    }

    private int repeats() {
        long start = System.nanoTime();
        int runs = 0;
        while (System.nanoTime() - start < 20 * BLOCK_NANOS) {
            ours.run();
            theirs.run();
            runs += 2;
        }
        return (int) Math.max(1, BLOCK_NANOS * runs / (System.nanoTime() - start));
    }

    /** One pair of blocks, its order flipped each time; JMH's own figure is the time of both together. */
    @Benchmark
    public void pair() {
        boolean oursFirst = blocks % 2 == 0;
        double first = nanos(oursFirst ? ours : theirs);
        double second = nanos(oursFirst ? theirs : ours);
        if (blocks == ratios.length) {
            ratios = Arrays.copyOf(ratios, 2 * blocks);
        }
        ratios[blocks++] = oursFirst ? second / first : first / second;
    }

    private double nanos(Peer.Product product) {
        long start = System.nanoTime();
        for (int i = 0; i < repeats; i++) {
            product.run();
        }
        return System.nanoTime() - start;
    }

    /**
     * Prints the fork's median, warm-up pairs left out, and closes both sides.
     *
     * @param params says how many pairs were warm-up
     */
    @TearDown
    public void finish(BenchmarkParams params) {
        gamut.close();
        other.close();
        int warm = Math.clamp(params.getWarmup().getCount(), 0, Math.max(blocks - 1, 0));
        summarise(Arrays.copyOfRange(ratios, warm, Math.max(blocks, 1)));
    }

    private void summarise(double[] measured) {
        Arrays.sort(measured);
        System.out.printf(
                "%n# %s n=%d threads=%d: speed of Gamut over that of %s, median of %d pairs %.3f (quartiles %.3f to %.3f)%n",
                type,
                n,
                threads,
                peer,
                measured.length,
                measured[measured.length / 2],
                measured[measured.length / 4],
                measured[3 * measured.length / 4]);
    }
}
