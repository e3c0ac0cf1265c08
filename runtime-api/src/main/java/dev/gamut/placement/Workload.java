package dev.gamut.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tasks and what they send each other in a step. Tasks are numbered as in the list. Immutable.
 *
 * @param tasks what is to run
 * @param traffic over as many tasks
 */
public record Workload(List<Task> tasks, Traffic traffic) {
    /** Copies the list and checks the size. */
    public Workload {
        tasks = List.copyOf(tasks);
        if (traffic.tasks() != tasks.size()) {
            throw new IllegalArgumentException(
                    "traffic is of " + traffic.tasks() + " tasks; there are " + tasks.size());
        }
    }

    /**
     * Tasks that do not talk.
     *
     * @param tasks what is to run
     */
    public Workload(List<Task> tasks) {
        this(tasks, Traffic.builder(tasks.size()).build());
    }

    /** Tasks that are placed together, each in rising order: gangs, and single tasks as gangs of one. */
    int[][] gangs() {
        Map<Integer, List<Integer>> byGang = new HashMap<>();
        List<List<Integer>> all = new ArrayList<>();
        for (int task = 0; task < tasks.size(); task++) {
            int gang = tasks.get(task).gang();
            List<Integer> members = gang < 0 ? null : byGang.get(gang);
            if (members == null) {
                members = new ArrayList<>();
                all.add(members);
                if (gang >= 0) {
                    byGang.put(gang, members);
                }
            }
            members.add(task);
        }
        return all.stream()
                .map(members -> members.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }
}
