package dev.keg.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.file.DirectorySync;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.machine.AttachRequest;
import dev.keg.machine.DriveId;
import dev.keg.machine.MachineId;
import dev.keg.machine.Machines;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.LocalHost;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.PathStyle;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.render.document.MountService;
import dev.keg.render.document.Part;
import dev.keg.tuning.Tuner;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.MountContext;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The parts of a document are determined without creating anything. */
class PartsTest {
  private static final DriveId FIRST = new DriveId("vdb");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:55Z");

  /** A driver whose volumes are built on others. */
  private static final class LayerDriver extends FakeDriver {
    LayerDriver() {
      super("layers", new OptionDescriptor("on", "VOLUME", "what it is built on"));
    }

    @Override
    public List<VolumeName> builtOn(Volume volume) {
      return volume.options().text("on").map(VolumeName::new).stream().toList();
    }
  }

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setAttributeViews("basic", "owner", "posix", "unix")
              .build());
  private final FakeMountTable table = new FakeMountTable(files::getPath);
  private final VolumeRegistry registry =
      new VolumeRegistry(
          new RegistryLayout(files.getPath("/keg")),
          DirectorySync.NONE,
          new SplittableRandom(1),
          _ -> {});
  private final Attachments attachments = new Attachments(registry, () -> table);
  private final Drivers drivers =
      new Drivers(
          List.of(
              LocalDriver.directoriesOnly(),
              new FakeDiskDriver().factory(),
              new LayerDriver().factory()),
          new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final Services services =
      new Services(registry, attachments, drivers, clock, Secrets.NONE);
  private final Volumes volumes = new Volumes(services);
  private final Parts parts =
      new Parts(
          new MountContext(
              services,
              () -> {
                throw new AssertionError("nothing is mounted");
              },
              () -> Tuner.none("this test")),
          new LocalHost(files));

  private void create(String driver, String name, String... options) {
    volumes.create(
        new VolumeRequest(
            new VolumeName(name),
            driver,
            Options.parse(List.of(options)),
            Labels.NONE,
            Ownership.DEFAULT));
  }

  private void attach(String volume, String machine, String drive, boolean readOnly) {
    AttachRequest request =
        new AttachRequest(
            volume, new MachineId(machine), Optional.of(new DriveId(drive)), readOnly);
    new Machines(services).attach(request, Optional.empty());
  }

  private void attach(String volume, String machine) {
    AttachRequest request =
        new AttachRequest(volume, new MachineId(machine), Optional.empty(), false);
    new Machines(services).attach(request, Optional.empty());
  }

  private List<MountSpec> specs(String... volumeTexts) {
    MountSpecs grammar = new MountSpecs(PathStyle.LINUX, new LocalHost(files));
    return Arrays.stream(volumeTexts).map(grammar::volume).toList();
  }

  private List<MountSpec> mount(String text) {
    return List.of(new MountSpecs(PathStyle.LINUX, new LocalHost(files)).mount(text));
  }

  private static Part.Disk disk(
      String name, String drive, @Nullable String place, boolean readOnly) {
    return new Part.Disk(
        new Part.Image(name, drive, "/keg/volumes/" + name + "/disk", "qcow2", "auto"),
        place,
        Access.DEFAULT.withReadOnly(readOnly));
  }

  private static Part.Disk attached(
      String name, String drive, @Nullable String place, boolean readOnly) {
    return disk(name, drive, place, readOnly).at(new DriveId(drive).position().orElseThrow());
  }

  @Test
  void a_containers_mounts_come_parents_first() {
    create("local", "db");
    create("local", "web");

    assertThat(parts.ofContainer(specs("web:/srv/web/deep", "db:/srv")))
        .extracting(Part::subject)
        .containsExactly("/srv", "/srv/web/deep");
  }

  @Test
  void a_subpath_is_named_as_it_really_is() throws Exception {
    create("local", "db");
    Path data = files.getPath("/keg/volumes/db/_data");
    Files.createDirectories(data.resolve("deep/er"));
    Files.createSymbolicLink(data.resolve("link"), files.getPath("deep/er"));

    assertThat(parts.ofContainer(List.of(subpath("link"))))
        .containsExactly(
            new Part.Tree("/keg/volumes/db/_data/deep/er", true, "/data", Access.DEFAULT));
  }

  private MountSpec subpath(String path) {
    return new MountSpecs(PathStyle.LINUX, new LocalHost(files))
        .mount("type=volume,src=db,dst=/data,volume-subpath=" + path);
  }

  @Test
  void a_subpath_that_leads_out_is_refused() throws Exception {
    create("local", "db");
    Files.createDirectories(files.getPath("/etc"));
    Files.createSymbolicLink(files.getPath("/keg/volumes/db/_data/link"), files.getPath("/etc"));

    assertThatThrownBy(() -> parts.ofContainer(List.of(subpath("link"))))
        .isInstanceOf(InvalidSpec.class)
        .hasMessage("subpath 'link' of volume db leads out of it");
  }

  @Test
  void a_missing_volume_is_not_made() {
    assertThatThrownBy(() -> parts.ofContainer(specs("db:/data")))
        .isInstanceOf(NotFound.class)
        .hasMessage("render db: no such volume");
    assertThat(files.getPath("/keg")).doesNotExist();
  }

  @Test
  void data_that_is_not_visible_is_not_named() {
    create("local", "memory", "type=tmpfs", "device=tmpfs");

    assertThatThrownBy(() -> parts.ofContainer(specs("memory:/data")))
        .isInstanceOf(MountFailed.class)
        .hasMessage("render memory: its data is not visible on this host");

    table.mount("/keg/volumes/memory/_data");
    assertThat(parts.ofContainer(specs("memory:/data"))).hasSize(1);
  }

  @Test
  void a_service_makes_data_visible_at_boot() {
    create("local", "memory", "type=tmpfs", "device=tmpfs");
    create("local", "disk", "type=ext4", "device=/dev/sdb");
    create("local", "share", "type=nfs4", "device=:/export", "o=addr=1.2.3.4");

    assertThat(parts.ofHost(specs("memory:/m", "disk:/d", "share:/s")))
        .extracting(part -> ((Part.Tree) part).service())
        .containsExactly(
            new MountService("memory", "/keg", List.of(), false, List.of()),
            new MountService("disk", "/keg", List.of("/dev/sdb"), false, List.of()),
            new MountService("share", "/keg", List.of(), true, List.of()));
    create("local", "plain");
    assertThat(parts.ofHost(specs("plain:/p")))
        .extracting(part -> ((Part.Tree) part).service())
        .containsOnlyNulls();
  }

  @Test
  void what_a_volume_is_built_on_is_mounted_first_unless_it_is_always_visible() {
    create("local", "memory", "type=tmpfs", "device=tmpfs");
    create("local", "plain");
    create("layers", "one", "on=memory");
    create("layers", "two", "on=plain");

    assertThat(parts.ofHost(specs("one:/1", "two:/2")))
        .extracting(part -> Objects.requireNonNull(((Part.Tree) part).service()).first())
        .containsExactly(
            List.of(new MountService("memory", "/keg", List.of(), false, List.of())), List.of());
  }

  @Test
  void a_part_of_a_volume_is_only_looked_for_where_it_is_visible() throws IOException {
    create("local", "memory", "type=tmpfs", "device=tmpfs");
    String spec = "type=volume,src=memory,dst=/data,volume-subpath=sub";

    assertThatThrownBy(() -> parts.ofHost(mount(spec)))
        .isInstanceOf(MountFailed.class)
        .hasMessage("render memory: its data is not visible on this host");

    table.mount("/keg/volumes/memory/_data");
    Files.createDirectories(files.getPath("/keg/volumes/memory/_data/sub"));
    assertThat(parts.ofHost(mount(spec))).hasSize(1);
  }

  @Test
  void a_machine_has_its_disks_in_the_order_of_attachment() {
    create("disk", "new");
    create("disk", "old");
    create("disk", "other");
    attach("old", "vm7", "vdc", true);
    attach("new", "vm7", "vdb", false);
    attach("other", "vm8", "vda", false);

    assertThat(parts.ofMachine("vm7", List.of()))
        .containsExactly(
            attached("old", "vdc", "/mnt/old", true), attached("new", "vdb", "/mnt/new", false));
  }

  @Test
  void a_spec_says_where_a_machine_mounts_what_it_has() {
    create("disk", "db");
    create("local", "web");
    attach("db", "vm7", "vdb", false);

    assertThat(parts.ofMachine("vm7", specs("web:/srv", "db:/data:ro")))
        .containsExactly(
            attached("db", "vdb", "/data", true),
            new Part.Tree("/keg/volumes/web/_data", true, "/srv", Access.DEFAULT));
  }

  @Test
  void a_spec_does_not_let_a_machine_write_to_what_it_may_only_read() {
    create("disk", "db");
    attach("db", "vm7", "vdb", true);

    assertThat(parts.ofMachine("vm7", specs("db:/data")))
        .containsExactly(attached("db", "vdb", "/data", true));
  }

  @Test
  void a_disk_of_another_machine_is_refused() {
    create("disk", "db");
    attach("db", "vm8", "vda", false);

    assertThatThrownBy(() -> parts.ofMachine("vm7", specs("db:/data")))
        .isInstanceOf(MountFailed.class)
        .hasMessage("render db: it is not attached to vm7");
  }

  @Test
  void a_machine_that_has_nothing_is_reported() {
    assertThatThrownBy(() -> parts.ofMachine("vm7", List.of()))
        .isInstanceOf(MountFailed.class)
        .hasMessage("render vm7: nothing is attached to this machine");
  }

  @Test
  void a_machine_mounts_its_root_itself() {
    create("disk", "system");
    create("disk", "data");
    attach("system", "vm7", "rootfs", false);
    attach("data", "vm7");

    assertThat(parts.ofMachine("vm7", List.of()))
        .containsExactly(
            attached("system", "rootfs", null, false), attached("data", "vdb", "/mnt/data", false));
    assertThatThrownBy(() -> parts.ofMachine("vm7", specs("system:/data")))
        .isInstanceOf(NotSupported.class)
        .hasMessage("render system: the machine starts from it and mounts it as its root");
  }

  @Test
  void disks_without_a_machine_are_counted() {
    create("disk", "one");
    create("disk", "two");
    create("local", "web");
    List<MountSpec> specs = specs("web:/srv", "two:/b/two", "one:/one");

    assertThat(parts.anyDisk(specs)).isTrue();
    assertThat(parts.ofMachine(specs, FIRST))
        .startsWith(disk("two", "vdb", "/b/two", false), disk("one", "vdc", "/one", false))
        .extracting(Part::subject)
        .containsExactly("two", "one", "/srv");
  }

  @Test
  void a_disk_is_mounted_at_one_place() {
    create("disk", "db");

    assertThatThrownBy(() -> parts.ofMachine(specs("db:/one", "db:/two"), FIRST))
        .isInstanceOf(NotSupported.class)
        .hasMessage("render db: a machine mounts a disk in only one place");
  }

  @Test
  void a_disk_that_others_are_built_on_is_read_only() {
    create("disk", FakeDiskDriver.PARENT);

    assertThat(parts.ofMachine(specs(FakeDiskDriver.PARENT + ":/data"), FIRST))
        .containsExactly(disk(FakeDiskDriver.PARENT, "vdb", "/data", true));
  }

  @Test
  void a_disk_without_a_file_system_is_mounted_nowhere() {
    create("disk", "blank", "fs=none");
    attach("blank", "vm7", "vdb", false);

    assertThat(parts.ofMachine("vm7", List.of()))
        .singleElement()
        .satisfies(part -> assertThat(((Part.Disk) part).target()).isEmpty());
  }

  @Test
  void a_file_system_that_keg_made_is_named() {
    create("disk", "db", "fs=xfs");

    assertThat(parts.ofMachine(specs("db:/data"), FIRST))
        .singleElement()
        .satisfies(part -> assertThat(((Part.Disk) part).image().fileSystem()).isEqualTo("xfs"));
  }

  @Test
  void a_part_of_a_disk_is_refused() {
    create("disk", "db");

    assertThatThrownBy(() -> parts.ofMachine(List.of(subpath("x")), FIRST))
        .isInstanceOf(NotSupported.class)
        .hasMessage("render db: a machine mounts a whole disk, not a subpath");
  }
}
