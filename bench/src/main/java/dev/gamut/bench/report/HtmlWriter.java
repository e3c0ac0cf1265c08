package dev.gamut.bench.report;

import dev.gamut.bench.cli.Json;
import dev.gamut.bench.cli.Resources;
import dev.gamut.bench.gate.GateFile;
import dev.gamut.bench.machine.Yardsticks;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report as one HTML file that fetches nothing: style, script, chart library and data are inside. */
final class HtmlWriter {
    private static final String FOLDER = "dev/gamut/bench/";

    private HtmlWriter() {}

    /**
     * The file's text.
     *
     * @param results what was measured
     * @param gate a run of the gate to show beside it, or null
     */
    static String html(Results results, GateFile gate) {
        return Resources.text(FOLDER + "report.html")
                .replace("{{style}}", Resources.text(FOLDER + "report.css"))
                .replace("{{chart}}", chartLibrary())
                .replace("{{script}}", Resources.text(FOLDER + "report.js"))
                .replace("{{data}}", Json.inScript(data(results, gate)));
    }

    /** Chart.js as its jar brings it, without the line that makes browsers ask for a source map. */
    private static String chartLibrary() {
        String version = Resources.mavenVersion("org.webjars.npm", "chart.js")
                .orElseThrow(() -> new IllegalStateException("chart.js is not on the class path"));
        String script = Resources.text("META-INF/resources/webjars/chart.js/" + version + "/dist/chart.umd.min.js");
        return script.replaceAll("(?m)^//# sourceMappingURL=.*$", "").replace("</script", "<\\/script");
    }

    private static Map<String, Object> data(Results results, GateFile gate) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("version", Resources.mavenVersion("dev.gamut", "gamut-bench").orElse(""));
        data.put(
                "finished",
                results.finished()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString()
                        .replace('T', ' ')
                        .replace("Z", " UTC"));
        data.put("seconds", results.seconds());
        data.put("leftOut", results.leftOut());
        data.put("machine", results.machine());
        data.put(
                "yardsticks",
                results.yardsticks().stream().map(Yardsticks::asJson).toList());
        List<Map<String, Object>> rows =
                results.rows().stream().map(HtmlWriter::row).toList();
        data.put("rows", rows);
        data.put("routes", results.routes().stream().map(HtmlWriter::row).toList());
        data.put("topology", results.topology());
        data.put("placement", results.placement());
        data.put("energy", results.energy());
        data.put("gate", gate == null ? null : gate.root());
        return data;
    }

    private static Map<String, Object> row(Row row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("workload", row.workload().id());
        map.put("family", row.workload().family());
        map.put("origin", row.workload().origin());
        map.put("standsFor", row.standsFor());
        map.put("op", row.workload().op());
        map.put("precision", row.precision().toString());
        map.put("size", row.workload().size());
        map.put("kernel", row.kernel());
        map.put("short", TableWriter.shortName(row));
        map.put("reference", row.isReference());
        map.put("threads", row.threads());
        map.put("chosen", row.chosen());
        map.put("accuracy", row.accuracy());
        map.put("chosenFor", row.chosenFor());
        map.put("seconds", Row.finite(row.seconds()));
        map.put("gops", Row.finite(row.gops()));
        map.put("gbs", Row.finite(row.gbs()));
        map.put("joules", Row.finite(row.joules()));
        map.put("operations", row.operations());
        map.put("intensity", row.operations() / row.bytes());
        map.put("level", row.level());
        map.put("bind", row.binding());
        map.put("share", Row.finite(row.shareOfPeak()));
        map.put("computeShare", Row.finite(row.computeShare()));
        map.put("bandwidthShare", Row.finite(row.bandwidthShare()));
        map.put("error", Row.finite(row.error()));
        map.put("bound", Row.finite(row.bound()));
        map.put("errorOverBound", Row.finite(row.errorOverBound()));
        map.put("ok", row.ok());
        map.put("message", row.message());
        return map;
    }
}
