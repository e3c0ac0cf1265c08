package dev.gamut.bench.cli;

import dev.gamut.collective.Collective;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Operations, types and combinations by Gamut's names and by those of nccl-tests; several between commas, or {@code all}. */
final class CollectiveNames {
    private static final String ALL = "all";

    private static final List<DType> TYPES = Arrays.stream(DType.values())
            .filter(type -> type.kind() != DType.Kind.SCALE)
            .toList();

    private static final List<Combine> COMBINATIONS =
            Arrays.stream(Combine.values()).filter(c -> !c.isIndexed()).toList();

    private static final Map<String, DType> NCCL_TYPES = Map.of(
            "double", DType.F64,
            "float", DType.F32,
            "half", DType.F16,
            "bfloat16", DType.BF16,
            "fp8_e4m3", DType.F8E4M3,
            "fp8_e5m2", DType.F8E5M2,
            "int64", DType.I64,
            "int32", DType.I32,
            "int8", DType.I8,
            "uint8", DType.U8);

    private static final Map<String, Combine> NCCL_COMBINATIONS =
            Map.of("prod", Combine.PRODUCT, "avg", Combine.AVERAGE);

    private CollectiveNames() {}

    static List<Collective> operations(String text) {
        return several(text, List.of(Collective.values()), name -> Collective.parse(name.replaceAll("_perf$", "")));
    }

    static List<DType> types(String text) {
        return several(text, TYPES, name -> named("type", name, TYPES, DType::id, NCCL_TYPES));
    }

    static List<Combine> combinations(String text) {
        return several(text, COMBINATIONS, name -> named("op", name, COMBINATIONS, Combine::id, NCCL_COMBINATIONS));
    }

    private static <T> List<T> several(String text, List<T> all, Function<String, T> one) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals(ALL)
                ? all
                : Arrays.stream(lower.split(",", -1))
                        .map(String::strip)
                        .map(one)
                        .distinct()
                        .toList();
    }

    private static <T> T named(String what, String name, List<T> ours, Function<T, String> id, Map<String, T> theirs) {
        return Stream.concat(
                        ours.stream().filter(each -> id.apply(each).equals(name)), Stream.ofNullable(theirs.get(name)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(what + " is '" + name + "'; allowed are "
                        + Stream.concat(
                                        ours.stream().map(id),
                                        theirs.keySet().stream().sorted())
                                .collect(Collectors.joining(", "))
                        + ", all"));
    }
}
