package dev.gamut.parallel;

import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * All-reduces many gradients while others are still computed: they are copied into buckets, and a bucket that is full goes on its way
 * (Li et al., PyTorch Distributed, 2020). Buckets start in their order on every rank, whatever the order that gradients become ready in.
 *
 * <p>Error: that of {@link Combine}, or of {@link CollectiveCall#transport} where codes are asked for. Not thread-safe; one for each rank.
 */
public final class GradientBuckets {
    private final Communicator ranks;
    private final List<Tensor> gradients;
    private final Combine how;
    private final List<Bucket> buckets = new ArrayList<>();
    private final int[] bucketOf;
    private final boolean[] ready;
    private int started;
    private Quantise codes;

    /** Gradients of one type, one after the other. */
    private static final class Bucket {
        private final DType type;
        private final List<Integer> members = new ArrayList<>();
        private Tensor flat;
        private Tensor feedback;
        private Request request;
        private int missing;
        private long elements;

        Bucket(DType type) {
            this.type = type;
        }

        private MemorySegment place(List<Tensor> gradients, int index) {
            long first = 0;
            for (int member : members) {
                if (member == index) {
                    break;
                }
                first += gradients.get(member).layout().size();
            }
            return Rows.bytes(flat)
                    .asSlice(
                            type.bytes(first),
                            type.bytes(gradients.get(index).layout().size()));
        }
    }

    /**
     * Fills buckets in the order of gradients: put them in the order they become ready in.
     *
     * @param ranks who share
     * @param gradients contiguous, the same types and sizes on all ranks; each becomes the combination of all ranks'
     * @param bytes of a bucket, beyond which a new one begins; at least 1
     * @param how they are combined
     */
    public GradientBuckets(Communicator ranks, List<Tensor> gradients, long bytes, Combine how) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes is " + bytes + "; it must be at least 1");
        }
        this.ranks = ranks;
        this.gradients = List.copyOf(gradients);
        this.how = how;
        this.bucketOf = new int[gradients.size()];
        this.ready = new boolean[gradients.size()];
        for (int i = 0; i < gradients.size(); i++) {
            Tensor gradient = gradients.get(i);
            Rows.requireContiguous("gradient " + i, gradient);
            DType type = gradient.dtype();
            long size = gradient.layout().size();
            Bucket last = buckets.isEmpty() ? null : buckets.getLast();
            if (last == null || last.type != type || type.bytes(last.elements + size) > bytes) {
                last = new Bucket(type);
                buckets.add(last);
            }
            last.members.add(i);
            last.elements += size;
            bucketOf[i] = buckets.size() - 1;
        }
        for (Bucket bucket : buckets) {
            bucket.flat = Tensor.zeros(bucket.type, bucket.elements);
            bucket.missing = bucket.members.size();
        }
    }

    /**
     * Lets gradients travel as codes, with feedback of what each call loses.
     *
     * @param how see {@link CollectiveCall#transport}
     * @return this
     */
    public GradientBuckets transport(Quantise how) {
        codes = how;
        for (Bucket bucket : buckets) {
            bucket.feedback = Tensor.zeros(DType.F32, bucket.elements);
        }
        return this;
    }

    /** Number of buckets. */
    public int size() {
        return buckets.size();
    }

    /**
     * A gradient is computed; it may be changed again, but is overwritten by {@link #await}.
     *
     * @param index its place in the list
     * @throws IllegalStateException if it was ready before in this step
     */
    public void ready(int index) {
        if (ready[index]) {
            throw new IllegalStateException("gradient " + index + " is ready twice; await() comes between two steps");
        }
        ready[index] = true;
        Bucket bucket = buckets.get(bucketOf[index]);
        bucket.place(gradients, index).copyFrom(Rows.bytes(gradients.get(index)));
        bucket.missing--;
        while (started < buckets.size() && buckets.get(started).missing == 0) {
            start(buckets.get(started++));
        }
    }

    private void start(Bucket bucket) {
        CollectiveCall call = CollectiveCall.allReduce(bucket.flat, bucket.flat, how);
        if (codes != null) {
            call.transport(codes).feedback(bucket.feedback);
        }
        bucket.request = ranks.start(call);
    }

    /**
     * Waits for all, and puts the combinations where the gradients were; the next step may begin.
     *
     * @throws IllegalStateException if a gradient is not ready
     */
    public void await() {
        for (int i = 0; i < ready.length; i++) {
            if (!ready[i]) {
                throw new IllegalStateException("gradient " + i + " is not ready; await() comes after all are");
            }
        }
        for (Bucket bucket : buckets) {
            bucket.request.await();
            for (int member : bucket.members) {
                Rows.bytes(gradients.get(member)).copyFrom(bucket.place(gradients, member));
                ready[member] = false;
            }
            bucket.missing = bucket.members.size();
        }
        started = 0;
    }
}
