package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    private record Measured(double seconds) {}

    @Test
    void whatIsNoFiniteNumberIsNull() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("list", Arrays.asList(1.5, Double.NaN, Double.NEGATIVE_INFINITY));
        all.put("record", new Measured(Double.POSITIVE_INFINITY));
        assertEquals("{\"list\":[1.5,null,null],\"record\":{\"seconds\":null}}", Json.inScript(all));
        all.put("list", 0.1);
        all.put("record", new Measured(1e-300));
        assertEquals("{\"list\":0.1,\"record\":{\"seconds\":1.0E-300}}", Json.inScript(all));
    }

    @Test
    void nothingEndsAScript() {
        assertEquals("\"\\u003c/script>\\u0026\"", Json.inScript("</script>&"));
    }
}
