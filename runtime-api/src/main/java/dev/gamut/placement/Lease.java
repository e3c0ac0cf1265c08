package dev.gamut.placement;

/**
 * The right to run a task on a place, until the task gets another owner. Whoever runs a task shows its lease with each result; one that
 * is not {@linkplain Failover#isCurrent current} is refused, however alive its holder thinks it is.
 *
 * @param task its number
 * @param place where it runs
 * @param epoch of the failover that gave it to this place; 0 for the first placement
 */
public record Lease(int task, int place, long epoch) {}
