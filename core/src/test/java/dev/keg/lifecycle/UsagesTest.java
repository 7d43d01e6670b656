package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.DirectorySync;
import dev.keg.file.WorkListener;
import dev.keg.lifecycle.Usage.Content;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.tree.TreePath;
import dev.keg.usage.PortableTreeScans;
import dev.keg.usage.Room;
import dev.keg.usage.SeenTrees;
import dev.keg.usage.TreeScan;
import dev.keg.usage.TreeScans;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UsagesTest {
  private static final Size IMAGE = new Size(4096);

  private final RegistryLayout layout =
      new RegistryLayout(
          Jimfs.newFileSystem(
                  Configuration.unix().toBuilder()
                      .setAttributeViews("basic", "posix", "unix")
                      .build())
              .getPath("/keg"));
  private final List<String> warnings = new ArrayList<>();
  private final VolumeRegistry registry =
      new VolumeRegistry(
          layout,
          DirectorySync.NONE,
          new SplittableRandom(1),
          _ -> {},
          warnings::add,
          WorkListener.NONE);
  private final FakeMountTable mounts = new FakeMountTable(layout.root().getFileSystem()::getPath);
  private final FakeDriver mounting = new FakeDriver("mounting");
  private final FakeDriver image =
      new FakeDriver("image") {
        @Override
        public Footprint footprint(Volume volume, VolumeHome home) {
          return new Footprint.Image(IMAGE);
        }
      };
  private final FakeDriver silent =
      new FakeDriver("silent") {
        @Override
        public Footprint footprint(Volume volume, VolumeHome home) {
          throw new DriverFailed("measure", volume.name().text(), "the server does not answer");
        }
      };
  private final Services services =
      new Services(
          registry,
          new Attachments(registry, () -> mounts),
          new Drivers(
              List.of(
                  LocalDriver.directoriesOnly(),
                  mounting.factory(),
                  image.factory(),
                  silent.factory()),
              new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})),
          Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC),
          Secrets.NONE);
  private Instant now = Instant.parse("2026-11-20T10:00:00Z");
  private final Volumes volumes = new Volumes(services);
  private final Usages usages =
      new Usages(services, volumes, PortableTreeScans::new, Optional.empty());

  @BeforeEach
  void volumes_of_all_kinds() throws IOException {
    write(create("db", "local", "env=prod"), 1000);
    write(create("web", "local", "env=test"), 24);
    write(create("nfs", "mounting", "env=prod"), 7);
    create("vm", "image");
    create("gone", "silent");
  }

  private Path create(String name, String driver, String... labels) {
    var request =
        new VolumeRequest(
            new VolumeName(name),
            driver,
            Options.NONE,
            Labels.parse(List.of(labels)),
            Ownership.DEFAULT);
    return volumes.mountpoint(volumes.create(request).volume());
  }

  private static void write(Path data, int bytes) throws IOException {
    Files.write(data.resolve("file"), new byte[bytes]);
  }

  private Usages.Result measure(String... names) {
    return usages.measure(List.of(names), false, TreeScan.Listener.NONE);
  }

  private Content content(String name) {
    return measure(name).usages().getFirst().content();
  }

  @Test
  void all_are_measured_if_none_is_named() {
    Usages.Result all = measure();

    assertThat(all.usages())
        .extracting(usage -> usage.volume().name().text())
        .containsExactly("db", "gone", "nfs", "vm", "web");
    assertThat(all.usages().getFirst().content().size()).contains(new Size(1000));
    assertThat(all.usages().getFirst().holders()).contains(0);
    assertThat(all.problems())
        .extracting(Exception::getMessage)
        .singleElement()
        .asString()
        .contains("the server does not answer");
  }

  @Test
  void holders_and_the_last_use_are_counted_of_each_volume() {
    VolumeName db = new VolumeName("db");
    services
        .attachments()
        .add(db, new Attachment.Disk("vm1", "vda", false, services.clock().instant()));

    assertThat(measure("db", "web").usages())
        .extracting(Usage::holders, Usage::lastUsed)
        .containsExactly(
            tuple(Optional.of(1), services.attachments().lastChange(db)),
            tuple(Optional.of(0), Optional.empty()));
    assertThat(services.attachments().lastChange(db)).isPresent();
  }

  @Test
  void volumes_in_a_pool_are_measured_there() throws IOException {
    PoolName fast = new PoolName("fast");
    registry.pools().add(fast, layout.root().resolveSibling("disk"));
    VolumeRequest request = VolumeRequest.named(new VolumeName("pooled")).in(Optional.of(fast));
    write(volumes.mountpoint(volumes.create(request).volume()), 42);

    assertThat(measure("db", "pooled").usages())
        .extracting(Usage::pool, usage -> usage.content().size())
        .containsExactly(
            tuple("default", Optional.of(new Size(1000))),
            tuple("fast", Optional.of(new Size(42))));
    assertThat(usages.pools()).extracting(PoolState::volumes).containsExactly(5, 1);
  }

  @Test
  void an_interrupted_command_stops_waiting_and_stays_interrupted() {
    Thread waiting = Thread.currentThread();
    TreeScans scans =
        _ -> {
          waiting.interrupt();
          while (waiting.isInterrupted()) {
            Thread.onSpinWait(); // until the interruption ends the wait for this answer
          }
          return Optional.empty();
        };
    Usages slow = new Usages(services, volumes, () -> scans, Optional.empty());

    assertThatThrownBy(() -> slow.measure(List.of("db"), false, TreeScan.Listener.NONE))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void nothing_is_said_of_a_place_where_something_else_would_be_mounted() {
    assertThat(content("nfs")).isEqualTo(Content.UNKNOWN);

    mounts.mount(layout.home(new VolumeName("nfs")).data().toString());

    assertThat(content("nfs").size()).contains(new Size(7));
    assertThat(content("nfs").room()).isPresent();
  }

  @Test
  void an_image_is_its_blocks() {
    Content content = content("vm");

    assertThat(content.size()).contains(IMAGE);
    assertThat(content.allocated()).contains(IMAGE);
    assertThat(content.tree()).isEmpty();
  }

  @Test
  void nothing_is_said_of_data_that_is_gone() throws IOException {
    Files.delete(create("lost", "local"));

    assertThat(content("lost")).isEqualTo(Content.UNKNOWN);
  }

  @Test
  void each_is_measured_once_and_one_that_is_missing_is_told() {
    Usages.Result result = measure("web", "db", "nope", "web");

    assertThat(result.usages())
        .extracting(usage -> usage.volume().name().text())
        .containsExactly("db", "web");
    assertThat(result.problems())
        .extracting(Exception::getMessage)
        .containsExactly("measure nope: no such volume");
  }

  @Test
  void sums_have_what_is_known() {
    List<Usage> all = measure().usages();

    assertThat(UsageSum.by(usage -> usage.volume().driver(), all))
        .extracting(UsageSum::name, UsageSum::volumes, UsageSum::size, UsageSum::files)
        .containsExactly(
            tuple("image", 1, Optional.of(IMAGE), Optional.empty()),
            tuple("local", 2, Optional.of(new Size(1024)), Optional.of(2L)),
            tuple("mounting", 1, Optional.empty(), Optional.empty()),
            tuple("silent", 1, Optional.empty(), Optional.empty()));
    assertThat(UsageSum.of("all", all).size()).contains(new Size(1024 + IMAGE.bytes()));
  }

  /** Measures with the memory of earlier results, with all trees in this state. */
  private Usages.Result remembering(String state, boolean fresh, String... names) {
    TreeScans scans =
        directory -> new PortableTreeScans().open(directory).map(scan -> new InState(scan, state));
    Services later =
        new Services(
            registry,
            services.attachments(),
            services.drivers(),
            Clock.fixed(now, ZoneOffset.UTC),
            Secrets.NONE);
    return new Usages(later, volumes, () -> scans, Optional.of(memory()))
        .measure(List.of(names), fresh, TreeScan.Listener.NONE);
  }

  private SeenTrees memory() {
    return new SeenTrees(layout.root().resolveSibling("run").resolve("usage.json"));
  }

  private record InState(TreeScan scan, String state) implements TreeScan {
    @Override
    public void scan(TreePath directory, Visitor visitor) {
      scan.scan(directory, visitor);
    }

    @Override
    public Optional<String> state(boolean settled) {
      return Optional.of(state);
    }

    @Override
    public long occupied() {
      return scan.occupied();
    }

    @Override
    public boolean tellsBlocks() {
      return true;
    }

    @Override
    public Optional<Room> room() {
      return scan.room();
    }

    @Override
    public void close() {
      scan.close();
    }
  }

  private static Size sizeOf(Usages.Result result) {
    return result.usages().getFirst().content().size().orElseThrow();
  }

  @Test
  void what_was_seen_counts_until_something_was_written() throws IOException {
    remembering("one", false);
    Path data = layout.home(new VolumeName("db")).data();
    write(data, 5000); // this file system does not report the change
    now = now.plusSeconds(60);

    Usages.Result kept = remembering("one", false, "db");
    assertThat(sizeOf(kept)).isEqualTo(new Size(1000));
    assertThat(kept.usages().getFirst().content().measured())
        .contains(Instant.parse("2026-11-20T10:00:00Z"));

    Usages.Result changed = remembering("two", false, "db");
    assertThat(sizeOf(changed)).isEqualTo(new Size(5000));
    assertThat(changed.usages().getFirst().content().measured())
        .contains(Instant.parse("2026-11-20T10:01:00Z"));
    assertThat(memory().read()).containsOnlyKeys("db", "web");
  }

  @Test
  void nothing_counts_that_is_not_to() throws IOException {
    remembering("one", false);
    write(layout.home(new VolumeName("db")).data(), 5000);

    assertThat(sizeOf(remembering("one", true, "db"))).isEqualTo(new Size(5000));
    assertThat(sizeOf(remembering("one", false, "db"))).isEqualTo(new Size(5000));
  }

  @Test
  void volumes_that_are_gone_are_forgotten() {
    remembering("one", false);
    volumes.remove("web", Removal.Mode.NORMAL);

    remembering("one", false);

    assertThat(memory().read()).containsOnlyKeys("db");
  }

  @Test
  void figures_that_cannot_be_stored_are_reported_all_the_same() throws IOException {
    Files.createFile(layout.root().resolveSibling("run")); // no directory can be created there

    assertThat(sizeOf(remembering("one", false))).isEqualTo(new Size(1000));
    assertThat(warnings).singleElement().asString().startsWith("the next df examines all files: ");
  }

  @Test
  void prune_and_inspect_report_the_same() {
    assertThat(volumes.usage(registry.get("get", new VolumeName("db")))).isEqualTo(new Size(1000));
  }
}
