package dev.gamut.conformance;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Combinations of factors in which every pair of values of two factors occurs: greedy, one row at a time, after D. M. Cohen et
 * al., "The AETG system", IEEE Trans. Software Eng. 23 (1997).
 */
final class Pairwise {
    private final int[] sizes;
    private final int[] first;
    private final int values;
    private final BitSet open;
    private final Random random;

    private Pairwise(int[] sizes, long seed) {
        this.sizes = sizes;
        this.first = new int[sizes.length];
        int total = 0;
        for (int f = 0; f < sizes.length; f++) {
            first[f] = total;
            total += sizes[f];
        }
        this.values = total;
        this.open = new BitSet(total * total);
        this.random = new Random(seed);
        for (int f = 0; f < sizes.length; f++) {
            for (int g = f + 1; g < sizes.length; g++) {
                for (int v = 0; v < sizes[f]; v++) {
                    open.set(pair(f, v, g, 0), pair(f, v, g, 0) + sizes[g]);
                }
            }
        }
    }

    private int pair(int f, int v, int g, int w) {
        return f < g ? (first[f] + v) * values + first[g] + w : (first[g] + w) * values + first[f] + v;
    }

    /**
     * Rows that cover all pairs.
     *
     * @param sizes number of values of each factor, each at least 1
     * @param seed where choices between equally good values start
     * @return rows, one value index for each factor
     */
    static List<int[]> rows(int[] sizes, long seed) {
        Pairwise p = new Pairwise(sizes, seed);
        List<int[]> rows = new ArrayList<>();
        while (rows.isEmpty() || !p.open.isEmpty()) {
            rows.add(p.next());
        }
        return rows;
    }

    /** Every combination. */
    static List<int[]> all(int[] sizes) {
        List<int[]> rows = new ArrayList<>();
        int[] row = new int[sizes.length];
        int f;
        do {
            rows.add(row.clone());
            for (f = sizes.length - 1; f >= 0 && ++row[f] == sizes[f]; f--) {
                row[f] = 0;
            }
        } while (f >= 0);
        return rows;
    }

    /** Starts from an open pair and gives the other factors, in random order, the value that closes most pairs. */
    private int[] next() {
        int[] row = new int[sizes.length];
        boolean[] chosen = new boolean[sizes.length];
        int start = open.isEmpty() ? -1 : open.nextSetBit(random.nextInt(values * values));
        start = start < 0 ? open.nextSetBit(0) : start;
        if (start >= 0) {
            choose(row, chosen, start / values);
            choose(row, chosen, start % values);
        }
        List<Integer> order = new ArrayList<>();
        for (int f = 0; f < sizes.length; f++) {
            order.add(f);
        }
        Collections.shuffle(order, random);
        for (int f : order) {
            if (!chosen[f]) {
                row[f] = best(row, chosen, f);
                chosen[f] = true;
            }
        }
        close(row);
        return row;
    }

    private void choose(int[] row, boolean[] chosen, int value) {
        int f = sizes.length - 1;
        while (first[f] > value) {
            f--;
        }
        row[f] = value - first[f];
        chosen[f] = true;
    }

    private int best(int[] row, boolean[] chosen, int f) {
        int best = 0;
        int most = -1;
        int shift = random.nextInt(sizes[f]);
        for (int i = 0; i < sizes[f]; i++) {
            int v = (i + shift) % sizes[f];
            int closes = 0;
            for (int g = 0; g < sizes.length; g++) {
                closes += chosen[g] && open.get(pair(f, v, g, row[g])) ? 1 : 0;
            }
            if (closes > most) {
                most = closes;
                best = v;
            }
        }
        return best;
    }

    private void close(int[] row) {
        for (int f = 0; f < sizes.length; f++) {
            for (int g = f + 1; g < sizes.length; g++) {
                open.clear(pair(f, row[f], g, row[g]));
            }
        }
    }
}
