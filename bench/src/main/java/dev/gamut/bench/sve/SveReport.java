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

/**
 * The loops of all tiles and what is predicted for them, as text and as JSON.
 *
 * @param llvm version of LLVM
 * @param loops a tile's store and update stand side by side
 * @param notRun vector lengths that were left out, and why
 */
public record SveReport(String llvm, List<TileLoop> loops, List<String> notRun) {
    /** What a chosen tile should reach on {@link #AIMED_AT}. */
    static final double AIM = 0.75;

    private static final List<Core> AIMED_AT = List.of(Core.NEOVERSE_V1, Core.NEOVERSE_V2);

    /** Both methods of a tile of one type at one vector length. */
    private record Tile(List<TileLoop> loops) {
        TileLoop first() {
            return loops.getFirst();
        }

        int stackTraffic() {
            return loops.stream().mapToInt(l -> l.loop().stackTraffic()).sum();
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

    /** Whether every tile that the tuning table chooses is free of stack traffic and reaches the aim. */
    public boolean ok() {
        return choices().stream().allMatch(choice -> choice.chosen.isGood());
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
                    choices.add(new Choice(
                            type, length, best(tiles, t -> t.first().fmaShare()), best(tiles, Tile::shareOfPeak)));
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
        out.println("Inner loops as C2 compiles them, cycles as llvm-mca " + llvm
                + " predicts them from its models of the" + " cores' pipelines:");
        out.println("all data in L1, every branch predicted. Nothing here is measured.");
        out.println();
        out.println(
                "type tile   method  vectors  instructions  FMAs  share  stack  cycles an iteration, share of peak");
        for (TileLoop loop : loops) {
            out.println(line(loop));
            if (fallsShort(loop)) {
                out.println("                              " + mix(loop));
            }
            if (assembly) {
                loop.loop().instructions().forEach(i -> out.println("        " + i.text()));
            }
        }
        notRun.forEach(why -> out.println("not run: " + why));
        out.println();
        choices().forEach(choice -> out.println(verdict(choice)));
    }

    private static String line(TileLoop l) {
        int instructions = l.loop().instructions().size();
        String cores = l.length().cores().stream()
                .map(core -> String.format(
                        Locale.ROOT, "%s %.1f, %.2f", core.title(), l.cycles().get(core), l.shareOfPeak(core)))
                .collect(Collectors.joining("; "));
        return String.format(
                Locale.ROOT,
                "%-4s %-6s %-7s %-7s %13d %5d %6.2f %6d  %s",
                l.type(),
                l.tile(),
                l.method(),
                l.length(),
                instructions,
                l.loop().fmas(),
                (double) l.loop().fmas() / instructions,
                l.loop().stackTraffic(),
                cores);
    }

    private static boolean fallsShort(TileLoop loop) {
        return loop.loop().stackTraffic() > 0
                || loop.cycles().keySet().stream().anyMatch(c -> loop.shareOfPeak(c) < AIM);
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
                chosen.first().fmaShare(),
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
        json.put("rows", loops.stream().map(SveReport::row).toList());
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
