package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.backup.replica.KnownRepositories;
import dev.keg.error.InvalidInput.EmptyName;
import dev.keg.error.InvalidInput.InvalidGroup;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.Foreign;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.file.CountedWork;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.WindowsNaming;
import dev.keg.file.WorkListener;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeRegistryTest {
  private static final VolumeName DB = new VolumeName("db");

  private final List<String> debug = new ArrayList<>();
  private RegistryLayout layout;
  private VolumeRegistry registry;

  @BeforeEach
  void open() {
    Configuration unix =
        Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build();
    layout = new RegistryLayout(Jimfs.newFileSystem(unix).getPath("/var/lib/keg"));
    registry = registry();
    registry.openForWriting();
  }

  private VolumeRegistry registry() {
    return new VolumeRegistry(layout, DirectorySync.NONE, new SplittableRandom(1), debug::add);
  }

  private static Volume volume(VolumeName name) {
    return new Volume(
        name,
        "local",
        Options.of(Map.of("size", "1g")),
        new Labels(new TreeMap<>(Map.of("b", "ü \"x\"", "a", ""))),
        Instant.parse("2026-11-20T10:00:55.123456789Z"));
  }

  private void make(VolumeName name) {
    VolumeHome home = registry.stage(name, PoolName.DEFAULT);
    FileFailures.run("make", home.data(), () -> Files.createDirectory(home.data()));
    registry.publish(volume(name), home);
  }

  private Path volumeFile() {
    return layout.volumeFile(layout.home(DB));
  }

  private List<String> leftovers() throws IOException {
    try (Stream<Path> staging = Files.list(layout.staging());
        Stream<Path> trash = Files.list(layout.trash())) {
      return Stream.concat(staging, trash).map(Path::toString).toList();
    }
  }

  @Test
  void a_published_volume_is_found_unchanged() {
    make(DB);

    assertThat(registry().find(DB)).contains(volume(DB));
  }

  @Test
  void the_description_is_sorted_and_begins_with_its_schema() throws IOException {
    make(DB);

    assertThat(Files.readString(volumeFile()))
        .isEqualTo(
            "{\"schema\":2,\"created\":\"2026-11-20T10:00:55.123456789Z\",\"description\":\"\","
                + "\"driver\":\"local\",\"host\":{\"id\":\"\",\"name\":\"\"},\"id\":\"%s\","
                    .formatted(volume(DB).details().id())
                + "\"labels\":{\"a\":\"\",\"b\":\"ü \\\"x\\\"\"},\"options\":{\"size\":\"1g\"},"
                + "\"protected\":\"\",\"updated\":\"2026-11-20T10:00:55.123456789Z\"}\n");
  }

  @Test
  void a_staged_volume_is_not_found() {
    registry.stage(DB, PoolName.DEFAULT);

    assertThat(registry.find(DB)).isEmpty();
    assertThat(registry.list()).isEmpty();
  }

  @Test
  void a_removal_reports_its_total_and_its_progress() throws IOException {
    make(DB);
    Files.writeString(layout.home(DB).data().resolve("file"), "12345");
    CountedWork work = new CountedWork();
    VolumeRegistry watched =
        new VolumeRegistry(
            layout, DirectorySync.NONE, new SplittableRandom(7), _ -> {}, _ -> {}, work);
    long description = Files.size(layout.volumeFile(layout.home(DB)));

    watched.remove(List.of(DB), new Size(5));

    assertThat(work.expected).hasValue(5);
    assertThat(work.done).hasValue(5 + description);
  }

  @Test
  void a_removal_of_an_unknown_amount_counts_first() throws IOException {
    make(DB);
    Files.writeString(layout.home(DB).data().resolve("file"), "12345");
    Path data = layout.home(DB).data();
    Files.createLink(data.resolve("link"), data.resolve("file"));
    CountedWork work = new CountedWork();
    VolumeRegistry watched =
        new VolumeRegistry(
            layout, DirectorySync.NONE, new SplittableRandom(7), _ -> {}, _ -> {}, work);

    watched.remove(List.of(DB), Size.ZERO);

    assertThat(work.expected.get()).isPositive().isEqualTo(work.done.get());
  }

  @Test
  void a_removed_volume_is_gone_with_its_content() throws IOException {
    make(DB);
    Path data = layout.home(DB).data();
    Files.writeString(Files.createDirectories(data.resolve("a/b")).resolve("c"), "x");
    Files.createSymbolicLink(data.resolve("out"), layout.root());

    registry.remove(List.of(DB), Size.ZERO);

    assertThat(registry.find(DB)).isEmpty();
    assertThat(layout.home(DB).path()).doesNotExist();
    assertThat(layout.root()).exists();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void a_renamed_volume_is_the_same_volume() {
    make(DB);
    VolumeName other = new VolumeName("other");

    registry.rename(DB, other);

    assertThat(registry.find(DB)).isEmpty();
    assertThat(registry.find(other)).contains(volume(DB).withName(other));
  }

  @Test
  void a_replaced_description_leaves_nothing_behind() throws IOException {
    make(DB);
    Volume changed = volume(DB).withLabels(Labels.NONE);

    registry.replace(volume(DB), _ -> changed);

    assertThat(registry.find(DB)).contains(changed);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void an_abandoned_draft_is_gone_with_all_that_was_in_it() throws IOException {
    VolumeHome draft = registry.stage(DB, PoolName.DEFAULT);
    Files.writeString(Files.createDirectory(draft.data()).resolve("file"), "");

    registry.abandon(draft);

    assertThat(leftovers()).isEmpty();
  }

  @Test
  void volumes_that_are_being_made_can_be_asked_for() throws IOException {
    VolumeHome draft = registry.stage(DB, PoolName.DEFAULT);
    Files.writeString(layout.staging().resolve("file"), "");

    assertThat(registry.unfinished()).containsExactly(draft);
  }

  @Test
  void names_come_in_docker_order_and_only_of_directories() throws IOException {
    List.of("v10", "v2").forEach(name -> make(new VolumeName(name)));
    Files.writeString(layout.volumes().resolve("README"), "");
    Files.createDirectory(layout.volumes().resolve(".hidden"));

    assertThat(registry.names()).extracting(VolumeName::text).containsExactly("v2", "v10");
  }

  /** The real file system counts links, which shows that all entries are directories. */
  @Test
  void names_are_the_same_where_directories_count_their_links(@TempDir Path directory)
      throws IOException {
    layout = new RegistryLayout(directory);
    registry = registry();
    registry.openForWriting();
    make(DB);
    make(new VolumeName("other"));

    assertThat(registry.names()).extracting(VolumeName::text).containsExactly("db", "other");
    Files.writeString(layout.volumes().resolve("README"), "");
    assertThat(registry.names()).extracting(VolumeName::text).containsExactly("db", "other");
  }

  @Test
  void data_outside_the_root_is_removed_with_its_volume() throws IOException {
    make(DB);
    Path data = layout.root().resolveSibling("data");
    Files.createDirectories(data.resolve("sub"));
    Files.writeString(data.resolve("sub/file"), "");

    registry.remove(DB, data);

    assertThat(registry.find(DB)).isEmpty();
    assertThat(data).doesNotExist();
    assertThat(leftovers()).isEmpty();
    try (Stream<Path> beside = Files.list(layout.root().resolveSibling(""))) {
      assertThat(beside).containsExactly(layout.root());
    }
  }

  @Test
  void a_volume_is_removed_although_its_data_outside_the_root_is_gone() throws IOException {
    make(DB);

    registry.remove(DB, layout.root().resolveSibling("gone"));

    assertThat(registry.find(DB)).isEmpty();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void a_removal_of_data_outside_the_root_that_was_killed_is_completed() throws IOException {
    Path data = Files.createDirectory(layout.root().resolveSibling(".keg-removed.1"));
    Path grave = Files.createDirectory(layout.trash().resolve("00.1"));
    Files.writeString(grave.resolve(RegistryLayout.REMOVED_DATA), data.toString());

    registry().openForWriting();

    assertThat(data).doesNotExist();
    assertThat(leftovers()).isEmpty();
    assertThat(debug).contains("swept " + grave);
  }

  @Test
  void leftovers_that_cannot_be_swept_are_kept_and_reported() throws IOException {
    Path grave = Files.createDirectory(layout.trash().resolve("ff.1"));
    Files.writeString(grave.resolve(RegistryLayout.REMOVED_DATA), "x".repeat(2 << 20));

    registry().openForWriting();

    assertThat(grave).exists();
    assertThat(debug).anyMatch(line -> line.startsWith("cannot sweep " + grave + ": "));
  }

  @Test
  void an_existing_volume_is_opened_to_be_changed() throws IOException {
    make(DB);
    Path leftover = Files.createDirectory(layout.trash().resolve("00.1"));

    assertThat(registry().openFor("update", "db")).isEqualTo(DB);
    assertThat(leftover).doesNotExist();
  }

  @Test
  void what_is_not_a_name_and_what_has_no_root_is_not_opened() {
    assertThatThrownBy(() -> registry.openFor("update", "")).isInstanceOf(EmptyName.class);
    assertThatThrownBy(() -> registry.openFor("update", "a/b")).isInstanceOf(NotFound.class);
    layout = new RegistryLayout(layout.root().resolveSibling("elsewhere"));
    assertThatThrownBy(() -> registry().openFor("update", "db")).isInstanceOf(NotFound.class);
    assertThat(layout.root()).doesNotExist();
  }

  @Test
  void a_root_exists_if_it_has_a_marker_or_volumes() throws IOException {
    assertThat(registry().openForReading()).isTrue();
    Files.delete(layout.marker());
    assertThat(registry().openForReading()).isTrue();
  }

  @Test
  void a_damaged_marker_is_an_error() throws IOException {
    Files.writeString(layout.marker(), "{\"schema\":1,\"more\":1}");

    assertThatThrownBy(() -> registry().openForReading()).isInstanceOf(Damaged.class);
  }

  @Test
  void leftovers_of_killed_commands_are_swept() throws IOException {
    Files.createDirectories(registry.stage(DB, PoolName.DEFAULT).data());
    Files.createDirectories(layout.trash().resolve("3f.00/volume.json"));
    Files.writeString(layout.staging().resolve("strange"), "");

    registry().openForWriting();

    assertThat(leftovers()).isEmpty();
  }

  @Test
  void the_list_is_in_docker_order() {
    List.of("v10", "v2", "aa").forEach(name -> make(new VolumeName(name)));

    assertThat(registry.list())
        .extracting(entry -> ((RegistryEntry.Intact) entry).volume().name().text())
        .containsExactly("aa", "v2", "v10");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          []                | it is not a JSON object
          {                 | it is cut off
          {"schema":        | it is cut off
          {"schema":1       | it is cut off
          {"schema":1,"driver":"lo | it is cut off
          {"schema":1;      | line 1, column 12: Unexpected character
          {}                | its first field is not \"schema\"
          {"driver":"local","schema":1} | its first field is not \"schema\"
          {"schema":"1"}    | its schema is not a number
          {"schema":1}      | field "driver" is missing
          {"schema":1,"schema":1} | field "schema" occurs twice
          {"schema":1,"driver":"local","options":{},"labels":{},"created":"x"} | could not be parsed
          {"schema":1,"driver":"local","options":{"a":1},"labels":{},"created":"2026-11-20T10:00:55Z"} | "a" in "options" is not a text
          {"schema":1,"driver":"","options":{},"labels":{},"created":"2026-11-20T10:00:55Z"} | a volume has a driver
          {"schema":1,"driver":"local","options":{},"labels":{},"created":"2026-11-20T10:00:55Z","extra":1} | unknown field "extra"
          {"schema":1,"driver":"local","options":{},"labels":{},"created":"2026-11-20T10:00:55Z"} {} | there is text after
          """)
  void a_damaged_description_is_reported_with_the_reason(String content, String reason)
      throws IOException {
    make(DB);
    Files.writeString(volumeFile(), content);

    assertThatThrownBy(() -> registry.find(DB))
        .isInstanceOf(Damaged.class)
        .hasMessageStartingWith("volume db is damaged: /var/lib/keg/volumes/db/volume.json: ")
        .hasMessageContaining(reason);
  }

  @Test
  void an_empty_description_is_reported_as_such() throws IOException {
    make(DB);
    Files.write(volumeFile(), new byte[0]);

    assertThatThrownBy(() -> registry.find(DB)).hasMessageEndingWith("it is empty");
  }

  @Test
  void a_newer_description_is_not_guessed_at() throws IOException {
    make(DB);
    Files.writeString(volumeFile(), "{\"schema\":3,\"whatever\":[1]}");

    assertThatThrownBy(() -> registry.find(DB))
        .isInstanceOf(NewerSchema.class)
        .hasMessageContaining("has schema 3, but this version of keg knows only 2");
  }

  @Test
  void a_newer_root_is_refused() throws IOException {
    Files.writeString(layout.marker(), "{\"schema\":9}");

    assertThatThrownBy(() -> registry().openForReading()).isInstanceOf(NewerSchema.class);
    assertThatThrownBy(() -> registry().openForWriting()).isInstanceOf(NewerSchema.class);
  }

  @Test
  void an_entry_that_is_not_a_volume_is_reported_and_the_others_are_listed() throws IOException {
    make(DB);
    Files.writeString(layout.volumes().resolve("README"), "");
    Files.createDirectory(layout.volumes().resolve("empty"));
    Files.createDirectory(layout.volumes().resolve(".hidden"));
    Files.createDirectory(layout.volumes().resolve("lost+found"));

    List<VolumeException> problems =
        registry.list().stream()
            .filter(RegistryEntry.Broken.class::isInstance)
            .map(entry -> ((RegistryEntry.Broken) entry).problem())
            .toList();

    assertThat(problems)
        .hasOnlyElementsOfType(Foreign.class)
        .extracting(VolumeException::getMessage)
        .containsExactlyInAnyOrder(
            "/var/lib/keg/volumes/.hidden is not a volume: that is not a valid volume name",
            "/var/lib/keg/volumes/README is not a volume: it is not a directory",
            "/var/lib/keg/volumes/empty is not a volume: it has no volume.json");
    assertThat(registry.list()).contains(new RegistryEntry.Intact(volume(DB)));
  }

  @Test
  void without_a_root_there_are_no_volumes_and_none_is_created() {
    layout = new RegistryLayout(layout.root().resolveSibling("elsewhere"));
    VolumeRegistry other = registry();

    assertThat(other.openForReading()).isFalse();
    assertThat(other.list()).isEmpty();
    assertThat(layout.root()).doesNotExist();
  }

  @Test
  void directories_have_their_modes_whatever_the_umask_is() throws IOException {
    make(DB);

    assertThat(Files.getPosixFilePermissions(layout.home(DB).path()))
        .isEqualTo(PosixFilePermissions.fromString("rwx--x--x"));
    assertThat(Files.getPosixFilePermissions(layout.volumes()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(volumeFile()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.getPosixFilePermissions(layout.locks()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  /** Records what it is asked to protect. */
  private static final class Guard implements DirectorySync {
    final List<Path> guarded = new ArrayList<>();
    final List<Path> asked = new ArrayList<>();

    @Override
    public void sync(Path directory) {}

    @Override
    public void protect(Path root) {
      guarded.add(root);
    }

    @Override
    public void requireOwn(Path root) {
      asked.add(root);
    }
  }

  @Test
  void a_new_root_is_protected_and_one_that_holds_other_things_is_left_alone() throws IOException {
    Guard guard = new Guard();
    Path fresh = layout.root().resolveSibling("fresh");
    Path used = Files.createDirectory(layout.root().resolveSibling("used"));
    Files.writeString(used.resolve("something"), "");

    for (Path root : List.of(fresh, used, fresh)) {
      new VolumeRegistry(new RegistryLayout(root), guard, new SplittableRandom(1), _ -> {})
          .openForWriting();
    }

    assertThat(guard.guarded).containsExactly(fresh);
    assertThat(guard.asked).as("whose it is").contains(used, fresh);
  }

  /** It may contain a registry with drivers and paths that others have chosen. */
  @Test
  void a_root_of_somebody_else_is_not_even_read() {
    make(DB);
    DirectorySync guard =
        new DirectorySync() {
          @Override
          public void sync(Path directory) {}

          @Override
          public void requireOwn(Path root) throws IOException {
            throw new FileSystemException(root.toString(), null, "it belongs to anna");
          }
        };
    VolumeRegistry theirs = new VolumeRegistry(layout, guard, new SplittableRandom(1), _ -> {});

    assertThatThrownBy(theirs::openForReading)
        .isInstanceOf(FileFailure.class)
        .hasMessageContaining("it belongs to anna");
    assertThatThrownBy(() -> theirs.ownFile(RegistryLayout::config))
        .as("the defaults of commands")
        .isInstanceOf(FileFailure.class);
    assertThatThrownBy(() -> new KnownRepositories(theirs).list())
        .as("which repositories are trusted")
        .isInstanceOf(FileFailure.class);
    assertThat(
            new VolumeRegistry(
                    new RegistryLayout(layout.root().resolve("gone")),
                    guard,
                    new SplittableRandom(1),
                    _ -> {})
                .openForReading())
        .isFalse();
  }

  @Test
  void other_users_do_not_get_into_a_new_root() throws IOException {
    registry.openForWriting();

    assertThat(mode(layout.root())).isEqualTo("rwx------");
    assertThat(mode(layout.volumes())).isEqualTo("rwx------");
  }

  @Test
  void a_root_that_older_versions_left_open_is_closed_once_and_says_so() throws IOException {
    registry.openForWriting();
    for (Path directory : List.of(layout.root(), layout.volumes())) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }
    List<String> notices = new ArrayList<>();

    again(notices).openForWriting();
    again(notices).openForWriting();

    assertThat(mode(layout.root())).isEqualTo("rwx------");
    assertThat(mode(layout.volumes())).isEqualTo("rwx------");
    assertThat(notices)
        .containsExactly("other users could pass through /var/lib/keg; its mode is now 0700");
  }

  @Test
  void a_group_that_the_operator_admits_stays() throws IOException {
    List<String> notices = new ArrayList<>();

    again(notices).openTo("docker");
    again(notices).openForWriting();
    again(notices).openTo("docker");

    for (Path directory : List.of(layout.root(), layout.volumes())) {
      assertThat(mode(directory)).isEqualTo("rwx--x---");
      assertThat(Files.getAttribute(directory, "posix:group")).hasToString("docker");
    }
    assertThat(notices)
        .containsExactly(
            "members of group docker can reach the data in /var/lib/keg; its mode is now 0710");
  }

  @Test
  void a_group_that_does_not_exist_changes_nothing(@TempDir Path directory) throws IOException {
    RegistryLayout real = new RegistryLayout(directory.resolve("root"));
    var opened = new VolumeRegistry(real, DirectorySync.NONE, new SplittableRandom(1), _ -> {});

    assertThatThrownBy(() -> opened.openTo("no.such"))
        .isInstanceOf(InvalidGroup.class)
        .hasMessage("invalid value for \"--group\": there is no group no.such");
    assertThat(mode(real.root())).isEqualTo("rwx------");
  }

  private VolumeRegistry again(List<String> notices) {
    return new VolumeRegistry(
        layout,
        DirectorySync.NONE,
        new SplittableRandom(7),
        _ -> {},
        notices::add,
        WorkListener.NONE);
  }

  private static String mode(Path directory) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
  }

  /** A system with its own rules for names, or a root that Windows reads. */
  private VolumeRegistry registryOn(boolean windows, boolean shared) {
    DirectorySync system = new WindowsNaming(DirectorySync.NONE, windows, shared);
    return new VolumeRegistry(layout, system, new SplittableRandom(1), debug::add);
  }

  @ParameterizedTest
  @CsvSource({
    "con,Windows reserves this name for a device",
    "v1.,Windows drops the dot at the end of a name"
  })
  void windows_accepts_no_name_that_it_does_not_support(String text, String why) {
    VolumeRegistry windows = registryOn(true, false);
    VolumeName name = new VolumeName(text);

    assertThatThrownBy(() -> windows.stage(name, PoolName.DEFAULT))
        .hasMessage("create " + text + ": " + why);
    windows.publish(volume(DB), windows.stage(DB, PoolName.DEFAULT));
    assertThatThrownBy(() -> windows.rename(DB, name)).hasMessage("rename " + text + ": " + why);
    assertThat(windows.names()).containsExactly(DB);
  }

  /** Two names of one volume would have two locks. */
  @Test
  void a_name_that_differs_only_by_case_from_that_of_a_volume_is_refused_on_windows() {
    Path root = Jimfs.newFileSystem(Configuration.windows()).getPath("C:\\keg");
    VolumeRegistry windows =
        new VolumeRegistry(
            new RegistryLayout(root),
            new WindowsNaming(DirectorySync.NONE, true, false),
            new SplittableRandom(1),
            debug::add);
    windows.openForWriting();
    VolumeName other = new VolumeName(DB.text().toUpperCase(Locale.ROOT));
    windows.publish(volume(DB), windows.stage(DB, PoolName.DEFAULT));
    assertThat(windows.find(DB)).isPresent();

    assertThatThrownBy(() -> windows.find(other))
        .hasMessage(
            "find DB: this file system does not distinguish it from the existing volume db");
  }

  @Test
  void a_name_that_windows_does_not_support_causes_a_warning_where_windows_reads_the_root() {
    VolumeName con = new VolumeName("con");
    registryOn(false, false).abandon(registryOn(false, false).stage(con, PoolName.DEFAULT));
    assertThat(debug).isEmpty();

    registryOn(false, true)
        .publish(volume(con), registryOn(false, true).stage(con, PoolName.DEFAULT));

    assertThat(debug)
        .containsExactly("Windows cannot use volume con: Windows reserves this name for a device");
  }
}
