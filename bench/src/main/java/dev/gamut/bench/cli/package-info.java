/** The {@code gamut} command: one class for each command, and what they share. */
package dev.gamut.bench.cli;
