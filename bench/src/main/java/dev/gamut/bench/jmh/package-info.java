/** JMH benchmarks; {@code gamut bench} runs them. */
package dev.gamut.bench.jmh;
