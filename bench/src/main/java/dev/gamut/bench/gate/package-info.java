/** {@code gamut gate}: how kernels stand against what users would take instead, as ratios of pairs measured in turn. */
package dev.gamut.bench.gate;
