package dev.keg.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.DriverUnavailable;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DriversTest {
  private final DriverContext context = new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {});

  private static DriverFactory named(String name, String summary) {
    return new DriverFactory(
        name,
        summary,
        List.of(),
        _ -> {
          throw new AssertionError("not opened here");
        });
  }

  @Test
  void of_two_drivers_with_one_name_the_first_is_taken() {
    DriverFactory first = named("bind", "first");
    DriverFactory second = named("bind", "second");
    Drivers drivers = new Drivers(List.of(first, second), context);

    assertThat(drivers.all()).containsExactly(first);
    assertThat(drivers.factory("bind")).contains(first);
  }

  @Test
  void drivers_after_the_requested_one_are_not_examined() {
    List<String> seen = new ArrayList<>();
    Iterator<DriverFactory> factories =
        List.of("local", "loop").stream()
            .map(
                name -> {
                  seen.add(name);
                  return named(name, "");
                })
            .iterator();
    Drivers drivers = new Drivers(() -> factories, context);

    assertThat(drivers.factory("local")).isPresent();
    assertThat(drivers.factory("local")).isPresent();

    assertThat(seen).containsExactly("local");
  }

  @Test
  void a_driver_with_an_obstacle_is_listed_and_not_opened() {
    DriverFactory loop = named("loop", "").unless(() -> Optional.of("it needs a moon"));
    Drivers drivers = new Drivers(List.of(loop), context);

    assertThat(drivers.all()).containsExactly(loop);
    assertThatThrownBy(() -> drivers.open("loop", "create", "db"))
        .isInstanceOf(DriverUnavailable.class)
        .hasMessageContaining("it needs a moon");
  }

  @Test
  void a_driver_that_lacks_something_is_opened_nevertheless() {
    DriverFactory nfs = named("nfs", "").lacking(() -> Optional.of("this kernel has no nfs"));

    assertThat(nfs.unavailable()).isEmpty();
    assertThat(nfs.unmountable()).contains("this kernel has no nfs");
  }

  @Test
  void only_a_switch_may_be_without_a_value_in_a_new_volume() {
    List<OptionDescriptor> known =
        List.of(
            new OptionDescriptor("size", "SIZE", "its size"),
            new OptionDescriptor("ro", "true|false", "read-only"),
            new OptionDescriptor("o", "OPTION", "as docker").allowingEmpty());
    DriverFactory loop =
        new DriverFactory(
            "loop",
            "",
            known,
            _ -> {
              throw new AssertionError("not opened here");
            });
    Drivers drivers = new Drivers(List.of(loop), context);

    assertThat(drivers.newOptions(volume("ro", "o")).flag("ro")).isTrue();
    assertThatThrownBy(() -> drivers.newOptions(volume("size")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: option \"size\" has no value");
    assertThat(drivers.options(volume("size")).has("size")).isTrue();
  }

  @Test
  void capabilities_follow_from_powers_and_options() {
    Drivers drivers = new Drivers(List.of(new FakeDiskDriver().factory()), context);

    assertThat(drivers.capabilities(drivers.factory("disks").orElseThrow(), Set.of()))
        .containsExactly("disk-backup", "machine-disk", "read-only", "size-limit", "snapshot");
    Drivers local = new Drivers(List.of(LocalDriver.directoriesOnly()), context);
    DriverFactory directories = local.factory("local").orElseThrow();
    assertThat(local.capabilities(directories, Set.of()))
        .contains("clone", "snapshot")
        .doesNotContain("propagation", "read-only");
    assertThat(local.capabilities(directories, EnumSet.allOf(MountPower.class)))
        .contains("propagation", "read-only");
    DriverFactory absent = named("loop", "").unless(() -> Optional.of("it needs a moon"));
    assertThat(drivers.capabilities(absent, EnumSet.allOf(MountPower.class))).isEmpty();
  }

  @Test
  void a_copy_has_no_option_that_names_the_place_of_the_original() {
    DriverFactory image =
        new DriverFactory(
            "loop",
            "",
            List.of(
                new OptionDescriptor("path", "FILE", "where").reaching(OptionDescriptor.Reach.DATA),
                new OptionDescriptor("size", "SIZE", "its size")),
            _ -> {
              throw new AssertionError("not opened here");
            });

    assertThat(
            new Drivers(List.of(image), context)
                .withoutPlace(volume("path", "size"))
                .map()
                .keySet())
        .containsExactly("size");
  }

  private static Volume volume(String... keys) {
    Map<String, String> options = new HashMap<>();
    for (String key : keys) {
      options.put(key, "");
    }
    return new Volume(
        new VolumeName("db"), "loop", Options.of(options), Labels.NONE, Instant.EPOCH);
  }
}
