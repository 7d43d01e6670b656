package dev.keg.windows.temp;

import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.FakeWorld;
import dev.keg.windows.RealWindows;
import dev.keg.windows.win32.system.SystemDlls;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The driver on the real VirtDisk. */
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "it needs Windows")
@EnabledIf(
    value = "dev.keg.windows.RealWindows#elevated",
    disabledReason = "it needs to be run as administrator")
final class TempDriverWindowsIT extends DriverContract {
  private Path temp;

  @BeforeEach
  void temp(@TempDir Path temp) {
    this.temp = temp;
  }

  @Override
  protected DriverFactory factory() {
    return TempDriver.factory(SystemDlls::new);
  }

  @Override
  protected FakeWorld world() {
    return new RealWindows(root, temp);
  }

  @Override
  protected Map<String, String> environment() {
    return Map.of("TEMP", temp.toString());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("size", "64m");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("size", "1k", "fs", "ntfs");
  }
}
