package dev.gamut.ffm.gpu;

import dev.gamut.ffm.program.Language;
import dev.gamut.ffm.program.OwnConvert;
import dev.gamut.ffm.program.OwnReduce;
import dev.gamut.ffm.program.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Gamut's own programs as CUDA's compiler takes them, all of one file in one source, each in a namespace of its own: {@code build.sh} of
 * native-src/cuda makes PTX of them where there is a compiler.
 */
final class CudaSource {
    private static final Pattern FUNCTION = Pattern.compile("KERNEL\\((\\w+)\\)");

    private CudaSource() {}

    /** Every program, by the name of its file without what follows the dot. */
    static Map<String, List<Program>> programs(Language language) {
        Map<String, List<Program>> all = new LinkedHashMap<>();
        Stream.concat(
                        OwnReduce.kernels(language).stream().map(OwnReduce::program),
                        OwnConvert.kernels(language).stream().flatMap(kernel -> kernel.programs().stream()))
                .forEach(program -> all.computeIfAbsent(module(program), m -> new ArrayList<>())
                        .add(program));
        return all;
    }

    /** The PTX that a program is in. */
    static String module(Program program) {
        return program.file().substring(0, program.file().indexOf('.'));
    }

    /** What a function of a program is called there. */
    static String function(Program program, String name) {
        return program.name() + "_" + name;
    }

    private static String source(List<Program> programs) throws IOException {
        StringBuilder text = new StringBuilder();
        try (InputStream in = Program.class.getResourceAsStream("language.cuh")) {
            text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        Program.numbers().forEach((name, value) -> define(text, name, value));
        for (Program program : programs) {
            text.append("namespace of_").append(program.name()).append(" {\n");
            define(text, "PROGRAM", program.name() + "_");
            program.names().forEach((name, value) -> define(text, name, value));
            text.append(Program.TYPES).append(program.text());
            Matcher function = FUNCTION.matcher(program.text());
            while (function.find()) {
                text.append("ENTRY(").append(function.group(1)).append(")\n");
            }
            text.append("}\n#undef PROGRAM\n");
            program.names()
                    .keySet()
                    .forEach(name -> text.append("#undef ")
                            .append(name.replaceFirst("\\(.*", ""))
                            .append('\n'));
        }
        return text.toString();
    }

    private static void define(StringBuilder text, String name, String value) {
        text.append("#define ").append(name).append(' ').append(value).append('\n');
    }

    /**
     * Writes the sources.
     *
     * @param folder where {@code NAME.cu} goes, for each file of programs
     */
    public static void main(String... folder) throws IOException {
        for (Map.Entry<String, List<Program>> module :
                programs(new CudaLanguage(() -> GpuHost.get(Vendor.CUDA))).entrySet()) {
            Files.writeString(Path.of(folder[0], module.getKey() + ".cu"), source(module.getValue()));
        }
    }
}
