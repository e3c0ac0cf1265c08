/** Programs of several ranks, started and watched, and started again from their last checkpoint where ranks fail. */
package dev.gamut.bench.run;
