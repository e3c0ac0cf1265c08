/** Measuring the constants of the cost model on this machine, for the user's file of them. */
package dev.gamut.bench.tune;
