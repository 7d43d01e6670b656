package dev.keg.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenTreesTest {
  private static final Map<String, SeenTree> SEEN =
      Map.of(
          "db",
          new SeenTree(
              "boot 12 34",
              Instant.parse("2026-11-20T10:00:00.5Z"),
              new TreeUsage(new Size(1000), Optional.of(new Size(4096)), 3, 2)));

  private final Path run =
      Jimfs.newFileSystem(
              Configuration.unix().toBuilder()
                  .setAttributeViews("basic", "owner", "posix", "unix")
                  .build())
          .getPath("/run");
  private final Path file = run.resolve("keg/usage.json");
  private final SeenTrees trees = new SeenTrees(file);

  @BeforeEach
  void a_directory_that_a_reboot_empties() throws IOException {
    Files.createDirectory(run);
  }

  @Test
  void what_is_written_is_read() throws IOException {
    assertThat(trees.read()).isEmpty();

    trees.write(SEEN);

    assertThat(trees.read()).isEqualTo(SEEN);
    assertThat(Files.getPosixFilePermissions(file.getParent()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"schema\":2,\"trees\":[]}",
        "{\"schema\":1,\"trees\":[{\"name\":\"db\"}]}",
        "{\"schema\":1,\"trees\":[{\"allocated\":-1,\"at\":\"2026-11-20T10:00:00Z\","
            + "\"directories\":1,\"files\":1,\"name\":\"db\",\"size\":-1,\"state\":\"\"}]}",
        "{\"schema\":1,\"trees\":[{\"allocated\":1,\"at\":\"today\","
            + "\"directories\":1,\"files\":1,\"name\":\"db\",\"size\":1,\"state\":\"\"}]}"
      })
  void what_cannot_be_read_says_nothing_and_is_replaced(String text) throws IOException {
    Files.createDirectory(file.getParent());
    Files.write(file, text.getBytes(UTF_8));
    assertThat(trees.read()).isEmpty();

    trees.write(SEEN);

    assertThat(trees.read()).isEqualTo(SEEN);
  }

  @Test
  void a_directory_that_another_has_made_meanwhile_is_left_to_it() throws IOException {
    // The directory is missing at the check, but exists when it is created.
    Files.createSymbolicLink(file.getParent(), run.resolve("nowhere"));

    trees.write(SEEN);

    assertThat(trees.read()).isEmpty();
    assertThat(run.resolve("nowhere")).doesNotExist();
  }

  @Test
  void the_remains_of_a_killed_command_do_no_harm() throws IOException {
    Files.createDirectory(file.getParent());
    Files.writeString(file.resolveSibling("usage.json.new"), "{");

    trees.write(SEEN);

    assertThat(trees.read()).isEqualTo(SEEN);
    assertThat(file.resolveSibling("usage.json.new")).doesNotExist();
  }
}
