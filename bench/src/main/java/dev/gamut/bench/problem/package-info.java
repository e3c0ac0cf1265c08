/** Operations on real shapes with random operands in memory, ready to be run, timed and verified. */
package dev.gamut.bench.problem;
