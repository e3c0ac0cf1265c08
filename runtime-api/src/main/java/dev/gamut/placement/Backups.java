package dev.gamut.placement;

import dev.gamut.topology.Topology;

/** Finds the place that a task goes to when its own fails: working, with room, and not to be taken by the same failure. */
final class Backups {
    private Backups() {}

    /**
     * The nearest such place, by levels above the one that fails as a whole; places of one domain are looked at from the primary's on,
     * so that neighbours do not all fall back on one.
     *
     * @return -1 where there is none
     */
    static int find(Occupancy occupancy, Task task, int primary) {
        Topology topology = occupancy.topology;
        for (int level = Math.max(0, topology.failureLevel() - 1); level >= 0; level--) {
            int domain = topology.domain(level, primary);
            int first = topology.first(level, domain);
            int end = topology.end(level, domain);
            int found = find(occupancy, task, primary, primary, end);
            found = found < 0 ? find(occupancy, task, primary, first, primary) : found;
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }

    private static int find(Occupancy occupancy, Task task, int primary, int from, int to) {
        int at = occupancy.topology.nextApart(primary, from);
        while (at < to) {
            int found = occupancy.find(task, at, to, false);
            if (found < 0) {
                return -1;
            }
            at = occupancy.topology.nextApart(primary, found);
            if (at == found) {
                return found;
            }
        }
        return -1;
    }
}
