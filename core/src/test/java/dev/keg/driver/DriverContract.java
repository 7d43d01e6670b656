package dev.keg.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.error.VolumeException;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of every driver. A subclass provides the factory on its fake environment and a set
 * of valid options. A new driver object executes each operation, as in each command, and a volume
 * is created in a staging directory and then renamed, as by the core.
 */
public abstract class DriverContract {
  /** An operation with more than this number of calls counts as endless. */
  protected static final int ENDLESS = 500;

  protected Path root;

  /** The debug messages of the drivers. */
  protected final List<String> debugged = new ArrayList<>();

  /** The driver on the fake environment, which is the same for the whole test. */
  protected abstract DriverFactory factory();

  protected abstract FakeWorld world();

  /** Options with which a volume can be created and mounted. */
  protected abstract Map<String, String> options();

  /** Invalid options: each replaces or joins the valid ones. */
  protected abstract Map<String, String> wrongOptions();

  protected Map<String, String> environment() {
    return Map.of();
  }

  protected Secrets secrets() {
    return Secrets.NONE;
  }

  @BeforeEach
  final void directories(@TempDir Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("volumes"));
    Files.createDirectories(root.resolve("staging"));
  }

  @Test
  void it_describes_itself() {
    assertThat(factory().name()).matches("[a-z][a-z0-9-]*");
    assertThat(factory().summary()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
    assertThat(factory().options()).extracting(OptionDescriptor::key).doesNotHaveDuplicates();
    assertThat(factory().options())
        .allSatisfy(option -> assertThat(option.summary()).isNotBlank().doesNotContain("\n"));
  }

  @Test
  protected void an_unknown_option_is_refused_naming_the_known_ones() {
    Throwable refusal =
        catchThrowable(
            () ->
                DriverOptions.of(
                    new VolumeName("db"),
                    Options.of(Map.of("no-such-option", "1")),
                    factory().options()));

    assertThat(refusal).isInstanceOf(InvalidOption.class).hasMessageContaining("no-such-option");
    assertThat(((InvalidOption) refusal).hint().orElse(""))
        .contains(factory().options().stream().map(OptionDescriptor::key).toList());
  }

  @Test
  void options_that_cannot_work_are_refused_before_anything_is_touched() {
    wrongOptions()
        .forEach(
            (key, value) -> {
              Map<String, String> options = new HashMap<>(options());
              options.put(key, value);
              assertThatThrownBy(
                      () -> {
                        Volume wrong = volume("wrong", options);
                        open().validate(optionsOf(wrong));
                      })
                  .as("%s=%s", key, value)
                  .isInstanceOf(VolumeException.class)
                  .hasMessageContaining("wrong");
            });
    assertThat(world().standing()).isEmpty();
  }

  @Test
  void a_home_holds_all_of_its_volume() throws IOException {
    SortedSet<String> before = world().standing();
    SortedSet<String> files = files();

    create("db");

    assertThat(world().standing()).isEqualTo(before);
    assertThat(files()).isEqualTo(files);
  }

  @Test
  void a_removed_volume_leaves_nothing_and_can_be_removed_again() throws IOException {
    SortedSet<String> before = world().standing();
    Subject db = create("db");
    mount(db);
    unmount(db);

    remove(db);
    remove(db);

    assertThat(world().standing()).isEqualTo(before);
  }

  @Test
  void mount_says_where_the_data_is_and_does_nothing_the_second_time() throws IOException {
    Subject db = create("db");

    Path where = mount(db);
    SortedSet<String> standing = world().standing();

    assertThat(where).isEqualTo(open().mountpoint(db.volume(), db.home()));
    assertThat(mount(db)).isEqualTo(where);
    assertThat(world().standing()).isEqualTo(standing);
    unmount(db);
  }

  @Test
  void unmount_takes_down_what_mount_set_up_and_does_nothing_the_second_time() throws IOException {
    Subject db = create("db");
    SortedSet<String> before = world().standing();
    unmount(db);
    mount(db);

    unmount(db);
    assertThat(world().standing()).isEqualTo(before);
    unmount(db);
    assertThat(world().standing()).isEqualTo(before);
  }

  @Test
  protected void a_volume_can_be_mounted_again_and_beside_others() throws IOException {
    Subject one = create("one");
    Subject two = create("two");
    mount(one);
    SortedSet<String> before = world().standing();

    mount(two);
    unmount(two);

    assertThat(world().standing()).isEqualTo(before);
    unmount(one);
    mount(one);
    assertThat(world().standing()).hasSameSizeAs(before);
    unmount(one);
  }

  @Test
  void its_status_can_be_asked_for_at_any_time() throws IOException {
    Subject db = create("db");

    assertThat(open().status(db.volume(), db.home())).doesNotContainKey("");
    mount(db);
    assertThat(open().status(db.volume(), db.home())).doesNotContainKey("");
    unmount(db);
  }

  @Test
  void a_create_that_fails_anywhere_leaves_nothing() throws IOException {
    for (int call = 1; call < ENDLESS; call++) {
      SortedSet<String> before = world().standing();
      world().faults().failAt(call);
      Throwable failure = catchThrowable(() -> create("db"));
      boolean fired = world().faults().fired();
      world().faults().heal();
      expectTold(failure, call);
      if (failure != null) {
        assertThat(world().standing()).as("after failure %d", call).isEqualTo(before);
      } else {
        remove(existing("db"));
      }
      if (!fired) {
        return;
      }
    }
    throw new AssertionError("create is endless");
  }

  @Test
  void a_mount_that_fails_anywhere_leaves_nothing_and_succeeds_the_next_time() throws IOException {
    Subject db = create("db");
    SortedSet<String> before = world().standing();
    for (int call = 1; call < ENDLESS; call++) {
      world().faults().failAt(call);
      Throwable failure = catchThrowable(() -> mount(db));
      boolean fired = world().faults().fired();
      world().faults().heal();
      expectTold(failure, call);
      if (failure != null) {
        assertThat(world().standing()).as("after failure %d", call).isEqualTo(before);
      }
      mount(db);
      unmount(db);
      assertThat(world().standing()).as("after retry %d", call).isEqualTo(before);
      if (!fired) {
        return;
      }
    }
    throw new AssertionError("mount is endless");
  }

  @Test
  void an_unmount_that_fails_anywhere_is_finished_by_the_next() throws IOException {
    Subject db = create("db");
    SortedSet<String> before = world().standing();
    for (int call = 1; call < ENDLESS; call++) {
      mount(db);
      world().faults().failAt(call);
      Throwable failure = catchThrowable(() -> unmount(db));
      boolean fired = world().faults().fired();
      world().faults().heal();
      expectTold(failure, call);
      unmount(db);
      assertThat(world().standing()).as("after failure %d", call).isEqualTo(before);
      if (!fired) {
        return;
      }
    }
    throw new AssertionError("unmount is endless");
  }

  @Test
  void a_remove_that_fails_anywhere_is_finished_by_the_next() throws IOException {
    SortedSet<String> before = world().standing();
    for (int call = 1; call < ENDLESS; call++) {
      Subject db = create("db");
      world().faults().failAt(call);
      Throwable failure = catchThrowable(() -> remove(db));
      boolean fired = world().faults().fired();
      world().faults().heal();
      expectTold(failure, call);
      remove(db);
      assertThat(world().standing()).as("after failure %d", call).isEqualTo(before);
      if (!fired) {
        return;
      }
    }
    throw new AssertionError("remove is endless");
  }

  @Test
  void a_mount_killed_anywhere_is_finished_by_the_next_and_cleared_by_an_unmount()
      throws IOException {
    Subject db = create("db");
    SortedSet<String> before = world().standing();
    for (int call = 1; call < ENDLESS; call++) {
      killed(call, () -> mount(db));
      unmount(db);
      assertThat(world().standing()).as("cleared, killed at %d", call).isEqualTo(before);

      boolean fired = killed(call, () -> mount(db));
      mount(db);
      unmount(db);
      assertThat(world().standing()).as("finished, killed at %d", call).isEqualTo(before);
      if (!fired) {
        return;
      }
    }
    throw new AssertionError("mount is endless");
  }

  @Test
  void an_unmount_killed_anywhere_is_finished_by_the_next() throws IOException {
    Subject db = create("db");
    SortedSet<String> before = world().standing();
    for (int call = 1; call < ENDLESS; call++) {
      mount(db);
      boolean fired = killed(call, () -> unmount(db));
      unmount(db);
      assertThat(world().standing()).as("killed at %d", call).isEqualTo(before);
      if (!fired) {
        return;
      }
    }
    throw new AssertionError("unmount is endless");
  }

  /** A volume in {@code ROOT/volumes/NAME}. */
  protected record Subject(Volume volume, VolumeHome home) {
    public Subject {}
  }

  protected final Subject create(String name) throws IOException {
    return create(name, options());
  }

  /** Creates a volume as the core does: checks it, stages it, and removes it after a failure. */
  protected final Subject create(String name, Map<String, String> options) throws IOException {
    Volume volume = volume(name, options);
    VolumeDriver driver = open();
    driver.validate(optionsOf(volume));
    Path staged = Files.createDirectory(root.resolve("staging").resolve(name));
    boolean made = false;
    try {
      driver.create(
          new CreateRequest(
              volume, new VolumeHome(staged), optionsOf(volume), Ownership.DEFAULT, secrets()));
      Files.move(staged, home(name).path());
      made = true;
    } finally {
      if (!made) {
        delete(staged);
      }
    }
    return new Subject(volume, home(name));
  }

  protected final Path mount(Subject subject) {
    return open()
        .mount(
            new MountRequest(
                subject.volume(), subject.home(), optionsOf(subject.volume()), secrets()));
  }

  protected final void unmount(Subject subject) {
    open().unmount(subject.volume(), subject.home());
  }

  /** Removes a volume as the core does: the driver first, then its home. */
  protected final void remove(Subject subject) throws IOException {
    open().remove(subject.volume(), subject.home());
    delete(subject.home().path());
  }

  protected final VolumeDriver open() {
    return factory().open(new DriverContext(homes(), environment(), debugged::add));
  }

  protected final Volume volume(String name, Map<String, String> options) {
    return new Volume(
        new VolumeName(name),
        factory().name(),
        Options.of(options),
        Labels.NONE,
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  protected final DriverOptions optionsOf(Volume volume) {
    return DriverOptions.of(volume.name(), volume.options(), factory().options());
  }

  private Subject existing(String name) {
    return new Subject(volume(name, options()), home(name));
  }

  private VolumeHome home(String name) {
    return new VolumeHome(root.resolve("volumes").resolve(name));
  }

  private DriverContext.VolumeHomes homes() {
    return new DriverContext.VolumeHomes() {
      @Override
      public Optional<VolumeHome> find(VolumeName name) {
        return Optional.of(home(name.text())).filter(home -> Files.isDirectory(home.path()));
      }

      @Override
      public List<VolumeHome> all() {
        return in("volumes");
      }

      @Override
      public List<VolumeHome> unfinished() {
        return in("staging");
      }

      private List<VolumeHome> in(String place) {
        try (Stream<Path> homes = Files.list(root.resolve(place))) {
          return homes.sorted().map(VolumeHome::new).toList();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** Everything below the root except the homes. */
  private SortedSet<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      SortedSet<String> result = new TreeSet<>();
      all.filter(path -> !path.startsWith(root.resolve("volumes")))
          .forEach(path -> result.add(root.relativize(path).toString()));
      return result;
    }
  }

  private boolean killed(int call, Runnable operation) {
    world().faults().killAt(call);
    Throwable end = catchThrowable(operation::run);
    boolean fired = world().faults().fired();
    world().faults().heal();
    if (fired) {
      assertThat(end).as("killed at %d", call).isInstanceOf(Faults.Killed.class);
    } else {
      assertThat(end).isNull();
    }
    return fired;
  }

  /** A driver may recover from a failure; otherwise it reports one from the catalogue. */
  protected static void expectTold(@Nullable Throwable failure, int call) {
    if (failure != null) {
      assertThat(failure)
          .as("failure %d", call)
          .isInstanceOf(VolumeException.class)
          .hasMessageContaining("db");
    }
  }

  protected static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
