/**
 * The rules every kernel must keep, and the truth they are held against: an oracle of higher precision, written apart from
 * the reference kernels. Free of test frameworks: used by unit tests, {@code gamut verify} and {@code gamut report}.
 */
package dev.gamut.conformance;
