/** Views of numbers in memory: layout, tensor, and the operand holder that plans run on. */
package dev.gamut.tensor;
