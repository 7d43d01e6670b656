package dev.keg.linux.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverContext;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.linux.driver.Kernel;
import dev.keg.publish.ResolvedTarget;
import dev.keg.publish.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Needs no privileges, since it only reads. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "paths are resolved by openat2(2)")
class TargetResolverTest {
  private final LinuxPublisher publisher =
      new LinuxPublisher(Kernel.open(new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})));
  private final Path root;

  TargetResolverTest(@TempDir Path directory) throws IOException {
    this.root = Files.createDirectory(directory.toRealPath().resolve("rootfs"));
    Files.createDirectories(root.resolve("a/b"));
    Files.createFile(root.resolve("a/file"));
    link("absolute", "/a");
    link("a/up", "../../../../a/b");
    link("etc", "/etc-of-container");
    link("run", "var/run");
    link("a/relative", "b/../c");
    link("loop", "loop2");
    link("loop2", "loop");
    link("self", "/proc/self/root");
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(name), Path.of(target));
  }

  private ResolvedTarget resolve(String path) {
    return publisher.resolve(Target.below(root, path));
  }

  @ParameterizedTest
  @CsvSource({
    "/, ''",
    "/a/b, a/b",
    "/a/b/, a/b",
    "a/b, a/b",
    "/a/./b, a/b",
    "/../a/b, a/b",
    "/../../../../a/b, a/b",
    "/absolute/b, a/b",
    "/a/up, a/b",
    "/a/b/../file, a/file",
    "/absolute/up/../file, a/file",
  })
  void finds_what_is_there(String path, String place) {
    assertThat(resolve(path)).isEqualTo(new ResolvedTarget(root.resolve(place), List.of()));
  }

  @Test
  void finds_what_is_there_while_others_rename() throws Exception {
    Path other = Files.createFile(root.resolveSibling("1"));
    AtomicBoolean done = new AtomicBoolean();
    Thread renaming =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!done.get()) {
                    rename(other, other.resolveSibling("2"));
                    rename(other.resolveSibling("2"), other);
                  }
                });
    try {
      for (int i = 0; i < 2_000; i++) {
        assertThat(resolve("/absolute/up/../file").path()).isEqualTo(root.resolve("a/file"));
      }
    } finally {
      done.set(true);
      renaming.join();
    }
  }

  private static void rename(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/new, new, new",
    "/a/b/c/d, a/b/c/d, a/b/c a/b/c/d",
    "/absolute/x, a/x, a/x",
    "/etc/passwd, etc-of-container/passwd, etc-of-container etc-of-container/passwd",
    "/run/lock, var/run/lock, var var/run var/run/lock",
    "/a/relative/x, a/c/x, a/c a/c/x",
    "/a/missing/../x, a/x, a/x",
    "/missing/../../../a/x, a/x, a/x",
    "/self, proc/self/root, proc proc/self proc/self/root"
  })
  void says_what_is_missing(String path, String place, String missing) {
    assertThat(resolve(path))
        .isEqualTo(
            new ResolvedTarget(
                root.resolve(place),
                List.of(missing.split(" ")).stream().map(root::resolve).toList()));
  }

  @ParameterizedTest
  @CsvSource({"/loop, too many levels", "/a/file/x, not a directory"})
  void refuses(String path, String message) {
    assertThatThrownBy(() -> resolve(path))
        .isInstanceOf(MountFailed.class)
        .hasMessageStartingWith("mount " + path + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void a_root_that_is_not_there_is_an_error() {
    assertThatThrownBy(() -> publisher.resolve(Target.below(root.resolve("no"), "/x")))
        .isInstanceOf(MountFailed.class)
        .hasMessage("mount %s: no such file or directory", root.resolve("no"));
  }

  @Test
  void a_target_on_the_host_is_found_through_links() throws IOException {
    Path link = Files.createSymbolicLink(root.resolveSibling("link"), root);

    assertThat(publisher.resolve(Target.onHost(link.resolve("a/b").toString())).path())
        .isEqualTo(root.resolve("a/b"));
  }
}
