/** Choosing a kernel: pure functions from an operation to a ranking of every kernel's answer. */
package dev.gamut.internal.dispatch;
