package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.Compacts;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SizesTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final VolumeName DB = new VolumeName("db");

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final RegistryLayout layout = new RegistryLayout(files.getPath("/keg"));
  private final VolumeRegistry registry =
      new VolumeRegistry(layout, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
  private final FakeMountTable mounts = new FakeMountTable(files::getPath);
  private final Attachments attachments = new Attachments(registry, () -> mounts);
  private final Thorough thorough = new Thorough();
  private final Drivers drivers =
      new Drivers(
          List.of(
              LocalDriver.directoriesOnly(),
              new FakeDriver("fixed").factory(),
              new GrowingDriver().factory(),
              thorough.factory()),
          new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
  private final Services services =
      new Services(registry, attachments, drivers, Clock.fixed(NOW, ZoneOffset.UTC), Secrets.NONE);
  private final Sizes sizes = new Sizes(services);

  /** A driver that gives back one byte, or all of them. */
  private static final class Thorough extends FakeDriver implements Compacts.Fully {
    private long room = 100;

    Thorough() {
      super("thorough");
    }

    @Override
    public void compact(Volume volume, VolumeHome home) {
      room--;
    }

    @Override
    public void compactFully(Volume volume, VolumeHome home) {
      room = 0;
    }

    @Override
    public Size room(Volume volume, VolumeHome home) {
      return new Size(room);
    }
  }

  @BeforeEach
  void volumes() {
    Volumes volumes = new Volumes(services);
    volumes.create(
        new VolumeRequest(
            DB,
            "growing",
            Options.of(Map.of("size", "10")),
            Labels.parse(List.of("tier=gold")),
            Ownership.DEFAULT));
    volumes.create(VolumeRequest.named(new VolumeName("plain")));
  }

  @Test
  void resize_records_what_the_driver_says_and_nothing_else() {
    sizes.resize("db", new Size(20));

    assertThat(registry.get("get", DB))
        .satisfies(db -> assertThat(db.options().map()).isEqualTo(Map.of("size", "20")))
        .satisfies(db -> assertThat(db.labels().map()).isEqualTo(Map.of("tier", "gold")))
        .satisfies(db -> assertThat(db.created()).isEqualTo(NOW));
    assertThat(layout.home(DB).data().resolve("size")).hasContent("20");
  }

  @Test
  void compact_reports_how_much_it_freed() {
    assertThat(sizes.compact("db")).isEqualTo(new Size(9));
    assertThat(sizes.compact("db")).isEqualTo(Size.ZERO);
  }

  @Test
  void a_driver_without_the_capability_is_refused() {
    new Volumes(services)
        .create(
            new VolumeRequest(
                new VolumeName("fixed"), "fixed", Options.NONE, Labels.NONE, Ownership.DEFAULT));

    assertThatThrownBy(() -> sizes.resize("fixed", new Size(20)))
        .isInstanceOf(NotSupported.class)
        .hasMessage("resize fixed: driver 'fixed' cannot change the size of a volume");
    assertThatThrownBy(() -> sizes.compact("plain"))
        .isInstanceOf(NotSupported.class)
        .hasMessage(
            "compact plain: a volume of driver 'local' occupies no more space than its data");
  }

  @Test
  void a_missing_volume_creates_no_root() {
    assertThatThrownBy(() -> sizes.resize("nope", new Size(20))).isInstanceOf(NotFound.class);
    var none = new RegistryLayout(files.getPath("/none"));
    var other = new VolumeRegistry(none, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
    var elsewhere = new Services(other, attachments, drivers, services.clock(), Secrets.NONE);
    assertThatThrownBy(() -> new Sizes(elsewhere).resize("db", Size.ZERO))
        .isInstanceOf(NotFound.class);
    assertThat(Files.exists(none.root())).isFalse();
  }

  @Test
  void a_volume_that_a_machine_has_stays_as_it_is() {
    attachments.add(DB, new Attachment.Disk("vm1", "vda", true, NOW));

    assertThatThrownBy(() -> sizes.resize("db", new Size(20)))
        .isInstanceOf(InUse.class)
        .hasMessage("resize db: volume is in use - [vm1]")
        .satisfies(
            e ->
                assertThat(((VolumeException) e).hint())
                    .contains("release it first: keg detach db vm1"));
    assertThatThrownBy(() -> sizes.compact("db")).isInstanceOf(InUse.class);
    assertThat(layout.home(DB).data().resolve("size")).hasContent("10");
  }

  @Test
  void the_driver_judges_a_mount_on_this_host_but_not_one_elsewhere() {
    mounts.mount("/srv/db");
    attachments.add(DB, mount("/srv/db", mounts.hostId()));
    sizes.resize("db", new Size(20));

    attachments.add(DB, mount("/srv/far", "another-host"));
    assertThatThrownBy(() -> sizes.resize("db", new Size(30))).isInstanceOf(InUse.class);
    attachments.remove(DB, mount("/srv/far", "another-host"));

    // In another mount namespace, where the driver does not see it.
    mounts.move("/srv/db", 42);
    assertThatThrownBy(() -> sizes.resize("db", new Size(30))).isInstanceOf(InUse.class);
  }

  @Test
  void a_driver_with_one_way_to_compact_says_so() {
    assertThatThrownBy(() -> sizes.compact("db", true))
        .isInstanceOf(NotSupported.class)
        .hasMessage("compact db: driver 'growing' has only one way to compact; leave out --full");
    assertThat(layout.home(DB).data().resolve("size")).hasContent("10");
  }

  @Test
  void a_driver_with_two_ways_to_compact_takes_the_longer_one_only_on_request() {
    new Volumes(services)
        .create(
            new VolumeRequest(
                new VolumeName("disk"), "thorough", Options.NONE, Labels.NONE, Ownership.DEFAULT));

    assertThat(sizes.compact("disk", false)).isEqualTo(new Size(1));
    assertThat(sizes.compact("disk", true)).isEqualTo(new Size(99));
  }

  private Attachment.Mount mount(String target, String host) {
    return new Attachment.Mount("", target, false, false, NOW, host, mounts.bootId());
  }
}
