package dev.gamut.bench.cli;

import dev.gamut.Gamut;
import dev.gamut.bench.collective.CBaseline;
import dev.gamut.bench.collective.CollectiveCase;
import dev.gamut.bench.collective.CollectiveResults;
import dev.gamut.bench.collective.CollectiveSweep;
import dev.gamut.bench.collective.RankSource;
import dev.gamut.collective.Collective;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gamut collectives}: what ranks do together, measured and printed as nccl-tests does. */
@Command(
        name = "collectives",
        description = {
            "Times collectives over ranks and checks every element of their results. Ranks are threads of this process"
                    + " or, where mpirun or the like started it, processes.",
            "Options and columns are those of nccl-tests: size is that of the whole, time that of the slowest rank, algbw size over"
                    + " time, busbw what each link carries. Fails where an element is wrong.",
            "Over MPI, where mpicc or cc finds mpi.h, the times of the same calls made by a loop in C, out of place, stand beside it: the call"
                    + " that does not block, as Gamut makes it, with MPI_Test until it has ended; and the blocking one."
        },
        mixinStandardHelpOptions = true)
final class CollectivesCommand implements Callable<Integer> {
    /** More take days. */
    private static final int MOST_SIZES = 10_000;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "OP",
            description =
                    "all_reduce, reduce, broadcast, all_gather, reduce_scatter, all_to_all, gather, scatter, scan,"
                            + " barrier; underscores may be left out; several between commas, or all.")
    private String operations;

    @Option(
            names = {"-t", "--ranks", "--nthreads"},
            paramLabel = "N",
            description = "Number of ranks (default: those that mpirun or the like has started, else "
                    + RankSource.THREADS + ").")
    private Integer ranks;

    @Option(
            names = {"-b", "--minbytes"},
            defaultValue = "8",
            paramLabel = "SIZE",
            description = "The smallest size, such as 8 or 4K (default: ${DEFAULT-VALUE}).")
    private ByteSize smallest;

    @Option(
            names = {"-e", "--maxbytes"},
            defaultValue = "64M",
            paramLabel = "SIZE",
            description = "The largest size (default: ${DEFAULT-VALUE}).")
    private ByteSize largest;

    @Option(
            names = {"-f", "--stepfactor"},
            paramLabel = "FACTOR",
            description = "From one size to the next by this factor (default: 2).")
    private Integer factor;

    @Option(
            names = {"-i", "--stepbytes"},
            paramLabel = "SIZE",
            description = "From one size to the next by so many bytes.")
    private ByteSize step;

    @Option(
            names = {"-n", "--iters"},
            paramLabel = "CALLS",
            description = "Calls that count (default: as many as fill 0.1 s, at least 20).")
    private Integer calls;

    @Option(
            names = {"-w", "--warmup_iters"},
            paramLabel = "CALLS",
            description = "Calls before those (default: until the JIT compiler has done with them, at least 5).")
    private Integer warmUps;

    @Option(
            names = {"-o", "--op"},
            defaultValue = "sum",
            paramLabel = "REDOP",
            description = "sum, product (prod), min, max, average (avg); several between commas, or all"
                    + " (default: ${DEFAULT-VALUE}).")
    private String combinations;

    @Option(
            names = {"-d", "--datatype"},
            defaultValue = "f32",
            paramLabel = "TYPE",
            description = "Element type, such as bf16 or bfloat16; several between commas, or all"
                    + " (default: ${DEFAULT-VALUE}).")
    private String types;

    @Option(
            names = {"-r", "--root"},
            defaultValue = "0",
            paramLabel = "RANK",
            description = "The root, where there is one (default: ${DEFAULT-VALUE}).")
    private int root;

    @Option(
            names = {"-c", "--check"},
            defaultValue = "1",
            paramLabel = "0|1",
            description = "Whether results are checked (default: ${DEFAULT-VALUE}).")
    private int check;

    @Option(
            names = {"-z", "--blocking"},
            defaultValue = "1",
            paramLabel = "0|1",
            description = "1: each call is waited for; 0: all are started, and the last one is waited for"
                    + " (default: ${DEFAULT-VALUE}).")
    private int blocking;

    @Option(
            names = "--memory",
            paramLabel = "heap|native",
            description =
                    "Where tensors lie: Java arrays or native memory (default: heap; native where ranks are processes).")
    private Memory memory;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "NUMBER",
            description = "Where random numbers start (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--explain", description = "Print how algorithms rank for each size, and measure nothing.")
    private boolean explain;

    @Mixin
    private JsonOption json;

    /** Where tensors lie. */
    private enum Memory {
        HEAP,
        NATIVE
    }

    @Override
    public Integer call() {
        json.check();
        require(ranks == null || ranks >= 1 && ranks <= 1_024, "-t is " + ranks + "; allowed are 1 to 1024");
        require(calls == null || calls >= 1, "-n is " + calls + "; it must be at least 1");
        require(warmUps == null || warmUps >= 0, "-w is " + warmUps + "; it must be at least 0");
        require(check == 0 || check == 1, "-c is " + check + "; allowed are 0 and 1");
        require(blocking == 0 || blocking == 1, "-z is " + blocking + "; allowed are 0 and 1");
        RankSource source = RankSource.of(number(ranks));
        require(root >= 0 && root < source.size(), "-r is " + root + "; allowed are 0 to " + (source.size() - 1));
        boolean heap = memory == null ? source.isOneProcess() : memory == Memory.HEAP;
        CollectiveSweep sweep = new CollectiveSweep(
                cases(source.size()), number(warmUps), number(calls), blocking == 1, check == 1, heap, seed);
        PrintWriter out = spec.commandLine().getOut();
        return explain ? explain(source, sweep, out) : measure(source, sweep, out);
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw Failure.usage(complaint);
        }
    }

    private static OptionalInt number(Integer given) {
        return given == null ? OptionalInt.empty() : OptionalInt.of(given);
    }

    private List<CollectiveCase> cases(int size) {
        Set<CollectiveCase> cases = new LinkedHashSet<>();
        for (Collective op : CollectiveNames.operations(operations)) {
            List<Combine> how = CollectiveNames.combinations(combinations);
            for (DType type : CollectiveNames.types(types)) {
                for (Combine combine : op.combines() ? how : List.of(Combine.SUM)) {
                    for (long bytes : sizes()) {
                        cases.add(CollectiveCase.of(op, combine, type, root, bytes, size));
                    }
                }
            }
        }
        return List.copyOf(cases);
    }

    private List<Long> sizes() {
        long first = smallest.bytes();
        long last = largest.bytes();
        require(first <= last, "-b is " + first + " bytes and -e " + last + "; -e must be at least as large");
        require(factor == null || step == null, "-f and -i are given; one of them says how sizes grow");
        require(factor == null || factor >= 2, "-f is " + factor + "; it must be at least 2");
        require(step == null || step.bytes() >= 1, "-i is 0; it must be at least 1");
        require(step != null || first >= 1, "-b is 0; a factor needs at least 1");
        LongStream sizes;
        if (step == null) {
            int times = factor == null ? 2 : factor;
            sizes = LongStream.iterate(
                    first, size -> size <= last, size -> size > last / times ? last + 1 : size * times);
        } else {
            long more = (last - first) / step.bytes();
            require(more < MOST_SIZES, "-i makes " + (more + 1) + " sizes; allowed are at most " + MOST_SIZES);
            sizes = LongStream.rangeClosed(0, more).map(i -> first + i * step.bytes());
        }
        return sizes.boxed().toList();
    }

    private int explain(RankSource source, CollectiveSweep sweep, PrintWriter out) {
        source.run(communicator -> sweep.explain(communicator, (what, lines) -> {
            out.println(what);
            lines.forEach(line -> out.println("  " + line));
        }));
        return Main.DONE;
    }

    private int measure(RankSource source, CollectiveSweep sweep, PrintWriter out) {
        CollectiveResults results = new CollectiveResults(source, sweep);
        List<String> lines = new ArrayList<>();
        try (Progress progress = Progress.of("collectives", sweep.cases().size())) {
            boolean atOnce = !json.replacesText() && !progress.isShown(); // a bar would be torn by lines
            source.run(communicator -> {
                CBaseline baseline = CBaseline.of(communicator);
                if (communicator.rank() == 0) {
                    lines.addAll(results.begin(communicator.engine(), baseline));
                }
                sweep.run(communicator, baseline, row -> {
                    lines.addAll(results.add(row));
                    progress.step(row.what().op().id() + " " + row.what().bytes());
                    if (atOnce) {
                        print(out, lines);
                    }
                });
            });
        }
        if (!source.leads()) {
            return Main.DONE;
        }
        lines.addAll(results.end());
        if (!json.replacesText()) {
            print(out, lines);
        }
        json.write(results.asJson(machine()), out);
        return results.wrong() == 0 ? Main.DONE : Main.CHECK_FAILED;
    }

    private static Map<String, Object> machine() {
        try (Gamut gamut = Gamut.open()) {
            return MachineFacts.of(gamut);
        }
    }

    private static void print(PrintWriter out, List<String> lines) {
        lines.forEach(out::println);
        lines.clear();
        out.flush();
    }
}
