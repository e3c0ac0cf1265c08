/** {@code gamut report}: real workloads, verified, timed and held against measured peaks; as table, JSON and HTML. */
package dev.gamut.bench.report;
