/** Exceptions with names of their own; bad arguments are {@link java.lang.IllegalArgumentException}. */
package dev.gamut.error;
