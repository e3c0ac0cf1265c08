package dev.gamut.parallel;

import dev.gamut.collective.Communicator;
import dev.gamut.io.Shard;
import java.util.Map;

/**
 * One rank's side of a computation in steps whose whole state can be named, for a {@link CheckpointedRun}. Where its bits do not depend on
 * the number of ranks, the run comes to the same ones whatever fails.
 */
public interface CheckpointedWork {
    /**
     * The state between two steps: this rank's parts of tensors, by name. What several ranks have whole, one of them saves. What is in
     * memory under them is saved; and when the run goes on from what was saved, by these ranks or by other ones, it is written there.
     *
     * @return parts that make up, over all ranks, the whole of each tensor
     */
    Map<String, Shard> state();

    /** The state was loaded; what follows from it is to be computed anew. */
    default void loaded() {}

    /**
     * Computes a step. All ranks do so.
     *
     * @param step its number, from 0
     * @throws Exception to end this rank, which is missing to the others then
     */
    void step(long step) throws Exception;

    /**
     * All steps are done, on all ranks, and saved.
     *
     * @throws Exception to end this rank
     */
    default void finish() throws Exception {}

    /** Begins. */
    @FunctionalInterface
    interface Start {
        /**
         * A rank's side at step 0.
         *
         * @param ranks the ranks that share the work, which may be fewer than were started
         * @return the work
         * @throws Exception to end this rank
         */
        CheckpointedWork on(Communicator ranks) throws Exception;
    }
}
