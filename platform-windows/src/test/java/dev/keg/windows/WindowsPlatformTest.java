package dev.keg.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.platform.Platforms;
import dev.keg.windows.hcs.HcsMachine;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WindowsPlatformTest {
  @ParameterizedTest
  @ValueSource(strings = {"Windows 11", "Windows Server 2022"})
  void it_is_found_on_windows(String osName) {
    assertThat(Platforms.on(osName).here()).isInstanceOf(WindowsPlatform.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Linux", "Darwin", ""})
  void elsewhere_its_drivers_say_what_they_need(String osName) {
    assertThat(Platforms.on(osName).drivers())
        .filteredOn(driver -> List.of("smb", "temp", "vhdx").contains(driver.name()))
        .hasSize(3)
        .allSatisfy(driver -> assertThat(driver.unavailable()).hasValue("it needs Windows"));
  }

  @Test
  void its_drivers_are_available_on_windows() {
    assertThat(Platforms.on("Windows 11").drivers())
        .allSatisfy(driver -> assertThat(driver.unavailable()).isEmpty())
        .extracting(DriverFactory::name)
        .containsExactly("local", "bind", "smb", "temp", "vhdx");
  }

  @Test
  void it_knows_the_machines_of_hcs() {
    assertThat(new WindowsPlatform().machine("hcs", "vm1")).containsInstanceOf(HcsMachine.class);
    assertThat(new WindowsPlatform().machine("qemu", "vm1")).isEmpty();
  }

  /** As on a class path without JNA: nothing native is used before a driver operation. */
  @Test
  void its_drivers_are_listed_and_opened_without_jna() throws Exception {
    List<URL> withoutJna = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!Path.of(entry).getFileName().toString().startsWith("jna")) {
        withoutJna.add(url(entry));
      }
    }
    try (var loader =
        new URLClassLoader(withoutJna.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> probe = loader.loadClass(Probe.class.getName());
      assertThat((List<?>) probe.getDeclaredMethod("names").invoke(null))
          .asString()
          .contains("bind", "smb", "temp", "vhdx");
    }
  }

  private static URL url(String entry) throws MalformedURLException {
    return Path.of(entry).toUri().toURL();
  }

  /** Run by a separate class loader. */
  public static final class Probe {
    private Probe() {}

    public static List<String> names() {
      DriverContext context = new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {});
      WindowsPlatform platform = new WindowsPlatform();
      var _ = platform.mountTable();
      return platform.drivers().stream()
          .peek(factory -> factory.open(context))
          .map(factory -> factory.name() + factory.options() + factory.unavailable())
          .toList();
    }
  }
}
