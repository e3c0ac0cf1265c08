/** What every operation asks of memory that it is given. */
package dev.gamut.internal.memory;
