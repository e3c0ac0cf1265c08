/**
 * {@code gamut sve-model}: what C2 makes of the register tiles on Arm, and what a processor's scheduling model predicts for
 * it. Nothing here measures time: the code comes from an arm64 JVM, emulated where need be, the cycles from llvm-mca.
 */
package dev.gamut.bench.sve;
