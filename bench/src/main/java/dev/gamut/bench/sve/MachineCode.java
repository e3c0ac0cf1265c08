package dev.gamut.bench.sve;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The instructions of one method as a JVM without a disassembler prints them ({@code -XX:CompileCommand=print,...}).
 *
 * @param method class and name, {@code package.Class::method}
 * @param c2 whether the optimising compiler made it
 * @param osr whether it is for a running loop to be replaced (on-stack replacement) instead of for calls
 * @param bytes its code, without stubs
 */
record MachineCode(String method, boolean c2, boolean osr, byte[] bytes) {
    /** {@code Compiled method (c2) 50679 1683 % 4 package.Class::method @ 12 (979 bytes)}. */
    private static final Pattern HEAD =
            Pattern.compile("Compiled method \\((c1|c2)\\) +\\d+ +\\d+ ([ %!sbn]*)\\d? +(\\S+::\\S+) .*");

    /** An address and up to eight instructions of four bytes, in the order of memory. */
    private static final Pattern CODE = Pattern.compile(" +0x[0-9a-f]+: ((?:[0-9a-f]{4} [0-9a-f]{4}[ |]*)+)");

    /** What follows the method itself: stubs and handlers, in either order. */
    private static final Pattern END =
            Pattern.compile("\\[(?:Stub Code|Exception Handler|Deopt Handler Code|/MachCode)\\]");

    /**
     * Reads what a JVM printed.
     *
     * @param lines its standard output
     * @return every method, in the order in which they were compiled
     */
    static List<MachineCode> read(List<String> lines) {
        List<MachineCode> all = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher head = HEAD.matcher(lines.get(i));
            if (head.matches()) {
                boolean osr = head.group(2).contains("%");
                all.add(new MachineCode(head.group(3), head.group(1).equals("c2"), osr, bytes(lines, i + 1)));
            }
        }
        return all;
    }

    /** From the head of a method to its stubs. */
    private static byte[] bytes(List<String> lines, int first) {
        StringBuilder hex = new StringBuilder();
        for (String line : lines.subList(first, lines.size())) {
            if (END.matcher(line).matches()) {
                break;
            }
            Matcher code = CODE.matcher(line);
            if (code.matches()) {
                hex.append(code.group(1).replaceAll("[ |]", ""));
            }
        }
        return HexFormat.of().parseHex(hex);
    }
}
