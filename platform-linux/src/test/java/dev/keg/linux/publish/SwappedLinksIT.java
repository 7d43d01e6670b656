package dev.keg.linux.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.driver.DriverContext;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.linux.LinuxPlatform;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.linux.tree.LinuxFileTrees;
import dev.keg.mountspec.Access;
import dev.keg.publish.MountContent;
import dev.keg.publish.Publisher;
import dev.keg.publish.ResolvedTarget;
import dev.keg.publish.Target;
import dev.keg.tree.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A process in a container, or with access to a volume, replaces a directory by a link that leads
 * out of it and back again, as fast as it can, while Keg mounts.
 */
@NeedsRoot
class SwappedLinksIT {
  private static final int ROUNDS = 2000;

  /** On a busy machine the two threads may take turns for a while. */
  private static final int MOST_ROUNDS = 50 * ROUNDS;

  @RegisterExtension final MachineState machine = new MachineState();

  private final Publisher publisher =
      new LinuxPlatform()
          .publisher(new DriverContext(_ -> Optional.empty(), System.getenv(), _ -> {}));
  private Path outside;
  private int shown;
  private int refused;

  @BeforeEach
  void outsideWithASecret() throws IOException {
    outside = directory("outside");
    Files.createDirectory(outside.resolve("data"));
    Files.writeString(outside.resolve("data/secret"), "of the host");
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectories(machine.directory().resolve(name));
  }

  /** One try during the race. */
  private interface Round {
    void run() throws IOException;
  }

  private boolean sawBoth() {
    return shown > 0 && refused > 0;
  }

  private void whileSwapping(Path swapped, Round round) throws Exception {
    Path link = Files.createSymbolicLink(swapped.resolveSibling("link"), outside);
    var over = new AtomicBoolean();
    try (var threads = Executors.newSingleThreadExecutor()) {
      Future<?> swapping = threads.submit(() -> swap(swapped, link, over));
      try {
        for (int i = 0; i < ROUNDS || (i < MOST_ROUNDS && !sawBoth()); i++) {
          attempt(round);
        }
      } finally {
        over.set(true);
      }
      assertThat(swapping.get()).isNull();
    }
    assertThat(shown).as("mounts that were made").isPositive();
    assertThat(refused).as("mounts that were refused").isPositive();
  }

  private static void swap(Path directory, Path link, AtomicBoolean over) {
    FileTrees trees = new LinuxFileTrees();
    while (!over.get()) {
      assertThat(trees.exchange(directory, link)).isTrue();
    }
  }

  private void attempt(Round round) throws IOException {
    try {
      round.run();
      shown++;
    } catch (MountFailed e) {
      refused++;
    }
  }

  @Test
  void no_mount_appears_outside_of_the_root_directory() throws Exception {
    Path rootfs = directory("rootfs");
    Path swapped = directory("rootfs/app");
    Files.createDirectory(swapped.resolve("data"));
    MountContent content = new MountContent.Memory(List.of("size=64k"));

    whileSwapping(
        swapped,
        () -> {
          ResolvedTarget site = publisher.resolve(Target.below(rootfs, "/app/data"));
          publisher.make(site, content);
          publisher.publish(content, site, Access.DEFAULT);
          takeAway(rootfs);
        });
    assertThat(outside).isDirectoryContaining(path -> path.endsWith("data"));
    try (var inside = Files.list(outside)) {
      assertThat(inside).hasSize(1);
    }
  }

  /** Unmounts all mounts of the try, which must be in the root directory. */
  private void takeAway(Path rootfs) throws IOException {
    assertThat(ProcMounts.read().below(machine.directory()))
        .allMatch(mount -> Path.of(mount.target()).startsWith(rootfs));
    while (!ProcMounts.read().below(rootfs).isEmpty()) {
      lazily(ProcMounts.read().below(rootfs).getLast());
    }
  }

  // The directory of the mount is being moved.
  private void lazily(Mount mount) {
    try {
      publisher.withdraw(Path.of(mount.target()), true);
    } catch (MountFailed _) {
      return;
    }
  }

  @Test
  void no_part_of_the_host_is_shown_as_part_of_a_volume() throws Exception {
    Path volume = directory("volume");
    Path swapped = directory("volume/sub");
    Files.createDirectory(swapped.resolve("data"));
    ResolvedTarget site = new ResolvedTarget(directory("target"), List.of());

    whileSwapping(
        swapped,
        () -> {
          publisher.publish(new MountContent.Tree(volume, "sub/data"), site, Access.DEFAULT);
          assertThat(site.path().resolve("secret")).doesNotExist();
          publisher.withdraw(site.path(), true);
        });
  }
}
