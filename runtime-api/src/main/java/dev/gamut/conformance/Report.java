package dev.gamut.conformance;

import java.util.Locale;

/**
 * How a result compares with the exact one.
 *
 * @param ok whether every element checked is within its allowed error
 * @param maxErrorOverBound largest error over what was allowed for the element
 * @param maxAbsError largest error
 * @param maxRelativeToTerms largest error over the element's sum of absolute terms: comparable with a declared bound
 * @param elementsChecked how many elements were compared one by one
 * @param message the first element that is wrong: where, computed, exact, error, allowed; otherwise empty
 */
public record Report(
        boolean ok,
        double maxErrorOverBound,
        double maxAbsError,
        double maxRelativeToTerms,
        long elementsChecked,
        String message) {
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, %d elements, error up to %.3g (%.2g of the bound)%s",
                ok ? "ok" : "wrong",
                elementsChecked,
                maxAbsError,
                maxErrorOverBound,
                message.isEmpty() ? "" : ": " + message);
    }
}
