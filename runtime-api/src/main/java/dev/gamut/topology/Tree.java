package dev.gamut.topology;

import java.util.Arrays;
import java.util.List;

/**
 * The arithmetic of a tree whose domains are numbered level by level from the left. A level whose domains all have as many leaves needs
 * no memory, another one a number for each leaf.
 */
final class Tree {
    private final int[] sizes;
    /** Leaves of each domain of a level; 0 where they differ. */
    private final int[] each;
    /** Where they differ, the first leaf of each domain, and one past the last. */
    private final int[][] first;
    /** Where they differ, the domain of each leaf. */
    private final int[][] domain;
    /** Children of each domain of the level above, or one number for all of them. */
    private final int[][] counts;

    /**
     * From the number of parts on each level.
     *
     * @param children for each level below the first the number of parts of each domain above it, or one number for all
     */
    Tree(List<int[]> children) {
        int levels = children.size() + 1;
        sizes = new int[levels];
        sizes[0] = 1;
        counts = new int[levels][];
        counts[0] = new int[] {1};
        for (int level = 1; level < levels; level++) {
            counts[level] = shortened(children.get(level - 1));
            long parts = counts[level].length == 1
                    ? (long) counts[level][0] * sizes[level - 1]
                    : Arrays.stream(counts[level]).asLongStream().sum();
            if (parts > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("level " + level + " has " + parts + " domains; at most 2^31 - 9");
            }
            sizes[level] = (int) parts;
        }
        each = new int[levels];
        first = new int[levels][];
        domain = new int[levels][];
        each[levels - 1] = 1;
        for (int level = levels - 2; level >= 0; level--) {
            layOut(level);
        }
    }

    private static int[] shortened(int[] parts) {
        return Arrays.stream(parts).allMatch(k -> k == parts[0]) ? new int[] {parts[0]} : parts.clone();
    }

    private void layOut(int level) {
        int[] parts = counts[level + 1];
        if (parts.length == 1 && each[level + 1] > 0) {
            each[level] = parts[0] * each[level + 1];
            return;
        }
        int[] starts = new int[sizes[level] + 1];
        int[] owner = new int[leaves()];
        int child = 0;
        for (int d = 0; d < sizes[level]; d++) {
            starts[d] = first(level + 1, child);
            child += parts[parts.length == 1 ? 0 : d];
            int end = child == 0 ? 0 : end(level + 1, child - 1);
            Arrays.fill(owner, starts[d], end, d);
        }
        starts[sizes[level]] = leaves();
        first[level] = starts;
        domain[level] = owner;
    }

    int levels() {
        return sizes.length;
    }

    int leaves() {
        return sizes[sizes.length - 1];
    }

    int size(int level) {
        return sizes[level];
    }

    /** Parts of each domain of the level above, or one number for all of them. */
    int[] counts(int level) {
        return counts[level];
    }

    int domain(int level, int leaf) {
        return each[level] > 0 ? leaf / each[level] : domain[level][leaf];
    }

    int first(int level, int d) {
        return each[level] > 0 ? d * each[level] : first[level][d];
    }

    int end(int level, int d) {
        return each[level] > 0 ? (d + 1) * each[level] : first[level][d + 1];
    }
}
