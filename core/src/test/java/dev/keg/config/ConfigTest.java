package dev.keg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.config.Config.Scope;
import dev.keg.config.Config.Setting;
import dev.keg.error.InvalidInput;
import dev.keg.error.InvalidInput.InvalidConfig;
import dev.keg.file.DirectorySync;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path user = files.getPath("/home/anna/.config/keg/config.json");
  private final Path machine = files.getPath("/keg/config.json");

  private Config config(Map<String, String> variables) {
    return new Config(variables, Optional.of(user), () -> machine);
  }

  private static void write(Path file, String members) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"schema\":1," + members + "}");
  }

  @Test
  void a_variable_goes_before_the_user_and_the_user_before_the_machine() throws IOException {
    write(user, "\"repository\":\"/user\",\"level\":\"9\"");
    write(machine, "\"repository\":\"/machine\",\"level\":\"5\",\"keep\":\"last=3\"");
    Map<String, String> variables = Map.of("KEG_REPOSITORY", "/variable", "KEG_HOST", " ");

    assertThat(config(variables).find(ConfigKey.REPOSITORY))
        .contains(new Setting("/variable", Scope.ENVIRONMENT, "$KEG_REPOSITORY"));
    assertThat(config(Map.of()).find(ConfigKey.REPOSITORY))
        .contains(new Setting("/user", Scope.USER, user.toString()));
    assertThat(config(variables).level()).hasValue(9);
    assertThat(config(variables).value(ConfigKey.KEEP)).contains("last=3");
    assertThat(config(variables).value(ConfigKey.HOST)).isEmpty();
  }

  @Test
  void a_colour_is_looked_up_like_the_rest_and_a_wrong_variable_is_named() throws IOException {
    write(user, "\"colour\":\"never\"");

    assertThat(config(Map.of()).colour()).isEqualTo(ColourUse.NEVER);
    assertThat(config(Map.of("KEG_COLOUR", "always")).colour()).isEqualTo(ColourUse.ALWAYS);
    assertThatThrownBy(() -> config(Map.of("KEG_COLOUR", "on")).colour())
        .isInstanceOf(InvalidConfig.class)
        .hasMessage("$KEG_COLOUR: 'on' is not auto, always or never");
    assertThat(config(Map.of("KEG_COLOUR", "on")).colourMistake())
        .contains("$KEG_COLOUR: 'on' is not auto, always or never");
    assertThat(config(Map.of("KEG_COLOUR", "always")).colourMistake()).isEmpty();
    assertThat(config(Map.of()).colourMistake()).isEmpty();
  }

  @Test
  void a_link_that_leads_nowhere_is_not_taken_for_no_file() throws IOException {
    Files.createDirectories(user.getParent());
    Files.createSymbolicLink(user, files.getPath("/gone/config.json"));

    assertThatThrownBy(() -> config(Map.of()).level())
        .isInstanceOf(InvalidConfig.class)
        .hasMessage(user + " leads to /gone/config.json, which is missing");
    assertThatThrownBy(
            () ->
                new ConfigChange(ConfigKey.LEVEL, Optional.of("3"))
                    .ofUser(Optional.of(user), DirectorySync.NONE))
        .isInstanceOf(InvalidConfig.class);
    assertThat(user).isSymbolicLink();
  }

  @Test
  void the_root_is_looked_up_before_it_is_known() throws IOException {
    write(user, "\"root\":\"/srv/keg\"");
    Config config =
        new Config(
            Map.of(),
            Optional.of(user),
            () -> {
              throw new AssertionError("the root is not known yet");
            });

    assertThat(config.value(ConfigKey.ROOT)).contains("/srv/keg");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"repositry\":\"/a\"   | unknown field \"repositry\"",
        "\"level\":\"20\"       | level: '20' is not a number from 1 to 19",
        "\"colour\":\"red\"     | colour: 'red' is not auto, always or never",
        "\"level\":9            | field \"level\" has an unexpected value",
        "\"repository\":\"a\"   | repository: 'a' is not an absolute path",
        "\"keep\":\"dayly=1\"   | keep: invalid retention: 'dayly=1'",
        "\"key-file\":\"\"      | key-file: the value is empty",
      })
  void a_file_with_a_mistake_is_refused(String members, String why) throws IOException {
    write(user, members);

    assertThatThrownBy(() -> config(Map.of()).find(ConfigKey.ROOT))
        .isInstanceOf(InvalidConfig.class)
        .hasMessage(user + ": " + why);
  }

  @Test
  void a_file_in_the_root_does_not_say_where_the_root_is() throws IOException {
    write(machine, "\"root\":\"/elsewhere\"");

    assertThatThrownBy(() -> config(Map.of()).find(ConfigKey.DRIVER))
        .hasMessage("/keg/config.json: root: a file in the root cannot say where the root" + " is");
  }

  @Test
  void a_change_keeps_what_else_the_file_says_and_follows_a_link() throws IOException {
    Path kept = files.getPath("/home/anna/dotfiles/keg.json");
    write(kept, "\"keep\":\"last=3\"");
    Files.writeString(files.getPath("/home/anna/dotfiles/keg.json.new"), "of a killed change");
    Files.createDirectories(user.getParent());
    Files.createSymbolicLink(user, kept);

    change(ConfigKey.LEVEL, "7");
    new ConfigChange(ConfigKey.KEEP, Optional.empty())
        .ofUser(Optional.of(user), DirectorySync.NONE);

    assertThat(Files.readString(kept)).isEqualTo("{\n  \"schema\": 1,\n  \"level\": \"7\"\n}\n");
    assertThat(Files.isSymbolicLink(user)).isTrue();
    try (var left = Files.list(kept.getParent())) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("keg.json", "keg.json.lock");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s4://bucket", "backups", ""})
  void a_value_that_no_command_could_use_changes_nothing(String repository) throws IOException {
    write(user, "\"level\":\"7\"");

    assertThatThrownBy(() -> change(ConfigKey.REPOSITORY, repository))
        .isInstanceOf(InvalidInput.class);

    assertThat(Files.readString(user)).isEqualTo("{\"schema\":1,\"level\":\"7\"}");
  }

  private void change(ConfigKey key, String value) {
    new ConfigChange(key, Optional.of(value)).ofUser(Optional.of(user), DirectorySync.NONE);
  }
}
