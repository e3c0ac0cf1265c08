/** The scalar reference kernels, the canonical evaluation orders they define, and the shared epilogue pass. */
package dev.gamut.internal.reference;
