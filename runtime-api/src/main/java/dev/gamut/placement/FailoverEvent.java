package dev.gamut.placement;

/**
 * Something that a failover did. Immutable.
 *
 * @param epoch of the transaction it is a part of
 * @param kind what was done
 * @param task the task concerned, -1 where a place is
 * @param from the place that failed, came back, or had the task or the reservation before; -1 for none
 * @param to the place that has it now, -1 for none
 */
public record FailoverEvent(long epoch, Kind kind, int task, int from, int to) {
    /** What was done. */
    public enum Kind {
        /** A place was marked as failed. */
        FAILED,
        /** A place works again, with nothing on it. */
        RETURNED,
        /** A plane does not work any more; from and to are the first and last place of the domain whose parts it connects. */
        PLANE_FAILED,
        /** A plane works again. */
        PLANE_RETURNED,
        /** A task's owner lost its lease. */
        FENCED,
        /** A task went to its backup. */
        MOVED,
        /** A task without a backup that would do was given another place. */
        REPLANNED,
        /** There is no room for a task, or for its gang; it is kept and waits. */
        QUEUED,
        /** A task that waited was given a place. */
        STARTED,
        /** Room was kept for a task on another place than before. */
        RESERVED,
        /** No room could be kept for a task that is to be protected. */
        UNPROTECTED
    }

    @Override
    public String toString() {
        return "epoch " + epoch + ": " + kind + (task < 0 ? "" : " task " + task) + (from < 0 ? "" : " from " + from)
                + (to < 0 ? "" : " to " + to);
    }
}
