package dev.gamut.bench.cli;

import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.KernelInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What each provider computes, as the table that stands in the guide: for products and conversions the types of results, for
 * reductions those of elements. Operations that differ in nothing share a line.
 */
final class KernelMarkdown {
    private KernelMarkdown() {}

    /** Operations of a family share lines. */
    private record Operation(String family, String name) {
        static Operation of(KernelId id) {
            List<DType> types = id.types();
            return switch (id.op()) {
                case "gemm" -> new Operation("GEMM in " + types.get(2), types.get(0) + "·" + types.get(1));
                case "convert" -> new Operation("conversion", types.get(0).toString());
                default -> new Operation("reduction", id.op());
            };
        }
    }

    /** A line: a family, and for each provider the types. */
    private record Line(String family, Map<String, Set<DType>> cells) {}

    /** The table for kernels, of which it does not matter whether they are usable here. */
    static String table(List<KernelInfo> kernels) {
        Set<String> providers = new LinkedHashSet<>();
        Map<Operation, Map<String, Set<DType>>> operations = new LinkedHashMap<>();
        for (KernelInfo info : kernels) {
            providers.add(info.provider());
            operations
                    .computeIfAbsent(Operation.of(info.id()), key -> new LinkedHashMap<>())
                    .computeIfAbsent(info.provider(), key -> new TreeSet<>())
                    .addAll(types(info.id()));
        }
        Map<Line, List<String>> lines = new LinkedHashMap<>();
        operations.forEach(
                (operation, cells) -> lines.computeIfAbsent(new Line(operation.family, cells), key -> new ArrayList<>())
                        .add(operation.name));
        StringBuilder text = new StringBuilder("| operation | " + String.join(" | ", providers) + " |\n");
        text.append("|---|").append("---|".repeat(providers.size())).append('\n');
        lines.forEach((line, names) -> {
            text.append("| ").append(line.family).append(": ").append(String.join(", ", names));
            providers.forEach(provider -> text.append(" | ").append(cell(line.cells.getOrDefault(provider, Set.of()))));
            text.append(" |\n");
        });
        return text.toString();
    }

    /** Conversions count that of a type to itself, so that types share a line. */
    private static List<DType> types(KernelId id) {
        List<DType> types = id.types();
        return switch (id.op()) {
            case "gemm" -> List.of(types.get(3));
            case "convert" -> types;
            default -> List.of(types.get(0));
        };
    }

    private static String cell(Set<DType> types) {
        return types.stream().map(DType::toString).collect(Collectors.joining(" "));
    }
}
