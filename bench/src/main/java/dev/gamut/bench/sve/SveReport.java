package dev.gamut.bench.sve;

import dev.gamut.dtype.DType;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The loops of all tiles and what is predicted for them, as text and as JSON.
 *
 * @param llvm version of LLVM
 * @param loops in Java; a tile's store and update stand side by side
 * @param inC the same of the library in C
 * @param notRun what was left out, and why
 */
public record SveReport(String llvm, List<TileLoop> loops, List<TileLoop> inC, List<String> notRun) {
    /** What a chosen tile in Java should reach on {@link #AIMED_AT}. */
    static final double AIM = 0.75;

    /** What every tile in C should reach on every core. */
    static final double AIM_IN_C = 0.85;

    private static final String ROW = "%-4s %-6s %-8s %-7s %-7s %13s %5s %6s %6s";

    private static final List<Core> AIMED_AT = List.of(Core.NEOVERSE_V1, Core.NEOVERSE_V2);

    /** Both methods of a tile of one type at one vector length. */
    private record Tile(List<TileLoop> loops) {
        TileLoop first() {
            return loops.getFirst();
        }

        int stackTraffic() {
            return loops.stream().mapToInt(l -> l.loop().stackTraffic()).sum();
        }

        double fmaShare() {
            return SveModel.fmaShare(first().kernel(), first().length());
        }

        double shareOfPeak(Core core) {
            return loops.stream().mapToDouble(l -> l.shareOfPeak(core)).min().orElseThrow();
        }

        /** On the first of the cores that have such vectors, which is the widest. */
        double shareOfPeak() {
            return shareOfPeak(first().length().cores().getFirst());
        }

        boolean isGood() {
            return stackTraffic() == 0
                    && first().length().cores().stream()
                            .filter(AIMED_AT::contains)
                            .allMatch(core -> shareOfPeak(core) >= AIM);
        }
    }

    /** What the tuning table chooses for one type and vector length, and what would be best. */
    private record Choice(DType type, VectorLength length, Tile chosen, Tile best) {}

    /** Whether every tile in Java that the tuning table chooses, and every tile in C, is free of stack traffic and reaches its aim. */
    public boolean ok() {
        return choices().stream().allMatch(choice -> choice.chosen.isGood())
                && inC.stream().noneMatch(loop -> fallsShort(loop, AIM_IN_C));
    }

    private List<Choice> choices() {
        List<Choice> choices = new ArrayList<>();
        for (DType type : List.of(DType.F64, DType.F32)) {
            for (VectorLength length : VectorLength.values()) {
                List<Tile> tiles = List.copyOf(loops.stream()
                        .filter(l -> l.type() == type && l.length() == length)
                        .collect(Collectors.groupingBy(TileLoop::kernel, LinkedHashMap::new, Collectors.toList()))
                        .values()
                        .stream()
                        .map(Tile::new)
                        .toList());
                if (!tiles.isEmpty()) {
                    choices.add(new Choice(type, length, best(tiles, Tile::fmaShare), best(tiles, Tile::shareOfPeak)));
                }
            }
        }
        return choices;
    }

    private static Tile best(List<Tile> tiles, ToDoubleFunction<Tile> by) {
        return tiles.stream().max(Comparator.comparingDouble(by)).orElseThrow();
    }

    /**
     * Prints a line for each loop, what loops that fall short consist of, and what that means for the choice of tiles.
     *
     * @param out standard output
     * @param assembly whether each loop's instructions are printed too
     */
    public void print(PrintWriter out, boolean assembly) {
        out.println("Inner loops as C2 and the C compiler make them, cycles as llvm-mca " + llvm
                + " predicts them from its models of");
        out.println("the cores' pipelines: all data in L1, every branch predicted. Nothing here is measured.");
        out.println();
        out.printf(
                Locale.ROOT,
                ROW + "  cycles an iteration, share of peak%n",
                "type",
                "tile",
                "by",
                "method",
                "vectors",
                "instructions",
                "FMAs",
                "share",
                "stack");
        print(loops, AIM, out, assembly);
        print(inC, AIM_IN_C, out, assembly);
        notRun.forEach(why -> out.println("not run: " + why));
        out.println();
        choices().forEach(choice -> out.println(verdict(choice)));
        if (!inC.isEmpty()) {
            long falling =
                    inC.stream().filter(loop -> fallsShort(loop, AIM_IN_C)).count();
            out.printf(
                    Locale.ROOT,
                    "in C: %d of %d loops are free of stack traffic and reach %.2f of the peak of every core%n",
                    inC.size() - falling,
                    inC.size(),
                    AIM_IN_C);
        }
    }

    private static void print(List<TileLoop> loops, double aim, PrintWriter out, boolean assembly) {
        for (TileLoop loop : loops) {
            out.println(line(loop));
            if (fallsShort(loop, aim)) {
                out.println("                              " + mix(loop));
            }
            if (assembly) {
                loop.loop().instructions().forEach(i -> out.println("        " + i.text()));
            }
        }
    }

    private static String line(TileLoop l) {
        int instructions = l.loop().instructions().size();
        String cores = l.length().cores().stream()
                .map(core -> String.format(
                        Locale.ROOT, "%s %.1f, %.2f", core.title(), l.cycles().get(core), l.shareOfPeak(core)))
                .collect(Collectors.joining("; "));
        return String.format(
                Locale.ROOT,
                ROW + "  %s",
                l.type(),
                l.tile(),
                l.kernel().impl(),
                l.method(),
                l.length(),
                instructions,
                l.loop().fmas(),
                String.format(Locale.ROOT, "%.2f", (double) l.loop().fmas() / instructions),
                l.loop().stackTraffic(),
                cores);
    }

    private static boolean fallsShort(TileLoop loop, double aim) {
        return loop.loop().stackTraffic() > 0
                || loop.cycles().keySet().stream().anyMatch(c -> loop.shareOfPeak(c) < aim);
    }

    private static String mix(TileLoop loop) {
        return loop.loop().mix().entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey().title())
                .collect(Collectors.joining(", "));
    }

    private static String verdict(Choice c) {
        Tile chosen = c.chosen;
        String cores = c.length.cores().stream()
                .map(core -> String.format(
                        Locale.ROOT,
                        "%s %.2f%s",
                        core.title(),
                        chosen.shareOfPeak(core),
                        AIMED_AT.contains(core) && chosen.shareOfPeak(core) < AIM ? " (below " + AIM + ")" : ""))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%s %s: %s is chosen (fma_share %.2f), %s; %s%s",
                c.type,
                c.length,
                chosen.first().tile(),
                chosen.fmaShare(),
                chosen.stackTraffic() == 0
                        ? "no stack traffic"
                        : chosen.stackTraffic() + " loads and stores on the stack",
                cores,
                chosen.equals(c.best)
                        ? ", the best of them"
                        : String.format(
                                Locale.ROOT,
                                "; %s is best, with %.2f",
                                c.best.first().tile(),
                                c.best.shareOfPeak()));
    }

    /** {@code {llvm, rows, choices, not_run, ok}}, as CONTRIBUTING describes it. */
    public Map<String, Object> asJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("llvm", llvm);
        json.put(
                "rows",
                Stream.concat(loops.stream(), inC.stream()).map(SveReport::row).toList());
        json.put("choices", choices().stream().map(SveReport::choice).toList());
        json.put("not_run", notRun);
        json.put("ok", ok());
        return json;
    }

    private static Map<String, Object> row(TileLoop l) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kernel", l.kernel().toString());
        row.put("method", l.method());
        row.put("vectors", l.length().toString());
        row.put("instructions", l.loop().instructions().size());
        row.put("fmas", l.loop().fmas());
        row.put("stack", l.loop().stackTraffic());
        Map<String, Object> mix = new LinkedHashMap<>();
        l.loop().mix().forEach((kind, count) -> mix.put(kind.title(), count));
        row.put("mix", mix);
        Map<String, Object> cores = new LinkedHashMap<>();
        l.cycles()
                .forEach((core, cycles) ->
                        cores.put(core.cpu(), Map.of("cycles", cycles, "share_of_peak", l.shareOfPeak(core))));
        row.put("cores", cores);
        row.put(
                "assembly",
                l.loop().instructions().stream().map(Instruction::text).toList());
        return row;
    }

    private static Map<String, Object> choice(Choice c) {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("type", c.type.toString());
        choice.put("vectors", c.length.toString());
        choice.put("chosen", c.chosen.first().kernel().toString());
        choice.put("best", c.best.first().kernel().toString());
        choice.put("ok", c.chosen.isGood());
        return choice;
    }
}
