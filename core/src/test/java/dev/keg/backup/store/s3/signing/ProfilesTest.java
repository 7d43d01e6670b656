package dev.keg.backup.store.s3.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

public class ProfilesTest {
  @Test
  void both_files_make_one_profile_and_the_keys_file_holds() {
    Profiles profiles =
        Profiles.parse(
            """
            # keys
            [default]
            aws_access_key_id = AKID
            aws_secret_access_key=se=cr#et ; a comment
            [dev]
            aws_access_key_id = DEV
            [profile odd]
            region = nowhere
            """,
            """
            [default]
            region = eu-central-1
            aws_access_key_id = OLD
            s3 =
              addressing_style = path
              region = not-this
            [profile dev]
            credential_process = "/opt/my tool" --json
            [dev]
            region = not-that
            [services x]
            region = never
            """);

    assertThat(profiles.find("default"))
        .contains(
            Map.of(
                "region", "eu-central-1",
                "aws_access_key_id", "AKID",
                "aws_secret_access_key", "se=cr#et",
                "s3", ""));
    assertThat(profiles.find("dev"))
        .contains(
            Map.of("aws_access_key_id", "DEV", "credential_process", "\"/opt/my tool\" --json"));
    assertThat(profiles.find("services x")).isEmpty();
  }

  @Test
  void lines_that_say_nothing_are_skipped() {
    assertThat(Profiles.parse("key before any section = 1\n\n;\n[x\n[]\n=\nnothing\n", "").byName())
        .containsOnlyKeys("");
  }

  static Stream<Arguments> commands() {
    return Stream.of(
        Arguments.of("", List.of()),
        Arguments.of("  aws  sso ", List.of("aws", "sso")),
        Arguments.of("\"/opt/my tool\" --json", List.of("/opt/my tool", "--json")),
        Arguments.of("a 'b \"c\\' d\"'\"e", List.of("a", "b \"c\\", "d'e")),
        Arguments.of("a\\ b \"c\\\"d\"", List.of("a b", "c\"d")),
        Arguments.of("a '' \"\"", List.of("a", "", "")),
        Arguments.of("$HOME `x` | y", List.of("$HOME", "`x`", "|", "y")));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void a_command_is_split_into_words(String text, List<String> words) {
    assertThat(CommandLine.split(text)).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'", "a \"b", "'a' 'b"})
  void a_command_with_an_open_quote_is_refused(String text) {
    assertThatThrownBy(() -> CommandLine.split(text)).hasMessage("a quote is not closed");
  }
}
