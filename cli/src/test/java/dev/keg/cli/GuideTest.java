package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.keg.cli.help.Guide;
import dev.keg.cli.help.Topic;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

class GuideTest {
  private static List<String> commands() {
    return ShellCommands.model().getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .map(CommandLine::getCommandName)
        .distinct()
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> each_command_has_two_to_four_examples_that_can_be_read() {
    return commands().stream()
        .map(
            command ->
                dynamicTest(
                    command,
                    () -> {
                      Guide guide = Guide.to(command);
                      assertThat(guide.examples()).hasSizeBetween(2, 4);
                      for (Guide.Example example : guide.examples()) {
                        assertThat(example.line()).startsWith("keg " + command);
                        assertThat(example.meaning()).isNotBlank();
                        ShellCommands.check(example.line());
                      }
                      assertThat(PagesTest.DOCS.resolve(guide.page() + ".md"))
                          .content()
                          .contains("keg " + command);
                      assertThat(guide.topics()).allMatch(topic -> Topic.of(topic).isPresent());
                    }));
  }

  @Test
  void each_command_is_in_a_group_of_the_help() {
    assertThat(Commands.groups().values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(commands());
  }

  @Test
  void topics_fit_a_terminal() {
    for (Topic topic : Topic.values()) {
      assertThat(topic.text().lines()).allMatch(line -> line.length() <= 80);
    }
  }

  @Test
  void the_topic_of_filters_has_each_key_and_each_status() {
    String topic = Topic.FILTERS.text();
    List<String> keys =
        Stream.concat(VolumeFilter.LIST_KEYS.stream(), VolumeFilter.PRUNE_KEYS.stream()).toList();
    assertThat(keys).allSatisfy(key -> assertThat(topic).containsPattern("\\b" + key + "="));
    assertThat(VolumeStatus.values())
        .allSatisfy(status -> assertThat(topic).contains(" " + status.text()));
  }

  /** All hints in the transcripts. */
  @Test
  void a_hint_names_commands_and_flags_that_exist() throws IOException {
    CommandLine keg = ShellCommands.model();
    Set<String> flags =
        Stream.concat(Stream.of(keg), keg.getSubcommands().values().stream())
            .flatMap(command -> command.getCommandSpec().optionsMap().keySet().stream())
            .collect(Collectors.toSet());
    List<String> hints = new ArrayList<>();
    for (String folder : List.of("transcripts", "mounting")) {
      try (Stream<Path> files = Files.list(Path.of("src/test", folder))) {
        for (Path file : files.toList()) {
          Files.readAllLines(file).stream()
              .filter(l -> l.startsWith("! Hint: "))
              .forEach(hints::add);
        }
      }
    }
    assertThat(hints).hasSizeGreaterThan(50);
    for (String hint : hints) {
      words("\\bkeg ([a-z]+)", hint)
          .forEach(word -> assertThat(keg.getSubcommands()).containsKey(word));
      words("(?<= )(--[a-z-]+[a-z])\\b", hint)
          .filter(flag -> !flag.equals("--keep"))
          .forEach(flag -> assertThat(flags).as(hint).contains(flag));
    }
  }

  private static Stream<String> words(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1));
  }
}
