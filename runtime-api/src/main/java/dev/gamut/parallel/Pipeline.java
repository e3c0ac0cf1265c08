package dev.gamut.parallel;

import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;

/**
 * Hands tensors of one shape from stage to stage, each stage a rank: activations forwards, or gradients backwards. Of the two buffers each
 * way one is in use and the other on its way. Not thread-safe; one for each rank and direction.
 *
 * <pre>{@code
 * hand.begin(batches);
 * for (int i = 0; i < batches; i++) {
 *     Tensor x = hand.isFirst() ? input(i) : hand.receive();
 *     compute(x, hand.isLast() ? output(i) : hand.next());
 *     hand.send();
 * }
 * hand.end();
 * }</pre>
 */
public final class Pipeline {
    private static final int BUFFERS = 2;

    private final Communicator ranks;
    private final int source;
    private final int target;
    private final int tag;
    private final Tensor[] in = new Tensor[BUFFERS];
    private final Tensor[] out = new Tensor[BUFFERS];
    private final Request[] receiving = new Request[BUFFERS];
    private final Request[] sending = new Request[BUFFERS];
    private int batches;
    private int received;
    private int sent;

    private Pipeline(Communicator ranks, int source, int target, int tag, DType type, long... shape) {
        this.ranks = ranks;
        this.source = source;
        this.target = target;
        this.tag = tag;
        for (int i = 0; i < BUFFERS; i++) {
            in[i] = Tensor.zeros(type, shape);
            out[i] = Tensor.zeros(type, shape);
        }
    }

    /**
     * From rank 0 to the last.
     *
     * @param ranks the stages
     * @param tag of the messages, used for nothing else
     * @param type of the tensors
     * @param shape of the tensors, the same on all ranks
     * @return this rank's side
     */
    public static Pipeline forward(Communicator ranks, int tag, DType type, long... shape) {
        int next = ranks.rank() + 1 == ranks.size() ? -1 : ranks.rank() + 1;
        return new Pipeline(ranks, ranks.rank() - 1, next, tag, type, shape);
    }

    /**
     * From the last rank to rank 0.
     *
     * @param ranks the stages
     * @param tag of the messages, used for nothing else
     * @param type of the tensors
     * @param shape of the tensors, the same on all ranks
     * @return this rank's side
     */
    public static Pipeline backward(Communicator ranks, int tag, DType type, long... shape) {
        int next = ranks.rank() + 1 == ranks.size() ? -1 : ranks.rank() + 1;
        return new Pipeline(ranks, next, ranks.rank() - 1, tag, type, shape);
    }

    /** Whether no stage comes before. */
    public boolean isFirst() {
        return source < 0;
    }

    /** Whether no stage comes after. */
    public boolean isLast() {
        return target < 0;
    }

    /**
     * Begins; the first tensor may arrive. It must within the communicator's deadline.
     *
     * @param count tensors that each stage hands over, the same on all ranks
     */
    public void begin(int count) {
        if (batches != 0) {
            throw new IllegalStateException("begin() comes after end()");
        }
        batches = count;
        received = 0;
        sent = 0;
        if (!isFirst() && count > 0) {
            receiving[0] = ranks.startReceive(in[0], source, tag);
        }
    }

    /**
     * Waits for the next tensor of the stage before, and lets the one after it arrive.
     *
     * @return to be left alone once this is called again
     */
    public Tensor receive() {
        if (isFirst() || received == batches) {
            throw new IllegalStateException(
                    isFirst() ? "the first stage receives nothing" : "all " + batches + " were received");
        }
        int now = received++ % BUFFERS;
        receiving[now].await();
        if (received < batches) {
            int next = received % BUFFERS;
            receiving[next] = ranks.startReceive(in[next], source, tag);
        }
        return in[now];
    }

    /**
     * Where the next tensor for the stage after is to be written; waits until what was sent from there is gone.
     *
     * @return to be left alone once {@link #send} is called
     */
    public Tensor next() {
        int now = sent % BUFFERS;
        if (sending[now] != null) {
            sending[now].await();
            sending[now] = null;
        }
        return out[now];
    }

    /** Sends what {@link #next} gave on its way; nothing on the last stage. */
    public void send() {
        if (sent == batches) {
            throw new IllegalStateException("all " + batches + " were sent");
        }
        if (!isLast()) {
            next();
            int now = sent % BUFFERS;
            sending[now] = ranks.startSend(out[now], target, tag);
        }
        sent++;
    }

    /** Waits until all that was sent is gone. */
    public void end() {
        for (int i = 0; i < BUFFERS; i++) {
            next();
            sent++;
        }
        batches = 0;
    }
}
