package dev.gamut.bench.cli;

import dev.gamut.Gamut;
import dev.gamut.device.DeviceInfo;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.KernelInfo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gamut doctor}: what this machine offers, which kernels can use it, and why each other one cannot. */
@Command(
        name = "doctor",
        description = "The hardware, providers and kernels usable here, and why each other one is not.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final int WIDTH = 110;

    /** Kernels of a group that are named without {@code --all}. */
    private static final int SHOWN = 4;

    @Spec
    private CommandSpec spec;

    @Option(names = "--all", description = "Name every kernel; otherwise large groups show their first few.")
    private boolean all;

    @Option(
            names = "--readme",
            paramLabel = "FILE",
            description = "Only replace the table between the marks in FILE by what each provider computes.")
    private Path readme;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() {
        json.check();
        try (Gamut gamut = Gamut.open()) {
            if (readme != null) {
                MarkedText.rewrite(readme, "--readme", "kernels", KernelMarkdown.table(gamut.kernels()));
                return Main.DONE;
            }
            Map<String, Object> facts = MachineFacts.of(gamut);
            List<Provider> providers = providers(gamut);
            Map<String, Object> devices = MachineFacts.devices(gamut);
            PrintWriter out = spec.commandLine().getOut();
            if (!json.replacesText()) {
                print(out, gamut.machine(), facts, providers);
                printDevices(out, gamut);
            }
            json.write(asJson(facts, providers, devices), out);
        }
        return Main.DONE;
    }

    /**
     * One provider's native library, empty where it has none; its kernels, each with the reason against it, empty where it is usable; the
     * reason against all of them.
     */
    private record Provider(String name, String library, String reason, Map<KernelInfo, String> kernels) {
        Provider(Gamut gamut, String name, String reason) {
            this(name, gamut.libraries().getOrDefault(name, ""), reason, new LinkedHashMap<>());
        }

        long usable() {
            return kernels.values().stream().filter(String::isEmpty).count();
        }
    }

    private static List<Provider> providers(Gamut gamut) {
        Map<String, Provider> byName = new LinkedHashMap<>();
        gamut.unavailableProviders().forEach((name, reason) -> byName.put(name, new Provider(gamut, name, reason)));
        for (KernelInfo info : gamut.kernels()) {
            byName.computeIfAbsent(info.provider(), name -> new Provider(gamut, name, ""))
                    .kernels()
                    .put(info, gamut.unavailable(info).orElse(""));
        }
        return List.copyOf(byName.values());
    }

    private void print(PrintWriter out, Capabilities machine, Map<String, Object> facts, List<Provider> providers) {
        for (Map.Entry<String, Object> fact : facts.entrySet()) {
            wrapped(out, String.format("%-11s", fact.getKey()), MachineFacts.forPeople(fact.getValue()));
        }
        if (machine.vectorBits() == 0) {
            out.println("           the JVM runs without --add-modules jdk.incubator.vector: no vector kernels");
        }
        for (Provider provider : providers) {
            out.println();
            if (provider.kernels().isEmpty()) {
                wrapped(out, provider.name() + ": ", "not usable: " + provider.reason());
                continue;
            }
            out.println(provider.name() + ": " + provider.usable() + " of "
                    + provider.kernels().size() + " kernels usable here");
            if (!provider.library().isEmpty()) {
                wrapped(out, "  library: ", provider.library());
            }
            grouped(provider, true).forEach((summary, ids) -> {
                out.println("  " + summary);
                wrapped(out, "    ", names(ids));
            });
            grouped(provider, false).forEach((reason, ids) -> {
                out.println("  not usable: " + reason);
                wrapped(out, "    ", names(ids));
            });
        }
    }

    /** Devices by the library that reaches them, and why each other library reaches none. */
    private static void printDevices(PrintWriter out, Gamut gamut) {
        gamut.deviceLibraries().forEach((name, library) -> {
            List<DeviceInfo> reached = gamut.devices().stream()
                    .filter(device -> device.name().startsWith(name + ":"))
                    .toList();
            if (!reached.isEmpty()) {
                out.println();
                out.println(name + ": " + reached.size() + (reached.size() == 1 ? " device" : " devices"));
                wrapped(out, "  library: ", library);
                reached.forEach(device -> wrapped(out, "  ", device.toString()));
            }
        });
        gamut.unavailableDevices().forEach((name, reason) -> {
            out.println();
            wrapped(out, name + ": ", "not usable: " + reason);
        });
    }

    private String names(List<String> ids) {
        if (all || ids.size() <= SHOWN + 2) {
            return String.join(", ", ids);
        }
        return String.join(", ", ids.subList(0, SHOWN)) + " and " + (ids.size() - SHOWN) + " more (--all names them)";
    }

    /** Kernel ids by what they share: their summary where usable, the reason against them where not. */
    private static Map<String, List<String>> grouped(Provider provider, boolean usable) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        provider.kernels().forEach((info, reason) -> {
            if (reason.isEmpty() == usable) {
                groups.computeIfAbsent(usable ? info.summary() : reason, key -> new ArrayList<>())
                        .add(info.id().toString());
            }
        });
        return groups;
    }

    private static void wrapped(PrintWriter out, String indent, String text) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ")) {
            if (line.length() + word.length() >= WIDTH) {
                out.println(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(indent.length()));
            }
            line.append(word).append(' ');
        }
        out.println(line.toString().stripTrailing());
    }

    private static Map<String, Object> asJson(
            Map<String, Object> facts, List<Provider> providers, Map<String, Object> devices) {
        List<Object> list = new ArrayList<>();
        for (Provider provider : providers) {
            List<Object> kernels = new ArrayList<>();
            provider.kernels().forEach((info, reason) -> {
                Map<String, Object> kernel = new LinkedHashMap<>();
                kernel.put("kernel", info.id().toString());
                kernel.put("usable", reason.isEmpty());
                kernel.put("reason", reason.isEmpty() ? null : reason);
                kernel.put("ieee", info.ieee());
                kernel.put("summary", info.summary());
                kernels.add(kernel);
            });
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("provider", provider.name());
            entry.put("usable", provider.usable());
            entry.put("reason", provider.reason().isEmpty() ? null : provider.reason());
            entry.put("library", provider.library().isEmpty() ? null : provider.library());
            entry.put("kernels", kernels);
            list.add(entry);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", facts);
        all.put("providers", list);
        all.put("devices", devices);
        return all;
    }
}
