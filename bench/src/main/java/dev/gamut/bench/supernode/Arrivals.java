package dev.gamut.bench.supernode;

import java.util.Arrays;

/** Messages on their way, by the time they arrive and then by the order they were sent in: a binary heap. Not thread-safe. */
final class Arrivals {
    private double[] seconds = new double[1024];
    private long[] order = new long[1024];
    private int[] task = new int[1024];
    private int[] phase = new int[1024];
    private int size;
    private long sent;
    private double nowSeconds;
    private int nowTask;
    private int nowPhase;

    /**
     * Sends one.
     *
     * @param at when it arrives
     * @param to the task that gets it
     * @param of number of the phase that it belongs to, among those of the task
     */
    void add(double at, int to, int of) {
        if (size == seconds.length) {
            seconds = Arrays.copyOf(seconds, 2 * size);
            order = Arrays.copyOf(order, 2 * size);
            task = Arrays.copyOf(task, 2 * size);
            phase = Arrays.copyOf(phase, 2 * size);
        }
        int hole = size++;
        long number = sent++;
        while (hole > 0 && isBefore(at, number, (hole - 1) / 2)) {
            copy((hole - 1) / 2, hole);
            hole = (hole - 1) / 2;
        }
        put(hole, at, number, to, of);
    }

    /** Takes the next one, which the getters then tell of; false where there is none. */
    boolean next() {
        if (size == 0) {
            return false;
        }
        nowSeconds = seconds[0];
        nowTask = task[0];
        nowPhase = phase[0];
        size--;
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            child += child + 1 < size && isBefore(seconds[child + 1], order[child + 1], child) ? 1 : 0;
            if (!isBefore(seconds[child], order[child], size)) {
                break;
            }
            copy(child, hole);
            hole = child;
        }
        copy(size, hole);
        return true;
    }

    double seconds() {
        return nowSeconds;
    }

    int task() {
        return nowTask;
    }

    int phase() {
        return nowPhase;
    }

    private boolean isBefore(double at, long number, int other) {
        return at < seconds[other] || at == seconds[other] && number < order[other];
    }

    private void copy(int from, int to) {
        put(to, seconds[from], order[from], task[from], phase[from]);
    }

    private void put(int to, double at, long number, int of, int in) {
        seconds[to] = at;
        order[to] = number;
        task[to] = of;
        phase[to] = in;
    }
}
