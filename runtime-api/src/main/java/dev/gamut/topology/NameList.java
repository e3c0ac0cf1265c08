package dev.gamut.topology;

import java.util.ArrayList;
import java.util.List;

/** Lists as Slurm and Linux write them: {@code 0-3,8} of numbers, {@code tux[01-04,07],gpu3} of names. */
final class NameList {
    /** Longest list that is taken, as a list of a few letters can name billions. */
    private static final int LONGEST = 1 << 24;

    private NameList() {}

    /**
     * The numbers of a list, in its order.
     *
     * @param list such as {@code 0-3,8}; empty for none
     * @throws IllegalArgumentException if it is none
     */
    static int[] numbers(String list) {
        List<Integer> all = new ArrayList<>();
        for (String part : list.isBlank() ? new String[0] : list.strip().split(",", -1)) {
            int dash = part.indexOf('-');
            int from = number(dash < 0 ? part : part.substring(0, dash), list);
            int to = dash < 0 ? from : number(part.substring(dash + 1), list);
            requireRange(from, to, all.size(), list);
            for (int i = from; i <= to; i++) {
                all.add(i);
            }
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Prints numbers in rising order as such a list. */
    static String print(int[] rising) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rising.length; ) {
            int end = i;
            while (end + 1 < rising.length && rising[end + 1] == rising[end] + 1) {
                end++;
            }
            text.append(text.isEmpty() ? "" : ",").append(rising[i]);
            text.append(end == i ? "" : "-" + rising[end]);
            i = end + 1;
        }
        return text.toString();
    }

    /**
     * The names of a list, in its order.
     *
     * @param list such as {@code tux[01-04,07],gpu3}
     * @throws IllegalArgumentException if it is none
     */
    static List<String> names(String list) {
        List<String> all = new ArrayList<>();
        int from = 0;
        int depth = 0;
        for (int i = 0; i <= list.length(); i++) {
            char c = i == list.length() ? ',' : list.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (depth < 0 || depth > 1 || i == list.length() && depth != 0) {
                throw wrong(list);
            }
            if (c == ',' && depth == 0) {
                if (i == from) {
                    throw wrong(list);
                }
                expand("", list.substring(from, i), all, list);
                from = i + 1;
            }
        }
        return all;
    }

    private static void expand(String head, String rest, List<String> all, String list) {
        int open = rest.indexOf('[');
        if (open < 0) {
            if (all.size() >= LONGEST) {
                throw wrong(list);
            }
            all.add(head + rest);
            return;
        }
        int close = rest.indexOf(']');
        for (String part : rest.substring(open + 1, close).split(",", -1)) {
            int dash = part.indexOf('-');
            String first = dash < 0 ? part : part.substring(0, dash);
            int from = number(first, list);
            int to = dash < 0 ? from : number(part.substring(dash + 1), list);
            requireRange(from, to, all.size(), list);
            for (int i = from; i <= to; i++) {
                // Leading zeros are kept, and only they: [08-11] is 08, 09, 10, 11.
                String digits = Integer.toString(i);
                String padded = "0".repeat(Math.max(0, first.length() - digits.length())) + digits;
                expand(head + rest.substring(0, open) + padded, rest.substring(close + 1), all, list);
            }
        }
    }

    private static void requireRange(int from, int to, int before, String list) {
        if (to < from || to - from >= LONGEST - before) {
            throw wrong(list);
        }
    }

    private static int number(String digits, String list) {
        if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw wrong(list);
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException wrong(String list) {
        String shown = list.length() > 80 ? list.substring(0, 80) + "..." : list;
        return new IllegalArgumentException("'" + shown + "' is no list such as 0-3,8 or tux[01-04,07]");
    }
}
