package dev.gamut.parallel;

import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Sends tokens to the ranks of the experts they are routed to, and brings back what the experts made of them. Expert e is with
 * rank e / (experts / ranks). Not thread-safe; one for each rank.
 */
public final class Experts {
    private final Communicator ranks;
    private final int experts;
    private final int here;

    /**
     * Shares out experts.
     *
     * @param ranks who share
     * @param experts their number, a multiple of the number of ranks
     */
    public Experts(Communicator ranks, int experts) {
        if (experts < 1 || experts % ranks.size() != 0) {
            throw new IllegalArgumentException("experts is " + experts + "; it must be a multiple of the "
                    + ranks.size() + " ranks, at least one each");
        }
        this.ranks = ranks;
        this.experts = experts;
        this.here = experts / ranks.size();
    }

    /** Number of this rank's first expert. */
    public int first() {
        return ranks.rank() * here;
    }

    /** Experts of this rank. */
    public int count() {
        return here;
    }

    /** Tokens that came to this rank's experts, and the way back. */
    public static final class Dispatched {
        private final int[][] routing;
        private final long[][] position;
        private final long[] sent;
        private final long[][] arrived;
        private final Tensor tokens;

        private Dispatched(int[][] routing, long[][] position, long[] sent, long[][] arrived, Tensor tokens) {
            this.routing = routing;
            this.position = position;
            this.sent = sent;
            this.arrived = arrived;
            this.tokens = tokens;
        }

        /** All that came, a row each: those of this rank's first expert, then of its second, each in the order of ranks. */
        public Tensor tokens() {
            return tokens;
        }

        /**
         * The rows of one expert.
         *
         * @param expert from 0, of this rank's
         * @return their first and count
         */
        public Shard rows(int expert) {
            long first = 0;
            for (int e = 0; e < expert; e++) {
                first += ofExpert(e);
            }
            return new Shard(first, ofExpert(expert));
        }

        private long ofExpert(int expert) {
            return Arrays.stream(arrived).mapToLong(ofRank -> ofRank[expert]).sum();
        }
    }

    /**
     * Sends each token to its experts; all ranks must call.
     *
     * @param tokens n×d, contiguous
     * @param routing for each token the experts it goes to, as many as it wants, none too
     * @return what came here
     */
    public Dispatched dispatch(Tensor tokens, int[][] routing) {
        Rows.requireContiguous("tokens", tokens);
        Rows.require("tokens", tokens, routing.length, tokens.size(1));
        long[] sent = counted(routing);
        long[][] arrived = exchangeCounts(sent);
        long[][] position = positions(routing, sent);
        long d = tokens.size(1);
        Tensor packed = Tensor.zeros(tokens.dtype(), Arrays.stream(sent).sum(), d);
        for (int t = 0; t < routing.length; t++) {
            for (long at : position[t]) {
                Rows.copy(tokens, t, packed, at);
            }
        }
        Tensor received = Tensor.zeros(tokens.dtype(), total(arrived), d);
        ranks.run(CollectiveCall.allToAll(packed, perRank(sent, d), received, sums(arrived, d)));
        Tensor grouped = Tensor.zeros(tokens.dtype(), total(arrived), d);
        regroup(arrived, (byRank, byExpert) -> Rows.copy(received, byRank, grouped, byExpert));
        int[][] kept = Arrays.stream(routing).map(int[]::clone).toArray(int[][]::new);
        return new Dispatched(kept, position, sent, arrived, grouped);
    }

    /**
     * Brings back what experts made of tokens, and adds it up with weights, in the order of a token's experts, in F64 with one rounding; a
     * token without experts becomes 0. All ranks must call.
     *
     * @param dispatched what {@link #dispatch} gave
     * @param outputs a row for each of its tokens, of any width, contiguous
     * @param weights for each token that was sent from here a number for each of its experts
     * @param result a row for each token that was sent from here
     */
    public void combine(Dispatched dispatched, Tensor outputs, float[][] weights, Tensor result) {
        long d = result.size(1);
        Rows.requireContiguous("outputs", outputs);
        Rows.require("outputs", outputs, dispatched.tokens.size(0), d);
        Rows.require("result", result, dispatched.routing.length, d);
        requireWeights(dispatched, weights);
        Tensor byRank = Tensor.zeros(outputs.dtype(), outputs.size(0), d);
        regroup(dispatched.arrived, (first, second) -> Rows.copy(outputs, second, byRank, first));
        Tensor back =
                Tensor.zeros(outputs.dtype(), Arrays.stream(dispatched.sent).sum(), d);
        ranks.run(CollectiveCall.allToAll(byRank, sums(dispatched.arrived, d), back, perRank(dispatched.sent, d)));
        addUp(dispatched, back, weights, result);
    }

    private static void requireWeights(Dispatched dispatched, float[][] weights) {
        for (int t = 0; t < dispatched.routing.length; t++) {
            if (weights.length != dispatched.routing.length || weights[t].length != dispatched.routing[t].length) {
                throw new IllegalArgumentException("weights has " + weights.length + " tokens; token " + t + " of "
                        + dispatched.routing.length + " has " + dispatched.routing[t].length + " experts");
            }
        }
    }

    private static void addUp(Dispatched dispatched, Tensor back, float[][] weights, Tensor result) {
        int d = Math.toIntExact(result.size(1));
        double[] row = new double[d];
        double[] sum = new double[d];
        MemorySegment rows = MemorySegment.ofArray(row);
        for (int t = 0; t < weights.length; t++) {
            Arrays.fill(sum, 0);
            for (int choice = 0; choice < weights[t].length; choice++) {
                long first = dispatched.position[t][choice] * d;
                Convert.convert(back.segment(), back.dtype(), first, rows, DType.F64, 0, d);
                for (int i = 0; i < d; i++) {
                    sum[i] += weights[t][choice] * row[i];
                }
            }
            long to = result.offset() + t * result.layout().stride(0);
            Convert.convert(MemorySegment.ofArray(sum), DType.F64, 0, result.segment(), result.dtype(), to, d);
        }
    }

    /** Rows that go to each expert. */
    private long[] counted(int[][] routing) {
        long[] counts = new long[experts];
        for (int[] ofToken : routing) {
            for (int expert : ofToken) {
                if (expert < 0 || expert >= experts) {
                    throw new IllegalArgumentException(
                            "routing names expert " + expert + "; there are 0 to " + (experts - 1));
                }
                counts[expert]++;
            }
        }
        return counts;
    }

    /** For each token and choice the row in what is sent: by expert, then by token. */
    private long[][] positions(int[][] routing, long[] sent) {
        long[] next = new long[experts];
        for (int e = 1; e < experts; e++) {
            next[e] = next[e - 1] + sent[e - 1];
        }
        return Arrays.stream(routing)
                .map(ofToken -> Arrays.stream(ofToken).mapToLong(e -> next[e]++).toArray())
                .toArray(long[][]::new);
    }

    /** For each rank the rows it sends to each expert of this one. */
    private long[][] exchangeCounts(long[] sent) {
        long[] arrived = new long[experts];
        ranks.allToAll(numbers(sent), numbers(arrived));
        long[][] byRank = new long[ranks.size()][];
        for (int r = 0; r < byRank.length; r++) {
            byRank[r] = Arrays.copyOfRange(arrived, r * here, (r + 1) * here);
        }
        return byRank;
    }

    private static Tensor numbers(long[] values) {
        return Tensor.of(values, DType.I64, Layout.rowMajor(values.length), 0);
    }

    private long[] perRank(long[] sent, long width) {
        long[] counts = new long[ranks.size()];
        for (int e = 0; e < experts; e++) {
            counts[e / here] += sent[e] * width;
        }
        return counts;
    }

    private static long[] sums(long[][] arrived, long width) {
        return Arrays.stream(arrived)
                .mapToLong(ofRank -> Arrays.stream(ofRank).sum() * width)
                .toArray();
    }

    private static long total(long[][] arrived) {
        return Arrays.stream(sums(arrived, 1)).sum();
    }

    /** Where a row is in the order of ranks and experts, and where in the order of experts and ranks. */
    @FunctionalInterface
    private interface Move {
        void row(long byRank, long byExpert);
    }

    private void regroup(long[][] arrived, Move move) {
        long[] next = new long[here];
        for (int e = 1; e < here; e++) {
            int before = e - 1;
            next[e] = next[before]
                    + Arrays.stream(arrived).mapToLong(ofRank -> ofRank[before]).sum();
        }
        long at = 0;
        for (long[] ofRank : arrived) {
            for (int e = 0; e < here; e++) {
                for (long i = 0; i < ofRank[e]; i++) {
                    move.row(at++, next[e]++);
                }
            }
        }
    }
}
