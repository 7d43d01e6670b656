package dev.keg.lifecycle;

import static dev.keg.lifecycle.TestRoot.COLD;
import static dev.keg.lifecycle.TestRoot.DB;
import static dev.keg.lifecycle.TestRoot.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.Attachment;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.journal.MoveJournal.Manner;
import dev.keg.registry.journal.MoveJournal.Phase;
import dev.keg.registry.lock.MoveLock;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.volume.Options;
import dev.keg.volume.Protection;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The volumes that prune keeps although nobody uses them. */
class PruningTest {
  private final TestRoot root = TestRoot.inMemory();

  /** Another host may have described the volumes. */
  private static final class Records extends FakeCatalog {
    Function<Volume, Optional<Volume>> own = Optional::of;
    boolean here = true;

    @Override
    public Optional<Volume> own(Volume volume) {
      return own.apply(volume);
    }

    @Override
    public boolean isHere(Volume volume) {
      return here;
    }
  }

  private void create(String name) {
    new Volumes(root.open()).create(request(name, ""));
  }

  private List<VolumeName> candidates() {
    return candidates(root.open());
  }

  private static List<VolumeName> candidates(Services services) {
    Volumes volumes = new Volumes(services);
    return volumes.pruning().candidates(TestRoot.unused(volumes)).volumes().stream()
        .map(Volume::name)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void a_volume_is_kept_until_its_move_to_another_host_has_ended(Phase phase) {
    create("db");
    new MoveJournal(phase, "1", DB, "there", DB, Instant.EPOCH, Manner.UNKNOWN, Optional.empty())
        .write(root.open().registry());

    assertThat(candidates()).isEqualTo(phase == Phase.ARRIVED ? List.of(DB) : List.of());
  }

  @Test
  void a_volume_is_kept_while_it_moves_to_another_pool(@TempDir Path directory) throws IOException {
    TestRoot onDisk = new TestRoot(directory.toRealPath().resolve("root"));
    new Volumes(onDisk.open()).create(request("db", ""));

    try (var _ = MoveLock.take("move", DB, onDisk.home())) {
      assertThat(candidates(onDisk.open())).isEmpty();
    }
    assertThat(candidates(onDisk.open())).containsExactly(DB);
  }

  @Test
  void a_volume_is_kept_while_it_is_restored() {
    create("db");

    try (var _ = RestoreLock.take("restore", DB, root.home())) {
      assertThat(candidates()).isEmpty();
    }
    assertThat(candidates()).containsExactly(DB);
  }

  @Test
  void a_volume_that_has_got_the_name_of_a_shown_one_is_kept() {
    create("db");
    Volumes volumes = new Volumes(root.open());
    List<Volume> shown = volumes.pruning().candidates(TestRoot.unused(volumes)).volumes();
    volumes.remove("db", Removal.Mode.NORMAL);
    create("db");

    assertThat(volumes.pruning().prune(TestRoot.unused(volumes), shown).removed()).isEmpty();
    assertThat(volumes.exists("db")).isTrue();
  }

  @Test
  void other_hosts_do_not_see_a_volume_while_it_is_pruned() {
    Records records = new Records();
    Volumes volumes = new Volumes(root.open(records));
    volumes.create(request("db", ""));

    volumes.pruning().prune(TestRoot.unused(volumes));

    assertThat(records.calls())
        .containsExactly("publish db ITS_HOST", "withdraw db", "remove [db]");
  }

  @Test
  void other_hosts_see_a_volume_again_that_cannot_be_pruned() throws IOException {
    Records records = new Records();
    Volumes volumes = new Volumes(root.open(records));
    volumes.create(request("db", ""));
    Files.move(root.home().data(), root.home().path().resolve("moved"));
    Files.createSymbolicLink(
        root.home().data(), Files.createDirectory(root.layout.root().resolveSibling("srv")));

    Pruning.Result result = volumes.pruning().prune(TestRoot.unused(volumes));

    assertThat(result.removed()).isEmpty();
    assertThat(result.problems()).hasSize(1);
    assertThat(records.calls()).contains("withdraw db", "offer db");
  }

  @Test
  void an_archived_volume_is_kept() throws IOException {
    create("db");
    create("plain");
    root.archive(DB);

    assertThat(candidates()).containsExactly(new VolumeName("plain"));
  }

  @Test
  void a_volume_with_the_data_of_archived_ones_is_kept() throws IOException {
    create("db");
    create("plain");
    String repository = root.home().data().resolve("backups").toString();
    root.open().registry().pools().addArchive(COLD, repository);
    assertThat(candidates()).containsExactly(DB, new VolumeName("plain"));

    root.record(new VolumeName("archived"), COLD);

    assertThat(candidates()).containsExactly(new VolumeName("plain"));
  }

  @Test
  void another_host_cannot_make_a_volume_unused() {
    Records records = new Records();
    Services services = root.open(records);
    new Volumes(services).create(request("db", ""));
    assertThat(candidates(services)).containsExactly(DB);

    records.own = _ -> Optional.empty();
    assertThat(candidates(services)).isEmpty();

    records.own = volume -> Optional.of(volume.withProtection(Protection.always()));
    assertThat(candidates(services)).isEmpty();

    records.own = volume -> Optional.of(volume.withOptions(Options.NONE.with("size", "1")));
    assertThat(candidates(services)).isEmpty();

    records.own = volume -> Optional.of(volume.withDescription("Orders"));
    assertThat(candidates(services)).containsExactly(DB);
  }

  @Test
  void a_volume_on_another_host_is_kept() {
    Records records = new Records();
    Services services = root.open(records);
    new Volumes(services).create(request("db", ""));
    records.here = false;

    assertThat(candidates(services)).isEmpty();
  }

  /** The operator may take long to answer. */
  @Test
  void a_volume_is_kept_if_it_came_into_use_since_the_last_look() {
    create("db");
    Services services = root.open();
    services
        .attachments()
        .add(
            DB,
            new Attachment.Mount(
                "web",
                "/srv/db",
                false,
                false,
                TestRoot.NOW,
                root.mounts.hostId(),
                root.mounts.bootId()));
    root.mounts.moveUnseen("/srv/db", 42);
    assertThat(candidates(services)).containsExactly(DB);

    Volumes volumes = new Volumes(services);
    assertThat(volumes.pruning().prune(TestRoot.unused(volumes)).removed()).isEmpty();
    assertThat(volumes.exists("db")).isTrue();
  }

  @Test
  void pruning_without_a_root_removes_nothing_and_creates_none() {
    Volumes volumes = new Volumes(root.open());

    Pruning.Result result = volumes.pruning().prune(TestRoot.unused(volumes));

    assertThat(result).isEqualTo(new Pruning.Result(List.of(), Size.ZERO, List.of()));
    assertThat(root.layout.root()).doesNotExist();
  }
}
