package dev.keg.volumeset;

import static dev.keg.volumeset.Machine.OTHER;
import static dev.keg.volumeset.Machine.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.fixtures.fault.Trial;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Machine.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyUpTest {
  private static final Map<String, String> IMAGE =
      Map.of("a", "of the image", "dir", "", "dir/b", "of the image too");

  private final Machine machine;

  CopyUpTest() throws IOException {
    machine = new Machine();
    fillImage(machine);
  }

  private static void fillImage(Machine machine) throws IOException {
    Path data = Files.createDirectories(machine.rootfs.resolve("data/dir"));
    Files.writeString(data.resolve("b"), IMAGE.get("dir/b"));
    Files.writeString(data.resolveSibling("a"), IMAGE.get("a"));
    Files.setPosixFilePermissions(
        machine.rootfs.resolve("data"), PosixFilePermissions.fromString("rwxrwx---"));
  }

  private static Map<String, String> content(Path directory) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(p -> !p.equals(directory)).toList()) {
        content.put(
            directory.relativize(path).toString(),
            Files.isDirectory(path) ? "" : Files.readString(path));
      }
    }
    return content;
  }

  private Map<String, String> contentOf(String volume) throws IOException {
    return content(machine.data(volume));
  }

  @Test
  void an_empty_volume_gets_what_the_target_has_and_its_mode() throws IOException {
    machine.mount(WEB, Wanted.volumes("db:/data"));

    assertThat(contentOf("db")).isEqualTo(IMAGE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(machine.data("db"))))
        .isEqualTo("rwxrwx---");
  }

  @Test
  void an_empty_volume_that_somebody_holds_gets_it_too() throws IOException {
    machine.mount(Machine.OTHER, Wanted.volumes("db:/elsewhere"));

    machine.mount(WEB, Wanted.volumes("db:/data"));

    assertThat(contentOf("db")).isEqualTo(IMAGE);
  }

  @ParameterizedTest
  @CsvSource({"db:/data:nocopy", "db:/elsewhere"})
  void nothing_is_copied_unasked_or_from_nowhere(String spec) throws IOException {
    machine.mount(WEB, Wanted.volumes(spec));

    assertThat(contentOf("db")).isEmpty();
  }

  @Test
  void an_empty_part_of_a_volume_is_filled_and_the_rest_is_left_alone() throws IOException {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));
    Path part = Files.createDirectory(machine.data("db").resolve("part"));
    Files.writeString(machine.data("db").resolve("mine"), "mine");

    machine.mount(
        WEB, new Wanted(List.of(), List.of("src=db,dst=/data,volume-subpath=part"), List.of()));

    assertThat(content(part)).isEqualTo(IMAGE);
    assertThat(machine.data("db").resolve("mine")).hasContent("mine");
  }

  @Test
  void a_part_of_a_volume_that_is_missing_is_not_made() throws IOException {
    machine.mount(
        WEB, new Wanted(List.of(), List.of("src=db,dst=/data,volume-subpath=x"), List.of()));

    assertThat(contentOf("db")).isEmpty();
  }

  @Test
  void a_volume_that_was_made_and_filled_goes_with_a_set_up_that_failed() {
    failLater(() -> {});

    assertThat(machine.registry.names()).isEmpty();
  }

  @Test
  void a_volume_that_was_made_and_filled_stays_once_somebody_wrote_to_it() {
    failLater(() -> Files.writeString(machine.data("db").resolve("a"), "mine"));

    assertThat(machine.registry.names()).containsExactly(new VolumeName("db"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish %s/and", "copy %s/data"})
  void a_volume_that_was_made_stays_if_somebody_wrote_to_it_before_it_was_full(String moment) {
    Meanwhile writing = () -> Files.writeString(machine.data("db").resolve("mine"), "mine");
    fail(Map.of(moment, writing, "publish %s/elsewhere", () -> {}));

    assertThat(machine.registry.names()).containsExactly(new VolumeName("db"));
  }

  @Test
  void a_volume_that_cannot_be_examined_stays_and_the_first_error_is_reported() {
    failLater(
        () -> {
          Files.move(machine.data("db"), machine.data("db").resolveSibling("gone"));
          Files.createFile(machine.data("db"));
        });

    assertThat(machine.registry.names()).containsExactly(new VolumeName("db"));
  }

  private interface Meanwhile {
    void run() throws IOException;
  }

  private void failLater(Meanwhile meanwhile) {
    fail(Map.of("publish %s/elsewhere", meanwhile));
  }

  /** The last mount fails, after the previous volume was filled. */
  private void fail(Map<String, Meanwhile> moments) {
    machine.publisher.watch(
        call -> {
          String moment = call.replace(machine.rootfs.toString(), "%s");
          if (moments.containsKey(moment)) {
            FileFailures.run("write", machine.rootfs, moments.get(moment)::run);
          }
          if (moment.equals("publish %s/elsewhere")) {
            throw new MountFailed("mount", "/elsewhere", "told to fail", null);
          }
        });

    assertThatExceptionOfType(MountFailed.class)
        .isThrownBy(
            () -> machine.mount(WEB, Wanted.volumes("one:/and", "db:/data", "other:/elsewhere")))
        .withMessageContaining("told to fail");
  }

  @Test
  void a_directory_of_the_host_is_not_filled() throws IOException {
    machine.mount(WEB, Wanted.volumes("/keg/srv/source:/data"));

    assertThat(content(machine.files.getPath("/keg/srv/source"))).isEmpty();
  }

  @Test
  void a_volume_with_something_in_it_is_left_alone() throws IOException {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));
    Files.writeString(machine.data("db").resolve("mine"), "mine");

    machine.mount(WEB, Wanted.volumes("db:/data"));

    assertThat(contentOf("db")).isEqualTo(Map.of("mine", "mine"));
  }

  @Test
  void the_directory_of_a_new_file_system_counts_as_nothing() throws IOException {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));
    Files.createDirectory(machine.data("db").resolve("lost+found"));

    machine.mount(WEB, Wanted.volumes("db:/data"));

    assertThat(contentOf("db")).containsAllEntriesOf(IMAGE).containsKey("lost+found");
  }

  @Test
  void an_empty_volume_that_somebody_uses_is_filled_too() throws IOException {
    machine.mount(WEB, Wanted.volumes("db:/data:nocopy"));

    machine.mount(OTHER, Wanted.volumes("db:/data/dir"));

    assertThat(contentOf("db")).isNotEmpty();
  }

  @Test
  void what_somebody_put_there_after_a_kill_is_not_overwritten() throws IOException {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));
    Path complete = Files.createDirectory(machine.data("db").resolve(".keg-copy-up.complete"));
    Files.writeString(complete.resolve("a"), "of the image");
    Files.writeString(complete.resolve("new"), "of the image");
    Files.writeString(machine.data("db").resolve("a"), "mine");

    machine.mount(WEB, Wanted.volumes("db:/data"));

    assertThat(contentOf("db")).isEqualTo(Map.of("a", "mine", "new", "of the image"));
  }

  @Test
  void a_link_in_the_place_of_the_copy_takes_nothing_from_elsewhere() throws IOException {
    machine.volumes.create(VolumeRequest.named(new VolumeName("db")));
    Path complete = machine.data("db").resolve(".keg-copy-up.complete");
    Path source = machine.files.getPath("/keg/srv/source");
    Path secret = Files.createFile(source.resolve("secret"));
    machine.publisher.watch(
        call -> {
          if (call.startsWith("copyAttributes ")) {
            FileFailures.run("attack", complete, () -> exchange(complete, source));
          }
        });

    assertThatExceptionOfType(VolumeException.class)
        .isThrownBy(() -> machine.mount(WEB, Wanted.volumes("db:/data")));
    assertThat(secret).exists();
  }

  private static void exchange(Path directory, Path target) throws IOException {
    Files.move(directory, directory.resolveSibling("theirs"));
    Files.createSymbolicLink(directory, target);
  }

  @TestFactory
  Stream<DynamicTest> whatever_breaks_it_off_the_next_use_completes_it() throws Exception {
    return FaultPoints.each(
        new Trial() {
          private FakePublisher kernel = machine.publisher;

          @Override
          public void prepare(Path directory) throws IOException {
            Machine prepared = new Machine(directory);
            kernel = prepared.publisher;
            fillImage(prepared);
            prepared.volumes.create(VolumeRequest.named(new VolumeName("db")));
            Files.createDirectory(prepared.data("db").resolve(".keg-copy-up.partial"));
          }

          @Override
          public void run(Path directory) {
            new Machine(directory, kernel).mount(WEB, Wanted.volumes("db:/data"));
          }

          @Override
          public void verify(Path directory, Outcome outcome) throws IOException {
            Machine next = new Machine(FaultyFileSystem.forceable(directory), kernel);
            if (outcome.failure() != null && !outcome.killed()) {
              assertThat(outcome.failure()).isInstanceOf(VolumeException.class);
            }
            next.sets.tearDown(WEB, false);
            next.mount(OTHER, Wanted.volumes("db:/data"));
            assertThat(content(next.data("db"))).isEqualTo(IMAGE);
          }
        });
  }
}
