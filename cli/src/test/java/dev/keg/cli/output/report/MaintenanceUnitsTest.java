package dev.keg.cli.output.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class MaintenanceUnitsTest {
  @ParameterizedTest
  @ValueSource(strings = {"keg-maintain.service", "keg-maintain.timer"})
  void the_package_has_the_units_that_are_printed(String unit) throws IOException {
    String packaged = Files.readString(Path.of("packaging/systemd", unit));

    assertThat(MaintenanceUnits.SYSTEMD.text())
        .contains("# /etc/systemd/system/%s\n%s".formatted(unit, packaged));
  }
}
