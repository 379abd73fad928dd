package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.RegistryOption;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options mean, and that a bad one is refused with one sentence that names it. */
class HazelcastOptionsTest {

    @Test
    void without_options_the_nodes_of_this_machine_are_looked_for() {
        HazelcastOptions options = HazelcastOptions.of(Map.of());

        assertThat(options.bind()).isEqualTo("127.0.0.1");
        assertThat(options.quorum()).isEqualTo(1);
        assertThat(options.seeds())
                .hasSize(HazelcastOptions.PORTS)
                .startsWith("127.0.0.1:5701", "127.0.0.1:5702")
                .endsWith("127.0.0.1:5716");
    }

    @Test
    void named_members_are_looked_for_and_nobody_else() {
        HazelcastOptions options = HazelcastOptions.of(
                Map.of("hazelcast-members", "10.0.0.4, node-b:5710,[fd00::1]:5702", "hazelcast-bind", "10.0.0.*"));

        assertThat(options.seeds()).containsExactly("10.0.0.4:5701", "node-b:5710", "[fd00::1]:5702");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hazelcast-port|80|--hazelcast-port must be 1024 to 65519, but is \"80\"",
                "hazelcast-port|x|--hazelcast-port must be 1024 to 65519, but is \"x\"",
                "hazelcast-quorum|0|--hazelcast-quorum must be 1 to 1000, but is \"0\"",
                "hazelcast-bind|localhost|--hazelcast-bind must be an address such as 127.0.0.1 or 10.0.0.*, but is \"localhost\"",
                "hazelcast-members|127.0.0.1:5701,|--hazelcast-members must be host:port, host:port …, but one is \"\"",
                "hazelcast-members|127.0.0.1:0|--hazelcast-members must name ports of 1 to 65535, but one is 0",
                "hazelcast-members|a b:1|--hazelcast-members must be host:port, host:port …, but one is \"a b:1\"",
            })
    void a_bad_value_is_named_with_what_is_allowed(String name, String value, String sentence) {
        assertThatThrownBy(() -> HazelcastOptions.of(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void members_on_other_machines_need_an_address_they_can_reach() {
        assertThatThrownBy(() -> HazelcastOptions.of(Map.of("hazelcast-members", "10.0.0.4:5701")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--hazelcast-members")
                .hasMessageContaining("--hazelcast-bind");
    }

    @Test
    void a_pattern_of_addresses_needs_named_members() {
        assertThatThrownBy(() -> HazelcastOptions.of(Map.of("hazelcast-bind", "10.0.0.*")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--hazelcast-members");
    }

    @Test
    void the_provider_is_found_and_describes_every_option() {
        assertThat(ServiceLoader.load(dev.muster.registry.RegistryProvider.class))
                .singleElement()
                .satisfies(provider -> {
                    assertThat(provider.name()).isEqualTo("hazelcast");
                    assertThat(provider.clustered()).isTrue();
                    assertThat(provider.options())
                            .extracting(RegistryOption::name)
                            .containsExactly(
                                    "hazelcast-members", "hazelcast-port", "hazelcast-bind", "hazelcast-quorum");
                });
    }
}
