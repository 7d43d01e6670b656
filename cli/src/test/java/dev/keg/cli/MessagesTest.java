package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages quote a command that is part of a sentence: <code>`keg ls` lists them</code>. */
class MessagesTest {
  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private static final Pattern COMMAND =
      Pattern.compile(
          "(?<![`'/\\w.-])keg (?:%s)\\b"
              .formatted(
                  CommandGroup.ALL.stream()
                      .flatMap(group -> group.commands().stream())
                      .flatMap(command -> command.names().stream())
                      .collect(Collectors.joining("|"))));

  /** To the end of the text: an action, flags, and words that stand for others. */
  private static final Pattern ARGUMENTS =
      Pattern.compile(
          "(?: [a-z]+)?(?: (?:(?:[a-z.]+=)?'?%(?:1\\$)?s'?|--?[a-z-]+|[A-Z]+|…|default))* ?");

  /** A command alone, or at the end after a colon, needs no quotes. */
  private static boolean isBareInSentence(String text) {
    Matcher command = COMMAND.matcher(text);
    while (command.find()) {
      String before = text.substring(0, command.start()).strip();
      if (!(before.isEmpty() || before.endsWith(":"))
          || !ARGUMENTS.matcher(text.substring(command.end())).matches()) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keg ls shows it",
        "keg move %s --pool %s continues",
        "run keg tune outside",
        "; keg prune --dry-run what is unused",
        "keg repo trust %s, or name it"
      })
  void a_bare_command_in_a_sentence_is_found(String text) {
    assertThat(isBareInSentence(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keg rm ",
        "`keg ls` shows it",
        "create it first: keg create -d %s -o … %s",
        "bring its volumes back first: keg move VOLUME --pool default",
        "in a keg of beer"
      })
  void a_quoted_command_or_one_alone_is_not(String text) {
    assertThat(isBareInSentence(text)).isFalse();
  }

  @Test
  void no_message_has_a_bare_command_in_a_sentence() throws IOException {
    Map<String, Path> found = new TreeMap<>();
    int quoted = 0;
    for (Path file : SourceSizeTest.sources()) {
      for (String line : Files.readAllLines(file)) {
        Matcher text = TEXT.matcher(line.strip().startsWith("*") ? "" : line);
        while (text.find()) {
          quoted += text.group(1).contains("`keg ") ? 1 : 0;
          if (isBareInSentence(text.group(1)) && !isSynopsis(file, text.group(1))) {
            found.put(text.group(1), file);
          }
        }
      }
    }
    assertThat(found).isEmpty();
    assertThat(quoted).isGreaterThan(50);
  }

  private static boolean isSynopsis(Path file, String text) {
    return file.endsWith(Path.of("command", file.getFileName().toString()))
        && text.startsWith("keg ");
  }
}
