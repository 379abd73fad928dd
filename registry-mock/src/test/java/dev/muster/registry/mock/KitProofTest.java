package dev.muster.registry.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.muster.registry.tck.ConnectionRegistryTck;
import dev.muster.registry.tck.RegistryFixture;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A test kit that cannot fail is worth nothing: it is run on registries that break one rule each, and the test named
 * after that rule has to fail.
 */
class KitProofTest {

    private static Supplier<RegistryFixture> underTest = MemoryFixture::new;

    /** The kit on whatever is under test at the moment; run by the launcher only. */
    static class Kit extends ConnectionRegistryTck {
        @Override
        protected RegistryFixture newFixture() {
            return underTest.get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRuleThatADefectBreaksFails(Defect defect) {
        Map<String, TestExecutionResult.Status> results = run(defect::fixture, Set.of(defect.caughtBy()));

        assertThat(results).containsExactly(Map.entry(defect.caughtBy(), TestExecutionResult.Status.FAILED));
    }

    @Test
    void theSameTestsPassWithoutTheDefects() {
        Set<String> tests = Arrays.stream(Defect.values()).map(Defect::caughtBy).collect(Collectors.toSet());
        Map<String, TestExecutionResult.Status> results = run(MemoryFixture::new, tests);

        assertThat(results).hasSameSizeAs(tests);
        assertThat(results.values()).containsOnly(TestExecutionResult.Status.SUCCESSFUL);
    }

    @Test
    void everyRuleHasADefect() {
        Set<String> rules = Arrays.stream(Defect.values())
                .flatMap(defect -> Arrays.stream(defect.caughtBy().split("_")))
                .filter(part -> part.matches("r\\d\\d"))
                .collect(Collectors.toSet());

        assertThat(rules)
                .isEqualTo(IntStream.rangeClosed(1, 25)
                        .mapToObj(rule -> String.format("r%02d", rule))
                        .collect(Collectors.toSet()));
    }

    private static Map<String, TestExecutionResult.Status> run(Supplier<RegistryFixture> fixture, Set<String> tests) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(Kit.class))
                .filters(EngineFilter.includeEngines("junit-jupiter"), only(tests))
                .build();
        Map<String, TestExecutionResult.Status> results = new TreeMap<>();
        underTest = fixture;
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    String method = ((MethodSource) test.getSource().orElseThrow()).getMethodName();
                    results.put(method, result.getStatus());
                }
            }
        });
        return results;
    }

    private static PostDiscoveryFilter only(Set<String> tests) {
        return (TestDescriptor each) ->
                FilterResult.includedIf(!(each.getSource().orElse(null) instanceof MethodSource method)
                        || tests.contains(method.getMethodName()));
    }
}
