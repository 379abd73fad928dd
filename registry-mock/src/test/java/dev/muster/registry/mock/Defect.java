package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.tck.RegistryFixture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Ways to break the contract, each with the test of the kit that is there to catch it. */
enum Defect {
    ANSWERS_ANYWHERE("r01_futures_complete_on_the_context_of_the_caller", BrokenDirectories.AnswersAnywhere::new),
    HANGS("r01_r02_no_operation_blocks_or_stays_pending_while_the_backend_hangs", BrokenDirectories.Hangs::new),
    NEVER_CLOSED("r03_after_close_every_operation_fails_with_closed", BrokenDirectories.NeverClosed::new),
    LEAVES_THE_UNKNOWN("r04_leave_and_unregister_of_the_unknown_answer_false", BrokenDirectories.LeavesTheUnknown::new),
    JOINS_THE_UNKNOWN(
            "r05_joining_with_an_unknown_connection_fails_and_leaves_nothing", BrokenDirectories.JoinsTheUnknown::new),
    REMOVES_NEWER_RECORDS(
            "r06_unregister_does_not_remove_a_record_that_another_node_registered_later",
            BrokenDirectories.RemovesNewerRecords::new),
    FORGETS_MEMBERS(
            "r07_join_is_visible_on_every_node_when_its_future_completes", BrokenDirectories.ForgetsMembers::new),
    LEAKS_GROUPS("r08_nothing_remains_of_groups_that_stay_empty", BrokenDirectories.LeaksGroups::new),
    JOINS_ANEW("r09_each_real_change_is_one_publication_and_repetitions_are_none", BrokenDirectories.JoinsAnew::new),
    FOLDS_NAMES("r10_any_legal_group_name_has_members_and_a_log_of_its_own", BrokenDirectories.FoldsNames::new),
    COUNTS_ALL_GROUPS_TOGETHER("r11_groups_have_sequences_of_their_own", BrokenPublishing.CountsAllGroupsTogether::new),
    WATCHES_TOO_LATE(
            "r12_everything_after_the_position_of_watch_is_delivered_while_others_publish",
            BrokenPublishing.WatchesTooLate::new),
    ECHO_MISSING("r13_the_publishers_node_hears_its_own_in_order_with_the_others", BrokenPublishing.EchoMissing::new),
    REORDERS(
            "r14_publishes_issued_in_order_without_waiting_get_positions_in_that_order",
            BrokenPublishing.Reorders::new),
    DUPLICATES("r14_the_same_message_id_is_published_once", BrokenPublishing.Duplicates::new),
    LOGS_FAST_ONES("r15_a_fast_publication_has_no_position_and_is_in_no_log", BrokenPublishing.LogsFastOnes::new),
    IGNORES_EPOCHS(
            "r16_a_position_that_a_rollback_took_away_is_never_called_complete", BrokenPublishing.IgnoresEpochs::new),
    HIDES_TRIMMING(
            "r16_the_history_of_the_policy_is_kept_and_what_is_beyond_is_said_to_be_trimmed",
            BrokenPublishing.HidesTrimming::new),
    IGNORES_REVISIONS(
            "r17_an_expected_revision_that_differs_is_a_conflict_without_any_effect",
            BrokenPublishing.IgnoresRevisions::new),
    TAKES_BYTES_FOR_TEXT("r18_payloads_of_every_size_arrive_unchanged", BrokenPublishing.TakesBytesForText::new),
    BROADCASTS_BYTES("r19_send_to_nobody_answers_false", BrokenDirectories.BroadcastsBytes::new),
    LEAVES_TWICE(
            "r20_a_killed_node_is_gone_everywhere_with_exactly_one_leave_per_membership",
            BrokenClusters.LeavesTwice::new),
    NEVER_SWEEPS(
            "r20_a_killed_node_is_gone_everywhere_with_exactly_one_leave_per_membership",
            BrokenClusters.NeverSweeps::new),
    NO_PAUSE_GUARD(
            "r20_a_stall_of_the_backend_longer_than_all_leases_kicks_nobody_out", BrokenClusters.NoPauseGuard::new),
    REVIVES_THE_DEAD(
            "r21_a_node_frozen_beyond_its_lease_comes_back_as_another_with_all_its_members",
            BrokenClusters.RevivesTheDead::new),
    REPEATS_ITSELF(
            "r22_the_loss_is_told_once_operations_fail_fast_and_so_is_the_return", BrokenPublishing.RepeatsItself::new),
    FORGETS_WITH_THE_BACKEND(
            "r22_after_a_loss_of_all_data_what_the_nodes_hold_is_there_again_in_silence",
            BrokenClusters.ForgetsWithTheBackend::new),
    HIDES_BROKEN_LINKS(
            "r22_a_link_that_broke_is_told_of_and_what_it_missed_is_read", BrokenPublishing.HidesBrokenLinks::new),
    GIVES_UP_ON_LISTENERS("r23_a_listener_that_throws_is_called_again", BrokenPublishing.GivesUpOnListeners::new),
    ONE_FOR_ALL("r24_two_namespaces_on_one_backend_never_see_each_other", BrokenClusters.OneForAll::new),
    CLOSES_WITHOUT_LEAVING(
            "r25_close_leaves_all_groups_before_it_completes", BrokenDirectories.ClosesWithoutLeaving::new);

    private final String caughtBy;
    private final Supplier<RegistryFixture> fixture;

    Defect(String caughtBy, Supplier<RegistryFixture> fixture) {
        this.caughtBy = caughtBy;
        this.fixture = fixture;
    }

    Defect(String caughtBy, Function<ConnectionRegistry, ConnectionRegistry> broken) {
        this(caughtBy, (cluster, sound) -> broken.apply(sound));
    }

    Defect(String caughtBy, BiFunction<InMemoryCluster, ConnectionRegistry, ConnectionRegistry> broken) {
        this(caughtBy, () -> new MemoryFixture(MemoryFixture.IMPATIENT) {
            @Override
            ConnectionRegistry registry(InMemoryCluster cluster, RegistryContext context) {
                return broken.apply(cluster, super.registry(cluster, context));
            }
        });
    }

    /** The method of the kit that has to fail. */
    String caughtBy() {
        return caughtBy;
    }

    RegistryFixture fixture() {
        return fixture.get();
    }
}
