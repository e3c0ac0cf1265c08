package dev.gamut.placement;

import java.util.Arrays;

/**
 * Who sends how much to whom in a step: a matrix over tasks of which only what is not 0 is kept. Immutable and thread-safe.
 *
 * <p>Rows hold both directions, as a task that moves takes both with it.
 */
public final class Traffic {
    final int[] start;
    final int[] peer;
    /** Sent and received together. */
    final double[] bytes;

    final double[] sent;
    final double[] received;

    private Traffic(int[] start, int[] peer, double[] bytes, double[] sent, double[] received) {
        this.start = start;
        this.peer = peer;
        this.bytes = bytes;
        this.sent = sent;
        this.received = received;
    }

    /**
     * A matrix to be filled.
     *
     * @param tasks number of tasks
     */
    public static Builder builder(int tasks) {
        return new Builder(tasks);
    }

    /** Number of tasks. */
    public int tasks() {
        return start.length - 1;
    }

    /**
     * Number of other tasks that a task sends to or receives from.
     *
     * @param task 0 to tasks - 1
     */
    public int peers(int task) {
        return start[task + 1] - start[task];
    }

    /** What is sent, in the making. Not thread-safe. */
    public static final class Builder {
        private final int tasks;
        private int size;
        private int[] from = new int[16];
        private int[] to = new int[16];
        private double[] bytes = new double[16];
        private double[] messages = new double[16];

        private Builder(int tasks) {
            if (tasks < 0) {
                throw new IllegalArgumentException("tasks is " + tasks + ", must be at least 0");
            }
            this.tasks = tasks;
        }

        /**
         * Adds messages; those between the same tasks add up, those to the task itself cost nothing.
         *
         * @param sender the task that sends
         * @param receiver the task that receives
         * @param volume bytes of all messages together, at least 0
         * @param count how many messages, at least 0
         * @return this
         */
        public Builder add(int sender, int receiver, double volume, double count) {
            for (int task : new int[] {sender, receiver}) {
                if (task < 0 || task >= tasks) {
                    throw new IllegalArgumentException("task is " + task + ", must be 0 to " + (tasks - 1));
                }
            }
            if (!(volume >= 0 && count >= 0) || Double.isInfinite(volume + count)) {
                throw new IllegalArgumentException(
                        "bytes and messages are " + volume + " and " + count + ", must be at least 0 and finite");
            }
            if (sender != receiver) {
                grow();
                from[size] = sender;
                to[size] = receiver;
                bytes[size] = volume;
                messages[size++] = count;
            }
            return this;
        }

        private void grow() {
            if (size == from.length) {
                int longer = Math.multiplyExact(size, 2);
                from = Arrays.copyOf(from, longer);
                to = Arrays.copyOf(to, longer);
                bytes = Arrays.copyOf(bytes, longer);
                messages = Arrays.copyOf(messages, longer);
            }
        }

        /** The matrix. */
        public Traffic build() {
            // An entry k < size is seen by its sender, an entry size + k by the receiver of k.
            long[] keys = new long[Math.multiplyExact(size, 2)];
            int[] row = new int[tasks + 1];
            for (int k = 0; k < size; k++) {
                row[from[k] + 1]++;
                row[to[k] + 1]++;
            }
            Arrays.parallelPrefix(row, Integer::sum);
            int[] fill = row.clone();
            for (int k = 0; k < size; k++) {
                keys[fill[from[k]]++] = (long) to[k] << 32 | k;
                keys[fill[to[k]]++] = (long) from[k] << 32 | size + k;
            }
            return merged(keys, row);
        }

        private Traffic merged(long[] keys, int[] row) {
            int[] start = new int[tasks + 1];
            int[] peer = new int[keys.length];
            double[] both = new double[keys.length];
            double[] sent = new double[keys.length];
            double[] received = new double[keys.length];
            int n = 0;
            for (int task = 0; task < tasks; task++) {
                start[task] = n;
                Arrays.sort(keys, row[task], row[task + 1]);
                for (int i = row[task]; i < row[task + 1]; i++) {
                    int other = (int) (keys[i] >>> 32);
                    int k = (int) keys[i];
                    n += n > start[task] && peer[n - 1] == other ? 0 : 1;
                    peer[n - 1] = other;
                    both[n - 1] += bytes[k < size ? k : k - size];
                    sent[n - 1] += k < size ? messages[k] : 0;
                    received[n - 1] += k < size ? 0 : messages[k - size];
                }
            }
            start[tasks] = n;
            return new Traffic(
                    start,
                    Arrays.copyOf(peer, n),
                    Arrays.copyOf(both, n),
                    Arrays.copyOf(sent, n),
                    Arrays.copyOf(received, n));
        }
    }
}
