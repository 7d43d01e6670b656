package dev.keg.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.platform.Platforms;
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

final class LinuxPlatformTest {
  @Test
  void it_is_found_on_linux() {
    assertThat(Platforms.on("Linux").here()).isInstanceOf(LinuxPlatform.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Windows 11", "Darwin", ""})
  void elsewhere_its_drivers_say_what_they_need(String osName) {
    List<DriverFactory> others = new ArrayList<>();
    Platforms.on(osName).drivers().forEach(others::add);

    assertThat(others.removeFirst().unavailable()).isEmpty();
    assertThat(others)
        .isNotEmpty()
        .allSatisfy(driver -> assertThat(driver.unavailable()).hasValue("it needs Linux"));
  }

  @Test
  void the_default_driver_comes_first_and_the_others_by_name() {
    List<String> names = new ArrayList<>(Probe.drivers());

    assertThat(names.removeFirst()).isEqualTo("local");
    assertThat(names).isSorted().isNotEmpty();
  }

  /** Runs {@code ls} and {@code create} of a plain directory on a class path without JNA. */
  @Test
  void plain_volumes_do_without_jna() throws Exception {
    List<URL> withoutJna = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!Path.of(entry).getFileName().toString().startsWith("jna")) {
        withoutJna.add(url(entry));
      }
    }
    try (var loader =
        new URLClassLoader(withoutJna.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> probe = loader.loadClass(Probe.class.getName());
      assertThat((List<?>) probe.getDeclaredMethod("drivers").invoke(null))
          .isEqualTo(Probe.drivers());
    }
  }

  private static URL url(String entry) throws MalformedURLException {
    return Path.of(entry).toUri().toURL();
  }

  /** Run by a separate class loader. */
  public static final class Probe {
    private Probe() {}

    public static List<String> drivers() {
      DriverContext context = new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {});
      LinuxPlatform platform = new LinuxPlatform();
      var _ = platform.mountTable().mounts();
      var _ = platform.trees();
      return platform.drivers().stream()
          .peek(
              driver -> {
                if (driver.name().equals("local")) {
                  var _ = driver.open(context);
                }
              })
          .map(DriverFactory::name)
          .toList();
    }
  }
}
