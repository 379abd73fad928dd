package dev.muster.node.sync.session;

import dev.muster.node.sync.Sync.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Shapes by the regions that they are about: finds those around a point without looking at all. On the space's loop.
 *
 * <p>Regions are mostly of about one size, what somebody sees. So they are kept in the order of where they begin on one axis:
 * from the last one that begins before a point it is not far back to where none reaches it any more. The few that are much
 * wider are looked at one by one.
 */
final class Regions {

    /** Times the median width; what is wider would make every look longer. */
    private static final double MUCH_WIDER = 8;

    private static final List<ToDoubleFunction<Point>> AXES = List.of(Point::x, Point::y, Point::z);

    private record Area(Shape shape, Point min, Point max) {

        boolean contains(Point point) {
            return min.x() <= point.x()
                    && point.x() <= max.x()
                    && min.y() <= point.y()
                    && point.y() <= max.y()
                    && min.z() <= point.z()
                    && point.z() <= max.z();
        }

        double width(ToDoubleFunction<Point> axis) {
            return axis.applyAsDouble(max) - axis.applyAsDouble(min);
        }
    }

    private final Map<Shape, Area> all = new LinkedHashMap<>();

    // ---- made of these when the first looks ----
    private boolean stale;
    private ToDoubleFunction<Point> axis = Point::x;
    private List<Area> wide = List.of();
    private Area[] narrow = {};
    private double[] starts = {};
    /** How far those reach that begin there or before. */
    private double[] reach = {};

    void add(Shape shape, Point min, Point max) {
        all.put(shape, new Area(shape, min, max));
        stale = true;
    }

    void remove(Shape shape) {
        all.remove(shape);
        stale = true;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Shows the shapes whose region, or the box around it, has a point.
     *
     * @param found true if it has seen enough
     * @return whether it had
     */
    boolean any(Point point, Predicate<Shape> found) {
        if (stale) {
            arrange();
        }
        for (Area area : wide) {
            if (area.contains(point) && found.test(area.shape())) {
                return true;
            }
        }
        double at = axis.applyAsDouble(point);
        for (int i = lastStart(at); i >= 0 && reach[i] >= at; i--) {
            if (narrow[i].contains(point) && found.test(narrow[i].shape())) {
                return true;
            }
        }
        return false;
    }

    /** The last region that begins there or before; -1 if none does. */
    private int lastStart(double at) {
        int low = 0;
        int high = starts.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (starts[middle] <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private void arrange() {
        stale = false;
        double best = -1;
        for (ToDoubleFunction<Point> each : AXES) {
            double spread = spread(each);
            if (spread > best) {
                best = spread;
                axis = each;
            }
        }
        double most = MUCH_WIDER * medianWidth(axis);
        wide = new ArrayList<>();
        List<Area> others = new ArrayList<>();
        all.values().forEach(area -> (isWide(area, most) ? wide : others).add(area));
        others.sort(Comparator.comparingDouble(area -> axis.applyAsDouble(area.min())));
        narrow = others.toArray(Area[]::new);
        starts = others.stream()
                .mapToDouble(area -> axis.applyAsDouble(area.min()))
                .toArray();
        reach = new double[narrow.length];
        for (int i = 0; i < reach.length; i++) {
            double end = axis.applyAsDouble(narrow[i].max());
            reach[i] = i == 0 ? end : Math.max(end, reach[i - 1]);
        }
    }

    private boolean isWide(Area area, double most) {
        double width = area.width(axis);
        return width > most || Double.isInfinite(width);
    }

    private double medianWidth(ToDoubleFunction<Point> along) {
        double[] widths =
                all.values().stream().mapToDouble(area -> area.width(along)).toArray();
        Arrays.sort(widths);
        return widths.length == 0 ? 0 : widths[widths.length / 2];
    }

    /** How far the regions are apart on an axis, in widths; 0 if most of them have no end there. */
    private double spread(ToDoubleFunction<Point> along) {
        double width = medianWidth(along);
        if (Double.isInfinite(width)) {
            return 0;
        }
        double[] starts = all.values().stream()
                .mapToDouble(area -> along.applyAsDouble(area.min()))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        return starts.length == 0 ? 0 : (starts[starts.length - 1] - starts[0]) / Math.max(width, Double.MIN_NORMAL);
    }
}
