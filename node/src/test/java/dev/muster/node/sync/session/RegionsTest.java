package dev.muster.node.sync.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.sync.Sync.Point;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever regions there are: around a point those are found that have it, and no others. */
class RegionsTest {

    private record Box(Point min, Point max) {}

    @Property(tries = 500)
    void those_around_a_point_are_found(@ForAll long seed) {
        Random random = new Random(seed);
        Regions regions = new Regions();
        Map<Shape, Box> all = new LinkedHashMap<>();
        TableScene scene = null;
        for (int i = 0; i < 60; i++) {
            if (random.nextInt(4) == 0 && !all.isEmpty()) {
                Shape gone = all.keySet().iterator().next();
                all.remove(gone);
                regions.remove(gone);
            } else {
                Box box = box(random);
                Shape shape = new Shape(
                        new Shape.Id(new TextWire(), i, "*", null, Filter.NONE), scene, new Shapes(scene, null));
                all.put(shape, box);
                regions.add(shape, box.min(), box.max());
            }
            Point point = point(random);
            Set<Shape> found = new HashSet<>();
            assertThat(regions.any(point, shape -> !found.add(shape))).isFalse();
            assertThat(found).isEqualTo(around(all, point));
            assertThat(regions.any(point, shape -> true)).isEqualTo(!found.isEmpty());
        }
    }

    /** Small ones, some that are very wide, and some that have no end on an axis. */
    private static Box box(Random random) {
        double[] min = new double[3];
        double[] max = new double[3];
        for (int i = 0; i < 3; i++) {
            double width = random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(6);
            min[i] = random.nextInt(100) - 50;
            max[i] = min[i] + width;
            if (random.nextInt(5) == 0) {
                min[i] = Double.NEGATIVE_INFINITY;
            }
            if (random.nextInt(5) == 0) {
                max[i] = Double.POSITIVE_INFINITY;
            }
        }
        return new Box(new Point(min[0], min[1], min[2]), new Point(max[0], max[1], max[2]));
    }

    private static Point point(Random random) {
        double odd = List.of(Double.NaN, Double.POSITIVE_INFINITY, 1e300).get(random.nextInt(3));
        return new Point(
                random.nextInt(20) == 0 ? odd : random.nextInt(100) - 50,
                random.nextInt(20) == 0 ? odd : random.nextInt(100) - 50,
                random.nextInt(20) == 0 ? odd : random.nextInt(100) - 50);
    }

    private static Set<Shape> around(Map<Shape, Box> all, Point point) {
        Set<Shape> around = new HashSet<>();
        all.forEach((shape, box) -> {
            if (box.min().x() <= point.x()
                    && point.x() <= box.max().x()
                    && box.min().y() <= point.y()
                    && point.y() <= box.max().y()
                    && box.min().z() <= point.z()
                    && point.z() <= box.max().z()) {
                around.add(shape);
            }
        });
        return around;
    }
}
