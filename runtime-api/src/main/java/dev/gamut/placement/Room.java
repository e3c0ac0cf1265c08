package dev.gamut.placement;

import java.util.Arrays;

/**
 * How much is free in each of a row of slots, and the largest of it over runs of them: where the next slot with enough of everything is
 * takes a logarithm of their number to find, unless slots that have much of one thing lack another.
 */
final class Room {
    /** What is free: capacity, memory, devices, and capacity up to the load that is aimed at. */
    static final int KINDS = 4;

    static final int CAPACITY = 0;
    static final int MEMORY = 1;
    static final int DEVICES = 2;
    static final int COMFORT = 3;

    private final int slots;
    private final int width;
    /** A binary heap's order: node i has children 2i and 2i + 1, and slot k is node width + k. */
    private final double[][] free;

    Room(int slots) {
        this.slots = slots;
        width = Math.max(1, Integer.highestOneBit(Math.max(1, slots - 1)) << (slots > 1 ? 1 : 0));
        free = new double[KINDS][2 * width];
        for (double[] of : free) {
            Arrays.fill(of, Double.NEGATIVE_INFINITY);
        }
    }

    private Room(Room other) {
        slots = other.slots;
        width = other.width;
        free = new double[KINDS][];
        for (int kind = 0; kind < KINDS; kind++) {
            free[kind] = other.free[kind].clone();
        }
    }

    Room copy() {
        return new Room(this);
    }

    void set(int slot, int kind, double amount) {
        double[] of = free[kind];
        int node = width + slot;
        of[node] = amount;
        for (node >>= 1; node > 0; node >>= 1) {
            double largest = Math.max(of[2 * node], of[2 * node + 1]);
            if (of[node] == largest) {
                return;
            }
            of[node] = largest;
        }
    }

    double get(int slot, int kind) {
        return free[kind][width + slot];
    }

    boolean has(int slot, double[] need) {
        return enough(width + slot, need);
    }

    /** The first slot from one on, and before another, that has as much as is needed of everything; -1 where there is none. */
    int find(int from, int to, double[] need) {
        int end = Math.min(to, slots);
        return from >= end ? -1 : find(1, 0, width, from, end, need);
    }

    private int find(int node, int first, int size, int from, int to, double[] need) {
        if (first >= to || first + size <= from || !enough(node, need)) {
            return -1;
        }
        if (size == 1) {
            return first;
        }
        int found = find(2 * node, first, size / 2, from, to, need);
        return found >= 0 ? found : find(2 * node + 1, first + size / 2, size / 2, from, to, need);
    }

    private boolean enough(int node, double[] need) {
        return free[COMFORT][node] >= need[COMFORT]
                && free[CAPACITY][node] >= need[CAPACITY]
                && free[MEMORY][node] >= need[MEMORY]
                && free[DEVICES][node] >= need[DEVICES];
    }

    /** The first of the slots with most of a thing. */
    int most(int kind) {
        int node = 1;
        while (node < width) {
            node = free[kind][2 * node] >= free[kind][2 * node + 1] ? 2 * node : 2 * node + 1;
        }
        return node - width;
    }
}
