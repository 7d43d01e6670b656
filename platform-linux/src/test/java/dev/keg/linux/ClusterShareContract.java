package dev.keg.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.Clones;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.Faults;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contract of every driver whose volumes are directories of a cluster's file system. The one
 * served here contains {@code /db} with a file.
 */
public abstract class ClusterShareContract extends ShareDriverContract {
  @BeforeEach
  final void serve() {
    fake.tools.programs.put("mount", this::served);
  }

  private String served(Tool tool) throws ToolException {
    List<String> words = tool.arguments();
    Path target = Path.of(words.getLast());
    try {
      serve(words.get(words.size() - 2), target);
      return "";
    } catch (IOException e) {
      throw ToolException.failed(tool, 32, e.toString());
    }
  }

  /** Makes a mount of the source show its content: nothing is really mounted on the target. */
  protected abstract void serve(String source, Path target) throws IOException;

  /** The volume is the directory {@code /db}. */
  protected final Subject db() throws IOException {
    return create("db", with("path", "/db"));
  }

  protected static VolumeHome snapshotHome(Subject subject) throws IOException {
    Path snapshots = Files.createDirectories(subject.home().file("snapshots"));
    return new VolumeHome(Files.createDirectory(snapshots.resolve("1f.one")));
  }

  protected final Snapshots snapshots() {
    return (Snapshots) open();
  }

  protected final MountRequest showing(Subject subject, VolumeHome home) {
    return new MountRequest(subject.volume(), home, optionsOf(subject.volume()), secrets());
  }

  protected final VolumeHome clone(Subject source, VolumeHome from, String name)
      throws IOException {
    VolumeHome home = new VolumeHome(root.resolve("staging").resolve(name));
    if (!Files.exists(home.path())) {
      Files.createDirectory(home.path());
    }
    Volume copy =
        volume(name, ((Clones) open()).optionsOfClone(source.volume(), new VolumeName(name)).map());
    ((Clones) open())
        .cloneFrom(
            source.volume(),
            from,
            new CreateRequest(copy, home, optionsOf(copy), Ownership.DEFAULT, secrets()));
    return home;
  }

  @Test
  void a_clone_is_a_directory_beside_that_of_its_source() throws IOException {
    Subject db = db();

    VolumeHome copy = clone(db, db.home(), "copy");

    assertThat(((Clones) open()).optionsOfClone(db.volume(), new VolumeName("copy")).map())
        .containsEntry("path", "/copy");
    assertThat(names(copy.data())).containsExactlyInAnyOrder("copy", "db");
    assertThat(names(copy.path())).containsExactly("_data");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_clone_that_fails_or_is_killed_anywhere_leaves_nothing_in_the_cluster() throws IOException {
    Subject db = db();
    for (boolean kills : List.of(false, true)) {
      boolean fired = true;
      for (int call = 1; fired; call++) {
        assertThat(call).isLessThan(ENDLESS);
        fired = clonedUntil(db, call, kills);
      }
    }
  }

  private boolean clonedUntil(Subject db, int call, boolean kills) throws IOException {
    VolumeHome home = new VolumeHome(root.resolve("staging/copy"));
    Files.createDirectory(home.path());
    boolean fired = interrupted(() -> clone(db, db.home(), "copy"), call, kills);
    open().takeBack(volume("copy", with("path", "/copy")), home);
    assertThat(fake.standing()).isEmpty();
    if (Files.exists(home.data())) {
      assertThat(names(home.data())).allMatch(name -> !name.startsWith(".keg-"));
    }
    delete(home.path());
    return fired;
  }

  /** Executes a step that fails, or is killed, at this call; false if it was completed before. */
  protected final boolean interrupted(Step step, int call, boolean kills) throws IOException {
    if (kills) {
      fake.faults().killAt(call);
    } else {
      fake.faults().failAt(call);
    }
    try {
      step.run();
    } catch (DriverFailed | Faults.Killed _) {
      // as requested
    }
    boolean fired = fake.faults().fired();
    fake.faults().heal();
    return fired;
  }

  /** A step that may be interrupted. */
  protected interface Step {
    void run() throws IOException;
  }

  @Test
  void what_is_there_is_not_replaced_by_a_clone() throws IOException {
    Subject db = db();

    assertThatThrownBy(() -> clone(db, db.home(), "taken"))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("/taken exists in the cluster");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_whole_file_system_is_not_cloned_into_itself() throws IOException {
    Subject all = create("all", with("path", "/"));

    assertThatThrownBy(() -> clone(all, all.home(), "copy"))
        .isInstanceOf(NotSupported.class)
        .hasMessageContaining("-o path=DIRECTORY");
  }

  @Test
  void a_limit_of_nothing_is_refused() throws IOException {
    Subject db = create("db", with("path", "/db", "size", "1g"));

    assertThatThrownBy(
            () -> ((Resizes) open()).resize(db.volume(), db.home(), Size.ZERO, Secrets.NONE))
        .isInstanceOf(NotSupported.class);
    assertThat(open().storage(db.volume(), db.home()).capacity()).hasValue(Size.parseBinary("1g"));
  }

  protected static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> !name.equals(".snap") && !name.equals("taken"))
          .toList();
    }
  }

  /** A directory with a file. */
  protected static void fill(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("file"), "text");
  }

  protected final Map<String, String> sized() {
    return with("path", "/db", "size", "1g");
  }
}
