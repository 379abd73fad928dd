package dev.muster.registry.tck;

import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.Slice.Completeness;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a node's feed of one group brought so far. */
public final class FeedLog {

    /**
     * A break in the feed.
     *
     * @param at where it goes on
     * @param why it broke
     */
    public record Reset(Position at, Completeness why) {}

    private final List<Publication> publications = new ArrayList<>();
    private final List<Reset> resets = new ArrayList<>();
    private int membersResets;

    synchronized void add(Publication publication) {
        publications.add(publication);
    }

    synchronized void addReset(Position at, Completeness why) {
        resets.add(new Reset(at, why));
    }

    synchronized void addMembersReset() {
        membersResets++;
    }

    /** The sequenced publications, in the order they were fed. */
    public synchronized List<Publication> ordered() {
        return publications.stream().filter(each -> !each.fast()).toList();
    }

    /** The publications outside the order. */
    public synchronized List<Publication> fast() {
        return publications.stream().filter(Publication::fast).toList();
    }

    /** The sequenced publications of one kind. */
    public List<Publication> of(Kind kind) {
        return ordered().stream().filter(each -> each.kind() == kind).toList();
    }

    /** The payloads of the messages as text. */
    public List<String> texts() {
        return of(Kind.MESSAGE).stream().map(each -> each.payload().toString()).toList();
    }

    /** The connection ids of JOINED or LEFT, in order. */
    public List<String> ids(Kind kind) {
        return of(kind).stream()
                .map(each -> Objects.requireNonNull(each.member()).connectionId())
                .toList();
    }

    /** The positions of the sequenced publications. */
    public List<Position> positions() {
        return ordered().stream()
                .map(each -> Objects.requireNonNull(each.position()))
                .toList();
    }

    /** Where the feed broke. */
    public synchronized List<Reset> resets() {
        return List.copyOf(resets);
    }

    /** How often only changes of membership were lost. */
    public synchronized int membersResets() {
        return membersResets;
    }
}
