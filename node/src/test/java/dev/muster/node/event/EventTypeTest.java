package dev.muster.node.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.muster.node.shape.Issue;
import dev.muster.node.shape.Length;
import dev.muster.node.shape.Range;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTypeTest {

    enum Colour {
        RED,
        DARK_BLUE
    }

    record Place(@Length(min = 2, max = 10) String city) {}

    @Event("client.order")
    record Order(
            @Length(min = 1, max = 3) String name,
            @Range(min = 1, max = 5) int count,
            boolean urgent,
            @Nullable Double price,
            @Nullable Colour colour,
            @Nullable Place place,
            @Nullable @Length(max = 2) List<String> tags) {
        Order {
            if (name.equals("bad")) {
                throw new IllegalArgumentException("must not be bad");
            }
        }
    }

    private static final EventType<Order> ORDER = EventType.of(Order.class);

    private static Order read(String json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            Order order = ORDER.read(parser);
            assertThat(parser.nextToken()).isNull();
            return order;
        }
    }

    @Test
    @DisplayName("what was written is read again, and keys that nobody declared are passed over")
    void whole() throws IOException {
        Order order = new Order("a", 2, true, 1.5, Colour.DARK_BLUE, new Place("Rome"), List.of("x", "y"));
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            ORDER.write(json, order);
        }
        assertThat(text.toString()).contains("\"colour\":\"dark_blue\"");
        assertThat(read(text.toString())).isEqualTo(order);
        assertThat(read("{\"more\":[{\"a\":[]}],\"name\":\"a\",\"count\":1,\"urgent\":false,\"place\":null}"))
                .isEqualTo(new Order("a", 1, false, null, null, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]||must be an object",
                "{\"count\":1,\"urgent\":true}|name|is required",
                "{\"name\":null,\"count\":1,\"urgent\":true}|name|is required",
                "{\"name\":\"long\",\"count\":1,\"urgent\":true}|name|must have 1 to 3 characters, but has 4",
                "{\"name\":\"bad\",\"count\":1,\"urgent\":true}||must not be bad",
                "{\"name\":\"a\",\"count\":6,\"urgent\":true}|count|must be from 1.0 to 5.0",
                "{\"name\":\"a\",\"count\":1.5,\"urgent\":true}|count|whole number",
                "{\"name\":\"a\",\"count\":99999999999,\"urgent\":true}|count|whole number",
                "{\"name\":\"a\",\"count\":99999999999999999999999,\"urgent\":true}|count|whole number",
                "{\"name\":\"a\",\"count\":1,\"urgent\":1}|urgent|must be true or false",
                "{\"name\":\"a\",\"count\":1,\"urgent\":true,\"price\":1e999}|price|must be a number",
                "{\"name\":\"a\",\"count\":1,\"urgent\":true,\"colour\":\"green\"}|colour|must be one of red, dark_blue",
                "{\"name\":\"a\",\"count\":1,\"urgent\":true,\"place\":{\"city\":\"X\"}}|place.city|2 to 10",
                "{\"name\":\"a\",\"count\":1,\"urgent\":true,\"tags\":[\"a\",{\"b\":[1]},[[]]]}|tags.1|must be a string",
                "{\"name\":\"a\",\"count\":1,\"urgent\":true,\"tags\":[\"a\",\"b\",\"c\"]}|tags|at most 2 items",
            })
    @DisplayName("what is wrong is named by its path")
    void issues(String json, @Nullable String path, String message) {
        InvalidEvent invalid = catchThrowableOfType(InvalidEvent.class, () -> read(json));
        assertThat(invalid.issues()).hasSize(1);
        assertThat(invalid.issues().get(0).path()).isEqualTo(path == null ? "" : path);
        assertThat(invalid.issues().get(0).message()).contains(message);
    }

    @Test
    @DisplayName("events made here are checked as well")
    void checked() {
        assertThatThrownBy(() -> ORDER.check(new Order("long", 9, true, null, null, new Place("X"), null)))
                .isInstanceOfSatisfying(
                        InvalidEvent.class,
                        invalid -> assertThat(invalid.issues())
                                .extracting(Issue::path)
                                .containsExactly("name", "count", "place.city"));
    }

    record NoEvent(String text) {}

    @Event("x.y")
    record Unreadable(Map<String, String> map) {}

    @Test
    @DisplayName("what cannot be an event is refused when it is declared")
    void declarations() {
        assertThatThrownBy(() -> EventType.of(NoEvent.class)).hasMessageContaining("needs @Event");
        assertThatThrownBy(() -> EventType.of(Unreadable.class))
                .hasMessageContaining("Unreadable.map cannot be java.util.Map");
    }

    @Property(tries = 500)
    void anythingIsAnsweredByAnIssue(@ForAll String name, @ForAll String city, @ForAll double price) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField(name, city);
            json.writeStringField("name", name);
            json.writeNumberField("price", price);
            json.writeObjectFieldStart("place");
            json.writeStringField("city", city);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        assertThatThrownBy(() -> read(text.toString())).isInstanceOf(InvalidEvent.class);
    }

    @Test
    @DisplayName("filters look into attributes")
    void filters() {
        Map<String, @Nullable Object> attributes =
                Map.of("user", Map.of("plan", "pro-2", "age", 30), "tags", List.of("a", 5), "n", 1.0);
        assertThat(Filter.ANY.is("user.plan", "pro-2").is("n", 1).accepts(attributes))
                .isTrue();
        assertThat(Filter.ANY.is("user.plan", "pro-2").is("n", 2).accepts(attributes))
                .isFalse();
        assertThat(Filter.ANY.in("user.plan", List.of("free", "pro-2")).accepts(attributes))
                .isTrue();
        assertThat(Filter.ANY
                        .exists("user.age", true)
                        .exists("user.none.x", false)
                        .accepts(attributes))
                .isTrue();
        assertThat(Filter.ANY.prefix("user.plan", "pro").accepts(attributes)).isTrue();
        assertThat(Filter.ANY.prefix("n", "1").accepts(attributes)).isFalse();
        assertThat(Filter.ANY.ne("n", 2).accepts(attributes)).isTrue();
        assertThat(Filter.ANY.ne("none", 2).accepts(attributes)).isFalse();
        assertThat(Filter.ANY
                        .gt("user.age", 29)
                        .gte("n", 1)
                        .lt("n", 2)
                        .lte("n", 1)
                        .accepts(attributes))
                .isTrue();
        assertThat(Filter.ANY.gt("user.age", 30).accepts(attributes)).isFalse();
        assertThat(Filter.ANY.between("user.age", 30, 40).accepts(attributes)).isTrue();
        assertThat(Filter.ANY.between("tags", 6, 9).accepts(attributes)).isFalse();
        assertThat(Filter.ANY.is("tags", "a").between("tags", 5, 6).accepts(attributes))
                .isTrue();
    }
}
