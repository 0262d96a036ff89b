// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/** What the live view shows, and what its keys do; knows no terminal. Belongs to the thread that reports. */
final class MonitorScreen {
    /** In the order in which the key goes through them. */
    enum Order {
        STATE,
        GIVEN,
        LOSS,
        TIME,
        NAME
    }

    private static final String[] HELP = {
        "  up, down, page up, page down   choose a target",
        "  Enter    its latest round-trip times as a graph, its losses and outages; Esc goes back",
        "  t        trace it: the hops to it, once",
        "  s        sort by state, as given, by loss, by time, by name",
        "  /        show only targets whose name or label has some letters; Enter ends, Esc shows all",
        "  p        pause the screen; the requests continue",
        "  r        forget what was counted",
        "  q        quit",
        "",
        "  loss is that of the last minute. local counts the requests that tell nothing of the host, because",
        "  this computer dropped packets or did not send them: they never make a host down."
    };

    private static final String BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
    private static final String PLAIN_BARS = ".:-=+*%#";
    private static final int GRAPH_ROWS = 8;
    private static final int FIXED_COLUMNS = 58;
    private static final int NARROWEST_NAME = 15;

    private final List<HostHistory> hosts;
    private final boolean colours;
    private final String bars;
    private final Instant started = Instant.now();
    private @Nullable Function<Target, TraceView> tracer;
    private List<HostHistory> shown = new ArrayList<>();
    private @Nullable HostHistory chosen;
    private Order order = Order.STATE;
    private String filter = "";
    private boolean filtering;
    private boolean detail;
    private boolean help;
    private boolean paused;
    private boolean quit;
    private int top;
    private int rows = 1;
    private @Nullable TraceView trace;

    /** A trace that is under way or done. */
    interface TraceView {
        /** {@return what is known of the path so far} */
        String text();

        void cancel();
    }

    /**
     * Constructs the view.
     *
     * @param unicode whether the terminal shows more than ASCII
     */
    MonitorScreen(List<HostHistory> hosts, boolean colours, boolean unicode) {
        this.hosts = hosts;
        this.colours = colours;
        this.bars = unicode ? BARS : PLAIN_BARS;
    }

    /** Says how a target is traced. */
    void tracer(Function<Target, TraceView> value) {
        tracer = value;
    }

    boolean isQuit() {
        return quit;
    }

    boolean isPaused() {
        return paused;
    }

    /** Does what a key means; one that means nothing is ignored. */
    void key(Key key) {
        if (filtering) {
            filter(key);
            return;
        }
        if (help && (key.letter() == '?' || key.named() == Key.Named.ESCAPE)) {
            help = false;
            return;
        }
        switch (key.named()) {
            case UP -> choose(-1);
            case DOWN -> choose(1);
            case PAGE_UP -> choose(-rows);
            case PAGE_DOWN -> choose(rows);
            case ENTER -> detail = !detail;
            case ESCAPE -> back();
            case LETTER -> letter(key.letter());
            default -> {
                // Backspace means nothing here.
            }
        }
    }

    private void letter(int letter) {
        switch (letter) {
            case 'q' -> quit = true;
            case 'p' -> paused = !paused;
            case 'r' -> hosts.forEach(HostHistory::reset);
            case 's' -> sort();
            case '/' -> filtering = true;
            case '?' -> help = true;
            case 't' -> trace();
            default -> {
                // Not a key of ours.
            }
        }
    }

    private void sort() {
        List<Order> all = List.of(Order.values());
        order = all.get((all.indexOf(order) + 1) % all.size());
    }

    /** Finds each key once: a comparison that looks at the clock may contradict an earlier one. */
    private void sort(List<HostHistory> all) {
        switch (order) {
            case STATE -> all.sort(Comparator.comparing(HostHistory::state));
            case LOSS -> sortDown(all, MonitorScreen::loss);
            case TIME -> sortDown(all, host -> host.times().mean());
            case NAME -> all.sort(Comparator.comparing(host -> host.target().shown()));
            case GIVEN -> {
                // They are as they were given.
            }
        }
    }

    private static void sortDown(List<HostHistory> all, ToDoubleFunction<HostHistory> key) {
        Map<HostHistory, Double> keys = new HashMap<>();
        all.forEach(host -> keys.put(host, key.applyAsDouble(host)));
        all.sort(Comparator.<HostHistory, Double>comparing(keys::get).reversed());
    }

    private void filter(Key key) {
        switch (key.named()) {
            case ENTER -> filtering = false;
            case ESCAPE -> {
                filtering = false;
                filter = "";
            }
            case BACKSPACE -> filter = filter.isEmpty() ? "" : filter.substring(0, filter.length() - 1);
            case LETTER -> filter += key.letter() >= ' ' ? Character.toString(key.letter()) : "";
            default -> {
                // Arrows do not move in so short a text.
            }
        }
        top = 0;
    }

    private void back() {
        stopTrace();
        detail = false;
        filter = "";
    }

    private void choose(int step) {
        int index = Math.max(0, shown.indexOf(chosen));
        if (!shown.isEmpty()) {
            chosen = shown.get(Math.max(0, Math.min(shown.size() - 1, index + step)));
        }
        stopTrace();
    }

    private void trace() {
        stopTrace();
        HostHistory host = chosen;
        if (host != null && tracer != null && host.target().isResolved()) {
            trace = tracer.apply(host.target());
            detail = true;
        }
    }

    private void stopTrace() {
        if (trace != null) {
            trace.cancel();
            trace = null;
        }
    }

    private static double loss(HostHistory host) {
        long now = System.nanoTime();
        long asked = host.minute().asked(now);
        return asked == 0 ? 0 : (double) host.minute().lost(now) / asked;
    }

    /** {@return the screen, at most as many lines as there are rows, each at most as wide as the screen} */
    List<AttributedString> lines(int columns, int height) {
        List<AttributedString> lines = new ArrayList<>(height);
        List<HostHistory> matching = new ArrayList<>();
        String wanted = filter.toLowerCase(Locale.ROOT);
        for (HostHistory host : hosts) {
            if (wanted.isEmpty() || has(host.target(), wanted)) {
                matching.add(host);
            }
        }
        sort(matching);
        shown = matching;
        if (!shown.contains(chosen)) {
            chosen = shown.isEmpty() ? null : shown.get(0);
        }
        lines.add(header());
        if (help) {
            for (String line : HELP) {
                lines.add(new AttributedString(line));
            }
        } else if (detail && chosen != null) {
            detail(lines, chosen, columns);
        } else {
            table(lines, columns, Math.max(1, height - 3));
        }
        while (lines.size() < height - 1) {
            lines.add(AttributedString.EMPTY);
        }
        List<AttributedString> all = new ArrayList<>(lines.subList(0, Math.max(0, height - 1)));
        all.add(footer());
        all.replaceAll(line -> line.columnSubSequence(0, columns));
        return all;
    }

    private static boolean has(Target target, String wanted) {
        return (target.shown() + " " + target.label()).toLowerCase(Locale.ROOT).contains(wanted);
    }

    private AttributedString header() {
        Map<HostState, Integer> counts = new EnumMap<>(HostState.class);
        hosts.forEach(host -> counts.merge(host.state(), 1, Integer::sum));
        AttributedStringBuilder line = new AttributedStringBuilder()
                .append("netecho monitor  " + hosts.size() + (hosts.size() == 1 ? " target  " : " targets  "));
        counts.forEach((state, number) -> line.append(number + " " + JsonReport.lowerCase(state) + "  ", style(state)));
        Duration running = Duration.between(started, Instant.now());
        return line.append(running.toMinutes() + " min" + (paused ? "  PAUSED" : ""))
                .toAttributedString();
    }

    private AttributedString footer() {
        if (filtering) {
            return new AttributedString("show only: " + filter + "_");
        }
        return new AttributedString("q quit  ? help  Enter details  t trace  s sort: " + JsonReport.lowerCase(order)
                + (filter.isEmpty() ? "" : "  showing \"" + filter + "\"; Esc shows all"));
    }

    private void table(List<AttributedString> lines, int columns, int height) {
        rows = height;
        int name = NARROWEST_NAME;
        for (HostHistory host : shown) {
            name = Math.max(name, host.target().shown().length());
        }
        name = Math.min(name, Math.max(NARROWEST_NAME, columns - FIXED_COLUMNS - 10));
        lines.add(bold(pad("state", 10) + pad("target", name) + left("loss", 6) + left("last", 9) + left("avg", 9)
                + left("p95", 9) + left("local", 7) + "  "));
        int index = Math.max(0, shown.indexOf(chosen));
        top = Math.max(Math.min(top, index), index - height + 1);
        top = Math.max(0, Math.min(top, shown.size() - height));
        long now = System.nanoTime();
        for (HostHistory host : shown.subList(top, Math.min(shown.size(), top + height))) {
            RttStatistics times = host.times();
            AttributedStringBuilder line = new AttributedStringBuilder()
                    .append(pad(JsonReport.lowerCase(host.state()), 10), style(host.state()))
                    .append(pad(cut(host.target().shown(), name), name), host == chosen ? chosen() : plain())
                    .append(left(host.minute().percent(now), 6))
                    .append(left(millis(host.last()), 9))
                    .append(left(times.isEmpty() ? "-" : millis(times.mean()), 9))
                    .append(left(millis(host.p95()), 9))
                    .append(left(host.untold() == 0 ? "-" : Long.toString(host.untold()), 7), untold(host.untold() > 0))
                    .append("  ");
            sparkline(line, host.recent(), Math.max(0, columns - line.columnLength()));
            lines.add(line.toAttributedString());
        }
        if (shown.isEmpty()) {
            lines.add(new AttributedString("no target has \"" + filter + "\" in its name or label"));
        }
    }

    private void sparkline(AttributedStringBuilder line, long[] samples, int columns) {
        long least = Long.MAX_VALUE;
        long most = 0;
        int first = Math.max(0, samples.length - columns);
        for (int i = first; i < samples.length; i++) {
            if (samples[i] > 0) {
                least = Math.min(least, samples[i]);
                most = Math.max(most, samples[i]);
            }
        }
        for (int i = first; i < samples.length; i++) {
            if (samples[i] == HostHistory.LOST) {
                line.append("x", style(HostState.DOWN));
            } else if (samples[i] == HostHistory.UNTOLD) {
                line.append("?", untold(true));
            } else {
                line.append(bars.charAt(level(samples[i], least, most, bars.length())));
            }
        }
    }

    /** Small differences must not look large: a time counts as high only if it is a tenth above the lowest. */
    private static int level(long sample, long least, long most, int levels) {
        long range = Math.max(most - least, least / 10 + 1);
        return (int) Math.min(levels - 1L, (sample - least) * levels / range);
    }

    private void detail(List<AttributedString> lines, HostHistory host, int columns) {
        Target target = host.target();
        long now = System.nanoTime();
        lines.add(new AttributedStringBuilder()
                .append(target.shown() + (target.label().isEmpty() ? "" : "  " + OneLine.of(target.label())) + "  ")
                .append(JsonReport.lowerCase(host.state()), style(host.state()))
                .append(host.why().isEmpty() ? "" : " (" + host.why() + ")")
                .toAttributedString());
        lines.add(new AttributedString("loss: " + host.minute().percent(now) + " of a minute, "
                + host.hour().percent(now) + " of an hour, " + host.day().percent(now) + " of a day"
                + (host.untold() == 0 ? "" : "; " + host.untold() + " requests told nothing of it")));
        RttStatistics times = host.times();
        if (!times.isEmpty()) {
            lines.add(new AttributedString("ms: last " + millis(host.last()) + ", best " + millis(times.min())
                    + ", avg " + millis(times.mean()) + ", p95 " + millis(host.p95()) + ", worst "
                    + millis(times.max())));
            graph(lines, host.recent(), times, columns);
        }
        HostHistory.Outage[] outages = host.outages();
        for (int i = outages.length - 1; i >= Math.max(0, outages.length - 5); i--) {
            Instant until = outages[i].until();
            lines.add(new AttributedString("outage from " + seconds(outages[i].from())
                    + (until == null ? " until now" : " until " + seconds(until)) + ": " + outages[i].why()));
        }
        TraceView path = trace;
        if (path != null) {
            lines.add(AttributedString.EMPTY);
            path.text().lines().forEach(line -> lines.add(new AttributedString(line)));
        }
    }

    private static String seconds(Instant moment) {
        return Instant.ofEpochSecond(moment.getEpochSecond()).toString();
    }

    private void graph(List<AttributedString> lines, long[] samples, RttStatistics times, int columns) {
        int width = Math.max(1, Math.min(samples.length, columns - 12));
        long range = Math.max(1, times.max() - times.min());
        for (int row = GRAPH_ROWS - 1; row >= 0; row--) {
            long level = times.min() + range * row / (GRAPH_ROWS - 1);
            AttributedStringBuilder line = new AttributedStringBuilder().append(left(millis(level), 9) + " |");
            for (int i = samples.length - width; i < samples.length; i++) {
                if (samples[i] == HostHistory.LOST) {
                    line.append("x", style(HostState.DOWN));
                } else if (samples[i] == HostHistory.UNTOLD) {
                    line.append(row == 0 ? "?" : " ", untold(true));
                } else {
                    long height = (samples[i] - times.min()) * (GRAPH_ROWS - 1) / range;
                    line.append(height == row ? "*" : height > row ? "|" : " ");
                }
            }
            lines.add(line.toAttributedString());
        }
    }

    private static String millis(long nanos) {
        return nanos <= 0 ? "-" : Decimals.shortMillis(nanos);
    }

    private AttributedString bold(String text) {
        return new AttributedString(text, colours ? AttributedStyle.BOLD : AttributedStyle.DEFAULT);
    }

    private static AttributedStyle plain() {
        return AttributedStyle.DEFAULT;
    }

    /** Not a colour: it must be seen without colours as well. */
    private static AttributedStyle chosen() {
        return AttributedStyle.INVERSE;
    }

    /** Plain colours, readable on light and on dark. */
    private AttributedStyle style(HostState state) {
        int colour = switch (state) {
            case DOWN -> AttributedStyle.RED;
            case DEGRADED -> AttributedStyle.YELLOW;
            case UNKNOWN -> AttributedStyle.CYAN;
            case UP -> AttributedStyle.GREEN;
        };
        return colours ? AttributedStyle.DEFAULT.foreground(colour) : AttributedStyle.DEFAULT;
    }

    private AttributedStyle untold(boolean any) {
        return colours && any ? AttributedStyle.DEFAULT.foreground(AttributedStyle.MAGENTA) : AttributedStyle.DEFAULT;
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 3) + "...";
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String left(String text, int width) {
        return " ".repeat(Math.max(1, width - text.length())) + text;
    }
}
