package dev.keg.linux.gluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.VolumeException;
import dev.keg.linux.ClusterShareContract;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class GlusterDriverTest extends ClusterShareContract {
  @Override
  protected DriverFactory factory() {
    return GlusterDriver.factory(_ -> fake.kernel());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("server", "gl1", "volume", "shared");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "server",
        "-o exec",
        "volume",
        "a/b",
        "path",
        "up",
        "backup-servers",
        "a:b",
        "size",
        "0",
        "timeout",
        "-1",
        "o",
        "ro,,rw");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          timeout=1            | -- gl1:/shared
          path=/db             | -- gl1:/shared/db
          server=fe80::1       | -- [fe80::1]:/shared
          backup-servers=b,c.d | -o backup-volfile-servers=b:c.d -- gl1:/shared
          o=nosuid             | -o nosuid -- gl1:/shared
          """)
  void options_become_those_of_mount(String option, String wanted) throws IOException {
    assertThat(mountsWith(option))
        .containsExactly("mount -t glusterfs " + wanted + " ROOT/volumes/db/_data");
  }

  @Override
  protected void serve(String source, Path target) throws IOException {
    if (source.endsWith("shared")) {
      fill(target.resolve("db"));
      Files.createDirectories(target.resolve("taken"));
    } else {
      fill(target);
    }
  }

  @Test
  void a_link_that_another_host_puts_in_the_place_of_a_directory_is_not_copied()
      throws IOException {
    Path secrets = Files.createDirectory(root.resolve("secrets"));
    Files.writeString(secrets.resolve("key"), "of this host");
    fake.tools.programs.put(
        "mount",
        tool -> {
          try {
            Path shown = Path.of(tool.arguments().getLast());
            Files.createSymbolicLink(shown.resolve("db"), secrets);
            return "";
          } catch (IOException e) {
            throw ToolException.failed(tool, 32, e.toString());
          }
        });
    Subject db = db();

    assertThatThrownBy(() -> clone(db, db.home(), "copy"))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("/db: not a directory");
    assertThat(names(root.resolve("staging/copy/_data"))).containsExactly("db");
  }

  private void answer(Map<String, String> errors) {
    fake.tools.programs.put(
        "gluster",
        tool -> {
          String words = String.join(" ", tool.arguments());
          for (Map.Entry<String, String> error : errors.entrySet()) {
            if (words.contains(error.getKey())) {
              throw ToolException.failed(tool, 1, error.getValue());
            }
          }
          return "";
        });
  }

  private List<String> told() {
    return fake.journal.stream()
        .filter(call -> call.startsWith("gluster "))
        .map(call -> call.substring("gluster --mode=script ".length()))
        .toList();
  }

  @Test
  void a_size_is_a_quota_of_the_cluster() throws IOException {
    Subject db = create("db", sized());
    Options later =
        ((Resizes) open()).resize(db.volume(), db.home(), Size.parseBinary("2g"), Secrets.NONE);

    assertThat(later.map()).containsEntry("size", "2147483648");
    assertThat(told())
        .containsExactly(
            "volume quota shared limit-usage /db 1073741824",
            "volume quota shared limit-usage /db 2147483648");
  }

  @Test
  void quotas_are_enabled_where_they_are_not() throws IOException {
    boolean[] enabled = {false};
    fake.tools.programs.put(
        "gluster",
        tool -> {
          enabled[0] |= tool.arguments().contains("enable");
          if (!enabled[0]) {
            throw ToolException.failed(
                tool, 1, "quota command failed : Quota is disabled, please enable quota");
          }
          return "";
        });
    create("db", sized());

    assertThat(told())
        .containsExactly(
            "volume quota shared limit-usage /db 1073741824",
            "volume quota shared enable",
            "volume quota shared limit-usage /db 1073741824");
  }

  @Test
  void a_host_outside_of_the_cluster_is_reported_as_such() {
    answer(Map.of("quota", "Connection failed. Please check if gluster daemon is operational."));

    assertThatThrownBy(() -> create("db", sized()))
        .isInstanceOf(DriverFailed.class)
        .hasMessageStartingWith("create db: cannot limit it to 1GiB: Connection failed.")
        .satisfies(
            e -> assertThat(((DriverFailed) e).hint().orElse("")).contains("its own servers"));
  }

  @Test
  void the_cluster_keeps_a_snapshot_where_its_bricks_can() throws IOException {
    Subject db = db();
    VolumeHome home = snapshotHome(db);
    snapshots().snapshot(db.volume(), db.home(), home);

    assertThat(snapshots().isCopied(db.volume(), home)).isFalse();
    snapshots().show(showing(db, home)).close();
    assertThat(mountCalls())
        .anyMatch(call -> call.contains("-- gl1:/snaps/keg-1f-one/shared ROOT"))
        .anyMatch(call -> call.startsWith("open_tree ") && call.endsWith("/_data/db"));
    assertThat(fake.standing()).isEmpty();
    answer(Map.of("delete", "snapshot delete: failed: Snapshot (keg-1f-one) does not exist"));
    snapshots().discard(db.volume(), home);
    assertThat(told())
        .containsExactly(
            "snapshot create keg-1f-one shared no-timestamp",
            "snapshot activate keg-1f-one",
            "snapshot delete keg-1f-one");
  }

  @Test
  void a_snapshot_is_a_copy_where_its_bricks_cannot() throws IOException {
    answer(
        Map.of(
            "snapshot create",
            "snapshot create: failed: Snapshot is supported only for thin provisioned LV. Ensure"));
    Subject db = db();
    VolumeHome home = snapshotHome(db);
    snapshots().snapshot(db.volume(), db.home(), home);

    assertThat(snapshots().isCopied(db.volume(), home)).isTrue();
    assertThat(home.data().resolve("file")).hasContent("text");
    try (Snapshots.Shown shown = snapshots().show(showing(db, home))) {
      assertThat(shown.data()).isEqualTo(home.data());
    }
    assertThat(clone(db, home, "then").data().resolve("then/file")).hasContent("text");
    assertThat(clone(db, db.home(), "copy").data().resolve("copy/file")).hasContent("text");
    snapshots().discard(db.volume(), home);
    assertThat(told()).hasSize(1);
    assertThat(fake.standing()).isEmpty();
  }
}
