package dev.keg.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.repository.rest.Grace;
import dev.keg.error.BackupException.BackupWithdrawn;
import dev.keg.error.BackupException.RepositoryFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two processes in one repository, one of which may die: after any event at any step, every
 * existing backup can be restored, and in the end no garbage is left.
 */
class InterleavingTest {
  private static final int FEWEST_STEPS = 6;

  private final Scene scene = new Scene();

  /** The action of a test at each step; false after the last step. */
  private interface Run {
    boolean at(int step, Scene scene) throws IOException;
  }

  private static void eachStep(Run run) throws IOException {
    int step = 1;
    while (run.at(step, new Scene())) {
      step++;
    }
    assertThat(step).isGreaterThan(FEWEST_STEPS);
  }

  @Test
  void a_forget_that_dies_at_any_step_is_finished_by_the_next() throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord old = scene.backUp("db");
          BackupRecord victim = scene.backUp("db");
          BackupRecord child = scene.backUp("db", victim);
          scene.repository.forget(List.of(old.id()));
          scene.clock.advance(Duration.ofDays(2));
          boolean died = dies(step, scene, () -> scene.repository.forget(List.of(victim.id())));
          scene.assertNothingIsLost();
          if (scene.listed().contains(victim.id())) {
            scene.repository.forget(List.of(victim.id()));
          }
          scene.cleanUp();

          assertThat(scene.listed()).containsExactly(child.id());
          assertThat(scene.names("data/")).hasSize(2);
          assertThat(scene.names("forgotten/")).isEmpty();
          scene.assertNothingIsLost();
          return died;
        });
  }

  @Test
  void a_backup_that_dies_at_any_step_of_its_publication_is_whole_or_none() throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord parent = scene.backUp("db");
          BackupRecord child = scene.prepare("db", parent);
          boolean died = dies(step, scene, () -> scene.publish(child));
          scene.assertNothingIsLost();
          scene.cleanUp();

          scene.assertNothingIsLost();
          assertThat(scene.names("data/")).hasSize(scene.listed().size());
          return died;
        });
  }

  @Test
  void an_old_tombstone_does_not_shorten_the_grace_of_a_later_one() throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord parent = scene.backUp("db");
          scene.dieBefore("delete backups/", () -> scene.repository.forget(List.of(parent.id())));
          scene.clock.advance(Duration.ofDays(2));
          BackupRecord child = scene.prepare("db", parent);
          boolean died = dies(step, scene, () -> scene.repository.forget(List.of(parent.id())));
          scene.repository.forget(List.of());
          scene.publish(child);
          scene.cleanUp();

          assertThat(scene.listed()).contains(child.id());
          scene.assertNothingIsLost();
          return died;
        });
  }

  private static boolean dies(int step, Scene scene, Runnable work) {
    try {
      return scene.interrupt(step, scene::die, work);
    } catch (RepositoryFailed _) {
      return true;
    } finally {
      scene.store.heal();
    }
  }

  @ParameterizedTest(name = "{0} hours after the backup began")
  @ValueSource(ints = {0, 11, 13, 25, 24 * 8})
  void a_parent_that_is_forgotten_while_its_child_is_published_takes_nothing_along(int hours)
      throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord parent = scene.backUp("db");
          BackupRecord child = scene.prepare("db", parent);
          scene.clock.advance(Duration.ofHours(hours));
          boolean met =
              scene.interrupt(
                  step,
                  () -> scene.repository.forget(List.of(parent.id())),
                  () -> tryPublish(scene, child));
          scene.assertNothingIsLost();
          scene.cleanUp();

          scene.assertNothingIsLost();
          return met;
        });
  }

  @ParameterizedTest(name = "{0} hours after its parent was forgotten")
  @ValueSource(ints = {0, 11, 13, 23, 25, 49})
  void a_child_that_is_published_while_garbage_is_deleted_is_whole_or_withdrawn(int hours)
      throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord parent = scene.backUp("db");
          BackupRecord other = scene.backUp("db");
          BackupRecord child = scene.prepare("db", parent);
          scene.repository.forget(List.of(parent.id()));
          scene.clock.advance(Duration.ofHours(hours));
          boolean met =
              scene.interrupt(
                  step,
                  () -> tryPublish(scene, child),
                  () -> scene.repository.forget(List.of(other.id())));
          scene.assertNothingIsLost();
          scene.cleanUp();

          scene.assertNothingIsLost();
          return met;
        });
  }

  @ParameterizedTest(name = "{0} hours after their parent was forgotten")
  @ValueSource(ints = {0, 13, 25})
  void two_that_delete_garbage_at_once_lose_nothing(int hours) throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord parent = scene.backUp("db");
          BackupRecord child = scene.backUp("db", parent);
          BackupRecord running = scene.prepare("db", child);
          scene.repository.forget(List.of(parent.id()));
          scene.clock.advance(Duration.ofHours(hours));
          boolean met =
              scene.interrupt(
                  step,
                  () -> scene.repository.forget(List.of(child.id())),
                  () -> scene.repository.forget(List.of()));
          scene.clock.advance(Duration.ofHours(2));
          scene.repository.forget(List.of());
          scene.publish(running);
          scene.cleanUp();

          assertThat(scene.listed()).contains(running.id());
          scene.assertNothingIsLost();
          return met;
        });
  }

  /** As its machine is, while others go on. */
  @ParameterizedTest(name = "{0} hours after the parent was forgotten")
  @ValueSource(ints = {0, 6, 11, 13, 25})
  void a_forget_that_is_suspended_for_days_takes_no_backup_that_appears_meanwhile(int hours)
      throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord parent = scene.backUp("db");
          BackupRecord other = scene.backUp("db");
          BackupRecord child = scene.prepare("db", parent);
          scene.repository.forget(List.of(parent.id()));
          scene.clock.advance(Duration.ofHours(hours));
          boolean met =
              scene.interrupt(
                  step,
                  () -> {
                    tryPublish(scene, child);
                    scene.clock.advance(Duration.ofDays(2));
                  },
                  () -> scene.repository.forget(List.of(other.id())));
          scene.assertNothingIsLost();
          scene.cleanUp();

          scene.assertNothingIsLost();
          return met;
        });
  }

  @Test
  void deleting_garbage_during_a_forget_sees_the_index_or_the_new_tombstone() throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord parent = scene.backUp("db");
          scene.dieBefore("delete backups/", () -> scene.repository.forget(List.of(parent.id())));
          scene.clock.advance(Duration.ofDays(2));
          BackupRecord running = scene.prepare("db", parent);
          boolean met =
              scene.interrupt(
                  step,
                  () -> scene.repository.forget(List.of(parent.id())),
                  () -> scene.repository.forget(List.of()));
          scene.publish(running);
          scene.cleanUp();

          assertThat(scene.listed()).contains(running.id());
          scene.assertNothingIsLost();
          return met;
        });
  }

  /** Neither waits for the other, so one of the two sees the other at each step. */
  @ParameterizedTest(name = "{0} hours after the backup began")
  @ValueSource(ints = {0, 25})
  void a_parent_whose_data_is_deleted_at_once_takes_no_child_along(int hours) throws IOException {
    for (boolean inside : List.of(false, true)) {
      eachStep(
          (step, scene) -> {
            BackupRecord parent = scene.backUp("db");
            BackupRecord child = scene.prepare("db", parent);
            scene.clock.advance(Duration.ofHours(hours));
            Runnable forget = () -> scene.repository.forget(List.of(parent.id()), Grace.NONE);
            Runnable publish = () -> tryPublish(scene, child);
            boolean met =
                inside
                    ? scene.interrupt(step, publish::run, forget)
                    : scene.interrupt(step, forget::run, publish);
            scene.assertNothingIsLost();
            scene.cleanUp();

            scene.assertNothingIsLost();
            return met;
          });
    }
  }

  @Test
  void data_is_deleted_at_once_and_what_dies_meanwhile_is_finished_by_the_next()
      throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord victim = scene.backUp("db");
          BackupRecord other = scene.backUp("db");
          boolean died =
              dies(step, scene, () -> scene.repository.forget(List.of(victim.id()), Grace.NONE));
          scene.assertNothingIsLost();
          if (!died) {
            assertThat(scene.names("data/")).hasSize(1);
          }
          if (scene.listed().contains(victim.id())) {
            scene.repository.forget(List.of(victim.id()), Grace.NONE);
            assertThat(scene.names("data/")).hasSize(1);
          }
          scene.cleanUp();

          assertThat(scene.listed()).containsExactly(other.id());
          assertThat(scene.names("data/")).hasSize(1);
          assertThat(scene.names("forgotten/")).isEmpty();
          return died;
        });
  }

  /** Nobody withdraws the record of a backup that dies after it has written it. */
  @Test
  void a_backup_whose_data_is_gone_never_has_a_record() throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord parent = scene.backUp("db");
          BackupRecord child = scene.prepare("db", parent);
          scene.repository.forget(List.of(parent.id()));
          scene.clock.advance(Duration.ofHours(25));
          scene.repository.forget(List.of());
          boolean died = dies(step, scene, () -> tryPublish(scene, child));

          assertThat(scene.names("backups/")).isEmpty();
          return died;
        });
  }

  private static void tryPublish(Scene scene, BackupRecord backup) {
    try {
      scene.publish(backup);
    } catch (BackupWithdrawn _) {
      assertThat(scene.listed()).doesNotContain(backup.id());
    }
  }

  @Test
  void two_machines_that_back_up_at_once_do_not_meet() throws IOException {
    BackupRecord one = scene.prepare("db", null);
    BackupRecord two = scene.prepare("db", null);
    scene.publish(two);
    scene.publish(one);

    assertThat(scene.listed()).containsExactly(one.id(), two.id());
  }

  @Test
  void an_upgrade_that_dies_at_any_step_leaves_a_repository_with_its_id() throws IOException {
    int step = 1;
    boolean died;
    do {
      Scene scene = new Scene();
      Scene.asInFirstRelease(scene.store);
      BackupRecord backup = scene.backUp("db");
      died = dies(step, scene, () -> opened(scene).upgrade());

      assertThat(opened(scene).id()).contains("8a5c3f0e");
      assertThat(opened(scene).list().find(backup.id())).isPresent();
      opened(scene).upgrade();
      assertThat(opened(scene).isSharing()).isTrue();
      assertThat(opened(scene).id()).contains("8a5c3f0e");
      assertThat(scene.names("")).doesNotContain("upgrade.json").contains("repository.json");
      step++;
    } while (died);
    assertThat(step).isGreaterThan(4);
  }

  private static Repository opened(Scene scene) {
    return Repository.openOrCreate(scene.store, scene.clock, new Random(5));
  }

  /** Two volumes that share an object: the second one's backup has no parent. */
  @ParameterizedTest(name = "{0} hours after the backup began")
  @ValueSource(ints = {0, 11, 13, 25, 24 * 8})
  void another_volume_that_is_forgotten_while_its_content_is_shared_takes_nothing_along(int hours)
      throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord other = scene.backUp("web");
          BackupRecord sharing = scene.prepareSharing("db", other);
          scene.clock.advance(Duration.ofHours(hours));
          boolean met =
              scene.interrupt(
                  step,
                  () -> scene.repository.forget(List.of(other.id())),
                  () -> tryPublish(scene, sharing));
          scene.assertNothingIsLost();
          scene.cleanUp();

          scene.assertNothingIsLost();
          return met;
        });
  }

  @ParameterizedTest(name = "{0} hours after the other volume was forgotten")
  @ValueSource(ints = {0, 11, 13, 23, 25, 49})
  void what_shares_content_while_garbage_is_deleted_is_whole_or_withdrawn(int hours)
      throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord other = scene.backUp("web");
          BackupRecord later = scene.backUp("web");
          BackupRecord sharing = scene.prepareSharing("db", other);
          scene.repository.forget(List.of(other.id()));
          scene.clock.advance(Duration.ofHours(hours));
          boolean met =
              scene.interrupt(
                  step,
                  () -> tryPublish(scene, sharing),
                  () -> scene.repository.forget(List.of(later.id())));
          scene.assertNothingIsLost();
          scene.cleanUp();

          scene.assertNothingIsLost();
          return met;
        });
  }

  /** A backup in which nothing changed has no object of its own. */
  @ParameterizedTest(name = "{0} hours after its parent was forgotten")
  @ValueSource(ints = {0, 11, 13, 25, 49})
  void a_backup_without_an_object_of_its_own_keeps_its_parents(int hours) throws IOException {
    eachStep(
        (step, scene) -> {
          BackupRecord parent = scene.backUp("db");
          BackupRecord same = scene.prepareUnchanged(parent);
          scene.repository.forget(List.of(parent.id()));
          scene.clock.advance(Duration.ofHours(hours));
          boolean met =
              scene.interrupt(
                  step, () -> tryPublish(scene, same), () -> scene.repository.forget(List.of()));
          scene.assertNothingIsLost();
          scene.cleanUp();

          scene.assertNothingIsLost();
          return met;
        });
  }
}
