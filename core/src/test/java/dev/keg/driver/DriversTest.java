package dev.keg.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.DriverException.DriverUnavailable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  void drivers_behind_the_one_that_is_asked_for_are_not_looked_at() {
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
}
