package dev.gamut.topology;

import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads and prints topologies as text: a line is a word that says what it is about, and words {@code key=value}. */
final class TopologyText {
    private static final Set<String> STATEMENTS =
            Set.of("level", "resources", "set", "label", "name", "extra", "down", "failure");

    /** What stands for {@link Resources#NO_LIMIT}. */
    private static final String UNLIMITED = "unlimited";

    private final Path file;
    private final String text;
    private final TopologyBuilder builder = Topology.builder();

    TopologyText(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    Topology parse() {
        int begin = 0;
        int number = 0;
        while (begin < text.length()) {
            int end = text.indexOf('\n', begin);
            end = end < 0 ? text.length() : end;
            number++;
            String line = text.substring(begin, end);
            int comment = line.indexOf('#');
            String said = (comment < 0 ? line : line.substring(0, comment)).strip();
            try {
                if (!said.isEmpty()) {
                    statement(List.of(said.split("\\s+")));
                }
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw wrong(begin, number, e.getMessage());
            }
            begin = end + 1;
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw wrong(text.length(), number, e.getMessage());
        }
    }

    private FormatException wrong(int begin, int line, String what) {
        long offset = text.substring(0, begin).getBytes(StandardCharsets.UTF_8).length;
        return new FormatException(file, offset, "line " + line + ": " + what);
    }

    private void statement(List<String> words) {
        String what = words.getFirst();
        switch (what) {
            case "level" -> level(words);
            case "resources" -> builder.resources(resources(options(words, 1), Resources.DEFAULT));
            case "set" -> set(words);
            case "label" -> label(words);
            case "name" -> name(words);
            case "extra" -> extra(words);
            case "down" -> down(words);
            case "failure" -> builder.failure(word(words, 1, "a level"));
            default ->
                throw new IllegalArgumentException("'" + what + "' is unknown; a line begins with one of "
                        + STATEMENTS.stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    private static String word(List<String> words, int index, String what) {
        if (index >= words.size()) {
            throw new IllegalArgumentException("'" + String.join(" ", words) + "' lacks " + what);
        }
        return words.get(index);
    }

    private static Map<String, String> options(List<String> words, int from) {
        Map<String, String> all = new HashMap<>();
        for (String word : words.subList(Math.min(from, words.size()), words.size())) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + word + "' is not of the form key=value");
            }
            if (all.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("'" + word.substring(0, equals) + "' is said twice");
            }
        }
        return all;
    }

    private static void requireKeys(Map<String, String> options, String... allowed) {
        for (String key : options.keySet()) {
            if (!List.of(allowed).contains(key)) {
                throw new IllegalArgumentException(
                        "'" + key + "' is unknown, must be one of " + String.join(", ", allowed));
            }
        }
    }

    private static String need(Map<String, String> options, String key) {
        String value = options.get(key);
        if (value == null) {
            throw new IllegalArgumentException(key + "=... is missing");
        }
        return value;
    }

    private void level(List<String> words) {
        String name = word(words, 1, "a name");
        Map<String, String> options = options(words, 2);
        requireKeys(options, "latency", "bandwidth", "planes", "count");
        Level level = new Level(
                name,
                Quantity.SECONDS.parse(need(options, "latency")).doubleValue(),
                Quantity.BYTES_PER_SECOND.parse(need(options, "bandwidth")).doubleValue(),
                whole(options.getOrDefault("planes", "1")));
        builder.level(level, options.containsKey("count") ? counts(options.get("count")) : new int[0]);
    }

    /** Of {@code 16*23,12}: 23 times 16, then 12. */
    private static int[] counts(String list) {
        IntStream.Builder all = IntStream.builder();
        long length = 0;
        for (String part : list.split(",", -1)) {
            int times = part.indexOf('*');
            int repeat = times < 0 ? 1 : whole(part.substring(times + 1));
            if (repeat < 1) {
                throw new IllegalArgumentException(
                        "'" + part + "' is a count " + repeat + " times, must be at least once");
            }
            length += repeat;
            if (length > 1 << 26) {
                throw new IllegalArgumentException("count lists more than 2^26 numbers");
            }
            int count = whole(times < 0 ? part : part.substring(0, times));
            for (int i = 0; i < repeat; i++) {
                all.add(count);
            }
        }
        return all.build().toArray();
    }

    private static int whole(String number) {
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + number + "' is no whole number below 2^31");
        }
    }

    private static Resources resources(Map<String, String> options, Resources others) {
        requireKeys(options, "capacity", "memory", "devices", "precisions");
        return new Resources(
                options.containsKey("capacity") ? number(options.get("capacity")) : others.capacity(),
                options.containsKey("memory") ? bytes(options.get("memory")) : others.memory(),
                options.containsKey("devices") ? whole(options.get("devices")) : others.devices(),
                options.containsKey("precisions") ? precisions(options.get("precisions")) : others.precisions());
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no number");
        }
    }

    private static long bytes(String text) {
        try {
            if (text.equals(UNLIMITED)) {
                return Resources.NO_LIMIT;
            }
            return Quantity.BYTES.parse(text).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is no whole number of bytes below 2^63");
        }
    }

    private static Set<DType> precisions(String list) {
        Set<DType> all = EnumSet.noneOf(DType.class);
        for (String id : list.split(",")) {
            if (!id.equals("none")) {
                all.add(DType.parse(id));
            }
        }
        return all;
    }

    private int domainLevel(List<String> words) {
        return builder.index(word(words, 1, "a level"));
    }

    private static int[] domains(List<String> words) {
        return NameList.numbers(word(words, 2, "numbers of domains"));
    }

    private void set(List<String> words) {
        int level = domainLevel(words);
        Map<String, String> options = options(words, 3);
        int lowest = builder.levels.size() - 1;
        for (int domain : domains(words)) {
            // Its places need not be alike: each keeps what is not said.
            builder.places(level, domain)
                    .forEach(place -> builder.resources(lowest, place, resources(options, builder.resourcesOf(place))));
        }
    }

    private void label(List<String> words) {
        int level = domainLevel(words);
        Map<String, String> options = options(words, 3);
        for (int domain : domains(words)) {
            options.forEach((key, value) -> builder.label(level, domain, key, value));
        }
    }

    private void name(List<String> words) {
        int level = domainLevel(words);
        int[] domains = domains(words);
        List<String> names = NameList.names(word(words, 3, "names"));
        if (names.size() != domains.length) {
            throw new IllegalArgumentException(names.size() + " names for " + domains.length + " domains");
        }
        for (int i = 0; i < domains.length; i++) {
            builder.name(level, domains[i], names.get(i));
        }
    }

    private void extra(List<String> words) {
        int level = domainLevel(words);
        Map<String, String> options = options(words, 3);
        requireKeys(options, "out", "in");
        double out = Quantity.SECONDS.parse(options.getOrDefault("out", "0s")).doubleValue();
        double in = Quantity.SECONDS.parse(options.getOrDefault("in", "0s")).doubleValue();
        for (int domain : domains(words)) {
            builder.extra(level, domain, out, in);
        }
    }

    private void down(List<String> words) {
        int level = domainLevel(words);
        Map<String, String> options = options(words, 3);
        requireKeys(options, "plane");
        for (int domain : domains(words)) {
            if (options.isEmpty()) {
                builder.down(level, domain);
            } else {
                builder.down(level, domain, whole(options.get("plane")));
            }
        }
    }

    static String print(Topology t) {
        StringBuilder text = new StringBuilder("# ").append(t).append('\n');
        int lowest = t.levels().size() - 1;
        for (int level = 0; level <= lowest; level++) {
            Level of = t.levels().get(level);
            text.append("level ").append(of.name());
            text.append(level == 0 ? "" : " count=" + counts(t.counts(level)));
            text.append(" latency=").append(seconds(of.latency()));
            text.append(" bandwidth=").append(Quantity.BYTES_PER_SECOND.print(BigDecimal.valueOf(of.bandwidth())));
            text.append(of.planes() == 1 ? "" : " planes=" + of.planes()).append('\n');
        }
        text.append("failure ").append(t.levels().get(t.failureLevel()).name()).append('\n');
        text.append("resources ").append(resources(t.kinds().getFirst())).append('\n');
        for (int kind = 1; kind < t.kinds().size(); kind++) {
            int wanted = kind;
            String line = resources(t.kinds().get(kind));
            statement(text, "set", t, lowest, place -> t.kind(place) == wanted, line);
        }
        labels(text, t, lowest);
        for (int level = 0; level <= lowest; level++) {
            domains(text, t, level);
        }
        statement(text, "down", t, lowest, place -> !t.isHealthy(place), "");
        return text.toString();
    }

    private static void labels(StringBuilder text, Topology t, int lowest) {
        for (String key : t.labelKeys()) {
            Map<String, List<Integer>> places = new java.util.LinkedHashMap<>();
            for (int place = 0; place < t.places(); place++) {
                int at = place;
                t.label(key, place)
                        .ifPresent(value -> places.computeIfAbsent(value, v -> new ArrayList<>())
                                .add(at));
            }
            places.forEach((value, list) -> text.append("label ")
                    .append(t.levels().get(lowest).name())
                    .append(' ')
                    .append(NameList.print(
                            list.stream().mapToInt(Integer::intValue).toArray()))
                    .append(' ')
                    .append(key)
                    .append('=')
                    .append(value)
                    .append('\n'));
        }
    }

    /** What is said of domains of one level. */
    private static void domains(StringBuilder text, Topology t, int level) {
        int[] named = IntStream.range(0, t.size(level))
                .filter(domain -> t.isNamed(level, domain))
                .toArray();
        if (named.length > 0) {
            String names = Arrays.stream(named)
                    .mapToObj(domain -> t.name(level, domain))
                    .collect(Collectors.joining(","));
            text.append("name ").append(t.levels().get(level).name()).append(' ');
            text.append(NameList.print(named)).append(' ').append(names).append('\n');
        }
        for (int domain = 0; t.out()[level] != null && domain < t.size(level); domain++) {
            double out = t.out()[level][domain];
            double in = t.in()[level][domain];
            if (out != 0 || in != 0) {
                text.append("extra ")
                        .append(t.levels().get(level).name())
                        .append(' ')
                        .append(domain);
                text.append(" out=")
                        .append(seconds(out))
                        .append(" in=")
                        .append(seconds(in))
                        .append('\n');
            }
        }
        for (int plane = 0; plane < t.levels().get(level).planes(); plane++) {
            int of = plane;
            statement(text, "down", t, level, domain -> !t.isHealthy(level, domain, of), "plane=" + plane);
        }
    }

    private static void statement(
            StringBuilder text, String what, Topology t, int level, IntPredicate which, String rest) {
        int[] domains = IntStream.range(0, t.size(level)).filter(which).toArray();
        if (domains.length > 0) {
            text.append(what).append(' ').append(t.levels().get(level).name()).append(' ');
            text.append(NameList.print(domains))
                    .append(rest.isEmpty() ? "" : " ")
                    .append(rest)
                    .append('\n');
        }
    }

    private static String seconds(double value) {
        return Quantity.SECONDS.print(BigDecimal.valueOf(value));
    }

    private static String counts(int[] counts) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < counts.length; ) {
            int end = i;
            while (end < counts.length && counts[end] == counts[i]) {
                end++;
            }
            text.append(i == 0 ? "" : ",").append(counts[i]).append(end == i + 1 ? "" : "*" + (end - i));
            i = end;
        }
        return text.toString();
    }

    private static String resources(Resources of) {
        String precisions = of.precisions().isEmpty()
                ? "none"
                : of.precisions().stream().map(DType::id).collect(Collectors.joining(","));
        String memory =
                of.memory() == Resources.NO_LIMIT ? UNLIMITED : Quantity.BYTES.print(BigDecimal.valueOf(of.memory()));
        return "capacity=" + of.capacity() + " memory=" + memory + " devices=" + of.devices() + " precisions="
                + precisions;
    }
}
