package dev.keg.cloning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.Clones;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.Freezes;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.ActiveMounts;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.file.DirectorySync;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.tree.PortableFileTrees;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CloningTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final VolumeName DB = new VolumeName("db");

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setAttributeViews("basic", "owner", "posix", "unix", "user")
              .build());
  private final RegistryLayout layout = new RegistryLayout(files.getPath("/keg"));
  private final VolumeRegistry registry =
      new VolumeRegistry(layout, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
  private final FakeMountTable mounts = new FakeMountTable(files::getPath);
  private final Attachments attachments = new Attachments(registry, () -> mounts);
  private final Drivers drivers =
      new Drivers(
          List.of(
              LocalDriver.directoriesOnly(),
              new FakeDriver("mounting").factory(),
              new Disk("disk").factory(),
              new Freezing().factory()),
          new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
  private final Services services =
      new Services(registry, attachments, drivers, CLOCK, Secrets.NONE);
  private final Cloning cloning = new Cloning(services, new PortableFileTrees());

  /** A disk that copies itself, or fails halfway. */
  private static class Disk extends FakeDriver implements Clones {
    Disk(String name) {
      super(name);
    }

    @Override
    public void cloneFrom(Volume source, VolumeHome home, CreateRequest request) {
      create(request);
      if (request.volume().name().text().startsWith("bad")) {
        throw new DriverFailed("clone", "db", "told to fail");
      }
    }
  }

  private static final class Freezing extends Disk implements Freezes {
    Freezing() {
      super("frozen");
    }

    @Override
    public Frozen freeze(Volume volume, VolumeHome home) {
      return () -> {};
    }
  }

  @BeforeEach
  void volume() throws IOException {
    create("db", "local", "tier=gold", Labels.ANONYMOUS);
    Path data = layout.home(DB).data();
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwx---"));
    Files.createDirectory(data.resolve("directory"));
    Files.writeString(data.resolve("directory/file"), "text");
    Files.createSymbolicLink(data.resolve("link"), files.getPath("directory/file"));
  }

  private void create(String name, String driver, String... labels) {
    new Volumes(services)
        .create(
            new VolumeRequest(
                new VolumeName(name),
                driver,
                Options.NONE,
                Labels.parse(List.of(labels)),
                Ownership.DEFAULT));
  }

  private void clone(String from, String to) {
    var _ = cloning.clone(VolumeAt.parse(from), to, Labels.NONE);
  }

  @Test
  void a_directory_is_copied_with_all_that_is_in_it() throws IOException {
    Volume copy =
        cloning.clone(
            VolumeAt.parse("db"), "db2", Labels.parse(List.of("tier=silver", "owner=anna")));

    Path data = layout.home(copy.name()).data();
    assertThat(registry.find(copy.name())).contains(copy);
    assertThat(copy.labels().map()).isEqualTo(Map.of("tier", "silver", "owner", "anna"));
    assertThat(data.resolve("directory/file")).hasContent("text");
    assertThat(Files.readSymbolicLink(data.resolve("link"))).hasToString("directory/file");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwxrwx---");
    Files.writeString(data.resolve("directory/file"), "other");
    assertThat(layout.home(DB).data().resolve("directory/file")).hasContent("text");
    assertThat(registry.get("get", DB).labels().map())
        .isEqualTo(Map.of("tier", "gold", Labels.ANONYMOUS, ""));
  }

  @Test
  void a_directory_that_somebody_may_write_to_is_not_copied() {
    mounts.mount("/srv/db");
    attachments.add(DB, mount("/srv/db", true));
    clone("db", "read");

    attachments.add(DB, mount("/srv/db", false));
    assertThatThrownBy(() -> clone("db", "db2"))
        .isInstanceOf(InUse.class)
        .hasMessage("clone db: volume is in use - [/srv/db]");
    assertThat(registry.names()).extracting(VolumeName::text).containsExactly("db", "read");
  }

  @Test
  void what_is_mounted_in_a_directory_would_be_left_out() {
    mounts.mount("/keg/volumes/db/_data/directory");

    assertThatThrownBy(() -> clone("db", "db2")).isInstanceOf(ActiveMounts.class);
  }

  @Test
  void a_disk_of_a_machine_is_copied_only_while_the_machine_reads() {
    create("disk", "disk");
    attachments.add(new VolumeName("disk"), new Attachment.Disk("vm1", "vda", true, NOW));
    clone("disk", "read");

    attachments.add(new VolumeName("disk"), new Attachment.Disk("vm2", "vda", false, NOW));
    assertThatThrownBy(() -> clone("disk", "disk2"))
        .isInstanceOf(InUse.class)
        .hasMessage("clone disk: volume is in use - [vm2]");
  }

  @Test
  void what_is_mounted_is_copied_only_if_it_can_be_frozen() {
    for (String driver : List.of("disk", "frozen")) {
      create(driver, driver);
      String data = "/keg/volumes/" + driver + "/_data";
      mounts.mount(data);
      attachments.add(new VolumeName(driver), mount(data, true));
    }

    clone("frozen", "frozen2");
    assertThatThrownBy(() -> clone("disk", "disk2")).isInstanceOf(InUse.class);
    // A killed command left no record.
    attachments.remove(new VolumeName("disk"), mount("/keg/volumes/disk/_data", true));
    assertThatThrownBy(() -> clone("disk", "disk2")).isInstanceOf(ActiveMounts.class);
  }

  @Test
  void what_is_mounted_where_it_cannot_be_frozen_is_not_copied() {
    create("frozen", "frozen");
    mounts.mount("/keg/volumes/frozen/_data");
    attachments.add(new VolumeName("frozen"), mount("/keg/volumes/frozen/_data", false));
    mounts.move("/keg/volumes/frozen/_data", 42);

    assertThatThrownBy(() -> clone("frozen", "frozen2")).isInstanceOf(InUse.class);
  }

  @Test
  void a_driver_that_has_only_what_its_options_name_says_what_to_do() {
    create("remote", "mounting");

    assertThatThrownBy(() -> clone("remote", "copy"))
        .isInstanceOf(NotSupported.class)
        .hasMessage(
            "clone remote: driver 'mounting' cannot copy; `keg export` and `keg import`"
                + " move the data into a volume of another driver");
  }

  @Test
  void what_fails_leaves_nothing() throws IOException {
    create("disk", "disk");

    assertThatThrownBy(() -> clone("disk", "bad")).isInstanceOf(DriverFailed.class);
    assertThatThrownBy(() -> clone("db", "disk")).isInstanceOf(AlreadyExists.class);
    assertThatThrownBy(() -> clone("db", "db")).isInstanceOf(AlreadyExists.class);
    assertThatThrownBy(() -> clone("nope", "nope2")).isInstanceOf(NotFound.class);

    assertThat(registry.names()).extracting(VolumeName::text).containsExactly("db", "disk");
    try (Stream<Path> left = Files.list(files.getPath("/keg/staging"))) {
      assertThat(left).isEmpty();
    }
  }

  private Attachment.Mount mount(String target, boolean readOnly) {
    return new Attachment.Mount("", target, readOnly, false, NOW, mounts.hostId(), mounts.bootId());
  }
}
