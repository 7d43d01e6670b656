package dev.keg.adoption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.Adopts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Renders;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.HolderException.ActiveMounts;
import dev.keg.error.HolderException.HasDependents;
import dev.keg.error.RegistryException.AdoptionRefused;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdoptionsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T10:00:55Z"), ZoneOffset.UTC);

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final VolumeRegistry registry =
      new VolumeRegistry(
          new RegistryLayout(files.getPath("/keg")),
          DirectorySync.NONE,
          new SplittableRandom(1),
          _ -> {});
  private final FakeMountTable mounts = new FakeMountTable(files::getPath);
  private final Drivers drivers =
      new Drivers(
          List.of(LocalDriver.directoriesOnly(), new Shelf().factory()),
          new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
  private final Attachments attachments = new Attachments(registry, () -> mounts);
  private final Services services =
      new Services(registry, attachments, drivers, CLOCK, Secrets.NONE);
  private final Adoptions adoptions = new Adoptions(services);
  private Consumer<VolumeHome> whenAdopted = _ -> {};
  private final List<VolumeName> takenBack = new ArrayList<>();
  private final Volumes volumes = new Volumes(services);

  @BeforeEach
  void things() throws IOException {
    Files.createDirectories(files.getPath("/srv/data"));
    Files.writeString(files.getPath("/srv/disk.qcow2"), "a disk");
    Files.writeString(files.getPath("/srv/broken.img"), "broken");
    Files.createLink(files.getPath("/srv/other-name"), files.getPath("/srv/disk.qcow2"));
    Files.createSymbolicLink(files.getPath("/srv/link"), files.getPath("/srv/data"));
    Files.createDirectories(files.getPath("/docker/volumes/pg/_data"));
    Files.createDirectories(files.getPath("/docker/volumes/share/_data"));
    Files.writeString(
        files.getPath("/docker/volumes/share/opts.json"),
        """
        {"MountType":"nfs","MountOpts":"addr=10.0.0.1","MountDevice":":/srv","Quota":{"Size":0}}
        """);
  }

  /** Adopts the data that its option names, built on what a file there names. */
  private final class Shelf extends FakeDriver implements Adopts, Renders {
    Shelf() {
      super("shelf", new OptionDescriptor("where", "PATH", "where it lies"));
    }

    @Override
    public MachineDisk machineDisk(Volume volume, VolumeHome home) {
      return new MachineDisk(elsewhere(volume, home).orElseThrow(), "raw", false);
    }

    @Override
    public List<Path> foundations(Volume volume, VolumeHome home) {
      try {
        Path file = elsewhere(volume, home).orElseThrow();
        String text = Files.isRegularFile(file) ? Files.readString(file) : "";
        return text.startsWith("on ") ? List.of(files.getPath(text.substring(3))) : List.of();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<VolumeName> dependents(Volume volume, VolumeHome home) {
      Path file = elsewhere(volume, home).orElseThrow();
      return registry.names().stream()
          .filter(name -> foundations(registry.get("test", name), home).contains(file))
          .toList();
    }

    @Override
    public Optional<Options> optionsFor(Path existing) throws IOException {
      if (Files.isRegularFile(existing) && Files.readString(existing).equals("broken")) {
        throw new IOException("it is broken");
      }
      return Files.exists(existing) && !existing.startsWith("/odd")
          ? Optional.of(Options.NONE.with("where", existing.toString()))
          : Optional.empty();
    }

    @Override
    public void adopt(Path existing, CreateRequest request) {
      create(request);
      whenAdopted.accept(request.home());
    }

    @Override
    public void takeBack(Volume volume, VolumeHome home) {
      takenBack.add(volume.name());
    }

    @Override
    public Optional<Path> elsewhere(Volume volume, VolumeHome home) {
      return Optional.of(files.getPath(volume.options().text("where").orElse("")));
    }

    @Override
    public void create(CreateRequest request) {}
  }

  private Volume adopt(String path) {
    return adoptions.adopt(files.getPath(path), Optional.empty());
  }

  private Volume adopt(String path, String name) {
    return adoptions.adopt(files.getPath(path), Optional.of(new VolumeName(name)));
  }

  @ParameterizedTest
  @CsvSource({
    "/srv/data,                shelf, data,  /srv/data",
    "/srv/link,                shelf, data,  /srv/data",
    "/srv/disk.qcow2,          shelf, disk,  /srv/disk.qcow2",
    "/docker/volumes/pg,       shelf, pg,    /docker/volumes/pg/_data",
    "/docker/volumes/pg/_data, shelf, pg,    /docker/volumes/pg/_data",
  })
  void what_is_there_becomes_a_volume_where_it_is(
      String path, String driver, String name, String where) {
    Volume volume = adopt(path);

    assertThat(volume.name().text()).isEqualTo(name);
    assertThat(volume.driver()).isEqualTo(driver);
    assertThat(volume.options().map()).containsExactly(Map.entry("where", where));
    assertThat(registry.find(volume.name())).contains(volume);
  }

  @Test
  void a_docker_volume_that_is_mounted_keeps_its_options() {
    Volume volume = adopt("/docker/volumes/share", "exports");

    assertThat(volume.driver()).isEqualTo("local");
    assertThat(volume.options().map())
        .isEqualTo(Map.of("type", "nfs", "o", "addr=10.0.0.1", "device", ":/srv"));
  }

  @ParameterizedTest
  @CsvSource({"/srv/data", "/srv/link", "/srv/../srv/data"})
  void a_directory_is_registered_once(String path) {
    adopt("/srv/data", "one");

    assertThatThrownBy(() -> adopt(path, "two"))
        .isInstanceOf(AdoptionRefused.class)
        .hasMessage("adopt " + path + ": it is already registered as volume one");
    assertThat(registry.names()).hasSize(1);
  }

  @Test
  void a_file_is_registered_once_by_whichever_of_its_names() {
    adopt("/srv/disk.qcow2");

    assertThatThrownBy(() -> adopt("/srv/other-name"))
        .hasMessageEndingWith("it is already registered as volume disk");
  }

  @Test
  void what_cannot_be_registered_stays_where_it_is() {
    whenAdopted =
        home -> FileFailures.run("clean up", home.path(), () -> TreeDeletion.delete(home.path()));

    assertThatThrownBy(() -> adopt("/srv/disk.qcow2")).isInstanceOf(FileFailure.class);
    assertThat(takenBack).isEmpty();
    assertThat(registry.names()).isEmpty();
  }

  @Test
  void a_name_is_taken_once() {
    volumes.create(VolumeRequest.named(new VolumeName("data")));

    assertThatThrownBy(() -> adopt("/srv/data")).isInstanceOf(AlreadyExists.class);
  }

  @Test
  void what_cannot_be_a_volume_is_refused() throws IOException {
    Files.createDirectories(files.getPath("/odd/thing"));
    Files.writeString(files.getPath("/srv/x.img"), "a disk");
    Files.createDirectories(files.getPath("/keg/volumes"));

    assertThatThrownBy(() -> adopt("/nowhere"))
        .isInstanceOf(FileFailure.class)
        .hasMessage("adopt: /nowhere: no such file or directory");
    assertThatThrownBy(() -> adopt("/odd/thing"))
        .hasMessage(
            "adopt /odd/thing: it is neither a directory nor a disk image that a driver here can"
                + " use");
    assertThatThrownBy(() -> adopt("/srv/broken.img"))
        .hasMessage("adopt /srv/broken.img: it is broken");
    assertThatThrownBy(() -> adopt("/srv/x.img"))
        .hasMessage("adopt /srv/x.img: 'x' is not a valid volume name; choose one with --name");
    for (String path : List.of("/keg", "/keg/volumes", "/")) {
      assertThatThrownBy(() -> adopt(path, "own"))
          .hasMessageContaining("it overlaps with /keg, where keg keeps its volumes");
    }
    assertThat(registry.names()).isEmpty();
  }

  @Test
  void the_data_outlives_its_volume() {
    adopt("/srv/data");

    volumes.remove("data", Removal.Mode.NORMAL);

    assertThat(registry.names()).isEmpty();
    assertThat(files.getPath("/srv/data")).exists();
    assertThat(adopt("/srv/data").name().text()).isEqualTo("data");
  }

  @Test
  void the_data_goes_with_its_volume_if_asked_for() {
    adopt("/srv/data");
    adopt("/srv/disk.qcow2");

    volumes.remove(
        "data", Removal.Mode.NORMAL, Removal.Adopted.DELETE, Removal.OwnSnapshots.REFUSE);
    volumes.remove(
        "disk", Removal.Mode.NORMAL, Removal.Adopted.DELETE, Removal.OwnSnapshots.REFUSE);

    assertThat(files.getPath("/srv/data")).doesNotExist();
    assertThat(files.getPath("/srv/disk.qcow2")).doesNotExist();
    assertThat(files.getPath("/srv/other-name")).exists();
  }

  @Test
  void a_removal_with_its_data_that_was_killed_is_completed_by_the_next_command()
      throws IOException {
    Volume volume = adopt("/srv/data");
    Files.writeString(files.getPath("/srv/data/file"), "text");
    Path grave = files.getPath("/keg/trash/00.0123456789abcdef");
    Path doomed = files.getPath("/srv/.keg-removed.0123456789abcdef");
    Files.move(registry.layout().home(volume.name()).path(), grave);
    Files.writeString(grave.resolve("removed-data"), doomed.toString());
    Files.move(files.getPath("/srv/data"), doomed);

    new VolumeRegistry(registry.layout(), DirectorySync.NONE, new SplittableRandom(2), _ -> {})
        .openForWriting();

    assertThat(doomed).doesNotExist();
    assertThat(grave).doesNotExist();
  }

  @Test
  void data_that_cannot_be_removed_with_its_volume_stays_whole() throws IOException {
    adopt("/srv/data");
    Files.writeString(files.getPath("/srv/data/file"), "text");
    DirectorySync killed =
        directory -> {
          if (directory.endsWith("volumes")) {
            throw new IOException("told to fail");
          }
        };
    var registry =
        new VolumeRegistry(this.registry.layout(), killed, new SplittableRandom(2), _ -> {});
    registry.openForWriting();

    assertThatThrownBy(() -> registry.remove(new VolumeName("data"), files.getPath("/srv/data")))
        .hasMessageContaining("told to fail");
    assertThat(files.getPath("/srv/data/file")).hasContent("text");
  }

  @Test
  void what_others_are_built_on_is_not_deleted() throws IOException {
    Files.writeString(files.getPath("/srv/top.img"), "on /srv/disk.qcow2");
    adopt("/srv/disk.qcow2");
    adopt("/srv/top.img");

    assertThatThrownBy(
            () ->
                volumes.remove(
                    "disk",
                    Removal.Mode.NORMAL,
                    Removal.Adopted.DELETE,
                    Removal.OwnSnapshots.REFUSE))
        .isInstanceOf(HasDependents.class)
        .hasMessage("remove disk: other volumes are built on it - [top]");
    assertThat(files.getPath("/srv/disk.qcow2")).exists();
    volumes.remove("disk", Removal.Mode.NORMAL);
    assertThat(registry.names()).containsExactly(new VolumeName("top"));
  }

  @Test
  void nothing_is_built_on_what_others_may_write_to() throws IOException {
    Files.writeString(files.getPath("/srv/top.img"), "on /srv/other-name");
    VolumeName base = adopt("/srv/disk.qcow2").name();
    VolumeRequest create =
        new VolumeRequest(
            new VolumeName("made"),
            "shelf",
            Options.of(Map.of("where", "/srv/top.img")),
            Labels.NONE,
            Ownership.DEFAULT);
    Attachment writer = new Attachment.Disk("vm1", "vda", false, CLOCK.instant());
    attachments.add(base, writer);

    String told = " top: it is built on volume disk, which is open for writing - [vm1]";
    assertThatThrownBy(() -> adopt("/srv/top.img")).hasMessage("adopt" + told);
    assertThatThrownBy(() -> volumes.create(create))
        .hasMessage("create" + told.replace("top:", "made:"));
    assertThat(registry.names()).containsExactly(base);

    attachments.remove(base, writer);
    attachments.add(base, new Attachment.Disk("vm1", "vda", true, CLOCK.instant()));
    adopt("/srv/top.img");
  }

  @Test
  void nothing_is_deleted_below_which_something_is_mounted() {
    adopt("/srv/data");
    mounts.mount("/srv/data/below");

    assertThatThrownBy(
            () ->
                volumes.remove(
                    "data",
                    Removal.Mode.NORMAL,
                    Removal.Adopted.DELETE,
                    Removal.OwnSnapshots.REFUSE))
        .isInstanceOf(ActiveMounts.class);
    assertThat(registry.names()).hasSize(1);
    assertThat(files.getPath("/srv/data")).exists();
  }

  private static final String ENGINE =
      """
      [{"CreatedAt":"2026-11-01T08:00:00Z","Driver":"local","Labels":{"tier":"gold"},
        "Mountpoint":"/docker/volumes/pg/_data","Name":"pg","Options":null,"Scope":"local"},
       {"Driver":"local","Labels":null,"Mountpoint":"/docker/volumes/share/_data","Name":"share",
        "Options":{"type":"nfs","o":"addr=10.0.0.1","device":":/srv"},"Status":{"a":[1,true]}},
       {"Driver":"vieux/sshfs","Labels":{},"Mountpoint":"/mnt/x","Name":"plugin","Options":{}},
       {"Name":"old","Mountpoint":"/docker/volumes/gone/_data"}]
      """;

  private List<EngineVolume> engine() throws IOException {
    return EngineVolume.parse(ENGINE.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void volumes_of_an_engine_keep_names_labels_options_and_places() throws IOException {
    List<Volume> adopted = new ArrayList<>();
    List<VolumeException> problems = adoptions.adoptAll(engine(), adopted::add);

    assertThat(adopted).extracting(volume -> volume.name().text()).containsExactly("pg", "share");
    assertThat(adopted.getFirst().labels().map()).isEqualTo(Map.of("tier", "gold"));
    assertThat(adopted.getFirst().options().map())
        .isEqualTo(Map.of("where", "/docker/volumes/pg/_data"));
    assertThat(adopted.getLast().options().map()).containsEntry("device", ":/srv");
    assertThat(problems)
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            plugin ->
                assertThat(plugin)
                    .isEqualTo(
                        "adopt plugin: its driver 'vieux/sshfs' has the data, not a directory"),
            gone -> assertThat(gone).contains("/docker/volumes/gone/_data"));
    assertThat(adoptions.adoptAll(engine().subList(0, 1), adopted::add))
        .singleElement()
        .isInstanceOf(AlreadyExists.class);
  }

  @Test
  void a_volume_of_an_engine_that_is_a_mount_keeps_its_options() throws IOException {
    EngineVolume share = engine().get(1);

    assertThat(share.options().map()).containsEntry("device", ":/srv").containsEntry("type", "nfs");
    assertThat(share.labels()).isEqualTo(Labels.NONE);
    assertThat(engine().get(3).driver()).isEqualTo("local");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{}", "[1]", "[{}]", "[{\"Name\":\"a\"}]", "nothing", "[{\"Name\":1}]"})
  void an_answer_that_is_not_a_list_of_volumes_is_refused(String text) {
    assertThatThrownBy(() -> EngineVolume.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidDocument.class);
  }

  @Test
  void a_disk_that_others_can_read_is_noticed() throws IOException {
    Path disk = files.getPath("/srv/disk.qcow2");
    Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rw-r-----"));
    Volume volume = adoptions.adopt(disk, Optional.empty());

    assertThat(adoptions.isOpenToOthers(volume)).isFalse();
    Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(adoptions.isOpenToOthers(volume)).isTrue();
  }
}
