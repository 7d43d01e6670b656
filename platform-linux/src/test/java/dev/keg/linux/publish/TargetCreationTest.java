package dev.keg.linux.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverContext;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.linux.driver.Kernel;
import dev.keg.publish.MountContent;
import dev.keg.publish.ResolvedTarget;
import dev.keg.publish.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "paths are resolved by openat2(2)")
class TargetCreationTest {
  private static final MountContent MEMORY = new MountContent.Memory(List.of());

  private final LinuxPublisher publisher =
      new LinuxPublisher(Kernel.open(new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})));
  private final Path root;

  TargetCreationTest(@TempDir Path directory) throws IOException {
    this.root = Files.createDirectory(directory.toRealPath().resolve("rootfs"));
  }

  private ResolvedTarget resolve(String path) {
    return publisher.resolve(Target.below(root, path));
  }

  @Test
  void directories_are_made_for_everybody_to_pass() throws IOException {
    ResolvedTarget site = resolve("/a/b/c");

    publisher.make(site, MEMORY);

    assertThat(site.missing())
        .containsExactly(root.resolve("a"), root.resolve("a/b"), root.resolve("a/b/c"));
    for (Path made : site.missing()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwxr-xr-x");
    }
    publisher.unmake(site.missing());
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void a_file_is_mounted_on_a_file() throws IOException {
    Path source = Files.writeString(root.resolveSibling("source"), "text");
    ResolvedTarget site = resolve("/etc/hosts");

    publisher.make(site, new MountContent.Tree(source, ""));

    assertThat(root.resolve("etc/hosts")).isEmptyFile();
    publisher.unmake(site.missing());
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void what_somebody_else_made_meanwhile_is_fine_if_it_is_of_that_kind() throws IOException {
    ResolvedTarget site = resolve("/a/b");
    Files.createDirectory(root.resolve("a"));

    publisher.make(site, MEMORY);

    assertThat(root.resolve("a/b")).isDirectory();
  }

  @Test
  void what_is_of_another_kind_is_an_error() throws IOException {
    ResolvedTarget site = resolve("/a");
    Files.createFile(root.resolve("a"));

    assertThatThrownBy(() -> publisher.make(site, MEMORY))
        .isInstanceOf(MountFailed.class)
        .hasMessage("mount " + root.resolve("a") + ": file exists");
  }

  @Test
  void a_link_that_was_put_in_meanwhile_is_not_followed() throws IOException {
    Path outside = Files.createDirectory(root.resolveSibling("outside"));
    ResolvedTarget site = resolve("/a/b");
    Files.createSymbolicLink(root.resolve("a"), outside);

    assertThatThrownBy(() -> publisher.make(site, MEMORY))
        .isInstanceOf(MountFailed.class)
        .hasMessageContaining("symbolic links");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void what_is_used_meanwhile_is_not_removed() throws IOException {
    ResolvedTarget site = resolve("/a/b/c");
    publisher.make(site, MEMORY);
    Files.writeString(root.resolve("a/b/precious"), "data");

    publisher.unmake(site.missing());

    assertThat(root.resolve("a/b/c")).doesNotExist();
    assertThat(root.resolve("a/b/precious")).hasContent("data");
  }

  @Test
  void a_link_in_place_of_what_was_made_is_not_followed_by_removal() throws IOException {
    ResolvedTarget site = resolve("/a/b");
    publisher.make(site, MEMORY);
    Path outside = root.resolveSibling("outside");
    Files.createDirectories(outside.resolve("b"));
    Files.delete(root.resolve("a/b"));
    Files.delete(root.resolve("a"));
    Files.createSymbolicLink(root.resolve("a"), outside);

    publisher.unmake(site.missing());

    assertThat(outside.resolve("b")).isDirectory();
    assertThat(root.resolve("a")).isSymbolicLink();
  }

  @Test
  void a_file_that_somebody_wrote_to_is_not_removed() throws IOException {
    Path file = Files.writeString(root.resolve("hosts"), "127.0.0.1");

    publisher.unmake(List.of(file));

    assertThat(file).hasContent("127.0.0.1");
  }
}
