package dev.keg.cli.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.backup.store.StoreLimits;
import dev.keg.error.InvalidInput.InvalidConfig;
import dev.keg.platform.Platforms;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
  @ParameterizedTest
  @CsvSource({
    "/data, /home/anna, /data/keg",
    "data,  /home/anna, /home/anna/.local/share/keg",
    "'',    /home/anna, /home/anna/.local/share/keg",
    "'',    '',         /.local/share/keg",
  })
  void a_variable_that_is_empty_chooses_no_root(String data, String home, String expected) {
    Environment environment = environment(Map.of("XDG_DATA_HOME", data, "HOME", home));

    assertThat(environment.defaultRoot().toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/anna, /home/anna, /etc/anna/keg/config.json",
    "etc,       /home/anna, /home/anna/.config/keg/config.json",
    "'',        /home/anna, /home/anna/.config/keg/config.json",
  })
  void the_configuration_is_where_other_programs_have_theirs(
      String config, String home, String expected) {
    Environment environment = environment(Map.of("XDG_CONFIG_HOME", config, "HOME", home));

    assertThat(environment.userConfig()).hasToString("Optional[" + expected + "]");
  }

  @Test
  void somebody_without_a_home_has_no_configuration() {
    assertThat(environment(Map.of("HOME", "")).userConfig()).isEmpty();
  }

  @Test
  void a_mistake_in_the_configuration_concerns_no_command_without_volumes() throws IOException {
    Environment environment = environment(Map.of("HOME", "/home/anna"));
    Path file = environment.userConfig().orElseThrow();
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{");
    KeyOptions keys =
        new KeyOptions(Optional.empty(), Optional.empty(), Optional.empty(), false, false);
    RepositoryAccess.Options options = new RepositoryAccess.Options(keys, StoreLimits.NONE);

    Session session =
        new Session(
            environment,
            new ChosenRoot.Options(Optional.empty(), Optional.empty()),
            false,
            options,
            ProgressStyle.NONE);

    assertThat(session.streams()).isNotNull();
    assertThatThrownBy(session::registry).isInstanceOf(InvalidConfig.class);
  }

  @Test
  void nothing_is_kept_in_a_directory_of_somebody_else() throws IOException {
    Environment environment =
        environment(
            Map.of("XDG_RUNTIME_DIR", "/run"),
            Configuration.unix().toBuilder()
                .setAttributeViews("basic", "owner", "posix", "unix")
                .build());
    FileSystem files = environment.files();
    Path root = files.getPath("/keg");
    Files.createDirectories(files.getPath("/proc/self"));
    Path keg = Files.createDirectory(files.getPath("/run")).resolve("keg");
    assertThat(environment.memory("usage", root).map(Path::getParent)).contains(keg);

    Files.createDirectory(keg);
    assertThat(environment.memory("usage", root)).isPresent();

    Files.setOwner(
        keg, files.getUserPrincipalLookupService().lookupPrincipalByName("somebody else"));
    assertThat(environment.memory("usage", root)).isEmpty();

    Files.delete(keg);
    Files.createSymbolicLink(keg, Files.createDirectory(files.getPath("/elsewhere")));
    assertThat(environment.memory("usage", root)).isEmpty();
  }

  private static Environment environment(Map<String, String> variables) {
    return environment(variables, Configuration.unix());
  }

  private static Environment environment(Map<String, String> variables, Configuration files) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Environment(
        variables,
        Jimfs.newFileSystem(files),
        Clock.systemUTC(),
        new SplittableRandom(1),
        new Streams(new ByteArrayInputStream(new byte[0]), nowhere, nowhere),
        () -> Platforms.on(""));
  }
}
