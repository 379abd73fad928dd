package dev.muster.node.ops;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Times as Prometheus has them: a bucket for each doubling from 64 µs to 4 s, so that the bounds are exact. Not made
 * by Micrometer, whose timers would begin to count only when somebody first asks.
 */
final class Histogram implements Collector {

    /** 2⁶ µs. */
    private static final int FIRST = 6;
    /** 2²² µs. */
    private static final int LAST = 22;

    private final String name;
    private final String help;
    private final Map<Labels, LatencyFigures> figures = new LinkedHashMap<>();

    /**
     * @param name as Prometheus sees it, with its unit
     */
    Histogram(String name, String help) {
        this.name = name;
        this.help = help;
    }

    Histogram with(LatencyFigures times, String... labels) {
        figures.put(Labels.of(labels), times);
        return this;
    }

    @Override
    public MetricSnapshot collect() {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder().name(name).help(help);
        figures.forEach((labels, times) -> histogram.dataPoint(HistogramDataPointSnapshot.builder()
                .labels(labels)
                .sum(times.seconds())
                .classicHistogramBuckets(buckets(times))
                .build()));
        return histogram.build();
    }

    private static ClassicHistogramBuckets buckets(LatencyFigures times) {
        long[] counts = times.counts(FIRST, LAST);
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < counts.length; i++) {
            buckets.bucket(bound(FIRST + i), counts[i]);
        }
        return buckets.build();
    }

    private static double bound(int doublings) {
        return doublings > LAST ? Double.POSITIVE_INFINITY : (1L << doublings) / 1e6;
    }
}
