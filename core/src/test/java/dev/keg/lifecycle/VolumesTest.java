package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.DriverException.UnknownDriver;
import dev.keg.error.HolderException.ActiveMounts;
import dev.keg.error.HolderException.HasDependents;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.InvalidInput.EmptyName;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.NameTaken;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Host;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeDetails;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.volume.VolumeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumesTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:55Z");
  private static final VolumeName DB = new VolumeName("db");

  private final RegistryLayout layout =
      new RegistryLayout(
          Jimfs.newFileSystem(
                  Configuration.unix().toBuilder()
                      .setAttributeViews("basic", "posix", "unix")
                      .build())
              .getPath("/keg"));
  private final VolumeRegistry registry =
      new VolumeRegistry(layout, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
  private final FakeMountTable mounts = new FakeMountTable(layout.root().getFileSystem()::getPath);
  private final Attachments attachments = new Attachments(registry, () -> mounts);
  private final FakeDriver fake =
      new FakeDriver(
          "fake",
          new OptionDescriptor("colour", "red|blue", "what it looks like"),
          new OptionDescriptor("shape", "WORD", "what it feels like")) {
        @Override
        public void validate(DriverOptions options) {
          options.choice("colour", "red", List.of("red", "blue"));
        }
      };
  private final Volumes volumes =
      new Volumes(
          new Services(
              registry,
              attachments,
              new Drivers(
                  List.of(LocalDriver.directoriesOnly(), fake.factory()),
                  new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})),
              Clock.fixed(NOW, ZoneOffset.UTC),
              Secrets.NONE));

  private Volumes volumes(FakeDriver driver) {
    return volumes(registry, attachments, driver);
  }

  private static Volumes volumes(VolumeRegistry of, Attachments attachments, FakeDriver driver) {
    Drivers drivers =
        new Drivers(
            List.of(driver.factory()), new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    return new Volumes(new Services(of, attachments, drivers, clock, Secrets.NONE));
  }

  private static VolumeRequest request(String driver, Map<String, String> options) {
    return new VolumeRequest(
        DB, driver, Options.of(options), Labels.parse(List.of("tier=gold")), Ownership.DEFAULT);
  }

  @Test
  void what_was_made_outside_of_a_home_that_is_not_published_is_taken_back() throws IOException {
    Path outside = layout.root().resolveSibling("outside");
    FakeDriver driver =
        new FakeDriver("placing") {
          @Override
          public void create(CreateRequest request) {
            VolumeHome home = request.home();
            FileFailures.run("create", outside, () -> Files.createFile(outside));
            FileFailures.run("delete", home.path(), () -> Files.delete(home.path()));
          }

          @Override
          public void takeBack(Volume volume, VolumeHome home) {
            FileFailures.run("delete", outside, () -> Files.delete(outside));
          }
        };
    Volumes placing = volumes(driver);

    assertThatThrownBy(() -> placing.create(request("placing", Map.of())))
        .isInstanceOf(FileFailure.class);
    assertThat(outside).doesNotExist();
    assertThat(registry.find(DB)).isEmpty();
  }

  private CreateResult createDb() {
    return volumes.create(VolumeRequest.named(DB));
  }

  private void hold(String container, String target) {
    mounts.mount(target);
    attachments.add(
        DB,
        new Attachment.Mount(
            container, target, false, false, NOW, mounts.hostId(), mounts.bootId()));
  }

  private static VolumeFilter all(Volumes volumes) {
    return VolumeFilter.forPrune(true, FilterArguments.NONE, volumes.filterContext());
  }

  @Test
  void create_makes_a_volume_that_can_be_inspected() {
    CreateResult made = volumes.create(request("fake", Map.of("colour", "red")));

    assertThat(made.existed()).isFalse();
    Inspection inspection = volumes.inspect("db");
    VolumeDetails details = inspection.volume().details();
    assertThat(details.host()).isEqualTo(new Host(mounts.hostId(), mounts.hostName()));
    assertThat(details.updated()).isEqualTo(NOW);
    assertThat(inspection.volume())
        .isEqualTo(
            new Volume(
                    DB,
                    "fake",
                    Options.of(Map.of("colour", "red")),
                    Labels.parse(List.of("tier=gold")),
                    NOW)
                .withDetails(details));
    assertThat(inspection.mountpoint()).hasToString("/keg/volumes/db/_data");
  }

  @Test
  void create_again_returns_the_existing_volume_and_each_difference() {
    volumes.create(request("fake", Map.of("colour", "red")));

    CreateResult again =
        volumes.create(
            new VolumeRequest(
                DB,
                "fake",
                Options.of(Map.of("colour", "blue", "shape", "round")),
                Labels.NONE,
                Ownership.DEFAULT));

    assertThat(again.existed()).isTrue();
    assertThat(again.volume().options().map()).containsEntry("colour", "red");
    assertThat(again.differences())
        .containsExactly(
            "its option colour has another value",
            "it lacks option shape",
            "it has label tier, which was not requested");
  }

  @Test
  void create_of_an_equal_volume_differs_in_nothing() {
    volumes.create(request("fake", Map.of("colour", "red")));

    assertThat(volumes.create(request("fake", Map.of("colour", "red"))).differences()).isEmpty();
  }

  @Test
  void create_refuses_a_name_that_another_driver_has() {
    volumes.create(request("fake", Map.of()));

    assertThatThrownBy(() -> volumes.create(request("local", Map.of())))
        .isInstanceOf(NameTaken.class)
        .hasMessage("create db: driver 'fake' already has volume 'db': volume name must be unique");
  }

  @Test
  void create_without_a_driver_accepts_whichever_has_the_name() {
    volumes.create(request("fake", Map.of()));

    assertThat(createDb().volume().driver()).isEqualTo("fake");
  }

  @Test
  void create_with_an_unknown_driver_or_option_creates_nothing() {
    assertThatThrownBy(() -> volumes.create(request("nosuch", Map.of())))
        .isInstanceOf(UnknownDriver.class)
        .hasMessage(
            "create db: error looking up volume plugin nosuch: plugin \"nosuch\" not found");
    assertThatThrownBy(() -> volumes.create(request("fake", Map.of("size", "1g"))))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: invalid option: \"size\"");
    assertThat(volumes.exists("db")).isFalse();
    assertThat(layout.root().resolve("staging")).isEmptyDirectory();
  }

  @Test
  void a_driver_that_fails_in_the_middle_leaves_nothing() {
    fake.failOn("create");

    assertThatThrownBy(() -> volumes.create(request("fake", Map.of())))
        .isInstanceOf(FakeDriver.Failed.class);
    assertThat(volumes.exists("db")).isFalse();
    assertThat(layout.root().resolve("staging")).isEmptyDirectory();
  }

  @Test
  void an_anonymous_volume_has_a_name_and_docker_label() {
    Volume volume =
        volumes
            .create(
                VolumeRequest.anonymous(
                    new SplittableRandom(2), "", Options.NONE, Labels.NONE, Ownership.DEFAULT))
            .volume();

    assertThat(volume.name().text()).matches("[0-9a-f]{64}");
    assertThat(volume.anonymous()).isTrue();
  }

  @Test
  void rm_removes_data_and_all() {
    createDb();

    volumes.remove("db", Removal.Mode.NORMAL);

    assertThat(volumes.exists("db")).isFalse();
    assertThat(layout.home(DB).path()).doesNotExist();
  }

  @Test
  void rm_of_a_missing_volume_fails_unless_forced() {
    assertThatThrownBy(() -> volumes.remove("nope", Removal.Mode.NORMAL))
        .isInstanceOf(NotFound.class)
        .hasMessage("get nope: no such volume");
    assertThatThrownBy(() -> volumes.remove("../etc", Removal.Mode.NORMAL))
        .isInstanceOf(NotFound.class);
    volumes.remove("nope", Removal.Mode.FORCE);
    volumes.remove("../etc", Removal.Mode.FORCE);
    assertThat(layout.root()).doesNotExist();
  }

  @Test
  void a_name_that_is_empty_is_reported_as_such() {
    createDb();

    assertThatThrownBy(() -> volumes.inspect("")).isInstanceOf(EmptyName.class);
    assertThatThrownBy(() -> volumes.remove("", Removal.Mode.FORCE)).isInstanceOf(EmptyName.class);
  }

  @Test
  void a_volume_is_available_attached_or_in_use() {
    createDb();
    assertThat(volumes.inspect("db").overview().status()).isEqualTo(VolumeStatus.AVAILABLE);
    attachments.add(DB, new Attachment.Disk("vm1", "vdb", true, NOW));
    assertThat(volumes.inspect("db").overview().status()).isEqualTo(VolumeStatus.ATTACHED);
    hold("web1", "/srv/one");
    assertThat(volumes.inspect("db").overview().status()).isEqualTo(VolumeStatus.IN_USE);
  }

  @Test
  void volumes_are_filtered_by_the_age_of_another_one() {
    createDb();

    Function<String, Optional<Instant>> created = volumes.filterContext().createdOf();

    assertThat(created.apply("db")).contains(NOW);
    assertThat(created.apply("nope")).isEmpty();
    assertThat(created.apply("../etc")).isEmpty();
  }

  @Test
  void rm_and_prune_sweep_what_killed_commands_left() throws IOException {
    createDb();
    Path staging = layout.root().resolve("staging");
    Files.createDirectory(staging.resolve("00.1"));

    again().remove("db", Removal.Mode.NORMAL);
    assertThat(staging).isEmptyDirectory();

    Files.createDirectory(staging.resolve("00.1"));
    Volumes next = again();
    next.pruning().prune(all(next));
    assertThat(staging).isEmptyDirectory();
  }

  /** The volumes as the next command sees them. */
  private Volumes again() {
    return again(Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private Volumes again(Clock clock) {
    return again(clock, DirectorySync.NONE);
  }

  private Volumes again(Clock clock, DirectorySync sync) {
    var next = new VolumeRegistry(layout, sync, new SplittableRandom(2), _ -> {});
    return new Volumes(
        new Services(
            next,
            new Attachments(next, () -> mounts),
            new Drivers(
                List.of(LocalDriver.directoriesOnly()),
                new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})),
            clock,
            Secrets.NONE));
  }

  @Test
  void options_are_checked_before_anything_is_created() {
    assertThatThrownBy(() -> volumes.create(request("fake", Map.of("colour", "green"))))
        .isInstanceOf(InvalidOption.class);

    assertThat(fake.calls()).isEmpty();
  }

  @Test
  void rm_refuses_a_volume_in_use_and_names_its_holders_also_when_forced() {
    createDb();
    hold("web1", "/srv/one");
    hold("", "/srv/two");

    for (Removal.Mode mode : Removal.Mode.values()) {
      assertThatThrownBy(() -> volumes.remove("db", mode))
          .isInstanceOf(InUse.class)
          .hasMessage("remove db: volume is in use - [/srv/two, web1]");
    }
    assertThat(volumes.exists("db")).isTrue();
  }

  @Test
  void a_volume_that_others_are_built_on_stays_until_they_are_gone() throws IOException {
    createDb();
    Path home = layout.home(DB).path();
    Path own = Files.writeString(layout.root().resolve("file-of-copy"), "copy");
    Files.createDirectory(home.resolve("dependents"));
    Files.createLink(home.resolve("dependents/copy"), own);

    assertThatThrownBy(() -> volumes.remove("db", Removal.Mode.FORCE))
        .isInstanceOf(HasDependents.class)
        .hasMessage("remove db: other volumes are built on it - [copy]");
    assertThatThrownBy(() -> volumes.rename("db", "other")).isInstanceOf(HasDependents.class);
    assertThat(volumes.pruning().prune(all(volumes)).removed()).isEmpty();
    Files.delete(own);
    volumes.remove("db", Removal.Mode.NORMAL);

    assertThat(home).doesNotExist();
  }

  @Test
  void rm_removes_a_volume_whose_holders_ended_with_the_last_boot() {
    createDb();
    hold("web1", "/srv/one");
    mounts.reboot();

    volumes.remove("db", Removal.Mode.NORMAL);

    assertThat(volumes.exists("db")).isFalse();
  }

  @Test
  void rm_never_removes_what_is_mounted_below_a_volume() {
    createDb();
    mounts.mount("/keg/volumes/db/_data/cache");

    for (Removal.Mode mode : Removal.Mode.values()) {
      assertThatThrownBy(() -> volumes.remove("db", mode))
          .isInstanceOf(ActiveMounts.class)
          .hasMessage("remove db: volume has active mounts - [/keg/volumes/db/_data/cache]");
    }
  }

  @Test
  void rename_refuses_a_volume_on_which_something_is_mounted() {
    createDb();
    mounts.mount("/keg/volumes/db/_data");

    assertThatThrownBy(() -> volumes.rename("db", "other")).isInstanceOf(ActiveMounts.class);
    assertThat(volumes.names()).containsExactly(DB);
  }

  @Test
  void rm_of_a_damaged_volume_requires_force_and_a_newer_one_is_never_touched() throws IOException {
    createDb();
    Path file = layout.home(DB).file("volume.json");
    Files.writeString(file, "{\"schema\":3}");
    assertThatThrownBy(() -> volumes.remove("db", Removal.Mode.FORCE))
        .isInstanceOf(NewerSchema.class);
    Files.writeString(file, "{");
    assertThatThrownBy(() -> volumes.remove("db", Removal.Mode.NORMAL)).isInstanceOf(Damaged.class);

    volumes.remove("db", Removal.Mode.FORCE);

    assertThat(layout.home(DB).path()).doesNotExist();
  }

  @Test
  void a_name_is_free_for_another_driver_after_rm() {
    volumes.create(request("fake", Map.of()));
    volumes.remove("db", Removal.Mode.NORMAL);

    assertThat(volumes.create(request("local", Map.of())).existed()).isFalse();
  }

  @Test
  void update_adds_and_then_removes_labels() {
    volumes.create(request("local", Map.of()));

    volumes.update(
        "db",
        VolumeChange.ofLabels(Labels.parse(List.of("a=1", "b=2")), List.of("tier", "b", "nope")));

    assertThat(volumes.inspect("db").volume().labels()).isEqualTo(Labels.parse(List.of("a=1")));
    assertThatThrownBy(() -> volumes.update("nope", VolumeChange.ofLabels(Labels.NONE, List.of())))
        .hasMessage("update nope: no such volume");
  }

  @Test
  void rename_keeps_everything_but_the_name() throws IOException {
    Volume volume = volumes.create(request("local", Map.of())).volume();
    Files.writeString(layout.home(DB).data().resolve("file"), "x");

    volumes.rename("db", "other");

    assertThat(volumes.exists("db")).isFalse();
    VolumeName other = new VolumeName("other");
    assertThat(volumes.inspect("other").volume()).isEqualTo(volume.withName(other));
    assertThat(layout.home(other).data().resolve("file")).hasContent("x");
  }

  @Test
  void an_update_that_changes_nothing_is_not_dated() {
    createDb();
    VolumeChange change = VolumeChange.ofLabels(Labels.parse(List.of("tier=gold")), List.of());
    volumes.update("db", change);
    Volume known = registry.get("get", DB);
    Volumes later = again(Clock.fixed(NOW.plusSeconds(9), ZoneOffset.UTC));

    assertThat(later.update("db", change)).isEqualTo(known);
    assertThat(registry.get("get", DB)).isEqualTo(known);
    later.rename("db", "renamed");
    assertThat(registry.get("get", new VolumeName("renamed")).details()).isEqualTo(known.details());
  }

  @Test
  void a_conditional_removal_sweeps_as_well() throws IOException {
    createDb();
    Path staging = layout.root().resolve("staging");
    Files.createDirectory(staging.resolve("00.1"));

    again().removeIf(DB, Removal.Mode.NORMAL, _ -> false);

    assertThat(staging).isEmptyDirectory();
    assertThat(volumes.exists("db")).isTrue();
  }

  @Test
  void rename_refuses_what_would_lose_or_confuse() {
    createDb();
    volumes.create(VolumeRequest.named(new VolumeName("other")));
    assertThatThrownBy(() -> volumes.rename("db", "other")).isInstanceOf(AlreadyExists.class);
    assertThatThrownBy(() -> volumes.rename("db", "db")).isInstanceOf(AlreadyExists.class);
    assertThatThrownBy(() -> volumes.rename("nope", "free")).isInstanceOf(NotFound.class);
    volumes.update("db", VolumeChange.ofLabels(Labels.NONE.with(Labels.ANONYMOUS, ""), List.of()));
    assertThatThrownBy(() -> volumes.rename("db", "free")).isInstanceOf(NotSupported.class);
    hold("web1", "/srv");
    volumes.update("db", VolumeChange.ofLabels(Labels.NONE, List.of(Labels.ANONYMOUS)));
    assertThatThrownBy(() -> volumes.rename("db", "free")).isInstanceOf(InUse.class);
  }

  /** Like docker's volumes of type none, which show a directory of the host. */
  @Test
  void what_a_killed_create_left_in_a_directory_of_the_host_goes_with_the_volume()
      throws IOException {
    Path device = Files.createDirectories(layout.root().resolveSibling("srv"));
    Path stage = device.resolve(".keg-restore/restore-new");
    FakeDriver driver =
        new FakeDriver("docker", new OptionDescriptor("device", "PATH", "what it shows"));
    Volumes with = volumes(driver);
    with.create(request("docker", Map.of("device", device.toString())));
    Files.createDirectories(stage);
    Files.createFile(stage.resolve("file"));
    Files.createFile(device.resolve("other"));
    new RestoreJournal(RegistryLayout.restoreJournal(layout.home(DB)), DirectorySync.NONE)
        .stageMade();

    with.remove("db", Removal.Mode.NORMAL);

    assertThat(device.resolve(".keg-restore")).doesNotExist();
    assertThat(device.resolve("other")).exists();
  }

  /** On Windows, where a path has no colon. */
  @Test
  void a_device_that_is_not_a_path_does_not_prevent_a_removal() throws IOException {
    RegistryLayout windows =
        new RegistryLayout(Jimfs.newFileSystem(Configuration.windows()).getPath("C:\\keg"));
    VolumeRegistry there =
        new VolumeRegistry(windows, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
    FakeDriver driver =
        new FakeDriver("docker", new OptionDescriptor("device", "PATH", "what it shows"));
    FakeMountTable mounted = new FakeMountTable(windows.root().getFileSystem()::getPath);
    Volumes with = volumes(there, new Attachments(there, () -> mounted), driver);
    with.create(request("docker", Map.of("device", "nas:/export")));
    new RestoreJournal(RegistryLayout.restoreJournal(windows.home(DB)), DirectorySync.NONE)
        .stageMade();

    with.remove("db", Removal.Mode.NORMAL);

    assertThat(with.names()).isEmpty();
  }

  @Test
  void prune_removes_unused_plain_volumes_and_counts_their_data() throws IOException {
    createDb();
    Files.write(layout.home(DB).data().resolve("file"), new byte[2000]);
    volumes.create(VolumeRequest.named(new VolumeName("held")));
    attachments.add(new VolumeName("held"), new Attachment.Disk("vm1", "vdb", false, NOW));
    volumes.create(
        new VolumeRequest(
            new VolumeName("faked"), "fake", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    volumes.create(
        new VolumeRequest(
            new VolumeName("options"),
            "local",
            Options.of(Map.of("type", "tmpfs", "device", "tmpfs")),
            Labels.NONE,
            Ownership.DEFAULT));

    Pruning.Result result = volumes.pruning().prune(all(volumes));

    assertThat(result.removed()).containsExactly(DB);
    assertThat(result.reclaimed()).isEqualTo(new Size(2000));
    assertThat(result.problems()).isEmpty();
    assertThat(
            volumes
                .list(VolumeFilter.forList(FilterArguments.NONE, volumes.filterContext()))
                .volumes())
        .extracting(volume -> volume.name().text())
        .containsExactly("faked", "held", "options");
  }

  @Test
  void prune_removes_only_what_was_shown() {
    createDb();
    List<Volume> shown = volumes.pruning().candidates(all(volumes)).volumes();
    volumes.create(VolumeRequest.named(new VolumeName("later")));

    assertThat(volumes.pruning().prune(all(volumes), shown).removed()).containsExactly(DB);
    assertThat(volumes.exists("later")).isTrue();
  }

  @Test
  void prune_spares_a_volume_that_got_the_name_of_one_that_was_shown() {
    createDb();
    List<Volume> shown = volumes.pruning().candidates(all(volumes)).volumes();
    volumes.remove("db", Removal.Mode.NORMAL);
    createDb();

    assertThat(volumes.pruning().prune(all(volumes), shown).removed()).isEmpty();
    assertThat(volumes.exists("db")).isTrue();
  }

  /** The volumes for a process that is overtaken by another one while it looks for a volume. */
  private Volumes overtaken(Runnable other) {
    AtomicBoolean done = new AtomicBoolean();
    return again(
        Clock.fixed(NOW, ZoneOffset.UTC),
        new DirectorySync() {
          @Override
          public void sync(Path directory) {}

          @Override
          public String spelling(Path file) throws IOException {
            if (done.compareAndSet(false, true)) {
              other.run();
            }
            return DirectorySync.super.spelling(file);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"rm", "rm --force", "rename", "update"})
  void a_volume_named_by_its_id_is_not_another_one_that_gets_its_name(String command) {
    String id = createDb().volume().details().id().text();
    Volumes slow =
        overtaken(
            () -> {
              volumes.rename("db", "old");
              createDb();
            });

    Throwable failure =
        catchThrowable(
            () -> {
              switch (command) {
                case "rm" -> slow.remove(id, Removal.Mode.NORMAL);
                case "rm --force" -> slow.remove(id, Removal.Mode.FORCE);
                case "rename" -> slow.rename(id, "new");
                default ->
                    slow.update(id, VolumeChange.ofLabels(Labels.NONE.with("a", "1"), List.of()));
              }
            });

    if (command.equals("rm --force")) {
      assertThat(failure).isNull();
    } else {
      assertThat(failure).isInstanceOf(NotFound.class).hasMessageContaining(id);
    }
    assertThat(volumes.inspect("db").volume().labels()).isEqualTo(Labels.NONE);
    assertThat(volumes.inspect("old").volume().details().id().text()).isEqualTo(id);
    assertThat(volumes.names()).hasSize(2);
  }

  @Test
  void prune_spares_a_volume_on_which_something_is_mounted() {
    createDb();
    mounts.mount("/keg/volumes/db/_data");

    assertThat(volumes.pruning().prune(all(volumes)).removed()).isEmpty();
  }

  @Test
  void rm_of_a_volume_whose_data_leads_outside_is_refused_and_nothing_is_touched()
      throws IOException {
    createDb();
    Path outside = Files.createDirectory(layout.root().resolveSibling("outside"));
    Path data = layout.home(DB).data();
    Files.delete(data);
    Files.createSymbolicLink(data, outside);

    assertThatThrownBy(() -> volumes.remove("db", Removal.Mode.NORMAL))
        .hasMessage(
            "remove db: unable to remove a directory outside of the local volume root"
                + " /keg/volumes: /outside");
    assertThat(outside).exists();
    assertThat(new VolumeHome(layout.home(DB).path()).data()).isSymbolicLink();
  }
}
