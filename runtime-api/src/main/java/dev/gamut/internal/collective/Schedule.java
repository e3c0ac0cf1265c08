package dev.gamut.internal.collective;

import java.util.List;

/**
 * What the ranks of a group do in a collective, as data: in each phase a rank carries out its steps, each of which makes one part of
 * one of its buffers out of parts of buffers of any ranks, as those were when the phase began.
 *
 * <p>No step writes a part that another rank reads in the same phase, and none writes a part of {@code TO} that is still to be read as
 * the same part of {@code FROM}, unless {@link #inPlace} is false: ranks that share memory read each other's parts where they lie, and
 * need to wait for each other only between phases. Ranks that do not share memory send each part to whoever reads it: both sides know
 * all steps.
 *
 * @param parts number of equal parts that whole buffers are cut into
 * @param inPlace whether from and to may be the same memory
 * @param phases for each phase and rank its steps
 */
public record Schedule(int parts, boolean inPlace, List<List<List<Step>>> phases) {
    /** The memory of one rank. */
    public enum Buffer {
        /** What the rank gave. */
        FROM,
        /** Where its result goes. */
        TO,
        /** As large as the larger one, of the rank's own. */
        SPARE
    }

    /**
     * A part of a buffer of a rank.
     *
     * @param rank whose
     * @param buffer which
     * @param part number of the part
     */
    public record Place(int rank, Buffer buffer, int part) {}

    /**
     * One part made of others: the copy of one, or the combination of several in their order.
     *
     * @param to buffer of the rank whose step it is
     * @param part of that buffer
     * @param sources at least one
     */
    public record Step(Buffer to, int part, List<Place> sources) {}

    /**
     * A rank's steps in a phase.
     *
     * @param phase number of the phase
     * @param rank whose
     */
    public List<Step> steps(int phase, int rank) {
        return phases.get(phase).get(rank);
    }

    /** Whether spare memory is needed. */
    public boolean usesSpare() {
        return phases.stream().flatMap(List::stream).flatMap(List::stream).anyMatch(s -> s.to() == Buffer.SPARE);
    }
}
