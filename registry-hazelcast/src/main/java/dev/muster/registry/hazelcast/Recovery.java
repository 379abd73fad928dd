package dev.muster.registry.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.hazelcast.Roster.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps by which a node finds out where it stands and takes its place. Every method blocks; for one worker. */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private static final long ASK_MILLIS = 1_000;
    private static final int ASK_TIMES = 3;
    private static final int PROBE_MILLIS = 500;
    private static final long CALL_SECONDS = 10;

    /** What a member says first on a connection to another, and the other first answers. */
    private static final String MEMBER_PROTOCOL = "HZC";

    private static final long BALANCE_NANOS = 3_000_000_000L;
    private static final long POLL_NANOS = 10_000_000;

    private final Core core;

    Recovery(Core core) {
        this.core = core;
    }

    /**
     * Takes the node's name in the cluster.
     *
     * @param before the incarnation this node was; its own for the first time
     * @throws RegistryException with REJECTED if another live node has the name
     */
    Roster claim(NodeId node, NodeId before) throws InterruptedException {
        EmbeddedMember member = core.member();
        Roster roster = get(member.roster(RosterCall.claim(
                        node, member.id(), before, core.context().timings().lease()))
                .toCompletableFuture());
        if (roster.status() == Status.IN_USE) {
            throw new RegistryException(
                    Reason.REJECTED,
                    "the node name \"" + node.name() + "\" is in use by a live node; give this one another name");
        }
        if (roster.status() != Status.DONE) {
            throw Failures.refused();
        }
        return roster;
    }

    static <T> T get(CompletableFuture<T> answer) throws InterruptedException {
        try {
            return answer.get(CALL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw Failures.of(failure);
        } catch (TimeoutException late) {
            throw new RegistryException(Reason.TIMEOUT, "the cluster does not answer", late);
        }
    }

    boolean hasQuorum() {
        return core.member().size() >= core.options().quorum();
    }

    /**
     * After this node stood still: whether its member is still in the cluster. If those who were there before do not
     * count it in any more, but live, then what this member keeps is a fork of what they keep, and worthless.
     *
     * @param companions the other members while all was well
     */
    boolean stillIn(List<Member> companions) throws InterruptedException {
        if (companions.isEmpty()) {
            return true;
        }
        EmbeddedMember member = core.member();
        for (int attempt = 0; attempt < ASK_TIMES; attempt++) {
            List<Member> others = member.others();
            if (others.isEmpty()) {
                break;
            }
            List<CompletableFuture<Object>> answers = new ArrayList<>();
            others.forEach(other -> answers.add(member.ask(other, Note.isMember(member.id()))));
            int yes = 0;
            for (CompletableFuture<Object> answer : answers) {
                if (Boolean.TRUE.equals(within(answer))) {
                    yes++;
                }
            }
            if (yes == others.size()) {
                return true;
            }
        }
        for (Member companion : companions) {
            if (lives(companion.getAddress())) {
                LOG.info("The other nodes went on without this one, joining them anew");
                return false;
            }
        }
        LOG.info("The other nodes are gone, going on without them");
        return true;
    }

    private static Object within(CompletableFuture<Object> answer) throws InterruptedException {
        try {
            return answer.get(ASK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException noAnswer) {
            return false;
        }
    }

    /** Whether a member answers there. One that stands still accepts connections too, but says nothing. */
    private static boolean lives(Address address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getInetAddress(), address.getPort()), PROBE_MILLIS);
            socket.setSoTimeout(PROBE_MILLIS);
            socket.getOutputStream().write(MEMBER_PROTOCOL.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException refused) {
            return false;
        }
    }

    /**
     * Waits until this member has its share of the partitions and each has its backup, so that what comes next is not
     * slowed down by their moving. A cluster that holds a lot goes on moving in the background.
     */
    void awaitBalance() throws InterruptedException {
        EmbeddedMember member = core.member();
        long until = System.nanoTime() + BALANCE_NANOS;
        while (!member.isBalanced() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /**
     * Everything this node held leaves, before the node itself does (R25). What does not fit the time-out is left to
     * the others.
     */
    void leave() throws InterruptedException {
        EmbeddedMember member = core.member();
        if (member.others().isEmpty()) {
            // What is kept ends with this member, and nobody is there to be told.
            return;
        }
        long until =
                System.nanoTime() + core.context().timings().operationTimeout().toNanos();
        boolean clean = new Departure(core).within(until);
        NodeId self = core.self();
        try {
            get(member.roster(RosterCall.leave(self)).toCompletableFuture());
            if (clean) {
                get(member.roster(RosterCall.swept(self)).toCompletableFuture());
            }
            member.tellOthers(Note.rosterChanged()).get(ASK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RegistryException | ExecutionException | TimeoutException failure) {
            LOG.debug("Left without telling everybody, the others notice by themselves", failure);
        }
    }
}
