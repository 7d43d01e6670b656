package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumePlugins;
import dev.keg.driver.VolumePlugins.Keeps;
import dev.keg.driver.VolumePlugins.PluginVolume;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.UnknownDriver;
import dev.keg.file.DirectorySync;
import dev.keg.file.WorkListener;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PluginVolumesTest {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final List<String> warnings = new ArrayList<>();
  private final VolumeRegistry registry =
      new VolumeRegistry(
          new RegistryLayout(files.getPath("/keg")),
          DirectorySync.NONE,
          new SplittableRandom(1),
          _ -> {},
          warnings::add,
          WorkListener.NONE,
          null);
  private final KeptDriver driver = new KeptDriver();
  private final Services services =
      new Services(
          registry,
          new Attachments(registry, () -> new FakeMountTable(files::getPath)),
          new Drivers(
              List.of(LocalDriver.directoriesOnly()),
              new FakePlugins(),
              new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})),
          Clock.systemUTC(),
          Secrets.NONE);
  private final Volumes volumes = new Volumes(services);

  /** A plugin with three volumes, one of them created by Keg, and a dead plugin. */
  private final class FakePlugins implements VolumePlugins {
    @Override
    public Optional<DriverFactory> find(String name) {
      return name.equals("far") ? Optional.of(driver.factory()) : Optional.empty();
    }

    @Override
    public Listed list(Path root) {
      return new Listed(
          List.of(
              new PluginVolume("far", "kept", "/mnt/kept"),
              new PluginVolume("far", "other", "/mnt/other"),
              new PluginVolume("far", "no name", "")),
          List.of(new DriverFailed("ls", "the volumes of plugin dead", "no answer")));
    }
  }

  private static final class KeptDriver extends FakeDriver implements Keeps {
    private boolean dead;

    KeptDriver() {
      super("far", OptionDescriptor.any("the plugin's"));
    }

    @Override
    public Optional<PluginVolume> kept(Volume volume, VolumeHome home) {
      return Optional.of(new PluginVolume("far", "kept", ""));
    }

    @Override
    public void remove(Volume volume, VolumeHome home) {
      if (dead) {
        throw new DriverFailed("remove", volume.name().text(), "no answer");
      }
    }
  }

  private void create(String name, String driverName) {
    volumes.create(
        new VolumeRequest(
            new VolumeName(name),
            driverName,
            Options.of(Map.of("size", "1", "api-token", "t")),
            Labels.NONE,
            Ownership.DEFAULT));
  }

  private PluginVolumes.Found find(String... filters) {
    return new PluginVolumes(services)
        .find(
            VolumeFilter.forList(FilterArguments.parse(List.of(filters)), volumes.filterContext()));
  }

  @Test
  void what_keg_has_by_another_name_is_not_listed_again() {
    create("renamed", "far");

    PluginVolumes.Found found = find();

    assertThat(found.volumes())
        .extracting(volume -> volume.volume().name() + " " + volume.volume().driver())
        .containsExactly("other far");
    assertThat(found.volumes().getFirst().path()).asString().isEqualTo("/mnt/other");
    assertThat(found.problems())
        .extracting(Throwable::getMessage)
        .containsExactly(
            "ls the volumes of plugin dead: no answer",
            "ls the volumes of plugin far: 'no name' is not a name that Keg can use");
  }

  @Test
  void filters_hold_for_them_too_and_a_volume_of_that_name_here_is_another() {
    volumes.create(VolumeRequest.named(new VolumeName("other")));

    assertThat(find("driver=far", "name=oth").volumes())
        .satisfiesExactly(
            other -> {
              assertThat(other.holders()).isEmpty();
              assertThat(other.snapshots()).isEmpty();
              assertThat(other.lastUsed()).isEmpty();
            });
    assertThat(find("driver=local").volumes()).isEmpty();
  }

  @Test
  void a_name_that_no_driver_and_no_plugin_has_is_unknown() {
    assertThatThrownBy(() -> create("db", "nowhere")).isInstanceOf(UnknownDriver.class);
  }

  @Test
  void options_of_a_plugin_that_look_like_secrets_are_masked() {
    create("db", "far");

    Volume db = registry.find(new VolumeName("db")).orElseThrow();
    assertThat(services.drivers().masked(db).map())
        .isEqualTo(Map.of("size", "1", "api-token", Options.MASK));
  }

  @Test
  void a_volume_of_a_dead_plugin_is_forgotten_only_by_force() {
    create("db", "far");
    driver.dead = true;

    assertThatThrownBy(() -> volumes.remove("db", Removal.Mode.NORMAL))
        .isInstanceOf(DriverFailed.class);
    assertThat(volumes.exists("db")).isTrue();
    volumes.remove("db", Removal.Mode.FORCE);
    assertThat(volumes.exists("db")).isFalse();
    assertThat(warnings)
        .containsExactly(
            "remove db: no answer; db is forgotten here, and the plugin may still have it");
  }
}
