package dev.keg.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class FactoriesTest {
  @Test
  void the_drivers_of_windows_are_found() {
    assertThat(ServiceLoader.load(DriverFactory.class).stream().map(ServiceLoader.Provider::get))
        .filteredOn(factory -> factory.getClass().getName().startsWith("dev.keg.windows."))
        .extracting(DriverFactory::name)
        .containsExactlyInAnyOrder("bind", "smb", "temp", "vhdx");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void elsewhere_they_say_in_one_line_what_they_need() {
    assertThat(ServiceLoader.load(DriverFactory.class).stream().map(ServiceLoader.Provider::get))
        .filteredOn(factory -> factory.getClass().getName().startsWith("dev.keg.windows."))
        .allSatisfy(factory -> assertThat(factory.unavailable()).hasValue("it needs Windows"));
  }

  @Test
  void windows_is_known_by_its_name() {
    assertThat(WindowsHost.unavailable("Windows Server 2022")).isEmpty();
    assertThat(WindowsHost.unavailable("Linux")).isPresent();
    assertThat(WindowsHost.unavailable("Darwin")).isPresent();
  }

  /** As on a class path without JNA: until a driver does something, nothing native is touched. */
  @Test
  void they_are_listed_and_opened_without_jna() throws Exception {
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

  /** Run by a class loader of its own. */
  public static final class Probe {
    private Probe() {}

    public static List<String> names() {
      DriverContext context = new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {});
      Stream<DriverFactory> factories =
          ServiceLoader.load(DriverFactory.class, Probe.class.getClassLoader()).stream()
              .map(ServiceLoader.Provider::get);
      return factories
          .peek(factory -> factory.open(context))
          .map(factory -> factory.name() + factory.options() + factory.unavailable())
          .toList();
    }
  }
}
