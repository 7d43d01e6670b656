package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.keg.attachment.Attachment;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.SnapshotException.HasSnapshots;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.usage.PortableTreeScans;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeName;
import dev.keg.volume.VolumeStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The details of volumes beyond their description, and their consequences. */
class OverviewTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final PoolName FAST = new PoolName("fast");
  private static final Attachment.Disk DISK =
      new Attachment.Disk("vm1", "vda", false, Store.NOW.minusSeconds(9));

  @TempDir Path scratch;
  private Store store;

  @BeforeEach
  void make() throws IOException {
    scratch = scratch.toRealPath();
    store = Store.open(scratch.resolve("root"));
    store.fill("db");
  }

  private Overview overview() {
    return store.volumes().overview(store.registry().get("get", DB));
  }

  private void keepSnapshot() {
    Object _ =
        store
            .snapshots()
            .create(
                new SnapshotRequest(
                    "db", Optional.of(new SnapshotName("night")), Optional.empty(), false));
  }

  @Test
  void of_a_volume_that_nobody_held_is_said_where_it_is_and_nothing_else() {
    Overview db = overview();

    assertThat(db.pool()).isEqualTo("default");
    assertThat(db.path()).isEqualTo(store.home("db").resolve("_data"));
    assertThat(db.types()).isNotEmpty();
    assertThat(db.scope()).isEqualTo("local");
    assertThat(db.lastUsed()).isEmpty();
    assertThat(db.holders()).isEmpty();
    assertThat(db.holderNames()).isEmpty();
    assertThat(db.isHeld()).isFalse();
    assertThat(db.status()).isEqualTo(VolumeStatus.AVAILABLE);
    assertThat(db.snapshots()).isEmpty();
    assertThat(db.isArchived()).isFalse();
  }

  @Test
  void holders_are_told_whether_or_not_the_last_use_was_asked_for_first() {
    store.attachments().add(DB, DISK);
    Overview asked = overview();

    assertThat(asked.lastUsed()).isPresent();
    assertThat(asked.lastUsed()).isEqualTo(store.attachments().lastChange(DB));
    for (Overview db : List.of(asked, overview())) {
      assertThat(db.holders()).containsExactly(DISK);
      assertThat(db.holderNames()).containsExactly("vm1");
      assertThat(db.isHeld()).isTrue();
      assertThat(db.status()).isEqualTo(VolumeStatus.ATTACHED);
    }
    assertThat(store.volumes().inspect("db").holders()).containsExactly(DISK);
    assertThat(store.volumes().holders(DB)).containsExactly(DISK);
  }

  @Test
  void a_volume_in_a_pool_is_present_and_not_archived() {
    store.registry().pools().add(FAST, scratch.resolve("disk"));
    Volume volume =
        store
            .volumes()
            .create(VolumeRequest.named(new VolumeName("pooled")).in(Optional.of(FAST)))
            .volume();
    Overview pooled = store.volumes().overview(volume);

    assertThat(pooled.pool()).isEqualTo("fast");
    assertThat(pooled.isArchived()).isFalse();
    assertThat(pooled.path()).isEqualTo(scratch.resolve("disk/volumes/pooled/_data"));
  }

  @Test
  void pools_are_listed_with_their_volumes_and_their_room_while_available() throws IOException {
    store.registry().pools().add(FAST, scratch.resolve("disk"));

    List<PoolState> states = PoolState.all(store.registry(), new PortableTreeScans());

    assertThat(states)
        .extracting(PoolState::name, PoolState::volumes, PoolState::missing)
        .containsExactly(
            tuple(PoolName.DEFAULT, 1, Optional.empty()), tuple(FAST, 0, Optional.empty()));
    assertThat(UsageSum.by(states, List.of()))
        .extracting(UsageSum::name, UsageSum::volumes)
        .containsExactly(tuple("default", 0), tuple("fast", 0));
  }

  @Test
  void an_existing_volume_differs_in_description_and_protection_too() {
    VolumeRequest request =
        new VolumeRequest(DB, "local", Options.NONE, Labels.NONE, Ownership.DEFAULT);

    assertThat(store.volumes().create(request).differences()).isEmpty();
    assertThat(
            store
                .volumes()
                .create(request.withDescription("Orders").withProtection(Protection.always()))
                .differences())
        .containsExactly("it has another description", "it is not protected as requested");

    Volume _ =
        store
            .volumes()
            .update(
                "db",
                new VolumeChange(
                    Labels.NONE,
                    List.of(),
                    Optional.of("Orders"),
                    Optional.of(Protection.always())));
    assertThat(
            store
                .volumes()
                .create(request.withDescription("Orders").withProtection(Protection.always()))
                .differences())
        .isEmpty();
    assertThat(store.volumes().create(request).differences()).isEmpty();
    assertThat(overview().protection()).isEqualTo(Protection.always());
  }

  @Test
  void a_volume_with_snapshots_is_neither_removed_nor_pruned_unasked() {
    keepSnapshot();
    assertThat(overview().snapshots()).containsExactly(new SnapshotName("night"));

    assertThatThrownBy(() -> store.volumes().remove("db", Removal.Mode.NORMAL))
        .isInstanceOf(HasSnapshots.class);
    var all = VolumeFilter.forPrune(true, FilterArguments.NONE, store.volumes().filterContext());
    assertThat(store.volumes().pruning().prune(all).removed()).isEmpty();
    assertThat(store.registry().names()).containsExactly(DB);
  }

  @Test
  void a_volume_is_removed_if_it_is_still_the_intended_one() {
    assertThat(store.volumes().removeIf(DB, Removal.Mode.NORMAL, _ -> false)).isFalse();
    assertThat(store.registry().names()).containsExactly(DB);

    assertThat(
            store
                .volumes()
                .removeIf(DB, Removal.Mode.NORMAL, volume -> volume.driver().equals("local")))
        .isTrue();
    assertThat(store.registry().names()).isEmpty();
    assertThat(store.volumes().removeIf(DB, Removal.Mode.NORMAL, _ -> true)).isFalse();
  }

  @Test
  void a_missing_volume_has_no_overview() {
    assertThatThrownBy(() -> store.volumes().inspect("none")).isInstanceOf(NotFound.class);
    assertThat(store.volumes().existing("none")).isEmpty();
    assertThat(store.volumes().exists("db")).isTrue();
    assertThat(store.volumes().exists("none")).isFalse();
  }
}
