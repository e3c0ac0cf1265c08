/** What the machine can do: CPU features, vector width, caches. Immutable and injectable, so selection is testable. */
package dev.gamut.hw;
