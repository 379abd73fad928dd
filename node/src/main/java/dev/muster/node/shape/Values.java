package dev.muster.node.shape;

import io.vertx.core.buffer.Buffer;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types that components of records may have. */
final class Values {

    /** Records in records; one that holds itself would have no end. */
    private static final int MAX_DEPTH = 16;

    /** What a component asks of its values. */
    private record Wishes(
            @Nullable Length length,
            @Nullable Range range,
            @Nullable OneOf oneOf,
            boolean oneLine,
            boolean unsigned) {

        Wishes ofItems() {
            return new Wishes(null, range, oneOf, oneLine, unsigned);
        }
    }

    private Values() {}

    static Value of(RecordComponent component, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("records are at most " + MAX_DEPTH + " deep, so none may hold itself: "
                    + component.getDeclaringRecord().getName());
        }
        Wishes wishes = new Wishes(
                component.getAnnotation(Length.class),
                component.getAnnotation(Range.class),
                component.getAnnotation(OneOf.class),
                component.isAnnotationPresent(OneLine.class),
                component.isAnnotationPresent(Unsigned.class));
        try {
            return of(component.getGenericType(), wishes, depth);
        } catch (UnsupportedType unsupported) {
            throw unsupported.in(component);
        }
    }

    private static Value of(Type type, Wishes wishes, int depth) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            Value item = of(list.getActualTypeArguments()[0], wishes.ofItems(), depth);
            if (item.leastBytes() == 0) {
                throw new UnsupportedType("a list of records without components");
            }
            return new Items(item, wishes.length);
        }
        Value number = type instanceof Class<?> primitive ? number(primitive, wishes) : null;
        if (number != null) {
            return number;
        }
        if (wishes.unsigned) {
            throw new UnsupportedType("@Unsigned for what is no whole number: " + type.getTypeName());
        }
        if (type == String.class) {
            return new Text(
                    wishes.length, wishes.oneOf == null ? List.of() : List.of(wishes.oneOf.value()), wishes.oneLine);
        }
        if (type == boolean.class || type == Boolean.class) {
            return new Flag();
        }
        if (type == Buffer.class) {
            return new Octets(wishes.length);
        }
        if (type instanceof Class<?> record && record.isRecord()) {
            Shape shape = Shape.of(record, depth + 1);
            return record.isAnnotationPresent(DecimalText.class) ? new Decimal(shape) : shape;
        }
        if (type instanceof Class<?> constants && constants.isEnum()) {
            return new Constant(constants);
        }
        throw new UnsupportedType(type.getTypeName());
    }

    private static @Nullable Value number(Class<?> type, Wishes wishes) {
        if (type == float.class || type == Float.class || type == double.class || type == Double.class) {
            if (wishes.unsigned) {
                throw new UnsupportedType("@Unsigned for what is no whole number: " + type.getTypeName());
            }
            return new Real(wishes.range, type == float.class || type == Float.class);
        }
        int bits = 0;
        if (type == byte.class || type == Byte.class) {
            bits = Byte.SIZE;
        } else if (type == short.class || type == Short.class) {
            bits = Short.SIZE;
        } else if (type == int.class || type == Integer.class) {
            bits = Integer.SIZE;
        } else if (type == long.class || type == Long.class) {
            bits = Long.SIZE;
        }
        return bits == 0 ? null : new Whole(wishes.range, bits, wishes.unsigned);
    }

    /** Becomes an {@link IllegalArgumentException} that names the component. */
    private static final class UnsupportedType extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnsupportedType(String type) {
            super(type);
        }

        IllegalArgumentException in(RecordComponent component) {
            return new IllegalArgumentException(
                    component.getDeclaringRecord().getName() + "." + component.getName() + " cannot be " + getMessage()
                            + ": there are String, boolean, byte, short, int, long, float, double, Buffer, enums, records"
                            + " and lists of these");
        }
    }
}
