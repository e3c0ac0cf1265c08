package dev.gamut.bench.cli;

import dev.gamut.bench.supernode.Scales;
import dev.gamut.hw.Capabilities;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gamut simulate}: placement, collectives and failures on machines of up to 160,000 devices. */
@Command(
        name = "simulate",
        description = {
            "Places a training job on machines of 384 to 160,000 devices and simulates its steps message by message, with the placement"
                    + " that is planned, by round robin, with a failed plane and after the failover of a node; then 2,000 steps during"
                    + " which nodes fail.",
            "Planning and failover are timed here; steps are simulated and the same everywhere. Takes about a minute for all."
        },
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--most",
            defaultValue = "160000",
            paramLabel = "N",
            description = "Devices of the largest machine, at least 384 (default: ${DEFAULT-VALUE}).")
    private int most;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() {
        json.check();
        if (most < 384) {
            throw Failure.usage("--most is " + most + "; the smallest machine has 384 devices");
        }
        PrintWriter out = spec.commandLine().getOut();
        boolean text = !json.replacesText();
        if (text) {
            out.printf(
                    "%8s %8s %9s %9s %10s %12s %12s %10s %9s%n",
                    "devices", "ranks", "plan", "failover", "step", "round robin", "plane down", "failed", "goodput");
        }
        List<Map<String, Object>> rows = Scales.upTo(most, row -> {
            if (text) {
                print(out, row);
            }
        });
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("cpu", Capabilities.host().cpu());
        all.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        all.put("command", "gamut simulate");
        all.put("rows", rows);
        json.write(all, out);
        return Main.DONE;
    }

    private static void print(PrintWriter out, Map<String, Object> row) {
        Map<?, ?> campaign = (Map<?, ?>) row.get("campaign");
        out.printf(
                Locale.ROOT,
                "%8d %8d %9s %9s %10s %12s %12s %10s %8.1f%%%n",
                row.get("places"),
                row.get("tasks"),
                seconds(row, "plan_seconds"),
                seconds(row, "failover_seconds"),
                seconds(row, "step_seconds"),
                seconds(row, "round_robin_step_seconds"),
                seconds(row, "failed_plane_step_seconds"),
                campaign.get("failures") + " times",
                100 * (Double) campaign.get("goodput"));
        out.flush();
    }

    private static String seconds(Map<String, Object> row, String key) {
        return Figures.seconds((Double) row.get(key));
    }
}
