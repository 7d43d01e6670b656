package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
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
import dev.keg.lifecycle.Usage.Content;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.usage.PortableTreeScans;
import dev.keg.usage.TreeScan;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
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
  private final VolumeRegistry registry =
      new VolumeRegistry(layout, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
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
  private final Volumes volumes = new Volumes(services);
  private final Usages usages = new Usages(services, volumes, new PortableTreeScans());

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
    return usages.measure(List.of(names), TreeScan.Listener.NONE);
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

  @Test
  void what_prune_and_inspect_say_is_the_same() {
    assertThat(volumes.usage(registry.get("get", new VolumeName("db")))).isEqualTo(new Size(1000));
  }
}
