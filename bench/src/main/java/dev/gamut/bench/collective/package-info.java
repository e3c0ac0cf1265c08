/** Collectives measured the way nccl-tests does. */
package dev.gamut.bench.collective;
