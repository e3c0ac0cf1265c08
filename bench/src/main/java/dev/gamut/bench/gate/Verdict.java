package dev.gamut.bench.gate;

import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What several JVMs' measurements of a row come to.
 *
 * @param row what was measured
 * @param forks each JVM's measurements, without pairs that were set aside
 * @param setAside pairs of phases that do not count
 * @param ratio the median over the JVMs of the medians of their pairs; NaN where there is none
 * @param low first quartile of all pairs
 * @param high third quartile
 * @param status whether the limit that was asked about is kept
 * @param reason why not, or why nobody knows; empty where the row passes
 */
record Verdict(
        GateRow row,
        List<ForkResult> forks,
        int setAside,
        double ratio,
        double low,
        double high,
        Status status,
        String reason) {
    /** A spread of this share of the ratio or less is judged by the ratio, even where the limit lies inside it. */
    private static final double NARROW = 0.1;

    /** Fewer pairs than these in phases that count say nothing. */
    private static final int FEWEST = GateBenchmark.FEWEST_PAIRS;

    /** Errors that are as large: two that round the same operands alike sum in other orders. */
    private static final double AS_LARGE = 1.001;

    /** How a row came out. */
    enum Status {
        /** The ratio is at least the limit; also where a row has no limit. */
        PASS("pass"),
        /** It is below, or the result was wrong. */
        FAIL("fail"),
        /** The limit lies within a spread that is too wide to judge. */
        UNDECIDED("undecided"),
        /** The machine lacks what the row needs. */
        NOT_APPLICABLE("not-applicable");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        /** As it stands in files. */
        String text() {
            return text;
        }
    }

    /**
     * A row that was not measured.
     *
     * @param row the row
     * @param obstacle why
     */
    static Verdict notApplicable(GateRow row, String obstacle) {
        return new Verdict(row, List.of(), 0, Double.NaN, Double.NaN, Double.NaN, Status.NOT_APPLICABLE, obstacle);
    }

    /**
     * Judges.
     *
     * @param row the row
     * @param forks at least one JVM's measurements
     * @param limit the ratio to reach; NaN for none
     */
    static Verdict of(GateRow row, List<ForkResult> forks, double limit) {
        for (ForkResult fork : forks) {
            if (!fork.obstacle().isEmpty()) {
                return notApplicable(row, fork.obstacle());
            }
            if (!fork.failure().isEmpty()) {
                return new Verdict(row, forks, 0, Double.NaN, Double.NaN, Double.NaN, Status.FAIL, fork.failure());
            }
        }
        return row.phase().isPresent() ? ofPhases(row, forks, limit) : judged(row, forks, 0, limit);
    }

    /** Judges by the pairs that count. */
    private static Verdict ofPhases(GateRow row, List<ForkResult> forks, double limit) {
        Phase phase = row.phase().orElseThrow();
        List<ForkResult> counting = forks.stream()
                .map(fork ->
                        fork.with(fork.pairs().stream().filter(phase::counts).toList()))
                .toList();
        int all = pairs(forks);
        int counted = pairs(counting);
        if (counted >= FEWEST) {
            List<ForkResult> some =
                    counting.stream().filter(fork -> !fork.pairs().isEmpty()).toList();
            return judged(row, some, all - counted, limit);
        }
        double best = forks.stream()
                .flatMap(fork -> fork.pairs().stream())
                .mapToDouble(Pair::probe)
                .max()
                .orElse(Double.NaN);
        String reason = String.format(
                Locale.ROOT,
                "%d of %d pairs met a phase of %s, the best one %.3g; %d are needed",
                counted,
                all,
                phase,
                best,
                FEWEST);
        return new Verdict(row, counting, all - counted, Double.NaN, Double.NaN, Double.NaN, Status.UNDECIDED, reason);
    }

    private static int pairs(List<ForkResult> forks) {
        return forks.stream().mapToInt(fork -> fork.pairs().size()).sum();
    }

    private static Verdict judged(GateRow row, List<ForkResult> forks, int setAside, double limit) {
        double[] medians = forks.stream()
                .mapToDouble(fork -> median(ratios(List.of(fork))))
                .sorted()
                .toArray();
        double ratio = median(medians);
        double[] all = ratios(forks);
        double low = Math.min(all[all.length / 4], ratio);
        double high = Math.max(all[all.length - 1 - all.length / 4], ratio);
        ForkResult any = forks.getFirst();
        if (any.traded() && any.error() > AS_LARGE * any.peerError()) {
            String reason =
                    String.format(Locale.ROOT, "its error %.2g exceeds the peer's %.2g", any.error(), any.peerError());
            return new Verdict(row, forks, setAside, ratio, low, high, Status.FAIL, reason);
        }
        Status status = status(ratio, low, high, limit);
        return new Verdict(row, forks, setAside, ratio, low, high, status, reason(status, limit));
    }

    private static Status status(double ratio, double low, double high, double limit) {
        boolean inside = low < limit && limit <= high;
        if (inside && high - low > NARROW * ratio) {
            return Status.UNDECIDED;
        }
        return ratio < limit ? Status.FAIL : Status.PASS;
    }

    private static String reason(Status status, double limit) {
        return switch (status) {
            case FAIL -> String.format(Locale.ROOT, "below %.3g", limit);
            case UNDECIDED ->
                String.format(Locale.ROOT, "the spread is too wide to say whether it reaches %.3g", limit);
            default -> "";
        };
    }

    private static double[] ratios(List<ForkResult> forks) {
        return forks.stream()
                .flatMap(fork -> fork.pairs().stream())
                .mapToDouble(Pair::ratio)
                .sorted()
                .toArray();
    }

    private static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Whether there is a ratio. */
    boolean isMeasured() {
        return !Double.isNaN(ratio);
    }

    /** The ratio over the bar: 1 just reaches it. NaN without either. */
    double distance() {
        return ratio / row.bar();
    }

    /** Seconds, or bytes, or the error of our side: the median over all pairs. */
    double ours() {
        return median(forks.stream()
                .flatMap(fork -> fork.pairs().stream())
                .mapToDouble(Pair::ours)
                .sorted()
                .toArray());
    }

    /** The same of the peer. */
    double theirs() {
        return median(forks.stream()
                .flatMap(fork -> fork.pairs().stream())
                .mapToDouble(Pair::theirs)
                .sorted()
                .toArray());
    }

    /** Whether our side's measure is a time. */
    boolean isTimed() {
        return isMeasured() && (row.measure() == GateRow.Measure.SPEED || row.measure() == GateRow.Measure.TIME);
    }

    /**
     * How close our side comes to the machine's roof: the larger share of arithmetic and bandwidth, as the smaller one does
     * not bind.
     *
     * @param peaks one for each number of threads that was measured
     * @return NaN where the row's number of threads was not, or the row is no problem of a size
     */
    double shareOfPeak(List<Yardsticks> peaks) {
        if (!isTimed() || forks.getFirst().accumulator().isEmpty()) {
            return Double.NaN;
        }
        ForkResult any = forks.getFirst();
        return peaks.stream()
                .filter(y -> y.threads() == row.threads())
                .mapToDouble(y -> Math.max(
                        any.operations() / ours() / 1e9 / arithmetic(y, any),
                        any.bytes() / ours() / 1e9 / y.bandwidth(any.level())))
                .findFirst()
                .orElse(Double.NaN);
    }

    private double arithmetic(Yardsticks peaks, ForkResult any) {
        return row.parts()[0].equals("native")
                ? peaks.arithmeticInC(KernelId.parse(any.kernel()))
                : peaks.arithmetic(DType.parse(any.accumulator()));
    }

    /**
     * The row of the gate's JSON; what was not measured is null.
     *
     * @param peaks the machine's, measured in the same run
     */
    Map<String, Object> asJson(List<Yardsticks> peaks) {
        Map<String, Object> map = new LinkedHashMap<>();
        ForkResult any = forks.isEmpty() ? ForkResult.notMeasured("") : forks.getFirst();
        map.put("id", row.id());
        map.put("peer", row.peer());
        map.put("kernel", any.kernel().isEmpty() ? null : any.kernel());
        map.put("accuracy", row.accuracy());
        map.put("ratio", number(ratio));
        map.put("iqr", isMeasured() ? List.of(number(low), number(high)) : null);
        map.put("bar", number(row.bar()));
        map.put("floor", number(row.floor()));
        map.put("error", number(any.error()));
        map.put("peerError", number(any.peerError()));
        map.put("status", status.text());
        map.put("reason", reason);
        map.put("measure", row.measure().name().toLowerCase(Locale.ROOT));
        map.put("ours", isMeasured() ? ours() : null);
        map.put("theirs", isMeasured() ? theirs() : null);
        map.put("gops", isTimed() && any.operations() > 0 ? number(any.operations() / ours() / 1e9) : null);
        map.put("gbs", isTimed() && any.bytes() > 0 ? number(any.bytes() / ours() / 1e9) : null);
        map.put("share_of_peak", number(shareOfPeak(peaks)));
        map.put("level", any.level().isEmpty() ? null : any.level());
        map.put("version", any.peer().isEmpty() ? null : any.peer());
        map.put("probe", row.phase().map(Phase::toString).orElse(null));
        map.put("set_aside", row.phase().isPresent() && status != Status.NOT_APPLICABLE ? setAside : null);
        map.put("forks", forks.stream().map(fork -> fork.pairs().size()).toList());
        return map;
    }

    /** Four digits, as JSON has no NaN and nobody needs more. */
    private static Double number(double value) {
        if (!Double.isFinite(value)) {
            return null;
        }
        return value == 0
                ? value
                : new BigDecimal(value).round(new MathContext(4)).doubleValue();
    }

    /** Quartiles as text. */
    String spread() {
        return String.format(Locale.ROOT, "%.2f-%.2f", low, high);
    }
}
