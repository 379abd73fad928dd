package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {

    private static final RouteTable TABLE = RouteTable.builder()
            .socket(route("/ws"))
            .plain("/ws/stats")
            .socket(route("/ws/chat/{room}"))
            .absent("/ws/chat")
            .plain("/ws/{room}/stats")
            .socket(route("/ws/{room}"))
            .socketOrPlain(route("/"))
            .build();

    private static Route route(String pattern) {
        return new Route(pattern, Authenticator.OPEN, TestListener.ECHO);
    }

    @ParameterizedTest
    @CsvSource({
        "/ws, SOCKET, /ws",
        "/ws/stats, PLAIN,",
        "/ws/chat/lobby, SOCKET, /ws/chat/{room}",
        "/ws/chat/stats, SOCKET, /ws/chat/{room}",
        "/ws/chat, ABSENT,",
        "/ws/lobby/stats, PLAIN,",
        "/ws/stats%2F, SOCKET, /ws/{room}",
        "/ws/a%2Fstats, SOCKET, /ws/{room}",
        "/ws/, SOCKET, /ws/{room}",
        "/, SOCKET_OR_PLAIN, /",
    })
    void the_first_that_fits_decides(String path, RouteTable.Kind kind, String pattern) {
        RouteTable.Entry entry = TABLE.find(path);
        assertThat(entry).isNotNull();
        assertThat(entry.kind()).isEqualTo(kind);
        assertThat(entry.route() == null ? null : entry.route().pattern()).isEqualTo(pattern);
    }

    @ParameterizedTest
    @CsvSource({"/nothing", "/ws/a/b", "/ws/chat/a/b", "//ws", "/WS"})
    void other_paths_are_nothing(String path) {
        assertThat(TABLE.find(path)).isNull();
    }

    @Test
    void a_broken_pattern_is_refused() {
        assertThatThrownBy(() -> new PathPattern("/ws/{room")).hasMessageContaining("{room");
        assertThatThrownBy(() -> new PathPattern("/ws/a{room}")).hasMessageContaining("a{room}");
    }
}
