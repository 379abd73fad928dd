package dev.muster.node.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.muster.node.shape.Length;
import dev.muster.node.shape.OneOf;
import dev.muster.node.shape.Range;
import dev.muster.node.shape.Unsigned;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Position;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentTypeTest {

    enum Mood {
        CALM,
        VERY_CROSS
    }

    record Spot(float x, double y) {}

    record All(
            String text,
            boolean flag,
            byte tiny,
            short small,
            int whole,
            long large,
            @Unsigned byte u8,
            @Unsigned short u16,
            @Unsigned int u32,
            @Unsigned long u64,
            float single,
            double twice,
            Mood mood,
            Spot spot,
            Entity entity,
            Buffer bytes,
            List<String> words,
            List<Spot> spots,
            @Nullable Integer maybe,
            @Nullable Spot nowhere) {}

    private static final ComponentType<All> ALL = ComponentType.of(All.class);

    private static String json(Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            writing.to(json);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return text.toString();
    }

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private static JsonParser parser(String text) throws IOException {
        JsonParser parser = new JsonFactory().createParser(text);
        parser.nextToken();
        return parser;
    }

    // ---- round trips ----

    @Property(tries = 500)
    void whatIsWrittenIsReadAgain(@ForAll("all") All all) throws IOException {
        byte[] bytes = ALL.encode(all);
        assertThat(ALL.decode(bytes)).isEqualTo(all);
        String text = json(json -> ALL.writeJson(json, all));
        assertThat(ALL.readJson(parser(text))).isEqualTo(all);
        assertThat(json(json -> ALL.writeJson(json, bytes))).isEqualTo(text);
    }

    @Provide
    Arbitrary<All> all() {
        Arbitrary<Spot> spots =
                Combinators.combine(Arbitraries.floats(), Arbitraries.doubles()).as(Spot::new);
        Arbitrary<String> texts =
                Arbitraries.strings().excludeChars(surrogates()).ofMaxLength(20);
        Arbitrary<long[]> numbers = Arbitraries.longs().array(long[].class).ofSize(9);
        return Combinators.combine(
                        texts,
                        numbers,
                        spots,
                        Arbitraries.of(Mood.class),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(20),
                        texts.list().ofMaxSize(5),
                        spots.list().ofMaxSize(5),
                        Arbitraries.integers().injectNull(0.3))
                .as((text, n, spot, mood, bytes, words, places, maybe) -> new All(
                        text,
                        n[0] > 0,
                        (byte) n[0],
                        (short) n[1],
                        (int) n[2],
                        n[3],
                        (byte) n[4],
                        (short) n[5],
                        (int) n[6],
                        n[7],
                        spot.x(),
                        spot.y(),
                        mood,
                        spot,
                        new Entity(n[8]),
                        Buffer.buffer(bytes),
                        words,
                        places,
                        maybe,
                        maybe == null ? spot : null));
    }

    private static char[] surrogates() {
        char[] all = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = (char) (Character.MIN_SURROGATE + i);
        }
        return all;
    }

    @Property(tries = 2000)
    void anyBytesAreAComponentOrRefused(@ForAll byte[] bytes) {
        try {
            byte[] again = ALL.encode(ALL.decode(bytes));
            assertThat(ALL.decode(again)).isEqualTo(ALL.decode(bytes));
        } catch (SyncException refused) {
            assertThat(refused.status()).isEqualTo(Status.VALIDATION_ERROR);
        }
        assertThatCode(() -> json(json -> {
                    try {
                        ALL.writeJson(json, bytes);
                    } catch (SyncException refused) {
                        assertThat(refused.status()).isEqualTo(Status.VALIDATION_ERROR);
                    }
                }))
                .doesNotThrowAnyException();
    }

    record Small(@Unsigned int id, short delta, @Nullable String name, List<Mood> moods) {}

    @Test
    @DisplayName("the bytes are those of bincode's standard form, written down by hand")
    void bytes() {
        ComponentType<Small> small = ComponentType.of(Small.class);
        byte[] bytes = small.encode(new Small(300, (short) -2, "hi", List.of(Mood.VERY_CROSS, Mood.CALM)));
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("fb2c01" + "03" + "01026869" + "020100");
        assertThat(HexFormat.of().formatHex(small.encode(new Small(-1, (short) 0, null, List.of()))))
                .isEqualTo("fcffffffff" + "00" + "00" + "00");
        assertThat(HexFormat.of().formatHex(ComponentType.of(Position.class).encode(new Position(1, -2, 0))))
                .isEqualTo("0000803f" + "000000c0" + "00000000");
    }

    // ---- what is refused ----

    record Holder(@Nullable Holder inner) {}

    record Mapped(Map<String, String> map) {}

    record Either(Optional<String> maybe) {}

    record Array(int[] numbers) {}

    record Character1(char letter) {}

    record Anything(Object any) {}

    record Nothing() {}

    record Nothings(List<Nothing> none) {}

    record Signed(@Unsigned float number) {}

    record Deep(Mapped mapped) {}

    record Dollar$(int x) {}

    @Test
    @DisplayName("a field of an unsupported type is refused by name when it is declared")
    void unsupported() {
        assertRefused(Mapped.class, "Mapped.map cannot be java.util.Map");
        assertRefused(Either.class, "Either.maybe cannot be java.util.Optional");
        assertRefused(Array.class, "Array.numbers cannot be int[]");
        assertRefused(Character1.class, "Character1.letter cannot be char");
        assertRefused(Anything.class, "Anything.any cannot be java.lang.Object");
        assertRefused(Nothings.class, "Nothings.none cannot be a list of records without components");
        assertRefused(Signed.class, "Signed.number cannot be @Unsigned");
        assertRefused(Deep.class, "Mapped.map cannot be");
        assertRefused(Holder.class, "none may hold itself");
        assertRefused(Dollar$.class, "a component's name has 1 to 64 letters");
        assertThat(ComponentType.of(Nothing.class).encode(new Nothing())).isEmpty();
    }

    private static void assertRefused(Class<? extends Record> type, String why) {
        assertThatThrownBy(() -> Sync.builder().component(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    static final class Elsewhere {
        record Name(String other) {}
    }

    @Test
    @DisplayName("two records of one name are refused, one record twice is not")
    void twice() {
        Sync.Builder builder = Sync.builder().component(Position.class).component(Position.class);
        assertThatThrownBy(() -> builder.component(Elsewhere.Name.class))
                .hasMessageContaining("the component Name is declared twice");
        assertThatThrownBy(() -> builder.build().type(Elsewhere.Name.class))
                .isInstanceOfSatisfying(
                        SyncException.class, no -> assertThat(no.status()).isEqualTo(Status.NOT_FOUND));
    }

    record Limited(
            @Length(min = 1, max = 3) String name,
            @Range(min = 1, max = 5) int count,
            @OneOf({"a", "b"}) String kind,
            @Nullable @Range(min = 0) Float share) {
        Limited {
            if (count == 4) {
                throw new IllegalArgumentException("four is unlucky");
            }
        }
    }

    private static final ComponentType<Limited> LIMITED = ComponentType.of(Limited.class);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\":\"abcd\",\"count\":1,\"kind\":\"a\"}|Limited: name must have 1 to 3 characters, but has 4",
                "{\"name\":\"a\",\"count\":9,\"kind\":\"c\"}|Limited: count must be from 1.0 to 5.0, kind must be one of a, b",
                "{\"name\":\"a\",\"kind\":\"a\"}|Limited: count is required",
                "{\"name\":\"a\",\"count\":1.5,\"kind\":\"a\"}|Limited: count must be a whole number",
                "{\"name\":\"a\",\"count\":99999999999,\"kind\":\"a\"}|Limited: count must be a whole number",
                "{\"name\":\"a\",\"count\":1,\"kind\":\"a\",\"share\":1e39}|Limited: share must be a number",
                "{\"name\":\"a\",\"count\":4,\"kind\":\"a\"}|Limited: four is unlucky",
                "[]|Limited: must be an object",
                "null|Limited: must be an object"
            })
    @DisplayName("JSON that is not as declared is refused with the path and what is allowed")
    void limits(String json, String message) {
        SyncException refused = catchThrowableOfType(SyncException.class, () -> LIMITED.readJson(parser(json)));
        assertThat(refused.status()).isEqualTo(Status.VALIDATION_ERROR);
        assertThat(refused.getMessage()).startsWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "01", "0161", "016102016100ff", "0161080161" + "00", "01ff02016100"})
    @DisplayName("bytes that are cut, too long, or of another value are refused")
    void badBytes(String hex) {
        assertThatThrownBy(() -> LIMITED.decode(HexFormat.of().parseHex(hex)))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        refused -> assertThat(refused.status()).isEqualTo(Status.VALIDATION_ERROR));
    }

    @Test
    @DisplayName("what was made here is checked too, no number included")
    void made() {
        assertThatThrownBy(() -> LIMITED.encode(new Limited("", 1, "a", null))).hasMessageContaining("name");
        assertThatThrownBy(() -> ComponentType.of(Position.class).encode(new Position(Float.NaN, 0, 0)))
                .hasMessage("Position: x must be a number");
    }

    // ---- patches ----

    record Profile(
            String name, @Nullable Spot spot, @Nullable Integer age, List<String> tags) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|{\"name\":\"a\",\"spot\":{\"x\":0.1,\"y\":2.0},\"age\":3,\"tags\":[\"t\"]}",
                "{\"name\":\"b\"}|{\"name\":\"b\",\"spot\":{\"x\":0.1,\"y\":2.0},\"age\":3,\"tags\":[\"t\"]}",
                "{\"age\":null}|{\"name\":\"a\",\"spot\":{\"x\":0.1,\"y\":2.0},\"tags\":[\"t\"]}",
                "{\"spot\":{\"y\":5}}|{\"name\":\"a\",\"spot\":{\"x\":0.1,\"y\":5.0},\"age\":3,\"tags\":[\"t\"]}",
                "{\"spot\":null,\"age\":7}|{\"name\":\"a\",\"age\":7,\"tags\":[\"t\"]}",
                "{\"tags\":[]}|{\"name\":\"a\",\"spot\":{\"x\":0.1,\"y\":2.0},\"age\":3,\"tags\":[]}",
                "{\"other\":1}|{\"name\":\"a\",\"spot\":{\"x\":0.1,\"y\":2.0},\"age\":3,\"tags\":[\"t\"]}"
            })
    @DisplayName("a merge patch replaces members, removes those that are null, and merges objects")
    void patches(String patch, String result) throws IOException {
        ComponentType<Profile> type = ComponentType.of(Profile.class);
        Profile before = new Profile("a", new Spot(0.1f, 2), 3, List.of("t"));
        Profile after = type.merge(before, parser(patch));
        assertThat(json(json -> type.writeJson(json, after))).isEqualTo(result);
    }

    @Test
    @DisplayName("a patch whose result is not as declared changes nothing")
    void badPatch() {
        ComponentType<Name> type = ComponentType.of(Name.class);
        assertThatThrownBy(() -> type.merge(new Name("a"), parser("{\"name\":null}")))
                .hasMessage("Name: name is required");
        assertThatThrownBy(() -> type.merge(new Name("a"), parser("[1]")))
                .hasMessage("Name: a patch must be an object");
    }

    // ---- schema ----

    @Test
    @DisplayName("the schema has every component, its fields in order, and what they have to be like")
    void schema() {
        JsonObject schema = new JsonObject(Buffer.buffer(Sync.builder()
                .component(Limited.class)
                .component(All.class)
                .build()
                .schema()));
        assertThat(schema.getString("$schema")).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        JsonObject limited = schema.getJsonObject("$defs").getJsonObject("Limited");
        assertThat(limited.getJsonObject("properties").fieldNames()).containsExactly("name", "count", "kind", "share");
        assertThat(limited.getJsonArray("required")).containsExactly("name", "count", "kind");
        assertThat(limited.getJsonObject("properties").getJsonObject("name").getInteger("maxLength"))
                .isEqualTo(3);
        assertThat(limited.getJsonObject("properties").getJsonObject("count").getDouble("maximum"))
                .isEqualTo(5);
        JsonObject all = schema.getJsonObject("$defs").getJsonObject("All").getJsonObject("properties");
        assertThat(all.getJsonObject("u64").getString("format")).isEqualTo("uint64");
        assertThat(all.getJsonObject("entity").getString("type")).isEqualTo("string");
        assertThat(all.getJsonObject("mood").getJsonArray("enum")).containsExactly("calm", "very_cross");
        assertThat(all.getJsonObject("spots").getJsonObject("items").getString("type"))
                .isEqualTo("object");
    }
}
