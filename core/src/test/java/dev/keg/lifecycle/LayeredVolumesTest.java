package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.Dependents;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.DriverUnavailable;
import dev.keg.error.HolderException.ActiveMounts;
import dev.keg.error.HolderException.HasDependents;
import dev.keg.error.HolderException.InUse;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Volumes that are built on others, that are outside the root, or whose driver does not work here.
 */
class LayeredVolumesTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final VolumeName DB = new VolumeName("db");
  private static final String BASE_DISK = "/keg/volumes/base/_data";

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final RegistryLayout layout = new RegistryLayout(files.getPath("/keg"));
  private final VolumeRegistry registry =
      new VolumeRegistry(layout, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
  private final FakeMountTable mounts = new FakeMountTable(files::getPath);
  private final Attachments attachments = new Attachments(registry, () -> mounts);
  private final LayeredDriver layered = new LayeredDriver();
  private final Volumes volumes = volumes(layered.factory());

  private Volumes volumes(DriverFactory factory) {
    return new Volumes(services(factory));
  }

  private Services services(DriverFactory factory) {
    return new Services(
        registry,
        attachments,
        new Drivers(
            List.of(LocalDriver.directoriesOnly(), factory),
            new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})),
        Clock.fixed(NOW, ZoneOffset.UTC),
        Secrets.NONE);
  }

  private void create(String name, Map<String, String> options) {
    volumes.create(
        new VolumeRequest(
            new VolumeName(name), "layered", Options.of(options), Labels.NONE, Ownership.DEFAULT));
  }

  private void attach(String name, boolean readOnly) {
    attachments.add(new VolumeName(name), new Attachment.Disk("vm1", "vda", readOnly, NOW));
  }

  @Test
  void a_volume_is_not_built_on_a_disk_to_which_a_machine_writes() {
    create("base", Map.of());
    attach("base", false);

    assertThatThrownBy(() -> create("db", Map.of("on", BASE_DISK)))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create db: it is built on volume base, which is open for writing - [vm1]");
    assertThat(volumes.exists("db")).isFalse();
    assertThat(layout.root().resolve("staging")).isEmptyDirectory();
  }

  @Test
  void a_volume_is_built_on_a_disk_that_is_only_read() {
    create("base", Map.of());
    create("other", Map.of());
    attach("base", true);
    attach("other", false);

    create("db", Map.of("on", BASE_DISK));

    assertThat(volumes.exists("db")).isTrue();
  }

  @Test
  void a_writer_to_a_volume_of_another_driver_is_not_an_obstacle() {
    create("base", Map.of());
    volumes.create(VolumeRequest.named(new VolumeName("plain")));
    attach("plain", false);

    create("db", Map.of("on", BASE_DISK));

    assertThat(volumes.exists("db")).isTrue();
  }

  @Test
  void adopted_data_stays_unless_its_deletion_is_requested() throws IOException {
    Path data = Files.createDirectory(files.getPath("/data"));
    create("db", Map.of("at", "/data"));
    volumes.remove("db", Removal.Mode.NORMAL);
    assertThat(data).isEmptyDirectory();

    create("db", Map.of("at", "/data"));
    volumes.remove("db", Removal.Mode.NORMAL, Removal.Adopted.DELETE, Removal.OwnSnapshots.REFUSE);
    assertThat(data).doesNotExist();
    assertThat(volumes.exists("db")).isFalse();
  }

  @Test
  void adopted_data_on_which_something_is_mounted_is_not_deleted() throws IOException {
    Path data = Files.createDirectory(files.getPath("/data"));
    create("db", Map.of("at", "/data"));
    mounts.mount("/data2");
    mounts.mount("/data/below");

    assertThatThrownBy(
            () ->
                volumes.remove(
                    "db", Removal.Mode.FORCE, Removal.Adopted.DELETE, Removal.OwnSnapshots.REFUSE))
        .isInstanceOf(ActiveMounts.class)
        .hasMessage("remove db: volume has active mounts - [/data/below]");
    assertThat(data).exists();
    assertThat(volumes.exists("db")).isTrue();
  }

  @Test
  void adopted_data_on_which_others_are_built_is_not_deleted() throws IOException {
    Path data = Files.createDirectory(files.getPath("/data"));
    create("db", Map.of("at", "/data"));
    layered.dependents = List.of(new VolumeName("child"));

    assertThatThrownBy(
            () ->
                volumes.remove(
                    "db", Removal.Mode.NORMAL, Removal.Adopted.DELETE, Removal.OwnSnapshots.REFUSE))
        .isInstanceOf(HasDependents.class)
        .hasMessage("remove db: other volumes are built on it - [child]");
    assertThat(data).exists();
  }

  @Test
  void a_volume_without_data_elsewhere_is_removed_as_any_other() {
    create("db", Map.of());
    volumes.create(VolumeRequest.named(new VolumeName("plain")));

    volumes.remove("db", Removal.Mode.NORMAL, Removal.Adopted.DELETE, Removal.OwnSnapshots.REFUSE);
    volumes.remove(
        "plain", Removal.Mode.NORMAL, Removal.Adopted.DELETE, Removal.OwnSnapshots.REFUSE);

    assertThat(volumes.names()).isEmpty();
  }

  @Test
  void a_removal_unmounts_what_no_holder_has_any_more() {
    create("db", Map.of());

    volumes.remove("db", Removal.Mode.NORMAL);

    assertThat(layered.calls()).containsExactly("create db", "unmount db", "remove db");
  }

  @Test
  void a_volume_whose_driver_does_not_work_here_can_be_inspected_and_removed_by_force() {
    create("db", Map.of());
    Volumes elsewhere = volumes(layered.factory().unless(() -> Optional.of("no disks here")));

    assertThat(elsewhere.inspect("db").mountpoint()).hasToString("/keg/volumes/db/_data");
    assertThat(elsewhere.inspect("db").driverStatus()).isEmpty();
    assertThatThrownBy(() -> elsewhere.remove("db", Removal.Mode.NORMAL))
        .isInstanceOf(DriverUnavailable.class);
    elsewhere.remove("db", Removal.Mode.FORCE);

    assertThat(elsewhere.exists("db")).isFalse();
  }

  @Test
  void data_is_visible_if_it_always_is_or_while_it_is_mounted() {
    create("db", Map.of());
    volumes.create(VolumeRequest.named(new VolumeName("plain")));

    assertThat(volumes.visible(new VolumeName("plain")))
        .contains(files.getPath("/keg/volumes/plain/_data"));
    assertThat(volumes.visible(DB)).isEmpty();
    mounts.mount("/keg/volumes/db/_data/below");
    assertThat(volumes.visible(DB)).isEmpty();
    mounts.mount("/keg/volumes/db/_data");
    assertThat(volumes.visible(DB)).contains(files.getPath("/keg/volumes/db/_data"));
    assertThat(volumes.visible(new VolumeName("none"))).isEmpty();
  }

  @Test
  void a_volume_like_another_has_its_driver_and_options_but_data_of_its_own() {
    create("base", Map.of("at", "/data/base", "on", "/base.img"));
    SimilarVolumes similar = new SimilarVolumes(services(layered.factory()));
    VolumeRequest request = VolumeRequest.named(DB);

    assertThatThrownBy(() -> similar.complete(request, "base"))
        .hasMessage(
            "create db: option at of volume base names its data; give another with -o at=...");
    VolumeRequest like =
        similar.complete(
            new VolumeRequest(
                DB, "", Options.of(Map.of("at", "/data/db")), Labels.NONE, Ownership.DEFAULT),
            "base");
    assertThat(like.driver()).isEqualTo("layered");
    assertThat(like.options().map()).isEqualTo(Map.of("at", "/data/db", "on", "/base.img"));
    assertThat(similar.complete(request, plain()).driver()).isEqualTo("local");
  }

  @Test
  void a_volume_like_an_anonymous_one_has_its_labels_but_is_not_anonymous() {
    VolumeName name =
        volumes
            .create(
                VolumeRequest.anonymous(
                    new SplittableRandom(3),
                    "layered",
                    Options.NONE,
                    Labels.parse(List.of("tier=gold", "stage=test")),
                    Ownership.DEFAULT))
            .volume()
            .name();
    VolumeRequest request =
        new VolumeRequest(
            DB, "", Options.NONE, Labels.parse(List.of("stage=live")), Ownership.DEFAULT);

    VolumeRequest like =
        new SimilarVolumes(services(layered.factory())).complete(request, name.text());

    assertThat(like.name()).isEqualTo(DB);
    assertThat(like.labels()).isEqualTo(Labels.parse(List.of("tier=gold", "stage=live")));
  }

  private String plain() {
    return volumes.create(VolumeRequest.named(new VolumeName("plain"))).volume().name().text();
  }

  @Test
  void what_is_held_mounted_or_built_on_is_neither_released_nor_unused() throws IOException {
    create("db", Map.of());
    Volume db = registry.get("get", DB);
    Attachment.Disk disk = new Attachment.Disk("vm1", "vda", true, NOW);
    volumes.release("move", db);
    assertThat(layered.calls()).containsExactly("create db", "unmount db");
    volumes.requireUnused("move", db);

    attachments.add(DB, disk);
    assertInUse(db, InUse.class);
    attachments.remove(DB, disk);

    mounts.mount("/keg/volumes/db/_data");
    assertInUse(db, ActiveMounts.class);
    mounts.unmount("/keg/volumes/db/_data");

    create("built", Map.of());
    new Dependents(layout.home(DB), DirectorySync.NONE)
        .add(layout.home(new VolumeName("built")), new VolumeName("built"));
    assertThat(volumes.dependents(DB)).containsExactly("built");
    assertInUse(db, HasDependents.class);
  }

  private void assertInUse(Volume volume, Class<? extends Exception> refusal) {
    assertThatThrownBy(() -> volumes.release("move", volume)).isInstanceOf(refusal);
    assertThatThrownBy(() -> volumes.requireUnused("move", volume)).isInstanceOf(refusal);
  }
}
