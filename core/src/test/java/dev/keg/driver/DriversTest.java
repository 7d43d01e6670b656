package dev.keg.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DriversTest {
  @Test
  void of_two_drivers_with_one_name_the_one_that_works_here_is_taken() {
    DriverFactory here = new Named("bind", Optional.empty());
    DriverFactory elsewhere = new Named("bind", Optional.of("it needs another system"));
    DriverContext context = new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {});

    assertThat(new Drivers(List.of(here, elsewhere), context).all()).containsExactly(here);
    assertThat(new Drivers(List.of(elsewhere, here), context).all()).containsExactly(here);
    assertThat(new Drivers(List.of(elsewhere), context).all()).containsExactly(elsewhere);
  }

  private record Named(String name, Optional<String> unavailable) implements DriverFactory {
    @Override
    public String summary() {
      return name;
    }

    @Override
    public List<OptionDescriptor> options() {
      return List.of();
    }

    @Override
    public VolumeDriver open(DriverContext context) {
      throw new AssertionError("not opened here");
    }
  }
}
