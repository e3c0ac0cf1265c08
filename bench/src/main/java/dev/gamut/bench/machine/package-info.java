/** What this machine has and reaches: its caches, and the peaks that measurements are held against. */
package dev.gamut.bench.machine;
